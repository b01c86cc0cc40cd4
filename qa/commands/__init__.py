"""The commands of ``kutip``: what each takes, and what it says."""

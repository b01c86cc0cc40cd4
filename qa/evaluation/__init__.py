"""How good the hits and answers are: question sets, metrics, reports."""

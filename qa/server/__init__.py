"""What stands around the chat when it is served: who may enter, limits, programs, the start.

Knows HTTP and Gradio's paths; knows nothing of retrieval or of how answers are drawn.
"""

import os

# Gradio asks two hosts for news at launch unless told not to, and its Hub
# client sends usage figures; both read these once, on import.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# After every event Gradio makes a table of the last 10,000 for a page of figures that is off.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
# Around every event Gradio asks matplotlib, if it is there, for its backend; it looks for a screen.
os.environ.setdefault("MPLBACKEND", "agg")

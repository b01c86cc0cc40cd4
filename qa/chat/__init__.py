"""What the chat in the browser shows: words, excerpts, HTML. ``app`` wires it to Gradio."""

from pathlib import Path

STYLE = Path(__file__).with_name("page.css")
MEASURE_STYLE = Path(__file__).with_name("measuring.css")
SCRIPT = Path(__file__).with_name("page.js")
SWITCHES = Path(__file__).with_name("switches.js")

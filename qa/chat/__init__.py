"""The chat in the browser: its tabs (``*_tab.py``), what they show, and their scripts and style."""

import json
from pathlib import Path

import qa.server  # noqa: F401  (before Gradio, which reads on import what is set there)
from qa.chat.wording import FOR_SCRIPTS, TEXTS

_HERE = Path(__file__).parent
STYLE = _HERE / "page.css"
MEASURE_STYLE = _HERE / "measuring.css"
SWITCHES = _HERE / "switches.js"
TALKS = _HERE / "talks.js"
DOCUMENTS = _HERE / "documents.js"
PEOPLE = _HERE / "people.js"
TABLE = _HERE / "table.js"
UPLOAD = _HERE / "upload.js"


def head() -> str:
    """The scripts of the page; they run before Gradio's own."""
    words = {name: {key: texts[key] for key in FOR_SCRIPTS} for name, texts in TEXTS.items()}
    said = json.dumps(words, ensure_ascii=True).replace("<", "\\u003c")
    scripts = [f"window.kutipWords = {said};"]
    for name in ("language.js", "mending.js", "page.js", "table.js"):
        scripts.append((_HERE / name).read_text("utf-8"))
    return "".join(f"<script>{script}</script>" for script in scripts)

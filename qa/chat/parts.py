"""What the parts of the page share: the words that the browser translates, and kinds of events."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.chat.wording import TEXTS

LABELS = gr.I18n(**TEXTS)
PRIVATE: dict[str, Any] = {"api_visibility": "private"}  # no program can call it
QUIET: dict[str, Any] = {"show_progress": "hidden", **PRIVATE}

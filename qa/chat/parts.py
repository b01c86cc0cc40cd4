"""What the parts of the page share: the words that the browser translates, and kinds of events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr

from qa.chat.wording import TEXTS

LABELS = gr.I18n(**TEXTS)
PRIVATE: dict[str, Any] = {"api_visibility": "private"}  # no program can call it
QUIET: dict[str, Any] = {"show_progress": "hidden", **PRIVATE}
# For a click that says what it is about. Of what comes while its event is still at work, Gradio
# forgets all ("once") or does again what the first click said ("always_last").
EACH: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}


def as_text(rows: Sequence[Sequence[object]]) -> str:
    """The rows of a table (table.js) as JSON in one piece.

    Gradio's script clones the value of every component at each step of every answer: of
    thousands of rows that takes a tenth of a second each time, of one text no time.
    """
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def in_order(name: str) -> dict[str, Any]:
    """For events that draw the same parts of the page: each is heard, and answered in turn.

    With an order each, the reply to an earlier one could be drawn over that to a later one.
    """
    return {"concurrency_id": name, "concurrency_limit": 1, **EACH}


def remember(key: str, value: str | None = None) -> str:
    """A script for an event: *value*, or the one that it is given, goes into the address."""
    return f"given => window.kutipRemember({json.dumps(key)}, {json.dumps(value)} ?? given)"

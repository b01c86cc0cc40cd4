"""Streamed outputs that arrive as they were sent, however busy the browser is."""

from __future__ import annotations

from typing import Any

import gradio as gr


class Page(gr.Blocks):
    """Gradio's page, whose browser is not told to change what it has yet to show.

    Gradio sends of each step what differs from the one before, and its script applies that to
    the step before, in place. Where that one still waits to be shown (steps can come before
    the reply that says to which event they belong) it shows something else by then: of "the
    box is empty now" and "nothing new" only the latter, and the question stays in its box. So
    an update, which may say something else each time, goes out whole. Lists are messages of
    the chat, each step with all that stays: what differs will do, for the last one is right.
    """

    def handle_streaming_diffs(
        self,
        block_fn: Any,
        data: list[Any],
        session_hash: str | None,
        run: str | None,
        final: bool,
        simple_format: bool = False,
    ) -> list[Any]:
        """As Gradio's: *data* as it is sent, a list of edits for each but the first step."""
        whole = list(data)
        sent: list[Any] = super().handle_streaming_diffs(
            block_fn, data, session_hash, run, final, simple_format
        )
        if final:
            return sent
        return [
            [["replace", [], new]] if edits not in ([], new) and isinstance(new, dict) else edits
            for edits, new in zip(sent, whole, strict=True)
        ]

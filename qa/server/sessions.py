"""What is kept of an open page between two events, and for how long.

Gradio's own holder grows with every event, and of a page that was closed it lets
go of the state alone. The one here takes its place (``kept``).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from gradio.blocks import Block
from gradio.state_holder import SessionState, StateHolder

# A page whose connection was cut for a moment goes on where it was.
CLOSED = timedelta(hours=1)

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


class Session(SessionState):
    """One open page.

    An update of a component, and ``gr.skip()`` is one, puts a new component in its
    place, to which Gradio gives a new number. The next plain value is then kept
    under that number, beside all earlier ones. Here a component keeps its number.

    Gradio also keeps what every component shows, for links to a page as it looks at
    the moment ("deep links"). There are none to this page, so nothing is kept for
    them; it would take 150 kB a page, 12 ms for each call of the API, and everything
    shown a second time.
    """

    def __init__(self, blocks: Any) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks=()))  # type: ignore[arg-type]

    def __setitem__(self, key: int, value: Any) -> None:
        if isinstance(value, Block):
            value._id = key
        super().__setitem__(key, value)

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


class Sessions(StateHolder):
    """The open pages, and those that were closed less than ``CLOSED`` ago."""

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)

    def drop(self, session_id: str) -> None:
        """Keep nothing of this session."""
        self.session_data.pop(session_id, None)
        self.time_last_used.pop(session_id, None)

    def delete_all_expired_state(self) -> None:
        """Called by Gradio every second."""
        super().delete_all_expired_state()  # type: ignore[no-untyped-call]
        now, queue = datetime.now(), self.blocks._queue
        messages, asked = queue.pending_messages_per_session, queue.pending_event_ids_session
        for name, session in list(self.session_data.items()):
            if session.is_closed and now - self.time_last_used.get(name, now) > CLOSED:
                self.drop(name)
                messages.pop(name, None)
        for name, waiting in list(asked.items()):
            # Of a call whose answer was fetched, or of one that can no longer be fetched.
            if name not in messages or (not waiting and name not in self.session_data):
                messages.pop(name, None)
                del asked[name]


def kept(further: Lifespan | None = None) -> Lifespan:
    """Put a ``Sessions`` in place before the first request; *further*: what else runs meanwhile."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        app.state_holder = Sessions()  # type: ignore[no-untyped-call]
        app.state_holder.set_blocks(app.get_blocks())
        if further is None:
            yield
        else:
            async with further(app) as state:
                yield state

    return lifespan

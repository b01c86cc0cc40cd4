"""The chat in the browser: the page, made of the tabs in ``qa.chat``, and its server.

Owns what lies over all tabs, in which order they hear of another corpus, and how
Gradio is started. What a tab shows and answers is its own affair.
"""

from __future__ import annotations

import inspect
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.chat import MEASURE_STYLE, STYLE, SWITCHES, head, visitor
from qa.errors import KutipError
from qa.server import access
from qa.server.endpoints import Endpoints
from qa.server.limits import MAX_TABS, MAX_WAITING, QUESTIONS
from qa.server.spoken import Spoken
from qa.server.warming import limit_threads, warm_up

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus
    from qa.server.passwords import Users


@contextmanager
def _lighter() -> Iterator[None]:
    """Import Gradio without what this page does not need, half of the start-up time.

    Gradio rewrites .pyi files for its own developers, on every start, for 81
    classes; it skips a class whose source file cannot be found. And it imports
    the MCP SDK where there is one; ``qa.server.mcp`` does, when it is asked to.
    """
    known = "mcp" in sys.modules
    if not known:
        sys.modules["mcp"] = None  # type: ignore[assignment]
    getfile = inspect.getfile

    def hidden(thing: Any) -> str:
        if sys._getframe(1).f_globals.get("__name__") == "gradio.component_meta":
            raise OSError
        return getfile(thing)

    inspect.getfile = hidden  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = getfile
        if not known:
            del sys.modules["mcp"]


with _lighter():
    import gradio as gr
    from starlette.middleware import Middleware

    from qa.chat.ask_tab import AskTab
    from qa.chat.asking import generated
    from qa.chat.corpora import Corpora
    from qa.chat.documents_tab import DocumentsTab
    from qa.chat.library import MAX_ARCHIVE
    from qa.chat.measure_tab import MeasureTab
    from qa.chat.parts import EACH, LABELS, QUIET, remember
    from qa.chat.said_tab import SaidTab
    from qa.server import sessions
    from qa.server.api import MISNAMED, publish
    from qa.server.streams import Page


def build(corpora: Corpora, endpoint: Endpoint | None = None) -> gr.Blocks:
    """The page over *corpora*; ``serve`` starts it."""
    page: gr.Blocks = Page(title="Kutip", fill_width=True, delete_cache=(3600, 3600))
    page.queue(max_size=MAX_WAITING)
    with page:
        # Being there from the start, it hears the chips in the chat too.
        with gr.Row(elem_id="top"):
            header = gr.HTML(elem_id="header", js_on_load=SWITCHES.read_text("utf-8"))
            switcher = gr.Dropdown(
                label=LABELS("corpus"),
                show_label=False,
                container=False,
                visible=False,
                scale=0,
                min_width=220,
                elem_id="corpus",
            )
        with gr.Tabs() as tabs:
            ask = AskTab(corpora, header, endpoint)
            said = SaidTab(corpora)
            documents = DocumentsTab(corpora, ask.only)
            measure = MeasureTab(corpora.here)

        ask.wire(QUESTIONS)
        said.wire()
        for changed in documents.wire():
            ask.changed(changed)
        measure.wire(page)
        _keep(page, tabs)
        # A page is filled when it is known which corpus it looks at.
        opened = page.load(corpora.enter, None, switcher, **QUIET)
        turned = switcher.input(
            corpora.turn, switcher, switcher, **EACH | {"show_progress": "minimal"}
        ).then(None, switcher, None, js=remember("corpus"), **QUIET)
        for tab in (ask, documents, said):
            turned = tab.turned(turned)
        ask.opened(opened)
        ask.changed(turned)
        for entered in (opened, turned):
            documents.entered(entered)
        page.unload(corpora.end)
        publish(page, _endpoints(corpora, endpoint), QUESTIONS)
    return page


def _keep(page: gr.Blocks, tabs: gr.Tabs) -> None:
    """Let the address name the tab (``?tab=…``): loaded again, the page opens at it."""
    own = [child for child in tabs.children if isinstance(child, gr.Tab)]
    names = [tab.id for tab in own]

    def opened(named: object) -> Any:
        return gr.Tabs(selected=named) if named in names else gr.skip()

    for tab in own:
        name = str(tab.id) if tab is not own[0] else None
        tab.select(None, None, None, js=remember("tab", name), **QUIET)
    # Gradio selects the first before it loads, so what the address said has been noted before.
    noted = gr.JSON(visible=False)
    page.load(opened, noted, tabs, js="() => window.kutipTab", **QUIET)


def _endpoints(corpora: Corpora, endpoint: Endpoint | None) -> Endpoints:
    return Endpoints(corpora, lambda answer, corpus: generated(answer, corpus, endpoint))


def serve(
    corpus: Corpus,
    also: Sequence[Path] = (),
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
    users: Users | None = None,
    anyone: bool = False,
    mcp: bool = False,
) -> None:
    """Show the chat on ``http://host:port`` until interrupted. Nothing is shared or fetched.

    *also*: folders of other corpora that a visit can turn to; see ``qa.chat.corpora``.
    The other options are those of ``start``.
    """
    with closing(Corpora(corpus, also)) as corpora:
        page = start(
            corpora,
            host=host,
            port=port,
            open_browser=open_browser,
            endpoint=endpoint,
            users=users,
            anyone=anyone,
            mcp=mcp,
        )
        print(f"Kutip: {page.local_url} (Ctrl+C stops it)", flush=True)
        page.block_thread()


def start(
    corpus: Corpus | Corpora,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
    users: Users | None = None,
    anyone: bool = False,
    mcp: bool = False,
) -> gr.Blocks:
    """Start the page in the background; ``close()`` on what is returned stops it.

    *endpoint*: a language model to ask about every answer; see
    ``qa.answering.generation``. *users*: who may enter; without them everybody on
    this machine may, and on others only if *anyone* says so. *mcp*: serve tools
    for assistants too. Raises ``KutipError`` where *port* is taken, or *host* open
    to others by oversight.
    """
    access.check(host, users, anyone=anyone)
    try:
        # Gradio would say this too, but leave a trail of half-opened things.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise KutipError(f"{host}:{port}: cannot listen there; choose another port") from error
    corpora = corpus if isinstance(corpus, Corpora) else Corpora(corpus)
    page = build(corpora, endpoint)
    guards, named = access.guards(users, anyone=anyone, waiting=lambda: len(page._queue))
    keyed = Middleware(visitor.Keys)
    served: dict[str, Any] = {
        "middleware": [Middleware(LocalOnly), *guards, keyed, Middleware(Spoken)]
    }
    if mcp:
        from qa.server.mcp import mounted

        served |= mounted(_endpoints(corpora, endpoint))
    served["exception_handlers"] = MISNAMED
    served["lifespan"] = sessions.kept(served.get("lifespan"))
    limit_threads()
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        share=False,
        ssr_mode=False,  # would start a Node server where there is one
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        quiet=True,
        show_error=False,
        max_file_size=MAX_ARCHIVE,
        state_session_capacity=MAX_TABS,
        footer_links=["api", "settings"],
        prevent_thread_lock=True,
        theme=_theme(),
        css_paths=[STYLE, MEASURE_STYLE],
        head=head(),
        i18n=LABELS,
        app_kwargs=served,
        auth_dependency=named,
    )
    warm_up(corpora.named())
    return page


class LocalOnly:
    """Tells the browser to load from and send to this server alone.

    A second wall behind ``escape``: Gradio's page needs inline scripts, but
    nothing on it may reach another host.
    """

    POLICY = (
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        b"base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    )
    HEADERS = (
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.HEADERS]
            await send(message)

        await self.app(scope, receive, guarded)


def _theme() -> gr.themes.Base:
    """Gradio's default look in the fonts the system has."""
    theme = gr.themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "Liberation Mono", "monospace"],
    )
    # Gradio's grey on white is too pale for small text, as is white on its buttons, and so are
    # the edges of boxes to tick and to fill (WCAG AA asks for 4.5 to 1, and 3 to 1 for edges).
    return theme.set(
        checkbox_border_color="*neutral_500",
        checkbox_border_color_dark="*neutral_400",
        input_border_color="*neutral_500",
        input_border_color_dark="*neutral_500",
        color_accent="*primary_700",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_400",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_hover_dark="*primary_800",
        input_placeholder_color_dark="*neutral_400",
        input_placeholder_color="*neutral_500",
        button_cancel_background_fill="#b91c1c",
        button_cancel_background_fill_dark="#b91c1c",
        button_cancel_background_fill_hover="#991b1b",
        button_cancel_background_fill_hover_dark="#991b1b",
        button_cancel_text_color="white",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_300",
    )


if __name__ == "__main__":
    from qa.cli import main

    sys.exit(main(["serve", *sys.argv[1:]]))

"""The tab of who said what: a table of speakers, and their statements in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.chat import PEOPLE
from qa.chat.drawing import explain, plain
from qa.chat.language import language_of
from qa.chat.parts import LABELS, PRIVATE, QUIET, as_text, in_order
from qa.chat.timeline import Wanted, timeline
from qa.chat.wording import say

if TYPE_CHECKING:
    from datetime import date

    from gradio.events import Dependency

    from qa.answering.speakers import Speaker
    from qa.chat.corpora import Corpora
    from qa.corpus import Corpus

STATEMENTS = 25  # shown at once, and each time more are asked for


class Voices:
    """Answers the events of the tab over one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def show(self, there: str, request: gr.Request) -> tuple[Any, ...]:
        """What ``people`` gives, and what is said where nobody speaks, before any is chosen.

        *there*: of which state of the corpus the page has them already.
        """
        table, outlets, now = self.people(request, there)
        said = gr.skip()
        if not self.corpus.speakers():
            said = self._hint(language_of(request.headers))
        return table, outlets, now, said

    def _hint(self, language: str) -> str:
        """In the place of statements, how to come by some."""
        key = "said_empty" if self.corpus.speakers() else "said_nobody"
        if not self.corpus.coverage().documents:
            key = "no_documents"
        return f'<p class="kutip-empty">{say(language, key)}</p>'

    def people(self, request: gr.Request, there: str = "") -> tuple[Any, Any, str]:
        """The table of speakers, the outlets there are, and of which state of the corpus they are.

        *there*: the state that the page has them of; they are not sent twice.
        """
        language, now = language_of(request.headers), self.corpus.edition().generation
        if now == there:
            return gr.skip(), gr.skip(), now
        columns = ("speaker", "statements", "role", "dates", "forms")
        rows = [
            [
                speaker.name,
                plain(speaker.name),
                len(speaker.statements),
                plain(", ".join(filter(None, (speaker.role, speaker.affiliation)))),
                " –\n".join(day.isoformat() for day in dict.fromkeys(_dates(speaker))),
                plain("; ".join(form for form in speaker.forms if form != speaker.name)),
            ]
            for speaker in self.corpus.speakers()
        ]
        labels = {
            **{column: say(language, f"col_{column}") for column in columns},
            "caption": say(language, "people"),
            "none": "",
            "search": say(language, "people_search"),
            # These blanks are filled in the browser.
            "found": say(language, "people_found", n="{n}", total="{total}"),
        }
        outlets = [
            (say(language, "all_outlets"), ""),
            *((plain(o), o) for o in self.corpus.outlets()),
        ]
        shown = {"labels": labels, "rows": as_text(rows), "of": id(self.corpus)}
        table = gr.HTML(value=shown, visible=bool(rows))
        return table, gr.Dropdown(choices=outlets), now

    def unsay(self, request: gr.Request) -> tuple[Any, ...]:
        """Another corpus: (speaker, timeline, button for more, and what ``people`` gives)."""
        empty = self._hint(language_of(request.headers))
        table, outlets, now = self.people(request)
        outlets = gr.Dropdown(outlets.choices, value="")
        return "", empty, gr.Button(visible=False), table, outlets, now

    def choose(
        self,
        about: str,
        since: str,
        until: str,
        outlet: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """A click in the table: (speaker, chosen, timeline, button for more, how many shown)."""
        name = str(event._data)
        shown = self.look(name, about, since, until, request, outlet, chosen=name)
        return name, name, *shown

    def look(
        self,
        speaker: str,
        about: str,
        since: str,
        until: str,
        request: gr.Request,
        outlet: str = "",
        chosen: str = "",
        most: int = 0,
    ) -> tuple[str, Any, int]:
        """Statements in time order: (timeline, button for more, how many are shown).

        *chosen*: the name that was chosen in the table last.
        """
        language, most = language_of(request.headers), most or STATEMENTS
        try:
            wanted = Wanted.read(speaker, about, since, until, language, outlet or "", chosen)
            html, left = timeline(self.corpus, wanted, language, most)
        except Exception as error:
            html, left = explain(error, language), 0
        return html, gr.Button(say(language, "more", n=left), visible=left > 0), most

    def more(
        self,
        speaker: str,
        about: str,
        since: str,
        until: str,
        outlet: str,
        chosen: str,
        most: int,
        request: gr.Request,
    ) -> tuple[str, Any, int]:
        """What ``look`` shows, and as many again."""
        return self.look(speaker, about, since, until, request, outlet, chosen, most + STATEMENTS)


def _dates(speaker: Speaker) -> list[date]:
    """The first and the last day on which *speaker* was quoted, as far as they are known."""
    return [day for day in (speaker.first, speaker.last) if day]


class SaidTab:
    """The tab; to be made where it is to stand."""

    def __init__(self, corpora: Corpora) -> None:
        self._voices = corpora.followed(Voices)
        with gr.Tab(LABELS("said"), id="said") as self._tab:
            with gr.Row(elem_id="wanted"):
                self._speaker = gr.Textbox(
                    label=LABELS("speaker"), placeholder=LABELS("speaker_hint"), min_width=180
                )
                self._topic = gr.Textbox(
                    label=LABELS("about_topic"),
                    placeholder=LABELS("topic_hint"),
                    scale=2,
                    min_width=260,
                )
                self._since, self._until = (
                    gr.Textbox(label=LABELS(end), placeholder=LABELS("date_hint"), min_width=150)
                    for end in ("since", "until")
                )
                self._outlet = gr.Dropdown(
                    choices=[("", "")], value="", label=LABELS("col_outlet"), min_width=150
                )
                self._show = gr.Button(LABELS("show"), variant="primary", scale=0, min_width=120)
            with gr.Row(elem_id="voices"):
                # Room for all columns of the table from 1,280 px on (page.css: and for no more).
                with gr.Column(scale=3, min_width=320):
                    self._people = gr.HTML(
                        html_template='<div class="kutip-list"></div>',
                        js_on_load=PEOPLE.read_text("utf-8"),
                        elem_id="people",
                    )
                with gr.Column(scale=2, min_width=320):
                    self._strip = gr.HTML(value=LABELS("said_empty"), elem_id="timeline")
                    self._more = gr.Button(visible=False, elem_id="more")
            self._shown, self._chosen = gr.State(STATEMENTS), gr.State("")
            self._there = gr.State("")  # of which state of the corpus the table is

    def wire(self) -> None:
        """Answer the events."""
        voices = self._voices
        filters = [self._topic, self._since, self._until, self._outlet]
        wanted = [self._speaker, *filters, self._chosen]
        found = [self._strip, self._more, self._shown]
        one_by_one = in_order("said")
        # On a phone the timeline stands below the table.
        bring: dict[str, Any] = {"js": "() => window.kutipBring('timeline')", **PRIVATE}
        self._tab.select(
            voices.show,
            self._there,
            [self._people, self._outlet, self._there, self._strip],
            **QUIET,
        )
        self._people.click(
            voices.choose, filters, [self._speaker, self._chosen, *found], **one_by_one
        ).then(None, **bring)
        typed = (self._speaker, self._topic, self._since, self._until)
        gr.on(
            [self._show.click, self._outlet.input, *(box.submit for box in typed)],
            voices.look,
            wanted,
            found,
            **one_by_one | {"show_progress": "minimal"},
        ).then(None, **bring)
        self._more.click(voices.more, [*wanted, self._shown], found, **one_by_one)

    def turned(self, event: Dependency) -> Dependency:
        """Begin anew after *event*, with which the page has turned to another corpus."""
        anew = [
            self._speaker,
            self._strip,
            self._more,
            self._people,
            self._outlet,
            self._there,
        ]
        begun: Dependency = event.then(self._voices.unsay, None, anew, **QUIET)
        return begun

"""The tab that measures: its layout, its handlers, and the user's saved questions.

Wires ``qa.evaluation`` to Gradio; what is drawn comes from ``measuring``, which is
imported when it is needed, as everything that computes figures is.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import threading
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.chat.drawing import escape, explain, notice
from qa.chat.language import language_of
from qa.chat.parts import EACH, LABELS, QUIET
from qa.chat.wording import say
from qa.errors import DatasetError, KutipError, MissingExtra
from qa.output import inert

if TYPE_CHECKING:
    from qa.corpus import Corpus
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.jobs import Job, Measurements
    from qa.evaluation.running import Run, Setting
    from qa.evaluation.saved import SavedQuestions

SAMPLES = Path(__file__).parents[2] / "seeds" / "questions"
SAMPLE, SAVED, UPLOAD = "sample", "saved", "upload"
LARGEST = 5  # MB of an uploaded list
PASSAGES_READ = (3, 10)  # offered beside the shipped number
LOOK = 0.3  # seconds between two looks at how far it is
CUT = 200  # characters of a text in the table


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a measurement: a page to show, and files to take away.

    *report* is None where it cannot be drawn, *table* where two ways are compared.
    """

    html: str
    figures: Path
    report: Path | None
    table: Path | None
    seconds: float


class MeasureTab:
    """The tab and its handlers; to be made where it is to stand.

    *corpus* gives the one that an event is about.
    """

    def __init__(self, corpus: Callable[[], Corpus]) -> None:
        self._corpus = corpus
        self._measurements: Measurements[Measured] | None = None
        self._lock = threading.Lock()
        # Gradio hands out files from here, not from the folder of the corpus.
        self._folder = Path(tempfile.mkdtemp(prefix="kutip-saved-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        with gr.Tab(LABELS("measure"), id="measure") as self._tab:
            self._key = gr.State("")
            with gr.Row(elem_id="measure-plan"):
                with gr.Column(min_width=320):
                    self._what = gr.Radio(label=LABELS("measure_what"), elem_id="measure-what")
                    self._list = gr.File(
                        label=LABELS("measure_list"),
                        file_types=[".csv", ".tsv", ".jsonl", ".json"],
                        height=120,
                        visible=False,
                        elem_id="measure-list",
                    )
                    self._help = gr.HTML(
                        value=LABELS("measure_list_help"), visible=False, elem_id="measure-help"
                    )
                with gr.Column(min_width=320):
                    with gr.Row():
                        self._way = gr.Dropdown(
                            label=LABELS("measure_way"),
                            info=LABELS("measure_way_help"),
                            allow_custom_value=True,
                            min_width=200,
                            elem_id="measure-way",
                        )
                        self._against = gr.Dropdown(
                            label=LABELS("measure_against"),
                            info=LABELS("measure_way_help"),
                            allow_custom_value=True,
                            min_width=200,
                            elem_id="measure-against",
                        )
                    with gr.Row():
                        self._start = gr.Button(
                            LABELS("measure_start"), variant="primary", elem_id="measure-start"
                        )
                        self._stop = gr.Button(
                            LABELS("measure_stop"),
                            interactive=False,
                            elem_id="measure-stop",
                        )
            self._status = gr.HTML(elem_id="measure-status")
            with gr.Row(elem_id="measure-files"):  # these labels too the browser translates
                self._report = gr.DownloadButton(
                    str(LABELS("measure_report")), visible=False, elem_id="measure-report"
                )
                self._every = gr.DownloadButton(
                    str(LABELS("measure_table")), visible=False, elem_id="measure-table"
                )
                self._figures = gr.DownloadButton(
                    str(LABELS("measure_json")), visible=False, elem_id="measure-json"
                )
            self._result = gr.HTML(value=LABELS("measure_empty"), elem_id="measured")
            with gr.Accordion(LABELS("saved_title"), open=False, elem_id="saved"):
                self._line = gr.HTML(elem_id="saved-line")
                self._table = gr.Dataframe(
                    label=LABELS("saved_title"),
                    interactive=False,
                    datatype="str",
                    max_height=420,
                    column_widths=["340px", "460px", "260px", "120px", "170px"],
                    show_label=False,
                    wrap=True,
                    elem_id="saved-table",
                    buttons=[],
                )
                self._picked = gr.HTML(elem_id="saved-picked")
                with gr.Row():
                    self._download = gr.DownloadButton(
                        str(LABELS("saved_download")),
                        visible=False,
                        min_width=160,
                        elem_id="saved-download",
                    )
                    self._remove = gr.Button(
                        LABELS("saved_remove"),
                        visible=False,
                        interactive=False,
                        min_width=160,
                        elem_id="saved-remove",
                    )
                    self._clear = gr.Button(
                        LABELS("saved_clear"),
                        visible=False,
                        min_width=160,
                        elem_id="saved-clear",
                    )
                with gr.Column(visible=False, elem_id="saved-sure") as self._sure:
                    self._really = gr.HTML()
                    with gr.Row():
                        self._no = gr.Button(LABELS("saved_keep"), elem_id="saved-no")
                        self._yes = gr.Button(
                            LABELS("saved_yes"), variant="primary", elem_id="saved-yes"
                        )

    def wire(self, page: gr.Blocks) -> None:
        """Answer the events; to be called where the tab does not hold it."""
        # Kept by the browser, so that a page that is loaded again finds its measurement;
        # within the tab it would only be there once that is opened.
        token = gr.BrowserState("", storage_key="kutip-measurement")
        many: Any = {"concurrency_limit": None, **QUIET}
        outcome = [
            token, self._start, self._stop, self._status, self._result, self._report,
            self._every, self._figures,
        ]  # fmt: skip
        listed = [
            self._line, self._table, self._picked, self._key, self._download, self._remove,
            self._clear, self._sure,
        ]  # fmt: skip
        page.load(self.fill, None, [self._what, self._way, self._against], **QUIET)
        page.load(self.resume, token, outcome, **many)
        self._tab.select(self.choices, None, self._what, **QUIET)
        self._tab.select(self.show, None, listed, **QUIET)
        self._what.change(_upload, self._what, [self._list, self._help], **QUIET)
        self._start.click(
            self.run, [self._what, self._list, self._way, self._against], outcome, **many
        )
        self._stop.click(self.cancel, token, self._status, **many)
        self._table.select(self.select, None, [self._key, self._picked, self._remove], **EACH)
        self._remove.click(self.remove, self._key, listed, **QUIET)
        self._clear.click(self.ask_to_clear, None, [self._sure, self._really], **QUIET)
        self._no.click(lambda: gr.Column(visible=False), None, self._sure, **QUIET)
        self._yes.click(self.clear, None, listed, **QUIET)

    # What to measure

    @property
    def _saved(self) -> SavedQuestions:
        from qa.evaluation.saved import SavedQuestions

        return SavedQuestions(Path(self._corpus().path))

    def fill(self, request: gr.Request) -> tuple[Any, Any, Any]:
        """The choices when the page opens: (questions, way, way to compare with)."""
        language = language_of(request.headers)
        ways = [(say(language, f"measure_{way}"), way) for way in ("hybrid", "dense", "lexical")]
        ways += [(say(language, "measure_k", k=k), f"k={k}") for k in PASSAGES_READ]
        none = (say(language, "measure_nothing"), "")
        return (
            gr.Radio(choices=self._questions(language), value=SAMPLE),
            gr.Dropdown(choices=ways, value="hybrid"),
            gr.Dropdown(choices=[none, *ways], value=""),
        )

    def choices(self, request: gr.Request) -> Any:
        """The sets of questions, as they are by now."""
        return gr.Radio(choices=self._questions(language_of(request.headers)))

    def _questions(self, language: str) -> list[tuple[str, str]]:
        with (SAMPLES / "queries.jsonl").open(encoding="utf-8") as lines:
            samples = sum(bool(line.strip()) for line in lines)
        try:
            saved: int | str = len(self._saved.all())
        except DatasetError:  # said where they are listed
            saved = "?"
        return [
            (say(language, "measure_samples", n=samples), SAMPLE),
            (say(language, "measure_saved", n=saved), SAVED),
            (say(language, "measure_upload"), UPLOAD),
        ]

    # Measuring

    async def run(
        self, what: str, uploaded: str | None, way: str, against: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Measure, and tell how far it is until it is done.

        Yields (token, start and stop buttons, status, result, report, table, figures).
        """
        language = language_of(request.headers)
        try:
            # What computes figures is imported then, which takes a while the first time.
            job = await asyncio.to_thread(self._begin, what, uploaded, way, against, language)
        except Exception as error:
            yield (*[gr.skip()] * 3, explain(error, language), *[gr.skip()] * 4)
            return
        async for step in self._follow(job, language):
            yield step

    async def resume(self, token: str, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """What ``run`` yields, from where the page that is loaded again was left."""
        job = self._job(token)
        if job is None:
            yield (gr.skip(),) * 8
            return
        async for step in self._follow(job, language_of(request.headers)):
            yield step

    def cancel(self, token: str, request: gr.Request) -> str:
        """Stop the measurement of this browser; what is said meanwhile."""
        language = language_of(request.headers)
        job = self._job(token)
        if job is None:
            return notice(say(language, "measure_gone"), language)
        job.cancel()
        return f'<p role="status">{say(language, "measure_stopping")}</p>'

    def _job(self, token: str) -> Job[Measured] | None:
        """The measurement of this browser, if it is still known."""
        return self._measurements.get(token) if token and self._measurements else None

    def _begin(
        self, what: str, uploaded: str | None, way: str, against: str, language: str
    ) -> Job[Measured]:
        """Start a measurement; raises ``KutipError`` in *language* where that cannot be."""
        from qa.chat import measuring  # noqa: F401 - here, not while the page is served
        from qa.evaluation.jobs import Measurements, Plan

        target, corpus = self._target(what, uploaded, language)
        plan = Plan(target, corpus, self._settings(way, against, language))
        with self._lock:
            self._measurements = self._measurements or Measurements()
        job = self._measurements.start(
            plan, lambda found, folder: _draw(found, folder, target, language)
        )
        if job is None:
            raise KutipError(_busy(self._measurements.running, language))
        return job

    async def _follow(self, job: Job[Measured], language: str) -> AsyncIterator[tuple[Any, ...]]:
        from qa.chat.measuring import progress_bar

        start, stop = gr.Button(interactive=False), gr.Button(interactive=True)
        hidden = gr.DownloadButton(visible=False)
        seen = job.progress
        yield job.token, start, stop, progress_bar(seen, language), "", *[hidden] * 3
        while not job.done:
            await asyncio.sleep(LOOK)
            if job.progress != seen and not job.stopping:
                seen = job.progress
                yield (*[gr.skip()] * 3, progress_bar(seen, language), *[gr.skip()] * 4)
        yield gr.skip(), *_over(job, language)

    def _target(self, what: str, uploaded: str | None, language: str) -> tuple[Path, Path | None]:
        """The questions, and the corpus they are about; None: they bring their own."""
        if what == SAMPLE:
            return SAMPLES, None
        if what == SAVED:
            path = self._saved.path
            if not path.exists():
                raise KutipError(say(language, "measure_no_saved"))
        else:
            if not uploaded:
                raise KutipError(say(language, "measure_no_list"))
            path = Path(uploaded)
            if path.stat().st_size > LARGEST * 2**20:
                raise KutipError(say(language, "measure_too_large", limit=LARGEST))
            with path.open("rb") as file:
                if file.read(2) == b"\x1f\x8b":  # may unpack to any size
                    raise KutipError(say(language, "measure_packed"))
        return path, Path(self._corpus().path)

    def _settings(self, way: str, against: str, language: str) -> tuple[Setting, ...]:
        from qa.evaluation.running import Setting

        settings = tuple(Setting.parse(one) for one in (way or "hybrid", against) if one)
        if any(setting.model for setting in settings):
            # It might be fetched from elsewhere, and this page never is to do that.
            raise KutipError(say(language, "measure_model"))
        if len(set(settings)) < len(settings):
            raise KutipError(say(language, "measure_same"))
        return settings

    # The saved questions

    def show(self, request: gr.Request) -> tuple[Any, ...]:
        """(line, table, picked, key, download, remove, clear, question whether to clear)."""
        return self._listed(language_of(request.headers))

    def _listed(self, language: str, said: str = "") -> tuple[Any, ...]:
        columns = ("question", "right", "source", "day")
        headers = [*(say(language, f"saved_{column}") for column in columns), "ID"]
        path, problem = self._saved.path, ""
        rows: list[list[str]] = []
        copy: Path | None = None
        try:
            found = self._saved.all()
        except DatasetError as error:
            found, problem = [], explain(_named(error, path), language)
        for one in found:
            right = one.text
            if one.answerable is None:
                right = say(language, "saved_open", wrong=one.wrong or "–")
            elif not one.answerable:
                right = say(language, "saved_unanswerable")
            rows.append([*map(_cell, (one.question, right, one.source, one.day)), one.key])
        unjudged = sum(one.answerable is None for one in found)
        line = problem or f"<p>{say(language, 'saved_none')}</p>"
        if found:
            some = say(language, "saved_some", n=len(found), open=unjudged, file=path.name)
            line = f"<p>{some}</p>"
        if path.exists():
            copy = self._folder / path.name
            shutil.copyfile(path, copy)
        pick = f"<p>{say(language, 'saved_pick')}</p>" if found else ""
        return (
            line,
            gr.Dataframe(value=rows, headers=headers, visible=bool(found)),
            said or pick,
            "",
            gr.DownloadButton(value=str(copy) if copy else None, visible=copy is not None),
            gr.Button(visible=bool(found), interactive=False),
            gr.Button(visible=copy is not None),
            gr.Column(visible=False),
        )

    def select(self, event: gr.SelectData, request: gr.Request) -> tuple[str, str, Any]:
        """A click in the table: (key, what was picked, remove button)."""
        row = event.row_value or [""]
        said = f"{say(language_of(request.headers), 'saved_picked')} <b>{escape(str(row[0]))}</b>"
        return str(row[-1]), f'<p class="kutip-picked">{said}</p>', gr.Button(interactive=True)

    def remove(self, key: str, request: gr.Request) -> tuple[Any, ...]:
        """Take the picked question out; what ``show`` gives."""
        language = language_of(request.headers)
        try:
            gone = self._saved.remove(key)
        except Exception as error:
            return self._listed(language, explain(_named(error, self._saved.path), language))
        said = say(language, "saved_not_there")
        if gone is not None:
            said = say(language, "saved_removed", question=escape(gone.question))
        return self._listed(language, f'<p class="kutip-picked" role="status">{said}</p>')

    def ask_to_clear(self, request: gr.Request) -> tuple[Any, str]:
        """(the question whether to clear, its words)."""
        try:
            count: int | str = len(self._saved.all())
        except DatasetError:
            count = "?"
        sure = say(language_of(request.headers), "saved_sure", n=count)
        return gr.Column(visible=True), f'<p class="kutip-sure" role="alert">{sure}</p>'

    def clear(self, request: gr.Request) -> tuple[Any, ...]:
        """Delete every saved question; what ``show`` gives."""
        language = language_of(request.headers)
        try:
            self._saved.clear()
        except Exception as error:
            return self._listed(language, explain(_named(error, self._saved.path), language))
        said = say(language, "saved_cleared")
        return self._listed(language, f'<p class="kutip-picked" role="status">{said}</p>')


def _busy(running: Job[Measured] | None, language: str) -> str:
    if running is None or not running.progress.total:
        return say(language, "measure_busy")
    progress = running.progress
    return say(language, "measure_busy_at", done=progress.done, total=progress.total)


def _upload(what: str) -> tuple[Any, Any]:
    return gr.File(visible=what == UPLOAD), gr.HTML(visible=what == UPLOAD)


def _cell(text: str) -> str:
    line = " ".join(inert(text).split())
    return line if len(line) <= CUT else line[: CUT - 1].rstrip() + "…"


def _over(job: Job[Measured], language: str) -> tuple[Any, ...]:
    """(start and stop buttons, status, result, report, table, figures) of one that is done."""
    from qa.evaluation.jobs import Cancelled

    start, stop = gr.Button(interactive=True), gr.Button(interactive=False)
    hidden = gr.DownloadButton(visible=False)
    found = job.result
    if found is None:
        error = job.error or Cancelled()
        if isinstance(error, Cancelled):
            status = f'<p role="status">{say(language, "measure_stopped")}</p>'
        else:
            status = explain(_named(error, job.plan.target), language)
        return start, stop, status, "", *[hidden] * 3
    seconds = f"{found.seconds:.0f}"
    return (
        start,
        stop,
        f'<p role="status">{say(language, "measure_done", seconds=seconds)}</p>',
        found.html,
        *(
            gr.DownloadButton(value=str(path), visible=True) if path else hidden
            for path in (found.report, found.table, found.figures)
        ),
    )


def _by_name(text: str, path: Path) -> str:
    """A list is known by its name to who has sent it, not by where it came to lie."""
    return text.replace(str(path), path.name)


def _named(error: Exception, path: Path) -> Exception:
    if not isinstance(error, KutipError):
        return error
    kind = DatasetError if isinstance(error, DatasetError) else KutipError
    return kind(_by_name(str(error), path))


def _draw(found: Run | Comparison, folder: Path, target: Path, language: str) -> Measured:
    """What is shown and handed out of the figures; in the thread of the measurement."""
    from qa.chat.measuring import comparison_view, run_view, write_page, write_table
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.plots import require_matplotlib
    from qa.output import comparison_json, run_json

    def named(run: Run) -> Run:
        return replace(run, problems=[_by_name(problem, target) for problem in run.problems])

    page, figures = folder / "kutip-report.html", folder / "kutip-figures.json"
    report: Path | None = page
    table: Path | None = None
    if isinstance(found, Comparison):
        found = replace(found, a=named(found.a), b=named(found.b))
        html, data = comparison_view(found, language), comparison_json(found)
        seconds = found.a.seconds + found.b.seconds
    else:
        found = named(found)
        html, data, seconds = run_view(found, language), run_json(found), found.seconds
        table = folder / "kutip-questions.csv"
        write_table(found, table, language)
    figures.write_text(json.dumps(data, ensure_ascii=False, indent=2), "utf-8")
    try:
        require_matplotlib()
        write_page(found, page, language)
    except MissingExtra:
        report = None
    return Measured(html, figures, report, table, seconds)

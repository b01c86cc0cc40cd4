"""Files on their way into a corpus: added in a thread of its own, watched, drawn, cancelled.

Owns what the user sees of it: each file with its stage, what failed and why. The
adding itself is ``Corpus.add``.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.adding import UNDER_WAY, Added, Stage, Step
from qa.chat.drawing import escape, explain
from qa.chat.problems import in_words
from qa.chat.wording import say
from qa.errors import Cancelled

if TYPE_CHECKING:
    from qa.corpus import Corpus

ROWS = 200  # of files that are shown one by one


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the adding is, at one moment: the last step of each file, in order."""

    steps: tuple[Step, ...]
    cancelled: bool
    report: Added | None = None
    error: Exception | None = None

    @property
    def over(self) -> bool:
        return self.report is not None or self.error is not None


class Adding:
    """One lot of files, from the moment it is started."""

    def __init__(self, corpus: Corpus, paths: Sequence[Path], folder: Path) -> None:
        """*folder*: files below it are shown by their path from there."""
        self._corpus = corpus
        self._paths = paths
        self._folder = folder
        self._steps: dict[str, Step] = {}
        self._report: Added | None = None
        self._error: Exception | None = None
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        # Ends with the server, at worst within one file, which is then not added.
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            report = self._corpus.add(*self._paths, watch=self._watch)
        except Exception as error:
            self._error = error
        else:
            self._report = report

    def _watch(self, step: Step) -> None:
        with self._lock:
            self._steps[step.source] = step
        if self._cancelled.is_set() and step.stage in UNDER_WAY:
            raise Cancelled("stopped by the user")

    def cancel(self) -> None:
        """Take in nothing more; what is finished stays."""
        self._cancelled.set()

    def wait(self, seconds: float | None = None) -> bool:
        """True when it is over, at the latest after *seconds*."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def seen(self) -> Seen:
        """How far it is."""
        with self._lock:
            steps = tuple(self._steps.values())
        return Seen(steps, self._cancelled.is_set(), self._report, self._error)

    def name(self, source: str) -> str:
        """The name of a file as its user knows it."""
        path = Path(source)
        if path.is_relative_to(self._folder):
            return path.relative_to(self._folder).as_posix()
        return path.name

    def draw(self, language: str) -> str:
        """How far it is, or what became of it, as HTML."""
        seen = self.seen()
        if seen.error is not None:
            return explain(seen.error, language)
        if seen.report is not None:
            return self._outcome(seen.report, seen.steps, language)
        if not seen.steps:
            return (
                f'<div class="kutip-report" role="status"><p>{say(language, "opening")}</p></div>'
            )
        now = seen.steps[-1]
        line = say(language, "adding", n=now.number, total=now.total)
        if seen.cancelled:
            line = say(language, "cancelling")
        done = now.number - 1 + now.share * (now.stage is Stage.ENCODING)
        return (
            f'<div class="kutip-report"><p>{line}</p>'
            f'<progress max="{now.total}" value="{done:.2f}" aria-label="{line}"></progress>'
            f"{self._rows(seen.steps, language)}</div>"
        )

    def _outcome(self, report: Added, steps: Sequence[Step], language: str) -> str:
        counts = say(
            language,
            "add_report",
            added=len(report.added) + len(report.replaced),
            unchanged=len(report.unchanged) + len(report.copies),
            failed=len(report.failed),
        )
        if report.left:
            counts += " " + say(language, "add_left", n=len(report.left))
        if not steps:
            counts = say(language, "add_nothing")
        # The one at hand when it was cancelled is among those left.
        steps = [step for step in steps if step.stage not in UNDER_WAY]
        return (
            f'<div class="kutip-report" role="status"><p>{counts}</p></div>'
            f'<div class="kutip-report">{self._rows(steps, language)}</div>'
        )

    def _rows(self, steps: Sequence[Step], language: str) -> str:
        """One line a file, what failed first, then the last; of very many, no more than these."""
        failed = [step for step in steps if step.stage is Stage.FAILED]
        rest = [step for step in reversed(steps) if step.stage is not Stage.FAILED]
        shown = [*failed, *rest][:ROWS]
        if rest and rest[0].stage in UNDER_WAY:  # the one at hand is always there to be seen
            shown = [rest[0], *(step for step in shown if step is not rest[0])][:ROWS]
        hidden = len(steps) - len(shown)
        more = f"<p>{say(language, 'add_hidden', n=hidden)}</p>" if hidden else ""
        rows = "".join(self._row(step, language) for step in shown)
        return f'<ol class="kutip-files">{rows}</ol>{more}'

    def _row(self, step: Step, language: str) -> str:
        stage = say(language, f"stage_{step.stage}")
        if step.stage is Stage.ENCODING:
            stage += f" {step.share:.0%}"
        if step.problem is not None:
            stage += f": {escape(in_words(step.problem, language))}"
        return (
            f'<li class="kutip-file-{step.stage}"><b>{escape(self.name(step.source))}</b>'
            f"<span>{stage}</span></li>"
        )


def too_large(names: Sequence[str], language: str, *, file: int, archive: int) -> str:
    """That files were not sent because they are larger than the limits, in bytes."""
    if not names:
        return ""
    shown = ", ".join(escape(name) for name in names[:10]) + (" …" if len(names) > 10 else "")
    line = say(
        language, "too_large", file=round(file / 1e6), archive=round(archive / 1e6), names=shown
    )
    return f'<p class="kutip-warning" role="alert">{line}</p>'

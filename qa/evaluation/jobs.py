"""Measurements behind a page: one at a time, in a thread, watched and stopped from others.

Knows when an evaluation runs and what became of it; what is measured is
``evaluator``'s, and what is made of the figures is said by who starts one.
"""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Generic, TypeVar

from qa.evaluation.comparison import Comparison, compare
from qa.evaluation.evaluator import Evaluator
from qa.evaluation.running import Run, Setting

KEPT = 8  # measurements whose results can still be looked at
LAST = 20  # seconds to wait for one when the program ends
T = TypeVar("T")

# What to make of the figures; the folder is there as long as the job is kept.
Finish = Callable[[Run | Comparison, Path], T]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: the questions in *target* as in ``Evaluator``, in one setting or two.

    Two are compared.
    """

    target: Path
    corpus: Path | None
    settings: tuple[Setting, ...]


class Stage(Enum):
    """What a measurement is doing."""

    PREPARING = auto()
    INDEXING = auto()
    ASKING = auto()
    FIGURES = auto()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: *done* of *total*, 0 of 0 if that is not known."""

    stage: Stage = Stage.PREPARING
    done: int = 0
    total: int = 0


class Cancelled(Exception):
    """Raised within a measurement that was told to stop."""


class Job(Generic[T]):
    """One measurement. *result* and *error* are None until it is ``done``.

    *error* is ``Cancelled`` if it was stopped. ``forget()`` deletes what was made.
    """

    def __init__(self, plan: Plan, finish: Finish[T]) -> None:
        self.token = secrets.token_urlsafe(16)  # who does not know it cannot look at the job
        self.plan = plan
        self.progress = Progress()
        self.result: T | None = None
        self.error: Exception | None = None
        self._finish = finish
        self._stop, self._over = threading.Event(), threading.Event()
        self._folder = Path(tempfile.mkdtemp(prefix="kutip-measured-"))
        # At the latest when the program ends.
        self.forget = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._thread = threading.Thread(target=self._work, name="kutip-measure", daemon=True)

    @property
    def done(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self._over.is_set()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def start(self) -> None:
        """Begin; to be called once."""
        _running.add(self)
        self._thread.start()

    def cancel(self) -> None:
        """Stop before the next question or batch of passages."""
        self._stop.set()

    def join(self, seconds: float | None = None) -> None:
        """Wait until it is done."""
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            found = self._measured()
            self._note(Stage.FIGURES, 0, 0)
            self.result = self._finish(found, self._folder)
        except Exception as error:
            self.error = error
        finally:
            self._over.set()
            _running.discard(self)

    def _measured(self) -> Run | Comparison:
        settings = self.plan.settings
        runs: list[Run] = []

        def asking(done: int, total: int, question: str) -> None:
            self._note(Stage.ASKING, len(runs) * total + done, len(settings) * total)

        def indexing(done: int, total: int, name: str) -> None:
            self._note(Stage.INDEXING, done, total)

        with Evaluator(
            self.plan.target, corpus=self.plan.corpus, indexing=indexing, asking=asking
        ) as evaluator:
            for setting in settings:
                runs.append(evaluator.run(setting))
        return runs[0] if len(runs) == 1 else compare(runs[0], runs[1])

    def _note(self, stage: Stage, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.progress = Progress(stage, done, total)


_running: set[Job[Any]] = set()


@atexit.register
def _stop_all() -> None:
    """A thread that computes while Python is taken down brings the whole process to a crash."""
    for job in list(_running):
        job.cancel()
        job.join(LAST)


class Measurements(Generic[T]):
    """The measurements of one server, at most one of them running. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: list[Job[T]] = []

    def start(self, plan: Plan, finish: Finish[T]) -> Job[T] | None:
        """Begin a measurement; None while another one runs."""
        with self._lock:
            if self._running() is not None:
                return None
            job = Job(plan, finish)
            self._jobs.append(job)
            for old in self._jobs[:-KEPT]:
                old.forget()
            del self._jobs[:-KEPT]
            job.start()
            return job

    def get(self, token: str) -> Job[T] | None:
        """The measurement with this token, if it is still known."""
        with self._lock:
            return next((job for job in self._jobs if job.token == token), None)

    @property
    def running(self) -> Job[T] | None:
        """The measurement that is not done."""
        with self._lock:
            return self._running()

    def _running(self) -> Job[T] | None:
        return next((job for job in self._jobs if not job.done), None)

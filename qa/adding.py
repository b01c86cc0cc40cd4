"""The adding of files, told step by step: how far each is, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from qa.errors import IngestError


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the files given to ``Corpus.add``, by source."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    failed: list[IngestError] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  # not reached before ``Cancelled``
    passed_over: list[str] = field(default_factory=list)  # in folders, of a kind not read


class Stage(StrEnum):
    """Where the adding of one file is, or what became of it."""

    READING = "reading"
    ENCODING = "encoding"
    STORING = "storing"
    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    COPY = "copy"
    FAILED = "failed"


UNDER_WAY = (Stage.READING, Stage.ENCODING, Stage.STORING)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of adding files: file *number* (from 1) of *total* comes to *stage*.

    *share*: how much of the stage is done, 0 to 1. *problem*: why it failed.
    """

    source: str
    number: int
    total: int
    stage: Stage
    share: float = 0.0
    problem: IngestError | None = None


# Told of every step; ``Cancelled``, raised by it, ends the adding in good order.
Watch = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells *watch*, if there is one, of the steps of one file."""

    watch: Watch | None
    step: Step

    def __call__(
        self, stage: Stage, share: float = 0.0, *, problem: IngestError | None = None
    ) -> None:
        if self.watch:
            self.watch(replace(self.step, stage=stage, share=share, problem=problem))

"""A run as a table for a spreadsheet: every question in a row, with what became of it.

What a report shows of the worst questions, for all of them, to be sorted, filtered
and read by people. Texts of documents are cells that no spreadsheet computes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import DatasetError
from qa.evaluation.comparison import WORDS as VERDICTS
from qa.evaluation.comparison import verdict
from qa.evaluation.datasets import to_cell
from qa.evaluation.measures import MEASURES
from qa.evaluation.report import KINDS, LANGUAGES, REASONS
from qa.evaluation.running import Outcome, Run

COLUMNS = (
    "id",
    "question",
    "result",
    "answerable",
    "answered",
    "confidence",
    "why refused",
    "rank of the right passage",
    "first quote",
    "other quotes",
    "expected",
    "first passage found",
    "question language",
    "document language",
    "kind of question",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What is written in a table: the heads of ``COLUMNS``, and what a person reads for codes.

    *verdicts* as ``comparison.WORDS``; *values*: of languages, kinds of question,
    yes and no; *reasons*: of refusals. A code without words stands as it is.
    """

    columns: Sequence[str]
    verdicts: Mapping[str, str]
    values: Mapping[str, str]
    reasons: Mapping[str, str]


ENGLISH = Words(COLUMNS, VERDICTS, {**LANGUAGES, **KINDS}, REASONS)


def write_table(run: Run, path: Path, *, words: Words = ENGLISH) -> None:
    """Write *run* as CSV, a row for each question, in UTF-8 with a byte-order mark.

    The figures follow ``COLUMNS``, one for each measure that says something
    about any question. Raises ``DatasetError``.
    """
    there = {name for outcome in run.outcomes for name in outcome.scores}
    names = [measure.name for measure in MEASURES if measure.name in there]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*words.columns, *names])
    for outcome in run.outcomes:
        figures = [outcome.scores.get(name) for name in names]
        cells = ["" if figure is None else f"{figure:.6g}" for figure in figures]
        writer.writerow([*map(to_cell, _cells(outcome, words)), *cells])
    try:
        # Without the mark, spreadsheets take it for another code.
        path.write_bytes(text.getvalue().encode("utf-8-sig", "replace"))
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; name another file") from error


def _cells(outcome: Outcome, words: Words) -> Iterator[str]:
    def value(code: str | None) -> str:
        return words.values.get(code or "", code or "")

    def truth(value_of: bool | None) -> str:
        return "" if value_of is None else value("yes" if value_of else "no")

    yield outcome.id
    yield outcome.question
    yield verdict(outcome, words.verdicts)
    yield truth(outcome.answerable)
    yield truth(outcome.answered)
    yield "" if outcome.confidence is None else f"{outcome.confidence:.3f}"
    yield words.reasons.get(outcome.reason or "", outcome.reason or "")
    yield str(outcome.ranks[0]) if outcome.ranks else ""
    yield outcome.quotes[0] if outcome.quotes else ""
    yield " | ".join(outcome.quotes[1:])
    yield " | ".join(outcome.expected)
    yield outcome.hits[0] if outcome.hits else ""
    yield value(outcome.language)
    yield value(outcome.document_language)
    yield value(outcome.kind)

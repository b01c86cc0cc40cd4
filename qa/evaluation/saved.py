"""The user's own questions: a file in the corpus folder that the chat adds to.

It is the easy form of ``datasets``, so ``kutip eval`` reads it as it is, and
whoever likes may edit it in a spreadsheet: other columns, their order and every
cell stay. It is replaced as a whole or not at all. Knows rows; whether what they
expect stands in the corpus is found out by ``gold``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import DatasetError
from qa.evaluation.datasets import UNJUDGED, Table, from_cell, read_table, to_cell, truth
from qa.evaluation.matching import folded

FILE = "questions.csv"
LONGEST = 2_000  # characters of a passage that are kept: enough to find it again
PATIENCE = 10  # seconds to wait for somebody else who is saving

# How each column is headed, by the name ``datasets`` has for it.
_HEADINGS = {
    "question": "question",
    "source": "expected source",
    "texts": "expected text",
    "answerable": "answerable",
    "wrong": "wrong answer",
    "saved": "saved",
}
_WORDS = {True: "yes", False: "no", None: UNJUDGED}


class Kept(Enum):
    """What became of a question that was to be saved."""

    ADDED = auto()
    COMPLETED = auto()  # it was there, and nobody had said what is right
    KNOWN = auto()  # it was there, with the same right answer
    DIFFERS = auto()  # added; it is there with another right answer, too


@dataclass(frozen=True, slots=True)
class Saved:
    """One question of the user's.

    *text*: the passage that is right; *source*: the document it is to be from,
    empty for any. *answerable*: None while nobody has said what is right.
    *wrong*: what was quoted and is not right. *day*: when it was saved, in ISO
    form; empty if somebody else has written the row.
    """

    question: str
    text: str = ""
    source: str = ""
    answerable: bool | None = True
    wrong: str = ""
    day: str = ""

    @property
    def key(self) -> str:
        """Tells it from every other that says something else."""
        said = (self.question, self.text, self.source, str(self.answerable), self.wrong)
        return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()[:16]


class SavedQuestions:
    """The questions in the folder of a corpus. For any number of threads and processes.

    Every method raises ``DatasetError`` if the file is there and is no table of
    questions, and leaves it as it is.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def all(self) -> list[Saved]:
        """Every question, in the order of the file; none without a file."""
        return [_saved(table, cells) for table in [self._table()] for _, cells in table.rows]

    def add(self, new: Saved) -> Kept:
        """Keep *new*, at the end of the file."""
        with self._held():
            table = self._table()
            there = [_saved(table, cells) for _, cells in table.rows]
            alike = [i for i, one in enumerate(there) if _same(one, new)]
            if any(new.answerable is None or _agree(there[i], new) for i in alike):
                return Kept.KNOWN
            unjudged = [i for i in alike if there[i].answerable is None]
            if unjudged:
                i = unjudged[0]
                line, cells = table.rows[i]
                whole = replace(new, wrong=new.wrong or there[i].wrong)
                table.rows[i] = line, _cells(table, whole, cells)
            else:
                table.rows.append((0, _cells(table, new)))
            self._write(table)
        if unjudged:
            return Kept.COMPLETED
        return Kept.DIFFERS if alike else Kept.ADDED

    def remove(self, key: str) -> Saved | None:
        """Take out the first question with this key; None: there is none."""
        with self._held():
            table = self._table()
            for i, (_, cells) in enumerate(table.rows):
                if (found := _saved(table, cells)).key == key:
                    del table.rows[i]
                    self._write(table)
                    return found
        return None

    def clear(self) -> None:
        """Delete the file, whatever is in it."""
        with self._held():
            self.path.unlink(missing_ok=True)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else writes meanwhile, in this process or another."""
        try:
            with FileLock(self.path.with_name(f"{FILE}.lock"), timeout=PATIENCE):
                yield
        except Timeout as error:
            raise DatasetError(
                f"{self.path}: somebody else is writing to it; try again in a moment"
            ) from error
        except OSError as error:
            problem = error.strerror or error
            raise DatasetError(f"{self.path}: {problem}; the file is as it was") from error

    def _table(self) -> Table:
        """The file, with a column for all that is to be kept."""
        table = read_table(self.path) if self.path.exists() else Table([], {}, [])
        for column, heading in _HEADINGS.items():
            if column not in table.columns.values():
                table.columns[len(table.headers)] = column
                table.headers.append(heading)
        return table

    def _write(self, table: Table) -> None:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(table.headers)
        writer.writerows(cells for _, cells in table.rows)
        new = self.path.with_name(f"{FILE}.new")
        with new.open("wb") as file:
            # Without a byte-order mark, spreadsheets take it for another code.
            file.write(text.getvalue().encode("utf-8-sig", "replace"))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


def shortened(text: str) -> str:
    """The start of a long passage, in whole words."""
    text = text.strip()
    return text if len(text) <= LONGEST else text[: LONGEST + 1].rsplit(None, 1)[0]


def _same(one: Saved, other: Saved) -> bool:
    return folded(one.question) == folded(other.question)


def _agree(one: Saved, other: Saved) -> bool:
    """True if both say that the same is right."""
    return (one.answerable, folded(one.text)) == (other.answerable, folded(other.text))


def _saved(table: Table, cells: Sequence[str]) -> Saved:
    found = {
        column: from_cell(cells[i]).strip() for i, column in table.columns.items() if i < len(cells)
    }
    text, source = found.get("texts", ""), found.get("source", "")
    try:
        answerable = truth(found.get("answerable", ""))
    except ValueError:
        answerable = None
    # A yes without saying where is as good as nothing.
    judged = bool(text or source) or answerable is False
    return Saved(
        " ".join(found.get("question", "").split()),
        text,
        source,
        (answerable is not False) if judged else None,
        found.get("wrong", ""),
        found.get("saved", ""),
    )


def _cells(table: Table, saved: Saved, old: Sequence[str] = ()) -> list[str]:
    """*saved* as a row of *table*, over the cells that it had before."""
    values = {
        "question": saved.question,
        "source": saved.source,
        "texts": saved.text,
        "answerable": _WORDS[saved.answerable],
        "wrong": saved.wrong,
        "saved": saved.day,
    }
    cells = [*old, *[""] * (len(table.headers) - len(old))]
    for i, column in table.columns.items():
        if column in values:
            cells[i] = to_cell(values[column])
    return cells

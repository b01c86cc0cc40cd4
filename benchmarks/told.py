"""Facts asked of somebody: ``python benchmarks/told.py ARTICLES``.

ARTICLES as for ``own_words.py``. ``told.tsv`` beside this program has questions written for
them by hand, from statements drawn at random: one that names somebody as the source ("How
many people died, according to X?"), the article in which X says it, and words of the answer.

Prints, by lot (those looked at while rules were made, and those set aside) and by language:
refused; the answer in the first quote, in any; somebody else quoted. Then, with that article
hidden, and with the names of two other speakers of the list in place of X, who say nothing of
the kind: refused, and somebody else quoted. First as shipped, then with the question put to
all passages as it stands.

--most N takes the articles of the questions and others up to N in all; --corpus keeps the
index in a folder.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.own_words import Plain, indexed, refused
from qa.corpus import Corpus
from qa.types import Answer, Passage

APART = (7, 16)  # how far down the list the other two speakers stand


@dataclass(frozen=True)
class Row:
    """A question with ``{}`` for the speaker, who answers it in *article*."""

    lot: str
    language: str
    question: str
    speaker: str
    article: str
    answer: str


def read_questions() -> list[Row]:
    """Those of ``told.tsv``."""
    with (Path(__file__).parent / "told.tsv").open(encoding="utf-8") as file:
        return [Row(**row) for row in csv.DictReader(file, delimiter="\t")]


def measure(corpus: Corpus, rows: list[Row]) -> None:
    """Print the table."""
    counts: Counter[tuple[str, str]] = Counter()
    documents = {Path(one.source).stem: one.id for one in corpus.documents()}
    by = {
        row.speaker: {one.speaker for one in corpus.statements(speaker=row.speaker)} for row in rows
    }
    for number, row in enumerate(rows):
        home = documents[row.article]
        question = row.question.format(row.speaker)
        answer = corpus.ask(question)
        there = [
            one.document_id == home
            and row.answer.casefold() in " ".join(one.quote.split()).casefold()
            for one in answer.citations
        ]
        for group in (row.lot, f"{row.lot} {row.language}"):
            counts[group, "n"] += 1
            counts[group, "refused"] += answer.abstained
            counts[group, "first"] += any(there[:1])
            counts[group, "any"] += any(there)
            counts[group, "others"] += _others(answer, by[row.speaker])

        def there_only(passage: Passage, home: str = home) -> bool:
            return passage.document_id == home

        hidden = corpus.evidence(corpus.understand(question), hidden=there_only)
        counts[f"{row.lot}, hidden", "n"] += 1
        counts[f"{row.lot}, hidden", "refused"] += refused(corpus, hidden)
        for apart in APART:
            other = rows[(number + apart) % len(rows)].speaker
            if other == row.speaker:
                continue
            answer = corpus.ask(row.question.format(other))
            group = f"{row.lot}, of another"
            counts[group, "n"] += 1
            counts[group, "refused"] += answer.abstained
            counts[group, "others"] += _others(answer, by[other])
    columns = ("refused", "first", "any", "others")
    print(f"{'':22}    n  " + "  ".join(f"{column:>7}" for column in columns))
    for group in sorted({group for group, _ in counts}):
        n = counts[group, "n"]
        figures = (
            f"{counts[group, c] / n:7.3f}" if (group, c) in counts else " " * 7 for c in columns
        )
        print(f"{group:22} {n:4d}  " + "  ".join(figures))


def _others(answer: Answer, names: set[str | None]) -> bool:
    """Whether somebody else is quoted."""
    return any(one.speaker is not None and one.speaker not in names for one in answer.citations)


def main() -> None:
    """Print both tables."""
    rows = read_questions()
    with indexed(__doc__, {row.article for row in rows}) as folder:
        for name, kind in (("as shipped", Corpus), ("put to all passages", Plain)):
            print(name)
            with kind.open(folder) as corpus:
                measure(corpus, rows)


if __name__ == "__main__":
    main()

"""Question sets cut into small corpora, as the other benchmarks need them.

A user's corpus is small and a question set's is large, so each set is dealt
into corpora of a given size, each holding the passages of some questions and
others beside them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.answering.question import Question, understand
from qa.corpus import Corpus
from qa.evaluation.retrieval import read_rows
from qa.language.detection import detect
from qa.types import Document, Embedder


@dataclass(frozen=True)
class Case:
    """A question, the corpus it is put to, and what would answer it.

    *answers* is empty for a question that cannot be answered; *home* is the id
    of its passage.
    """

    name: str
    question: Question
    corpus: Corpus
    home: str
    answers: tuple[str, ...]

    def right(self, document_id: str, text: str) -> bool:
        """True if *text*, of that document, holds an expected answer."""
        return document_id == self.home and self.says(text)

    def says(self, text: str, *, least: int = 1) -> bool:
        """True if *text* holds an expected answer of *least* characters or more."""
        folded = text.casefold()
        return any(len(a) >= least and a in folded for a in self.answers)


def cases(
    folder: Path, embedder: Embedder, *, size: int | None, most: int, queries: str = "queries.jsonl"
) -> Iterator[Case]:
    """Up to *most* questions of *folder* over corpora of *size* passages; None: of all."""
    texts = {r["_id"]: str(r["text"]) for r in read_rows(folder / "corpus.jsonl", "_id", "text")}
    size = size or len(texts)
    random = np.random.default_rng(size)
    asked = {r["_id"]: str(r["text"]) for r in read_rows(folder / queries, "_id", "text")}
    answers = [
        r
        for r in read_rows(folder / "answers.jsonl", "query_id")
        if r["query_id"] in asked and r["context_id"] in texts
    ]
    chosen = [answers[i] for i in random.permutation(len(answers))[:most]]
    everything = list(texts)
    step = max(1, size // 3)
    for start in range(0, len(chosen), step):
        part = chosen[start : start + step]
        inside = {row["context_id"] for row in part}
        for i in random.permutation(len(everything)):
            if len(inside) >= size:
                break
            inside.add(everything[i])
        with (
            tempfile.TemporaryDirectory() as temporary,
            Corpus.open(temporary, embedder=embedder) as corpus,
        ):
            for id in sorted(inside):
                corpus.put(Document(id, "", texts[id], id, None, None, detect(texts[id])), id)
            for row in part:
                wanted = row["answers"] if row["answerable"] else []
                yield Case(
                    folder.name,
                    understand(asked[row["query_id"]]),
                    corpus,
                    row["context_id"],
                    tuple(str(answer).casefold() for answer in wanted),
                )

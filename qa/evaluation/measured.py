"""A corpus whose settings can be turned for a measurement.

The one place in the evaluation that reaches into ``Corpus``: the same
retrieval, reader and refusal as shipped, with another weight of the two legs or
another number of passages read, each stage timed by itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from qa.answering.evidence import gather
from qa.answering.question import Question
from qa.answering.searching import Found, Searcher
from qa.answering.snapshot import Snapshots
from qa.corpus import Corpus
from qa.index.store import Store
from qa.retrieval import lexical
from qa.retrieval.adapted import Adapted
from qa.retrieval.fusion import DENSE_WEIGHT
from qa.retrieval.late import encode_questions, words_of
from qa.retrieval.retriever import CANDIDATES
from qa.types import Embedder, QuestionVectors, Span, Vectors

STAGES = ("encode", "lexical", "dense", "fusion", "reading", "total")


class MeasuredSearcher(Searcher):
    """``Searcher`` with another weight of the two legs; it remembers the last ranking."""

    def __init__(self, snapshots: Snapshots) -> None:
        super().__init__(snapshots)
        self.dense_weight: float | None = None
        self._last: tuple[object, Found] | None = None
        self._collapsed: tuple[Found, Found] | None = None  # given, and without its copies

    def rank(
        self,
        question: Question,
        vectors: QuestionVectors,
        candidates: int = CANDIDATES,
        *,
        adapted: Adapted | None = None,
    ) -> Found:
        """As ``Searcher.rank``, fused by ``dense_weight`` if there is one."""
        # Searching, asking and looking behind a refusal rank the same question thrice.
        asked = (question, candidates, self.dense_weight, adapted)
        if self._last is None or self._last[0] != asked:
            found = super().rank(question, vectors, candidates, adapted=adapted)
            if self.dense_weight is not None:
                # The candidates of both legs are there, whatever the weight.
                found = replace(found, ranked=found.ranked.weighed(self.dense_weight))
            self._last = (asked, found)
        return self._last[1]

    def distinct(self, found: Found) -> Found:
        """As ``Searcher.distinct``, once for each ranking."""
        if self._collapsed is None or self._collapsed[0] is not found:
            self._collapsed = (found, super().distinct(found))
        return self._collapsed[1]

    def forget(self) -> None:
        """Rank anew, whatever is asked next."""
        self._last = self._collapsed = None


class MeasuredCorpus(Corpus):
    """``Corpus`` with another weight of the two legs. For one thread."""

    def __init__(self, path: Path, store: Store, embedder: Embedder) -> None:
        super().__init__(path, store, embedder)
        self._searcher: MeasuredSearcher = MeasuredSearcher(self._snapshots)

    @property
    def dense_weight(self) -> float | None:
        """1 ranks by vectors alone, 0 by words alone; None: as shipped."""
        return self._searcher.dense_weight

    @dense_weight.setter
    def dense_weight(self, weight: float | None) -> None:
        self._searcher.dense_weight = weight

    def stage_times(self, text: str) -> dict[str, float]:
        """Milliseconds of each of ``STAGES`` for one question, as a user waits for them.

        Words and fusion are timed by themselves, and the vectors are what
        ranking takes beyond these two.
        """
        clock = _Laps()
        asked = self.understand(text)
        embedder = self.embedder
        # What is remembered would cost nothing.
        anew = embedder.plain if isinstance(embedder, Remembering) else embedder
        (vectors,) = encode_questions(anew, [asked.text])
        clock.lap("encode")
        with self._store.reading():
            now = self._snapshots.current()

            def by_words() -> None:
                words = lexical.query_words(asked.text, asked.language, now.table.names)
                lexical.score(words, now.table, now.postings)

            clock.skip()
            by_words()
            clock.lap("lexical")
            by_words()
            again = clock.lap("again")
            self._searcher.forget()
            found = self._searcher.rank(asked, vectors)
            both = clock.lap("both")
            weight = DENSE_WEIGHT if self.dense_weight is None else self.dense_weight
            found.ranked.weighed(weight)
            fusion = clock.lap("fusion")
            if len(found.ranked.numbers):
                found = self._searcher.distinct(found)
                gather(found, now, vectors, self.passages_read)
            clock.lap("reading")
        laps = {**clock.laps, "dense": max(0.0, both - again - fusion)}
        laps = {stage: laps[stage] for stage in STAGES[:-1]}
        return {**laps, "total": sum(laps.values())}


class Remembering:
    """An embedder that encodes many questions at once and remembers their vectors."""

    def __init__(self, embedder: Embedder) -> None:
        self.plain = embedder
        self._known: dict[str, tuple[Vectors, Vectors]] = {}
        self.name = embedder.name
        self.version = embedder.version
        self.dim = embedder.dim
        self.word_dim = embedder.word_dim
        self.max_tokens = embedder.max_tokens

    def learn(self, texts: Sequence[str], *, batch: int = 256) -> None:
        """Encode questions ahead."""
        new = sorted({text for text in texts if text not in self._known}, key=len)
        for start in range(0, len(new), batch):
            some = new[start : start + batch]
            vectors, words = self.plain.encode_words(some, [words_of(text) for text in some])
            self._known.update(zip(some, zip(vectors, words, strict=True), strict=True))

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        return self.plain.encode_query(texts)

    def encode_words(
        self, texts: Sequence[str], words: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of questions and of their words."""
        if not all(text in self._known for text in texts):
            return self.plain.encode_words(texts, words)
        known = [self._known[text] for text in texts]
        return np.stack([whole for whole, _ in known]), [own for _, own in known]

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        return self.plain.encode_document(texts)

    def encode_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        words: Sequence[Sequence[Span]],
    ) -> tuple[Vectors, list[Vectors], list[Vectors]]:
        """Vectors of the texts, of their parts and of their words."""
        return self.plain.encode_passages(texts, parts, words)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Length of each text in the model's own tokens."""
        return self.plain.count_tokens(texts)


class _Laps:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> float:
        """Everything since the last lap or skip was *name*; milliseconds."""
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now
        return self.laps[name]

    def skip(self) -> None:
        """What happened since the last lap is not counted."""
        self._last = time.perf_counter()

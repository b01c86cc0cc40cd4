"""From an understood question to ranked passages: filters, both legs, copies taken out.

Every ranking of a corpus goes through ``Searcher``; nothing here reads a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from qa.answering.question import Question
from qa.answering.snapshot import Snapshot, Snapshots
from qa.retrieval import copies, lexical
from qa.retrieval.adapted import Adapted
from qa.retrieval.restriction import Mask, restrict
from qa.retrieval.retriever import CANDIDATES, Ranked, rank
from qa.types import Coverage, Hit, Passage, QuestionVectors


@dataclass(frozen=True, slots=True)
class Found:
    """Ranked passages.

    *question*: with the filters as they were applied; *coverage*: of what they
    leave, as is *keep*, one entry a row of the passage table (None: everything);
    *copies*: by passage number, those that only repeat it; *hidden*: the numbers of
    passages that are held not to be there, see ``Searcher.without``.
    """

    question: Question
    ranked: Ranked
    words: list[lexical.QueryWord]
    coverage: Coverage
    keep: Mask | None
    copies: Mapping[int, Sequence[int]] = field(default_factory=dict)
    hidden: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Considered:
    """The candidates for a question, best first, the passage of each and its language."""

    ranked: Ranked
    passages: list[Passage]
    languages: list[str]


class Searcher:
    """Ranks the passages of a corpus; to be used within ``Store.reading``."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    def now(self) -> Snapshot:
        """The corpus as it is searched."""
        return self._snapshots.current()

    def rank(
        self,
        question: Question,
        vectors: QuestionVectors,
        candidates: int = CANDIDATES,
        *,
        adapted: Adapted | None = None,
    ) -> Found:
        """The candidates for *question* that its filters leave, best first, copies included.

        *candidates*: of each leg; *adapted*: as if the corpus had learned that.
        """
        now = self.now()
        learned = now.adapted if adapted is None else adapted
        question, keep, coverage = self.left(question)
        words = lexical.query_words(
            question.text, question.language, now.table.names, extra=learned.translations
        )
        ranked = rank(
            words,
            vectors,
            table=now.table,
            index=now.index,
            postings=now.postings,
            sentence_vectors=now.sentence_vectors,
            word_vectors=now.word_vectors,
            language=question.language,
            weights=learned.weights,
            candidates=candidates,
            keep=keep,
        )
        return Found(question, ranked, words, coverage, keep)

    def left(self, question: Question) -> tuple[Question, Mask | None, Coverage]:
        """*question* with its filters as applied, the passages that they leave, and of what.

        None: all of them.
        """
        now = self.now()
        if not any(one.restricts for one in question.filters):
            return question, None, now.coverage
        left = restrict(
            question.filters,
            table=now.table,
            catalogue=now.catalogue,
            called=now.names_of,
            postings=now.postings,
            store=now.store,
        )
        return replace(question, filters=left.filters), left.keep, left.coverage

    def distinct(self, found: Found) -> Found:
        """*found* without the passages that only repeat better ones, fused as if never there.

        So copies spoil neither the ranking nor the signals of a refusal. The one
        ranked best stands for all: dates have no hours and are often unknown.
        """
        numbers = found.ranked.numbers.tolist()
        homes = copies.repeated(self.now().store.terms(numbers))
        held: dict[int, list[int]] = {}
        for number, home in zip(numbers, homes, strict=True):
            if home is not None:
                held.setdefault(numbers[home], []).append(number)
        if not held:
            return found
        ranked = found.ranked.where(np.array([home is None for home in homes], bool))
        return replace(found, ranked=ranked.weighed(ranked.dense_weight), copies=held)

    def without(
        self,
        found: Found,
        hidden: Callable[[Passage], bool],
        vectors: QuestionVectors,
        least: int,
    ) -> Found:
        """*found* as if the passages *hidden* were no candidates; *least* others, if there are."""
        now = self.now()
        candidates = CANDIDATES
        while True:
            segments = now.store.segments(found.ranked.numbers.tolist())
            keep = np.array([not hidden(segment.passage) for segment in segments], bool)
            if keep.sum() >= least or candidates >= len(now.table.numbers):
                break
            # A long document can fill the candidates by itself.
            candidates *= 10
            found = self.rank(found.question, vectors, candidates)
        rest = found.ranked.where(keep)
        out = found.ranked.numbers[~keep]
        # Fused scores are relative to the candidates, so the hidden ones must not count.
        return replace(found, ranked=rest.weighed(rest.dense_weight), hidden=out)

    def hits(self, found: Found, k: int) -> list[Hit]:
        """The *k* best of *found*, each with those that only repeat it."""
        ranked = found.ranked
        numbers = ranked.numbers[:k].tolist()
        segments = self.now().store.segments(numbers)
        return [
            Hit(segment.passage, float(score), place, self._also(segment.passage, number, found))
            for place, (segment, number, score) in enumerate(
                zip(segments, numbers, ranked.fused, strict=False), start=1
            )
        ]

    def _also(self, passage: Passage, number: int, found: Found) -> tuple[Passage, ...]:
        """The passages of other documents that repeat *passage*."""
        passages = (s.passage for s in self.now().store.segments(found.copies.get(number, [])))
        return tuple(p for p in passages if p.document_id != passage.document_id)

    def considered(
        self, question: Question, vectors: QuestionVectors, adapted: Adapted
    ) -> Considered:
        """The candidates for *question*, as if the corpus had learned *adapted*."""
        now = self.now()
        ranked = self.rank(question, vectors, adapted=adapted).ranked
        segments = now.store.segments(ranked.numbers.tolist())
        return Considered(
            ranked, [segment.passage for segment in segments], now.languages_of(ranked.numbers)
        )

    def by_words(
        self, text: str, language: str, target: str, adapted: Adapted, k: int
    ) -> list[Passage]:
        """The *k* passages in the language *target* that hold most of *text*, by words alone."""
        now = self.now()
        words = lexical.query_words(text, language, (target,), extra=adapted.translations)
        scores = lexical.score(words, now.table, now.postings).scores
        best = np.argsort(-scores, kind="stable")[:k]
        numbers = now.table.numbers[best[scores[best] > 0]]
        return [segment.passage for segment in now.store.segments(numbers.tolist())]

"""Promises of ``qa.retrieval.fusion`` and ``qa.retrieval.retriever``: two legs, one ranking."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.index.store import Store
from qa.index.vectors import VectorIndex
from qa.language.tokens import stems
from qa.retrieval.fusion import Weights, weighted_sum, z_scores
from qa.retrieval.late import (
    encode_questions,
    late_interaction,
    nearest_words,
    words_by_part,
    words_of,
)
from qa.retrieval.lexical import query_words
from qa.retrieval.retriever import (
    NEAREST_SENTENCE,
    WORD_BY_WORD,
    Ranked,
    nearest_sentences,
    rank,
)
from qa.types import Document, Passage, Segment, Span, Vectors
from tests.helpers import FakeEmbedder, make_document, store_document

finite = st.floats(-100, 100, allow_nan=False, width=32)


def test_z_scores_by_hand() -> None:
    """1, 2, 3: mean 2, deviation sqrt(2/3)."""
    side = 1 / math.sqrt(2 / 3)
    np.testing.assert_allclose(z_scores(np.array([1.0, 2.0, 3.0])), [-side, 0.0, side])


@pytest.mark.parametrize("values", [[], [5.0], [2.0, 2.0, 2.0]])
def test_z_scores_of_no_difference_are_zero(values: list[float]) -> None:
    """Where nothing tells candidates apart the leg has no say, and no warning is given."""
    assert z_scores(np.array(values)).tolist() == [0.0] * len(values)


def test_weighted_sum_by_hand() -> None:
    """Dense 0, 1 and lexical 4, 0 have z-scores -1, 1 and 1, -1."""
    dense, lexical = np.array([0.0, 1.0]), np.array([4.0, 0.0])
    np.testing.assert_allclose(weighted_sum(dense, lexical, 0.75), [-0.5, 0.5])
    np.testing.assert_allclose(weighted_sum(dense, lexical, 0.5), [0.0, 0.0])
    np.testing.assert_allclose(weighted_sum(dense, lexical, 0.0), [1.0, -1.0])


@given(st.lists(finite, min_size=2, max_size=20), st.floats(0.1, 10), finite)
def test_the_scale_of_a_leg_does_not_matter(values: list[float], factor: float, add: float) -> None:
    """Scores in other units give the same fusion, as long as they differ at all."""
    scores = np.array(values)
    if scores.std() < 1e-3:
        return
    other = np.linspace(0, 1, len(scores))
    np.testing.assert_allclose(
        weighted_sum(scores, other), weighted_sum(scores * factor + add, other), atol=1e-5
    )


@given(st.lists(finite, min_size=1, max_size=20))
def test_fusion_keeps_its_arguments(values: list[float]) -> None:
    """Pure functions: what comes in is not changed."""
    scores = np.array(values)
    weighted_sum(scores, scores[::-1])
    assert scores.tolist() == values


TEXTS = (
    "kapal kapal karam",  # 0: dense and lexical
    "kapal beras",  # 1: both, less
    "sampan tua",  # 2: neither
    "beras mahal",  # 3
    "pelabuhan kapal gempa",  # 4
)


class Ranking:
    """A store of one-sentence passages, and what ranks them."""

    def __init__(self, folder: Path, texts: Sequence[str], *axes: str, words: bool = False) -> None:
        self.store = Store(folder / "kutip.db")
        self.embedder = FakeEmbedder(*(axes or ("kapal", "beras", "gempa")), words=words)
        for i, text in enumerate(texts):
            document = make_document(f"d{i}", text)
            vectors, _, of_words = self.embedder.encode_passages([text], [[]], [words_of(text)])
            store_document(
                self.store,
                document,
                vectors=vectors,
                word_vectors=of_words,
                stems=[stems(text, "id")],
            )
        self.index = VectorIndex.open(folder / "vectors.faiss", self.store, self.embedder.dim)
        self.table = self.store.passage_table()

    def rank(self, question: str, **options: Any) -> Ranked:
        return rank(
            query_words(question, "id", self.table.names),
            encode_questions(self.embedder, [question])[0],
            **self.state(),
            **options,
        )

    def state(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "index": self.index,
            "postings": self.store.postings,
            "sentence_vectors": self.sentence_vectors,
            "word_vectors": lambda numbers: self.store.word_vectors(
                numbers, self.embedder.word_dim
            ),
            "language": "id",
        }

    def sentence_vectors(self, numbers: Sequence[int]) -> list[Vectors]:
        return self.store.sentence_vectors(numbers, self.embedder.dim)

    def names(self, ranked: Ranked) -> list[str]:
        found = self.store.segments(ranked.numbers.tolist())
        return [segment.passage.document_id for segment in found]


@pytest.fixture
def ranking(tmp_path: Path) -> Iterator[Ranking]:
    made = Ranking(tmp_path, TEXTS)
    yield made
    made.store.close()


def test_dense_alone_ranks_by_cosine(ranking: Ranking) -> None:
    """Cosines with "kapal" by hand: 1, 1/sqrt 2, 0, 0, 1/sqrt 2; equal ones by number."""
    ranked = ranking.rank("kapal", weights=Weights(default=1.0))
    assert ranking.names(ranked) == ["d0", "d1", "d4", "d2", "d3"]
    half = 1 / math.sqrt(2)
    np.testing.assert_allclose(ranked.dense, [1, half, half, 0, 0], atol=1e-4)  # float16 sentences


def test_the_nearest_sentence_speaks_for_its_passage() -> None:
    """The best cosine of each passage's sentences; one without sentences keeps its own.

    By hand: max(0.6, 0.8), nothing, max(0).
    """
    vector = np.array([1, 0], np.float32)
    sentences = [
        np.array([[0.6, 0.8], [0.8, 0.6]], np.float32),
        np.zeros((0, 2), np.float32),
        np.array([[0, 1]], np.float32),
    ]
    found = nearest_sentences(vector, sentences, np.array([0.1, 0.2, 0.3], np.float32))
    np.testing.assert_allclose(found, [0.8, 0.2, 0.0])
    assert nearest_sentences(vector, [], np.zeros(0, np.float32)).shape == (0,)


def test_late_interaction_by_hand() -> None:
    """Each word of the question takes its best cosine; the longer word weighs more.

    The first, of length 3, has cosines 1 and 0.6 with the two passages; the
    second, of length 1, has 0 and 0.8. So (3 + 0) / 4 and (1.8 + 0.8) / 4.
    """
    question = np.array([[3, 0], [0, 1]], np.float32)
    passages = [
        np.array([[127, 0], [-127, 0]], np.int8),
        np.zeros((0, 2), np.int8),
        np.array([[0, 0], [76, 102]], np.int8),  # 0.6, 0.8 in steps of 1/127
    ]
    np.testing.assert_allclose(
        nearest_words(question, passages), [[0.75, 0, 0.45], [0, 0, 0.2]], atol=0.01
    )
    np.testing.assert_allclose(late_interaction(question, passages), [0.75, 0, 0.65], atol=0.01)
    assert late_interaction(question, []).shape == (0,)
    assert late_interaction(question[:0], passages).tolist() == [0, 0, 0]


def test_every_word_of_the_question_counts(tmp_path: Path) -> None:
    """A passage that holds each word somewhere comes before one that is nearer as a whole.

    By hand, with "kapal beras": as wholes 2 / sqrt 22 and 1 / sqrt 2, word by word 1 and 1/2.
    """
    made = Ranking(tmp_path, ["kapal gempa gempa gempa beras", "kapal kapal"], words=True)
    try:
        ranked = made.rank("kapal beras", weights=Weights(default=1.0))
        assert made.names(ranked) == ["d0", "d1"]
        wholes, words = np.array([2 / math.sqrt(22), 1 / math.sqrt(2)]), np.array([1.0, 0.5])
        expected = (1 - WORD_BY_WORD) * wholes + WORD_BY_WORD * words
        np.testing.assert_allclose(ranked.dense, expected, atol=1e-2)  # 8 bits
    finally:
        made.store.close()


def test_words_are_dealt_to_their_sentences() -> None:
    """The rows of a title come first and belong to no sentence of the text."""
    text = "Kapal karam. Beras mahal sekali."
    rows = np.arange(7, dtype=np.int8)[:, None]  # two of the title, five of the text
    parts = words_by_part(rows, text, [Span(0, 12), Span(13, 32)])
    assert [part[:, 0].tolist() for part in parts] == [[2, 3], [4, 5, 6]]
    assert [len(part) for part in words_by_part(rows[:0], text, [Span(0, 12)])] == [0]


def test_one_sentence_of_many_is_found(tmp_path: Path) -> None:
    """Of two passages equally near as wholes, the one with a sentence on the matter wins."""
    made = Ranking(tmp_path, [], "kapal", "beras")
    try:
        both = np.array([[1, 1, 0]], np.float32) / np.sqrt(2).astype(np.float32)
        for name, parts in (
            ("mixed", [[1, 1, 0], [1, 1, 0]]),
            ("apart", [[1, 0, 0], [0, 1, 0]]),
        ):
            document = make_document(name, "Kapal beras. Beras kapal.")
            rows = np.array(parts, np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            none, halves = [np.zeros((0, 0), np.int8)], [rows.astype(np.float16)]
            made.store.put(
                document, f"/{name}", [two_sentences(document)], both, halves, none, [["x"]], ()
            )
        made.index.update(made.store)
        made.table = made.store.passage_table()
        ranked = made.rank("kapal", weights=Weights(default=1.0))
        assert made.names(ranked) == ["apart", "mixed"]
        half = 1 / math.sqrt(2)
        expected = [half + NEAREST_SENTENCE * (1 - half), half]
        np.testing.assert_allclose(ranked.dense, expected, atol=1e-3)  # float16 sentences
    finally:
        made.store.close()


def two_sentences(document: Document) -> Segment:
    """The whole document as one passage of two sentences."""
    end = document.text.index(".") + 1
    spans = (Span(0, end), Span(end + 1, len(document.text)))
    return Segment(Passage(document.id, 0, len(document.text)), spans)


def test_words_alone_rank_by_bm25(ranking: Ranking) -> None:
    """With all weight on words: tf 2 before tf 1, and of those the shorter passage first."""
    ranked = ranking.rank("kapal", weights=Weights(default=0.0))
    assert ranking.names(ranked)[:3] == ["d0", "d1", "d4"]
    assert ranked.lexical[:3].tolist() == sorted(ranked.lexical[:3], reverse=True)
    assert ranked.lexical[3:].tolist() == [0.0, 0.0]


def test_words_decide_where_vectors_cannot(tmp_path: Path) -> None:
    """A word the embedder does not know tells passages apart that are equally near."""
    made = Ranking(tmp_path, ["kapal tua karam", "kapal baru tiba", "kapal lama pergi"])
    try:
        ranked = made.rank("kapal baru")
        assert made.names(ranked)[0] == "d1"
        np.testing.assert_allclose(ranked.dense, [1, 1, 1], atol=1e-6)
    finally:
        made.store.close()


def test_vectors_decide_where_words_cannot(ranking: Ranking) -> None:
    """A question with no word of any passage is ranked by meaning alone."""
    (vectors,) = encode_questions(ranking.embedder, ["beras"])
    ranked = rank(query_words("nasi", "id", ranking.table.names), vectors, **ranking.state())
    assert ranking.names(ranked)[0] == "d3"
    assert ranked.lexical.tolist() == [0.0] * len(TEXTS)


def test_candidates_of_either_leg_get_both_scores(ranking: Ranking) -> None:
    """With one candidate a leg: the nearest vector and the best word match, each fully scored."""
    ranked = ranking.rank("kapal pelabuhan", candidates=1)
    assert set(ranking.names(ranked)) == {"d0", "d4"}
    assert (ranked.lexical > 0).all()
    assert (ranked.dense > 0).all()


def test_scores_fall_and_arrays_run_parallel(ranking: Ranking) -> None:
    """Best first; each array has one entry per candidate."""
    ranked = ranking.rank("kapal beras")
    assert ranked.fused.tolist() == sorted(ranked.fused, reverse=True)
    lengths = {
        len(a)
        for a in (ranked.numbers, ranked.fused, ranked.dense, ranked.lexical, ranked.coverage)
    }
    assert lengths == {len(TEXTS)}
    assert len(ranked.idf) == 2


def test_coverage_is_the_share_of_the_question_that_is_there(ranking: Ranking) -> None:
    """A passage with every word of the question has coverage 1."""
    ranked = ranking.rank("kapal beras")
    by_name = dict(zip(ranking.names(ranked), ranked.coverage.tolist(), strict=True))
    assert by_name["d1"] == pytest.approx(1.0)
    assert 0 < by_name["d0"] < 1
    assert by_name["d2"] == 0.0


def test_where_keeps_the_order(ranking: Ranking) -> None:
    """Leaving candidates out leaves the others as they were."""
    ranked = ranking.rank("kapal")
    keep = np.array([i != 1 for i in range(len(ranked.numbers))])
    rest = ranked.where(keep)
    assert rest.numbers.tolist() == [n for i, n in enumerate(ranked.numbers.tolist()) if i != 1]
    assert rest.fused.tolist() == [n for i, n in enumerate(ranked.fused.tolist()) if i != 1]


def test_ranking_is_deterministic(ranking: Ranking) -> None:
    """The same question gives the same order, ties included."""
    first = ranking.rank("kapal beras")
    for _ in range(3):
        again = ranking.rank("kapal beras")
        assert again.numbers.tolist() == first.numbers.tolist()
        assert again.fused.tolist() == first.fused.tolist()


def test_an_empty_index_ranks_nothing(tmp_path: Path) -> None:
    """No passages, no candidates, no error and no warning."""
    made = Ranking(tmp_path, [], "kapal", "beras")
    try:
        assert made.rank("kapal").numbers.tolist() == []
    finally:
        made.store.close()


def test_a_single_passage_is_ranked(tmp_path: Path) -> None:
    """With one candidate there is nothing to normalise, and it is found all the same."""
    made = Ranking(tmp_path, ["kapal karam"])
    try:
        assert made.names(made.rank("kapal")) == ["d0"]
    finally:
        made.store.close()

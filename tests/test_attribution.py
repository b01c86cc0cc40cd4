"""Promises of token attribution: the words that are lit match, and stand where they say."""

from __future__ import annotations

import json
import time
from html import unescape
from typing import Any

import numpy as np
import pytest

from qa.answering import composing
from qa.chat import drawing
from qa.chat.excerpts import Piece, words_in
from qa.corpus import Corpus
from qa.output import answer_json
from qa.retrieval.attribution import NEAR, matches
from qa.types import Match
from tests.helpers import QUESTIONS, json_lines

NONE = np.zeros((0, 0), np.int8)
NO_VECTORS = np.zeros((0, 0), np.float32)


def rows(*axes: int) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Vectors of words as stored, each along one of three axes."""
    return (np.eye(3)[list(axes)] * 127).astype(np.int8)


def test_the_same_word_and_its_translation_match_without_vectors() -> None:
    """ "data" as itself, "protection" by the translation table; function words never."""
    text = "Ia meminta perlindungan data."
    found = matches("the protection of data", "en", NO_VECTORS, text, "id", NONE)
    assert [(one.word, text[one.start : one.end]) for one in found] == [
        ("protection", "perlindungan"),
        ("data", "data"),
    ]
    assert found[1].strength == 1.0


def test_the_nearest_word_matches_if_it_is_near_enough() -> None:
    """By hand: cosines 1, 0 and NEAR minus a little; the title's vectors come first."""
    question = np.eye(3, dtype=np.float32)[[0]] * 5
    found = matches("xylo", "en", question, "abc def", "id", rows(2, 1, 0))
    assert [(one.start, one.end, one.word, one.strength) for one in found] == [(4, 7, "xylo", 1.0)]
    far = np.array([[NEAR - 0.05, 1, 0]], np.float32)
    far /= np.linalg.norm(far)
    assert matches("xylo", "en", far, "abc", "id", rows(0)) == ()


def test_offsets_are_those_of_the_document() -> None:
    """A passage that begins at 100 has its first word there."""
    (one,) = matches("data", "id", NO_VECTORS, "data", "id", NONE, offset=100)
    assert (one.start, one.end) == (100, 104)


def test_an_english_question_lights_indonesian_words(sample_corpus: Corpus) -> None:
    """Each match stands in the document, in the passage of the quote, and is said in the JSON."""
    answer = sample_corpus.ask("What did Jokowi say about data protection?")
    citation = answer.citations[0]
    text = sample_corpus.document(citation.document_id).text
    pairs = {(one.word, text[one.start : one.end]) for one in citation.matched}
    assert {("protection", "perlindungan"), ("data", "data")} <= pairs
    starts = [one.start for one in citation.matched]
    assert starts == sorted(set(starts))
    assert all(0 <= one.strength <= 1 for one in citation.matched)
    said = answer_json(answer)["citations"][0]["matched"]
    assert {"start", "end", "word", "strength"} == set(said[0])
    json.dumps(said)


def test_words_are_lit_in_no_time(sample_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than 10 ms of this thread's time an answer, in the median of sample questions."""
    spent: list[float] = []
    matched = composing.matched

    def timed(*given: Any) -> Any:
        start = time.thread_time()
        found = matched(*given)
        spent.append(1000 * (time.thread_time() - start))
        return found

    monkeypatch.setattr(composing, "matched", timed)
    for row in json_lines(QUESTIONS / "queries.jsonl")[:40]:
        sample_corpus.ask(row["text"])
    assert len(spent) > 20
    assert np.median(spent) < 10


def test_lit_words_are_told_by_more_than_colour() -> None:
    """A word has a class of its own, the question's word as title, and a line that says both."""
    piece = Piece("quote", "Ia meminta perlindungan data.", 50)
    text = " " * 50 + piece.text
    found = (Match(61, 73, "prot<ection", 0.8), Match(74, 78, "data", 1.0))
    html = drawing.draw([piece], found)
    assert "prot<ection" not in html
    assert unescape(html).count('class="kutip-lit" title="prot<ection"') == 1
    legend = unescape(drawing._legend(text, found, "en"))
    assert "prot<ection → perlindungan" in legend
    assert "data → data" not in legend


@pytest.mark.parametrize("kind", ["text", "quote"])
def test_words_in_a_piece_rebuild_its_text(kind: str) -> None:
    """Matches outside it, half outside it or over each other change nothing of the text."""
    piece = Piece(kind, "satu dua tiga", 10)  # type: ignore[arg-type]
    spans = [(0, 4), (8, 12), (15, 18), (16, 20), (19, 23), (20, 30)]
    parts = words_in(piece, [Match(start, end, "x", 1.0) for start, end in spans])
    assert "".join(text for text, _ in parts) == piece.text
    assert [text for text, match in parts if match] == ["dua", "tiga"]

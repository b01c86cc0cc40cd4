"""Promises of ``qa.ingest.passages``: whole sentences, the text's own characters, no furniture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import ingest
from qa.ingest.passages import TARGET_TOKENS, segments, sentences
from qa.types import Document, Span
from tests.helpers import ARTICLES, make_document

ONE = "Kapal itu berangkat Senin pagi."
TWO = "Ombak setinggi dua meter menunggu di selat."
THREE = "Nakhoda memutuskan kembali ke pelabuhan."
BANNER = "Baca juga: Harga ikan naik lagi"


def count_words(texts: Sequence[str]) -> list[int]:
    """A stand-in for the model's tokens: words between spaces."""
    return [len(text.split()) for text in texts]


def cut(document: Document, target: int = TARGET_TOKENS) -> list[str]:
    return [
        s.passage.span.of(document.text) for s in segments(document, count_words, target=target)
    ]


def test_sentences_are_gathered_up_to_the_target() -> None:
    """Five, seven and five words: a target of twelve holds the first two, then a new passage."""
    document = make_document("d", f"{ONE} {TWO} {THREE}")
    assert cut(document, target=12) == [f"{ONE} {TWO}", THREE]
    assert cut(document, target=11) == [ONE, TWO, THREE]
    assert cut(document, target=17) == [f"{ONE} {TWO} {THREE}"]


def test_a_long_sentence_stands_alone() -> None:
    """A sentence above the target is neither cut nor joined to its neighbours."""
    long = "Kapal " + "sangat " * 30 + "besar itu berangkat."
    document = make_document("d", f"{ONE} {long} {THREE}")
    assert cut(document, target=10) == [ONE, long, THREE]


def test_furniture_parts_passages_and_is_in_none() -> None:
    """What stands before and after a banner never shares a passage with it, or across it."""
    text = f"{ONE}\n\n{BANNER}\n\n{TWO}"
    start = text.index(BANNER)
    document = make_document("d", text, furniture=(Span(start, start + len(BANNER)),))
    assert cut(document) == [ONE, TWO]


def test_pages_are_hard_boundaries() -> None:
    """No passage begins on one page and ends on the next."""
    text = f"{ONE}\n{TWO}\n{THREE}"
    document = make_document("d", text, pages=(0, text.index(THREE)))
    assert cut(document) == [f"{ONE}\n{TWO}", THREE]


def test_a_sentence_that_runs_over_a_page_end_is_parted_there() -> None:
    """Each part is quoted from its own page."""
    text = "Kapal itu berangkat Senin pagi dari\nPelabuhan Bitung ke arah utara."
    document = make_document("d", text, pages=(0, text.index("Pelabuhan")))
    assert cut(document) == [
        "Kapal itu berangkat Senin pagi dari",
        "Pelabuhan Bitung ke arah utara.",
    ]


def test_passages_join_paragraphs() -> None:
    """A paragraph's end is no boundary; the white space between stays as it was."""
    document = make_document("d", f"{ONE}\n\n{TWO}")
    assert cut(document) == [f"{ONE}\n\n{TWO}"]


def test_only_furniture_gives_no_passage() -> None:
    """A document with nothing of its own has no passages, and that is no error."""
    document = make_document("d", BANNER, furniture=(Span(0, len(BANNER)),))
    assert segments(document, count_words) == []


WORDS = ["Kapal", "Tbk.", "PT.", "“Naik,”", "6,5", "\n\n", "\n", "…", "dan", "Ia", "pergi.", "U.S."]
PROSE = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join) | st.text(max_size=120)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any text with any furniture and any pages."""
    text = draw(PROSE)
    places = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(places, places), max_size=4))
    furniture = tuple(sorted(Span(min(p), max(p)) for p in pairs))
    pages = tuple(sorted({0, *draw(st.lists(places, max_size=3))})) if draw(st.booleans()) else ()
    language = draw(st.sampled_from(["id", "en", "de", "und"]))
    return make_document("d", text, language=language, furniture=furniture, pages=pages)


@given(documents(), st.integers(1, 30))
def test_what_holds_for_any_document(document: Document, target: int) -> None:
    """Passages run in order, are made of whole sentences, and hold no furniture and no page end.

    A passage starts where its first sentence starts and ends where its last
    ends; between two sentences stands white space only.
    """
    text = document.text
    cut = segments(document, count_words, target=target)
    assert [s for segment in cut for s in segment.sentences] == sentences(document)
    for one, two in pairwise([s for segment in cut for s in segment.sentences]):
        assert one.end <= two.start
    for segment in cut:
        span = segment.passage.span
        assert (span.start, span.end) == (segment.sentences[0].start, segment.sentences[-1].end)
        assert segment.passage.document_id == document.id
        assert not any(span.overlaps(mark) for mark in document.furniture if mark.start < mark.end)
        assert len({document.page_of(i) for i in range(span.start, span.end)}) <= 1
        for sentence in segment.sentences:
            quote = sentence.of(text)
            assert quote
            assert quote == quote.strip()
        for one, two in pairwise(segment.sentences):
            assert not text[one.end : two.start].strip()
        if len(segment.sentences) > 1:
            assert sum(count_words([s.of(text) for s in segment.sentences])) <= target


@given(documents())
def test_every_word_outside_furniture_is_in_a_sentence(document: Document) -> None:
    """Nothing of the article is lost: letters outside furniture are all in some sentence."""
    covered: set[int] = set()
    for span in sentences(document):
        covered.update(range(span.start, span.end))
    for mark in document.furniture:
        covered.update(range(mark.start, mark.end))
    lost = [c for i, c in enumerate(document.text) if i not in covered and c.isalnum()]
    assert lost == []


@pytest.mark.parametrize("path", sorted(ARTICLES.iterdir()), ids=lambda path: path.stem)
def test_the_sample_articles(path: Path) -> None:
    """The same holds for every sample article, and none is without passages."""
    document = ingest.read(path)
    cut = segments(document, count_words)
    assert cut
    for segment in cut:
        assert segment.passage.span.of(document.text).strip()
        assert not any(segment.passage.span.overlaps(mark) for mark in document.furniture)

"""Promises about when and where something was said: the sentence that tells is cited first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import embeddings
from qa.answering.following import Turn
from qa.answering.occasion import asks_occasion, occasion
from qa.answering.question import Kind, understand
from qa.answering.statements import find_statements
from qa.corpus import Corpus
from qa.language.sentences import sentence_spans
from qa.types import Document

TEXT = (
    "TANJUNGSARI, KABAR PESISIR – Wali Kota Bagus Santoso meresmikan pasar ikan baru.\n\n"
    "“Pada 3 Mei 2031 bandara di Bandung akan dibuka,” kata Bagus.\n\n"
    "Ia berbicara di Balai Kota Tanjungsari, Kamis (5/9) sore.\n\n"
    "“Sewa kios tidak akan naik,” ucapnya."
)


def told(anchor: str, kind: Kind, text: str = TEXT) -> str | None:
    """The first words of the sentence that tells when or where *anchor* was said."""
    spans = sentence_spans(text, "id")
    place = next(i for i, span in enumerate(spans) if anchor in span.of(text))
    at = occasion(
        text,
        spans,
        place,
        find_statements(Document("d", "", text, "d.txt", None, None, "id")),
        kind,
    )
    return None if at is None else " ".join(spans[at].of(text).split()[:2])


def test_the_nearest_sentence_before_tells() -> None:
    """In the writer's words: a day or a town within a quotation is another."""
    assert told("Sewa kios", Kind.DATE) == "Ia berbicara"
    assert told("Sewa kios", Kind.PLACE) == "Ia berbicara"
    assert told("bandara di", Kind.PLACE) == "TANJUNGSARI, KABAR"
    outlet = "kabar.com - Hujan deras turun.\n\n“Sewa kios tidak akan naik di ASEAN,” kata Bagus."
    assert told("Sewa kios", Kind.PLACE, outlet) is None


def test_a_sentence_after_it_is_better_than_none() -> None:
    """And where none tells, there is none."""
    assert told("bandara di", Kind.DATE) == "Ia berbicara"
    assert told("Sewa", Kind.DATE, "“Sewa kios tidak akan naik minggu depan,” kata Bagus.") is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("When did Bagus say that about rent?", True),
        ("Where was that said?", True),
        ("Kapan Bagus mengatakan itu tentang sewa?", True),
        ("Di mana hal itu disampaikan?", True),
        ("When will the rent rise, according to Bagus?", False),
        ("Kapan sewa naik menurut Bagus?", False),
        ("Why did Bagus say that?", False),
    ],
)
def test_what_asks_for_it(text: str, asks: bool) -> None:
    """The day of the words, not a day within them."""
    assert asks_occasion(understand(text)) is asks


def test_it_is_asked_after_an_answer(open_corpus: Callable[..., Corpus], tmp_path: Path) -> None:
    """ "Kapan?", "Di mana?": what tells comes first."""
    file = tmp_path / "pasar.txt"
    file.write_text(TEXT, encoding="utf-8")
    corpus = open_corpus(embeddings.load())
    corpus.add(file)
    first = corpus.ask("Apa kata Bagus soal sewa kios?")
    turns = [Turn.of(first)]
    for word in ("Kapan?", "Di mana?"):
        answer = corpus.ask(word, previous=turns)
        assert answer.question.startswith(f"{word[:-1]} Bagus mengatakan itu tentang sewa kios")
        assert "di Balai Kota Tanjungsari, Kamis (5/9)" in answer.citations[0].quote
        turns.append(Turn.of(answer))
    limited = corpus.ask("speaker:Bagus Kapan Bagus mengatakan itu tentang sewa kios?")
    assert limited.citations
    assert all(c.speaker for c in limited.citations)

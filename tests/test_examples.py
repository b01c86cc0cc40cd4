"""Promises of the questions to start with: made from the documents, and answered by them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qa.chat import examples
from qa.chat.asking import Desk
from qa.chat.examples import Examples, _asked_of, _topical, topics
from qa.chat.translating import Words
from qa.chat.wording import TEXTS
from qa.corpus import Corpus
from qa.language.names import same_person
from qa.types import Span
from tests.helpers import AXES, SHIP, FakeEmbedder, make_document, write_articles

BODY = (
    "Larangan ekspor bijih nikel berlaku. Menteri berbicara tentang larangan ekspor bijih nikel "
    "di Jakarta. Pabrik di Morowali bertambah, dan ia meminta keringanan dari ASEAN."
)
TITLE = "Tiga Tahun Larangan Ekspor Bijih Nikel: Morowali Meminta Keringanan ASEAN"


def test_topics_are_names_of_things_in_the_words_of_the_article() -> None:
    """In small letters as the article has them; names in any language, but no places."""
    document = make_document("d", f"{TITLE}\n\n{BODY}", title=TITLE)
    assert topics(document, "id") == ["larangan ekspor bijih nikel", "ASEAN"]
    assert topics(document, "en") == ["ASEAN"]


def test_topics_come_from_the_article_alone() -> None:
    """Not from its furniture, and not from a title whose words it never uses."""
    text = f"{TITLE}\n\nTidak ada apa-apa di sini. {BODY}"
    start = text.index(BODY)
    document = replace(make_document("d", text, title=TITLE), furniture=(Span(start, len(text)),))
    assert topics(document, "id") == []
    assert topics(make_document("d", BODY, title=""), "id") == []


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_example_is_answered(language: str, sample_corpus: Corpus) -> None:
    """By a quote; where it asks for somebody's words, by that person."""
    found = examples.made(sample_corpus, language)
    assert len(found) == examples.MOST
    for question in found:
        answer = sample_corpus.ask(question)
        assert not answer.abstained
        assert answer.language == language
        if asked := sample_corpus.understand(question).speaker:
            said_by = answer.citations[0].speaker
            assert said_by is not None and same_person(said_by, asked)


def test_examples_differ(sample_corpus: Corpus) -> None:
    """Another topic each; one asks what somebody has said lately, within those years."""
    for language, since in (
        ("en", r"^What has (.+) said since (\d{4})\?$"),
        ("id", r"^Apa kata (.+) sejak (\d{4})\?$"),
    ):
        found = examples.made(sample_corpus, language)
        assert len(set(found)) == len(found)
        (late,) = [match for question in found if (match := re.match(since, question))]
        cited = sample_corpus.ask(late[0]).citations
        assert cited and all(c.published and c.published.year >= int(late[2]) for c in cited)


def test_topics_of_another_language_are_quoted_and_come_last(
    open_corpus: Callable[..., Corpus],
) -> None:
    """A name is one in any language; a phrase is asked about in the words of its article."""
    said = '"Kapal perintis harus tetap ada dari Ambon ke Seram," kata Yosefa Latu di Ambon.'
    text = f"Kapal Perintis Berlayar Lagi\n\nSoal kapal perintis semua tegas. {said}"
    corpus = open_corpus()
    corpus.put(make_document("d", text, title="Kapal Perintis Berlayar Lagi"), "/x/d")
    listed = {one.id for one in corpus.documents()}
    asked = {
        language: [
            one.question
            for foreign in (False, True)
            for one in _topical(corpus, corpus.speakers(), listed, language, foreign=foreign)
        ]
        for language in ("en", "id")
    }
    assert asked["en"] == ["What did Yosefa Latu say about “kapal perintis”?"]
    assert asked["id"] == ["Apa kata Yosefa Latu tentang kapal perintis?"]


def test_a_word_is_translated_where_that_is_sure(sample_corpus: Corpus) -> None:
    """By the table in both directions and the model; two words change places."""
    words = Words(sample_corpus.embedder)
    for source, target, one, other in (
        ("id", "en", "korupsi", "corruption"),
        ("id", "en", "banjir", "floods"),
        ("id", "en", "pertumbuhan ekonomi", "economic growth"),
        ("en", "id", "corruption", "korupsi"),
        ("id", "en", "jokowi", None),  # the same in both
        ("id", "en", "gebuk", None),
        ("id", "en", "gebuk ekonomi", None),
    ):
        assert words.translated(one.split(), source, target) == other
    assert Words(FakeEmbedder(*AXES)).translated(["korupsi"], "id", "en") is None


def test_indonesian_articles_are_asked_about_in_english(tmp_path: Path) -> None:
    """A thing in the title, of which the article tells and the speaker speaks; nobody's name."""
    said = '"Korupsi di pelabuhan harus dihentikan karena korupsi merugikan nelayan,"'
    text = (
        "Korupsi di pelabuhan Ambon dibahas lagi\n\n"
        f"{said} kata Bupati Yosefa Latu di Ambon. Warga berbicara tentang korupsi. "
        "Soal korupsi itu sudah lama dibahas. Laporan tentang korupsi disimpan di kantor."
    )
    (tmp_path / "a.txt").write_text(text, "utf-8")
    with Corpus.open(tmp_path / "corpus") as corpus:
        corpus.add(tmp_path / "a.txt")
        found = examples.made(corpus, "en")
        assert "What did Yosefa Latu say about corruption?" in found
        assert not any("“" in question and "Yosefa" in question for question in found)


def test_an_english_name_has_its_article() -> None:
    """Where the article says "the GDPR" more often than not."""
    text = "The GDPR is old. Fines of the GDPR grew, and of RCEP they did not. RCEP is the new one."
    document = make_document("d", text, title="What GDPR and RCEP Have Done", language="en")
    written = dict(_asked_of(document, "en", foreign=False))
    assert written == {"GDPR": "the GDPR", "RCEP": "RCEP"}
    assert dict(_asked_of(document, "id", foreign=False)) == {"GDPR": "GDPR", "RCEP": "RCEP"}


def test_a_question_that_is_not_answered_is_no_example(
    sample_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is offered that would be refused, and only so many are tried."""
    asked: list[str] = []
    silent = sample_corpus.ask("Berapa harga cabai rawit di Pasar Minggu?")
    assert silent.abstained

    def ask(question: str) -> object:
        asked.append(question)
        return silent

    monkeypatch.setattr(sample_corpus, "ask", ask)
    assert examples.made(sample_corpus, "id") == []
    assert len(asked) == examples.TRIES


def test_a_title_that_is_no_question_does_no_harm(
    open_corpus: Callable[..., Corpus],
) -> None:
    """A filter that cannot be read, a title longer than a question: left out, nothing raised."""
    corpus = open_corpus()
    for id, title in (("d1", "Kapal after:lusa"), ("d2", "kapal " * 400), ("d3", "\u0301 7 —")):
        corpus.put(make_document(id, f"{title}\n\n{SHIP} {id}", title=title), f"/x/{id}")
    assert all("after" not in question for question in examples.made(corpus, "id"))


def test_examples_are_made_once_for_a_state_of_the_corpus(
    open_corpus: Callable[..., Corpus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again only when documents have come or gone; another language by itself."""
    corpus, calls = open_corpus(), []

    def made(corpus: Corpus, language: str) -> list[str]:
        calls.append(language)
        return [f"{language} {len(corpus.documents())}"]

    monkeypatch.setattr(examples, "made", made)
    kept = Examples(corpus)
    assert [kept.of("id"), kept.of("id"), kept.of("en")] == [["id 0"], ["id 0"], ["en 0"]]
    corpus.add(write_articles(tmp_path / "a", ("kapal",)))
    assert kept.of("id") == ["id 1"]
    assert calls == ["id", "en", "id"]


def test_an_empty_corpus_suggests_nothing(open_corpus: Callable[..., Corpus]) -> None:
    """There is nothing to ask yet."""
    assert Desk(open_corpus()).examples.of("en") == []


def test_an_empty_chat_says_where_documents_are_added(
    open_corpus: Callable[..., Corpus], sample_corpus: Corpus
) -> None:
    """Until there are some; then what to do with them."""
    request: Any = SimpleNamespace(headers={"accept-language": "id"})
    for corpus, key in ((open_corpus(), "no_documents"), (sample_corpus, "welcome")):
        chat = Desk(corpus).suggest(request)
        assert chat.placeholder == TEXTS["id"][key]

"""The year that a question names, and the articles that tell of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import embeddings
from qa.answering.years import told, told_of_others, untold
from qa.corpus import Corpus
from qa.types import Document, Reason
from tests.helpers import answering_from

Open = Callable[..., Corpus]


def article(text: str, published: date | None = date(2017, 6, 5)) -> Document:
    return Document("a", "", text, "a.txt", None, published, "id")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Kapal itu karam.", {2017}),
        ("Kapal itu karam pada 2009.", {2009, 2017}),
        ("Juara musim 2007/08 dan 1998 - 99.", {2007, 2008, 1998, 1999, 2017}),
        ("Juara musim 94/95, skor 21-15.", {1994, 1995, 2017}),
        ("Tahun lalu kapal itu karam.", {2016, 2017}),
        ("It sank last March.", {2016, 2017}),
        ("Musim depan kapal itu berlayar lagi.", {2017, 2018}),
        ("Kapal itu karam lima tahun silam.", {2011, 2012, 2013, 2017}),
        ("It sank 12 years ago.", {2004, 2005, 2006, 2017}),
        ("Over the last two years it sailed.", {2014, 2015, 2016, 2017}),
    ],
)
def test_an_article_tells_of_the_years_it_counts_to(text: str, years: set[int]) -> None:
    """Its own, those it names, and those it counts back or ahead to."""
    assert told(article(text)) == years


def test_around_new_year_the_year_beside_is_told_as_well() -> None:
    """In January "pada Desember" is last year's; in December "pada Januari" is next year's."""
    assert told(article("Kapal itu karam.", date(2018, 1, 3))) == {2017, 2018}
    assert told(article("Kapal itu berlayar.", date(2017, 12, 30))) == {2017, 2018}


@pytest.mark.parametrize(
    ("question", "language", "lacks"),
    [
        ("Who won the 2013 cup?", "en", ("2013",)),
        ("Who won the 2017 cup?", "en", ()),
        ("Siapa juara Piala Melati 2018?", "id", ("2018",)),  # it was still to come
        ("Who won the Melati Cup in 2018?", "en", ("2018",)),
        ("Berapa suara Rini di pemilihan 2018?", "id", ("2018",)),
        ("Kapan Piala Melati 2018 digelar?", "id", ()),
        ("Siapa favorit juara Piala Melati 2018?", "id", ()),
        ("How many medals does Halong aim for in 2018?", "en", ()),
        ("Who will win the Melati Cup in 2018?", "en", ()),
        ("Apa isi UU Nomor 7 Tahun 2017?", "id", ()),
        ("Who won the cup?", "en", ()),
    ],
)
def test_a_year_that_the_article_cannot_tell_of(
    question: str, language: str, lacks: tuple[str, ...]
) -> None:
    """It is of another year, or from before what it is asked to tell the outcome of."""
    found = untold(question, language, article("Persada bersiap untuk Piala Melati 2018."))
    assert (found.words if found else ()) == lacks


@pytest.mark.parametrize(
    ("quotes", "published", "lacks"),
    [
        (["Persada juara pada 2009."], None, True),
        (["Persada juara pada 2009."], date(2017, 6, 5), True),
        (["Persada juara pada 2009."], date(2013, 6, 5), False),  # its own year
        (["Persada juara pada 2009 dan 2013."], None, False),
        (["Persada juara pada 2009.", "Cendana menyusul pada 2013."], None, False),
        (["Persada juara musim 2012/13."], None, False),
        (["Persada juara."], None, False),
        (["Persada juara di depan 2.013 penonton."], None, False),
        (["Persada juara pada 10/11/2009."], None, True),
        (
            ["Persada juara pada 2009.", "Empat tahun lalu giliran Cendana."],
            date(2017, 6, 5),
            False,
        ),
        (["Persada juara pada 2009.", "Empat tahun lalu giliran Cendana."], None, True),
    ],
)
def test_quotes_that_tell_of_another_year(
    quotes: list[str], published: date | None, lacks: bool
) -> None:
    """The first names others, none names the one asked about, and it is not the article's."""
    found = told_of_others("Who won the 2013 cup?", quotes, article(" ".join(quotes), published))
    assert (found is not None) is lacks
    assert told_of_others("Who won the cup?", quotes, article("", published)) is None


def test_an_article_without_a_date_is_not_judged() -> None:
    """It may be of any year."""
    assert told(article("Kapal itu karam.", None)) is None
    assert untold("Who won the 2013 cup?", "en", article("Persada won the cup.", None)) is None


def test_a_hostile_text_costs_no_time() -> None:
    """Of ages of "years ago", and of a book, which is not judged at all."""
    ages = "".join(f"{age % 90} {' ' * (age % 7)}years ago. " for age in range(20_000))
    assert told(article(ages)) is None
    assert told_of_others("Who won the 1700 cup in 1950?", [ages], article("")) is None


CUPS = {
    2015: "Persada menjuarai Piala Melati setelah mengalahkan Garuda Halong di final.",
    2017: "Cendana menjuarai Piala Melati setelah mengalahkan Persada di final.",
}


@pytest.fixture
def cups(open_corpus: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """The finals of two years, each told in an article that does not write its year."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    monkeypatch.setattr("qa.answering.evidence.NAMELESS_THRESHOLD", 0.0)
    for year, text in CUPS.items():
        (tmp_path / f"{year}.txt").write_text(
            f"Kabar Olahraga\n\n04/06/{year}\n\n{text}\n", encoding="utf-8"
        )
    corpus = open_corpus(embeddings.load())
    corpus.add(*(tmp_path / f"{year}.txt" for year in CUPS))
    assert {one.published for one in corpus.documents()} == {date(y, 6, 4) for y in CUPS}
    return corpus


@pytest.mark.parametrize("year", CUPS)
@pytest.mark.parametrize(
    "question", ["Siapa juara Piala Melati {}?", "Who won the Melati Cup in {}?"]
)
def test_the_article_of_the_year_asked_about_is_quoted(
    cups: Corpus, year: int, question: str
) -> None:
    """Though one of another year comes as near."""
    answer = cups.ask(question.format(year))
    assert {one.quote for one in answer.citations} == {CUPS[year]}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Siapa juara Piala Melati 2011?", "tidak ada di mana pun"),
        ("Siapa juara Piala Melati 2015 dan 2016?", "tidak ada di mana pun"),
        ("Who won the Melati Cup in 2021?", "stands nowhere"),
    ],
)
def test_a_year_that_no_article_tells_of_is_refused(cups: Corpus, question: str, said: str) -> None:
    """However near the finals of other years come."""
    answer = cups.ask(question)
    assert answer.reason is Reason.NUMBER_MISSING
    assert said in answer.text


def test_a_refusal_says_that_the_article_is_older(
    open_corpus: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An article that looks ahead to a cup does not tell who won it."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    (tmp_path / "a.txt").write_text(
        "Menuju Piala Melati\n\n04/06/2017\n\nPersada lolos ke Piala Melati 2018 di Halong.\n",
        encoding="utf-8",
    )
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path / "a.txt")
    answer = corpus.ask("Who won the Melati Cup in 2018?")
    assert answer.abstained
    assert "was written before “2018”" in answer.text
    answer = corpus.ask("Siapa juara Piala Melati 2018?")
    assert answer.abstained
    assert "ditulis sebelum “2018”" in answer.text
    assert not corpus.ask("Siapa yang lolos ke Piala Melati 2018?").abstained

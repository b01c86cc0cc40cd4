"""Promises about who wrote an article, where and when it appeared: told, proven, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings import load
from qa import cli, dossier
from qa.answering.following import Turn
from qa.answering.particulars import asked
from qa.answering.question import interpret
from qa.answering.verification import proven
from qa.chat.drawing import view
from qa.corpus import Corpus
from qa.dossier import record
from qa.output import answer_json
from qa.retrieval.restriction import is_writer, writers
from qa.types import Field, FilterKey, Reason, Standing

BYLINE, OUTLET, PUBLISHED, TITLE = Field.BYLINE, Field.OUTLET, Field.PUBLISHED, Field.TITLE


@pytest.mark.parametrize(
    ("question", "fields", "matter"),
    [
        ("Who wrote the article about the nickel ban?", (BYLINE,), "the nickel ban"),
        ("Who is the author of the story on data protection?", (BYLINE,), "data protection"),
        ("Siapa penulis artikel tentang larangan nikel?", (BYLINE,), "larangan nikel"),
        ("Siapa yang menulis berita soal gempa Palu?", (BYLINE,), "gempa Palu"),
        ("Artikel tentang gempa Palu ditulis oleh siapa?", (BYLINE,), "gempa Palu"),
        ("Which outlet reported the earthquake?", (OUTLET,), "the earthquake"),
        ("Media apa yang memberitakan gempa Palu?", (OUTLET,), "gempa Palu"),
        ("Who reported that the ban was lifted?", (OUTLET, BYLINE), "the ban was lifted"),
        (
            "Which newspaper reported the ban and when was it published?",
            (OUTLET, PUBLISHED),
            "the ban",
        ),
        (
            "Siapa penulis artikel tentang nikel, dan kapan terbit?",
            (BYLINE, PUBLISHED),
            "nikel",
        ),
        ("When was the article about RCEP published?", (PUBLISHED,), "RCEP"),
        ("Kapan berita tentang RCEP diterbitkan?", (PUBLISHED,), "RCEP"),
        ("Which articles mention the G20?", (TITLE,), "the G20"),
        ("Artikel mana yang membahas G20?", (TITLE,), "G20"),
        ("Siapa penulis artikel ini?", (BYLINE,), ""),
        ("Who wrote the nickel article?", (BYLINE,), "nickel"),
        ("Which journalist wrote the article on nickel?", (BYLINE,), "nickel"),
        ("Author of the article about nickel?", (BYLINE,), "nickel"),
        ("Artikel tentang nikel penulisnya siapa?", (BYLINE,), "nikel"),
        ("Berita gempa Palu itu siapa yang nulis?", (BYLINE,), "gempa Palu"),
        ("What date was the article about nickel published?", (PUBLISHED,), "nickel"),
        ("Who wrote the article about it, where and when?", (BYLINE, OUTLET, PUBLISHED), ""),
        ("How many articles did Ali Nadir write?", (TITLE,), ""),
        ("Ada artikel apa saja tentang G20?", (TITLE,), "G20"),
    ],
)
def test_what_is_asked_of_articles(question: str, fields: tuple[Field, ...], matter: str) -> None:
    """Questions about articles are told from questions about what they tell."""
    found = asked(question)
    assert found is not None
    assert (found.fields, found.matter) == (fields, matter)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the report on climate change?",
        "Who wrote the constitution?",
        "Who published the guidelines?",
        "Siapa yang melaporkan Ferdinand ke polisi?",
        "Siapa penulis buku Laskar Pelangi?",
        "When was the law published?",
        "Kapan UU itu diterbitkan?",
        "Who reported the theft?",
        "Which articles of the constitution were amended?",
        "What did Jokowi say about the article?",
        "Apa berita tentang nikel?",
        "Who wrote about distillation?",
        "Siapa yang menerbitkan buku itu?",
    ],
)
def test_what_is_asked_of_the_world(question: str) -> None:
    """Who wrote a book or reported a theft is for the articles to tell, not of them."""
    assert asked(question) is None


def test_the_writer_is_a_filter() -> None:
    """Whose articles are asked for limits the search, in plain words and typed."""
    question = interpret("Which articles did Dewi Larungan write about cables?", outlets={})
    assert question.fields == (TITLE,)
    assert question.text == "cables"
    assert [(one.key, one.value, one.restricts) for one in question.filters] == [
        (FilterKey.BYLINE, "Dewi Larungan", True)
    ]
    by = {"Dewi Larungan"}.__contains__
    plain = interpret("What did Dewi Larungan write about cables?", outlets={}, wrote=by)
    assert [str(one) for one in plain.filters] == ['byline:"Dewi Larungan"']
    # Somebody who is no writer here is no filter.
    assert not interpret("What did Ali Nadir write about cables?", outlets={}, wrote=by).filters
    assert [str(one) for one in interpret("penulis:Dewi kabel", outlets={}).filters] == [
        "byline:Dewi"
    ]


def test_the_names_in_a_byline() -> None:
    """A byline may hold several names, what they are, and where they wrote."""
    assert writers("Editor: Rina W. dan Ali Nadir") == ["Rina W.", "Ali Nadir"]
    assert writers("Clara Whitmoor in Brussels") == ["Clara Whitmoor"]
    assert is_writer("ali", "Rina W. dan Ali Nadir")
    assert not is_writer("Nadir Ali", "Rina W. dan Ali Nadir")


def test_a_byline_is_quoted(sample_corpus: Corpus) -> None:
    """The line that names the writer is the quote, proven, with the name marked in it."""
    answer = sample_corpus.ask("Who wrote the article about the nickel ore export ban?")
    assert not answer.abstained
    (citation,) = answer.citations
    assert citation.quote.startswith("Reporter: Ratri Kusumabrata")
    assert citation.short_text == "Ratri Kusumabrata"
    assert citation.field is BYLINE
    assert "Ratri Kusumabrata" in answer.text
    document = sample_corpus.document(citation.document_id)
    assert proven(citation, document)
    assert sample_corpus.proof(citation.quote, citation).found
    # The very same words are no quote of the article.
    assert not proven(replace(citation, field=None), document)
    (told,) = answer_json(answer)["particulars"]
    assert told == {"n": 1, "field": "byline", "value": "Ratri Kusumabrata", "in_text": True}


def test_what_only_the_file_says(sample_corpus: Corpus) -> None:
    """A writer whom only the data of an HTML file name is told as such, and not as a quote."""
    answer = sample_corpus.ask("Who wrote the article about fifteen countries signing RCEP?")
    (told,) = answer.particulars
    assert (told.value, told.in_text) == ("Marcus Tanaka-Bell", False)
    assert "its text does not say" in answer.text
    assert all("Tanaka" not in citation.quote for citation in answer.citations)


def test_no_writer_is_refused(sample_corpus: Corpus) -> None:
    """An article without a byline names no writer, and that is said."""
    answer = sample_corpus.ask("Who wrote the article about the SATRIA satellite?")
    assert answer.reason is Reason.NOT_STATED
    assert answer.text == "“A satellite for the schools the cable missed” names no writer."
    assert not answer.citations


def test_an_article_that_is_not_there(sample_corpus: Corpus) -> None:
    """Nobody wrote about what no article is about; nor did a stranger write any."""
    answer = sample_corpus.ask("Who wrote the article about football in Brazil?")
    assert answer.abstained
    answer = sample_corpus.ask("Which articles did Budi Tak Ada write about nickel?")
    assert answer.reason is Reason.FILTERED_OUT
    assert "Budi Tak Ada" in answer.text


def test_outlet_and_date(sample_corpus: Corpus) -> None:
    """Two things asked at once are both told, each with the line that says so."""
    answer = sample_corpus.ask(
        "Media apa yang memberitakan lima tahun gempa Palu dan kapan terbitnya?"
    )
    assert [(one.field, one.value) for one in answer.particulars] == [
        (OUTLET, "LAYANG"),
        (PUBLISHED, "2023-09-28"),
    ]
    assert [c.quote for c in answer.citations] == [
        "Palu (LAYANG)",
        "Tanggal: 28 September 2023 21:40 WIB",
    ]
    assert "terbit 28 September 2023" in answer.text


def test_articles_by_a_writer(sample_corpus: Corpus) -> None:
    """All articles of a writer, the newest first, or those on a topic."""
    answer = sample_corpus.ask("Which articles did Yusril Tanahboya write?")
    days = [citation.published for citation in answer.citations]
    assert len(days) == 3
    assert days == sorted(days, key=str, reverse=True)
    answer = sample_corpus.ask("Artikel apa yang ditulis Yusril Tanahboya tentang vaksinasi?")
    assert [c.quote for c in answer.citations] == [
        "Suntikan Pertama di Istana, Vaksinasi COVID-19 Dimulai"
    ]


def test_which_article(sample_corpus: Corpus) -> None:
    """Of many articles one has to be named, or chosen."""
    assert sample_corpus.ask("Who wrote this article?").reason is Reason.WHICH_ARTICLE
    chosen = next(d for d in sample_corpus.documents() if "palapa" in d.source)
    answer = sample_corpus.ask("Siapa penulis artikel ini?", documents=[chosen.id])
    assert [one.value for one in answer.particulars] == ["Dewi Larungan"]


def test_the_quote_that_was_shown(sample_corpus: Corpus) -> None:
    """ "When did she say that?" and "Who wrote it?" ask of the first quote of the last answer."""
    first = sample_corpus.ask("Apa kata Retno tentang diplomasi digital?")
    shown = first.citations[0]
    when = sample_corpus.ask("Kapan dia mengatakan itu?", previous=[Turn.of(first)])
    assert when.followed is not None
    assert when.followed.about is not None
    assert when.followed.about.start == shown.start
    assert {c.document_id for c in when.citations} == {shown.document_id}
    assert any(c.start <= shown.start < c.end for c in when.citations)
    who = sample_corpus.ask("Siapa penulisnya?", previous=[Turn.of(first), Turn.of(when)])
    assert [one.value for one in who.particulars] == [
        sample_corpus.document(shown.document_id).byline
    ]


def test_the_article_may_not_be_meant(sample_corpus: Corpus) -> None:
    """After a question about a law, "When was it published?" is asked of the law."""
    first = sample_corpus.ask("What is the fine in the data protection law?")
    answer = sample_corpus.ask("When was it published?", previous=[Turn.of(first)])
    assert not answer.particulars


TOLD = """Harga Cabai Turun

Jakarta, 3 Mei 2021 - Harga cabai turun di semua pasar pekan ini.

"Stok kami melimpah," kata pedagang cabai Tarjo Wisanggeni. Harganya kini Rp20.000 sekilo.

Penulis: <b>Mirna</b> Sekarsari
"""


@pytest.fixture
def told(open_corpus: Callable[..., Corpus], tmp_path: Path) -> Corpus:
    """One article with a byline that looks like markup."""
    path = tmp_path / "cabai.txt"
    path.write_text(TOLD.replace("<b>Mirna</b>", "Mirna"), encoding="utf-8")
    corpus = open_corpus(load())
    corpus.add(path)
    return corpus


def test_a_changed_byline_is_altered(told: Corpus, tmp_path: Path) -> None:
    """A byline is proven against the file like any quote: found, altered or missing."""
    answer = told.ask("Siapa penulis artikel tentang harga cabai?")
    (citation,) = answer.citations
    assert citation.quote == "Penulis: Mirna Sekarsari"
    # Read again, the line is still found, furniture though it is.
    assert told.proof(citation.quote, citation, thorough=True).file is Standing.FOUND
    path = tmp_path / "cabai.txt"
    path.write_text(TOLD + "\n", encoding="utf-8")
    assert told.proof(citation.quote, citation, thorough=True).file is Standing.ALTERED
    path.unlink()
    assert told.proof(citation.quote, citation, thorough=True).file is Standing.MISSING


def test_a_dossier_checks_it(told: Corpus, tmp_path: Path) -> None:
    """A dossier holds the byline, and can be checked months later."""
    answer = told.ask("Siapa penulis artikel tentang harga cabai?")
    path = tmp_path / "dossier.json"
    dossier.write(dossier.gather([answer], told), path)
    (checked,) = record.check(record.read(path), told)
    assert checked.proof.found


def test_in_the_chat(sample_corpus: Corpus) -> None:
    """The chat shows the line with its card, and the writer as a chip that can be left out."""
    answer = sample_corpus.ask("Which articles did Dewi Larungan write about Palapa Ring?")
    seen = view(answer, sample_corpus, 1)
    assert seen.shown == (1,)
    assert "without-byline" in seen.chips
    assert "kutip-1-1" in seen.panel
    every = sample_corpus.ask(answer.question, without=["byline"])
    assert not any(one.key is FilterKey.BYLINE for one in every.understood)


def test_on_the_terminal(sample_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line prints the line, and ends with 1 where no writer is named."""
    ask = ["--corpus", str(sample_copy), "ask"]
    assert cli.main([*ask, "Siapa penulis artikel tentang Palapa Ring?"]) == 0
    assert "Penulis: Dewi Larungan [1]" in capsys.readouterr().out
    assert cli.main([*ask, "--json", "Who wrote the article about the SATRIA satellite?"]) == 1
    assert json.loads(capsys.readouterr().out)["reason"] == "not_stated"


def test_a_slip_in_a_name_is_put_right(sample_corpus: Corpus) -> None:
    """The name understood is shown, and searched for; a stranger stays who it is."""
    question = sample_corpus.understand("apa kata jokwi soal perlindungan data?")
    assert [str(one) for one in question.filters] == ['speaker:"Joko Widodo"']
    assert "jokwi" not in question.text
    assert sample_corpus.understand("What did Wiranto say about data?").speaker == "Wiranto"


def test_the_article_may_name_another_outlet(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """Who reported something may stand in the article: that is quoted after its own outlet."""
    path = tmp_path / "dam.txt"
    path.write_text(
        "Cracks in the Velmar dam\n\nVELMAR, THE HILL GAZETTE – Engineers inspected the dam on"
        " Monday after a week of rain in the valley.\n\nThe Courier reported that the cracks in the"
        " Velmar dam had been known for years. The council denied it.\n",
        encoding="utf-8",
    )
    corpus = open_corpus(load())
    corpus.add(path)
    answer = corpus.ask("Which newspaper reported that the cracks in the Velmar dam were known?")
    assert [one.value for one in answer.particulars] == ["THE HILL GAZETTE"]
    assert answer.citations[0].quote == "VELMAR, THE HILL GAZETTE"
    assert any("The Courier reported" in c.quote for c in answer.citations[1:])
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_when_the_article_does_not_tell(open_corpus: Callable[..., Corpus], tmp_path: Path) -> None:
    """Where no sentence says when it was said, the day the article appeared is given as that."""
    path = tmp_path / "reef.txt"
    path.write_text(
        "Divers worry about the reef\n\nPublished: 3 May 2021\n\nThe reef off Velmar is losing its"
        ' colour. "We see less coral every season," said diving instructor Ida Strand.\n',
        encoding="utf-8",
    )
    corpus = open_corpus(load())
    corpus.add(path)
    first = corpus.ask("What did Ida Strand say about coral?")
    assert not first.abstained
    answer = corpus.ask("When did she say that?", previous=[Turn.of(first)])
    assert [(one.field, one.value) for one in answer.particulars] == [(PUBLISHED, "2021-05-03")]
    assert "does not say when" in answer.text
    assert answer.citations[0].quote == "Published: 3 May 2021"

"""Promises of the short answer: the few words of a quote that a question asks for."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.question import Kind, understand
from qa.answering.short_answers import Sort, short_answer, sought
from qa.chat.drawing import view
from qa.cli import main
from qa.corpus import Corpus
from qa.dossier import gather
from qa.dossier.markdown import to_markdown
from qa.dossier.page import to_html
from qa.language.figures import figures
from qa.output import answer_json
from qa.retrieval.lexical import query_words


def marked(question: str, sentence: str, language: str) -> str | None:
    """The words that are marked in *sentence*."""
    asked = understand(question)
    words = query_words(asked.text, asked.language, ("id", "en"))
    span = short_answer(asked, sentence, language, words)
    return span.of(sentence) if span else None


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("How many ferries sank?", Sort.COUNT),
        ("Berapa kapal yang tenggelam?", Sort.COUNT),
        ("Berapa persen warga yang setuju?", Sort.PERCENTAGE),
        ("Berapa lama pembangunan jembatan itu?", Sort.DURATION),
        ("How long did the strike last?", Sort.DURATION),
        ("Berapa harga tiketnya?", Sort.MONEY),
        ("How much did the bridge cost?", Sort.MONEY),
        ("Berapa panjang jembatan itu?", Sort.MEASURE),
        ("Berapa skor laga Persada lawan Melati?", Sort.SCORE),
        ("What was the final score of the match?", Sort.SCORE),
        ("Persada menang dengan skor berapa?", Sort.SCORE),
        ("What is the weight of the bell?", Sort.MEASURE),
        ("What level did the river reach?", Sort.COUNT),
        ("Kapan pasar itu terbakar?", Sort.DATE),
        ("Tahun berapa pasar itu dibuka?", Sort.YEAR),
        ("Pukul berapa rapat dimulai?", Sort.TIME),
        ("Siapa wali kota Tanjungsari?", Sort.PERSON),
        ("Di mana kapal itu karam?", Sort.PLACE),
        ("Which company built the bridge?", Sort.ORGANISATION),
        ("Apa kepanjangan BPT?", Sort.EXPANSION),
        ("Mengapa kapal itu karam?", None),
        ("Did the ferry sink?", None),
        ("Siapa saja yang hadir?", None),
        ("Siapa itu Rudi Hartanto?", None),
    ],
)
def test_what_is_sought(question: str, sort: Sort | None) -> None:
    """A kind of thing of a few words, or nothing where there is no one such thing."""
    assert sought(understand(question)) == sort


@pytest.mark.parametrize(
    ("question", "sentence", "language", "words"),
    [
        (
            "How many passengers were on the ferry?",
            "Feri Melati membawa 84 penumpang ketika mesinnya mati pada 6 September 2005.",
            "id",
            "84",
        ),
        (
            "Kapan feri Melati karam?",
            "Feri Melati karam pada 6 September 2005 dengan 84 penumpang.",
            "id",
            "6 September 2005",
        ),
        (
            "Berapa persen pedagang menolak relokasi?",
            "Sebanyak 62 persen pedagang menolak relokasi, dan 12 kios sudah dikosongkan.",
            "id",
            "62 persen",
        ),
        (
            "Berapa skor laga Persada lawan Melati?",
            "Pekan ke-12 dibuka Selasa (3/6/2017) dengan Persada menekuk Melati U - 19, 2 - 0.",
            "id",
            "2 - 0",
        ),
        (
            "What was the score between Persada and Melati?",
            "Persada mengalahkan Melati 21-15 pada 24-30 September di hadapan 400 penonton.",
            "id",
            "21-15",
        ),
        (
            "Berapa biaya pembangunan jembatan itu?",
            "Pembangunan jembatan sepanjang 300 meter itu menelan biaya Rp1,5 miliar.",
            "id",
            "Rp1,5 miliar",
        ),
        (
            "How much did the bridge cost?",
            "The bridge cost 20 million US dollars and took 3 years.",
            "en",
            "20 million US dollars",
        ),
        (
            "Pukul berapa pasar dibuka?",
            "Pasar dibuka pukul 05.30 WIB setiap hari.",
            "id",
            "pukul 05.30 WIB",
        ),
        (
            "Siapa yang meresmikan jembatan itu?",
            "Jembatan itu diresmikan oleh Rudi Hartanto pada Senin.",
            "id",
            "Rudi Hartanto",
        ),
    ],
)
def test_what_is_marked(question: str, sentence: str, language: str, words: str) -> None:
    """The words of the kind asked for, beside those that the question shares."""
    assert marked(question, sentence, language) == words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Berapa penumpang feri itu?", "Feri itu karam di dekat dermaga."),
        ("Kapan feri itu karam?", "Menurut Rudi, cuaca ketika itu buruk."),
        ("Mengapa feri itu karam?", "Feri itu karam pada 2005 karena 84 penumpang terlalu banyak."),
        ("Kapan rapat 6 September 2005 bubar?", "Rapat 6 September 2005 bubar tanpa hasil."),
        ("Berapa kios terbakar?", "Pasal 12 mengatur gedung F-16 dan COVID-19."),
        ("Berapa kios terbakar?", "Pasar ke - 11 itu milik regu U - 19."),
        ("Berapa skornya?", "Laga pukul 19.30-21.30 itu ditonton 400 orang pada 24-30 September."),
    ],
)
def test_nothing_is_marked_where_nothing_answers(question: str, sentence: str) -> None:
    """Neither what is not there, nor what the question says itself, nor parts of names."""
    assert marked(question, sentence, "id") is None


@given(st.text(max_size=80), st.text(max_size=160))
def test_any_text_is_survived(question: str, sentence: str) -> None:
    """Whatever is written, what is marked lies within the sentence."""
    asked = understand(question)
    words = query_words(asked.text, asked.language, ("id", "en"))
    span = short_answer(asked, sentence, "id", words, least=0.0)
    assert span is None or 0 <= span.start < span.end <= len(sentence)


def test_what_is_no_sentence_is_left_alone() -> None:
    """A hostile run of a million figures costs no time."""
    assert marked("Berapa kios terbakar?", "12 kios 13 Mei 2019 (Rudi) " * 40_000, "id") is None


def test_amounts_stand_where_they_say() -> None:
    """Each amount covers its own words, with the unit, and is written out in full."""
    text = "Dana Rp1,5 miliar, 62 persen dari 20 million US dollars, dua puluh lima ribu kios."
    found = {figure.span.of(text): (figure.value, figure.unit) for figure in figures(text)}
    assert found == {
        "Rp1,5 miliar": ("1500000000", "rupiah"),
        "62 persen": ("62", "%"),
        "20 million US dollars": ("20000000", "dollar"),
        "dua puluh lima ribu": ("25000", ""),
    }


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who ruled the town when it was largest?", Kind.PERSON),
        ("When was the bridge built?", Kind.DATE),
        ("Perusahaan apa yang membangun jembatan itu?", Kind.ORGANISATION),
        ("Which party won the election?", Kind.ORGANISATION),
        ("Is the bridge open?", Kind.YES_NO),
        ("Apakah jembatan itu?", Kind.OTHER),
        ("Apakah sudah dibuka jembatan itu?", Kind.YES_NO),
        ("Sudahkah jembatan itu dibuka?", Kind.YES_NO),
        ("Tanggal berapakah jembatan itu dibuka?", Kind.DATE),
    ],
)
def test_the_kind_asked_for(question: str, kind: Kind) -> None:
    """The first question word decides; "apakah" alone may mean "what"."""
    assert understand(question).kind == kind


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Apa saja tuntutan pedagang?", True),
        ("Sebutkan tuntutan pedagang!", True),
        ("What are the three demands of the traders?", True),
        ("Apa tiga tuntutan pedagang?", True),
        ("Siapa saja yang hadir?", True),
        ("Apa tuntutan pedagang?", False),
        ("Who owns the three kiosks?", False),
        ("Berapa kios saja yang terbakar?", False),
    ],
)
def test_several_things_are_asked_for(question: str, several: bool) -> None:
    """A question for a list is told from one for a single thing."""
    assert understand(question).several == several


# Shown


FERRY = "Feri <b>Melati</b> karam pada 6 September 2005 dengan 84 penumpang."


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    """A corpus folder with one article."""
    (tmp_path / "feri.txt").write_text(f"Feri karam di selat\n\n{FERRY}\n", encoding="utf-8")
    with Corpus.open(tmp_path / "corpus") as corpus:
        corpus.add(tmp_path / "feri.txt")
    return tmp_path / "corpus"


def test_the_short_answer_is_proven_with_its_quote_and_shown(ferry: Path) -> None:
    """It lies within the quote, in the document; chat, JSON and dossier show it, escaped."""
    with Corpus.open(ferry) as corpus:
        answer = corpus.ask("Kapan feri Melati karam?")
        citation = answer.citations[0]
        assert citation.short is not None
        assert citation.start <= citation.short.start < citation.short.end <= citation.end
        assert citation.short.of(corpus.document(citation.document_id).text) == "6 September 2005"
        assert citation.short_text == "6 September 2005"
        as_json = json.loads(json.dumps(answer_json(answer)))["citations"][0]["short"]
        assert as_json["text"] == "6 September 2005"
        drawn = view(answer, corpus, 1)
        marked = '<strong class="kutip-short">6 September 2005</strong>'
        assert marked in drawn.panel
        assert marked in "".join(drawn.paragraphs)
        for shown in (drawn.panel, *drawn.paragraphs):
            assert "<b>" not in shown
        plain = re.sub(r"</?strong[^>]*>", "", drawn.paragraphs[0])
        assert FERRY in html.unescape(plain)
        dossier = gather([answer], corpus)
        assert "Jawaban singkat: 6 September 2005" in to_markdown(dossier)
        assert "<dt>Jawaban singkat</dt><dd>6 September 2005</dd>" in to_html(dossier)


def test_the_terminal_says_it_under_the_source(ferry: Path, capsys: Any) -> None:
    """The quote itself stays as it is written; the short answer has a line of its own."""
    assert main(["--corpus", str(ferry), "ask", "Kapan feri Melati karam?"]) == 0
    said = capsys.readouterr().out
    assert FERRY in said
    assert "Singkatnya: 6 September 2005" in said
    assert main(["--corpus", str(ferry), "ask", "Mengapa feri Melati karam?"]) in (0, 1)
    assert "Singkatnya" not in capsys.readouterr().out

"""Facts asked of somebody: "how many, according to X". From X, or from nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import embeddings
from qa.answering import sources
from qa.corpus import Corpus
from qa.types import FilterKey, Reason

HARVEST = (
    "Panen Rumput Laut Menurun\n\n7 Juli 2021\n\n"
    "Ketua koperasi Marten Ratu mengatakan hasil panen rumput laut tahun ini hanya 320 ton. "
    "“Panen menurun karena suhu air naik,” ujar Marten.\n\n"
    "Kepala dinas Yosina Adoe menyebut harga rumput laut kering naik menjadi Rp 27.000 per "
    "kilogram. “Pembeli dari Surabaya datang setiap pekan,” kata Yosina.\n"
)
PORT = (
    "Dermaga Diperpanjang\n\n2 Agustus 2021\n\n"
    "Dermaga di Teluk Sawu kini panjangnya 180 meter. Yosina Adoe meresmikannya kemarin. "
    "“Kapal besar bisa merapat tahun depan,” kata Yosina.\n"
)
SCHOOL = (
    "Guru Bantu Ditambah\n\n9 Agustus 2021\n\n"
    "Bupati Lodia Haning mengatakan 45 guru bantu akan dikirim ke pulau kecil. "
    "“Murid tidak boleh menunggu,” ujar Lodia.\n"
)


@pytest.fixture
def bay(open_corpus: Callable[..., Corpus], tmp_path: Path) -> Corpus:
    """Three people who give figures, under the bundled model."""
    for name, text in (("panen", HARVEST), ("dermaga", PORT), ("guru", SCHOOL)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path)
    return corpus


@pytest.mark.parametrize(
    ("question", "speaker", "said"),
    [
        ("Menurut Marten Ratu, berapa hasil panen rumput laut?", "Marten Ratu", "320 ton"),
        ("How large was the seaweed harvest, according to Marten Ratu?", "Marten Ratu", "320 ton"),
        ("Why did the harvest fall, according to Marten Ratu?", "Marten Ratu", "suhu air"),
        ("Berapa harga rumput laut, kata kepala dinas Yosina Adoe?", "Yosina Adoe", "27.000"),
        ("What price does Yosina Adoe say dry seaweed has?", "Yosina Adoe", "27.000"),
    ],
)
def test_a_fact_is_quoted_from_whom_it_is_asked_of(
    bay: Corpus, question: str, speaker: str, said: str
) -> None:
    """Nobody else's words stand among the quotes, and it is said that only theirs were searched."""
    answer = bay.ask(question)
    assert said in answer.citations[0].quote
    assert {citation.speaker for citation in answer.citations} == {speaker}
    assert any(one.key is FilterKey.SPEAKER and one.restricts for one in answer.understood)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "Menurut Lodia Haning, berapa ton hasil panen rumput laut?",
            "Lodia Haning berbicara dalam satu-satunya artikel di sini, tetapi tidak "
            "menyebutkannya.",
        ),
        (
            "How many assistant teachers are sent to the islands, according to Yosina Adoe?",
            "Yosina Adoe speaks in these 2 articles, but does not say.",
        ),
    ],
)
def test_what_another_says_is_no_answer(bay: Corpus, question: str, line: str) -> None:
    """Though the figure stands there; without the person it is found."""
    answer = bay.ask(question)
    assert (answer.reason, answer.text) == (Reason.SPEAKER_OFF_TOPIC, line)
    freed = bay.ask(question, without=["speaker"])
    assert any(figure in freed.citations[0].quote for figure in ("320 ton", "45 guru"))


def test_what_is_told_of_somebody_counts_as_well(bay: Corpus) -> None:
    """In a sentence that is nobody's quotation, where the person is named beside it."""
    answer = bay.ask("Berapa meter panjang dermaga di Teluk Sawu menurut Yosina Adoe?")
    assert "180 meter" in answer.citations[0].quote


def test_an_office_in_the_passage_is_the_speaker(sample_corpus: Corpus) -> None:
    """Nor need it name them, if they speak in it: "Presiden … ia perkirakan …"."""
    answer = sample_corpus.ask(
        "How many people in Southeast Asia would be online by 2025, according to Jokowi?"
    )
    assert "600 juta orang" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("language", "question", "name", "claim"),
    [
        ("en", "How many died, according to Minister Ani Wijaya?", "Ani Wijaya", "How many died?"),
        ("en", "According to the BMKG, how strong was it?", "BMKG", "how strong was it?"),
        (
            "id",
            "Kapan kapal itu tenggelam menurut juru bicara Ani?",
            "Ani",
            "Kapan kapal itu tenggelam?",
        ),
        ("en", "Where did Ani say the boat sank?", "Ani", "Where the boat sank?"),
        ("id", "Berapa ton beras yang dikatakan Ani dikirim?", "Ani", "Berapa ton beras dikirim?"),
        ("id", "Apakah Ani pernah mengatakan bahwa beras habis?", "Ani", "Apakah beras habis?"),
        # Of their saying, of what is named after them, of words, or of nothing else.
        ("en", "When did Ani say that?", "Ani", ""),
        ("en", "How often did Ani say the boat sank?", "Ani", ""),
        ("en", "What follows according to Ani's theorem?", "Ani", ""),
        ("id", "Apa akibatnya menurut hukum ketiga Newton?", "Newton", ""),
        ("id", "Apa arti kata Mandala?", "Mandala", ""),
        ("id", "Apa tugas malaikat menurut Islam?", "Islam", ""),
        ("en", "What did Ani say?", "Ani", ""),
        ("en", "Who told Ani that the boat sank?", "Ani", ""),
    ],
)
def test_what_is_asked_of_whom(language: str, question: str, name: str, claim: str) -> None:
    """The question without its source, and nothing where nobody is named as one."""
    assert sources.claim(question, name, language).replace(" ?", "?") == claim


def test_the_source_is_whose_words_are_asked_for(bay: Corpus) -> None:
    """Not whoever is named first."""
    question = "Berapa harga yang dibayar Marten Ratu menurut Yosina Adoe?"
    assert bay.understand(question).speaker == "Yosina Adoe"

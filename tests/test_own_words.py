"""What somebody says about something: their own words, or plainly that there are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import embeddings
from qa.answering.following import Turn
from qa.corpus import Corpus
from qa.types import FilterKey, Reason
from tests.helpers import answering_from

QUARRY = (
    "Warga Tolak Tambang Batu\n\n3 Mei 2021\n\n"
    "Bupati Salim Rahardja mengatakan tambang batu kapur di Bukit Selasih tidak akan dibuka lagi. "
    "“Tambang itu merusak mata air warga,” ujar Salim.\n\n"
    "Pengusaha Darius Manopo menyatakan tambang batu kapur sangat dibutuhkan pabrik semen. "
    "“Tanpa tambang, ribuan orang menganggur,” kata Darius.\n"
)
SCHOOL = (
    "Sekolah Baru di Lereng\n\n9 Juni 2021\n\n"
    "Bupati Salim Rahardja meresmikan sekolah dasar di lereng Bukit Selasih. "
    "“Anak-anak tak perlu lagi berjalan dua jam,” kata Salim kepada wartawan.\n"
)


@pytest.fixture
def hill(open_corpus: Callable[..., Corpus], tmp_path: Path) -> Corpus:
    """Two people on one quarry, and one of them on a school, under the bundled model."""
    (tmp_path / "tambang.txt").write_text(QUARRY, encoding="utf-8")
    (tmp_path / "sekolah.txt").write_text(SCHOOL, encoding="utf-8")
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path / "tambang.txt", tmp_path / "sekolah.txt")
    return corpus


@pytest.mark.parametrize(
    ("question", "speaker", "said"),
    [
        ("Apa kata Salim Rahardja tentang tambang batu kapur?", "Salim Rahardja", "mata air"),
        ("What did Salim Rahardja say about the limestone mine?", "Salim Rahardja", "tambang"),
        ("Apa pendapat Darius Manopo soal tambang batu kapur?", "Darius Manopo", "semen"),
        ("speaker:Darius tambang batu kapur", "Darius Manopo", "semen"),
        ("Menurut Darius Manopo, bagaimana tambang batu kapur?", "Darius Manopo", "semen"),
    ],
)
def test_nobody_else_is_quoted(hill: Corpus, question: str, speaker: str, said: str) -> None:
    """Of two who speak about one thing in one article, the one asked about; it is said so."""
    answer = hill.ask(question)
    assert {citation.speaker for citation in answer.citations} == {speaker}
    assert any(said in citation.quote for citation in answer.citations)
    assert any(one.key is FilterKey.SPEAKER and one.restricts for one in answer.understood)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Apa kata Darius Manopo tentang sekolah dasar?", 1),
        ("What did Darius Manopo say about the new school?", 1),
        ("speaker:Darius sekolah dasar", 1),
        ("Apa kata Salim Rahardja tentang gempa bumi?", 2),
    ],
)
def test_who_speaks_of_other_things_alone(hill: Corpus, question: str, documents: int) -> None:
    """Others' words on it are no answer; counted are the articles in which the person speaks."""
    answer = hill.ask(question)
    assert answer.reason is Reason.SPEAKER_OFF_TOPIC
    assert answer.coverage.documents == documents


def test_without_the_person_everybody_is_asked(hill: Corpus) -> None:
    """The chip taken off, what others say counts again."""
    answer = hill.ask("Apa kata Darius Manopo tentang sekolah dasar?", without=["speaker"])
    assert answer.coverage.documents == 2
    assert any("sekolah dasar" in citation.quote for citation in answer.citations)


def test_another_word_for_the_topic(sample_corpus: Corpus) -> None:
    """Retno speaks of privacy; asked about data protection she is still the one quoted."""
    answer = sample_corpus.ask("What did Retno say about data protection?")
    assert "privasi data" in answer.citations[0].quote
    assert {citation.speaker for citation in answer.citations} == {"Retno Marsudi"}


def test_all_that_is_said_is_quoted(sample_corpus: Corpus) -> None:
    """As many quotes as fit, not the nearest alone; a year beside the topic is no part of it."""
    assert len(sample_corpus.ask("What did Retno say about digital diplomacy?").citations) == 5
    dated = sample_corpus.ask("What did Jokowi say about data protection in 2018?")
    assert "data pribadi" in dated.citations[0].quote


def test_an_office_that_several_hold(open_corpus: Callable[..., Corpus], tmp_path: Path) -> None:
    """Who says far more is meant; and where the one meant is silent on it, whoever speaks of it."""
    said = " ".join(
        f"“Nelayan di {place} akan dibantu,” kata Menteri Perikanan Wiryo Sasmita."
        for place in ("Halong", "Wasur", "Bayanan")
    )
    (tmp_path / "nelayan.txt").write_text(f"Bantuan Nelayan\n\n{said}\n", encoding="utf-8")
    (tmp_path / "kuota.txt").write_text(
        "Kuota Tuna\n\n“Kuota tuna kami turun,” kata Menteri Perikanan Ole Brandvik.\n"
        "\nSekolah di negeri itu dibuka lagi. “Murid sudah kembali,” kata Menteri Pendidikan"
        " Karl Njoroge.\n",
        encoding="utf-8",
    )
    (tmp_path / "sekolah.txt").write_text(
        "Sekolah Lima Hari\n\nMenteri Pendidikan dan Kebudayaan Suharyo Wibisono menegaskan"
        " sekolah lima hari tetap berlaku. “Sekolah lima hari tidak kami cabut,” ujar Suharyo.\n",
        encoding="utf-8",
    )
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path)
    question = "Apa kata Menteri Perikanan tentang bantuan untuk nelayan?"
    assert corpus.understand(question).speaker == "Wiryo Sasmita"
    fish = corpus.ask(question)
    assert {citation.speaker for citation in fish.citations} == {"Wiryo Sasmita"}
    assert corpus.understand("What did the education minister say?").speaker == "Karl Njoroge"
    school = corpus.ask("Apa kata Menteri Pendidikan tentang sekolah lima hari?")
    assert school.citations[0].speaker == "Suharyo Wibisono"


def test_what_is_used_up_is_not_stretched(
    open_corpus: Callable[..., Corpus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it quoted, "Apa lagi?" brings nothing else of theirs, however mild the refusal."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    filler = " ".join(f"Barisan bukit nomor {n} membentang dari barat ke timur." for n in range(30))
    (tmp_path / "salim.txt").write_text(
        "“Tambang batu kapur merusak mata air,” kata Bupati Salim Rahardja.\n\n"
        f"{filler}\n\n“Lomba paduan suara kita menangkan,” kata Salim Rahardja.\n",
        encoding="utf-8",
    )
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path)
    question = "Apa kata Salim Rahardja tentang tambang batu kapur?"
    first = corpus.ask(question)
    assert ["mata air" in citation.quote for citation in first.citations] == [True]
    more = corpus.ask("Apa lagi?", previous=[Turn.of(first)])
    assert more.reason is Reason.NOTHING_MORE

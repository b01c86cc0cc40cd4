"""Refusals that say what is missing: names, numbers, words of a person on a subject."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

import embeddings
from qa.answering import lacking, texts
from qa.answering.abstention import SHIPPED
from qa.answering.lacking import Lack
from qa.answering.polarity import polarity_missing
from qa.answering.question import Kind, understand
from qa.corpus import Corpus
from qa.language.offices import office_key
from qa.language.spelling import spelt_alike
from qa.retrieval.lexical import query_words
from qa.retrieval.presence import Presence
from qa.types import Answer, Document, Reason
from tests.helpers import FOREST, SHIP, answering_from

Open = Callable[..., Corpus]

MEETING = (
    "Bupati Rini Astuti meresmikan pasar ikan di Teluk Bayanan pada 3 Maret 2019.\n\n"
    "“Pasar ikan ini milik nelayan Bayanan,” kata Rini kepada wartawan seusai acara itu.\n\n"
    "Pembangunan pasar menghabiskan Rp 4.500.000.000 dan mengikuti UU Nomor 7 Tahun 2014.\n\n"
    "Para nelayan berharap gudang es dibuka sebelum musim timur datang lagi.\n"
)
TRAIN = (
    "Kereta wisata ke Lembah Anai berjalan lagi sejak hari Minggu pagi kemarin.\n\n"
    "“Penumpang kereta sangat banyak,” ujar Lukas Tarigan, kepala stasiun di lembah itu.\n"
)


@pytest.fixture
def refusing(open_corpus: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """Three articles, one of 2019, and an answer to nothing: what counts is the reason."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(1.01))
    (tmp_path / "pasar.txt").write_text(
        "Pasar Ikan Dibuka\n\nSenin, 4 Maret 2019 15:35 WIB\n\n" + MEETING, encoding="utf-8"
    )
    (tmp_path / "kereta.txt").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "kapal.txt").write_text(SHIP + "\n", encoding="utf-8")
    corpus = open_corpus()
    corpus.add(tmp_path / "pasar.txt", tmp_path / "kereta.txt", tmp_path / "kapal.txt")
    return corpus


def why(answer: Answer) -> tuple[Reason | None, str]:
    return answer.reason, answer.text


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Kapan Gunung Sindoro meletus?", "Gunung Sindoro"),
        ("When did Wirakusuma open the market in Bayanan?", "Wirakusuma"),
        ("Apa tugas Dewan Pelabuhan Halong dan Miangas?", "Dewan Pelabuhan Halong"),
        ("Berapa kapal milik Sindoro yang berlayar ke Halong?", "Sindoro"),
    ],
)
def test_a_name_that_is_nowhere(refusing: Corpus, question: str, missing: str) -> None:
    """Said as the question writes it, with how much was searched, in the asker's language."""
    reason, text = why(refusing.ask(question))
    assert reason is Reason.NAME_MISSING
    assert f"“{missing}”" in text
    assert "3" in text
    assert "Miangas" not in text


@pytest.mark.parametrize(
    "question",
    [
        "Siapa yang meresmikan pasar di Bayanan?",
        "Siapa yang meresmikan pasar di Bajanan?",  # the old spelling
        "Who opened the market of Bayanan's fishermen?",
        "Apa isi pidato Dewi Rini Astuti?",  # one part of a name is enough
        "Siapa yang membangun Pasar Ikan Teluk Bayanan Ambarita?",  # most of its parts
        "Apa yang terjadi hari Selasa di bulan April?",  # the calendar names nothing
        "Apa kata Bupati tentang pasar?",
        "When did the Market open?",  # a thing that is there, translated
        "How many Tarigans work at the station?",
    ],
)
def test_a_name_that_may_be_there(refusing: Corpus, question: str) -> None:
    """Inflected, in another spelling, in part or translated: not said to be nowhere."""
    lack = refusing.evidence(refusing.understand(question)).lack
    assert lack is None or lack.reason is not Reason.NAME_MISSING or not lack.nowhere


AGREEMENT = (
    "Gerakan Kampung Mandiri dan Dinas Perhubungan Sumatera Selatan meneken nota kerja sama.\n\n"
    "Pertemuan di Gunungkidul itu dihadiri utusan dari Tiongkok dan seorang wakil dari Djatinegara."
    "\n\nDirektur BPL dan Gubernur Kalteng menyampaikan pidato yang panjang dalam acara itu.\n"
)


@pytest.mark.parametrize(
    "question",
    [
        "Siapa yang meneken nota dengan GKM?",  # its letters, written out
        "Kapan GKM dan Dishub Sumsel meneken nota?",  # pieces of its words
        "Siapa gubernur Kalimantan Tengah yang berpidato?",  # the article has the pieces
        "Di mana di Gunung Kidul pertemuan itu diadakan?",  # in one word
        "Siapa utusan China di pertemuan itu?",  # another word for the same
        "Siapa direktur PT Bina Pasar Lestari?",  # the article has its letters, without PT
        "Siapa wakil dari Jatinegara?",  # a letter more at its beginning
        "Siapa nama Profesor dan Presiden yang berpidato?",  # offices name nobody
        "Apa hasil pertemuan XVII itu?",
    ],
)
def test_a_name_that_is_written_otherwise(
    open_corpus: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """Short where the article is long, or the other way round: not called missing."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(1.01))
    (tmp_path / "nota.txt").write_text(AGREEMENT, encoding="utf-8")
    corpus = open_corpus()
    corpus.add(tmp_path / "nota.txt")
    assert corpus.ask(question).reason is not Reason.NAME_MISSING
    assert corpus.ask("Kapan Wirakusuma datang ke Miangas?").reason is Reason.NAME_MISSING


def test_a_nickname_within_a_name(refusing: Corpus) -> None:
    """The marks around it do not part the name, of which one part is enough."""
    assert refusing.ask("Di mana Rini “Sindoro” Astuti lahir?").reason is not Reason.NAME_MISSING


CAREER = (
    "Gelandang Lukas Tarigan membela Persada selama enam musim dan mencetak empat puluh gol. Ia "
    "datang dari sekolah sepak bola di lembah, tempat ayahnya bekerja sebagai kepala stasiun. "
    "Pada musim pertamanya ia lebih sering duduk di bangku cadangan, sebab pelatih ketika itu "
    "lebih percaya kepada pemain yang lebih tua.\n\n"
    "Pada musim kedua seorang rekannya cedera lutut, dan sejak hari itu tempat di lini tengah "
    "tidak pernah lepas lagi dari kakinya. Ia menjadi kapten pada usia dua puluh empat tahun dan "
    "memimpin rekan-rekannya ke tiga final, dua di antaranya berakhir dengan kemenangan. Para "
    "pendukung menyanyikan namanya setiap kali ia melangkah ke lapangan.\n\n"
    "Setelah gantung sepatu ia membuka warung kopi di dekat stasiun tempat ayahnya dulu bekerja, "
    "dan setiap sore anak-anak datang untuk mendengar ceritanya. Ia mengaku tidak pernah menyesal "
    "menolak tawaran dari luar negeri, karena ia ingin tetap dekat dengan ibunya yang sudah tua. "
    "Warung itu kini menjadi tempat bertemu para mantan pemain setiap hari Minggu pagi, dan "
    "sebagian hasilnya dipakai untuk membeli bola dan sepatu bagi anak-anak di lembah.\n\n"
    "Tahun ini ia mulai melatih tim remaja setempat tanpa dibayar, dua kali seminggu setelah jam "
    "sekolah. Baginya yang terpenting adalah bahwa anak-anak itu belajar menang tanpa sombong dan "
    "kalah tanpa mencari alasan. Orang tua mereka membantu dengan menjahit kaus dan memasak bekal, "
    "dan kepala desa meminjamkan lapangan di belakang balai pertemuan.\n"
)
RIVALS = "Garuda Halong menang lagi, dan para pendukungnya berpesta di jalan sampai pagi.\n"


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Berapa musim Lukas Tarigan membela Garuda Halong?", "Garuda Halong"),
        ("How many seasons did Lukas Tarigan play for Garuda Halong?", "Garuda Halong"),
        ("Berapa musim Lukas Tarigan membela Persada?", None),
        ("How many seasons did Tarigan play for Persada?", None),
    ],
)
def test_a_name_that_is_in_other_articles(
    open_corpus: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    missing: str | None,
) -> None:
    """An article on somebody does not tell what he did for those it never mentions."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    monkeypatch.setattr("qa.answering.evidence.NAMELESS_THRESHOLD", 1.0)
    (tmp_path / "karier.txt").write_text(CAREER, encoding="utf-8")
    (tmp_path / "saingan.txt").write_text(RIVALS, encoding="utf-8")
    for name, text in (("pasar", MEETING), ("kereta", TRAIN), ("hutan", FOREST), ("kapal", SHIP)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path)
    answer = corpus.ask(question)
    if missing is None:
        assert "enam musim" in answer.citations[0].quote
    else:
        assert answer.reason is Reason.NAME_MISSING
        assert f"“{missing}”" in answer.text
        assert "nowhere" not in answer.text
        assert "di mana pun" not in answer.text


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("Siapa juara Piala Halong?", "Persada merebut Piala Halong lagi.", True),
        ("Who won the Halong Cup?", "Persada merebut Piala Halong lagi.", True),
        ("Who won the World Cup?", "Persada tidak pernah ikut Piala Dunia.", True),
        ("Who won the Halong League?", "Persada juara Liga utama Halong.", True),
        ("Siapa juara Piala Halong?", "Persada dari Halong merebut sebuah piala di kota.", False),
        ("Who won the Halong Cup?", "Persada dari Halong merebut sebuah piala di kota.", False),
        ("Who won the World Cup?", "Di seluruh dunia orang menonton perebutan piala itu.", False),
        ("Siapa bupati Teluk Halong?", "Kapal dari Halong singgah di sebuah teluk.", True),
        ("Who won the cup in Halong?", "Persada dari Halong merebut sebuah piala.", True),
    ],
)
def test_a_competition_is_named_by_all_of_its_words(question: str, text: str, told: bool) -> None:
    """Side by side, in any order and translation; a piece of it is another one's as well."""
    asked = understand(question)
    words = query_words(asked.text, asked.language, ("id", "en"))
    article = Document("a", "", text, "a.txt", None, None, "id")
    assert (not list(lacking.competitions_missing(asked, words, article))) is told


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("Apa masalah Kencana S7?", "Layar Kencana S8 kemerahan.", ["S7"]),
        ("Apa masalah Kencana S8?", "Layar Kencana S8 kemerahan.", []),
        ("Berapa harga Merpati 6A?", "Merpati 5A dijual murah.", ["6A"]),
        ("Berapa skor timnas U-19?", "Timnas U - 19 kalah 2 - 0.", []),
        ("Berapa skor timnas U-19?", "Timnas U-190 dan AU-19 tidak ada.", ["U-19"]),
        ("How fast is 5G?", "Jaringan 5 G diuji.", []),
        ("Berapa korban COVID-19?", "Pandemi itu menelan korban.", []),
        ("How high were sales in Q3?", "Penjualan kuartal ketiga naik.", []),
        ("Di mana Rini kuliah S2?", "Rini meraih gelar magister.", []),
        ("Who won the 2nd race in the 1990s?", "Persada menang.", []),
        ("Berapa isi UU 7/2014 dan B.1?", "Aturan itu pendek.", []),
    ],
)
def test_a_model_is_not_another_one(question: str, text: str, missing: list[str]) -> None:
    """Names of letters and figures count as they are, however they are spaced."""
    article = Document("a", "", text, "a.txt", None, None, "id")
    assert list(lacking.models_missing(question, article)) == missing


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Siapa yang menggantikan Rini Astuti sebagai bupati?", "siapa orangnya"),
        ("Who succeeded Rini Astuti as regent?", "names nobody"),
        ("Siapa yang meresmikan pasar ikan?", None),
    ],
)
def test_nobody_where_a_person_is_asked_for(
    open_corpus: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    said: str | None,
) -> None:
    """Neither who is in the question, nor a place, is who is asked for."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    monkeypatch.setattr("qa.answering.evidence.SILENT_THRESHOLD", 1.0)
    (tmp_path / "pasar.txt").write_text(
        "Bupati Rini Astuti meresmikan pasar ikan di Teluk Bayanan.\n", encoding="utf-8"
    )
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path / "pasar.txt")
    answer = corpus.ask(question)
    assert answer.abstained is (said is not None)
    assert said is None or said in answer.text


@pytest.mark.parametrize(
    ("question", "sentence", "language", "missing"),
    [
        ("Which city was not destroyed?", "Kota Halong hancur oleh gempa.", "id", True),
        ("Which city was not destroyed?", "Kota Halong tidak hancur.", "id", False),
        ("Which city was never rebuilt?", "The port failed to rise again.", "en", False),
        ("Apa isi UU No. 7?", "UU itu mengatur pasar.", "id", False),
        ("What does law no. 7 govern?", "It governs markets.", "en", False),
        ("Who wrote not only songs?", "Rini wrote songs and plays.", "en", False),
        ("Who was the first mayor?", "Rini adalah wali kota terakhir.", "id", True),
        ("Who was the first mayor?", "Rini was the first and the last mayor.", "en", False),
        ("Siapa wali kota pertama?", "Rini was the last mayor.", "en", True),
        ("Siapa wali kota pertama?", "Rini menjadi wali kota pada 1990.", "id", False),
        ("Apa gunung tertinggi dan terendah?", "Gunung terendah ialah Halong.", "id", False),
    ],
)
def test_the_side_that_is_asked_about(
    question: str, sentence: str, language: str, missing: bool
) -> None:
    """A denial that the sentence does not make, or the opposite of what is asked for."""
    asked_in = "id" if question.split()[0] in ("Apa", "Siapa") else "en"
    assert polarity_missing(question, asked_in, sentence, language) == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Apa yang terjadi pada tahun 1987?", "1987"),
        ("Apa isi UU Nomor 11 Tahun 2008?", "UU Nomor 11 Tahun 2008"),
        ("Why does the market cost 7,300,000 rupiah?", "7,300,000"),
    ],
)
def test_a_number_that_is_nowhere(refusing: Corpus, question: str, missing: str) -> None:
    """A year, a law or a large number that no article has."""
    reason, text = why(refusing.ask(question))
    assert reason is Reason.NUMBER_MISSING
    assert f"“{missing}”" in text


@pytest.mark.parametrize(
    "question",
    [
        "Mengapa pasar itu dibangun dengan Rp 4500000000?",  # grouped in the article
        "Why did the market cost 4,500,000,000 rupiah?",
        "Apa isi UU Nomor 7 Tahun 2014?",
        "Apa isi UU 7/2014?",
        "Apa yang diresmikan tahun 2019?",
        "Siapa 12 nelayan itu?",  # small numbers are as often written in words
    ],
)
def test_a_number_that_is_there(refusing: Corpus, question: str) -> None:
    """In either notation, or as the year in which an article appeared."""
    assert refusing.ask(question).reason is not Reason.NUMBER_MISSING


def test_no_number_where_one_is_asked_for(
    open_corpus: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "How many" of texts without any number; nothing is said to be nowhere."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(1.01))
    (tmp_path / "hutan.txt").write_text(FOREST + "\n", encoding="utf-8")
    corpus = open_corpus()
    corpus.add(tmp_path / "hutan.txt")
    for question, said in (
        ("Berapa pohon yang ditebang di hutan?", "tidak menyebut angka"),
        ("How many trees of the forest were felled?", "gives no number"),
        ("Kapan patroli hutan itu berangkat?", "tidak menyebut tanggal"),
    ):
        reason, text = why(corpus.ask(question))
        assert reason is Reason.NUMBER_MISSING, question
        assert said in text


def test_a_person_who_speaks_of_something_else(open_corpus: Open, tmp_path: Path) -> None:
    """Said so, and the nearest passages offered are those in which the person speaks."""
    (tmp_path / "kereta.txt").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "pasar.txt").write_text(MEETING, encoding="utf-8")
    refusing = open_corpus(embeddings.load())
    refusing.add(tmp_path / "kereta.txt", tmp_path / "pasar.txt")
    for question, name in (
        ("Apa kata Lukas Tarigan tentang gudang es nelayan?", "Lukas Tarigan"),
        ("What did Rini Astuti say about the tourist train?", "Rini Astuti"),
    ):
        answer = refusing.ask(question)
        assert answer.reason is Reason.SPEAKER_OFF_TOPIC
        assert name in answer.text
        assert answer.nearest
        for hit in answer.nearest:
            passage = hit.passage
            assert any(
                s.document_id == passage.document_id and s.span.overlaps(passage.span)
                for s in refusing.statements(speaker=name)
            )


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("What did Lukas Tarigan say about passengers?", False),
        ("Apa kata Lukas Tarigan tentang penumpang kereta?", False),
        ("What did Lukas Tarigan say about volcanic ash?", True),
        ("Apa pendapat Lukas Tarigan soal abu vulkanik?", True),
        ("Apa kata Bupati soal nelayan?", False),  # the holder of the office
    ],
)
def test_a_subject_that_the_article_never_mentions(
    open_corpus: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str, refused: bool
) -> None:
    """However near the person's other words are; a translation is a mention."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    (tmp_path / "kereta.txt").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "pasar.txt").write_text(MEETING, encoding="utf-8")
    corpus = open_corpus(embeddings.load())
    corpus.add(tmp_path / "kereta.txt", tmp_path / "pasar.txt")
    answer = corpus.ask(question)
    assert answer.abstained is refused
    assert answer.reason is (Reason.SPEAKER_OFF_TOPIC if refused else None)
    if not refused:
        assert answer.citations[0].speaker in ("Lukas Tarigan", "Rini Astuti")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("soeharto", "suharto"),
        ("warsaw", "warsawa"),
        ("djakarta", "jakarta"),
        ("tjahjono", "cahyono"),
        ("muhammad", "mohamad"),
        ("mahasthavira", "mahasthawira"),
        ("bulgar", "bulgaria"),
        ("mahabharata", "mahabrata"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    """Old and new, Indonesian and English, a letter apart in a long name; in both directions."""
    assert spelt_alike(one, other)
    assert spelt_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("retno", "ratih"),
        ("bali", "mali"),
        ("iran", "irak"),
        ("prabowo", "wibowo"),
        ("2019", "2018"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    """A letter tells short names apart; numbers have no spellings."""
    assert not spelt_alike(one, other)


@pytest.mark.parametrize(
    "names",
    [
        ("Menlu", "Menteri Luar Negeri RI", "the foreign minister", "Minister of Foreign Affairs"),
        ("Kominfo", "Kementerian Kominfo", "Ministry of Communications and Informatics"),
        ("Kemenkes", "Kementerian Kesehatan", "the Health Ministry"),
        ("Sekjen PBB", "Sekretaris Jenderal PBB", "UN Secretary-General"),
        ("Kepala Negara", "Presiden RI", "the President", "head of state"),
    ],
)
def test_one_office(names: tuple[str, ...]) -> None:
    """Short, written out, in English."""
    assert len({office_key(name) for name in names}) == 1


def test_each_reason_names_what_is_missing() -> None:
    """In both languages, every name once, and one article is one."""
    lack = Lack(Reason.NAME_MISSING, ("Halong", "Sindoro"))
    assert texts.abstention(Reason.NAME_MISSING, "en", None, 1, (), lack) == (
        "“Halong” or “Sindoro” is named nowhere in the one article here."
    )
    assert texts.abstention(Reason.NAME_MISSING, "id", None, 4, (), lack) == (
        "“Halong” atau “Sindoro” tidak disebut di mana pun dalam 4 artikel ini."
    )
    near = Lack(Reason.NUMBER_MISSING, nowhere=False, kind=Kind.DATE)
    assert texts.abstention(Reason.NUMBER_MISSING, "en", None, 4, (), near) == (
        "What comes nearest in these 4 articles gives no date."
    )
    # Another reason came first: what is lacking does not change its words.
    silent = texts.abstention(Reason.SPEAKER_SILENT, "en", "Rini", 4, (), near)
    assert silent == "No statement by Rini in these 4 articles."


def test_among_many_passages_an_answer_is_less_sure(
    refusing: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something near stands in any large corpus; what a filter leaves out does not count."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", SHIPPED)
    question = "Siapa yang meresmikan pasar ikan di Teluk Bayanan?"
    [market] = [one.id for one in refusing.documents() if "pasar" in one.source]
    assert refusing.evidence(refusing.understand(question)).signals.fewness == 1.0
    among_few = refusing.ask(question).confidence
    of_one = refusing.ask(question, documents=[market]).confidence
    monkeypatch.setattr("qa.answering.evidence.FEW", 1)
    fewness = refusing.evidence(refusing.understand(question)).signals.fewness
    assert fewness == pytest.approx(1 - math.log10(3) / 2)
    assert refusing.ask(question).confidence < among_few
    assert refusing.ask(question, documents=[market]).confidence == of_one


def test_a_name_is_looked_for_once(sample_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a long question names it: to look for other spellings takes a while."""
    looked: list[str] = []
    spelt = Presence.spelt

    def looking(self: Presence, folded: str) -> bool:
        looked.append(folded)
        return spelt(self, folded)

    monkeypatch.setattr(Presence, "spelt", looking)
    answer = sample_corpus.ask("Berapa jarak antara Kualamundu dan Purbalangsa? " * 30)
    assert answer.abstained
    # In all articles, and in the one that comes nearest.
    assert sorted(looked) == ["kualamundu"] * 2 + ["purbalangsa"] * 2

"""Sentences, words and languages: what the language room promises."""

from __future__ import annotations

import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.detection import detect
from qa.language.sentences import sentence_spans
from qa.language.tokens import STOPWORDS, stem, stems, tokens

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = [
    "id",
    "en",
    "th",
    "zh",
    "ja",
    "fr",
    "de",
    "es",
    "ru",
    "ar",
    "hi",
    "my",
    "xx",
    "und",
    "",
]

# Text made of what decides a boundary finds more faults than random letters.
MARKS = [*'.!?…,:;"“”‘’()[]-–—@/', "。", "\u200b", "\ud800", "😀"]
SPACES = ["\n", "\r\n", "\f", "\u2028", "\x1c", " ", "  ", "\t", "\xa0", "\u3000"]
WORDS = ["Kata", "ia", "PT", "Tbk", "dr", "A", "i", "5", "12", "hlm", "com", "e-KTP", "Dia"]
LETTERS = ["你好", "ไทย", "é", "e\u0301", "İ", "ß"]
AWKWARD = st.lists(st.sampled_from([*MARKS, *SPACES, *WORDS, *LETTERS])).map("".join)
ANY_TEXT = st.text() | AWKWARD


def golden(language: str) -> Iterator[tuple[str, list[str], bool]]:
    """(text, sentences, still missed) of every case; id.txt explains the format."""
    for line in (GOLDEN / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("##"):
            continue
        missed = line.startswith("# ")
        case = line.removeprefix("# ").replace("\\r", "\r").replace("\\n", "\n")
        text = case.replace(" ¦ ", " ").replace("¦", "")
        yield text, [sentence.strip() for sentence in case.split("¦")], missed


CASES = [(language, *case) for language in ("id", "en") for case in golden(language)]


@pytest.mark.parametrize(("language", "text", "expected", "missed"), CASES)
def test_golden_sentences(language: str, text: str, expected: list[str], missed: bool) -> None:
    """Every golden text splits as written, and a case marked missed is still missed."""
    found = [span.of(text) for span in sentence_spans(text, language)]
    assert (found != expected) if missed else (found == expected)


@settings(deadline=None)
@given(ANY_TEXT, st.sampled_from(LANGUAGES))
def test_sentences_rebuild_the_text(text: str, language: str) -> None:
    """Spans are ordered, stripped and non-empty, and only white space lies outside them."""
    position = 0
    for span in sentence_spans(text, language):
        assert span.start >= position
        assert not text[position : span.start].strip()
        assert span.of(text) == span.of(text).strip() != ""
        position = span.end
    assert not text[position:].strip()


@pytest.mark.parametrize("width", [45, 60, 72, 80, 90, 110])
def test_hard_wrapping_changes_no_sentence(width: int) -> None:
    """A text wrapped at any usual width has the sentences it had before."""
    paragraphs = [
        "Warga Dusun Karangsari Dinyatakan Selamat Setelah Tanggul Kali Lama Jebol Semalam",
        (
            "Bupati Demak, dr. Siti Aminah, M.Kes., mengatakan bahwa sedikitnya dua ratus keluarga "
            "mengungsi ke Balai Desa Karangsari sejak pukul 21.30 WIB. Mereka membawa pakaian, "
            "selimut, dll. Bantuan dari PT. Angkasa Merdeka Tbk. baru tiba pada Senin pagi."
        ),
        (
            "“Kami kaget karena air datang sangat cepat. Anak-anak langsung kami bawa ke atap,” "
            "kata Wati, warga Dusun Karangsari. Menurut Kepala Dinas Pekerjaan Umum Kabupaten "
            "Demak, perbaikan tanggul memerlukan Rp1,5 miliar dan selesai dalam tiga pekan."
        ),
    ]
    expected = [span.of(p) for p in paragraphs for span in sentence_spans(p, "id")]
    assert len(expected) == 7
    wrapped = "\n\n".join(textwrap.fill(p, width, break_on_hyphens=False) for p in paragraphs)
    found = [" ".join(span.of(wrapped).split()) for span in sentence_spans(wrapped, "id")]
    assert found == expected


def test_one_paragraph_a_line() -> None:
    """Pages with one paragraph a line keep headings, captions and paragraphs apart."""
    lines = [
        "Pemkot Tutup Tiga Jalan untuk Karnaval Akhir Pekan",
        "3 April 2023 09:12 WIB",
        "·",
        "waktu baca 2 menit",
        "IKLAN",
        "Pemerintah kota menutup tiga jalan utama selama karnaval berlangsung akhir pekan ini",
        "“Kami mohon pengertian warga,” kata Kepala Dinas Perhubungan kota itu.",
    ]
    text = "\n".join(lines)
    assert [span.of(text) for span in sentence_spans(text, "id")] == lines


def test_other_languages_are_split_too() -> None:
    """Scripts with their own full stops are split, in any of the three splitters."""
    text = "今天下雨。我们留在家里。"
    for language in ("zh", "id", "und"):
        assert [span.of(text) for span in sentence_spans(text, language)] == [
            "今天下雨。",
            "我们留在家里。",
        ]


def test_no_break_space_after_an_initial() -> None:
    """Typographers' spaces do not upset the other splitter, which panics on them."""
    text = "A.\xa0Duval est venu. Elle sourit."
    found = [span.of(text) for span in sentence_spans(text, "xx")]
    assert found == ["A.\xa0Duval est venu.", "Elle sourit."]


def test_long_blocks_are_not_cut_at_a_window() -> None:
    """Text longer than one window of the other splitter has the same sentences."""
    text = "Ein Satz steht hier und geht nun zu Ende. " * 1_000
    found = {span.of(text) for span in sentence_spans(text, "de")}
    assert found == {"Ein Satz steht hier und geht nun zu Ende."}


@pytest.mark.parametrize(
    "unit", ["Kata ini. Lalu itu.\n", "a. ", '." ', '."A', "(", "\n", " ", "x", '"Ya," kata A. ']
)
@pytest.mark.parametrize("language", ["id", "th"])
def test_time_grows_with_length_only(unit: str, language: str) -> None:
    """A megabyte of the most awkward text takes seconds, not minutes."""
    text = unit * (1_000_000 // len(unit))
    started = time.perf_counter()
    sentence_spans(text, language)
    assert time.perf_counter() - started < 20


@settings(deadline=None)
@given(ANY_TEXT)
def test_tokens_slice_back(text: str) -> None:
    """Every token is the text between its offsets, and tokens do not overlap."""
    position = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
        assert position <= token.start < token.end
        position = token.end


@settings(deadline=None)
@given(ANY_TEXT, st.sampled_from(LANGUAGES))
def test_stems_are_clean_terms(text: str, language: str) -> None:
    """Any text gives terms that are non-empty, without white space and storable."""
    for term in stems(text, language):
        assert term
        assert not any(map(str.isspace, term))
        term.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("negara-negara, e-commerce!", ["negara-negara", "e-commerce"]),
        ("6,5 persen; Rp1.000.000", ["6,5", "persen", "Rp", "1.000.000"]),
        ("UU 27/2022 (pukul 15.35)", ["UU", "27/2022", "pukul", "15.35"]),
        ("kabarhari.com", ["kabarhari", "com"]),
        ("Jum’at, don't", ["Jum’at", "don't"]),
        ("J.K. Hart di U.S.", ["J.K", "Hart", "di", "U.S"]),
        ("COVID-19 dan G20.", ["COVID-19", "dan", "G20"]),
        ("Cafe\u0301 ไม่ 你好", ["Cafe\u0301", "ไม่", "你", "好"]),
        ("snake_case", ["snake", "case"]),
        ("— … «»", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """Words, numbers with their separators and hyphen compounds are one token each."""
    assert [token.text for token in tokens(text)] == expected


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("pribadi", "pribadinya", "id"),
        ("Negara-negara", "negara", "id"),
        ("risiko-risikonya", "risiko", "id"),
        ("berbeda-beda", "beda", "id"),
        ("Jum’at", "jumat", "id"),
        ("kerja-sama", "kerjasama", "id"),
        ("Café", "CAFE", "en"),
        ("organisations", "organisation", "en"),
        ("ministers", "Minister's", "en"),
        ("1.000.000", "1,000,000", "id"),
        ("15.35", "15:35", "en"),
        ("U.S", "US", "en"),
    ],
)
def test_spellings_that_meet(first: str, second: str, language: str) -> None:
    """Forms of one word, and spellings of one number, have one stem."""
    assert stem(first, language) == stem(second, language)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Go-Jek", "gojek"),
        ("e-commerce", "commerce"),
        ("e-commerce", "ecommerce"),
        ("UU 27/2022", "UU 27 tahun 2022"),
        ("COVID-19", "covid 19"),
        ("G-20", "G20"),
        ("kerja-sama", "kerja sama"),
        ("Rp1,16 triliun", "1,16 triliun"),
    ],
)
def test_questions_meet_compounds(written: str, asked: str) -> None:
    """A compound can be found by its parts and by its closed-up spelling."""
    assert set(stems(asked, "id")) & set(stems(written, "id")) - {"uu", "triliun"}


def test_language_without_stemmer() -> None:
    """A language that Snowball does not know keeps its words, case folded."""
    assert stems("Tiếng Việt", "vi") == ["tieng", "viet"]
    assert stem("", "id") == ""


def test_stemming_from_many_threads() -> None:
    """Threads that stem at once get what one thread gets."""
    words = [f"per{letter}{other}atan" for letter in "bcdfgh" for other in "aeiou"] * 20
    expected = [stem(word, "id") for word in words]
    results: list[list[str]] = []

    def work() -> None:
        results.append([stem(word + "nya", "id") and stem(word, "id") for word in words])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_stopwords_are_ready_to_compare() -> None:
    """The lists are casefolded single words, and hold the question words."""
    assert {"siapa", "apa", "kapan", "yang"} <= STOPWORDS["id"]
    assert {"who", "what", "when", "the"} <= STOPWORDS["en"]
    for words in STOPWORDS.values():
        assert all(word == word.casefold() and word.isalpha() for word in words)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Apa kata Jokowi soal data?", "id"),
        ("Who leads the ITU?", "en"),
        ("Siapa Houlin Zhao?", "id"),
        ("What did Retno Marsudi say?", "en"),
        ("Apa itu sharing economy dan financial inclusion?", "id"),
        ("Wali kota menutup tiga jalan utama selama karnaval.", "id"),
        ("The mayor closed three main roads during the carnival.", "en"),
        ("Der Bürgermeister sperrte wegen des Umzugs drei wichtige Straßen.", "de"),
        ("นายกเทศมนตรีปิดถนนสามสายในช่วงงานเทศกาล", "th"),
        ("市长在嘉年华期间封闭了三条主要道路。", "zh"),
        ("", "und"),
        ("12/3 — 45 % …", "und"),
    ],
)
def test_detect(text: str, language: str) -> None:
    """Short questions full of names get their language; no letters, no language."""
    assert detect(text) == language


def test_malay_only_when_sure() -> None:
    """Malay is named for a long text in plain Malay, never for a short one."""
    malay = (
        "Polis berkata lelaki itu ditahan di pejabat syarikat berkenaan kerana disyaki mengambil "
        "wang pelanggan. Mahkamah akan mendengar kes itu pada bulan Ogos, manakala dua lagi "
        "suspek masih dicari. Beliau boleh dipenjara lapan tahun jika didapati bersalah."
    )
    assert detect(malay) == "ms"
    assert detect(malay[:70]) == "id"


@settings(deadline=None, max_examples=50)
@given(ANY_TEXT)
def test_detect_takes_anything(text: str) -> None:
    """Any text has a short lower-case code."""
    code = detect(text)
    assert code.isalpha()
    assert code.islower()


def test_an_acronym_is_not_the_small_word_it_looks_like() -> None:
    """ITU, DI and AS are looked up as names; "itu", "di" and "as" are function words."""
    assert stems("Sekjen ITU", "id") != stems("Sekjen itu", "id")
    assert stems("ITU", "id") == stems("ITU", "en")
    assert stems("RCEP", "id") == stems("rcep", "id")

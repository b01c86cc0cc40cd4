"""Promises of ``qa.language.abbreviations``: what spells a short name out, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.abbreviations import blends, expansions, may_shorten, spelt_out
from tests.test_language import ANY_TEXT


@pytest.mark.parametrize(
    ("short", "text", "words"),
    [
        ("BPT", "Kepala Badan Pelabuhan Tanjungsari (BPT) menolak.", "Badan Pelabuhan Tanjungsari"),
        ("DPP", "Rapat Dewan Pengurus Pasar (DPP) bubar.", "Dewan Pengurus Pasar"),
        ("KKI", "Konsil Kedokteran Indonesia (KKI) setuju.", "Konsil Kedokteran Indonesia"),
        ("IFT", "the International Forum on Tides (IFT) met", "International Forum on Tides"),
        (
            "PIK",
            "usaha kecil PIK (Pasar, Industri, dan Kerajinan)",
            "Pasar, Industri, dan Kerajinan",
        ),
        ("FTF", "pembentukan forum laut (Ferry Trade Forum, FTF)", "Ferry Trade Forum"),
        ("Kemtan", "oleh Kementerian Pertanian (Kemtan) kemarin", "Kementerian Pertanian"),
        ("MHF", "the Marine Harbour Fund, or MHF, paid", "Marine Harbour Fund"),
        ("MHF", "MHF stands for Marine and Harbour Fund.", "Marine and Harbour Fund"),
        ("Siga", "Kata itu singkatan dari siaga, ingat, gerak, aman.", "siaga, ingat, gerak, aman"),
    ],
)
def test_an_abbreviation_and_its_words(short: str, text: str, words: str) -> None:
    """Brackets, "or", "stands for": the words whose letters it is made of."""
    assert [span.of(text) for span in expansions(short, text)] == [words]


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("BPT", "BPT menolak usul itu (lihat halaman dua)."),
        ("BPT", "Kepala Dinas Perhubungan (BPT) menolak."),
        ("RDKB", "konferensi wilayah pesisir (RDKB) pada 2019"),
        ("BPT", "Hasil rapat itu (BPT Tanjungsari, 2019) dirahasiakan."),
        ("B", "Bandara (B) tutup."),
        ("", "Bandara () tutup."),
    ],
)
def test_what_does_not_spell_it_is_left(short: str, text: str) -> None:
    """Words beside it with other letters, and a bracket that says something else."""
    assert list(expansions(short, text)) == []


def test_asked_from_either_side() -> None:
    """What the letters stand for, in any letter case, and how the words are shortened."""
    text = "Kepala Badan Pelabuhan Tanjungsari (BPT) menolak."
    for question in ("Apa kepanjangan BPT?", "apa kepanjangan bpt", "What does BPT stand for?"):
        assert [s.of(text) for s in spelt_out(question, text)] == ["Badan Pelabuhan Tanjungsari"]
    asked = "Apa singkatan Badan Pelabuhan Tanjungsari?"
    assert [s.of(text) for s in spelt_out(asked, text)] == ["BPT"]
    assert spelt_out("Apa singkatan Badan Pelabuhan Sigura?", text) == []


@settings(deadline=None)
@given(st.text(max_size=6), ANY_TEXT)
def test_spans_lie_in_any_text(short: str, text: str) -> None:
    """Whatever stands there, a span is of the text and not empty."""
    for span in expansions(short, text):
        assert 0 <= span.start < span.end <= len(text)
        assert span.of(text).strip()


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("sumsel", ["sumatera", "selatan"]),
        ("dephub", ["departemen", "perhubungan"]),
        ("polres", ["kepolisian", "resor"]),
    ],
)
def test_a_word_made_of_pieces(word: str, parts: list[str]) -> None:
    """In the order of the words, each of them; not the other way round."""
    assert blends(word, parts)
    assert not blends(word, parts[::-1])
    assert not blends(word, [*parts, "indonesia"])


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("BPT", "Kepala Badan Pelabuhan Tanjungsari menolak."),
        ("MHF", "the Marine and Harbour Fund paid"),
        ("Jatim", "warga Jawa Timur mengungsi"),
    ],
)
def test_words_that_nothing_says_are_shortened(short: str, text: str) -> None:
    """Each initial or a piece of each name; not in small letters, and not of two letters."""
    assert may_shorten(short, text)
    assert not may_shorten(short, text.lower())
    assert not may_shorten(short[:2], text)

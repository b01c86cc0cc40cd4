"""Promises about lists: all their sentences, in the order of the document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.answering.lists import enumeration
from qa.corpus import Corpus
from qa.language.sentences import sentence_spans


def listed(text: str, anchor: str) -> list[str]:
    """The first words of the sentences of the list that the sentence with *anchor* is in."""
    spans = sentence_spans(text, "id")
    place = next(i for i, span in enumerate(spans) if anchor in span.of(text))
    return [" ".join(spans[i].of(text).split()[:2]) for i in enumeration(text, spans, [place])]


SPELT = (
    "Pedagang mengajukan tiga tuntutan. Pertama, sewa kios diturunkan. Sewa itu naik tahun lalu. "
    "Kedua, atap pasar diperbaiki. Ketiga, parkir ditata lagi. Kedua pihak akan bertemu lagi."
)


def test_a_list_spelt_out_over_several_sentences() -> None:
    """Its items and what leads up to them, but neither asides nor "kedua pihak"."""
    assert listed(SPELT, "tiga tuntutan") == [
        "Pedagang mengajukan", "Pertama, sewa", "Kedua, atap", "Ketiga, parkir",
    ]  # fmt: skip
    assert listed(SPELT, "atap pasar") == ["Pertama, sewa", "Kedua, atap", "Ketiga, parkir"]


def test_a_list_with_a_noun_and_an_end() -> None:
    """ "Langkah pertama", "langkah kedua", "terakhir"."""
    text = (
        "Langkah pertama menyangkut air. Warga harus dilibatkan. Adapun langkah kedua ialah "
        "memperbaiki saluran. Terakhir, sungai dikeruk. Warga setuju."
    )
    assert listed(text, "saluran") == ["Langkah pertama", "Adapun langkah", "Terakhir, sungai"]


def test_items_far_apart_that_say_of_what_they_are() -> None:
    """ "Langkah kedua" is found over a few paragraphs; a bare "Kedua," is not."""
    between = "Air naik. Warga menunggu. Hujan turun lagi. Pasar sepi. Kapal tiba. "
    text = f"“Pertama, air dijaga. {between}Langkah kedua: warga. {between}Langkah terakhir: uang."
    assert listed(text, "air dijaga") == ["“Pertama, air", "Langkah kedua:", "Langkah terakhir:"]
    text = f"Pertama, air dijaga. {between}Kedua, warga dilibatkan. {between}Terakhir, uang dicari."
    assert listed(text, "air dijaga") == []


def test_numbered_lines_and_bullets() -> None:
    """Each line is an item, with the line over them."""
    text = "Syaratnya:\n1. Kartu penduduk yang berlaku.\n2. Surat dari ketua RT.\n\nWarga antre."
    assert listed(text, "ketua RT") == ["Syaratnya:", "1. Kartu", "2. Surat"]
    text = "Yang dibawa:\n- air minum untuk sehari\n- senter dan baterai\n\nWarga antre."
    assert listed(text, "senter") == ["Yang dibawa:", "- air", "- senter"]


def test_the_list_that_a_sentence_elsewhere_counts() -> None:
    """ "Tiga tuntutan" at the top of an article belongs to the list of three further down."""
    text = SPELT.replace("tiga tuntutan. ", "tiga tuntutan. Wali kota menolak. Polisi berjaga. ")
    assert len(listed(text, "tiga tuntutan")) == 4
    text = text.replace("tiga tuntutan", "lima tuntutan")
    assert listed(text, "lima tuntutan") == []


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Ada tiga syarat. Air, listrik, dan jalan harus ada. Hujan turun.", 2),
        ("There are three. Sewa turun; atap dan pagar diperbaiki; parkir gratis.", 2),
        ("Ada tiga syarat. Air dan listrik harus ada.", 0),  # two things
        ("Ada tiga syarat. Warga menunggu lama.", 0),
        ("Ada tiga syarat.\nAir, listrik, dan jalan harus ada.", 0),  # another paragraph
        ("Ada beberapa syarat. Air, listrik, dan jalan harus ada.", 0),
        ("Ada tiga syarat.", 0),
    ],
)
def test_what_the_next_sentence_names_as_counted(text: str, cited: int) -> None:
    """ "Ada tiga syarat." is no answer without the three; as many as it says, in its paragraph."""
    sentences = sentence_spans(text, "id")
    assert len(enumeration(text, sentences, [0])) == cited


def test_what_goes_on_adding() -> None:
    """Without a list, the sentences that add to the answer."""
    text = "Ia meminta sewa diturunkan. Selain itu, ia meminta atap diperbaiki. Hujan turun."
    assert listed(text, "sewa") == ["Ia meminta", "Selain itu,"]
    assert listed(text, "Hujan") == []


def test_a_whole_list_is_cited_in_order(tmp_path: Path, open_corpus: Callable[..., Corpus]) -> None:
    """A question for several things cites every item, proven, in the order of the article."""
    file = tmp_path / "pasar.txt"
    file.write_text(f"Tuntutan pedagang pasar\n\n{SPELT}\n", encoding="utf-8")
    corpus = open_corpus()
    corpus.add(file)
    answer = corpus.ask("Apa tiga tuntutan pedagang pasar?")
    text = corpus.document(answer.citations[0].document_id).text
    quotes = [citation.quote for citation in answer.citations]
    assert [quote.split()[0] for quote in quotes[-3:]] == ["Pertama,", "Kedua,", "Ketiga,"]
    assert all(text[c.start : c.end] == c.quote for c in answer.citations)
    starts = [citation.start for citation in answer.citations]
    assert starts == sorted(starts)

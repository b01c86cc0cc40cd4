"""Promises about contradictions: right when it speaks, shown with both sides and dates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering import texts
from qa.answering.conflicts import Sentence, disagreement
from qa.chat.drawing import view
from qa.corpus import Corpus
from qa.output import answer_json
from qa.types import Difference

FIRE = "Kebakaran pasar Tanjungsari menghanguskan 120 kios pedagang sayur."


def difference(one: str, other: str, *languages: str) -> Difference | None:
    """How the two sentences differ, the same from both sides."""
    first, second = languages or ("id", "id")
    a, b = Sentence(one, first), Sentence(other, second)
    found, back = disagreement(a, b), disagreement(b, a)
    assert (found and found.difference) == (back and back.difference)
    return found.difference if found else None


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (FIRE, FIRE.replace("120", "95"), Difference.NUMBER),
        (FIRE, f"Kata polisi, {FIRE.replace('120', '95')}", Difference.NUMBER),
        (
            "Jembatan Melati di Tanjungsari diresmikan bupati pada 3 Mei 2019.",
            "Jembatan Melati di Tanjungsari diresmikan bupati pada 5 Juni 2019.",
            Difference.DATE,
        ),
        (
            "Bupati Tanjungsari akan menutup pasar lama di tepi sungai.",
            "Bupati Tanjungsari tidak akan menutup pasar lama di tepi sungai.",
            Difference.POLARITY,
        ),
    ],
)
def test_what_contradicts(one: str, other: str, found: Difference) -> None:
    """The same thing with another number or date, or denied."""
    assert difference(one, other) == found


def test_across_languages() -> None:
    """An English sentence against an Indonesian one."""
    english = "The fire in the Tanjungsari market destroyed 95 kiosks of vegetable traders."
    assert difference(FIRE, english, "id", "en") == Difference.NUMBER
    assert difference(FIRE, english.replace("95", "120"), "id", "en") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRE, FIRE),
        (FIRE, FIRE.replace("Tanjungsari", "Cempaka").replace("120", "95")),  # another place
        (FIRE, FIRE.replace("120", "lebih dari 100")),
        (FIRE, FIRE.replace("120", "hampir 130")),
        (FIRE.replace("120", "1.198"), FIRE.replace("120", "sekitar 1.200")),  # rounded
        (
            FIRE.replace("Kebakaran", "Pada 2018 kebakaran"),
            FIRE.replace("Kebakaran", "Pada 2017 kebakaran").replace("120", "95"),
        ),  # another year
        (FIRE, "Pedagang sayur di pasar Tanjungsari meminta 95 kios sementara kepada bupati."),
        (
            "Lomba perahu Tanjungsari digelar bupati di sungai sejauh 40 kilometer.",
            "Lomba perahu Tanjungsari digelar bupati di sungai sejauh 25 mil.",
        ),
        (
            "Rapat pedagang pasar Tanjungsari dimulai pukul 09.00 pagi.",
            "Rapat pedagang pasar Tanjungsari dimulai pukul 10.00 pagi.",
        ),
        (
            "Ia mencatat waktu terbaik 59 detik pada putaran akhir balap perahu.",
            "Rudi mencatat waktu terbaik 51 detik pada putaran akhir balap perahu.",
        ),
        (
            "Paling tidak bupati Tanjungsari menutup pasar lama di tepi sungai.",
            "Bupati Tanjungsari menutup pasar lama di tepi sungai.",
        ),
    ],
)
def test_what_does_not(one: str, other: str) -> None:
    """Other places, times and units, roundings, bounds: none of these is a contradiction."""
    assert difference(one, other) is None


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_is_survived(one: str, other: str) -> None:
    """Whatever is written, the words in which two differ lie within them."""
    found = disagreement(Sentence(one, "id"), Sentence(other, "en"))
    if found:
        assert found.here.end <= len(one)
        assert found.there.end <= len(other)


def test_both_sides_are_cited_and_dated(tmp_path: Path, open_corpus: Callable[..., Corpus]) -> None:
    """Both sentences are proven citations; chat, JSON and terminal set them side by side."""
    for day, number in ((3, "120"), (5, "95")):
        (tmp_path / f"pasar-{day}.txt").write_text(
            f"Api di pasar ({day})\n\nKoran {day}, {day} Mei 2019\n\n{FIRE.replace('120', number)} "
            f"Warga {'berdatangan' if day == 3 else 'sudah pulang ke rumah masing-masing'}.\n",
            encoding="utf-8",
        )
    corpus = open_corpus()
    corpus.add(tmp_path / "pasar-3.txt", tmp_path / "pasar-5.txt")
    answer = corpus.ask("Berapa kios pedagang sayur hangus dalam kebakaran pasar Tanjungsari?")
    assert len(answer.conflicts) == 1
    (found,) = answer.conflicts
    cited = {citation.n: citation for citation in answer.citations}
    words = []
    for n, span in ((found.n, found.here), (found.other, found.there)):
        citation = cited[n]
        text = corpus.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote
        words.append(span.of(text))
    assert {word.split()[0] for word in words} == {"120", "95"}
    as_json = json.loads(json.dumps(answer_json(answer)))
    assert as_json["conflicts"][0]["difference"] == "number"
    said = texts.conflict(found, answer.citations, "id")
    assert "angka yang berbeda" in said
    drawn = "".join(view(answer, corpus, 1).paragraphs)
    assert "kutip-conflict" in drawn
    assert "3 Mei 2019" in said
    assert "5 Mei 2019" in said
    assert texts.conflict(found, answer.citations[:1], "id") == ""

"""Who speaks in a corpus: names of several articles folded into people, and kept apart."""

from __future__ import annotations

from datetime import date

from qa.answering.speakers import Speaker, fold_speakers
from qa.types import Span, Statement


def by(
    speaker: str | None, role: str | None = None, body: str | None = None, document: str = "d"
) -> Statement:
    return Statement(document, Span(0, 9), speaker, speaker, True, "kata", role, body)


def folded(*statements: Statement) -> list[set[str]]:
    """The forms of each speaker."""
    return [set(speaker.forms) for speaker in fold_speakers(statements, {})]


def test_aliases_and_short_names_come_together() -> None:
    """A nickname, a shorter name and a name with the same office are one person."""
    jokowi = [by("Jokowi", "Presiden"), by("Joko Widodo"), by("Joko Widodo", "Presiden")]
    retno = [by("Retno Marsudi", "Menteri Luar Negeri RI"), by("Retno", "Menlu")]
    assert folded(*jokowi, *retno) == [{"Jokowi", "Joko Widodo"}, {"Retno Marsudi", "Retno"}]


def test_a_name_that_two_people_share_joins_neither() -> None:
    """ "Ratna" may be either of two; her office tells."""
    two = (by("Ratna Wibisana", "Menteri Sosial"), by("Ratna Kusuma", "Ketua", "PMI"))
    assert len(folded(*two, by("Ratna"))) == 3
    assert {"Ratna Kusuma", "Ratna"} in folded(*two, by("Ratna", "Ketua", "PMI"))


def test_farmer_and_mayor_of_one_name_are_two() -> None:
    """Somebody known as a farmer is not the mayor of the same name."""
    assert len(folded(by("Budi Santoso", "petani"), by("Budi Santoso", "Bupati Kendal"))) == 2
    assert len(folded(by("Budi Santoso", "Bupati Kendal"), by("Budi Santoso"))) == 1
    assert len(folded(by("Budi", "sopir"), by("Budi Santoso", "Menteri Sosial"))) == 2


def test_initials_offices_and_bodies() -> None:
    """An initial joins its only name; a body joins no longer one; offices stay as they are."""
    assert folded(by("B. Santoso"), by("Bagus Santoso")) == [{"B. Santoso", "Bagus Santoso"}]
    assert len(folded(by("B. Santoso"), by("Bagus Santoso"), by("Budi Santoso"))) == 3
    assert len(folded(by("Bank Indonesia"), by("Indonesia"))) == 2
    assert len(folded(by("Presiden"), by("Presiden Prancis"))) == 2


def test_a_speaker_is_found_by_name_and_by_office() -> None:
    """Full name, nickname, title and office lead to one person; another office does not."""
    (speaker,) = fold_speakers(
        [by("Rudi Hartawan", "Menteri Komunikasi dan Informatika")], {"d": date(2020, 5, 1)}
    )
    assert isinstance(speaker, Speaker)
    for name in ("rudi", "Menteri Rudi Hartawan", "Menkominfo", "R. Hartawan"):
        assert speaker.is_called(name), name
    for name in ("Menlu", "Rudi Santoso", "Presiden"):
        assert not speaker.is_called(name), name


def test_dates_and_counts() -> None:
    """First and last date of the dated documents; unknown speakers belong to nobody."""
    statements = [by("Sari Utami", document=id) for id in ("a", "b", "c", "c")]
    days = {"a": date(2021, 2, 3), "b": date(2019, 1, 1), "c": None}
    (speaker,) = fold_speakers([*statements, by(None)], days)
    assert (speaker.first, speaker.last) == (date(2019, 1, 1), date(2021, 2, 3))
    assert (len(speaker.statements), speaker.documents) == (4, 3)

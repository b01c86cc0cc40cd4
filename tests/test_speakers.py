"""Who speaks in a corpus: names of several articles folded into people, and kept apart."""

from __future__ import annotations

from datetime import date

from qa.answering.speakers import Speakers, fold_speakers
from qa.language.offices import office_key
from qa.types import Span, Statement


def by(
    speaker: str | None, role: str | None = None, body: str | None = None, document: str = "d"
) -> Statement:
    return Statement(document, Span(0, 9), speaker, speaker, True, "kata", role, body)


def folded(*statements: Statement) -> list[set[str]]:
    """The forms of each speaker."""
    return [set(speaker.forms) for speaker in fold_speakers(statements, {})]


def who(*statements: Statement) -> Speakers:
    return Speakers(fold_speakers(statements, {}))


def called(everybody: Speakers, name: str) -> list[str]:
    return [speaker.name for speaker in everybody.called(name)]


def test_aliases_and_short_names_come_together() -> None:
    """A nickname, a shorter name and a name with the same office are one person."""
    jokowi = [by("Jokowi", "Presiden"), by("Joko Widodo"), by("Joko Widodo", "Presiden")]
    retno = [by("Retno Marsudi", "Menteri Luar Negeri RI"), by("Retno", "Menlu")]
    assert folded(*jokowi, *retno) == [{"Jokowi", "Joko Widodo"}, {"Retno Marsudi", "Retno"}]


def test_a_slip_in_a_name() -> None:
    """Who is nearly called that is meant, if no document has the word as it is written."""
    everybody = who(
        by("Jokowi"),
        by("Retno Marsudi"),
        by("Antonio Guterres"),
        by("Budi Santoso"),
        by("Wiyanto"),
    )
    known = {"budi", "santosa"}

    def meant(name: str) -> list[str]:
        return [one.name for one in everybody.misspelt(name, lambda word: word not in known)]

    assert meant("Jokwi") == ["Jokowi"]
    assert meant("pak jokwi") == ["Jokowi"]
    assert meant("Retno Marsud") == ["Retno Marsudi"]
    assert meant("Gutteres") == ["Antonio Guterres"]
    # Somebody else, who is in the documents; somebody else, who is not nearly called so.
    assert meant("Budi Santosa") == []
    assert meant("Joko Tjandra") == []
    assert meant("Wiranto") == []


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


def test_a_company_is_meant_with_or_without_its_kind() -> None:
    """ "Sagita" means who speaks for "kelompok Sagita"; the head of a group is no head of all."""
    everybody = who(by("Ratna Wibisana", "Ketua", "kelompok Sagita"), by("Budi Santoso", "Ketua"))
    for name in ("Sagita", "PT Sagita Tbk", "Sagita Group"):
        assert called(everybody, name) == ["Ratna Wibisana"], name
    assert office_key("Ketua Kelompok") != office_key("Ketua")


def test_a_speaker_is_found_by_name_and_by_office() -> None:
    """Full name, nickname, title and office lead to one person; another office does not."""
    everybody = who(by("Rudi Hartawan", "Menteri Komunikasi dan Informatika"))
    for name in (
        "rudi",
        "Menteri Rudi Hartawan",
        "Menkominfo",
        "menteri kominfo",
        "R. Hartawan",
        "the Minister of Communication and Informatics",
    ):
        assert called(everybody, name) == ["Rudi Hartawan"], name
    for name in ("Menlu", "Rudi Santoso", "Presiden", "Menteri Kesehatan", ""):
        assert called(everybody, name) == [], name


def test_an_office_means_who_holds_just_that_first() -> None:
    """ "Presiden" is no foreign president where there is one; two holders are both meant."""
    everybody = who(
        by("Hasan Basri", "Presiden RI"),
        by("Marc Lenoir", "Presiden Prancis"),
        by("Rini Astuti", "Menteri Luar Negeri"),
        by("Tono Prasetya", "Menlu", document="e"),
    )
    for name in ("Presiden", "kepala negara", "the President", "head of state"):
        assert called(everybody, name) == ["Hasan Basri"], name
    assert called(everybody, "Presiden Prancis") == ["Marc Lenoir"]
    for name in ("menlu", "the foreign minister", "Menteri Luar Negeri RI"):
        assert called(everybody, name) == ["Rini Astuti", "Tono Prasetya"], name
    assert called(who(by("Marc Lenoir", "Presiden Prancis")), "Presiden") == ["Marc Lenoir"]


def test_a_body_has_many_names() -> None:
    """Short, written out, in English: one body; those who speak for it are meant as well."""
    names = ["Kominfo", "Kementerian Komunikasi dan Informatika", "Kemenkominfo"]
    assert folded(*map(by, names)) == [set(names)]
    everybody = who(
        by("Kementerian Kesehatan"), by("Siti Aminah", "Juru Bicara", "Kemenkes"), by("Kemenkeu")
    )
    for name in ("Kemenkes", "kemenkes", "Kementerian Kesehatan RI", "the Health Ministry"):
        assert called(everybody, name) == ["Kementerian Kesehatan", "Siti Aminah"], name
    assert called(everybody, "Kesehatan") == []
    minister = who(
        by("Rudi Hartawan", "Menteri Kesehatan RI"), by("Lukas Tarigan", "Menteri Sosial")
    )
    assert called(minister, "Kemenkes") == ["Rudi Hartawan"]


def test_a_body_may_be_called_like_a_word() -> None:
    """The ITU is no "itu": its secretary-general is found, and "Sekjen itu" is not his office."""
    everybody = who(by("Bram Hartono", "Sekjen", "ITU"), by("Ana Lima", "Sekjen", "PBB"))
    for name in ("Sekjen ITU", "the ITU Secretary-General", "ITU"):
        assert called(everybody, name) == ["Bram Hartono"], name
    assert called(everybody, "Sekjen itu") == ["Ana Lima", "Bram Hartono"]
    assert office_key("PRESIDEN ITU") == office_key("Presiden")


def test_the_usual_form_of_a_name() -> None:
    """Not the longest; nor one with the club before it, which is no part of the name."""
    speakers = fold_speakers(
        [
            *(by("Arya Sembada", "pelatih") for _ in range(4)),
            by("Persada Arya Sembada"),
            by("Arya Rahmat Sembada"),
            *(by("Wiryanto") for _ in range(9)),
            by("Polkam Wiryanto"),
        ],
        {},
    )
    assert [speaker.name for speaker in speakers] == ["Wiryanto", "Arya Sembada"]
    assert "Persada Arya Sembada" in speakers[1].forms
    # The club by itself is not the man.
    assert {"Persada Biru"} in folded(by("Persada Biru"), by("Arya Sembada"), by("Arya Sembada"))


def test_a_son_and_a_team_are_not_the_man() -> None:
    """ "Jr" is somebody else, and so are those who work for whoever is named."""
    assert folded(
        by("Damian Crane"), by("Damian Crane Jr"), by("Tim kuasa hukum Damian Crane")
    ) == [{"Damian Crane"}, {"Damian Crane Jr"}, {"Tim kuasa hukum Damian Crane"}]


def test_dates_and_counts() -> None:
    """First and last date of the dated documents; unknown speakers belong to nobody."""
    statements = [by("Sari Utami", document=id) for id in ("a", "b", "c", "c")]
    days = {"a": date(2021, 2, 3), "b": date(2019, 1, 1), "c": None}
    (speaker,) = fold_speakers([*statements, by(None)], days)
    assert (speaker.first, speaker.last) == (date(2019, 1, 1), date(2021, 2, 3))
    assert (len(speaker.statements), speaker.documents) == (4, 3)

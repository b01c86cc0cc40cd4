"""Who speaks in a corpus: the names of many articles folded into people.

Within one article ``qa.answering.statements`` has found the longest way to write
each speaker. Here "Jokowi", "Joko Widodo" and "Menlu Retno" of several articles
come together. Two names are held for one person only where that is likely: a
shorter name joins the one longer name that holds it, and where several do, or
where it is a single word, what the articles say of their offices decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.language.names import (
    HONORIFICS,
    also_called,
    fold,
    fold_role,
    is_common_forename,
    names_person,
    same_person,
    subsumes,
)
from qa.language.offices import MINISTER, MINISTRY, is_short_body, office_key
from qa.language.spelling import slip_of, sound, spelt_alike
from qa.language.tokens import stem
from qa.types import Statement


@dataclass(frozen=True, slots=True)
class Speaker:
    """One person or body with all it says.

    *name*: its usual form, one of a single word only where that is far more so; *forms*:
    each way in which articles write it, most frequent first; *role* and *affiliation*:
    those given most often; *first* and *last*: the dates of its statements, as far as they
    are known.
    """

    name: str
    forms: tuple[str, ...]
    role: str | None
    affiliation: str | None
    statements: tuple[Statement, ...]
    first: date | None
    last: date | None

    @property
    def documents(self) -> int:
        """In how many documents it speaks."""
        return len({statement.document_id for statement in self.statements})


class Speakers:
    """Everybody who speaks in a corpus, and whom a name, an office or a body means."""

    def __init__(self, everybody: Iterable[Speaker]) -> None:
        self.everybody = tuple(everybody)
        self._named: dict[str, set[int]] = {}  # by each word of their names
        self._bodies: dict[tuple[str, ...], set[int]] = {}
        self._offices: dict[str, set[tuple[tuple[str, ...], int]]] = {}  # by the first word
        self._sounding: dict[str, list[str]] = {}  # the words of names, by how they begin
        for place, speaker in enumerate(self.everybody):
            for form in speaker.forms:
                self._bodies.setdefault(office_key(form), set()).add(place)
                folded = fold(form)
                for word in " ".join((folded, *also_called(folded))).split():
                    self._named.setdefault(word, set()).add(place)
            for role, affiliation in {(s.role, s.affiliation) for s in speaker.statements}:
                if affiliation:
                    self._bodies.setdefault(office_key(affiliation), set()).add(place)
                if office := office_key(" ".join(filter(None, (role, affiliation)))):
                    self._offices.setdefault(office[0], set()).add((office, place))

    def called(self, name: str) -> list[Speaker]:
        """Whom *name* can mean: a person in any form of the name, an office, a body.

        A body means also those who speak for it, a ministry its minister. Of an
        office, who holds just that goes before who holds one that begins like it:
        "Presiden" is "Presiden Prancis" only where nobody else is president. Most
        often speaking first.
        """
        name = name.title() if name.islower() else name
        found = {
            place
            for word in fold(name).split()
            for place in self._named.get(word, ())
            if any(same_person(form, name) for form in self.everybody[place].forms)
        }
        if key := office_key(name):
            found |= self._bodies.get(key, set())
            if key[0] == MINISTRY:
                key = (MINISTER, *key[1:])
            held = self._offices.get(key[0], set())
            exact = {place for office, place in held if set(office) == set(key)}
            found |= exact or {place for office, place in held if set(key) <= set(office)}
        return [self.everybody[place] for place in sorted(found)]

    def misspelt(self, name: str, unknown: Callable[[str], bool]) -> list[Speaker]:
        """Whom *name* can mean if those of its words that are *unknown* are spelt wrongly.

        "Retno Marsud", "jokwi": every word is one of a name or nearly so, and what is
        not quite one stands in no document, so that it is nobody else's name.
        """
        wanted = [word for word in fold(name).split() if word not in HONORIFICS]
        if not wanted:
            return []
        near = set.intersection(*(self._with_word_like(word) for word in wanted))
        everybody = (self.everybody[place] for place in sorted(near))
        return [one for one in everybody if _nearly(wanted, one, unknown)]

    def _with_word_like(self, word: str) -> set[int]:
        """Who has *word* in the name, or one that begins and sounds like it."""
        if not self._sounding:
            for known in self._named:
                self._sounding.setdefault(sound(known)[:1], []).append(known)
        near = self._sounding.get(sound(word)[:1], ())
        alike = [known for known in near if known == word or spelt_alike(known, word)]
        return {place for known in alike for place in self._named[known]}


def _nearly(wanted: Sequence[str], speaker: Speaker, unknown: Callable[[str], bool]) -> bool:
    """Whether every word of *wanted* is one of a name of *speaker*, or that spelt wrongly."""
    for form in speaker.forms:
        folded = fold(form)
        for way in (folded, *also_called(folded)):
            held = way.split()
            # One word alone has to be surer: "Wiyanto" is not "Wiranto".
            sure = len(wanted) > 1 or any(slip_of(wanted[0], other) for other in held)
            if sure and all(word in held or _slip(word, held, unknown) for word in wanted):
                return True
    return False


def _slip(word: str, held: Sequence[str], unknown: Callable[[str], bool]) -> bool:
    """Whether *word* is one of *held* spelt wrongly, and nothing else in the documents."""
    alike = [other for other in held if spelt_alike(other, word)]
    # An ending taken for a suffix: the index has "marsud" of "Marsudi".
    return any(stem(other, "id") == stem(word, "id") for other in alike) or (
        bool(alike) and unknown(word)
    )


# Who is named with one of these is known for nothing else: another of the name, with an
# office, is somebody else.
_EVERYDAY = frozenset(
    "warga petani pedagang sopir pengemudi nelayan mahasiswa mahasiswi pelajar siswa saksi korban"
    " tersangka terdakwa terpidana karyawan pegawai buruh peternak penjual perajin pengrajin"
    " penumpang relawan penyintas resident farmer trader driver student witness victim suspect"
    " fisherman anak istri suami ayah".split()
)


# "Tim kuasa hukum Ahok" is not Ahok.
_GROUPS = frozenset("tim kubu pihak keluarga massa pendukung loyalis relawan team family".split())
_YOUNGER = frozenset(("jr", "junior", "sr", "senior", "ii", "iii"))


@dataclass(slots=True)
class _Unit:
    """Statements under one folded name, before names are joined."""

    words: tuple[str, ...]
    person: bool
    everyday: str
    statements: list[Statement] = field(default_factory=list)
    offices: set[tuple[str, ...]] = field(default_factory=set)

    def take(self, other: _Unit) -> None:
        self.statements += other.statements
        self.offices |= other.offices
        self.everyday = self.everyday or other.everyday


def _office(statement: Statement) -> tuple[str, ...]:
    return fold_role(" ".join(filter(None, (statement.role, statement.affiliation))))


def _units(statements: Iterable[Statement]) -> list[_Unit]:
    """One unit for each folded name, and one more for each everyday role it is given."""
    found: dict[tuple[tuple[str, ...], str], _Unit] = {}
    folded: dict[str, tuple[tuple[str, ...], bool]] = {}
    for statement in statements:
        name = statement.speaker
        if name is None:
            continue
        if name not in folded:
            group = name.split()[0].casefold() in _GROUPS
            person = names_person(name) and not is_short_body(name) and not group
            folded[name] = (tuple(fold(name).split()) if person else office_key(name), person)
        words, person = folded[name]
        office = _office(statement)
        everyday = office[0] if office and office[0] in _EVERYDAY else ""
        unit = found.setdefault((words, everyday), _Unit(words, person, everyday))
        unit.statements.append(statement)
        if office:
            unit.offices.add(office)
    _without_strays(found)
    # Longer names first, and initials after the words that they may stand for.
    return sorted(
        found.values(),
        key=lambda u: (
            -sum(len(word) > 1 for word in u.words),
            -len(u.words),
            -len(u.statements),
            u.words,
        ),
    )


def _without_strays(units: dict[tuple[tuple[str, ...], str], _Unit]) -> None:
    """Give those who are called "Arsenal Arsene Wenger" now and then the name without the club.

    That is so where the name is a person's without its beginning as well, and that more often.
    """
    said = Counter({unit.words: 0 for unit in units.values()})
    for unit in units.values():
        said[unit.words] += len(unit.statements)
    for unit in units.values():
        ends = (unit.words[cut:] for cut in range(1, len(unit.words) - 1))
        if unit.person:
            unit.words = next((end for end in ends if said[end] > said[unit.words]), unit.words)


def fold_speakers(
    statements: Sequence[Statement], published: Mapping[str, date | None]
) -> list[Speaker]:
    """The speakers of *statements*, who speaks most first.

    *published*: the date of each document, by id. Statements whose speaker is
    unknown belong to nobody.
    """
    heads: list[_Unit] = []
    holding: dict[str, list[_Unit]] = {}  # the heads that have a word beginning like this
    for unit in _units(statements):
        head = _head(unit, holding)
        if head is not None:
            head.take(unit)
            continue
        heads.append(unit)
        for letter in {word[:1] for word in unit.words}:
            holding.setdefault(letter, []).append(unit)
    speakers = [_speaker(head, published) for head in heads]
    return sorted(speakers, key=lambda s: (-len(s.statements), s.name))


def _head(unit: _Unit, holding: Mapping[str, Sequence[_Unit]]) -> _Unit | None:
    """The longer name of the same person, if exactly one is likely."""
    if not unit.words:
        return None
    near = min((holding.get(word[:1], ()) for word in unit.words), key=len)
    candidates = [
        head
        for head in near
        if head.words == unit.words
        or (head.person and unit.person and subsumes(head.words, unit.words))
    ]
    possible = [head for head in candidates if not _conflict(unit, head)]
    agreeing = [head for head in possible if _agree(unit, head)]
    if len(agreeing) == 1:
        return agreeing[0]
    if len(possible) != 1:
        return None
    if possible[0].words == unit.words or len(unit.words) > 1:
        return possible[0]
    alone = len(candidates) == 1 and not unit.offices
    return possible[0] if alone and not is_common_forename(unit.words[0]) else None


def _conflict(one: _Unit, two: _Unit) -> bool:
    """True when one is known as a farmer and the other as something else, or one is the son."""
    if _YOUNGER.intersection(one.words) != _YOUNGER.intersection(two.words):
        return True
    if one.everyday == two.everyday:
        return False
    return bool(one.offices and two.offices)


def _agree(one: _Unit, two: _Unit) -> bool:
    """True when both hold one office; a word alone ("ketua") is too little unless it is all."""
    for first in one.offices:
        for second in two.offices:
            short, long = sorted((first, second), key=len)
            if first == second or (len(short) > 1 and set(short) <= set(long)):
                return True
    return False


def _speaker(unit: _Unit, published: Mapping[str, date | None]) -> Speaker:
    forms = Counter(s.speaker for s in unit.statements if s.speaker)
    offices = Counter((s.role, s.affiliation) for s in unit.statements if s.role)
    (role, affiliation), _ = offices.most_common(1)[0] if offices else ((None, None), 0)
    days = sorted(day for s in unit.statements if (day := published.get(s.document_id)))
    return Speaker(
        name=max(forms, key=lambda form: (forms[form] * (4 * (" " in form) + 1), len(form), form)),
        forms=tuple(form for form, _ in sorted(forms.items(), key=lambda f: (-f[1], f[0]))),
        role=role,
        affiliation=affiliation,
        statements=tuple(unit.statements),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )

"""Who "ia", "Retno" or "Presiden" is at one place of an article, from what came before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from qa.answering.statements.attribution import AGE, Attribution
from qa.answering.statements.cues import ENGLISH_CUES, ROOT_CUES, VERB_CUES, word_set
from qa.language.names import Cast, Mention, is_place, is_role_word
from qa.types import Span


@dataclass(slots=True)
class Reader:
    """One article being read: what was blanked, masked, and who spoke last."""

    text: str
    masked: str
    cast: Cast
    mention_starts: list[int]
    evident: set[str]
    small: frozenset[str]  # the words that the article also writes with a small letter
    bodies: frozenset[str]  # the names that it uses as those of places and bodies
    introduced: set[str] = field(default_factory=set)  # who was a subject so far
    last: str | None = None

    def resolve(self, found: Attribution | None, sentence: int) -> str | None:
        """The full name of the speaker, or the words used when nobody is named."""
        if found is None:
            return None
        if found.kind == "pronoun":
            return self.antecedent(sentence)
        if found.kind == "name" and found.name is not None:
            full = self.cast.full_name(found.name)
            if self._common(found, full, sentence):
                return None
            return full
        written = found.written or ""
        if found.kind == "role":
            named = self.cast.by_role(written, found.at)
            if named is None and _POINTING.search(written):
                named = self.last  # "perempuan itu", "pria asal Solo ini"
            return named or written
        if not _DOCUMENTS.isdisjoint(written.casefold().split()[:2]):
            return None
        # "Undang-undang tersebut" speaks in a manner of speaking; a body has a name.
        return written if any(map(str.isupper, written)) else None

    def _common(self, found: Attribution, full: str, sentence: int) -> bool:
        """True for "Laporan", a word with a capital letter only because it opens a sentence."""
        if full.casefold() in _DOCUMENTS:
            return True
        return (
            found.at - sentence <= 2
            and full == found.name
            and " " not in full
            and full.casefold() in self.small
            and full.casefold() not in _COLLECTIVES
        )

    def antecedent(self, before: int) -> str | None:
        """Who "ia" is: the last speaker or the last person to open a sentence."""
        if self.last is not None:
            return self.last
        place = bisect_left(self.mention_starts, before)
        for mention in reversed(self.cast.mentions[max(0, place - 20) : place]):
            full = self.cast.full_name(mention.name)
            if mention.role is not None or full in self.evident:
                return full
        return None


_DOCUMENTS = word_set(
    "laporan survei studi kajian riset penelitian dokumen surat putusan aturan data outlook report"
    " survey study document declaration agreement treaty pact statement"
)
_COLLECTIVES = word_set("polisi aparat pemerintah penyidik police")
SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_A-Z][^\W\d_]{2,}")
_POINTING = re.compile(r"\s(?:itu|ini|tersebut)$")


_BESIDE_CUE = re.compile(
    rf"(?<![\w-])(?:{ROOT_CUES}|[Mm]enurut|according\s+to)\s+(?P<after>[A-Z][\w’'-]+)"
    rf"(?=[.,;]|\s+[a-z(]|\s*$)|(?:(?<=[.,”\"]\s)|(?<=\n))(?P<before>[A-Z][\w’'-]+)(?:\s(?:juga|pun|kembali))?,?\s"
    rf"(?:{VERB_CUES}|{ENGLISH_CUES})(?![\w-])"
)


def spoken_names(masked: str) -> list[str]:
    """Single words that the article uses as a speaker: "kata Galih", "Galih mengatakan"."""
    found = (hit.group("after") or hit.group("before") for hit in _BESIDE_CUE.finditer(masked))
    return [name for name in found if not is_role_word(name)]


_FIRST_WORDS = 240  # characters of a sentence in which its subject is looked for


def note_subject(reader: Reader, sentence: Span) -> None:
    """Remember whom the sentence is about: a later "ia" means them."""
    masked = reader.masked
    limit = min(sentence.end, sentence.start + _FIRST_WORDS)
    place = bisect_left(reader.mention_starts, sentence.start)
    while place < len(reader.mention_starts) and reader.mention_starts[place] < limit:
        mention = reader.cast.mentions[place]
        place += 1
        full = reader.cast.full_name(mention.name)
        aged = AGE.match(masked, mention.span.end) is not None
        lead = masked[sentence.start : mention.span.start]
        known = mention.role is not None or aged or full in reader.evident
        if not known and not _opens_as_subject(reader, mention, full, lead.rpartition(",")[2]):
            continue
        reader.introduced.add(full)
        if _PASSIVE.search(lead) or not _governed(lead.rpartition(",")[2]):
            reader.last = full
            return


_BODY_BEFORE = re.compile(
    r"(?<!\w)(?:di|ke|pada|PT|CV|maskapai|perusahaan|aplikasi|platform|lembaga)\s+$"
)


def names_of_bodies(masked: str, mentions: Iterable[Mention]) -> frozenset[str]:
    """The names that stand where no person does: "di X", "PT X"."""
    return frozenset(
        mention.name
        for mention in mentions
        if _BODY_BEFORE.search(masked[max(0, mention.span.start - 14) : mention.span.start])
    )


def _opens_as_subject(reader: Reader, mention: Mention, full: str, lead: str) -> bool:
    """True for a full name that a verb or an apposition follows: "Galih Nugraha merasa …"."""
    if " " not in full or _PREDICATE.match(reader.masked, mention.span.end) is None:
        return False
    if full in reader.bodies or mention.name in reader.bodies:
        return False
    own = mention.name.split()
    if own[-1].casefold() in _COMPANY_ENDS or (len(own[0]) > 1 and own[0].isupper()):
        return False  # "Lembayung Air", "PO Lembayung"
    if len(own) == 1:
        return full in reader.introduced
    if own[0].casefold() in reader.small:
        return False  # "Kolaborasi Desa"
    before = lead.split()
    if not before:
        return True
    # A capital letter right before is a body or a street, unless it is a place or a sentence.
    capital = before[-1][0].isupper() and len(before) > 1 and not is_place(before[-1])
    return not capital and _NO_PERSON.search(lead) is None


_COMPANY_ENDS = word_set(
    "air airlines airways group grup tbk inc ltd corp motor motors store mall tv fc express online"
)
_NO_PERSON = re.compile(
    r"\d|(?<!\w)(?:[Tt]he|[Pp]asangan|[Pp]aslon|[Tt]im|[Gg]rup|[Kk]apal|[Jj]alan|[Pp]artai|of|from|with"
    r"|by|at|to|in)\s"
)


def _governed(lead: str) -> bool:
    """True when what stands before a name makes it no subject."""
    return _VERBISH_IN.search(lead) is not None or _PREPOSED.search(lead) is not None


_PASSIVE = re.compile(
    r"(?<!\w)(?:(?:disampaikan|dikatakan|diungkapkan|diutarakan|dikemukakan|dituturkan|ditegaskan"
    r"|disorot|disoroti|dirasakan|dialami|dijelaskan|disebutkan)(?:\s+oleh)?|[Bb]agi|[Ss]aid\s+by)\s+(?:[\w-]+\s+){0,6}$"
)
# After a name: a verb, or a comma and words on its bearer.
_PREDICATE = re.compile(
    r"(?:\s\(\d{1,3}\))?(?:"
    rf",\s+(?!(?:dan|serta|and|atau|or|menurut(?:nya)?|(?:{ROOT_CUES})(?:nya)?)\b)[a-z]"
    r"|\s+(?:\w+\s+)?(?:me[a-z]{4,}|ber[a-z]{3,})"
    r"|\s+(?:of|is|was|has|had|[a-z]{2,}(?:ed|s))\b)"
)
_VERBISH_IN = re.compile(r"(?<!\w)(?:me[a-z]{4,}|ber[a-z]{3,}|di[a-z]{4,})(?!\w)")
_PREPOSED = re.compile(
    r"(?<!\w)(?:di|dari|ke|pada|kepada|oleh|dengan|untuk|bahwa|Di|Dari|Kepada)\s"
)

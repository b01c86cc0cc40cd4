"""Who "ia", "Retno" or "Presiden" is at one place of an article, from what came before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from qa.answering.statements.attribution import AGE, Attribution
from qa.answering.statements.cues import ENGLISH_CUES, ROOT_CUES, VERB_CUES, WORD, word_set
from qa.language.names import (
    HONORIFICS,
    Cast,
    Mention,
    ends_body,
    is_deed,
    is_place,
    is_role_word,
    names_body,
    split_person,
)
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
    english: bool = True  # an English cue occurs
    introduced: set[str] = field(default_factory=set)  # who was a subject so far
    last: str | None = None
    last_group: str | None = None  # the body that spoke last: "mereka"
    issuer: str | None = None  # the body whose document was named last: "laporan itu"
    heard: set[str] = field(default_factory=set)  # who has spoken so far
    called: dict[str, str] = field(default_factory=dict)  # "he" or "she", where that is told
    interviewee: str | None = None  # who answers all along: "wawancara dengan X"

    def resolve(self, found: Attribution | None, sentence: int) -> str | None:
        """The full name of the speaker, or the words used when nobody is named."""
        speaker = self._resolved(found, sentence)
        if found is not None and found.issued:
            self.issuer = speaker
        return speaker

    def _resolved(self, found: Attribution | None, sentence: int) -> str | None:
        if found is None:
            return None
        if found.kind == "pronoun":
            return self.antecedent(sentence, (found.written or "").casefold())
        if found.kind == "plural":
            return self.last_group
        if found.kind == "name" and found.name is not None:
            full = self.cast.full_name(found.name)
            if self._common(found, full, sentence):
                return None
            company = full in self.bodies or full.split()[-1].casefold() in _COMPANY_ENDS
            self.last_group = full if company else None
            return full
        written = found.written or ""
        if found.kind == "role":
            held = _SANG.sub("", written)
            named = self.cast.by_role(held, found.at)
            if held != written and is_role_word(held):
                return named or written  # "sang pelatih" is no other than the coach
            if named is None and (found.pointing or _POINTING.search(written)):
                named = self.last  # "perempuan itu", "pria asal Solo ini"
            return named or written
        if not _DOCUMENTS.isdisjoint(written.casefold().split()[:2]) and not names_body(written):
            body = _BODY_OF_DOCUMENT.fullmatch(written)
            self.last_group = body.group("body") if body is not None else self.issuer
            self.issuer = self.last_group
        elif _BODY_MEANT.fullmatch(written):
            self.last_group = self.issuer or self.last_group
        elif found.issued and _ENDS_IN_BODY.search(written):
            self.last_group = written
        else:
            # "Undang-undang tersebut" speaks in a manner of speaking, as does "Kekalahan ini";
            # a body has a name.
            deed = written[1:].islower() and is_deed(written.split()[0].casefold())
            self.last_group = written if any(map(str.isupper, written)) and not deed else None
        return self.last_group

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

    def antecedent(self, before: int, pronoun: str = "") -> str | None:
        """Who "ia" is: the last speaker or the last person to open a sentence.

        "He" is no woman, and "she" no man, where the article or the name tells.
        """
        other = {"he": "she", "she": "he"}.get(pronoun)
        if self.last is not None and other and self.called.get(self.last) == other:
            return self._nearest_called(pronoun, before) or self.last
        if self.last is not None:
            return self.last
        place = bisect_left(self.mention_starts, before)
        for mention in reversed(self.cast.mentions[max(0, place - 20) : place]):
            full = self.cast.full_name(mention.name)
            if mention.role is not None or full in self.evident:
                return full
        return None

    def _nearest_called(self, pronoun: str, before: int) -> str | None:
        """The person named last before an offset whom *pronoun* means, or at least can mean."""
        place = bisect_left(self.mention_starts, before)
        near = [
            self.cast.full_name(m.name)
            for m in reversed(self.cast.mentions[max(0, place - 40) : place])
        ]
        people = [name for name in near if name in self.called or name in self.heard]
        sure = (name for name in people if self.called.get(name) == pronoun)
        return next(sure, next((name for name in people if name not in self.called), None))


def offices(reader: Reader, speakers: Collection[str]) -> dict[str, Span]:
    """Where the article says at most length what each of *speakers*, full names, is."""
    found: dict[str, Span] = {}
    for mention in reader.cast.mentions:
        full = reader.cast.full_name(mention.name)
        if full not in speakers:
            continue
        span = _office_beside(reader.masked, mention)
        known = found.get(full)
        if span is not None and (known is None or span.end - span.start > known.end - known.start):
            found[full] = span
    return found


_LONGEST_OFFICE = 200  # characters
_OFFICE_AFTER = re.compile(
    r"\s*(?:\(\d{1,3}\)\s*)?(?:,\s+(?:(?:selaku|sebagai|an?|the|seorang)\s+)?|\s+selaku\s+"
    r"|,?\s+yang\s+(?:merupakan|menjabat(?:\s+sebagai)?|juga)\s+)"
    r"(?P<office>[^\s,.;:()\n“”\"][^,.;:()\n“”\"]{1,119})"
)
_PIECE_ENDS = ',.;:\n“”"'
# Titles and ranks between an office and a name: "Kepala Biro … Polri, Kombes Pol. X".
_RANKS = re.compile(
    r"(?:[\s,]|(?<!\w)(?:Drs?|Ir|Prof|H|Hj|KH|Mr|Mrs|Ms|Pak|Bu|Bapak|Ibu|Pol|TNI|Pnb|Kombes|AKBP"
    r"|Kompol|AKP|Iptu|Ipda|Aiptu|Brigjen|Irjen|Komjen|Mayjen|Letjen|Kolonel|Letkol|Mayor|Kapten"
    r"|(?:Brigadir|Mayor|Letnan|Inspektur|Komisaris)\s+Jenderal|Komisaris\s+Besar"
    r"|Laksamana(?:\s+\w+)?|Marsekal(?:\s+\w+)?)\.?)+$"
)


def _office_beside(masked: str, mention: Mention) -> Span | None:
    """The words beside a name that say what its bearer is, exactly as they stand."""
    low = max(0, mention.span.start - _LONGEST_OFFICE)
    end = mention.span.start
    beside = mention.role is not None and mention.role.islower()  # more may stand before it
    if mention.role is not None and not beside:
        at = _role_start(masked, mention, low)
        if at is not None:
            rank = _RANKS.search(masked, at, end)
            if rank is None or rank.start() > at:
                return Span(at, rank.start() if rank else end)
            end = at  # a rank alone: the office may stand before it
    rank = _RANKS.search(masked, max(low, end - 40), end)
    closing = low + len(masked[low : rank.start() if rank else end].rstrip(" ,"))
    opening = max(masked.rfind(mark, low, closing) for mark in _PIECE_ENDS) + 1
    for word in islice(WORD.finditer(masked, max(low, opening), closing), 4):
        if is_role_word(word.group()):
            return _plain_office(masked, word.start(), closing)
        if word.group().casefold() not in _BEFORE_OFFICE:
            break
    after = _OFFICE_AFTER.match(masked, mention.span.end)
    if after is None and beside:
        at = masked.rfind(mention.role or "", low, mention.span.start)
        return Span(at, at + len(mention.role or "")) if at >= 0 else None
    if after is None or not is_role_word(after.group("office").split()[0]):
        return None
    body = _CLAUSE.split(after.group("office"), maxsplit=1)[0].rstrip()
    return _plain_office(masked, after.start("office"), after.start("office") + len(body))


def _role_start(masked: str, mention: Mention, low: int) -> int | None:
    """Where the role before a name begins; None when it stands after the name."""
    wanted = [str.casefold(word) for word in WORD.findall(mention.role or "")]
    at = mention.span.start
    while (at := masked.rfind((mention.role or "").split()[0], low, at)) >= 0:
        stretch = _ASIDES.sub(" ", masked[at : mention.span.start])
        there = [str.casefold(word) for word in WORD.findall(stretch)]
        if "\n" in stretch or len(there) > len(wanted) + 3:
            return None
        if there[: len(wanted)] == wanted or set(wanted) <= set(there):
            return at
    return None


_ASIDES = re.compile(r"\([^()\n]{0,40}\)")


def _plain_office(masked: str, start: int, end: int) -> Span | None:
    """The span, unless a verb in it shows that it says something else."""
    words = masked[start:end].split()
    if any(_VERBISH_IN.fullmatch(word) or word.casefold() in _AUXILIARIES for word in words):
        return None
    return Span(start, end) if 0 < len(words) <= 16 else None


# "Sementara itu, kata Ketua X, Galih Nugraha": what may stand before the office.
_BEFORE_OFFICE = word_set(
    "sementara itu sedangkan adapun dan menurut kata ujar tutur ucap oleh kepada the a an said bakal"
    " calon seorang salah satu"
)
_AUXILIARIES = word_set(
    "sudah telah akan tidak tak bisa dapat juga masih belum harus sedang bukan adalah is are was"
    " were will would can could has have had may must not"
)
# What ends an office that a comma does not: a verb, or where and when it was said.
_CLAUSE = re.compile(
    rf"\s(?:yang|saat|ketika|usai|di|dalam|kepada|dan|who|in|on|when|and|{VERB_CUES}|{ENGLISH_CUES})(?!\w)"
)

_DOCUMENTS = word_set(
    "laporan survei studi kajian riset penelitian dokumen surat putusan aturan data outlook report"
    " survey study document declaration agreement treaty pact statement"
)
# "data BPS", "hasil survei Balai Riset Upah": the body that says it.
_BODY_OF_DOCUMENT = re.compile(
    rf"(?:(?:hasil|{'|'.join(sorted(_DOCUMENTS))}|terbaru|terkini|resmi|dari|milik)\s+)+"
    r"(?:(?-i:[a-z]+)\s+)?"
    r"(?P<body>(?:(?-i:[A-Z])[\w&-]*)(?:\s+(?:dan|of|for|and|[A-Z][\w&-]*|\([A-Z]\w+\)))*)",
    re.IGNORECASE,
)
_BODY_MEANT = re.compile(
    r"(?:lembaga|kementerian|perusahaan|institut|instansi|badan|organisasi|dinas|komisi|panel)\s"
    r"(?:itu|tersebut|ini)|the\s(?:ministry|agency|company|institute|organi[sz]ation|panel|group)",
    re.IGNORECASE,
)
_ENDS_IN_BODY = re.compile(
    r"\b(?:ministry|department|agency|government|police|embassy|council|commission|committee|company"
    r"|union|court|army|navy|office|party|university|bank|hospital|federation|club)$",
    re.IGNORECASE,
)
_COLLECTIVES = word_set("polisi aparat pemerintah penyidik police")
SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_A-Z][^\W\d_]{2,}")
_SANG = re.compile(r"^[Ss]ang\s+")
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
    told = _TOLD_BY.match(masked, sentence.start, limit)
    if held := _HOLDER.match(masked, sentence.start, limit):
        named = reader.cast.by_role(held["role"], sentence.start)
        if named is not None and (" " in named or named in reader.evident):
            reader.last = named  # "The mayor declined to comment."
            return
    while place < len(reader.mention_starts) and reader.mention_starts[place] < limit:
        mention = reader.cast.mentions[place]
        place += 1
        full = reader.cast.full_name(mention.name)
        aged = AGE.match(masked, mention.span.end) is not None
        lead = masked[sentence.start : mention.span.start]
        role = mention.role or ""
        # A role in small letters may stand before anybody: "… memainkan penyerang muda X Y".
        office = bool(role) and (not role.islower() or _PREDICATE.match(masked, mention.span.end))
        known = bool(office) or aged or full in reader.evident
        known = known or addressed(masked, mention)
        by = told is not None and mention.span.start >= told.end() and " " in full
        known = known or by or _labelled(masked, mention, lead)
        if not known and not _opens_as_subject(reader, mention, full, lead.rpartition(",")[2]):
            continue
        reader.introduced.add(full)
        if by or _PASSIVE.search(lead) or not _governed(lead.rpartition(",")[2]):
            reader.last = full
            return


_ADDRESS = re.compile(
    r"(?<!\w)(?:Pak|Bu|Bapak|Ibu|Mas|Mbak|Kiai|KH|Haji|Hj?|Ustaz|Ustad|Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Lady"
    r"|Dame)\.?\s$"
)


def addressed(masked: str, mention: Mention) -> bool:
    """True for "Bu Tatik", "Mrs Galbraith": who is addressed so is a person."""
    hit = _ADDRESS.search(masked, max(0, mention.span.start - 8), mention.span.start)
    if hit is None:
        return False
    before = masked[max(0, hit.start() - 30) : hit.start()].rstrip(" ").rpartition(" ")[2]
    return not (before[:1].isupper() and before[-1:].isalnum())  # "RSUD Dr Soetomo"


_HOLDER = re.compile(r"\s*(?:The|Sang)\s+(?P<role>[a-z]{4,})\s+(?=[a-z])")
_INTERVIEW = re.compile(
    r"(?:(?:wawancara|perbincangan|bincang-bincang|obrolan)[^.\n]{0,40}?\s(?:dengan|bersama)"
    r"|(?:interview(?:ed)?|conversation|q\s?&\s?a)\s+with|(?:spoke|talked|sat\s+down|talks|speaks)\s+"
    r"(?:to|with))\s+(?P<who>[^\n.?!:]{3,160})",
    re.IGNORECASE,
)


def interviewee(masked: str, cast: Cast) -> str | None:
    """Whom an article says that it interviewed, if it says so of one person."""
    hit = _INTERVIEW.search(masked)
    person = split_person(hit["who"]) if hit is not None else None
    return cast.full_name(person.name) if person is not None else None


_LABEL = re.compile(r"[^,.;:]{3,80},\s(?:(?:" + "|".join(sorted(HONORIFICS)) + r")\.?\s)*$", re.I)


def _labelled(masked: str, mention: Mention, lead: str) -> bool:
    """True for "Penumpang lain, **Galih**, menunggu …": one name between commas."""
    first = WORD.match(lead)
    return (
        first is not None
        and (is_role_word(first.group()) or first.group().casefold() in _ONLOOKERS)
        and _LABEL.fullmatch(lead) is not None
        and masked[mention.span.end : mention.span.end + 1] == ","
    )


_ONLOOKERS = word_set(
    "penumpang pengunjung penonton pembeli pelanggan pendukung suporter fans fan penggemar peserta"
    " pengguna tetangga kerabat rekan teman sahabat orangtua wali passenger visitor resident"
    " neighbour neighbor supporter customer"
)

_BODY_BEFORE = re.compile(
    r"(?<!\w)(?:di|ke|pada|PT|CV|maskapai|perusahaan|aplikasi|platform|lembaga)\s+$"
)


_NICKNAME = re.compile(
    r"(?:akrab|biasa|kerap|karib)\s+(?:disapa|dipanggil)\s+(?:(?:Pak|Bu|Mas|Mbak|Kang|Bang)\s+)?"
    r"(?P<after>[A-Z]\w+)|(?P<before>[A-Z]\w+),?\s+(?:sapaan|panggilan)\s+(?:akrab|karib)?\s*(?=[A-Z])"
)
_NICKNAME_REACH = 80  # characters from the name on


def nicknames(masked: str, mentions: Sequence[Mention]) -> dict[str, str]:
    """Names by which somebody is called, and the name: "Sumarsono, yang akrab disapa **Soni**"."""
    found: dict[str, str] = {}
    ends = [mention.span.end for mention in mentions]
    for hit in _NICKNAME.finditer(masked):
        if short := hit["before"]:
            near = next((m for m in mentions if m.span.start >= hit.end()), None)
            close = near is not None and near.span.start - hit.end() < 3
        else:
            short = hit["after"]
            place = bisect_left(ends, hit.start())
            near = mentions[place - 1] if place else None
            between = masked[near.span.end : hit.start()] if near is not None else ""
            close = near is not None and len(between) < _NICKNAME_REACH and "." not in between
        if near is not None and close and near.name != short:
            found[short] = near.name
    return found


_CLUB_BEFORE = re.compile(
    r"(?<!\w)(?:di|PT|CV|[Mm]askapai|[Pp]erusahaan|aplikasi|[Kk]lub|skuad|direksi|manajemen|saham"
    r"|markas|kandang|kubu)\s+$"
)


def names_of_clubs(masked: str, mentions: Iterable[Mention]) -> frozenset[str]:
    """The names that only a place, a company or a club can have: "di X", "skuad X"."""
    return frozenset(
        mention.name
        for mention in mentions
        if _CLUB_BEFORE.search(lead := masked[max(0, mention.span.start - 24) : mention.span.start])
        or (mention.role is None and ends_body(lead))
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
# "Hal itu disampaikan Anggota Komisi IX …, **Galih Nugraha** …": whoever is named says it.
_TOLD_BY = re.compile(
    r"\s*(?:Hal|Pernyataan|Pendapat|Keterangan|Informasi|Demikian|Kabar)\s[^.\n]{0,40}?"
    r"(?:disampaikan|dikatakan|diungkapkan|diutarakan|dikemukakan|dituturkan|ditegaskan"
    r"|dijelaskan|diucapkan|dilontarkan|dibenarkan|diakui)(?!\w)"
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
    r"(?<!\w)(?:di|dari|ke|pada|kepada|oleh|dengan|untuk|bahwa|Di|Dari|Kepada|termasuk|misalnya"
    r"|seperti|antara\s+lain|bersama|selain|tanpa|including|such\s+as)\s"
)

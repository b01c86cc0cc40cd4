"""Filters in a question: those typed as ``key:value``, and those said in plain words.

Typed ones always restrict. Of plain words only these do: an outlet that the
corpus has ("menurut Kompas"), dates of articles ("articles since 2019"),
"since" and "after" a date where somebody's words are asked for (what was said
since then can only have been reported since then), and words in quotation marks
that the documents hold. Any other date may be that of an event, told again by
later articles: it is shown, and restricts nothing. docs/questions.md is the
same for users; docs/log.md has what a stricter rule would lose.

Knows the question and the names of outlets; knows nothing about documents.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from qa.errors import BadFilter
from qa.ingest.dates import find_periods, read_period
from qa.language.detection import detected
from qa.language.tokens import tokens
from qa.retrieval.restriction import outlet_key
from qa.types import Filter, FilterKey

# What can be typed before a colon.
KEYS = ("speaker", "outlet", "byline", "after", "before", "file", "document", "language", "exact")
_SAME = {
    "pembicara": "speaker",
    "tokoh": "speaker",
    "media": "outlet",
    "author": "byline",
    "penulis": "byline",
    "sejak": "after",
    "sebelum": "before",
    "berkas": "file",
    "bahasa": "language",
    "dokumen": "document",
    "persis": "exact",
}

_TYPED = re.compile(
    r"(?<!\S)(?P<key>[^\W\d_]{2,}):(?P<value>\"[^\"]*\"|“[^”]*”|[^\s\"“”]\S*|[\"“]|(?=\s|$))"
)
_QUOTED = re.compile(r"(?<![\w:])(?:\"([^\"]*\w[^\"]*)\"|“([^“”]*\w[^“”]*)”)(?!\w)")


def typed(text: str) -> tuple[str, tuple[Filter, ...]]:
    """*text* without the filters typed in it, and these.

    Words in quotation marks are a filter and stay part of the text. Raises
    ``BadFilter`` for a key that is none, a value that is missing or no date.
    """
    found: list[tuple[int, Filter]] = []

    def take(hit: re.Match[str]) -> str:
        one = _typed_filter(hit)
        if one is None:
            return hit.group()
        found.append((hit.start(), one))
        return one.value if one.key is FilterKey.EXACT else ""

    rest = _tidy(_TYPED.sub(take, text))
    for hit in _QUOTED.finditer(rest):
        words = " ".join((hit[1] or hit[2]).split())
        found.append((len(text) + hit.start(), Filter(FilterKey.EXACT, words, hit.group())))
    return rest, tuple(one for _, one in found)


def _typed_filter(hit: re.Match[str]) -> Filter | None:
    """The filter of one match of ``_TYPED``; None where a colon is just a colon."""
    written, name, value = hit.group(), hit["key"], hit["value"]
    key = _SAME.get(name.lower(), name.lower())
    if key not in KEYS:
        # "MHC:antigen", "http://", "localhost:8080" are no filters.
        if not name.islower() or not name.isascii() or value[:1] == "/" or value.isdigit():
            return None
        if not value:
            return None
        near = get_close_matches(key, [*KEYS, *_SAME], n=1)
        raise BadFilter(
            f"{written}: no filter is called {name}:"
            + (f"; did you mean {near[0]}:" if near else "")
            + f"; there are {', '.join(f'{known}:' for known in KEYS)}"
            " (a colon that means none of them takes a space after it)"
        )
    if not value:
        if not name.islower():
            return None
        raise BadFilter(
            f"{name}: has no value; write it right after the colon, {name}:{_LIKE[key]}"
        )
    if value in ('"', "“"):
        raise BadFilter(f"{written}: the quotation mark is not closed; {name}:{_LIKE[key]}")
    bare = value[1:-1] if value[0] in '"“' else value.rstrip("?!.,;")
    bare = " ".join(bare.split())
    if not any(map(str.isalnum, bare)) and key != "file":
        raise BadFilter(f"{written}: has no value; write {name}:{_LIKE[key]}")
    if key == "language":
        return Filter(FilterKey.LANGUAGE, _language(bare, written, name), written, typed=True)
    if key not in ("after", "before"):
        return Filter(FilterKey(key), bare, written, typed=True)
    period = read_period(bare)
    if period is None:
        raise BadFilter(
            f"{written}: {bare} is no date; write {name}:2019, {name}:2019-09, {name}:2019-09-10 "
            f'or {name}:"10 September 2019"'
        )
    since, until = (period.first, None) if key == "after" else (None, _day_before(period.first))
    return Filter(FilterKey.DATE, bare, written, typed=True, since=since, until=until)


_LANGUAGES = {
    "english": "en",
    "inggris": "en",
    "indonesian": "id",
    "indonesia": "id",
}


def _language(named: str, written: str, name: str) -> str:
    """The code of a language, by its name in either language or by the code itself."""
    plain = named.casefold()
    if code := _LANGUAGES.get(plain):
        return code
    # The usual two first: the list of all takes a second to load.
    if plain in _LANGUAGES.values() or plain in detected():
        return plain
    raise BadFilter(
        f"{written}: {named} is not the code of a language, as en, id or ms; "
        f"write {name}:en or {name}:id"
    )


_LIKE = {
    "speaker": '"Joko Widodo"',
    "outlet": "Kompas",
    "byline": '"Rina Wulandari"',
    "after": "2019-09",
    "before": "2020",
    "file": "report.pdf",
    "language": "id",
    "document": "3f2a9c0d51b7e684",
    "exact": '"personal data"',
}


# In plain words


@dataclass(frozen=True, slots=True)
class Said:
    """A filter said in plain words, and the text without the words that say so."""

    filter: Filter
    rest: str


def said_outlet(text: str, outlets: Mapping[str, str]) -> Said | None:
    """The outlet that *text* limits itself to; *outlets*: names by ``outlet_key``."""
    if not outlets:
        return None
    words = tokens(text)
    starts = [word.start for word in words]
    for lead in _OUTLET_LEAD.finditer(text):
        first = bisect_left(starts, lead.end())
        for last in range(min(len(words), first + _LONGEST_OUTLET), first, -1):
            start, end = words[first].start, words[last - 1].end
            name = outlets.get(outlet_key(text[start:end]))
            if name is None:
                continue
            capital = any(c.isupper() for c in text[start:end]) or "." in text[start:end]
            if not capital and last - first == 1 and not lead["strong"]:
                continue  # "in tempo" is no magazine
            subject = (lead["subject"] or "").lower()
            if subject in _ENGLISH_SUBJECT and not _REPORTS.match(text, end):
                continue
            # Who reports is cut out of a sentence that stays one, all else with its preposition.
            cut = lead.end("subject") if subject else lead.start()
            one = Filter(FilterKey.OUTLET, name, text[start:end])
            return Said(one, _tidy(text[:cut] + " " + text[end:].lstrip(" ,")))
    return None


_WRITER = re.compile(
    r"\b(?:(?:did|has|have)\s+(?P<en>[\w'’.-]+(?:\s+[\w'’.-]+){0,3}?)\s+(?:write|written|report(?:ed)?)\b"
    r"|(?:yang\s+)?(?:ditulis|diliput|dilaporkan)\s+(?:oleh\s+)?(?P<id>[\w'’.-]+(?:\s+[\w'’.-]+){0,3}?)"
    r"(?=\s+(?:tentang|soal|mengenai|terkait|dalam|di|pada)\b|\s*[?.]?$)"
    r"|(?P<noun>\b(?:tulisan|artikel|liputan|articles?|stor(?:y|ies))\s+(?:by|karya|oleh)\s+)"
    r"(?P<by>[\w'’.-]+(?:\s+[\w'’.-]+){0,3}?)(?=\s+(?:about|on|tentang|soal|mengenai|terkait)\b|\s*[,?.]|$))",
    re.IGNORECASE,
)


def said_writer(text: str, wrote: Callable[[str], bool]) -> Said | None:
    """The writer to whose articles *text* limits itself; *wrote*: whether a byline has the name."""
    hit = _WRITER.search(text)
    if hit is None:
        return None
    group = next(name for name in ("en", "id", "by") if hit[name])
    if not wrote(hit[group]):
        return None
    one = Filter(FilterKey.BYLINE, hit[group], hit[group])
    return Said(one, _without(text, *hit.span(group)))


_LONGEST_OUTLET = 5  # words
_ENGLISH_SUBJECT = frozenset({"did", "does", "has"})
_OUTLET_LEAD = re.compile(
    r"\b(?:(?P<strong>(?:as )?(?:reported|quoted) (?:by|in)|according to|menurut"
    r"|(?:seperti |sebagaimana )?(?:dilansir|dikutip|diberitakan|dilaporkan|dimuat)"
    r"(?: dari| oleh| di)?)"
    r"|(?P<subject>did|does|has|kata|ditulis|tulis|laporan|pemberitaan|berita|artikel|liputan)"
    r"|di|dari|oleh|dalam|pada|in|from|by|per)\s+"
    r"(?:the\s+)?(?:(?:harian|koran|majalah|situs|portal|media|surat kabar|kantor berita"
    r"|newspaper|news agency)\s+)?",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\s+(?:say|said|write|written|report|reported|publish|published)\b", re.I)

_APPEARED = r"\s+(?:yang\s+)?(?:terbit|diterbitkan|dimuat|ditulis|published|written|dated)"
# A report is as often of a year as from it, so that one must have appeared.
_NOUN = (
    r"(?:(?:artikel(?:-artikel)?|berita(?:-berita)?|tulisan|liputan|pemberitaan|dokumen"
    r"|(?:news )?articles?|news(?: stories| reports)?|stories|documents?|coverage)"
    rf"(?:{_APPEARED})?|(?:laporan|reports?){_APPEARED})"
)
_PUBLISHED = (
    r"(?P<noun>(?:\b(?:dalam|di|dari|menurut|in|from|by|according to)\s+)?(?:the\s+)?"
    rf"\b{_NOUN}\s+)"
)
_PREPOSITION = (
    r"(?P<how>sejak|semenjak|mulai|since|setelah|sesudah|selepas|after|sebelum|before"
    r"|hingga|sampai|until|till|up to|pada|di|dalam|selama|sepanjang|antara|dari|tertanggal"
    r"|in|on|during|between|from|of)\s+(?:(?:tahun|bulan|tanggal|hari|the year)\s+)?"
)
_BEFORE_DATE = re.compile(rf"(?:{_PUBLISHED})?\b(?:{_PREPOSITION}|tahun\s+)$", re.IGNORECASE)
_BEFORE_RELATIVE = rf"{_PUBLISHED}(?:(?:dari|from|of|in|pada|di)\s+)?"
_SINCE = frozenset({"sejak", "semenjak", "mulai", "since"})
_AFTER = frozenset({"setelah", "sesudah", "selepas", "after"})
_BEFORE = frozenset({"sebelum", "before"})
_UNTIL = frozenset({"hingga", "sampai", "until", "till", "up to"})


def said_date(text: str, *, speaker: bool, today: date) -> Said | None:
    """The first date that *text* names after a preposition, or days ago of its articles.

    *speaker*: somebody's words are asked for. *today* is what "last year" counts from.
    """
    for period in find_periods(text):
        lead = _BEFORE_DATE.search(text, max(0, period.span.start - 120), period.span.start)
        if lead is None:
            continue
        how = (lead["how"] or "").lower()
        since: date | None = period.first
        until: date | None = period.last
        if how in _SINCE or how in _AFTER:
            since = period.first if how in _SINCE else period.last + timedelta(days=1)
            until = period.last if how in _SINCE and period.ranged else None
        elif how in _BEFORE or how in _UNTIL:
            since, until = None, _day_before(period.first) if how in _BEFORE else period.last
        restricts = bool(lead["noun"]) or (speaker and until is None)
        start, end = lead.start(), period.span.end
        one = Filter(
            FilterKey.DATE,
            text[period.span.start : end],
            text[start:end].strip(),
            restricts=restricts,
            since=since,
            until=until,
        )
        return Said(one, _without(text, start, end) if restricts else text)
    relative = _RELATIVE.search(text)
    if relative is None:
        return None
    since, until = _RELATIVE_DAYS[_relative_key(relative["when"])](today)
    one = Filter(
        FilterKey.DATE, relative["when"], relative.group().strip(), since=since, until=until
    )
    return Said(one, _without(text, *relative.span()))


_WHENS = (
    ("hari ini", "today"),
    ("kemarin", "yesterday"),
    ("minggu ini", "pekan ini", "this week"),
    ("minggu lalu", "pekan lalu", "last week"),
    ("bulan ini", "this month"),
    ("bulan lalu", "last month"),
    ("tahun ini", "this year"),
    ("tahun lalu", "last year"),
)
_RELATIVE = re.compile(
    _BEFORE_RELATIVE + rf"(?P<when>{'|'.join(w for ways in _WHENS for w in ways)})\b", re.IGNORECASE
)


def _relative_key(when: str) -> str:
    """The English of "tahun lalu"."""
    plain = " ".join(when.lower().split())
    return next(ways[-1] for ways in _WHENS if plain in ways)


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


_RELATIVE_DAYS: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda day: (day, day),
    "yesterday": lambda day: (_day_before(day), _day_before(day)),
    "this week": _week,
    "last week": lambda day: _week(day - timedelta(days=7)),
    "this month": _month,
    "last month": lambda day: _month(_day_before(day.replace(day=1))),
    "this year": lambda day: _year(day.year),
    "last year": lambda day: _year(day.year - 1),
}


def keys(names: Iterable[str]) -> frozenset[FilterKey]:
    """Kinds of filter by name, those of typed filters too; raises ``BadFilter``."""
    found = set()
    for name in names:
        key = {"after": "date", "before": "date"}.get(plain := _SAME.get(name, name), plain)
        if key not in FilterKey.__members__.values():
            known = ", ".join(FilterKey)
            raise BadFilter(f"{name}: no kind of filter; there are {known}")
        found.add(FilterKey(key))
    return frozenset(found)


def left(filters: Collection[Filter], without: Collection[FilterKey]) -> tuple[Filter, ...]:
    """*filters* but those of the kinds *without*."""
    return tuple(one for one in filters if one.key not in without)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _without(text: str, start: int, end: int) -> str:
    return _tidy(text[:start] + " " + text[end:])


def _tidy(text: str) -> str:
    """One space between words, none before a mark, no comma left at the head."""
    text = re.sub(r"\s+([?!,.;])", r"\1", " ".join(text.split()))
    return text.lstrip(" ,;")

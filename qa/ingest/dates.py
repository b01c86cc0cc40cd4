"""Publication dates: reads the dates in an article and decides when it appeared.

Owns the Indonesian and English ways to write a date and the order in which
they are believed. Knows nothing about files or page furniture: callers say
which lines are time stamps and which lines are the article. It never looks at
the clock, so a file gives the same date whenever it is added; where the text
does not say, the answer is None.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qa.types import Span

_MONTH_NAMES = (
    "januari january jan",
    "februari february pebruari feb",
    "maret march mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agu agt ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_WEEKDAY_NAMES = (
    "senin monday mon",
    "selasa tuesday tues tue",
    "rabu wednesday wed",
    "kamis thursday thurs thur thu",
    "jumat jum'at jum’at friday fri",
    "sabtu saturday sat",
    "minggu ahad sunday sun",
)
# Folded names and short names to numbers: months from 1, weekdays from Monday = 0.
MONTHS = {name: i for i, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
WEEKDAYS = {name: i for i, names in enumerate(_WEEKDAY_NAMES) for name in names.split()}

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = "(?:" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + ")"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_S = r"\s{0,3}"  # bounded, so that no run of blanks makes matching slow
_GAP = r"\s{1,3}"
_TO = rf"{_S}(?:[-–—]|s/d|s\.d\.|sampai|hingga|dan|to|and|until){_S}"

# A weekday stands before its date, with or without a comma or an opening
# bracket: "Senin (10/6/2019)", "Kamis, 6 April 2017", "Tuesday night, June 4".
_HOUR = "(?:pagi|siang|sore|petang|malam|dini hari|morning|afternoon|evening|night)"
_LEAD = rf"(?:\b(?P<weekday>{_WEEKDAY})\b\.?(?:{_GAP}{_HOUR})?{_S},?{_S}(?:tanggal{_S})?\(?{_S})?"

_ISO = rf"(?<![\d./-])(?P<iso_y>{_YEAR})(?P<iso_s>[-/.])(?P<iso_m>0[1-9]|1[0-2])(?P=iso_s)"
_ISO += r"(?P<iso_d>0[1-9]|[12]\d|3[01])(?![\d/-])"
_SLASHED = rf"(?<![\d./,-])(?P<s_a>{_DAY})(?P<s_s>[-/.])(?P<s_b>{_DAY})(?P=s_s)(?P<s_y>{_YEAR})"
_SLASHED += r"(?![\d/-])"
_SHORT = rf"(?<![\d./,-])(?P<h_a>{_DAY})/(?P<h_b>{_DAY})(?:/(?P<h_y>\d\d))?(?![\d/.,]*\d)"
_DAY_MONTH = (
    rf"(?<![\d.,/-])(?P<d_first>{_DAY})(?:{_GAP}(?P<d_month1>{_MONTH}))?(?P<d_to>{_TO})"
    rf"(?P<d_last>{_DAY}){_GAP}(?P<d_month>{_MONTH})(?:,?{_S}(?P<d_y>{_YEAR})\b)?"
)
_DAY_MONTH_ONE = (
    rf"(?<![\d.,/])(?P<o_d>{_DAY})(?:st|nd|rd|th)?[ \t\xa0-]{{1,3}}(?:of{_GAP})?(?P<o_m>{_MONTH})"
    rf"(?:[,\s-]{{0,3}}(?P<o_y>{_YEAR})\b)?"
)
_MONTH_DAY = (
    rf"\b(?P<m_m>{_MONTH}){_GAP}(?P<m_d>{_DAY})(?:st|nd|rd|th)?"
    rf"(?:{_S}[-–—]{_S}(?P<m_last>{_DAY}))?(?!{_S}[.:]?\d)(?:,?{_GAP}(?P<m_y>{_YEAR})\b)?"
)
_DATE = re.compile(
    rf"{_LEAD}(?:{_ISO}|{_SLASHED}|{_DAY_MONTH}|{_DAY_MONTH_ONE}|{_MONTH_DAY}|{_SHORT})",
    re.IGNORECASE,
)
_BARE_WEEKDAY = re.compile(
    r"\b(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_YEAR_WORD = re.compile(rf"(?<![\d.,/])(?:{_YEAR})(?![\d/]|[.,]\d)")

# What opens a news story: a place, an outlet or both, and a dash.
_DATELINE = re.compile(
    r"(?P<head>[^\W\d_][^\n;:!?\"“”]{1,88}?)"
    r"(?:\s+[-–—]{1,2}\s*|\s*(?:[–—]|--)\s*|(?<=\))-\s*)(?=\S|$)"
)
_DOMAIN = re.compile(r"\b[\w-]+\.(?:co\.id|com|id|net|org|tv|news)\b", re.IGNORECASE)

# A law is as old as its number says, and tells nothing about the article.
_LAW_NUMBER = r"(?:nomor|no\.?|uu|perppu|pp|perpres)\s*\d+\s*(?:/\w+\s*)*(?:tahun|/)\s*$"
_LAW = re.compile(_LAW_NUMBER, re.IGNORECASE)

# Only the opening of a long document can tell when it appeared.
_OPENING = 20_000
# A day and month fall on the same weekday again after 5 years at the soonest,
# so a year within 2 of a candidate can only speak for that one.
_NEAR = 2
# Set on 3,463 Indonesian web articles of 2015-2018 whose day of publication is
# known: of 445 years inferred this way 425 were right.
_FIRST_YEAR = 1995  # "Jumat (27/4)" is how web pages write; earlier years are history
_CONTRADICTION = 0.25
_ENOUGH = 0.8
_AHEAD = 0.3


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as written: the year may be missing, the weekday usually is.

    ``weekday`` counts from Monday = 0. ``span`` covers the weekday too.
    """

    span: Span
    day: int
    month: int
    year: int | None = None
    weekday: int | None = None

    @property
    def full(self) -> date | None:
        """The date with its year, or None when no year is written."""
        return None if self.year is None else date(self.year, self.month, self.day)

    def in_year(self, year: int) -> date | None:
        """The date in *year*, or None where it does not exist or the weekday is wrong."""
        try:
            day = date(year, self.month, self.day)
        except ValueError:
            return None
        return day if self.weekday in (None, day.weekday()) else None


def find_dates(text: str) -> list[DateMention]:
    """Every date in *text* in order, Indonesian and English forms.

    A range gives its first and its last day. Dates that do not exist are left
    out. "6/10/2019" is read day first, as Indonesian papers write it, unless
    the weekday beside it or a second number above 12 says otherwise. A weekday
    that contradicts a full date is dropped.
    """
    return list(_mentions(text))


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month with its year, a year or a *ranged* pair of them: days inclusive."""

    span: Span
    first: date
    last: date
    ranged: bool = False


def find_periods(text: str) -> list[Period]:
    """Every day, month and year that *text* dates fully, in order; ranges as one period.

    In "Maret–Mei 2020" and "between March and May 2020" the first takes its
    year from the second. Years in the numbers of laws are left out, and so are
    ranges that end before they begin.
    """
    if not any(map(str.isdigit, text)):
        return []
    found: list[Period] = []
    for mention in find_dates(text):
        if mention.full is not None:
            found.append(Period(mention.span, mention.full, mention.full))
    for pattern in (_MONTH_OF_YEAR, _YEAR_WORD):
        for hit in pattern.finditer(text):
            span = Span(*hit.span())
            if any(span.overlaps(other.span) for other in found):
                continue
            if pattern is _YEAR_WORD and _LAW_BEFORE.search(_ahead(text, span.start)):
                continue
            found.append(_period(span, hit))
    found.sort(key=lambda period: period.span)
    joined: list[Period] = []
    for period in found:
        before = joined[-1] if joined else None
        between = text[before.span.end : period.span.start] if before else ""
        if before and before.first <= period.last and _JOINED.fullmatch(between):
            whole = Span(before.span.start, period.span.end)
            joined[-1] = Period(whole, before.first, period.last, ranged=True)
            continue
        joined.append(_with_lead(period, text))
    return joined


def read_period(written: str) -> Period | None:
    """The one period that *written* is, whole: "2019", "2019-09", "10 September 2019"."""
    found = find_periods(written)
    whole = Span(0, len(written))
    return found[0] if len(found) == 1 and found[0].span == whole else None


_MONTH_OF_YEAR = re.compile(
    rf"\b(?P<month>{_MONTH}){_GAP}(?P<year>{_YEAR})\b"
    rf"|(?<![\d./-])(?P<iso_year>{_YEAR})-(?P<iso_month>0[1-9]|1[0-2])(?![\d./-]*\d)",
    re.IGNORECASE,
)
_LAW_BEFORE = re.compile(
    rf"{_LAW_NUMBER}|\b(?:law|act|regulation|decree|no\.?|number){_GAP}(?:\w+{_GAP})?\d+{_GAP}of{_GAP}$",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"{_TO}|\s+(?:till|sampai{_GAP}dengan)\s+", re.IGNORECASE)
# "between March and", "12–" before the rest of the date.
_LEADS = re.compile(
    rf"\b(?P<month>{_MONTH})(?:{_TO}|\s+(?:till|sampai{_GAP}dengan)\s+)$", re.IGNORECASE
)


def _period(span: Span, hit: re.Match[str]) -> Period:
    group = hit.groupdict()
    if not group:
        year = int(hit.group())
        return Period(span, date(year, 1, 1), date(year, 12, 31))
    if group["month"]:
        return _month(span, int(group["year"]), MONTHS[group["month"].lower().rstrip(".")])
    return _month(span, int(group["iso_year"]), int(group["iso_month"]))


def _month(span: Span, year: int, month: int) -> Period:
    return Period(span, date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _with_lead(period: Period, text: str) -> Period:
    """*period* from the month without a year that leads up to it."""
    ahead = _ahead(text, period.span.start)
    lead = _LEADS.search(ahead)
    if lead is None:
        return period
    month = MONTHS[lead["month"].lower().rstrip(".")]
    year = period.last.year - (month > period.last.month)
    start = period.span.start - len(ahead) + lead.start()
    return Period(Span(start, period.span.end), date(year, month, 1), period.last, ranged=True)


def _ahead(text: str, start: int, most: int = 60) -> str:
    """What stands right before *start*: bounded, so that many dates stay quick to read."""
    return text[max(0, start - most) : start]


def publication_date(
    text: str,
    *,
    stamps: Sequence[Span] = (),
    body: Sequence[Span] | None = None,
    imprint_year: int | None = None,
) -> date | None:
    """When the article appeared, or None when the text does not say.

    *stamps* are the spans of time-stamp lines, most trusted first; *body* the
    spans of the article itself; *imprint_year* the year in the article's own
    copyright line, which only helps to complete or to corroborate a date.

    Believed in this order: a time stamp; a date in the dateline; the first date
    in the article with its weekday. Given *imprint_year* also: a date of that
    year whose weekday is named in the lead ("pada Selasa" with "10-11 September
    2019"), or one that stands in the lead. A year that is not written is
    inferred from the weekday and the years that the text mentions, or left unknown.
    """
    votes = _year_votes(text, imprint_year)
    for stamp in stamps:
        for mention in find_dates(stamp.of(text)):
            resolved = _resolve(mention, votes)
            if resolved:
                return resolved

    paragraphs = [span for span in body or (Span(0, len(text)),) if span.start < _OPENING]
    written = [(p, m) for p in paragraphs for m in _within(p, text)]
    if imprint_year is not None:
        written = [(p, m) for p, m in written if m.year is None or m.year <= imprint_year]

    opening = dateline(paragraphs[0].of(text)) if paragraphs else None
    for mention in find_dates(opening or ""):
        if mention.full:
            return mention.full
    for _, mention in written:
        if mention.weekday is not None:
            resolved = _resolve(mention, votes)
            if resolved:
                return resolved
    if imprint_year is None:
        return None
    # Plain dates tell of history as often as of today, so one of them counts
    # only in the year of the imprint: on a weekday of the lead, or in the lead.
    lead = paragraphs[:3]
    weekdays = {
        WEEKDAYS[found.group().lower().replace("’", "'")]
        for paragraph in lead[:2]
        for found in _BARE_WEEKDAY.finditer(paragraph.of(text)[:600])
    }
    full = [(p, m.full) for p, m in written if m.full and m.year == imprint_year]
    for _, day in full:
        if day.weekday() in weekdays:
            return day
    return next((day for paragraph, day in full if paragraph in lead), None)


def dateline(paragraph: str) -> str | None:
    """What opens a news story before the dash, as "Jakarta (ANTARA) - ", or None.

    The dash is included. It is part of the first sentence, so it is never
    marked as furniture; it tells the place, the outlet and sometimes the date.
    """
    found = _DATELINE.match(paragraph[:200])
    if found is None:
        return None
    head = found["head"]
    named = "(" in head or _DOMAIN.search(head) or "KOMPAS" in head
    words = re.findall(r"[^\W\d_]+", _DOMAIN.sub("", head))
    months = {word for word in words if word.lower() in MONTHS}
    capitals = all(word[0].isupper() for word in words if word not in months)
    if not capitals or (". " in head and not named):
        return None
    # "Baru - baru ini" is a word written apart.
    if not named and paragraph[found.end() : found.end() + 1].islower():
        return None
    # "Presiden Jokowi bertemu … - " is a sentence; a bare place has few words.
    few = len(words) <= (10 if named else 3) or head.isupper()
    return found.group() if few else None


def _mentions(text: str) -> Iterator[DateMention]:
    at = 0
    while found := _DATE.search(text, at):
        at = found.end()
        group = found.groupdict()
        name = group["weekday"]
        # "Mon" and "Sun" only count with a capital, and so does "May".
        weekday = WEEKDAYS[name.lower()] if name and name[0].isupper() else None
        for span, day, month, year in _read(found):
            try:
                # A leap year stands in for the missing one, so that 29/2 exists.
                written = date(year or 2000, month, day)
            except ValueError:
                continue
            if year and weekday is not None and written.weekday() != weekday:
                yield DateMention(span, day, month, year)
            else:
                yield DateMention(span, day, month, year, weekday)
            weekday = None


def _read(found: re.Match[str]) -> list[tuple[Span, int, int, int | None]]:
    """The day, month and year of each date in one match: two for a range."""
    group = found.groupdict()
    whole = Span(*found.span())

    def number(name: str) -> int | None:
        return int(group[name]) if group[name] else None

    def month(name: str) -> int:
        return MONTHS[group[name].lower().rstrip(".")]

    if group["iso_y"]:
        return [(whole, int(group["iso_d"]), int(group["iso_m"]), number("iso_y"))]
    if group["s_y"]:
        day, mon = _day_first(group["s_a"], group["s_b"], group["weekday"], number("s_y"))
        return [(whole, day, mon, number("s_y"))]
    if group["h_a"]:
        # Without a weekday "1/2" is a half, not the first of February.
        if not group["weekday"]:
            return []
        year = number("h_y")
        year = None if year is None else 2000 + year
        day, mon = _day_first(group["h_a"], group["h_b"], group["weekday"], year)
        return [(whole, day, mon, year)]
    if group["d_last"]:
        last = month("d_month")
        first = month("d_month1") if group["d_month1"] else last
        year = number("d_y")
        year_of_first = year - 1 if year and first > last else year
        middle = found.start("d_last")
        return [
            (Span(whole.start, found.start("d_to")), int(group["d_first"]), first, year_of_first),
            (Span(middle, whole.end), int(group["d_last"]), last, year),
        ]
    if group["o_d"]:
        if group["o_m"][0].islower() and not group["o_y"]:
            return []
        return [(whole, int(group["o_d"]), month("o_m"), number("o_y"))]
    year = number("m_y")
    # "pada September 10 orang" has no date; a weekday or a year makes it one.
    if not group["m_m"][0].isupper() or not (year or group["weekday"]):
        return []
    mon = month("m_m")
    dates = [(whole, int(group["m_d"]), mon, year)]
    if group["m_last"]:
        middle = found.start("m_last")
        dates = [
            (Span(whole.start, found.end("m_d")), int(group["m_d"]), mon, year),
            (Span(middle, whole.end), int(group["m_last"]), mon, year),
        ]
    return dates


def _day_first(a: str, b: str, weekday: str | None, year: int | None) -> tuple[int, int]:
    """Day and month of "a/b": day first unless that cannot be."""
    first, second = int(a), int(b)
    if second > 12:
        return second, first
    if first <= 12 and weekday and year:
        wanted = WEEKDAYS[weekday.lower()]
        straight = date(year, second, first).weekday()
        swapped = date(year, first, second).weekday()
        if straight != wanted and swapped == wanted:
            return second, first
    return first, second


def _within(paragraph: Span, text: str) -> Iterator[DateMention]:
    end = min(paragraph.end, _OPENING)
    for m in _mentions(text[paragraph.start : end]):
        span = Span(m.span.start + paragraph.start, m.span.end + paragraph.start)
        yield DateMention(span, m.day, m.month, m.year, m.weekday)


def _year_votes(text: str, imprint_year: int | None) -> list[int]:
    """The years that the text names; the article's own copyright year counts most."""
    opening = text[:_OPENING]
    years = [
        int(found.group())
        for found in _YEAR_WORD.finditer(opening)
        if not _LAW.search(opening[max(0, found.start() - 30) : found.start()])
    ]
    return years + [imprint_year] * 5 if imprint_year else years


def _resolve(mention: DateMention, years: Sequence[int]) -> date | None:
    """The full date of a mention: a missing year is voted for by *years*.

    Each year named in the text speaks for the candidate within two years of
    it, the nearer the louder, and a little against all earlier candidates:
    news looks back more often than ahead. Without a weekday there is no
    checksum, and so no candidate.
    """
    if mention.full or mention.weekday is None:
        return mention.full
    votes: dict[date, float] = {}
    for year in years:
        for distance in range(-_NEAR, _NEAR + 1):
            day = mention.in_year(year + distance)
            if day and year >= _FIRST_YEAR:
                votes[day] = votes.get(day, 0.0) + 1 / (1 + abs(distance))
    scores = [
        (score - _CONTRADICTION * sum(year > day.year + _NEAR for year in years), day)
        for day, score in votes.items()
    ]
    scores.sort(reverse=True)
    if not scores or scores[0][0] < _ENOUGH:
        return None
    return scores[0][1] if len(scores) == 1 or scores[0][0] - scores[1][0] >= _AHEAD else None

"""The short answer: the few words of a quote that a question asks for.

"When" asks for a date, "how many passengers" for a number of them. Rules find the
spans of that kind in the quote; a log-linear model over a few plain features says
which one answers, or that none surely does, and then nothing is marked. What is
marked is a part of the quote and is proven with it.

Knows one question and one sentence; knows nothing about vectors or the store.
``benchmarks/short_answers.py`` fits the weights and prints the figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.answering.question import Kind, Question
from qa.ingest.dates import MONTHS, find_dates, find_periods
from qa.language import names
from qa.language.abbreviations import spelt_out
from qa.language.figures import MEASURES, MONEY, figures
from qa.language.tokens import STOPWORDS, Token, fold, stems, tokens
from qa.retrieval.lexical import STANDS_FOR, QueryWord
from qa.types import Span

# The least probability that is marked: docs/log.md has what other thresholds cost.
LEAST = 0.6
LONGEST = 2_000  # characters; in what is longer, a table or a list, nothing is marked


class Sort(StrEnum):
    """What the short answer to a question is."""

    COUNT = "count"
    SCORE = "score"
    MONEY = "money"
    PERCENTAGE = "percentage"
    DURATION = "duration"
    MEASURE = "measure"
    DATE = "date"
    YEAR = "year"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    EXPANSION = "expansion"


# What is asked for


_DURATIONS = r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centuries|century"
_DURATIONS_ID = r"tahun|bulan|minggu|pekan|hari|jam|menit|detik|dekade|dasawarsa|abad|windu|malam"
# Words that count things and say nothing more about them.
_CLASSIFIERS = (
    r"orang|ekor|buah|jiwa|kali|unit|butir|lembar|batang|pasang|keping|anak|kepala|times|people"
)

_SORTS: tuple[tuple[Sort, Kind | None, str], ...] = (
    (Sort.EXPANSION, Kind.EXPANSION, ""),
    (
        Sort.SCORE,
        None,
        r"\b(?:(?:what|which)(?: [\w'’-]+){0,4}? score(?:line)?|score(?:line)? (?:is|was)"
        r"|berapa\w* (?:hasil |kedudukan )?skor\w*|skor\w*(?: [\w'’-]+){0,6}? berapa\w*"
        r"|apa\w* skor\w*|(?:dengan|by what) skor(?: akhir)?\s*(?:berapa\w*|apa))\b",
    ),
    (Sort.TIME, None, r"\b(?:what time|at what hour|(?:pukul|jam) berapa\w*)\b"),
    (
        Sort.YEAR,
        None,
        r"\b(?:(?:what|which) year|tahun (?:berapa|apa|kapan)\w*|berapa\w* tahun\s*\?*$)\b",
    ),
    (
        Sort.PERCENTAGE,
        None,
        r"\b(?:(?:what|which) (?:[\w'’-]+ )?(?:percentage|percent|share|proportion)|how many"
        r" percent|berapa\w* (?:persen|persentase)\w*|persentase)\b",
    ),
    (
        Sort.MONEY,
        None,
        r"\b(?:how much (?:money|(?:did|does|do|will|would|is|was|were|are) .{0,60}"
        r"\b(?:cost|pay|paid|spend|spent|earn|worth|invest|raise|price|fine|budget|fund)\w*)"
        r"|what (?:is|was|are|were) the (?:[\w'’-]+ )?(?:price|cost|budget|salary|fee|fine|value)"
        r"|berapa\w* (?:total |besar |nilai |jumlah )?(?:harga|biaya|dana|anggaran|gaji|tarif|denda"
        r"|uang|modal|nilai|investasi|kerugian|utang|pendapatan|rupiah|dolar)\w*)\b",
    ),
    (
        Sort.DURATION,
        None,
        rf"\b(?:how (?:long (?:did|does|do|has|have|had|is the|was the|will|would|ago)"
        rf"|many (?:{_DURATIONS})|old)|berapa\w* (?:lama\w*|(?:{_DURATIONS_ID})\w*)"
        rf"|(?:berapa\w* |)(?:usia|umur)\w*(?: berapa\w*)?|lama\w* waktu|waktu yang)\b",
    ),
    (
        Sort.MEASURE,
        None,
        r"\b(?:how (?:far|tall|high|wide|deep|large|big|heavy|fast|long)"
        r"|what (?:is|was) the (?:[\w'’-]+ ){0,2}(?:length|height|area|size|speed|distance"
        r"|depth|width|weight|temperature|elevation|diameter|capacity)"
        rf"|how many (?:{MEASURES})|berapa\w* (?:{MEASURES})\w*"
        r"|berapa\w* (?:luas|tinggi|panjang|lebar|dalam|jarak|berat|bobot|kecepatan|kedalaman"
        r"|ketinggian|suhu|jauh|ukuran|diameter|kapasitas|kekuatan)\w*)\b",
    ),
    (Sort.COUNT, Kind.NUMBER, ""),
    (Sort.DATE, Kind.DATE, ""),
    (Sort.PERSON, Kind.PERSON, ""),
    (Sort.PLACE, Kind.PLACE, ""),
    (Sort.ORGANISATION, Kind.ORGANISATION, ""),
)
_SORT_PATTERNS = tuple(
    (sort, kind, re.compile(pattern, re.IGNORECASE) if pattern else None)
    for sort, kind, pattern in _SORTS
)


_WHO_IS = re.compile(
    r"^(?:(?i:who (?:is|was|are|were)|siapa(?:kah)?(?: itu| sebenarnya)?))"
    r"(?:\s[^\W\d_a-z][\w’'.-]*)+\s*\??$"
)


def sought(question: Question) -> Sort | None:
    """What the short answer would be; None where the question asks for none.

    Several things at once, a reason, and yes or no have no one short answer.
    """
    if question.several or question.kind in (Kind.REASON, Kind.YES_NO):
        return None
    if _WHO_IS.search(question.text) and not any(map(names.is_role_word, question.text.split())):
        return None  # asks what to know of somebody who is named
    for sort, kind, pattern in _SORT_PATTERNS:
        if question.kind is kind or (pattern and pattern.search(question.text)):
            return sort
    return None


# Where such things stand in a sentence


@dataclass(frozen=True, slots=True)
class _Found:
    """A span of the kind asked for. *fits*: it is of the very sort; *role*: of a person."""

    span: Span
    fits: bool = True
    role: str = ""


_AFTER_FIGURE = re.compile(
    rf"[\s-]?\s?(?:(?:cubic|square)\s)?(?P<measure>{MEASURES})\b[²³]?(?:\s(?:persegi|kubik|square|per\s\w+))?"
    rf"|[\s-](?P<duration>{_DURATIONS}|{_DURATIONS_ID})\b(?:\s(?:old))?"
    rf"|\s(?P<classifier>{_CLASSIFIERS})\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:sekitar|kira-kira|kurang lebih|lebih dari|kurang dari|hampir|sedikitnya|setidaknya"
    r"|paling sedikit|paling banyak|about|around|approximately|roughly|nearly|almost|more than"
    r"|less than|fewer than|over|at least|at most|up to|an estimated)\s|~\s?)$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?[-–—]\s?|\s(?:hingga|sampai|to)\s", re.IGNORECASE)
_DEGREES = re.compile(r"\s?°\s?[CF]?\b|\s?°")
_ONE = re.compile(r"\b(?:satu|one|seorang|sebuah|seekor|once|twice|a pair)\b", re.IGNORECASE)
_YEAR = re.compile(
    r"(?<![\d.,/])(?:1\d{3}|20\d\d)(?:-?an|s)?(?![\d/]|[.,]\d)(?:\s?(?:SM|M|BC|AD|BCE|CE)\b)?"
)
_AGE = re.compile(
    r"\b(?:abad|dekade|dasawarsa)\s(?:ke\s?[-–]?\s?)?(?:\d{1,2}|[IVX]+)(?:\s?[-–]\s?\d{1,2})?"
    r"(?:\s?(?:SM|M|sebelum Masehi)\b)?"
    r"|\b(?:early|mid|late)?[\s-]?(?:the\s)?\d{1,2}(?:st|nd|rd|th)[\s-]century"
    r"(?:\s(?:BC|AD|BCE|CE)\b)?"
    r"|\b\d{2,5}\s(?:SM|sebelum Masehi|BC|BCE)\b",
    re.IGNORECASE,
)
_MONTH = "|".join(
    sorted((m for m in MONTHS if len(m) > 3 or m in ("mei", "may")), key=len, reverse=True)
)
_MONTH_ALONE = re.compile(rf"\b(?:{_MONTH})\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"\b(?:pukul|jam)\s\d{1,2}(?:[.:]\d\d)?(?:\s(?:WIB|WITA|WIT|GMT|UTC|pagi|siang|sore|malam))?"
    r"|\b\d{1,2}(?:[.:]\d\d)?\s?(?:a\.?m\.?|p\.?m\.?|o['’]clock)(?:\s(?:GMT|UTC|local time))?"
    r"|\b\d{1,2}[.:]\d\d\s(?:WIB|WITA|WIT|GMT|UTC)\b"
    r"|\b\d{1,2}\s(?:pagi|siang|sore|malam)\b",
    re.IGNORECASE,
)


def _numbers(sort: Sort, text: str) -> Iterator[_Found]:
    dated = [mention.span for mention in find_dates(text)]
    years = [Span(*m.span()) for m in _YEAR.finditer(text)]
    clocks = [Span(*m.span()) for m in _CLOCK.finditer(text)]
    before: Span | None = None
    for figure in sorted(figures(text), key=lambda one: one.span):
        span = figure.span
        if any(span.overlaps(other) for other in [*dated, *clocks]):
            continue
        if _part_of_word(span, text):
            continue
        after = _AFTER_FIGURE.match(text, span.end)
        degrees = _DEGREES.match(text, span.end)
        is_money = figure.unit in MONEY.values()
        if is_money or figure.unit == "%":
            of = Sort.MONEY if is_money else Sort.PERCENTAGE
        elif degrees or (after and after["measure"]):
            of, span = Sort.MEASURE, Span(span.start, (degrees or after).end())  # type: ignore[union-attr]
        elif after and after["duration"]:
            of, span = Sort.DURATION, Span(span.start, after.end())
        elif any(span.start == year.start for year in years):
            continue  # a year, most of the time
        else:
            of = Sort.COUNT
            if after and after["classifier"]:
                span = Span(span.start, after.end())
        span = _with_range(span, text, before)
        before = span
        if about := _ABOUT.search(text[max(0, span.start - 20) : span.start]):
            span = Span(span.start - len(about.group()), span.end)
        if of is sort:
            yield _Found(span)
        elif sort in (Sort.COUNT, Sort.MEASURE) or (of is Sort.COUNT and sort is not Sort.DURATION):
            yield _Found(span, fits=False)
    if sort is Sort.COUNT:
        for one in _ONE.finditer(text):
            yield _Found(Span(*one.span()), fits=False)


_SCORE = re.compile(
    r"(?<![\w.,/-])(?<![-–] )(\d{1,3})\s?[-–:]\s?(\d{1,3})(?![\w/]|[.,]\d|\s?[-–/]\s?\d)"
    r"(?:\s\((\d{1,3})\s?[-–:]\s?(\d{1,3})\))?"
)


def _scores(text: str) -> Iterator[_Found]:
    """ "2-0", "2 - 0", "21-15", "2-1 (1-0)"; not the two ends of "24-30 September", nor a clock."""
    dated = [mention.span for mention in find_dates(text)]
    clocks = [Span(*m.span()) for m in _CLOCK.finditer(text)]
    for hit in _SCORE.finditer(text):
        span = Span(*hit.span())
        if not any(span.overlaps(other) for other in [*dated, *clocks]):
            after = _AFTER_FIGURE.match(text, span.end)
            if not (after and (after["duration"] or after["measure"])):
                yield _Found(span)


def _with_range(span: Span, text: str, before: Span | None) -> Span:
    """*span* from the figure *before* on, if the two are the ends of a range."""
    if before is None or before.end > span.start:
        return span
    between = text[before.end : span.start]
    of_two = between.strip() in ("dan", "and") and re.search(
        r"\b(?:antara|between)\s$", text[: before.start], re.IGNORECASE
    )
    return Span(before.start, span.end) if of_two or _RANGE.fullmatch(between) else span


# "U - 19" and "ke - 11", as some outlets write what others write in one word.
_SPACED = re.compile(r"\b(?:[A-Z]{1,2}|ke)\s?[-–]\s?$")


def _part_of_word(span: Span, text: str) -> bool:
    """True inside "COVID-19", "ke-7", "G20", "F - 16": no amount."""
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    if before[-1:].isalpha() or (before[-1:] in "-–/" and before[:1].isalpha()):
        return True
    if _SPACED.search(text[max(0, span.start - 8) : span.start]):
        return True
    return (
        bool(re.match(r"(?:st|nd|rd|th)\b", after))
        or re.search(
            r"\b(?:ke|nomor|no|pasal|article|number|chapter|bab)[\s.-]$",
            text[: span.start],
            re.IGNORECASE,
        )
        is not None
    )


def _dates(sort: Sort, text: str) -> Iterator[_Found]:
    if sort is Sort.TIME:
        yield from (_Found(Span(*found.span())) for found in _CLOCK.finditer(text))
        return
    found: list[_Found] = []
    for period in find_periods(text) if sort is Sort.DATE else ():
        found.append(_Found(period.span, fits=len(period.span.of(text)) > 4))
    for mention in find_dates(text) if sort is Sort.DATE else ():
        found.append(_Found(mention.span))
    for pattern in (_AGE, _YEAR, _MONTH_ALONE):
        if sort is Sort.DATE or pattern is not _MONTH_ALONE:
            spans = (_trimmed(Span(*hit.span()), text) for hit in pattern.finditer(text))
            found += [_Found(span, fits=pattern is not _MONTH_ALONE) for span in spans]
    last: _Found | None = None
    # The longer of two that overlap; the two ends of "1695–1696" as one.
    for one in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if last is not None and one.span.start < last.span.end:
            if one.span.end > last.span.end:
                last = _Found(Span(last.span.start, one.span.end), last.fits or one.fits)
            continue
        if last is not None and re.fullmatch(r"\s?[-–—]\s?", text[last.span.end : one.span.start]):
            last = _Found(Span(last.span.start, one.span.end), last.fits or one.fits)
            continue
        if last is not None:
            yield _Found(_closed(last.span, text), last.fits)
        last = one
    if last is not None:
        yield _Found(_closed(last.span, text), last.fits)


def _closed(span: Span, text: str) -> Span:
    """*span* with the bracket that closes one in it: "Selasa (10/9)"."""
    words = span.of(text)
    open_ended = words.count("(") > words.count(")") and text[span.end : span.end + 1] == ")"
    return Span(span.start, span.end + open_ended)


def _trimmed(span: Span, text: str) -> Span:
    start, end = span.start, span.end
    while start < end and text[start] in " -":
        start += 1
    return Span(start, end)


_PREPOSITIONS = re.compile(
    r"\b(?:di|ke|dari|dalam|in|at|near|from|to|of|kota|negara|provinsi|kabupaten|desa|pulau"
    r"|kecamatan|city|village|province)\s(?:the\s|kota\s|negara\s|provinsi\s)?$",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"[^\W\d_a-z][\w’'.&/-]*(?:(?:\s(?:of|the|de|la|van|von|bin|dan|and|for|di)){0,2}"
    r"\s[^\W\d_a-z][\w’'.&/-]*|\s\d{1,3}\b)*"
)


def _capitals(text: str) -> Iterator[Span]:
    """Runs of capitalised words, without a full stop or possessive at the end."""
    for found in _RUN.finditer(text):
        words = found.group()
        end = found.end()
        if words.endswith("."):
            end -= 1
        possessive = re.search(r"['’]s$", text[found.start() : end])
        if possessive:
            end -= 2
        start = found.start()
        # The first word of a sentence has its capital from there.
        if not text[:start].strip(" “\"'‘(") and _plain(text[start:end].split()[0]):
            rest = text[start:end].split(maxsplit=1)
            if len(rest) < 2 or not rest[1][:1].isupper():
                continue
            start = end - len(rest[1])
        if end - start > 1:
            yield Span(start, end)


def _plain(word: str) -> bool:
    return any(fold(word) in stop for stop in STOPWORDS.values())


_PLACED = re.compile(r"\b(?:di|ke|dari|in|at|near|into)\s(?:the\s)?$", re.IGNORECASE)
_BY = re.compile(r"\b(?:oleh|by)\s(?:the\s)?(?:[^\W\d_a-z][\w.]*\s){0,3}$")
_PART = re.compile(
    r"\s(?:bagian\s)?(?:utara|selatan|timur|barat|tengah|tenggara)(?:\s(?:laut|daya))?\b"
)


def _people(text: str) -> Iterator[_Found]:
    for mention in names.people(text):
        if names.is_place(mention.name) or _plain(mention.name):
            continue
        if _PLACED.search(text[: mention.span.start]):
            continue
        yield _Found(mention.span, fits=" " in mention.name, role=mention.role or "")


def _places(text: str) -> Iterator[_Found]:
    for span in _capitals(text):
        words = span.of(text)
        end = span.end
        # "Toulouse, Perancis" is one place.
        while more := re.match(r",\s([^\W\d_a-z][\w’'-]*(?:\s[^\W\d_a-z][\w’'-]*)*)", text[end:]):
            if not names.is_place(more[1]) and not _PREPOSITIONS.search(text[: span.start]):
                break
            end += more.end()
        if part := _PART.match(text, end):
            end = part.end()
        led = _PREPOSITIONS.search(text[: span.start]) is not None
        yield _Found(Span(span.start, end), fits=led or names.is_place(words))


def _bodies(text: str) -> Iterator[_Found]:
    for span in _capitals(text):
        words = span.of(text)
        of_body = any(fold(word) in names.BODY_WORDS for word in words.split())
        yield _Found(span, fits=of_body or names.names_body(words) or words.isupper())


def _spans(sort: Sort, question: Question, text: str) -> list[_Found]:
    if sort in (Sort.DATE, Sort.YEAR, Sort.TIME):
        found = list(_dates(sort, text))
    elif sort is Sort.SCORE:
        found = list(_scores(text))
    elif sort is Sort.PERSON:
        found = list(_people(text))
    elif sort is Sort.PLACE:
        found = list(_places(text))
    elif sort is Sort.ORGANISATION:
        found = list(_bodies(text))
    elif sort is Sort.EXPANSION:
        found = [_Found(span) for span in spelt_out(question.text, text)]
    else:
        found = list(_numbers(sort, text))
    asked = {fold(token.text) for token in tokens(question.text)}
    kept: dict[Span, _Found] = {}
    for one in found:
        said = [fold(token.text) for token in tokens(one.span.of(text))]
        # What the question itself says does not answer it.
        if said and not all(word in asked for word in said):
            kept.setdefault(one.span, one)
    return list(kept.values())


# Which of them answers

# As ``benchmarks/short_answers.py`` prints them.
WEIGHTS: Mapping[str, float] = {
    "fits": 1.54,
    "near": 2.14,
    "nearest": 0.76,
    "counted": 0.74,
    "role": 0.61,
    "alone": -0.05,
    "others": -0.90,
    "bracketed": -0.96,
    "first": 0.34,
    "named": -0.40,
    "by": 1.25,
    "sort_count": -1.01,
    "sort_score": -1.01,  # by hand, as for a count: the development questions ask for none
    "sort_money": -1.16,
    "sort_percentage": 1.33,
    "sort_duration": -0.80,
    "sort_measure": -0.87,
    "sort_date": 0.05,
    "sort_year": 0.04,
    "sort_time": 0.00,
    "sort_person": -0.96,
    "sort_place": -0.46,
    "sort_organisation": -0.65,
    "sort_expansion": 0.10,
}


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a span. ``WEIGHTS`` also holds a bias for each sort.

    ``fits``: of the very sort asked for. ``near``: how near the words that it shares
    with the question stand, 0 to 1, averaged over the question's words; ``nearest``: of the
    nearest alone. ``counted``: the word right after or before a number is the one that "how many"
    counts. ``role``: the office before the person is in the question. ``alone``:
    there is no other span. ``others``: how many more there are, as a logarithm.
    ``bracketed``: stands in brackets. ``first``: comes first of them. ``named``: shares
    a word with the question. ``by``: follows "by" or "oleh".
    """

    fits: float
    near: float
    nearest: float
    counted: float
    role: float
    alone: float
    others: float
    bracketed: float
    first: float
    named: float
    by: float


_COUNTED = re.compile(
    r"\b(?:how many|berapa(?:kah)?(?:\s+(?:banyak|jumlah|total|orang|ekor|buah|kali))*|jumlah)\s+"
    r"((?:[^\W\d_][\w-]*\s*){1,3})",
    re.IGNORECASE,
)
_REACH = 4.0  # words: how fast nearness fades


def features(
    question: Question,
    text: str,
    language: str,
    words: Sequence[QueryWord],
    found: Sequence[_Found],
) -> list[Features]:
    """The features of each of *found*, spans of the sentence *text*."""
    said = tokens(text)
    where = _positions(said, language, words)
    heads = _counted(question, words)
    rows = []
    for place, one in enumerate(found):
        inside = [i for i, t in enumerate(said) if one.span.start <= t.start < one.span.end]
        first, last = (inside[0], inside[-1]) if inside else (0, 0)
        shares, closest, counted, named = 0.0, 0.0, 0.0, 0.0
        for i, at in enumerate(where):
            away = [_gap(spot, first, last) for spot in at]
            if 0 in away:
                named = 1.0
            away = [gap for gap in away if gap]
            if away:
                near = math.exp(-(min(away) - 1) / _REACH)
                shares += near * words[i].share
                closest = max(closest, near)
                if i in heads and any(0 < spot - last <= 2 or spot in inside for spot in at):
                    counted = 1.0
            elif i in heads and any(spot in inside for spot in at):
                counted = 1.0
        role_words = {fold(token.text) for token in tokens(one.role)}
        asked = {fold(token.text) for token in tokens(question.text)}
        rows.append(
            Features(
                fits=float(one.fits),
                near=shares / max(1e-9, sum(word.share for word in words)),
                nearest=closest,
                counted=counted,
                role=float(bool(role_words & asked)),
                alone=float(len(found) == 1),
                others=math.log(len(found)),
                bracketed=float(text[: one.span.start].rstrip().endswith("(")),
                first=float(place == 0),
                named=named,
                by=float(_BY.search(text[: one.span.start]) is not None),
            )
        )
    return rows


def _positions(said: Sequence[Token], language: str, words: Sequence[QueryWord]) -> list[list[int]]:
    """For each of *words*, which words of the sentence it is, or is translated by."""
    terms = [set(stems(token.text, language)) for token in said]
    likely = [{t for t, p in word.terms.get(language, ()) if p >= STANDS_FOR} for word in words]
    return [[i for i, own in enumerate(terms) if own & wanted] for wanted in likely]


def _counted(question: Question, words: Sequence[QueryWord]) -> set[int]:
    """Which of *words* are what "how many" counts."""
    found = _COUNTED.search(question.text)
    if not found:
        return set()
    counted = set(found[1].split()[:2])
    return {i for i, word in enumerate(words) if word.text in counted}


def _gap(spot: int, first: int, last: int) -> int:
    return first - spot if spot < first else spot - last if spot > last else 0


def options(
    question: Question, text: str, language: str, words: Sequence[QueryWord]
) -> tuple[Sort | None, list[Span], list[Features]]:
    """What is sought, the spans of *text* that might be it, and their features."""
    sort = sought(question)
    if sort is None or len(text) > LONGEST:
        return None, [], []
    found = _spans(sort, question, text)
    return sort, [one.span for one in found], features(question, text, language, words, found)


def holds_answer(question: Question, text: str) -> bool:
    """Whether *text* has any span of the sort that *question* seeks, whatever its chances."""
    sort = sought(question)
    return sort is not None and len(text) <= LONGEST and bool(_spans(sort, question, text))


def probabilities(
    sort: Sort, rows: Sequence[Features], weights: Mapping[str, float] = WEIGHTS
) -> list[float]:
    """The chance of each span to be the answer; what is missing from 1 is that none is."""
    scores = [
        weights[f"sort_{sort}"] + sum(weights[name] * getattr(row, name) for name in row.__slots__)
        for row in rows
    ]
    top = max([0.0, *scores])
    parts = [math.exp(score - top) for score in scores]
    total = math.exp(-top) + sum(parts)
    return [part / total for part in parts]


def short_answer(
    question: Question,
    text: str,
    language: str,
    words: Sequence[QueryWord],
    *,
    least: float = LEAST,
) -> Span | None:
    """Where in the sentence *text* the short answer stands; None if that is not sure.

    *words*: those of the question with their translations; *language*: of the sentence.
    """
    sort, spans, rows = options(question, text, language, words)
    if sort is None or not spans:
        return None
    chances = probabilities(sort, rows)
    best = max(range(len(spans)), key=lambda i: chances[i])
    return spans[best] if chances[best] >= least else None

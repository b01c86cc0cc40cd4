"""Two sentences that cannot both be right: the same thing with another number or date, or denied.

Meant to be right when it speaks, not to find everything: nearly all words of the
shorter sentence must stand in the other, as such or translated, all names among
them, and the two may differ in one respect only. Which of them is right it cannot
say; a later report may simply know more, so the dates are shown with both.

Knows sentences; knows nothing about questions, vectors or the store.
``benchmarks/conflicts.py`` measures it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache

from qa.ingest.dates import MONTHS, WEEKDAYS, find_dates
from qa.language.figures import MEASURES, Figure, figures
from qa.language.tokens import STOPWORDS, fold, stem, tokens, word_set
from qa.language.translation import translations
from qa.retrieval.copies import NEGATIONS
from qa.retrieval.lexical import STANDS_FOR
from qa.types import Difference, Span

# Shares of the words of the shorter and of the longer sentence that the other has.
SHORTER = 0.8
LONGER = 0.55
# A denial leaves the words as they are, so there more of them must be the same.
SHORTER_DENIED = 0.85
LONGER_DENIED = 0.7
CLOSE = 0.7  # of the words about a denial
LONGEST = 2_000  # characters; what is longer is no sentence, and slow to compare
FEWEST = 4  # words that both have
_WINDOW = 4  # words either side of a figure that say what it counts
# Two figures this near to each other are one, rounded, if either is round.
_ROUNDED = Decimal("0.05")

_DENIALS = NEGATIONS | word_set(
    "bantah sangkal deny deni denied refut disput dibantah tiada isn't wasn't aren't weren't"
    " don't doesn't didn't won't cannot can't couldn't hasn't haven't"
)
_FILLERS = word_set(
    "kata ujar ucap tutur ungkap jelas tegas tambah lanjut sebut papar catat lapor rupiah dolar"
    " said say says told according report reported sekitar about around nearly almost hampir lebih"
    " kurang more than less over sedikitnya setidaknya least up persen percent juta ribu miliar"
    " triliun ratus million thousand billion trillion hundred"
)
_AT_LEAST = re.compile(
    r"(?:lebih dari|lebih|di atas|sedikitnya|setidaknya|paling sedikit|minimal|more than|over"
    r"|at least|above|exceeding|melebihi)\s*(?:Rp\s?|US?\$\s?)?$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:kurang dari|di bawah|hampir|nyaris|maksimal|paling banyak|hingga|sampai|less than|under"
    r"|below|nearly|almost|at most|up to)\s*(?:Rp\s?|US?\$\s?)?$",
    re.IGNORECASE,
)
# Words of denial that deny nothing.
NO_DENIAL = re.compile(
    r"\b(?:paling tidak|tidak hanya|tak hanya|bukan hanya|bukan saja|tidak lain|tak lain|tak lama"
    r"|tidak lama|tak dikenal|tidak dikenal|not only|no less than|no fewer than|no longer than)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:pukul|jam)\s\d{1,2}(?:[.:]\d\d)?|\b\d{1,2}[.:]?\d\d\s?(?:WIB|WITA|WIT|GMT|UTC|hours)\b"
    r"|\b\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"[\"“”'‘]?(?:ia|dia|beliau|mereka|ini|itu|he|she|they|it|this|that|these|those)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(rf"[\s-]?\s?(?P<unit>{MEASURES})\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]{0,40}\)")
_YEAR = re.compile(r"(?<![\d.,/])(?:1[5-9]\d\d|20\d\d)(?![\d/]|[.,]\d)")
_MONTH = re.compile(
    r"\b(?:" + "|".join(m for m in MONTHS if len(m) > 3 or m == "mei") + r")\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How two sentences differ, and in which words of each."""

    difference: Difference
    here: Span
    there: Span


@dataclass(frozen=True)
class Sentence:
    """A sentence and its language; what is read from it is read once."""

    text: str
    language: str

    @cached_property
    def _bare(self) -> str:
        """Without asides: "(10/9/2019)" tells when somebody spoke."""
        return _BRACKETED.sub(lambda aside: " " * len(aside.group()), self.text)

    @cached_property
    def stems(self) -> dict[int, str]:
        """The stem of each content word, a name as it is, by its place among the words."""
        skip = STOPWORDS.get(self.language, frozenset()) | _FILLERS
        found = {}
        for place, token in enumerate(tokens(self._bare)):
            word = fold(token.text)
            dated = word in MONTHS or word in WEEKDAYS
            if word in skip or dated or any(map(str.isdigit, word)) or word in _DENIALS:
                continue
            # A name is the same in every language, its stem is not.
            name = place > 0 and token.text[0].isupper()
            term = re.sub(r"['’]s?$", "", word) if name else stem(token.text, self.language)
            if term not in _FILLERS and term not in _DENIALS:
                found[place] = term
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Stems of the words written like names, but for the first word."""
        words = tokens(self._bare)
        return frozenset(
            self.stems[place] for place in self.stems if place and words[place].text[0].isupper()
        )

    @cached_property
    def dates(self) -> list[tuple[tuple[int | None, int, int], Span]]:
        """Days as (year or None, month, day), each with its place."""
        return [((m.year, m.month, m.day), m.span) for m in find_dates(self._bare)]

    @cached_property
    def times(self) -> frozenset[str]:
        """Years and months that it names anywhere."""
        months = {str(MONTHS[m.group().casefold()]) for m in _MONTH.finditer(self._bare)}
        return frozenset(months | {m.group() for m in _YEAR.finditer(self._bare)})

    @cached_property
    def amounts(self) -> list[Figure]:
        """Figures that are no part of a date, a year or a name."""
        taken = [span for _, span in self.dates]
        for pattern in (_YEAR, _CLOCK):
            taken += [Span(*m.span()) for m in pattern.finditer(self._bare)]
        return [
            figure
            for figure in figures(self._bare)
            if not any(figure.span.overlaps(other) for other in taken)
            and not re.search(r"[\w-]$", self._bare[: figure.span.start])
            and _number(figure) is not None
        ]

    @cached_property
    def denied(self) -> list[Span]:
        """Where it says no."""
        plain = NO_DENIAL.sub(lambda found: " " * len(found.group()), self._bare)
        return [
            Span(token.start, token.end)
            for token in tokens(plain)
            if fold(token.text) in _DENIALS or stem(token.text, self.language) in _DENIALS
        ]

    def around(self, span: Span) -> frozenset[str]:
        """Stems of the words about *span*: what it counts."""
        words = tokens(self._bare)
        inside = [i for i, token in enumerate(words) if span.start <= token.start < span.end]
        first, last = (inside[0], inside[-1]) if inside else (0, 0)
        return frozenset(
            term for place, term in self.stems.items() if first - _WINDOW <= place <= last + _WINDOW
        )


@lru_cache(maxsize=50_000)
def _forms(term: str, source: str, target: str) -> frozenset[str]:
    """*term* and its translations."""
    if source == target:
        return frozenset([term])
    likely = (t for t, p in translations(term, source, target) if p >= STANDS_FOR)
    return frozenset([term, *likely])


def _held(
    terms: Collection[str], source: str, others: Collection[str], target: str
) -> frozenset[str]:
    """Those of *terms* that stand among *others*, as such or translated, either way."""
    there = set(others)
    if source != target:
        there.update(form for term in others for form in _forms(term, target, source))
    return frozenset(t for t in terms if not there.isdisjoint(_forms(t, source, target)))


def disagreement(one: Sentence, other: Sentence) -> Disagreement | None:
    """How *one* and *other* contradict each other; None if they do not, or it is not sure."""
    if max(len(one.text), len(other.text)) > LONGEST:
        return None
    if _SOMEBODY.match(one.text) or _SOMEBODY.match(other.text):
        return None  # of whom, only the sentence before would tell
    mine, theirs = set(one.stems.values()), set(other.stems.values())
    shared = _held(mine, one.language, theirs, other.language)
    back = _held(theirs, other.language, mine, one.language)
    if min(len(shared), len(back)) < FEWEST:
        return None
    shares = sorted((len(shared) / len(mine), len(back) / len(theirs)), reverse=True)
    if shares[0] < SHORTER or shares[1] < LONGER:
        return None
    shorter, found, longer = (
        (one, shared, other) if len(mine) <= len(theirs) else (other, back, one)
    )
    if not shorter.names <= found or _other_place(shorter, longer):
        return None
    if bool(one.denied) != bool(other.denied):
        if one.language != other.language:
            return None  # "tak dikenal" is "unidentified": one of them denies in a word
        same = _closely(one, other) and _values(one) == _values(other) and _compatible(one, other)
        if same and shares[0] >= SHORTER_DENIED and shares[1] >= LONGER_DENIED:
            here, there = (_first(s.denied) or Span(0, len(s.text)) for s in (one, other))
            return Disagreement(Difference.POLARITY, here, there)
        return None
    return _by_number(one, other) or _by_date(one, other)


def _closely(one: Sentence, other: Sentence) -> bool:
    """True if the words about the denial stand in the sentence without it."""
    denying, plain = (one, other) if one.denied else (other, one)
    about = denying.around(denying.denied[0])
    held = _held(about, denying.language, set(plain.stems.values()), plain.language)
    return len(held) > 1 and len(held) >= CLOSE * len(about)


def _other_place(shorter: Sentence, longer: Sentence) -> bool:
    """True if each names something in a place of its own: "di Palu", "di Lombok"."""
    lost = longer.names - _held(longer.names, longer.language, shorter.names, shorter.language)
    return bool(lost) and not shorter.names


def _values(sentence: Sentence) -> frozenset[tuple[str, str]]:
    return frozenset((figure.value, figure.unit) for figure in sentence.amounts)


def _compatible(one: Sentence, other: Sentence) -> bool:
    """False if they speak of different times: then nothing else has to agree."""
    if one.dates and other.dates:
        return any(_same_day(a, b) for a, _ in one.dates for b, _ in other.dates)
    return one.times <= other.times or other.times <= one.times


def _same_day(one: tuple[int | None, int, int], other: tuple[int | None, int, int]) -> bool:
    return one[1:] == other[1:] and (one[0] == other[0] or None in (one[0], other[0]))


def _first(spans: Sequence[Span]) -> Span | None:
    return spans[0] if spans else None


def _number(figure: Figure) -> Decimal | None:
    try:
        return Decimal(figure.value)
    except InvalidOperation:
        return None


def _by_number(one: Sentence, other: Sentence) -> Disagreement | None:
    """A figure of each that counts the same thing, and that the other sentence lacks."""
    if not _compatible(one, other):
        return None
    mine = [f for f in one.amounts if not any(f.value == g.value for g in other.amounts)]
    theirs = [g for g in other.amounts if not any(g.value == f.value for f in one.amounts)]
    if len(mine) != 1 or len(theirs) != 1:
        return None  # too much differs to say what stands for what
    here, there = mine[0], theirs[0]
    if here.unit != there.unit or not _same_measure(one, here, other, there):
        return None
    if _may_agree(one, here, other, there):
        return None
    about, about_other = one.around(here.span), other.around(there.span)
    close = _held(about, one.language, about_other, other.language)
    back = _held(about_other, other.language, about, one.language)
    if max(len(close), len(back)) < 2:
        return None
    return Disagreement(Difference.NUMBER, here.span, there.span)


def _same_measure(one: Sentence, here: Figure, other: Sentence, there: Figure) -> bool:
    """False for 25 miles and 40 km."""
    mine, theirs = (
        found["unit"].casefold() if (found := _UNIT.match(s.text, f.span.end)) else ""
        for s, f in ((one, here), (other, there))
    )
    # "kilometer" and "kilometres", "meter" and "metres", but not "miles".
    return mine[:2] == theirs[:2]


def _may_agree(one: Sentence, here: Figure, other: Sentence, there: Figure) -> bool:
    """True if both may be said of one amount: rounded, "more than", "nearly"."""
    a, b = _number(here), _number(there)
    if a is None or b is None:
        return True
    if a > b:
        one, here, a, other, there, b = other, there, b, one, here, a
    # a < b: "more than a" allows for b, "nearly b" for a.
    if _AT_LEAST.search(one.text[: here.span.start]):
        return True
    if _AT_MOST.search(other.text[: there.span.start]):
        return True
    return b - a <= _ROUNDED * b and (_round(a) or _round(b))


def _round(value: Decimal) -> bool:
    """Two digits that say something, or one: 12,000, 1.5 million."""
    return len(value.normalize().as_tuple().digits) <= 2


def _by_date(one: Sentence, other: Sentence) -> Disagreement | None:
    """One day in each, and not the same."""
    if len(one.dates) != 1 or len(other.dates) != 1 or _values(one) != _values(other):
        return None
    (mine, here), (theirs, there) = one.dates[0], other.dates[0]
    if _same_day(mine, theirs):
        return None
    return Disagreement(Difference.DATE, here, there)

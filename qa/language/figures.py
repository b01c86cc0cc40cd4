"""Amounts in a text: what they come to, in which unit, and where they stand.

Indonesian and English, in digits of either notation and spelt out: "Rp1,5
miliar", "1.000", "1,000", "dua puluh lima ribu", "two hundred and five". Dates
look like amounts; callers take them out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from qa.types import Span

_SCALES: Mapping[str, int] = MappingProxyType(
    {
        "ratus": 10**2, "hundred": 10**2,
        "ribu": 10**3, "rb": 10**3, "thousand": 10**3, "thousands": 10**3,
        "juta": 10**6, "jt": 10**6, "million": 10**6, "millions": 10**6, "mn": 10**6,
        "miliar": 10**9, "milyar": 10**9, "billion": 10**9, "billions": 10**9, "bn": 10**9,
        "triliun": 10**12, "trilyun": 10**12, "trillion": 10**12, "trillions": 10**12, "tn": 10**12,
    }
)  # fmt: skip
_SINGLE_WORDS: Mapping[str, Decimal] = MappingProxyType(
    {"sepuluh": Decimal(10), "sebelas": Decimal(11), "seratus": Decimal(100),
     "seribu": Decimal(1000), "sejuta": Decimal(10**6), "setengah": Decimal("0.5"),
     "separuh": Decimal("0.5"), "half": Decimal("0.5")}
)  # fmt: skip
_UNITS: Mapping[str, int] = MappingProxyType(
    {
        word: value
        for words in (
            "nol satu dua tiga empat lima enam tujuh delapan sembilan",
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
            " fifteen sixteen seventeen eighteen nineteen",
        )
        for value, word in enumerate(words.split())
    }
)
_TENS: Mapping[str, int] = MappingProxyType(
    {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
     "eighty": 80, "ninety": 90}
)  # fmt: skip
MONEY: Mapping[str, str] = MappingProxyType(
    {
        "rp": "rupiah", "idr": "rupiah", "rupiah": "rupiah",
        "$": "dollar", "usd": "dollar", "dolar": "dollar", "dollar": "dollar", "dollars": "dollar",
        "€": "euro", "eur": "euro", "euro": "euro", "euros": "euro",
    }
)  # fmt: skip

_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?:(?P<before>\b(?:Rp|IDR|USD|EUR)|[$€])[.\s]{{0,2}})?"
    rf"(?P<digits>\d+(?:[.,:]\d+)*)(?P<letter>[kmb]\b)?"
    rf"(?P<scales>(?:[\s-]{{0,2}}(?:{_SCALE})\b)*)"
    r"(?:\s{0,2}(?P<percent>%|persen\b|percent\b|per\s?cent\b))?"
    r"(?:\s{0,2}(?:US\s)?(?P<after>rupiah|dollars?|dolar|euros?)\b(?:\sAS\b)?)?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")
_NUMBER_WORD = re.compile(r"[^\W\d_]+")
# Units of measure that may follow an amount, as a pattern.
MEASURES = (
    r"kilometers?|kilometres?|km[²2]?|meters?|metres?|m[²2]?|centimeters?|centimetres?|cm|mm|miles?|mil"
    r"|feet|foot|kaki|inch(?:es)?|inci|yards?|hektare?|hectares?|ha|acres?|kilograms?|kilogram|kg"
    r"|grams?|gram|tons?|tonnes?|ton|liters?|litres?|liter|barrels?|barel|watts?|megawatts?|megawatt|mw|gw"
    r"|gigawatts?|kwh|volts?|knots?|knot|degrees?|derajat|celsius|hertz|mph|kph|km/h|km/jam|bytes?"
    r"|gigabytes?|gb|tb|skala|magnitudo|magnitude"
)
_PERCENT = re.compile(r"\s+(?:persen|percent|per\s?cent)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount: *value* written out in full; *unit*: "%", a currency, a letter, or nothing.

    *span* covers it with its unit.
    """

    value: str
    unit: str
    span: Span

    def told_by(self, other: Figure) -> bool:
        """True if *other* is the same amount; a currency may be left out, a percent sign not."""
        bare = not self.unit and other.unit in MONEY.values()
        return self.value == other.value and (self.unit == other.unit or bare)


def figures(text: str) -> Iterator[Figure]:
    """The amounts of *text*: those in digits in order, then those in words."""
    for found in _FIGURE.finditer(text):
        value = _value(found["digits"])
        for scale in re.findall(r"[^\W\d_]+", found["scales"] or ""):
            value = value * _SCALES[scale.casefold()] if isinstance(value, Decimal) else value
        money = found["before"] or found["after"]
        unit = "%" if found["percent"] else MONEY[money.casefold()] if money else ""
        letter = (found["letter"] or "").casefold()
        yield Figure(_written(value), unit or letter, Span(*found.span()))
    yield from _figures_in_words(_FIGURE.sub(lambda found: "." * len(found.group()), text))


def _figures_in_words(text: str) -> Iterator[Figure]:
    """ "two hundred and five", "dua puluh lima ribu"; "one" alone is no figure."""
    run: list[re.Match[str]] = []
    for word in [*_NUMBER_WORD.finditer(text), None]:
        known = word is not None and is_number_word(word.group().casefold())
        if word and known and (not run or text[run[-1].end() : word.start()].strip(" -") == ""):
            run.append(word)
            continue
        if run:
            value = _spelt([one.group().casefold() for one in run])
            if value != 1:
                percent = _PERCENT.match(text, run[-1].end())
                end = percent.end() if percent else run[-1].end()
                span = Span(run[0].start(), end)
                yield Figure(_written(value), "%" if percent else "", span)
        run = [word] if word and known else []


def is_number_word(word: str) -> bool:
    """True for a folded word that spells a number, in either language."""
    return (
        word in _UNITS or word in _TENS or word in _SINGLE_WORDS or word in ("belas", "puluh")
    ) or (word in _SCALES and len(word) > 2)


def _spelt(words: Sequence[str]) -> Decimal:
    """The value of a number spelt out: millions, thousands, hundreds, tens and ones add up."""
    total = group = ones = Decimal(0)
    for word in words:
        if word in _UNITS:
            ones = Decimal(_UNITS[word])
        elif word in _TENS:
            group += _TENS[word]
        elif word in _SINGLE_WORDS:
            group += _SINGLE_WORDS[word]
        elif word == "belas":
            ones += 10
        elif word == "puluh":
            group, ones = group + 10 * ones, Decimal(0)
        elif _SCALES[word] == 100:
            group, ones = group + 100 * (ones or 1), Decimal(0)
        else:
            total += (group + ones or 1) * _SCALES[word]
            group = ones = Decimal(0)
    return total + group + ones


def _value(digits: str) -> Decimal | str:
    """The number behind *digits* in either notation: "1.000,5" and "1,000.5" are one.

    Three digits after a single separator are taken for thousands, in both. What
    is no number ("10.6.2019") stays text.
    """
    digits = digits.replace(":", ".")
    if _GROUPED.fullmatch(digits):
        return Decimal(re.sub("[.,]", "", digits))
    whole, mark, rest = digits.rpartition("." if digits.rfind(".") > digits.rfind(",") else ",")
    if not mark:
        return Decimal(digits)
    if whole.isdecimal() or _GROUPED.fullmatch(whole):
        return Decimal(re.sub("[.,]", "", whole) + "." + rest)
    return digits.replace(",", ".")


def _written(value: Decimal | str) -> str:
    return value if isinstance(value, str) else f"{value.normalize():f}"

"""Title, outlet, byline and publication date of an article.

Owns how they are read from the text and which source wins: what the file
itself states (HTML meta, front matter) first, then what the page shows. Knows
the marks that ``furniture`` makes and nothing about file formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from qa.ingest.dates import dateline, find_dates, publication_date
from qa.ingest.furniture import Kind, Mark, byline_name, marks, paragraphs
from qa.language.sentences import sentence_spans
from qa.types import Document, Field, Span


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article; None or "" where nothing is."""

    title: str = ""
    outlet: str | None = None
    byline: str | None = None
    published: date | None = None


_TITLE_LENGTH = 80
_YEAR = re.compile(r"(?:19|20)\d\d")
_UPDATED = re.compile(r"updated?\b|diperba|pembaruan|modified", re.IGNORECASE)
_DOMAIN = re.compile(r"\b(?:[\w-]+\.)+(?:co\.id|com|id|net|org|tv|news)\b", re.IGNORECASE)
_KNOWN = re.compile(
    r"\b(?:KOMPAS|ANTARA(?: News)?|TEMPO|REPUBLIKA|VIVA|detik\w*|CNN Indonesia|CNBC Indonesia"
    r"|BBC(?: News)?(?: Indonesia)?|kumparan|Reuters|AFP|AP|Xinhua|Bernama|VOA|Kyodo)\b"
)
_HOLDER = re.compile(
    r"copyrights?|hak cipta|all rights? reserved|©|\(c\)|(?:19|20)\d\d|[-–—,.|:]", re.IGNORECASE
)
_REGIONS = frozenset(
    """
    ACEH,SUMATERA UTARA,SUMATRA UTARA,SUMUT,SUMATERA BARAT,SUMATRA BARAT,SUMBAR,RIAU,KEPULAUAN RIAU
    KEPRI,JAMBI,SUMATERA SELATAN,SUMATRA SELATAN,SUMSEL,BENGKULU,LAMPUNG,BANGKA BELITUNG,BANTEN
    JAWA BARAT,JABAR,JAKARTA,DKI JAKARTA,JAWA TENGAH,JATENG,YOGYAKARTA,DIY,JAWA TIMUR,JATIM,BALI
    NTB,NTT,NUSA TENGGARA BARAT,NUSA TENGGARA TIMUR,KALIMANTAN BARAT,KALBAR,KALIMANTAN TENGAH
    KALTENG,KALIMANTAN SELATAN,KALSEL,KALIMANTAN TIMUR,KALTIM,KALIMANTAN UTARA,KALTARA
    SULAWESI UTARA,SULUT,GORONTALO,SULAWESI TENGAH,SULTENG,SULAWESI BARAT,SULBAR,SULAWESI SELATAN
    SULSEL,SULAWESI TENGGARA,SULTRA,MALUKU,MALUKU UTARA,PAPUA,PAPUA BARAT,INDONESIA,MALAYSIA
    SINGAPORE,SINGAPURA,THAILAND,VIETNAM,PHILIPPINES,FILIPINA,CHINA,JAPAN,JEPANG,AUSTRALIA,INDIA
    USA,UNITED STATES,AMERIKA SERIKAT,AS,UK,INGGRIS,FRANCE,PRANCIS,GERMANY,JERMAN,ITALY,ITALIA
    """.replace("\n    ", ",")
    .strip(",")
    .split(",")
)
# Publishers whose name on the page is not the name that readers know.
_PUBLISHERS = {
    "pt dynamo media network": "kumparan",
    "pt kompas cyber media": "Kompas.com",
    "pt kompas media nusantara": "Kompas",
    "pt trans news corpora": "CNN Indonesia",
    "pt agranet multicitra siberkom": "detikcom",
}


def read_metadata(
    text: str, marks: Sequence[Mark], body: Sequence[Span], stated: Metadata, fallback: str
) -> Metadata:
    """The metadata of *text*; what the file states wins over what the page shows.

    *body* are the spans of the article itself. A title that stands nowhere is
    made of the first words of the article, or else is *fallback*.
    """
    opening = dateline(body[0].of(text)) if body else None
    return Metadata(
        title=stated.title or _title(text, marks, body, opening) or fallback,
        outlet=stated.outlet or _outlet(text, marks, opening),
        byline=stated.byline or _byline(text, marks),
        published=stated.published or _published(text, marks, body),
    )


def _title(
    text: str, marks: Sequence[Mark], body: Sequence[Span], opening: str | None
) -> str | None:
    for mark in marks:
        if mark.kind is Kind.TITLE:
            return " ".join(mark.span.of(text).lstrip("# ").split())
    if not body:
        return None
    # A dateline says where, not what.
    words = body[0].of(text)[len(opening or "") :][: 4 * _TITLE_LENGTH].split()
    first = " ".join(words)
    if len(first) <= _TITLE_LENGTH:
        return first
    cut = first[:_TITLE_LENGTH].rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:-–—") + "…"


def _outlet(text: str, marks: Sequence[Mark], opening: str | None) -> str | None:
    if opening:
        inside = re.search(r"\(([^()]{2,40})\)", opening)
        if inside and not _YEAR.search(inside[1]):
            return inside[1].strip()
        named = _DOMAIN.search(opening) or _KNOWN.search(opening)
        if named:
            return named.group()
        # "KOTA, MEDIA –" is how papers sign; "KOTA, PROVINSI –" is only a place.
        places = opening.rstrip(" -–—").split(", ")
        if len(places) == 2 and opening.isupper() and places[1] not in _REGIONS:
            return places[1]
    for mark in reversed(marks):
        if mark.kind is Kind.COPYRIGHT:
            holder = " ".join(_HOLDER.sub(" ", mark.span.of(text)).split())
            if holder and len(holder) <= 60:
                return _PUBLISHERS.get(holder.lower(), holder)
    return None


def _byline(text: str, marks: Sequence[Mark]) -> str | None:
    """The writer; failing that the editor, named as such; failing that the initials."""
    lines = [
        part.strip("*_ ")
        for mark in marks
        if mark.kind in (Kind.BYLINE, Kind.STAMP)
        for part in re.split("[|•·]", mark.span.of(text))
        if byline_name(part.strip("*_ "))
    ]
    writers = [
        line for line in lines if not re.match(r"edit|redaktur|sumber|source", line, re.IGNORECASE)
    ]
    for line in writers:
        return byline_name(line)
    for line in lines:
        if re.match(r"edit|redaktur", line, re.IGNORECASE):
            return line
    for mark in marks:
        if mark.kind is Kind.SIGNATURE:
            return mark.span.of(text).strip("()[] ").strip("*") or None
    return None


def _published(text: str, marks: Sequence[Mark], body: Sequence[Span]) -> date | None:
    stamps = [mark.span for mark in marks if mark.kind is Kind.STAMP]
    updates = [span for span in stamps if _UPDATED.search(span.of(text))]
    first = [span for span in stamps if span not in updates]
    year = _imprint(text, marks)
    # A later change is the last thing to go by.
    return publication_date(text, stamps=first, body=body, imprint_year=year) or publication_date(
        text, stamps=updates, body=[], imprint_year=year
    )


def _imprint(text: str, marks: Sequence[Mark]) -> int | None:
    """The year in the article's own copyright line: the one beside its byline.

    A copyright line anywhere else is the site's, and its year that of the visit.
    """
    for before, mark in pairwise(marks):
        gap = text[before.span.end : mark.span.start]
        if before.kind is Kind.BYLINE and mark.kind is Kind.COPYRIGHT and not gap.strip():
            years = _YEAR.findall(mark.span.of(text))
            return int(years[-1]) if years else None
    return None


# Where the text says it

_LINE = 160  # characters; a longer one is prose
_AROUND = 20_000  # characters at either end of a text in which such lines are looked for


def shown(document: Document, field: Field) -> Span | None:
    """The line of the text that says what is known of *document*; None where none does.

    A byline, a time stamp, the sign of a copyright, front matter, a dateline. What is not
    known is said nowhere.
    """
    known = {Field.TITLE: document.title, Field.BYLINE: document.byline}
    if field in known:
        words = _plain(known[field] or "")
        if field is Field.TITLE:
            return _line(document, lambda text: _plain(text) == words, ()) if words else None
        kinds = (Kind.BYLINE, Kind.STAMP, Kind.SIGNATURE)
        return _line(document, _names(words), kinds) if words else None
    if field is Field.OUTLET:
        words = _plain(document.outlet or "")
        return _opening_with(document, words) or (
            _line(document, _names(words), (Kind.COPYRIGHT, Kind.STAMP, Kind.BYLINE))
            if words
            else None
        )
    day = document.published
    return _line(document, _tells(day), (Kind.STAMP, Kind.BYLINE)) if day else None


def opening(document: Document, day: date | None = None) -> Span:
    """The first sentence of the article that names *day*, else its first."""
    sentences = _first_sentences(document)
    named = (span for span in sentences if day and _tells(day)(span.of(document.text)))
    return next(named, sentences[0])


def _tells(day: date) -> Callable[[str], bool]:
    """Whether a text names *day*, with its year or without."""
    return lambda text: any(
        (one.day, one.month) == (day.day, day.month) and one.year in (day.year, None)
        for one in find_dates(text)
    )


def _plain(text: str) -> str:
    return " ".join(text.strip("*_# ").casefold().split())


def _names(words: str) -> Callable[[str], bool]:
    """Whether a text has *words*, as whole words in any case."""
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return lambda text: pattern.search(_plain(text)) is not None


def _line(document: Document, told: Callable[[str], bool], kinds: Sequence[Kind]) -> Span | None:
    """The first mark of one of *kinds* that is *told*, by kind, else the first such short line."""
    text = document.text
    for start, end in _ends(text):
        found = marks(text[start:end]) if kinds else []
        for kind in kinds:
            for mark in found:
                if mark.kind is kind and told(mark.span.of(text[start:end])):
                    return Span(start + mark.span.start, start + mark.span.end)
    for start, end in _ends(text):
        for hit in _SHORT_LINE.finditer(text, start, end):
            line = hit["line"]
            if not line.endswith(_STOPS) and told(line):
                lead = len(line) - len(line.lstrip("*_# "))
                at = hit.start("line")
                return Span(at + lead, at + len(line.rstrip("*_# ")))
    return None


_SHORT_LINE = re.compile(
    rf"^[^\S\n]*(?P<line>\S[^\n]{{0,{_LINE - 2}}}(?<=\S))[^\S\n]*$", re.MULTILINE
)
_STOPS = (".", "!", ".”", '."', "!”", ",")  # what ends a sentence, which tells of the world


def _ends(text: str) -> list[tuple[int, int]]:
    """The two ends of *text*, where an article says what it is; all of it if it is short."""
    if len(text) <= 2 * _AROUND:
        return [(0, len(text))]
    cut = text.find("\n", len(text) - _AROUND) + 1
    return [(0, _AROUND), (cut or len(text) - _AROUND, len(text))]


def _first_paragraphs(document: Document) -> list[Span]:
    """The first paragraphs of the article, furniture left out."""
    near = [
        Span(span.start, min(span.end, _AROUND))
        for span in document.furniture
        if span.start < _AROUND
    ]
    found = paragraphs(document.text[:_AROUND], near)
    return (found or paragraphs(document.text, document.furniture))[:2]


def _first_sentences(document: Document) -> list[Span]:
    """Those of the first two paragraphs of the article."""
    found = []
    for part in _first_paragraphs(document):
        words = part.of(document.text)
        spans = sentence_spans(words, document.language) or [Span(0, len(words))]
        found += [Span(part.start + span.start, part.start + span.end) for span in spans]
    return found


def _opening_with(document: Document, words: str) -> Span | None:
    """The dateline, if it holds *words*."""
    body = _first_paragraphs(document)
    head = dateline(body[0].of(document.text)) if body else None
    if not head or not words or words not in _plain(head):
        return None
    bare = head.rstrip(" -–—*_")
    start = body[0].start + len(head) - len(head.lstrip())
    return Span(start, body[0].start + len(bare))

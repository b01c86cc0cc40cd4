"""Where quotations begin and end, and the text with what is no prose taken out of sight.

Owns the pairing of quotation marks, masks of one length with the text, and
datelines. Does not know who speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from qa.answering.statements.cues import ENGLISH_CUES, ROOT_CUES, WORD
from qa.language.names import is_place
from qa.types import Span

_LONGEST_QUOTE = 5000  # characters; a longer one is two that lost their marks
TERM_WORDS = 4  # a quotation this short, unattributed, is a term and not a statement


_DOUBLE = '“”"„‟«»″'
_SINGLE = "'‘’‚‹›"
_MARKS = re.compile(f"[{_DOUBLE}{_SINGLE}\n]")
_ALWAYS_OPENS = frozenset("“„«‘‚‹")
_CUE_NEXT = re.compile(
    rf"\s*(?:{ROOT_CUES}|menurut|demikian|begitu|{ENGLISH_CUES})(?:nya)?(?![\w-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words between two marks (``inner``) and the same with the marks (``outer``)."""

    inner: Span
    outer: Span
    continues: bool = False  # the last mark was missing: the next paragraph goes on
    answer: bool = False  # of an interview: what follows "A:"


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-:/" + _DOUBLE + _SINGLE)


def _closes(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if before.isspace():
        # Typing slip `…, ”kata X`, or marks with blanks on both sides: it stands one place
        # too far to the right.
        return text[max(0, at - 2)] in ",.?!…" and (
            after.isspace() or _CUE_NEXT.match(text, at + 1) is not None
        )
    return not after.isalnum() or _CUE_NEXT.match(text, at + 1) is not None


def quotations(text: str) -> list[Quotation]:
    """Outermost quotations of *text*, in order and disjoint, in one pass.

    The same mark may open and close (Kompas prints ”…”), so its neighbours decide.
    A mark that cannot be paired is dropped; one that opens a paragraph and is never
    closed quotes the whole paragraph when the next opens with a mark, too.
    """
    found: list[Quotation] = []
    opened: list[int] = []
    single_end = 0  # inside single quotation marks up to here
    weak = False  # the open mark looked like a closing one: believe it only with a cue
    for hit in _MARKS.finditer(text):
        at, mark = hit.start(), hit.group()
        if mark == "\n":
            if not opened or not _paragraph_ends(text, at):
                continue
            if not weak:
                whole = _open_paragraph(text, opened[0], at)
                if whole is not None:
                    found.append(whole)
            opened, weak = [], False
            continue
        if opened and at - opened[0] > _LONGEST_QUOTE:
            opened, weak = [], False
        if at < single_end:
            continue
        if mark in _SINGLE:
            if not opened and mark not in "’›" and _opens(text, at):
                end = _close_of_single(text, at)
                if end is not None:
                    found.append(_quote(text, at, end))
                    single_end = end + 1
            continue
        opens, closes = _opens(text, at), _closes(text, at)
        spaced = text[at + 1 : at + 2].isspace()
        if opened and spaced and text[opened[0] + 1].isspace():
            closes = mark not in _ALWAYS_OPENS
        if not opened:
            if closes and text[at - 1 : at].isspace() and not spaced:
                continue  # `…, ”kata X` whose opening mark is missing
            opened = [at]
            weak = closes and not opens and mark not in _ALWAYS_OPENS
            if weak and mark not in '”"':
                opened = []
        elif closes and not (opens and mark in _ALWAYS_OPENS):
            if len(opened) > 1 and not _CUE_NEXT.match(text, at + 1):
                opened.pop()
            elif not weak or _CUE_NEXT.match(text, at + 1):
                found.append(_quote(text, opened[0], at))
                opened, weak = [], False
            else:
                opened, weak = [at], True
        elif opens:
            if weak or len(opened) > 1:
                opened, weak = [at], False
            elif mark in _ALWAYS_OPENS or not _CUE_NEXT.search(text, max(opened[0], at - 120), at):
                opened.append(at)
            else:
                opened = [at]
    if opened and not weak:
        whole = _open_paragraph(text, opened[0], len(text))
        if whole is not None:
            found.append(whole)
    return found


_ASKS_LINE = re.compile(r"^[ \t]*(?:Q|T|Tanya|Question)[ \t]*[:.][ \t]+\S", re.MULTILINE)
_ANSWER_LINE = re.compile(
    r"^[ \t]*(?:A|J|Jawab|Answer)[ \t]*[:.][ \t]+(?P<said>\S[^\n]*)$", re.MULTILINE
)


def answers(text: str) -> list[Quotation]:
    """What follows "A:", where "Q:" asks: the words of who is interviewed, without marks."""
    if _ASKS_LINE.search(text) is None:
        return []
    return [
        Quotation(Span(*hit.span("said")), Span(*hit.span()), answer=True)
        for hit in _ANSWER_LINE.finditer(text)
        if hit.end("said") - hit.start("said") <= _LONGEST_QUOTE
    ]


def with_answers(quotes: Sequence[Quotation], given: Sequence[Quotation]) -> list[Quotation]:
    """*quotes* and the answers *given*, in order; what is quoted within an answer is part of it."""
    outside = [q for q in quotes if not any(q.outer.overlaps(a.outer) for a in given)]
    return sorted([*outside, *given], key=lambda q: q.outer)


def _quote(text: str, opening: int, closing: int) -> Quotation:
    start, end = opening + 1, closing
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Quotation(Span(start, end), Span(opening, closing + 1))


def _paragraph_ends(text: str, at: int) -> bool:
    """True when the line end at *at* ends a paragraph and is no hard wrap."""
    if at > _LONGEST_LINE and text.find("\n", at - _LONGEST_LINE, at) < 0:
        return True  # nobody wraps lines as long as that
    following = text[at + 1 : at + 40].lstrip(" \t\r")
    return not following or following[0] == "\n" or following[0] in _DOUBLE


_LONGEST_LINE = 160  # characters of a line that was wrapped
_SINGLE_WINDOW = 600  # characters in which a single mark must find its partner
_SINGLE_TRIES = 20  # marks that may be apostrophes before that
_SINGLE_ENDS = re.compile("['’›\n]")


def _close_of_single(text: str, opening: int) -> int | None:
    """Where a single-quoted stretch ends; apostrophes inside words do not end it."""
    candidates = _SINGLE_ENDS.finditer(text, opening + 2, opening + _SINGLE_WINDOW)
    for hit in islice(candidates, _SINGLE_TRIES):
        at = hit.start()
        if hit.group() == "\n":
            return None
        after = text[at + 1] if at + 1 < len(text) else " "
        if after.isalnum():
            continue
        if text[at - 1] in ",.?!…" or after in ",.;:!?)" + _DOUBLE:
            return at
        if len(WORD.findall(text, opening, at)) <= TERM_WORDS:
            return at
    return None


def _open_paragraph(text: str, opening: int, end: int) -> Quotation | None:
    """The quotation of a paragraph whose closing mark is missing, if it can be told."""
    line_start = text.rfind("\n", max(0, opening - 3), opening) + 1
    at_start = not text[line_start:opening].strip() or opening < 3
    following = text[end : end + 8].lstrip()
    if at_start and following and following[0] in _DOUBLE:
        quote = _quote(text, opening, end)
        return Quotation(quote.inner, Span(opening, end), continues=True)
    window = text[opening + 1 : min(end, opening + _LONGEST_QUOTE)]
    tail = re.search(rf"[,.?!]\s+(?=(?:{ROOT_CUES})(?:nya)?(?![\w-]))", window)
    if tail is None:
        return None
    stop = opening + 1 + tail.start() + 1
    return Quotation(Span(opening + 1, stop), Span(opening, stop))


def blanked(text: str, spans: Iterable[Span]) -> str:
    """*text* with each span turned to line ends: same length, so offsets hold."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        start = max(at, min(span.start, len(text)))
        stop = max(start, min(span.end, len(text)))
        pieces += [text[at:start], "\n" * (stop - start)]
        at = stop
    pieces.append(text[at:])
    return "".join(pieces)


def masked_text(text: str, quotes: Sequence[Quotation]) -> str:
    """*text* with the words of each quotation as one capitalised unit, same length.

    So no sentence ends, and no cue stands, inside a quotation; its last stop is kept.
    """
    pieces: list[str] = []
    at = 0
    for quote in quotes:
        start, end = quote.inner.start, quote.inner.end
        if end - start < 2:
            continue
        opening = quote.outer.start
        tidy = start == opening + 1 and (opening == 0 or text[opening - 1].isspace())
        # A misplaced opening mark (`…itu.” Kami`) would end up in the sentence before.
        mark = text[opening:start] if tidy or opening < at else " " * (start - opening)
        last = text[end - 1]
        pieces += [text[at:opening], mark, "Q", "q" * (end - start - 2)]
        pieces.append(last if last in ",.?!" else "q")
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


_TITLE = re.compile(r"^[ \t]*\S[^\n]{0,180}$", re.MULTILINE)


def headings(text: str) -> list[Span]:
    """Titles: the first line when it ends like one, and lines whose words are capitalised.

    What they quote is said again below, and their capitals look like names.
    """
    found: list[Span] = []
    for place, hit in enumerate(_TITLE.finditer(text)):
        words = WORD.findall(hit.group())
        if hit.group().rstrip()[-1] in ".?!…,;:-–—" or not 3 < len(words) <= 20:
            continue
        long = [word for word in words if len(word) > 3 and word[0].isalpha()]
        shown = sum(word[0].isupper() for word in long)
        first = place == 0 and text[hit.end() :].lstrip(" \t").startswith("\n\n")
        capitals = len(long) > 2 and shown >= 0.75 * len(long)
        if (first or capitals) and not _SPOKEN.search(hit.group()):
            found.append(Span(hit.start(), hit.end()))
    return found


# A line with a cue in small letters is a sentence whose full stop was forgotten.
_SPOKEN = re.compile(rf"[{_DOUBLE}]\s*(?:{ROOT_CUES}|said|says)(?:nya)?(?![\w-])")

# What opens a news story: a place, a date, an outlet, and a dash. It is nobody's name.
_DATELINE = re.compile(
    r"^[ \t>*_]*(?P<head>[^\W_][^\n;:!?\"“”]{1,88}?)[*_]*"
    r"(?:\s+[-–—]{1,2}\s+|\s*(?:[–—]|--)\s*|(?<=\))-\s*)(?=\S)",
    re.MULTILINE,
)
_DATE_PART = re.compile(
    r"(?:(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Minggu|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
    r"\s*)?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{1,2}\s+[A-Za-z]{3,9}\.?(?:\s+\d{4})?"
    r"|[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:\s+\d{4})?|\d{4})?",
)
_PRESS = re.compile(r"[A-Z]\w*(?:news|times|post)", re.IGNORECASE)  # "Rimanews"
_DOMAIN = re.compile(r"[\w-]+\.(?:co\.id|com|id|net|org|tv|news)", re.IGNORECASE)


def datelines(text: str) -> list[Span]:
    """The dateline of each paragraph that has one, with its dash."""
    return [
        Span(hit.start(), hit.end())
        for hit in _DATELINE.finditer(text)
        if _is_dateline(hit.group("head"), text[hit.end() : hit.end() + 120])
    ]


def _is_dateline(head: str, ahead: str) -> bool:
    """True for places, dates and outlets alone, with one sign more than capital letters."""
    outlet = re.search(r"\([^\W\d_][^()]*\)$", head) is not None
    parts = [part.strip() for part in re.split(r"[,()/]", re.sub(r"[/-](?=\d)", ".", head))]
    parts = [part for part in parts if part]
    places: list[str] = []
    sure = outlet
    for part in parts:
        if any(one.fullmatch(part) for one in (_DATE_PART, _DOMAIN, _PRESS)):
            sure = True
        elif len(part.split()) <= 4 and all(word[0].isupper() for word in part.split()):
            places.append(part)
        else:
            return False
    if sure or not places:
        return sure
    if is_place(places[0]):
        return True
    # "BANYUMANIK - Warga …", but not "KPK – lembaga … – mengatakan".
    shouted = places[0].isupper() and len(places[0]) > 3
    return shouted and re.search(r"\s[-–—]\s", ahead) is None

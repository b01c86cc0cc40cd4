"""Where a text that somebody typed stands in a document.

A quote copied through a word processor differs from its source in white space,
quotation marks, dashes, accents and case, and means the same place. Where it
stands nowhere like that, a long one is looked for by its letters and digits
alone: a word cut at the end of a line, "£200" for "£ 200". Knows characters only;
nothing it finds is ever shown as a citation.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from qa.types import Span

# A run of dashes with the space around it, or a run of spaces.
_RUNS = re.compile(r"(?: *-)+ *| +")
_MARKS = frozenset("\"'`´‘’‚‛“”„‟«»‹›′″＂＇")
_EDGES = " .,;:!?-"
# A whole gap between letters and digits; between two digits it is part of the number.
_BETWEEN = re.compile(r"(?<![^\w\n])(?:(?<!\d)[^\w\n]++|[^\w\n]++(?!\d))")
# A text with fewer letters and digits could be found where something else is meant.
_TELLING = 12


class _Table(dict[int, str]):
    """Each character as it is compared, worked out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = unicodedata.category(character)
        if character in _MARKS or kind in ("Cf", "Mn"):
            plain = ""
        elif kind == "Pd" or character == "−":
            plain = "-"
        elif character.isspace() or kind == "Cc":
            plain = " "
        else:
            plain = unicodedata.normalize("NFKD", character)
            plain = "".join(c for c in plain if unicodedata.category(c) != "Mn").casefold()
        self[code] = plain
        return plain


_TABLE = _Table()


def folded(text: str) -> str:
    """*text* as it is compared: no marks, accents or capitals, single spaces and dashes."""
    return _RUNS.sub(_run, text.translate(_TABLE)).strip()


def words_alone(text: str) -> str:
    """*text* folded and without punctuation, as titles are compared."""
    return " ".join(re.findall(r"\w+", folded(text)))


def _run(match: re.Match[str]) -> str:
    return "-" if "-" in match.group() else " "


def find(text: str, wanted: str) -> list[Span]:
    """Every place in *text* where *wanted* stands as whole words, in order."""
    plain, origin = _with_origin(text)
    found = list(_places(plain, _core(wanted))) or list(_loose_places(plain, wanted))
    return [Span(origin[start], origin[end - 1] + 1) for start, end in found]


def holds(text: str, wanted: str) -> bool:
    """True if *wanted* stands in *text* as whole words."""
    return any(True for _ in _places(folded(text), _core(wanted)))


def shared(one: Span, other: Span) -> bool:
    """True if the two share at least half of the shorter one."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return common > 0 and 2 * common >= min(one.end - one.start, other.end - other.start)


class Texts:
    """Many documents, folded once, to look for many texts in."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        plain = [folded(text) for text in texts]
        # No folded text holds a line break, so no find runs over two of them.
        self._all = "\n".join(plain)
        self._starts = [0]
        for one in plain:
            self._starts.append(self._starts[-1] + len(one) + 1)

    def find(self, wanted: str) -> dict[int, list[Span]]:
        """Positions of the texts that hold *wanted*, and where in them it stands."""
        which = self._holding(wanted)
        if not which and len(bare := _bare(_core(wanted))) >= _TELLING:
            which = {i for i, one in enumerate(self._stripped) if bare in one}
        found = {i: find(self._texts[i], wanted) for i in sorted(which)}
        return {i: spans for i, spans in found.items() if spans}

    def beginning(self, wanted: str) -> tuple[str, set[int]]:
        """The longest beginning of *wanted*, in whole words, that stands in any text.

        And in which. Empty if less than three words do.
        """
        words = wanted.split()
        least, most = 2, len(words)
        while least < most:  # if so many words stand somewhere, fewer do
            middle = (least + most + 1) // 2
            if self._holding(" ".join(words[:middle])):
                least = middle
            else:
                most = middle - 1
        some = " ".join(words[:least])
        return (some, self._holding(some)) if least > 2 else ("", set())

    def _holding(self, wanted: str) -> set[int]:
        return {
            bisect_right(self._starts, start) - 1 for start, _ in _places(self._all, _core(wanted))
        }

    @cached_property
    def _stripped(self) -> list[str]:
        return _bare(self._all).split("\n")


def _bare(plain: str) -> str:
    """The letters and digits of a folded text, and what stands between two digits."""
    return _BETWEEN.sub("", plain)


def _loose_places(plain: str, wanted: str) -> Iterator[tuple[int, int]]:
    """As ``_places``, by letters and digits alone; nothing for a *wanted* of few of them."""
    bare = _bare(_core(wanted))
    if len(bare) < _TELLING:
        return
    kept = [True] * len(plain)
    for gap in _BETWEEN.finditer(plain):
        kept[gap.start() : gap.end()] = [False] * (gap.end() - gap.start())
    origin = [i for i, there in enumerate(kept) if there]
    stripped = "".join(plain[i] for i in origin)
    at = stripped.find(bare)
    while at >= 0:
        start, end = origin[at], origin[at + len(bare) - 1] + 1
        if not (plain[start - 1 : start].isalnum() or plain[end : end + 1].isalnum()):
            yield start, end
        at = stripped.find(bare, at + 1)


def _core(wanted: str) -> str:
    """*wanted* folded, without punctuation at its ends."""
    return folded(wanted).strip(_EDGES)


def _places(plain: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Start and end of each whole-word occurrence of *wanted* in *plain*, both folded."""
    at = plain.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        before = at > 0 and plain[at - 1].isalnum() and wanted[0].isalnum()
        after = end < len(plain) and plain[end].isalnum() and wanted[-1].isalnum()
        if not before and not after:
            yield at, end
        at = plain.find(wanted, at + 1)


def _with_origin(text: str) -> tuple[str, list[int]]:
    """*text* folded, and for each character of that the offset it comes from."""
    pieces: list[str] = []
    raw: list[int] = []
    for i, character in enumerate(text):
        plain = _TABLE[ord(character)]
        pieces.append(plain)
        raw.extend([i] * len(plain))
    joined = "".join(pieces)
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for match in _RUNS.finditer(joined):
        parts += [joined[at : match.start()], _run(match)]
        origin += raw[at : match.start()]
        # A dash comes from itself, so that a find may start or end with it.
        origin.append(raw[match.start() + max(0, match.group().find("-"))])
        at = match.end()
    plain = "".join([*parts, joined[at:]])
    origin += raw[at:]
    lead = len(plain) - len(plain.lstrip())
    end = len(plain.rstrip())
    return plain[lead:end], origin[lead:end]

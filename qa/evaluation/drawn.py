"""What a report and the chat draw alike: bars, and a passage with its words lit.

Pieces of HTML for a style sheet that has the classes used here. Knows figures and
texts; says no word of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from qa.evaluation.matching import find
from qa.evaluation.statistics import Interval
from qa.output import inert
from qa.types import Span

WIDTH = 700  # characters of a passage that are shown


def plain(text: object) -> str:
    """*text* as HTML, with marks in place of control and direction characters."""
    # A number and its unit stay on one line.
    return html.escape(inert(str(text)).replace(" %", "\N{NO-BREAK SPACE}%"))


def lit(
    text: str,
    expected: Sequence[str],
    quoted: Sequence[str] = (),
    *,
    escape: Callable[[str], str] = plain,
) -> str:
    """*text* as HTML, cut to size, with what was *expected* and what was *quoted* marked."""

    def shown(part: str) -> str:
        return escape(re.sub(r"\n\s*\n", "\n", part))

    found = [(span, "") for one in expected for span in find(text, one)]
    found += [(span, ' class="quoted"') for one in quoted for span in find(text, one)]
    window = _window(text, [span for span, _ in found])
    parts, at = ["… " if window.start else ""], window.start
    for span, kind in sorted(found, key=lambda f: (f[0].start, -f[0].end)):
        if span.start < at or span.end > window.end:
            continue
        parts += [shown(text[at : span.start]), f"<mark{kind}>{shown(span.of(text))}</mark>"]
        at = span.end
    parts += [shown(text[at : window.end]), " …" if window.end < len(text) else ""]
    return "".join(parts).strip()


def _window(text: str, marked: Sequence[Span]) -> Span:
    """What is shown of a long *text*: its start, or the surroundings of the first mark."""
    if len(text) <= WIDTH:
        return Span(0, len(text))
    first = min(marked, default=Span(0, 0))
    longest = max(WIDTH, first.end - first.start + 200)
    start = max(0, min(first.start - WIDTH // 3, len(text) - longest))
    space = text.find(" ", start, start + 40) if start else -1
    start = space + 1 if 0 <= space < first.start else start
    end = min(len(text), start + longest)
    space = text.rfind(" ", end - 40, end) if end < len(text) else -1
    return Span(start, space if space >= first.end else end)


def bar(interval: Interval, said: str) -> str:
    """A line from 0 to 1 with the interval and the value on it; *said* is read aloud."""
    low, high, value = (
        200 * min(1, max(0, v)) for v in (interval.low, interval.high, interval.value)
    )
    return (
        f'<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" role="img" '
        f'aria-label="{plain(said)}"><rect class="track" y="5" width="200" height="2"/>'
        f'<rect class="range" x="{low:.1f}" y="2" width="{max(1.0, high - low):.1f}" height="8"/>'
        f'<rect class="value" x="{max(0.0, min(197.0, value - 1.5)):.1f}" width="3" height="12"/>'
        "</svg>"
    )


def difference_bar(low: float, high: float, value: float, most: float) -> str:
    """A line from -*most* to *most* with zero in the middle."""
    a, b, c = (100 + 100 * min(1, max(-1, v / most)) for v in (low, high, value))
    return (
        '<svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" y="5" width="200" height="2"/>'
        '<rect class="zero" x="99.5" width="1" height="12"/>'
        f'<rect class="range" x="{a:.1f}" y="2" width="{max(1.0, b - a):.1f}" height="8"/>'
        f'<rect class="value" x="{max(0.0, min(197.0, c - 1.5)):.1f}" width="3" height="12"/></svg>'
    )

"""The two plots of a report, drawn by matplotlib as SVG that can stand inside a page.

Knows curves; knows nothing about the page, except that its style sheet gives
colours to the classes used here, so that a plot follows light and dark.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import MissingExtra
from qa.evaluation.statistics import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that stand for a class of the style sheet.
_INK, _FAINT, _LINE, _OTHER, _PAPER = "#010101", "#010102", "#010103", "#010104", "#010105"
_CLASSES = {_INK: "ink", _FAINT: "faint", _LINE: "line", _OTHER: "other", _PAPER: "paper"}
_SIZE = (5.0, 3.3)  # inches


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a plot: *label*, and points from 0 to 1; *low* and *high* shade a band."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    dot: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What is written at the axes of a plot, and the *title* that is read aloud."""

    title: str
    x: str
    y: str


RECALL = Words(
    "Right passages found among the first k hits", "first k hits", "right passage among them"
)
RISK = Words(
    "Wrong answers by share of questions answered",
    "questions answered, surest first",
    "wrong among them",
)


def recall_plot(
    curves: Sequence[tuple[str, Sequence[Interval]]],
    words: Words = RECALL,
    *,
    compared: bool = False,
) -> str:
    """Recall among the first k hits, k from 1 to the length of each curve, on a log scale.

    *compared*: the labels, ``A`` and ``B``, are told, also where there is only one.
    """

    def draw(axes: Axes) -> None:
        most = max(len(intervals) for _, intervals in curves)
        for label, intervals in curves:
            k = np.arange(1, len(intervals) + 1)
            _line(
                axes,
                Curve(
                    label,
                    k.tolist(),
                    [v.value for v in intervals],
                    [v.low for v in intervals],
                    [v.high for v in intervals],
                ),
            )
        axes.set_xscale("log")
        axes.set_xlim(1, most)
        ticks = [k for k in (1, 2, 5, 10, 20, 50, 100) if k <= most]
        axes.set_xticks(ticks, [str(k) for k in ticks])
        axes.set_xticks([], minor=True)
        lowest = min(v.low for _, intervals in curves for v in intervals)
        _percent_axis(axes, bottom=max(0.0, min(0.9, np.floor(lowest * 10) / 10)))
        _name_axes(axes, words)

    return _svg("recall", words.title, draw, compared)


def risk_plot(curves: Sequence[Curve], words: Words = RISK, *, compared: bool = False) -> str:
    """The share of wrong answers against the share of questions answered; a dot as it is set.

    *compared* as in ``recall_plot``: of a ranking made elsewhere there is no curve.
    """

    def draw(axes: Axes) -> None:
        for curve in curves:
            _line(axes, curve)
        axes.set_xlim(0, 1.01)
        axes.set_xticks(np.arange(0, 1.01, 0.2), [f"{20 * i} %" for i in range(6)])
        highest = max(max(curve.y) for curve in curves)
        _percent_axis(axes, top=min(1.0, max(0.2, np.ceil(highest * 10) / 10)))
        _name_axes(axes, words)

    return _svg("risk", words.title, draw, compared)


def _name_axes(axes: Axes, words: Words) -> None:
    axes.set_xlabel(words.x)
    axes.set_ylabel(words.y)


def _line(axes: Axes, curve: Curve) -> None:
    colour = _OTHER if curve.label == "B" else _LINE
    if len(curve.low):
        axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(curve.x, curve.y, color=colour, linewidth=2, label=curve.label)
    if curve.dot:
        axes.plot(*curve.dot, "o", color=colour, markersize=8, markeredgecolor=_PAPER)


def _percent_axis(axes: Axes, *, bottom: float = 0.0, top: float = 1.0) -> None:
    axes.set_ylim(bottom, top + 0.02 * (top - bottom))
    step = 0.1 if top - bottom <= 0.6 else 0.2
    ticks = np.arange(bottom, top + 1e-9, step)
    axes.set_yticks(ticks, [f"{100 * tick:.0f} %" for tick in ticks])


def require_matplotlib() -> None:
    """Raise ``MissingExtra`` unless the plots can be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise MissingExtra("a report", "eval") from error


def _svg(name: str, title: str, draw: Callable[[Axes], None], legend: bool) -> str:
    require_matplotlib()
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    look: Any = {
        "svg.fonttype": "none",  # text stays text, in the fonts of the page
        "svg.hashsalt": name,
        "font.size": 9.5,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "axes.edgecolor": _FAINT,
        "xtick.color": _FAINT,
        "ytick.color": _FAINT,
        "xtick.labelcolor": _INK,
        "ytick.labelcolor": _INK,
        "text.parse_math": False,
    }
    with matplotlib.rc_context(look):
        figure = Figure(figsize=_SIZE, layout="constrained", facecolor="none")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        axes.set_facecolor("none")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(True, color=_FAINT, alpha=0.35, linewidth=0.6)
        axes.set_axisbelow(True)
        draw(axes)
        if legend:
            axes.legend(frameon=False)
        written = io.BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return _for_a_page(written.getvalue(), name, title)


def _for_a_page(svg: bytes, name: str, title: str) -> str:
    """*svg* without anything that a strict page forbids: names of other hosts, inline style."""
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if _bare(child.tag) in ("metadata", "style"):
                parent.remove(child)
    text = ET.tostring(root, encoding="unicode")
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    for element in root.iter():
        element.tag = _bare(element.tag)
        for key, value in list(element.attrib.items()):
            del element.attrib[key]
            bare = _bare(key)
            if bare == "style":
                for declaration in filter(None, map(str.strip, value.split(";"))):
                    prop, _, setting = declaration.partition(":")
                    _set(element, prop.strip(), setting.strip())
            elif bare == "id":
                if value in used:
                    element.set("id", f"{name}-{value}")
            elif bare == "href":
                element.set("href", f"#{name}-{value[1:]}")
            else:
                _set(element, bare, re.sub(r"url\(#", f"url(#{name}-", value))
    box = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "role": "img", "class": "plot", "aria-label": title})
    return ET.tostring(root, encoding="unicode")


def _set(element: ET.Element, prop: str, value: str) -> None:
    """Set a presentation attribute; one of our colours becomes a class instead."""
    if prop in ("fill", "stroke") and value in _CLASSES:
        classes = f"{element.get('class', '')} {prop}-{_CLASSES[value]}".strip()
        element.set("class", classes)
    elif prop != "font-family":
        element.set(prop, value)


def _bare(name: str) -> str:
    return name.rpartition("}")[2]

"""A run or a comparison in lines of text, for a terminal.

Knows figures and how a person reads them; knows nothing about how they came
about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qa.answering.abstention import SHIPPED
from qa.evaluation.calibration import Kind, Rate, Report
from qa.evaluation.comparison import Comparison, believed, verdict
from qa.evaluation.measures import BY_NAME, MEASURES, Measure
from qa.evaluation.running import Run, figures
from qa.evaluation.statistics import Difference, Interval

MOST_CHANGED = 10
FEW = 30  # questions below which figures say little
FEW_SAID = "With fewer than thirty questions, figures and their intervals say little."


def counted(number: int, noun: str) -> str:
    """``1 question``, ``1,000 questions``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def asked(run: Run) -> str:
    """``65 questions``, and how many of the list are not among them."""
    return counted(len(run.outcomes), "question") + (
        f" ({run.left_out:,} left out)" if run.left_out else ""
    )


def shown(value: float, measure: Measure) -> str:
    """A figure as people write it: ``93.1 %`` or ``0.884``."""
    return f"{100 * value:.1f} %" if measure.percent else f"{value:.3f}"


def interval_shown(interval: Interval, measure: Measure) -> str:
    """The ends of an interval, ``0.852 to 0.926`` or ``88.1 to 97.3 %``."""
    if measure.percent:
        return f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %"
    return f"{interval.low:.3f} to {interval.high:.3f}"


def difference_shown(value: float, measure: Measure) -> str:
    """A difference with its sign, ``+1.2 points`` where the figures are percentages."""
    if measure.percent:
        return f"{round(100 * value, 1) + 0.0:+.1f} points"
    return f"{round(value, 3) + 0.0:+.3f}"  # + 0.0: no "-0.000"


def ends_shown(low: float, high: float, measure: Measure) -> str:
    """The ends of the interval of a difference."""
    scale, digits = (100, 1) if measure.percent else (1, 3)
    low, high = (round(scale * end, digits) + 0.0 for end in (low, high))
    return f"{low:+.{digits}f} to {high:+.{digits}f}"


def questions_of(run: Run, name: str) -> int:
    """How many questions of *run* the measure *name* is about."""
    if name in ("risk", "AURC"):
        judged = [outcome for outcome in run.outcomes if outcome.correct is not None]
        return len(judged) if name == "AURC" else sum(bool(one.answered) for one in judged)
    return sum(name in outcome.scores for outcome in run.outcomes)


def run_lines(run: Run) -> Iterator[str]:
    """Headline, figures by group with their intervals, milliseconds."""
    facts = [asked(run)]
    facts += [counted(run.passages, "passage")] if run.passages else []  # none in a TREC run
    yield f"{run.dataset}: {', '.join(facts)}, {run.setting}"
    for group, found in grouped(figures(run.outcomes)).items():
        yield ""
        yield f"{group:29} {'95 % interval':>20} {'questions':>10}"
        for measure, interval in found:
            yield (
                f"  {measure.name:17} {shown(interval.value, measure):>9}"
                f" {interval_shown(interval, measure):>20} {questions_of(run, measure.name):>10}"
                f"  {measure.label}"
            )
    if len(run.outcomes) < FEW:
        yield ""
        yield f"{FEW_SAID} Ask more."
    if run.latency:
        yield ""
        yield f"{'Milliseconds a question':30} {'median':>9} {'95 of 100':>10}"
        for stage, (median, most) in run.latency.items():
            yield f"  {stage:28} {median:9.1f} {most:10.1f}"
    yield ""
    yield "By language and kind of question, and the worst: --report FILE.html, --json."
    yield "Every question in a row of a spreadsheet: --table FILE.csv."


def grouped(
    found: Mapping[str, Interval],
) -> dict[str, list[tuple[Measure, Interval]]]:
    """Figures by the group of their measure, both in order."""
    groups: dict[str, list[tuple[Measure, Interval]]] = {}
    for measure in MEASURES:
        if measure.name in found:
            groups.setdefault(measure.group, []).append((measure, found[measure.name]))
    return groups


def calibration_lines(report: Report) -> Iterator[str]:
    """The error rates in a sentence, then each beside the shipped one, then the threshold."""
    right, nothing = report.refused[Kind.RIGHT], report.unanswered
    yield (
        f"Of 100 right answers {_hundred(right.calibrated)} are lost; of 100 questions that the "
        f"documents do not answer {_hundred(nothing.calibrated)} are refused. As shipped: "
        f"{100 * right.shipped.value:.0f} and {100 * nothing.shipped.value:.0f}."
    )
    yield (
        f"Measured by five-fold cross-validation on {counted(report.questions, 'question')}: "
        "each is judged by what the others taught."
    )
    yield ""
    yield f"{'Refused':34} {'as shipped':>10} {'calibrated':>10} {'95 % interval':>17} {'cases':>6}"
    for kind, label in _KINDS.items():
        if kind in report.refused:
            yield _rate_line(label, report.refused[kind])
    yield _rate_line("wrong among the answers given", report.wrong)
    yield ""
    own, shipped = report.calibration.threshold, SHIPPED.threshold
    yield f"It answers from a confidence of {own:.2f} (as shipped {shipped:.2f})."


_KINDS = {
    Kind.RIGHT: "right answers",
    Kind.WRONG: "wrong answers",
    Kind.UNANSWERABLE: "questions without an answer",
    Kind.HIDDEN: "questions whose answer was hidden",
}


def _hundred(share: Interval) -> str:
    return f"{100 * share.value:.0f} ({100 * share.low:.0f} to {100 * share.high:.0f})"


def _rate_line(label: str, rate: Rate) -> str:
    ends = f"{100 * rate.calibrated.low:.1f} to {100 * rate.calibrated.high:.1f} %"
    return (
        f"  {label:32} {100 * rate.shipped.value:8.1f} % {100 * rate.calibrated.value:8.1f} %"
        f" {ends:>17} {rate.cases:6d}"
    )


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Differences with their p-values, then the questions that changed most."""
    a, b = comparison.a, comparison.b
    yield f"A: {a.setting} ({a.dataset})"
    yield f"B: {b.setting} ({b.dataset})"
    yield f"{counted(comparison.questions, 'question')} in both" + (
        f"; {comparison.left_out} in one only, left out" if comparison.left_out else ""
    )
    yield ""
    yield (
        f"{'':17} {'A':>8} {'B':>8} {'B less A':>13} {'95 % interval':>16} {'p':>7}"
        f" {'better':>7} {'worse':>6} {'same':>6}"
    )
    for name, d in comparison.differences.items():
        measure = BY_NAME[name]
        ends = ends_shown(d.low, d.high, measure)
        yield (
            f"{name:17} {shown(d.a, measure):>8} {shown(d.b, measure):>8}"
            f" {difference_shown(d.difference, measure):>13} {ends:>16}"
            f" {d.p:7.4f} {d.wins:7d} {d.losses:6d} {d.ties:6d}  {verdict_on(name, d)}"
        ).rstrip()
    if comparison.changed:
        yield ""
        yield "Questions that changed most"
    for one in comparison.changed[:MOST_CHANGED]:
        yield f"  {'better' if one.change > 0 else 'worse ':6}  {one.a.id}  {one.a.question}"
        yield f"          A: {verdict(one.a)}"
        yield f"          B: {verdict(one.b)}"


def verdict_on(name: str, difference: Difference) -> str:
    """``B better``, ``B worse``, or nothing where chance may have made the difference."""
    if not believed(difference):
        return ""
    return "B better" if better(name, difference.difference) else "B worse"


def better(name: str, difference: float) -> bool:
    """True if a difference of this sign in measure *name* is an improvement."""
    return (difference > 0) == BY_NAME[name].higher_is_better

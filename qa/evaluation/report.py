"""A run or a comparison as one HTML page that anybody can open and understand.

One file without scripts, links to elsewhere or inline style; a content security
policy forbids what is left to forbid. Every text from documents and questions
is escaped, and characters that act on the text around them are made visible.
Knows figures and pages; computes nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from qa.errors import DatasetError
from qa.evaluation.comparison import Comparison, believed, verdict, worst
from qa.evaluation.drawn import bar, difference_bar, lit
from qa.evaluation.drawn import plain as _e
from qa.evaluation.measures import BY_NAME, DEPTH, Measure
from qa.evaluation.plots import Curve, recall_plot, risk_plot
from qa.evaluation.running import (
    Outcome,
    Run,
    Slice,
    figures,
    judged,
    recall_curve,
    slices,
)
from qa.evaluation.statistics import Interval, Judged, risk_curve
from qa.evaluation.summary import (
    FEW,
    FEW_SAID,
    asked,
    better,
    counted,
    difference_shown,
    ends_shown,
    grouped,
    interval_shown,
    questions_of,
    shown,
    verdict_on,
)

WORST = 20
LISTED = 100  # problems

# The figures at the top, and what each is called there.
HEADLINES = (
    ("answer@any", "Answer quoted"),
    ("answer@1", "Answer in the first quote"),
    ("R@10", "Right passage among the first ten"),
    ("risk", "Wrong among the answered"),
    ("wrong_refusals", "Wrongly refused"),
    ("correct_refusals", "Rightly refused"),
)
RANKING_HEADLINES = (
    ("nDCG@10", "Ranking quality (nDCG@10)"),
    ("R@1", "Right passage first"),
    ("R@10", "Right passage among the first ten"),
)
SLICED = ("nDCG@10", "R@10", "answer@1", "answer@any", "wrong_refusals", "correct_refusals")
STAGES = {
    "encode": "understanding the question and turning it into a vector",
    "lexical": "searching by words",
    "dense": "searching by vectors",
    "fusion": "putting the two together",
    "reading": "choosing the sentences",
    "total": "together",
}
LANGUAGES = {"en": "English", "id": "Indonesian", "ms": "Malay"}
KINDS = {
    "person": "who",
    "number": "how many",
    "date": "when",
    "place": "where",
    "organisation": "which body",
    "expansion": "what it stands for",
    "reason": "why",
    "yes_no": "whether",
}
REASONS = {
    "nothing_close": "nothing close enough was found",
    "filtered_out": "no document is of the dates, outlet or speaker asked for",
    "speaker_silent": "the person asked about says nothing in the documents",
    "speaker_off_topic": "the person asked about speaks in the documents, but not about this",
    "nothing_more": "all that the person says about this was quoted before",
    "name_missing": "a name in the question, or any that is asked for, is not there",
    "number_missing": "a number that is named or asked for is not there",
    "empty_corpus": "the corpus is empty",
    "empty_question": "the question is empty",
    "not_stated": "the article does not say",
    "which_article": "the question does not say which article",
}


def write_report(run: Run, path: Path) -> None:
    """Write the page of *run*; raises ``MissingExtra`` without matplotlib."""
    write_page(path, f"Kutip: {run.dataset}", _run_body(run))


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write the page of *comparison*; raises ``MissingExtra`` without matplotlib."""
    title = f"Kutip: {comparison.a.setting} and {comparison.b.setting}"
    write_page(path, title, _comparison_body(comparison))


def write_page(path: Path, title: str, body: Iterable[str], language: str = "en") -> None:
    """Write *body*, HTML that is safe as it is, as a page that needs and reaches nothing else."""
    page = _page(title, body, language)
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; name another file") from error


def _page(title: str, body: Iterable[str], language: str) -> str:
    style = Path(__file__).with_name("report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_e(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _measured_bar(interval: Interval, measure: Measure) -> str:
    return bar(interval, f"{shown(interval.value, measure)}, {interval_shown(interval, measure)}")


# A run


def _run_body(run: Run) -> Iterator[str]:
    found = figures(run.outcomes)
    answerable = sum(outcome.answerable for outcome in run.outcomes)
    yield '<p class="kicker">Kutip evaluation</p>'
    yield f"<h1>{_e(run.dataset)}</h1>"
    facts = [asked(run)]
    facts += [counted(run.passages, "passage")] if run.passages else []
    facts += [f"setting {run.setting}", run.made[:10]]
    yield f'<p class="soft">{_e(" · ".join(filter(None, facts)))}</p>'
    yield f'<p class="lead">{_e(_in_short(run, found, answerable))}</p>'
    yield '<div class="cards">'
    for name, label in HEADLINES if "coverage" in found else RANKING_HEADLINES:
        if name in found:
            measure, interval = BY_NAME[name], found[name]
            yield (
                f'<div class="card"><h3>{_e(label)}</h3>'
                f'<p class="figure">{_e(shown(interval.value, measure))}</p>'
                f"{_measured_bar(interval, measure)}"
                f'<p class="small soft">{_e(interval_shown(interval, measure))} · '
                f"{_e(counted(questions_of(run, name), 'question'))}</p>"
                f'<p class="small">{_e(measure.meaning)}</p></div>'
            )
    yield "</div>"
    if len(run.outcomes) < FEW:
        yield f"<p>{FEW_SAID}</p>"
    yield (
        '<p class="small soft">Another set of questions of the same kind would have given '
        "somewhat other figures. The thick bar, and the numbers under it, show how far they may "
        "lie: in 95 of 100 cases the true value is within them. A difference smaller than that "
        "may be chance; <code>kutip eval --compare</code> tells.</p>"
    )
    yield from _plots([run])
    yield from _figures_table(run, found)
    yield from _latency_table(run)
    yield from _slices_table(slices(run.outcomes), found)
    yield from _worst_questions(run)
    yield from _problems(run)
    yield from _about([run])


def _in_short(run: Run, found: dict[str, Interval], answerable: int) -> str:
    """The outcome in a sentence or two, for whoever reads nothing else."""

    def percent(name: str) -> str:
        return f"{100 * found[name].value:.0f} %"

    parts = []
    nothing = len(run.outcomes) - answerable
    if "answer@any" in found:
        parts.append(
            f"Of the {counted(answerable, 'question')} that have an answer in the documents, Kutip "
            f"quoted it for {percent('answer@any')}, and refused {percent('wrong_refusals')}."
        )
    if "R@10" in found:
        parts.append(
            f"The right passage was among the first ten found for {percent('R@10')}."
            if "answer@any" in found
            else f"The right passage was among the first ten found for {percent('R@10')} of "
            f"{counted(questions_of(run, 'R@10'), 'question')}, and first for {percent('R@1')}."
        )
    if "correct_refusals" in found:
        parts.append(
            f"Of the {counted(nothing, 'question')} that nothing in the documents answers, "
            f"it refused {percent('correct_refusals')}; it should refuse all of them."
        )
    return " ".join(parts)


def _plots(runs: Sequence[Run]) -> Iterator[str]:
    # Only these two names: a plot's letters come from one font, a setting's from anywhere.
    named = list(zip("AB", runs, strict=False))
    compared = len(runs) > 1
    recalls = [(name, curve) for name, run in named if (curve := recall_curve(run.outcomes))]
    known = [(name, j) for name, run in named if (j := judged(run.outcomes)) is not None]
    if not recalls and not known:
        return
    yield '<h2>How it behaves</h2>\n<div class="plots">'
    if recalls:
        plot = recall_plot(recalls, compared=compared)
        yield (
            f"<figure><figcaption>Right passages found</figcaption>{plot}"
            '<p class="small soft">How often the right passage is among the first k hits. '
            f"Where the line ends, at {DEPTH}, is what can be found at all; how early it rises "
            "is how good the ranking is.</p></figure>"
        )
    if known:
        plot = risk_plot([risk_line(label, one) for label, one in known], compared=compared)
        yield (
            f"<figure><figcaption>Risk and coverage</figcaption>{plot}"
            '<p class="small soft">The share of wrong answers if only the surest questions were '
            f"answered (left), or all of them (right). The dot is how Kutip is set{_set(runs)}: "
            "what lies right of it was refused. A line that rises from left to right means that "
            "Kutip is less sure where it is wrong; the first few questions, far left, say little."
            "</p>"
            "</figure>"
        )
    yield "</div>"


def _set(runs: Sequence[Run]) -> str:
    """From which confidence on it answers, where that is one and the same."""
    found = {run.threshold for run in runs}
    threshold = found.pop() if len(found) == 1 else None
    if threshold is None:
        return ""
    return f" (it answers from a confidence of {100 * threshold:.0f} %)"


def risk_line(label: str, known: Judged) -> Curve:
    curve = risk_curve(known)
    count = len(curve)
    answered = int(known.answered.sum())
    dot = (answered / count, float(curve[answered - 1])) if answered else None
    return Curve(label, [(i + 1) / count for i in range(count)], curve.tolist(), dot=dot)


def _figures_table(run: Run, found: dict[str, Interval]) -> Iterator[str]:
    yield "<h2>Every figure</h2>"
    yield (
        '<div class="scroll"><table><thead><tr><th>Figure</th><th class="number">Value</th>'
        '<th></th><th class="number">95 % interval</th><th class="number">Questions</th>'
        '<th class="meaning">What it means</th></tr></thead><tbody>'
    )
    for group, rows in grouped(found).items():
        yield f'<tr class="group"><th colspan="6">{_e(group)}</th></tr>'
        for measure, interval in rows:
            yield (
                f'<tr><th>{_e(measure.label)}<br><span class="small few">{_e(measure.name)}</span>'
                f'</th><td class="number">{_e(shown(interval.value, measure))}</td>'
                f'<td class="wide">{_measured_bar(interval, measure)}</td>'
                f'<td class="number">{_e(interval_shown(interval, measure))}</td>'
                f'<td class="number">{questions_of(run, measure.name):,}</td>'
                f'<td class="meaning small">{_e(measure.meaning)}'
                f"{'' if measure.higher_is_better else ' Lower is better.'}</td></tr>"
            )
    yield "</tbody></table></div>"


def _latency_table(run: Run) -> Iterator[str]:
    if not run.latency:
        return
    yield "<h2>How long a question takes</h2>"
    yield (
        '<p class="small soft">Milliseconds, one question at a time, on the machine named below. '
        "Half of the questions take less than the first number, 95 of 100 less than the second."
        '</p><div class="scroll"><table><thead><tr><th>Stage</th><th class="number">Half</th>'
        '<th class="number">95 of 100</th></tr></thead><tbody>'
    )
    for stage, (median, most) in run.latency.items():
        yield (
            f'<tr><th>{_e(STAGES.get(stage, stage))}</th><td class="number">{median:.1f}</td>'
            f'<td class="number">{most:.1f}</td></tr>'
        )
    yield "</tbody></table></div>"


def _slices_table(found: Sequence[Slice], whole: dict[str, Interval]) -> Iterator[str]:
    names = [name for name in SLICED if name in whole]
    yield "<h2>Where it does well, and where not</h2>"
    yield (
        f'<p class="small soft">The same figures for some of the questions. A row of fewer than '
        f"{FEW} questions, in grey, says little: look at the interval under each figure.</p>"
        '<div class="scroll"><table><thead><tr><th></th><th class="number">Questions</th>'
        + "".join(f'<th class="number">{_e(BY_NAME[name].label)}</th>' for name in names)
        + "</tr></thead><tbody>"
    )
    by = ""
    for one in found:
        if one.by != by:
            by = one.by
            yield (
                f'<tr class="group"><th colspan="{len(names) + 2}">'
                f"{_e(by[:1].upper() + by[1:])}</th></tr>"
            )
        few = ' class="few"' if one.questions < FEW else ""
        cells = []
        for name in names:
            interval, measure = one.figures.get(name), BY_NAME[name]
            cells.append(
                '<td class="number">'
                + (
                    f'{_e(shown(interval.value, measure))}<br><span class="small few">'
                    f"{_e(_ends(interval, measure))}</span>"
                    if interval
                    else "–"
                )
                + "</td>"
            )
        yield (
            f"<tr{few}><th>{_e(KINDS.get(one.value, _language(one.value)))}</th>"
            f'<td class="number">{one.questions:,}</td>{"".join(cells)}</tr>'
        )
    yield "</tbody></table></div>"


def _ends(interval: Interval, measure: Measure) -> str:
    """An interval in as little space as will do."""
    if measure.percent:
        return f"{100 * interval.low:.0f}–{100 * interval.high:.0f} %"
    return f"{interval.low:.2f}–{interval.high:.2f}"


def _worst_questions(run: Run) -> Iterator[str]:
    found = worst(run.outcomes, WORST)
    if not found:
        return
    yield (
        f"<h2>The {len(found)} worst questions</h2>"
        if len(found) > 1
        else ("<h2>The worst question</h2>")
    )
    yield (
        '<p class="small soft">Those that went wrong, the farthest from right first. '
        "<mark>Yellow</mark> is what was expected, wherever it stands; "
        '<mark class="quoted">green</mark> is what was quoted instead.</p>'
    )
    for outcome in found:
        yield from _question(outcome)


def _question(outcome: Outcome) -> Iterator[str]:
    yield f'<article class="question"><header><h3 dir="auto">{_e(outcome.question)}</h3>'
    facts = [
        outcome.id,
        f"asked in {_language(outcome.language)}",
        f"kind of question: {KINDS.get(outcome.kind, outcome.kind)}",
    ]
    if outcome.confidence is not None:
        facts.append(f"confidence {100 * outcome.confidence:.0f} %")
    yield (
        f'<p class="small"><span class="badge">{_e(verdict(outcome))}</span> '
        f'<span class="soft">· {_e(" · ".join(facts))}</span></p></header>'
    )
    yield f'<div class="pair"><div><p class="label">Expected</p>{_expected(outcome)}</div>'
    yield f'<div><p class="label">Given</p>{_given(outcome)}</div></div>'
    if outcome.passages:
        yield '<details><summary>The first passages found</summary><ol class="hits">'
        for name, text in zip(outcome.hits, outcome.passages, strict=False):
            passage = lit(text, outcome.expected, outcome.quotes)
            yield (
                f'<li><span class="name">{_e(name)}</span>'
                f'<p class="text" dir="auto">{passage}</p></li>'
            )
        yield "</ol></details>"
    yield "</article>"


def _language(code: str) -> str:
    return LANGUAGES.get(code, code)


def _expected(outcome: Outcome) -> str:
    if not outcome.answerable:
        return "<p>A refusal: nothing in the documents answers this.</p>"
    if outcome.wanted:
        passage = lit(outcome.wanted, outcome.expected, outcome.quotes)
        return f'<p class="text" dir="auto">{passage}</p>'
    return "".join(f'<p class="text" dir="auto">{_e(text)}</p>' for text in outcome.expected) or (
        "<p>The right passage, which is not in the corpus.</p>"
    )


def _given(outcome: Outcome) -> str:
    if outcome.answered is None:
        return "<p>No answers were asked for.</p>"
    if not outcome.answered:
        return f"<p>A refusal: {_e(REASONS.get(outcome.reason or '', outcome.reason or ''))}.</p>"
    return "".join(
        f'<p class="text" dir="auto">{lit(quote, outcome.expected)}</p>' for quote in outcome.quotes
    )


def _problems(run: Run) -> Iterator[str]:
    if not run.problems:
        return
    yield "<h2>Remarks on the questions</h2><ul>"
    for problem in run.problems[:LISTED]:
        yield f"<li>{_e(problem)}</li>"
    more = len(run.problems) - LISTED
    yield (f"<li>and {more:,} more</li>" if more > 0 else "") + "</ul>"


def _about(runs: Sequence[Run]) -> Iterator[str]:
    yield "<h2>Settings and versions</h2>"
    for run in runs:
        if len(runs) > 1:
            yield f"<h3>{_e(run.setting)}</h3>"
        yield "<dl>"
        rows = {"questions": run.dataset, "setting": run.setting, **run.versions}
        if run.threshold is not None:
            rows["answers from a confidence of"] = f"{100 * run.threshold:.0f} %"
        rows |= {"made": run.made.replace("T", " ")} if run.made else {}
        rows |= {"time for all questions": f"{run.seconds:.0f} s"} if run.seconds else {}
        for name, value in rows.items():
            yield f"<dt>{_e(name)}</dt><dd>{_e(value)}</dd>"
        yield "</dl>"
    yield (
        '<p class="small soft">Ranking figures by ir-measures; 95 % intervals by 1,000 bootstrap '
        "samples of the questions, with a fixed seed, or Wilson's where all questions are alike. "
        "Made on this machine; nothing left it.</p>"
    )


# A comparison


def _comparison_body(comparison: Comparison) -> Iterator[str]:
    a, b = comparison.a, comparison.b
    yield '<p class="kicker">Kutip comparison</p>'
    yield f"<h1>{_e(b.setting)} against {_e(a.setting)}</h1>"
    sure = {n: d for n, d in comparison.differences.items() if believed(d)}
    ups = [BY_NAME[n].label for n, d in sure.items() if better(n, d.difference)]
    downs = [BY_NAME[n].label for n, d in sure.items() if not better(n, d.difference)]
    names = a.dataset if a.dataset == b.dataset else f"{a.dataset} and {b.dataset}"
    left_out = f", {comparison.left_out} in one run only left out" if comparison.left_out else ""
    yield (
        f'<p class="soft">{_e(names)} · {_e(counted(comparison.questions, "question"))}'
        f"{_e(left_out)} · A is {_e(a.setting)}, B is {_e(b.setting)}</p>"
    )
    said = []
    if ups:
        said.append(f"B is better in: {', '.join(ups)}.")
    if downs:
        said.append(f"B is worse in: {', '.join(downs)}.")
    if not said:
        said.append("No difference between the two is beyond chance.")
    yield f'<p class="lead">{_e(" ".join(said))}</p>'
    yield from _differences_table(comparison)
    yield from _plots([a, b])
    yield from _changed_questions(comparison)
    yield from _about([a, b])


def _differences_table(comparison: Comparison) -> Iterator[str]:
    yield "<h2>Every difference</h2>"
    yield (
        '<p class="small soft">p is how often a difference this large would come about by '
        "chance, if the two settings were equally good: 10,000 times, every question's two "
        "results change places at the toss of a coin. Below 0.05 it is called a difference; of "
        "twenty such comparisons, one may still be chance.</p>"
        '<div class="scroll"><table><thead><tr><th>Figure</th><th class="number">A</th>'
        '<th class="number">B</th><th class="number">Difference</th><th></th>'
        '<th class="number">95 % interval</th><th class="number">p</th>'
        '<th class="number">Better</th><th class="number">Worse</th><th class="number">Same</th>'
        "</tr></thead><tbody>"
    )
    most = max(
        (max(abs(d.low), abs(d.high), abs(d.difference)) for d in comparison.differences.values()),
        default=0.0,
    )
    for name, d in comparison.differences.items():
        measure = BY_NAME[name]
        said = verdict_on(name, d)
        yield (
            f'<tr><th>{_e(measure.label)}<br><span class="small few">{_e(name)}'
            f"{'' if measure.higher_is_better else ', lower is better'}</span></th>"
            f'<td class="number">{_e(shown(d.a, measure))}</td>'
            f'<td class="number">{_e(shown(d.b, measure))}</td>'
            f'<td class="number">{_e(difference_shown(d.difference, measure))}<br>'
            f'<span class="small {said.removeprefix("B ")}">{said}</span></td>'
            f'<td class="wide">{difference_bar(d.low, d.high, d.difference, most or 1.0)}</td>'
            f'<td class="number">{_e(ends_shown(d.low, d.high, measure))}</td>'
            f'<td class="number">{d.p:.4f}</td><td class="number">{d.wins:,}</td>'
            f'<td class="number">{d.losses:,}</td><td class="number">{d.ties:,}</td></tr>'
        )
    yield "</tbody></table></div>"


def _changed_questions(comparison: Comparison) -> Iterator[str]:
    changed = comparison.changed[:WORST]
    if not changed:
        return
    yield "<h2>The questions that changed most</h2>"
    for one in changed:
        kind = "better" if one.change > 0 else "worse"
        yield (
            f'<article class="question"><header><h3 dir="auto">{_e(one.a.question)}</h3>'
            f'<p class="small"><span class="{kind}">{kind} in B</span> '
            f'<span class="soft">· {_e(one.a.id)}</span></p></header><div class="pair">'
        )
        for label, outcome in (("A", one.a), ("B", one.b)):
            yield (
                f'<div><p class="label">{label}: {_e(verdict(outcome))}</p>'
                f"{_given(outcome) if outcome.answered is not None else ''}</div>"
            )
        yield "</div></article>"

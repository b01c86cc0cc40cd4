"""A measurement as HTML for its tab: how far it is, the figures of a run, two ways compared.

Knows figures and words in both languages; computes nothing, and knows nothing
about how a measurement runs. Every text of a document or question is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa.chat.drawing import escape
from qa.chat.measuring_words import INDONESIAN, INDONESIAN_GROUPS
from qa.chat.problems import of_list
from qa.chat.wording import TEXTS, say
from qa.errors import MissingExtra
from qa.evaluation import report, table
from qa.evaluation.comparison import WORDS, Comparison, believed, verdict, worst
from qa.evaluation.drawn import bar, difference_bar, lit
from qa.evaluation.jobs import Progress, Stage
from qa.evaluation.measures import BY_NAME, Measure
from qa.evaluation.plots import Words, recall_plot, require_matplotlib, risk_plot
from qa.evaluation.report import (
    HEADLINES,
    LISTED,
    RANKING_HEADLINES,
    SLICED,
    WORST,
    risk_line,
)
from qa.evaluation.running import Outcome, Run, Slice, figures, judged, recall_curve, slices
from qa.evaluation.statistics import Interval
from qa.evaluation.summary import FEW, better, grouped, questions_of

_STAGES = {
    Stage.PREPARING: "measure_preparing",
    Stage.INDEXING: "measure_indexing",
    Stage.ASKING: "measure_asking",
    Stage.FIGURES: "measure_figures",
}


def progress_bar(progress: Progress, language: str) -> str:
    """What a measurement is doing, with a bar where it is known how long that takes."""
    doing = say(language, _STAGES[progress.stage])
    if not progress.total:
        return f'<div class="kutip-progress" role="status"><p>{doing}</p></div>'
    done, total = (_number(n, 0, language) for n in (progress.done, progress.total))
    far = say(language, "measure_progress", done=done, total=total)
    # Said aloud at its start only: a screen reader would read every step.
    return (
        f'<div class="kutip-progress"><p><span role="status">{doing}</span> <span>{far}</span></p>'
        f'<progress max="{progress.total}" value="{progress.done}" aria-label="{doing}">{far}'
        "</progress></div>"
    )


# Figures


def _number(value: float, digits: int, language: str, *, sign: str = "") -> str:
    text = f"{value:{sign},.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "id" else text


def _shown(value: float, measure: Measure, language: str) -> str:
    """``93.1 %`` or ``0.884``, in Indonesian ``93,1 %`` and ``0,884``."""
    if not measure.percent:
        return _number(value, 3, language)
    return f"{_number(100 * value, 1, language)}\N{NO-BREAK SPACE}%"


def _range(interval: Interval, measure: Measure, language: str) -> str:
    low, high = interval.low, interval.high
    if measure.percent:
        low, high = 100 * low, 100 * high
    digits = 1 if measure.percent else 3
    ends = (_number(end, digits, language) for end in (low, high))
    unit = "\N{NO-BREAK SPACE}%" if measure.percent else ""
    return say(language, "found_interval", **dict(zip(("low", "high"), ends, strict=True))) + unit


def _label(measure: Measure, language: str) -> str:
    return INDONESIAN[measure.name][0] if language == "id" else measure.label


def _meaning(measure: Measure, language: str) -> str:
    lower = "" if measure.higher_is_better else " " + say(language, "found_lower")
    return (INDONESIAN[measure.name][1] if language == "id" else measure.meaning) + lower


def _bar(interval: Interval, measure: Measure, language: str) -> str:
    said = f"{_shown(interval.value, measure, language)}, {_range(interval, measure, language)}"
    return bar(interval, said)


def _counted(number: int, language: str) -> str:
    return say(language, "found_questions", n=_number(number, 0, language))


# A run


def run_view(run: Run, language: str) -> str:
    """Headlines, plots, every figure, slices, the worst questions."""
    return f'<div class="kutip-measured">{"".join(_run(run, language))}</div>'


def _run(run: Run, language: str) -> Iterator[str]:
    found = figures(run.outcomes)
    said = say(
        language,
        "found_run",
        dataset=escape(run.dataset),
        n=_number(len(run.outcomes), 0, language),
        passages=_number(run.passages, 0, language),
        setting=escape(run.setting),
    )
    yield f"<h2>{said}</h2>"
    if run.left_out:
        number = _number(run.left_out, 0, language)
        yield f'<p class="soft">{say(language, "found_left_out", n=number)}</p>'
    yield f'<p class="lead">{_in_short(run, found, language)}</p>'
    yield '<div class="cards">'
    for name, _ in HEADLINES if "coverage" in found else RANKING_HEADLINES:
        if name in found:
            measure, interval = BY_NAME[name], found[name]
            yield (
                f'<section class="card"><h3>{_label(measure, language)}</h3>'
                f'<p class="figure">{_shown(interval.value, measure, language)}</p>'
                f"{_bar(interval, measure, language)}"
                f'<p class="soft">{_range(interval, measure, language)} · '
                f"{_counted(questions_of(run, name), language)}</p>"
                f"<p>{_meaning(measure, language)}</p></section>"
            )
    note = "found_few" if len(run.outcomes) < FEW else "found_intervals"
    yield f'</div><p class="soft">{say(language, note)}</p>'
    yield from _plots([run], language)
    yield from _slices(slices(run.outcomes), found, language)
    yield from _worst(run, language)
    yield from _every_figure(run, found, language)
    yield from _latency(run, language)
    yield from _problems(run.problems, language)


def _in_short(run: Run, found: dict[str, Interval], language: str) -> str:
    """The outcome in a sentence or two, for whoever reads nothing else."""
    shares = {
        name.replace("@", ""): f"{_number(100 * interval.value, 0, language)}\N{NO-BREAK SPACE}%"
        for name, interval in found.items()
    }
    answerable = sum(outcome.answerable for outcome in run.outcomes)
    wanted = {
        "short_answers": ("answer@any", answerable),
        "short_ranking": ("R@10", questions_of(run, "R@10") if "R@10" in found else 0),
        "short_refusals": ("correct_refusals", len(run.outcomes) - answerable),
    }
    return " ".join(
        say(language, key, n=_number(count, 0, language), **shares)
        for key, (name, count) in wanted.items()
        if name in found
    )


def _plots(runs: Sequence[Run], language: str) -> Iterator[str]:
    try:
        require_matplotlib()
    except MissingExtra:
        yield f'<p class="soft">{say(language, "measure_no_plots")}</p>'
        return
    # Only these two names: a plot's letters come from one font, a setting's from anywhere.
    named = list(zip("AB", runs, strict=False))
    recalls = [(name, curve) for name, run in named if (curve := recall_curve(run.outcomes))]
    known = [(name, j) for name, run in named if (j := judged(run.outcomes)) is not None]
    drawn: dict[str, Callable[[Words], str]] = {}
    if recalls:
        drawn["plot_recall"] = lambda words: recall_plot(recalls, words, compared=len(runs) > 1)
    if known:
        curves = [risk_line(name, one) for name, one in known]
        drawn["plot_risk"] = lambda words: risk_plot(curves, words, compared=len(runs) > 1)
    if not drawn:
        return
    yield '<div class="plots">'
    for key, draw in drawn.items():
        title = say(language, key)
        words = Words(title, say(language, f"{key}_x"), say(language, f"{key}_y"))
        yield (
            f"<figure><figcaption>{title}</figcaption>{draw(words)}"
            f'<p class="soft">{say(language, f"{key}_note")}</p></figure>'
        )
    yield "</div>"


def _every_figure(run: Run, found: dict[str, Interval], language: str) -> Iterator[str]:
    heads = ("figure", "value", "range", "count")
    cells = "".join(
        f'<th scope="col"{" class=number" if head != "figure" else ""}>'
        f"{say(language, f'found_{head}')}</th>"
        for head in heads
    )
    yield (
        f"<details><summary>{say(language, 'found_every')}</summary>"
        f'<div class="scroll" tabindex="0"><table><thead><tr>{cells}</tr></thead><tbody>'
    )
    for group, rows in grouped(found).items():
        name = INDONESIAN_GROUPS[group] if language == "id" else group
        yield f'<tr class="group"><th colspan="{len(heads)}" scope="colgroup">{name}</th></tr>'
        for measure, interval in rows:
            yield (
                f'<tr><th scope="row">{_label(measure, language)} '
                f'<span class="soft">{measure.name}</span>'
                f'<p class="soft">{_meaning(measure, language)}</p></th>'
                f'<td class="number">{_shown(interval.value, measure, language)}</td>'
                f'<td class="number">{_range(interval, measure, language)}</td>'
                f'<td class="number">{questions_of(run, measure.name)}</td></tr>'
            )
    yield "</tbody></table></div></details>"


def _latency(run: Run, language: str) -> Iterator[str]:
    if not run.latency:
        return
    heads = "".join(
        f'<th scope="col"{" class=number" if head != "time_stage" else ""}>'
        f"{say(language, head)}</th>"
        for head in ("time_stage", "time_half", "time_most")
    )
    yield (
        f"<details><summary>{say(language, 'time_title')}</summary>"
        f'<p class="soft">{say(language, "time_note")}</p>'
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>'
    )
    for stage, spent in run.latency.items():
        median, most = (_number(ms, 1, language) for ms in spent)
        yield (
            f'<tr><th scope="row">{_named(stage, language, "time")}</th>'
            f'<td class="number">{median}</td><td class="number">{most}</td></tr>'
        )
    yield "</tbody></table></div></details>"


def _slices(found: Sequence[Slice], whole: dict[str, Interval], language: str) -> Iterator[str]:
    names = [name for name in SLICED if name in whole]
    heads = "".join(
        f'<th scope="col" class="number">{_label(BY_NAME[name], language)}</th>' for name in names
    )
    yield (
        f"<h3>{say(language, 'found_slices')}</h3>"
        f'<p class="soft">{say(language, "found_slices_note")}</p>'
        '<div class="scroll" tabindex="0"><table><thead><tr><td></td>'
        f'<th scope="col" class="number">{say(language, "found_count")}</th>{heads}</tr></thead>'
        "<tbody>"
    )
    by = ""
    for one in found:
        if one.by != by:
            by = one.by
            title = say(language, f"by_{by.replace(' ', '_')}")
            yield f'<tr class="group"><th colspan="{len(names) + 2}">{title}</th></tr>'
        cells = "".join(_slice_cell(one.figures.get(name), name, language) for name in names)
        few = ' class="few"' if one.questions < FEW else ""
        yield (
            f'<tr{few}><th scope="row">{_value(one.value, language)}</th>'
            f'<td class="number">{one.questions}</td>{cells}</tr>'
        )
    yield "</tbody></table></div>"


def _slice_cell(interval: Interval | None, name: str, language: str) -> str:
    if interval is None:
        return '<td class="number">–</td>'
    measure = BY_NAME[name]
    return (
        f'<td class="number">{_shown(interval.value, measure, language)}<br>'
        f'<span class="soft">{_ends(interval, measure, language)}</span></td>'
    )


def _ends(interval: Interval, measure: Measure, language: str) -> str:
    """An interval in as little space as will do."""
    scale, digits, unit = (100, 0, "\N{NO-BREAK SPACE}%") if measure.percent else (1, 2, "")
    low, high = (_number(scale * end, digits, language) for end in (interval.low, interval.high))
    return f"{low}–{high}{unit}"


def _value(value: str, language: str) -> str:
    """A language, a kind of question, or yes and no; what is none of ours as it is written."""
    key = f"value_{value}"
    return say(language, key) if key in TEXTS["en"] else escape(value)


# Files to keep


def write_table(run: Run, path: Path, language: str) -> None:
    """Write every question of *run* in a row, with heads and words in *language*."""
    texts = TEXTS.get(language, TEXTS["en"])

    def beginning(with_: str) -> dict[str, str]:
        return {
            key.removeprefix(with_): text for key, text in texts.items() if key.startswith(with_)
        }

    heads = [say(language, f"column_{column.replace(' ', '_')}") for column in table.COLUMNS]
    words = table.Words(heads, beginning("verdict_"), beginning("value_"), beginning("reason_"))
    table.write_table(run, path, words=words)


def write_page(found: Run | Comparison, path: Path, language: str) -> None:
    """Write what the tab shows, with settings and versions, as a page in *language*."""
    compared = isinstance(found, Comparison)
    runs = [found.a, found.b] if isinstance(found, Comparison) else [found]
    drawn = _comparison(found, language) if isinstance(found, Comparison) else _run(found, language)
    title = say(language, "page_comparison" if compared else "page_run")
    body = [f"<h1>{title}</h1>", *drawn, *_about(runs, language)]
    report.write_page(path, f"{title}: {runs[0].dataset}", body, language)


def _about(runs: Sequence[Run], language: str) -> Iterator[str]:
    yield f"<h2>{say(language, 'page_about')}</h2>"
    for run in runs:
        rows = {"questions": run.dataset, "setting": run.setting, "made": run.made[:10]}
        yield "<dl>"
        for name, value in (rows | run.versions).items():
            said, read = (_named(one, language) for one in (name, value))
            yield f"<dt>{said}</dt><dd>{read}</dd>"
        yield "</dl>"


def _named(text: str, language: str, kind: str = "page") -> str:
    """What is told of a run, in words of ours where there are some."""
    key = f"{kind}_{text.replace(' ', '_')}"
    return say(language, key) if key in TEXTS["en"] else escape(text)


# Questions


def _worst(run: Run, language: str) -> Iterator[str]:
    found = worst(run.outcomes, WORST)
    if not found:
        yield f"<h3>{say(language, 'found_no_worst')}</h3>"
        return
    yield f"<h3>{say(language, 'found_worst', n=len(found))}</h3>"
    expected, quoted = (say(language, f"found_legend_{one}") for one in ("expected", "quoted"))
    yield (
        f'<p class="soft">{say(language, "found_worst_note")} <mark>{expected}</mark> '
        f'<mark class="quoted">{quoted}</mark></p>'
    )
    for place, outcome in enumerate(found):
        yield _question(outcome, language, opened=not place)


def _question(outcome: Outcome, language: str, *, opened: bool) -> str:
    said = [_verdict(outcome, language), _value(outcome.kind, language)]
    if outcome.confidence is not None:
        sure = _number(100 * outcome.confidence, 0, language)
        said.append(say(language, "found_confidence", n=sure))
    hits = "".join(
        f'<li><span class="soft">{escape(name)}</span>'
        f"{_text(lit(text, outcome.expected, outcome.quotes, escape=escape))}</li>"
        for name, text in zip(outcome.hits, outcome.passages, strict=False)
    )
    if hits:
        hits = (
            f"<details><summary>{say(language, 'found_passages')}</summary>"
            f'<ol class="hits">{hits}</ol></details>'
        )
    return (
        f'<details class="question"{" open" if opened else ""}><summary>'
        f'<b dir="auto">{escape(outcome.question)}</b><span>{" · ".join(said)}</span></summary>'
        f'<div class="pair"><div><p class="label">{say(language, "found_expected")}</p>'
        f'{_expected(outcome, language)}</div><div><p class="label">'
        f"{say(language, 'found_given')}</p>{_given(outcome, language)}</div></div>{hits}</details>"
    )


def _verdict(outcome: Outcome, language: str) -> str:
    # Its blanks are filled in by ``verdict``.
    words = TEXTS.get(language, TEXTS["en"])
    return verdict(outcome, {key: words[f"verdict_{key}"] for key in WORDS})


def _text(html: str) -> str:
    return f'<p class="text" dir="auto">{html}</p>'


def _expected(outcome: Outcome, language: str) -> str:
    if not outcome.answerable:
        return f"<p>{say(language, 'found_refusal_expected')}</p>"
    if outcome.wanted:
        return _text(lit(outcome.wanted, outcome.expected, outcome.quotes, escape=escape))
    written = "".join(_text(escape(text)) for text in outcome.expected)
    return written or f"<p>{say(language, 'found_not_here')}</p>"


def _given(outcome: Outcome, language: str) -> str:
    if outcome.answered:
        return "".join(_text(lit(q, outcome.expected, escape=escape)) for q in outcome.quotes)
    key = f"reason_{outcome.reason}"
    why = say(language, key) if key in TEXTS["en"] else escape(outcome.reason or "–")
    return f"<p>{say(language, 'found_refused', why=why)}</p>"


def _problems(problems: Sequence[str], language: str) -> Iterator[str]:
    if not problems:
        return
    lines = "".join(
        f"<li>{escape(of_list(problem, language))}</li>" for problem in problems[:LISTED]
    )
    if (more := len(problems) - LISTED) > 0:
        lines += f"<li>{say(language, 'found_more_problems', n=more)}</li>"
    yield (
        f"<details open><summary>{say(language, 'found_problems', n=len(problems))}</summary>"
        f"<ul>{lines}</ul></details>"
    )


# Two ways compared


def comparison_view(comparison: Comparison, language: str) -> str:
    """What differs, by how much and whether to believe it, and the questions that changed."""
    return f'<div class="kutip-measured">{"".join(_comparison(comparison, language))}</div>'


def _comparison(comparison: Comparison, language: str) -> Iterator[str]:
    a, b = comparison.a, comparison.b
    names = {"a": escape(a.setting), "b": escape(b.setting)}
    yield f"<h2>{say(language, 'compared', **names)}</h2>"
    count = _number(comparison.questions, 0, language)
    facts = say(language, "compared_facts", dataset=escape(a.dataset), n=count, **names)
    yield f'<p class="soft">{facts}</p>'
    sure = {name: d for name, d in comparison.differences.items() if believed(d)}
    lines = []
    for key, sign in (("compared_better", True), ("compared_worse", False)):
        changed = [
            _label(BY_NAME[name], language)
            for name, d in sure.items()
            if better(name, d.difference) is sign
        ]
        if changed:
            lines.append(say(language, key, names=", ".join(changed)))
    yield f'<p class="lead">{" ".join(lines) or say(language, "compared_same")}</p>'
    if comparison.questions < FEW:
        yield f'<p class="soft">{say(language, "found_few")}</p>'
    yield from _differences(comparison, language)
    yield from _plots([a, b], language)
    yield from _changed(comparison, language)
    yield from _problems(list(dict.fromkeys([*a.problems, *b.problems])), language)


def _differences(comparison: Comparison, language: str) -> Iterator[str]:
    heads = [say(language, f"compared_{key}") for key in ("wins", "losses", "ties")]
    columns = ["A", "B", say(language, "compared_difference"), "", say(language, "found_range")]
    cells = "".join(
        f'<th scope="col" class="number">{head}</th>' if head else "<td></td>"
        for head in [*columns, "p", *heads]
    )
    yield (
        f"<h3>{say(language, 'compared_differences')}</h3>"
        f'<p class="soft">{say(language, "compared_note")}</p>'
        f'<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">'
        f"{say(language, 'found_figure')}</th>{cells}</tr></thead><tbody>"
    )
    most = max(
        (max(abs(d.low), abs(d.high), abs(d.difference)) for d in comparison.differences.values()),
        default=0.0,
    )
    for name, d in comparison.differences.items():
        measure = BY_NAME[name]
        scale, digits = (100, 1) if measure.percent else (1, 3)
        low, high, by = (
            _number(scale * v, digits, language, sign="+") for v in (d.low, d.high, d.difference)
        )
        shown = say(language, "compared_points", n=by) if measure.percent else by
        said = ""
        if believed(d):
            kind = "better" if better(name, d.difference) else "worse"
            said = f'<br><span class="{kind}">{say(language, f"compared_is_{kind}")}</span>'
        lower = "" if measure.higher_is_better else f" · {say(language, 'found_lower')}"
        yield (
            f'<tr><th scope="row">{_label(measure, language)} '
            f'<span class="soft">{name}{lower}</span></th>'
            f'<td class="number">{_shown(d.a, measure, language)}</td>'
            f'<td class="number">{_shown(d.b, measure, language)}</td>'
            f'<td class="number">{shown}{said}</td>'
            f'<td class="wide">{difference_bar(d.low, d.high, d.difference, most or 1.0)}</td>'
            f'<td class="number">{say(language, "found_interval", low=low, high=high)}</td>'
            f'<td class="number">{_number(d.p, 4, language)}</td><td class="number">{d.wins}</td>'
            f'<td class="number">{d.losses}</td><td class="number">{d.ties}</td></tr>'
        )
    yield "</tbody></table></div>"


def _changed(comparison: Comparison, language: str) -> Iterator[str]:
    changed = comparison.changed[:WORST]
    if not changed:
        yield f"<h3>{say(language, 'compared_unchanged')}</h3>"
        return
    yield f"<h3>{say(language, 'compared_changed')}</h3>"
    for place, one in enumerate(changed):
        kind, key = ("better", "up") if one.change > 0 else ("worse", "down")
        sides = "".join(
            f'<div><p class="label">{name}: {_verdict(outcome, language)}</p>'
            f"{_given(outcome, language) if outcome.answered is not None else ''}</div>"
            for name, outcome in (("A", one.a), ("B", one.b))
        )
        yield (
            f'<details class="question"{" open" if not place else ""}><summary>'
            f'<b dir="auto">{escape(one.a.question)}</b>'
            f'<span class="{kind}">{say(language, f"compared_{key}")}</span></summary>'
            f'<div class="pair">{sides}</div></details>'
        )

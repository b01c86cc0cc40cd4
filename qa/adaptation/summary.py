"""What a person reads of an adaptation: lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from qa.adaptation.adapting import Report, Step
from qa.retrieval.adapted import Adapted
from qa.retrieval.fusion import SHIPPED


def report_lines(report: Report, learned: Adapted | None) -> Iterator[str]:
    """What was read, each step with its figures before and after, and what *learned* holds."""
    by_language = ", ".join(f"{count} {name}" for name, count in report.sentences.items())
    yield (
        f"read: {sum(report.sentences.values())} sentences ({by_language or 'none'}), "
        f"{report.pairs} pairs of them across languages; {report.questions} questions"
    )
    for step in report.steps:
        yield ""
        yield f"{step.name}: {step.asked}"
        yield from _figures(step)
    if learned:
        yield ""
        yield from _contents(learned)


def _figures(step: Step) -> Iterator[str]:
    if not step.figures:
        yield "  not measured"
        return
    yield f"  {'':8} before  after  difference, 95 % interval"
    for name, found in step.figures.items():
        yield (
            f"  {name:8} {found.a:6.3f} {found.b:6.3f}  "
            f"{found.difference:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
        )
    yield "  " + ("better" if step.better else "worse" if step.worse else "not surely better")


def _contents(adapted: Adapted) -> Iterator[str]:
    if adapted.translations:
        rows = sorted(adapted.translations.items())
        counts = ", ".join(f"{len(words)} {source}-{target}" for (source, target), words in rows)
        yield f"learned: translations of {counts} words"
    for (asked, found), weight in adapted.own_weights.items():
        (shipped,) = SHIPPED.of(asked, [found])
        yield (
            f"learned: weight of vectors against words {weight:.2f} instead of {shipped:.2f} "
            f"for questions in {asked} on text in {found}"
        )

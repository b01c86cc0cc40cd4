"""Two runs over the same questions: what differs, by how much, and whether to believe it.

Knows runs; knows nothing about how they were made.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.errors import DatasetError
from qa.evaluation.measures import MEASURES
from qa.evaluation.running import Outcome, Run, judged
from qa.evaluation.statistics import (
    PERMUTATIONS,
    SAME,
    Difference,
    compare_areas,
    compare_means,
    compare_risk,
)

BELIEVED = 0.05  # a smaller p-value is called a difference


@dataclass(frozen=True, slots=True)
class Changed:
    """One question in both runs; *change*, -2 to 2, is better above 0."""

    a: Outcome
    b: Outcome
    change: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """*b* against *a*, over the *questions* that are in both.

    *differences* by measure; *changed*: the questions that changed, most
    first. *left_out* counts questions that only one of the two has.
    """

    a: Run
    b: Run
    questions: int
    left_out: int
    differences: dict[str, Difference]
    changed: list[Changed]


def compare(a: Run, b: Run, *, permutations: int = PERMUTATIONS) -> Comparison:
    """Compare two runs question by question; raises ``DatasetError`` if they share none."""
    of_b = {outcome.id: outcome for outcome in b.outcomes}
    pairs = [(one, of_b[one.id]) for one in a.outcomes if one.id in of_b]
    pairs = [(one, other) for one, other in pairs if one.question == other.question]
    if not pairs:
        raise DatasetError(
            f"{a.setting} and {b.setting} have no question in common; "
            "compare runs over the same questions"
        )
    differences = {}
    for measure in MEASURES:
        values = np.array(
            [
                (one.scores[measure.name], other.scores[measure.name])
                for one, other in pairs
                if measure.name in one.scores and measure.name in other.scores
            ]
        )
        if len(values):
            differences[measure.name] = compare_means(
                values[:, 0],
                values[:, 1],
                higher_is_better=measure.higher_is_better,
                permutations=permutations,
            )
    both = [(x, y) for x, y in pairs if x.correct is not None and y.correct is not None]
    known_a, known_b = judged([x for x, _ in both]), judged([y for _, y in both])
    if known_a is not None and known_b is not None:
        if known_a.answered.any() and known_b.answered.any():
            differences["risk"] = compare_risk(known_a, known_b, permutations=permutations)
        differences["AURC"] = compare_areas(known_a, known_b, permutations=permutations)
    order = {measure.name: i for i, measure in enumerate(MEASURES)}
    changed = [Changed(x, y, _change(x, y)) for x, y in pairs]
    changed = [one for one in changed if abs(one.change) > SAME]
    return Comparison(
        a,
        b,
        len(pairs),
        len(a.outcomes) + len(b.outcomes) - 2 * len(pairs),
        {name: differences[name] for name in sorted(differences, key=order.__getitem__)},
        sorted(changed, key=lambda one: (-abs(one.change), one.change, one.a.id)),
    )


def _change(a: Outcome, b: Outcome) -> float:
    """How much better a question went in *b*, by what is known of both.

    Of a ranking made elsewhere no answer is known: that is no change.
    """
    both = a.scores.keys() & b.scores.keys()
    return _goodness(b, both) - _goodness(a, both)


def _goodness(outcome: Outcome, known: Collection[str]) -> float:
    """How well a question went, 0 to 2, by its measures *known*: its answer, and its passage."""

    def score(name: str) -> float:
        return outcome.scores.get(name, 0.0) if name in known else 0.0

    if not outcome.answerable:
        return 2.0 * score("correct_refusals")
    return score("answer@any") + score("nDCG@10")


def worst(outcomes: Sequence[Outcome], most: int) -> list[Outcome]:
    """The questions that went wrong, worst first: of the like, those answered most surely.

    Answers to questions that have none take at most two fifths of the places
    while there are others: each is as wrong as can be, and they would fill the
    list.
    """

    def badness(outcome: Outcome) -> tuple[float, float, str]:
        sure = outcome.confidence if outcome.answered else None
        return (_goodness(outcome, outcome.scores), -(-1.0 if sure is None else sure), outcome.id)

    wrong = sorted((outcome for outcome in outcomes if _went_wrong(outcome)), key=badness)
    answerable = sum(outcome.answerable for outcome in wrong)
    room = max(2 * most // 5, most - answerable)
    chosen: list[Outcome] = []
    for outcome in wrong:
        if outcome.answerable or room > 0:
            room -= not outcome.answerable
            chosen.append(outcome)
    return chosen[:most]


def _went_wrong(outcome: Outcome) -> bool:
    if not outcome.answerable:
        return bool(outcome.answered)
    if "answer@any" in outcome.scores:
        return outcome.scores["answer@any"] < 1
    return outcome.scores.get("nDCG@10", 1.0) < 1


# What ``verdict`` says.
WORDS = {
    "no_answer_asked": "nothing answers it",
    "no_answer_answered": "answered, though nothing answers it",
    "no_answer_refused": "rightly refused",
    "found": "right passage at rank {rank}",
    "missed": "right passage not among the first hundred",
    "unknown": "right passage not known",
    "refused": "refused",
    "answered": "answered",
    "right": "answer quoted",
    "wrong": "another sentence quoted",
}


def verdict(outcome: Outcome, words: Mapping[str, str] = WORDS) -> str:
    """What went wrong with a question, or right, in a line of *words*."""
    if not outcome.answerable:
        became = {None: "asked", True: "answered", False: "refused"}[outcome.answered]
        return words[f"no_answer_{became}"]
    place = "found" if outcome.ranks else "missed" if outcome.right else "unknown"
    found = words[place].format(rank=outcome.ranks[0] if outcome.ranks else None)
    if outcome.answered is None:
        return found
    became = "refused"
    if outcome.answered:
        became = {None: "answered", True: "right", False: "wrong"}[outcome.correct]
    return f"{words[became]}; {found}"


def believed(difference: Difference) -> bool:
    """True if the difference is unlikely to be chance."""
    return difference.p < BELIEVED and not math.isclose(difference.difference, 0.0)

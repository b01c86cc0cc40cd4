"""Fit the refusal on questions whose answers are known, and say how often it errs.

Every answerable question is asked twice: as it is, and with the passages that
answer it hidden; an unanswerable one once. The weights are the posterior mode
of a logistic regression under a Gaussian prior about the shipped ones (Chelba &
Acero, "Adaptation of Maximum Entropy Capitalizer", EMNLP 2004), so that few
questions move them little; the threshold, which gives up a chosen share of the
right answers, is drawn to the shipped one for the same reason. Error rates come
from questions that took no part in the fit. The shipped refusal is fitted here
too (``benchmarks/abstention.py``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from qa.answering.abstention import SHIPPED, SIGNALS, Calibration, Signals
from qa.answering.evidence import Evidence
from qa.answering.question import MAX_LENGTH
from qa.answering.reader import choose
from qa.corpus import Corpus
from qa.errors import DatasetError
from qa.evaluation.gold import Gold, Item
from qa.evaluation.statistics import FOLDS, Interval, folds, wilson
from qa.types import Passage

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LOST = 0.05  # of the right answers
LEAST = 10  # right answers to learn from
# What the shipped refusal counts for beside the user's questions: how far, in one
# standard deviation, weights may lie from its weights, and of how many right
# answers its threshold is worth. docs/log.md has the figures.
DEVIATION = 0.3
BIAS_DEVIATION = 3.0
WORTH = 20
TAIL = 20  # answers below a quantile that make it sure enough by itself

# A fit with nothing before it, as the shipped one is, starts here; *deviation* is
# then how large a weight may be, and *worth* is 0.
NOTHING = Calibration((0.0,) * len(SIGNALS), 0.0, 0.5)

# Called with how many questions are done, how many there are, and the one at hand.
Progress = Callable[[int, int, str], None]


class Kind(StrEnum):
    """What became of a question that was put, before any refusal."""

    RIGHT = "right"  # the quotes hold the answer
    WRONG = "wrong"  # they do not, and the documents do
    HIDDEN = "hidden"  # the answer was hidden
    UNANSWERABLE = "unanswerable"  # the documents do not answer it


@dataclass(frozen=True, slots=True)
class Case:
    """A question put once: *question* is its place in the set.

    *least*: the confidence it needs whatever the threshold, see ``Evidence``.
    """

    question: int
    kind: Kind
    signals: Signals
    least: float = 0.0

    @classmethod
    def of(cls, question: int, kind: Kind, evidence: Evidence) -> Case:
        """From what there was for the question."""
        return cls(question, kind, evidence.signals, evidence.least)


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happens, in *cases* cases, as shipped and as calibrated."""

    cases: int
    shipped: Interval
    calibrated: Interval


@dataclass(frozen=True, slots=True)
class Report:
    """What was fitted on *questions* questions, and how often it errs.

    *refused* maps each kind of case, and *unanswered* every case without an
    answer, to how often it is refused; *wrong* is the share of wrong answers
    among those given, the hidden cases left aside. Measured by
    cross-validation. *problems* names questions that could not be used.
    """

    calibration: Calibration
    questions: int
    refused: dict[Kind, Rate]
    unanswered: Rate
    wrong: Rate
    problems: Sequence[str]


def calibrate(
    corpus: Corpus, gold: Gold, *, lost: float = LOST, progress: Progress | None = None
) -> Report:
    """Fit the refusal to *corpus* and the questions *gold*; changes nothing.

    *lost*: the share of the right answers that may be refused. Raises
    ``DatasetError`` if too few questions are answered rightly.
    ``Corpus.calibrate_to`` puts what was found to use.
    """
    cases = put(corpus, gold.items, progress=progress)
    right = sum(case.kind is Kind.RIGHT for case in cases)
    if right < LEAST:
        raise DatasetError(
            f"kutip finds the answer to {right} of the questions, refused or not; calibrating "
            f"takes {LEAST} such questions, and 50 are better; write down more (those for "
            "somebody's words about a topic do not count: other things decide them)"
        )
    withheld = [
        refused(cases, [SHIPPED] * len(cases)),
        refused(cases, cross_validated(cases, lost=lost)),
    ]
    kinds = [case.kind for case in cases]

    def rate(*some: Kind) -> Rate:
        mine = np.array([kind in some for kind in kinds], bool)
        shipped, calibrated = (_share(one[mine]) for one in withheld)
        return Rate(int(mine.sum()), shipped, calibrated)

    there = np.array([kind is not Kind.HIDDEN for kind in kinds], bool)
    wrong = np.array([kind is not Kind.RIGHT for kind in kinds], bool)
    return Report(
        fit(cases, lost=lost),
        len({case.question for case in cases}),
        {kind: rate(kind) for kind in Kind if kind in kinds},
        rate(Kind.HIDDEN, Kind.UNANSWERABLE),
        Rate(
            int((there & ~withheld[1]).sum()),
            *(_share(wrong[there & ~one]) for one in withheld),
        ),
        gold.problems,
    )


# Asking


def put(corpus: Corpus, items: Sequence[Item], *, progress: Progress | None = None) -> list[Case]:
    """Put every question of *items* that can be judged, the answerable ones twice.

    Left out is what somebody's own words about a topic decide, and not the signals.
    """
    cases = []
    for number, item in enumerate(items):
        if progress:
            progress(number, len(items), item.text)
        question = corpus.understand(item.text)
        if len(item.text) > MAX_LENGTH or (item.answerable and not item.places):
            continue
        evidence = corpus.evidence(question)
        if not item.answerable:
            cases.append(_case(number, Kind.UNANSWERABLE, evidence))
            continue
        right = any(
            item.answered_by(c.passage.document_id, c.span) for c in choose(evidence.candidates)
        )
        cases.append(_case(number, Kind.RIGHT if right else Kind.WRONG, evidence))
        hidden = corpus.evidence(question, hidden=_answers(item))
        cases.append(_case(number, Kind.HIDDEN, hidden))
    if progress and items:
        progress(len(items), len(items), "")
    return [case for case in cases if case is not None]


def _case(question: int, kind: Kind, evidence: Evidence) -> Case | None:
    return None if evidence.uttered is not None else Case.of(question, kind, evidence)


def _answers(item: Item) -> Callable[[Passage], bool]:
    """Whether a passage holds some of what answers *item*, also of a document not meant.

    Passages, not documents: the rest of a long document stays, as it would if
    the one sentence had never been written, and the question stays hard.
    """

    def holds(passage: Passage) -> bool:
        id = passage.document_id
        places = (*item.places.get(id, ()), *item.elsewhere.get(id, ()))
        return any(passage.span.overlaps(place) for place in places)

    return holds


# Fitting


def fit(
    cases: Sequence[Case],
    *,
    lost: float = LOST,
    prior: Calibration = SHIPPED,
    deviation: float = DEVIATION,
    worth: float = WORTH,
) -> Calibration:
    """Weights, bias and the threshold that gives up the share *lost* of the right answers.

    *deviation*: how far weights may lie from those of *prior*; *worth*: how
    many right answers its threshold counts for.
    """
    signals, right = _arrays(cases)
    weights, bias = regression(signals, right, prior, deviation)
    # From cases that took no part in the fit: those that did are judged too well.
    scores = np.zeros(len(cases))
    for train, test in splits(cases):
        w, b = regression(signals[train], right[train], prior, deviation)
        scores[test] = signals[test] @ w + b
    threshold = _threshold(scores[right], lost, bias, prior, worth)
    return Calibration(
        tuple(round(float(w), 4) for w in weights),
        round(bias, 4),
        round(1 / (1 + math.exp(-threshold)), 4),
        len({case.question for case in cases}),
        lost,
    )


def _threshold(scores: Floats, lost: float, bias: float, prior: Calibration, worth: float) -> float:
    """The log-odds below which the share *lost* of right answers lies, given their *scores*.

    Where less than ``TAIL`` of them lie below it, it is the quantile of a normal
    distribution: the lowest twentieth of fifty answers is two or three answers.
    It is drawn towards the threshold of *prior*, which gives up its own share.
    """
    quantile = NormalDist().inv_cdf
    deviation = float(scores.std(ddof=1))
    if len(scores) * lost < TAIL:
        own = float(scores.mean()) + quantile(lost) * deviation
    else:
        own = float(np.quantile(scores, lost))
    if not worth:
        return own
    odds = math.log(prior.threshold / (1 - prior.threshold)) + bias - prior.bias
    before = odds + (quantile(lost) - quantile(prior.lost)) * deviation
    return (len(scores) * own + worth * before) / (len(scores) + worth)


def cross_validated(
    cases: Sequence[Case],
    *,
    lost: float = LOST,
    prior: Calibration = SHIPPED,
    deviation: float = DEVIATION,
    worth: float = WORTH,
) -> list[Calibration]:
    """For each case, what ``fit`` finds without its fold: threshold and all."""
    found = [prior] * len(cases)
    for train, test in splits(cases):
        some = [cases[i] for i in train]
        fitted = fit(some, lost=lost, prior=prior, deviation=deviation, worth=worth)
        for i in test:
            found[i] = fitted
    return found


def splits(cases: Sequence[Case]) -> list[tuple[list[int], list[int]]]:
    """Positions to learn from and to measure on, every question in one fold only."""
    kinds: dict[int, str] = {}
    for case in cases:
        kinds.setdefault(case.question, case.kind)  # hidden comes second
    fold = dict(zip(kinds, folds(list(kinds.values())), strict=True))
    mine = np.array([fold[case.question] for case in cases])
    return [
        (np.flatnonzero(mine != number).tolist(), np.flatnonzero(mine == number).tolist())
        for number in range(FOLDS)
    ]


def _arrays(cases: Sequence[Case]) -> tuple[Floats, Bools]:
    """Signals, shape (cases, signals), and whether the quotes hold the answer."""
    signals = np.array([astuple(case.signals) for case in cases], np.float64)
    return signals, np.array([case.kind is Kind.RIGHT for case in cases], bool)


def regression(
    signals: Floats, right: Bools, prior: Calibration, deviation: float
) -> tuple[Floats, float]:
    """The posterior mode of weights and bias, by projected Newton steps (Bertsekas 1982).

    No signal may count the wrong way round: signals overlap, and left free,
    some weights come out with the opposite sign and mislead on a corpus of
    another kind.
    """
    signs = np.array([-1.0 if name.endswith("_missing") else 1.0 for name in SIGNALS])
    features = np.column_stack([signals * signs, np.ones(len(signals))])
    mean = np.append(np.array(prior.weights) * signs, prior.bias)
    bounded = np.append(np.ones(len(signs), bool), False)
    precision = np.append(np.full(len(signs), deviation**-2), BIAS_DEVIATION**-2)

    def loss(w: Floats) -> float:
        z = features @ w
        return float(np.sum(np.logaddexp(0, z) - right * z) + precision @ (w - mean) ** 2 / 2)

    w = mean
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(features @ w, -30, 30)))
        slope = features.T @ (p - right) + precision * (w - mean)
        free = ~(bounded & (w <= 0) & (slope > 0))
        curvature = (features.T * (p * (1 - p))) @ features + np.diag(precision)
        step = np.zeros(len(w))
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], slope[free])
        size, now = 1.0, loss(w)
        while loss(new := np.where(bounded, np.maximum(w - size * step, 0), w - size * step)) > now:
            size /= 2
            if size < 1e-9:
                new = w
                break
        if np.abs(new - w).max() < 1e-9:
            break
        w = new
    return w[:-1] * signs, float(w[-1])


# Measuring


def refused(cases: Sequence[Case], calibrations: Sequence[Calibration]) -> Bools:
    """Which of *cases* are refused, each by its own calibration."""
    return np.array(
        [
            calibration.confidence(case.signals) < max(calibration.threshold, case.least)
            for case, calibration in zip(cases, calibrations, strict=True)
        ],
        bool,
    )


def _share(hits: Bools) -> Interval:
    return wilson(int(hits.sum()), len(hits))

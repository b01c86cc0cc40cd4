"""How far a figure can be trusted: intervals, risk and coverage, paired tests.

Arrays in, numbers out; every random draw has a fixed seed. Knows nothing about
what the numbers measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SAMPLES = 1_000
PERMUTATIONS = 10_000
LEVEL = (0.025, 0.975)
# A question's results nearer than this are one and the same: a saved run has six digits.
SAME = 2e-6
_CHUNK = 2_000_000  # numbers drawn at a time


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure over questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def bootstrap(values: Floats, *, samples: int = SAMPLES, seed: int = 0) -> Interval:
    """Mean of *values* and its 95 % percentile interval (Efron & Tibshirani 1993)."""
    if not len(values):
        return Interval(0.0, 0.0, 0.0)
    random = np.random.default_rng(seed)
    means = [values[drawn].mean(axis=1) for drawn in _draws(random, len(values), samples)]
    return _interval(float(values.mean()), np.concatenate(means))


def bootstrap_columns(columns: Floats, *, samples: int = SAMPLES, seed: int = 0) -> list[Interval]:
    """``bootstrap`` of each column of (questions, columns), over the entries that are numbers.

    An entry that is none is a question that the column says nothing about; the
    others are 0 to 1. Columns about the same questions share their draws.
    """
    found = [Interval(0.0, 0.0, 0.0)] * columns.shape[1]
    there = ~np.isnan(columns)
    for pattern in np.unique(there, axis=1).T:
        same = np.flatnonzero((there == pattern[:, None]).all(axis=0))
        values = columns[pattern][:, same]
        if not len(values):
            continue
        random = np.random.default_rng(seed)
        means = [
            _times(drawn, len(values)) @ values / len(values)
            for drawn in _draws(random, len(values), samples)
        ]
        every = np.concatenate(means)
        for i, column in enumerate(same):
            found[column] = _bounded(float(values[:, i].mean()), every[:, i], len(values))
    return found


def _bounded(value: float, drawn: Floats, count: int) -> Interval:
    """The interval of a mean of *count* questions, each 0 to 1.

    Where every question is at the same end, drawing them again knows no other:
    the interval is then that of a share, ``wilson``.
    """
    return wilson(int(value) * count, count) if value in (0.0, 1.0) else _interval(value, drawn)


def wilson(hits: int, count: int) -> Interval:
    """The share *hits* of *count* with its 95 % score interval (Wilson 1927).

    Unlike the bootstrap, it knows that no hit among twenty does not mean never.
    """
    if not count:
        return Interval(0.0, 0.0, 1.0)
    share, z = hits / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = (
        z
        / (1 + z * z / count)
        * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    )
    return Interval(
        round(share, 4), round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)
    )


# Cross-validation

FOLDS = 5


def folds(kinds: Sequence[str]) -> Ints:
    """A fold, 0 to ``FOLDS`` - 1, for each of *kinds*; every kind in like shares in each.

    The same every time.
    """
    order = np.random.default_rng(0).permutation(len(kinds))
    fold = np.zeros(len(kinds), np.int64)
    for kind in sorted(set(kinds)):
        rows = [row for row in order if kinds[row] == kind]
        fold[rows] = np.arange(len(rows)) % FOLDS
    return fold


def _times(drawn: Ints, count: int) -> Floats:
    """How often each of *count* questions is in each row of *drawn*."""
    shifted = drawn + count * np.arange(len(drawn))[:, None]
    counted: Floats = np.bincount(shifted.ravel(), minlength=count * len(drawn)).astype(float)
    times: Floats = np.reshape(counted, (len(drawn), count))
    return times


def _share(parts: Floats, wholes: Floats) -> Floats:
    result: Floats = np.divide(parts, wholes, out=np.zeros_like(parts), where=wholes > 0)
    return result


def _interval(value: float, drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, LEVEL)
    return Interval(round(value, 4), round(float(low), 4), round(float(high), 4))


def _draws(random: np.random.Generator, count: int, samples: int) -> Iterator[Ints]:
    """Rows of *count* positions drawn with replacement, *samples* rows in all."""
    step = max(1, _CHUNK // count)
    for start in range(0, samples, step):
        yield random.integers(0, count, (min(step, samples - start), count))


# Risk and coverage (El-Yaniv & Wiener 2010)


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of each question: arrays of one length.

    *answered*: it got an answer; *wrong*: the answer it got, or would have
    got, is not right; *confidence*, 0 to 1.
    """

    answered: npt.NDArray[np.bool_]
    wrong: npt.NDArray[np.bool_]
    confidence: Floats

    def keys(self) -> Ints:
        """Numbers that sort the questions as the curve takes them, wrong ones odd.

        Every answered question comes before every refused one, then the surer
        before the less sure, then, so that equal confidence flatters nobody,
        the wrong before the right.
        """
        sure = np.rint(np.clip(self.confidence, 0, 1) * 1e6).astype(np.int64)
        keys: Ints = (self.answered * (2 * 10**6) + sure) * 2 + self.wrong
        return keys


def risk_curve(judged: Judged) -> Floats:
    """The risk, wrong answers over answers, when only the 1, 2, ... surest are answered."""
    curve: Floats = _curves(judged.keys()[None, :])[0]
    return curve


def _curves(keys: Ints) -> Floats:
    """The curve of each row of *keys*, shape (rows, questions)."""
    wrong = np.sort(keys, axis=1)[:, ::-1] & 1
    curves: Floats = np.cumsum(wrong, axis=1) / np.arange(1, keys.shape[1] + 1)
    return curves


def risk(judged: Judged, *, samples: int = SAMPLES, seed: int = 0) -> Interval:
    """The share of the answered questions that is wrong; 0 to 1 where none was answered."""
    wrong, answered = _risk_parts(judged)
    if not answered.any():
        return wilson(0, 0)
    random = np.random.default_rng(seed)
    drawn = []
    for rows in _draws(random, len(wrong), samples):
        counts = answered[rows].sum(axis=1)
        drawn.append(_share(wrong[rows].sum(axis=1), counts)[counts > 0])
    count = int(answered.sum())
    return _bounded(float(wrong.sum() / count), np.concatenate(drawn), count)


def _risk_parts(judged: Judged) -> tuple[Floats, Floats]:
    return (judged.answered & judged.wrong).astype(float), judged.answered.astype(float)


def area(judged: Judged, *, samples: int = SAMPLES, seed: int = 0) -> Interval:
    """The area under the risk-coverage curve: its mean over all questions."""
    keys = judged.keys()
    random = np.random.default_rng(seed)
    drawn = [_curves(keys[rows]).mean(axis=1) for rows in _draws(random, len(keys), samples)]
    return _bounded(float(risk_curve(judged).mean()), np.concatenate(drawn), len(keys))


# Paired comparison


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two runs over the same questions.

    *low* to *high* is the 95 % bootstrap interval of *difference*, b less a;
    *p* is how often a difference as large comes about when every question's
    two results change places at the toss of a coin. *wins* counts the
    questions that are better in b, *losses* those that are worse.
    """

    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    wins: int
    losses: int
    ties: int


def compare_means(
    a: Floats,
    b: Floats,
    *,
    higher_is_better: bool = True,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Difference:
    """The paired randomisation test on means (Smucker, Allan & Carterette 2007), two-sided."""
    gains = b - a
    gains[np.abs(gains) < SAME] = 0.0
    drawn = [
        (1 - 2.0 * swapped) @ gains / len(gains) for swapped in _swaps(len(a), permutations, seed)
    ]
    interval = bootstrap(gains, seed=seed)
    return _difference(
        float(a.mean()),
        float(b.mean()),
        (interval.low, interval.high),
        np.concatenate(drawn),
        gains if higher_is_better else -gains,
        observed=float(gains.mean()),
    )


def compare_risk(
    a: Judged, b: Judged, *, permutations: int = PERMUTATIONS, seed: int = 0
) -> Difference:
    """``compare_means`` for the risk, a share of what was answered."""
    (wrong_a, answered_a), (wrong_b, answered_b) = _risk_parts(a), _risk_parts(b)

    def gap(move_wrong: Floats, move_answered: Floats) -> Floats:
        """Risk of b less risk of a after so many wrong and answered moved from b to a."""
        return _share(wrong_b.sum() - move_wrong, answered_b.sum() - move_answered) - _share(
            wrong_a.sum() + move_wrong, answered_a.sum() + move_answered
        )

    drawn = [
        gap(swapped @ (wrong_b - wrong_a), swapped @ (answered_b - answered_a))
        for swapped in _swaps(len(wrong_a), permutations, seed)
    ]
    random = np.random.default_rng(seed)
    again = [
        _share(wrong_b[rows].sum(axis=1), answered_b[rows].sum(axis=1))
        - _share(wrong_a[rows].sum(axis=1), answered_a[rows].sum(axis=1))
        for rows in _draws(random, len(wrong_a), SAMPLES)
    ]
    return _difference(
        risk(a).value,
        risk(b).value,
        _ends(again),
        np.concatenate(drawn),
        wrong_a - wrong_b,
        observed=float(gap(np.zeros(1), np.zeros(1))[0]),
    )


def compare_areas(
    a: Judged, b: Judged, *, permutations: int = PERMUTATIONS, seed: int = 0
) -> Difference:
    """``compare_means`` for the area under the risk-coverage curve."""
    keys_a, keys_b = a.keys(), b.keys()
    drawn = []
    for swapped in _swaps(len(keys_a), permutations, seed):
        swap = swapped.astype(bool)
        drawn.append(
            _curves(np.where(swap, keys_a, keys_b)).mean(axis=1)
            - _curves(np.where(swap, keys_b, keys_a)).mean(axis=1)
        )
    random = np.random.default_rng(seed)
    again = [
        _curves(keys_b[rows]).mean(axis=1) - _curves(keys_a[rows]).mean(axis=1)
        for rows in _draws(random, len(keys_a), SAMPLES)
    ]
    area_a, area_b = float(risk_curve(a).mean()), float(risk_curve(b).mean())
    return _difference(
        area_a,
        area_b,
        _ends(again),
        np.concatenate(drawn),
        a.wrong.astype(float) - b.wrong.astype(float),
    )


def _swaps(count: int, permutations: int, seed: int) -> Iterator[Floats]:
    """Rows of 0 and 1, a toss for each of *count* questions, *permutations* rows in all."""
    random = np.random.default_rng(seed)
    step = max(1, _CHUNK // count)
    for start in range(0, permutations, step):
        shape = (min(step, permutations - start), count)
        yield random.integers(0, 2, shape, np.int8).astype(float)


def _ends(drawn: list[Floats]) -> tuple[float, float]:
    low, high = np.quantile(np.concatenate(drawn), LEVEL)
    return round(float(low), 4), round(float(high), 4)


def _difference(
    a: float,
    b: float,
    ends: tuple[float, float],
    drawn: Floats,
    gains: Floats,
    *,
    observed: float | None = None,
) -> Difference:
    found = b - a if observed is None else observed
    as_large = int((np.abs(drawn) >= abs(found) - 1e-12).sum())
    return Difference(
        round(a, 4),
        round(b, 4),
        round(found, 4),
        *ends,
        # The result itself is one of the ways the coins may fall.
        round((as_large + 1) / (len(drawn) + 1), 5),
        int((gains > 1e-9).sum()),
        int((gains < -1e-9).sum()),
        int((np.abs(gains) <= 1e-9).sum()),
    )

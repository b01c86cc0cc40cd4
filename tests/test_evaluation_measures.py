"""Promises of ``qa.evaluation.measures`` and ``statistics``: figures that can be worked out."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.measures import (
    BY_NAME,
    MEASURES,
    equal,
    exact_match,
    overlap_f1,
    ranking_scores,
    squad_words,
    whole_f1,
)
from qa.evaluation.statistics import (
    Judged,
    area,
    bootstrap,
    bootstrap_columns,
    compare_areas,
    compare_means,
    compare_risk,
    risk,
    risk_curve,
    wilson,
)

# Ranking


def test_ranking_by_hand() -> None:
    """One right passage at rank 3, and two at ranks 1 and 4 of five.

    q1: nDCG 1 / log2 4 = 0.5, RR 1/3, AP 1/3, R@1 0, R@5 1.
    q2: DCG 1 + 1 / log2 5, ideal 1 + 1 / log2 3; AP (1 + 2/4) / 2 = 0.75; R@1 a half.
    """
    found = ranking_scores(
        {"q1": {"c": 1}, "q2": {"a": 1, "d": 1}, "q3": {"a": 1}},
        {"q1": list("abcde"), "q2": list("abcde")},
    )
    assert found["q1"] == pytest.approx(
        {
            "nDCG@10": 0.5, "R@1": 0, "R@5": 1, "R@10": 1, "R@100": 1,
            "RR@10": 1 / 3, "AP": 1 / 3,
        }
    )  # fmt: skip
    assert found["q2"] == pytest.approx(
        {
            "nDCG@10": (1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3)),
            "R@1": 0.5, "R@5": 1, "R@10": 1, "R@100": 1, "RR@10": 1, "AP": 0.75,
        }
    )  # fmt: skip
    # Nothing was found for q3, which counts.
    assert set(found["q3"].values()) == {0.0}


def test_grades_count_in_ndcg() -> None:
    """A passage of grade 2 below one of grade 1: (1 + 2 / log2 3) / (2 + 1 / log2 3)."""
    found = ranking_scores({"q": {"a": 1, "b": 2}}, {"q": ["a", "b"]})
    wanted = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert found["q"]["nDCG@10"] == pytest.approx(wanted)


def test_depth() -> None:
    """A right passage at rank 11 is not among ten but among a hundred; at 101 it is nowhere."""
    hits = [str(i) for i in range(1, 120)]
    eleventh = ranking_scores({"q": {"11": 1}}, {"q": hits})["q"]
    assert (eleventh["R@10"], eleventh["R@100"], eleventh["RR@10"]) == (0, 1, 0)
    assert eleventh["AP"] == pytest.approx(1 / 11)
    assert set(ranking_scores({"q": {"101": 1}}, {"q": hits})["q"].values()) == {0.0}


@given(st.permutations(list("abcdef")), st.sets(st.sampled_from("abcdefxy"), min_size=1))
def test_ir_measures_agrees_with_plain_counting(hits: list[str], right: set[str]) -> None:
    """Recall and reciprocal rank, counted here by hand, are what ir-measures says."""
    found = ranking_scores({"q": dict.fromkeys(right, 1)}, {"q": hits})["q"]
    for k in (1, 5):
        assert found[f"R@{k}"] == pytest.approx(len(right & set(hits[:k])) / len(right))
    first = next((i for i, hit in enumerate(hits, start=1) if hit in right), None)
    assert found["RR@10"] == pytest.approx(1 / first if first else 0)


def test_every_measure_is_explained() -> None:
    """A name once, a label and a meaning in a sentence."""
    assert len(BY_NAME) == len(MEASURES)
    for measure in MEASURES:
        assert measure.label
        assert measure.meaning.endswith(".")


# Answers


def test_squad_words() -> None:
    """Lower case, no punctuation, no English articles, as in SQuAD's script."""
    assert squad_words("The “Bank”, a Rp1.250 loan!") == ["bank", "rp1250", "loan"]


@pytest.mark.parametrize(
    ("quote", "answers", "exact", "f1"),
    [
        ("Gedung itu memuat 84 penumpang.", ["84 penumpang"], 1, 1.0),
        ("Gedung itu memuat 184 penumpang.", ["84 penumpang"], 0, 2 / 3),  # "penumpang" alone
        ("Ia lahir di Kota Tahuna.", ["di Tahuna"], 0, 0.8),  # "di Kota Tahuna": 2 * 2 / (3 + 2)
        ("Ia pergi.", ["Tahuna"], 0, 0.0),
        ("Ia pergi.", ["Tahuna", "ia pergi"], 1, 1.0),
        ("", ["Tahuna"], 0, 0.0),
        ("Ia pergi.", ["the"], 0, 0.0),  # nothing is left of it
    ],
)
def test_short_answers_by_hand(quote: str, answers: list[str], exact: int, f1: float) -> None:
    """EM: the words stand there in a row; F1: of the run of words that fits best."""
    assert exact_match(quote, answers) == exact
    assert overlap_f1(quote, answers) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("marked", "answers", "exact", "f1"),
    [
        ("84 penumpang", ["84 penumpang"], 1, 1.0),
        ("84", ["84 penumpang"], 0, 2 / 3),  # 2 * 1 / (1 + 2)
        ("84 penumpang", ["tiga", "84"], 0, 2 / 3),
        ("the 84", ["84"], 1, 1.0),  # an article is no word
        ("lusa", ["84"], 0, 0.0),
        ("", ["84"], 0, 0.0),
    ],
)
def test_marked_answers_by_hand(marked: str, answers: list[str], exact: int, f1: float) -> None:
    """SQuAD's EM and F1: of the whole of what is marked."""
    assert equal(marked, answers) == exact
    assert whole_f1(marked, answers) == pytest.approx(f1)


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("bcd"), max_size=3))
def test_f1_is_1_where_the_words_stand_in_a_row(quote: list[str], answer: list[str]) -> None:
    """EM of 1 means F1 of 1; F1 lies in 0 to 1."""
    f1 = overlap_f1(" ".join(quote), [" ".join(answer)])
    assert 0 <= f1 <= 1
    if exact_match(" ".join(quote), [" ".join(answer)]):
        assert f1 == 1


# Intervals


def test_columns_are_as_if_each_were_alone() -> None:
    """The mean of what is there; a column of equal values is a point; what is absent is no zero."""
    table = np.array([[0.0, 0.5, math.nan], [1.0, 0.5, 1.0], [0.0, 0.5, math.nan], [1.0, 0.5, 0.0]])
    halves, point, some = bootstrap_columns(table)
    assert (halves.value, point.value, some.value) == (0.5, 0.5, 0.5)
    assert (point.low, point.high) == (0.5, 0.5)
    assert halves == bootstrap(table[:, 0])
    assert bootstrap_columns(np.zeros((0, 2))) == [bootstrap(np.array([]))] * 2


def test_forty_of_forty_is_not_always() -> None:
    """All right, or all wrong: the interval is that of a share (Wilson), by hand, not a point."""
    always, never, halves = bootstrap_columns(np.tile([1.0, 0.0, 0.5], (40, 1)))
    # z²/(n + z²) is what Wilson leaves open at an end.
    unsure = 1.96**2 / (40 + 1.96**2)
    assert (always.value, always.low, always.high) == pytest.approx((1, 1 - unsure, 1), abs=1e-4)
    assert (never.value, never.low, never.high) == pytest.approx((0, 0, unsure), abs=1e-4)
    assert (halves.low, halves.high) == (0.5, 0.5)
    known = judged("aar", "rrr", [0.9, 0.8, 0.7])
    assert risk(known) == wilson(0, 2)
    assert area(known) == wilson(0, 3)


# Risk and coverage


def judged(answered: str, wrong: str, confidence: list[float]) -> Judged:
    return Judged(
        np.array([c == "a" for c in answered]),
        np.array([c == "w" for c in wrong]),
        np.array(confidence),
    )


def test_the_risk_curve_by_hand() -> None:
    """Surest first: right, wrong, right, wrong. Risks 0, 1/2, 1/3, 2/4; the area is their mean."""
    known = judged("aaar", "rwrw", [0.9, 0.8, 0.7, 0.6])
    assert risk_curve(known).tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert area(known).value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4, abs=1e-4)
    # Three were answered, one of them wrongly.
    assert risk(known).value == pytest.approx(1 / 3, abs=1e-4)


def test_a_refusal_comes_after_every_answer() -> None:
    """Whatever its confidence: so the curve passes through what was really answered."""
    known = judged("ar", "rw", [0.2, 0.9])
    assert risk_curve(known).tolist() == [0, 0.5]


def test_equal_confidence_flatters_nobody() -> None:
    """Among the equally sure, the wrong ones come first."""
    known = judged("aaa", "rrw", [0.5, 0.5, 0.5])
    assert risk_curve(known).tolist() == pytest.approx([1, 1 / 2, 1 / 3])


def test_nothing_answered_is_no_risk() -> None:
    """No division by zero, and nothing is promised of it."""
    found = risk(judged("rr", "ww", [0.1, 0.2]))
    assert (found.low, found.high) == (0.0, 1.0)


# Paired comparison


def test_the_randomisation_test_on_a_case_with_a_known_answer() -> None:
    """Five gains of 1: of the 32 ways to toss the coins, two give a sum as large. p = 1/16."""
    found = compare_means(np.zeros(5), np.ones(5))
    assert found.p == pytest.approx(2 / 32, abs=0.01)
    assert (found.a, found.b, found.difference) == (0, 1, 1)
    assert (found.wins, found.losses, found.ties) == (5, 0, 0)
    assert (found.low, found.high) == (1, 1)
    assert compare_means(np.zeros(5), np.ones(5)) == found


@given(st.lists(st.sampled_from([-0.5, 0.0, 0.25, 1.0]), min_size=1, max_size=7))
def test_the_drawn_p_is_near_the_exact_one(gains: list[float]) -> None:
    """All 2^n ways counted one by one, against ten thousand drawn."""
    exact = [
        abs(sum(sign * gain for sign, gain in zip(signs, gains, strict=True)))
        >= abs(sum(gains)) - 1e-9
        for signs in itertools.product((1, -1), repeat=len(gains))
    ]
    found = compare_means(np.zeros(len(gains)), np.array(gains))
    assert found.p == pytest.approx(sum(exact) / len(exact), abs=0.025)


def test_two_equal_runs_do_not_differ() -> None:
    """p is 1 and every question a tie."""
    values = np.array([0.1, 0.9, 0.5])
    found = compare_means(values, values)
    assert (found.p, found.difference, found.ties) == (1.0, 0.0, 3)


def test_fewer_wrong_refusals_are_wins() -> None:
    """Where lower is better, a fall is a win."""
    found = compare_means(np.array([1.0, 1.0]), np.array([0.0, 1.0]), higher_is_better=False)
    assert (found.difference, found.wins, found.losses, found.ties) == (-0.5, 1, 0, 1)


def test_risks_compared_by_hand() -> None:
    """A answers two, one wrongly; B refuses the wrong one: 1/2 to 0, one question better.

    Only the question that differs is worth a toss: swapped or not, the risks
    differ by a half. p = 1.
    """
    a, b = judged("aa", "rw", [0.9, 0.8]), judged("ar", "rw", [0.9, 0.8])
    found = compare_risk(a, b)
    assert (found.a, found.b, found.difference, found.p) == (0.5, 0.0, -0.5, 1.0)
    assert (found.wins, found.losses, found.ties) == (1, 0, 1)


def test_risks_that_clearly_differ() -> None:
    """Eight questions wrong in A and right in B: of 256 ways two are as large."""
    a, b = judged("a" * 8, "w" * 8, [0.5] * 8), judged("a" * 8, "r" * 8, [0.5] * 8)
    found = compare_risk(a, b)
    assert (found.difference, found.low, found.high) == (-1.0, -1.0, -1.0)
    assert found.p == pytest.approx(2 / 256, abs=0.004)
    assert compare_areas(a, b).p == pytest.approx(2 / 256, abs=0.004)
    assert compare_areas(a, b).difference == -1.0


def test_a_figure_about_few_questions_is_drawn_from_these() -> None:
    """Two of many questions, both right: as if the others were not there."""
    table = np.full((50, 1), math.nan)
    table[:2] = 1.0
    (found,) = bootstrap_columns(table)
    assert found == wilson(2, 2)
    assert bootstrap_columns(np.full((3, 1), math.nan)) == [bootstrap(np.array([]))]

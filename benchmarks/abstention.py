"""Fit and measure the refusal: ``python benchmarks/abstention.py DATA``.

DATA holds BEIR folders with answers (``squad_en_id`` and so on). Every
question is asked twice: with its passage in the corpus, and with it hidden, so
that the corpus cannot answer. Questions that the set itself calls unanswerable
are asked once. An answer is right if one of its citations holds an expected
string. Corpora come in two sizes, because people's do.

Prints the weights for ``qa/answering/abstention.py``, the threshold, and the
error rates by five-fold cross-validation over questions.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold
from small_corpora import cases

import embeddings
from qa.answering.abstention import Signals
from qa.answering.reader import choose

SETS = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "idk_mrc_dev", "facqa_dev", "tydiqa_en_dev")
SIZES = (6, 30, 300)  # passages of a corpus
WRONG_REFUSALS = 0.05  # of the questions that would have been answered rightly


def main() -> None:
    """Print the fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of BEIR folders")
    parser.add_argument("--most", type=int, default=200, help="questions of each set")
    options = parser.parse_args()
    rows, right, groups, names = [], [], [], []
    embedder = embeddings.load()
    for name in SETS:
        for size in SIZES:
            for case in cases(options.data / name, embedder, size=size, most=options.most):
                for hidden in ((), (case.home,)) if case.answers else ((),):
                    evidence = case.corpus.evidence(case.question, hidden=hidden)
                    rows.append(astuple(evidence.signals))
                    right.append(
                        not hidden
                        and any(
                            case.right(c.passage.document_id, c.text)
                            for c in choose(evidence.candidates)
                        )
                    )
                    groups.append(case.question.text)
                    names.append(name)
    x, y, which = np.array(rows), np.array(right), np.array(names)
    held_out = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, groups):
        weights, bias = fit(x[train], y[train])
        held_out[test] = 1 / (1 + np.exp(-(x[test] @ weights + bias)))
    weights, bias = fit(x, y)
    threshold = float(np.quantile(held_out[y], WRONG_REFUSALS))
    print("WEIGHTS =", tuple(round(float(w), 2) for w in weights))
    print("BIAS =", round(bias, 2))
    print("THRESHOLD =", round(threshold, 2))
    print(f"{'':16} cases  right answers kept  wrong or impossible refused")
    for name in (*SETS, "all"):
        mine = (which == name) | (name == "all")
        kept = (held_out[mine & y] >= threshold).mean()
        refused = (held_out[mine & ~y] < threshold).mean()
        print(f"{name:16} {mine.sum():5d}  {kept:18.3f}  {refused:27.3f}")


def fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression in which no signal may count the wrong way round.

    Signals overlap; left free, some weights come out with the opposite sign
    and mislead on a corpus of another kind.
    """
    signs = np.array([-1.0 if f.name.endswith("_missing") else 1.0 for f in fields(Signals)])
    features = np.column_stack([x * signs, np.ones(len(x))])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = features @ w
        p = 1 / (1 + np.exp(-z))
        ridge = 1e-3 * w[:-1]
        value = np.mean(np.logaddexp(0, z) - y * z) + 0.5 * (ridge @ w[:-1])
        return float(value), features.T @ (p - y) / len(y) + np.append(ridge, 0.0)

    bounds = [(0, None)] * x.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(len(bounds)), jac=True, bounds=bounds, method="L-BFGS-B")
    return found.x[:-1] * signs, float(found.x[-1])


if __name__ == "__main__":
    main()

"""Fit and measure the reader: ``python benchmarks/reader.py DATA``.

DATA holds ``qa/dev``. Fits the weights of the sentence features (softmax over
the sentences of the passages that retrieval found) on the odd questions of the
development sets, prints them, and measures on the even ones, which chose
nothing: the answering sentence first with the shipped and the fitted weights,
and among the three cited, where retrieval found the passage. Not on training
questions: the model has seen those, and a fit on them trusts it too much.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
import torch
from small_corpora import cases

import embeddings
from qa.answering.reader import WEIGHTS, Features, choose

SETS = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "facqa_dev", "tydiqa_en_dev")
NAMES = [field.name for field in fields(Features)]
BY_HAND = "spoken"  # none of these sets has speakers

Example = tuple[np.ndarray, np.ndarray, int]


def main() -> None:
    """Print the fitted weights and the figures of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=300, help="questions of each set")
    options = parser.parse_args()
    embedder = embeddings.load()
    found = {
        name: list(examples(options.data / "qa" / "dev" / name, embedder, options.most))
        for name in SETS
    }
    weights = fit([example for some in found.values() for example in some[1::2]])
    print("WEIGHTS =", tuple(round(w, 2) for w in weights))
    print(", ".join(f"{name} {w:.2f}" for name, w in zip(NAMES, weights, strict=True)))
    print(f"{'even half':16} cases  first: now, fitted   cited: now")
    for name, some in found.items():
        half = some[::2]
        now = np.mean([right[0] for _, right, _ in half])
        fitted = np.mean([right[int(np.argmax(f @ weights))] for f, right, _ in half])
        cited = np.mean([any(right[:n]) for _, right, n in half])
        print(f"{name:16} {len(half):5d}  {now:10.3f} {fitted:6.3f} {cited:12.3f}")


def examples(folder, embedder, most):  # type: ignore[no-untyped-def]
    """(features of all candidates, which are right, how many are cited) of each question."""
    for case in cases(folder, embedder, size=200, most=most):
        candidates = case.corpus.evidence(case.question).candidates
        right = np.array([case.right(c.passage.document_id, c.text) for c in candidates])
        if right.any() and not right.all():
            features = np.array([astuple(c.features) for c in candidates])
            yield features, right, len(choose(candidates))


def fit(train: list[Example]) -> list[float]:
    """Weights that make the right sentences likeliest (log-loss of a softmax)."""
    weights = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    free = torch.tensor([float(name != BY_HAND) for name in NAMES], dtype=torch.float64)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")
    data = [(torch.tensor(f, dtype=torch.float64), torch.tensor(r)) for f, r, _ in train]

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        losses = [
            torch.logsumexp(f @ weights, 0) - torch.logsumexp((f @ weights)[r], 0) for f, r in data
        ]
        loss = torch.stack(losses).mean() + 1e-3 * weights.square().sum()
        torch.autograd.backward(loss)
        weights.grad *= free
        return loss

    optimiser.step(closure)
    return [float(w) for w in weights.detach()]


if __name__ == "__main__":
    main()

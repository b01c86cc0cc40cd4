"""Fit and measure the reader: ``python benchmarks/reader.py DATA``.

DATA holds ``qa/train`` and ``qa/dev``. Fits the weights of the sentence
features on training questions (softmax over the sentences of the passages that
retrieval found), prints them, and measures on development questions: the
answering sentence first, and among the three cited, where retrieval found the
passage.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple
from pathlib import Path

import numpy as np
import torch
from small_corpora import cases

import embeddings
from qa.answering.reader import WEIGHTS, choose

TRAIN = (
    ("squad_id_mt", "queries.jsonl"),
    ("squad_id_mt", "queries.en.jsonl"),
    ("tydiqa_id_train_clean", "queries.jsonl"),
    ("facqa_train_clean", "queries.jsonl"),
    ("squad11_train", "queries.jsonl"),
)
DEV = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "facqa_dev", "tydiqa_en_dev")


def main() -> None:
    """Print the fitted weights and the figures of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=240, help="questions of each set")
    options = parser.parse_args()
    embedder = embeddings.load()
    train = []
    for name, queries in TRAIN:
        folder = options.data / "qa" / "train" / name
        found = list(examples(folder, embedder, options.most, queries))
        train += [(features, right) for features, right, _, _ in found]
    weights = fit(train)
    print("WEIGHTS =", tuple(round(w, 2) for w in weights))
    print(f"{'':16} cases  first: now, fitted   cited: now")
    for name in DEV:
        found = list(examples(options.data / "qa" / "dev" / name, embedder, options.most))
        now = np.mean([right[0] for _, right, _, _ in found])
        fitted = np.mean([right[int(np.argmax(f @ weights))] for f, right, _, _ in found])
        cited = np.mean([any(right[:n]) for _, right, n, _ in found])
        print(f"{name:16} {len(found):5d}  {now:10.3f} {fitted:6.3f} {cited:12.3f}")


def examples(folder, embedder, most, queries="queries.jsonl"):  # type: ignore[no-untyped-def]
    """(features of all candidates, which are right, how many are cited, question)."""
    for case in cases(folder, embedder, size=200, most=most, queries=queries):
        candidates = case.corpus.evidence(case.question).candidates
        right = np.array([case.right(c.passage.document_id, c.text) for c in candidates])
        if right.any() and not right.all():
            features = np.array([astuple(c.features) for c in candidates])
            yield features, right, len(choose(candidates)), case.question


def fit(train: list[tuple[np.ndarray, np.ndarray]]) -> list[float]:
    """Weights that make the right sentences likeliest (log-loss of a softmax)."""
    weights = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")
    data = [(torch.tensor(f, dtype=torch.float64), torch.tensor(r)) for f, r in train]

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        losses = [
            torch.logsumexp(f @ weights, 0) - torch.logsumexp((f @ weights)[r], 0) for f, r in data
        ]
        loss = torch.stack(losses).mean() + 1e-3 * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return [float(w) for w in weights.detach()]


if __name__ == "__main__":
    main()

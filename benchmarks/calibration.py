"""What calibrating on few questions is worth: ``python benchmarks/calibration.py FOLDER ...``.

Each FOLDER, two at least, is a BEIR folder with answers. Its questions are put
as ``kutip eval --calibrate`` puts them. In place of the shipped refusal stands
one fitted on the other folders, since the shipped one has seen them all. Then,
many times over, some questions of one half of a folder teach and the other half
is judged. Prints, for each way of fitting and each number of questions, the
share of right answers that is lost (5 % was asked for): the mean, its distance
from what was asked (root mean square) and the 90th percentile; and the share of
questions without an answer that is refused.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import embeddings
from qa.answering.abstention import Calibration
from qa.answering.question import understand
from qa.evaluation.calibration import LEAST, LOST, NOTHING, Case, Kind, fit, put, refused
from qa.evaluation.datasets import load_beir
from qa.evaluation.gold import of_dataset
from qa.evaluation.indexing import cache_folder, indexed
from qa.evaluation.measured import MeasuredCorpus, Remembering

COUNTS = (20, 30, 50, 100, 300)  # questions that teach
DRAWS = 40

# From the cases that teach and what stands for the shipped refusal.
Way = Callable[[Sequence[Case], Calibration], Calibration]
WAYS: dict[str, Way] = {
    "as shipped": lambda cases, prior: prior,
    "threshold only": lambda cases, prior: fit(cases, prior=prior, deviation=1e-3),
    "deviation 0.3": lambda cases, prior: fit(cases, prior=prior, deviation=0.3),
    "deviation 1": lambda cases, prior: fit(cases, prior=prior, deviation=1),
    "deviation 3": lambda cases, prior: fit(cases, prior=prior, deviation=3),
    "worth 0": lambda cases, prior: fit(cases, prior=prior, worth=0),
    "worth 50": lambda cases, prior: fit(cases, prior=prior, worth=50),
    "no prior": lambda cases, prior: fit(cases, prior=prior, deviation=100, worth=0),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=600, help="questions of each folder")
    options = parser.parse_args()
    if len(options.folders) < 2:
        parser.error("name two folders at least")
    embedder = Remembering(embeddings.load())
    found: dict[str, list[Case]] = {}
    for folder in options.folders:
        dataset = load_beir(folder)
        with (
            indexed(dataset, embedder, cache=cache_folder()) as indexed_in,
            MeasuredCorpus.open(indexed_in, embedder=embedder) as corpus,
        ):
            items = of_dataset(dataset, corpus).items
            order = np.random.default_rng(0).permutation(len(items))[: options.most]
            chosen = [items[i] for i in order]
            embedder.learn([understand(item.text).text for item in chosen])
            found[folder.name] = put(corpus, chosen)
    for name, cases in found.items():
        print(name)
        compare(cases, [case for other in found if other != name for case in found[other]])


def compare(cases: Sequence[Case], others: Sequence[Case]) -> None:
    """Print what each way makes of *cases*; a refusal fitted on *others* is the shipped one."""
    prior = fit(others, prior=NOTHING, deviation=1, worth=0)
    asked: dict[int, list[Case]] = {}
    for case in cases:
        asked.setdefault(case.question, []).append(case)
    random = np.random.default_rng(0)
    for count in COUNTS:
        if count > len(asked) // 2:
            break
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
        for _ in range(DRAWS):
            order = random.permutation(list(asked))
            teach = [case for i in order[:count] for case in asked[i]]
            if sum(case.kind is Kind.RIGHT for case in teach) < LEAST:
                continue
            judge = [case for i in order[len(order) // 2 :] for case in asked[i]]
            right = np.array([case.kind is Kind.RIGHT for case in judge])
            empty = np.array([case.kind in (Kind.HIDDEN, Kind.UNANSWERABLE) for case in judge])
            for name, way in WAYS.items():
                withheld = refused(judge, [way(teach, prior)] * len(judge))
                found[name].append((withheld[right].mean(), withheld[empty].mean()))
        for name, pairs in found.items():
            if not pairs:
                continue
            lost, kept_back = np.array(pairs).T
            off = np.sqrt(np.mean((lost - LOST) ** 2))
            print(
                f"{count:5d}  {name:14}  lost {lost.mean():.3f}, off by {off:.3f}, "
                f"90th {np.quantile(lost, 0.9):.3f}  refused {kept_back.mean():.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()

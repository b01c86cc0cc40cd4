"""Retrieval measured on a folder in the BEIR layout, in a corpus made for the moment.

Ranks with the same code that answers questions; each passage of the folder is
one passage here, whatever its length. ``evaluator`` measures answers as well,
and keeps what it has indexed.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.datasets import Dataset, load_beir, read_rows
from qa.evaluation.gold import of_dataset
from qa.evaluation.indexing import indexed
from qa.evaluation.measured import MeasuredCorpus, Remembering
from qa.evaluation.running import Setting, figures, measure
from qa.evaluation.statistics import Interval, bootstrap
from qa.retrieval.fusion import DENSE_WEIGHT
from qa.types import Embedder

__all__ = [
    "Dataset", "Evaluation", "Interval", "bootstrap", "evaluate", "load_beir", "read_rows",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one run, by the name ir-measures gives each."""

    metrics: dict[str, Interval]
    questions: int
    passages: int


def evaluate(folder: Path, embedder: Embedder, *, dense_weight: float = DENSE_WEIGHT) -> Evaluation:
    """Rank every question of *folder* that has a right passage, and measure."""
    dataset = load_beir(folder)
    remembering = Remembering(embedder)
    with (
        indexed(dataset, embedder, cache=None) as place,
        closing(MeasuredCorpus.open(place, embedder=remembering)) as corpus,
    ):
        run = measure(
            of_dataset(dataset, corpus),
            corpus,
            dataset=folder.name,
            setting=Setting(weight=dense_weight),
            answers=False,
        )
    outcomes = [outcome for outcome in run.outcomes if outcome.right]
    return Evaluation(figures(outcomes), len(outcomes), len(dataset.passages))

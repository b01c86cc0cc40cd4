"""Fit and measure short answers: ``python benchmarks/short_answers.py DATA``.

DATA holds ``qa/train`` and ``qa/dev``. Fits the weights (a softmax over the spans of
the answering sentence that may be the short answer, and "none of them") on training
questions, prints them, and measures on development questions, given the answering
sentence: how many are marked, and how often what is marked is right, at several
thresholds on the odd questions, which choose, and on the even ones, which confirm.
Needs no model. See ``benchmarks/reader.py`` for the sentences that Kutip chose itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np
import torch

from qa.answering.question import understand
from qa.answering.short_answers import Features, Sort, options, probabilities
from qa.evaluation.measures import equal, overlap_f1, whole_f1
from qa.evaluation.retrieval import read_rows
from qa.language.detection import detect
from qa.language.sentences import sentence_spans
from qa.retrieval.lexical import query_words

TRAIN = (
    "squad_id_mt",
    "squad_id_mt:queries.en.jsonl",
    "tydiqa_id_train_clean",
    "facqa_train_clean",
    "squad11_train",
    "tydiqa_en_train",
)
DEV = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "facqa_dev", "tydiqa_en_dev")
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
NAMES = [*Features.__slots__, *(f"sort_{sort}" for sort in Sort)]


class Example:
    """A question, its answering sentence and the spans there; *scores*: EM and F1 of each."""

    def __init__(self, question: str, sentence: str, answers: list[str]) -> None:
        self.question, self.sentence, self.answers = question, sentence, answers
        asked = understand(question)
        words = query_words(question, asked.language, ("id", "en"))
        language = "id" if detect(sentence) in ("id", "ms", "jv", "su") else "en"
        self.sort, self.spans, self.rows = options(asked, sentence, language, words)
        self.scores = [judge(span.of(sentence), answers) for span in self.spans]

    @property
    def table(self) -> np.ndarray:
        """The features of each span, (spans, features)."""
        biases = [float(sort is self.sort) for sort in Sort]
        return np.array([[*astuple(row), *biases] for row in self.rows])

    @property
    def right(self) -> np.ndarray:
        """Which spans count as right."""
        return np.array([em or f1 >= 0.6 for em, f1 in self.scores], bool)


def judge(marked: str, answers: list[str]) -> tuple[float, float]:
    """EM and F1 as SQuAD has them: of the whole of what is marked."""
    return equal(marked, answers), whole_f1(marked, answers)


def examples(folder: Path, most: int, queries: str = "queries.jsonl") -> Iterator[Example]:
    """Up to *most* answerable questions of *folder*, each with its answering sentence."""
    texts = {r["_id"]: str(r["text"]) for r in read_rows(folder / "corpus.jsonl", "_id", "text")}
    asked = {r["_id"]: str(r["text"]) for r in read_rows(folder / queries, "_id", "text")}
    rows = [
        row
        for row in read_rows(folder / "answers.jsonl", "query_id")
        if row["answerable"] and row["context_id"] in texts and row["query_id"] in asked
    ]
    random = np.random.default_rng(7)
    for i in random.permutation(len(rows))[:most]:
        row = rows[i]
        text, answers = texts[row["context_id"]], [str(a) for a in row["answers"] if a]
        start = next(iter(row.get("answer_start") or []), -1)
        if start < 0:
            start = next((at for a in answers if (at := text.find(a)) >= 0), -1)
        language = detect(text)
        for span in sentence_spans(text, language) if start >= 0 else ():
            if span.start <= start < span.end:
                yield Example(asked[row["query_id"]], span.of(text), answers)


def main() -> None:
    """Fit, print, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=1500, help="training questions of each set")
    parser.add_argument("--mistakes", type=int, default=0, help="print so many of the odd half")
    options_ = parser.parse_args()
    train: list[Example] = []
    for name in TRAIN:
        folder, _, queries = name.partition(":")
        found = examples(
            options_.data / "qa" / "train" / folder, options_.most, queries or "queries.jsonl"
        )
        train += [example for example in found if example.spans]
    weights = fit(train)
    print(f"{len(train)} training questions with a span to choose")
    print("WEIGHTS = {")
    for name, weight in weights.items():
        print(f'    "{name}": {weight:.2f},')
    print("}")
    for name in DEV:
        some = list(examples(options_.data / "qa" / "dev" / name, 1000))
        for half, part in (("odd", some[1::2]), ("even", some[::2])):
            report(f"{name} {half}", part, weights)
        for example in some[1::2][: options_.mistakes]:
            place, chance = best(example, weights)
            marked = example.spans[place].of(example.sentence) if place >= 0 else ""
            wrong = place >= 0 and chance >= 0.5 and not example.right[place]
            if wrong or (example.sort and not marked):
                print(f"  {example.sort} {chance:.2f} {example.question}")
                print(f"      {marked!r} for {example.answers} in: {example.sentence[:300]}")


def best(example: Example, weights: dict[str, float]) -> tuple[int, float]:
    """The likeliest span and its chance; -1 without one."""
    if example.sort is None or not example.spans:
        return -1, 0.0
    chances = probabilities(example.sort, example.rows, weights)
    place = int(np.argmax(chances))
    return place, chances[place]


def report(name: str, part: list[Example], weights: dict[str, float]) -> None:
    """One line for each threshold, and one for each sort at the middle one."""
    found = [(example, *best(example, weights)) for example in part]
    sought = sum(example.sort is not None for example in part)
    print(f"{name}: {len(part)} questions, {sought} ask for a short answer")
    for least in THRESHOLDS:
        marked = [(e, place) for e, place, chance in found if place >= 0 and chance >= least]
        _line(f"  >= {least}", marked, len(part))
    for sort in Sort:
        mine = [f for f in found if f[0].sort is sort]
        marked = [(e, place) for e, place, chance in mine if place >= 0 and chance >= 0.5]
        if mine:
            _line(f"    {sort} ({len(mine)})", marked, len(mine))


def _line(label: str, marked: list[tuple[Example, int]], of: int) -> None:
    if not marked:
        print(f"{label:24} marked 0")
        return
    em = np.mean([e.scores[place][0] for e, place in marked])
    f1 = np.mean([e.scores[place][1] for e, place in marked])
    right = np.mean([e.right[place] for e, place in marked])
    touches = np.mean([overlap_f1(e.spans[p].of(e.sentence), e.answers) > 0 for e, p in marked])
    print(
        f"{label:24} marked {len(marked) / of:.3f}  right {right:.3f}  EM {em:.3f}  F1 {f1:.3f}"
        f"  shares a word {touches:.3f}"
    )


def fit(train: list[Example]) -> dict[str, float]:
    """Weights that make the right spans likeliest, or none where none is right."""
    size = max(len(example.spans) for example in train)
    table = torch.zeros(len(train), size, len(NAMES), dtype=torch.float64)
    there = torch.zeros(len(train), size, dtype=torch.bool)
    right = torch.zeros(len(train), size + 1, dtype=torch.bool)
    for i, example in enumerate(train):
        count = len(example.spans)
        table[i, :count] = torch.tensor(example.table)
        there[i, :count] = True
        right[i, :count] = torch.tensor(example.right)
        right[i, size] = not example.right.any()
    weights = torch.zeros(len(NAMES), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        scores = (table @ weights).masked_fill(~there, -1e9)
        scores = torch.cat([scores, torch.zeros(len(train), 1, dtype=torch.float64)], 1)
        wanted = scores.masked_fill(~right, -1e9)
        loss = (torch.logsumexp(scores, 1) - torch.logsumexp(wanted, 1)).mean()
        loss = loss + 1e-4 * weights.square().sum()
        torch.autograd.backward(loss)
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return dict(zip(NAMES, [float(w) for w in weights.detach()], strict=True))


if __name__ == "__main__":
    main()

"""Measure the reader, and fit it: ``python benchmarks/reader.py DATA``.

DATA holds ``qa/dev``. For each development set, one corpus with the passages of its
questions and others beside them. Printed, each with its 95 % bootstrap interval:

- given: the answering sentence chosen first, given the right passage (of questions
  whose answer stands in one sentence of it);
- choice: the same where the passage also has sentences that do not answer;
- first, any: end to end, as ``kutip ask`` answers: the first quote holds the answer,
  one of the quotes does; a refusal is a miss;
- marked: the short answers marked in first quotes, as a share of all questions; right:
  those of them that agree with the expected answer (EM, or F1 of at least .6), and
  EM and F1 of all that are marked;
- citations that differ from their source (must be 0), and what reading costs.

``--fit`` then fits the weights (softmax over the sentences of the passages that were
found, and over those of the right one) on the odd questions and compares on the even
ones, which chose nothing. Not on training questions: the model has seen those, and a
fit on them trusts it too much. ``--mistakes N`` prints where the right passage was not
enough. ``--corpora FOLDER`` keeps the corpora for the next time.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median

import numpy as np
import torch

import embeddings
from benchmarks.short_answers import judge
from qa.answering.reader import WEIGHTS, Candidate, Features
from qa.corpus import Corpus
from qa.evaluation.matching import holds
from qa.evaluation.retrieval import read_rows
from qa.evaluation.statistics import bootstrap
from qa.language.detection import detect
from qa.types import Document, Embedder

SETS = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "facqa_dev", "tydiqa_en_dev")
SAME_PASSAGES = {"squad_id_id": "squad_en_id"}
NAMES = [field.name for field in fields(Features)]
BY_HAND = "spoken"  # none of these sets has speakers


@dataclass
class Sentences:
    """The sentences that the reader saw, best first: features, and which are right."""

    features: np.ndarray
    right: np.ndarray
    texts: list[str]


@dataclass
class Case:
    """A question and what became of it; *marked*: EM and F1 of the short answer, if any."""

    question: str
    answers: list[str]
    given: Sentences
    found: Sentences
    first: bool
    anywhere: bool
    marked: tuple[float, float] | None
    altered: int
    reading: float


def main() -> None:
    """Measure, print, and fit if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=300, help="questions of each set")
    parser.add_argument("--size", type=int, default=400, help="passages of a corpus, at least")
    parser.add_argument("--corpora", type=Path, help="keep the corpora in this folder")
    parser.add_argument("--mistakes", type=int, default=0)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    embedder = embeddings.load()
    everything: dict[str, list[Case]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name in SETS:
            home = (options.corpora or Path(temporary)) / SAME_PASSAGES.get(name, name)
            folder = options.data / "qa" / "dev" / name
            some = list(cases(folder, home, embedder, options.most, options.size))
            everything[name] = some
            report(name, some)
            for case in [c for c in some if not c.given.right[:1].all()][: options.mistakes]:
                right = case.given.texts[int(np.argmax(case.given.right))]
                print(f"  {case.question} {case.answers}")
                print(f"    chosen: {case.given.texts[0]}\n    right:  {right}")
    if options.fit:
        compare(everything)


def cases(folder: Path, home: Path, embedder: Embedder, most: int, size: int) -> Iterator[Case]:
    """Up to *most* answerable questions of *folder*, asked of the corpus in *home*."""
    texts = {r["_id"]: str(r["text"]) for r in read_rows(folder / "corpus.jsonl", "_id", "text")}
    asked = {r["_id"]: str(r["text"]) for r in read_rows(folder / "queries.jsonl", "_id", "text")}
    rows = [
        row
        for row in read_rows(folder / "answers.jsonl", "query_id")
        if row["answerable"] and row["context_id"] in texts
    ]
    random = np.random.default_rng(200)
    chosen = [rows[i] for i in random.permutation(len(rows))[:most]]
    inside = {row["context_id"] for row in chosen}
    # A set that shares its passages with another has all of them in the corpus.
    fill = len(texts) if len(texts) <= 650 else size
    for id in random.permutation(sorted(texts)):
        if len(inside) >= fill:
            break
        inside.add(str(id))
    with Corpus.open(home, embedder=embedder) as corpus:
        there = {listed.id for listed in corpus.documents()}
        for id in sorted(inside - there):
            corpus.put(Document(id, "", texts[id], id, None, None, detect(texts[id])), id)
        for row in chosen:
            answers = [str(answer) for answer in row["answers"] if answer]
            yield ask(corpus, asked[row["query_id"]], row["context_id"], answers)


def ask(corpus: Corpus, text: str, home: str, answers: list[str]) -> Case:
    """Put one question, as it is and given its passage."""

    def right(document_id: str, words: str) -> bool:
        return document_id == home and any(holds(words, answer) for answer in answers)

    def seen(candidates: list[Candidate]) -> Sentences:
        return Sentences(
            np.array([astuple(c.features) for c in candidates]),
            np.array([right(c.passage.document_id, c.text) for c in candidates], bool),
            [c.text for c in candidates],
        )

    question = corpus.understand(text)
    found = corpus.evidence(question).candidates
    given = [c for c in found if c.passage.document_id == home]
    if not given:
        given = corpus.evidence(question, hidden=lambda p: p.document_id != home).candidates
    answer = corpus.ask(text)
    quotes = [right(c.document_id, c.quote) for c in answer.citations]
    short = answer.citations[0].short_text if answer.citations else None
    return Case(
        text,
        answers,
        seen(given),
        seen(found),
        first=any(quotes[:1]),
        anywhere=any(quotes),
        marked=judge(short, answers) if short else None,
        altered=sum(
            corpus.document(c.document_id).text[c.start : c.end] != c.quote
            for c in answer.citations
        ),
        reading=answer.timings.get("read", 0.0) + answer.timings.get("cite", 0.0),
    )


def report(name: str, some: list[Case]) -> None:
    """The figures of one set."""
    there = [case.given.right for case in some if case.given.right.any()]
    marked = [case.marked for case in some if case.marked]
    print(f"{name}: {len(some)} questions")
    _line("given", [right[0] for right in there])
    _line("choice", [right[0] for right in there if not right.all()])
    _line("first", [case.first for case in some])
    _line("any", [case.anywhere for case in some])
    _line("marked", [case.marked is not None for case in some])
    _line("  right", [em == 1 or f1 >= 0.6 for em, f1 in marked])
    _line("  EM", [em for em, _ in marked])
    _line("  F1", [f1 for _, f1 in marked])
    altered = sum(case.altered for case in some)
    reading = median(case.reading for case in some)
    print(f"  differ from their source {altered}; reading and citing {reading:.0f} ms", flush=True)


def _line(label: str, values: list[float] | list[bool]) -> None:
    found = bootstrap(np.array(values, float))
    print(f"  {label:8} {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]  of {len(values)}")


def compare(everything: dict[str, list[Case]]) -> None:
    """Fit on the odd questions; both weights on the even ones."""
    train = [
        (torch.tensor(one.features), torch.tensor(one.right))
        for some in everything.values()
        for case in some[1::2]
        for one in (case.found, case.given)
        if one.right.any() and not one.right.all()
    ]
    weights = fit(train)
    print("WEIGHTS =", tuple(round(w, 2) for w in weights))
    print(", ".join(f"{name} {w:.2f}" for name, w in zip(NAMES, weights, strict=True)))
    print(f"{'even half':16} given: shipped, fitted   among all found: shipped, fitted")
    for name, some in everything.items():
        line = f"{name:16}"
        for seen in ([c.given for c in some[::2]], [c.found for c in some[::2]]):
            held = [one for one in seen if one.right.any()]
            for used in (np.array(WEIGHTS), np.array(weights)):
                line += f" {np.mean([o.right[np.argmax(o.features @ used)] for o in held]):8.3f}"
        print(line)


def fit(train: list[tuple[torch.Tensor, torch.Tensor]]) -> list[float]:
    """Weights that make the right sentences likeliest (log-loss of a softmax)."""
    weights = torch.tensor(WEIGHTS, dtype=torch.float64, requires_grad=True)
    free = torch.tensor([float(name != BY_HAND) for name in NAMES], dtype=torch.float64)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        losses = [
            torch.logsumexp(f @ weights, 0) - torch.logsumexp((f @ weights)[r], 0) for f, r in train
        ]
        loss = torch.stack(losses).mean() + 1e-3 * weights.square().sum()
        torch.autograd.backward(loss)
        if weights.grad is not None:
            weights.grad *= free
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return [float(w) for w in weights.detach()]


if __name__ == "__main__":
    main()

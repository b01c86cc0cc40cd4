"""Fit and measure the refusal: ``python benchmarks/abstention.py DATA``.

DATA holds BEIR folders with answers (``squad_en_id`` and so on). Every
question is asked twice: with its passage in the corpus, and with it hidden, so
that the corpus cannot answer. Questions that the set itself calls unanswerable
are asked once. An answer is right if the first citation holds one of the
expected strings. Corpora come in two sizes, because people's do.

Prints the weights for ``qa/answering/abstention.py``, the threshold, and the
error rates by five-fold cross-validation over questions.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import astuple
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

import embeddings
from qa.answering.question import understand
from qa.corpus import Corpus
from qa.evaluation.retrieval import read_rows
from qa.language.detection import detect
from qa.types import Document

SETS = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "idk_mrc_dev", "facqa_dev", "tydiqa_en_dev")
QUESTIONS = 300  # of each set
SIZES = (30, 400)  # passages of a corpus
WRONG_REFUSALS = 0.08  # of the questions that would have been answered rightly


def main() -> None:
    """Print the fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of BEIR folders")
    options = parser.parse_args()
    rows, right, groups, names = [], [], [], []
    embedder = embeddings.load()
    for number, name in enumerate(SETS):
        for size in SIZES:
            for signals, answered, question in cases(options.data / name, embedder, size):
                rows.append(astuple(signals))
                right.append(answered)
                groups.append(f"{number} {question}")
                names.append(name)
    x, y, which = np.array(rows), np.array(right), np.array(names)
    model = LogisticRegression(C=10.0, max_iter=1000)
    held_out = cross_val_predict(
        model, x, y, groups=groups, cv=GroupKFold(5), method="predict_proba"
    )[:, 1]
    model.fit(x, y)
    threshold = float(np.quantile(held_out[y], WRONG_REFUSALS))
    print("WEIGHTS =", tuple(round(float(w), 2) for w in model.coef_[0]))
    print("BIAS =", round(float(model.intercept_[0]), 2))
    print("THRESHOLD =", round(threshold, 2))
    print(f"{'':16} cases  right answers kept  wrong or impossible refused")
    for name in (*SETS, "all"):
        mine = (which == name) | (name == "all")
        kept = (held_out[mine & y] >= threshold).mean()
        refused = (held_out[mine & ~y] < threshold).mean()
        print(f"{name:16} {mine.sum():5d}  {kept:18.3f}  {refused:27.3f}")


def cases(folder: Path, embedder, size: int):  # type: ignore[no-untyped-def]
    """(signals, right, question id) for the questions of *folder* over small corpora."""
    random = np.random.default_rng(size)
    texts = {str(r["_id"]): str(r["text"]) for r in read_rows(folder / "corpus.jsonl", "_id", "text")}
    asked = {str(r["_id"]): str(r["text"]) for r in read_rows(folder / "queries.jsonl", "_id", "text")}
    answers = [
        r for r in read_rows(folder / "answers.jsonl", "query_id")
        if r["query_id"] in asked and r["context_id"] in texts
    ]
    chosen = [answers[i] for i in random.permutation(len(answers))[:QUESTIONS]]
    per_corpus = max(1, size // 3)
    everything = list(texts)
    for start in range(0, len(chosen), per_corpus):
        part = chosen[start : start + per_corpus]
        inside = {str(row["context_id"]) for row in part}
        others = [everything[i] for i in random.permutation(len(everything))]
        inside.update(id for id in others[: max(0, size - len(inside))])
        with tempfile.TemporaryDirectory() as temporary, Corpus.open(
            temporary, embedder=embedder
        ) as corpus:
            for id in sorted(inside):
                text = texts[id]
                corpus.put(Document(id, "", text, id, None, None, detect(text)), id)
            for row in part:
                question = understand(asked[str(row["query_id"])])
                wanted = [str(a).casefold() for a in row["answers"]] if row["answerable"] else []
                for hidden in ((), (str(row["context_id"]),)) if wanted else ((),):
                    evidence = corpus.evidence(question, hidden=hidden)
                    if not evidence.candidates:
                        continue
                    best = evidence.candidates[0]
                    text = best.span.of(texts[best.passage.document_id]).casefold()
                    right = not hidden and any(a and a in text for a in wanted)
                    yield evidence.signals, right, row["query_id"]


if __name__ == "__main__":
    main()

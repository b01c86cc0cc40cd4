"""Retrieval measured on a folder in the BEIR layout.

Reads ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv`` (plain or
``.gz``), ranks with the same code that answers questions, and reports metrics
from ir-measures with bootstrap intervals. Each passage of the folder is one
passage here, whatever its length.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from qa.answering.question import understand
from qa.errors import DatasetError
from qa.index.store import Store
from qa.index.vectors import VectorIndex
from qa.language.detection import detect
from qa.language.tokens import stems
from qa.retrieval import lexical
from qa.retrieval.fusion import DENSE_WEIGHT
from qa.retrieval.retriever import rank
from qa.types import Document, Embedder, Passage, Segment, Span

MEASURES = (nDCG @ 10, R @ 1, R @ 5, R @ 10, RR @ 10)
BATCH = 64


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over questions with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions over passages; *qrels* maps a question to its right passages."""

    passages: dict[str, str]
    questions: dict[str, str]
    qrels: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one run, by the name ir-measures gives each."""

    metrics: dict[str, Interval]
    questions: int
    passages: int


def load_beir(folder: Path) -> Dataset:
    """Read *folder*; raises ``DatasetError`` naming file and line."""
    passages = {
        str(row["_id"]): "\n".join(filter(None, (row.get("title"), row["text"])))
        for row in read_rows(folder / "corpus.jsonl", "_id", "text")
    }
    questions = {
        str(row["_id"]): str(row["text"])
        for row in read_rows(folder / "queries.jsonl", "_id", "text")
    }
    qrels: dict[str, dict[str, int]] = {}
    path = folder / "qrels" / "test.tsv"
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: not UTF-8; save it as UTF-8") from error
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; a BEIR folder has this file") from error
    for number, line in enumerate(lines[1:], start=2):
        parts = line.split("\t")
        if len(parts) != 3 or not parts[2].lstrip("-").isdigit():
            raise DatasetError(f"{path}:{number}: expected question, passage, score, tab-separated")
        if int(parts[2]) > 0:
            qrels.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    if not any(question in questions for question in qrels):
        raise DatasetError(f"{path}: none of its questions is in queries.jsonl")
    return Dataset(passages, questions, qrels)


def read_rows(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file or its ``.gz``; each must have the keys *needed*.

    Raises ``DatasetError`` naming file and line.
    """
    packed = path.with_name(path.name + ".gz")
    try:
        with (
            gzip.open(packed, "rt", encoding="utf-8")
            if packed.exists()
            else path.open(encoding="utf-8")
        ) as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                    for key in needed:
                        row[key]
                except (ValueError, KeyError, TypeError) as error:
                    raise DatasetError(
                        f"{path}:{number}: expected an object with {' and '.join(needed)}"
                    ) from error
                yield row
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        found = packed if packed.exists() else path
        raise DatasetError(f"{found}: damaged, or not UTF-8 ({error})") from error
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; a BEIR folder has this file") from error


def evaluate(folder: Path, embedder: Embedder, *, dense_weight: float = DENSE_WEIGHT) -> Evaluation:
    """Rank every question of *folder* that has a right passage, and measure."""
    dataset = load_beir(folder)
    with tempfile.TemporaryDirectory() as temporary:
        store = Store(Path(temporary) / "eval.db")
        try:
            _fill(store, dataset, embedder)
            run = list(_run(store, Path(temporary), dataset, embedder, dense_weight))
        finally:
            store.close()
    qrels = [
        ir_measures.Qrel(question, passage, score)
        for question, right in dataset.qrels.items()
        if question in dataset.questions
        for passage, score in right.items()
    ]
    values: dict[str, list[float]] = {str(measure): [] for measure in MEASURES}
    for metric in ir_measures.iter_calc(MEASURES, qrels, run):
        values[str(metric.measure)].append(float(metric.value))
    return Evaluation(
        {name: bootstrap(np.array(found)) for name, found in values.items()},
        len({qrel.query_id for qrel in qrels}),
        len(dataset.passages),
    )


def bootstrap(values: np.ndarray, *, samples: int = 1000, seed: int = 0) -> Interval:
    """Mean of *values* and its 95 % percentile interval (Efron & Tibshirani 1993)."""
    if not len(values):
        return Interval(0.0, 0.0, 0.0)
    random = np.random.default_rng(seed)
    means = values[random.integers(0, len(values), (samples, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(round(float(values.mean()), 4), round(float(low), 4), round(float(high), 4))


def _fill(store: Store, dataset: Dataset, embedder: Embedder) -> None:
    items = list(dataset.passages.items())
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        vectors = embedder.encode_document([text for _, text in batch])
        for (id, text), vector in zip(batch, vectors, strict=True):
            language = detect(text)
            document = Document(id, "", text, id, None, None, language)
            span = Span(0, len(text))
            segment = Segment(Passage(id, span.start, span.end), (span,))
            store.put(
                document, id, [segment], vector[None], [vector[None]], [stems(text, language)], []
            )


def _run(
    store: Store, folder: Path, dataset: Dataset, embedder: Embedder, dense_weight: float
) -> Iterator[ir_measures.ScoredDoc]:
    table = store.passage_table()
    index = VectorIndex.open(folder / "vectors.faiss", store, embedder.dim)
    postings = lru_cache(maxsize=None)(store.postings)
    segments = store.segments(table.numbers.tolist())
    ids = {
        number: segment.passage.document_id
        for number, segment in zip(table.numbers.tolist(), segments, strict=True)
    }
    asked = [
        (id, understand(text)) for id, text in dataset.questions.items() if id in dataset.qrels
    ]
    vectors = embedder.encode_query([question.text for _, question in asked])
    for (id, question), vector in zip(asked, vectors, strict=True):
        words = lexical.query_words(question.text, question.language, table.names)
        ranked = rank(
            words, vector, table=table, index=index, postings=postings, dense_weight=dense_weight
        )
        for number, score in zip(ranked.numbers[:100], ranked.fused[:100], strict=True):
            yield ir_measures.ScoredDoc(id, ids[int(number)], float(score))

"""Every figure of the model card, from one command.

Measures the shipped model beside its teacher, its untrained beginning and the
lexical leg, through the same retriever that answers questions, and writes the
tables between two marks in the model card. What was measured is kept in
``figures.json`` under the work folder, by set, model version and, where passages
are ranked as they are for a question, what else ranks them (``ranking``): a run
that stopped goes on, and none takes figures of another table or program. Chooses
nothing: training and tuning never see what is measured here last (NTREX).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import numpy as np

import embeddings
import qa
from embeddings.training.student import teacher_folder, write_json
from qa.evaluation.datasets import load_beir
from qa.evaluation.evaluator import Evaluator
from qa.evaluation.indexing import content_digest
from qa.evaluation.measures import ranking_scores
from qa.evaluation.running import Setting, figures
from qa.evaluation.statistics import Interval, bootstrap
from qa.language.translation import TABLE
from qa.types import Embedder

log = logging.getLogger("embeddings.training")

# Development set: question and text.
QUESTION_SETS = {
    "squad_en_id": "English → Indonesian",
    "squad_id_id": "Indonesian → Indonesian",
    "tydiqa_id_dev": "Indonesian → Indonesian",
    "idk_mrc_dev": "Indonesian → Indonesian",
    "facqa_dev": "Indonesian → Indonesian, news",
    "indosum_headline": "Indonesian headline → article",
    "tydiqa_en_dev": "English → English",
    "xquad_en_en": "English → English",
}
MATES = {
    "ntrex_en_id": "English → Indonesian",
    "ntrex_id_en": "Indonesian → English",
    "ntrex_en_ms": "English → Malay",
    "ntrex_en_tl": "English → Filipino",
    "ntrex_en_vi": "English → Vietnamese",
    "ntrex_en_th": "English → Thai",
}
# Sets on which the models that do not ship are measured too.
COMPARED = ("squad_en_id", "squad_id_id", "facqa_dev", "tydiqa_en_dev", "xquad_en_en")
DIMENSIONS = (256, 192, 128, 64)
LEGS = ("lexical", "dense", "hybrid")  # settings of kutip eval

BEGIN = "<!-- figures: written by python -m embeddings.training card -->"
END = "<!-- end of figures -->"

Figures = dict[str, dict[str, float]]


class Book:
    """Figures by (set, system, measure), on disk after each one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, Figures] = (
            json.loads(path.read_text("utf-8")) if path.exists() else {}
        )

    def get(self, name: str, system: str) -> Figures | None:
        """``{measure: {value, low, high}}``, if it was measured."""
        return self._rows.get(f"{name} {system}")

    def put(self, name: str, system: str, found: Mapping[str, Interval]) -> None:
        """Keep what was measured."""
        self._rows[f"{name} {system}"] = {measure: asdict(i) for measure, i in found.items()}
        write_json(self._path, self._rows)


@lru_cache(maxsize=1)
def ranking() -> str:
    """What ranks passages beside the model, as a hash: translation table, and program."""
    here = Path(qa.__file__).parent
    asking = ("question", "framing", "filters", "searching", "snapshot")
    return content_digest(
        TABLE,
        *(here / folder for folder in ("retrieval", "language", "index")),
        *(here / "answering" / f"{name}.py" for name in asking),
    )[:12]


def system(version: str, name: str) -> str:
    """What figures of *name* go by in the book: one of ``LEGS``, or the model by itself."""
    return f"{version} {ranking()} {name}" if name in LEGS else f"{version} {name}"


def measure(data: Path, work: Path, sets: Sequence[str] | None = None) -> Book:
    """Measure what is missing, of all sets or of *sets*."""
    book = Book(work / "figures.json")
    version = embeddings.load(None).version
    others = {"teacher": teacher_folder(), "untrained": work / "v0"}
    for name in sets or (*QUESTION_SETS, *MATES):
        folder = data / "qa" / "dev" / name
        with Evaluator(folder, answers=False) as evaluator:
            for leg in LEGS:
                if book.get(name, system(version, leg)) is None:
                    run = evaluator.run(Setting.parse(leg))
                    found = figures([outcome for outcome in run.outcomes if outcome.right])
                    book.put(name, system(version, leg), found)
        models = {system(version, "one vector"): embeddings.BUNDLED}
        if name in QUESTION_SETS:
            models[system(version, "float32")] = str(embeddings.MODEL_FOLDER)
        if name in COMPARED:
            models |= {other: str(path) for other, path in others.items() if path.exists()}
        for key, model in models.items():
            if book.get(name, key) is None:
                for dim, found in one_vector(folder, embeddings.load(model)).items():
                    book.put(name, key + (f" {dim}" if dim else ""), found)
        log.info("%s measured", name)
    return book


def one_vector(folder: Path, embedder: Embedder) -> dict[int | None, dict[str, Interval]]:
    """Exact search with one vector a passage, as other models are measured.

    By the number of first dimensions that were used; None: all of them.
    """
    dataset = load_beir(folder)
    names = list(dataset.passages)
    asked = [id for id in dataset.questions if any(dataset.qrels.get(id, {}).values())]
    passages = embedder.encode_document([dataset.passages[name] for name in names])
    questions = embedder.encode_query([dataset.questions[id] for id in asked])
    result: dict[int | None, dict[str, Interval]] = {}
    for dim in (None, *DIMENSIONS):
        cut = passages[:, :dim] / np.linalg.norm(passages[:, :dim], axis=1, keepdims=True)
        order = np.argsort(-(questions[:, :dim] @ cut.T), axis=1, kind="stable")[:, :100]
        scores = ranking_scores(
            {id: dataset.qrels[id] for id in asked},
            {id: [names[place] for place in row] for id, row in zip(asked, order, strict=True)},
        )
        result[dim] = {
            measure: bootstrap(np.array([scores[id][measure] for id in asked]))
            for measure in ("nDCG@10", "R@1", "R@5")
        }
    return result


def tables(book: Book, version: str) -> str:
    """The tables of the card as Markdown; a set that was not measured has no row."""
    shipped = ("lexical", "one vector", "dense", "hybrid")

    def measured(names: Iterable[str]) -> list[str]:
        return [name for name in names if book.get(name, system(version, "hybrid"))]

    parts = [
        f"Version `{version}`, translation table `{content_digest(TABLE)[:12]}`, nDCG@10 with 95 % "
        "bootstrap intervals, all questions of each set.",
        _table(
            ("set", "question → text", "words", "one vector", "vectors", "weighted sum"),
            (
                (
                    name,
                    QUESTION_SETS[name],
                    *(_interval(book, name, system(version, s)) for s in shipped),
                )
                for name in measured(QUESTION_SETS)
            ),
        ),
        "One vector a passage, beside its teacher, its beginning and itself in float32:",
        _table(
            ("set", "teacher", "untrained", "shipped, float32", "shipped, 8 bits", "loss"),
            (
                (
                    name,
                    *(_value(book, name, s) for s in ("teacher", "untrained")),
                    *(_value(book, name, system(version, s)) for s in ("float32", "one vector")),
                    _loss(book, name, version),
                )
                for name in measured(QUESTION_SETS)
            ),
        ),
        "The first dimensions alone (one vector):",
        _table(
            ("set", "384", *map(str, DIMENSIONS)),
            (
                (
                    name,
                    _value(book, name, system(version, "one vector")),
                    *(
                        _value(book, name, system(version, f"one vector {dim}"))
                        for dim in DIMENSIONS
                    ),
                )
                for name in measured(COMPARED)
            ),
        ),
    ]
    if measured(MATES):
        parts += [
            "The same sentence in the other language found first among 1,997 (NTREX, never used to "
            "train or choose), with 95 % intervals:",
            _table(
                ("set", "languages", "words", "one vector", "vectors", "weighted sum"),
                (
                    (
                        name,
                        MATES[name],
                        *(_interval(book, name, system(version, s), "R@1") for s in shipped),
                    )
                    for name in measured(MATES)
                ),
            ),
        ]
    return "\n\n".join(parts)


def write(book: Book, version: str, card: Path) -> None:
    """Put the tables between the two marks of *card*."""
    text = card.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if not after:
        raise ValueError(f"{card}: no place for the figures; it needs {BEGIN} and {END}")
    card.write_text(f"{before}{BEGIN}\n\n{tables(book, version)}\n\n{END}{after}", "utf-8")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _value(book: Book, name: str, system: str, measure: str = "nDCG@10") -> str:
    found = book.get(name, system)
    return f"{found[measure]['value']:.3f}" if found else ""


def _interval(book: Book, name: str, system: str, measure: str = "nDCG@10") -> str:
    found = book.get(name, system)
    if not found:
        return ""
    figure = found[measure]
    return f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"


def _loss(book: Book, name: str, version: str) -> str:
    full, small = (book.get(name, system(version, s)) for s in ("float32", "one vector"))
    if not full or not small:
        return ""
    return f"{full['nDCG@10']['value'] - small['nDCG@10']['value']:+.4f}"

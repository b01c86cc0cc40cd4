"""What the model may be trained on, and how much each source counts.

Reads the data folder (see ``--data``); knows nothing about models. Development
sets (``qa/dev``), NTREX mates and annotated quotes are for measuring only, so
nothing here opens them; ``evaluation`` does.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

NEWS = 3.0
PROSE = 1.0
MANUAL = 0.35

# Users read news and reports; manuals are plentiful, repetitive and far away.
# A prefix of the source's name decides; what is not listed counts as PROSE.
SOURCE_WEIGHTS = {
    "desmond86-smeru": NEWS,
    "desmond86-ausaid": NEWS,
    "desmond86-bbc": NEWS,
    "panl-bppt": NEWS,
    "guntara": NEWS,
    "tico19": NEWS,
    "mozilla-www": PROSE,
    "tor-project": PROSE,
    "opensource-guide": PROSE,
    "quran-risan": 0.5,
    "ms-azure": 0.15,
    "ms-": MANUAL,
    "django-docs": MANUAL,
    "react": MANUAL,
    "vue-docs": MANUAL,
    "openstack": 0.2,
    "gnome": MANUAL,
    "tldr": MANUAL,
    "android": MANUAL,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence in both languages; *weight* is how often it should be seen."""

    indonesian: str
    english: str
    source: str
    weight: float


def source_weight(source: str) -> float:
    """How much a pair of *source* counts, relative to ordinary prose."""
    for prefix in sorted(SOURCE_WEIGHTS, key=len, reverse=True):
        if source.startswith(prefix):
            return SOURCE_WEIGHTS[prefix]
    return PROSE


def parallel_pairs(data: Path) -> list[Pair]:
    """Every Indonesian-English sentence pair of the data folder."""
    pairs = []
    with gzip.open(data / "parallel" / "id-en.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            indonesian, english, source, *_ = line.rstrip("\n").split("\t")
            if indonesian and english:
                pairs.append(Pair(indonesian, english, source, source_weight(source)))
    return pairs


def word_pairs(data: Path) -> list[tuple[str, str]]:
    """(Indonesian, English) entries of the word lists."""
    with gzip.open(data / "parallel" / "id-en.words.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return [(row[0], row[1]) for row in rows if row[0] and row[1]]


def json_lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions with the passage that answers each.

    *answers* is where in the passage the answer begins, a character offset, or
    None. *other_questions* and *other_passages* hold the same texts in the
    other language, place by place, where there is one (else they are empty).
    """

    name: str
    questions: list[str]
    passages: list[str]
    positives: list[int]
    answers: list[int | None]
    other_questions: list[str]
    other_passages: list[str]


TRAIN_SETS = {
    # name: share of the fine-tuning batches
    "squad11_train": 0.56,
    "squad_id_mt": 0.10,
    "tydiqa_id_train_clean": 0.12,
    "idk_mrc_train_clean": 0.08,
    "facqa_train_clean": 0.06,
    "tydiqa_en_train": 0.08,
}


def question_set(data: Path, name: str, translated: Path | None = None) -> QuestionSet:
    """One training set of questions; unanswerable ones are left out.

    *translated* is the file that ``synthesis.write_translated`` made of it.
    """
    folder = data / "qa" / "train" / name
    passages: list[str] = []
    index: dict[str, int] = {}
    for row in json_lines(folder / "corpus.jsonl.gz"):
        index[str(row["_id"])] = len(passages)
        title, text = str(row.get("title") or ""), str(row["text"])
        passages.append(f"{title}\n{text}" if title else text)
    gold: dict[str, int] = {}
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, passage, score = line.split("\t")
        if int(score) > 0:
            gold.setdefault(query, index[passage])
    other_path = folder / "queries.en.jsonl.gz"
    others = (
        {str(row["_id"]): str(row["text"]) for row in json_lines(other_path)}
        if other_path.exists()
        else {}
    )
    starts = answer_starts(folder / "answers.jsonl.gz")
    questions, positives, answers, other = [], [], [], []
    for row in json_lines(folder / "queries.jsonl.gz"):
        if str(row["_id"]) in gold:
            questions.append(str(row["text"]))
            positives.append(gold[str(row["_id"])])
            answers.append(starts(str(row["_id"]), passages[positives[-1]]))
            if others:
                other.append(others[str(row["_id"])])
    other_passages: list[str] = []
    if translated is not None:
        texts = {str(row["text"]): str(row["translation"]) for row in json_lines(translated)}
        other = [texts[question] for question in questions]
        other_passages = [texts[passage] for passage in passages]
    return QuestionSet(name, questions, passages, positives, answers, other, other_passages)


def answer_starts(path: Path) -> Callable[[str, str], int | None]:
    """A function from a question's id and its passage to where the answer begins.

    None where the file does not say, or the answer stands in more than one place.
    """
    rows = {str(row["query_id"]): row for row in json_lines(path)} if path.exists() else {}

    def start(id: str, passage: str) -> int | None:
        answers: Any = rows.get(id, {}).get("answers")
        if not answers:
            return None
        places = [m.start() for m in re.finditer(re.escape(answers[0]), passage)]
        return places[0] if len(places) == 1 else None

    return start


def weighted_sample(weights: np.ndarray, size: int, seed: int) -> np.ndarray:
    """*size* indices drawn with replacement in proportion to *weights*."""
    random = np.random.default_rng(seed)
    return random.choice(len(weights), size=size, p=weights / weights.sum())

"""Measure conflicts: ``python benchmarks/conflicts.py DATA``.

DATA holds ``parallel`` and ``qa/dev``. No set of contradictions was at hand, so they
are made: a news sentence and its translation agree; with a number, a date or a
negation of one changed they do not. The same sentence twice and changed stands
for copies. Odd pairs choose the constants of ``qa.answering.conflicts``, even ones
confirm. Then development questions are asked as they are: what is called a conflict
there is printed, to be judged by eye.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

import embeddings
from benchmarks.small_corpora import cases
from qa.answering.conflicts import Sentence, disagreement
from qa.ingest.dates import MONTHS

SOURCES = ("panl-bppt-int", "panl-bppt-eco", "guntara-news-validtest", "desmond86-bbc")
SETS = ("squad_id_id", "tydiqa_id_dev", "facqa_dev", "tydiqa_en_dev")
_DIGITS = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/-])")
_YES = re.compile(r"\b(?:is|was|are|were|will|has|have|had|can|could|would)\b(?! not)|\bakan\b")
_NO = {"akan": "tidak akan"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=4000)
    parser.add_argument("--most", type=int, default=100, help="questions of each set")
    options = parser.parse_args()
    found = list(pairs(options.data / "parallel" / "id-en.tsv.gz", options.pairs))
    random = np.random.default_rng(5)
    print(f"{'':28} odd: pairs called   even: pairs called")
    for name, made in (
        ("translation, unchanged", lambda one, other: other),
        ("  a number changed", lambda one, other: numbered(other, random)),
        ("  a month changed", lambda one, other: dated(other)),
        ("  denied", lambda one, other: denied(other)),
        ("copy, a number changed", lambda one, other: numbered(one, random)),
        ("copy, a month changed", lambda one, other: dated(one)),
        ("copy, denied", lambda one, other: denied(one)),
        ("another sentence", None),
    ):
        line = ""
        for start in (1, 0):
            half = found[start::2]
            changed = (
                [(a, b) for (a, _), (_, b) in pairwise(half)]
                if made is None
                else [(one, made(one, other)) for one, other in half]
            )
            kept = [(one, other) for one, other in changed if other is not None]
            called = sum(disagreement(one, other) is not None for one, other in kept)
            line += f"{len(kept):10d} {called / max(1, len(kept)):8.4f}  "
        print(f"{name:28} {line}")
    embedder = embeddings.load()
    for name in SETS:
        asked = called = 0
        for case in cases(
            options.data / "qa" / "dev" / name, embedder, size=600, most=options.most
        ):
            answer = case.corpus.ask(case.question.text)
            asked += 1
            called += bool(answer.conflicts)
            by_number = {citation.n: citation for citation in answer.citations}
            for one in answer.conflicts:
                print(f"  {one.difference}: {case.question.text}")
                print(f"    {by_number[one.n].quote}\n    {by_number[one.other].quote}")
        print(f"{name}: {asked} questions, {called} with a conflict")


def pairs(path: Path, most: int) -> Iterator[tuple[Sentence, Sentence]]:
    """News sentences and their translations, Indonesian first."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        kept = (row for row in rows if row[2] in SOURCES and len(row[0].split()) > 7)
        for row in islice(kept, most):
            yield Sentence(row[0], "id"), Sentence(row[1], "en")


def numbered(sentence: Sentence, random: np.random.Generator) -> Sentence | None:
    """*sentence* with one amount multiplied or added to; None if it has none."""
    amounts = [
        figure for figure in sentence.amounts if _DIGITS.search(figure.span.of(sentence.text))
    ]
    if not amounts:
        return None
    span = amounts[int(random.integers(len(amounts)))].span

    def other(digits: re.Match[str]) -> str:
        first = str(int(digits[0][0]) % 9 + 1)
        return first + digits[0][1:]

    words = _DIGITS.sub(other, span.of(sentence.text), count=1)
    if words == span.of(sentence.text):
        return None
    text = sentence.text[: span.start] + words + sentence.text[span.end :]
    return Sentence(text, sentence.language)


def dated(sentence: Sentence) -> Sentence | None:
    """*sentence* with the month of its one day changed; None if it has no such day."""
    if len(sentence.dates) != 1:
        return None
    _, span = sentence.dates[0]
    words = span.of(sentence.text)
    names = ("Maret", "Agustus") if sentence.language == "id" else ("March", "August")
    for token in re.findall(r"[^\W\d_]+", words):
        if token.casefold() in MONTHS:
            month = names[0] if token.casefold() != names[0].casefold() else names[1]
            text = sentence.text[: span.start] + words.replace(token, month)
            return Sentence(text + sentence.text[span.end :], sentence.language)
    return None


def denied(sentence: Sentence) -> Sentence | None:
    """*sentence* with "not" behind its first auxiliary; None if it has none, or denies already."""
    found = _YES.search(sentence.text)
    if found is None or sentence.denied:
        return None
    words = _NO.get(found[0], f"{found[0]} not")
    text = sentence.text[: found.start()] + words + sentence.text[found.end() :]
    return Sentence(text, sentence.language)


if __name__ == "__main__":
    main()

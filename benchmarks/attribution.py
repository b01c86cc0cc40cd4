"""Which words are lit: ``python benchmarks/attribution.py DATA [--pairs N]``.

A sentence stands for a question, its translation for the passage, so that the right
words are known without annotators: those that a lexicon of single words joins. DATA
holds ``parallel/`` (README.md there); news and reports, translated by people. Even
pairs choose, odd ones confirm. Printed for both directions, by way and threshold:

- precision: of the words lit for a question word that the lexicon finds in the
  passage, the share that the lexicon joins with it. The lexicon is not complete, so
  this is a lower bound;
- found: the share of such question words for which one of them is lit;
- stray: of all question words, the share for which something is lit in the passage
  of another pair that neither lexicon nor translation table knows.

Ways: ``words``, cosine of the words' vectors, each word of the question with its
nearest; ``shares``, the exact shares of mean pooling, by pairs of words, the mean of
either side taken off, as a cosine; ``shown``, what ``qa.retrieval.attribution`` lights.
"""

from __future__ import annotations

import argparse
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import embeddings
from embeddings.bundled import BundledEmbedder
from qa.language.tokens import STOPWORDS, fold, stem, tokens
from qa.retrieval import attribution, lexical
from qa.retrieval.late import words_of

NEWS = ("panl", "guntara", "smeru", "ausaid", "bbc")
THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
Matrix = npt.NDArray[np.float32]
Lexicon = dict[tuple[str, str], dict[str, set[str]]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation: *question* in language *source*."""

    question: str
    passage: str
    source: str
    target: str


@dataclass(slots=True)
class Tally:
    """Counts for one way and threshold."""

    right: int = 0
    lit: int = 0
    found: int = 0
    known: int = 0
    stray: int = 0
    words: int = 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=int, default=600)
    options = parser.parse_args()
    lexicon = _lexicon(options.data / "parallel" / "id-en.words.tsv.gz")
    embedder = embeddings.load()
    assert isinstance(embedder, BundledEmbedder)
    english = list(_pairs(options.data / "parallel" / "id-en.tsv.gz", options.pairs))
    for source, target in (("en", "id"), ("id", "en")):
        pairs = [Pair(en, id_, "en", "id") for en, id_ in english]
        if source == "id":
            pairs = [Pair(p.passage, p.question, "id", "en") for p in pairs]
        for half, name in ((0, "choose"), (1, "confirm")):
            print(f"\n{source} question, {target} passage, {name}")
            _measure(pairs[half::2], lexicon, embedder)


def _measure(pairs: list[Pair], lexicon: Lexicon, embedder: BundledEmbedder) -> None:
    tallies: dict[tuple[str, float], Tally] = defaultdict(Tally)
    for i, pair in enumerate(pairs):
        for passage, other in ((pair.passage, False), (pairs[i - 1].passage, True)):
            for way, grid in _grids(pair, passage, embedder):
                if grid.size:
                    _count(pair, passage, other, way, grid, lexicon, tallies)
    for (way, threshold), t in sorted(tallies.items()):
        print(
            f"{way:7} {threshold:4.2f}  precision {t.right / max(1, t.lit):.3f}  "
            f"found {t.found / max(1, t.known):.3f}  stray {t.stray / max(1, t.words):.3f}  "
            f"(lit {t.lit}, known {t.known}, words {t.words})"
        )


def _count(
    pair: Pair,
    passage: str,
    other: bool,
    way: str,
    grid: Matrix,
    lexicon: Lexicon,
    tallies: dict[tuple[str, float], Tally],
) -> None:
    known = lexicon[pair.source, pair.target]
    asked = [token.text for token in tokens(pair.question)]
    there = [token.text for token in tokens(passage)]
    stems = [stem(word, pair.target) for word in there]
    for word, row in zip(asked, grid, strict=True):
        if fold(word) in STOPWORDS[pair.source] or len(word) < 2:
            continue
        wanted = known.get(stem(word, pair.source), set())
        joined = {i for i, term in enumerate(stems) if term in wanted}
        table = {
            term
            for found in lexical.query_words(word, pair.source, (pair.target,))
            for term, probability in found.terms[pair.target]
            if probability >= lexical.STANDS_FOR
        }
        alike = joined | {i for i, t in enumerate(stems) if t in table}
        for threshold in THRESHOLDS if way != "shown" else (0.0,):
            lit = set(np.flatnonzero(row >= max(threshold, 1e-6)).tolist())
            tally = tallies[way, threshold]
            if other:
                tally.words += 1
                tally.stray += bool(lit - alike)
            elif joined:
                tally.known += 1
                tally.lit += len(lit)
                tally.right += len(lit & joined)
                tally.found += bool(lit & joined)


def _grids(pair: Pair, passage: str, embedder: BundledEmbedder) -> Iterator[tuple[str, Matrix]]:
    """For each way, how strongly each question word matches each of the passage: (words, words)."""
    asked, there = words_of(pair.question), words_of(passage)
    _, (question,) = embedder.encode_words([pair.question], [asked])
    _, _, (words,) = embedder.encode_passages([passage], [[]], [there])
    cosines = _unit(question) @ words.T
    yield "words", _nearest(cosines)
    # The same pass, at full width: a part's vector is the mean of its tokens' states.
    _, (wide,), _ = embedder.encode_passages([pair.question], [asked], [[]])
    _, (rows,), _ = embedder.encode_passages([passage], [there], [[]])
    shares = _unit(wide - wide.mean(axis=0)) @ _unit(rows - rows.mean(axis=0)).T
    yield "shares", _nearest(shares)
    shown = np.zeros_like(cosines)
    steps = np.rint(words * 127).astype(np.int8)
    found = attribution.matches(pair.question, pair.source, question, passage, pair.target, steps)
    places = {span.start: column for column, span in enumerate(there)}
    text = [span.of(pair.question) for span in asked]
    for one in found:
        for row, word in enumerate(text):
            if word == one.word:
                shown[row, places[one.start]] = one.strength
    yield "shown", shown


def _nearest(grid: Matrix) -> Matrix:
    """The grid with only each row's highest value kept."""
    if not grid.size:
        return grid
    kept = np.where(grid == grid.max(axis=1, keepdims=True), grid, 0)
    return kept.astype(np.float32)


def _unit(rows: Matrix) -> Matrix:
    result: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return result


def _lexicon(path: Path) -> Lexicon:
    """Stems that the lexicon joins, in both directions; entries of one word each."""
    found: Lexicon = {("en", "id"): defaultdict(set), ("id", "en"): defaultdict(set)}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            indonesian, english, *_ = line.rstrip("\n").split("\t")
            if " " in indonesian.strip() or " " in english.strip():
                continue
            one, two = stem(indonesian.strip(), "id"), stem(english.strip(), "en")
            found["id", "en"][one].add(two)
            found["en", "id"][two].add(one)
    return found


def _pairs(path: Path, most: int) -> Iterator[tuple[str, str]]:
    """(English, Indonesian) sentences of news and reports that people translated."""
    count = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            indonesian, english, source, kind, *_ = line.rstrip("\n").split("\t")
            news = kind == "human" and any(name in source for name in NEWS)
            if news and 6 <= len(tokens(english)) <= 40:
                yield english, indonesian
                count += 1
            if count == most:
                return


if __name__ == "__main__":
    main()

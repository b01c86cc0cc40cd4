"""Weights of the two legs and inside the dense one: ``python benchmarks/fusion.py FOLDER…``.

Each FOLDER is in the BEIR layout. For a grid of weights (the nearest sentence
against the passage, words one by one against both, all vectors against the
lexical leg) prints nDCG@10 on the odd questions of every folder, the best three
by language pair (mean over its folders, so that a large one does not decide
alone), and what these and the shipped ones score on the even questions, which
chose nothing.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import embeddings
from qa.answering.question import understand
from qa.evaluation.datasets import load_beir
from qa.evaluation.indexing import cache_folder, indexed
from qa.index.store import Store
from qa.index.vectors import VectorIndex
from qa.language.detection import detect
from qa.retrieval import lexical
from qa.retrieval.fusion import SHIPPED, weighted_sum
from qa.retrieval.late import encode_questions, late_interaction
from qa.retrieval.retriever import (
    CANDIDATES,
    NEAREST_SENTENCE,
    WORD_BY_WORD,
    nearest_sentences,
)
from qa.types import Embedder, Segment

DENSE = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
SENTENCE = (0.0, 0.5, 0.75, 1.0)
WORDS = (0.0, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates for one question: their scores, and the grade of each.

    *ideal*: grades of all right passages, found or not.
    """

    whole: Floats
    sentence: Floats
    late: Floats
    lexical: Floats
    grades: Floats
    ideal: Floats

    def ndcg(self, dense: float, words: float, sentence: float, depth: int = 10) -> float:
        """nDCG at *depth* when fused with these weights."""
        near = (1 - sentence) * self.whole + sentence * self.sentence
        near = (1 - words) * near + words * self.late
        order = np.argsort(-weighted_sum(near, self.lexical, dense), kind="stable")[:depth]
        return _dcg(self.grades[order]) / _dcg(np.sort(self.ideal)[::-1][:depth])


def _dcg(grades: Floats) -> float:
    return float((grades / np.log2(np.arange(2, len(grades) + 2))).sum())


def questions(folder: Path, embedder: Embedder) -> Iterator[tuple[str, Asked]]:
    """(language pair, candidates) of each question of *folder* that has a right passage."""
    dataset = load_beir(folder)
    with indexed(dataset, embedder, cache=cache_folder()) as place:
        store = Store(place / "kutip.db")
        try:
            table = store.passage_table()
            index = VectorIndex.open(place / "vectors.faiss", store, embedder.dim)
            ids = {n: s.passage.document_id for n, s in _segments(store, table.numbers)}
            texts = Counter(table.names[i] for i in table.languages)
            asked = [id for id in dataset.questions if any(dataset.qrels.get(id, {}).values())]
            understood = [understand(dataset.questions[id]) for id in asked]
            encoded = encode_questions(embedder, [question.text for question in understood])
            for id, question, vectors in zip(asked, understood, encoded, strict=True):
                words = lexical.query_words(question.text, question.language, table.names)
                scores = lexical.score(words, table, store.postings).scores
                near, _ = index.search(vectors.whole, CANDIDATES)
                order = np.argsort(-scores, kind="stable")[:CANDIDATES]
                numbers = np.union1d(near, table.numbers[order[scores[order] > 0]])
                whole = index.cosines(vectors.whole, numbers)
                parts = store.sentence_vectors(numbers.tolist(), embedder.dim)
                rows = store.word_vectors(numbers.tolist(), embedder.word_dim)
                graded = dataset.qrels[id]
                yield (
                    f"{detect(question.text)} → {texts.most_common(1)[0][0]}",
                    Asked(
                        whole.astype(np.float64),
                        nearest_sentences(vectors.whole, parts, whole).astype(np.float64),
                        late_interaction(vectors.words, rows).astype(np.float64),
                        scores[table.rows(numbers)],
                        np.array([graded.get(ids[n], 0) for n in numbers.tolist()], np.float64),
                        np.array(list(graded.values()), np.float64),
                    ),
                )
        finally:
            store.close()


def _segments(store: Store, numbers: npt.NDArray[np.int64]) -> Iterator[tuple[int, Segment]]:
    return zip(numbers.tolist(), store.segments(numbers.tolist()), strict=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", help="see kutip --model")
    options = parser.parse_args()
    embedder = embeddings.load(options.model)
    by_pair: dict[str, list[Floats]] = defaultdict(list)
    for folder in options.folders:
        found = list(questions(folder, embedder))
        pair = Counter(pair for pair, _ in found).most_common(1)[0][0]
        grid = np.array(
            [
                [[[asked.ndcg(d, w, s) for d in DENSE] for s in SENTENCE] for w in WORDS]
                for _, asked in found
            ]
        )
        by_pair[pair].append(grid)
        print(f"\n{folder.name}, {pair}, {len(found)} questions, odd half; down: words one by one")
        _print(grid[1::2].mean(axis=0)[:, SENTENCE.index(NEAREST_SENTENCE)])
    print("\nChosen on odd questions, measured on even ones (shipped weights beside them):")
    for pair, grids in by_pair.items():
        odd = np.mean([grid[1::2].mean(axis=0) for grid in grids], axis=0)
        even = np.mean([grid[::2].mean(axis=0) for grid in grids], axis=0)
        w, s, d = np.unravel_index(odd.argmax(), odd.shape)
        weight = float(SHIPPED.of(pair[:2], [pair[-2:]])[0])
        shipped = even[
            WORDS.index(WORD_BY_WORD), SENTENCE.index(NEAREST_SENTENCE), DENSE.index(weight)
        ]
        print(
            f"{pair:10} words {WORDS[w]:.1f} sentence {SENTENCE[s]:.2f} dense {DENSE[d]:.1f}:"
            f" {even[w, s, d]:.4f}   shipped {WORD_BY_WORD:.1f} {NEAREST_SENTENCE:.2f}"
            f" {weight:.1f}: {shipped:.4f}"
        )
        best = odd.max(axis=2)
        print("  best over dense, odd half; down: words; across: sentence")
        for share, row in zip(WORDS, best, strict=True):
            print(f"  {share:4.1f}" + "".join(f"{value:8.4f}" for value in row))


def _print(grid: Floats) -> None:
    print("      " + "".join(f"{d:8.1f}" for d in DENSE))
    for share, row in zip(WORDS, grid, strict=True):
        print(f"{share:6.2f}" + "".join(f"{value:8.4f}" for value in row))


if __name__ == "__main__":
    main()

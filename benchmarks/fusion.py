"""Weights of the two legs and of the nearest sentence: ``python benchmarks/fusion.py FOLDER…``.

Each FOLDER is in the BEIR layout. For a grid of weights prints nDCG@10 on the
odd questions of every folder, the best pair of weights by language pair (mean
over its folders, so that a large one does not decide alone), and what that pair
and the shipped one score on the even questions, which chose nothing.
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
from qa.retrieval.fusion import DENSE_WEIGHT, weighted_sum
from qa.retrieval.retriever import CANDIDATES, NEAREST_SENTENCE, nearest_sentences
from qa.types import Embedder, Segment

DENSE = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
SENTENCE = (0.0, 0.25, 0.5, 0.75, 1.0)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates for one question: their scores, and the grade of each.

    *ideal*: grades of all right passages, found or not.
    """

    whole: Floats
    sentence: Floats
    words: Floats
    grades: Floats
    ideal: Floats

    def ndcg(self, dense: float, sentence: float, depth: int = 10) -> float:
        """nDCG at *depth* when fused with these weights."""
        near = (1 - sentence) * self.whole + sentence * self.sentence
        order = np.argsort(-weighted_sum(near, self.words, dense), kind="stable")[:depth]
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
            vectors = embedder.encode_query([question.text for question in understood])
            for id, question, vector in zip(asked, understood, vectors, strict=True):
                words = lexical.query_words(question.text, question.language, table.names)
                scores = lexical.score(words, table, store.postings).scores
                near, _ = index.search(vector, CANDIDATES)
                order = np.argsort(-scores, kind="stable")[:CANDIDATES]
                numbers = np.union1d(near, table.numbers[order[scores[order] > 0]])
                whole = index.cosines(vector, numbers)
                parts = store.sentence_vectors(numbers.tolist(), embedder.dim)
                graded = dataset.qrels[id]
                yield (
                    f"{detect(question.text)} → {texts.most_common(1)[0][0]}",
                    Asked(
                        whole.astype(np.float64),
                        nearest_sentences(vector, parts, whole).astype(np.float64),
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
            [[[asked.ndcg(d, s) for d in DENSE] for s in SENTENCE] for _, asked in found]
        )
        by_pair[pair].append(grid)
        print(f"\n{folder.name}, {pair}, {len(found)} questions, odd half; down: sentence's share")
        _print(grid[1::2].mean(axis=0))
    print("\nChosen on odd questions, measured on even ones (shipped weights beside them):")
    for pair, grids in by_pair.items():
        odd = np.mean([grid[1::2].mean(axis=0) for grid in grids], axis=0)
        even = np.mean([grid[::2].mean(axis=0) for grid in grids], axis=0)
        s, d = np.unravel_index(odd.argmax(), odd.shape)
        shipped = even[SENTENCE.index(NEAREST_SENTENCE), DENSE.index(DENSE_WEIGHT)]
        print(
            f"{pair:10} sentence {SENTENCE[s]:.2f} dense {DENSE[d]:.1f}: {even[s, d]:.4f}"
            f"   shipped {NEAREST_SENTENCE:.2f} {DENSE_WEIGHT:.1f}: {shipped:.4f}"
        )


def _print(grid: Floats) -> None:
    print("      " + "".join(f"{d:8.1f}" for d in DENSE))
    for share, row in zip(SENTENCE, grid, strict=True):
        print(f"{share:6.2f}" + "".join(f"{value:8.4f}" for value in row))


if __name__ == "__main__":
    main()

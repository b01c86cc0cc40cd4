"""The lexical leg across languages: ``python benchmarks/lexical.py DATA``.

Ranks by words alone, without vectors, in an index in memory. Sets:

* ``squad_en_id``: English questions, Indonesian passages;
* ``xquad_id_en``: the Indonesian questions of squad_id_id that are about a
  passage of xquad_en_en, among 3,000 English passages more;
* ``mates_en_id`` and ``mates_id_en``: six words of a news sentence find its
  translation among 2,500. ``--hold-out TABLE`` estimates a table without these
  sentences and writes it; measure only such a table on them.

Each ``--variant`` is a row: constants of ``qa.retrieval.lexical`` in small
letters and the file of a table, as in ``--variant table=old.tsv.gz
flattening=1``; the first row is what the others are compared with, question by
question. Half of each set (odd) is for choosing, the other for confirming.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.ablations import Index, Passages
from embeddings.training.data import NEWS, Pair, json_lines, parallel_pairs, word_pairs
from embeddings.training.table import translation_table, write_table
from qa.evaluation.datasets import load_beir
from qa.evaluation.statistics import compare_means
from qa.language import translation
from qa.language.detection import detect
from qa.language.tokens import stems
from qa.retrieval import lexical

Floats = npt.NDArray[np.float64]

DISTRACTORS = 3_000
MATES = 2_500
WINDOW = 6  # words of a sentence that are asked


class WordSet:
    """Questions of one language over passages, indexed by their stems."""

    def __init__(
        self, language: str, questions: Sequence[str], passages: Sequence[str], right: Sequence[int]
    ) -> None:
        self.language, self.questions, self.right = language, questions, right
        blank = [""] * len(passages)
        texts = Passages(blank, blank, list(passages), [detect(text) for text in passages])
        self.index = Index(texts, stems)

    def ndcg(self) -> Floats:
        """nDCG@10 of each question; each has one right passage."""
        table, gains = self.index.table, np.zeros(len(self.questions))
        for i, (question, right) in enumerate(zip(self.questions, self.right, strict=True)):
            words = lexical.query_words(question, self.language, table.names)
            scores = lexical.score(words, table, self.index.postings).scores
            # Equal scores keep the order of the passages, as in the retriever.
            rank = 1 + (scores > scores[right]).sum() + (scores[:right] == scores[right]).sum()
            gains[i] = 1 / np.log2(1 + rank) if rank <= 10 and scores[right] > 0 else 0.0
        return gains


def squad_en_id(data: Path) -> WordSet:
    """English questions, Indonesian passages."""
    found = load_beir(data / "qa" / "dev" / "squad_en_id")
    numbers = {id: i for i, id in enumerate(found.passages)}
    asked = [(text, id) for id, text in found.questions.items() if id in found.qrels]
    return WordSet(
        "en",
        [text for text, _ in asked],
        list(found.passages.values()),
        [numbers[next(iter(found.qrels[id]))] for _, id in asked],
    )


def xquad_id_en(data: Path) -> WordSet:
    """Indonesian questions, English passages: joined by the identity of the question."""
    english = load_beir(data / "qa" / "dev" / "xquad_en_en")
    indonesian = load_beir(data / "qa" / "dev" / "squad_id_id")
    asked = {id.rsplit("-", 1)[-1]: text for id, text in indonesian.questions.items()}
    numbers = {id: i for i, id in enumerate(english.passages)}
    shared = [id for id in english.qrels if id.rsplit("-", 1)[-1] in asked]
    corpus = json_lines(data / "qa" / "train" / "squad11_train" / "corpus.jsonl.gz")
    others = [str(row["text"]) for row, _ in zip(corpus, range(DISTRACTORS), strict=False)]
    return WordSet(
        "id",
        [asked[id.rsplit("-", 1)[-1]] for id in shared],
        [*english.passages.values(), *others],
        [numbers[next(iter(english.qrels[id]))] for id in shared],
    )


def split_news(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """(news pairs to find again, the rest without their sentences)."""
    news = [p for p in pairs if p.weight == NEWS and 6 <= len(p.english.split()) <= 60]
    order = np.random.default_rng(20).permutation(len(news))
    held: dict[tuple[str, str], Pair] = {}
    indonesian: set[str] = set()
    english: set[str] = set()
    for i in order:
        pair = news[i]
        if pair.indonesian in indonesian or pair.english in english:
            continue
        indonesian.add(pair.indonesian)
        english.add(pair.english)
        held[pair.indonesian, pair.english] = pair
        if len(held) == MATES:
            break
    rest = [p for p in pairs if p.indonesian not in indonesian and p.english not in english]
    return list(held.values()), rest


def mates(held: Sequence[Pair], asked: str) -> WordSet:
    """Some words of one sentence of each pair, in the language *asked*; the other is sought."""
    random = np.random.default_rng(5)
    texts = [
        (p.english, p.indonesian) if asked == "en" else (p.indonesian, p.english) for p in held
    ]
    questions = []
    for text, _ in texts:
        words = text.split()
        start = int(random.integers(0, max(1, len(words) - WINDOW + 1)))
        questions.append(" ".join(words[start : start + WINDOW]))
    return WordSet(asked, questions, [text for _, text in texts], range(len(texts)))


def use(variant: Sequence[str]) -> None:
    """Set what *variant* names: ``table=FILE``, ``flattening=1``, …"""
    for setting in variant:
        name, _, value = setting.partition("=")
        if name == "table":
            translation.TABLE = Path(value)
        elif hasattr(lexical, name.upper()):
            setattr(lexical, name.upper(), float(value))
        else:
            raise SystemExit(f"{setting}: no such constant in qa/retrieval/lexical.py")
    for cached in (translation._rows, translation.translations):
        cached.cache_clear()


SETS: dict[str, Callable[[Path], WordSet]] = {
    "squad_en_id": squad_en_id,
    "xquad_id_en": xquad_id_en,
    "mates_en_id": lambda data: mates(split_news(parallel_pairs(data))[0], "en"),
    "mates_id_en": lambda data: mates(split_news(parallel_pairs(data))[0], "id"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=["squad_en_id", "xquad_id_en"])
    parser.add_argument("--variant", nargs="*", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--hold-out", type=Path, metavar="TABLE")
    options = parser.parse_args()
    if options.hold_out:
        _, rest = split_news(parallel_pairs(options.data))
        write_table(translation_table(rest, word_pairs(options.data)), options.hold_out)
        return
    shipped = [f"table={translation.TABLE}"] + [
        f"{name}={getattr(lexical, name.upper())}"
        for name in ("untranslated", "least_probability", "flattening")
    ]
    print(f"{'nDCG@10':12} questions     odd    even     all  change       p  variant")
    for name in options.sets:
        asked = SETS[name](options.data)
        first: Floats | None = None
        for variant in options.variant or [[]]:
            use([*shipped, *variant])
            found = asked.ndcg()
            first = found if first is None else first
            test = f"{compare_means(first, found).p:7.4f}" if (found != first).any() else f"{'':7}"
            print(
                f"{name:12} {len(found):9d}  {found[1::2].mean():.4f}  {found[::2].mean():.4f}"
                f"  {found.mean():.4f} {(found - first).mean():+.4f} {test}"
                f"  {' '.join(variant) or 'as shipped'}",
                flush=True,
            )
    use(shipped)


if __name__ == "__main__":
    main()

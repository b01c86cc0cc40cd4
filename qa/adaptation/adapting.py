"""Learn from a corpus and its saved questions; measure; keep only what is better.

Two things are learned, and each is measured on what it was not learned from.
Translations (``table``): on sentences whose mate in the other language is
known, by cross-validation, and on the saved questions that cross languages.
Fusion weights (``weights``): on saved questions, by cross-validation. What is
not better, with its whole 95 % interval above nothing, is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from pathlib import Path

import numpy as np

from qa.adaptation.pairs import Pair, Sentence, sentence_pairs, worth_pairing
from qa.adaptation.table import learn
from qa.adaptation.weights import LEAST, Case, cross_validated, fit, gain
from qa.answering.question import Question, understand
from qa.corpus import Corpus
from qa.evaluation.datasets import Dataset, Expected, Row, load_beir, read_questions
from qa.evaluation.gold import Gold, Item, of_rows
from qa.evaluation.statistics import FOLDS, Difference, compare_means, folds
from qa.ingest.passages import sentences
from qa.retrieval.adapted import NOTHING, Adapted
from qa.retrieval.fusion import SHIPPED
from qa.retrieval.late import encode_questions
from qa.types import QuestionVectors, Vectors

SENTENCES = range(20, 20_001)  # of one language; fewer are most likely mistaken for it
MOST_MATES = 400  # asked for in a measurement
PART = 6  # words of a sentence that ask for its mate: about as many as a question has

Said = dict[str, list[Sentence]]  # by language
# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was learned, before and after.

    *figures* maps nDCG@10, R@5 and RR@10 to what became of them on *asked*;
    empty if there was nothing to measure, and *asked* then says why.
    """

    name: str
    asked: str
    figures: Mapping[str, Difference]

    @property
    def better(self) -> bool:
        """Whether nDCG@10 rose by more than chance explains."""
        return bool(self.figures) and self.figures["nDCG@10"].low > 0

    @property
    def worse(self) -> bool:
        """Whether nDCG@10 fell by more than chance explains."""
        return bool(self.figures) and self.figures["nDCG@10"].high < 0


@dataclass(frozen=True, slots=True)
class Report:
    """What there was to learn from, and what came of it.

    *sentences* by language, *pairs* of them, and *questions* that could be
    used, with *problems* of the others. *learned* is everything; *better* what
    measured better, None if nothing did.
    """

    sentences: Mapping[str, int]
    pairs: int
    questions: int
    problems: Sequence[str]
    steps: Sequence[Step]
    learned: Adapted
    better: Adapted | None


def saved_questions(path: Path, corpus: Corpus) -> Gold:
    """The questions in *path*, the easy form or a BEIR folder, found in *corpus*.

    Raises ``DatasetError`` naming file and line.
    """
    rows = _rows(load_beir(path)) if path.is_dir() else read_questions(path)
    return of_rows(path, rows, corpus)


def _rows(dataset: Dataset) -> list[Row]:
    """A BEIR folder in the easy form: expected is the text of a right passage."""
    rows = []
    for line, (id, question) in enumerate(dataset.questions.items(), start=1):
        texts = tuple(
            dataset.passages[passage].removeprefix(f"{dataset.titles.get(passage, '')}\n")
            for passage in dataset.qrels.get(id, {})
            if passage in dataset.passages
        )
        if texts:
            rows.append(Row(line, id, question, dataset.languages.get(id), Expected(True, texts)))
    return rows


def adapt(corpus: Corpus, gold: Gold | None = None, *, progress: Progress | None = None) -> Report:
    """Learn from *corpus* and the questions *gold*; changes nothing.

    ``Corpus.adapt_to`` puts what was learned to use. It is learned from
    nothing each time; only the weights stay what they are in the corpus where
    there are too few questions to fit them.
    """
    tell = progress or (lambda what, done, total: None)
    said = _sentences(corpus)
    mates = _mates(corpus, said)
    asked = _asked(corpus, gold)
    enough = len(asked) >= LEAST
    start = Adapted(SHIPPED if enough else corpus.adapted().weights)

    learned = replace(start, translations=learn(mates))
    as_is, after = _cases(corpus, asked, start), _cases(corpus, asked, learned)
    steps = [_by_mates(corpus, mates, tell)]
    if (crossing := sum(one.crosses for one in asked)) >= LEAST:
        name = f"{len(asked)} questions, {crossing} of them across languages"
        ranks = [[case.rank(start.weights) for case in cases] for cases in (as_is, after)]
        steps.append(Step("translations", name, _compared(*ranks)))
    translates = steps[0].better and not any(step.worse for step in steps)
    better = learned if translates else start
    if gold and not enough:
        steps.append(Step("weights", f"{len(asked)} questions; it takes {LEAST}", {}))
    elif gold:
        cases = after if translates else as_is
        learned = replace(learned, weights=fit(cases))
        ranks = [[case.rank(SHIPPED) for case in cases], cross_validated(cases)]
        steps.append(Step("weights", f"{len(asked)} questions", _compared(*ranks)))
        if steps[-1].better:
            better = replace(better, weights=learned.weights)
    return Report(
        {language: len(rows) for language, rows in sorted(said.items())},
        len(mates),
        len(asked),
        gold.problems if gold else (),
        steps,
        learned,
        better if translates or steps[-1].better else None,
    )


# What there is to learn from


@dataclass(frozen=True, slots=True)
class _Asked:
    """A saved question, and the language in which it is answered."""

    item: Item
    question: Question
    vectors: QuestionVectors
    answered_in: str

    @property
    def crosses(self) -> bool:
        return self.question.language != self.answered_in


def _sentences(corpus: Corpus) -> Said:
    """Sentences worth pairing, each text once, evenly drawn where there are too many.

    A language with too few is left out.
    """
    said: dict[str, dict[str, Sentence]] = {}
    for listed in corpus.documents():
        document = corpus.document(listed.id)
        for span in sentences(document):
            text = span.of(document.text)
            if worth_pairing(text):
                sentence = Sentence(text, document.language, document.id, span.start)
                said.setdefault(document.language, {}).setdefault(text, sentence)
    return {
        language: list(rows.values())[:: 1 + (len(rows) - 1) // SENTENCES[-1]]
        for language, rows in said.items()
        if len(rows) >= SENTENCES[0]
    }


def _mates(corpus: Corpus, said: Said) -> list[Pair]:
    """Pairs of sentences across every two languages that have some."""
    vectors = {language: _vectors(corpus, rows) for language, rows in said.items()}
    return [
        pair
        for one, other in combinations(sorted(said), 2)
        for pair in sentence_pairs(said[one], said[other], (vectors[one], vectors[other]))
    ]


def _vectors(corpus: Corpus, sentences: Sequence[Sentence]) -> Vectors:
    """Those that the corpus holds, one row a sentence.

    They know the sentences around them, and find as many mates as sentences
    encoded by themselves (docs/log.md).
    """
    rows = []
    for id, some in groupby(sentences, key=lambda sentence: sentence.document):
        stored = corpus.sentence_vectors(id)
        rows += [stored[sentence.start] for sentence in some]
    return np.stack(rows)


def _asked(corpus: Corpus, gold: Gold | None) -> list[_Asked]:
    """The answerable questions of *gold* for which a place in the corpus is known."""
    items = [item for item in gold.items if item.answerable and item.places] if gold else []
    questions = [understand(item.text) for item in items]
    vectors = encode_questions(corpus.embedder, [question.text for question in questions])
    language = {listed.id: listed.language for listed in corpus.documents()}
    return [
        _Asked(item, question, encoded, language[next(iter(item.places))])
        for item, question, encoded in zip(items, questions, vectors, strict=True)
    ]


# Measuring


def _cases(corpus: Corpus, asked: Sequence[_Asked], adapted: Adapted) -> list[Case]:
    """The candidates of each question and what speaks for them, with what *adapted* translates."""
    cases = []
    for one in asked:
        found = corpus.considered(one.question, one.vectors, adapted)
        right = [one.item.answered_by(p.document_id, p.span) for p in found.passages]
        ranked = found.ranked
        cases.append(
            Case.of(one.question.language, found.languages, ranked.dense, ranked.lexical, right)
        )
    return cases


def _by_mates(corpus: Corpus, mates: Sequence[Pair], tell: Progress) -> Step:
    """Ask with part of a sentence for the passage with its mate, learning from other folds.

    By words alone, because it was the vectors that found the mates. With six
    words, because a whole sentence finds its mate in any case (docs/log.md).
    """
    if len(mates) < LEAST:
        return Step("translations", f"{len(mates)} sentence pairs; it takes {LEAST}", {})
    fold = folds([" ".join(sentence.language for sentence in pair) for pair in mates])
    random = np.random.default_rng(1)
    drawn = np.sort(random.permutation(len(mates))[:MOST_MATES])
    before, after = [], []
    for number in range(FOLDS):
        tell("measuring translations", number, FOLDS)
        table = learn([pair for row, pair in enumerate(mates) if fold[row] != number])
        for row in drawn[fold[drawn] == number].tolist():
            # Every other one is asked for in the other direction.
            asked, wanted = mates[row] if row % 2 else mates[row][::-1]
            words = asked.text.split()
            first = int(random.integers(0, max(1, len(words) - PART + 1)))
            part = replace(asked, text=" ".join(words[first : first + PART]))
            before.append(_rank_by_words(corpus, part, wanted, NOTHING))
            after.append(_rank_by_words(corpus, part, wanted, Adapted(translations=table)))
    tell("measuring translations", FOLDS, FOLDS)
    name = f"{len(drawn)} sentences asked for by {PART} words of another language, by words alone"
    return Step("translations", name, _compared(before, after))


def _rank_by_words(corpus: Corpus, asked: Sentence, wanted: Sentence, adapted: Adapted) -> int:
    """The rank of the passage that holds *wanted*, 0 if it is not among the first ten."""
    found = corpus.by_words(asked.text, asked.language, wanted.language, adapted)
    for rank, passage in enumerate(found, start=1):
        if passage.document_id == wanted.document and (passage.start <= wanted.start < passage.end):
            return rank
    return 0


def _compared(before: Sequence[int], after: Sequence[int]) -> dict[str, Difference]:
    """Figures from the rank of the first right passage, 0 where it was not found.

    With one thing to find, they are those that ir-measures gives.
    """
    measures: dict[str, Callable[[int], float]] = {
        "nDCG@10": gain,
        "R@5": lambda rank: float(0 < rank <= 5),
        "RR@10": lambda rank: 1 / rank if 0 < rank <= 10 else 0.0,
    }
    return {
        name: compare_means(np.array(list(map(of, before))), np.array(list(map(of, after))))
        for name, of in measures.items()
    }

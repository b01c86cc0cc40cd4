"""What is measured: the name of each figure, what it means, and the value for one question.

Ranking is measured by ir-measures; answers by the words of the first quote.
Knows rankings and texts as arguments; knows nothing about corpora.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import AP, RR, R, nDCG

DEPTH = 100  # hits that are looked at
RANKING = (nDCG @ 10, R @ 1, R @ 5, R @ 10, R @ 100, RR @ 10, AP)

# An expected text of more words is a sentence, which EM and F1 say nothing about.
SHORT_WORDS = 10


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: its *name* in JSON, what a person reads, and which way is better."""

    name: str
    label: str
    meaning: str
    group: str
    higher_is_better: bool = True
    percent: bool = True


FINDING = "Finding the right passage"
ANSWERING = "Quoting the answer"
REFUSING = "Knowing when not to answer"

MEASURES = (
    Measure(
        "nDCG@10",
        "Ranking quality",
        "1 when every right passage stands at the top, less the further down it stands, 0 when "
        "none is among the first ten. The figure most often compared between search systems.",
        FINDING,
        percent=False,
    ),
    Measure("R@1", "Right passage first", "The right passage is the very first hit.", FINDING),
    Measure("R@5", "Among the first 5", "The right passage is one of the first five.", FINDING),
    Measure("R@10", "Among the first 10", "The right passage is one of the first ten.", FINDING),
    Measure(
        "R@100",
        "Among the first 100",
        "The right passage is found at all. What is missing here, no reader can quote.",
        FINDING,
    ),
    Measure(
        "RR@10",
        "Reciprocal rank",
        "1 when the first hit is right, 1/2 when the second is, 1/3 the third, and so on; "
        "0 beyond the tenth.",
        FINDING,
        percent=False,
    ),
    Measure(
        "AP",
        "Average precision",
        "Like reciprocal rank, for questions with several right passages.",
        FINDING,
        percent=False,
    ),
    Measure(
        "answer@1",
        "Answer in the first quote",
        "Of the questions that have an answer: the first quote holds it, and is from a right "
        "passage. A refusal counts as a miss.",
        ANSWERING,
    ),
    Measure(
        "answer@any",
        "Answer in any quote",
        "Of the questions that have an answer: one of the up to three quotes holds it, and is from "
        "a right passage. A refusal counts as a miss.",
        ANSWERING,
    ),
    Measure(
        "EM",
        "Short answer, word for word",
        "Where a short answer is known (a name, a date): its words stand in the first quote, "
        "one after the other.",
        ANSWERING,
    ),
    Measure(
        "F1",
        "Short answer, in part",
        "How far the best-fitting words of the first quote agree with the short answer. A small "
        "difference in wording costs a little instead of everything.",
        ANSWERING,
        percent=False,
    ),
    Measure(
        "marked",
        "Short answer marked",
        "Where a short answer is known: one is marked in the first quote. Nothing is marked "
        "where it is not sure, and nothing in a refusal.",
        ANSWERING,
    ),
    Measure(
        "marked_EM",
        "Marked, word for word",
        "Of the short answers that are marked: exactly the expected words.",
        ANSWERING,
    ),
    Measure(
        "marked_F1",
        "Marked, in part",
        "How far the words that are marked agree with the short answer.",
        ANSWERING,
        percent=False,
    ),
    Measure(
        "coverage",
        "Questions answered",
        "The share of all questions that got quotes and not a refusal.",
        REFUSING,
    ),
    Measure(
        "risk",
        "Wrong among the answered",
        "Of the questions that were answered, the share whose quotes do not hold the answer. "
        "A question without an answer that was answered all the same is wrong.",
        REFUSING,
        higher_is_better=False,
    ),
    Measure(
        "AURC",
        "Area under the risk curve",
        "The average risk over all shares of questions one might answer, surest first. Low "
        "when the wrong answers are the unsure ones.",
        REFUSING,
        higher_is_better=False,
        percent=False,
    ),
    Measure(
        "correct_refusals",
        "Rightly refused",
        "Of the questions that nothing in the documents answers, the share that was refused.",
        REFUSING,
    ),
    Measure(
        "wrong_refusals",
        "Wrongly refused",
        "Of the questions that have an answer, the share that was refused.",
        REFUSING,
        higher_is_better=False,
    ),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


def ranking_scores(
    qrels: Mapping[str, Mapping[str, int]], run: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Figures of ``RANKING`` for each question of *qrels*; *run* holds its hits, best first.

    A question without hits scores 0.
    """
    names = [str(measure) for measure in RANKING]
    found = {question: dict.fromkeys(names, 0.0) for question in qrels}
    judged = [
        ir_measures.Qrel(question, passage, grade)
        for question, right in qrels.items()
        for passage, grade in right.items()
    ]
    # ir-measures orders by score; ranks as scores leave no ties for it to break.
    hits = [
        ir_measures.ScoredDoc(question, passage, float(-place))
        for question in qrels
        for place, passage in enumerate(run.get(question, ())[:DEPTH])
    ]
    if hits:
        for value in ir_measures.iter_calc(RANKING, judged, hits):
            found[value.query_id][str(value.measure)] = float(value.value)
    return found


# SQuAD (Rajpurkar et al. 2016): as its evaluation script compares answers.

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "‘’“”–—…")


def squad_words(text: str) -> list[str]:
    """The words of *text* in lower case, without punctuation and English articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def exact_match(quote: str, answers: Sequence[str]) -> float:
    """1 if the words of one of *answers* stand in *quote*, one after the other.

    SQuAD asks for equality; a quote is a whole sentence and can never be
    equal to a name, so the words need only be there.
    """
    words = squad_words(quote)
    for answer in answers:
        wanted = squad_words(answer)
        width = len(wanted)
        if wanted and any(words[i : i + width] == wanted for i in range(len(words) - width + 1)):
            return 1.0
    return 0.0


def overlap_f1(quote: str, answers: Sequence[str]) -> float:
    """The best F1, 0 to 1, of one of *answers* with any run of words of *quote*.

    SQuAD's F1 over words. The run may be up to three times as long as the
    answer: over the whole sentence F1 would measure the sentence's length.
    """
    words = squad_words(quote)
    best = 0.0
    for answer in answers:
        wanted = Counter(squad_words(answer))
        size = wanted.total()
        for start in range(len(words)):
            left, common = wanted.copy(), 0
            for length, word in enumerate(words[start : start + 3 * size], start=1):
                if left[word] > 0:
                    left[word] -= 1
                    common += 1
                best = max(best, 2 * common / (length + size))
    return best


def equal(marked: str, answers: Sequence[str]) -> float:
    """1 if *marked* is one of *answers*: SQuAD's EM."""
    words = squad_words(marked)
    return float(any(words == squad_words(answer) for answer in answers))


def whole_f1(marked: str, answers: Sequence[str]) -> float:
    """The best F1, 0 to 1, of all the words of *marked* with one of *answers*: SQuAD's F1."""
    words = Counter(squad_words(marked))
    best = 0.0
    for answer in answers:
        wanted = Counter(squad_words(answer))
        common = (words & wanted).total()
        best = max(best, 2 * common / max(1, words.total() + wanted.total()))
    return best


def is_short(text: str) -> bool:
    """True for an answer of a few words, which EM and F1 can be measured on."""
    return 0 < len(squad_words(text)) <= SHORT_WORDS

"""What somebody says about something, for "what did X say about Y".

Such a question is not put to the documents at large: Y is looked for in what X says.
So the search is limited to X's words, as by the filter ``speaker:X``, a statement is
about Y where ``topics`` finds it is, as in ``Corpus.statements``, and only such are
quoted. A question of fact that names X as its source ("how many, according to X") is put,
without that name, to the passages in which X speaks, under the ordinary refusal. Any other
question, or one about somebody who never speaks, is put as it stands. docs/log.md has what
this gains over putting every question to all passages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from qa.answering import topics
from qa.answering.question import Kind, Question
from qa.answering.searching import Found
from qa.answering.snapshot import Snapshot
from qa.language.names import same_person
from qa.types import Filter, FilterKey, QuestionVectors, Statement

# How fast the chance that a statement is about the topic grows with its score, as fitted
# by ``benchmarks/own_words.py``.
STEEPNESS = 10.7


def readings(question: Question, now: Snapshot) -> list[Question]:
    """How *question* is put, the first that is answered counting.

    Where somebody's words about a topic are asked for, or a fact of somebody: the topic, or the
    question without its source, limited to their words by a filter; then, unless the filter
    was typed, the question as it stands, since ``topics`` knows no synonyms. Of what answers it
    then their own words count alone (for a fact, also what is told of them; see
    ``Evidence.of``), if the name was written and not an office.
    """
    typed = len(question.limited_to) == 1
    topic = question.topic or (question.text if typed else "")
    for one in question.filters:
        if one.key is FilterKey.DATE and not one.restricts:  # "in 2019": not what it is about
            topic = " ".join(topic.replace(one.written, " ").split())
    if (
        question.speaker is None
        or question.who_said
        or question.fields
        or not now.names_of(question.speaker)
    ):
        return [question]
    on_topic = bool(topic) and question.kind is Kind.OTHER
    if not on_topic and not question.claim:
        return [question]
    theirs = Filter(FilterKey.SPEAKER, question.speaker, question.speaker, restricts=False)
    known = [one for one in question.filters if one.key is FilterKey.SPEAKER] or [theirs]
    others = (one for one in question.filters if one.key is not FilterKey.SPEAKER)
    limits = (*(replace(one, restricts=True) for one in known), *others)
    put = topic if on_topic else question.claim
    own = replace(question, text=put, filters=limits, own_words=on_topic)
    if typed:
        return [own]
    if any(not same_person(one.written, one.value) for one in known):
        # Somebody else may hold the office as well: then whoever it is.
        left = tuple(one for one in question.filters if one not in known)
        return [own, replace(question, speaker=None, filters=left)]
    return [own, question]


@dataclass(frozen=True, slots=True)
class Uttered:
    """The speaker's statements about the topic, by how much they are about it.

    *above*: how far the best of all is over the least score that is enough; -inf if there
    are none. *passages*: in how many of those found those in *scores* stand.
    """

    scores: Mapping[Statement, float]
    above: float
    passages: int

    def certainty(self, enough: float) -> float:
        """The chance that the best is about the topic, 0 to 1; *enough* where *above* is 0."""
        odds = min(max(enough, 0.01), 0.99)
        odds /= 1 - odds
        return 1 / (1 + math.exp(-STEEPNESS * max(self.above, -1.0)) / odds)


def uttered(found: Found, vectors: QuestionVectors, now: Snapshot) -> tuple[Found, Uttered]:
    """What the speaker says about the topic, and *found* with the passages that hold it first."""
    speaker = found.question.speaker or ""
    theirs = [s for one in now.speakers().called(speaker) for s in one.statements]
    scores = about(theirs, found, vectors, now)
    least = topics.weights_for(found.words).least
    above = max(scores.values(), default=-math.inf) - least
    kept = {statement: score for statement, score in scores.items() if score >= least}
    ranked = found.ranked
    worth = []
    for segment in now.store.segments(ranked.numbers.tolist()):
        span, home = segment.passage.span, segment.passage.document_id
        inside = [v for s, v in kept.items() if s.document_id == home and s.span.overlaps(span)]
        worth.append(max(inside, default=-math.inf))
    order = np.argsort(-np.array(worth), kind="stable")
    held = sum(math.isfinite(value) for value in worth)
    return replace(found, ranked=ranked.at(order)), Uttered(kept, above, held)


def about(
    statements: Sequence[Statement], found: Found, vectors: QuestionVectors, now: Snapshot
) -> dict[Statement, float]:
    """How much each of *statements* in the passages *found* is about what was looked for."""
    numbers = found.ranked.numbers.tolist()
    document = lru_cache(maxsize=64)(now.store.document)
    stretches = []
    for segment, rows in zip(
        now.store.segments(numbers), now.sentence_vectors(numbers), strict=True
    ):
        whole = document(segment.passage.document_id)
        stretches.append(
            topics.Stretch(
                whole.id, whole.title, whole.text, whole.language, segment.sentences, rows
            )
        )
    return topics.scores(
        statements, stretches, words=found.words, idf=found.ranked.idf, vector=vectors.whole
    )

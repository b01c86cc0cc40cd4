"""Stage 5: questions find their passages, and the languages stay together.

In-batch contrastive learning on questions with their passages. A batch holds
groups of passages that are hard to tell apart (nearest in words), so that its
negatives are hard ones at no cost, and each passage brings several questions,
which are short and cost little beside it. A passage is scored twice, by its own
vector and by its sentence nearest to the question (late pooling from the same
pass), since retrieval uses both, and where it is known which sentence holds the
answer, that one is to be the nearest of its passage. In every step some parallel sentences keep the
two languages from drifting apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.feature_extraction.text import (  # type: ignore[import-untyped]
    TfidfVectorizer,
)
from tokenizers import Tokenizer

from embeddings.training.data import TRAIN_SETS, Pair, QuestionSet, weighted_sample
from embeddings.training.loop import Rates, best_device, contrastive, optimise
from embeddings.training.student import Student, batch_of, encode_ids, pooled
from qa.language.detection import detect
from qa.language.sentences import sentence_spans
from qa.types import Span

PASSAGES = 32
GROUP = 8
QUESTIONS = 3  # of one passage in one batch
PARALLEL = 48
PASSAGE_TOKENS = 128
QUESTION_TOKENS = 48
TEMPERATURE = 0.05
OTHER_LANGUAGE = 0.6
ANSWERING = 0.3


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions, their passages, which passage answers each question, and where.

    *answers*: the offset in that passage at which the answer begins, or None.
    """

    questions: list[str]
    passages: list[str]
    positives: list[int]
    answers: list[int | None]


class Grouped:
    """A set of questions by passage, and each passage's nearest neighbours."""

    def __init__(self, asked: QuestionSet) -> None:
        self.asked = asked
        of_passage: dict[int, list[int]] = defaultdict(list)
        for question, passage in enumerate(asked.positives):
            of_passage[passage].append(question)
        self.of_passage = of_passage
        self.passages = sorted(of_passage)
        self.neighbours = nearest([asked.passages[p] for p in self.passages], GROUP)

    def batch(self, random: np.random.Generator) -> Batch:
        """Groups of neighbouring passages with questions, :data:`PASSAGES` in all.

        No passage twice, so that no in-batch negative is in truth an answer.
        """
        chosen: dict[int, None] = {}
        while len(chosen) < min(PASSAGES, len(self.passages)):
            for place in self.neighbours[random.integers(len(self.passages))]:
                chosen[self.passages[place]] = None
        batch = Batch([], [], [], [])
        for passage in list(chosen)[:PASSAGES]:
            texts = either(self.asked.passages, self.asked.other_passages, random)
            questions = self.of_passage[passage]
            for i in random.permutation(len(questions))[:QUESTIONS]:
                batch.questions.append(
                    either(self.asked.questions, self.asked.other_questions, random)[questions[i]]
                )
                batch.positives.append(len(batch.passages))
                own = texts is self.asked.passages
                batch.answers.append(self.asked.answers[questions[i]] if own else None)
            batch.passages.append(texts[passage])
        return batch


def either(own: list[str], other: list[str], random: np.random.Generator) -> list[str]:
    """The texts in their own language or, where they exist, in the other one.

    Drawn for every text anew, so that a question meets right and wrong
    passages in both languages and the language says nothing about the answer.
    """
    return other if other and random.random() < OTHER_LANGUAGE else own


def nearest(texts: Sequence[str], count: int) -> npt.NDArray[np.int64]:
    """Numbers of the *count* texts most alike in words to each, itself first, shape (n, count)."""
    frequent = max(20, len(texts) // 50)  # words in more texts say little and cost most
    vectors = TfidfVectorizer(sublinear_tf=True, max_df=frequent, dtype=np.float32).fit_transform(
        texts
    )
    count = min(count, len(texts))
    rows = []
    for start in range(0, len(texts), 500):
        likeness = (vectors[start : start + 500] @ vectors.T).toarray()
        likeness[np.arange(len(likeness)), start + np.arange(len(likeness))] = np.inf
        rows.append(np.argsort(-likeness, axis=1, kind="stable")[:, :count])
    return np.concatenate(rows)


def part_masks(
    tokens: Tokenizer, texts: Sequence[str], spans: Sequence[Sequence[Span]], length: int
) -> torch.Tensor:
    """Which of the first *length* tokens belong to which part, (texts, parts, length).

    *spans* holds each text's parts, rising: its sentences, or its words.
    """
    masks = np.zeros((len(texts), max(1, *map(len, spans)), length), np.float32)
    for i, encoding in enumerate(tokens.encode_batch(list(texts))):
        if not spans[i]:
            continue
        offsets = np.array(encoding.offsets[:length])
        starts = np.array([span.start for span in spans[i]])
        ends = np.array([span.end for span in spans[i]])
        part = np.searchsorted(starts, offsets[:, 0], side="right") - 1
        inside = (part >= 0) & (offsets[:, 1] <= ends[part]) & (offsets[:, 1] > offsets[:, 0])
        masks[i, part[inside], np.flatnonzero(inside)] = 1
    return torch.from_numpy(masks)


def answering(batch: Batch, spans: Sequence[Sequence[Span]]) -> list[int]:
    """For each question the number of the sentence in which its answer begins, or -1."""
    found = []
    for positive, start in zip(batch.positives, batch.answers, strict=True):
        places = [
            place
            for place, span in enumerate(spans[positive])
            if start is not None and span.start <= start < span.end
        ]
        found.append(places[0] if places else -1)
    return found


def finetune(
    student: Student,
    tokens: Tokenizer,
    sets: Sequence[QuestionSet],
    pairs: Sequence[Pair],
    *,
    steps: int,
    checkpoint: Path,
    rates: Rates,
    seed: int = 2,
) -> None:
    """Train *student* in place."""
    device = best_device()
    student.to(device)
    grouped = [Grouped(asked) for asked in sets]
    shares = np.array([TRAIN_SETS[s.name] for s in sets])
    weights = np.array([pair.weight for pair in pairs])

    def vectors(texts: Sequence[str], limit: int) -> torch.Tensor:
        made: torch.Tensor = student(*batch_of(encode_ids(tokens, texts, limit), device))
        return made

    def loss_of(step: int) -> torch.Tensor:
        random = np.random.default_rng((seed, step))
        batch = grouped[random.choice(len(sets), p=shares / shares.sum())].batch(random)
        spans = [sentence_spans(text, detect(text)) for text in batch.passages]
        parallel = [pairs[i] for i in weighted_sample(weights, PARALLEL, seed * 999_983 + step)]
        ids, mask = batch_of(encode_ids(tokens, batch.passages, PASSAGE_TOKENS), device)
        sentences = part_masks(tokens, batch.passages, spans, ids.shape[1]).to(device)
        parts = torch.cat([mask.unsqueeze(1), sentences], dim=1)
        passages = pooled(student.hidden(ids, mask), parts)
        questions = vectors(batch.questions, QUESTION_TOKENS)
        scores = torch.einsum("qd,psd->qps", questions, passages) / TEMPERATURE
        positives = torch.tensor(batch.positives, device=device)
        cross_entropy = torch.nn.functional.cross_entropy
        # A missing sentence has zeros: the score of an unrelated text.
        loss = 0.5 * cross_entropy(scores[:, :, 0], positives)
        loss = loss + 0.5 * cross_entropy(scores[:, :, 1:].amax(2), positives)
        loss = loss + 0.5 * contrastive(
            vectors([p.indonesian for p in parallel], 48),
            vectors([p.english for p in parallel], 48),
        )
        sentence = torch.tensor(answering(batch, spans), device=device)
        # Beyond the last token that was read there is nothing to choose.
        read = sentences.any(2)[positives, sentence.clamp(min=0)]
        if (known := (sentence >= 0) & read).any():
            own = scores[known, positives[known], 1:]
            loss = loss + ANSWERING * cross_entropy(own, sentence[known])
        return loss

    optimise(student, loss_of, steps=steps, rates=rates, checkpoint=checkpoint)

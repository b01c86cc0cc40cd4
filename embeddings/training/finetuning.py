"""Stage 5: questions find their passages, and the languages stay together.

In-batch contrastive learning on questions with their passages, English
questions on Indonesian passages among them, and in every step some parallel
sentences so that the two languages do not drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from embeddings.training.data import TRAIN_SETS, Pair, QuestionSet, weighted_sample
from embeddings.training.loop import best_device, contrastive, optimise
from embeddings.training.student import Student, batch_of, encode_ids

QUESTIONS = 32
PARALLEL = 32
PASSAGE_TOKENS = 128


def question_batch(chosen: QuestionSet, random: np.random.Generator) -> tuple[list[str], list[str]]:
    """Questions and their passages; no passage twice, so that no in-batch
    negative is in truth an answer."""
    questions, passages, used = [], [], set()
    for i in random.permutation(len(chosen.questions)):
        positive = chosen.positives[i]
        if positive in used:
            continue
        used.add(positive)
        translated = bool(chosen.other) and random.random() < 0.6
        questions.append(chosen.other[i] if translated else chosen.questions[i])
        passages.append(chosen.passages[positive])
        if len(questions) == QUESTIONS:
            break
    return questions, passages


def finetune(
    student: Student,
    tokens: Tokenizer,
    sets: Sequence[QuestionSet],
    pairs: Sequence[Pair],
    *,
    steps: int,
    checkpoint: Path,
    seed: int = 2,
) -> None:
    """Train *student* in place."""
    device = best_device()
    student.to(device)
    shares = np.array([TRAIN_SETS[s.name] for s in sets])
    weights = np.array([pair.weight for pair in pairs])

    def vectors(texts: Sequence[str], limit: int) -> torch.Tensor:
        made: torch.Tensor = student(*batch_of(encode_ids(tokens, texts, limit), device))
        return made

    def loss_of(step: int) -> torch.Tensor:
        random = np.random.default_rng((seed, step))
        chosen = sets[random.choice(len(sets), p=shares / shares.sum())]
        questions, passages = question_batch(chosen, random)
        parallel = [pairs[i] for i in weighted_sample(weights, PARALLEL, seed * 999_983 + step)]
        return contrastive(
            vectors(questions, 64), vectors(passages, PASSAGE_TOKENS)
        ) + 0.5 * contrastive(
            vectors([p.indonesian for p in parallel], 64),
            vectors([p.english for p in parallel], 64),
        )

    optimise(
        student, loss_of, steps=steps, layers_rate=5e-5, embeddings_rate=1e-4, checkpoint=checkpoint
    )

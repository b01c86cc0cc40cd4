"""Stage 4: the student learns to put Indonesian where the teacher puts English.

Multilingual knowledge distillation (Reimers & Gurevych 2020): the student's
vector of an Indonesian sentence, and now and then of the English one, moves
towards the teacher's vector of the English one; a contrastive term keeps
neighbours apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from embeddings.training.data import Pair, weighted_sample
from embeddings.training.loop import Rates, best_device, contrastive, optimise
from embeddings.training.student import Student, batch_of, encode_ids, load_student, teacher_folder

BATCH = 96
POOL = 24  # batches that are drawn together and sorted by length
ENGLISH_SHARE = 0.15
JOINED_SHARE = 0.2


class Batches:
    """Weighted batches of like length, a function of the step number alone."""

    def __init__(self, pairs: Sequence[Pair], *, seed: int) -> None:
        self.pairs = pairs
        self.seed = seed
        self.weights = np.array([pair.weight for pair in pairs])
        self._pool: list[list[tuple[str, str]]] = []
        self._pool_number = -1

    def at(self, step: int) -> list[tuple[str, str]]:
        """The (text for the student, English text for the teacher) pairs of *step*."""
        number, place = divmod(step, POOL)
        if number != self._pool_number:
            self._pool, self._pool_number = self._draw(number), number
        return self._pool[place]

    def _draw(self, number: int) -> list[list[tuple[str, str]]]:
        seed = self.seed * 1_000_003 + number
        random = np.random.default_rng(seed)
        chosen = iter(weighted_sample(self.weights, BATCH * POOL * 2, seed))
        texts: list[tuple[str, str]] = []
        while len(texts) < BATCH * POOL:
            parts = [self.pairs[next(chosen)]]
            if random.random() < JOINED_SHARE:
                parts += [self.pairs[next(chosen)] for _ in range(2)]
            english = " ".join(part.english for part in parts)
            indonesian = " ".join(part.indonesian for part in parts)
            student = english if random.random() < ENGLISH_SHARE else indonesian
            texts.append((student, english))
        texts.sort(key=lambda text: len(text[0]))
        batches = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
        random.shuffle(batches)
        return batches


def distil(
    student: Student,
    tokens: Tokenizer,
    pairs: Sequence[Pair],
    *,
    steps: int,
    checkpoint: Path,
    seed: int = 1,
) -> None:
    """Train *student* in place."""
    device = best_device()
    teacher, teacher_tokens = load_student(teacher_folder())
    teacher.eval().to(device)
    student.to(device)
    batches = Batches(pairs, seed=seed)

    def loss_of(step: int) -> torch.Tensor:
        batch = batches.at(step)
        with torch.no_grad():
            target = teacher(*batch_of(encode_ids(teacher_tokens, [b for _, b in batch]), device))
        vector = student(*batch_of(encode_ids(tokens, [a for a, _ in batch]), device))
        distance = 1 - (vector * target).sum(-1)
        loss: torch.Tensor = 10 * distance.mean() + 0.5 * contrastive(vector, target)
        return loss

    optimise(student, loss_of, steps=steps, rates=Rates(2e-4, 6e-4), checkpoint=checkpoint)

"""Stage 6: the matrix that makes vectors of words, for late interaction.

A question finds its passage word by word: every word takes its nearest in the
passage, and the passage scores by the mean of these cosines (Khattab & Zaharia,
"ColBERT", SIGIR 2020). A word's vector is the sum over its tokens of their last
states times one matrix. Only that matrix is trained, on the same batches as
fine-tuning; trained together with the network, words gained nothing and
the vectors of passages lost (docs/log.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from embeddings.training.data import TRAIN_SETS, QuestionSet
from embeddings.training.finetuning import (
    PASSAGE_TOKENS,
    QUESTION_TOKENS,
    Grouped,
    part_masks,
)
from embeddings.training.loop import Rates, best_device, optimise
from embeddings.training.student import WORD_DIM, Student, batch_of, encode_ids
from qa.language.tokens import tokens as word_tokens
from qa.types import Span

TEMPERATURE = 0.03
START_PASSAGES = 60  # of each set, to start from


def words_of(texts: Sequence[str]) -> list[list[Span]]:
    """Where the words of each text stand."""
    return [[Span(word.start, word.end) for word in word_tokens(text)] for text in texts]


def late_interaction(questions: torch.Tensor, passages: torch.Tensor) -> torch.Tensor:
    """Mean over a question's words of the cosine of each with the passage's nearest word.

    *questions*: (q, words, WORD_DIM), *passages*: (p, words, WORD_DIM); words of
    zeros are padding. Shape (q, p). A question's word weighs as much as its
    vector is long, so what matters in a question is learnt with the rest.
    """
    unit = torch.nn.functional.normalize(passages, dim=-1)
    cosines = torch.einsum("qwd,pvd->qpwv", questions, unit)
    there = (passages != 0).any(-1)
    best = cosines.masked_fill(~there[None, :, None], -torch.inf).amax(3)
    lengths = questions.norm(dim=-1).sum(1).clamp(min=1e-6)
    means: torch.Tensor = best.sum(2) / lengths[:, None]
    return means


@torch.no_grad()
def principal_directions(student: Student, tokens: Tokenizer, texts: Sequence[str]) -> torch.Tensor:
    """The WORD_DIM directions in which token states differ most, shape (dim, WORD_DIM).

    A start from which late interaction works before any training.
    """
    ids, mask = batch_of(encode_ids(tokens, texts, PASSAGE_TOKENS), "cpu")
    states = student.hidden(ids, mask)[mask.bool()].float()
    directions: torch.Tensor = torch.linalg.svd(states, full_matrices=False)[2]
    return directions[:WORD_DIM].T


def train_words(
    student: Student,
    tokens: Tokenizer,
    sets: Sequence[QuestionSet],
    *,
    steps: int,
    checkpoint: Path,
    rates: Rates,
    seed: int = 3,
) -> None:
    """Train the word matrix of *student* in place; the rest stays as it is."""
    device = best_device()
    grouped = [Grouped(asked) for asked in sets]
    shares = np.array([TRAIN_SETS[s.name] for s in sets])
    if not student.word_matrix.any():
        some = [text for asked in sets for text in asked.passages[:START_PASSAGES]]
        student.word_matrix.data.copy_(principal_directions(student.cpu(), tokens, some))
    student.encoder.requires_grad_(False)
    student.to(device)

    def words(texts: Sequence[str], limit: int) -> torch.Tensor:
        ids, mask = batch_of(encode_ids(tokens, texts, limit), device)
        masks = part_masks(tokens, texts, words_of(texts), ids.shape[1])
        return student.words(student.hidden(ids, mask), masks.to(device))

    def loss_of(step: int) -> torch.Tensor:
        random = np.random.default_rng((seed, step))
        batch = grouped[random.choice(len(sets), p=shares / shares.sum())].batch(random)
        scores = late_interaction(
            words(batch.questions, QUESTION_TOKENS), words(batch.passages, PASSAGE_TOKENS)
        )
        positives = torch.tensor(batch.positives, device=device)
        return torch.nn.functional.cross_entropy(scores / TEMPERATURE, positives)

    optimise(student, loss_of, steps=steps, rates=rates, checkpoint=checkpoint)
    student.encoder.requires_grad_(True)

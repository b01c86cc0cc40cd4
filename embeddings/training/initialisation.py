"""Stage 3: embeddings of new tokens from the English ones they align with.

The student keeps every layer of the teacher. A new token's embedding is the
mean of the English embeddings it aligns with, weighted by t(e|f)^1.5, so the
student reads Indonesian before any training. Relatives: WECHSEL (Minixhofer et
al. 2022) and FOCUS (Dobler & de Melo 2023), which start from static embeddings
instead of an alignment.
"""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer

from embeddings.training.alignment import Alignment, Floats, Ints

SHARPNESS = 1.5
THRESHOLD = 0.02


def aligned_embeddings(
    teacher: Floats,
    alignment: Alignment,
    student_tokens: Tokenizer,
    teacher_tokens: Tokenizer,
    *,
    frequency_source: Ints,
    frequency_target: Ints,
) -> Floats:
    """Embedding matrix of the student, shape (student vocabulary, dim).

    Rows of the teacher's tokens: the teacher's, mixed with the aligned mean in
    proportion to how much more often the token occurs in Indonesian than in
    English ("air" is water as often as air, "dan" is rarely a name). Rows of
    new tokens: the aligned mean, or the mean over the teacher's pieces of the
    same string where nothing aligns.

    *frequency_source*, *frequency_target*: occurrences of each student token
    on the Indonesian and the English side.
    """
    size, dim = student_tokens.get_vocab_size(), teacher.shape[1]
    kept = alignment.above(THRESHOLD)
    weight = kept.probability**SHARPNESS
    total = np.bincount(kept.source, weight, minlength=size)
    mean = np.zeros((size, dim))
    np.add.at(mean, kept.source, weight[:, None] * teacher[kept.target])
    aligned = total > 0
    mean[aligned] /= total[aligned, None]

    known = len(teacher)
    result = np.zeros((size, dim))
    result[:known] = teacher
    # Special tokens and characters seen in both keep the teacher's meaning.
    foreign = frequency_source / np.maximum(frequency_source + frequency_target, 1)
    mix = np.where(aligned[:known] & (frequency_source[:known] >= 20), foreign[:known], 0.0)
    mix[mix < 0.5] = 0.0
    result[:known] += mix[:, None] * (mean[:known] - teacher)

    for number in range(known, size):
        if aligned[number]:
            result[number] = mean[number]
        else:
            piece = (student_tokens.id_to_token(number) or "").removeprefix("##")
            parts = teacher_tokens.encode(piece, add_special_tokens=False).ids
            result[number] = teacher[parts].mean(axis=0) if parts else teacher.mean(axis=0)
    return result

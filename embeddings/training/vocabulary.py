"""Stage 1: the teacher's word pieces, then Indonesian ones it lacks.

The teacher's 30,522 pieces keep their numbers, so its English embeddings stay
in place; Indonesian pieces are appended. Same normaliser and pre-tokeniser.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.trainers import WordPieceTrainer

from embeddings.training.data import Pair


def indonesian_pieces(pairs: Iterable[Pair], size: int, *, seed: int = 0) -> list[str]:
    """Word pieces of the Indonesian side, in alphabetical order.

    Each pair is repeated in proportion to its weight, so that the words of
    news win over those of command references.
    """
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    trainer = WordPieceTrainer(
        vocab_size=size,
        min_frequency=5,
        limit_alphabet=200,
        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        show_progress=False,
    )
    random = np.random.default_rng(seed)

    def repeated() -> Iterable[str]:
        for pair in pairs:
            times = int(pair.weight) + (random.random() < pair.weight % 1)
            yield from [pair.indonesian] * times

    tokenizer.train_from_iterator(repeated(), trainer)
    # Sorted, because the trainer orders pieces of equal frequency by chance.
    return sorted(tokenizer.get_vocab())


def extend_tokenizer(teacher: Path, pieces: Iterable[str]) -> Tokenizer:
    """The tokenizer of the folder *teacher* with the *pieces* it lacks appended."""
    state = json.loads((teacher / "tokenizer.json").read_text("utf-8"))
    vocabulary: dict[str, int] = state["model"]["vocab"]
    for piece in pieces:
        if piece not in vocabulary:
            vocabulary[piece] = len(vocabulary)
    # Padding and truncation belong to whoever runs the model.
    state["padding"] = state["truncation"] = None
    return Tokenizer.from_str(json.dumps(state))

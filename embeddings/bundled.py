"""The bundled model on ONNX Runtime.

Knows how to batch: by tokens, not by texts, with like lengths together, so
that memory stays bounded and little is spent on padding. Knows nothing about
passages or documents.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from qa.errors import ModelError
from qa.types import Span, Vectors

# Where the environment came too late, or does not count, as on Windows.
onnxruntime.disable_telemetry_events()

# Rows times the longest row of a batch. The activations of so few tokens stay in
# the processor's cache: four times as many took a third more time on a CPU and
# twice the memory (docs/log.md).
BATCH_TOKENS = 512


class BundledEmbedder:
    """An embedder over an exported folder (see ``embeddings.training.export``).

    One instance may be used from several threads.
    """

    def __init__(self, folder: Path) -> None:
        needed = [folder / n for n in ("kutip.json", "model.onnx", "tokenizer.json", "words.npy")]
        missing = [path.name for path in needed if not path.is_file()]
        if missing:
            raise ModelError(
                f"{folder}: {', '.join(missing)} missing; reinstall kutip, "
                "or remake the model with python -m embeddings.training"
            )
        card = _loaded(needed[0], lambda path: json.loads(path.read_text("utf-8")))
        self._session = _loaded(needed[1], open_session)
        self._tokenizer = _loaded(needed[2], lambda path: Tokenizer.from_file(str(path)))
        # From the state of a token to its share in the vector of a word, (dim, word_dim).
        self._word_matrix: Vectors = _loaded(
            needed[3], lambda path: np.load(path, allow_pickle=False).astype(np.float32)
        )
        try:
            self.name: str = card["name"]
            self.version: str = card["version"]
            self.dim: int = card["dim"]
            self.max_tokens: int = card["max_tokens"]
        except (KeyError, TypeError) as error:
            raise ModelError(f"{needed[0]}: {error} is missing; reinstall kutip") from error
        if self._word_matrix.shape[:1] != (self.dim,):
            raise ModelError(f"{needed[3]}: not for this model; reinstall kutip")
        self.word_dim: int = self._word_matrix.shape[1]

    @cached_property
    def vocabulary(self) -> list[str]:
        """The tokens that are whole words in small letters, of whichever language, by number."""
        numbers = self._tokenizer.get_vocab()
        return [t for t in sorted(numbers, key=numbers.__getitem__) if t.isalpha() and t.islower()]

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim)."""
        result = np.zeros((len(texts), self.dim), np.float32)
        encoded = self._tokenizer.encode_batch(list(texts))
        for rows, inputs in self._batches(encoded):
            (result[rows],) = self._session.run(["sentence_embedding"], inputs)
        return result

    def encode_words(
        self, texts: Sequence[str], words: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        """Unit vectors, (len(texts), dim), and for each text its words', (words, word_dim).

        A word's vector is the sum over its tokens, so a rare one, of several
        tokens, is long; the model has learnt the rest of its length.
        """
        vectors, _, rows = self._passes(texts, [[] for _ in texts], words)
        return vectors, rows

    def encode_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        words: Sequence[Sequence[Span]],
    ) -> tuple[Vectors, list[Vectors], list[Vectors]]:
        """Unit vectors of the texts, (len(texts), dim), of *parts* and of *words* of each.

        Late pooling: a part's vector, (parts, dim), is the mean over its tokens
        of the pass over the whole text, so it costs nothing and knows its
        surroundings; and so is a word's, (words, word_dim). A part beyond
        max_tokens gets the vector of the text, a word there zeros.
        """
        vectors, pooled, rows = self._passes(texts, parts, words)
        for vector, of_parts, of_words in zip(vectors, pooled, rows, strict=True):
            of_parts[~of_parts.any(axis=1)] = vector
            for made in (of_parts, of_words):
                made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        return vectors, pooled, rows

    def _passes(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        words: Sequence[Sequence[Span]],
    ) -> tuple[Vectors, list[Vectors], list[Vectors]]:
        """Vectors of the texts, and sums over the tokens of each part and word."""
        result = np.zeros((len(texts), self.dim), np.float32)
        pooled = [np.zeros((len(spans), self.dim), np.float32) for spans in parts]
        rows_of_words = [np.zeros((len(spans), self.word_dim), np.float32) for spans in words]
        encoded = self._tokenizer.encode_batch(list(texts))
        for rows, inputs in self._batches(encoded):
            result[rows], hidden = self._session.run(
                ["sentence_embedding", "token_embeddings"], inputs
            )
            short = hidden @ self._word_matrix
            for row, states, shares in zip(rows, hidden, short, strict=True):
                offsets = np.array(encoded[row].offsets[: self.max_tokens])
                _add_up(states, offsets, parts[row], pooled[row])
                _add_up(shares, offsets, words[row], rows_of_words[row])
        return result, pooled, rows_of_words

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens, not cut."""
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encoded]

    def _batches(
        self, encoded: Sequence[Encoding]
    ) -> Iterator[tuple[list[int], dict[str, npt.NDArray[np.int64]]]]:
        """Row numbers and inputs, like lengths together, each within BATCH_TOKENS."""
        tokens = [self._cut(encoding.ids) for encoding in encoded]
        batch: list[int] = []
        for row in sorted(range(len(tokens)), key=lambda row: len(tokens[row])):
            if batch and (len(batch) + 1) * len(tokens[row]) > BATCH_TOKENS:
                yield batch, _inputs([tokens[i] for i in batch])
                batch = []
            batch.append(row)
        if batch:
            yield batch, _inputs([tokens[i] for i in batch])

    def _cut(self, ids: list[int]) -> list[int]:
        """At most max_tokens, keeping the closing special token."""
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]


_T = TypeVar("_T")


def _loaded(path: Path, load: Callable[[Path], _T]) -> _T:
    """``load(path)``, with whatever it raises told as damage to that file."""
    try:
        return load(path)
    except Exception as error:  # tokenizers and onnxruntime raise many kinds, none public
        raise ModelError(f"{path}: damaged ({error}); reinstall kutip") from error


def open_session(path: Path, *, threads: int | None = None) -> onnxruntime.InferenceSession:
    """An ONNX model as Kutip runs it, on *threads* cores (by default all, up to eight)."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(8, os.cpu_count() or 1)
    options.log_severity_level = 3
    # A thread that spins while it waits takes the core from whatever else
    # runs on a laptop, and then waits longer.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena keeps the peak of every shape it ever saw; lengths vary, so it
    # would grow without end while indexing.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _add_up(
    states: Vectors, offsets: npt.NDArray[np.int64], spans: Sequence[Span], sums: Vectors
) -> None:
    """Put into each row of *sums* the sum of the states of the tokens inside its span.

    *spans* rise and do not overlap.
    """
    if not spans:
        return
    starts = np.array([span.start for span in spans])
    ends = np.array([span.end for span in spans])
    place = np.searchsorted(starts, offsets[:, 0], side="right") - 1
    inside = (place >= 0) & (offsets[:, 1] <= ends[place]) & (offsets[:, 1] > offsets[:, 0])
    if inside.any():
        rows, firsts = np.unique(place[inside], return_index=True)
        sums[rows] = np.add.reduceat(states[: len(offsets)][inside], firsts, axis=0)


def _inputs(rows: Sequence[Sequence[int]]) -> dict[str, npt.NDArray[np.int64]]:
    width = max(len(row) for row in rows)
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}

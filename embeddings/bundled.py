"""The bundled model on ONNX Runtime.

Knows how to batch: by tokens, not by texts, with like lengths together, so
that memory stays bounded and little is spent on padding. Knows nothing about
passages or documents.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from qa.errors import ModelError
from qa.types import Span, Vectors

# Rows times the longest row of a batch. The activations of so few tokens stay in
# the processor's cache: four times as many took a third more time on a CPU and
# twice the memory (docs/log.md).
BATCH_TOKENS = 512


class BundledEmbedder:
    """An embedder over an exported folder (see ``embeddings.training.export``).

    One instance may be used from several threads.
    """

    def __init__(self, folder: Path) -> None:
        needed = [folder / n for n in ("kutip.json", "model.onnx", "tokenizer.json")]
        missing = [path.name for path in needed if not path.is_file()]
        if missing:
            raise ModelError(
                f"{folder}: {', '.join(missing)} missing; reinstall kutip, "
                "or remake the model with python -m embeddings.training"
            )
        card = _loaded(needed[0], lambda path: json.loads(path.read_text("utf-8")))
        self._session = _loaded(needed[1], open_session)
        self._tokenizer = _loaded(needed[2], lambda path: Tokenizer.from_file(str(path)))
        try:
            self.name: str = card["name"]
            self.version: str = card["version"]
            self.dim: int = card["dim"]
            self.max_tokens: int = card["max_tokens"]
        except (KeyError, TypeError) as error:
            raise ModelError(f"{needed[0]}: {error} is missing; reinstall kutip") from error

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

    def encode_passages(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of the texts, (len(texts), dim), and of *parts* of each, (parts, dim).

        Late pooling: a part's vector is the mean over its tokens of the pass
        over the whole text, so it costs nothing and knows its surroundings.
        A part beyond max_tokens gets the vector of the text.
        """
        result = np.zeros((len(texts), self.dim), np.float32)
        pooled = [np.zeros((len(spans), self.dim), np.float32) for spans in parts]
        encoded = self._tokenizer.encode_batch(list(texts))
        for rows, inputs in self._batches(encoded):
            result[rows], hidden = self._session.run(
                ["sentence_embedding", "token_embeddings"], inputs
            )
            for row, states in zip(rows, hidden, strict=True):
                offsets = np.array(encoded[row].offsets[: self.max_tokens])
                for i, span in enumerate(parts[row]):
                    inside = (
                        (offsets[:, 0] >= span.start)
                        & (offsets[:, 1] <= span.end)
                        & (offsets[:, 1] > offsets[:, 0])
                    )
                    mean = states[: len(offsets)][inside].mean(0) if inside.any() else result[row]
                    pooled[row][i] = mean / np.linalg.norm(mean)
        return result, pooled

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


def _inputs(rows: Sequence[Sequence[int]]) -> dict[str, npt.NDArray[np.int64]]:
    width = max(len(row) for row in rows)
    ids = np.zeros((len(rows), width), np.int64)
    mask = np.zeros((len(rows), width), np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}

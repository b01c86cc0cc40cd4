"""Any other model, through sentence-transformers (extra ``models``).

A folder on disk is loaded as it is. A hub name is looked for in the local
cache first, so that a machine without a network works once the model is there;
only if it is not cached is the hub asked.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

import numpy as np

from qa.errors import MissingExtra, ModelError
from qa.types import Span, Vectors


class SentenceTransformerEmbedder:
    """An embedder over a ``SentenceTransformer`` with its own prompts."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtra(f"the model {name!r}", "models") from error
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        try:
            model = SentenceTransformer(name, device="cpu", local_files_only=True)
        except Exception as offline:
            if Path(name).is_dir():
                raise ModelError(
                    f"{name}: not a sentence-transformers model: {offline}"
                ) from offline
            try:
                _reach_hub()
                model = SentenceTransformer(name, device="cpu")
            except Exception as online:
                raise ModelError(
                    f"{name}: no such folder, not in the model cache {_cache_folder()}, and the "
                    f"model hub gave nothing ({_first_line(online)}); copy the model's folder "
                    "here and give its path, or go online once"
                ) from online
        self._model = model
        self.name = name
        self.dim = int(model.get_embedding_dimension() or 0)
        self.max_tokens = int(model.max_seq_length or 512)
        self.version = self._fingerprint()

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim), with the model's query prompt."""
        return np.asarray(
            self._model.encode_query(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            ),
            np.float32,
        ).reshape(len(texts), self.dim)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim), with the model's document prompt."""
        return np.asarray(
            self._model.encode_document(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            ),
            np.float32,
        ).reshape(len(texts), self.dim)

    def encode_passages(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        """Vectors of the texts, (len(texts), dim), and of *parts* of each, (parts, dim).

        Parts are encoded on their own: not every model pools by the mean.
        """
        flat = [span.of(text) for text, spans in zip(texts, parts, strict=True) for span in spans]
        vectors = self.encode_document(flat)
        ends = np.cumsum([len(spans) for spans in parts])
        split = np.split(vectors, ends[:-1]) if len(ends) else []
        return self.encode_document(texts), split

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        rows = self._model.tokenizer(
            list(texts), add_special_tokens=False, truncation=False, verbose=False
        )
        return [len(row) for row in rows["input_ids"]]

    def _fingerprint(self) -> str:
        """Changes when the weights, the prompts or the length do.

        A few values of every tensor tell two models apart without reading
        gigabytes.
        """
        digest = hashlib.sha256(repr((self._model.prompts, self.max_tokens)).encode())
        for key, value in sorted(self._model.state_dict().items()):
            if ".pooler." in key:
                continue  # unused by mean pooling, and random where the file lacks it
            flat = value.reshape(-1)
            sample = flat[:: max(1, flat.numel() // 16)][:16].float().cpu().numpy()
            digest.update(key.encode() + sample.tobytes())
        return digest.hexdigest()[:12]


def _reach_hub() -> None:
    """Raise ``OSError`` at once when the hub is out of reach; its client tries for a minute."""
    from huggingface_hub.constants import ENDPOINT

    address = urlsplit(ENDPOINT)
    if address.hostname and not getproxies().get(address.scheme):
        port = address.port or (443 if address.scheme == "https" else 80)
        socket.create_connection((address.hostname, port), timeout=5).close()


def _cache_folder() -> str:
    from huggingface_hub.constants import HF_HUB_CACHE

    return str(HF_HUB_CACHE)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

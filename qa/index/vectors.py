"""The vectors of a corpus in FAISS: derived from the store, made again at will.

Exact inner product. The file on disk names the generation of the store it was
made from and carries a checksum; a file that is missing, stale or damaged is made
again from SQLite, so nothing can be lost with it.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from qa.index.store import Store
from qa.types import Vectors

_HEADER = struct.Struct("<8s32sqI")  # magic, generation, dim, checksum
_MAGIC = b"KUTIPVEC"


class VectorIndex:
    """Search by vector over one generation of a store.

    ``update`` follows the store from one generation to the next; it must not
    run while another thread searches.
    """

    def __init__(self, index: Any, saved: str | None) -> None:
        self._index = index  # a faiss.IndexIDMap2; its Python types are incomplete
        self._saved = saved  # the generation that the file holds

    @classmethod
    def open(cls, path: Path, store: Store, dim: int) -> VectorIndex:
        """The index in the file *path* if it fits *store*, else a new one."""
        generation = store.generation()
        index = _read(path, generation, dim)
        if index is not None:
            return cls(index, generation)
        opened = cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dim)), None)
        opened.update(store)
        return opened

    def update(self, store: Store) -> None:
        """Take in what was added to *store* and drop what was removed."""
        here = faiss.vector_to_array(self._index.id_map)
        there = store.numbers()
        gone, new = np.setdiff1d(here, there), np.setdiff1d(there, here)
        if len(gone):
            self._index.remove_ids(gone)
        if len(new):
            self._index.add_with_ids(store.vectors(new.tolist(), self._index.d), new)

    def save(self, path: Path, generation: str) -> None:
        """Write the file *path*, unless it holds this *generation* already."""
        if generation != self._saved:
            _write(path, self._index, generation)
            self._saved = generation

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, k: int, *, among: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The *k* passages nearest to one *vector* of shape (dim,): numbers and cosines.

        *among*: of these numbers only, exactly, however few they are.
        """
        if not len(self) or (among is not None and not len(among)):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        options = {}
        if among is not None:
            allowed = np.zeros(int(among.max()) + 1, np.bool_)
            allowed[among] = True
            bits = np.packbits(allowed, bitorder="little")
            made: Any = faiss  # its Python signatures are unknown to the checker
            options["params"] = made.SearchParameters(sel=made.IDSelectorBitmap(bits))
        scores, numbers = self._index.search(vector[None, :], min(k, len(self)), **options)
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]

    def cosines(self, vector: Vectors, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Cosine of *vector* with each of the passages *numbers*."""
        if not len(numbers):
            return np.zeros(0, np.float32)
        rows = self._index.reconstruct_batch(numbers)
        result: npt.NDArray[np.float32] = rows @ vector
        return result


def _read(path: Path, generation: str, dim: int) -> Any:
    """The index in *path*, or None unless it is sound and of this generation."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) < _HEADER.size:
        return None
    *found, checksum = _HEADER.unpack_from(data)
    body = memoryview(data)[_HEADER.size :]
    if found != [_MAGIC, generation.encode(), dim] or zlib.crc32(body) != checksum:
        return None
    return faiss.deserialize_index(np.frombuffer(body, np.uint8))


def _write(path: Path, index: Any, generation: str) -> None:
    body = faiss.serialize_index(index).tobytes()
    header = _HEADER.pack(_MAGIC, generation.encode(), index.d, zlib.crc32(body))
    temporary = path.with_suffix(".partial")
    try:
        temporary.write_bytes(header + body)
        temporary.replace(path)
    except OSError:
        # A full or read-only disk costs speed at the next start, nothing else.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)

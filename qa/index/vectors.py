"""The vectors of a corpus in FAISS: derived from the store, made again at will.

Exact inner product. The file on disk names the database and the generation it
was made from and carries a checksum; a file that is missing, stale or damaged is made
again from SQLite, so nothing can be lost with it.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from qa.index.store import Store
from qa.types import Vectors

_HEADER = struct.Struct("<8s32sqqI")  # magic, database, generation, dim, checksum
_MAGIC = b"KUTIPVEC"


class VectorIndex:
    """Search by vector over one generation of a store."""

    def __init__(self, index: faiss.Index, generation: int) -> None:
        self._index = index
        self.generation = generation

    @classmethod
    def open(cls, path: Path, store: Store, dim: int) -> VectorIndex:
        """The index in the file *path* if it fits *store*, else a new one, saved there."""
        generation = store.generation()
        stamp = (_MAGIC, store.identity().encode(), generation, dim)
        index = _read(path, stamp)
        if index is None:
            numbers, vectors = store.vectors(dim)
            index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
            index.add_with_ids(vectors, numbers)
            _write(path, index, stamp)
        return cls(index, generation)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, k: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The *k* passages nearest to one *vector* of shape (dim,): numbers and cosines."""
        if not len(self):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        scores, numbers = self._index.search(vector[None, :], min(k, len(self)))
        found = numbers[0] >= 0
        return numbers[0][found], scores[0][found]

    def cosines(self, vector: Vectors, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Cosine of *vector* with each of the passages *numbers*."""
        if not len(numbers):
            return np.zeros(0, np.float32)
        rows = self._index.reconstruct_batch(numbers)
        result: npt.NDArray[np.float32] = rows @ vector
        return result


_Stamp = tuple[bytes, bytes, int, int]


def _read(path: Path, stamp: _Stamp) -> faiss.Index | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) < _HEADER.size:
        return None
    *found, checksum = _HEADER.unpack_from(data)
    body = memoryview(data)[_HEADER.size :]
    if tuple(found) != stamp or zlib.crc32(body) != checksum:
        return None
    return faiss.deserialize_index(np.frombuffer(body, np.uint8))


def _write(path: Path, index: faiss.Index, stamp: _Stamp) -> None:
    body = faiss.serialize_index(index).tobytes()
    temporary = path.with_suffix(".partial")
    try:
        temporary.write_bytes(_HEADER.pack(*stamp, zlib.crc32(body)) + body)
        temporary.replace(path)
    except OSError:
        # A read-only or full disk costs speed at the next start, nothing else.
        temporary.unlink(missing_ok=True)

"""Made-up documents and articles, an embedder with exact scores, and child processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from qa.answering.abstention import SHIPPED, Calibration
from qa.index.store import Store, in_steps
from qa.types import Document, Passage, Segment, Span, Statement, Vectors

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "seeds" / "articles"
QUESTIONS = ROOT / "seeds" / "questions"
_ROOT = os.geteuid() == 0

# An embedder whose cosines are known by hand


class FakeEmbedder:
    """Counts words: one axis for each of *axes*, and one for a text with none of them.

    The vector of a text is the count of each axis word (folded, punctuation
    off), scaled to length 1. So the cosine of two texts follows from counting:
    "kapal kapal beras" and "kapal" have 2 / sqrt(5). A token is a word between
    spaces. *words*: also a vector for each word, made in the same way.
    """

    def __init__(
        self,
        *axes: str,
        name: str = "fake",
        version: str = "1",
        max_tokens: int = 256,
        words: bool = False,
    ) -> None:
        self.axes = axes
        self.name = name
        self.version = version
        self.dim = len(axes) + 1
        self.word_dim = self.dim if words else 0
        self.max_tokens = max_tokens
        self.encoded = 0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return self._encode(texts)

    def encode_words(
        self, texts: Sequence[str], words: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        return self.encode_query(texts), self._parts(texts, words, self.word_dim)

    def encode_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        words: Sequence[Sequence[Span]],
    ) -> tuple[Vectors, list[Vectors], list[Vectors]]:
        vectors = self.encode_document(texts)
        return (
            vectors,
            self._parts(texts, parts, self.dim),
            self._parts(texts, words, self.word_dim),
        )

    def _parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[Span]], dim: int
    ) -> list[Vectors]:
        return [
            self._encode([span.of(text) for span in spans])[:, :dim]
            for text, spans in zip(texts, parts, strict=True)
        ]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        result = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            words = [word.strip(".,?!:;()“”\"'").casefold() for word in text.split()]
            for column, axis in enumerate(self.axes):
                result[row, column] = words.count(axis)
            if not result[row].any():
                result[row, -1] = 1.0
            result[row] /= np.linalg.norm(result[row])
        return result


def answering_from(threshold: float) -> Calibration:
    """The shipped refusal with another threshold: 0 answers everything, 1.1 nothing."""
    return replace(SHIPPED, threshold=threshold)


AXES = ("kapal", "beras", "gempa", "listrik", "sekolah", "hutan")


def make_document(
    id: str,
    text: str,
    *,
    language: str = "id",
    title: str = "",
    source: str | None = None,
    furniture: tuple[Span, ...] = (),
    pages: tuple[int, ...] = (),
) -> Document:
    """A document with just what a test needs."""
    return Document(
        id=id,
        title=title,
        text=text,
        source=source or f"{id}.txt",
        outlet=None,
        published=None,
        language=language,
        furniture=furniture,
        pages=pages,
    )


def one_segment(document: Document) -> Segment:
    """The whole document as one passage of one sentence."""
    span = Span(0, len(document.text))
    return Segment(Passage(document.id, span.start, span.end), (span,))


def store_document(
    store: Store,
    document: Document,
    *,
    origin: str | None = None,
    segments: Sequence[Segment] | None = None,
    vectors: Vectors | None = None,
    word_vectors: Sequence[Vectors] | None = None,
    stems: Sequence[Sequence[str]] | None = None,
    statements: Sequence[Statement] = (),
) -> bool:
    """Put *document* into *store*; whatever a test leaves out is made up."""
    segments = [one_segment(document)] if segments is None else segments
    if vectors is None:
        vectors = np.ones((len(segments), 1), np.float32)
    return store.put(
        document,
        origin or f"/x/{document.source}",
        segments,
        vectors,
        [
            np.repeat(vector[None, :], len(segment.sentences), axis=0).astype(np.float16)
            for segment, vector in zip(segments, vectors, strict=True)
        ],
        [in_steps(rows) for rows in word_vectors or [np.zeros((0, 0), np.float32)] * len(segments)],
        [["kapal"]] * len(segments) if stems is None else stems,
        statements,
    )


# Articles as files. Sentences long enough not to pass for page furniture.

SHIP = (
    "Kementerian Perhubungan menambah dua kapal perintis untuk pelayaran ke Pulau Miangas "
    "mulai bulan depan."
)
RICE = (
    "Gudang Bulog di Karawang menyimpan beras sebanyak sembilan ribu ton sampai akhir tahun, "
    "cukup untuk tiga bulan."
)
QUAKE = (
    "Getaran gempa pada Selasa pagi merusak empat jembatan kayu di hulu Sungai Palu dan "
    "memutus jalan desa."
)
POWER = (
    "Perusahaan listrik negara memasang panel surya di atap pasar ikan Tual dengan biaya "
    "sebelas miliar rupiah."
)
SCHOOL = (
    "Setiap sekolah di Kabupaten Asmat menerima perahu bermotor agar murid dari kampung jauh "
    "tidak lagi terlambat."
)
FOREST = (
    "Patroli hutan adat di Mentawai menemukan jejak pembalakan liar di sepanjang punggung bukit "
    "sebelah utara."
)
TOPICS = {
    "kapal": SHIP,
    "beras": RICE,
    "gempa": QUAKE,
    "listrik": POWER,
    "sekolah": SCHOOL,
    "hutan": FOREST,
}


def article(topic: str, *more: str) -> str:
    """A one-paragraph article on one of ``AXES``."""
    return "\n\n".join([TOPICS[topic], *more]) + "\n"


def write_articles(folder: Path, topics: Sequence[str] = AXES) -> Path:
    """One article a topic: ``kapal.txt`` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic in topics:
        (folder / f"{topic}.txt").write_text(article(topic), encoding="utf-8")
    return folder


# Files and processes


def may_write(folder: Path, allowed: bool) -> None:
    """Allow or forbid this process to write in *folder*; allow it again before the test ends.

    Root may write anywhere, so where this is root it goes on as somebody else.
    """
    if _ROOT and allowed:
        os.seteuid(0)
    folder.chmod(0o755 if allowed else 0o555)
    if _ROOT and not allowed:
        os.seteuid(65534)


def json_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def python(
    *arguments: str | Path, before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run this Python in a process of its own, with the project on its path."""
    return subprocess.run(
        [*before, sys.executable, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=ROOT,
        env=child_environment(**environment),
    )


def child_environment(**more: str) -> dict[str, str]:
    """The environment of a child process: the project on its path, no corpus or model chosen."""
    environment = {
        k: v for k, v in os.environ.items() if k != "KUTIP_CORPUS" and not k.startswith("KUTIP_LLM")
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return environment | more

"""Corpora to measure on: a BEIR folder indexed once, or a copy of the user's own.

Owns the cache. A folder's passages are indexed in a corpus of their own, kept
in the user's cache directory under a name made from their content, the model
and everything that decides how text is cut and stemmed: change any of these and
another is made. The user's own corpus is copied to a temporary folder, and only
the copy is opened. Knows nothing about questions.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from qa.answering.statements import find_statements
from qa.corpus import Corpus
from qa.errors import CorpusError
from qa.evaluation.datasets import Dataset
from qa.index.store import Store, in_steps
from qa.ingest.passages import SEGMENTATION_VERSION
from qa.language.detection import detect
from qa.language.sentences import sentence_spans
from qa.language.tokens import stems
from qa.retrieval.late import words_of
from qa.types import Document, Embedder, Passage, Segment, Span

LAYOUT = "2"  # of what ``fill`` puts into a corpus
BOUND = 2 * 2**30  # bytes that the cache may hold
BATCH = 64
_STALE = 24 * 3600  # seconds after which a half-made corpus was abandoned

Progress = Callable[[int, int, str], None]


def cache_folder() -> Path:
    """Where indexed folders are kept: ``$KUTIP_CACHE``, else the user's cache directory."""
    if chosen := os.environ.get("KUTIP_CACHE"):
        return Path(chosen) / "eval"
    from platformdirs import user_cache_path

    return user_cache_path("kutip", appauthor=False) / "eval"


@contextmanager
def indexed(
    dataset: Dataset,
    embedder: Embedder,
    *,
    cache: Path | None,
    bound: int = BOUND,
    progress: Progress | None = None,
) -> Iterator[Path]:
    """The folder of a corpus that holds the passages of *dataset*.

    *cache*: where to keep it for the next time, at most *bound* bytes of them
    together; None for a temporary one.
    """
    if cache is None:
        with tempfile.TemporaryDirectory() as temporary:
            fill(Path(temporary), dataset, embedder, progress=progress)
            yield Path(temporary)
        return
    kept = cache / cache_key(dataset, embedder)
    if not (kept / "kutip.db").exists():
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            making = Path(tempfile.mkdtemp(prefix="making-", dir=cache))
        except OSError as error:
            raise CorpusError(
                f"{cache}: {error.strerror}; name another folder in KUTIP_CACHE, or use --no-cache"
            ) from error
        try:
            fill(making, dataset, embedder, progress=progress)
            # Another process may have been quicker.
            with suppress(OSError):
                making.rename(kept)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    os.utime(kept)
    prune(cache, bound, keep=kept)
    yield kept


def fill(
    folder: Path, dataset: Dataset, embedder: Embedder, *, progress: Progress | None = None
) -> None:
    """Make a corpus in *folder*: each passage of *dataset* one document of one passage.

    A title helps to find the passage and is never quoted.
    """
    # Opened once, a corpus knows the model and the segmentation it is for.
    Corpus.open(folder, embedder=embedder).close()
    store = Store(folder / "kutip.db")
    try:
        items = [(id, text) for id, text in dataset.passages.items() if text.strip()]
        for start in range(0, len(items), BATCH):
            if progress:
                progress(start, len(items), items[start][0])
            batch = items[start : start + BATCH]
            languages = [detect(text) for _, text in batch]
            sentences = [
                _sentences(text, len(dataset.titles.get(id, "")), language)
                for (id, text), language in zip(batch, languages, strict=True)
            ]
            vectors, parts, words = embedder.encode_passages(
                [text for _, text in batch], sentences, [words_of(text) for _, text in batch]
            )
            for i, (id, text) in enumerate(batch):
                title = dataset.titles.get(id, "")
                document = Document(id, title, text, id, None, None, languages[i])
                passage = Passage(id, sentences[i][0].start, sentences[i][-1].end)
                store.put(
                    document,
                    id,
                    [Segment(passage, tuple(sentences[i]))],
                    vectors[i : i + 1],
                    [parts[i].astype(np.float16)],
                    [in_steps(words[i])],
                    [stems(text, languages[i])],
                    find_statements(document),
                )
        if progress and items:
            progress(len(items), len(items), "")
    finally:
        store.close()


def _sentences(text: str, title: int, language: str) -> list[Span]:
    """The sentences of a passage after its *title* of so many characters.

    At least one: a passage that is all title is quoted whole.
    """
    start = title + 1 if title and text[title + 1 :].strip() else 0
    found = [Span(start + s.start, start + s.end) for s in sentence_spans(text[start:], language)]
    return found or [Span(start, len(text))]


def cache_key(dataset: Dataset, embedder: Embedder) -> str:
    """Changes with the passages, the model, and the program that cuts and stems them."""
    digest = hashlib.sha256()
    versions = (LAYOUT, SEGMENTATION_VERSION, embedder.name, embedder.version, str(embedder.dim))
    for part in (*versions, _program()):
        digest.update(part.encode() + b"\0")
    for id, text in dataset.passages.items():
        for part in (id, dataset.titles.get(id, ""), text):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:24]


def _program() -> str:
    """A hash of the code that decides what is stored.

    Whoever works on stems or sentences measures the change at once, without
    having to think of a version number first.
    """
    here = Path(__file__).parent.parent
    folders = [here / "language", here / "index", here / "answering" / "statements"]
    return content_digest(*folders, here / "retrieval" / "late.py")


def content_digest(*paths: Path) -> str:
    """A hash of files, and of the Python files in folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def prune(cache: Path, bound: int, *, keep: Path | None = None) -> None:
    """Delete the corpora used longest ago until the rest take at most *bound* bytes.

    *keep* stays, whatever its size.
    """
    now = time.time()
    folders = [folder for folder in cache.iterdir() if folder.is_dir() and folder != keep]
    total = _size(keep) if keep else 0
    for folder in sorted(folders, key=_used, reverse=True):
        if folder.name.startswith("making-"):
            if now - _used(folder) > _STALE:
                shutil.rmtree(folder, ignore_errors=True)
            continue
        total += _size(folder)
        if total > bound:
            shutil.rmtree(folder, ignore_errors=True)


def _used(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # another process has just deleted it
        return 0.0


def _size(folder: Path) -> int:
    total = 0
    with suppress(OSError):
        total = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return total


@contextmanager
def copied(corpus: Path) -> Iterator[Path]:
    """A temporary folder with a copy of the corpus in the folder *corpus*.

    The original is only read: opening a corpus may bring it up to date, and a
    measurement must not change what it measures. The copy is deleted
    afterwards, so that what the user removes later is not kept anywhere.
    """
    database = corpus.expanduser() / "kutip.db"
    if not database.is_file():
        raise CorpusError(
            f"{corpus}: no corpus there; name one with --corpus, "
            f"or make it with kutip --corpus {corpus} add FILES"
        )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _backup(database, folder / "kutip.db")
        vectors = database.with_name("vectors.faiss")
        with suppress(OSError):  # made again from the database
            shutil.copyfile(vectors, folder / "vectors.faiss")
        yield folder


def _backup(source: Path, target: Path) -> None:
    """Copy a database that others may be writing to, leaving no trace beside it."""
    log = source.with_name(source.name + "-wal")
    # Without a log nobody has it open. SQLite would then make one to read it
    # safely, unless told that the file is at rest.
    at_rest = not log.exists()
    try:
        _copy(source, target, "immutable=1" if at_rest else "mode=ro")
        if at_rest and log.exists():  # somebody opened it meanwhile
            _copy(source, target, "mode=ro")
    except sqlite3.DatabaseError as error:
        raise CorpusError(
            f"{source}: {error}; kutip check says more, or restore it from a backup"
        ) from error


def _copy(source: Path, target: Path, mode: str) -> None:
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?{mode}", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)

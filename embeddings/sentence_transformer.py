"""Any other model, through sentence-transformers (extra ``models``).

Owns what it takes to use a model the way it was trained (prompts, length,
dimensions) and what tells one model from another. Loads a folder, or a hub
name from the local cache; the network is asked only when told to download, and
code that comes with a model is never run. Knows nothing about passages or
documents.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import numpy as np

from qa.errors import MissingExtra, ModelError
from qa.types import Span, Vectors

_WEB = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)
_REPRESENT = "Represent this sentence for searching relevant passages: "

# Query and document prompts that a model was trained with and that its
# repository may state in its README only, by the last part of its name. What
# the model's own configuration states comes first (see _prompts).
_WELL_KNOWN = (
    (r"(multilingual-)?e5-(small|base|large)(-v2|-unsupervised)?", "query: ", "passage: "),
    (r"multilingual-e5-large-instruct", f"{_WEB} ", ""),
    (r"(qwen3-embedding|harrier-oss-v1)-.+", _WEB, ""),
    (r"embeddinggemma-.+", "task: search result | query: ", "title: none | text: "),
    (r"nomic-embed-text-v.+", "search_query: ", "search_document: "),
    (r"snowflake-arctic-embed-[ml]-v2\.0", "query: ", ""),
    (r"snowflake-arctic-embed-(xs|s|m|l)(-long|-v1\.5)?", _REPRESENT, ""),
    (r"bge-(small|base|large)-en(-v1\.5)?", _REPRESENT, ""),
    (r"mxbai-embed-.+", _REPRESENT, ""),
)

# Stands for "no limit": some models have none, and some tokenisers say 1e30.
_NO_LIMIT = 1_000_000

# Read whole for the version; of a larger file, a sample.
_WHOLE = 32 * 2**20


class SentenceTransformerEmbedder:
    """An embedder over a ``SentenceTransformer``, in float32 on the CPU.

    *prompts*: ``{"query": …, "document": …}`` instead of the model's own; an
    empty text for none. *dimensions*: keep the first so many of each vector,
    for models trained to bear it (Matryoshka). *download*: fetch a hub name, or
    bring it up to date; without a network what is cached is used. Several
    threads may share one. Only the bundled model was trained to have vectors of
    words (``word_dim`` 0 here).

    Raises ``ModelError`` and ``MissingExtra``, see ``embeddings.load``.
    """

    def __init__(
        self,
        name: str,
        *,
        prompts: Mapping[str, str] | None = None,
        dimensions: int | None = None,
        download: bool = False,
    ) -> None:
        if unknown := set(prompts or {}) - {"query", "document"}:
            raise ModelError(f"{name}: no such prompt: {min(unknown)!r}; there are query, document")
        try:
            import sentence_transformers  # noqa: F401
        except ImportError as error:
            raise MissingExtra(f"the model {name!r}", "models") from error
        self.name, folder = _located(name, download)
        _refuse_what_has_no_vectors(folder)
        self._model = _loaded(folder, self.name)
        # Padding and truncation are settings of the tokeniser that every call
        # changes, so two threads in it at once spoil each other's texts.
        self._lock = threading.Lock()
        self.prompts = _prompts(self._model.prompts, self.name, prompts)
        self.max_tokens = _limit(self._model.max_seq_length)
        self.dim = self._dimensions(dimensions)
        self.word_dim = 0
        self.version = _version(folder, self.prompts, self.max_tokens, self.dim)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim), with the query prompt.

        Raises ``ModelError`` if the model gives anything but numbers.
        """
        return self._vectors(self._model.encode_query, texts, self.prompts["query"])

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim), with the document prompt.

        Raises ``ModelError`` if the model gives anything but numbers.
        """
        return self._vectors(self._model.encode_document, texts, self.prompts["document"])

    def encode_words(
        self, texts: Sequence[str], words: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[Vectors]]:
        """``encode_query``, and nothing for *words*."""
        return self.encode_query(texts), _no_words(words)

    def encode_passages(
        self,
        texts: Sequence[str],
        parts: Sequence[Sequence[Span]],
        words: Sequence[Sequence[Span]],
    ) -> tuple[Vectors, list[Vectors], list[Vectors]]:
        """Vectors of the texts, (len(texts), dim), of *parts* of each, (parts, dim), none of words.

        Parts are encoded on their own: not every model pools by the mean.
        """
        flat = [span.of(text) for text, spans in zip(texts, parts, strict=True) for span in spans]
        vectors = self.encode_document(flat)
        ends = np.cumsum([len(spans) for spans in parts])
        split = np.split(vectors, ends[:-1]) if len(ends) else []
        return self.encode_document(texts), split, _no_words(words)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens, not cut."""
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        with self._lock:
            if hasattr(tokenizer, "encode_batch"):  # a plain tokenizers.Tokenizer
                rows = tokenizer.encode_batch(list(texts), add_special_tokens=False)
                return [len(row.ids) for row in rows]
            encoded = tokenizer(
                list(texts), add_special_tokens=False, truncation=False, verbose=False
            )
        return [len(row) for row in encoded["input_ids"]]

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        with self._lock:
            raw = encode(
                list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False
            )
        result = np.asarray(raw, np.float32).reshape(len(texts), self.dim)
        lengths = np.linalg.norm(result, axis=1)
        if not np.isfinite(lengths).all():
            text = texts[int(np.flatnonzero(~np.isfinite(lengths))[0])]
            raise ModelError(
                f"{self.name}: gives no numbers (NaN) for the text {text[:40]!r}; its weights "
                "are damaged: copy or download it again, or choose another model"
            )
        # A bag of words has nothing for a text without a word that it knows.
        result[lengths == 0] = 1 / math.sqrt(self.dim)
        return result

    def _dimensions(self, wanted: int | None) -> int:
        """How many numbers a vector has, after cutting them to *wanted*."""
        known = self._model.get_embedding_dimension()
        whole = int(known or np.asarray(self._model.encode(["a"])).shape[1])
        if wanted is None:
            return whole
        if not 0 < wanted <= whole:
            raise ModelError(f"{self.name}: has {whole} dimensions; ask for 1 to {whole}")
        self._model.truncate_dim = wanted
        return wanted


def _no_words(words: Sequence[Sequence[Span]]) -> list[Vectors]:
    return [np.zeros((len(spans), 0), np.float32) for spans in words]


def _located(name: str, download: bool) -> tuple[str, Path]:
    """What to call the model *name*, and the folder that holds it."""
    path = Path(name).expanduser()
    if path.is_dir():
        folder = path.resolve()
        return folder.name, folder
    if path.is_file():
        raise ModelError(f"{name}: a file; name the folder that holds the model")
    if path.is_absolute() or name.startswith((".", "~")) or "\\" in name or name.count("/") > 1:
        raise ModelError(f"{name}: no such folder; copy the model there, or correct the path")
    # As sentence-transformers completes a name without an owner.
    repository = name if "/" in name else f"sentence-transformers/{name}"
    failure = None
    if download:
        try:
            _fetch(repository)
        except Exception as error:  # the hub's client raises dozens of kinds
            failure = error
    try:
        return repository, _cached(repository)
    except (OSError, ValueError) as error:
        if failure:
            raise ModelError(
                f"{name}: cannot be downloaded ({_first_line(failure)}); check the name and the "
                "network, or copy the model's folder here and give its path"
            ) from failure
        raise ModelError(
            f"{name}: no such folder, and not in the model cache {_cache_folder()}; Kutip "
            "downloads nothing unasked: copy the model's folder here and give its path, or "
            "fetch it once with: "
            f'python -c "import embeddings; embeddings.load({name!r}, download=True)"'
        ) from error


def _cached(repository: str) -> Path:
    """The folder of a hub repository in the local cache; ``OSError`` or ``ValueError``."""
    from huggingface_hub import snapshot_download

    cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    return Path(snapshot_download(repository, cache_dir=cache, local_files_only=True))


def _cache_folder() -> str:
    from huggingface_hub.constants import HF_HUB_CACHE

    return os.environ.get("SENTENCE_TRANSFORMERS_HOME") or str(HF_HUB_CACHE)


def _fetch(repository: str) -> None:
    """Have sentence-transformers download the files that it needs, and only those."""
    from huggingface_hub import constants
    from sentence_transformers import SentenceTransformer

    if constants.HF_HUB_OFFLINE:
        raise OSError("HF_HUB_OFFLINE is set")
    constants.HF_HUB_DISABLE_TELEMETRY = True
    # The hub's client would try for a minute.
    address = urlsplit(constants.ENDPOINT)
    if address.hostname and not getproxies().get(address.scheme):
        port = address.port or (443 if address.scheme == "https" else 80)
        socket.create_connection((address.hostname, port), timeout=5).close()
    SentenceTransformer(repository, device="cpu", trust_remote_code=False)


def _refuse_what_has_no_vectors(folder: Path) -> None:
    """Raise ``ModelError`` for what is no embedding model, before it is loaded.

    sentence-transformers would load it and give vectors without meaning.
    """
    modules = (folder / "modules.json").is_file()
    if not modules and not (folder / "config.json").is_file():
        raise ModelError(
            f"{folder}: not a sentence-transformers model: neither modules.json nor config.json; "
            "name the folder that has them"
        )
    kind = _settings(folder / "config_sentence_transformers.json").get("model_type")
    heads = _settings(folder / "config.json").get("architectures") or []
    classifies = any(str(head).endswith("ForSequenceClassification") for head in heads)
    if kind == "CrossEncoder" or (classifies and not modules):
        raise ModelError(
            f"{folder}: a cross-encoder or classifier: it scores texts and has no vectors to "
            "search by; choose an embedding model"
        )
    if kind not in (None, "SentenceTransformer"):
        raise ModelError(
            f"{folder}: a {kind}, which has no single vector for a text; choose an embedding model"
        )


def _settings(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty where there is no file."""
    try:
        stated = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: damaged ({error}); copy or download it again") from error
    return stated if isinstance(stated, dict) else {}


def _loaded(folder: Path, name: str) -> Any:
    """The ``SentenceTransformer`` in *folder*.

    In float32 whatever the file holds: half precision is slow on a CPU, and
    some models overflow in it.
    """
    from sentence_transformers import SentenceTransformer

    try:
        with _quietly():
            return SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"dtype": "float32"},
            )
    except Exception as error:  # any file may be wrong, in any library below
        if "trust_remote_code" in str(error):
            raise ModelError(
                f"{name}: wants to run code that comes with the model, which Kutip never does; "
                "choose a model that needs none"
            ) from error
        raise ModelError(
            f"{name}: not a sentence-transformers model, or incomplete ({_first_line(error)}); "
            f"copy or download it again into {folder}"
        ) from error


@contextmanager
def _quietly() -> Iterator[None]:
    """transformers' progress bars and load reports off: they are for those who train."""
    import transformers

    logging: Any = transformers.utils.logging  # its functions are only partly typed
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()


def _prompts(
    own: Mapping[str, str | None], name: str, given: Mapping[str, str] | None
) -> dict[str, str]:
    """The query and document prompts: as given, else the model's own, else the well-known ones.

    sentence-transformers itself passes over a document prompt that a model
    calls "passage" or "corpus".
    """
    if given is not None:
        return {"query": given.get("query", ""), "document": given.get("document", "")}
    document = next((own[key] for key in ("document", "passage", "corpus") if own.get(key)), None)
    if own.get("query") or document:
        return {"query": own.get("query") or "", "document": document or ""}
    last = name.rsplit("/", 1)[-1].lower()
    for pattern, query, passage in _WELL_KNOWN:
        if re.fullmatch(pattern, last):
            return {"query": query, "document": passage}
    return {"query": "", "document": ""}


def _limit(stated: float | None) -> int:
    return int(stated) if stated and stated < _NO_LIMIT else _NO_LIMIT


def _version(folder: Path, *settings: object) -> str:
    """Twelve hexadecimal digits that change when the model or *settings* do.

    A folder in the hub's cache is named by its commit. Of any other, the
    files: small ones whole, weights by their size and a thousandth part,
    spread evenly, so that gigabytes need not be read at every start.
    """
    digest = hashlib.sha256(repr(settings).encode())
    if folder.parent.name == "snapshots":
        digest.update(folder.name.encode())
        return digest.hexdigest()[:12]
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix not in (".json", ".txt", ".model", ".safetensors", ".bin", ".pt"):
            continue
        if place.parts[0] in ("onnx", "openvino") or place.parts[0].startswith("."):
            continue  # other runtimes' copies, and the notes of the program that fetched it
        size = path.stat().st_size
        digest.update(f"{place.as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            if size <= _WHOLE:
                digest.update(file.read())
                continue
            for block in range(0, size, 4 * 2**20):
                file.seek(block)
                digest.update(file.read(4 * 2**10))
    return digest.hexdigest()[:12]


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

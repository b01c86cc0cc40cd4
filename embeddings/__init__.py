"""Text to vectors: the bundled model on ONNX Runtime, any other on sentence-transformers.

>>> import embeddings
>>> embedder = embeddings.load()                    # bundled, no network, no PyTorch
>>> embedder.encode_query(["Siapa Sekjen ITU?"]).shape
(1, 384)

``docs/models.md`` says which model to pick when.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from weakref import WeakValueDictionary

from qa.errors import ModelError
from qa.types import Embedder

# ONNX Runtime (1.29 and later) tells its makers of every process and model. It is asked not
# to before it is loaded; whoever loads it first has to do so as well.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

BUNDLED = "bundled"
MODEL_FOLDER = Path(__file__).parent / "model"

# Those that somebody still uses, by name and state of the files.
_in_use: WeakValueDictionary[tuple[object, ...], Embedder] = WeakValueDictionary()
_loading = threading.Lock()


def load(
    name: str | None = None,
    *,
    prompts: Mapping[str, str] | None = None,
    dimensions: int | None = None,
    download: bool = False,
) -> Embedder:
    """An embedder by *name*.

    None or ``"bundled"``: the model that ships with Kutip. Anything else: a
    folder, or a hub name in the local model cache, for sentence-transformers
    (extra ``models``). The network is asked only with *download*, which
    fetches a hub name or brings it up to date.

    *prompts*: ``{"query": …, "document": …}`` put before questions and
    documents, instead of what the model states or is known to need.
    *dimensions*: keep the first so many of each vector. The bundled model
    takes neither.

    The bundled model and a folder, as they come, are one for all who use them in
    this process at the time, from any number of threads. A folder that has changed
    meanwhile is loaded again.

    Raises ``ModelError`` when the model cannot be loaded or is no embedding
    model, ``MissingExtra`` when sentence-transformers is needed and not
    installed.
    """
    name = name or BUNDLED
    folder = MODEL_FOLDER if name == BUNDLED else Path(name)
    as_it_comes = prompts is None and dimensions is None and not download
    if not as_it_comes or not folder.is_dir():
        return _loaded(name, prompts, dimensions, download)
    key = (name, *((str(file), _changed(file)) for file in sorted(folder.rglob("*"))))
    with _loading:
        embedder = _in_use.get(key)
        if embedder is None:
            embedder = _in_use[key] = _loaded(name)
        return embedder


def _changed(file: Path) -> int | None:
    """When *file* changed, in ns; None for a link that leads nowhere, as to a cache cleared out."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None


def _loaded(
    name: str,
    prompts: Mapping[str, str] | None = None,
    dimensions: int | None = None,
    download: bool = False,
) -> Embedder:
    if name == BUNDLED:
        if prompts is not None or dimensions is not None:
            raise ModelError("the bundled model takes no prompts or dimensions; name another model")
        from embeddings.bundled import BundledEmbedder

        return BundledEmbedder(MODEL_FOLDER)
    from embeddings.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(
        name, prompts=prompts, dimensions=dimensions, download=download
    )

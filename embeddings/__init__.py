"""Text to vectors: the bundled model on ONNX Runtime, any other on sentence-transformers.

>>> import embeddings
>>> embedder = embeddings.load()                    # bundled, no network, no PyTorch
>>> embedder.encode_query(["Siapa Sekjen ITU?"]).shape
(1, 384)

``docs/models.md`` says which model to pick when.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from weakref import WeakValueDictionary

from qa.errors import ModelError
from qa.types import Embedder

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

    Raises ``ModelError`` when the model cannot be loaded or is no embedding
    model, ``MissingExtra`` when sentence-transformers is needed and not
    installed.
    """
    if name is None or name == BUNDLED:
        if prompts is not None or dimensions is not None:
            raise ModelError("the bundled model takes no prompts or dimensions; name another model")
        from embeddings.bundled import BundledEmbedder

        return BundledEmbedder(MODEL_FOLDER)
    from embeddings.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(
        name, prompts=prompts, dimensions=dimensions, download=download
    )


def shared(name: str | None = None) -> Embedder:
    """What ``load`` gives, but one for all who use this model in this process at the time.

    From any number of threads. A folder that has changed meanwhile is loaded again.
    """
    folder = Path(name or BUNDLED)
    files = sorted(folder.rglob("*")) if folder.is_dir() else []
    key = (name or BUNDLED, *((str(file), file.stat().st_mtime_ns) for file in files))
    with _loading:
        embedder = _in_use.get(key)
        if embedder is None:
            embedder = _in_use[key] = load(name)
        return embedder

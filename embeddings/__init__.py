"""Text to vectors: the bundled model on ONNX Runtime, any other on sentence-transformers.

>>> import embeddings
>>> embedder = embeddings.load()                    # bundled, no network, no PyTorch
>>> embedder.encode_query(["Siapa Sekjen ITU?"]).shape
(1, 384)

``docs/models.md`` says which model to pick when.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qa.errors import ModelError
from qa.types import Embedder

BUNDLED = "bundled"
MODEL_FOLDER = Path(__file__).parent / "model"


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

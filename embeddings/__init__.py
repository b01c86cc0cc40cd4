"""Text to vectors: the bundled model on ONNX Runtime, any other on sentence-transformers.

>>> import embeddings
>>> embedder = embeddings.load()                    # bundled, no network, no PyTorch
>>> embedder.encode_query(["Siapa Sekjen ITU?"]).shape
(1, 384)
"""

from __future__ import annotations

from pathlib import Path

from qa.types import Embedder

BUNDLED = "bundled"
MODEL_FOLDER = Path(__file__).parent / "model"


def load(name: str | None = None) -> Embedder:
    """An embedder by *name*.

    None or ``"bundled"``: the model that ships with Kutip; never touches the
    network. Anything else: a folder or hub name for sentence-transformers
    (extra ``models``), with that model's own query and document prompts.

    Raises ``ModelError`` when the model cannot be loaded, ``MissingExtra``
    when sentence-transformers is needed and not installed.
    """
    if name is None or name == BUNDLED:
        from embeddings.bundled import BundledEmbedder

        return BundledEmbedder(MODEL_FOLDER)
    from embeddings.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)

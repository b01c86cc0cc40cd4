"""Promises of ``embeddings``: unit vectors, the same from both runtimes, and clear errors."""

from __future__ import annotations

import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embeddings
from embeddings import MODEL_FOLDER
from embeddings.bundled import BundledEmbedder
from qa.corpus import Corpus
from qa.errors import MissingExtra, ModelError
from qa.types import Embedder, Span
from tests.helpers import QUESTIONS, json_lines, python

TEXTS = [
    "Menteri Luar Negeri membuka konferensi diplomasi digital di Bali.",
    "The foreign minister opened a conference on digital diplomacy in Bali.",
    "Gempa merusak empat jembatan kayu di hulu sungai.",
]


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return embeddings.load()


@pytest.fixture(scope="module")
def reference() -> Iterator[Any]:
    """The same folder as sentence-transformers reads it."""
    from sentence_transformers import SentenceTransformer

    yield SentenceTransformer(str(MODEL_FOLDER), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def passages() -> list[str]:
    return [f"{row['title']}\n{row['text']}" for row in json_lines(QUESTIONS / "corpus.jsonl")]


def unit_rows(vectors: np.ndarray, count: int, dim: int) -> None:
    assert vectors.shape == (count, dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


# The bundled model


def test_vectors_are_unit_rows(bundled: Embedder) -> None:
    """Shape (n, dim), float32, length 1, for questions and documents; none for no text."""
    unit_rows(bundled.encode_query(TEXTS), 3, bundled.dim)
    unit_rows(bundled.encode_document(TEXTS), 3, bundled.dim)
    assert bundled.encode_query([]).shape == (0, bundled.dim)
    assert bundled.encode_document([]).shape == (0, bundled.dim)


@pytest.mark.parametrize("text", ["", " ", "…", "日本語", "a" * 3000, "kata " * 2000, "\x00"])
def test_any_text_has_a_vector(bundled: Embedder, text: str) -> None:
    """Empty, foreign or far too long: a unit vector, no error."""
    unit_rows(bundled.encode_document([text]), 1, bundled.dim)


def test_the_onnx_model_agrees_with_sentence_transformers(
    bundled: Embedder, reference: Any, passages: list[str]
) -> None:
    """On 200 real passages each pair of vectors has a cosine of at least 0.99."""
    assert len(passages) >= 200
    ours = bundled.encode_document(passages)
    theirs = reference.encode(passages, normalize_embeddings=True, show_progress_bar=False)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.min() >= 0.99, f"passage {cosines.argmin()}: {cosines.min():.4f}"


def test_the_runtimes_agree_on_questions(bundled: Embedder, reference: Any) -> None:
    """Short texts too, in both languages."""
    questions = [row["text"] for row in json_lines(QUESTIONS / "queries.jsonl")][:60]
    theirs = reference.encode(questions, normalize_embeddings=True, show_progress_bar=False)
    assert (bundled.encode_query(questions) * theirs).sum(axis=1).min() >= 0.985


def test_batches_do_not_change_vectors(bundled: Embedder, passages: list[str]) -> None:
    """A text has the same vector alone and among texts of any length, in the order given.

    Quantisation at run time moves each vector a little.
    """
    mixed = [passages[0], "Ya.", passages[1] * 3, TEXTS[0], *passages[2:40]]
    together = bundled.encode_document(mixed)
    alone = np.concatenate([bundled.encode_document([text]) for text in mixed])
    assert (together * alone).sum(axis=1).min() > 0.96


def test_translations_are_closer_than_strangers(bundled: Embedder) -> None:
    """An Indonesian sentence is nearer to its English translation than to another subject."""
    one, translation, other = bundled.encode_document(TEXTS)
    assert one @ translation > one @ other + 0.1


def test_tokens_are_counted_without_special_ones(bundled: Embedder, reference: Any) -> None:
    """As the model's own tokeniser counts them, uncut."""
    texts = ["", "kata", *TEXTS, "kata " * 1000]
    plain = reference.tokenizer(texts, add_special_tokens=False, truncation=False)["input_ids"]
    assert bundled.count_tokens(texts) == [len(row) for row in plain]
    assert bundled.count_tokens([]) == []


def test_parts_of_a_passage_have_vectors_of_their_own(bundled: Embedder) -> None:
    """One unit vector a sentence, nearest to the sentence's own; the passages' as always."""
    text = " ".join(TEXTS)
    spans = []
    for sentence in TEXTS:
        start = text.index(sentence)
        spans.append(Span(start, start + len(sentence)))
    vectors, parts = bundled.encode_passages([text, TEXTS[0], ""], [spans, [], []])
    np.testing.assert_allclose(vectors, bundled.encode_document([text, TEXTS[0], ""]), atol=0.05)
    assert [len(part) for part in parts] == [3, 0, 0]
    unit_rows(parts[0], 3, bundled.dim)
    similar = parts[0] @ bundled.encode_document(TEXTS).T
    assert similar[2].argmax() == 2
    assert similar[0].argmax() in (0, 1)  # the two say the same


def test_parts_beyond_the_length_of_the_model(bundled: Embedder) -> None:
    """A sentence that the model does not see any more gets a unit vector all the same."""
    text = "kata " * 1000 + "akhir."
    span = Span(len(text) - 6, len(text))
    _, (parts,) = bundled.encode_passages([text], [[span]])
    unit_rows(parts, 1, bundled.dim)


def test_threads_may_share_an_embedder(bundled: Embedder) -> None:
    """Eight at a time get what one gets."""
    expected = bundled.encode_query(TEXTS)
    worst: list[float] = []

    def work() -> None:
        for _ in range(3):
            worst.append(float((bundled.encode_query(TEXTS) * expected).sum(axis=1).min()))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(worst) == 24
    assert min(worst) > 0.999


def test_the_bundled_model_is_the_default(bundled: Embedder) -> None:
    """By no name and by "bundled"; it says who it is."""
    named = embeddings.load("bundled")
    assert (named.name, named.version, named.dim) == (bundled.name, bundled.version, bundled.dim)
    card = json.loads((MODEL_FOLDER / "kutip.json").read_text("utf-8"))
    assert (bundled.name, bundled.version) == (card["name"], card["version"])


def test_the_bundled_model_loads_without_pytorch() -> None:
    """Loading and encoding import neither torch nor sentence-transformers nor transformers."""
    program = (
        "import sys, embeddings\n"
        "embeddings.load().encode_query(['Siapa Sekjen PBB?'])\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') "
        "if m in sys.modules])"
    )
    result = python("-W", "error", "-c", program)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["kutip.json", "model.onnx", "tokenizer.json"])
def test_a_missing_model_file_is_named(tmp_path: Path, name: str) -> None:
    """With the remedy."""
    for file in ("kutip.json", "model.onnx", "tokenizer.json"):
        if file != name:
            (tmp_path / file).symlink_to(MODEL_FOLDER / file)
    with pytest.raises(ModelError, match="reinstall") as caught:
        BundledEmbedder(tmp_path)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["kutip.json", "model.onnx", "tokenizer.json"])
def test_a_damaged_model_file_is_named(tmp_path: Path, name: str) -> None:
    """An error of ours, never one of the runtime's."""
    for file in ("kutip.json", "model.onnx", "tokenizer.json"):
        (tmp_path / file).symlink_to(MODEL_FOLDER / file)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(b"cut short")
    with pytest.raises(ModelError) as caught:
        BundledEmbedder(tmp_path)
    assert name in str(caught.value)


# Any other model


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled folder as somebody else's model, with prompts."""
    folder = tmp_path_factory.mktemp("models") / "prompted"
    shutil.copytree(MODEL_FOLDER, folder, ignore=shutil.ignore_patterns("*.onnx", "*.gz"))
    settings = folder / "config_sentence_transformers.json"
    stated = json.loads(settings.read_text("utf-8"))
    stated["prompts"] = {"query": "query: ", "document": "passage: "}
    settings.write_text(json.dumps(stated), "utf-8")
    return folder


@pytest.fixture(scope="module")
def other(prompted: Path) -> Embedder:
    return embeddings.load(str(prompted))


def test_another_model_uses_its_own_prompts(other: Embedder, reference: Any) -> None:
    """A question gets the query prompt, a passage the document prompt."""
    plain = reference.encode(
        [f"query: {TEXTS[0]}", f"passage: {TEXTS[0]}", TEXTS[0]], normalize_embeddings=True
    )
    np.testing.assert_allclose(other.encode_query([TEXTS[0]])[0], plain[0], atol=1e-5)
    np.testing.assert_allclose(other.encode_document([TEXTS[0]])[0], plain[1], atol=1e-5)
    assert plain[0] @ plain[2] < 0.999


def test_another_model_keeps_the_promises_of_an_embedder(other: Embedder, prompted: Path) -> None:
    """Unit rows, sizes, parts, counts; nothing for nothing."""
    assert other.name == str(prompted)
    assert (other.dim, other.max_tokens) == (384, 256)
    unit_rows(other.encode_query(TEXTS), 3, other.dim)
    assert other.encode_query([]).shape == (0, other.dim)
    assert other.encode_document([]).shape == (0, other.dim)
    assert other.count_tokens(TEXTS) == embeddings.load().count_tokens(TEXTS)
    text = f"{TEXTS[0]} {TEXTS[2]}"
    spans = [Span(0, len(TEXTS[0])), Span(len(TEXTS[0]) + 1, len(text))]
    vectors, parts = other.encode_passages([text, TEXTS[1]], [spans, []])
    unit_rows(vectors, 2, other.dim)
    assert [len(part) for part in parts] == [2, 0]
    vectors, parts = other.encode_passages([], [])
    assert (vectors.shape, parts) == ((0, other.dim), [])


def test_the_version_tells_models_apart(other: Embedder, prompted: Path, tmp_path: Path) -> None:
    """The same folder has the same version; other prompts make another."""
    assert embeddings.load(str(prompted)).version == other.version
    assert embeddings.load(str(MODEL_FOLDER)).version != other.version


def test_a_corpus_with_another_model(prompted: Path, tmp_path: Path) -> None:
    """A corpus made with a folder's model answers, and remembers the model."""
    (tmp_path / "a.txt").write_text("\n\n".join(TEXTS), encoding="utf-8")
    with Corpus.open(tmp_path / "corpus", model=str(prompted)) as corpus:
        corpus.add(tmp_path / "a.txt")
        assert corpus.search("gempa")
    told: list[int] = []
    with Corpus.open(
        tmp_path / "corpus", progress=lambda done, total, name: told.append(done)
    ) as corpus:
        assert corpus.embedder.name == str(prompted)
        assert told == []  # nothing is indexed again
        assert corpus.check() == []


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """sentence-transformers is not installed: what to install is said."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"kutip\[models\]"):
        embeddings.load("some/model")
    assert embeddings.load().dim == 384


@pytest.mark.tries_network
def test_an_unknown_model_names_the_folder_looked_in() -> None:
    """No such folder, not in the cache, no network: ModelError says where it looked."""
    from huggingface_hub.constants import HF_HUB_CACHE

    start = time.perf_counter()
    with pytest.raises(ModelError) as caught:
        embeddings.load("kutip-tests/no-such-model")
    assert time.perf_counter() - start < 20  # no minute of retries
    assert "kutip-tests/no-such-model" in str(caught.value)
    assert str(HF_HUB_CACHE) in str(caught.value)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    """ModelError names it, and the network is not asked."""
    with pytest.raises(ModelError, match="not a sentence-transformers model") as caught:
        embeddings.load(str(tmp_path))
    assert str(tmp_path) in str(caught.value)

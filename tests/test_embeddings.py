"""Promises of ``embeddings``: unit vectors, the same from both runtimes, and clear errors.

Small models for what any model must do, with one layer and random weights; the
bundled one and its teacher for what has meaning.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embeddings
from embeddings import MODEL_FOLDER
from embeddings.bundled import BundledEmbedder
from qa.corpus import Corpus
from qa.errors import MissingExtra, ModelError
from qa.retrieval.late import words_of
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
    """The same folder as sentence-transformers reads it, in float32."""
    yield plain_sentence_transformer(MODEL_FOLDER)


@pytest.fixture(scope="module")
def passages() -> list[str]:
    return [f"{row['title']}\n{row['text']}" for row in json_lines(QUESTIONS / "corpus.jsonl")]


def plain_sentence_transformer(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
    )


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
    vectors, parts, words = bundled.encode_passages(
        [text, TEXTS[0], ""], [spans, [], []], [[], words_of(TEXTS[0]), []]
    )
    assert [len(rows) for rows in words] == [0, len(words_of(TEXTS[0])), 0]
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
    _, (parts,), (words,) = bundled.encode_passages([text], [[span]], [[Span(0, 4), span]])
    unit_rows(parts, 1, bundled.dim)
    unit_rows(words[:1], 1, bundled.word_dim)
    assert not words[1].any()


def test_words_meet_across_languages(bundled: Embedder) -> None:
    """The vector of a word is nearest to the word that says the same in the other language,
    and a name weighs more in a question than "the"."""
    question = "Who chairs the committee on data protection in Wakatobi?"
    text = "Panitia pelindungan data di Wakatobi diketuai oleh seorang petani kopi."
    _, (asked,) = bundled.encode_words([question], [words_of(question)])
    _, _, (said,) = bundled.encode_passages([text], [[]], [words_of(text)])
    own = [span.of(question) for span in words_of(question)]
    others = [span.of(text) for span in words_of(text)]
    unit_rows(said, len(others), bundled.word_dim)
    nearest = {
        word: others[int(place)]
        for word, place in zip(own, (asked @ said.T).argmax(axis=1), strict=True)
    }
    assert nearest["committee"] == "Panitia"
    assert nearest["protection"] == "pelindungan"
    assert nearest["Wakatobi"] == "Wakatobi"
    lengths = dict(zip(own, np.linalg.norm(asked, axis=1), strict=True))
    assert lengths["Wakatobi"] > 1.5 * lengths["the"]


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


def test_corpora_share_a_model(tmp_path: Path) -> None:
    """Opened in one process, they use one and the same."""
    with Corpus.open(tmp_path / "a") as a, Corpus.open(tmp_path / "b") as b:
        assert a.embedder is b.embedder


def test_the_bundled_model_takes_no_settings() -> None:
    """It needs no prompts, and its vectors are not cut: asking for either is an error."""
    with pytest.raises(ModelError, match="name another model"):
        embeddings.load(prompts={"query": "query: "})
    with pytest.raises(ModelError, match="name another model"):
        embeddings.load("bundled", dimensions=128)


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


MODEL_FILES = ("kutip.json", "model.onnx", "tokenizer.json", "words.npy")


@pytest.mark.parametrize("name", MODEL_FILES)
def test_a_missing_model_file_is_named(tmp_path: Path, name: str) -> None:
    """With the remedy."""
    for file in MODEL_FILES:
        if file != name:
            (tmp_path / file).symlink_to(MODEL_FOLDER / file)
    with pytest.raises(ModelError, match="reinstall") as caught:
        BundledEmbedder(tmp_path)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", MODEL_FILES)
def test_a_damaged_model_file_is_named(tmp_path: Path, name: str) -> None:
    """An error of ours, never one of the runtime's."""
    for file in MODEL_FILES:
        (tmp_path / file).symlink_to(MODEL_FOLDER / file)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(b"cut short")
    with pytest.raises(ModelError) as caught:
        BundledEmbedder(tmp_path)
    assert name in str(caught.value)


# Any other model: real ones


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled folder as somebody else's model, with prompts."""
    folder = tmp_path_factory.mktemp("models") / "prompted"
    shutil.copytree(MODEL_FOLDER, folder, ignore=shutil.ignore_patterns("*.onnx", "*.gz"))
    state(folder, prompts={"query": "query: ", "document": "passage: "})
    return folder


@pytest.fixture(scope="module")
def other(prompted: Path) -> Embedder:
    return embeddings.load(str(prompted))


def state(folder: Path, **settings: object) -> None:
    """Write *settings* into the folder's sentence-transformers configuration."""
    file = folder / "config_sentence_transformers.json"
    stated = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps({**stated, **settings}), "utf-8")


def test_another_model_uses_its_own_prompts(other: Embedder, reference: Any) -> None:
    """A question gets the query prompt, a passage the document prompt.

    The folder holds float16; the vectors are float32's.
    """
    plain = reference.encode(
        [f"query: {TEXTS[0]}", f"passage: {TEXTS[0]}", TEXTS[0]], normalize_embeddings=True
    )
    np.testing.assert_allclose(other.encode_query([TEXTS[0]])[0], plain[0], atol=1e-5)
    np.testing.assert_allclose(other.encode_document([TEXTS[0]])[0], plain[1], atol=1e-5)
    assert plain[0] @ plain[2] < 0.999


def test_another_model_keeps_the_promises_of_an_embedder(other: Embedder, prompted: Path) -> None:
    """Unit rows, sizes, parts, counts; nothing for nothing."""
    assert other.name == prompted.name
    assert (other.dim, other.max_tokens) == (384, 256)
    unit_rows(other.encode_query(TEXTS), 3, other.dim)
    assert other.encode_query([]).shape == (0, other.dim)
    assert other.encode_document([]).shape == (0, other.dim)
    assert other.count_tokens(TEXTS) == embeddings.load().count_tokens(TEXTS)
    assert other.count_tokens([]) == []
    text = f"{TEXTS[0]} {TEXTS[2]}"
    spans = [Span(0, len(TEXTS[0])), Span(len(TEXTS[0]) + 1, len(text))]
    vectors, parts, words = other.encode_passages(
        [text, TEXTS[1]], [spans, []], [words_of(text), []]
    )
    assert [rows.shape for rows in words] == [(len(words_of(text)), 0), (0, 0)]
    unit_rows(vectors, 2, other.dim)
    assert [len(part) for part in parts] == [2, 0]
    vectors, parts, words = other.encode_passages([], [], [])
    assert (vectors.shape, parts, words) == ((0, other.dim), [], [])


def test_the_teacher_as_another_model() -> None:
    """A published model's folder, as it is: sentence-transformers' vectors, and meaning."""
    from embeddings.training.student import teacher_folder

    teacher = embeddings.load(str(teacher_folder()))
    theirs = plain_sentence_transformer(teacher_folder()).encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(teacher.encode_document(TEXTS), theirs, atol=1e-5)
    question, right, wrong = teacher.encode_query(
        ["Who opened the conference?", TEXTS[1], "The quake damaged four wooden bridges."]
    )
    assert question @ right > question @ wrong + 0.1


def test_nothing_is_printed_while_another_model_loads(
    prompted: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """No progress bars and no reports from the libraries below."""
    embeddings.load(str(prompted))
    assert capfd.readouterr() == ("", "")


# Any other model: small ones


@pytest.fixture(scope="module")
def one_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole sentence-transformers folder: 16 dimensions, at most 32 tokens, no prompts."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("models") / "one-layer"
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=embeddings_vocabulary(),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(MODEL_FOLDER / name, folder / name)
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling")])
    ]
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 32}', "utf-8")
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling), "utf-8")
    return folder


def embeddings_vocabulary() -> int:
    from tokenizers import Tokenizer

    return int(Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json")).get_vocab_size())


@pytest.fixture
def small(one_layer: Path, tmp_path: Path) -> Callable[..., Path]:
    """Copies the one-layer model into a folder of the given name, with the given settings."""

    def copy(name: str = "small", **settings: object) -> Path:
        folder = tmp_path / name
        shutil.copytree(one_layer, folder)
        if settings:
            state(folder, **settings)
        return folder

    return copy


def test_a_shared_model_is_let_go_and_loaded_again(small: Callable[..., Path]) -> None:
    """As long as somebody uses it there is one, unless its folder has changed."""
    folder = small()
    first = embeddings.load(str(folder))
    assert embeddings.load(str(folder)) is first
    os.utime(folder / "config.json", (1, 1))
    assert embeddings.load(str(folder)) is not first
    held = weakref.ref(first)
    del first
    gc.collect()
    assert held() is None


WEB = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"


@pytest.mark.parametrize(
    ("name", "query", "document"),
    [
        ("multilingual-e5-small", "query: ", "passage: "),
        ("e5-base-v2", "query: ", "passage: "),
        ("multilingual-e5-large-instruct", f"{WEB} ", ""),
        ("Qwen3-Embedding-0.6B", WEB, ""),
        ("embeddinggemma-300m", "task: search result | query: ", "title: none | text: "),
        ("nomic-embed-text-v2-moe", "search_query: ", "search_document: "),
        ("snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("bge-m3", "", ""),
        ("my-e5-small-tuned", "", ""),
    ],
)
def test_well_known_models_get_their_prompts(
    small: Callable[..., Path], name: str, query: str, document: str
) -> None:
    """By the name of the folder, where the folder states none; others get none."""
    embedder = embeddings.load(str(small(name)))
    plain = embeddings.load(str(small("plain")))
    text = TEXTS[0][:40]
    np.testing.assert_allclose(
        embedder.encode_query([text]), plain.encode_query([query + text]), atol=1e-6
    )
    np.testing.assert_allclose(
        embedder.encode_document([text]), plain.encode_document([document + text]), atol=1e-6
    )


@pytest.mark.parametrize("key", ["document", "passage", "corpus"])
def test_stated_prompts_come_before_well_known_ones(small: Callable[..., Path], key: str) -> None:
    """Under any of the names that models use; sentence-transformers itself knows the first only."""
    stated = embeddings.load(str(small("e5-small", prompts={"query": "Q ", key: "D "})))
    plain = embeddings.load(str(small("plain")))
    both = plain.encode_query(["Q gempa", "D gempa"])
    np.testing.assert_allclose(stated.encode_query(["gempa"])[0], both[0], atol=1e-6)
    np.testing.assert_allclose(stated.encode_document(["gempa"])[0], both[1], atol=1e-6)


def test_given_prompts_come_first(small: Callable[..., Path]) -> None:
    """One that is left out is empty, and an unknown one is an error that names the two."""
    folder = small("e5-small", prompts={"query": "Q ", "document": "D "})
    given = embeddings.load(str(folder), prompts={"query": "tanya: "})
    plain = embeddings.load(str(folder), prompts={})
    np.testing.assert_allclose(
        given.encode_query(["gempa"]), plain.encode_query(["tanya: gempa"]), atol=1e-6
    )
    np.testing.assert_allclose(
        given.encode_document(["gempa"]), plain.encode_document(["gempa"]), atol=1e-6
    )
    with pytest.raises(ModelError, match=r"'passage'.*query, document"):
        embeddings.load(str(folder), prompts={"passage": "x"})


def test_vectors_can_be_cut(small: Callable[..., Path]) -> None:
    """To the first so many numbers, of length 1 again; asked for, or stated by the folder."""
    folder = small()
    whole, cut = embeddings.load(str(folder)), embeddings.load(str(folder), dimensions=8)
    first = whole.encode_query(TEXTS)[:, :8]
    expected = first / np.linalg.norm(first, axis=1, keepdims=True)
    assert (whole.dim, cut.dim) == (16, 8)
    unit_rows(cut.encode_query(TEXTS), 3, 8)
    np.testing.assert_allclose(cut.encode_query(TEXTS), expected, atol=1e-6)
    assert cut.version != whole.version
    assert embeddings.load(str(small("stated", truncate_dim=8))).dim == 8
    for wrong in (0, -1, 17):
        with pytest.raises(ModelError, match="ask for 1 to 16"):
            embeddings.load(str(folder), dimensions=wrong)


def test_the_version_is_of_the_content(small: Callable[..., Path]) -> None:
    """The same wherever it lies; another after any change that could change a vector."""
    folder = small("model")
    version = embeddings.load(str(folder)).version
    moved = folder.parent / "elsewhere" / "model"
    moved.parent.mkdir()
    shutil.copytree(folder, moved)
    again = embeddings.load(str(moved))
    assert (again.name, again.version) == ("model", version)
    (moved / "README.md").write_text("# Words about it", "utf-8")
    (moved / ".cache").mkdir()
    (moved / ".cache" / "download.json").write_text("{}", "utf-8")
    assert embeddings.load(str(moved)).version == version

    weights = (moved / "model.safetensors").read_bytes()
    (moved / "model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    changed = {version, embeddings.load(str(moved)).version}
    pooling = {"word_embedding_dimension": 16, "pooling_mode_cls_token": True}
    (moved / "1_Pooling" / "config.json").write_text(json.dumps(pooling), "utf-8")
    changed.add(embeddings.load(str(moved)).version)
    (moved / "sentence_bert_config.json").write_text('{"max_seq_length": 16}', "utf-8")
    changed.add(embeddings.load(str(moved)).version)
    changed.add(embeddings.load(str(moved), prompts={"query": "q "}).version)
    assert len(changed) == 5


def test_the_version_of_large_weights(tmp_path: Path) -> None:
    """They are sampled: another size or another sample makes another version."""
    from embeddings.sentence_transformer import _version

    weights = tmp_path / "model.safetensors"
    with weights.open("wb") as file:
        file.truncate(40 * 2**20)
    seen = {_version(tmp_path)}
    assert _version(tmp_path) in seen
    with weights.open("r+b") as file:
        file.seek(20 * 2**20)
        file.write(b"other")
    seen.add(_version(tmp_path))
    with weights.open("r+b") as file:
        file.truncate(41 * 2**20)
    seen.add(_version(tmp_path))
    assert len(seen) == 3


def test_a_hub_name_from_the_cache(
    one_layer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found without the network; the commit is the version; the name says the prompts."""
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path))
    repository = tmp_path / "models--kutip-tests--e5-small"
    versions = []
    for commit in ("a" * 40, "b" * 40):
        shutil.copytree(one_layer, repository / "snapshots" / commit)
        (repository / "refs").mkdir(exist_ok=True)
        (repository / "refs" / "main").write_text(commit, "utf-8")
        embedder = embeddings.load("kutip-tests/e5-small")
        versions.append(embedder.version)
        assert embedder.name == "kutip-tests/e5-small"
    assert versions[0] != versions[1]
    plain = embeddings.load(str(one_layer))
    np.testing.assert_allclose(
        embedder.encode_query(["gempa"]), plain.encode_query(["query: gempa"]), atol=1e-6
    )


def test_a_bag_of_words_model(tmp_path: Path) -> None:
    """A model without layers, length limit or transformers' tokeniser keeps the promises too."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu"
    )
    model.save(str(tmp_path), create_model_card=False)
    embedder = embeddings.load(str(tmp_path))
    unit_rows(embedder.encode_query([*TEXTS, ""]), 4, 16)
    assert embedder.count_tokens(TEXTS) == embeddings.load().count_tokens(TEXTS)
    assert embedder.max_tokens >= 100_000


def test_threads_may_share_another_model(
    small: Callable[..., Path], request: pytest.FixtureRequest
) -> None:
    """Counting and encoding at the same time, texts longer than the model takes.

    Its tokeniser cuts for the one and not for the other, and is one object.
    """
    embedder = embeddings.load(str(small()))
    text = "kata " * 90
    expected = embedder.encode_query([text])
    request.addfinalizer(partial(sys.setswitchinterval, sys.getswitchinterval()))
    sys.setswitchinterval(1e-6)  # threads change places as often as can be
    wrong: list[object] = []

    def encode() -> None:
        try:
            for _ in range(30):
                if np.abs(embedder.encode_query([text]) - expected).max() > 1e-5:
                    wrong.append("another vector")
        except Exception as error:
            wrong.append(error)

    def count() -> None:
        try:
            for _ in range(150):
                if embedder.count_tokens([text]) != [90]:
                    wrong.append("another count")
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for work in (encode, count, encode, count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert wrong == []


def test_a_corpus_with_another_model(small: Callable[..., Path], tmp_path: Path) -> None:
    """A corpus is indexed again when its model changes, in whatever dimension, and remembers it."""
    folder = small()
    (tmp_path / "a.txt").write_text("\n\n".join(TEXTS), encoding="utf-8")
    told: list[int] = []

    def opened(model: str | None = None) -> Corpus:
        told.clear()
        return Corpus.open(
            tmp_path / "corpus", model=model, progress=lambda done, total, name: told.append(done)
        )

    with opened() as corpus:
        corpus.add(tmp_path / "a.txt")
        assert corpus.embedder.dim == 384
    with opened(str(folder)) as corpus:
        assert told == [0, 1]
        assert corpus.embedder.dim == 16
        assert corpus.search("gempa")
        assert corpus.check() == []
    with opened() as corpus:
        assert told == []
        assert corpus.embedder.name == "small"
    state(folder, prompts={"query": "query: ", "document": "passage: "})
    with opened() as corpus:
        assert told == [0, 1]


# What is no model for this, and what cannot be had


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"model_type": "CrossEncoder"}, "cross-encoder"),
        ({"model_type": "SparseEncoder"}, "a SparseEncoder, which has no single vector"),
        ({"model_type": "MultiVectorEncoder"}, "a MultiVectorEncoder"),
    ],
)
def test_models_without_a_vector_are_refused(
    small: Callable[..., Path], edit: dict[str, object], message: str
) -> None:
    """sentence-transformers would give vectors without meaning; the error names the kind."""
    folder = small(**edit)
    with pytest.raises(ModelError, match=message) as caught:
        embeddings.load(str(folder))
    assert str(folder) in str(caught.value)


def test_a_folder_with_a_link_to_nowhere_is_no_model(tmp_path: Path) -> None:
    """What a cleared cache leaves behind is named as any folder without a model is."""
    (tmp_path / "model.safetensors").symlink_to(tmp_path / "gone")
    with pytest.raises(ModelError) as caught:
        embeddings.load(str(tmp_path))
    assert str(tmp_path) in str(caught.value)


def test_an_old_cross_encoder_is_refused(small: Callable[..., Path]) -> None:
    """One that says so only by the head of its network."""
    folder = small()
    (folder / "modules.json").unlink()
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["architectures"] = ["BertForSequenceClassification"]
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelError, match="cross-encoder"):
        embeddings.load(str(folder))


def test_code_that_comes_with_a_model_is_not_run(small: Callable[..., Path]) -> None:
    """Neither a module's nor the network's: ModelError says that Kutip never does."""
    folder = small()
    ran = folder / "ran"
    for name in ("own_module.py", "own_network.py"):
        (folder / name).write_text(f"open({str(ran)!r}, 'w').close()\nclass Own: ...\n", "utf-8")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    own = {"AutoConfig": "own_network.Own", "AutoModel": "own_network.Own"}
    (folder / "config.json").write_text(
        json.dumps({**config, "model_type": "kutip-tests", "auto_map": own}), "utf-8"
    )
    with pytest.raises(ModelError, match="never does"):
        embeddings.load(str(folder))
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    modules[0]["type"] = "own_module.Own"
    (folder / "modules.json").write_text(json.dumps(modules), "utf-8")
    with pytest.raises(ModelError, match="never does"):
        embeddings.load(str(folder))
    assert not ran.exists()


def test_vectors_that_are_no_numbers_are_refused(small: Callable[..., Path]) -> None:
    """ModelError names the model and the text, and nothing reaches an index."""
    from safetensors.numpy import load_file, save_file

    folder = small("damaged")
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.LayerNorm.weight"][:] = np.nan
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="NaN") as caught:
        embeddings.load(str(folder)).encode_document(["Gempa merusak jembatan."])
    assert "damaged" in str(caught.value)
    assert "Gempa merusak" in str(caught.value)


@pytest.mark.parametrize("name", ["modules.json", "config.json", "model.safetensors"])
def test_a_damaged_folder_is_named(small: Callable[..., Path], name: str) -> None:
    """An error of ours for any broken file, with what to do."""
    folder = small()
    (folder / name).write_text("{cut short", "utf-8")
    with pytest.raises(ModelError, match="copy or download it again") as caught:
        embeddings.load(str(folder))
    assert str(folder) in str(caught.value)


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """sentence-transformers is not installed: what to install is said."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"kutip\[models\]"):
        embeddings.load("some/model")
    assert embeddings.load().dim == 384


def test_a_model_that_is_nowhere() -> None:
    """Not a folder, not cached: the network is not asked, and the error says where it looked."""
    from huggingface_hub.constants import HF_HUB_CACHE

    with pytest.raises(ModelError, match="download=True") as caught:
        embeddings.load("kutip-tests/no-such-model")
    assert "kutip-tests/no-such-model" in str(caught.value)
    assert str(HF_HUB_CACHE) in str(caught.value)


@pytest.mark.parametrize("name", ["./models/none", "/no/such/folder", "~/none", "a/b/c", "a\\b"])
def test_a_folder_that_is_not_there(name: str) -> None:
    """What can only be a path is not taken for the name of a model elsewhere."""
    with pytest.raises(ModelError, match="no such folder; copy the model there"):
        embeddings.load(name)


def test_a_file_is_no_model(small: Callable[..., Path]) -> None:
    """The folder is wanted."""
    with pytest.raises(ModelError, match="name the folder"):
        embeddings.load(str(small() / "model.safetensors"))


@pytest.mark.tries_network
def test_a_download_without_a_network() -> None:
    """Asked for, refused: ModelError in seconds, not after a minute of retries."""
    start = time.perf_counter()
    with pytest.raises(ModelError, match="cannot be downloaded"):
        embeddings.load("kutip-tests/no-such-model", download=True)
    assert time.perf_counter() - start < 20


def test_no_download_when_the_hub_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """HF_HUB_OFFLINE comes before the wish to download."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE"):
        embeddings.load("kutip-tests/no-such-model", download=True)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    """ModelError names it, and the network is not asked."""
    with pytest.raises(ModelError, match="not a sentence-transformers model") as caught:
        embeddings.load(str(tmp_path))
    assert str(tmp_path) in str(caught.value)

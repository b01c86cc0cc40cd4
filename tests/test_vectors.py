"""Promises of ``qa.index.vectors``: exact search over a file that may be lost at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.index.store import Store
from qa.index.vectors import VectorIndex
from tests.helpers import make_document, store_document

DIM = 16
COUNT = 200


def unit(random: np.random.Generator, *shape: int) -> np.ndarray:
    vectors = random.standard_normal(shape).astype(np.float32)
    rows: np.ndarray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return rows


def put(store: Store, id: str, vector: np.ndarray) -> None:
    document = make_document(id, f"Kapal {id}.")
    store_document(store, document, vectors=vector[None, :])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of ``COUNT`` passages with random unit vectors; two of them equal."""
    random = np.random.default_rng(7)
    store = Store(tmp_path / "kutip.db")
    vectors = unit(random, COUNT, DIM)
    vectors[11] = vectors[5]
    for i, vector in enumerate(vectors):
        put(store, f"d{i}", vector)
    yield store
    store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.faiss"


def everything(store: Store) -> tuple[np.ndarray, np.ndarray]:
    """Every passage number and vector, straight from SQLite."""
    numbers = store.numbers()
    return numbers, store.vectors(numbers.tolist(), DIM)


def opened(path: Path, store: Store, dim: int = DIM) -> VectorIndex:
    """The index of *store*, saved in *path*."""
    index = VectorIndex.open(path, store, dim)
    index.save(path, store.generation())
    return index


def searched(index: VectorIndex) -> list[tuple[list[int], list[float]]]:
    """What a few questions find."""
    results = []
    for vector in unit(np.random.default_rng(3), 5, DIM):
        numbers, scores = index.search(vector, 10)
        results.append((numbers.tolist(), scores.tolist()))
    return results


def test_search_is_exact(store: Store, path: Path) -> None:
    """The nearest passages are those a full comparison with numpy finds, score for score."""
    index = opened(path, store)
    numbers, vectors = everything(store)
    for question in unit(np.random.default_rng(1), 20, DIM):
        cosines = vectors @ question
        found, scores = index.search(question, 10)
        np.testing.assert_allclose(scores, np.sort(cosines)[::-1][:10], atol=1e-6)
        rows = np.searchsorted(numbers, found)
        np.testing.assert_allclose(cosines[rows], scores, atol=1e-6)


def test_cosines_of_chosen_passages(store: Store, path: Path) -> None:
    """Any passage can be compared with a question, in any order."""
    index = opened(path, store)
    numbers, vectors = everything(store)
    question = unit(np.random.default_rng(2), DIM)
    chosen = [150, 0, 42]
    np.testing.assert_allclose(
        index.cosines(question, numbers[chosen]), vectors[chosen] @ question, atol=1e-6
    )
    assert len(index.cosines(question, numbers[:0])) == 0


@pytest.mark.parametrize("count", [0, 1, 3, 100, COUNT])
def test_search_among_chosen_passages_is_exact(store: Store, path: Path, count: int) -> None:
    """Of any subset, however small: the same as comparing all of it with numpy."""
    index = opened(path, store)
    numbers, vectors = everything(store)
    chosen = np.sort(np.random.default_rng(count).permutation(COUNT)[:count])
    question = unit(np.random.default_rng(5), DIM)
    found, scores = index.search(question, 10, among=numbers[chosen])
    best = np.sort(vectors[chosen] @ question)[::-1][:10]
    np.testing.assert_allclose(scores, best, atol=1e-6)
    assert set(found.tolist()) <= set(numbers[chosen].tolist())


def test_asking_for_more_than_there_is(store: Store, path: Path) -> None:
    """k above the number of passages gives them all, each once."""
    index = opened(path, store)
    numbers, _ = index.search(unit(np.random.default_rng(2), DIM), 10 * COUNT)
    assert sorted(numbers.tolist()) == store.numbers().tolist()
    assert len(index) == COUNT


def test_an_empty_corpus_has_nothing_near(tmp_path: Path) -> None:
    """Searching no passages finds none."""
    store = Store(tmp_path / "empty.db")
    try:
        index = opened(tmp_path / "vectors.faiss", store)
        assert len(index) == 0
        numbers, scores = index.search(unit(np.random.default_rng(2), DIM), 5)
        assert (len(numbers), len(scores)) == (0, 0)
    finally:
        store.close()


def flip(data: bytes) -> bytes:
    """One bit of the vectors turned over."""
    changed = bytearray(data)
    changed[len(data) // 2] ^= 0x10
    return bytes(changed)


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda data: None,
    "empty": lambda data: b"",
    "header cut": lambda data: data[:10],
    "header only": lambda data: data[:28],
    "truncated": lambda data: data[: len(data) // 2],
    "last byte gone": lambda data: data[:-1],
    "bit flipped": flip,
    "magic": lambda data: b"SOMEFILE" + data[8:],
    "header bit flipped": lambda data: data[:9] + bytes([data[9] ^ 1]) + data[10:],
    "garbage": lambda data: b"\x00" * len(data),
    "longer": lambda data: data + b"more",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_bad_file_is_made_again(store: Store, path: Path, damage: str) -> None:
    """Missing, cut or altered: the vectors are made again from SQLite, with the same results."""
    expected = searched(opened(path, store))
    good = path.read_bytes()
    bad = DAMAGE[damage](good)
    if bad is None:
        path.unlink()
    else:
        path.write_bytes(bad)
    assert searched(opened(path, store)) == expected
    assert path.read_bytes() == good


def test_a_good_file_is_used(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that fits is read, not made again."""
    expected = searched(opened(path, store))

    def refuse(*arguments: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(Store, "vectors", refuse)
    assert searched(opened(path, store)) == expected


def test_a_stale_file_is_made_again(store: Store, path: Path) -> None:
    """After any change of the documents the old file no longer counts."""
    opened(path, store)
    question = unit(np.random.default_rng(9), DIM)
    put(store, "new", question)
    store.remove("d0")
    index = opened(path, store)
    numbers, scores = index.search(question, 1)
    (segment,) = store.segments(numbers.tolist())
    assert segment.passage.document_id == "new"
    assert scores[0] == pytest.approx(1.0, abs=1e-6)
    assert len(index) == COUNT


@settings(max_examples=15)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=12))
def test_following_the_store_is_as_good_as_starting_over(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[bool, int]]
) -> None:
    """Adding, replacing and removing one by one: the index finds what a new one finds."""
    folder = tmp_path_factory.mktemp("follow")
    store = Store(folder / "kutip.db")
    random = np.random.default_rng(len(changes))
    try:
        index = VectorIndex.open(folder / "vectors.faiss", store, DIM)
        there: set[int] = set()
        for add, name in changes:
            if add:
                put(store, f"d{name}", unit(random, DIM))
                there.add(name)
            elif name in there:
                store.remove(f"d{name}")
                there.remove(name)
            index.update(store)
            assert len(index) == len(there)
            fresh = VectorIndex.open(folder / "none.faiss", store, DIM)
            for (ours, our_scores), (theirs, their_scores) in zip(
                searched(index), searched(fresh), strict=True
            ):
                assert ours == theirs
                assert our_scores == pytest.approx(their_scores)
    finally:
        store.close()


def test_a_file_of_another_corpus_is_not_taken(tmp_path: Path, path: Path) -> None:
    """A database put back from a backup, or begun anew, never gets the old one's vectors.

    Both have seen the same number of changes.
    """
    first, second = Store(tmp_path / "first.db"), Store(tmp_path / "second.db")
    try:
        axes = np.eye(DIM, dtype=np.float32)
        put(first, "a", axes[0])
        put(second, "b", axes[1])
        opened(path, first)
        numbers, scores = opened(path, second).search(axes[1], 1)
        assert numbers.tolist() == second.numbers().tolist()
        assert scores.tolist() == [1.0]
    finally:
        first.close()
        second.close()


def test_another_size_is_made_again(store: Store, path: Path) -> None:
    """A file for vectors of another length does not fit."""
    opened(path, store)
    with store._writing() as database:
        database.execute("UPDATE passage SET vector = substr(vector, 1, 32)")
    index = opened(path, store, 8)
    assert len(index.search(np.ones(8, np.float32), 3)[0]) == 3


def test_a_file_that_cannot_be_written_costs_nothing_but_time(store: Store, tmp_path: Path) -> None:
    """Where the file cannot be saved, search works all the same."""
    assert len(opened(tmp_path / "nowhere" / "vectors.faiss", store)) == COUNT
    blocked = tmp_path / "vectors.faiss"
    blocked.mkdir()
    assert len(opened(blocked, store)) == COUNT
    assert [p.name for p in tmp_path.glob("*.partial*")] == []

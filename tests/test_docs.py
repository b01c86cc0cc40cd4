"""Promises of the documentation: it covers what there is."""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from pathlib import Path

import pytest

from qa import cli
from tests.helpers import ROOT

README = ROOT / "README.md"


def verbs() -> list[str]:
    """Every verb that the command knows."""
    (actions,) = [
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    return list(actions.choices)


def test_the_command_has_the_promised_verbs() -> None:
    """Those of docs/architecture.md, each with a line of help."""
    promised = {"add", "ask", "search", "list", "remove", "quotes", "eval", "check", "serve"}
    assert promised <= set(verbs())


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_is_in_the_readme(verb: str) -> None:
    """As a user types it: kutip VERB."""
    assert re.search(rf"\bkutip(?: --\S+ \S+)* {verb}\b", README.read_text("utf-8"))


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_every_part_is_on_the_maps(page: str) -> None:
    """Each module and folder of ``qa`` is named where a newcomer looks for it."""
    text = (ROOT / page).read_text("utf-8")
    paths = [path for path in (ROOT / "qa").iterdir() if path.suffix in ("", ".py")]
    parts = [path.name for path in paths if not path.name.startswith("_")]
    assert len(parts) > 10
    assert [part for part in parts if part not in text] == []


@pytest.mark.parametrize(
    "needed",
    ["make run", "make test", "http://127.0.0.1:7860", "Corpus.open", "KUTIP_CORPUS", "Apache"],
)
def test_the_readme_says_how_to_start(needed: str) -> None:
    """The two commands, the address, the Python class, the corpus and the licence."""
    assert needed in README.read_text("utf-8")


def test_make_run_runs_what_is_edited() -> None:
    """All that is packaged is found in its own folder: what is forced in would be copied."""
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    (wheel,) = hatch["targets"].values()
    assert {"app.py", "qa", "embeddings", "seeds"} <= set(wheel["only-include"])
    assert "force-include" not in wheel and "force-include" not in hatch


@pytest.mark.parametrize(
    "name", ["architecture.md", "benchmarks.md", "dossier.md", "log.md", "models.md", "server.md"]
)
def test_the_documents_are_there(name: str) -> None:
    """docs/ holds the architecture, what proof means, the experiments and their figures, and which
    model to pick."""
    assert len((ROOT / "docs" / name).read_text("utf-8").split()) > 100


def test_the_documented_prompts_are_those_in_force() -> None:
    """Every name in the table of docs/models.md gets the prompts beside it."""
    from embeddings.sentence_transformer import _prompts

    page = (ROOT / "docs" / "models.md").read_text("utf-8")
    table = page.partition("| name | question | passage |")[2].partition("\n\n")[0]
    checked = 0
    for row in table.splitlines()[2:]:
        cells = [re.findall("`([^`]*)`", cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        query, document = (
            "".join(cell).replace("\\|", "|").replace("\\n", "\n") for cell in cells[1:]
        )
        for name in cells[0]:
            assert _prompts({}, name, None) == {"query": query, "document": document}, name
            checked += 1
    assert checked >= 12


def _modules() -> list[Path]:
    return sorted(
        path
        for folder in ("qa", "embeddings", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_says_what_it_owns(path: Path) -> None:
    """A docstring at the head of every module."""
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_every_test_says_what_it_promises() -> None:
    """Each test function has a docstring."""
    silent = []
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if not ast.get_docstring(node):
                silent.append(f"{path.name}::{node.name}")
    assert silent == []


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link of the pages names a file that is there."""
    broken = []
    for page in [README, *(ROOT / "docs").glob("*.md"), ROOT / "seeds" / "README.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []

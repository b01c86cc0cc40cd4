"""Promises of ``qa.types`` and ``qa.errors``: the nouns, and errors fit for a user."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.errors
from qa import types
from qa.errors import IngestError, KutipError, MissingExtra
from qa.types import Citation, Passage, Span
from tests.helpers import make_document, python


def citation(**changes: object) -> Citation:
    plain = Citation(
        n=1,
        document_id="d",
        title="Panen raya",
        source="berita/panen.txt",
        outlet="Kabar Uji",
        published=date(2019, 6, 10),
        start=3,
        end=9,
        quote="padi  ",
        speaker=None,
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def test_span_is_half_open() -> None:
    """A span covers the characters from start up to, not including, end."""
    assert Span(1, 4).of("abcdef") == "bcd"
    assert Span(2, 2).of("abcdef") == ""


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_span_refuses_what_is_no_range(start: int, end: int) -> None:
    """A span that runs backwards or starts before the text cannot be made."""
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (Span(0, 3), Span(3, 5), False),  # they touch, and share nothing
        (Span(0, 4), Span(3, 5), True),
        (Span(0, 9), Span(3, 5), True),
        (Span(3, 5), Span(3, 5), True),
        (Span(0, 1), Span(7, 9), False),
    ],
)
def test_overlap_means_a_shared_character(one: Span, two: Span, expected: bool) -> None:
    """Two spans overlap when they share at least one character, whichever is asked."""
    assert one.overlaps(two) is expected
    assert two.overlaps(one) is expected


@given(*[st.integers(0, 12)] * 4)
def test_overlap_agrees_with_sets_of_positions(a: int, b: int, c: int, d: int) -> None:
    """Overlap is what comparing every position would say."""
    one, two = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    shared = set(range(one.start, one.end)) & set(range(two.start, two.end))
    if one.start < one.end and two.start < two.end:
        assert one.overlaps(two) == bool(shared)


def test_spans_sort_by_start() -> None:
    """Spans sort in reading order."""
    assert sorted([Span(5, 6), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(5, 6)]


@pytest.mark.parametrize(
    ("offset", "page"), [(0, 1), (99, 1), (100, 2), (249, 2), (250, 3), (999, 3)]
)
def test_page_of_an_offset(offset: int, page: int) -> None:
    """A page starts at its own offset and ends before the next one's; pages count from 1."""
    document = make_document("d", "x" * 300, pages=(0, 100, 250))
    assert document.page_of(offset) == page


def test_a_document_without_pages_has_no_page_numbers() -> None:
    """Formats without pages give no page number."""
    assert make_document("d", "x" * 300).page_of(10) is None


def test_a_citation_prints_as_a_location() -> None:
    """str(citation) says where: mark, title, outlet, date, and the offsets in the file."""
    assert str(citation()) == "[1] Panen raya, Kabar Uji, 2019-06-10 (berita/panen.txt:3-9)"
    assert str(citation(outlet=None, published=None, page=4)) == (
        "[1] Panen raya, p. 4 (berita/panen.txt:3-9)"
    )
    assert str(citation(title="", outlet=None, published=None)).startswith("[1] berita/panen.txt")


@pytest.mark.parametrize(
    "kind",
    [c for _, c in inspect.getmembers(types, dataclasses.is_dataclass)],
    ids=lambda kind: kind.__name__,
)
def test_every_noun_is_frozen_and_slotted(kind: type) -> None:
    """No noun can be changed after it is made, nor given another field."""
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)


def test_nouns_compare_by_value() -> None:
    """Two passages over the same characters are one and the same to a set."""
    assert {Passage("d", 0, 3), Passage("d", 0, 3)} == {Passage("d", 0, 3)}


def test_one_class_catches_every_error_of_ours() -> None:
    """Every error raised on purpose is a KutipError, and stands in the module's drawing."""
    drawing = inspect.getdoc(qa.errors) or ""
    kinds = [c for _, c in inspect.getmembers(qa.errors, inspect.isclass) if c is not KutipError]
    kinds = [c for c in kinds if c.__module__ == "qa.errors"]
    assert len(kinds) >= 9
    for kind in kinds:
        assert issubclass(kind, KutipError)
        assert kind.__name__ in drawing


def test_an_ingest_error_reads_file_problem_remedy() -> None:
    """The one line of an unreadable file: which, what is wrong, what to do."""
    error = IngestError("a/b.pdf", "it is encrypted", "save it without a password")
    assert str(error) == "a/b.pdf: it is encrypted; save it without a password"
    assert (error.path, error.problem, error.remedy) == (
        "a/b.pdf",
        "it is encrypted",
        "save it without a password",
    )


def test_a_missing_extra_says_what_to_install() -> None:
    """The message holds the command that helps."""
    assert 'pip install "kutip[models]"' in str(MissingExtra("the model 'x'", "models"))


HEAVY = ("torch", "gradio", "sentence_transformers", "transformers", "trafilatura", "py3langid")


def _loaded(*modules: str) -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys, {', '.join(modules)}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    return python("-c", program)


@pytest.mark.parametrize("module", ["qa", "qa.types", "qa.errors", "qa.corpus", "qa.cli"])
def test_import_loads_nothing_heavy(module: str) -> None:
    """Importing the package loads neither PyTorch nor Gradio, so that a command starts at once."""
    result = _loaded(module)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"


def test_the_nouns_need_no_engine() -> None:
    """qa.types and qa.errors import neither the database nor the vector index."""
    program = (
        "import sys, qa.types, qa.errors\n"
        "print([n for n in ('sqlite3', 'faiss', 'onnxruntime') if n in sys.modules])"
    )
    assert python("-c", program).stdout.strip() == "[]"

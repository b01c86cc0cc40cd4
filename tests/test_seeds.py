"""Promises of ``seeds``: enough samples, and questions that agree with the articles."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from qa import ingest
from qa.types import Document, Span
from tests.helpers import ARTICLES, QUESTIONS, json_lines


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """Every sample article as read, by file name."""
    return {path.name: ingest.read(path) for path in sorted(ARTICLES.iterdir())}


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    return json_lines(QUESTIONS / "answers.jsonl")


@pytest.fixture(scope="module")
def passages() -> dict[str, str]:
    return {row["_id"]: row["text"] for row in json_lines(QUESTIONS / "corpus.jsonl")}


@pytest.fixture(scope="module")
def queries() -> dict[str, dict[str, Any]]:
    return {row["_id"]: row for row in json_lines(QUESTIONS / "queries.jsonl")}


@pytest.fixture(scope="module")
def qrels() -> list[tuple[str, str, str]]:
    lines = (QUESTIONS / "qrels" / "test.tsv").read_text("utf-8").splitlines()
    assert lines[0] == "query-id\tcorpus-id\tscore"
    return [(q, p, s) for q, p, s in (line.split("\t") for line in lines[1:])]


def quotable(document: Document, text: str) -> bool:
    """True if *text* stands in the document, outside furniture."""
    start = document.text.find(text)
    while start >= 0:
        span = Span(start, start + len(text))
        if not any(span.overlaps(mark) for mark in document.furniture):
            return True
        start = document.text.find(text, start + 1)
    return False


def test_there_are_enough_articles(documents: dict[str, Document]) -> None:
    """At least twenty, fifteen of them Indonesian, the rest English, in several formats."""
    languages = Counter(document.language for document in documents.values())
    assert len(documents) >= 20
    assert languages["id"] >= 15
    assert set(languages) == {"id", "en"}
    assert {Path(name).suffix for name in documents} >= {".txt", ".md", ".html"}


def test_every_article_has_its_metadata(documents: dict[str, Document]) -> None:
    """Title, outlet and date are found in each, and each has page furniture or none."""
    for name, document in documents.items():
        assert document.title, name
        assert document.outlet, name
        assert document.published, name
    assert sum(bool(document.furniture) for document in documents.values()) >= 15


def test_articles_have_the_length_of_news(documents: dict[str, Document]) -> None:
    """250 to 700 words outside furniture, give or take a headline."""
    for name, document in documents.items():
        kept = list(document.text)
        for mark in document.furniture:
            kept[mark.start : mark.end] = " " * (mark.end - mark.start)
        assert 230 <= len("".join(kept).split()) <= 720, name


def test_there_are_enough_questions(
    queries: dict[str, dict[str, Any]], answers: list[dict[str, Any]]
) -> None:
    """At least eighty, half in each language, at least fifteen without an answer."""
    languages = Counter(row["lang"] for row in queries.values())
    assert len(queries) >= 80
    assert set(languages) == {"en", "id"}
    assert abs(languages["en"] - languages["id"]) <= 2
    assert sum(not row["answerable"] for row in answers) >= 15
    assert {row["query_id"] for row in answers} == set(queries)
    assert len(answers) == len(queries)


def test_questions_are_not_repeated(queries: dict[str, dict[str, Any]]) -> None:
    """Each is asked once."""
    assert len({row["text"] for row in queries.values()}) == len(queries)


def test_every_passage_stands_in_its_article(
    documents: dict[str, Document], passages: dict[str, str]
) -> None:
    """Word for word, in the article as Kutip reads it, and outside page furniture."""
    by_stem = {Path(name).stem: document for name, document in documents.items()}
    for id, text in passages.items():
        stem, _, number = id.rpartition("#")
        assert number.isdigit()
        assert quotable(by_stem[stem], text), id


def test_every_answer_stands_in_an_article_and_in_a_right_passage(
    documents: dict[str, Document],
    passages: dict[str, str],
    answers: list[dict[str, Any]],
    qrels: list[tuple[str, str, str]],
) -> None:
    """Each answer sentence is in a passage that the qrels call right, the first in ``source``."""
    by_stem = {Path(name).stem: document for name, document in documents.items()}
    right: dict[str, list[str]] = {}
    for query, passage, _ in qrels:
        right.setdefault(query, []).append(passage)
    for row in answers:
        if not row["answerable"]:
            continue
        assert quotable(documents[row["source"]], row["answers"][0]), row["query_id"]
        for sentence in row["answers"]:
            holders = [id for id in right[row["query_id"]] if sentence in passages[id]]
            assert holders, row["query_id"]
            assert quotable(by_stem[holders[0].rpartition("#")[0]], sentence), row["query_id"]
        if "short" in row:
            assert any(row["short"] in sentence for sentence in row["answers"]), row["query_id"]


def test_what_is_unanswerable_has_no_right_passage(
    answers: list[dict[str, Any]], qrels: list[tuple[str, str, str]]
) -> None:
    """No answer, no source, no line in the qrels; every other question has all three."""
    judged = {query for query, _, _ in qrels}
    for row in answers:
        assert row["answerable"] == bool(row["answers"]) == (row["query_id"] in judged)
        assert (row["source"] is None) == (not row["answerable"])


def test_qrels_name_what_there_is(
    passages: dict[str, str],
    queries: dict[str, dict[str, Any]],
    qrels: list[tuple[str, str, str]],
) -> None:
    """Every question and passage of the qrels exists; every score is 1; no line twice."""
    assert len(set(qrels)) == len(qrels)
    for query, passage, score in qrels:
        assert query in queries
        assert passage in passages
        assert score == "1"


def test_the_readme_names_every_article(documents: dict[str, Document]) -> None:
    """And says that whoever is quoted directly is invented."""
    text = (ARTICLES.parent / "README.md").read_text("utf-8")
    for name in documents:
        assert f"`{name}`" in text
    assert "invented" in text

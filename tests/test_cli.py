"""Promises of the command ``kutip``: its verbs, its JSON, its exit status, its errors."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import embeddings
import qa
from qa import cli
from qa.commands.options import default_corpus
from qa.corpus import Corpus
from qa.index import store
from qa.types import FilterKey
from tests.helpers import (
    ARTICLES,
    AXES,
    QUESTIONS,
    ROOT,
    FakeEmbedder,
    answering_from,
    article,
    child_environment,
    python,
    write_articles,
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kutip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs one command on a corpus in ``tmp_path / "corpus"`` with the fake embedder.

    Gives exit status, output and error output.
    """
    monkeypatch.setattr(embeddings, "load", lambda name=None: FakeEmbedder(*AXES))
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    monkeypatch.setenv("KUTIP_CORPUS", str(tmp_path / "corpus"))

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:  # argparse
            status = int(stopped.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with an article for each of ``AXES``; one has a date, an outlet and a quote."""
    folder = write_articles(tmp_path / "news")
    (folder / "kapal.txt").write_text(
        "Kapal Perintis Baru Layani Pulau Miangas\n\nSenin, 10 Juni 2019 15:35 WIB\n\n"
        "TAHUNA, KABARUJI.ID – "
        + article("kapal", "“Kapal itu layak laut,” kata Ratna Wibisana, kepala dinas di Tahuna."),
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """The corpus that ``kutip`` opens, with nothing in it."""
    Corpus.open(tmp_path / "corpus", embedder=FakeEmbedder(*AXES)).close()
    return tmp_path / "corpus"


def parsed(run: tuple[int, str, str], status: int = 0) -> Any:
    """The JSON a command printed; nothing else may be in its output."""
    code, out, err = run
    assert code == status, err
    return json.loads(out)


# The contracts of docs/architecture.md

CITATION = {
    "n", "document_id", "title", "source", "outlet", "published",
    "start", "end", "quote", "speaker", "page", "also", "short", "matched",
    "field",
}  # fmt: skip
MATCH = {"start", "end", "word", "strength"}
PLACE = {"document_id", "title", "source", "outlet", "published", "start", "end"}
ANSWER = {
    "question", "language", "answer", "abstained", "reason",
    "confidence", "citations", "understood", "coverage", "timings", "generated", "conflicts",
    "followed", "particulars",
}  # fmt: skip
COVERAGE = {"documents", "passages", "published_from", "published_to", "undated", "outlets"}
UNDERSTOOD = {"key", "value", "written", "typed", "restricts", "since", "until"}
HIT = {"rank", "score", "document_id", "title", "source", "start", "end", "text", "also"}
DOCUMENT = {"id", "source", "title", "outlet", "published", "language", "passages"}
STATEMENT = {
    "document_id", "source", "start", "end", "quote", "speaker",
    "speaker_as_written", "direct", "cue", "published",
    "role", "affiliation", "title", "outlet",
}  # fmt: skip


def test_ask_json(kutip: Run, news: Path) -> None:
    """One object, with exactly the promised names; every citation verbatim in the file."""
    kutip("add", news)
    answer = parsed(kutip("ask", "Di mana kapal perintis?", "--json"))
    assert set(answer) == ANSWER
    assert set(answer["coverage"]) == COVERAGE
    assert answer["question"] == "Di mana kapal perintis?"
    assert answer["language"] == "id"
    assert answer["abstained"] is False
    assert answer["reason"] is None
    assert 0 <= answer["confidence"] <= 1
    assert all(isinstance(value, float) for value in answer["timings"].values())
    assert answer["generated"] is None
    assert answer["followed"] is None
    assert answer["citations"]
    for citation in answer["citations"]:
        assert set(citation) == CITATION
        text = Path(citation["source"]).read_text("utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert f"{citation['quote']} [{citation['n']}]" in answer["answer"]
        assert all(set(one) == MATCH for one in citation["matched"])
    first = answer["citations"][0]
    assert (first["outlet"], first["published"]) != (None, None)
    assert first["published"] == "2019-06-10"


def test_ask_json_of_an_abstention(kutip: Run, empty: Path) -> None:
    """Exit status 1, no citations, a reason; the same names."""
    answer = parsed(kutip("ask", "Di mana kapal?", "--json"), status=1)
    assert set(answer) == ANSWER
    assert answer["abstained"] is True
    assert answer["reason"] == "empty_corpus"
    assert answer["citations"] == []
    assert answer["coverage"] == {
        "documents": 0,
        "passages": 0,
        "published_from": None,
        "published_to": None,
        "undated": 0,
        "outlets": [],
    }


def test_ask_says_what_it_understood(kutip: Run, news: Path) -> None:
    """In JSON with exactly the promised names, and in one line of the text, with the way out."""
    kutip("add", news)
    question = "Di mana kapal? outlet:kabaruji.id after:2019"
    answer = parsed(kutip("ask", question, "--json"))
    assert answer["question"] == question
    assert all(set(one) == UNDERSTOOD for one in answer["understood"])
    assert [(one["key"], one["since"], one["restricts"]) for one in answer["understood"]] == [
        ("outlet", None, True),
        ("date", "2019-01-01", True),
    ]
    assert answer["coverage"]["documents"] == 1
    _, out, _ = kutip("ask", question)
    (line,) = [line for line in out.splitlines() if line.startswith("Hanya ditelusuri:")]
    assert "kabaruji.id" in line
    assert "1 Januari 2019" in line
    assert "--without outlet --without date" in line
    without = parsed(kutip("ask", question, "--json", "--without", "outlet", "--without", "date"))
    assert without["understood"] == []
    assert without["coverage"]["documents"] == len(AXES)


def test_search_takes_the_same_filters(kutip: Run, news: Path) -> None:
    """Hits of the chosen file only, all of them without the filter."""
    kutip("add", news)
    query = "kapal beras file:gempa.txt"
    hits = parsed(kutip("search", query, "--json"))
    assert {Path(hit["source"]).name for hit in hits} == {"gempa.txt"}
    assert len(parsed(kutip("search", query, "--json", "--without", "file"))) == len(AXES)
    assert "berkas gempa.txt" in kutip("search", query)[1] + kutip("ask", query)[1]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["ask", "speeker:Jokowi data"], ["speeker:", "speaker:"]),
        (["ask", "after:lusa data"], ["after:", "lusa"]),
        (["search", "before:2019-13 data"], ["before:", "2019-13"]),
        (["ask", "data", "--without", "colour"], ["colour", "speaker"]),
    ],
)
def test_a_filter_that_cannot_be_read(
    kutip: Run, empty: Path, arguments: list[str], named: list[str]
) -> None:
    """Exit status 2, and the message names it."""
    status, out, err = kutip(*arguments)
    assert (status, out) == (2, "")
    assert all(name in err for name in named)


def test_search_json(kutip: Run, news: Path) -> None:
    """A list of hits with exactly the promised names; text is what stands in the file."""
    kutip("add", news)
    hits = parsed(kutip("search", "gempa", "-k", 2, "--json"))
    assert len(hits) == 2
    for rank, hit in enumerate(hits, start=1):
        assert set(hit) == HIT
        assert hit["rank"] == rank
        assert Path(hit["source"]).read_text("utf-8")[hit["start"] : hit["end"]] == hit["text"]
    assert Path(hits[0]["source"]).name == "gempa.txt"


def test_list_json(kutip: Run, empty: Path, news: Path) -> None:
    """A list of documents with exactly the promised names; sources as added."""
    assert parsed(kutip("list", "--json")) == []
    kutip("add", news)
    rows = parsed(kutip("list", "--json"))
    assert [row["source"] for row in rows] == sorted(str(path) for path in news.iterdir())
    for row in rows:
        assert set(row) == DOCUMENT
        assert row["passages"] >= 1
        assert row["language"] == "id"


def test_quotes_json(kutip: Run, news: Path) -> None:
    """Who said what, with exactly the promised names; --speaker keeps one person's."""
    kutip("add", news)
    rows = parsed(kutip("quotes", "--json"))
    assert rows
    for row in rows:
        assert set(row) == STATEMENT
        assert Path(row["source"]).read_text("utf-8")[row["start"] : row["end"]] == row["quote"]
    hers = parsed(kutip("quotes", "--speaker", "Ratna", "--json"))
    assert [(row["speaker"], row["direct"]) for row in hers] == [("Ratna Wibisana", True)]
    assert hers[0]["quote"].rstrip(",") == "Kapal itu layak laut"
    assert parsed(kutip("quotes", "--speaker", "Sri Mulyani", "--json")) == []


def test_quotes_by_topic_day_and_speakers(kutip: Run, news: Path) -> None:
    """--about, --since and --until narrow the list; --speakers counts it; a bad date is named."""
    (news / "lama.txt").write_text(
        "Senin, 3 Agustus 2015\n\n“Beras cukup sampai panen berikutnya,” kata Joni Tambunan.\n",
        encoding="utf-8",
    )
    kutip("add", news)
    rows = parsed(kutip("quotes", "--about", "kapal", "--json"))
    assert "Ratna Wibisana" in {row["speaker"] for row in rows}
    assert "Joni Tambunan" not in {row["speaker"] for row in rows}
    rows = parsed(kutip("quotes", "--since", "2015-08", "--until", "2015", "--json"))
    assert [row["speaker"] for row in rows] == ["Joni Tambunan"]
    assert parsed(kutip("quotes", "--until", "2015-08-02", "--json")) == []
    speakers = parsed(kutip("quotes", "--speakers", "--json"))
    (joni,) = (row for row in speakers if row["speaker"] == "Joni Tambunan")
    assert (joni["statements"], joni["first"], joni["last"]) == (1, "2015-08-03", "2015-08-03")
    status, out, _ = kutip("quotes", "--speakers")
    assert (status, "Joni Tambunan  2015-08-03" in out) == (0, True)
    status, _, err = kutip("quotes", "--about", "gempa bumi di bulan")
    assert (status, "no such statements" in err) == (0, True)


@pytest.mark.parametrize("day", ["yesterday", "2019-13", "2019-02-30", "20190910", ""])
def test_a_bad_date_is_an_error(kutip: Run, day: str) -> None:
    """What is no date is named, with how to write one."""
    status, _, err = kutip("quotes", "--since", day)
    assert (status, "2019-09-10" in err) == (2, True)


def test_days_in_the_wrong_order_are_said(kutip: Run, news: Path) -> None:
    """Rather than that nobody said anything."""
    kutip("add", news)
    status, _, err = kutip("quotes", "--since", "2021", "--until", "2019")
    assert (status, "since 2021-01-01 and until 2019-12-31" in err) == (2, True)


def test_eval_json(kutip: Run, tmp_path: Path) -> None:
    """Metrics by the name ir-measures gives them, each with value and interval."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "p1", "text": "kapal karam di selat"}\n{"_id": "p2", "text": "harga beras"}\n'
    )
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "Di mana kapal?"}\n')
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tp1\t1\n")
    figures = parsed(kutip("eval", folder, "--json"))
    assert {"metrics", "questions", "passages"} <= set(figures)
    assert {"nDCG@10", "RR@10", "R@5"} <= set(figures["metrics"])
    for interval in figures["metrics"].values():
        assert set(interval) == {"value", "low", "high"}
    assert figures["metrics"]["nDCG@10"]["value"] == 1.0
    assert (figures["questions"], figures["passages"]) == (1, 2)


@pytest.mark.parametrize("option", ["--run", "--save", "--report", "--run-qrels"])
def test_eval_writes_over_nothing_it_needs(
    kutip: Run, news: Path, tmp_path: Path, option: str
) -> None:
    """Neither the questions nor the corpus they are asked of, by a slip of the hand."""
    kutip("add", news)
    questions = tmp_path / "questions.csv"
    questions.write_text("question,expected source\nDi mana kapal?,kapal.txt\n", "utf-8")
    for path in (questions, tmp_path / "corpus" / "kutip.db"):
        before = path.read_bytes()
        status, _, err = kutip("eval", questions, option, path)
        assert (status, "choose another name" in err) == (2, True)
        assert path.read_bytes() == before


# Plain output


def test_add_says_what_became_of_the_files(kutip: Run, news: Path) -> None:
    """Counts of added, unchanged and replaced files."""
    assert kutip("add", news)[:2] == (0, f"{len(AXES)} added\n")
    assert kutip("add", news)[:2] == (0, f"{len(AXES)} unchanged\n")
    (news / "kapal.txt").write_text(article("kapal", article("hutan")), encoding="utf-8")
    assert kutip("add", news)[:2] == (0, f"1 replaced, {len(AXES) - 1} unchanged\n")


def test_add_of_nothing_says_so(kutip: Run, tmp_path: Path) -> None:
    """An empty folder is no error, and the kinds of files are named."""
    (tmp_path / "empty").mkdir()
    status, out, _ = kutip("add", tmp_path / "empty")
    assert status == 0
    assert ".pdf" in out


def test_ask_prints_the_answer_and_where_it_stands(kutip: Run, news: Path) -> None:
    """Quote with its mark, then the citation as a location, then what was searched."""
    kutip("add", news)
    status, out, _ = kutip("ask", "Di mana gempa?")
    assert status == 0
    assert "Getaran gempa" in out
    assert "[1]" in out
    assert "gempa.txt:" in out
    assert f"{len(AXES)} dokumen" in out


def test_ask_abstains_in_words(kutip: Run, news: Path) -> None:
    """Exit status 1; the nearest passages are shown as no answer."""
    kutip("add", news)
    status, out, _ = kutip("ask", "Apa kata Budiono tentang kapal?")
    assert status == 1
    assert "Budiono" in out
    assert "bukan jawaban" in out


def test_list_search_and_quotes_in_lines(kutip: Run, news: Path) -> None:
    """One document a line; hits with their title; a quote with its speaker."""
    kutip("add", news)
    status, out, _ = kutip("list")
    assert (status, len(out.splitlines())) == (0, len(AXES))
    status, out, _ = kutip("search", "beras")
    assert (status, "Bulog" in out) == (0, True)
    status, out, _ = kutip("quotes")
    assert (status, "Ratna Wibisana" in out, "“Kapal itu layak laut" in out) == (0, True, True)


def test_a_line_break_in_a_file_name_begins_no_line(kutip: Run, tmp_path: Path) -> None:
    """One document a line, whatever a file is called."""
    (tmp_path / "a\nb.txt").write_text(article("kapal"))
    kutip("add", tmp_path / "a\nb.txt")
    assert len(kutip("list")[1].splitlines()) == 1
    assert len(kutip("remove", tmp_path / "a\nb.txt")[1].splitlines()) == 1


def test_remove(kutip: Run, news: Path) -> None:
    """By path or id; what is gone is gone; what is not there is an error."""
    kutip("add", news)
    id = parsed(kutip("list", "--json"))[0]["id"]
    status, out, _ = kutip("remove", id)
    assert (status, out.split()[:2]) == (0, ["removed", id])
    assert kutip("remove", news / "kapal.txt")[0] == 0
    assert len(parsed(kutip("list", "--json"))) == len(AXES) - 2
    status, out, err = kutip("remove", id)
    assert (status, out) == (2, "")
    assert err.startswith("kutip: ")
    assert id in err


def test_remove_a_folder(kutip: Run, news: Path, tmp_path: Path) -> None:
    """All that came from it, however deep, also where it is gone itself; nothing beside it."""
    (news / "old" / "deep").mkdir(parents=True)
    (news / "kapal.txt").rename(news / "old" / "deep" / "kapal.txt")
    (news / "beras.txt").rename(news / "old.txt")
    kutip("add", news)
    shutil.rmtree(news / "old")
    status, out, _ = kutip("remove", news / "old")
    assert (status, len(out.splitlines()), "kapal.txt" in out) == (0, 1, True)
    assert len(parsed(kutip("list", "--json"))) == len(AXES) - 1


def test_remove_what_is_gone(kutip: Run, news: Path) -> None:
    """Adding says that files are gone, and --gone forgets those documents and no others."""
    (news / "old").mkdir()
    (news / "kapal.txt").rename(news / "old" / "kapal.txt")
    kutip("add", news)
    shutil.rmtree(news / "old")
    (news / "beras.txt").unlink()
    status, out, err = kutip("add", news)
    assert (status, "gone: 2" in err, f"kutip remove --gone {news}" in err) == (0, True, True)
    # The folder is gone too: is it a disk that is not at hand?
    assert kutip("remove", "--gone", news / "old")[1].startswith("no file is gone")
    status, out, _ = kutip("remove", "--gone")
    assert (status, len(out.splitlines()), "beras.txt" in out) == (0, 1, True)
    status, out, _ = kutip("remove", "--gone", news)
    assert (status, len(out.splitlines()), "kapal.txt" in out) == (0, 1, True)
    assert len(parsed(kutip("list", "--json"))) == len(AXES) - 2


def test_add_says_what_it_passes_over(kutip: Run, news: Path) -> None:
    """Files of other kinds in a folder are counted, not silently left out."""
    for name in ("a.eml", "b.eml", "c.xlsx", "README"):
        (news / name).write_text("x")
    status, out, err = kutip("add", news)
    assert (status, out) == (0, f"{len(AXES)} added\n")
    assert "2 .eml" in err
    assert "1 .xlsx" in err
    assert "1 without ending" in err


def test_a_full_disk_stops_adding_and_says_what_was_added(
    kutip: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many files were added, where it stopped, how many are left; those added stay."""
    connected = store._connected

    def small(*arguments: Any, **named: Any) -> sqlite3.Connection:
        database = connected(*arguments, **named)
        database.execute("PRAGMA max_page_count = 60")  # what SQLite then says is what a disk says
        return database

    monkeypatch.setattr(store, "_connected", small)
    (tmp_path / "news").mkdir()
    for n in range(9):
        (tmp_path / "news" / f"{n}.txt").write_text(article("kapal", f"Kapal {n} tiba. " * 800))
    status, out, err = kutip("add", tmp_path / "news")
    assert status == 2
    count = int(out.split()[0])
    assert (0 < count < 9, out) == (True, f"{count} added\n")
    assert f"stopped at {tmp_path / 'news' / f'{count}.txt'}; {9 - count} of 9 files" in err
    assert "the disk is full" in err
    assert len(parsed(kutip("list", "--json"))) == count


@pytest.mark.parametrize("verb", [["list"], ["search", "kapal"], ["quotes"], ["check"]])
def test_an_empty_corpus_is_named(kutip: Run, empty: Path, verb: list[str]) -> None:
    """No error; but where nothing was added, another folder may have been meant."""
    status, _, err = kutip(*verb)
    assert (status, str(empty) in err, "kutip add" in err) == (0, True, True)
    if verb[0] in ("list", "quotes"):
        assert parsed(kutip(*verb, "--json")) == []


@pytest.mark.parametrize(
    "verb",
    [
        ["ask", "kapal"], ["search", "kapal"], ["chat"], ["list"], ["quotes"], ["check"],
        ["remove", "x.txt"], ["adapt"], ["eval", "q.csv"], ["eval", "--calibrate", "--reset"],
    ],
)  # fmt: skip
def test_a_corpus_that_is_not_there_is_named_and_not_made(
    kutip: Run, tmp_path: Path, verb: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in its name leaves no folder, nor a database in a folder of other things."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.csv").write_text("question,answerable\nSiapa?,no\n")
    (tmp_path / "letters").mkdir()
    for slip in (tmp_path / "coprus", tmp_path / "letters"):
        status, out, err = kutip(*verb, "--corpus", slip)
        assert (status, out) == (2, "")
        assert f"{slip}: no corpus there" in err
    assert not (tmp_path / "coprus").exists()
    assert not list((tmp_path / "letters").iterdir())


@pytest.mark.parametrize("query", ["", "?", "outlet:Nowhere kapal", "outlet:KABARUJI.ID"])
def test_a_search_that_finds_nothing_says_so(kutip: Run, news: Path, query: str) -> None:
    """Rather than printing nothing at all."""
    kutip("add", news)
    status, out, err = kutip("search", query)
    assert (status, "nothing found" in err) == (0, True)
    assert "  1  " not in out


def test_check(kutip: Run, news: Path, tmp_path: Path) -> None:
    """Exit status 0 for a sound corpus, 1 with a line for each problem."""
    kutip("add", news)
    assert kutip("check")[:2] == (0, "sound\n")
    import sqlite3

    database = sqlite3.connect(tmp_path / "corpus" / "kutip.db")
    with database:
        database.execute("DELETE FROM term")
    database.close()
    status, out, err = kutip("check")
    assert (status, out) == (1, "")
    assert "without terms" in err


# Errors


@pytest.mark.parametrize("option", ["--save", "--run", "--report"])
def test_eval_never_writes_over_what_it_reads(kutip: Run, tmp_path: Path, option: str) -> None:
    """Neither the questions, nor the files of a BEIR folder, nor one output over another."""
    questions = tmp_path / "questions.csv"
    questions.write_text("question,expected text\nDi mana kapal?,kapal\n")
    folder = shutil.copytree(QUESTIONS, tmp_path / "beir")
    corpus = folder / "corpus.jsonl"
    before = questions.read_bytes(), corpus.read_bytes()
    for target, file in (
        (questions, questions),
        (folder, corpus),
        (folder, folder / ".." / "beir"),
    ):
        status, out, err = kutip("eval", target, option, file)
        assert (status, out, str(file) in err) == (2, "", True)
    both = tmp_path / "both"
    assert kutip("eval", questions, "--run", both, "--save", both)[0] == 2
    assert (questions.read_bytes(), corpus.read_bytes()) == before
    assert not both.exists()


def test_bad_files_are_named_and_the_rest_added(kutip: Run, news: Path) -> None:
    """A missing file and a binary one called .txt: a line each, status 2, the others added."""
    (news / "gambar.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    status, out, err = kutip("add", news, news / "hilang.txt")
    assert status == 2
    assert f"{len(AXES)} added, 2 failed" in out
    lines = err.strip().splitlines()
    assert len(lines) == 2
    assert any("gambar.txt: " in line and "; " in line for line in lines)
    assert any("hilang.txt: no such file; check the path" in line for line in lines)
    assert len(parsed(kutip("list", "--json"))) == len(AXES)


def test_a_copy_is_named_and_no_error(kutip: Run, news: Path) -> None:
    """The same text at another path: said once, status 0."""
    (news / "salinan.txt").write_bytes((news / "beras.txt").read_bytes())
    status, out, err = kutip("add", news / "beras.txt", news / "salinan.txt")
    assert status == 0
    assert out == "1 added, 1 copy\n"
    assert "salinan.txt" in err
    assert "beras.txt" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "kapal " * 1000],
        ["eval", "nowhere"],
        ["remove", "nothing"],
        ["remove"],
        ["remove", " "],
        ["serve", "--port", "99999"],
        ["search", "kapal", "-k", "0"],
        ["search", "kapal", "-k", "many"],
        ["fly"],
        [],
        ["add"],
        ["ask"],
    ],
)
def test_an_error_is_status_2_and_one_message(kutip: Run, arguments: list[str]) -> None:
    """Said on the error output, with nothing on the other and no traceback."""
    status, out, err = kutip(*arguments)
    assert (status, out) == (2, "")
    assert "kutip" in err
    assert "Traceback" not in err


def test_a_corpus_that_cannot_be_made(kutip: Run, tmp_path: Path) -> None:
    """A file where the folder should be: the error names it."""
    (tmp_path / "file").write_text("x")
    status, _, err = kutip("--corpus", tmp_path / "file", "list")
    assert status == 2
    assert str(tmp_path / "file") in err
    status, _, err = kutip("--corpus", tmp_path / "file" / "below", "list")
    assert status == 2
    assert "--corpus" in err


def test_a_damaged_corpus(kutip: Run, tmp_path: Path) -> None:
    """Status 2, the file and the remedy."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "kutip.db").write_bytes(b"garbage " * 1000)
    status, _, err = kutip("list")
    assert status == 2
    assert "kutip.db" in err
    assert "backup" in err


# Which corpus


def test_the_corpus_may_be_named_after_the_verb(kutip: Run, news: Path, tmp_path: Path) -> None:
    """For any verb, as before it; and neither undoes the other."""
    kutip("add", news / "kapal.txt", "--corpus", tmp_path / "other")
    for named in (
        ["--corpus", tmp_path / "other", "list"],
        ["list", "--corpus", tmp_path / "other"],
    ):
        assert len(parsed(kutip(*named, "--json"))) == 1
    assert kutip("list", "--json")[0] == 2  # the default corpus is not there


def test_a_question_without_quotation_marks(kutip: Run, news: Path) -> None:
    """Several words are one question, one query."""
    kutip("add", news)
    assert parsed(kutip("ask", "Di", "mana", "gempa?", "--json"))["question"] == "Di mana gempa?"
    assert "gempa" in parsed(kutip("search", "getaran", "gempa", "-k", 1, "--json"))[0]["text"]


def test_the_option_goes_before_the_variable(kutip: Run, news: Path, tmp_path: Path) -> None:
    """--corpus names the corpus; without it KUTIP_CORPUS does."""
    kutip("add", news / "kapal.txt")
    kutip("--corpus", tmp_path / "other", "add", news)
    assert len(parsed(kutip("list", "--json"))) == 1
    assert len(parsed(kutip("--corpus", tmp_path / "other", "list", "--json"))) == len(AXES)


def test_without_either_it_is_in_the_data_directory(
    kutip: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus of the user's own, below the platform's data directory."""
    monkeypatch.delenv("KUTIP_CORPUS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    chosen = default_corpus()
    assert chosen.is_relative_to(tmp_path)
    assert "kutip" in chosen.parts


def test_the_help_names_every_kind_of_filter(kutip: Run) -> None:
    """What --without takes."""
    _, out, _ = kutip("ask", "--help")
    assert all(kind in out for kind in FilterKey)


def test_help_and_version(kutip: Run) -> None:
    """--version gives the version, --help every verb."""
    assert kutip("--version")[:2] == (0, f"kutip {qa.__version__}\n")
    status, out, _ = kutip("--help")
    assert status == 0
    for verb in ("add", "ask", "search", "list", "remove", "quotes", "eval", "check", "serve"):
        assert verb in out


# As a process


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command in a process of its own with the bundled model."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "qa.cli", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            cwd=tmp_path,
            env=child_environment(**environment),
        )

    return run


def test_the_command_itself(
    process: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Add, ask and list as a user would, with the bundled model."""
    corpus = {"KUTIP_CORPUS": str(tmp_path / "c")}
    added = process("add", ARTICLES / "jokowi-keamanan-siber-asean.txt", **corpus)
    assert (added.returncode, added.stdout, added.stderr) == (0, "1 added\n", "")
    asked = process("ask", "Apa kata Jokowi tentang perlindungan data pribadi?", "--json", **corpus)
    assert asked.stderr == ""
    assert asked.returncode == 0
    assert "data pribadi" in json.loads(asked.stdout)["citations"][0]["quote"]
    assert "jokowi" in process("list", **corpus).stdout


def test_a_stopped_command_leaves_nothing_behind(tmp_path: Path) -> None:
    """SIGTERM is Ctrl+C: the command ends in good order, and no copy of a document stays."""
    (tmp_path / "tmp").mkdir()
    environment = child_environment(TMPDIR=str(tmp_path / "tmp"), KUTIP_CORPUS=str(tmp_path / "c"))
    code = (
        "import sys, tempfile, time; from qa import cli; from qa.commands import documents\n"
        "def slow(options):\n"
        "    with tempfile.TemporaryDirectory(): print(flush=True); time.sleep(60)\n"
        "documents._list = slow; sys.exit(cli.main(['list']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as started:
        assert started.stdout is not None
        started.stdout.readline()
        assert len(list((tmp_path / "tmp").iterdir())) == 1
        started.terminate()
        _, err = started.communicate(timeout=30)
    assert (started.returncode, "stopped" in err) == (2, True)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_question_takes_little_more_than_loading_what_it_needs(
    process: Callable[..., subprocess.CompletedProcess[str]], sample_copy: Path
) -> None:
    """The whole process on the sample corpus: under a second and a half, or, where the machine is
    slower, seven times what importing four libraries takes (about four when this was written).

    In processor time, since others use the machine.
    """

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    start = spent()
    python("-c", "import faiss, numpy, onnxruntime, tokenizers")
    loaded = spent()
    result = process("--corpus", sample_copy, "ask", "What did Jokowi say about data protection?")
    assert result.returncode == 0, result.stderr
    assert spent() - loaded < max(1.5, 7 * (loaded - start))


@pytest.mark.parametrize("verb", [["list"], ["search", "data", "--json"], ["quotes"]])
def test_a_closed_pipe_is_no_error(sample_copy: Path, verb: list[str]) -> None:
    """``kutip list | head -1``: the reader goes away, and the command ends in silence."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as out:
        result = subprocess.run(
            [sys.executable, "-m", "qa.cli", "--corpus", str(sample_copy), *verb],
            stdout=out,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
            cwd=ROOT,
            env=child_environment(),
        )
    assert result.stderr == ""
    assert result.returncode == 0


def test_a_terminal_without_unicode(
    process: Callable[..., subprocess.CompletedProcess[str]], sample_copy: Path
) -> None:
    """Curly quotes on a terminal that knows ASCII only: question marks, no traceback."""
    result = process(
        "--corpus", sample_copy, "quotes", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C"
    )
    assert result.returncode == 0
    assert result.stderr == ""


def test_eval_of_the_sample_questions(
    process: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    """The sample questions can be measured, and the right passage is found for most."""
    result = process("eval", QUESTIONS, "--json")
    assert result.returncode == 0, result.stderr
    figures = json.loads(result.stdout)
    assert figures["passages"] >= 200
    assert figures["metrics"]["nDCG@10"]["value"] > 0.6
    for interval in figures["metrics"].values():
        assert interval["low"] <= interval["value"] <= interval["high"]

"""Promises of ``qa.evaluation.datasets`` and ``matching``: lenient in form, exact in faults."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DatasetError
from qa.evaluation.datasets import (
    Expected,
    load_beir,
    looks_like_run,
    read_qrels,
    read_questions,
    read_run,
)
from qa.evaluation.matching import Texts, _with_origin, find, folded, holds, shared
from qa.types import Span
from tests.helpers import ROOT
from tests.test_evaluation import PASSAGES, write_beir

# The easy form

PLAIN = (
    "question,expected source,expected text,answerable\n"
    "Di mana kapal?,kapal.txt,Kapal itu di Tahuna.,yes\n"
    "Siapa presiden Mars?,,,no\n"
)
EXPECTED = [
    ("Di mana kapal?", Expected(True, ("Kapal itu di Tahuna.",), (), "kapal.txt"), 2),
    ("Siapa presiden Mars?", Expected(False), 3),
]


def read(path: Path) -> list[tuple[str, Expected, int]]:
    return [(row.question, row.expected, row.line) for row in read_questions(path)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("comma.csv", PLAIN.encode()),
        ("mark.csv", b"\xef\xbb\xbf" + PLAIN.encode()),
        ("semicolon.csv", PLAIN.replace(",", ";").replace("\n", "\r\n").encode()),
        ("tab.csv", PLAIN.replace(",", "\t").encode()),
        ("unicode.txt", PLAIN.replace(",", "\t").encode("utf-16")),
        ("packed.csv.gz", gzip.compress(PLAIN.encode())),
        (
            "case.csv",
            PLAIN.replace("question,expected source", "Question,EXPECTED_SOURCE").encode(),
        ),
        (
            "indonesian.csv",
            PLAIN.replace(
                "question,expected source,expected text,answerable",
                "Pertanyaan,Sumber yang diharapkan,Teks yang diharapkan,Bisa dijawab",
            )
            .replace("yes", "ya")
            .replace("no\n", "Tidak\n")
            .encode(),
        ),
    ],
)
def test_the_easy_form_as_spreadsheets_write_it(tmp_path: Path, name: str, data: bytes) -> None:
    """Comma, semicolon or tab, UTF-8 with or without mark, UTF-16; English or Indonesian names."""
    (tmp_path / name).write_bytes(data)
    assert read(tmp_path / name) == EXPECTED


def test_a_spreadsheet_of_old_windows(tmp_path: Path) -> None:
    """Excel's plain CSV is in its own code page, and may start with its own line."""
    path = tmp_path / "old.csv"
    path.write_bytes("sep=;\r\nSoal;Jawaban\r\nApa?;“Café” di Tahuna\r\n".encode("cp1252"))
    assert read(path) == [("Apa?", Expected(True, ("“Café” di Tahuna",)), 3)]


def test_json_lines(tmp_path: Path) -> None:
    """Names as loosely as in CSV; a list of expected texts of which any will do."""
    path = tmp_path / "q.jsonl"
    rows = [
        {"id": 7, "Question": "Apa?", "expectedText": ["a b", "c d"], "lang": "ID"},
        {"question": "Siapa?", "answerable": False, "expected_text": None},
        {"question": "Kapan?", "expected source": "x.txt", "short answer": "2019"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    found = read_questions(path)
    assert [(row.id, row.language, row.line) for row in found] == [
        ("7", "id", 1),
        ("line-2", None, 2),
        ("line-3", None, 3),
    ]
    assert [row.expected for row in found] == [
        Expected(True, ("a b", "c d")),
        Expected(False),
        Expected(True, (), ("2019",), "x.txt"),
    ]


def test_one_json_array(tmp_path: Path) -> None:
    """As programs write it, on one line or on many; every row has the line where it starts."""
    rows = [{"question": "Apa?", "text": ["[x], {y}"]}, {"question": "Siapa?", "answerable": False}]
    path = tmp_path / "q.json"
    path.write_text(json.dumps(rows), "utf-8")
    assert [(row.question, row.line) for row in read_questions(path)] == [
        ("Apa?", 1),
        ("Siapa?", 1),
    ]
    path.write_text("\n" + json.dumps(rows, indent=1), "utf-8")
    found = read_questions(path)
    assert [(row.question, row.line) for row in found] == [("Apa?", 3), ("Siapa?", 9)]
    assert found[0].expected.texts == ("[x], {y}",)


def test_a_cell_of_several_lines_counts_its_lines(tmp_path: Path) -> None:
    """The row after a cell with a line break is named by its line in the file."""
    path = tmp_path / "q.csv"
    path.write_text('question,text\n"Apa\nitu?",ini\nSiapa?,\n', "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_questions(path)
    assert str(caught.value).startswith(f"{path}:4: neither an expected text")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.csv", "question,text\nApa?,x\n,y\n", ":3: no question"),
        ("q.csv", "question,text\nApa?,\n", ":2: neither an expected text nor"),
        ("q.csv", "question,answerable\nApa?,maybe\n", ":2: 'maybe' under answerable"),
        ("q.csv", "question,answerable\nApa?,ya\n", ":2: answerable, but neither"),
        ("q.csv", "question,text,answerable\nApa?,x,no\n", ":2: an expected text, but not"),
        ("q.csv", "question,text\nApa?,satu,dua\n", ":2: 3 cells where the first row has 2"),
        ("q.csv", 'question,text\nApa?,"satu" dua"\n', ":2: "),
        ("q.csv", "id,question,text\n1,Apa?,x\n1,Siapa?,y\n", ":3: the id '1' is taken by line 2"),
        ("q.csv", "word,text\nApa?,x\n", ":1: no column called question"),
        ("q.csv", "question,text\n", "no questions"),
        ("q.csv", "", "no column called question"),
        ("q.jsonl", '{"question": "Apa?", "text": "x"}\nnot json\n', ":2: not JSON"),
        ("q.jsonl", '{"question": "Apa?", "text": "x"}\n7\n', ":2: expected an object"),
        ("q.jsonl", "[1]\n", ":1: expected an object"),
        ("q.json", '[{"question": "Apa?", "text": "x"},\n {"question": "Apa?"}]', ":2: neither"),
        ("q.json", '[{"question": "Apa?", "text": "x"},\n {"question"]', ":2: not JSON"),
        ("q.xlsx", "PK\3\4 and the rest", "a workbook; open it"),
        ("q.jsonl", '{"text": "x"}\n', ":1: no question"),
        ("q.jsonl", '{"question": "Apa?", "text": {"a": 1}}\n', ":1: an answer is a text"),
    ],
)
def test_a_malformed_row_is_named_by_its_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    """File, line, what is wrong and what to do."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_questions(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_every_malformed_row_is_named_at_once(tmp_path: Path) -> None:
    """Nobody has to correct ten rows in ten attempts; a long list is cut."""
    path = tmp_path / "q.csv"
    path.write_text("question,text\n" + "Apa?,\n" * 14, "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_questions(path)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines[:10]] == [f"{path}:{n}" for n in range(2, 12)]
    assert lines[10:] == ["and 4 more"]
    # Whatever is wrong with each.
    path.write_text("question,text\n,x\nApa?,satu,dua\nApa?,\n", "utf-8")
    with pytest.raises(DatasetError, match=r":2: no question.*\n.*:3: 3 cells.*\n.*:4: neither"):
        read_questions(path)
    path = tmp_path / "q.jsonl"
    path.write_text('{"text": "x"}\n{\n[]\n', "utf-8")
    with pytest.raises(DatasetError, match=r":1: no question.*\n.*:2: not JSON.*\n.*:3: expected"):
        read_questions(path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """JSON must be UTF-8, and a broken archive is named."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"question": "\xff"}\n')
    with pytest.raises(DatasetError, match="not UTF-8"):
        read_questions(path)
    path = tmp_path / "q.csv.gz"
    path.write_bytes(gzip.compress(PLAIN.encode())[:-12])
    with pytest.raises(DatasetError, match="damaged"):
        read_questions(path)
    with pytest.raises(DatasetError, match="No such file"):
        read_questions(tmp_path / "nowhere.csv")


# BEIR's answers, TREC


def test_half_a_character_in_a_beir_folder_is_marked(tmp_path: Path) -> None:
    """Scraped texts have them; no model and no database takes one."""
    passages = {"p1": "kapal \ud800 karam", "p2": "pasar \U0001f6a2"}
    folder = write_beir(tmp_path / "beir", passages, {"q1": "kapal \udc00"}, [("q1", "p1", 1)])
    read = load_beir(folder)
    assert read.passages == {"p1": "kapal \ufffd karam", "p2": "pasar \U0001f6a2"}
    assert read.questions == {"q1": "kapal \ufffd"}


def test_answers_of_a_beir_folder(tmp_path: Path) -> None:
    """answers.jsonl may say that nothing answers a question; without it nothing is known."""
    folder = write_beir(tmp_path / "beir", PASSAGES, {"q1": "kapal", "q2": "x"}, [("q1", "p1", 1)])
    assert load_beir(folder).expected == {}
    (folder / "answers.jsonl").write_text(
        '{"query_id": "q1", "answers": ["kapal kapal"], "short": "kapal"}\n'
        '{"query_id": "q2", "answers": [], "answerable": false}\n'
    )
    assert load_beir(folder).expected == {
        "q1": Expected(True, ("kapal kapal",), ("kapal",)),
        "q2": Expected(False),
    }
    (folder / "answers.jsonl").write_text('{"query_id": "q1", "answers": [], "answerable": "no"}')
    with pytest.raises(DatasetError, match=r"answers\.jsonl:1: answerable"):
        load_beir(folder)


def test_qrels_in_both_forms(tmp_path: Path) -> None:
    """BEIR's three columns with a header, TREC's four without, packed or not: the same."""
    path = tmp_path / "a.tsv"
    path.write_text("query-id\tcorpus-id\tscore\nq1\tp 1\t2\nq1\tp2\t0\nq2\tp3\t-1\n")
    assert read_qrels(path) == {"q1": {"p 1": 2}}
    path.write_text("q1 0 p1 2\nq1 0 p2 0\n\nq2 0 p3 1\n")
    assert read_qrels(path) == {"q1": {"p1": 2}, "q2": {"p3": 1}}
    (tmp_path / "b.tsv.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert read_qrels(tmp_path / "b.tsv") == read_qrels(path)
    path.write_text("q1 0 p1 1\nq1 0 p1\n")
    with pytest.raises(DatasetError, match=r"a\.tsv:2"):
        read_qrels(path)


def test_grades_with_a_point_and_grades_that_contradict(tmp_path: Path) -> None:
    """``1.0`` is 1; a passage judged twice must be judged alike."""
    path = tmp_path / "a.tsv"
    path.write_text("q1\tp1\t2.0\nq1\tp2\t0.0\nq1\tp1\t2\n")
    assert read_qrels(path) == {"q1": {"p1": 2}}
    path.write_text("q1\tp1\t1\nq1\tp1\t2\n")
    with pytest.raises(DatasetError, match=r"a\.tsv:2: passage p1 is judged twice"):
        read_qrels(path)
    path.write_text("q1\tp1\t1\nq1\tp2\t0.5\n")
    with pytest.raises(DatasetError, match=r"a\.tsv:2"):
        read_qrels(path)


def test_columns_as_other_programs_name_them(tmp_path: Path) -> None:
    """Passages come before an answer in own words; a title counts where there is no text."""
    path = tmp_path / "set.csv"
    path.write_text("reference,user_input,reference_contexts\nin my words,Apa?,as it stands\n")
    assert read(path) == [("Apa?", Expected(True, ("as it stands",)), 2)]
    path.write_text("title,Source file,Question text,Gold answer\nT,a.txt,Apa?,x\n")
    assert read(path) == [("Apa?", Expected(True, ("x",), (), "a.txt"), 2)]
    path.write_text("title,question,context,answers\nT,Apa?,it is x.,x\n")
    assert read(path) == [("Apa?", Expected(True, ("x",)), 2)]
    path.write_text("Judul;Pertanyaan;Apakah bisa dijawab?\nT;Apa?;ya\n")
    assert read(path) == [("Apa?", Expected(True, (), (), "T"), 2)]


def test_a_column_that_nobody_knows_is_named(tmp_path: Path) -> None:
    """Where a row lacks what may stand there; a column that is not missed is no fault."""
    path = tmp_path / "set.csv"
    path.write_text("question,Note,Right one\nApa?,,x\n")
    with pytest.raises(DatasetError, match=r"csv:1: not used: 'Note', 'Right one';"):
        read(path)
    path.write_text("question,text,Note\nApa?,x,y\n")
    assert len(read(path)) == 1


def test_a_trec_run(tmp_path: Path) -> None:
    """Ordered by score, as trec_eval does, whatever the rank column says; equal ones by rank."""
    path = tmp_path / "my.run"
    path.write_text("q1 Q0 p1 1 0.2 tag\nq1 Q0 p2 2 0.9 tag\nq1 Q0 p3 4 0.2 tag\n\n")
    assert looks_like_run(path)
    (tmp_path / "saved.json").write_text('\n{"kutip_run": 1}')
    assert not looks_like_run(tmp_path / "saved.json")
    assert read_run(path) == {"q1": [("p2", 0.9), ("p1", 0.2), ("p3", 0.2)]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("q1 Q0 p1 1 0.5 t\nq1 Q0 p2 2 high t\n", "my.run:2"),
        ("q1 Q0 p1 1 0.5 t\nq1 Q0 p2\n", "my.run:2"),
        ("q1 Q0 p1 1 nan t\n", "my.run:1"),
        ("q1 Q0 p1 1 0.5 t\nq1 Q0 p1 2 0.4 t\n", "my.run:2: passage p1 stands twice"),
        ("", "empty run"),
    ],
)
def test_a_broken_run_is_named_by_its_line(tmp_path: Path, text: str, said: str) -> None:
    """File and line."""
    path = tmp_path / "my.run"
    path.write_text(text)
    with pytest.raises(DatasetError) as caught:
        read_run(path)
    assert said in str(caught.value)


# Where a text stands


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Ia berkata: “Kapal itu\n laut”, lalu pergi.", '"kapal  itu laut"', "Kapal itu\n laut"),
        ("Penerbangan GA–181 batal.", "GA - 181", "GA–181"),
        ("Kafe Café\u00a0Batavia tutup.", "cafe batavia", "Café\u00a0Batavia"),
        ("per\u00adlindungan data", "perlindungan data.", "per\u00adlindungan data"),
        ("Mereka don’t know.", "don't know", "don’t know"),
        ("tahun 1984, bukan 84", "84", "84"),
        ("Pasal 3 dan Pasal 31", "Pasal 3", "Pasal 3"),
    ],
)
def test_the_place_of_a_text_typed_by_hand(text: str, wanted: str, found: str) -> None:
    """White space, marks, dashes, accents, case and soft hyphens do not matter; whole words do."""
    assert [span.of(text) for span in find(text, wanted)] == [found]
    assert holds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Ramayana menutup delapan gerainya.", "menutup delapan ge-\nrainya", None),
        ("Ramayana menutup delapan ge-\nrainya.", "menutup delapan gerainya", None),
        ("Ada denda sebesar £ 200 ribu itu.", "denda sebesar £200 ribu", None),
        (
            "Leigh - Anne Pinnock (gitar) datang.",
            "Leigh Anne Pinnock gitar",
            "Leigh - Anne Pinnock (gitar",
        ),
        ("Nilainya Rp 3,15 triliun kini.", "nilainya Rp 31,5 triliun", ""),
        ("Ia menang pada 1 - 4 di Cardiff.", "menang pada 14 di Cardiff", ""),
        ("berkepala delapan gerainya", "kepala delapan ge rainya", ""),
        ("di £ 200 itu", "di £200", ""),
    ],
)
def test_letters_and_digits_alone_are_enough_of_a_long_text(
    text: str, wanted: str, found: str | None
) -> None:
    """A cut word or a space is forgiven; never another number, half a word, or a short text."""
    if found is None:
        found = text.partition(" ")[2].rstrip(".").removesuffix(" itu")
    assert [span.of(text) for span in find(text, wanted)] == ([found] if found else [])
    assert Texts(["", text]).find(wanted) == ({1: find(text, wanted)} if found else {})


@pytest.mark.parametrize(
    ("text", "wanted"), [("tahun 1984", "84"), ("kapal", ""), ("kapal", "“ ”"), ("", "kapal")]
)
def test_what_does_not_stand_there(text: str, wanted: str) -> None:
    """Part of a word is not the word, and nothing stands nowhere."""
    assert find(text, wanted) == []
    assert not holds(text, wanted)


def test_many_documents_at_once() -> None:
    """Every document that holds the text, and no find across two of them."""
    texts = Texts(["satu kapal", "kapal dua kapal", "tiga", "kapal"])
    assert texts.find("kapal") == {
        0: [Span(5, 10)],
        1: [Span(0, 5), Span(10, 15)],
        3: [Span(0, 5)],
    }
    assert texts.find("tiga kapal") == {}


def test_shared_by_hand() -> None:
    """At least half of the shorter span."""
    assert shared(Span(0, 10), Span(5, 100))
    assert not shared(Span(0, 10), Span(6, 100))
    assert not shared(Span(0, 10), Span(10, 20))


@given(st.text(alphabet='aÀé -–—"“’ \n\t\u00a0\u00ad\u200b…ﬁB.', max_size=30))
def test_folding_with_and_without_offsets_is_the_same(text: str) -> None:
    """Both ways give the same characters, each from a place in the text, in order."""
    plain, origin = _with_origin(text)
    assert plain == folded(text)
    assert len(plain) == len(origin)
    assert origin == sorted(origin)
    assert all(0 <= i < len(text) for i in origin)


def test_the_example_of_the_manual(tmp_path: Path) -> None:
    """The table in docs/eval.md reads as it says."""
    manual = (ROOT / "docs" / "eval.md").read_text("utf-8")
    path = tmp_path / "questions.csv"
    path.write_text(manual.split("```csv\n")[1].split("```")[0], "utf-8")
    assert [expected.answerable for _, expected, _ in read(path)] == [True, True, False]

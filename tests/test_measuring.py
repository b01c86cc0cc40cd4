"""Promises of the tab that measures and of the form under the chat, without a browser."""

from __future__ import annotations

import asyncio
import csv
import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from qa.chat import drawing, judging, measure_tab, measuring, measuring_words
from qa.chat.problems import of_list
from qa.corpus import Corpus
from qa.errors import DatasetError
from qa.evaluation import jobs
from qa.evaluation.comparison import compare
from qa.evaluation.datasets import read_questions
from qa.evaluation.gold import of_rows
from qa.evaluation.jobs import Cancelled, Job, Measurements, Plan, Progress, Stage
from qa.evaluation.measures import MEASURES
from qa.evaluation.running import Outcome, Run, Setting
from qa.evaluation.saved import Saved, SavedQuestions
from qa.types import Answer
from tests.helpers import QUESTIONS, python, write_articles
from tests.test_evaluation_report import HOSTILE, outcome, unanswerable, wrong

pytestmark = [
    # Gradio leaves sockets and loops to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.usefixtures("collected"),
]
ENGLISH: Any = SimpleNamespace(headers={})
INDONESIAN: Any = SimpleNamespace(headers={"accept-language": "id"})
PATIENCE = 120  # seconds; the machine may be busy


def visible(markup: str) -> str:
    """What a reader sees of *markup*."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))


class Tags(HTMLParser):
    """What an independent parser finds in some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def a_run(*outcomes: Outcome, setting: str = "hybrid") -> Run:
    return Run("daftar.csv", setting, list(outcomes), 7, latency={"total": [1234.5, 2000.0]})


LISTS = {
    "empty": "",
    "no column": "Kota,Tahun\nAmbon,2019\n",
    "no question": "question,text\n,x\n",
    "another column": "question,Right one\nSiapa?,x\n",
    "nothing expected": "question,text\nSiapa?,\n",
    "contradiction": "question,text,answerable\nSiapa?,x,no\n",
    "neither yes nor no": "question,text,answerable\nSiapa?,x,barangkali\n",
    "two alike": "id,question,text\na,Siapa?,x\na,Apa?,y\n",
    "too many cells": "question,text\nSiapa?,x,y\n",
    "broken": 'question,text\n"Siapa?,x\n',
    "not JSON": "{question\n",
    "JSON without a question": '{"text": "x"}\n',
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS.keys())
def test_what_is_wrong_with_a_list_is_told_in_indonesian_too(content: str, tmp_path: Path) -> None:
    """Line by line, with the place; in English as it is."""
    path = tmp_path / "daftar.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(DatasetError) as caught:
        read_questions(path)
    english = str(caught.value)
    assert of_list(english, "en") == english
    for line, said in zip(english.split("\n"), of_list(english, "id").split("\n"), strict=True):
        assert line.startswith(place := said.partition(" ")[0])
        assert place.startswith(str(path))
        assert line != said


def test_what_was_left_out_is_told_in_indonesian_too(tmp_path: Path, sample_corpus: Corpus) -> None:
    """Every question that a list asks but the documents cannot judge."""
    path = tmp_path / "daftar.csv"
    path.write_text(
        "question,source,text,answerable\nSiapa?,tidak-ada.txt,,\nApa?,,kata yang tak ada,\n"
        "Kapan?,,,?\nBerapa?,,,no\n",
        "utf-8",
    )
    problems = of_rows(path, read_questions(path), sample_corpus).problems
    assert len(problems) == 3
    for problem in problems:
        assert of_list(problem, "id").endswith("pertanyaan ini tidak ikut")


def test_every_remark_on_a_list_is_told_in_indonesian_too(
    tmp_path: Path, sample_corpus: Corpus
) -> None:
    """Rows of one question, one that contradicts another, a text cut short."""
    path = tmp_path / "daftar.csv"
    path.write_text(
        "question,source,text,answerable\nApa?,palapa-ring-rampung.txt,,\n"
        "Apa?,palapa-ring-rampung,,\nApa?,,,no\nSiapa?,,aturan tentang perlindungan zebra,\n"
        "Mana?,,Palapa Ring palapa ring zebra,\n",
        "utf-8",
    )
    problems = of_rows(path, read_questions(path), sample_corpus).problems
    assert len(problems) == 4
    for problem in problems:
        said = of_list(problem, "id")
        assert said != problem
        assert said.startswith(str(path))


def test_a_list_cannot_keep_the_server_busy_with_its_errors() -> None:
    """However its cells are written, telling what is wrong with them takes no time."""
    for text in (
        " is not in ",
        "the expected text ",
        "; ",
        ": the expected text x is not in y but ",
    ):
        for length in (500, 100_000):
            line = f"daftar.csv:2: {(text * length)[:length]} but in x; correct"
            started = time.thread_time()
            assert of_list(line, "id")
            assert time.thread_time() - started < 1


# What is drawn


def test_a_run_is_shown_with_its_intervals_and_what_went_wrong() -> None:
    """Headlines with intervals, plots, slices, and the worst question against what was expected."""
    bad = wrong(
        3, question="Siapa ketuanya?", quotes=["Bukan ini."], expected=["Ini dia."], wanted=""
    )
    page = measuring.run_view(
        a_run(*(outcome(i) for i in range(3)), bad, unanswerable(5, answered=False)), "en"
    )
    text = " ".join(visible(page).split())
    assert "daftar.csv: 5 questions, 7 passages, hybrid" in text
    assert "Answer in any quote 75.0 %" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "25.0 to 100.0 % · 4 questions" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "fewer than thirty questions" in text
    told = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Of 4 questions that have an answer in the documents, Kutip quoted it for 75 %" in told
    assert "Of 1 question that nothing in the documents answers, it refused 100 %" in told
    assert page.count('class="plot"') == 2
    assert "Language of the question English 2" in text.replace("–", "")
    assert "another sentence quoted; right passage at rank 10" in text
    assert text.index("Siapa ketuanya?") < text.index("Ini dia.") < text.index("Bukan ini.")


def test_figures_are_written_as_indonesians_write_them() -> None:
    """A comma before the decimals, a point between thousands, and no English word."""
    page = measuring.run_view(a_run(outcome(1), outcome(2), wrong(3)), "id")
    text = visible(page).replace("\N{NO-BREAK SPACE}", " ")
    assert "66,7 %" in text
    assert "1.234,5" in text
    assert "Jawaban di salah satu kutipan" in text
    english = {m.label for m in MEASURES} | {m.meaning for m in MEASURES}
    assert not [one for one in english if one in text]


def test_every_figure_has_an_indonesian_name() -> None:
    """A name and a meaning for each, and a name for each group."""
    assert list(measuring_words.INDONESIAN) == [measure.name for measure in MEASURES]
    assert set(measuring_words.INDONESIAN_GROUPS) == {measure.group for measure in MEASURES}


@pytest.mark.parametrize("language", ["en", "id"])
def test_everything_in_a_measurement_is_escaped(language: str) -> None:
    """No text of a question, document or file name reaches the page as markup."""
    hostile = wrong(
        1, id=HOSTILE, question=HOSTILE, hits=[HOSTILE], quotes=[HOSTILE],
        expected=[HOSTILE, "Kapal"], passages=[HOSTILE * 20], wanted=HOSTILE, reason=HOSTILE,
        language=HOSTILE, kind=HOSTILE, document_language=HOSTILE,
    )  # fmt: skip
    refused = replace(hostile, id="2", answered=False, correct=False, wanted="")
    run = replace(
        a_run(hostile, refused, outcome(3)), dataset=HOSTILE, setting=HOSTILE, problems=[HOSTILE]
    )
    other = replace(run, outcomes=[outcome(1, id=HOSTILE, question=HOSTILE), refused, outcome(3)])
    page = measuring.run_view(run, language) + measuring.comparison_view(
        compare(run, other, permutations=20), language
    )
    tags = Tags(page)
    assert not tags.names & {"script", "img", "iframe", "style", "a"}
    assert not [name for name in tags.attributes if name.startswith("on")]
    assert set(re.findall('href="([^"]*)', page)) == set(re.findall('href="(#[^"]*)', page))
    assert "\u202e" not in page
    assert "<script>alert(1)</script>" in visible(page)


def test_two_ways_are_compared_with_what_changed() -> None:
    """Every difference with its interval, and the question that changed most in both ways."""
    a = a_run(*(wrong(i) for i in range(12)), setting="lexical")
    b = a_run(*(outcome(i) for i in range(11)), wrong(11))
    text = visible(measuring.comparison_view(compare(a, b, permutations=500), "en"))
    assert "hybrid against lexical" in text
    assert "B is better in: Ranking quality" in text
    assert "+91.7 points" in text
    assert "Pertanyaan 0?" in text
    assert "Pertanyaan 11?" not in text
    same = visible(measuring.comparison_view(compare(a, a, permutations=20), "id"))
    assert "Tidak ada perbedaan yang melampaui kebetulan" in same
    assert "Tidak ada pertanyaan yang berubah" in same


def test_the_table_of_every_question_is_in_the_language_of_the_page(tmp_path: Path) -> None:
    """Heads, verdicts and codes; every head has words of its own in both languages."""
    run = a_run(outcome(1), outcome(2, answered=False, reason="nothing_close"))
    heads = {}
    for language in ("en", "id"):
        measuring.write_table(run, path := tmp_path / f"{language}.csv", language)
        with path.open(encoding="utf-8-sig", newline="") as file:
            heads[language], *rows = csv.reader(file)
        assert len(rows) == 2
        assert len(set(heads[language])) == len(heads[language])
    assert heads["id"][:3] == ["ID", "pertanyaan", "hasil"]
    assert rows[1][4:7:2] == ["tidak", "tidak ditemukan yang cukup dekat"]


def test_without_matplotlib_the_figures_are_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plots give way to a line that says how to get them."""
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    page = measuring.run_view(a_run(outcome(1)), "en")
    assert "pip install “kutip[eval]”" in visible(page)
    assert 'class="plot"' not in page
    assert "100.0" in page


def test_progress_is_told_in_words_and_as_a_bar() -> None:
    """How many of how many; only words where that is not known."""
    bar = measuring.progress_bar(Progress(Stage.ASKING, 1_200, 4_000), "id")
    assert '<progress max="4000" value="1200"' in bar
    assert "1.200 dari 4.000" in visible(bar)
    assert "<progress" not in measuring.progress_bar(Progress(), "en")


# In the background


class Slow:
    """An evaluator that asks five questions, each when it is let."""

    turn = threading.Semaphore(0)
    failing: Exception | None = None

    def __init__(self, target: Path, *, asking: Any, **named: Any) -> None:
        self.asking = asking
        self.mine = self.turn  # what is left of one test takes no turns of the next

    def __enter__(self) -> Slow:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def run(self, setting: Setting) -> Run:
        for i in range(5):
            self.asking(i, 5, "?")
            assert self.mine.acquire(timeout=PATIENCE)
            if self.failing:
                raise self.failing
        return a_run(*(outcome(i) for i in range(5)), setting=str(setting))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Slow]]:
    monkeypatch.setattr(jobs, "Evaluator", Slow)
    monkeypatch.setattr(Slow, "turn", threading.Semaphore(0))
    monkeypatch.setattr(Slow, "failing", None)
    yield Slow
    Slow.turn.release(100)  # nobody is left waiting


def settings(*named: str) -> tuple[Setting, ...]:
    return tuple(Setting.parse(one) for one in named)


def started(of: Measurements[Any], *named: str) -> Job[Any] | None:
    return of.start(
        Plan(Path("x.csv"), None, settings(*named or ("hybrid",))), lambda *found: found
    )


def wait_for(job: Job[Any], progress: Progress) -> None:
    for _ in range(PATIENCE * 100):
        if job.progress == progress:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{job.progress} is not {progress}")


def test_progress_is_real(slow: type[Slow]) -> None:
    """It moves when a question is done, over both settings of a comparison."""
    job = started(Measurements(), "hybrid", "dense")
    assert job is not None
    for done in (0, 1, 2, 3, 4):
        wait_for(job, Progress(Stage.ASKING, done, 10))
        slow.turn.release()
    wait_for(job, Progress(Stage.ASKING, 5, 10))
    slow.turn.release(5)
    job.join(PATIENCE)
    assert job.result is not None
    comparison, folder = job.result
    assert (comparison.a.setting, comparison.b.setting) == ("hybrid", "dense")
    assert folder.is_dir()


def test_one_measurement_at_a_time(slow: type[Slow]) -> None:
    """A second one is refused while the first runs, and begins once it is done."""
    measurements: Measurements[Any] = Measurements()
    first = started(measurements)
    assert first is not None
    assert started(measurements) is None
    assert measurements.running is first
    slow.turn.release(5)
    first.join(PATIENCE)
    assert measurements.running is None
    second = started(measurements)
    assert second is not None
    assert measurements.get(first.token) is first
    slow.turn.release(5)
    second.join(PATIENCE)


def test_a_measurement_can_be_stopped(slow: type[Slow]) -> None:
    """Before its next question; then another may begin."""
    measurements: Measurements[Any] = Measurements()
    job = started(measurements)
    assert job is not None
    wait_for(job, Progress(Stage.ASKING, 0, 5))
    job.cancel()
    slow.turn.release()
    job.join(PATIENCE)
    assert isinstance(job.error, Cancelled)
    assert job.result is None
    assert started(measurements) is not None


def test_old_results_are_deleted(slow: type[Slow], monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many are kept, and the files of the others are gone."""
    monkeypatch.setattr(jobs, "KEPT", 2)
    measurements: Measurements[Any] = Measurements()
    slow.turn.release(15)
    made = []
    for _ in range(3):
        job = started(measurements)
        assert job is not None
        job.join(PATIENCE)
        assert job.result is not None
        made.append((job, job.result[1]))
    assert [measurements.get(job.token) is job for job, _ in made] == [False, True, True]
    assert [folder.exists() for _, folder in made] == [False, True, True]


def test_the_program_ends_though_a_measurement_runs(sample_copy: Path, tmp_path: Path) -> None:
    """At once and in order, and nothing of the corpus is left behind."""
    (tmp_path / "scratch").mkdir()
    questions = SavedQuestions(sample_copy)
    questions.add(Saved("Apa kepanjangan Whoosh?", "diilhami suara kereta yang melesat"))
    code = (
        "import sys, time; from pathlib import Path; from qa.evaluation.jobs import *\n"
        "plan = Plan(Path(sys.argv[1]) / 'questions.csv', Path(sys.argv[1]), (Setting(),) * 500)\n"
        "job = Measurements().start(plan, lambda found, folder: found)\n"
        "while job.progress.done < 2 and not job.done: time.sleep(0.01)\n"
        "print(job.progress.stage.name)\n"
    )
    done = python("-c", code, sample_copy, TMPDIR=str(tmp_path / "scratch"))
    assert (done.returncode, done.stdout.split()) == (0, ["ASKING"]), done.stderr
    assert not [left for left in (tmp_path / "scratch").iterdir() if left.is_dir()]


# The tab


def tab(corpus: Any) -> measure_tab.MeasureTab:
    with gr.Blocks():
        return measure_tab.MeasureTab(lambda: corpus)


def played(steps: Any) -> list[tuple[Any, ...]]:
    async def collect() -> list[tuple[Any, ...]]:
        return [step async for step in steps]

    return asyncio.run(collect())


@pytest.fixture
def articles(tmp_path: Path, open_corpus: Callable[..., Corpus]) -> Corpus:
    """Six articles under an embedder with known cosines."""
    corpus = open_corpus()
    corpus.add(write_articles(tmp_path / "articles"))
    return corpus


QUESTIONS_CSV = (
    "question,expected source,expected text,answerable\n"
    "What did Jokowi say about data protection?,,aturan tentang perlindungan data pribadi,yes\n"
    "Apa kepanjangan Whoosh?,kereta-cepat-whoosh-jakarta-bandung.txt,,\n"
    "Who won the 1998 World Cup?,,,no\n"
    "Kapan pasar dibuka?,,kata-kata yang tidak ada di mana pun,yes\n"
)


def test_an_uploaded_list_is_measured_over_the_documents(sample_copy: Path, tmp_path: Path) -> None:
    """From the first progress to figures and files, while the corpus is in use and changes."""
    path = tmp_path / "list" / "daftar.csv"
    path.parent.mkdir()
    path.write_text(QUESTIONS_CSV, "utf-8")
    with Corpus.open(sample_copy) as corpus:
        running = tab(corpus).run("upload", str(path), "hybrid", "", ENGLISH)

        async def measured() -> list[tuple[Any, ...]]:
            steps = [await anext(running)]
            corpus.add(write_articles(tmp_path / "more", ["kapal"]))  # nobody waits for anybody
            assert not corpus.ask("Apa kepanjangan Whoosh?").abstained
            return steps + [step async for step in running]

        steps = asyncio.run(measured())
    token, start, stop, status, result, *_ = steps[0]
    assert (start.interactive, stop.interactive, result) == (False, True, "")
    assert "Getting ready" in visible(status)
    assert len(token) > 16
    _, start, stop, status, result, report, table, figures = steps[-1]
    assert (start.interactive, stop.interactive) == (True, False)
    assert "Done in" in visible(status)
    text = " ".join(visible(result).split())
    assert "daftar.csv: 3 questions, 120 passages, hybrid" in text
    assert "daftar.csv:5: the expected text" in text
    assert str(tmp_path) not in result
    data = json.loads(Path(figures.value["path"]).read_text("utf-8"))
    assert (data["questions"], data["left_out"]) == (3, 1)
    every = Path(table.value["path"]).read_text("utf-8-sig")
    assert len(list(csv.DictReader(every.splitlines()))) == 3
    assert str(tmp_path) not in json.dumps(data)
    assert "Kutip evaluation" in Path(report.value["path"]).read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("upload", None, "hybrid", ""), "choose a file"),
        (("saved", None, "hybrid", ""), "no saved questions yet"),
        (("sample", None, "hybrid", "hybrid"), "Both ways are the same"),
        (("sample", None, "hybrid,model=evil/model", ""), "kutip eval … --with model=NAME"),
        (("sample", None, "sideways", ""), "neither a file nor a setting"),
        (("sample", None, "hybrid", "k=0"), "neither a file nor a setting"),
    ],
)
def test_what_cannot_be_measured_is_said_at_once(
    articles: Corpus, given: tuple[Any, ...], told: str
) -> None:
    """One step, nothing started, and the page stays as it was."""
    run: Any = tab(articles).run
    (step,) = played(run(*given, ENGLISH))
    assert told in visible(step[3])
    assert all("value" not in one for i, one in enumerate(step) if i != 3)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"question,answerable\nApa?,barangkali\nSiapa?,no\n,yes\n", "daftar.csv:2: 'barangkali'"),
        (b"question,answerable\nApa?,barangkali\nSiapa?,no\n,yes\n", "daftar.csv:4: no question"),
        (b"question,answerable\nApa?,<b>x</b>\n", "'<b>x</b>' under answerable"),
        (b"\x1f\x8b" + b"0" * 20, "unpack it"),
        (b"x" * (5 * 2**20 + 1), "larger than 5 MB"),
        (b"", "no column called question"),
    ],
)
def test_a_malformed_list_is_named_by_its_lines(
    articles: Corpus, tmp_path: Path, data: bytes, told: str
) -> None:
    """By the name of the file as it was sent, not by where it lies here."""
    path = tmp_path / "daftar.csv"
    path.write_bytes(data)
    status = played(tab(articles).run("upload", str(path), "hybrid", "", ENGLISH))[-1][3]
    assert told in visible(status)
    assert str(tmp_path) not in visible(status)
    assert "<b>x" not in status


def test_a_second_measurement_is_refused_and_the_first_goes_on(
    slow: type[Slow], articles: Corpus
) -> None:
    """The other is told why and how far it is; who began it finds it again after a reload."""
    mine = tab(articles)

    async def busy() -> tuple[Any, ...]:
        first: Any = mine.run("sample", None, "hybrid", "", INDONESIAN)
        token = (await anext(first))[0]
        job = mine._job(token)
        assert job is not None
        slow.turn.release(2)
        await asyncio.to_thread(wait_for, job, Progress(Stage.ASKING, 2, 5))
        (refusal,) = [step async for step in mine.run("sample", None, "hybrid", "", ENGLISH)]
        await first.aclose()  # the page is closed
        (nothing,) = [step async for step in mine.resume("guessed", ENGLISH)]
        again = mine.resume(token, INDONESIAN)
        seen = await anext(again)
        slow.turn.release(3)
        return refusal, nothing, seen, [step async for step in again][-1]

    refusal, nothing, seen, last = asyncio.run(busy())
    assert "Another measurement is running on this server (2 of 5" in visible(refusal[3])
    assert all("value" not in one for one in nothing)
    assert "2 dari 5" in visible(seen[3])
    assert "Selesai" in visible(last[3])


def test_a_measurement_is_stopped_from_the_page(slow: type[Slow], articles: Corpus) -> None:
    """By who began it; nothing is left of it, and another can begin."""
    mine = tab(articles)

    async def stopped() -> list[Any]:
        running = mine.run("sample", None, "hybrid", "", ENGLISH)
        token = (await anext(running))[0]
        assert "no longer there" in visible(mine.cancel("guessed", ENGLISH))
        said = mine.cancel(token, ENGLISH)
        slow.turn.release()
        return [said, *[step async for step in running]]

    said, *steps = asyncio.run(stopped())
    assert "Stopping" in visible(said)
    _, start, stop, status, result, report, table, _ = steps[-1]
    assert "Stopped. Nothing was kept." in visible(status)
    assert (start.interactive, stop.interactive, result) == (True, False, "")
    assert not report.visible
    assert not table.visible


def test_an_unexpected_error_shows_no_trace(slow: type[Slow], articles: Corpus) -> None:
    """Insides go to the log, never to the page."""
    slow.failing = RuntimeError("secret insides")
    slow.turn.release()
    last = played(tab(articles).run("sample", None, "hybrid", "", ENGLISH))[-1]
    assert "secret" not in str(last)
    assert "Something went wrong" in visible(last[3])


def test_the_choices_count_the_questions(articles: Corpus) -> None:
    """How many sample questions there are, and how many are saved by now."""
    mine = tab(articles)
    SavedQuestions(articles.path).add(Saved("Apa?", answerable=False))
    what, way, against = mine.fill(INDONESIAN)
    lines = (QUESTIONS / "queries.jsonl").read_text("utf-8").splitlines()
    labels = [label for label, _ in what.choices]
    assert f"({len(lines)})" in labels[0]
    assert "(1)" in labels[1]
    assert all(Setting.parse(value) for _, value in way.choices)
    assert against.choices[0][1] == ""


# The saved questions


def test_saved_questions_are_listed_removed_and_cleared(articles: Corpus) -> None:
    """What is right and what is still open; a download that is the file; removing by click."""
    questions = SavedQuestions(articles.path)
    questions.add(Saved("=Apa? <b>", "dua kapal", "kapal.txt"))
    questions.add(Saved("Siapa?", answerable=False))
    questions.add(Saved("Mengapa?", answerable=None, wrong="Hujan."))
    mine = tab(articles)
    line, table, _, _, download, remove, clear, _ = mine.show(ENGLISH)
    assert "Questions: 3." in visible(line)
    assert "left out of the figures: 1." in visible(line)
    rows = table.value["data"]
    assert [row[1] for row in rows] == [
        "dua kapal",
        "The documents do not say",
        "not said yet; wrong: Hujan.",
    ]
    assert Path(download.value["path"]).read_bytes() == questions.path.read_bytes()
    assert clear.visible
    assert remove.interactive is False
    click: Any = SimpleNamespace(row_value=rows[0])
    key, picked, button = mine.select(click, ENGLISH)
    assert "=Apa? <b>" in visible(picked)
    assert "<b>=" not in picked.replace("<b>&#61;", "")
    assert button.interactive
    assert "Removed: =Apa? <b>" in visible(mine.remove(key, ENGLISH)[2])
    assert "no longer there" in visible(mine.remove(key, ENGLISH)[2])
    assert [one.question for one in questions.all()] == ["Siapa?", "Mengapa?"]
    sure, words = mine.ask_to_clear(ENGLISH)
    assert sure.visible
    assert "Delete all 2 questions" in visible(words)
    after = mine.clear(INDONESIAN)
    assert "Belum ada" in visible(after[0])
    assert not after[1].visible
    assert not questions.path.exists()


def test_a_spoilt_file_is_told_and_can_be_downloaded(articles: Corpus) -> None:
    """The list says what is wrong with it; nothing is lost before one says so."""
    questions = SavedQuestions(articles.path)
    questions.path.write_text("rusak", "utf-8")
    line, table, _, _, download, remove, clear, _ = tab(articles).show(ENGLISH)
    assert "no column called question" in visible(line)
    assert (table.visible, remove.visible) == (False, False)
    assert (download.visible, clear.visible) == (True, True)


# The form under the chat


def form(corpus: Any) -> judging.Form:
    with gr.Blocks():
        return judging.Form(lambda: corpus)


def talk(*answers: Answer | None) -> Any:
    return SimpleNamespace(turns=[SimpleNamespace(answer=answer) for answer in answers])


def press(at: judging.Form, of: Any, link: object, request: Any = ENGLISH) -> tuple[Any, ...]:
    return at.open(of, gr.EventData(None, link), request)


def test_both_links_stand_under_every_answer() -> None:
    """In the language of the answer, with the number of the answer; they are buttons."""
    drawn = drawing.judge_links(3, "id")
    assert 'href="#kutip-3-save"' in drawn
    assert 'href="#kutip-3-wrong"' in drawn
    said = " ".join(visible(drawn).split())
    assert said == "Simpan sebagai pertanyaan uji Jawaban ini salah"
    assert drawn.count('role="button"') == 2


def test_a_question_is_saved_with_the_quote_that_is_right(sample_copy: Path) -> None:
    """Chosen among the quotes; the row names the document, and the evaluation finds the passage."""
    with Corpus.open(sample_copy) as corpus:
        answer = corpus.ask("What did Jokowi say about data protection?")
        mine = form(corpus)
        shown, title, right, _, judged, _ = press(mine, talk(None, answer), "#kutip-2-save")
        assert shown.visible
        assert answer.question in visible(title)
        assert answer.citations[0].quote[:60] in right.choices[0][0]
        assert [value for _, value in right.choices][-2:] == ["other", "nothing"]
        closed, said = mine.keep("0", "", judged, ENGLISH)
        assert not closed.visible
        assert "Saved. Questions in your list: 1" in visible(said)
        (row,) = read_questions(SavedQuestions(corpus.path).path)
    assert row.expected.texts == (answer.citations[0].quote,)
    assert row.expected.source == Path(answer.citations[0].source).name


def test_a_wrong_answer_is_noted_with_or_without_the_right_one(sample_copy: Path) -> None:
    """Not known yet, then another passage that was found, then one that is pasted."""
    with Corpus.open(sample_copy) as corpus:
        answer = corpus.ask("What did Jokowi say about data protection?")
        mine, questions = form(corpus), SavedQuestions(sample_copy)
        *_, right, _, judged, _ = press(mine, talk(answer), "#kutip-1-wrong")
        assert right.value is None
        assert "choose the right passage" in visible(mine.keep(None, "", judged, ENGLISH)[1])
        mine.keep("unknown", "", judged, ENGLISH)
        (noted,) = questions.all()
        assert (noted.answerable, noted.wrong) == (None, answer.citations[0].quote)
        other = len(answer.citations)  # the first passage that is none of the quotes
        assert "waiting" in visible(mine.keep(str(other), "", judged, ENGLISH)[1])
        (kept,) = questions.all()
        document = corpus.document(judged.offers[other].document_id)
        assert kept.text in document.text
        assert kept.wrong == noted.wrong
        words = "Mulai saja dari kebiasaan saling mengabari"
        assert "another right answer" in visible(mine.keep("other", words, judged, ENGLISH)[1])
        assert questions.all()[-1].source == "jokowi-keamanan-siber-asean.txt"


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("  ", "paste the right passage first"),
        ("kata-kata yang tidak ada di mana pun", "stand in no document"),
        ("x" * 2_001, "at most 2,000 characters"),
    ],
)
def test_what_is_pasted_must_stand_in_a_document(sample_copy: Path, pasted: str, told: str) -> None:
    """Otherwise nothing is saved, and the form stays open."""
    with Corpus.open(sample_copy) as corpus:
        judged = judging.Judged("Apa?", ())
        stays, said = form(corpus).keep("other", pasted, judged, ENGLISH)
    assert told in visible(said)
    assert "visible" not in stays
    assert not SavedQuestions(sample_copy).path.exists()


def test_after_a_refusal_the_nearest_passages_are_offered(sample_copy: Path) -> None:
    """And "the documents do not say", which is kept as a question without an answer."""
    with Corpus.open(sample_copy) as corpus:
        answer = corpus.ask("What did Angela Merkel say about data protection?")
        assert answer.abstained
        mine = form(corpus)
        *_, right, _, judged, _ = press(mine, talk(answer), "#kutip-1-save", INDONESIAN)
        assert len(judged.offers) == len(answer.nearest) == 3
        assert "Dokumen tidak menjawabnya" in [label for label, _ in right.choices]
        mine.keep("nothing", "", judged, INDONESIAN)
    (one,) = SavedQuestions(sample_copy).all()
    assert (one.answerable, one.text, one.source) == (False, "", "")


def test_a_passage_that_others_have_too_is_right_there_as_well(
    tmp_path: Path, sample_copy: Path
) -> None:
    """The row names no document; where two files have one name, it names the whole path."""
    with Corpus.open(sample_copy) as corpus:
        mine = form(corpus)
        first = corpus.documents()[0]
        assert mine._source(first.id, 1) == ""
        assert mine._source(first.id, 0) == Path(first.source).name
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir()
            text = f"Berita {folder} tentang kapal perintis yang berlayar ke pulau jauh di timur.\n"
            (tmp_path / folder / "berita.txt").write_text(text * 2, "utf-8")
        corpus.add(tmp_path / "a", tmp_path / "b")
        twins = [one for one in corpus.documents() if one.source.endswith("berita.txt")]
        assert {mine._source(one.id, 0) for one in twins} == {one.source for one in twins}


@pytest.mark.parametrize(
    "link", ["#kutip-2-save", "#kutip-0-save", "#kutip-1-x", "#kutip-1-without-date", None, {}]
)
def test_a_link_that_there_is_not_opens_nothing(sample_corpus: Corpus, link: object) -> None:
    """What a browser sends is not trusted."""
    *rest, said = press(form(sample_corpus), talk(None), link)
    assert "no longer there" in visible(said)
    assert all("visible" not in one for one in rest)


@pytest.mark.parametrize("right", ["99", "-1", "unknown", "", "x"])
def test_a_choice_that_was_not_offered_saves_nothing(articles: Corpus, right: str) -> None:
    """Nor one of a form that was never opened."""
    mine = form(articles)
    judged = judging.Judged("Apa?", (judging.Offer("x", "x", "d"),))
    assert "choose the right passage" in visible(mine.keep(right, "", judged, ENGLISH)[1])
    assert "no longer there" in visible(mine.keep("0", "", None, ENGLISH)[1])
    assert not SavedQuestions(articles.path).path.exists()


def test_a_file_that_cannot_be_written_is_told(
    articles: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its own words; the form stays open."""

    def full(self: SavedQuestions, new: Saved) -> None:
        raise DatasetError("questions.csv: no space; the file is as it was")

    monkeypatch.setattr(SavedQuestions, "add", full)
    stays, said = form(articles).keep("nothing", "", judging.Judged("Apa?", ()), ENGLISH)
    assert "no space" in visible(said)
    assert "visible" not in stays

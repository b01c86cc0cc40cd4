"""Promises of ``kutip eval``: what is asked, what is right, what is kept, what is left alone."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable
from csv import DictReader
from dataclasses import replace
from pathlib import Path
from typing import Any

import ir_measures
import pytest

import embeddings
from qa import cli
from qa.corpus import Corpus
from qa.errors import CorpusError, DatasetError
from qa.evaluation.comparison import compare, verdict, worst
from qa.evaluation.datasets import load_beir, read_questions
from qa.evaluation.evaluator import Evaluator
from qa.evaluation.gold import MANY, of_dataset, of_rows
from qa.evaluation.indexing import cache_key, copied, indexed, prune
from qa.evaluation.measured import MeasuredCorpus, Remembering
from qa.evaluation.running import Outcome, Run, Setting, figures, load, save, slices, write_trec
from qa.evaluation.summary import questions_of
from qa.retrieval.adapted import Adapted
from qa.retrieval.fusion import Weights
from qa.retrieval.late import encode_questions
from tests.helpers import (
    AXES,
    QUAKE,
    RICE,
    SHIP,
    FakeEmbedder,
    answering_from,
    article,
    write_articles,
)
from tests.test_evaluation import write_beir

Kutip = Callable[..., tuple[int, str, str]]

# Three passages of one sentence, and one of two.
PASSAGES = {
    "ship": SHIP,
    "rice": RICE,
    "quake": QUAKE,
    "both": f"{RICE} Kapal ketiga masih di galangan Bitung.",
}
QUESTIONS = {
    "q1": "Berapa kapal perintis?",
    "q2": "Di mana beras disimpan?",
    "q3": "Siapa dewa itu?",
}
QRELS = [("q1", "ship", 1), ("q2", "rice", 1)]
ANSWERS = [
    {"query_id": "q1", "answers": ["dua kapal perintis"], "answerable": True},
    {"query_id": "q2", "answers": [RICE], "answerable": True, "short": "Karawang"},
    {"query_id": "q3", "answers": [], "answerable": False},
]


@pytest.fixture(autouse=True)
def loads_the_fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[FakeEmbedder]:
    """Whoever loads a model gets a fake one, noted here; the cache is in the test's folder."""
    loaded: list[FakeEmbedder] = []

    def fake(name: str | None = None) -> FakeEmbedder:
        loaded.append(FakeEmbedder(*AXES, name=name or "fake"))
        return loaded[-1]

    monkeypatch.setattr(embeddings, "load", fake)
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    monkeypatch.setenv("KUTIP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KUTIP_CORPUS", str(tmp_path / "corpus"))
    return loaded


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = write_beir(tmp_path / "beir", PASSAGES, QUESTIONS, QRELS)
    (folder / "answers.jsonl").write_text("\n".join(map(json.dumps, ANSWERS)), "utf-8")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of an article for each of ``AXES``."""
    with Corpus.open(tmp_path / "corpus", embedder=FakeEmbedder(*AXES)) as opened:
        opened.add(write_articles(tmp_path / "news"))
    return tmp_path / "corpus"


@pytest.fixture
def kutip(capsys: pytest.CaptureFixture[str]) -> Kutip:
    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


def run_of(target: Path, setting: str = "hybrid", **named: Any) -> Run:
    with Evaluator(target, **named) as evaluator:
        return evaluator.run(Setting.parse(setting))


def by_id(run: Run) -> dict[str, Outcome]:
    return {outcome.id: outcome for outcome in run.outcomes}


# Settings


@pytest.mark.parametrize(
    ("text", "setting", "written"),
    [
        ("hybrid", Setting(), "hybrid"),
        ("dense", Setting(weight=1.0), "dense"),
        ("Lexical", Setting(weight=0.0), "lexical"),
        ("weight=0.7, k=8", Setting(weight=0.7, k=8), "weight=0.7,k=8"),
        ("model=a/b=c", Setting(model="a/b=c"), "hybrid,model=a/b=c"),
    ],
)
def test_settings_by_name(text: str, setting: Setting, written: str) -> None:
    """Named legs, and weight, k and model by value; written back so that they read the same."""
    assert Setting.parse(text) == setting
    assert str(setting) == written
    assert Setting.parse(written) == setting


@pytest.mark.parametrize(
    "text",
    ["", "sparse", "weight=2", "weight=-1", "weight=", "k=0", "k=x", "model=", "dense,weight=0.5"],
)
def test_a_setting_that_is_none_is_refused(text: str) -> None:
    """With what would do."""
    with pytest.raises(DatasetError, match=r"setting|twice"):
        Setting.parse(text)


def test_settings_change_the_ranking(tmp_path: Path) -> None:
    """A word that the vectors do not know decides for the lexical leg alone."""
    passages = {"p1": "Pelabuhan lama kapal.", "p2": "Pelabuhan Tahuna.", "p3": "Gudang kapal."}
    folder = write_beir(tmp_path / "b", passages, {"q": "Tahuna kapal?"}, [("q", "p2", 1)])
    with Evaluator(folder) as evaluator:
        runs = {name: evaluator.run(Setting.parse(name)) for name in ("dense", "lexical", "hybrid")}
    firsts = {name: run.outcomes[0].hits[0] for name, run in runs.items()}
    assert firsts["lexical"] == "p2"
    assert firsts["dense"] in ("p1", "p3")
    assert runs["lexical"].outcomes[0].scores["RR@10"] == 1.0
    assert runs["dense"].outcomes[0].scores["RR@10"] < 1.0
    assert runs["hybrid"].setting == "hybrid"


def test_a_weight_ranks_as_the_corpus_would(beir: Path) -> None:
    """Weighing again what was ranked gives the shipped ranking for the shipped weight."""
    from qa.retrieval.fusion import DENSE_WEIGHT

    with Evaluator(beir) as evaluator:
        shipped = evaluator.run(Setting())
        same = evaluator.run(Setting(weight=DENSE_WEIGHT))
    assert [o.hits for o in shipped.outcomes] == [o.hits for o in same.outcomes]
    assert figures(shipped.outcomes) == figures(same.outcomes)


def test_k_is_how_many_passages_are_read(tmp_path: Path) -> None:
    """With one passage read, no quote can come from a second that is as good."""
    passages = {"p1": "Kapal Sabuk merapat.", "p2": "Kapal Dorolonda merapat."}
    folder = write_beir(tmp_path / "b", passages, {"q": "Kapal apa merapat?"}, [("q", "p1", 1)])
    with Evaluator(folder) as evaluator:
        quotes = {k: evaluator.run(Setting(k=k)).outcomes[0].quotes for k in (1, 2)}
    assert len(quotes[1]) == 1
    assert set(quotes[2]) == set(passages.values())


# What is right in a BEIR folder


def test_every_question_and_its_scores(beir: Path) -> None:
    """Ranking, answers and refusals of three questions that can be checked by reading."""
    run = run_of(beir)
    found = by_id(run)
    assert (run.passages, run.setting, run.problems) == (4, "hybrid", [])
    q1 = found["q1"]
    assert q1.hits[0] == "ship"
    assert (q1.ranks, q1.right, q1.language, q1.kind) == ([1], 1, "id", "number")
    assert q1.quotes[0] == SHIP
    assert q1.document_language == "id"
    for name in ("nDCG@10", "R@1", "RR@10", "AP", "answer@1", "answer@any", "EM", "F1"):
        assert q1.scores[name] == 1.0
    assert q1.scores["wrong_refusals"] == 0.0
    # The right sentence stands in two passages; a copy elsewhere is not the right passage.
    assert set(found["q2"].hits[:2]) == {"rice", "both"}
    # Nothing answers q3; with the threshold at 0 it was answered all the same.
    q3 = found["q3"]
    assert set(q3.scores) == {"coverage", "correct_refusals"}
    assert (q3.answered, q3.correct, q3.scores["correct_refusals"]) == (True, False, 0.0)
    assert figures(run.outcomes)["coverage"].value == 1.0
    assert figures(run.outcomes)["risk"].value >= 1 / 3 - 1e-3


def test_a_refusal_is_judged_by_what_it_kept_back(
    beir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It scores 0 for the answer, and the curve still knows whether it would have been right."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(2.0))
    q1 = by_id(run_of(beir))["q1"]
    assert (q1.answered, q1.correct, q1.quotes, q1.reason) == (False, True, [], "nothing_close")
    assert q1.scores["answer@1"] == q1.scores["answer@any"] == q1.scores["EM"] == 0.0
    assert q1.scores["wrong_refusals"] == 1.0
    assert verdict(q1) == "refused; right passage at rank 1"


def test_where_nothing_is_answered_there_is_no_risk_to_tell(
    beir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nought of nought is no figure; otherwise it counts the questions that were answered."""
    run = run_of(beir)
    assert questions_of(run, "risk") == sum(bool(outcome.answered) for outcome in run.outcomes) > 0
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(1.1))
    refused = run_of(beir)
    assert not any(outcome.answered for outcome in refused.outcomes)
    assert "risk" not in figures(refused.outcomes)
    assert "AURC" in figures(refused.outcomes)
    assert "risk" not in compare(run, refused).differences


def test_the_words_alone_are_not_enough(tmp_path: Path) -> None:
    """A quote from a wrong passage is wrong for ``answer``, though it holds the short answer."""
    passages = {"old": "Kapal lama bermuatan 84 penumpang.", "new": "Sebuah kapal: 84 penumpang."}
    folder = write_beir(tmp_path / "b", passages, {"q": "Berapa penumpang kapal lama?"}, [])
    (folder / "qrels" / "test.tsv").write_text("q\tnew\t1\n")
    (folder / "answers.jsonl").write_text('{"query_id": "q", "answers": ["84 penumpang"]}')
    outcome = run_of(folder, "k=1").outcomes[0]
    assert outcome.quotes == [passages["old"]]
    assert (outcome.scores["answer@1"], outcome.scores["EM"]) == (0.0, 1.0)


def test_without_answers_the_right_passage_is_what_counts(tmp_path: Path) -> None:
    """A folder without answers.jsonl: a quote from a right passage is right; no EM, no F1."""
    folder = write_beir(tmp_path / "b", PASSAGES, {"q1": QUESTIONS["q1"]}, [("q1", "ship", 1)])
    scores = run_of(folder).outcomes[0].scores
    assert scores["answer@1"] == 1.0
    assert not {"EM", "F1"} & set(scores)


def test_ranking_alone(beir: Path) -> None:
    """``answers=False`` asks for no quotes and says nothing about them."""
    run = run_of(beir, answers=False)
    assert set(figures(run.outcomes)) == {
        "nDCG@10", "R@1", "R@5", "R@10", "R@100", "RR@10", "AP"
    }  # fmt: skip
    assert by_id(run)["q1"].quotes == []


def test_an_answer_that_stands_nowhere_is_reported(beir: Path) -> None:
    """The ranking is measured all the same; the quotes are not judged."""
    (beir / "answers.jsonl").write_text(
        '{"query_id": "q1", "answers": ["tiga kapal selam"], "answerable": true}'
    )
    run = run_of(beir)
    assert len(run.problems) == 1
    assert "question q1" in run.problems[0]
    scores = by_id(run)["q1"].scores
    assert "nDCG@10" in scores
    assert "answer@1" not in scores


def test_what_is_right_for_an_unknown_question_is_reported(beir: Path) -> None:
    """A file of another set, or a slip in an id, does not pass unseen."""
    with (beir / "qrels" / "test.tsv").open("a", encoding="utf-8") as file:
        file.write("q7\tship\t1\nq8\tship\t1\n")
    run = run_of(beir)
    assert len(run.outcomes) == 3
    (problem,) = run.problems
    assert problem.startswith("question q7 is not in queries.jsonl, and 1 more are not")


def test_a_title_is_searched_and_never_quoted(tmp_path: Path) -> None:
    """A passage's title stands before its text in the index and in no quote."""
    folder = write_beir(tmp_path / "b", {"x": RICE}, {"q": "gempa?"}, [("q", "p", 1)])
    row = {"_id": "p", "title": "Berita gempa.", "text": "Empat jembatan rusak."}
    (folder / "corpus.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({**row, "_id": "o"}))
    outcome = run_of(folder, "dense").outcomes[0]
    assert outcome.scores["R@5"] == 1.0
    assert outcome.quotes == ["Empat jembatan rusak."]


def test_slices(beir: Path) -> None:
    """By question language, document language, kind and answerable; the counts add up."""
    found = slices(run_of(beir).outcomes)
    counts = {(one.by, one.value): one.questions for one in found}
    assert counts[("question language", "id")] == 3
    assert counts[("document language", "id")] == 2
    assert counts[("kind of question", "number")] == 1
    assert counts[("kind of question", "place")] == 1
    assert (counts[("answerable", "yes")], counts[("answerable", "no")]) == (2, 1)
    (no,) = [one for one in found if (one.by, one.value) == ("answerable", "no")]
    assert set(no.figures) == {"coverage", "risk", "AURC", "correct_refusals"}


def test_latency_has_every_stage(beir: Path) -> None:
    """Median and 95th percentile, in milliseconds, of each stage and of all together."""
    latency = run_of(beir).latency
    assert list(latency) == ["encode", "lexical", "dense", "fusion", "reading", "total"]
    for median, most in latency.values():
        assert 0 <= median <= most


# The cache


def test_a_folder_is_indexed_once(beir: Path, loads_the_fake: list[FakeEmbedder]) -> None:
    """The second time no passage is encoded, by another model every one; the figures are alike."""
    first, second = run_of(beir), run_of(beir)
    assert [embedder.encoded for embedder in loads_the_fake] == [len(PASSAGES), 0]
    assert [o.scores for o in first.outcomes] == [o.scores for o in second.outcomes]
    run_of(beir, model="other")
    assert loads_the_fake[-1].encoded == len(PASSAGES)


def test_a_changed_passage_is_indexed_again(beir: Path, loads_the_fake: list[FakeEmbedder]) -> None:
    """The cache goes by content: a changed text is found, an unchanged folder elsewhere too."""
    run_of(beir)
    text = (beir / "corpus.jsonl").read_text()
    (beir / "corpus.jsonl").write_text(text.replace("dua kapal", "tiga kapal"))
    outcome = by_id(run_of(beir))["q1"]
    assert "tiga kapal" in outcome.quotes[0]
    # Packed, the same passages are the same.
    (beir / "corpus.jsonl").unlink()
    (beir / "corpus.jsonl.gz").write_bytes(
        gzip.compress(text.replace("dua kapal", "tiga kapal").encode())
    )
    run_of(beir)
    assert [embedder.encoded for embedder in loads_the_fake] == [4, 4, 0]


def test_every_version_is_in_the_name(beir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Model, its version, the segmentation, titles and the code that stems: each makes another."""
    dataset = load_beir(beir)
    keys = [cache_key(dataset, FakeEmbedder(*AXES))]
    keys.append(cache_key(dataset, FakeEmbedder(*AXES, name="other")))
    keys.append(cache_key(dataset, FakeEmbedder(*AXES, version="2")))
    for name in ("SEGMENTATION_VERSION", "LAYOUT"):
        with monkeypatch.context() as patch:
            patch.setattr(f"qa.evaluation.indexing.{name}", "other")
            keys.append(cache_key(dataset, FakeEmbedder(*AXES)))
    with monkeypatch.context() as patch:
        patch.setattr("qa.evaluation.indexing._program", lambda: "other")
        keys.append(cache_key(dataset, FakeEmbedder(*AXES)))
    assert len(set(keys)) == len(keys)
    assert cache_key(load_beir(beir), FakeEmbedder(*AXES)) == keys[0]


def test_no_cache_keeps_nothing(beir: Path, tmp_path: Path) -> None:
    """``cache=False`` leaves no folder behind."""
    run_of(beir, cache=False)
    assert not (tmp_path / "cache").exists()


def test_the_cache_is_bounded(tmp_path: Path) -> None:
    """The corpora used longest ago go first; the one in use stays; half-made ones go in time."""
    for age, name in enumerate(["new", "middle", "old", "making-old"]):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "kutip.db").write_bytes(bytes(1000))
        os.utime(folder, (10**6 * (10 - age),) * 2)
    (tmp_path / "making-now").mkdir()
    prune(tmp_path, 2500, keep=tmp_path / "old")
    assert {folder.name for folder in tmp_path.iterdir()} == {"new", "old", "making-now"}


def test_an_interrupted_indexing_leaves_nothing(beir: Path, tmp_path: Path) -> None:
    """The next one starts afresh instead of measuring half a corpus."""

    def stop(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    dataset = load_beir(beir)
    with (
        pytest.raises(KeyboardInterrupt),
        indexed(dataset, FakeEmbedder(*AXES), cache=tmp_path / "cache", progress=stop),
    ):
        pass
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written(beir: Path, tmp_path: Path) -> None:
    """Said with the remedy."""
    (tmp_path / "file").write_text("")
    dataset = load_beir(beir)
    with (
        pytest.raises(CorpusError, match="--no-cache"),
        indexed(dataset, FakeEmbedder(*AXES), cache=tmp_path / "file" / "cache"),
    ):
        pass


# The user's own corpus


def content(folder: Path) -> dict[str, str]:
    """A hash of every file."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def csv(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "questions.csv"
    path.write_text("\n".join(["question;source;text;answerable", *rows]) + "\n", "utf-8")
    return path


def test_the_users_corpus_is_not_changed(corpus: Path, tmp_path: Path) -> None:
    """Byte for byte the same files, under its own model, another model, and while it is open."""
    questions = csv(tmp_path, "Di mana kapal?;;dua kapal perintis;", "Siapa Zeus?;;;no")
    before = content(corpus)
    for named in ({}, {"model": "other"}):
        run = run_of(questions, corpus=corpus, **named)
        assert run.problems == []
        assert content(corpus) == before
    with Corpus.open(corpus, embedder=FakeEmbedder(*AXES)) as opened:
        opened.put(opened.document(opened.documents()[0].id), "elsewhere.txt")
        generation = opened._store.generation()
        run_of(questions, corpus=corpus)
        assert opened._store.generation() == generation
    with sqlite3.connect(corpus / "kutip.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_was_just_written_is_seen(corpus: Path, tmp_path: Path) -> None:
    """A change that still stands in the log of an open corpus is measured too."""
    with Corpus.open(corpus, embedder=FakeEmbedder(*AXES)) as opened:
        path = tmp_path / "late.txt"
        path.write_text(article("hutan", "Kapal ketiga berlayar ke Melonguane setiap Senin pagi."))
        opened.add(path)
        run = run_of(csv(tmp_path, "Ke mana?;late;Melonguane;"), corpus=corpus)
    assert run.problems == []


def test_no_corpus_is_said_and_not_made(tmp_path: Path) -> None:
    """A path without a corpus gets no empty one."""
    with pytest.raises(CorpusError, match="add FILES"), copied(tmp_path / "nothing"):
        pass
    assert not (tmp_path / "nothing").exists()


def test_the_expected_text_is_found_where_it_stands(corpus: Path, tmp_path: Path) -> None:
    """Marks, dashes and spaces apart; with or without the source, by path, name or stem."""
    questions = csv(
        tmp_path,
        "Berapa kapal?;;“menambah  DUA kapal perintis”;",
        "Di mana beras?;beras.txt;Gudang Bulog di Karawang;ya",
        f"Apa gempa?;{tmp_path / 'news' / 'gempa.txt'};;",
        "Siapa Zeus?;;;tidak",
    )
    run = run_of(questions, corpus=corpus)
    assert run.problems == []
    ship, rice, quake, zeus = run.outcomes
    assert (ship.ranks, rice.ranks, quake.ranks, zeus.ranks) == ([1], [1], [1], [])
    # The right passage is called by the place of the expected text.
    start = SHIP.index("menambah")
    assert ship.hits[0] == f"{tmp_path / 'news' / 'kapal.txt'}:{start}-{start + 27}"
    assert quake.hits[0] == str(tmp_path / "news" / "gempa.txt")
    assert ship.scores["answer@1"] == rice.scores["answer@1"] == quake.scores["answer@1"] == 1.0
    assert ship.wanted.startswith(SHIP[:40])


def test_copies_of_a_story_are_one_thing_looked_for(tmp_path: Path) -> None:
    """Either of two documents that hold the text will do, and it is found once."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text(article("kapal"), "utf-8")
    (news / "b.txt").write_text(article("kapal", POSTSCRIPT), "utf-8")
    with Corpus.open(tmp_path / "corpus", embedder=FakeEmbedder(*AXES)) as opened:
        opened.add(news)
    run = run_of(csv(tmp_path, f"Berapa kapal?;;{SHIP};"), corpus=tmp_path / "corpus")
    (outcome,) = run.outcomes
    assert (outcome.right, outcome.ranks, outcome.scores["R@1"]) == (1, [1], 1.0)


POSTSCRIPT = "Warga Pulau Miangas menyambut kabar itu dengan syukuran di dermaga sejak pagi hari."


def test_two_rows_of_one_question_are_one_question(corpus: Path, tmp_path: Path) -> None:
    """Any of what they expect answers it, it counts once, and that is told by line."""
    path = csv(
        tmp_path,
        "Berapa kapal?;;Gudang Bulog di Karawang;",
        "berapa KAPAL?;;dua kapal perintis;ya",
        "Berapa kapal?;;;tidak",
    )
    run = run_of(path, corpus=corpus)
    (outcome,) = run.outcomes
    assert outcome.scores["R@1"] == outcome.scores["answer@1"] == 1.0
    assert outcome.right == 1
    assert run.left_out == 1
    assert [problem.partition(": ")[2].partition(";")[0] for problem in run.problems] == [
        "the same question as line 2",
        "line 2 asks the same and says the opposite under answerable",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "https://berita.example/2017/beras?page=all",
        "C:\\Users\\Sari\\berita\\beras.txt",
        "/home/sari/berita/BERAS.html",
        "Kabar: beras!",
    ],
)
def test_a_document_is_known_by_an_address_or_an_old_path(tmp_path: Path, source: str) -> None:
    """By the name of the file it ends in, whatever stands before; titles without punctuation."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "beras.txt").write_text(f"Kabar \u201cBeras\u201d\n\n{RICE}", "utf-8")
    with Corpus.open(tmp_path / "corpus", embedder=FakeEmbedder(*AXES)) as opened:
        opened.add(tmp_path / "news")
        path = csv(tmp_path, f"Di mana beras?;{source};Gudang Bulog di Karawang;")
        gold = of_rows(path, read_questions(path), opened)
    assert gold.problems == []
    assert len(gold.items) == 1


def test_how_much_of_a_text_is_there_is_told(corpus: Path, tmp_path: Path) -> None:
    """With the document, and how it goes on."""
    path = csv(tmp_path, "Berapa kapal?;;menambah dua kapal selam;", "Siapa Zeus?;;;tidak")
    (problem,) = run_of(path, corpus=corpus).problems
    assert "kapal.txt has 'menambah dua kapal perintis" in problem


def test_only_what_was_written_down_as_short_is_compared_with_what_is_marked(
    corpus: Path, tmp_path: Path
) -> None:
    """A clause copied from a document cannot be equal to the two words that are marked in it."""
    path = tmp_path / "questions.csv"
    clause, amount = "menambah dua kapal perintis", "dua kapal"
    for header, rest, there in (("text", "", False), ("text,short answer", f",{amount}", True)):
        path.write_text(f"question,{header}\nBerapa kapal?,{clause}{rest}\n", "utf-8")
        scores = run_of(path, corpus=corpus).outcomes[0].scores
        assert ("marked" in scores) is there
        assert "EM" in scores


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Apa?;;kapal selam nuklir;", "nowhere in the corpus: copy it"),
        ("Apa?;nowhere.txt;;", "no document called 'nowhere.txt'"),
        ("Apa?;beras.txt;dua kapal perintis;", "is not in beras.txt but in"),
    ],
)
def test_a_row_that_cannot_be_judged_is_reported_by_line(
    corpus: Path, tmp_path: Path, row: str, said: str
) -> None:
    """Not dropped in silence, and not counted as wrong: the others are measured."""
    run = run_of(csv(tmp_path, row, "Berapa kapal?;;dua kapal perintis;"), corpus=corpus)
    assert [outcome.question for outcome in run.outcomes] == ["Berapa kapal?"]
    (problem,) = run.problems
    assert problem.startswith(f"{tmp_path / 'questions.csv'}:2: ")
    assert said.split(":")[0] in problem
    assert problem.endswith("the question is left out")


def test_if_no_row_is_left_it_is_an_error(corpus: Path, tmp_path: Path) -> None:
    """With every reason."""
    with pytest.raises(DatasetError, match="no question is left to ask") as caught:
        run_of(csv(tmp_path, "Apa?;;kapal selam;"), corpus=corpus)
    assert "questions.csv:2" in str(caught.value)


def test_a_text_that_stands_everywhere_tells_nothing(tmp_path: Path) -> None:
    """More than a handful of documents: give more of it."""
    path = csv(tmp_path, "Apa?;;beras;")
    with MeasuredCorpus.open(tmp_path / "c", embedder=FakeEmbedder(*AXES)) as opened:
        for i in range(MANY + 1):
            (tmp_path / f"{i}.txt").write_text(article("beras", f"Kata penutup nomor {i} di sini."))
            opened.add(tmp_path / f"{i}.txt")
        gold = of_rows(path, read_questions(path), opened)
    assert gold.items == []
    assert f"stands in {MANY + 1} documents" in gold.problems[0]


# Files


def test_every_question_is_a_row_of_a_table(kutip: Kutip, beir: Path, tmp_path: Path) -> None:
    """With its figures, as a spreadsheet reads it; no cell of a document is computed."""
    queries = beir / "queries.jsonl"
    queries.write_text(queries.read_text().replace("Siapa dewa itu?", "=SUM(A1:A9) siapa?"))
    table = tmp_path / "every.csv"
    status, _, _ = kutip("eval", beir, "--table", table)
    assert status == 0
    run = run_of(beir)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(DictReader(file))
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [row["id"] for row in rows] == [outcome.id for outcome in run.outcomes]
    for row, one in zip(rows, run.outcomes, strict=True):
        figures = {name: float(row[name]) for name in one.scores}
        assert figures == pytest.approx(one.scores, abs=1e-5)
        assert all(row[name] == "" for name in {"answer@1", "correct_refusals"} - set(one.scores))
        assert row["first quote"] == (one.quotes[0] if one.quotes else "")
    assert [row["answerable"] for row in rows] == ["yes", "yes", "no"]
    assert [row["rank of the right passage"] for row in rows] == ["1", "1", ""]
    assert rows[2]["question"] == "'=SUM(A1:A9) siapa?"


def test_a_run_of_other_questions_is_no_run_of_these(beir: Path, tmp_path: Path) -> None:
    """Nothing in common is an error; what is missing or too much is told and counted as missed."""
    path = tmp_path / "other.run"
    path.write_text("x1 Q0 ship 1 2.0 t\n")
    with (
        Evaluator(beir) as evaluator,
        pytest.raises(DatasetError, match="none of its questions is asked here"),
    ):
        evaluator.score(path)
    path.write_text("q1 0 ship 1 2.0 t\nx1 Q0 ship 1 2.0 t\n")
    with Evaluator(beir) as evaluator:
        run = evaluator.score(path)
    assert {o.id: o.scores.get("R@1") for o in run.outcomes} == {"q1": 1.0, "q2": 0.0, "q3": None}
    missing, strange = run.problems
    assert "1 of 2 questions are not in it, the first is q2" in missing
    assert "1 of its questions are not asked here, the first is x1" in strange


def test_the_trec_run_is_what_ir_measures_reads(beir: Path, tmp_path: Path) -> None:
    """Read back and measured by ir-measures itself, the figures are those of the run."""
    run = run_of(beir)
    write_trec(run, tmp_path / "my.run")
    lines = (tmp_path / "my.run").read_text().splitlines()
    assert all(len(line.split(" ")) == 6 for line in lines)
    qrels = [ir_measures.Qrel(*row) for row in QRELS]
    measures = [ir_measures.parse_measure(m) for m in ("nDCG@10", "R@1", "R@5", "RR@10", "AP")]
    found = list(ir_measures.read_trec_run(str(tmp_path / "my.run")))  # type: ignore[no-untyped-call]
    read = ir_measures.calc_aggregate(measures, qrels, found)
    for measure, value in read.items():
        assert figures(run.outcomes)[str(measure)].value == pytest.approx(value, abs=1e-4)
    # And so it is when it is given back to be scored.
    with Evaluator(beir) as evaluator:
        scored = evaluator.score(tmp_path / "my.run")
    for name in ("nDCG@10", "R@1", "RR@10", "AP"):
        assert figures(scored.outcomes)[name] == figures(run.outcomes)[name]


def test_what_is_right_can_be_given_to_other_tools(
    kutip: Kutip, beir: Path, corpus: Path, tmp_path: Path
) -> None:
    """Run and qrels of a folder, and of one's own questions, give ir-measures the same figures."""
    questions = tmp_path / "q.csv"
    questions.write_text("question,expected text\nDi mana kapal?,kapal\nBerapa beras?,beras\n")
    for target in ([beir], [questions, "--corpus", corpus]):
        run, qrels = tmp_path / "my.run", tmp_path / "my.qrels"
        status, out, err = kutip("eval", *target, "--json", "--run", run, "--run-qrels", qrels)
        assert status == 0, err
        read = ir_measures.calc_aggregate(
            [ir_measures.parse_measure("nDCG@10"), ir_measures.parse_measure("RR@10")],
            list(ir_measures.read_trec_qrels(str(qrels))),  # type: ignore[no-untyped-call]
            list(ir_measures.read_trec_run(str(run))),  # type: ignore[no-untyped-call]
        )
        for measure, value in read.items():
            told = json.loads(out)["metrics"][str(measure)]["value"]
            assert told == pytest.approx(value, abs=1e-4)


def test_names_with_spaces_in_a_trec_run(tmp_path: Path) -> None:
    """Space becomes %20, equal scores fall strictly."""
    outcome = Outcome(
        "q 1",
        "?",
        "en",
        "other",
        None,
        True,
        {},
        [],
        0,
        ["a b.txt:0-9", "c"],
        hit_scores=[0.5, 0.5],
    )
    write_trec(Run("set", "hybrid", [outcome], 2), tmp_path / "my.run")
    first, second = (line.split() for line in (tmp_path / "my.run").read_text().splitlines())
    assert first[:4] == ["q%201", "Q0", "a%20b.txt:0-9", "1"]
    assert float(first[4]) > float(second[4])


@pytest.mark.parametrize("name", ["run.json", "run.json.gz"])
def test_a_saved_run_is_the_run(beir: Path, tmp_path: Path, name: str) -> None:
    """Every figure can be had again from the file."""
    run = run_of(beir)
    save(run, tmp_path / name)
    again = load(tmp_path / name)
    assert figures(again.outcomes) == pytest.approx(figures(run.outcomes))
    assert again.latency == run.latency
    assert [o.quotes for o in again.outcomes] == [o.quotes for o in run.outcomes]


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "not json", '{"kutip_run": 99, "outcomes": []}',
        '{"kutip_run": 1, "dataset": "x", "setting": "y", "outcomes": [{"id": 3}], "passages": 1}',
        '{"kutip_run": 1, "dataset": "x", "setting": "y", "outcomes": [], "passages": "many"}',
    ],
)  # fmt: skip
def test_what_is_no_saved_run_is_said(tmp_path: Path, text: str) -> None:
    """With the way to make one."""
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(DatasetError, match="--save"):
        load(path)


# Comparing


def outcome(id: str, *, ndcg: float = 1.0, answer: float | None = None, **named: Any) -> Outcome:
    scores = {"nDCG@10": ndcg} | ({} if answer is None else {"answer@any": answer})
    return Outcome(id, id, "en", "other", None, True, scores, [1], 1, [], **named)


def test_wins_losses_and_the_questions_that_changed() -> None:
    """Question by question; those in one run only are counted and left out."""
    a = Run("s", "a", [outcome("1", ndcg=0.2), outcome("2", ndcg=0.9), outcome("3")], 9)
    b = Run("s", "b", [outcome("1", ndcg=1.0), outcome("2", ndcg=0.8), outcome("4")], 9)
    found = compare(a, b)
    difference = found.differences["nDCG@10"]
    assert (difference.a, difference.b, difference.difference) == (0.55, 0.9, 0.35)
    assert (difference.wins, difference.losses, difference.ties) == (1, 1, 0)
    assert (found.questions, found.left_out) == (2, 2)
    assert [(one.a.id, round(one.change, 6)) for one in found.changed] == [("1", 0.8), ("2", -0.1)]


def test_a_saved_run_differs_in_nothing_from_itself(tmp_path: Path) -> None:
    """The digits that a file leaves out are neither wins nor losses, however many there are."""
    run = Run("s", "a", [outcome(str(i), ndcg=1 / 3 + i / 7e3) for i in range(40)], 9)
    save(run, tmp_path / "run.json")
    found = compare(load(tmp_path / "run.json"), run)
    difference = found.differences["nDCG@10"]
    assert (difference.difference, difference.p) == (0.0, 1.0)
    assert (difference.wins, difference.losses, difference.ties) == (0, 0, 40)
    assert not found.changed


def test_an_answer_that_only_one_run_has_is_no_change() -> None:
    """A ranking made elsewhere is compared by its ranking alone."""
    nothing = Outcome("n", "n", "en", "other", None, False, {}, [], 0, [])
    refused = replace(nothing, scores={"correct_refusals": 1.0}, answered=False)
    ranking = Run("s", "a.run", [outcome("1"), outcome("2", ndcg=0.5), nothing], 0)
    asked = Run("s", "b", [outcome("1", answer=1.0), outcome("2", answer=0.0), refused], 9)
    found = compare(ranking, asked)
    assert [(one.a.id, one.change) for one in found.changed] == [("2", 0.5)]
    assert set(found.differences) == {"nDCG@10"}


def test_runs_over_other_questions_cannot_be_compared() -> None:
    """An id alone is not enough: the question must be the same."""
    a = Run("s", "a", [outcome("1")], 9)
    other = Outcome("1", "another", "en", "other", None, True, {}, [], 0, [])
    with pytest.raises(DatasetError, match="no question in common"):
        compare(a, Run("s", "b", [other], 9))


def test_the_worst_are_those_farthest_from_right() -> None:
    """Wrong and sure before wrong and unsure, both before half wrong; the right are left out."""
    found = worst(
        [
            outcome("right", answer=1.0, answered=True, confidence=0.9),
            outcome("half", ndcg=1.0, answer=0.0, answered=True, confidence=0.9),
            outcome("unsure", ndcg=0.0, answer=0.0, answered=True, confidence=0.3),
            outcome("sure", ndcg=0.0, answer=0.0, answered=True, confidence=0.8),
        ],
        3,
    )
    assert [one.id for one in found] == ["sure", "unsure", "half"]


# The command


def test_eval_prints_figures(kutip: Kutip, beir: Path) -> None:
    """Every group of figures, and how long the stages take."""
    status, out, err = kutip("eval", beir)
    assert (status, err) == (0, "")
    for word in ("3 questions, 4 passages, hybrid", "nDCG@10", "answer@1", "risk", "median"):
        assert word in out


def test_eval_json_has_everything(kutip: Kutip, beir: Path) -> None:
    """Figures with intervals in all and by slice, both curves, latency, settings, versions."""
    status, out, _ = kutip("eval", beir, "--json", "--with", "weight=0.5,k=3")
    found = json.loads(out)
    assert status == 0
    assert found["setting"] == "weight=0.5,k=3"
    assert (found["questions"], found["passages"]) == (3, 4)
    assert set(found["metrics"]["nDCG@10"]) == {"value", "low", "high"}
    assert len(found["recall"]) == 100
    assert found["risk_coverage"][-1]["coverage"] == 1.0
    assert set(found["latency"]["total"]) == {"p50", "p95"}
    assert {"by", "value", "questions", "metrics"} == set(found["slices"][0])
    assert found["versions"]["passages read"] == "3"
    assert found["versions"]["weight of the vectors"] == "0.5"
    assert re.fullmatch("[0-9a-f]{12}", found["versions"]["translation table"])


def test_what_is_required_decides_the_exit_status(kutip: Kutip, beir: Path) -> None:
    """As good is good enough, lower where lower is better; what was missed is named."""
    run = run_of(beir)
    value = figures(run.outcomes)["wrong_refusals"].value
    met = ("--require", "R@1=100%", "--require", f"wrong_refusals={value}")
    status, out, err = kutip("eval", beir, "--require", "ndcg@10=0.5", *met)
    assert (status, err) == (0, "")
    status, again, err = kutip("eval", beir, *met, "--require", "correct_refusals=0.999")
    assert status == 1
    assert again.splitlines()[:5] == out.splitlines()[:5]  # the figures are there all the same
    assert err == "kutip: correct_refusals is 0.0 %, and at least 99.9 % is required\n"


@pytest.mark.parametrize(
    ("required", "said"),
    [
        ("nDCG@10", "is no share"),
        ("nDCG@10=1.5", "is no share"),
        ("answer@1=60 percent", "is no share"),
        ("MRR=0.5", "no figure of that name; there are nDCG@10"),
        ("marked_EM=0.5", "these questions say nothing about it"),
    ],
)
def test_what_cannot_be_required_is_said(
    kutip: Kutip, beir: Path, required: str, said: str
) -> None:
    """No status that a script could take for a result."""
    status, _, err = kutip("eval", beir, "--no-answers", "--require", required)
    assert status == 2
    assert said in err


def test_eval_compares_settings_and_files(kutip: Kutip, beir: Path, tmp_path: Path) -> None:
    """Two settings, a saved run with a setting, a TREC run; two saved runs need no questions."""
    saved, trec = tmp_path / "before.json", tmp_path / "my.run"
    assert kutip("eval", beir, "--save", saved, "--run", trec)[0] == 0
    status, out, _ = kutip("eval", beir, "--compare", "lexical", "hybrid")
    assert status == 0
    assert "B less A" in out
    status, out, _ = kutip("eval", beir, "--compare", saved, trec, "--json")
    found = json.loads(out)
    assert found["metrics"]["nDCG@10"]["difference"] == 0.0
    assert found["metrics"]["nDCG@10"]["p"] == 1.0
    assert not found["changed"]  # that a ranking has no answers is no change
    assert "answer@1" not in found["metrics"]
    status, out, _ = kutip("eval", "--compare", saved, saved)
    assert status == 0
    assert "before.json: hybrid" in out


def test_eval_of_the_users_corpus(kutip: Kutip, corpus: Path, tmp_path: Path) -> None:
    """``--corpus`` before or after the verb; what is not found goes to the error output."""
    questions = csv(tmp_path, "Berapa kapal?;;dua kapal perintis;", "Apa?;;kapal selam;")
    for arguments in (
        ("eval", questions, "--corpus", corpus),
        ("--corpus", corpus, "eval", questions),
        ("eval", questions),
    ):
        status, out, err = kutip(*arguments)
        assert status == 0
        assert "1 question (1 left out), 6 passages" in out
        assert "questions.csv:3" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval"], "no questions"),
        (["eval", "nowhere"], "nowhere"),
        (["eval", "BEIR", "--corpus", "CORPUS"], "brings its own corpus"),
        (["eval", "BEIR", "--with", "sparse"], "neither a file nor a setting"),
        (["eval", "--compare", "dense", "lexical"], "which questions?"),
        (["eval", "BEIR", "--compare", "dense", "lexical", "--save", "x"], "leave out --compare"),
        (["eval", "CSV", "--qrels", "x"], "go with a BEIR folder"),
        (["eval", "CSV", "--corpus", "nowhere"], "no corpus there"),
        (["eval", "BEIR", "--save", "no/such/folder/x.json"], "make it first"),
    ],
)
def test_a_wrong_call_is_told_what_to_do(
    kutip: Kutip, beir: Path, corpus: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    """Status 2, one message, nothing on the output."""
    names = {"BEIR": beir, "CORPUS": corpus, "CSV": csv(tmp_path, "Berapa kapal?;;dua kapal;")}
    status, out, err = kutip(*(names.get(word, word) for word in arguments))
    assert (status, out) == (2, "")
    assert said in err


def test_a_report_without_matplotlib_names_the_extra(
    kutip: Kutip, beir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is asked."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, out, err = kutip("eval", beir, "--report", tmp_path / "r.html")
    assert (status, out) == (2, "")
    assert 'pip install "kutip[eval]"' in err
    assert not (tmp_path / "cache").exists()


def test_eval_writes_reports(kutip: Kutip, beir: Path, tmp_path: Path) -> None:
    """Of a run, and of a comparison."""
    pytest.importorskip("matplotlib")
    assert kutip("eval", beir, "--report", tmp_path / "a.html")[0] == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    # Nothing answers this one, and it was answered.
    assert "Siapa dewa itu?" in page
    assert page.count('<article class="question">') >= 1
    assert kutip("eval", beir, "--compare", "k=1", "k=2", "--report", tmp_path / "b.html")[0] == 0
    assert "hybrid,k=2 against hybrid,k=1" in (tmp_path / "b.html").read_text("utf-8")


def test_questions_are_encoded_together(beir: Path) -> None:
    """One call for all of them, and the same vectors as one by one."""
    calls: list[int] = []

    class Counting(FakeEmbedder):
        def encode_words(self, texts: Any, words: Any) -> Any:
            calls.append(len(texts))
            return super().encode_words(texts, words)

    remembering = Remembering(Counting(*AXES, words=True))
    remembering.learn(list(QUESTIONS.values()))
    for text in QUESTIONS.values():
        (found,) = encode_questions(remembering, [text])
        (expected,) = encode_questions(FakeEmbedder(*AXES, words=True), [text])
        assert (found.whole == expected.whole).all()
        assert (found.words == expected.words).all()
    assert calls == [3]


def test_gold_of_a_question_without_qrels(tmp_path: Path) -> None:
    """An answer without a right passage is looked for in all of them."""
    folder = write_beir(tmp_path / "b", PASSAGES, QUESTIONS, [("q1", "ship", 1)])
    (folder / "answers.jsonl").write_text('{"query_id": "q2", "answers": ["Gudang Bulog"]}')
    dataset = load_beir(folder)
    with (
        indexed(dataset, FakeEmbedder(*AXES), cache=None) as place,
        MeasuredCorpus.open(place, embedder=FakeEmbedder(*AXES)) as opened,
    ):
        items = {item.id: item for item in of_dataset(dataset, opened).items}
    assert set(items) == {"q1", "q2"}
    assert set(items["q2"].places) == {"rice", "both"}


def test_a_ranking_as_if_something_were_learnt_is_not_remembered_as_the_corpus_own(
    sample_copy: Path,
) -> None:
    """What is asked after it is ranked as the corpus ranks."""
    text = "Apa kata Jokowi tentang data pribadi?"
    with MeasuredCorpus.open(sample_copy) as corpus:
        before = corpus.search(text)
        question = corpus.understand(text)
        (vectors,) = encode_questions(corpus.embedder, [question.text])
        by_words = corpus.considered(question, vectors, Adapted(Weights(default=0.0)))
        assert [hit.passage for hit in before] != by_words.passages[: len(before)]
        assert corpus.search(text) == before

"""Promises of ``kutip eval --calibrate``: fitted on one's questions, measured, kept, undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize  # type: ignore[import-untyped]

import embeddings
from qa import cli
from qa.answering.abstention import SHIPPED, SIGNALS, Calibration, Signals
from qa.answering.evidence import Evidence
from qa.answering.question import Question, understand
from qa.corpus import Corpus
from qa.errors import CorpusDamaged, DatasetError
from qa.evaluation.calibration import (
    LEAST,
    Case,
    Kind,
    calibrate,
    cross_validated,
    fit,
    put,
    refused,
    regression,
    splits,
)
from qa.evaluation.datasets import read_questions
from qa.evaluation.gold import of_rows
from qa.evaluation.statistics import wilson
from qa.types import Passage
from tests.helpers import QUESTIONS, FakeEmbedder, json_lines, make_document

# A corpus of ships. Each has a sentence of its own, and questions about ships
# that are not there have none.

FIRST = ("Zorb", "Quim", "Fras", "Plon", "Drim")
SHIPS = [one + other for one in FIRST for other in ("lat", "ber", "tol", "kit", "sel")]
ELSEWHERE = ["Vexarn", "Wumbek", "Xilpod", "Yastur"]
BERTHS = "Kapal {} berlabuh di dermaga sebelah utara sejak Senin pagi."
WHERE = "Di mana kapal {} berlabuh?"

Kutip = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kutip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kutip:
    """Runs one command on the corpus in ``tmp_path / "corpus"`` with the fake embedder."""
    monkeypatch.setattr(embeddings, "load", lambda name=None: FakeEmbedder("kapal"))
    monkeypatch.setenv("KUTIP_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("KUTIP_CACHE", str(tmp_path / "cache"))

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:  # argparse
            status = int(stopped.code or 0)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def harbour(open_corpus: Callable[..., Corpus]) -> Corpus:
    corpus = open_corpus(FakeEmbedder("kapal"))
    for number, ship in enumerate(SHIPS):
        corpus.put(make_document(f"d{number}", BERTHS.format(ship)), f"/x/d{number}")
    return corpus


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_questions(tmp_path / "questions.csv", SHIPS, ELSEWHERE)


def write_questions(path: Path, there: Sequence[str], elsewhere: Sequence[str]) -> Path:
    rows = ["question,expected text,answerable"]
    rows += [f"{WHERE.format(ship)},{BERTHS.format(ship)},yes" for ship in there]
    rows += [f"{WHERE.format(ship)},,no" for ship in elsewhere]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def made_up(count: int, *, seed: int = 0, shift: float = 0.0) -> list[Case]:
    """Questions whose similarity says whether they are answered; *shift* moves every similarity."""
    random = np.random.default_rng(seed)
    cases = []
    for question in range(count):
        for kind, middle in ((Kind.RIGHT, 0.6), (Kind.HIDDEN, 0.35)):
            values = np.full(len(SIGNALS), 0.2)
            values[0] = values[1] = middle + shift + 0.1 * random.standard_normal()
            cases.append(Case(question, kind, Signals(*values.tolist())))
    return cases


# Fitting


def test_the_fit_agrees_with_an_independent_solver() -> None:
    """The same penalised likelihood under the same bounds, minimised by scipy's L-BFGS-B."""
    random = np.random.default_rng(3)
    signals = random.random((200, len(SIGNALS)))
    right = random.random(200) < 1 / (1 + np.exp(-(6 * signals[:, 0] - 4 * signals[:, 3] - 1)))
    deviation, bias_deviation = 2.0, 3.0
    weights, bias = regression(signals, right, SHIPPED, deviation)
    signs = np.array([-1.0 if name.endswith("_missing") else 1.0 for name in SIGNALS])
    mean = np.array([*SHIPPED.weights, SHIPPED.bias])
    scale = np.array([deviation] * len(SIGNALS) + [bias_deviation])

    def loss(w: np.ndarray) -> float:
        z = signals @ w[:-1] + w[-1]
        return float(np.sum(np.logaddexp(0, z) - right * z) + np.sum(((w - mean) / scale) ** 2) / 2)

    bounds = [(0, None) if sign > 0 else (None, 0) for sign in signs] + [(None, None)]
    expected = minimize(loss, mean, bounds=bounds, method="L-BFGS-B", tol=1e-12)
    assert loss(np.append(weights, bias)) == pytest.approx(expected.fun, abs=1e-6)
    assert np.append(weights, bias) == pytest.approx(expected.x, abs=1e-2)
    # Coverage speaks against an answer here; it may not.
    assert weights[3] == 0.0


def test_few_questions_move_the_weights_little_and_many_move_them() -> None:
    """The shipped weights count like questions that were seen before."""

    def moved(count: int) -> float:
        weights = fit(made_up(count)).weights
        return float(np.abs(np.array(weights) - SHIPPED.weights).max())

    assert moved(20) < moved(100) < moved(1000)
    assert moved(20) < 1.5


@pytest.mark.parametrize(("lost", "shift"), [(0.02, 0.0), (0.05, -0.3), (0.05, 0.3), (0.2, 0.1)])
def test_the_share_that_was_asked_for_is_lost(lost: float, shift: float) -> None:
    """On new questions of the same kind, wherever their similarities lie."""
    calibration = fit(made_up(400, shift=shift), lost=lost)
    new = made_up(400, seed=1, shift=shift)
    withheld = refused(new, [calibration] * len(new))
    right = np.array([case.kind is Kind.RIGHT for case in new])
    assert abs(withheld[right].mean() - lost) < 0.05
    assert withheld[~right].mean() > withheld[right].mean()


def test_no_question_judges_itself() -> None:
    """Both times that a question is put fall into the same fold, and every case into one."""
    cases = made_up(23)
    measured = []
    for train, test in splits(cases):
        assert not {cases[i].question for i in train} & {cases[i].question for i in test}
        measured += test
    assert sorted(measured) == list(range(len(cases)))


def test_cross_validation_is_fit_without_the_fold() -> None:
    """Threshold and all."""
    cases = made_up(25)
    train, test = splits(cases)[0]
    assert cross_validated(cases)[test[0]] == fit([cases[i] for i in train])


def test_a_silent_speaker_is_refused_whatever_the_threshold() -> None:
    """What a case needs for another reason counts beside the threshold."""
    (case, *_) = made_up(1)
    silent = Case(case.question, case.kind, case.signals, least=float("inf"))
    calibration = Calibration(SHIPPED.weights, SHIPPED.bias, 0.0)
    assert refused([case, silent], [calibration] * 2).tolist() == [False, True]


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 20, 0.0, 0.1611), (10, 20, 0.2993, 0.7007), (20, 20, 0.8389, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_by_hand(hits: int, count: int, low: float, high: float) -> None:
    """The score interval: z² / (n + z²) is the upper end for no hit in n."""
    interval = wilson(hits, count)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)


# Hiding


def test_the_rest_of_a_document_stays_when_a_passage_is_hidden(
    open_corpus: Callable[..., Corpus],
) -> None:
    """Nothing comes from the hidden passage, and what is left is scored without it."""
    corpus = open_corpus(FakeEmbedder("kapal", "beras"))
    more = " ".join(f"Gudang nomor {i} menyimpan beras untuk kapal itu." for i in range(40))
    corpus.put(make_document("long", f"{BERTHS.format('Zorblat')} {more}"), "/x/long")
    corpus.put(make_document("other", BERTHS.format("Quimber")), "/x/other")
    question = understand(WHERE.format("Zorblat"))
    seen = corpus.evidence(question)
    assert seen.candidates[0].text == BERTHS.format("Zorblat")

    def first(passage: Passage) -> bool:
        return (passage.document_id, passage.start) == ("long", 0)

    found = corpus.evidence(question, hidden=first)
    assert not any(first(candidate.passage) for candidate in found.candidates)
    assert {candidate.passage.document_id for candidate in found.candidates} == {"long", "other"}
    # Scores are z-normalised: without the outlier the next best stands out more.
    best = max(c.features.passage for c in seen.candidates if not first(c.passage))
    assert max(c.features.passage for c in found.candidates) > best


def test_a_document_longer_than_the_candidates_hides_nobody_else(harbour: Corpus) -> None:
    """However many passages are hidden, the others are found."""
    for number in range(150):
        text = f"Kapal Zorblat nomor {number} berlabuh."
        harbour.put(make_document(f"z{number}", text), f"/x/z{number}")
    found = harbour.evidence(
        understand(WHERE.format("Zorblat")), hidden=lambda p: p.document_id.startswith("z")
    )
    assert found.candidates


def test_another_article_with_the_same_words_is_hidden_too(
    harbour: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a right answer from there would be learned as one to be refused."""
    told = f"{BERTHS.format('Zorblat')} Dua kapal lain menunggu di luar pelabuhan."
    for name in ("pagi", "sore"):
        harbour.put(make_document(name, told), f"/x/{name}")
    path = tmp_path / "one.csv"
    path.write_text("question,source,text\nDi mana yang lain?,pagi,menunggu di luar pelabuhan\n")
    (item,) = of_rows(path, read_questions(path), harbour).items
    assert set(item.places) == {"pagi"}
    hidden: list[str] = []
    evidence = harbour.evidence

    def noted(question: Question, **named: Any) -> Evidence:
        if hide := named.get("hidden"):
            ids = [document.id for document in harbour.documents()]
            hidden.extend(id for id in ids if hide(Passage(id, 0, len(told))))
        return evidence(question, **named)

    monkeypatch.setattr(harbour, "evidence", noted)
    assert Kind.HIDDEN in [case.kind for case in put(harbour, [item])]
    assert sorted(hidden) == ["pagi", "sore"]


# A corpus's own


def test_calibrating_refuses_more_and_is_remembered(
    harbour: Corpus, questions: Path, kutip: Kutip
) -> None:
    """Every ship that is there is still found, those elsewhere are refused, and so tomorrow."""
    status, out, _ = kutip("eval", questions, "--calibrate")
    assert status == 0
    assert "Of 100 right answers" in out
    assert "stored with the corpus" in out
    own = harbour.calibration()
    assert own.questions == len(SHIPS) + len(ELSEWHERE)
    for ship in ELSEWHERE:
        assert harbour.ask(WHERE.format(ship)).abstained
    assert sum(harbour.ask(WHERE.format(ship)).abstained for ship in SHIPS) <= 2
    harbour.close()
    with Corpus.open(harbour.path, embedder=FakeEmbedder("kapal")) as again:
        assert again.calibration() == own
        assert again.check() == []


def test_the_sample_articles_under_the_bundled_model(sample_copy: Path, tmp_path: Path) -> None:
    """The real thing from end to end: what was fitted is what ``kutip ask`` goes by."""
    asked = {row["_id"]: row["text"] for row in json_lines(QUESTIONS / "queries.jsonl")}
    rows = [
        {
            "question": asked[row["query_id"]],
            "expected text": row["answers"],
            "answerable": row["answerable"],
        }
        for row in json_lines(QUESTIONS / "answers.jsonl")
    ][::3]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with Corpus.open(sample_copy) as corpus:
        gold = of_rows(path, read_questions(path), corpus)
        report = calibrate(corpus, gold, lost=0.2)
        assert report.refused[Kind.RIGHT].calibrated.value <= 0.4
        assert report.unanswered.calibrated.value > report.refused[Kind.RIGHT].calibrated.value
        corpus.calibrate_to(report.calibration)
        own = corpus.calibration()
        for row in rows:
            answer = corpus.ask(str(row["question"]))
            asked_for = corpus.understand(answer.question)
            certainty = corpus.evidence(asked_for).certainty(own)
            assert answer.confidence == pytest.approx(certainty, abs=1e-3)
            assert answer.abstained or answer.confidence >= own.threshold


def test_reset_restores_the_shipped_one(harbour: Corpus, questions: Path, kutip: Kutip) -> None:
    """Confidence and all."""
    before = harbour.ask(WHERE.format("Zorblat")).confidence
    kutip("eval", questions, "--calibrate")
    assert harbour.ask(WHERE.format("Zorblat")).confidence != before
    assert kutip("eval", "--calibrate", "--reset")[:2] == (0, "as shipped\n")
    assert harbour.calibration() == SHIPPED
    assert harbour.ask(WHERE.format("Zorblat")).confidence == before
    assert harbour._store.meta("calibration") is None


def test_measuring_alone_changes_nothing(harbour: Corpus, questions: Path, kutip: Kutip) -> None:
    """--dry-run says what it would store."""
    status, out, _ = kutip("eval", questions, "--calibrate", "--dry-run", "--json")
    assert status == 0
    found = json.loads(out)
    assert found["stored"] is False
    assert set(found["weights"]) == set(SIGNALS)
    assert found["rates"]["right_refused"]["cases"] == len(SHIPS)
    assert found["rates"]["unanswered_refused"]["cases"] == len(SHIPS) + len(ELSEWHERE)
    assert harbour.calibration() == SHIPPED


def test_the_same_questions_give_the_same(harbour: Corpus, questions: Path) -> None:
    """Chance has no part in it."""
    gold = of_rows(questions, read_questions(questions), harbour)
    assert calibrate(harbour, gold) == calibrate(harbour, gold)


def test_too_few_questions_are_refused(harbour: Corpus, tmp_path: Path, kutip: Kutip) -> None:
    """Fewer than it takes is an error that says how many, and what is stored stays."""
    few = write_questions(tmp_path / "few.csv", SHIPS[: LEAST - 1], ELSEWHERE)
    status, _, err = kutip("eval", few, "--calibrate")
    assert status == 2
    assert str(LEAST) in err and str(LEAST - 1) in err
    assert harbour.calibration() == SHIPPED
    with pytest.raises(DatasetError):
        calibrate(harbour, of_rows(few, read_questions(few), harbour))


def test_another_model_is_not_judged_by_it(
    harbour: Corpus, questions: Path, kutip: Kutip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under another model the shipped refusal serves, and ``kutip check`` says so."""
    kutip("eval", questions, "--calibrate")
    harbour.close()
    monkeypatch.setattr(embeddings, "load", lambda name=None: FakeEmbedder("kapal", version="2"))
    status, _, err = kutip("check")
    assert status == 1
    assert "--calibrate --reset" in err
    with Corpus.open(harbour.path, embedder=FakeEmbedder("kapal", version="2")) as corpus:
        assert corpus.calibration() == SHIPPED


def test_eval_says_which_refusal_was_at_work(
    harbour: Corpus, questions: Path, kutip: Kutip
) -> None:
    """Shipped or own, and the threshold, in the JSON of a run."""
    run = json.loads(kutip("eval", questions, "--json")[1])
    assert run["versions"]["refusal"] == "as shipped"
    assert run["threshold"] == SHIPPED.threshold
    kutip("eval", questions, "--calibrate", "--lose", "10%")
    run = json.loads(kutip("eval", questions, "--json")[1])
    assert f"{len(SHIPS) + len(ELSEWHERE)} questions" in run["versions"]["refusal"]
    assert "10 %" in run["versions"]["refusal"]
    assert run["threshold"] == harbour.calibration().threshold


def test_a_folder_is_measured_and_not_stored(harbour: Corpus, tmp_path: Path, kutip: Kutip) -> None:
    """A BEIR folder has a corpus of its own, which nobody asks."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    texts = [{"_id": f"p{i}", "text": BERTHS.format(ship)} for i, ship in enumerate(SHIPS)]
    asked = [{"_id": f"q{i}", "text": WHERE.format(ship)} for i, ship in enumerate(SHIPS)]
    for name, rows in (("corpus", texts), ("queries", asked)):
        lines = "\n".join(map(json.dumps, rows))
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    judged = ["query-id\tcorpus-id\tscore", *(f"q{i}\tp{i}\t1" for i in range(len(SHIPS)))]
    (folder / "qrels" / "test.tsv").write_text("\n".join(judged) + "\n", "utf-8")
    status, out, _ = kutip("eval", folder, "--calibrate")
    assert status == 0
    assert "nothing stored" in out
    assert harbour.calibration() == SHIPPED


@pytest.mark.parametrize(
    "arguments",
    [
        ["--calibrate"],
        ["Q", "--calibrate", "--reset"],
        ["Q", "--calibrate", "--compare", "dense", "lexical"],
        ["Q", "--calibrate", "--with", "dense"],
        ["Q", "--lose", "5"],
        ["Q", "--dry-run"],
        ["Q", "--reset"],
        ["Q", "--calibrate", "--lose", "0"],
        ["Q", "--calibrate", "--lose", "80"],
        ["Q", "--calibrate", "--lose", "five"],
    ],
)
def test_a_wrong_call_changes_nothing(
    harbour: Corpus, questions: Path, kutip: Kutip, arguments: list[str]
) -> None:
    """It is an error, and the refusal stays as it was."""
    status, _, err = kutip("eval", *(questions if a == "Q" else a for a in arguments))
    assert status == 2
    assert err
    assert harbour.calibration() == SHIPPED


# What is stored


def test_what_is_stored_comes_back() -> None:
    """Weights, threshold, what it was fitted to and the model it was measured with."""
    own = Calibration(tuple(0.5 + i for i in range(len(SIGNALS))), -3.0, 0.25, 120, 0.1, "model 1")
    assert Calibration.load(own.dump()) == own


def test_other_signals_fit_no_model() -> None:
    """A version of kutip that looks at other signals does not use the weights."""
    own = json.loads(Calibration(SHIPPED.weights, 0.0, 0.5, 20, 0.05, "model 1").dump())
    own["weights"]["moon"] = 1.0
    assert Calibration.load(json.dumps(own)).pipeline == ""


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"layout": 2}', '{"layout": 1, "weights": 3}', "NAN"]
)
def test_what_cannot_be_read_says_how_to_forget_it(
    harbour: Corpus, kutip: Kutip, text: str
) -> None:
    """Damage, or a newer version's: one error with the remedy, and the remedy works."""
    if text == "NAN":
        text = Calibration(SHIPPED.weights, float("nan"), 0.5, 20).dump()
    with pytest.raises(CorpusDamaged, match="--calibrate --reset"):
        Calibration.load(text)
    harbour._store.set_learned("calibration", text)
    assert kutip("ask", WHERE.format("Zorblat"))[0] == 2
    assert kutip("eval", "--calibrate", "--reset")[0] == 0
    assert kutip("ask", WHERE.format("Zorblat"))[0] == 0

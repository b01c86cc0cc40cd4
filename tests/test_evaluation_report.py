"""Promises of the report: one file, safe with any text, readable by anybody in any browser."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from qa.answering.question import Kind
from qa.evaluation.comparison import compare
from qa.evaluation.running import Outcome, Run

pytest.importorskip("matplotlib")
from qa.chat.measuring import write_page
from qa.chat.wording import TEXTS
from qa.evaluation.report import KINDS, REASONS, write_comparison, write_report
from qa.types import Reason

HOSTILE = (
    "<script>alert(1)</script> “Kapal” <img src=x onerror=alert(2)> </style><b>tebal</b> "
    "&lt;aman&gt; \u202ebalik\u202c \x07 javascript:alert(3) \"' https://evil.example/x"
)


def outcome(i: int, **named: Any) -> Outcome:
    """A question that went well, unless *named* says otherwise."""
    fields: dict[str, Any] = {
        "id": f"q{i}",
        "question": f"Pertanyaan {i}?",
        "language": "id" if i % 2 else "en",
        "kind": "other",
        "document_language": "id",
        "answerable": True,
        "scores": {
            "nDCG@10": 1.0, "R@1": 1.0, "R@5": 1.0, "R@10": 1.0, "R@100": 1.0, "RR@10": 1.0,
            "AP": 1.0, "answer@1": 1.0, "answer@any": 1.0, "coverage": 1.0, "wrong_refusals": 0.0,
        },
        "ranks": [1],
        "right": 1,
        "hits": [f"p{i}"],
        "answered": True,
        "correct": True,
        "confidence": 0.9,
        "quotes": [f"Jawaban {i}."],
        "expected": [f"Jawaban {i}."],
        "passages": [f"Teks. Jawaban {i}."],
        "wanted": f"Teks. Jawaban {i}.",
    }  # fmt: skip
    return Outcome(**(fields | named))


def wrong(i: int, **named: Any) -> Outcome:
    """A question whose passage was found tenth and not quoted."""
    scores = outcome(i).scores | {"nDCG@10": 0.3, "R@1": 0.0, "answer@1": 0.0, "answer@any": 0.0}
    return outcome(i, **({"scores": scores, "ranks": [10], "correct": False} | named))


def unanswerable(i: int, *, answered: bool) -> Outcome:
    return outcome(
        i,
        answerable=False,
        scores={"coverage": float(answered), "correct_refusals": float(not answered)},
        ranks=[],
        right=0,
        answered=answered,
        correct=False,
        confidence=0.4,
        expected=[],
        quotes=["Bukan jawaban."] if answered else [],
        reason=None if answered else "nothing_close",
        wanted="",
    )


@pytest.fixture
def run() -> Run:
    """A run with good, bad and hostile questions."""
    hostile = wrong(
        7,
        id=HOSTILE,
        question=HOSTILE,
        hits=[HOSTILE],
        quotes=[HOSTILE],
        expected=[HOSTILE, "Kapal"],
        passages=[HOSTILE * 20],
        wanted=HOSTILE,
        reason=HOSTILE,
        language=HOSTILE,
        kind=HOSTILE,
        document_language=HOSTILE,
    )
    outcomes = [outcome(i) for i in range(6)] + [
        hostile,
        wrong(8, answered=False, reason="nothing_close", quotes=[]),
        unanswerable(9, answered=True),
        unanswerable(10, answered=False),
    ]
    return Run(
        dataset=HOSTILE,
        setting="hybrid",
        outcomes=outcomes,
        passages=10,
        versions={HOSTILE: HOSTILE},
        latency={"total": [1.0, 2.0]},
        problems=[HOSTILE],
        made="2026-11-22T12:00:00+00:00",
        seconds=3.0,
    )


class Elements(HTMLParser):
    """Every element with its attributes, and every piece of text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(params=["run", "comparison", "run in Indonesian", "comparison in Indonesian"])
def page(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> str:
    """The page of a run, and that of a comparison, all with hostile text in every field."""
    path = tmp_path / "report.html"
    other = [wrong(i) if i < 3 else one for i, one in enumerate(run.outcomes)]
    b = Run(HOSTILE, HOSTILE, other, 10, versions={HOSTILE: HOSTILE})
    compared = compare(run, b, permutations=100)
    if request.param.endswith("Indonesian"):
        write_page(run if request.param.startswith("run") else compared, path, "id")
    elif request.param == "run":
        write_report(run, path)
    else:
        write_comparison(compared, path)
    return path.read_text("utf-8")


def test_hostile_text_stays_text(page: str) -> None:
    """No element or attribute comes out of a document, and all of its characters are to be read."""
    read = Elements(page)
    tags = {tag for tag, _ in read.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base", "a"}
    # Where the page itself sets off questions, that is all.
    assert all(dict(found).get("dir") == "auto" for tag, found in read.elements if tag == "b")
    names = {name for _, attributes in read.elements for name in attributes}
    assert not any(name.startswith("on") for name in names)
    assert not names & {"style", "src", "srcset", "action", "formaction"}
    text = " ".join("".join(read.texts).split())
    assert "<script>alert(1)</script> “Kapal” <img src=x onerror=alert(2)>" in text
    assert "&lt;aman&gt;" in text
    # What would turn the text around it stays as a mark.
    assert not set("\u202e\u202c\x07") & set(page)
    assert "\N{REPLACEMENT CHARACTER}balik" in page


def test_no_link_leads_anywhere(page: str) -> None:
    """No address of another host but in the text, and a policy that would forbid to follow it."""
    for _, attributes in Elements(page).elements:
        for name, value in attributes.items():
            if name in ("href", "src", "xlink:href"):
                assert (value or "").startswith("#")
    outside_of_text = re.sub(r">[^<]*<", "><", page.replace(HOSTILE, ""))
    assert "//" not in re.sub(r'aria-label="[^"]*"', "", outside_of_text)
    assert "url(" not in re.sub(r"url\(#", "", outside_of_text)
    assert "@import" not in page


def test_the_policy_lets_nothing_in(page: str) -> None:
    """Nothing may load or run but the one style sheet, known by its hash."""
    ((policy, style),) = re.findall(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">.*?<style>(.*?)</style>',
        page,
        re.DOTALL,
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_page_says_what_a_person_wants_to_know(run: Run, tmp_path: Path) -> None:
    """The outcome in words, each figure with its interval and meaning, the worst questions."""
    write_report(run, tmp_path / "r.html")
    text = " ".join(" ".join(Elements((tmp_path / "r.html").read_text("utf-8")).texts).split())
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Of the 8 questions that have an answer in the documents, Kutip quoted it for 75" in text
    assert "Of the 2 questions that nothing in the documents answers, it refused 50 %;" in text
    assert "Right passage among the first ten 100.0 %" in text
    assert "Rightly refused" in text
    assert "The 3 worst questions" in text
    assert "answered, though nothing answers it" in text
    assert "another sentence quoted; right passage at rank 10" in text
    assert "refused; right passage at rank 10" in text
    assert "nothing close enough was found" in text
    assert "Remarks on the questions" in text
    assert "Pertanyaan 1?" not in text


def test_what_was_expected_is_marked_where_it_stands(tmp_path: Path) -> None:
    """In the passages found and in what was looked for; what was quoted instead is marked too."""
    one = wrong(
        1,
        expected=["“Kapal itu laut”"],
        wanted="Ia berkata: kapal  itu\nlaut.",
        quotes=["Beras naik."],
        passages=["Beras naik. Kapal itu laut."],
    )
    write_report(Run("s", "hybrid", [one], 1), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<mark>kapal  itu\nlaut</mark>" in page
    assert '<mark class="quoted">Beras naik</mark>. <mark>Kapal itu laut</mark>' in page


def test_a_long_passage_is_cut_around_what_is_marked(tmp_path: Path) -> None:
    """The mark is in sight, whatever stands before it."""
    text = "awal " * 1000 + "Jawaban di sini. " + "akhir " * 1000
    one = wrong(1, expected=["Jawaban di sini"], passages=[text], wanted=text)
    write_report(Run("s", "hybrid", [one], 1), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.count("<mark>Jawaban di sini</mark>") == 2
    assert page.count("awal") < 200


@pytest.mark.parametrize("outcomes", [[], [outcome(1)], [unanswerable(1, answered=False)]])
def test_small_runs_have_pages_too(tmp_path: Path, outcomes: list[Outcome]) -> None:
    """Nothing asked, nothing wrong, nothing answerable: a page, and no error."""
    write_report(Run("s", "hybrid", outcomes, 0), tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "worst question" not in text
    assert "fewer than thirty questions" in text


def test_every_kind_of_question_has_a_word() -> None:
    """In the page, and in both languages of the chat; only "other" is a word already."""
    kinds = {kind.value for kind in Kind}
    assert set(KINDS) == kinds - {"other"}
    for language in ("en", "id"):
        assert all(f"value_{kind}" in TEXTS[language] for kind in kinds)


def test_every_reason_to_refuse_has_words() -> None:
    """In the page, and in both languages of the chat."""
    reasons = {reason.value for reason in Reason}
    assert reasons <= set(REASONS)
    for language in ("en", "id"):
        assert all(f"reason_{reason}" in TEXTS[language] for reason in reasons)


@pytest.mark.parametrize("language", ["en", "id", None])
def test_a_curve_that_only_one_run_has_is_told_whose_it_is(
    tmp_path: Path, language: str | None
) -> None:
    """Beside a ranking made elsewhere, the risk is B's: its colour, and its name."""
    ranking = outcome(1, scores={"nDCG@10": 0.5}, answered=None, correct=None, confidence=None)
    a, b = Run("s", "my.run", [ranking], 0), Run("s", "hybrid", [outcome(1)], 7)
    path = tmp_path / "r.html"
    if language is None:
        write_comparison(compare(a, b, permutations=20), path)
    else:
        write_page(compare(a, b, permutations=20), path, language)
    recall, risk = re.findall(r'<svg [^>]*class="plot".*?</svg>', path.read_text("utf-8"), re.S)
    # A's lines have a class of their own, and B's another.
    for plot, labels in ((recall, {"A", "B"}), (risk, {"B"})):
        colours = {"A": "stroke-line", "B": "stroke-other"}
        assert set(re.findall(r'class="(stroke-line|stroke-other)"', plot)) == {
            colours[label] for label in labels
        }
        assert set(re.findall(r">\s*([AB])\s*</text>", plot)) == labels


def test_a_ranking_alone_has_a_page(tmp_path: Path) -> None:
    """A run without answers shows ranking figures at the top."""
    one = outcome(
        1, scores={"nDCG@10": 0.5, "R@10": 1.0, "R@1": 0.0}, answered=None, correct=None,
        confidence=None, quotes=[],
    )  # fmt: skip
    write_report(Run("s", "my.run", [one], 0), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Ranking quality (nDCG@10)" in page
    assert "Risk and coverage" not in page


# In a real browser

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium to drive")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


def test_the_page_in_a_browser(chromium: Any, page: str, tmp_path: Path) -> None:
    """From a file, on a phone, light and dark: styled, nothing loaded, nothing run, nothing cut."""
    (tmp_path / "report.html").write_text(page, "utf-8")
    for scheme in ("light", "dark"):
        shown = chromium.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        shown.set_default_timeout(30_000)
        trouble: list[str] = []
        shown.on("console", lambda message: trouble.append(message.text))  # noqa: B023

        def dismiss(dialog: Any, trouble: list[str] = trouble) -> None:
            trouble.append("dialog")
            dialog.dismiss()

        shown.on("dialog", dismiss)
        asked: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))  # noqa: B023
        shown.goto((tmp_path / "report.html").as_uri())
        assert trouble == []
        assert len(asked) == 1
        # The style sheet is in force: a policy with a wrong hash would leave the page bare.
        background = shown.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 23, 42)"}[scheme]
        stroke = "getComputedStyle(document.querySelector('.plot .stroke-line')).stroke"
        assert (
            shown.evaluate(stroke)
            == {"light": "rgb(15, 118, 110)", "dark": "rgb(45, 212, 191)"}[scheme]
        )
        # Wide tables scroll by themselves; the page does not.
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
        shown.close()

"""Promises of the chat: what is drawn is inert, proven and readable, without a browser.

``tests/test_browser.py`` keeps the promises that need one.
"""

from __future__ import annotations

import html
import re
import socket
import string
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from qa.answering import texts
from qa.answering.following import Turn as Said
from qa.chat import drawing, excerpts
from qa.chat.asking import Desk
from qa.chat.conversation import TURNS, Asked, Conversation, Turn, finished, step
from qa.chat.language import language_of
from qa.chat.said_tab import Voices
from qa.chat.timeline import Wanted, timeline
from qa.chat.wording import TEXTS, say
from qa.corpus import Corpus
from qa.errors import BadFilter, DocumentNotFound, KutipError, UnreadableFile
from qa.types import (
    Answer,
    Citation,
    Coverage,
    Document,
    Filter,
    FilterKey,
    Hit,
    Passage,
    Proof,
    Reason,
    Span,
    Standing,
    Statement,
)
from tests.helpers import make_document

QUOTE = "Kapal tidak boleh menunggu ombak tenang."
TEXT = (
    "Judul berita\n\n"
    "Pelabuhan Ambon ramai sejak pagi. Ratusan penumpang antre di dermaga lama.\n\n"
    "ADVERTISEMENT\n\n"
    f"Kepala pelabuhan punya jawaban. {QUOTE} Begitu katanya kepada wartawan.\n\n"
    "Baca juga: Harga ikan naik\n\n"
    "Jadwal baru berlaku mulai Senin."
)
START = TEXT.index(QUOTE)


def span_of(part: str) -> Span:
    return Span(TEXT.index(part), TEXT.index(part) + len(part))


DOCUMENT = Document(
    id="d1",
    title="Ambon menunggu <ombak>",
    text=TEXT,
    source="berita/ambon.txt",
    outlet="Warta & Laut",
    published=date(2021, 11, 16),
    language="id",
    furniture=(span_of("ADVERTISEMENT"), span_of("Baca juga: Harga ikan naik")),
)
CITATION = Citation(
    n=1,
    document_id="d1",
    title=DOCUMENT.title,
    source=DOCUMENT.source,
    outlet=DOCUMENT.outlet,
    published=DOCUMENT.published,
    start=START,
    end=START + len(QUOTE),
    quote=QUOTE,
    speaker="Yosefa Latu",
    page=3,
)
ORIGIN = "Warta & Laut, 16 November 2021"
COVERAGE = Coverage(7, 21, date(2020, 1, 5), date(2021, 11, 16))
ANSWER = Answer(
    question="What about the waves?",
    language="en",
    text=f"Yosefa Latu: {QUOTE} [1]",
    citations=(CITATION,),
    confidence=0.826,
    abstained=False,
    reason=None,
    coverage=COVERAGE,
)
ABSTENTION = replace(
    ANSWER,
    text="The documents do not say.",
    citations=(),
    abstained=True,
    reason=Reason.NOTHING_CLOSE,
    nearest=(Hit(Passage("d1", span_of("Jadwal").start, len(TEXT)), 0.4, 1),),
)


class Shelf:
    """A corpus of given documents whose answer is decided beforehand."""

    def __init__(
        self,
        *documents: Document,
        answer: Answer | Exception = ANSWER,
        said: Sequence[Statement] = (),
    ) -> None:
        self.said = said
        self.path = Path("nowhere")
        self.held = {document.id: document for document in documents}
        self.answer = answer
        self.asked: list[tuple[str, set[str]]] = []
        self.previous: list[list[str]] = []  # the questions before each

    def document(self, id: str) -> Document:
        if id not in self.held:
            raise DocumentNotFound(f"{id}: no such document")
        return self.held[id]

    def proof(self, quote: str, place: Any) -> Proof:
        return Proof(Standing.FOUND, Standing.FOUND, False, None)

    def documents(self) -> list[Any]:
        return [
            SimpleNamespace(id=d.id, source=d.source, title=d.title, published=d.published)
            for d in self.held.values()
        ]

    def statements(self, **wanted: Any) -> list[Statement]:
        return list(self.said)

    def coverage(self) -> Coverage:
        return COVERAGE

    def ask(
        self,
        question: str,
        *,
        without: Collection[str] = (),
        documents: Collection[str] = (),
        previous: Sequence[Said] = (),
        tell: Callable[[str], None] | None = None,
    ) -> Answer:
        self.asked.append((question, set(without)))
        self.previous.append([turn.question for turn in previous])
        if isinstance(self.answer, Exception):
            raise self.answer
        for stage in ("understand", "encode", "retrieve", "read", "cite"):
            if tell:
                tell(stage)
        return self.answer


def shelf(*documents: Document, answer: Answer | Exception = ANSWER) -> Any:
    """Typed as anything, so that it may stand in for a ``Corpus``."""
    return Shelf(*documents, answer=answer)


def visible(markup: str) -> str:
    """What a reader sees of *markup*."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


class Tags(HTMLParser):
    """What an independent parser finds in some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value for name, value in attrs if name in ("href", "src")}


# Escaping


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> **bold** [x](http://evil.example) "
    "![y](http://evil.example/y.png) $$\\frac{1}{2}$$ `code` http://evil.example a@b.example "
    '# heading\n\n- item\n> quote\n&lt;b&gt; __i18n__{"key":"x"} ${value} {{x}} | a | b |'
)


def test_escaped_text_holds_no_sign_that_could_be_markup() -> None:
    """Escaped text is letters, spaces and numeric references, nothing else of ASCII."""
    escaped = drawing.escape(HOSTILE)
    rest = re.sub(r"&#\d+;", "", escaped)
    assert not set(rest) & set(string.punctuation)
    assert html.unescape(escaped) == HOSTILE


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf"])))
def test_escaping_keeps_every_visible_character(text: str) -> None:
    """What a reader sees is what the document says, character for character."""
    assert html.unescape(drawing.escape(text)) == text


@given(st.text(alphabet=st.sampled_from("ab <>*_[]()!`#$\\|~-+.:/@&;\n\"'=0{}")))
def test_markdown_finds_nothing_to_do(text: str) -> None:
    """An independent Markdown parser sees one plain run of text in any escaped text."""
    parser = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table"])
    tokens = parser.parse("x" + drawing.escape(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}


def test_direction_overrides_become_visible() -> None:
    """A quote cannot be made to read backwards: bidi controls show as a replacement sign."""
    assert (
        drawing.escape("aman \u202emaret\u202c\u2066x\x00") == "aman \ufffdmaret\ufffd\ufffdx\ufffd"
    )


# The text around a quote


def test_the_context_is_the_paragraph_without_furniture() -> None:
    """The quote stands in its paragraph; advertisements shrink to one ellipsis each."""
    pieces = excerpts.around(DOCUMENT, Span(CITATION.start, CITATION.end))
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("text", TEXT[: TEXT.index("\n\nADVERTISEMENT")]),
        ("gap", ""),
        ("text", "\n\nKepala pelabuhan punya jawaban. "),
        ("quote", QUOTE),
        ("text", " Begitu katanya kepada wartawan."),
        ("gap", ""),
        ("text", "\n\nJadwal baru berlaku mulai Senin."),
    ]


def test_a_narrow_context_is_cut_between_sentences() -> None:
    """Cuts fall between sentences where one ends within reach, and leave an ellipsis."""
    plain = replace(DOCUMENT, furniture=())
    pieces = excerpts.around(plain, Span(CITATION.start, CITATION.end), width=45)
    # 45 characters back lie inside "ADVERTISEMENT", 45 forward inside "Baca juga".
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("gap", ""),
        ("text", "Kepala pelabuhan punya jawaban. "),
        ("quote", QUOTE),
        ("text", " Begitu katanya kepada wartawan."),
        ("gap", ""),
    ]


def test_a_context_without_sentence_ends_is_cut_between_words() -> None:
    """No word is cut in half."""
    text = "kata " * 30 + "INTI" + " kata" * 30
    long = replace(DOCUMENT, text=text, furniture=())
    pieces = excerpts.around(long, Span(150, 154), width=12)
    assert [piece.text for piece in pieces] == ["", "kata kata ", "INTI", " kata kata", ""]


def test_a_quote_that_is_the_whole_article_has_no_ellipsis() -> None:
    """Nothing is left out where there is nothing."""
    short = replace(DOCUMENT, text=QUOTE, furniture=())
    assert excerpts.around(short, Span(0, len(QUOTE))) == [excerpts.Piece("quote", QUOTE)]


def test_a_context_starts_with_a_word() -> None:
    """After the ellipsis at the top comes text, not an empty line."""
    text = "MENU\n\nKalimat pertama. Kalimat kedua."
    document = replace(DOCUMENT, text=text, furniture=(Span(0, 4),))
    pieces = excerpts.around(document, Span(23, 37))
    assert [piece.text for piece in pieces] == ["", "Kalimat pertama. ", "Kalimat kedua."]


@st.composite
def documents_with_a_quote(draw: st.DrawFn) -> tuple[Document, Span]:
    text = draw(st.text(alphabet="ab .\n", min_size=1, max_size=200))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=6, max_size=6)))
    before, quote, after = (Span(cuts[i], cuts[i + 1]) for i in (0, 2, 4))
    return replace(DOCUMENT, text=text, furniture=(before, after)), quote


@given(documents_with_a_quote())
def test_an_opened_article_is_the_whole_text(case: tuple[Document, Span]) -> None:
    """The pieces of an article join to its text, with the quote and the furniture in place."""
    document, span = case
    pieces = excerpts.whole(document, span)
    assert "".join(piece.text for piece in pieces) == document.text
    assert [p.text for p in pieces if p.kind == "quote"] == [span.of(document.text)]


@given(documents_with_a_quote(), st.integers(0, 60))
def test_the_context_is_verbatim_and_near(case: tuple[Document, Span], width: int) -> None:
    """Around any quote only text of the document is shown, and at most *width* either side."""
    document, span = case
    pieces = excerpts.around(document, span, width)
    at = next(i for i, piece in enumerate(pieces) if piece.kind == "quote")
    assert pieces[at].text == span.of(document.text)
    assert all(piece.text in document.text for piece in pieces)
    for side in (pieces[:at], pieces[at + 1 :]):
        assert sum(len(piece.text) for piece in side) <= width


def test_a_huge_article_is_cut_around_the_quote() -> None:
    """An article of any size opens with at most ``ARTICLE`` characters."""
    huge = replace(DOCUMENT, text="a" * 200_000 + QUOTE + "b" * 200_000, furniture=())
    pieces = excerpts.whole(huge, Span(200_000, 200_000 + len(QUOTE)))
    assert [piece.kind for piece in pieces] == ["gap", "text", "quote", "text", "gap"]
    assert sum(len(piece.text) for piece in pieces) <= excerpts.ARTICLE


# Cards and answers


def test_a_card_says_where_the_quote_stands() -> None:
    """Title, outlet, date, page, speaker, file and the highlighted quote are all on the card."""
    drawn = drawing.card(CITATION, DOCUMENT, turn=4, language="id")
    assert f"<mark>{drawing.escape(QUOTE)}</mark>" in drawn
    assert 'id="kutip-4-1"' in drawn
    seen = visible(drawn)
    for fact in (
        "Ambon menunggu <ombak>",
        "Warta & Laut · 16 November 2021 · hlm. 3",
        "Penutur Yosefa Latu",
        "ambon.txt",
        "Buka artikel",
    ):
        assert fact in seen
    context, article = drawn.split("<details>")
    assert "ADVERTISEMENT" not in visible(context)
    assert '<span class="kutip-furniture">ADVERTISEMENT</span>' in article


def test_everything_on_a_card_is_escaped() -> None:
    """No field of a document reaches the page as markup."""
    text = f"{HOSTILE}. {QUOTE} {HOSTILE}"
    start = text.index(QUOTE)
    hostile = replace(
        DOCUMENT, text=text, title=HOSTILE, source=HOSTILE, outlet=HOSTILE, language='"><b>',
        furniture=(),
    )  # fmt: skip
    citation = replace(
        CITATION,
        title=HOSTILE,
        source=HOSTILE,
        outlet=HOSTILE,
        speaker=HOSTILE,
        start=start,
        end=start + len(QUOTE),
    )
    drawn = drawing.card(citation, hostile, turn=1, language="en") + drawing.near_card(
        Hit(Passage("d1", 0, len(text)), 1.0, 1), hostile, "en"
    )
    tags = Tags()
    tags.feed(drawn)
    expected = "a article blockquote button details div h3 header mark p span summary"
    assert tags.names <= set(expected.split())
    named = "class data-done data-text href id lang tabindex title type"
    assert tags.attributes <= set(named.split())
    assert tags.links == {"#kutip-1"}


def test_the_answer_links_each_mark_to_its_card() -> None:
    """``[1]`` in the text becomes a link to card 1; who published it, and when, stands below."""
    (paragraph,) = drawing.paragraphs(ANSWER, [CITATION], turn=2)
    assert 'href="#kutip-2-1"' in paragraph
    assert visible(paragraph) == f"Yosefa Latu: {QUOTE} 1 {ORIGIN}"


def test_sources_are_named_once_under_what_they_say() -> None:
    """Two marks of one article are one line, two of two are two; markup in them is none."""
    other = replace(CITATION, n=2, outlet=HOSTILE, published=None)
    answer = replace(
        ANSWER,
        text=f"{QUOTE} [1] {QUOTE} [2] {QUOTE} [3]",
        citations=(CITATION, other, replace(CITATION, n=3)),
    )
    (paragraph,) = drawing.paragraphs(answer, answer.citations, turn=1)
    below = paragraph.split('<span class="kutip-origin">')[1:]
    assert [visible(one).strip() for one in below] == [ORIGIN, f"{drawing.plain(HOSTILE)}, no date"]


def test_an_answer_is_copied_with_its_sources() -> None:
    """The question and every quote that is proven with where it stands, each a paragraph."""
    seen = drawing.view(ANSWER, shelf(DOCUMENT), 1)
    assert seen.references == (drawing.reference(CITATION, DOCUMENT, ANSWER.language),)
    turn = finished(Asked(ANSWER.question), ANSWER, seen, "id")
    found = re.search(
        r'class="kutip-copy">[^<]*</button><span hidden>([^<]*)<', str(turn.messages[1].content)
    )
    assert found
    copied = html.unescape(found[1])
    assert copied == f"{ANSWER.question}\n\n{seen.references[0]}"
    silent = replace(ANSWER, citations=(), abstained=True)
    seen = drawing.view(silent, shelf(DOCUMENT), 1)
    assert "kutip-copy" not in str(finished(Asked("?"), silent, seen, "id").messages[1].content)


def test_a_mark_inside_a_quote_is_not_a_citation() -> None:
    """A document that prints "[1]" cannot borrow the authority of a card."""
    quote = "Menurut catatan [1] kapal aman."
    citation = replace(CITATION, quote=quote)
    answer = replace(ANSWER, text=f"{quote} [1]", citations=(citation,))
    (paragraph,) = drawing.paragraphs(answer, [citation], turn=1)
    assert paragraph.count("<a ") == 1
    assert visible(paragraph) == f"Menurut catatan [1] kapal aman. 1 {ORIGIN}"


def test_a_quote_that_spans_lines_stays_in_one_paragraph() -> None:
    """Line ends within a quote are the document's, not the answer's."""
    quote = "Baris satu\n\nbaris dua."
    citation = replace(CITATION, quote=quote)
    answer = replace(ANSWER, text=f"{quote} [1]\n\nLain.", citations=(citation,))
    first, second = drawing.paragraphs(answer, [citation], turn=1)
    assert visible(first) == f"{quote} 1 {ORIGIN}"
    assert visible(second) == "Lain."


def test_an_unproven_quote_is_not_shown() -> None:
    """A quote that no longer stands in its document vanishes with its sentence, and it is said."""
    changed = replace(DOCUMENT, text=TEXT.replace("ombak", "badai"))
    for corpus in (shelf(changed), shelf()):
        seen = drawing.view(ANSWER, corpus, turn=1)
        assert QUOTE not in visible(seen.bubble() + seen.panel)
        assert "kutip-card" not in seen.panel
        assert TEXTS["en"]["unverified"] in visible(seen.bubble())


def test_a_quote_from_furniture_is_not_shown() -> None:
    """Page furniture is never quoted, whatever a citation says."""
    span = DOCUMENT.furniture[1]
    citation = replace(CITATION, start=span.start, end=span.end, quote=span.of(TEXT))
    answer = replace(ANSWER, text=f"{citation.quote} [1]", citations=(citation,))
    seen = drawing.view(answer, shelf(DOCUMENT), turn=1)
    assert citation.quote not in visible(seen.bubble())


def test_an_answer_carries_its_coverage() -> None:
    """Each answer says what was searched."""
    seen = visible(drawing.view(ANSWER, shelf(DOCUMENT), turn=1).bubble())
    assert "7 documents" in seen
    assert "16 November 2021" in seen


def test_how_long_an_answer_took_is_within_reach() -> None:
    """Opened, the line about what was searched says what each stage took."""
    timed = replace(ANSWER, timings={"encode": 3.2, "read": 9.7, "total": 12.9})
    bubble = drawing.view(timed, shelf(DOCUMENT), turn=1).bubble()
    line, rest = bubble.split("<summary>")[1].split("</summary>")
    stages = rest.split("</details>")[0]
    assert "7 documents" in visible(line)
    assert visible(stages) == "0.01 s: encoding 3 ms · reading 10 ms"


def test_a_long_conversation_lets_old_sources_go() -> None:
    """Sources hold whole articles: the newest stay, and every answer and message does."""
    talk = Conversation()
    for number in range(TURNS + 3):
        asked = Asked(f"{number}?")
        talk = talk.plus(Turn(asked, (step("x"),), f"<section>{number}</section>", ANSWER))
        talk = talk.plus(Turn(asked, (step("failed"),)))
    kept = range(3, TURNS + 3)
    assert talk.panels == [f"<section>{number}</section>" for number in kept]
    assert len(talk.answers) == TURNS + 3
    assert len(talk.messages) == 2 * (TURNS + 3)
    assert len(talk.said) == TURNS


def test_an_abstention_looks_different_and_says_what_was_searched() -> None:
    """Another frame, a badge, the reason, the coverage; near passages under their own heading."""
    seen = drawing.view(ABSTENTION, shelf(DOCUMENT), turn=1)
    assert "kutip-abstained" in seen.bubble()
    assert "kutip-abstained" not in drawing.view(ANSWER, shelf(DOCUMENT), turn=1).bubble()
    text = visible(seen.bubble())
    assert "Not in the documents" in text
    assert "The documents do not say." in text
    assert "7 documents" in text
    assert "not an answer" in visible(seen.panel)
    assert "Jadwal baru berlaku mulai Senin." in visible(seen.panel)
    assert "<mark>" not in seen.panel
    assert "<a " not in seen.panel


SPEAKER = Filter(FilterKey.SPEAKER, "Yosefa Latu", "Yosefa Latu", restricts=False)
SINCE = Filter(FilterKey.DATE, "2019", "since 2019", since=date(2019, 1, 1))
UNTIL = Filter(FilterKey.DATE, "2020", "before:2020", typed=True, until=date(2019, 12, 31))


def test_what_was_understood_is_seen_above_the_answer() -> None:
    """One chip for each kind, in the answer's language; what restricts looks and reads so."""
    answer = replace(ANSWER, language="id", understood=(SPEAKER, SINCE, UNTIL))
    bubble = drawing.view(answer, shelf(DOCUMENT), turn=2).bubble(0)
    limit, noted = bubble.split("<li")[1:]
    assert "kutip-limit" in limit
    assert "kutip-noted" in noted
    since = "terbit sejak 1 Januari 2019; terbit sampai 31 Desember 2019"
    assert f"Hanya ditelusuri: {since}" in visible(limit)
    assert "Diutamakan: dikatakan Yosefa Latu" in visible(noted)
    assert 'href="#kutip-2-without-date"' in limit
    assert "Tanya lagi tanpa: tanggal" in visible(limit)


def test_what_was_left_out_can_be_put_back() -> None:
    """A chip says what the question was asked without."""
    bubble = drawing.view(ANSWER, shelf(DOCUMENT), 3, {FilterKey.DATE}).bubble(0)
    assert "kutip-left-out" in bubble
    assert "Left out: date" in visible(bubble)
    assert "Ask again with: date" in visible(bubble)
    assert "kutip-chip" not in drawing.view(ANSWER, shelf(DOCUMENT), 3).bubble(0)


def test_a_chip_is_escaped() -> None:
    """What a question names is as hostile as any other text."""
    named = [Filter(key, HOSTILE, HOSTILE) for key in FilterKey if key is not FilterKey.DATE]
    tags = Tags()
    tags.feed(drawing.chips(replace(ANSWER, understood=tuple(named)), (), 1))
    assert tags.names == {"ul", "li", "span", "a"}
    assert tags.attributes == {"class", "href", "role", "title"}
    assert tags.links == {f"#kutip-1-without-{one.key}" for one in named}


def test_an_abstention_because_of_filters_says_how_to_go_on() -> None:
    """Nothing within the limits is not "not in the documents"; filters alone are no question."""
    abstained = replace(ABSTENTION, understood=(SINCE,), nearest=())
    out = replace(abstained, reason=Reason.FILTERED_OUT, coverage=Coverage(0, 0, None, None))
    text = visible(drawing.view(out, shelf(DOCUMENT), turn=1).bubble())
    assert "Nothing within these limits" in text
    assert "Take a limit away" in text
    assert "Searched 0 documents" in text
    missing = replace(abstained, reason=Reason.NAME_MISSING)
    assert "Not named in the documents" in visible(
        drawing.view(missing, shelf(DOCUMENT), 1).bubble()
    )
    empty = replace(abstained, reason=Reason.EMPTY_QUESTION)
    text = visible(drawing.view(empty, shelf(DOCUMENT), turn=1).bubble())
    assert "No question yet" in text
    assert "Add what you want to know" in text
    assert "Searched" not in text.replace("Searched only", "")


def test_an_empty_corpus_points_to_the_documents_tab() -> None:
    """In the chat, the remedy is a tab of the page and not a command."""
    empty = replace(
        ABSTENTION, text="Add some with: kutip add", reason=Reason.EMPTY_CORPUS, nearest=()
    )
    text = visible(drawing.view(empty, shelf(), turn=1).bubble())
    assert "Add some under Documents" in text
    assert "kutip add" not in text


def test_a_bubble_is_one_line() -> None:
    """Markdown takes a block of HTML up to the first empty line: there is none."""
    answer = replace(
        ANSWER, text=f"Satu.\n\n{QUOTE} [1]\n\nDua.", question="a\n\nb", citations=(CITATION,)
    )
    assert "\n" not in drawing.view(answer, shelf(DOCUMENT), turn=1).bubble()


def test_earlier_sources_stay_within_reach() -> None:
    """The newest answer's sources come first; the others wait in a closed section."""
    drawn = drawing.panel(["<section>1</section>", "<section>2</section>"], "en")
    newest, earlier = drawn.split('<details class="kutip-earlier">')
    assert "2" in newest
    assert "1" in earlier


# Who said what


def said(part: str, home: str = "d1", speaker: str | None = "Yosefa Latu") -> Statement:
    return Statement(home, span_of(part), speaker, None, part == QUOTE, None)


def drawn_timeline(
    *found: Statement, most: int = 25, since: date | None = None, **changed: Any
) -> tuple[str, int]:
    """The timeline of *found* in an article of 2021, an older and an undated one."""
    document = replace(DOCUMENT, **changed)
    old = replace(document, id="old", published=date(2019, 9, 10), outlet="Koran Lama")
    undated = replace(document, id="undated", published=None, source="aaa.txt")
    corpus = Shelf(document, old, undated, said=found)
    wanted = Wanted(speaker="Yosefa", since=since)
    return timeline(corpus, wanted, "en", most)  # type: ignore[arg-type]


def test_statements_stand_in_the_order_of_time() -> None:
    """The oldest first, those without a date last; direct speech is in quotation marks."""
    html, left = drawn_timeline(
        said("Jadwal baru berlaku", "undated", None), said(QUOTE), said("Kepala pelabuhan", "old")
    )
    assert left == 0
    lines = [visible(line.split("</summary>")[0]) for line in html.split("<summary>")[1:]]
    lines = [line for line in lines if "Open the article" not in line]
    assert lines == [
        "10 September 2019 · Koran Lama Yosefa Latu Kepala pelabuhan",
        f"16 November 2021 · Warta & Laut Yosefa Latu “{QUOTE}”",
        "no date · Warta & Laut Speaker not named Jadwal baru berlaku",
    ]
    assert "3 statements, the oldest first" in visible(html)


def test_a_statement_opens_to_its_source_card() -> None:
    """The card has the statement lit in its paragraph, and nothing of an answer."""
    html, _ = drawn_timeline(said(QUOTE))
    card = html.split('<article class="kutip-card">')[1]
    assert f"<mark>{drawing.escape(QUOTE)}</mark>" in card
    assert "Kepala pelabuhan punya jawaban." in visible(card)
    assert "kutip-n" not in card
    assert " id=" not in card


def test_a_statement_that_does_not_stand_is_not_shown() -> None:
    """Page furniture is nobody's statement, and a document removed meanwhile has none."""
    html, _ = drawn_timeline(said("Baca juga"), said(QUOTE, "gone"))
    assert "kutip-card" not in html


def test_a_span_of_time_says_what_has_no_date() -> None:
    """An article without a date is in no span; that it is left out is said, also with nothing."""
    for found in ((), (said(QUOTE),)):
        assert "left out: 1." in visible(drawn_timeline(*found, since=date(2020, 1, 1))[0])
        assert "left out" not in visible(drawn_timeline(*found)[0])


def test_a_long_timeline_is_shown_in_parts() -> None:
    """Only so many are drawn, and it is known how many are left."""
    html, left = drawn_timeline(said(QUOTE), said(QUOTE, "old"), said(QUOTE, "undated"), most=2)
    assert (html.count("kutip-card"), left) == (2, 1)


def test_everything_in_a_timeline_is_escaped() -> None:
    """No field of a document or statement reaches the page as markup."""
    start = len(HOSTILE)
    statement = Statement("d1", Span(0, start), HOSTILE, HOSTILE, True, HOSTILE)
    html, _ = drawn_timeline(
        statement, text=HOSTILE, title=HOSTILE, outlet=HOSTILE, language='"><b>', furniture=()
    )
    tags = Tags()
    tags.feed(html)
    expected = "article b blockquote button details div h2 h3 header li mark ol p span summary"
    assert tags.names == set(expected.split())
    named = "class data-done data-text lang role tabindex title type"
    assert tags.attributes <= set(named.split())


def look(speaker: str, about: str, since: str, until: str) -> tuple[str, Any, int]:
    request: Any = SimpleNamespace(headers={})
    return Voices(shelf(DOCUMENT)).look(speaker, about, since, until, request)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (("", " ", "", ""), "Choose a speaker in the table"),
        (("Merkel", "", "", ""), "No such statement. Documents searched: 1."),
        (("", "", "lusa<b>", ""), "“lusa<b>” is no date"),
        (("", "", "2020", "2019-09"), "first date lies after the last"),
        (("x" * 2_001, "", "", ""), "the limit is 2,000"),
    ],
)
def test_a_timeline_without_statements_says_why(
    written: tuple[str, str, str, str], told: str
) -> None:
    """Nothing asked for, nothing found, or what cannot be read."""
    html, _, _ = look(*written)
    assert told in visible(html)
    assert "<b>" not in html


def test_dates_reach_to_the_end_of_what_was_written() -> None:
    """The words "To 2019" have the whole year in it."""
    wanted = Wanted.read(" Joko  Widodo ", "", "2019-09", "2019", "en")
    assert wanted == Wanted("Joko Widodo", None, date(2019, 9, 1), date(2019, 12, 31))


def test_who_is_chosen_in_the_table_says_as_much_as_it_tells(
    open_corpus: Callable[..., Corpus],
) -> None:
    """A name that was typed can mean others too; one that was chosen there means that one."""
    corpus = open_corpus()
    for id, said in (
        ("d1", '"Pelabuhan itu sudah siap," kata Gubernur Yosefa Latu di Ambon.'),
        ("d2", '"Kapal itu sangat kecil," kata nelayan Latu di Seram.'),
    ):
        corpus.put(make_document(id, said, title=id), f"/x/{id}")
    assert sorted(one.name for one in corpus.speakers()) == ["Latu", "Yosefa Latu"]
    for name, typed in (("Latu", 2), ("Yosefa Latu", 2)):
        for chosen, count in (("", typed), (name, 1)):
            wanted = Wanted.read(name, "", "", "", "en", chosen=chosen)
            html, _ = timeline(corpus, wanted, "en", 10)
            assert html.count("<li>") == count


def test_statements_are_of_one_outlet_if_asked(sample_corpus: Corpus) -> None:
    """Chosen from the outlets that there are; alone, or with a speaker."""
    listed = {d.id: d.outlet for d in sample_corpus.documents()}
    assert "LAYANG" in sample_corpus.outlets()
    for wanted in (Wanted(outlet="LAYANG"), Wanted("Retno Marsudi", outlet="LAYANG")):
        html, _ = timeline(sample_corpus, wanted, "en", 100)
        said = sample_corpus.statements(speaker=wanted.speaker, outlet="LAYANG")
        assert 0 < len(said) < len(sample_corpus.statements(speaker=wanted.speaker))
        assert {listed[s.document_id] for s in said} == {"LAYANG"}
        assert html.count("<li>") == len(said)
    request: Any = SimpleNamespace(headers={})
    html, *_ = Voices(sample_corpus).look("", "", "", "", request, "Monsoon Courier")
    assert "LAYANG" not in html
    assert "Monsoon" in html


# Events


def play(desk: Desk, question: str, talk: Conversation | None = None) -> list[Any]:
    request: Any = SimpleNamespace(headers={"accept-language": "id-ID,id;q=0.9"})
    return list(desk.respond(question, talk or Conversation(), request))


def test_an_answer_arrives_in_steps() -> None:
    """First what is being done, then the answer; the box is emptied at once."""
    steps = play(Desk(shelf(DOCUMENT)), "  Bagaimana ombaknya?  ")
    chats = [step[1] for step in steps]
    assert steps[0][0].value == ""
    assert [chat[-1].metadata["title"] for chat in chats[:4]] == [
        TEXTS["id"]["understanding"],
        "Menelusuri 7 dokumen…",
        TEXTS["id"]["reading"],
        TEXTS["id"]["checking"],
    ]
    assert all(chat[-1].metadata["status"] == "pending" for chat in chats[:4])
    assert not any((message.metadata or {}).get("title") for message in chats[-1])
    assert QUOTE in visible(chats[-1][-1].content)
    assert visible(chats[-1][0].content).startswith("Bagaimana ombaknya?")
    talk = steps[-1][3]
    assert len(talk.turns) == 1
    assert len(play(Desk(shelf(DOCUMENT)), "Lagi?", talk)[-1][3].messages) == 4


def test_a_search_that_takes_long_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the corpus is busy with a question there are steps to stop at, which change nothing."""
    monkeypatch.setattr("qa.chat.asking.PULSE", 0.01)
    corpus, free = shelf(DOCUMENT), threading.Event()
    ask = corpus.ask
    monkeypatch.setattr(corpus, "ask", lambda *_, **named: free.wait(30) and ask(*_, **named))
    request: Any = SimpleNamespace(headers={})
    steps = Desk(corpus).respond("Bagaimana ombaknya?", Conversation(), request)
    next(steps)
    assert all("value" not in output for output in next(steps))
    free.set()
    assert QUOTE in visible(list(steps)[-1][1][-1].content)


def test_what_a_corpus_is_doing_is_told(sample_corpus: Corpus) -> None:
    """Every stage by its name in the timings of the answer, when it is over."""
    told: list[str] = []
    answer = sample_corpus.ask("What did Jokowi say about data protection?", tell=told.append)
    assert told == [stage for stage in answer.timings if stage != "total"]
    assert {"understand", "retrieve", "read"} <= set(told)


@pytest.mark.parametrize("question", ["", "   ", "a" * 2_001])
def test_an_empty_or_endless_question_is_not_asked(
    question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user is told, the chat stays as it was, and the question stays in the box.

    Of a box with nothing in it there is nothing to tell: Enter was pressed twice.
    """
    told: list[str] = []
    monkeypatch.setattr("gradio.Warning", lambda message, **_: told.append(message))
    (step,) = play(Desk(shelf(answer=AssertionError("asked"))), question)
    assert all("value" not in output for output in step)
    words = "Pertanyaan ini 2.001 karakter" if question.strip() else "Silakan"
    assert [message.startswith(words) for message in told] == [True] * bool(question)


def test_an_error_of_the_corpus_is_told_in_its_own_words() -> None:
    """Errors meant for users are shown; the conversation goes on."""
    desk = Desk(shelf(answer=KutipError("corpus/kutip.db: busy; try again")))
    last = play(desk, "Apa kabar?")[-1]
    assert "corpus/kutip.db: busy; try again" in visible(last[1][-1].content)
    assert len(last[3].turns) == 1


def test_a_filter_that_cannot_be_read_is_told_and_can_be_put_right() -> None:
    """The message says what to write, and the question is back in the box."""
    desk = Desk(shelf(answer=BadFilter("after:lusa: lusa is no date; write after:2019")))
    last = play(desk, "Apa kabar? after:lusa")[-1]
    text = visible(last[1][-1].content)
    assert TEXTS["id"]["bad_filter"] in text
    assert "lusa is no date" in text
    assert "sejak:2019" in text
    assert last[0].value == "Apa kabar? after:lusa"


def press(desk: Desk, talk: Conversation, chip: object) -> list[Any]:
    request: Any = SimpleNamespace(headers={})
    return list(desk.switch(talk, gr.EventData(None, chip), request))


def test_a_chip_asks_its_question_again_without_its_kind() -> None:
    """Pressed once it leaves a kind out, in the next answer it brings it back."""
    corpus = shelf(DOCUMENT)
    desk = Desk(corpus)
    talk = play(desk, "Sejak 2019?")[-1][3]
    talk = play(desk, "Lain?", talk)[-1][3]
    talk = press(desk, talk, "#kutip-1-without-date")[-1][3]
    talk = press(desk, talk, "#kutip-3-without-speaker")[-1][3]
    talk = press(desk, talk, "#kutip-4-without-date")[-1][3]
    assert corpus.asked == [
        ("Sejak 2019?", set()),
        ("Lain?", set()),
        ("Sejak 2019?", {"date"}),
        ("Sejak 2019?", {"date", "speaker"}),
        ("Sejak 2019?", {"speaker"}),
    ]
    assert "kutip-5" in talk.messages[-1].content


def test_a_question_can_be_edited_and_asked_once_more() -> None:
    """The pencil puts it into the box; retrying replaces the last answer, filters as they were."""
    corpus = shelf(DOCUMENT)
    desk = Desk(corpus)
    talk = play(desk, "Apa *ini*?")[-1][3]
    (step,) = press(desk, talk, "#kutip-1-edit")
    assert step[0] == "Apa *ini*?"
    talk = press(desk, talk, "#kutip-1-without-date")[-1][3]
    request: Any = SimpleNamespace(headers={})
    last = list(desk.retry(talk, request))[-1]
    assert corpus.asked[-2:] == [("Apa *ini*?", {"date"})] * 2
    assert len(last[3].turns) == 2
    assert last[1] == last[3].messages
    assert "kutip-2" in last[1][-1].content
    (step,) = list(desk.retry(Conversation(), request))
    assert all("value" not in output for output in step)


@pytest.mark.parametrize(
    "chip",
    [
        "#kutip-2-edit",
        "#kutip-2-without-date",
        "#kutip-0-without-date",
        "#kutip-1-without-x",
        None,
        {},
    ],
)
def test_a_chip_that_there_is_not_does_nothing(chip: object) -> None:
    """What a browser sends is not trusted."""
    desk = Desk(shelf(DOCUMENT))
    talk = play(desk, "Sejak 2019?")[-1][3]
    (step,) = press(desk, talk, chip)
    assert all("value" not in output for output in step)


def test_an_unexpected_error_shows_no_trace() -> None:
    """Insides go to the log, never to the page."""
    desk = Desk(shelf(answer=RuntimeError("secret insides")))
    text = visible(play(desk, "Apa kabar?")[-1][1][-1].content)
    assert "secret" not in text
    assert TEXTS["id"]["unexpected"] in text


def test_an_error_message_is_escaped() -> None:
    """A file name in an error is as hostile as any other text."""
    drawn = drawing.explain(UnreadableFile("<img src=x>.pdf", "broken", "save it again"), "en")
    assert "<img" not in drawn
    assert "<img src=x>.pdf: broken; save it again" in visible(drawn)


# Texts


def test_both_languages_say_everything() -> None:
    """Every text exists in English and Indonesian, with the same blanks to fill."""
    assert TEXTS["en"].keys() == TEXTS["id"].keys()
    for key, english in TEXTS["en"].items():
        blanks = [
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for text in (english, TEXTS["id"][key])
        ]
        assert blanks[0] == blanks[1], key


def test_every_refusal_has_a_badge_and_a_reason_of_its_own() -> None:
    """In the chat and among the questions that were measured."""
    badges = [say("en", f"no_answer_{one}") for one in Reason if one is not Reason.NOTHING_CLOSE]
    reasons = [say("id", f"reason_{one}") for one in Reason]
    assert len({*badges, say("en", "no_answer")}) == len(set(reasons)) == len(Reason)


def test_one_is_no_plural() -> None:
    """ "1 document", not "1 documents"."""
    assert say("en", "holds", n=1, dates="") == "1 document"
    assert say("en", "holds", n=2, dates="") == "2 documents"
    assert say("id", "found_questions", n="1") == "1 pertanyaan"


def test_numbers_are_written_as_the_language_writes_them() -> None:
    """Groups of three digits; a year and a page are no quantities."""
    assert say("en", "holds", n=3463, dates="") == "3,463 documents"
    assert say("id", "list_found", n=1000, total=3463) == "Dokumen: 1.000 dari 3.463"
    assert texts.coverage(Coverage(3463, 15504, None, None), "id") == (
        "Ditelusuri: 3.463 dokumen, 15.504 bagian."
    )
    asked = Filter(FilterKey.DATE, "2017", "2017", False, False, date(2017, 1, 1))
    for until, shown in ((2017, "2017"), (2018, "2017 – 2018")):
        assert texts.label(replace(asked, until=date(until, 12, 31)), "en") == shown


@pytest.mark.parametrize(
    ("header", "language"),
    [("id-ID,id;q=0.9,en;q=0.8", "id"), ("en-GB,id;q=0.5", "en"), ("fr,id", "en"), ("", "en")],
)
def test_the_interface_follows_the_browser(header: str, language: str) -> None:
    """The first language of the browser decides; English where we do not speak it."""
    assert language_of({"accept-language": header}) == language


# Start


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=Path(app.__file__).parent,
    )


def test_importing_the_app_is_light_and_silent() -> None:
    """No PyTorch, no model, no network: ``import app`` only draws on Gradio."""
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import app\n"
        "heavy = {'torch', 'faiss', 'onnxruntime', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_the_page_answers_soon(tmp_path: Path) -> None:
    """From ``import app`` to the served page: 3 s of work (4 allowed on a busy machine)."""
    code = (
        "import sys, time, urllib.request\n"
        "import app\n"
        "from qa.corpus import Corpus\n"
        "page = app.start(Corpus.open(sys.argv[1]), port=int(sys.argv[2]))\n"
        "assert b'Kutip' in urllib.request.urlopen(page.local_url, timeout=60).read()\n"
        "print(time.process_time())\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = run(code, str(tmp_path / "corpus"), str(port))
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[0]) < 4.0


def test_threads_are_limited_while_there_are_no_others(tmp_path: Path) -> None:
    """Before the server listens: later, a module that is just loaded could stop everything."""
    code = (
        "import sys\n"
        "import app, gradio\n"
        "from qa.corpus import Corpus\n"
        "from threadpoolctl import threadpool_info, threadpool_limits\n"
        "def launch(page, **given):\n"
        "    blas = [one for one in threadpool_info() if one['user_api'] == 'blas']\n"
        "    print(sorted({one['num_threads'] for one in blas}))\n"
        "gradio.Blocks.launch = launch\n"
        "app.warm_up = lambda corpus: None\n"
        "threadpool_limits(2, user_api='blas')\n"
        "app.start(Corpus.open(sys.argv[1]))\n"
    )
    done = run(code, str(tmp_path / "corpus"))
    assert done.stdout == "[1]\n", done.stderr


def test_a_taken_port_is_said_plainly() -> None:
    """The message names the address and the remedy."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(KutipError, match=f"127.0.0.1:{port}: cannot listen there"):
            app.start(shelf(DOCUMENT), port=port)

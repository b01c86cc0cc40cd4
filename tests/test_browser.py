"""Promises of the chat that only a real browser can keep or break.

The real app, the real model, the sample articles, and Chromium. Every test
fails if the page asks any host but loopback for anything, logs an error to the
console, or opens a dialog.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import app
from qa.answering.generation import Endpoint
from qa.chat import said_tab
from qa.chat.asking import Desk
from qa.chat.timeline import timeline
from qa.corpus import Corpus
from qa.dossier.record import check, read
from qa.types import Answer, FilterKey

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
Page = Any  # Playwright's types are there only where Playwright is

ARTICLES = Path(__file__).parent.parent / "seeds" / "articles"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    # Gradio leaves sockets and loops to the collector when it closes.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    # Gradio 6.31 calls pandas in ways that pandas 4 will drop.
    pytest.mark.filterwarnings("ignore:::gradio"),
    pytest.mark.usefixtures("collected"),
]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000  # ms; the machine may be busy
expect.set_options(timeout=PATIENCE)

# Ambon is in none of the sample articles.
HOSTILE = """\
Pelabuhan **Ambon** <img src="http://evil.example/t.png" onerror="alert(1)"> dibuka lagi

Kepala pelabuhan Ambon mengatakan kapal perintis <script>alert('x')</script> berlayar lagi \
setiap Senin ![gambar](http://evil.example/i.png) dan [tiket](http://evil.example/) dijual \
seharga **lima puluh ribu** rupiah $$x^2$$ <iframe src="http://evil.example/"></iframe> di \
loket \u202eutama.

<svg onload="alert(2)"></svg> Penumpang dari Pulau Seram menyambut kapal perintis itu dengan \
tarian <a href="javascript:alert(3)">di dermaga</a> lama pelabuhan Ambon.
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The sample articles, to be changed by these tests only."""
    with Corpus.open(tmp_path_factory.mktemp("browser") / "corpus") as opened:
        opened.add(ARTICLES)
        yield opened


@pytest.fixture(scope="module")
def url(corpus: Corpus) -> Iterator[str]:
    port = free_port()
    page = app.start(corpus, port=port)
    yield f"http://127.0.0.1:{port}/"
    page.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        # Where tests guard a change, a missing browser must not look like a pass.
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium to drive")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Whom the pages of a visitor ask for anything, and what goes wrong on them.

    ``test_the_watch_misses_no_request`` says what it sees.
    """

    def __init__(self) -> None:
        self.hosts: set[str | None] = set()
        self.trouble: list[str] = []

    def over(self, context: Any) -> None:
        """Begin, before the first page: with every page, frame, popup and worker there will be."""
        context.on("request", lambda request: self._note(request.url))
        context.on("page", lambda page: page.on("websocket", lambda one: self._note(one.url)))
        context.on("dialog", self._refuse)
        context.on("weberror", lambda error: self.trouble.append(str(error.error)))
        context.on(
            "console",
            lambda message: self.trouble.append(message.text) if message.type == "error" else None,
        )

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob"):
            self.hosts.add(parts.hostname)

    def _refuse(self, dialog: Any) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def check(self) -> None:
        # A page that is left stops what it still asks for, which Gradio's script reports.
        left = ("AbortError", "Connection errored out")
        assert not [one for one in self.trouble if not any(words in one for words in left)]
        assert self.hosts == {"127.0.0.1"}


@pytest.fixture
def visit(chromium: Any, url: str) -> Iterator[Callable[..., Page]]:
    """Opens the page for a visitor; at the end checks that nothing untoward happened.

    *script*: runs before those of the page; *ready*: wait until the page is filled.
    """
    contexts: list[Any] = []
    watch = Watch()

    def open_page(
        locale: str = "en-US",
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        script: str = "",
        ready: bool = True,
        **named: Any,
    ) -> Page:
        context = chromium.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            **named,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        context.add_init_script(script)
        page = context.new_page()
        page.goto(url)
        if ready:
            page.wait_for_selector("#header h1")
            page.wait_for_selector("#chat .example, #chat .placeholder")
        return page

    yield open_page
    for context in contexts:
        context.close()
    watch.check()


# Every way in which a page can ask another host for something, each a host of its own.
ASKING = """() => {
  new Image().src = 'http://image.example/';
  fetch('http://fetch.example/').catch(() => 0);
  new WebSocket('ws://socket.example/');
  new EventSource('http://events.example/');
  navigator.sendBeacon('http://beacon.example/', 'x');
  document.head.insertAdjacentHTML('beforeend', `
    <link rel="stylesheet" href="http://style.example/">
    <link rel="prefetch" href="http://prefetch.example/">
    <style>#asking { background: url(http://background.example/) }</style>`);
  document.body.insertAdjacentHTML('beforeend', `
    <p id="asking">x</p><iframe src="http://frame.example/"></iframe>
    <video src="http://video.example/"></video><object data="http://object.example/"></object>`);
  const script = document.createElement('script');
  script.src = 'http://script.example/';
  document.head.append(script);
  new Worker(URL.createObjectURL(new Blob(["fetch('http://worker.example/').catch(() => 0)"])));
  window.open('http://popup.example/');
}"""


def test_the_watch_misses_no_request(chromium: Any, url: str) -> None:
    """Were the wall of ``LocalOnly`` away, whatever asks another host would fail these tests."""
    watch = Watch()
    context = chromium.new_context(bypass_csp=True)
    watch.over(context)
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#header h1")
    assert watch.hosts == {"127.0.0.1"}
    page.evaluate(ASKING)
    wanted = set(re.findall(r"\w+\.example", ASKING))
    for _ in range(PATIENCE // 50):
        if watch.hosts >= wanted:
            break
        page.wait_for_timeout(50)
    context.close()
    assert watch.hosts == wanted | {"127.0.0.1"}
    with pytest.raises(AssertionError):
        watch.check()


def ask(page: Page, question: str) -> Page:
    """Ask, wait for the whole answer, and return its bubble."""
    before = page.locator(".kutip-facts").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    expect(page.locator(".kutip-facts")).to_have_count(before + 1, timeout=PATIENCE)
    expect(page.locator("#question button.stop-button")).to_have_count(0, timeout=PATIENCE)
    return page.locator("#chat .kutip-answer").last


def kept(page: Page) -> None:
    """Wait until the conversation is kept, which its address then says."""
    page.wait_for_url(re.compile("talk=[0-9a-f]{16}"))


def fits(page: Page, width: int) -> None:
    """Wait until nothing sticks out of a page of that width, in pixels."""
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def note(page: Page, selector: str) -> None:
    """From now on the page notes whether *selector* is ever there, however briefly: ``noted``."""
    page.evaluate(
        """selector => {
          window.noted = window.noted || new Set();
          const look = () => document.querySelector(selector) && window.noted.add(selector);
          new MutationObserver(look).observe(
            document, {attributes: true, childList: true, subtree: true});
          look();
        }""",
        selector,
    )


def noted(page: Page, selector: str) -> None:
    page.wait_for_function("selector => window.noted.has(selector)", arg=selector)


def words(text: str) -> str:
    return " ".join(text.split())


def test_an_english_question_is_answered_from_an_indonesian_article(
    visit: Callable[..., Page],
) -> None:
    """The answer is a quote with a mark; beside it a card shows the quote lit in its context."""
    page = visit()
    answer = ask(page, "What did Jokowi say about data protection?")
    expect(answer.locator("a.kutip-n").first).to_have_text("1")
    card = page.locator("#kutip-1-1")
    expect(card).to_contain_text("Jokowi Minta Perlindungan Data Pribadi")
    expect(card).to_contain_text("27 April 2018")
    quote = words(card.locator("blockquote mark").inner_text())
    assert "perlindungan data pribadi" in quote
    assert quote in words(answer.inner_text())
    assert quote in words((ARTICLES / "jokowi-keamanan-siber-asean.txt").read_text("utf-8"))
    # The context is more than the quote, and free of page furniture.
    context = words(card.locator("blockquote").inner_text())
    assert len(context) > len(quote) + 50
    assert "ADVERTISEMENT" not in context


# The page hears that its question about data protection is being answered when the test lets it.
HOLD = """{
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const reply = await fetched(...asked);
    if (String(asked[0]).includes('/queue/join') && asked[1].body.includes('data protection'))
      await new Promise(free => { window.free = free; });
    return reply;
  };
}"""


def test_a_question_asked_as_the_page_opens_leaves_the_box(
    visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though all of its answer comes before the page knows what it belongs to."""
    answered = threading.Event()
    respond, head = Desk.respond, Desk.head

    def responding(*values: Any, **named: Any) -> Iterator[Any]:
        yield from respond(*values, **named)
        answered.set()

    def heading(*values: Any) -> str:
        # What comes to a page comes in order: with the header, the answer is there too.
        assert answered.wait(PATIENCE / 1000)
        return head(*values)

    monkeypatch.setattr(Desk, "respond", responding)
    monkeypatch.setattr(Desk, "head", heading)
    page = visit(script=HOLD, ready=False)
    page.fill("#question textarea", "What did Jokowi say about data protection?")
    page.keyboard.press("Enter")
    expect(page.locator("#header h1")).to_be_visible()
    page.wait_for_function("'free' in window")
    expect(page.locator("#question textarea")).to_have_value(re.compile("data protection"))
    page.evaluate("window.free()")
    expect(page.locator(".kutip-facts")).to_have_count(1)
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator("#question button.submit-button")).to_be_visible()


def test_a_question_asked_while_an_answer_comes_is_asked_then(
    visit: Callable[..., Page], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is dropped, and none is asked twice, though Enter is pressed twice."""
    free = threading.Event()
    answer = corpus.ask

    def slowly(*values: Any, **named: Any) -> Answer:
        assert free.wait(PATIENCE / 1000)
        return answer(*values, **named)

    monkeypatch.setattr(corpus, "ask", slowly)
    page = visit()
    box = page.locator("#question textarea")
    page.fill("#question textarea", "What did Jokowi say about data protection?")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#question button.stop-button")).to_be_visible()
    expect(box).to_have_value("")
    page.fill("#question textarea", "Apa kepanjangan Whoosh?")
    page.keyboard.press("Enter")
    free.set()
    expect(page.locator(".kutip-facts")).to_have_count(2)
    expect(page.locator("#kutip-2-1")).to_contain_text("Whoosh")
    expect(box).to_have_value("")
    expect(page.locator("#question button.submit-button")).to_be_visible()
    expect(page.locator(".kutip-facts")).to_have_count(2)
    expect(page.get_by_text("Please type a question.")).to_have_count(0)


def test_a_click_is_heard_while_the_one_before_it_ends(
    visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer is there before Gradio has heard of its end; its switches work, each once."""
    free, stoppable = threading.Event(), Desk._stoppable

    @contextmanager
    def ending(*values: Any) -> Iterator[Any]:
        with stoppable(*values) as stop:
            yield stop
            assert free.wait(PATIENCE / 1000)

    page = visit()
    ask(page, "Apa kata Jokowi tentang perlindungan data sejak 2019?")
    facts, switch = page.locator(".kutip-facts"), page.locator("#chat a.kutip-switch[href$=date]")
    monkeypatch.setattr(Desk, "_stoppable", ending)
    try:
        switch.last.dblclick()
        expect(facts).to_have_count(2)
        switch.last.click()
    finally:
        free.set()
    expect(facts).to_have_count(3)
    expect(page.locator("#question button.submit-button")).to_be_visible()
    expect(facts).to_have_count(3)


def test_every_speaker_that_is_chosen_is_shown(
    visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while other statements are still being looked up: what is asked last is shown last."""
    free = threading.Event()

    def slowly(*values: Any) -> Any:
        assert free.wait(PATIENCE / 1000)
        return timeline(*values)

    page = visit()
    page.get_by_role("tab", name="Who said what").click()
    monkeypatch.setattr(said_tab, "timeline", slowly)
    try:
        page.get_by_role("button", name="Retno Marsudi", exact=True).click()
        page.get_by_role("textbox", name="About").press("Enter")
        page.get_by_role("button", name="Joko Widodo", exact=True).click()
    finally:
        free.set()
    expect(page.get_by_role("textbox", name="Speaker")).to_have_value("Joko Widodo")
    expect(page.locator(".kutip-statement > summary").first).to_contain_text("Joko Widodo")


def test_an_indonesian_question_gets_an_indonesian_page(visit: Callable[..., Page]) -> None:
    """Labels follow the browser, the words of the answer follow the question."""
    page = visit(locale="id-ID")
    expect(page.get_by_role("tab").nth(2)).to_have_text("Dokumen")
    expect(page.locator("#question textarea")).to_have_attribute(
        "placeholder", re.compile("Tanya dalam bahasa Indonesia")
    )
    answer = ask(page, "Apa kata Jokowi tentang perlindungan data pribadi?")
    expect(answer).to_contain_text("Ditelusuri")
    expect(page.locator("#kutip-1-1 blockquote mark")).to_contain_text("data pribadi")
    expect(page.locator("#kutip-1-1 summary")).to_have_text("Buka artikel")


def test_a_mark_leads_to_its_card_and_back(visit: Callable[..., Page]) -> None:
    """Clicking ``[n]`` brings its card into view, also that of an earlier answer."""
    page = visit()
    ask(page, "What did Jokowi say about data protection?")
    ask(page, "Apa kepanjangan Whoosh?")
    expect(page.locator("#kutip-1-1")).not_to_be_visible()
    page.locator("#kutip-1 a.kutip-n").first.click()
    expect(page.locator("#kutip-1-1")).to_be_in_viewport()
    expect(page.locator("#kutip-1-1")).to_be_focused()
    page.locator("#kutip-1-1 a.kutip-n").click()
    expect(page.locator("#kutip-1")).to_be_focused()
    assert page.url.count("#") == 0


def test_a_new_answer_is_shown_from_its_beginning(visit: Callable[..., Page]) -> None:
    """On a phone too, the question is at the top of the chat, and the sources are at theirs."""
    for width, height in ((1440, 500), (390, 700)):
        page = visit(width=width, height=height)
        for speaker in ("Retno", "Jokowi"):
            ask(page, f"Apa kata {speaker} tentang teknologi digital?")
            asked = page.locator("#chat .message", has=page.locator("a.kutip-edit")).last
            expect(asked).to_be_in_viewport()
            # Both measured at one moment: on a phone the page itself is still scrolling.
            page.wait_for_function(
                """() => {
                    const asked = [...document.querySelectorAll('#chat a.kutip-edit')].at(-1);
                    const top = of => of.getBoundingClientRect().top;
                    const bubble = asked.closest('.message');
                    return Math.abs(top(bubble) - top(bubble.closest('.bubble-wrap'))) < 40;
                }"""
            )
            assert page.locator("#sources").evaluate("panel => panel.scrollTop") == 0
            page.locator("#sources").evaluate("panel => panel.scrollTop = 200")


def test_the_article_opens_at_the_quote(visit: Callable[..., Page]) -> None:
    """The whole text, the quote in view and lit, furniture there but dimmed."""
    page = visit()
    ask(page, "What did Jokowi say about data protection?")
    card = page.locator("#kutip-1-1")
    card.locator("summary").click()
    article = card.locator(".kutip-article")
    expect(article.locator("mark")).to_be_in_viewport()
    text = (ARTICLES / "jokowi-keamanan-siber-asean.txt").read_text("utf-8")
    assert words(article.inner_text()) == words(text)
    furniture = article.locator(".kutip-furniture").first
    assert float(furniture.evaluate("e => getComputedStyle(e).opacity")) < 1


def test_silence_looks_different_from_an_answer(visit: Callable[..., Page]) -> None:
    """A refusal has a badge, a reason and the coverage; near passages carry no mark or number."""
    page = visit()
    answer = ask(page, "What did Angela Merkel say about data protection?")
    expect(answer).to_have_class(re.compile("kutip-abstained"))
    expect(answer.locator(".kutip-badge")).to_have_text("No statement found")
    expect(answer).to_contain_text("24 documents")
    expect(answer.locator("a.kutip-n")).to_have_count(0)
    expect(page.locator("#sources")).to_contain_text("not an answer")
    expect(page.locator("#sources .kutip-near")).to_have_count(3)
    expect(page.locator("#sources mark")).to_have_count(0)


def test_what_was_understood_can_be_left_out(visit: Callable[..., Page], corpus: Corpus) -> None:
    """Chips say what limited the search; one is taken away by click, another by keyboard."""
    question = "Apa kata Jokowi tentang perlindungan data sejak 2019?"
    limited, free = (
        corpus.ask(question, without=without).coverage.documents
        for without in (frozenset(), frozenset({FilterKey.DATE}))
    )
    assert limited < free
    page = visit()
    answer = ask(page, question)
    limit = answer.locator(".kutip-limit", has_text="terbit")
    expect(limit).to_contain_text("terbit sejak 1 Januari 2019")
    expect(answer.locator(".kutip-chip", has_text="dikatakan Jokowi")).to_be_visible()
    expect(answer.locator(".kutip-facts")).to_contain_text(f"{limited} dokumen")
    answer.get_by_role("button", name="Tanya lagi tanpa: tanggal").click()
    expect(page.locator(".kutip-facts")).to_have_count(2)
    answer = page.locator("#chat .kutip-answer").last
    expect(answer.locator(".kutip-limit", has_text="terbit")).to_have_count(0)
    expect(answer.locator(".kutip-left-out")).to_contain_text("tanggal")
    expect(answer.locator(".kutip-facts")).to_contain_text(f"{free} dokumen")
    expect(page.locator("#kutip-2-1")).to_contain_text("27 April 2018")
    answer.get_by_role("button", name="Tanya lagi dengan: tanggal").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kutip-facts")).to_have_count(3)
    answer = page.locator("#chat .kutip-answer").last
    expect(answer.locator(".kutip-limit", has_text="terbit")).to_be_visible()
    page.fill("#question textarea", "What about data after:lusa")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .kutip-failed")).to_contain_text("lusa is no date")
    expect(page.locator("#question textarea")).to_have_value("What about data after:lusa")


def test_a_follow_up_keeps_the_subject_and_says_so(visit: Callable[..., Page]) -> None:
    """The chip shows the question as it was read; one click asks it as typed, one more again."""
    page = visit()
    ask(page, "What did Jokowi say about cyber security?")
    answer = ask(page, "And what about Retno?")
    chip = answer.locator(".kutip-followed")
    expect(chip).to_contain_text("Read as: What did Retno say about cyber security?")
    expect(answer).to_contain_text("(Retno Marsudi)")
    expect(page.locator("#sources .kutip-asked").first).to_have_text(
        "What did Retno say about cyber security?"
    )
    chip.get_by_role("button", name="Ask exactly as typed").click()
    expect(page.locator(".kutip-facts")).to_have_count(3)
    answer = page.locator("#chat .kutip-answer").last
    expect(answer.locator(".kutip-followed")).to_have_count(0)
    expect(answer.locator(".kutip-left-out")).to_contain_text("the conversation so far")
    answer.get_by_role("button", name="Ask as part of the conversation").click()
    expect(page.locator(".kutip-facts")).to_have_count(4)
    answer = page.locator("#chat .kutip-answer").last
    expect(answer.locator(".kutip-followed")).to_contain_text("cyber security")


# WCAG 2.1: contrast of two CSS colours.
CONTRAST = r"""element => {
  const light = css => {
    const parts = css.match(/[\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
  };
  let behind = element;
  while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
    behind = behind.parentElement;
  const back = light(getComputedStyle(behind).backgroundColor);
  const style = getComputedStyle(element);
  return [style.color, style.textDecorationColor].map(light)
    .map(front => (Math.max(front, back) + .05) / (Math.min(front, back) + .05));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_english_question_lights_indonesian_words(
    visit: Callable[..., Page], scheme: str
) -> None:
    """In and around the quote, by weight and underline, readable in light and dark."""
    page = visit(scheme=scheme)
    ask(page, "What did Jokowi say about data protection?")
    card = page.locator("#kutip-1-1")
    lit = card.locator("blockquote mark .kutip-lit", has_text="perlindungan")
    expect(lit).to_have_attribute("title", "protection")
    expect(card.locator(".kutip-matched")).to_contain_text("protection → perlindungan")
    around = card.locator("blockquote > .kutip-lit").first
    for word in (lit, around):
        assert word.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
        assert int(word.evaluate("e => getComputedStyle(e).fontWeight")) >= 600
        text, line = word.evaluate(CONTRAST)
        assert text >= 4.5
        assert line >= 3


def test_statements_of_a_speaker_lead_to_their_source(
    visit: Callable[..., Page], corpus: Corpus
) -> None:
    """Chosen in the table: all statements in time order; each opens its card in the article."""
    page = visit()
    (retno,) = [one for one in corpus.speakers() if one.name == "Retno Marsudi"]
    page.get_by_role("tab", name="Who said what").click()
    page.get_by_role("button", name="Retno Marsudi", exact=True).click()
    expect(page.get_by_role("textbox", name="Speaker")).to_have_value("Retno Marsudi")
    lines = page.locator(".kutip-statement > summary")
    count = len(retno.statements)
    assert count > 5
    expect(page.locator(".kutip-found")).to_contain_text(f"{count} statements")
    expect(lines).to_have_count(count)
    expect(lines.first).to_contain_text("10 September 2019")
    said = words(lines.first.locator(".kutip-said").inner_text())
    lines.first.click()
    card = page.locator(".kutip-statement .kutip-card").first
    expect(card).to_be_visible()
    assert words(card.locator("blockquote mark").inner_text()) == said.strip("“”")


@pytest.mark.parametrize("locale", ["en-US", "id-ID"])
def test_tables_show_every_column_from_1280_pixels_on(
    visit: Callable[..., Page], locale: str
) -> None:
    """Speakers with all that is told of them, and documents: nothing to be scrolled to."""
    page = visit(locale=locale, width=1280)
    tabs = page.get_by_role("tab")
    for number, scrolled, row in (
        (1, "#people .kutip-list-scroll", "tbody tr"),
        (2, "#documents .kutip-list-scroll", "tbody tr"),
    ):
        tabs.nth(number).click()
        page.wait_for_function(
            """([scrolled, row]) => {
              const table = document.querySelector(scrolled);
              return table && table.querySelector(row) && table.scrollWidth <= table.clientWidth;
            }""",
            arg=[scrolled, row],
        )


def test_statements_are_found_by_keyboard_alone(visit: Callable[..., Page]) -> None:
    """Topic and dates typed, each statement opened with Enter; what is no date is said."""
    page = visit(locale="id-ID", width=390, height=844)
    page.get_by_role("tab", name="Siapa berkata apa").click()
    page.get_by_role("textbox", name="Tentang").fill("nickel export ban")
    page.get_by_role("textbox", name="Sampai").fill("lusa")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("“lusa” bukan tanggal")
    page.get_by_role("textbox", name="Sampai").fill("2023")
    page.keyboard.press("Enter")
    line = page.locator(".kutip-statement > summary").first
    expect(line).to_contain_text("2023")
    expect(line).to_be_in_viewport()  # though it stands below the table
    line.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kutip-card mark").first).to_be_visible()
    fits(page, 390)


def test_a_question_is_edited_and_asked_once_more(visit: Callable[..., Page]) -> None:
    """The pencil brings it back into the box; retrying leaves one answer to it."""
    page = visit()
    ask(page, "Apa kepanjangan Whoosh?")
    page.get_by_role("button", name="Edit the question").click()
    box = page.locator("#question textarea")
    expect(box).to_have_value("Apa kepanjangan Whoosh?")
    expect(box).to_be_focused()
    page.evaluate("document.querySelector('#chat .kutip-answer').dataset.old = 'yes'")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat .kutip-answer:not([data-old]) .kutip-facts")).to_have_count(1)
    expect(page.locator(".kutip-facts")).to_have_count(1)
    expect(page.locator("#question button.stop-button")).to_have_count(0)
    ask(page, "What did Jokowi say about data protection?")
    expect(page.locator("#kutip-2-1")).to_be_visible()


def test_an_example_is_one_click_away(visit: Callable[..., Page]) -> None:
    """Clicking an example asks it."""
    page = visit()
    page.locator("#chat .example").first.click()
    expect(page.locator(".kutip-card mark").first).to_be_visible()


def test_impossible_questions_are_refused_kindly(visit: Callable[..., Page]) -> None:
    """An empty or endless question is not asked, and the long one stays in the box."""
    page = visit()
    page.fill("#question textarea", "   ")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please type a question.")).to_be_visible()
    long = "mengapa " * 300
    page.fill("#question textarea", long)
    page.keyboard.press("Enter")
    expect(page.get_by_text("the limit is 2,000")).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value(long)
    expect(page.locator("#chat .kutip-answer")).to_have_count(0)


def test_a_document_comes_is_asked_and_goes_and_stays_inert(
    visit: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    """Upload, what failed and why, ask, remove; a document full of traps only shows its text."""
    good = tmp_path / "ambon <b>satu<b>.txt"
    good.write_text(HOSTILE, encoding="utf-8")
    bad = tmp_path / "kosong.txt"
    bad.write_text("", encoding="utf-8")

    page = visit(bypass_csp=True)  # inert without the wall of ``LocalOnly`` too
    page.get_by_role("tab", name="Documents").click()
    page.locator("#upload input[type=file]").set_input_files([good, bad])
    expect(page.locator("#report")).to_contain_text("Added 1, unchanged 0, failed 1.")
    expect(page.locator("#report li.kutip-file-failed")).to_contain_text("kosong.txt")
    expect(page.locator("#header")).to_contain_text("25 documents")
    kept = [path.name for path in (corpus.path / "uploads").iterdir()]
    assert len(kept) == 1

    page.get_by_role("tab", name="Ask").click()
    answer = ask(page, "Apa kata kepala pelabuhan Ambon tentang kapal perintis?")
    card = page.locator("#kutip-1-1")
    expect(card).to_contain_text("<script>alert('x')</script>")
    expect(answer).to_contain_text("**lima puluh ribu**")
    expect(answer).to_contain_text("$$x^2$$")
    assert "\u202e" not in answer.inner_text()
    for place in ("#chat", "#sources"):
        drawn = page.locator(place)
        expect(drawn.locator("img, script, iframe, svg[onload], strong, .katex")).to_have_count(0)
        expect(drawn.locator('a:not([href^="#kutip-"])')).to_have_count(0)

    page.get_by_role("tab", name="Documents").click()
    page.get_by_role("searchbox").fill("Pelabuhan")
    rows = page.locator("#documents tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("<img src=")
    rows.get_by_role("checkbox").check()
    page.get_by_role("button", name="Remove from the corpus").click()
    expect(page.locator("#removed")).to_contain_text("Removed: Pelabuhan **Ambon** <img src=")
    expect(page.locator(":is(#removed, #documents, #report) :is(img, b b)")).to_have_count(0)
    expect(page.locator("#header")).to_contain_text("24 documents")
    assert len(corpus.documents()) == 24

    page.get_by_role("tab", name="Ask").click()
    ask(page, "Apa kata kepala pelabuhan Ambon tentang kapal perintis?")
    expect(page.locator("#sources > * .kutip-card").first).not_to_contain_text("loket")


def test_a_new_conversation_begins_at_one(visit: Callable[..., Page]) -> None:
    """The chat and the sources are empty, with examples; the next answer is number 1 again."""
    page = visit()
    ask(page, "Apa kepanjangan Whoosh?")
    expect(page.get_by_role("button", name="Clear")).to_have_count(0)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#sources .kutip-card")).to_have_count(0)
    expect(page.locator("#chat .example").first).to_be_visible()
    ask(page, "Apa kepanjangan Whoosh?")
    expect(page.locator("#kutip-1-1")).to_be_visible()


def test_a_new_conversation_ends_the_answer_that_is_under_way(
    visit: Callable[..., Page], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is drawn over the new one, whose first question is number 1 at once."""
    free, answer = threading.Event(), corpus.ask

    def slowly(*values: Any, **named: Any) -> Answer:
        assert free.wait(PATIENCE / 1000)
        return answer(*values, **named)

    page = visit()
    ask(page, "Apa kepanjangan Whoosh?")
    with monkeypatch.context() as patch:
        patch.setattr(corpus, "ask", slowly)
        page.fill("#question textarea", "What did Jokowi say about data protection?")
        page.keyboard.press("Enter")
        expect(page.locator("#question button.stop-button")).to_be_visible()
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator("#question button.submit-button")).to_be_visible()
        expect(page.locator("#chat .message")).to_have_count(0)
    ask(page, "Apa kepanjangan Whoosh?")
    free.set()
    expect(page.locator("#chat .kutip-answer")).to_have_count(1)
    expect(page.locator("#kutip-1-1")).to_contain_text("Whoosh")


def test_a_conversation_outlives_the_page(visit: Callable[..., Page], corpus: Corpus) -> None:
    """It is there after a reload and opened again later, with proof and sources; goes on; goes."""
    page = visit()
    ask(page, "What did Jokowi say about data protection?")
    ask(page, "Apa kepanjangan Whoosh?")
    expect(page.locator("#kutip-talks")).to_contain_text("2 questions")
    kept(page)
    (name,) = parse_qs(urlsplit(page.url).query)["talk"]
    (kept_in,) = (corpus.path / "conversations").rglob(f"{name}.json")
    page.reload()
    expect(page.locator("#kutip-2-1 blockquote mark")).to_contain_text("waktu hemat")
    expect(page.locator("#chat .kutip-facts")).to_have_count(2)
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.get_by_role("button", name="Percakapan baru")).to_be_visible()
    expect(page.locator("#chat .kutip-facts")).to_have_count(2)
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#chat .kutip-facts")).to_have_count(0)
    page.wait_for_url(re.compile(r"^[^?]*\??$"))
    page.reload()
    page.locator("#kutip-talks > summary").click()
    line = page.get_by_role("button", name="What did Jokowi say about data protection?")
    expect(line).to_contain_text("2 questions")
    line.click()
    expect(page.locator("#kutip-2-1 blockquote mark")).to_contain_text("waktu hemat")
    expect(page.locator("#chat .kutip-facts")).to_have_count(2)
    expect(page.locator("#kutip-talks")).not_to_have_attribute("open", "")
    page.locator("#kutip-1 a.kutip-n").first.click()
    expect(page.locator("#kutip-1-1")).to_be_in_viewport()
    ask(page, "What did Angela Merkel say about data protection?")
    expect(page.locator("#kutip-talks li")).to_contain_text("3 questions")
    page.locator("#kutip-talks > summary").click()
    # By keyboard: the cross asks first.
    page.locator(".kutip-forget > summary").focus()
    page.keyboard.press("Enter")
    sure = page.get_by_role("button", name="Delete for good")
    expect(sure).to_be_visible()
    sure.focus()
    page.keyboard.press("Space")
    expect(page.locator("#kutip-talks")).to_have_count(0)
    expect(page.locator("#chat .kutip-answer")).to_have_count(0)
    assert not kept_in.exists()


def test_the_page_stays_at_its_tab_when_the_language_changes(visit: Callable[..., Page]) -> None:
    """What the tab shows is there, in the other language; the first tab leaves no trace."""
    page = visit()
    page.get_by_role("tab", name="Who said what").click()
    page.wait_for_url(re.compile(r"\?tab=said$"))
    page.get_by_role("button", name="Bahasa Indonesia").click()
    tab = page.get_by_role("tab", name="Siapa berkata apa")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator("#people")).to_contain_text("Retno Marsudi")
    page.get_by_role("tab", name="Tanya").click()
    page.wait_for_url(re.compile(r"^[^?]*\??$"))
    page.reload()
    expect(page.locator("#chat .example").first).to_be_visible()


def test_two_visitors_do_not_see_each_other(visit: Callable[..., Page]) -> None:
    """Neither the chat nor the list of conversations of one shows in the browser of the other."""
    ana, budi = visit(), visit()
    ask(ana, "Apa kepanjangan Whoosh?")
    ana.get_by_text("Earlier (1)").wait_for()
    ask(budi, "What did Jokowi say about data protection?")
    for page in (ana, budi):
        kept(page)
    # Not even with the address of the other's.
    budi.goto(ana.url)
    budi.get_by_text("Earlier (1)").click()
    expect(budi.locator("#kutip-talks")).to_contain_text("What did Jokowi say")
    expect(budi.locator("body")).not_to_contain_text("Apa kepanjangan Whoosh?")
    # Not even with the number of the other's conversation.
    link = ana.locator("#kutip-talks a").first.get_attribute("href")
    budi.evaluate(
        "href => document.querySelector('#kutip-talks a').setAttribute('href', href)", link
    )
    budi.locator("#kutip-talks a").first.click()
    expect(budi.get_by_text("could not be opened")).to_be_visible()
    expect(budi.locator("#chat .kutip-answer")).to_have_count(0)
    # The key is out of reach of scripts.
    assert "kutip_visitor" not in ana.evaluate("document.cookie")


def test_what_the_browser_saves_passes_its_check(
    visit: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    """A conversation, and one answer of it, saved from the chat: every quote is found again."""
    page = visit()
    ask(page, "What did Jokowi say about data protection?")
    answer = ask(page, "Apa kepanjangan Whoosh?")
    # Once it is kept the bar is drawn anew, which closes an open menu.
    expect(page.locator("#kutip-talks")).to_contain_text("2 questions")
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as whole:
        page.get_by_role("button", name="To check again (JSON)").click()
    answer.locator(".kutip-menu > summary").click()
    with page.expect_download() as one:
        answer.get_by_role("button", name="Untuk diperiksa lagi (JSON)").click()
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as printed:
        page.get_by_role("button", name="Page to print (HTML)").click()
    assert whole.value.suggested_filename == "kutip-what-did-jokowi-say-about-data-protection.json"
    assert one.value.suggested_filename == "kutip-apa-kepanjangan-whoosh.json"
    for count, download in ((2, whole), (1, one)):
        path = tmp_path / f"{count}.json"
        download.value.save_as(path)
        record = read(path)
        assert len(record.questions) == count
        checked = list(check(record, corpus))
        assert len(checked) >= count
        assert all(each.proof.found for each in checked)
    printed.value.save_as(tmp_path / "talk.html")
    assert "<h1>2 questions</h1>" in (tmp_path / "talk.html").read_text("utf-8")


def test_a_citation_is_copied(visit: Callable[..., Page]) -> None:
    """Into the clipboard go the quote and where it stands; the button says so."""
    page = visit()
    ask(page, "What did Jokowi say about data protection?")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    done = "#kutip-1-1 .kutip-copy[data-was]"  # for two seconds
    note(page, done)
    page.locator("#kutip-1-1").get_by_role("button", name="Copy as citation").click()
    noted(page, done)
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = words(page.locator("#kutip-1-1 blockquote mark").inner_text())
    assert copied.startswith(f"“{quote}”")
    assert "“Jokowi Minta Perlindungan Data Pribadi" in copied and "27 April 2018" in copied
    # The whole answer: the question, and each quote with where it stands.
    done = "#chat .kutip-copy[data-was]"
    note(page, done)
    page.get_by_role("button", name="Copy with sources").click()
    noted(page, done)
    question, *quotes = page.evaluate("navigator.clipboard.readText()").split("\n\n")
    assert question == "What did Jokowi say about data protection?"
    assert quotes[0] == copied and len(quotes) == page.locator(".kutip-card").count()


def test_an_answer_is_stopped_while_a_model_keeps_it_waiting(chromium: Any, corpus: Corpus) -> None:
    """The quotes stay, nothing is pending, and the next question is asked as ever."""
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        endpoint = Endpoint.of(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", model="tiny")
        port = free_port()
        server = app.start(corpus, port=port, endpoint=endpoint)
        context = chromium.new_context(locale="en-US")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("#chat .example")
        page.fill("#question textarea", "Apa kepanjangan Whoosh?")
        page.keyboard.press("Enter")
        expect(page.locator("#chat")).to_contain_text("Asking the language model")
        page.locator("#question button.stop-button").click()
        expect(page.locator("#chat")).not_to_contain_text("Asking the language model")
        expect(page.locator("#chat .kutip-quote").first).to_be_visible()
        expect(page.locator("#question button.stop-button")).to_have_count(0)
        ask(page, "What did Angela Merkel say about data protection?")
        expect(page.locator("#chat .kutip-abstained")).to_be_visible()
        expect(page.locator("#kutip-1-1")).not_to_be_visible()  # among the earlier answers
        context.close()
        server.close()


def test_a_list_of_questions_is_measured(visit: Callable[..., Page], tmp_path: Path) -> None:
    """Uploaded, asked with progress while the chat answers, and shown: figures, plots, files."""
    questions = tmp_path / "daftar.csv"
    questions.write_text(
        "question,expected source,expected text,answerable\n"
        "What did Jokowi say about data protection?,,perlindungan data pribadi warganya,yes\n"
        "Apa kepanjangan Whoosh?,kereta-cepat-whoosh-jakarta-bandung,,\n"
        "Who won the 1998 World Cup?,,,no\n"
        "Apa <script>alert(1)</script> itu?,,kata yang tidak ada di mana pun <img src=x>,\n",
        "utf-8",
    )
    page = visit()
    page.get_by_role("tab", name="Measure").click()
    page.get_by_role("radio", name="A list of my own").check()
    page.locator("#measure-list input[type=file]").set_input_files(questions)
    # Sent, Gradio's list has the name in two parts with a space between; before, in one.
    expect(page.locator("#measure-list")).to_contain_text(re.compile(r"daftar\s*\.csv"))
    note(page, ".kutip-progress")
    page.locator("#measure-start").click()
    noted(page, ".kutip-progress")
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Apa kepanjangan Whoosh?")
    page.get_by_role("tab", name="Measure").click()
    found = page.locator(".kutip-measured")
    expect(found).to_contain_text("daftar.csv: 3 questions, ", timeout=4 * PATIENCE)
    card = found.locator(".card", has_text="Answer in any quote")
    expect(card.locator(".figure")).to_have_text(re.compile(r"\d+\.\d\s%"))
    expect(card).to_contain_text("2 questions")
    expect(found.locator("svg.plot")).to_have_count(2)
    expect(found).to_contain_text("daftar.csv:5: the expected text")
    expect(found.locator("img, script, a")).to_have_count(0)
    for name, start in (
        ("Report (HTML)", "<!doctype html>"),
        ("Questions (CSV)", "\ufeffID,question,result,"),
        ("Figures (JSON)", "{"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert Path(download.value.path()).read_text("utf-8").startswith(start)
    page.reload()
    page.get_by_role("tab", name="Measure").click()
    expect(found).to_contain_text("daftar.csv: 3 questions, ")


def test_a_question_is_saved_from_the_chat(visit: Callable[..., Page], corpus: Corpus) -> None:
    """By keyboard, with the quote that is right; it is in the list, and goes when removed."""
    page = visit(locale="id-ID", width=390, height=844)
    answer = ask(page, "Apa kepanjangan Whoosh?")
    answer.get_by_role("button", name="Jawaban ini salah").focus()
    page.keyboard.press("Space")
    form = page.locator("#judge")
    expect(form).to_contain_text("“Apa kepanjangan Whoosh?” – bagian mana yang menjawabnya?")
    expect(form.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Simpan pertanyaan").click()
    expect(page.locator("#judged")).to_contain_text("Tersimpan. Pertanyaan di daftar Anda: 1")
    expect(form).to_have_count(0)
    expect(page.locator("#question textarea")).to_be_focused()
    header, row = (corpus.path / "questions.csv").read_text("utf-8-sig").splitlines()
    assert header == "question,expected source,expected text,answerable,wrong answer,saved"
    assert row.startswith("Apa kepanjangan Whoosh?,kereta-cepat-whoosh-jakarta-bandung.txt,")
    page.get_by_role("tab", name="Ukur").click()
    expect(page.get_by_role("radio", name="Pertanyaan simpanan saya (1)")).to_be_visible()
    page.locator("#saved").get_by_role("button", name="Pertanyaan simpanan saya").click()
    page.locator("#saved-table span:visible", has_text="Whoosh").first.click()
    page.get_by_role("button", name="Hapus pertanyaan").click()
    expect(page.locator("#saved")).to_contain_text("Belum ada.")
    fits(page, 390)


def test_on_a_phone_nothing_sticks_out(visit: Callable[..., Page]) -> None:
    """At 390 px the sources come below the chat and the page never scrolls sideways."""
    page = visit(width=390, height=844)
    ask(page, "What did Jokowi say about data protection?")
    page.wait_for_function(
        """() => {
          const [chat, sources] = ['chat', 'sources'].map(
            id => document.getElementById(id).getBoundingClientRect());
          return sources.top > chat.bottom;
        }"""
    )
    page.locator("#kutip-talks", has_text="1 question").locator("summary").first.click()
    menu = page.locator("#kutip-talks > ul")
    expect(menu).to_be_visible()
    left, right = menu.evaluate(
        "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
    )
    assert left >= 0 and right <= 390
    fits(page, 390)


def test_programs_get_the_json_of_the_terminal(url: str, corpus: Corpus) -> None:
    """``/ask`` answers a program with the object that ``kutip ask --json`` prints."""
    question = "Apa kepanjangan Whoosh?"
    call = urllib.request.Request(
        f"{url}gradio_api/call/ask",
        json.dumps({"data": [question]}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(call, timeout=60) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}gradio_api/call/ask/{event}", timeout=60) as reply:
        stream = reply.read().decode()
    assert "event: complete" in stream
    (answer,) = json.loads(stream.rsplit("data: ", 1)[1])
    assert answer["question"] == question
    first = answer["citations"][0]
    text = corpus.document(first["document_id"]).text
    assert text[first["start"] : first["end"]] == first["quote"]


def test_every_response_forbids_other_hosts(url: str) -> None:
    """Should escaping ever fail, the browser itself refuses to load from elsewhere."""
    with urllib.request.urlopen(url, timeout=60) as reply:
        policy = reply.headers["Content-Security-Policy"]
        page = reply.read().decode()
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy
    assert "fonts.googleapis" not in page
    assert "cdnjs" not in page


def test_starting_contacts_nobody(corpus: Corpus, no_network: list[str]) -> None:
    """Building and starting the page opens no connection and looks up no host but loopback."""
    page = app.start(corpus, port=free_port())
    page.close()
    assert no_network == []

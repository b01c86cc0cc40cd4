"""Promises to everybody at the page: no mouse, no eyes, another language, others beside them.

In the browser of ``test_browser``; none of its visitors may reach another host.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import app
from qa.chat.wording import TEXTS
from qa.corpus import Corpus
from qa.server import limits, passwords
from tests.test_browser import (  # noqa: F401 - fixtures
    PATIENCE,
    Page,
    ask,
    chromium,
    corpus,
    expect,
    free_port,
    kept,
    pytestmark,
    url,
    visit,
    words,
)

axe_core = pytest.importorskip("axe_playwright_python.sync_playwright")

ENGLISH = "What did Jokowi say about data protection?"
NAME, PASSWORD = "ana", "kapal-perintis-7"


def barriers(page: Page) -> list[str]:
    """What axe-core finds moderate, serious or critical on the page as it is now."""
    found = axe_core.Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{one['impact']} {one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("moderate", "serious", "critical")
        for node in one["nodes"]
    ]


# What each tab shows once it is drawn.
TABS = ("#chat", "#people tbody tr", "#documents tbody tr", "#measure-start")


def turn(page: Page, number: int) -> None:
    """Turn to a tab, and wait until it is drawn."""
    tab = page.get_by_role("tab").nth(number)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator(TABS[number]).first).to_be_visible()


def no_barrier(page: Page) -> None:
    """There is none once the page has come to rest; what is on its way out may be in between."""
    for _ in range(10):
        found = barriers(page)
        if not found:
            return
        page.wait_for_timeout(500)
    raise AssertionError(found)


@pytest.mark.parametrize("locale", ["en-US", "id-ID"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_tab_has_a_serious_barrier(visit: Callable[..., Page], scheme: str, locale: str) -> None:
    """axe-core finds nothing worse than minor: empty, with answers, with something chosen."""
    page = visit(locale=locale, scheme=scheme)
    no_barrier(page)
    ask(page, "Apa kata Jokowi tentang perlindungan data sejak 2019?")
    ask(page, "What did Angela Merkel say about data protection?")
    expect(page.get_by_role("tab")).to_have_count(len(TABS))
    for number in range(len(TABS)):
        turn(page, number)
        no_barrier(page)
    turn(page, 1)
    page.get_by_role("button", name="Retno Marsudi", exact=True).click()
    page.locator(".kutip-statement > summary").first.click()
    expect(page.locator(".kutip-statement .kutip-card").first).to_be_visible()
    no_barrier(page)


def test_a_question_is_asked_and_checked_without_a_mouse(visit: Callable[..., Page]) -> None:
    """Type, Enter; Tab to the mark of the quote, Enter to its card; from the card back again."""
    page = visit()
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type(ENGLISH)
    page.keyboard.press("Enter")
    expect(page.locator(".kutip-facts")).to_have_count(1, timeout=PATIENCE)
    kept(page)  # nothing more is drawn, which might take the focus away

    def tab_to(selector: str, key: str) -> None:
        for _ in range(60):
            page.keyboard.press(key)
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} is out of reach of {key}")

    tab_to("a.kutip-n[href='#kutip-1-1']", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#kutip-1-1")).to_be_focused()
    tab_to("#kutip-1-1 summary", "Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#kutip-1-1 .kutip-article mark")).to_be_in_viewport()
    tab_to("#kutip-1-1 a.kutip-n", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#kutip-1")).to_be_focused()


def seen(page: Page) -> str:
    """All that is read on the page, placeholders and names for screen readers included."""
    return str(
        page.evaluate(
            """() => [document.body.innerText, ...[...document.querySelectorAll(
                '[placeholder], [aria-label], [title]')].filter(e => e.checkVisibility()).map(e =>
                [e.placeholder, e.getAttribute('aria-label'), e.title].join(' '))].join(' ')"""
        )
    )


def test_the_switch_changes_every_word_and_is_remembered(visit: Callable[..., Page]) -> None:
    """English by the browser, Indonesian by the switch, what the server draws too."""
    page = visit()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("#header")).to_contain_text("24 dokumen")
    expect(page.locator("#question textarea")).to_have_attribute("placeholder", re.compile("Tanya"))
    answer = ask(page, "Apa kepanjangan Whoosh?")
    expect(answer).to_contain_text("Ditelusuri")
    english = {
        text
        for key, text in TEXTS["en"].items()
        if text not in (TEXTS["id"][key], TEXTS["en"]["named"])
        and "{" not in text
        and len(text) > 5
    } | {"Search...", "Use via API", "Settings", "Drop File Here", "Click to Upload"}
    for number in range(len(TABS)):
        turn(page, number)
        here = words(seen(page))
        left = {text for text in english if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", here)}
        assert left == set(), TABS[number]
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("#header")).to_contain_text("24 dokumen")
    again.get_by_role("button", name="English").click()
    expect(again.locator("#header")).to_contain_text("24 documents")


def test_two_people_do_not_see_each_other(visit: Callable[..., Page]) -> None:
    """Neither questions nor sources of one come to the other."""
    one, other = visit(), visit()
    ask(one, ENGLISH)
    expect(other.locator("#chat .kutip-answer")).to_have_count(0)
    ask(other, "Apa kepanjangan Whoosh?")
    expect(other.locator("#sources")).not_to_contain_text("Jokowi say")
    expect(one.locator("#sources")).not_to_contain_text("Whoosh")
    expect(one.locator(".kutip-facts")).to_have_count(1)


def test_a_full_queue_keeps_the_question(
    chromium: Any,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page asks for patience in the reader's language; the question stays in the box."""
    page = chromium.new_page(locale="id-ID")
    page.goto(url)
    page.locator("#chat .example").first.wait_for(timeout=PATIENCE)
    monkeypatch.setattr(limits, "MAX_WAITING", 0)
    page.fill("#question textarea", ENGLISH)
    page.keyboard.press("Enter")
    expect(page.locator(".toast-body")).to_contain_text("Banyak yang sedang bertanya")
    expect(page.locator("#question textarea")).to_have_value(ENGLISH)
    page.close()


# With a password


@pytest.fixture(scope="module")
def guarded(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the same page behind a password."""
    file = tmp_path_factory.mktemp("auth") / "users"
    passwords.put(file, NAME, PASSWORD)
    port = free_port()
    page = app.start(corpus, port=port, users=passwords.read(file))
    yield f"http://127.0.0.1:{port}/"
    page.close()


def test_behind_a_password_the_whole_page_works(chromium: Any, guarded: str) -> None:
    """A wrong one is told so; the right one asks, uploads nothing by accident, and logs out."""
    page = chromium.new_page(locale="id-ID")
    page.goto(guarded)
    assert barriers(page) == []
    expect(page.get_by_label("Nama")).to_be_focused()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
    assert barriers(page) == []
    expect(page.get_by_label("Kata sandi")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#chat .example").first.wait_for(timeout=PATIENCE)
    ask(page, "Apa kepanjangan Whoosh?")
    expect(page.locator(".kutip-card mark").first).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name=f"Keluar ({NAME})").click()
    expect(page.get_by_label("Kata sandi")).to_be_visible()
    page.goto(guarded)
    expect(page.locator("#chat")).to_have_count(0)
    page.close()

"""Promises of the documents tab that only a real browser can keep or break.

Under the same watch as ``tests/test_browser.py``: no other host, no error, no dialog.
"""

from __future__ import annotations

import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from qa.chat import TABLE
from qa.chat.corpora import Corpora
from qa.corpus import Corpus, Removal
from tests import test_browser as browser
from tests.helpers import QUAKE, article

Page = browser.Page
pytestmark = browser.pytestmark
chromium, visit, expect = browser.chromium, browser.visit, browser.expect
expect.set_options(timeout=browser.PATIENCE)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The sample articles; changed by these tests only."""
    with Corpus.open(tmp_path_factory.mktemp("documents") / "samples") as opened:
        opened.add(browser.ARTICLES)
        yield opened


@pytest.fixture(scope="module")
def url(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over that corpus, and a second one to turn to."""
    folder = tmp_path_factory.mktemp("second")
    (folder / "gempa.txt").write_text(article("gempa"), encoding="utf-8")
    with Corpus.open(folder / "quakes") as other:
        other.add(folder / "gempa.txt")
    port = browser.free_port()
    corpora = Corpora(corpus, [folder / "quakes"])
    page = app.start(corpora, port=port)
    yield f"http://127.0.0.1:{port}/"
    page.close()
    corpora.close()


def documents(page: Page) -> Page:
    """Turn to the documents; the rows of their list."""
    name = re.compile("Documents|Dokumen")
    tab = page.get_by_role("tab", name=name)
    if not tab.is_visible():  # on a phone, behind the three dots
        page.locator(".overflow-menu > button").click()
        tab = page.locator(".overflow-dropdown").get_by_role("button", name=name)
    tab.click()
    expect(page.locator("#documents table")).to_be_visible()
    return page.locator("#documents tbody tr")


def tick(page: Page, title: str) -> None:
    page.get_by_role("searchbox").fill(title)
    page.get_by_role("checkbox", name=title).check()


def test_a_zipped_folder_is_added_file_by_file(
    visit: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    """Each file in it is listed with what became of it and why; what was read can be asked."""
    path = tmp_path / "kapal.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2024/kapal.txt", article("kapal"))
        archive.writestr("2024/kosong.txt", "")
        archive.writestr("../luar.txt", article("beras"))
    page = visit(locale="id-ID")
    documents(page)
    page.locator("#upload input[type=file]").set_input_files(path)
    expect(page.locator("#report")).to_contain_text(
        "Ditambahkan 1, tidak berubah 0, gagal 2.", timeout=browser.PATIENCE
    )
    lines = page.locator("#report li")
    # What failed comes first.
    expect(lines.nth(0)).to_contain_text("berkasnya kosong; tambahkan berkas yang berisi teks")
    expect(lines.nth(1)).to_contain_text("namanya di arsip menunjuk ke luar arsip (../luar.txt)")
    expect(lines.nth(2)).to_have_text(re.compile("kapal.zip/2024/kapal.txt.*ditambahkan", re.S))
    expect(page.locator("#header")).to_contain_text("25 dokumen")
    expect(page.locator("#upload input[type=file]")).to_be_attached()  # the next may come
    page.get_by_role("tab", name="Tanya").click()
    browser.ask(page, "Ke mana kapal perintis baru berlayar?")
    expect(page.locator("#kutip-1-1")).to_contain_text("Miangas")
    corpus.remove(f"{corpus.path}/uploads/kapal.zip/2024/kapal.txt")


def test_the_list_is_searched_and_sorted(visit: Callable[..., Page]) -> None:
    """By any column, up and down, numbers as numbers; by keyboard; only what is found is ticked."""
    page = visit()
    rows = documents(page)
    expect(rows).to_have_count(24)
    head = page.get_by_role("columnheader", name="Passages")
    head.get_by_role("button").focus()
    for order, better in (("ascending", min), ("descending", max)):
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", order)
        counts = [int(text) for text in rows.locator(".kutip-passages").all_inner_texts()]
        assert counts[0] == better(counts)
        assert counts == sorted(counts, reverse=better is max)
    page.get_by_role("searchbox").fill("layang data")
    expect(page.locator(".kutip-list-count")).to_have_text(re.compile(r"^Documents: \d of 24$"))
    found = rows.count()
    assert 0 < found < 24
    page.get_by_role("checkbox", name="Tick all that are found").check()
    expect(page.locator(".kutip-list-ticked")).to_have_text(f"Ticked: {found}")
    page.get_by_role("searchbox").fill("")
    expect(rows).to_have_count(24)
    expect(page.locator(".kutip-list-ticked")).to_have_text(f"Ticked: {found}")
    page.get_by_role("button", name="Untick all").click()
    expect(page.get_by_role("button", name="Remove from the corpus")).to_be_disabled()


def test_what_is_typed_stays_while_a_removal_is_under_way(
    visit: Callable[..., Page], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list that comes after it leaves the search, and where one is in it, as they are."""
    free, aside = threading.Event(), corpus.set_aside

    def slowly(*values: Any) -> Removal:
        assert free.wait(browser.PATIENCE / 1000)
        return aside(*values)

    monkeypatch.setattr(corpus, "set_aside", slowly)
    page = visit()
    documents(page)
    tick(page, "Five years of GDPR: record fines, unread banners")
    page.get_by_role("button", name="Remove from the corpus").click()
    search = page.get_by_role("searchbox")
    search.fill("")
    page.keyboard.type("siber")
    free.set()
    expect(page.locator(".kutip-list-count:visible")).to_have_text(re.compile(" of 23$"))
    expect(search).to_have_value("siber")
    expect(search).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".kutip-list-count:visible")).to_have_text(re.compile(" of 24$"))


# A table of 250 rows, with the words of the page in short.
LONG = """{
  const root = document.getElementById('root');
  const labels = {found: '{n} of {total}', search: 'search', caption: 'table', none: '',
                  title: 'Title', passages: 'Passages'};
  const rows = [...Array(250).keys()].map(n => [`id${n}`, `row ${n}`, 250 - n]);
  const table = window.kutipTable(root, {columns: ['title', 'passages']});
  table.show(labels, JSON.stringify(rows));
  window.again = () => table.show(labels, JSON.stringify(rows.slice(1)));
}"""


def test_a_long_list_is_drawn_as_far_as_it_is_seen(chromium: Any) -> None:
    """A hundred rows at first, more when they are scrolled to; all are found, sorted and kept."""
    page = chromium.new_page()
    scrolled = "<style>.kutip-list-scroll { height: 200px; overflow: auto }</style>"
    page.set_content(f'{scrolled}<div id="root"></div>')
    page.add_script_tag(content=TABLE.read_text("utf-8") + LONG)
    rows, region = page.locator("tbody tr"), page.get_by_role("region")
    expect(rows).to_have_count(100)
    expect(page.get_by_role("status")).to_have_text("250 of 250")
    region.evaluate("e => { e.scrollTop = e.scrollHeight; }")
    expect(rows).to_have_count(200)
    page.evaluate("window.again()")
    expect(page.get_by_role("status")).to_have_text("249 of 249")
    expect(rows).to_have_count(200)
    region.evaluate("e => { e.scrollTop = e.scrollHeight; }")
    expect(rows).to_have_count(249)
    page.get_by_role("button", name="Passages").click()
    expect(rows).to_have_count(100)
    expect(rows.first).to_contain_text("row 249")
    page.get_by_role("searchbox").fill("row 77")
    expect(rows).to_have_count(4)  # 77, 177, and those with 77 and 177 passages
    page.close()


def test_a_removal_is_undone(visit: Callable[..., Page], corpus: Corpus) -> None:
    """Two documents go, nothing is quoted from them; one click and both are back."""
    question = "What did Jokowi say about data protection?"
    page = visit()
    documents(page)
    tick(page, "Jokowi Minta Perlindungan Data Pribadi Masuk Agenda Siber ASEAN")
    tick(page, "Five years of GDPR: record fines, unread banners")
    page.get_by_role("button", name="Remove from the corpus").click()
    expect(page.locator("#removed")).to_contain_text("Removed: 2 documents.")
    expect(page.locator("#header")).to_contain_text("22 documents")
    page.get_by_role("tab", name="Ask").click()
    browser.ask(page, question)
    expect(page.locator("#sources")).not_to_contain_text("Masuk Agenda Siber")
    documents(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#removed")).to_contain_text("Back in the corpus: 2.")
    expect(page.locator("#header")).to_contain_text("24 documents")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.get_by_role("tab", name="Ask").click()
    browser.ask(page, question)
    expect(page.locator("#kutip-2-1")).to_contain_text("Masuk Agenda Siber")
    assert corpus.check() == []


def test_only_one_document_is_asked(visit: Callable[..., Page]) -> None:
    """Chosen in the list, seen beside the question and above each answer, and easily let go."""
    page = visit()
    documents(page)
    tick(page, "Five years of GDPR: record fines, unread banners")
    page.get_by_role("button", name="Ask only these").click()
    expect(page.locator("#only")).to_contain_text("Five years of GDPR")
    answer = browser.ask(page, "How high were the fines?")
    expect(answer.locator(".kutip-limit")).to_contain_text("Searched only: the document “Five")
    expect(answer.locator(".kutip-facts")).to_contain_text("Searched 1 document")
    answer.get_by_role("button", name="Ask again without: chosen documents").click()
    expect(page.locator(".kutip-facts")).to_have_count(2)
    expect(page.locator(".kutip-facts").last).to_contain_text("24 documents")
    expect(page.locator("#question textarea")).to_be_in_viewport(ratio=1)
    page.locator("#only .token-remove").last.click()
    expect(page.locator("#only")).not_to_be_visible()
    answer = browser.ask(page, "How high were the fines?")
    expect(answer.locator(".kutip-facts")).to_contain_text("24 documents")
    expect(answer.locator(".kutip-limit")).to_have_count(0)


def test_many_documents_that_alone_are_asked_leave_room(visit: Callable[..., Page]) -> None:
    """How many is told, a few of them are seen, each can be let go, and all at once."""
    page = visit()
    documents(page)
    page.get_by_role("checkbox", name="Tick all that are found").check()
    page.get_by_role("button", name="Ask only these").click()
    box = page.locator("#only")
    expect(box).to_contain_text("Only these 24 documents are asked")
    page.wait_for_function("document.querySelector('#only').offsetHeight < 220")
    expect(page.locator("#question textarea")).to_be_in_viewport(ratio=1)
    box.get_by_role("button", name="Ask without this document").first.click()
    expect(box).to_contain_text("Only these 23 documents are asked")
    box.get_by_role("button", name="Ask all documents again").click()
    expect(box).not_to_be_visible()


def test_files_over_the_limit_are_refused_and_the_others_added(
    visit: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    """Before anything is sent; chosen or dropped; said in words, with the limit."""
    large, fine = tmp_path / "besar.txt", tmp_path / "gempa.txt"
    with large.open("wb") as file:
        file.truncate(50_000_001)
    fine.write_text(article("gempa"), encoding="utf-8")
    page = visit()
    documents(page)
    page.locator("#upload input[type=file]").set_input_files([large, fine])
    expect(page.locator("#refused")).to_contain_text("at most 50 MB a file")
    expect(page.locator("#refused")).to_contain_text("besar.txt")
    expect(page.locator("#report")).to_contain_text("Added 1, unchanged 0, failed 0.")
    expect(page.locator("#refused")).to_contain_text("besar.txt")  # it stays

    dropped = """() => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(50000001)], 'jatuh.pdf'));
      const button = document.querySelector('#upload button');
      button.dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true}));
    }"""
    page.evaluate(dropped)
    expect(page.locator("#refused")).to_contain_text("jatuh.pdf")
    page.evaluate(dropped.replace("new Uint8Array(50000001)", f"{article('hutan')!r}"))
    expect(page.locator("#report")).to_contain_text("jatuh.pdf")  # sent, and found to be no PDF
    expect(page.locator("#refused")).to_be_empty()
    corpus.remove(f"{corpus.path}/uploads/gempa.txt")


def test_each_visitor_turns_to_a_corpus_of_their_own(visit: Callable[..., Page]) -> None:
    """Every tab follows, the other visitor stays, and loading the page again changes nothing."""
    page, other = visit(), visit()
    browser.ask(page, "Apa kepanjangan Whoosh?")
    documents(page)
    page.get_by_role("searchbox").fill("layang data")
    page.get_by_role("tab", name="Ask").click()
    page.locator("#corpus input").click()
    page.get_by_role("option", name="quakes").click()
    expect(page.locator("#header")).to_contain_text("1 document")
    expect(page.locator(".kutip-answer")).to_have_count(0)
    browser.ask(page, "Apa yang dirusak gempa di hulu Sungai Palu?")
    assert browser.words(page.locator("#kutip-1-1 blockquote mark").inner_text()) in QUAKE
    expect(documents(page)).to_have_count(1)
    page.get_by_role("tab", name="Who said what").click()
    expect(page.locator("#people")).to_have_count(0)  # nobody speaks of the earthquake
    expect(page.locator("#timeline")).to_contain_text("No article here says who said what")
    page.reload()
    expect(page.locator("#header")).to_contain_text("1 document")
    expect(other.locator("#header")).to_contain_text("24 documents")
    expect(documents(other)).to_have_count(24)
    other.get_by_role("tab", name="Ask").click()
    answer = browser.ask(other, "Apa kepanjangan Whoosh?")
    expect(answer.locator(".kutip-facts")).to_contain_text("24 dokumen")


def test_cancelling_leaves_what_was_finished(
    visit: Callable[..., Page], corpus: Corpus, tmp_path: Path
) -> None:
    """A long upload shows how far it is, and stops on request; what is done is listed."""
    path = tmp_path / "banyak.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(300):
            said = [f"Pada hari ke-{n} dan {m} {QUAKE}" for m in range(40)]
            archive.writestr(f"{n:03}.txt", article("gempa", *said))
    page = visit()
    documents(page)
    page.locator("#upload input[type=file]").set_input_files(path)
    expect(page.locator("#report")).to_contain_text(re.compile(r"File \d+ of 300"))
    expect(page.locator("#report progress")).to_be_visible()
    expect(page.locator("#report li", has_text="added").first).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#report")).to_contain_text("Cancelled; not added:")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    added = len(corpus.documents()) - 24
    assert 0 < added < 300
    expect(page.locator("#report")).to_contain_text(f"Added {added}, unchanged 0, failed 0.")
    expect(page.locator("#header")).to_contain_text(f"{24 + added} documents")
    assert corpus.check() == []


def test_on_a_phone_the_documents_fit(visit: Callable[..., Page]) -> None:
    """At 390 px nothing sticks out, and titles can be ticked."""
    page = visit(width=390, height=844)
    rows = documents(page)
    expect(rows.first).to_be_visible()
    browser.fits(page, 390)
    inside = "cells => cells.every(cell => cell.getBoundingClientRect().right <= 390)"
    assert rows.nth(0).locator("td").evaluate_all(inside)
    page.get_by_role("checkbox").nth(1).check()
    expect(page.get_by_role("button", name="Ask only these")).to_be_in_viewport()

"""Makes the pictures of the chat in docs/images: python benchmarks/screenshot.py [FOLDER]

Starts the app on a corpus of the sample articles, asks, and photographs:
``chat.png`` (wide), ``chat-dark.png``, ``chat-phone.png``, ``abstention.png``,
``said.png`` (who said what), ``documents.png`` and ``measure.png``. Needs Playwright and
a Chromium.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import ViewportSize, sync_playwright

import app
from qa.corpus import Corpus

ROOT = Path(__file__).resolve().parent.parent

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ENGLISH = "What did Jokowi say about data protection?"
INDONESIAN = "Apa kata Retno tentang diplomasi digital?"
SPEAKER = "Retno Marsudi"
UNANSWERED = "What did Angela Merkel say about data protection?"


def ask(page: Any, question: str) -> None:
    """Ask and wait until the whole answer is there."""
    answers = page.locator(".kutip-facts")
    count = answers.count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    answers.nth(count).wait_for()
    page.wait_for_timeout(700)  # the chat scrolls


def main(folder: Path) -> None:
    """Write every picture into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        tempfile.TemporaryDirectory() as place,
        Corpus.open(place) as corpus,
        sync_playwright() as playwright,
    ):
        corpus.add(ROOT / "seeds" / "articles")
        server = app.start(corpus, port=port)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )

        def visit(size: ViewportSize, **named: Any) -> Any:
            page = browser.new_page(viewport=size, **named)
            page.set_default_timeout(60_000)
            page.goto(f"http://127.0.0.1:{port}")
            page.locator("#chat .example").first.wait_for()
            return page

        page = visit(WIDE)
        ask(page, INDONESIAN)
        ask(page, ENGLISH)
        page.screenshot(path=folder / "chat.png")
        ask(page, UNANSWERED)
        page.screenshot(path=folder / "abstention.png")
        page.get_by_role("tab").nth(1).click()
        page.get_by_role("button", name=SPEAKER, exact=True).click()
        page.locator(".kutip-statement > summary").nth(1).click()
        page.wait_for_timeout(700)
        page.screenshot(path=folder / "said.png")
        page.get_by_role("tab").nth(2).click()
        page.wait_for_timeout(700)
        page.screenshot(path=folder / "documents.png")
        page.get_by_role("tab", name="Measure").click()
        page.locator("#measure-start").click()
        page.locator(".kutip-measured").wait_for(timeout=300_000)
        page.wait_for_timeout(700)
        page.screenshot(path=folder / "measure.png")

        page = visit(WIDE, color_scheme="dark")
        ask(page, ENGLISH)
        page.screenshot(path=folder / "chat-dark.png")

        page = visit(PHONE, locale="id-ID")
        ask(page, INDONESIAN)
        page.screenshot(path=folder / "chat-phone.png", full_page=True)
        browser.close()
        server.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")

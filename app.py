"""The chat in the browser: turns an ``Answer`` into messages and source cards.

Owns what is seen: layout, texts in English and Indonesian, escaping, the
context shown around a quote, and the list of documents. It knows nothing
about retrieval or reading: it calls ``qa.corpus.Corpus`` and draws what comes
back.

Two promises are kept here and nowhere else:

- Document text is hostile. Everything that comes out of a document, a file
  name or a question passes ``escape``, which leaves nothing that HTML,
  Markdown or LaTeX would act on.
- A quote is drawn only where it stands. ``document.text[start:end] == quote``
  is checked again while drawing; a citation that fails is left out, with the
  sentence of the answer that leaned on it.
"""

from __future__ import annotations

import inspect
import logging
import os
import re
import shutil
import socket
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal

from qa.answering import texts
from qa.answering.question import MAX_LENGTH
from qa.answering.verification import proven, stands
from qa.errors import KutipError
from qa.output import answer_json
from qa.types import Answer, Citation, Document, Generated, Hit, Place, Reason, Span

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus

# Gradio asks two hosts for news at launch unless told not to, and its Hub
# client sends usage figures; both read these once, on import.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


@contextmanager
def _without_stub_files() -> Iterator[None]:
    """Import Gradio without its rewriting of .pyi files, a third of the start-up time.

    Gradio does that for its own developers, on every start, for 81 classes; it
    skips a class whose source file cannot be found.
    """
    getfile = inspect.getfile

    def hidden(thing: Any) -> str:
        if sys._getframe(1).f_globals.get("__name__") == "gradio.component_meta":
            raise OSError
        return getfile(thing)

    inspect.getfile = hidden  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = getfile


with _without_stub_files():
    import gradio as gr
    from gradio.components.chatbot import ExampleMessage
    from gradio.events import api
    from starlette.middleware import Middleware


log = logging.getLogger(__name__)

MAX_UPLOAD = "200mb"
CONTEXT = 400  # characters shown either side of a quote
ARTICLE = 60_000  # characters of an opened article, around the quote
TURNS = 12  # earlier answers whose sources stay in the panel

# ---------------------------------------------------------------- texts

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "tagline": "Who said what, and where it is written.",
        "holds": "{n} documents{dates}",
        "chat": "Ask",
        "documents": "Documents",
        "question": "Question",
        "placeholder": "Ask in English or Indonesian, e.g. What did Jokowi say about…",
        "send": "Ask",
        "welcome": "Ask your documents. Every answer is a quote you can check.",
        "sources": "Sources",
        "sources_empty": "The articles behind an answer appear here, with the quote highlighted.",
        "earlier": "Earlier answers",
        "searching": "Searching {n} documents…",
        "checking": "Checking every quote against its article…",
        "searched": "Searched {n} documents",
        "writing": "Asking the language model; what it writes is checked…",
        "no_answer": "Not in the documents",
        "nearest": "Nearest passages — not an answer",
        "nearest_note": "The closest text found. It does not answer the question.",
        "speaker": "Speaker",
        "page": "p. {n}",
        "open": "Open the article",
        "cut": "(only the part around the quote is shown)",
        "back": "Back to the answer",
        "unverified": "A quote no longer matches its article and is not shown. "
        "Add the file again to refresh it.",
        "empty_question": "Please type a question.",
        "too_long": "The question has {n} characters; the limit is {limit}. Please shorten it.",
        "failed": "That did not work",
        "unexpected": "Something went wrong while searching. The terminal shows the details.",
        "upload": "Add files: drop them here or click",
        "add_report": "Added {added}, unchanged {unchanged}, failed {failed}.",
        "adding": "Reading {name}",
        "search_documents": "Documents in the corpus",
        "pick": "Click a document in the table to remove it.",
        "picked": "Selected:",
        "remove": "Remove from the corpus",
        "removed": "Removed: {title}",
        "col_title": "Title",
        "col_outlet": "Outlet",
        "col_date": "Date",
        "col_language": "Language",
        "col_passages": "Passages",
        "col_source": "File",
        "about": "What is written about “{title}”?",
        "no_documents": "No documents yet. Add some under Documents.",
    },
    "id": {
        "tagline": "Siapa berkata apa, dan di mana tertulis.",
        "holds": "{n} dokumen{dates}",
        "chat": "Tanya",
        "documents": "Dokumen",
        "question": "Pertanyaan",
        "placeholder": "Tanya dalam bahasa Indonesia atau Inggris, mis. Apa kata Jokowi tentang…",
        "send": "Tanya",
        "welcome": "Tanyai dokumen Anda. Setiap jawaban adalah kutipan yang bisa diperiksa.",
        "sources": "Sumber",
        "sources_empty": "Artikel di balik jawaban muncul di sini, dengan kutipan yang disorot.",
        "earlier": "Jawaban sebelumnya",
        "searching": "Menelusuri {n} dokumen…",
        "checking": "Mencocokkan setiap kutipan dengan artikelnya…",
        "searched": "{n} dokumen ditelusuri",
        "writing": "Bertanya kepada model bahasa; tulisannya akan diperiksa…",
        "no_answer": "Tidak ada di dokumen",
        "nearest": "Bagian terdekat — bukan jawaban",
        "nearest_note": "Teks terdekat yang ditemukan. Teks ini tidak menjawab pertanyaan.",
        "speaker": "Penutur",
        "page": "hlm. {n}",
        "open": "Buka artikel",
        "cut": "(hanya bagian di sekitar kutipan yang ditampilkan)",
        "back": "Kembali ke jawaban",
        "unverified": "Sebuah kutipan tidak lagi sama dengan artikelnya dan tidak ditampilkan. "
        "Tambahkan lagi berkasnya untuk memperbarui.",
        "empty_question": "Silakan ketik pertanyaan.",
        "too_long": "Pertanyaan ini {n} karakter; batasnya {limit}. Mohon dipersingkat.",
        "failed": "Itu tidak berhasil",
        "unexpected": "Terjadi kesalahan saat menelusuri. Rinciannya ada di terminal.",
        "upload": "Tambah berkas: seret ke sini atau klik",
        "add_report": "Ditambahkan {added}, tidak berubah {unchanged}, gagal {failed}.",
        "adding": "Membaca {name}",
        "search_documents": "Dokumen dalam korpus",
        "pick": "Klik dokumen di tabel untuk menghapusnya.",
        "picked": "Dipilih:",
        "remove": "Hapus dari korpus",
        "removed": "Dihapus: {title}",
        "col_title": "Judul",
        "col_outlet": "Media",
        "col_date": "Tanggal",
        "col_language": "Bahasa",
        "col_passages": "Bagian",
        "col_source": "Berkas",
        "about": "Apa isi berita “{title}”?",
        "no_documents": "Belum ada dokumen. Tambahkan di tab Dokumen.",
    },
}

# Questions shown when the sample article (by file name) is in the corpus.
SAMPLE_QUESTIONS = {
    "jokowi-keamanan-siber-asean": "What did Jokowi say about data protection?",
    "tiga-langkah-retno-diplomasi-digital": "Apa tiga langkah diplomasi digital menurut Retno?",
    "larangan-ekspor-bijih-nikel": "How did Jokowi react to losing the nickel dispute?",
    "kereta-cepat-whoosh-jakarta-bandung": "Apa kepanjangan Whoosh?",
    "masa-transisi-uu-pdp-berakhir": "Sudahkah lembaga pengawas data pribadi berdiri?",
    "jetp-transisi-energi-20-miliar": "How are the 20 billion dollars for energy divided?",
}


LABELS = gr.I18n(**TEXTS)  # for what the browser translates itself


def say(language: str, key: str, **values: object) -> str:
    """The text *key* in *language*, or in English where there is none."""
    return TEXTS.get(language, TEXTS["en"])[key].format(**values)


def language_of(request: gr.Request | None) -> str:
    """The language of the interface: the browser's first choice, if it is one of ours."""
    header = request.headers.get("accept-language", "") if request else ""
    first = header.split(",")[0].split("-")[0].strip().lower()
    return first if first in TEXTS else "en"


# ---------------------------------------------------------------- escaping

# Direction overrides can make a quote read as something it does not say.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Every ASCII sign: the signs of HTML, Markdown, LaTeX, e-mail and web addresses.
_SIGN = re.compile(r"[!-/:-@\[-`{-~\t\n]")


def escape(text: str) -> str:
    """*text* as HTML that shows it and does nothing else.

    Every ASCII sign becomes a numeric character reference, which neither HTML
    nor Markdown takes for markup (CommonMark 0.31, section 2.5). Line ends too,
    so that a block stays one line for Markdown. Direction overrides and control
    characters become a visible replacement character.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", _UNSAFE.sub("\ufffd", text))


# ---------------------------------------------------------------- the text around a quote


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text to draw. ``gap`` stands for text left out and has none."""

    kind: Literal["text", "quote", "furniture", "gap"]
    text: str = ""


_BREAK = re.compile(r"\n\s*\n|(?<=[.!?…”\"])\s+")


def _first_break(text: str) -> int:
    """Where to start reading *text*: after its first paragraph, sentence or word break."""
    found = _BREAK.search(text) or re.search(r"\s+", text)
    return found.end() if found else 0


def _last_break(text: str) -> int:
    """Where to stop reading *text*: at its last paragraph, sentence or word break."""
    breaks = [found.start() for found in _BREAK.finditer(text)]
    breaks = breaks or [found.start() for found in re.finditer(r"\s+", text)]
    return breaks[-1] if breaks else len(text)


def _pieces(document: Document, start: int, end: int) -> list[Piece]:
    """``document.text[start:end]`` split where furniture begins and ends."""
    pieces = []
    position = start
    for span in sorted(document.furniture):
        low, high = max(span.start, position), min(span.end, end)
        if low >= high:
            continue
        if position < low:
            pieces.append(Piece("text", document.text[position:low]))
        pieces.append(Piece("furniture", document.text[low:high]))
        position = high
    if position < end:
        pieces.append(Piece("text", document.text[position:end]))
    return pieces


def around(document: Document, span: Span, width: int = CONTEXT) -> list[Piece]:
    """The quote at *span* with up to *width* characters either side.

    Cut at a paragraph, sentence or word; furniture and whatever is cut off
    become one gap each.
    """
    text = document.text
    low, high = max(0, span.start - width), min(len(text), span.end + width)
    if low > 0:
        low += _first_break(text[low : span.start])
    if high < len(text):
        high = span.end + _last_break(text[span.end : high])
    pieces = [Piece("gap")] if text[:low].strip() else []
    pieces += _pieces(document, low, span.start)
    pieces.append(Piece("quote", span.of(text)))
    pieces += _pieces(document, span.end, high)
    pieces += [Piece("gap")] if text[high:].strip() else []
    return _with_gaps(pieces)


def _with_gaps(pieces: Sequence[Piece]) -> list[Piece]:
    """*pieces* with furniture turned into gaps, and neighbouring gaps into one."""
    shown: list[Piece] = []
    for piece in pieces:
        if piece.kind == "furniture":
            piece = Piece("gap") if piece.text.strip() else Piece("text", piece.text)
        blank = piece.kind == "text" and not piece.text.strip()
        if shown and shown[-1].kind == "gap" and (piece.kind == "gap" or blank):
            continue
        if piece.kind == "gap" and shown and shown[-1].kind == "text":
            shown[-1] = Piece("text", shown[-1].text.rstrip())
        if piece.kind == "text" and [before.kind for before in shown] == ["gap"]:
            piece = Piece("text", piece.text.lstrip())
        shown.append(piece)
    return shown


def whole(document: Document, span: Span, limit: int = ARTICLE) -> list[Piece]:
    """The whole article with the quote at *span*, furniture marked as such.

    An article longer than *limit* is cut to *limit* characters around the quote.
    """
    low = max(0, min(span.start - limit // 2, len(document.text) - limit))
    high = max(span.end, min(len(document.text), low + limit))
    return [
        *([Piece("gap")] if low else []),
        *_pieces(document, low, span.start),
        Piece("quote", span.of(document.text)),
        *_pieces(document, span.end, high),
        *([Piece("gap")] if high < len(document.text) else []),
    ]


# ---------------------------------------------------------------- HTML

_TAGS = {
    "text": "{}",
    "quote": "<mark>{}</mark>",
    "furniture": '<span class="kutip-furniture">{}</span>',
    "gap": '<span class="kutip-gap"> … </span>',
}


def draw(pieces: Sequence[Piece]) -> str:
    """*pieces* as HTML, runs of empty lines drawn as one."""
    return "".join(
        _TAGS[piece.kind].format(escape(re.sub(r"\n\s*\n", "\n\n", piece.text))) for piece in pieces
    )


def _where(
    title: str, outlet: str | None, published: date | None, page: int | None, language: str
) -> str:
    """The heading of a card: title, then outlet, date and page."""
    facts = [
        escape(outlet) if outlet else "",
        texts.day(published, language) if published else "",
        say(language, "page", n=page) if page else "",
    ]
    line = " · ".join(fact for fact in facts if fact)
    return f"<h3>{escape(title)}</h3>" + (f'<p class="kutip-where">{line}</p>' if line else "")


def _file_line(source: str) -> str:
    return f'<p class="kutip-file" title="{escape(source)}">{escape(PurePath(source).name)}</p>'


def _article(document: Document, span: Span, language: str) -> str:
    """The article behind a card, closed until asked for."""
    cut = f"<p>{say(language, 'cut')}</p>" if len(document.text) > ARTICLE else ""
    return (
        f"<details><summary>{say(language, 'open')}</summary>{cut}"
        f'<div class="kutip-article" lang="{escape(document.language)}" tabindex="0">'
        f"{draw(whole(document, span))}</div></details>"
    )


def card(
    citation: Citation, document: Document, *, turn: int, language: str, note: str = ""
) -> str:
    """The source card of a proven *citation*, in answer number *turn*.

    *note*: what has become of the file that the document was read from.
    """
    span = Span(citation.start, citation.end)
    speaker = (
        f'<p class="kutip-speaker"><span>{say(language, "speaker")}</span> '
        f"{escape(citation.speaker)}</p>"
        if citation.speaker
        else ""
    )
    also = (
        f'<p class="kutip-where">{escape(texts.also(citation.also, language))}</p>'
        if citation.also
        else ""
    )
    return (
        f'<article class="kutip-card" id="kutip-{turn}-{citation.n}" tabindex="-1">'
        f'<header><a class="kutip-n" href="#kutip-{turn}" '
        f'title="{say(language, "back")}">{citation.n}</a><div>'
        + _where(citation.title, citation.outlet, citation.published, citation.page, language)
        + f"</div></header>{speaker}"
        f'<blockquote lang="{escape(document.language)}">{draw(around(document, span))}'
        f"</blockquote>{also}{_file_line(citation.source)}"
        + (f'<p class="kutip-warning">{escape(note)}</p>' if note else "")
        + f"{_article(document, span, language)}"
        "</article>"
    )


def near_card(hit: Hit, document: Document, language: str) -> str:
    """A passage close to a question that was not answered: no number, no highlight."""
    span = hit.passage.span
    pieces = _with_gaps(_pieces(document, span.start, span.end))
    page = document.page_of(span.start)
    return (
        '<article class="kutip-card kutip-near"><header><div>'
        + _where(document.title, document.outlet, document.published, page, language)
        + f'</div></header><blockquote lang="{escape(document.language)}">{draw(pieces)}'
        f"</blockquote>{_file_line(document.source)}</article>"
    )


def still(citation: Citation, corpus: Corpus) -> Citation:
    """*citation* with only those other places where its words stand at this moment."""

    def holds(place: Place) -> bool:
        try:
            return stands(citation.quote, place, corpus.document(place.document_id))
        except KutipError:  # removed since
            return False

    return replace(citation, also=tuple(filter(holds, citation.also)))


def paragraphs(answer: Answer, shown: Sequence[Citation], turn: int) -> list[str]:
    """The answer's text as HTML paragraphs, quotes set off, ``[n]`` linked to its card.

    A paragraph that leans on a citation not in *shown* is left out.
    """
    kept = {citation.n for citation in shown}
    quotes = {citation.quote: citation.n in kept for citation in answer.citations}
    longest_first = sorted((re.escape(quote) for quote in quotes if quote), key=len, reverse=True)
    # Quotes come first, so that "[1]" inside a quote is not taken for a mark.
    token = re.compile("|".join([*(f"(?:{quote})" for quote in longest_first), r"\[(\d+)\]", "\n"]))
    result: list[str] = []
    html, sound, position = "", True, 0
    for found in [*token.finditer(answer.text), None]:
        html += escape(answer.text[position : found.start() if found else None])
        if found is None or found[0] == "\n":
            if html.strip() and sound:
                result.append(f"<p>{html.strip()}</p>")
            html, sound = "", True
        elif found[1]:
            number = int(found[1])
            cited = any(citation.n == number for citation in answer.citations)
            sound = sound and (number in kept or not cited)
            html += (
                f'<a class="kutip-n" href="#kutip-{turn}-{number}">{number}</a>'
                if number in kept
                else escape(found[0])
            )
        else:
            sound = sound and quotes[found[0]]
            html += f'<span class="kutip-quote">{escape(found[0])}</span>'
        position = found.end() if found else position
    return result


def written(made: Generated, shown: Collection[int], turn: int, language: str) -> str:
    """What a language model made of the quotes: sound sentences, and the rest struck out.

    *shown*: the numbers that have a card to link to.
    """

    def linked(text: str) -> str:
        # Escaped, "[1]" reads "&#91;1&#93;".
        return re.sub(
            r"&#91;(\d{1,4})&#93;",
            lambda mark: (
                f'<a class="kutip-n" href="#kutip-{turn}-{mark[1]}">{mark[1]}</a>'
                if int(mark[1]) in shown
                else mark[0]
            ),
            escape(text),
        )

    lines = [f'<p class="kutip-facts">{escape(texts.generated(made, language))}</p>']
    for sentence in made.sentences:
        if sentence.struck:
            why = escape(texts.objections(sentence.objections, language))
            lines.append(f"<p><del>{escape(sentence.text)}</del> <small>({why})</small></p>")
        else:
            lines.append(f"<p>{linked(sentence.text)}</p>")
    return f'<div class="kutip-written">{"".join(lines)}</div>'


@dataclass(frozen=True, slots=True)
class View:
    """An answer ready to be shown: the bubble in the chat and the cards beside it.

    ``shown``: the numbers of the citations that have a card.
    """

    paragraphs: tuple[str, ...]
    footer: str
    abstained: bool
    turn: int
    panel: str
    shown: tuple[int, ...] = ()

    def bubble(self, count: int | None = None, below: str = "") -> str:
        """The first *count* paragraphs, or all of them with the footer; *below* them, more HTML.

        One HTML block without line ends, which Markdown hands on untouched.
        """
        kind = "kutip-answer kutip-abstained" if self.abstained else "kutip-answer"
        body = "".join(self.paragraphs[:count]) + (self.footer if count is None else "")
        return f'<div class="{kind}" id="kutip-{self.turn}" tabindex="-1">{body}{below}</div>'


def view(answer: Answer, corpus: Corpus, turn: int) -> View:
    """Check every quote of *answer* against the store, and draw what holds."""
    language = answer.language
    documents: dict[str, Document] = {}
    for citation in answer.citations:
        if citation.document_id not in documents:
            try:
                documents[citation.document_id] = corpus.document(citation.document_id)
            except KutipError:  # removed since: the quote cannot be shown to stand anywhere
                log.warning("no document %s for %s", citation.document_id, citation)
    shown = [
        still(citation, corpus)
        for citation in answer.citations
        if citation.document_id in documents and proven(citation, documents[citation.document_id])
    ]
    text = paragraphs(answer, shown, turn)
    if answer.reason is Reason.EMPTY_CORPUS:  # the answer's own words are about the terminal
        text = [f"<p>{say(language, 'no_documents')}</p>"]
    if answer.abstained:
        text.insert(0, f'<p class="kutip-badge">{say(language, "no_answer")}</p>')
    if len(shown) < len(answer.citations):
        text.append(f'<p class="kutip-warning" role="alert">{say(language, "unverified")}</p>')
    cards = [
        card(
            citation,
            documents[citation.document_id],
            turn=turn,
            language=language,
            note=texts.file_note(corpus.proof(citation.quote, citation), language),
        )
        for citation in shown
    ]
    if answer.abstained and answer.nearest:
        cards.append(
            f'<div class="kutip-near-head"><h3>{say(language, "nearest")}</h3>'
            f"<p>{say(language, 'nearest_note')}</p></div>"
        )
        cards += [
            near_card(h, corpus.document(h.passage.document_id), language) for h in answer.nearest
        ]
    return View(
        paragraphs=tuple(text),
        footer=f'<p class="kutip-facts">{escape(texts.coverage(answer.coverage, language))}</p>',
        abstained=answer.abstained,
        turn=turn,
        panel=f'<section><p class="kutip-asked">{escape(answer.question)}</p>'
        + "".join(cards)
        + "</section>",
        shown=tuple(citation.n for citation in shown),
    )


def notice(text: str, language: str) -> str:
    """A message about something that went wrong, for a bubble or the documents tab."""
    return (
        f'<div class="kutip-answer kutip-failed" role="alert"><p class="kutip-badge">'
        f"{say(language, 'failed')}</p><p>{escape(text)}</p></div>"
    )


def explain(error: Exception, language: str) -> str:
    """What to tell the user about *error*: its own words if they were meant for users."""
    if isinstance(error, KutipError):
        return notice(str(error), language)
    log.error("unexpected error", exc_info=error)
    return notice(say(language, "unexpected"), language)


def panel(views: Sequence[str], language: str) -> str:
    """The sources of the newest answer, and those of earlier ones, closed."""
    if not views:
        return f'<p class="kutip-empty">{say(language, "sources_empty")}</p>'
    earlier = "".join(reversed(views[:-1]))
    return views[-1] + (
        f'<details class="kutip-earlier"><summary>{say(language, "earlier")}</summary>'
        f"{earlier}</details>"
        if earlier
        else ""
    )


# ---------------------------------------------------------------- what happens on events


def examples(corpus: Corpus, language: str = "en", most: int = 4) -> list[str]:
    """Questions to start with: those of the sample articles, else one per newest title."""
    listed = corpus.documents()
    here = {PurePath(document.source).stem for document in listed}
    found = [question for stem, question in SAMPLE_QUESTIONS.items() if stem in here]
    if not found:
        newest = sorted(listed, key=lambda d: d.published or date.min, reverse=True)
        found = [say(language, "about", title=d.title) for d in newest if d.title]
    return found[:most]


def keep_upload(path: Path, folder: Path) -> Path:
    """A copy of an uploaded file in *folder*, never over another file of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists() and target.read_bytes() != path.read_bytes():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    shutil.copyfile(path, target)
    return target


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one browser tab has asked: messages, and the sources of each answer."""

    messages: tuple[gr.ChatMessage, ...] = ()
    panels: tuple[str, ...] = ()
    turns: int = 0


class Desk:
    """Answers the events of the page; holds the corpus, and the address of a language model."""

    def __init__(self, corpus: Corpus, endpoint: Endpoint | None = None) -> None:
        self.corpus = corpus
        self.endpoint = endpoint
        # A browser uploads to a folder that Gradio empties; the corpus must
        # name a file that stays.
        self.uploads = Path(corpus.path) / "uploads"

    def ask_json(self, question: str) -> dict[str, Any]:
        """Answer a question with verbatim, cited quotes; the JSON of ``kutip ask --json``."""
        try:
            return answer_json(self.generated(self.corpus.ask(question)))
        except (KutipError, ValueError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    def generated(self, answer: Answer) -> Answer:
        """*answer* with what the language model makes of its quotes, where there is a model."""
        if self.endpoint is None:
            return answer
        from qa.answering.generation import generate

        return generate(answer, self.corpus, self.endpoint)

    def load(self, request: gr.Request) -> tuple[str, Any, Any]:
        """Fill the page when it opens: header, examples, table."""
        language = language_of(request)
        suggested: list[ExampleMessage] = [
            {"text": question} for question in examples(self.corpus, language)
        ]
        return self.header(language), gr.Chatbot(examples=suggested), self.table(language)

    def header(self, language: str) -> str:
        holds, line = self.corpus.coverage(), say(language, "no_documents")
        if holds.documents:
            days = [day for day in (holds.published_from, holds.published_to) if day]
            dates = " – ".join(texts.day(day, language) for day in days)
            line = say(language, "holds", n=holds.documents, dates=dates and f", {dates}")
        return (
            f'<div class="kutip-brand"><h1>Kutip</h1><span>{say(language, "tagline")}</span></div>'
            f'<p class="kutip-coverage">{line}</p>'
        )

    def table(self, language: str) -> Any:
        """The list of documents; the id comes last, for ``select``."""
        columns = ("title", "outlet", "date", "language", "passages", "source")
        rows = [
            [
                d.title,
                d.outlet or "",
                d.published.isoformat() if d.published else "",
                d.language,
                d.passages,
                PurePath(d.source).name,
                d.id,
            ]
            for d in self.corpus.documents()
        ]
        headers = [*(say(language, f"col_{column}") for column in columns), "ID"]
        return gr.Dataframe(value=rows, headers=headers)

    def respond(
        self, question: str, talk: Conversation, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Stream one answer: (question box, chat, sources, conversation)."""
        language = language_of(request)
        question = question.strip()
        if not question or len(question) > MAX_LENGTH:
            message = say(language, "empty_question")
            if question:
                message = say(language, "too_long", n=len(question), limit=MAX_LENGTH)
            gr.Warning(message, title="Kutip")
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return

        turn = talk.turns + 1
        asked = gr.ChatMessage(role="user", content=f"<div>{escape(question)}</div>")
        before = [*talk.messages, asked]
        try:
            known = self.corpus.coverage().documents
            yield "", [*before, step(say(language, "searching", n=known))], gr.skip(), gr.skip()
            answer = self.corpus.ask(question)
            yield gr.skip(), [*before, step(say(language, "checking"))], gr.skip(), gr.skip()
            seen = view(answer, self.corpus, turn)
        except Exception as error:
            failed = gr.ChatMessage(role="assistant", content=explain(error, language))
            messages = (*before, failed)
            yield (
                gr.skip(),
                list(messages),
                gr.skip(),
                Conversation(messages, talk.panels, turn),
            )
            return

        before.append(
            step(
                say(answer.language, "searched", n=answer.coverage.documents),
                answer.timings,
            )
        )
        panels = (*talk.panels, seen.panel)[-TURNS:]
        sources = panel(panels, answer.language)
        for count in range(1, len(seen.paragraphs)):
            part = gr.ChatMessage(role="assistant", content=seen.bubble(count))
            yield gr.skip(), [*before, part], sources if count == 1 else gr.skip(), gr.skip()
        below = ""
        if self.endpoint is not None and not answer.abstained:
            # The quotes do not wait for the model.
            quotes = gr.ChatMessage(role="assistant", content=seen.bubble())
            waiting = step(say(language, "writing"))
            yield gr.skip(), [*before, quotes, waiting], sources, gr.skip()
            if made := self.generated(answer).generated:
                below = written(made, seen.shown, turn, answer.language)
        messages = (*before, gr.ChatMessage(role="assistant", content=seen.bubble(below=below)))
        yield gr.skip(), list(messages), sources, Conversation(messages, panels, turn)

    def clear(self, request: gr.Request) -> tuple[str, Conversation]:
        return panel([], language_of(request)), Conversation()

    def add(
        self,
        files: list[str] | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio's own convention
    ) -> tuple[Any, str, Any, str]:
        """Add uploaded files: (upload box, report, table, header)."""
        language = language_of(request)
        try:
            kept = [keep_upload(Path(file), self.uploads) for file in files or []]
            report = self.corpus.add(
                *kept,
                progress=lambda done, total, name: progress(
                    (done, total), desc=say(language, "adding", name=PurePath(name).name)
                ),
            )
        except Exception as error:
            return None, explain(error, language), gr.skip(), gr.skip()
        counts = say(
            language,
            "add_report",
            added=len(report.added) + len(report.replaced),
            unchanged=len(report.unchanged) + len(report.copies),
            failed=len(report.failed),
        )
        problems = "".join(
            f"<li><b>{escape(PurePath(e.path).name)}</b>: {escape(e.problem)}; "
            f"{escape(e.remedy)}</li>"
            for e in report.failed
        )
        # What did not become a document of its own is not kept.
        for useless in [*(e.path for e in report.failed), *(source for source, _ in report.copies)]:
            self._discard(useless)
        html = f'<div class="kutip-report" role="status"><p>{counts}</p><ul>{problems}</ul></div>'
        return None, html, self.table(language), self.header(language)

    def _discard(self, source: str) -> None:
        """Delete *source* if it is a copy that ``add`` made."""
        path = Path(source).resolve()
        if path.parent == self.uploads.resolve():
            path.unlink(missing_ok=True)

    def select(self, event: gr.SelectData, request: gr.Request) -> tuple[str, str, Any]:
        """A click in the table: (chosen id, what was chosen, remove button)."""
        language = language_of(request)
        row = event.row_value or [""]
        chosen = (
            f'<p class="kutip-picked">{say(language, "picked")} <b>{escape(str(row[0]))}</b></p>'
        )
        return str(row[-1]), chosen, gr.Button(interactive=True)

    def remove(self, chosen: str, request: gr.Request) -> tuple[str, str, Any, Any, str]:
        """Remove the chosen document: (chosen id, report, remove button, table, header)."""
        language = language_of(request)
        try:
            document = self.corpus.document(chosen)
            self.corpus.remove(chosen)
        except Exception as error:
            return "", explain(error, language), gr.Button(interactive=False), gr.skip(), gr.skip()
        self._discard(document.source)
        done = escape(document.title or document.source)
        return (
            "",
            f'<p class="kutip-picked" role="status">{say(language, "removed", title=done)}</p>',
            gr.Button(interactive=False),
            self.table(language),
            self.header(language),
        )


def step(title: str, timings: Mapping[str, float] | None = None) -> gr.ChatMessage:
    """A line that says what is being done, or (with *timings*, in ms) what was."""
    if timings is None:
        return gr.ChatMessage(content="", metadata={"title": title, "status": "pending"})
    stages = " · ".join(
        f"{escape(stage)} {spent:.0f} ms" for stage, spent in timings.items() if stage != "total"
    )
    return gr.ChatMessage(
        content=f"<div>{stages}</div>",
        metadata={
            "title": title,
            "status": "done",
            "duration": round(timings.get("total", 0.0) / 1000, 2),
        },
    )


# ---------------------------------------------------------------- the page


def build(corpus: Corpus, endpoint: Endpoint | None = None) -> gr.Blocks:
    """The page over *corpus*; ``serve`` starts it."""
    from qa.ingest import SUFFIXES

    desk = Desk(corpus, endpoint)
    private: Any = {"api_visibility": "private"}
    page: gr.Blocks = gr.Blocks(title="Kutip", fill_width=True, delete_cache=(3600, 3600))
    with page:
        header = gr.HTML(elem_id="header")
        talk = gr.State(Conversation())
        with gr.Tab(LABELS("chat")), gr.Row(elem_id="desk"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    label=LABELS("chat"),
                    placeholder=str(LABELS("welcome")),  # the browser translates it
                    height="calc(100dvh - 270px)",
                    buttons=[],
                    layout="bubble",
                    latex_delimiters=[],
                    allow_tags=False,
                    sanitize_html=True,
                    feedback_options=None,
                )
                question = gr.Textbox(
                    elem_id="question",
                    label=LABELS("question"),
                    show_label=False,
                    placeholder=LABELS("placeholder"),
                    submit_btn=True,
                    lines=1,
                    max_lines=5,
                    autofocus=True,
                )
            with gr.Column(scale=2, min_width=320, elem_id="sources-column"):
                gr.HTML(
                    html_template="<h2>${value}</h2>",
                    value=LABELS("sources"),
                    elem_id="sources-title",
                )
                sources = gr.HTML(value=LABELS("sources_empty"), elem_id="sources")
        with gr.Tab(LABELS("documents")):
            upload = gr.File(
                label=LABELS("upload"),
                file_count="multiple",
                file_types=sorted(SUFFIXES),
                height=130,
                elem_id="upload",
            )
            report = gr.HTML(elem_id="report")
            table = gr.Dataframe(
                label=LABELS("search_documents"),
                interactive=False,
                datatype="str",
                show_search="search",
                max_height=420,
                column_widths=["410px", "190px", "105px", "110px", "105px", "285px", "160px"],
                elem_id="documents",
                buttons=[],
            )
            chosen = gr.State("")
            with gr.Row(elem_id="removal"):
                picked = gr.HTML(value=LABELS("pick"), elem_id="picked")
                remove = gr.Button(
                    LABELS("remove"), variant="stop", interactive=False, scale=0, min_width=260
                )

        asking: Any = {
            "fn": desk.respond,
            "inputs": [question, talk],
            "outputs": [question, chat, sources, talk],
            "show_progress": "hidden",
            "concurrency_limit": 4,
            "concurrency_id": "ask",
        }
        page.load(desk.load, None, [header, chat, table], show_progress="hidden", **private)
        question.submit(**asking, **private)
        chat.example_select(_example_text, None, question, show_progress="hidden", **private).then(
            **asking, **private
        )
        chat.clear(desk.clear, None, [sources, talk], show_progress="hidden", **private)
        upload.upload(desk.add, upload, [upload, report, table, header], **private)
        table.select(desk.select, None, [chosen, picked, remove], show_progress="hidden", **private)
        remove.click(
            desk.remove,
            chosen,
            [chosen, picked, remove, table, header],
            show_progress="hidden",
            **private,
        )
        api(desk.ask_json, api_name="ask", concurrency_limit=4, concurrency_id="ask")
    return page


def _example_text(event: gr.SelectData) -> str:
    return str(event.value["text"])


def serve(
    corpus: Corpus,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
) -> None:
    """Show the chat on ``http://host:port`` until interrupted. Nothing is shared or fetched.

    *endpoint*: a language model to ask about every answer; see ``qa.answering.generation``.
    """
    page = start(corpus, host=host, port=port, open_browser=open_browser, endpoint=endpoint)
    print(f"Kutip: {page.local_url} (Ctrl+C stops it)", flush=True)
    page.block_thread()


def start(
    corpus: Corpus,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    endpoint: Endpoint | None = None,
) -> gr.Blocks:
    """Start the page in the background; ``close()`` on what is returned stops it.

    Raises ``KutipError`` where *port* is taken.
    """
    try:
        # Gradio would say this too, but leave a trail of half-opened things.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise KutipError(f"{host}:{port}: cannot listen there; choose another port") from error
    page = build(corpus, endpoint)
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        share=False,
        ssr_mode=False,  # would start a Node server where there is one
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        quiet=True,
        show_error=False,
        max_file_size=MAX_UPLOAD,
        footer_links=["api", "settings"],
        prevent_thread_lock=True,
        theme=_theme(),
        css=CSS,
        head=f"<script>{SCRIPT}</script>",
        i18n=LABELS,
        app_kwargs={"middleware": [Middleware(LocalOnly)]},
    )
    return page


class LocalOnly:
    """Tells the browser to load from and send to this server alone.

    A second wall behind ``escape``: Gradio's page needs inline scripts, but
    nothing on it may reach another host.
    """

    POLICY = (
        b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
        b"base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    )
    HEADERS = (
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.HEADERS]
            await send(message)

        await self.app(scope, receive, guarded)


def _theme() -> gr.themes.Base:
    """Gradio's default look in the fonts the system has."""
    theme = gr.themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "Liberation Mono", "monospace"],
    )
    # Gradio's grey on white is too pale for small text (WCAG AA asks for 4.5 to 1).
    return theme.set(
        color_accent="*primary_700",
        input_placeholder_color="*neutral_500",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_300",
    )


CSS = """
.gradio-container > main { width: 100%; max-width: 1500px; margin: 0 auto; }
.dark { --color-accent: var(--primary-400); }
footer { margin-top: .5rem !important; }
#header .html-container, #sources-title .html-container { padding: 0 2px; }
#header .kutip-brand { display: flex; align-items: baseline; gap: .75rem; flex-wrap: wrap; }
#header h1 { font-size: 1.5rem; font-weight: 700; letter-spacing: -.02em; margin: 0; }
#header span, .kutip-coverage { color: var(--body-text-color-subdued); }
.kutip-coverage { font-size: .85rem; margin: 0; }

#desk { gap: 1.5rem; }
#sources-column { gap: .5rem; }
#sources-title h2 { font-size: 1.05rem; margin: 0; }
#sources { max-height: calc(100dvh - 232px); overflow-y: auto !important; }
#sources .html-container { padding: 0 6px 0 2px; }
#sources .kutip-empty { color: var(--body-text-color-subdued); }
#chat .md { opacity: 1; }
#chat .examples { grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); }
#documents span, #documents input { font-family: var(--font) !important; }
.kutip-asked { font-weight: 600; margin: 0 0 .75rem; }
.kutip-card {
  border: 1px solid var(--border-color-primary); border-radius: 10px;
  background: var(--background-fill-primary); padding: .9rem 1rem; margin-bottom: .9rem;
  scroll-margin: 12px; overflow-wrap: anywhere;
}
.kutip-card:focus, .kutip-answer:focus {
  outline: 2px solid var(--color-accent); outline-offset: 2px;
}
.kutip-card header { display: flex; gap: .65rem; align-items: flex-start; }
.kutip-card h3 { margin: 0; font-size: 1rem; line-height: 1.35; }
.kutip-where, .kutip-file, .kutip-facts {
  color: var(--body-text-color-subdued); font-size: .85rem; margin: .15rem 0 0;
}
.kutip-speaker { margin: .5rem 0 0; font-size: .9rem; font-weight: 600; }
.kutip-speaker span { font-weight: 400; color: var(--body-text-color-subdued); }
#sources .kutip-card p { margin-bottom: 0; }
#sources .kutip-card blockquote {
  white-space: pre-line; margin: .6rem 0; padding: 0 0 0 .8rem; font-style: normal;
  border-left: 3px solid var(--border-color-primary); line-height: 1.6;
  color: var(--body-text-color); font-size: .95rem;
}
.kutip-card mark {
  background: #fde68a; color: #1c1917; padding: .1em .15em; border-radius: 3px;
  box-decoration-break: clone; -webkit-box-decoration-break: clone;
}
.kutip-gap { color: var(--body-text-color-subdued); }
.kutip-furniture { opacity: .45; font-size: .88em; }
.kutip-card summary, .kutip-earlier summary {
  cursor: pointer; font-size: .9rem; color: var(--link-text-color); margin-top: .4rem;
}
.kutip-article {
  white-space: pre-line; max-height: 26rem; overflow-y: auto; line-height: 1.6; font-size: .93rem;
  margin-top: .5rem; padding: .75rem; border-radius: 8px;
  background: var(--background-fill-secondary);
}
a.kutip-n {
  display: inline-flex; align-items: center; justify-content: center; flex: none;
  min-width: 1.45em; height: 1.45em; padding: 0 .3em; border-radius: .75em; font-size: .8rem;
  font-weight: 700; text-decoration: none !important; vertical-align: .1em;
  background: var(--primary-700); color: #fff !important;
}
.kutip-answer p { margin: 0 0 .7rem; white-space: pre-line; line-height: 1.6; }
.kutip-answer p:last-child { margin-bottom: 0; }
.kutip-answer .kutip-quote { border-bottom: 2px solid #fbbf24; }
.kutip-written {
  margin-top: .9rem; padding-top: .7rem; border-top: 1px solid var(--border-color-primary);
}
.kutip-written del, .kutip-written small { color: var(--body-text-color-subdued); }
.kutip-abstained, .kutip-failed { border-left: 4px solid #b45309; padding-left: .9rem; }
.kutip-failed { border-color: #b91c1c; }
.kutip-badge { font-weight: 700; color: #b45309; }
.dark .kutip-badge { color: #fbbf24; }
.kutip-failed .kutip-badge { color: #b91c1c; }
.dark .kutip-failed .kutip-badge { color: #fca5a5; }
.kutip-warning { color: #b45309; font-weight: 600; }
.dark .kutip-warning { color: #fbbf24; }
.kutip-near-head { margin-bottom: .75rem; }
.kutip-near-head h3 { margin: 0; color: #b45309; }
.dark .kutip-near-head h3 { color: #fbbf24; }
.kutip-near-head p { margin: .2rem 0 0; color: var(--body-text-color-subdued); font-size: .9rem; }
.kutip-near { border-style: dashed; background: transparent; }
.kutip-near blockquote { color: var(--body-text-color-subdued); }
.kutip-report ul { margin: .3rem 0 0 1.2rem; }

@media (max-width: 768px) {
  #chat { height: 62dvh !important; }
  #sources { max-height: none; }
  #removal { flex-direction: column; }
}
"""

# [n] goes to its card and back: the page's base address would turn a plain
# anchor into a new page load, and a card may sit in a closed section.
SCRIPT = """
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a[href^="#kutip-"]');
  const target = link && document.getElementById(link.getAttribute('href').slice(1));
  if (!link) return;
  event.preventDefault();
  if (!target) return;
  for (let fold = target.closest('details'); fold; fold = fold.parentElement.closest('details'))
    fold.open = true;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({behavior: calm ? 'auto' : 'smooth', block: 'start'});
  target.focus({preventScroll: true});
});
document.addEventListener('toggle', event => {
  const mark = event.target.open && event.target.querySelector(':scope > .kutip-article mark');
  if (mark) mark.scrollIntoView({block: 'center'});
}, true);
"""

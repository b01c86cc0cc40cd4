"""Answers, quotes and errors as HTML.

Two promises are kept here and nowhere else:

- Document text is hostile. Everything that comes out of a document, a file
  name or a question passes ``escape``, which leaves nothing that HTML,
  Markdown or LaTeX would act on.
- A quote is drawn only where it stands. ``document.text[start:end] == quote``
  is checked again while drawing; a citation that fails is left out, with the
  sentence of the answer that leaned on it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING

from qa.answering import texts
from qa.answering.verification import proven, stands
from qa.chat.excerpts import ARTICLE, Piece, around, whole, within, words_in
from qa.chat.problems import of_list
from qa.chat.wording import TEXTS, say
from qa.errors import BadFilter, DatasetError, DocumentNotFound, KutipError
from qa.output import inert
from qa.types import (
    Answer,
    Citation,
    Document,
    Filter,
    FilterKey,
    Generated,
    Hit,
    Match,
    Place,
    Reason,
    Span,
)

if TYPE_CHECKING:
    from qa.corpus import Corpus

log = logging.getLogger(__name__)

# Every ASCII sign: the signs of HTML, Markdown, LaTeX, e-mail and web addresses.
_SIGN = re.compile(r"[!-/:-@\[-`{-~\t\n]")


def plain(text: str) -> str:
    """*text* with what would change how it reads, overrides and control characters, made visible.

    For what shows a text as text; HTML needs ``escape``.
    """
    return inert(text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """*text* as HTML that shows it and does nothing else.

    Every ASCII sign becomes a numeric character reference, which neither HTML
    nor Markdown takes for markup (CommonMark 0.31, section 2.5). Line ends too,
    so that a block stays one line for Markdown. Direction overrides and control
    characters become a visible replacement character.
    """
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", plain(text))


_TAGS = {
    "text": "{}",
    "quote": "<mark>{}</mark>",
    "furniture": '<span class="kutip-furniture">{}</span>',
    "gap": '<span class="kutip-gap"> … </span>',
}


def draw(pieces: Sequence[Piece], matched: Sequence[Match] = ()) -> str:
    """*pieces* as HTML, runs of empty lines drawn as one.

    The words *matched* are underlined, each with the word of the question as its
    title; the short answer is set off.
    """
    return "".join(_TAGS[piece.kind].format(_marked(piece, matched)) for piece in pieces)


def _marked(piece: Piece, matched: Sequence[Match]) -> str:
    runs = list(words_in(piece, matched))
    if piece.short is None:
        return _lit(runs)
    before, short, after = (
        list(_part(runs, start, end))
        for start, end in (
            (0, piece.short.start),
            (piece.short.start, piece.short.end),
            (piece.short.end, len(piece.text)),
        )
    )
    return f'{_lit(before)}<strong class="kutip-short">{_lit(short)}</strong>{_lit(after)}'


def _part(
    runs: Sequence[tuple[str, Match | None]], start: int, end: int
) -> Iterator[tuple[str, Match | None]]:
    """What of *runs* lies between two offsets in their text."""
    at = 0
    for text, match in runs:
        if part := text[max(0, start - at) : max(0, end - at)]:
            yield part, match
        at += len(text)


def _lit(runs: Sequence[tuple[str, Match | None]]) -> str:
    return "".join(
        f'<span class="kutip-lit" title="{escape(match.word)}">{escape(text)}</span>'
        if match
        else escape(re.sub(r"\n\s*\n", "\n\n", text))
        for text, match in runs
    )


def _legend(text: str, matched: Sequence[Match], language: str) -> str:
    """Which words of the question stand for which of *text*, for those of other forms.

    So that it can be read aloud, and where no pointer hovers.
    """
    pairs: dict[tuple[str, str], str] = {}
    for match in matched:
        found = text[match.start : match.end]
        if match.word.casefold() != found.casefold():
            pairs.setdefault((match.word.casefold(), found.casefold()), f"{match.word} → {found}")
    if not pairs:
        return ""
    said = escape("; ".join(pairs.values()))
    return f'<p class="kutip-matched">{say(language, "matched")} {said}</p>'


def _where(
    title: str, outlet: str | None, published: date | None, page: int | None, language: str
) -> str:
    """The heading of a card: title, then outlet, date and page."""
    facts = [
        escape(outlet) if outlet else "",
        texts.day(published, language) if published else "",
        say(language, "page", n=str(page)) if page else "",
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


def reference(citation: Citation, document: Document, language: str) -> str:
    """The quote and where it stands, in one line of plain text to be pasted elsewhere.

    Names as written; what is not known is left out.
    """
    facts = [
        document.byline or "",
        f"“{citation.title or PurePath(citation.source).name}”",
        citation.outlet or "",
        texts.day(citation.published, language) if citation.published else "",
        say(language, "page", n=str(citation.page)) if citation.page else "",
    ]
    said = f"“{citation.quote}”" + (f" — {citation.speaker}" if citation.speaker else "")
    return " ".join(inert(f"{said}. {', '.join(filter(None, facts))}.").split())


def _copy(text: str, language: str) -> str:
    """A button that puts *text* into the clipboard; see ``page.js``."""
    return (
        f'<button type="button" class="kutip-copy" data-done="{say(language, "cited")}" '
        f'data-text="{escape(text)}">{say(language, "cite")}</button>'
    )


def copy_answer(paragraphs: Sequence[str], language: str) -> str:
    """The same for an answer, with *paragraphs*; Gradio takes the data off buttons in a chat."""
    text = "&#10;&#10;".join(map(escape, paragraphs))
    return (
        f'<button type="button" class="kutip-copy">{say(language, "copy_answer")}</button>'
        f"<span hidden>{text}</span>"
    )


def card(
    citation: Citation, document: Document, *, turn: int | None, language: str, note: str = ""
) -> str:
    """The source card of a proven *citation*, in answer number *turn*.

    None: of no answer, so without a number and a way back. *note*: what has
    become of the file that the document was read from.
    """
    span = Span(citation.start, citation.end)
    speaker = (
        f'<p class="kutip-speaker"><span>{say(language, "speaker")}</span> '
        f"{escape(citation.speaker)}</p>"
        if citation.speaker
        else ""
    )
    also = (
        f'<p class="kutip-where">{escape(texts.also(citation.also, language, citation.outlet))}</p>'
        if citation.also
        else ""
    )
    name, mark = "", ""
    if turn is not None:
        name = f' id="kutip-{turn}-{citation.n}" tabindex="-1"'
        mark = (
            f'<a class="kutip-n" href="#kutip-{turn}" '
            f'title="{say(language, "back")}">{citation.n}</a>'
        )
    return (
        f'<article class="kutip-card"{name}><header>{mark}<div>'
        + _where(citation.title, citation.outlet, citation.published, citation.page, language)
        + f"</div></header>{speaker}"
        f'<blockquote lang="{escape(document.language)}">'
        f"{draw(around(document, span, short=citation.short), citation.matched)}</blockquote>"
        f"{_legend(document.text, citation.matched, language)}{also}{_file_line(citation.source)}"
        + (f'<p class="kutip-warning">{escape(note)}</p>' if note else "")
        + _copy(reference(citation, document, language), language)
        + f"{_article(document, span, language)}</article>"
    )


def near_card(hit: Hit, document: Document, language: str) -> str:
    """A passage close to a question that was not answered: no number, no highlight."""
    span = hit.passage.span
    page = document.page_of(span.start)
    passage = draw(within(document, span))
    return (
        '<article class="kutip-card kutip-near"><header><div>'
        + _where(document.title, document.outlet, document.published, page, language)
        + f'</div></header><blockquote lang="{escape(document.language)}">{passage}'
        f"</blockquote>{_file_line(document.source)}</article>"
    )


def _near(hits: Sequence[Hit], corpus: Corpus, language: str) -> list[str]:
    cards = []
    for hit in hits:
        try:
            document = corpus.document(hit.passage.document_id)
        except DocumentNotFound:  # removed since
            continue
        if hit.passage.end <= len(document.text):
            cards.append(near_card(hit, document, language))
    return cards


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

    Under each, who published what it quotes and when. A paragraph that leans on a citation
    not in *shown* is left out.
    """
    kept = {citation.n: escape(texts.origin(citation, answer.language)) for citation in shown}
    quotes = {citation.quote: citation.n in kept for citation in answer.citations}
    shorts = {citation.quote: _within(citation) for citation in answer.citations}
    longest_first = sorted((re.escape(quote) for quote in quotes if quote), key=len, reverse=True)
    # Quotes come first, so that "[1]" inside a quote is not taken for a mark.
    token = re.compile("|".join([*(f"(?:{quote})" for quote in longest_first), r"\[(\d+)\]", "\n"]))
    result: list[str] = []
    html, sound, position = "", True, 0
    origins: dict[str, None] = {}
    for found in [*token.finditer(answer.text), None]:
        html += escape(answer.text[position : found.start() if found else None])
        if found is None or found[0] == "\n":
            if html.strip() and sound:
                under = "".join(
                    f' <span class="kutip-origin">{origin}</span>' for origin in origins
                )
                result.append(f"<p>{html.strip()}{under}</p>")
            html, sound, origins = "", True, {}
        elif found[1]:
            number = int(found[1])
            cited = any(citation.n == number for citation in answer.citations)
            sound = sound and (number in kept or not cited)
            if number in kept:
                origins[kept[number]] = None
                html += f'<a class="kutip-n" href="#kutip-{turn}-{number}">{number}</a>'
            else:
                html += escape(found[0])
        else:
            sound = sound and quotes[found[0]]
            quote = Piece("quote", found[0], short=shorts[found[0]])
            html += f'<span class="kutip-quote">{_marked(quote, ())}</span>'
        position = found.end() if found else position
    return result


def _within(citation: Citation) -> Span | None:
    """The short answer as offsets in the quote."""
    if citation.short is None:
        return None
    return Span(citation.short.start - citation.start, citation.short.end - citation.start)


def conflicts(answer: Answer, shown: Sequence[Citation], turn: int) -> list[str]:
    """The citations that contradict each other, side by side, as HTML.

    Both must be *shown*: what cannot be proven contradicts nothing.
    """
    by_number = {citation.n: citation for citation in shown}
    blocks = []
    for one in answer.conflicts:
        if one.n not in by_number or one.other not in by_number:
            continue
        sides = "".join(
            f'<li><a class="kutip-n" href="#kutip-{turn}-{citation.n}">{citation.n}</a> '
            f"<q>{escape(texts.differing(citation, span))}</q>"
            f"<span>{escape(texts.origin(citation, answer.language))}</span></li>"
            for citation, span in (
                (by_number[one.n], one.here),
                (by_number[one.other], one.there),
            )
        )
        heading = escape(texts.difference(one.difference, answer.language))
        blocks.append(
            f'<div class="kutip-conflict" role="note"><p>{heading}</p><ul>{sides}</ul></div>'
        )
    return blocks


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
    for sentence in texts.written(made):
        if sentence.struck:
            why = escape(texts.objections(sentence.objections, language))
            lines.append(
                f"<p><del>{escape(texts.struck(sentence))}</del> <small>({why})</small></p>"
            )
        else:
            lines.append(f"<p>{linked(sentence.text)}</p>")
    return f'<div class="kutip-written">{"".join(lines)}</div>'


def question_bubble(asked: str, turn: int, language: str) -> str:
    """Question number *turn* as its message, with a link that puts it into the box again."""
    edit = say(language, "edit")
    return (
        f'<div>{escape(asked)} <a class="kutip-switch kutip-edit" role="button" '
        f'href="#kutip-{turn}-edit" title="{edit}"><span>{edit}</span></a></div>'
    )


def judge_links(turn: int, language: str) -> str:
    """Under answer number *turn*: links that say which passage is right; see ``judging.js``."""
    links = " ".join(
        f'<a class="kutip-judge" role="button" href="#kutip-{turn}-{what}">'
        f"{say(language, f'judge_{what}')}</a>"
        for what in ("save", "wrong")
    )
    return f'<span class="kutip-judging">{links}</span>'


def _followed(answer: Answer, as_typed: bool, turn: int) -> list[str]:
    """How a follow-up was read, with a link that asks it as typed; or the way back."""
    language = answer.language
    if answer.followed is not None:
        asked = answer.followed.resolved
        effect = "followed_else" if answer.followed.excludes else "followed"
        switch = _link(f"#kutip-{turn}-typed", say(language, "ask_as_typed"))
        return [_chip("kutip-followed", say(language, effect), asked, switch)]
    if as_typed:
        switch = _link(f"#kutip-{turn}-typed", say(language, "ask_as_follow_up"))
        return [
            _chip("kutip-left-out", say(language, "left_out"), say(language, "subject"), switch)
        ]
    return []


def chips(answer: Answer, without: Collection[FilterKey], turn: int, as_typed: bool = False) -> str:
    """What was understood of the question, each with a link that asks again without its kind.

    Those that restrict look different from those that were only noted, and say
    so in words. The kinds *without*, left out on request, can be put back.
    """
    language = answer.language
    alike: dict[tuple[FilterKey, str], list[Filter]] = {}
    for one in sorted(answer.understood, key=lambda one: not one.restricts):
        alike.setdefault((one.key, texts.effect(one, language)), []).append(one)
    items = _followed(answer, as_typed, turn)
    items += [
        _chip(
            "kutip-limit" if found[0].restricts else "kutip-noted",
            effect,
            texts.labels(found, language),
            _switch(key, "leave_out", turn, language),
        )
        for (key, effect), found in alike.items()
    ]
    items += [
        _chip(
            "kutip-left-out",
            say(language, "left_out"),
            say(language, f"kind_{key}"),
            _switch(key, "put_back", turn, language),
        )
        for key in FilterKey
        if key in without
    ]
    if not items:
        return ""
    return f'<ul class="kutip-chips">{"".join(items)}</ul>'


def _chip(kind: str, effect: str, label: str, switch: str) -> str:
    said = f"<span>{escape(effect)}:</span> {escape(label)}"
    return f'<li class="kutip-chip {kind}"><span>{said}</span>{switch}</li>'


def _switch(key: FilterKey, what: str, turn: int, language: str) -> str:
    """A link that asks question *turn* again, with or without one kind; see ``switches.js``.

    Its sign is drawn by the style, so that what is read aloud is what it does.
    """
    label = say(language, what, kind=say(language, f"kind_{key}"))
    return _link(f"#kutip-{turn}-without-{key}", label)


def _link(target: str, label: str) -> str:
    return (
        f'<a class="kutip-switch" role="button" href="{target}" '
        f'title="{label}"><span>{label}</span></a>'
    )


@dataclass(frozen=True, slots=True)
class View:
    """An answer ready to be shown: the bubble in the chat and the cards beside it.

    ``shown``: the numbers of the citations that have a card, ``references`` what to copy of each.
    """

    chips: str
    paragraphs: tuple[str, ...]
    footer: str
    abstained: bool
    turn: int
    panel: str
    shown: tuple[int, ...] = ()
    references: tuple[str, ...] = ()

    def bubble(self, count: int | None = None, below: str = "") -> str:
        """The chips and the first *count* paragraphs, or all of them with the footer.

        *below* them, more HTML.

        One HTML block without line ends, which Markdown hands on untouched.
        """
        kind = "kutip-answer kutip-abstained" if self.abstained else "kutip-answer"
        body = self.chips + "".join(self.paragraphs[:count])
        body += self.footer if count is None else ""
        return f'<div class="{kind}" id="kutip-{self.turn}" tabindex="-1">{body}{below}</div>'


def view(
    answer: Answer,
    corpus: Corpus,
    turn: int,
    without: Collection[FilterKey] = (),
    as_typed: bool = False,
) -> View:
    """Check every quote of *answer* against the store, and draw what holds.

    *without*: the kinds of filter that it was asked without; *as_typed*: it was
    asked without the conversation before it, on request.
    """
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
    text = paragraphs(answer, shown, turn) + conflicts(answer, shown, turn)
    if answer.reason is Reason.EMPTY_CORPUS:  # the answer's own words are about the terminal
        text = [f"<p>{say(language, 'no_documents')}</p>"]
    elif answer.reason is Reason.EMPTY_QUESTION and answer.understood:
        text = [f"<p>{say(language, 'only_filters')}</p>"]
    elif answer.reason is Reason.FILTERED_OUT:
        text.append(f"<p>{say(language, 'widen')}</p>")
    if answer.abstained:
        text.insert(0, f'<p class="kutip-badge">{_badge(answer.reason, language)}</p>')
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
    if answer.abstained and (near := _near(answer.nearest, corpus, language)):
        cards.append(
            f'<div class="kutip-near-head"><h3>{say(language, "nearest")}</h3>'
            f"<p>{say(language, 'nearest_note')}</p></div>"
        )
        cards += near
    return View(
        chips=chips(answer, without, turn, as_typed),
        paragraphs=tuple(text),
        footer=_searched(answer)
        if answer.reason is not Reason.EMPTY_QUESTION  # then nothing was searched
        else "",
        abstained=answer.abstained,
        turn=turn,
        panel=f'<section><p class="kutip-asked">{escape(answer.question)}</p>'
        + "".join(cards)
        + "</section>",
        shown=tuple(citation.n for citation in shown),
        references=tuple(reference(c, documents[c.document_id], language) for c in shown),
    )


def _searched(answer: Answer) -> str:
    """What was searched; opened, how long each stage took."""
    line = escape(texts.coverage(answer.coverage, answer.language))
    stages = " · ".join(
        f"{escape(_stage(stage, answer.language))} {spent:.0f} ms"
        for stage, spent in answer.timings.items()
        if stage != "total"
    )
    if not stages:
        return f'<p class="kutip-facts">{line}</p>'
    total = answer.timings.get("total", 0.0) / 1000
    return (
        f'<details class="kutip-facts"><summary>{line}</summary>'
        f"<small>{total:.2f} s: {stages}</small></details>"
    )


def _stage(name: str, language: str) -> str:
    key = f"stage_{name}"
    return say(language, key) if key in TEXTS["en"] else name


def _badge(reason: Reason | None, language: str) -> str:
    """Over an abstention, in a few words, why."""
    key = f"no_answer_{reason}"
    return say(language, key if key in TEXTS["en"] else "no_answer")


def notice(text: str, language: str, *, heading: str = "failed", help: str = "") -> str:
    """A message about something that went wrong, for a bubble or the documents tab."""
    return (
        f'<div class="kutip-answer kutip-failed" role="alert"><p class="kutip-badge">'
        f"{say(language, heading)}</p><p>{escape(text)}</p>{help and f'<p>{help}</p>'}</div>"
    )


def explain(error: Exception, language: str) -> str:
    """What to tell the user about *error*: its own words if they were meant for users."""
    if isinstance(error, BadFilter):
        help = say(language, "filter_help")
        return notice(str(error), language, heading="bad_filter", help=help)
    if isinstance(error, DatasetError):
        return notice(of_list(str(error), language), language)
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

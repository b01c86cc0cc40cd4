"""Direct speech: the attribution of a quotation, after it or before it."""

from __future__ import annotations

import re

from qa.answering.statements.attribution import (
    LONGEST_SUBJECT,
    Attribution,
    speaker_after,
    speaker_before,
    speaker_in,
)
from qa.answering.statements.cues import (
    AFTER_CUE,
    ENGLISH_CUES,
    INNER,
    MENURUT,
    SPOKEN_VERB,
    VERB,
    WORD,
    is_english,
    last_match,
)
from qa.answering.statements.quotations import TERM_WORDS, Quotation
from qa.answering.statements.resolution import Reader
from qa.types import Span, Statement


def is_whole(reader: Reader, quote: Quotation) -> bool:
    """True when the quotation reads as a sentence of its own, not as a term or a title."""
    if quote.answer:
        return True
    inner = quote.inner.of(reader.text)
    # American usage puts the stop inside the marks, British and some Indonesian outside.
    stops = inner[-1:] + reader.text[quote.outer.end : quote.outer.end + 1]
    return len(WORD.findall(inner[:200])) > TERM_WORDS and not set(",.?!…").isdisjoint(stops)


def is_term(reader: Reader, quote: Quotation) -> bool:
    """True for a few quoted words: a name, a coinage, a scare quote."""
    inner = quote.inner.of(reader.text)
    return len(WORD.findall(inner[:200])) <= TERM_WORDS and inner[-1:] not in ",.?!…"


def resumes(reader: Reader, before: Quotation, quote: Quotation) -> bool:
    """True for the second half of `“A,” kata X, “B”`."""
    between = reader.masked[before.outer.end : quote.outer.start]
    return between.rstrip().endswith(",") and len(WORD.findall(quote.inner.of(reader.text))) > 1


def direct_statement(
    document_id: str, quote: Quotation, speaker: str | None, written: str | None, cue: str | None
) -> Statement:
    """The words of *quote* as a statement."""
    return Statement(document_id, quote.inner, speaker, written, True, cue)


def alone(masked: str, sentence: Span, quote: Quotation) -> bool:
    """True when the sentence is little more than the quotation."""
    around = masked[sentence.start : quote.outer.start] + masked[quote.outer.end : sentence.end]
    return len(around.strip(" .,")) < 3


def attribution_after(reader: Reader, quote: Quotation, stop: int) -> Attribution | None:
    """`“…,” kata X`, `“…,” ujarnya`, `“…,” X said`, `“…,” X menegaskan`."""
    masked = reader.masked
    at = quote.outer.end
    hit = AFTER_CUE.match(masked, at, stop)
    if hit is not None:
        if hit.group("nya"):
            return Attribution(hit.group("nya"), hit.group("nya"), "pronoun", hit.start("nya"))
        group = "root" if hit.group("root") else "english"
        cue = hit.group(group)
        who = speaker_after(masked, hit.end(), stop)
        if who is not None:
            return who.under(cue)
        return Attribution(cue, None, "pronoun", hit.start(group))
    if it := _IT_SAYS.match(masked, at, stop):
        return Attribution(it["cue"], "it", "plural", it.start("it"))
    limit = min(stop, at + LONGEST_SUBJECT // 2)
    verb = VERB.search(masked, at, limit)
    if verb is None or quote.inner.of(masked)[-1:] not in ",.?!…":
        return None
    between = masked[at : verb.start()].strip(" ,")
    if len(between.split()) > 10 or "." in between.rstrip("."):
        return None
    who = speaker_before(masked, at, verb.start())
    if who is None or (who.kind == "group" and not is_english(verb.group("cue"))):
        return None
    return who.under(verb.group("cue"))


_IT_SAYS = re.compile(rf"[\s,]*(?P<it>it)\s+(?:also\s+)?(?P<cue>{ENGLISH_CUES})(?!\w)")
_LEAD_IN = re.compile(
    r"(?:\s+(?:bahwa|kepada|that|kembali|lagi|demikian|begini|dengan))*\s*[,:]?\s*$"
)


def attribution_before(reader: Reader, quote: Quotation, begin: int) -> Attribution | None:
    """`X mengatakan, “…”`, `kata X, “…”`, `Menurut X, “…”`, `X: “…”`."""
    masked = reader.masked
    at = quote.outer.start
    start = max(begin, at - LONGEST_SUBJECT)
    lead = masked[start:at]
    if len(lead.strip()) < 2:
        return None
    ends_open = lead.rstrip()[-1:] in ",:"
    verb = last_match(SPOKEN_VERB.finditer(masked, start, at))
    if verb is not None:
        rest = masked[verb.end() : at]
        if _LEAD_IN.match(rest) or (ends_open and len(rest.split()) <= 12):
            who = speaker_before(masked, start, verb.start())
            if who is not None:
                return who.under(verb.group("cue"))
            if rest.strip(" ,:") in {"", "bahwa", "that"}:
                return Attribution(verb.group("cue"), None, "pronoun", verb.start())
    if not ends_open:
        return None
    inner = last_match(INNER.finditer(masked, start, at))
    if inner is None:
        inner = MENURUT.match(masked, start, at)
    if inner is not None:
        if "nya" in inner.groupdict() and inner.group("nya"):
            return Attribution(inner.group("cue"), inner.group("cue"), "pronoun", inner.start())
        who = speaker_after(masked, inner.end(), at)
        if who is not None:
            return who.under(inner.group("cue"))
    if lead.rstrip()[-1:] == ":" and len(lead.split()) <= 8:
        who = speaker_in(lead.rstrip(" :"), start)
        if who is not None and who.kind in {"name", "role"}:
            return who.under(":")
    return None

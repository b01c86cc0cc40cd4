"""Indirect speech: the clause that a cue governs, and its speaker."""

from __future__ import annotations

import re
from bisect import bisect_left

from qa.answering.statements.attribution import (
    LONGEST_SUBJECT,
    Attribution,
    is_aside,
    speaker_after,
    speaker_before,
    speaker_in,
)
from qa.answering.statements.cues import (
    ENGLISH_CUES,
    INNER,
    MENURUT,
    MENURUTNYA,
    PARTICIPLES,
    VERB,
    VERB_OR_STANCE,
    WEAK_ROOTS,
    WORD,
    is_english,
    last_match,
)
from qa.answering.statements.quotations import TERM_WORDS
from qa.answering.statements.resolution import Reader
from qa.language.names import is_role_word
from qa.types import Span, Statement

_SHORTEST_CLAUSE = 3  # words
_OBJECT_LEAD = re.compile(
    r"[\s,]*(?:(?:bahwa|that|kalau|jika\s+bahwa)(?![\w-]))?[\s,:]*", re.IGNORECASE
)


def indirect_statement(reader: Reader, document_id: str, sentence: Span) -> Statement | None:
    """The clause reported by a sentence without a spoken quotation, if it reports one."""
    for rule in (
        _reported_by_menurut,
        _reported_inside,
        _reported_before_tail,
        _reported_by_verb,
    ):
        hit = rule(reader, sentence)
        if hit is None:
            continue
        clause, found = hit
        clause = _tidy(reader.text, clause)
        if len(WORD.findall(clause.of(reader.text)[:400])) < _SHORTEST_CLAUSE:
            continue
        speaker = reader.resolve(found, sentence.start)
        if speaker is None and found.kind == "plural":
            continue  # nobody knows who "they" are
        if speaker is not None and found.kind in {"name", "pronoun", "role"}:
            reader.last = speaker
            reader.heard.add(speaker)
        return Statement(document_id, clause, speaker, found.written, False, found.cue)
    return None


# "…,” she said, adding that …", "…,” ujarnya seraya menambahkan bahwa …"
_ADDED = re.compile(
    rf"(?:,\s+|\s+(?:seraya|sambil|sembari|dan)\s+)(?P<cue>{PARTICIPLES})\s+(?:that|bahwa)\s+"
)


def added_statement(
    reader: Reader,
    document_id: str,
    sentence: Span,
    attribution: Attribution | None,
    speaker: str | None,
) -> Statement | None:
    """What the speaker of a quotation is said to have added, in the rest of its *sentence*."""
    if attribution is None:
        return None
    hit = last_match(_ADDED.finditer(reader.masked, sentence.start, sentence.end))
    if hit is None:
        return None
    clause = _tidy(reader.text, Span(hit.end(), sentence.end))
    if len(WORD.findall(clause.of(reader.text)[:400])) < _SHORTEST_CLAUSE:
        return None
    return Statement(document_id, clause, speaker, attribution.written, False, hit.group("cue"))


def _tidy(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start] in " ,:;\n\t":
        start += 1
    while end > start and text[end - 1] in " ,:;\n\t.":
        end -= 1
    return Span(start, end)


def _reported_by_menurut(reader: Reader, sentence: Span) -> tuple[Span, Attribution] | None:
    """At the head of a sentence: `Menurut X, …`, `Menurutnya, …`."""
    masked = reader.masked
    own = MENURUTNYA.match(masked, sentence.start, sentence.end)
    if own is not None:
        found = Attribution(own.group("cue"), own.group().strip(" ,"), "pronoun", own.start())
        return Span(own.end(), sentence.end), found
    hit = MENURUT.match(masked, sentence.start, sentence.end)
    if hit is None:
        return None
    who = speaker_after(masked, hit.end(), sentence.end)
    if who is None:
        return None
    anchor = who.at + len(who.written or "")
    comma = masked.find(",", anchor, sentence.end)
    start = comma + 1 if comma >= 0 else anchor
    # Step over what else is said of the speaker: "Menurut X, peneliti Y, Senin, …".
    while comma >= 0 and _about_speaker(masked, start, sentence.end):
        comma = masked.find(",", start, sentence.end)
        if comma < 0:
            break
        start = comma + 1
    lead = _OBJECT_LEAD.match(masked, start, sentence.end)  # "Menurut X, bahwa …"
    return Span(lead.end() if lead else start, sentence.end), who.under(hit.group("cue"))


def _about_speaker(masked: str, start: int, end: int) -> bool:
    """True when the words from *start* to the next comma describe who speaks, or when."""
    piece = masked[start : min(end, start + 160)].lstrip()
    body, comma, _ = piece.partition(",")
    if not comma or len(body.split()) > 10:
        return False
    if is_aside(body) or re.match(r"(?:an?|the)\s", body):
        return True
    first = body.split()[0] if body.split() else ""
    return is_role_word(first) and not VERB.search(body)


_TAIL = re.compile(
    rf",\s+(?P<who>[A-Z][^,\n]{{1,80}}?|he|she|(?:the|an?)\s[\w-]+(?:\s[\w-]+){{0,3}}?)\s+"
    rf"(?P<cue>{ENGLISH_CUES})(?:\s+(?:on|in|at|to)\s[^,\n]{{1,60}})?\s*(?P<end>,\s|\.?$)"
)


def _reported_before_tail(reader: Reader, sentence: Span) -> tuple[Span, Attribution] | None:
    """English with the speaker last, or between commas: `…, X said.`, `…, X conceded, …`"""
    if not reader.english:
        return None
    low = max(sentence.start, sentence.end - LONGEST_SUBJECT)
    for hit in _TAIL.finditer(reader.masked[low : sentence.end]):
        who = speaker_in(hit.group("who"), low + hit.start("who"))
        if who is None or who.kind == "group" or VERB.search(hit.group("who")):
            continue
        ends = not hit.group("end").strip(" .\n")
        clause = Span(sentence.start, low + hit.start()) if ends else sentence
        return clause, who.under(hit.group("cue"))
    return None


def _reported_inside(reader: Reader, sentence: Span) -> tuple[Span, Attribution] | None:
    """Within a sentence: `…, kata X.`, `…, katanya.`, `A, menurut X, B`."""
    masked = reader.masked
    for hit in INNER.finditer(masked, sentence.start, sentence.end):
        found = _inner_speaker(masked, hit, sentence)
        if found is None:
            continue
        if hit.group("nya") and masked[hit.start()].isspace():
            return sentence, found  # "Aturan itu menurutnya berlaku …"
        after = hit.end() if hit.group("nya") else found.at + len(found.written or "")
        comma = masked.find(",", after, min(sentence.end, after + 200))
        first = Span(sentence.start, hit.start())
        second = Span(sentence.end, sentence.end)
        rest = masked[comma + 1 : comma + 41].lstrip()
        # "Program itu, katanya, sebagai model …": the cue is whole, and what follows is said.
        whole = hit.group("nya") and comma == hit.end() and _OBJECTS.match(rest)
        if comma >= 0 and (whole or not is_aside(rest)):
            second = Span(comma + 1, sentence.end)
        if comma >= 0 and _APPOSED.fullmatch(masked, comma + 1, sentence.end):
            second = Span(sentence.end, sentence.end)  # "…, according to X, the engineer."
        first_words, second_words = (
            len(WORD.findall(part.of(masked)[:200])) for part in (first, second)
        )
        goes_on = _GOES_ON.match(masked, second.start, second.end) is not None
        if second_words > 1 and (first_words > TERM_WORDS or goes_on):
            return sentence, found
        if second_words > TERM_WORDS:
            return second, found
        if second_words > 1 and first_words:
            return sentence, found
        if first.end > first.start:
            return first, found
    return None


def _inner_speaker(masked: str, hit: re.Match[str], sentence: Span) -> Attribution | None:
    """The attribution of a cue inside a sentence; None when the word is no cue there."""
    cue = hit.group("cue")
    if hit.group("nya"):
        return Attribution(cue, cue, "pronoun", hit.start("cue"))
    weak = cue.casefold() in WEAK_ROOTS
    if weak and hit.start("cue") == sentence.start:
        return None
    who = speaker_after(masked, hit.end(), sentence.end)
    if who is None:
        return None
    # "lanjut laporan itu" is no person, and speaks all the same.
    document = who.issued or _document_meant(masked, hit.end())
    if who.kind == "group" and not document and (weak or not _group_like(masked, hit.end())):
        return None
    if is_english(cue):
        # "Ona Reyes, the mayor, said he had …": the verb has its subject before it.
        after = who.at + len(who.written or "")
        if masked[hit.end() : hit.end() + 6].lstrip().startswith("that"):
            return None
        if who.kind != "name" and _NAMED_OR_THE.match(masked, hit.end()) is None:
            return None
        if _CLOSES_SPEAKER.match(masked, after, sentence.end) is None:
            return None
    return who.under(cue)


_OBJECTS = re.compile(
    r"(?:sebagai|untuk|karena|jika|kalau|bila|meski\w*|agar|sejak|selain|dengan)\s"
)
_CLOSES_SPEAKER = re.compile(
    r"\s*(?:$|[,.(]|(?:of|in|on|at|from|who|to|after|during|while|as|yesterday|today|with)(?!\w))"
)
_NAMED_OR_THE = re.compile(r"\s+(?:[A-Z]|(?:the|an?|he|she|they|it|his|her|their|one)\s)")
_APPOSED = re.compile(r"\s*(?:an?|the|who|whose|yang|seorang)\s[^,]{1,90}")


# The second half cannot stand alone: "Langkah kedua, menurutnya, adalah …".
_GOES_ON = re.compile(r"\s*(?:adalah|merupakan|yakni|yaitu|ialah|is|are|was|were|will|has|have)\s")


def _document_meant(masked: str, at: int) -> bool:
    return (
        re.match(
            r"\s(?:laporan|survei|studi|riset|kajian|penelitian|dokumen|surat|lembaga|panel)"
            r"\s(?:itu|tersebut|ini)\b",
            masked[at : at + 40],
        )
        is not None
    )


def _group_like(masked: str, at: int) -> bool:
    """True for `kata panel tersebut`, which names a group; `kata kunci` does not."""
    ahead = masked[at : at + 60].lstrip()
    return (
        ahead[:1].isupper() or re.match(r"\w+(?:\s\w+)?\s(?:itu|tersebut|ini)\b", ahead) is not None
    )


_BAHWA = re.compile(r"(?<!\w)(?:bahwa|that)\s")
_LONGEST_LISTENER = 6  # words between the cue and "bahwa"


def _reported_by_verb(reader: Reader, sentence: Span) -> tuple[Span, Attribution] | None:
    """Subject and verb: `X mengatakan bahwa …`, `X menekankan pentingnya …`, `X said that …`."""
    masked = reader.masked
    for hit in VERB_OR_STANCE.finditer(masked, sentence.start, sentence.end):
        if hit.start() - sentence.start > LONGEST_SUBJECT:
            return None
        who = speaker_before(masked, sentence.start, hit.start())
        if who is None:
            continue
        if hit.group("stance") and not _is_person(reader, who, sentence):
            continue
        stance = bool(hit.group("stance"))
        if hit.group("cue") in _NAMING and not any(
            mark in masked[hit.end() : sentence.end] for mark in '“”"«‘'
        ):
            continue
        start = _start_of_clause(masked, hit, sentence.end, stance=stance)
        return Span(start, sentence.end), who.under(hit.group("cue"))
    return None


# "called the plan “a waste”" reports words; "called his mother" does not.
_NAMING = frozenset({"called", "calls", "described", "describes", "dubbed"})
# Whom, when and where, between an English verb and what was said.
_HEARD = re.compile(
    r"(?:\s+(?:(?:told|to)\s+)?(?:reporters|journalists|lawmakers|parliament|him|her|them|us|me"
    r"|(?:the|an?|his|her|their|its)\s+(?!\w+\s+(?:of|in|for)\s)[\w’'-]+))?"
    r"(?:\s+(?:(?:on|late|early)\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?:\s+(?:morning|afternoon|evening|night))?)?(?=\s)"
)


def _start_of_clause(masked: str, cue: re.Match[str], end: int, *, stance: bool) -> int:
    """Where what was said begins: after "bahwa", the listener and the day."""
    start = cue.end()
    if cue.group("cue") in {"told", "tells"} or masked[start : start + 4] in {" to ", " on "}:
        heard = _HEARD.match(masked, start, end)
        start = heard.end() if heard else start
    lead = _OBJECT_LEAD.match(masked, start, end)
    start = lead.end() if lead else start
    if is_english(cue.group("cue")) and _CLAUSE_NEXT.match(masked, start, end):
        return start  # "say they have found a coral that glows"
    # "mengatakan kepada wartawan bahwa …": the listener is no part of what was said.
    bahwa = None if stance else _BAHWA.search(masked, start, min(end, start + 120))
    if bahwa is None:
        return start
    between = [part.strip() for part in masked[cue.end() : bahwa.start()].split(",")]
    if len(between) == 1 and len(between[0].split()) <= _LONGEST_LISTENER:
        return bahwa.end()
    if len(between) > 1 and all(not part or is_aside(part) for part in between):
        return bahwa.end()
    return start


_CLAUSE_NEXT = re.compile(r"\s*(?:they|he|she|it|we|I|there)\s")


def _is_person(reader: Reader, who: Attribution, sentence: Span) -> bool:
    """True when the subject is somebody whom the article introduces, not a body or a thing."""
    if who.kind == "pronoun":
        return reader.antecedent(sentence.start) is not None
    if who.kind != "name" or who.name is None:
        return False
    full = reader.cast.full_name(who.name)
    place = bisect_left(reader.mention_starts, who.at)
    mention = reader.cast.mentions[place] if place < len(reader.mention_starts) else None
    beside = mention is not None and mention.span.start == who.at and mention.role is not None
    return full in reader.evident or full == reader.last or beside

"""When and where something was said: the sentence of the article that tells.

A quotation seldom says when it was uttered; a sentence before it does, most often the
first of the article. Knows a document's sentences and statements; knows nothing about
scores, vectors or the store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.question import Kind, Question
from qa.answering.statements.quotations import datelines
from qa.ingest.dates import WEEKDAYS, find_dates
from qa.types import Span, Statement

# "When did she say that?", "Kapan hal itu disampaikan?": asks for no date within the words.
_OCCASION = re.compile(
    r"\b(?:say|said|ask for|call for|state|stated|propose|proposed|claim|claimed|announce|mention"
    r"|suggest|suggested"
    r"|mengatakan|menyatakan|menyampaikan|mengucapkan|menyebutkan|mengusulkan|menjelaskan|berkata"
    r"|bilang)(?:nya|\s+(?:that|this|it|so|itu|ini|demikian|begitu|hal (?:itu|ini)|bahwa))\b"
    r"|\b(?:was|were)\s+(?:that|this|it)\s+(?:said|stated|proposed|announced)\b"
    r"|\b(?:itu|ini|demikian)\s+di(?:katakan|nyatakan|sampaikan|ucapkan|usulkan|sebutkan)\b",
    re.IGNORECASE,
)
# With a capital letter: "minggu" is a week.
_WEEKDAY = re.compile(r"\b(?:" + "|".join(day.title() for day in WEEKDAYS if len(day) > 3) + r")\b")
# "di The Istana Singapura", "in New York".
_AT = re.compile(r"\b(?:di|in|at)\s+(?=[^\W\d_a-z])")
_RUN = re.compile(r"[^\W\d_a-z][\w'’-]*(?:\s[^\W\d_a-z][\w'’-]*)*")
# Before the outlet: "Jakarta (ANTARA) -", "SINGAPURA, KABAR –".
_HEAD = re.compile(r"[^,(–—-]+")


def asks_occasion(question: Question) -> bool:
    """Whether *question* asks when or where something was said."""
    asks = question.kind in (Kind.DATE, Kind.PLACE)
    return asks and _OCCASION.search(question.text) is not None


def occasion(
    text: str, sentences: Sequence[Span], anchor: int, statements: Sequence[Statement], kind: Kind
) -> int | None:
    """The place, among *sentences*, of the one that tells when or where the *anchor* was said.

    *sentences*: all of the document, in order; *anchor*: the place of the one that was said;
    *statements*: of the document; *kind*: DATE or PLACE. What stands in somebody's mouth
    tells of other times. The nearest before the anchor, or the anchor itself, goes before
    the nearest after it; None if no sentence tells.
    """
    quoted = [one.span for one in statements if one.direct]
    order = [*range(anchor, -1, -1), *range(anchor + 1, len(sentences))]
    return next((at for at in order if _tells(text, sentences[at], quoted, kind)), None)


def _tells(text: str, sentence: Span, quoted: Sequence[Span], kind: Kind) -> bool:
    own = sentence.of(text)
    for span in quoted:
        start, end = max(span.start, sentence.start), min(span.end, sentence.end)
        if start < end:
            start, end = start - sentence.start, end - sentence.start
            own = own[:start] + " " * (end - start) + own[end:]
    if kind is Kind.DATE:
        return bool(find_dates(own)) or _WEEKDAY.search(own) is not None
    heads = [_HEAD.match(span.of(own)) for span in datelines(own)]
    if any(head and "." not in head.group() for head in heads):  # "kabar.com - " is no place
        return True
    runs = [run.group() for at in _AT.finditer(own) if (run := _RUN.match(own, at.end()))]
    return not all(run.isupper() for run in runs)  # "di ASEAN" is nowhere

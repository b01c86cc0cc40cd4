"""From a document to passages: runs of whole sentences.

Knows sentences, furniture and pages; knows the model only as a function that
counts tokens. A passage never holds furniture, never crosses a page, and
always starts and ends with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qa.language.sentences import sentence_spans
from qa.types import Document, Passage, Segment, Span

# Changes whenever the same document would be cut differently; a corpus filled
# under another version indexes itself again.
SEGMENTATION_VERSION = "1"

# The model was trained on passages of about this length; see docs/log.md.
TARGET_TOKENS = 110

CountTokens = Callable[[Sequence[str]], list[int]]


def sentences(document: Document) -> list[Span]:
    """The sentences of the article itself, in order; none touches furniture."""
    found = []
    for region in _regions(document):
        for span in sentence_spans(region.of(document.text), document.language):
            found.append(Span(region.start + span.start, region.start + span.end))
    return found


def segments(
    document: Document, count_tokens: CountTokens, *, target: int = TARGET_TOKENS
) -> list[Segment]:
    """Cut *document* into passages of about *target* tokens.

    Sentences are gathered until the next one would pass *target*; a sentence
    longer than that stands alone. Text between two sentences of a passage is
    white space only.
    """
    spans = sentences(document)
    lengths = count_tokens([span.of(document.text) for span in spans])
    result: list[Segment] = []
    held: list[Span] = []
    tokens = 0
    for span, length in zip(spans, lengths, strict=True):
        if held and (tokens + length > target or not _together(document, held[-1], span)):
            result.append(_segment(document, held))
            held, tokens = [], 0
        held.append(span)
        tokens += length
    if held:
        result.append(_segment(document, held))
    return result


def _segment(document: Document, spans: Sequence[Span]) -> Segment:
    return Segment(Passage(document.id, spans[0].start, spans[-1].end), tuple(spans))


def _together(document: Document, one: Span, next_one: Span) -> bool:
    """No furniture and no page boundary between two neighbouring sentences."""
    if document.text[one.end : next_one.start].strip():
        return False
    return not any(one.end <= page <= next_one.start for page in document.pages if page)


def _regions(document: Document) -> Iterator[Span]:
    """The stretches between furniture, split at page starts."""
    edges = [Span(page, page) for page in document.pages if page]
    at = 0
    for mark in sorted([*document.furniture, *edges]):
        if mark.start > at:
            yield Span(at, mark.start)
        at = max(at, mark.end)
    if at < len(document.text):
        yield Span(at, len(document.text))

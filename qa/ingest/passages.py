"""From a document to passages: runs of whole sentences.

Knows sentences, furniture and pages; knows the model only as a function that
counts tokens. A passage never holds furniture, never crosses a page, and
always starts and ends with a sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from qa.language.sentences import sentence_spans
from qa.types import Document, Passage, Segment, Span

# Changes whenever the same document would be cut or stemmed differently; a
# corpus filled under another version indexes itself again.
SEGMENTATION_VERSION = "2"
# Changes whenever other statements would be found; then only they are found again.
STATEMENTS_VERSION = "6"

# The model was trained on passages of about this length; see docs/log.md.
TARGET_TOKENS = 110

LONGEST_SENTENCE = 1_500  # characters

CountTokens = Callable[[Sequence[str]], list[int]]


def sentences(document: Document) -> list[Span]:
    """The sentences of the article itself, in order; none touches furniture."""
    found: list[Span] = []
    for region in _regions(document):
        for span in sentence_spans(region.of(document.text), document.language):
            shifted = Span(region.start + span.start, region.start + span.end)
            found.extend(_bounded(shifted, document.text))
    return found


def _bounded(span: Span, text: str) -> Iterator[Span]:
    """*span*, cut at spaces where it is longer than any sentence.

    A table or a text without full stops must not be quoted whole.
    """
    start = span.start
    while span.end - start > LONGEST_SENTENCE:
        space = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        end = space if space > 0 else start + LONGEST_SENTENCE
        yield Span(start, end)
        start = end + len(text[end : span.end]) - len(text[end : span.end].lstrip())
    if start < span.end:
        yield Span(start, span.end)


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
    edges = sorted([mark.start for mark in document.furniture] + [p for p in document.pages if p])
    result: list[Segment] = []
    held: list[Span] = []
    tokens = 0
    for span, length in zip(spans, lengths, strict=True):
        if held:
            edge = bisect_left(edges, held[-1].end)
            apart = edge < len(edges) and edges[edge] <= span.start
            if apart or tokens + length > target:
                result.append(_segment(document, held))
                held, tokens = [], 0
        held.append(span)
        tokens += length
    if held:
        result.append(_segment(document, held))
    return result


def _segment(document: Document, spans: Sequence[Span]) -> Segment:
    return Segment(Passage(document.id, spans[0].start, spans[-1].end), tuple(spans))


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

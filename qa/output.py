"""What programs read: the JSON forms of answers, hits, documents and statements.

The names in these objects are a promise to other people's programs; see
docs/architecture.md, "Contracts".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from qa.types import Answer, Citation, Document, Hit, Statement

if TYPE_CHECKING:
    from qa.evaluation.retrieval import Evaluation
    from qa.index.store import Listed

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """One answer or abstention."""
    return {
        "question": answer.question,
        "language": answer.language,
        "answer": answer.text,
        "abstained": answer.abstained,
        "reason": answer.reason.value if answer.reason else None,
        "confidence": answer.confidence,
        "citations": [citation_json(citation) for citation in answer.citations],
        "coverage": {
            "documents": answer.coverage.documents,
            "passages": answer.coverage.passages,
            "published_from": _iso(answer.coverage.published_from),
            "published_to": _iso(answer.coverage.published_to),
        },
        "timings": dict(answer.timings),
    }


def citation_json(citation: Citation) -> Json:
    """One citation."""
    return {
        "n": citation.n,
        "document_id": citation.document_id,
        "title": citation.title,
        "source": citation.source,
        "outlet": citation.outlet,
        "published": _iso(citation.published),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "speaker": citation.speaker,
        "page": citation.page,
    }


def hit_json(hit: Hit, document: Document) -> Json:
    """One search result; *document* is the one the passage is from."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "document_id": document.id,
        "title": document.title,
        "source": document.source,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.span.of(document.text),
    }


def document_json(listed: Listed) -> Json:
    """One line of the list of documents."""
    return {
        "id": listed.id,
        "source": listed.source,
        "title": listed.title,
        "outlet": listed.outlet,
        "published": _iso(listed.published),
        "language": listed.language,
        "passages": listed.passages,
    }


def statement_json(statement: Statement, document: Document) -> Json:
    """One statement; *document* is the one it is from."""
    return {
        "document_id": document.id,
        "source": document.source,
        "start": statement.span.start,
        "end": statement.span.end,
        "quote": statement.span.of(document.text),
        "speaker": statement.speaker,
        "speaker_as_written": statement.speaker_as_written,
        "direct": statement.direct,
        "cue": statement.cue,
        "published": _iso(document.published),
    }


def metrics_json(evaluation: Evaluation) -> Json:
    """The figures of an evaluation."""
    return {
        "metrics": {
            name: {"value": i.value, "low": i.low, "high": i.high}
            for name, i in evaluation.metrics.items()
        },
        "questions": evaluation.questions,
        "passages": evaluation.passages,
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None

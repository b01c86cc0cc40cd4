"""What programs read: the JSON forms of answers, hits, documents and statements.

The names in these objects are a promise to other people's programs; see
docs/architecture.md, "Contracts". Also what keeps text from documents inert
where people read it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.answering.abstention import SIGNALS
from qa.retrieval.adapted import NOTHING, Adapted
from qa.types import (
    Answer,
    Citation,
    Document,
    Filter,
    FollowUp,
    Generated,
    Hit,
    Place,
    Statement,
)

if TYPE_CHECKING:
    from qa.adaptation.adapting import Report
    from qa.answering.speakers import Speaker
    from qa.corpus import Corpus
    from qa.evaluation.calibration import Report as Calibrated
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.running import Outcome, Run
    from qa.evaluation.statistics import Interval
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
        "conflicts": [asdict(conflict) for conflict in answer.conflicts],
        "particulars": [asdict(one) for one in answer.particulars],
        "coverage": {
            "documents": answer.coverage.documents,
            "passages": answer.coverage.passages,
            "published_from": _iso(answer.coverage.published_from),
            "published_to": _iso(answer.coverage.published_to),
            "undated": answer.coverage.undated,
            "outlets": list(answer.coverage.outlets),
        },
        "understood": [filter_json(one) for one in answer.understood],
        "followed": followed_json(answer.followed) if answer.followed else None,
        "timings": dict(answer.timings),
        "generated": generated_json(answer.generated) if answer.generated else None,
    }


def generated_json(made: Generated) -> Json:
    """What a language model wrote, sentence by sentence, or why it wrote nothing."""
    return {
        "model": made.model,
        "failure": made.failure.value if made.failure else None,
        "detail": made.detail,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "struck": sentence.struck,
                "objections": [
                    {"flaw": one.flaw.value, "words": one.words} for one in sentence.objections
                ],
                "support": None if sentence.support is None else round(sentence.support, 4),
            }
            for sentence in made.sentences
        ],
    }


def followed_json(followed: FollowUp) -> Json:
    """How a follow-up question was written out."""
    return {
        "typed": followed.typed,
        "resolved": followed.resolved,
        "carried": [{"key": one.key.value, "value": one.value} for one in followed.carried],
        "excludes": followed.excludes,
        "about": _place_json(followed.about) if followed.about else None,
    }


def filter_json(one: Filter) -> Json:
    """One thing understood of a question."""
    return {
        "key": one.key.value,
        "value": one.value,
        "written": one.written,
        "typed": one.typed,
        "restricts": one.restricts,
        "since": _iso(one.since),
        "until": _iso(one.until),
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
        "also": [_place_json(place) for place in citation.also],
        "short": asdict(citation.short) | {"text": citation.short_text} if citation.short else None,
        "matched": [asdict(match) for match in citation.matched],
        "field": citation.field,
    }


def hit_json(hit: Hit, document: Document, also: Sequence[Place] = ()) -> Json:
    """One search result; *document* is the one the passage is from, *also* where its copies are."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "document_id": document.id,
        "title": document.title,
        "source": document.source,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.span.of(document.text),
        "also": [_place_json(place) for place in also],
    }


def hits_json(hits: Sequence[Hit], corpus: Corpus) -> list[Json]:
    """Search results with the documents they are from."""
    return [
        hit_json(
            hit,
            corpus.document(hit.passage.document_id),
            [Place.of(corpus.document(p.document_id), p.start, p.end) for p in hit.also],
        )
        for hit in hits
    ]


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
        "role": statement.role,
        "affiliation": statement.affiliation,
        "title": document.title,
        "outlet": document.outlet,
    }


def statements_json(statements: Sequence[Statement], corpus: Corpus) -> list[Json]:
    """Statements with the documents they are from."""
    document = lru_cache(maxsize=64)(corpus.document)  # they mostly come by document
    return [statement_json(one, document(one.document_id)) for one in statements]


def speaker_json(speaker: Speaker) -> Json:
    """One line of the list of speakers."""
    return {
        "speaker": speaker.name,
        "forms": list(speaker.forms),
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "statements": len(speaker.statements),
        "direct": sum(statement.direct for statement in speaker.statements),
        "documents": speaker.documents,
        "first": _iso(speaker.first),
        "last": _iso(speaker.last),
    }


def run_json(run: Run) -> Json:
    """The figures of an evaluation, in all and by slice."""
    from qa.evaluation.running import figures, judged, recall_curve, slices
    from qa.evaluation.statistics import risk_curve

    known = judged(run.outcomes)
    return {
        "metrics": _intervals(figures(run.outcomes)),
        "questions": len(run.outcomes),
        "left_out": run.left_out,
        "passages": run.passages,
        "dataset": run.dataset,
        "setting": run.setting,
        "latency": {
            stage: {"p50": median, "p95": most} for stage, (median, most) in run.latency.items()
        },
        "slices": [
            {
                "by": one.by,
                "value": one.value,
                "questions": one.questions,
                "metrics": _intervals(one.figures),
            }
            for one in slices(run.outcomes)
        ],
        "recall": [interval.value for interval in recall_curve(run.outcomes)],
        "risk_coverage": [] if known is None else _thinned(risk_curve(known).tolist()),
        "problems": run.problems,
        "versions": run.versions,
        "made": run.made,
        "seconds": run.seconds,
        "threshold": run.threshold,
    }


def comparison_json(comparison: Comparison) -> Json:
    """Two runs against each other: ``metrics`` by name, and the questions that changed."""
    return {
        "a": comparison.a.setting,
        "b": comparison.b.setting,
        "questions": comparison.questions,
        "left_out": comparison.left_out,
        "metrics": {name: asdict(found) for name, found in comparison.differences.items()},
        "changed": [
            {
                "id": one.a.id,
                "question": one.a.question,
                "change": round(one.change, 4),
                "a": _outcome_json(one.a),
                "b": _outcome_json(one.b),
            }
            for one in comparison.changed
        ],
    }


def adaptation_json(report: Report, learned: Adapted | None, *, stored: bool) -> Json:
    """What an adaptation found, each step before and after, and what *learned* holds."""
    learned = learned or NOTHING
    return {
        "stored": stored,
        "sentences": dict(report.sentences),
        "pairs": report.pairs,
        "questions": report.questions,
        "problems": list(report.problems),
        "steps": [
            {
                "name": step.name,
                "asked": step.asked,
                "better": step.better,
                "metrics": {
                    name: {
                        "before": found.a,
                        "after": found.b,
                        "difference": found.difference,
                        "low": found.low,
                        "high": found.high,
                        "p": found.p,
                    }
                    for name, found in step.figures.items()
                },
            }
            for step in report.steps
        ],
        "weights": {"-".join(pair): weight for pair, weight in learned.own_weights.items()},
        "translations": {
            "-".join(pair): len(rows) for pair, rows in sorted(learned.translations.items())
        },
    }


def calibration_json(report: Calibrated, *, stored: bool) -> Json:
    """What a calibration found, and how often it errs, beside the shipped refusal."""
    found = report.calibration
    rates = {f"{kind}_refused": rate for kind, rate in report.refused.items()}
    rates |= {"unanswered_refused": report.unanswered, "wrong_among_answers": report.wrong}
    return {
        "stored": stored,
        "questions": report.questions,
        "problems": list(report.problems),
        "lost": found.lost,
        "threshold": found.threshold,
        "weights": dict(zip(SIGNALS, found.weights, strict=True)),
        "bias": found.bias,
        "rates": {
            name: {
                "cases": rate.cases,
                "shipped": asdict(rate.shipped),
                "calibrated": asdict(rate.calibrated),
            }
            for name, rate in rates.items()
        },
    }


# Controls, halves of characters, and what is never seen: direction marks can make a quote read as
# something it does not say, and tags can hide words. Not soft hyphens, joiners and empty spaces,
# which many pages hold and many scripts and signs need.
_ACTS = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2061-\u2064\u2066-\u206f"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def acts(character: str) -> bool:
    """True for control and direction characters, which act on the text around them, and tags."""
    return _ACTS.match(character) is not None


def inert(text: str) -> str:
    """*text* with marks in place of the characters that act on the text around them."""
    return _ACTS.sub("\N{REPLACEMENT CHARACTER}", text)


def _outcome_json(outcome: Outcome) -> Json:
    return {
        "rank": outcome.ranks[0] if outcome.ranks else None,
        "answered": outcome.answered,
        "correct": outcome.correct,
        "quotes": outcome.quotes,
    }


def _thinned(curve: list[float], most: int = 100) -> list[Json]:
    """At most *most* points of a risk-coverage curve, the last among them."""
    step = max(1, math.ceil(len(curve) / most))
    places = sorted({*range(step, len(curve) + 1, step), len(curve)})
    return [{"coverage": round(n / len(curve), 4), "risk": round(curve[n - 1], 4)} for n in places]


def _intervals(found: Mapping[str, Interval]) -> Json:
    return {name: {"value": i.value, "low": i.low, "high": i.high} for name, i in found.items()}


def _place_json(place: Place) -> Json:
    return asdict(place) | {"published": _iso(place.published)}


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None

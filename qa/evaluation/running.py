"""One run: every question of a set asked in one setting, and the figures of that.

Owns the setting, what is noted about each question, and the files a run is
kept in. Knows how to ask; what is right was decided before (``gold``).
"""

from __future__ import annotations

import gzip
import json
import math
import os
import platform
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import qa
from qa.answering.question import understand
from qa.answering.reader import choose, without_stray_marks
from qa.errors import DatasetError, QuestionTooLong
from qa.evaluation.datasets import Ranking
from qa.evaluation.gold import Gold, Item
from qa.evaluation.indexing import content_digest
from qa.evaluation.measured import STAGES, MeasuredCorpus, Remembering
from qa.evaluation.measures import (
    DEPTH,
    MEASURES,
    equal,
    exact_match,
    overlap_f1,
    ranking_scores,
    whole_f1,
)
from qa.evaluation.statistics import Interval, Judged, area, bootstrap_columns, risk
from qa.ingest.passages import SEGMENTATION_VERSION
from qa.language.translation import TABLE
from qa.retrieval.fusion import SHIPPED
from qa.types import Answer, Reason, Span

TIMED = 100  # questions whose stages are timed
SHOWN = 3  # hits whose text is kept for a report
KEPT = 10  # hits that a saved run names

Progress = Callable[[int, int, str], None]


# Settings

# The weight of the vectors that each name stands for.
_LEGS: Mapping[str, float | None] = {"hybrid": None, "dense": 1.0, "lexical": 0.0}


@dataclass(frozen=True, slots=True)
class Setting:
    """How questions are put; None is as shipped.

    *weight*: of the dense leg, 0 to 1. *k*: passages that the reader looks
    into. *model*: see ``embeddings.load``.
    """

    weight: float | None = None
    k: int | None = None
    model: str | None = None

    @classmethod
    def parse(cls, text: str) -> Setting:
        """From ``hybrid``, ``dense``, ``lexical``, ``weight=0.7``, ``k=8``, ``model=NAME``.

        Several are joined by commas. Raises ``DatasetError``.
        """
        found: dict[str, Any] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, value = part.partition("=")
            name = name.strip().casefold()
            leg = part.casefold()
            if ("weight" if leg in _LEGS else name) in found:
                raise DatasetError(f"{text!r}: {name} is set twice; leave one out")
            if leg in _LEGS:
                found["weight"] = _LEGS[leg]
            elif name == "weight" and re.fullmatch(r"[01]|0?\.\d+|1\.0+", value.strip()):
                found["weight"] = float(value)
            elif name == "k" and re.fullmatch(r"[1-9]\d?|100", value.strip()):
                found["k"] = int(value)
            elif name == "model" and value.strip():
                found["model"] = value.strip()
            else:
                raise DatasetError(
                    f"{text!r}: neither a file nor a setting; settings are hybrid, dense, lexical, "
                    "weight=0 to 1, k=1 to 100 and model=NAME, joined by commas"
                )
        if not found:
            raise DatasetError(
                "an empty setting; say hybrid, dense, lexical, weight=, k= or model="
            )
        return cls(**found)

    def __str__(self) -> str:
        legs = {None: "hybrid", 1.0: "dense", 0.0: "lexical"}
        parts = [legs.get(self.weight, f"weight={self.weight}")]
        parts += [f"k={self.k}"] if self.k else []
        parts += [f"model={self.model}"] if self.model else []
        return ",".join(parts)


# What is noted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    *scores*: by measure; one that says nothing about this question is absent.
    *ranks*: where right passages stand among the first hundred hits; *right*:
    how many there are. *correct*: the quotes hold the answer - for a refusal,
    the quotes that would have been given. *passages*: texts of the first hits,
    and *wanted*: the text that was looked for; neither is saved.
    """

    id: str
    question: str
    language: str
    kind: str
    document_language: str | None
    answerable: bool
    scores: dict[str, float]
    ranks: list[int]
    right: int
    hits: list[str]
    answered: bool | None = None
    correct: bool | None = None
    confidence: float | None = None
    reason: str | None = None
    quotes: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    hit_scores: list[float] = field(default_factory=list)
    passages: list[str] = field(default_factory=list)
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Every question of a set asked in one setting.

    *latency*: by stage, the median and the 95th percentile in milliseconds.
    *versions*: of what took part. *made*: when, in ISO form. *seconds*: how
    long asking took. *threshold*: the least confidence that was answered.
    *left_out*: questions of the list that cannot be judged and were not asked.
    """

    dataset: str
    setting: str
    outcomes: list[Outcome]
    passages: int
    versions: dict[str, str] = field(default_factory=dict)
    latency: dict[str, list[float]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    made: str = ""
    seconds: float = 0.0
    threshold: float | None = None
    left_out: int = 0


# Asking


def measure(
    gold: Gold,
    corpus: MeasuredCorpus,
    *,
    dataset: str,
    setting: Setting,
    answers: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Ask every question of *gold* and note what became of it.

    *corpus* must have been opened with a ``Remembering`` embedder for the
    questions to be encoded together. *answers*: False measures the ranking
    alone.
    """
    corpus.dense_weight = setting.weight
    corpus.passages_read = setting.k or MeasuredCorpus.passages_read
    items = gold.items
    latency = _latency([item.text for item in items], corpus, progress) if items else {}
    started = time.perf_counter()
    if isinstance(corpus.embedder, Remembering):
        corpus.embedder.learn([understand(item.text).text for item in items])
    rankings: Ranking = {}
    asked: list[_Asked] = []
    document = lru_cache(maxsize=256)(corpus.document)
    for done, item in enumerate(items):
        if progress:
            progress(done, len(items), item.text)
        hits = corpus.search(item.text, DEPTH)
        ranking: dict[str, float] = {}
        for hit in hits:
            # Shown once, a story found under another of its names is found.
            names = [gold.name(item, passage) for passage in (hit.passage, *hit.also)]
            right = (name for name in names if name in item.right)
            ranking.setdefault(next(right, names[0]), hit.score)
        rankings[item.id] = list(ranking.items())
        home = next(iter(item.places), None) or next(
            (hit.passage.document_id for hit in hits if gold.name(item, hit.passage) in item.right),
            None,
        )
        asked.append(
            _Asked(
                passages=[
                    h.passage.span.of(document(h.passage.document_id).text) for h in hits[:SHOWN]
                ],
                document_language=document(home).language if home else None,
                wanted=_around(document(home).text, item.places.get(home, ())) if home else "",
                answered=_answered(item, corpus) if answers else None,
            )
        )
    if progress and items:
        progress(len(items), len(items), "")
    outcomes = _outcomes(items, rankings, asked)
    coverage = corpus.coverage()
    return Run(
        dataset=dataset,
        setting=str(setting),
        outcomes=outcomes,
        passages=coverage.passages,
        versions=_versions(corpus, setting),
        latency=latency,
        problems=gold.problems,
        made=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - started, 2),
        threshold=corpus.calibration().threshold if answers else None,
        left_out=gold.left_out,
    )


def of_ranking(items: Sequence[Item], ranking: Ranking, *, dataset: str, name: str) -> Run:
    """A run made elsewhere, of which only the ranking is known.

    Raises ``DatasetError`` if it is about none of *items*; what it lacks, and
    what it has that was not asked, stands in the problems of the run.
    """
    unknown = _Asked([], None, "", None)
    wanted = [item.id for item in items if item.right]
    missing = [id for id in wanted if id not in ranking]
    if wanted and len(missing) == len(wanted):
        raise DatasetError(
            f"{name}: none of its questions is asked here: it has {next(iter(ranking))!r}, and "
            f"asked is {wanted[0]!r}; name the run of these questions"
        )
    problems = []
    if missing:
        problems.append(
            f"{name}: {len(missing)} of {len(wanted)} questions are not in it, the first is "
            f"{missing[0]}; they count as not found"
        )
    known = {item.id for item in items}
    if strange := [id for id in ranking if id not in known]:
        problems.append(
            f"{name}: {len(strange)} of its questions are not asked here, the first is "
            f"{strange[0]}; they are left out"
        )
    outcomes = _outcomes(items, ranking, [unknown] * len(items))
    return Run(dataset, name, outcomes, 0, problems=problems)


@dataclass(frozen=True, slots=True)
class _Answered:
    answered: bool
    correct: bool | None
    confidence: float
    reason: str | None
    quotes: list[str]
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Asked:
    passages: list[str]
    document_language: str | None
    wanted: str
    answered: _Answered | None


def _outcomes(items: Sequence[Item], rankings: Ranking, asked: Sequence[_Asked]) -> list[Outcome]:
    runs = {question: [name for name, _ in hits] for question, hits in rankings.items()}
    judged = {item.id: item.right for item in items if item.right}
    scores = ranking_scores(judged, runs)
    outcomes = []
    for item, found in zip(items, asked, strict=True):
        hits = rankings.get(item.id, [])[:DEPTH]
        question = understand(item.text)
        answer = found.answered
        outcomes.append(
            Outcome(
                id=item.id,
                question=question.text,
                language=item.language or question.language,
                kind=question.kind.value,
                document_language=found.document_language,
                answerable=item.answerable,
                scores=scores.get(item.id, {}) | (answer.scores if answer else {}),
                ranks=[
                    place for place, (name, _) in enumerate(hits, start=1) if name in item.right
                ],
                right=len(item.right),
                hits=[name for name, _ in hits],
                answered=answer.answered if answer else None,
                correct=answer.correct if answer else None,
                confidence=answer.confidence if answer else None,
                reason=answer.reason if answer else None,
                quotes=answer.quotes if answer else [],
                expected=list(item.texts),
                hit_scores=[score for _, score in hits],
                passages=found.passages,
                wanted=found.wanted,
            )
        )
    return outcomes


def _answered(item: Item, corpus: MeasuredCorpus) -> _Answered | None:
    try:
        answer = corpus.ask(item.text)
    except QuestionTooLong:
        return None  # its ranking can be measured all the same
    quoted = [
        (c.document_id, Span(c.start, c.end), c.quote) for c in answer.citations
    ] or _would_quote(answer, corpus)
    right = [item.answered_by(document_id, span) for document_id, span, _ in quoted]
    judgeable = bool(item.places) or not item.answerable
    scores = {"coverage": float(not answer.abstained)}
    if item.answerable:
        scores["wrong_refusals"] = float(answer.abstained)
        kept = not answer.abstained
        if item.places:
            scores["answer@1"] = float(kept and any(right[:1]))
            scores["answer@any"] = float(kept and any(right))
        if item.short:
            first = answer.citations[0].quote if answer.citations else ""
            scores["EM"] = exact_match(first, item.short)
            scores["F1"] = overlap_f1(first, item.short)
        if item.exact:
            marked = answer.citations[0].short_text if answer.citations else None
            scores["marked"] = float(marked is not None)
            if marked is not None:
                scores["marked_EM"] = equal(marked, item.exact)
                scores["marked_F1"] = whole_f1(marked, item.exact)
    else:
        scores["correct_refusals"] = float(answer.abstained)
    return _Answered(
        answered=not answer.abstained,
        correct=(item.answerable and any(right)) if judgeable else None,
        confidence=answer.confidence,
        reason=answer.reason.value if answer.reason else None,
        quotes=[c.quote for c in answer.citations],
        scores=scores,
    )


# The refusals that keep back what the reader found.
WITHHELD = {
    Reason.NOTHING_CLOSE,
    Reason.SPEAKER_SILENT,
    Reason.SPEAKER_OFF_TOPIC,
    Reason.NOTHING_MORE,
    Reason.NAME_MISSING,
    Reason.NUMBER_MISSING,
}


def _would_quote(answer: Answer, corpus: MeasuredCorpus) -> list[tuple[str, Span, str]]:
    """The quotes that a refusal kept back: the curve asks what if it had not."""
    if answer.reason not in WITHHELD:
        return []
    found = []
    for candidate in choose(corpus.evidence(corpus.understand(answer.question)).candidates):
        document = corpus.document(candidate.passage.document_id)
        span = without_stray_marks(candidate.span, document.text)
        found.append((document.id, span, span.of(document.text)))
    return found


def _around(text: str, places: Sequence[Span], margin: int = 300) -> str:
    """The text about the first of *places*."""
    if not places:
        return text[: 2 * margin]
    place = places[0]
    start, end = max(0, place.start - margin), min(len(text), place.end + margin)
    if end - start > 6 * margin:  # a whole document
        start, end = place.start, place.start + 2 * margin
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _latency(
    texts: Sequence[str], corpus: MeasuredCorpus, progress: Progress | None
) -> dict[str, list[float]]:
    """Median and 95th percentile of each stage, one question at a time, after a first one."""
    step = max(1, math.ceil(len(texts) / TIMED))
    corpus.stage_times(texts[0])
    times = []
    for text in texts[::step]:
        if progress:
            progress(0, len(texts), text)
        times.append(corpus.stage_times(text))
    return {
        stage: [round(float(q), 2) for q in np.quantile([t[stage] for t in times], (0.5, 0.95))]
        for stage in STAGES
    }


def _versions(corpus: MeasuredCorpus, setting: Setting) -> dict[str, str]:
    weight = str(SHIPPED if setting.weight is None else setting.weight)
    if corpus.adapted():
        weight += ", and what kutip adapt learned"
    return {
        "kutip": qa.__version__,
        "model": f"{corpus.embedder.name} {corpus.embedder.version}",
        "segmentation": SEGMENTATION_VERSION,
        "translation table": content_digest(TABLE)[:12],
        "weight of the vectors": weight,
        "passages read": str(setting.k or corpus.passages_read),
        "refusal": str(corpus.calibration()),
        "Python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


# Figures


def figures(outcomes: Sequence[Outcome]) -> dict[str, Interval]:
    """Every measure that says something about one of *outcomes*, in the order of ``MEASURES``."""
    there = {name for outcome in outcomes for name in outcome.scores}
    names = [measure.name for measure in MEASURES if measure.name in there]
    found: dict[str, Interval] = {}
    if names:
        table = np.array(
            [[outcome.scores.get(name, math.nan) for name in names] for outcome in outcomes]
        )
        found = dict(zip(names, bootstrap_columns(table), strict=True))
    known = judged(outcomes)
    if known is not None:
        found["AURC"] = area(known)
        if known.answered.any():
            found["risk"] = risk(known)
    return {measure.name: found[measure.name] for measure in MEASURES if measure.name in found}


def judged(outcomes: Sequence[Outcome]) -> Judged | None:
    """What the risk is computed from, of the questions whose answer can be judged."""
    known = [outcome for outcome in outcomes if outcome.correct is not None]
    if not known:
        return None
    return Judged(
        np.array([outcome.answered for outcome in known], bool),
        np.array([not outcome.correct for outcome in known], bool),
        np.array([outcome.confidence for outcome in known], float),
    )


def recall_curve(outcomes: Sequence[Outcome]) -> list[Interval]:
    """Recall among the first 1, 2, ... hundred hits, over the questions with right passages."""
    asked = [outcome for outcome in outcomes if outcome.right]
    if not asked:
        return []
    found = np.zeros((len(asked), DEPTH))
    for row, outcome in zip(found, asked, strict=True):
        for rank in outcome.ranks:
            row[rank - 1 :] += 1 / outcome.right
    return bootstrap_columns(found)


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of some of the questions: those whose *by* is *value*."""

    by: str
    value: str
    questions: int
    figures: dict[str, Interval]


def slices(outcomes: Sequence[Outcome]) -> list[Slice]:
    """By question language, document language, kind of question, and answerable."""
    groups: dict[str, Callable[[Outcome], str | None]] = {
        "question language": lambda o: o.language,
        "document language": lambda o: o.document_language,
        "kind of question": lambda o: o.kind,
        "answerable": lambda o: "yes" if o.answerable else "no",
    }
    found = []
    for by, value_of in groups.items():
        values = {value_of(outcome) for outcome in outcomes}
        for value in sorted(v for v in values if v is not None):
            some = [outcome for outcome in outcomes if value_of(outcome) == value]
            found.append(Slice(by, value, len(some), figures(some)))
    return found


# Files


def write_trec(run: Run, path: Path) -> None:
    """The ranking of *run* as a TREC run, which trec_eval and others read.

    Space in a name becomes ``%20``. Scores are made to fall strictly, since
    readers order by score alone.
    """
    tag = re.sub(r"\s+", "_", f"kutip-{run.setting}")
    lines = []
    for outcome in run.outcomes:
        last = math.inf
        for rank, (name, score) in enumerate(
            zip(outcome.hits, outcome.hit_scores, strict=True), start=1
        ):
            # trec_eval keeps scores in 32 bits, so the steps must not be too small.
            last = min(round(score, 5), last - 1e-5)
            lines.append(f"{_word(outcome.id)} Q0 {_word(name)} {rank} {last:.5f} {tag}\n")
    _write(path, "".join(lines))


def write_qrels(items: Sequence[Item], path: Path) -> None:
    """What is right for each question as TREC qrels, by the names that ``write_trec`` writes."""
    lines = [
        f"{_word(item.id)} 0 {_word(name)} {grade}\n"
        for item in items
        for name, grade in item.right.items()
    ]
    _write(path, "".join(lines))


def _word(name: str) -> str:
    return re.sub(r"\s", lambda m: "".join(f"%{b:02X}" for b in m.group().encode()), name)


_FORMAT = 1
_T = TypeVar("_T")


def save(run: Run, path: Path) -> None:
    """Keep *run* with the figures of every question, as JSON, packed if *path* ends in .gz."""
    kept = asdict(run)
    for outcome in kept["outcomes"]:
        for name in ("passages", "wanted", "hit_scores"):
            del outcome[name]
        outcome["hits"] = outcome["hits"][:KEPT]
        outcome["scores"] = {k: round(v, 6) for k, v in outcome["scores"].items()}
    _write(path, json.dumps({"kutip_run": _FORMAT, **kept}, ensure_ascii=False, indent=1))


def _write(path: Path, text: str) -> None:
    try:
        data = text.encode("utf-8", "backslashreplace")
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; name another file") from error


def load(path: Path) -> Run:
    """A run that ``save`` has kept; raises ``DatasetError``."""
    try:
        data = path.read_bytes()
        kept = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
        if not isinstance(kept, dict) or kept.pop("kutip_run", None) != _FORMAT:
            raise ValueError("no run of this version of kutip")
        outcomes = [_checked(Outcome, row) for row in kept.pop("outcomes")]
        for outcome in outcomes:
            if not all(isinstance(value, (int, float)) for value in outcome.scores.values()):
                raise TypeError(f"a score of question {outcome.id} is no number")
        return _checked(Run, {**kept, "outcomes": outcomes})
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror or error}; name a saved run") from error
    except (ValueError, TypeError, KeyError, EOFError, RecursionError) as error:
        raise DatasetError(
            f"{path}: not a saved run ({error}); make one with kutip eval … --save {path.name}"
        ) from error


_JSON_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list,),
    "dict": (dict,),
    "None": (type(None),),
}


def _checked(kind: type[_T], row: Mapping[str, Any]) -> _T:
    """An object of *kind* from JSON; ``TypeError`` if a field is of another type."""
    for one in fields(kind):  # type: ignore[arg-type]
        names = [name.split("[")[0] for name in str(one.type).split(" | ")]
        allowed = tuple(t for name in names for t in _JSON_TYPES[name])
        if one.name in row and not isinstance(row[one.name], allowed):
            raise TypeError(f"{one.name} is {row[one.name]!r:.40}")
    return kind(**row)

"""How well ``find_statements`` does on articles with hand-annotated statements.

    python benchmarks/statements.py PATH [--half even|odd|all] [--misses N]

PATH is a ``.jsonl`` or ``.jsonl.gz`` file; each line has ``text`` and ``spans``, a list of
``{label, start, end, text}`` with the labels STATEMENT, CUE, CUECOREF, PERSON and
PERSONCOREF (PFSA-ID, Purnomo et al. 2022: Kompas articles; its statements are direct
quotations, with their marks, and only of speakers whom the annotators held notable).

Statements. A found statement matches an annotated one when they share at least half of
the characters of the annotated one; one to one, most shared characters first.
- ``direct``: statements found as direct speech against the annotation. This is the number to
  quote, for the annotation holds direct speech only. Quotations that it leaves out
  (passers-by) count against precision: an upper bound near 0.87 on the even half.
- ``all``: indirect speech included; its precision says nothing for the same reason.

Speakers, over the matched statements. The annotated mention of a statement is the one
nearest in its sentence: the first PERSON, PERSONCOREF or CUECOREF ("ujarnya") within 200
characters after the statement and before the next one, else the last within 200 before.
- ``mention``: the speaker as written or the resolved name shares a word (folded, longer
  than two letters) with the annotated mention; for a CUECOREF the resolved name must share
  one with the last PERSON or PERSONCOREF annotated before it.
- ``full name``: the resolved name equals, folded, the longest annotated PERSON of the
  article that shares a word with that mention; counted only where there is one.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.answering.statements import find_statements
from qa.language.names import fold, words
from qa.types import Document, Span, Statement

_PEOPLE = {"PERSON", "PERSONCOREF"}


@dataclass(slots=True)
class Score:
    """Counts over articles."""

    annotated: int = 0
    found: int = 0
    matched: int = 0
    mention_of: int = 0
    mention_right: int = 0
    full_of: int = 0
    full_right: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of *path*."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def pairs(found: list[Statement], annotated: list[Span]) -> list[tuple[int, int]]:
    """Matches, one to one, most shared characters first."""
    options = []
    for i, statement in enumerate(found):
        for j, span in enumerate(annotated):
            shared = min(statement.span.end, span.end) - max(statement.span.start, span.start)
            if shared * 2 >= span.end - span.start:
                options.append((-shared, i, j))
    used_i: set[int] = set()
    used_j: set[int] = set()
    chosen = []
    for _, i, j in sorted(options):
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            chosen.append((i, j))
    return chosen


def mention_of(spans: list[dict[str, Any]], statement: Span) -> dict[str, Any] | None:
    """The annotated mention that goes with *statement*."""
    following = [s["start"] for s in spans if s["label"] == "STATEMENT"]
    following = [s for s in following if s >= statement.end]
    limit = min([statement.end + 200, *following])
    kinds = _PEOPLE | {"CUECOREF"}
    after = [s for s in spans if s["label"] in kinds and statement.end <= s["start"] < limit]
    if after:
        return min(after, key=lambda s: int(s["start"]))
    before = [
        s
        for s in spans
        if s["label"] in kinds and statement.start - 200 <= s["end"] <= statement.start
    ]
    return max(before, key=lambda s: int(s["end"])) if before else None


def name_words(name: str | None) -> set[str]:
    """Folded words of *name*, longer than two letters, aliases and the written form both."""
    if not name:
        return set()
    every = {t.folded for t in words(name)} | set(fold(name).split())
    return {w for w in every if len(w) > 2}


def judge(score: Score, statement: Statement, span: Span, spans: list[dict[str, Any]]) -> None:
    """Count whether the speaker of a matched statement is right."""
    mention = mention_of(spans, span)
    if mention is None:
        return
    target = mention
    if mention["label"] == "CUECOREF":
        earlier = [s for s in spans if s["label"] in _PEOPLE and s["end"] <= mention["start"]]
        if not earlier:
            return
        target = max(earlier, key=lambda s: int(s["end"]))
        said = name_words(statement.speaker)
    else:
        said = name_words(statement.speaker) | name_words(statement.speaker_as_written)
    wanted = name_words(target["text"])
    score.mention_of += 1
    right = bool(said & wanted)
    score.mention_right += right
    if not right:
        score.misses.append(
            f"speaker: wanted {target['text']!r} ({mention['label']}), got {statement.speaker!r}"
            f" as {statement.speaker_as_written!r}, cue {statement.cue!r}"
        )
    people = [s["text"] for s in spans if s["label"] == "PERSON" and name_words(s["text"]) & wanted]
    if people:
        score.full_of += 1
        full = max(people, key=len)
        good = statement.speaker is not None and fold(statement.speaker) == fold(full)
        score.full_right += good
        if right and not good:
            score.misses.append(f"full name: wanted {full!r}, got {statement.speaker!r}")


def measure(articles: list[dict[str, Any]], *, direct_only: bool) -> Score:
    """The score over *articles*."""
    score = Score()
    for article in articles:
        text = article["text"]
        document = Document(
            id=article["_id"],
            title="",
            text=text,
            source="",
            outlet=None,
            published=None,
            language="id",
        )
        found = [s for s in find_statements(document) if s.direct or not direct_only]
        spans = article["spans"]
        annotated = [Span(s["start"], s["end"]) for s in spans if s["label"] == "STATEMENT"]
        matches = pairs(found, annotated)
        score.annotated += len(annotated)
        score.found += len(found)
        score.matched += len(matches)
        for i, j in matches:
            judge(score, found[i], annotated[j], spans)
        hit = {j for _, j in matches}
        score.misses += [
            f"not found: {span.of(text)!r} | {text[span.end : span.end + 60]!r}"
            for j, span in enumerate(annotated)
            if j not in hit
        ]
        good = {i for i, _ in matches}
        if direct_only:
            score.misses += [
                f"not annotated: {s.span.of(text)[:160]!r} | {s.cue!r} {s.speaker!r}"
                for i, s in enumerate(found)
                if i not in good
            ]
    return score


def report(name: str, score: Score) -> str:
    """One line of numbers."""
    mention = score.mention_right / score.mention_of if score.mention_of else 0.0
    full = score.full_right / score.full_of if score.full_of else 0.0
    return (
        f"{name:<12} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}"
        f"  ({score.matched} of {score.annotated} annotated, {score.found} found)"
        f"  speaker: mention {mention:.3f} ({score.mention_of})  full name {full:.3f}"
        f" ({score.full_of})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure find_statements.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--misses", type=int, default=0, help="print this many misses (direct)")
    options = parser.parse_args()
    articles = list(read(options.path))
    if options.half != "all":
        articles = articles[options.half == "odd" :: 2]
    direct = measure(articles, direct_only=True)
    print(report(f"direct {options.half}", direct))
    print(report(f"all {options.half}", measure(articles, direct_only=False)))
    for miss in direct.misses[: options.misses]:
        print(" ", miss)


if __name__ == "__main__":
    main()

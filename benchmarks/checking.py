"""How well sound and unsound sentences are told apart: ``python benchmarks/checking.py DATA``.

DATA is the folder of the data (its README says what is in it). First the support
by the encoder: paragraphs that are there in English and in Indonesian (found by
the questions they share), cut into as many sentences, give claims in one language
and evidence in the other. A claim, or half of it, beside its own translation and
that one's neighbours is supported; beside the neighbours alone it is not, though
it is about the same. One half of the paragraphs chooses the threshold, the other confirms.
Then the checks of numbers, dates and names on parallel sentences: how often they
object to a translation, and how often to the same with one number, month or name
changed (``--show`` lists both kinds of mistakes).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import embeddings
from qa.answering.checking import SUPPORT, Source, check, parts
from qa.answering.generation import NEIGHBOURS
from qa.ingest.dates import MONTHS, WEEKDAYS
from qa.language.sentences import sentence_spans
from qa.types import Embedder, Flaw

NEWS = frozenset({"panl-bppt-int", "panl-bppt-eco", "guntara-news-validtest", "desmond86-bbc"})
SHOWN = 12
LONGEST = 300  # characters of a parallel sentence


# A sentence beside its translation and that one's neighbours, half of it beside the
# same, and a sentence beside the neighbours alone, translated and as written.
KINDS = ("whole", "half", "neighbours", "own neighbours")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, and sentences that say it in the other language, or stand around it.

    *kind*: one of ``KINDS``.
    """

    text: str
    language: str
    evidence: tuple[str, ...]
    evidence_language: str
    kind: str


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _paragraphs(dev: Path) -> list[tuple[list[str], list[str]]]:
    """Paragraphs as (English sentences, Indonesian sentences), as many of each."""

    def texts(name: str) -> dict[str, str]:
        return {row["_id"]: row["text"] for row in _rows(dev / name / "corpus.jsonl.gz")}

    def homes(name: str) -> dict[str, str]:
        asked = {row["_id"]: row["text"] for row in _rows(dev / name / "queries.jsonl.gz")}
        return {
            asked[row["query_id"]].strip().casefold(): row["context_id"]
            for row in _rows(dev / name / "answers.jsonl.gz")
            if row.get("context_id")
        }

    english, indonesian = texts("xquad_en_en"), texts("squad_en_id")
    here, there = homes("xquad_en_en"), homes("squad_en_id")
    pairs = sorted({(here[q], there[q]) for q in here if q in there})
    found = []
    for one, other in pairs:
        en, id = _cut(english[one], "en"), _cut(indonesian[other], "id")
        if len(en) == len(id) > 2:
            found.append((en, id))
    return found


def _cut(text: str, language: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, language)]


def _claims(paragraphs: Sequence[tuple[list[str], list[str]]]) -> Iterator[Claim]:
    for en, id in paragraphs:
        for ours, theirs, language, other in ((en, id, "en", "id"), (id, en, "id", "en")):
            for k, text in enumerate(ours):
                around = slice(max(0, k - NEIGHBOURS), k + 1 + NEIGHBOURS)
                beside = [s for i, s in enumerate(theirs) if i != k][around.start : around.stop - 1]
                own = [s for i, s in enumerate(ours) if i != k][around.start : around.stop - 1]
                yield Claim(text, language, tuple(theirs[around]), other, "whole")
                yield Claim(_half(text), language, tuple(theirs[around]), other, "half")
                yield Claim(text, language, tuple(beside), other, "neighbours")
                yield Claim(text, language, tuple(own), language, "own neighbours")


def _half(text: str) -> str:
    """Up to the comma nearest to the middle, or just up to the middle."""
    words = text.split()
    ends = [i for i, word in enumerate(words[:-1], 1) if word[-1] in ",;:"] or [len(words) // 2]
    return " ".join(words[: min(ends, key=lambda i: abs(i - len(words) / 2))]).rstrip(",;:")


def _supports(claims: Sequence[Claim], embedder: Embedder) -> list[float]:
    """As ``qa.answering.checking`` has it, each text encoded once for all claims."""
    told = [parts(Source(1, "", None, claim.evidence_language, claim.evidence)) for claim in claims]
    texts = list(
        dict.fromkeys([claim.text for claim in claims] + [t for part in told for t in part])
    )
    place = {text: i for i, text in enumerate(texts)}
    vectors = embedder.encode_document(texts)
    return [
        float((vectors[[place[t] for t in part]] @ vectors[place[claim.text]]).max())
        for claim, part in zip(claims, told, strict=True)
    ]


def _measure_support(dev: Path, embedder: Embedder) -> None:
    paragraphs = _paragraphs(dev)
    print(f"{len(paragraphs)} paragraphs in both languages")
    for name, half in (("choose", paragraphs[::2]), ("confirm", paragraphs[1::2])):
        claims = list(_claims(half))
        supports = _supports(claims, embedder)
        for language in ("en", "id"):
            kinds = {
                kind: [
                    support
                    for claim, support in zip(claims, supports, strict=True)
                    if claim.kind == kind and claim.language == language
                ]
                for kind in KINDS
            }
            print(f"{name}: claims in {language}, {len(kinds['whole'])} of each kind")
            print("  threshold  struck: " + "  ".join(f"{kind:>14}" for kind in kinds))
            for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
                struck = (
                    sum(s < threshold for s in found) / len(found) for found in kinds.values()
                )
                mark = "*" if threshold == SUPPORT else " "
                print(
                    f"  {threshold:9.2f}{mark}         " + "  ".join(f"{x:12.3f}" for x in struck)
                )


# Numbers, dates and names


def _parallel(path: Path, most: int) -> list[tuple[str, str]]:
    """(English, Indonesian) news sentences, one sentence each."""

    def rows() -> Iterator[tuple[str, str]]:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for id, en, source, *_ in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if source in NEWS and len(en) < LONGEST and len(_cut(en, "en")) == 1:
                    yield en, id

    return list(islice(rows(), most))


_MONTH = re.compile(r"\b(?:January|February|April|June|July|August|September|October|December)\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")


def _other_number(text: str, _: str, chance: random.Random) -> str:
    found = list(re.finditer(r"\d+", text))
    if not found:
        return text
    one = chance.choice(found)
    return f"{text[: one.start()]}{int(one.group()) + chance.randint(1, 9)}{text[one.end() :]}"


def _other_month(text: str, _: str, chance: random.Random) -> str:
    return _MONTH.sub("March", text)


def _other_name(text: str, donor: str, chance: random.Random) -> str:
    theirs = [
        name
        for name in _NAME.findall(donor)
        if name not in text and name.casefold() not in {*MONTHS, *WEEKDAYS}
    ]
    found = list(_NAME.finditer(text))
    if not found or not theirs:
        return text
    one = chance.choice(found)
    return f"{text[: one.start()]}{chance.choice(theirs)}{text[one.end() :]}"


FORGERIES = {
    "number": (_other_number, {Flaw.NUMBER, Flaw.DATE}),
    "month": (_other_month, {Flaw.DATE}),
    "name": (_other_name, {Flaw.NAME}),
}


def _flaws(
    claim: str, evidence: str, languages: tuple[str, str], embedder: Embedder
) -> Mapping[Flaw, str]:
    source = Source(1, "", None, languages[1], (evidence,))
    written = check(f"{claim.rstrip('. ')} [1].", [source], embedder, languages[0])
    return {one.flaw: one.words for sentence in written for one in sentence.objections}


def _measure_facts(pairs: Sequence[tuple[str, str]], embedder: Embedder, show: bool) -> None:
    chance = random.Random(0)
    facts = {Flaw.NUMBER, Flaw.DATE, Flaw.NAME}
    for languages in (("en", "id"), ("id", "en")):
        claims = [(en, id) if languages[0] == "en" else (id, en) for en, id in pairs]
        counted: Counter[Flaw] = Counter()
        examples = []
        for claim, evidence in claims:
            found = _flaws(claim, evidence, languages, embedder)
            counted.update(facts & found.keys())
            if facts & found.keys():
                counted[Flaw.UNCITED] += 1  # stands for any of them
                examples.append((claim, evidence, found))
        named = ", ".join(f"{flaw.value} {counted[flaw] / len(claims):.3f}" for flaw in facts)
        any_of = counted[Flaw.UNCITED] / len(claims)
        print(f"claims in {languages[0]}, {len(claims)} translations objected to: {any_of:.3f}")
        print(f"  ({named})")
        for claim, evidence, found in examples[:SHOWN] if show else []:
            print(f"    {dict(found)}\n      {claim}\n      {evidence}")
    for name, (forge, right) in FORGERIES.items():
        caught = forged = 0
        for place, (en, id) in enumerate(pairs):
            false = forge(en, pairs[place - 1][0], chance)
            if false == en:
                continue
            forged += 1
            if right & _flaws(false, id, ("en", "id"), embedder).keys():
                caught += 1
            elif show:
                print(f"    missed\n      {false}\n      {id}")
        print(f"{name} changed: {caught} of {forged} caught ({caught / max(1, forged):.3f})")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the checks of generated sentences.")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--most", type=int, default=600, help="parallel sentences")
    parser.add_argument("--show", action="store_true", help="list mistakes")
    options = parser.parse_args()
    embedder = embeddings.load()
    _measure_support(options.data / "qa" / "dev", embedder)
    pairs = _parallel(options.data / "parallel" / "id-en.tsv.gz", options.most)
    _measure_facts(pairs, embedder, options.show)


if __name__ == "__main__":
    main()

"""Copies of one story told from other stories: ``python benchmarks/copies.py ARTICLES QUESTIONS``.

ARTICLES is a JSON-lines file of news articles (``_id`` of the form
name:number-headline, ``text``). Of all of them copies are made as other outlets
make them (``EDITS``), and forgeries, in which every digit is another. Prints, by
length of a shingle and threshold, which share of the copies' passages is
recognised, which share of the forged passages that hold numbers, and how many
passages of the articles as they are repeat another article (``--show`` lists
those). One half of the articles chooses, the other confirms. Then the same for
MinHash signatures of whole documents. Last, what copies do to ranking, confidence
and time, with the collapse and without it: the questions of QUESTIONS, a folder
in the BEIR layout, are asked of its passages once and of three of each.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path

import embeddings
from qa import ingest
from qa.answering.abstention import SHIPPED
from qa.answering.question import understand
from qa.answering.searching import Found, Searcher
from qa.corpus import Corpus
from qa.evaluation.datasets import Dataset, load_beir, read_rows
from qa.index.store import Store
from qa.ingest.passages import segments
from qa.language.sentences import sentence_spans
from qa.language.tokens import stems
from qa.retrieval import copies
from qa.types import Document, Embedder

SHINGLES = (3, 4, 5)
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
HASHES = 128

Sentences = list[str]


def _headline(id: str) -> str:
    return id.partition("-")[2].replace("-", " ").strip()


# Edits: from the sentences of an article and words of another's headline to its copy.


def _dateline(sentences: Sentences, other: str) -> Sentences:
    return [f"KABAR KOTA – {sentences[0]}", *sentences[1:], "(ant/red)"]


def _new_lead(sentences: Sentences, other: str) -> Sentences:
    return [f"{other.capitalize()}, demikian dilaporkan dari lokasi.", *sentences[1:]]


def _cut(sentences: Sentences, other: str) -> Sentences:
    return sentences[: max(2, len(sentences) * 2 // 3)]


def _swapped(sentences: Sentences, other: str) -> Sentences:
    middle = len(sentences) // 2
    swapped = sentences.copy()
    swapped[middle - 1], swapped[middle] = swapped[middle], swapped[middle - 1]
    return swapped


def _furniture(sentences: Sentences, other: str) -> Sentences:
    third = max(1, len(sentences) // 3)
    inside = ["\n\nADVERTISEMENT\n\n", f"\n\nBaca juga: {other.title()}\n\n"]
    end = ["\n\nIkuti berita pilihan kami setiap hari di aplikasi dan saluran percakapan.\n\n"]
    return [*sentences[:third], inside[0], *sentences[third:-1], inside[1], sentences[-1], *end]


_WORDS = {
    "mengatakan": "menyatakan", "kata": "ujar", "ujar": "kata", "tutur": "ucap", "dia": "ia",
    "ia": "dia", "juga": "pula", "akan": "bakal", "saat": "ketika", "ini": "itu", "untuk": "guna",
    "namun": "tetapi", "sebelumnya": "tadinya", "karena": "lantaran", "para": "semua",
}  # fmt: skip


def _words(sentences: Sentences, other: str) -> Sentences:
    """Every third of some usual words gives way to another that means the same."""
    count = 0

    def put(found: re.Match[str]) -> str:
        nonlocal count
        count += found[0] in _WORDS
        return _WORDS[found[0]] if found[0] in _WORDS and not count % 3 else found[0]

    return [re.sub(r"\w+", put, sentence) for sentence in sentences]


def _all(sentences: Sentences, other: str) -> Sentences:
    for edit in (_cut, _swapped, _new_lead, _dateline, _furniture):
        sentences = edit(sentences, other)
    return sentences


EDITS: dict[str, Callable[[Sentences, str], Sentences]] = {
    "dateline": _dateline,
    "new lead": _new_lead,
    "cut": _cut,
    "swapped": _swapped,
    "furniture": _furniture,
    "words": _words,
    "all but words": _all,
}


def forged(text: str) -> str:
    """*text* with another digit for each."""
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), text)


# Articles as documents


@dataclass(frozen=True, slots=True)
class Article:
    """A story as one outlet prints it: its document, and the terms of each passage.

    *old*: for each passage, whether at least half of it is the original's.
    *numbers*: whether it holds a digit.
    """

    story: str
    document: Document
    terms: list[list[str]]
    old: list[bool]
    numbers: list[bool]


class Maker:
    """Reads texts as files, as Kutip does."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._file = folder / "article.txt"
        self._embedder = embedder

    def __call__(self, story: str, name: str, text: str, original: str = "") -> Article:
        self._file.write_text(text, encoding="utf-8")
        document = replace(ingest.read(self._file), id=f"{story} {name}", source=f"{name}.txt")
        terms, old, numbers = [], [], []
        for segment in segments(document, self._embedder.count_tokens):
            parts = [span.of(document.text) for span in segment.sentences]
            body = segment.passage.span.of(document.text)
            terms.append(stems(body, "id"))
            kept = sum(len(part) for part in parts if part in original)
            old.append(2 * kept >= len(body))
            numbers.append(any(map(str.isdigit, body)))
        return Article(story, document, terms, old, numbers)


def edited(text: str, edit: str, other: str) -> str:
    """The copy of *text* that *edit* makes; *other*: a headline to put in."""
    parts = [span.of(text) for span in sentence_spans(text, "id")]
    return " ".join(EDITS[edit](parts, other)) if len(parts) >= 3 else text


# Recognition


def recognised(
    original: Article, copy: Article, shingle: int, containment: float
) -> Iterator[tuple[bool, bool, bool]]:
    """For each passage of *copy*: whether it is recognised, is old, and holds numbers."""
    found = copies.repeated(
        [*original.terms, *copy.terms], shingle=shingle, containment=containment
    )[len(original.terms) :]
    for home, old, numbers in zip(found, copy.old, copy.numbers, strict=True):
        yield home is not None, old, numbers


def natural(articles: Sequence[Article], shingle: int, containment: float) -> list[str]:
    """Passages of *articles* that repeat another article."""
    owner = [article for article in articles for _ in article.terms]
    passages = [terms for article in articles for terms in article.terms]
    found = copies.repeated(passages, shingle=shingle, containment=containment)
    return [
        f"{owner[i].story} repeats {owner[home].story}: {' '.join(passages[i])[:300]}"
        for i, home in enumerate(found)
        if home is not None and owner[home] is not owner[i]
    ]


def signature(terms: Sequence[str], shingle: int) -> list[int]:
    """MinHash (Broder 1997) of a document: the least of each of ``HASHES`` hash functions."""
    runs = {hash(tuple(terms[i : i + shingle])) for i in range(len(terms) - shingle + 1)}
    random_ = random.Random(1)
    prime = 2**61 - 1
    least = []
    for _ in range(HASHES):
        a, b = random_.randrange(1, prime), random_.randrange(prime)
        least.append(min(((a * run + b) % prime for run in runs), default=0))
    return least


# What copies do to answers


class _Uncollapsed(Searcher):
    def distinct(self, found: Found) -> Found:
        return found


class Uncollapsed(Corpus):
    """As before: every passage stands for itself."""

    def __init__(self, path: Path, store: Store, embedder: Embedder) -> None:
        super().__init__(path, store, embedder)
        self._searcher = _Uncollapsed(self._snapshots)


def gain(stories: Sequence[str], wanted: Mapping[str, int]) -> float:
    """nDCG@10 where a right story counts once, where it first appears."""
    place = next((i for i, story in enumerate(stories[:10]) if story in wanted), None)
    return 0.0 if place is None else 1 / log2(2 + place)


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over questions: nDCG@10, stories among the six best passages, confidence; CPU ms."""

    ndcg: float
    stories: float
    confidences: list[float]
    milliseconds: float


def asked(corpus: Corpus, dataset: Dataset, questions: Sequence[str]) -> Figures:
    """Ask for the right passages of *questions*, whose copies are as right."""
    gains, counts, certain, times = [], [], [], []
    for id in questions:
        text = dataset.questions[id]
        stories = [hit.passage.document_id.partition(" ")[0] for hit in corpus.search(text)]
        gains.append(gain(stories, dataset.qrels[id]))
        counts.append(len(set(stories[: Corpus.passages_read])))
        question = understand(text)
        started = time.thread_time()
        evidence = corpus.evidence(question)
        times.append((time.thread_time() - started) * 1000)
        certain.append(SHIPPED.confidence(evidence.signals))
    return Figures(
        statistics.fmean(gains), statistics.fmean(counts), certain, statistics.median(times)
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path, help="Indonesian questions, a BEIR folder")
    parser.add_argument(
        "--most", type=int, default=400, help="articles of each half; 0: only the answers"
    )
    parser.add_argument("--asked", type=int, default=150, help="questions asked")
    parser.add_argument("--show", action="store_true", help="list what repeats other articles")
    options = parser.parse_args()
    rows = [(str(row["_id"]), str(row["text"])) for row in read_rows(options.articles, "_id")]
    random.Random(7).shuffle(rows)
    rows = rows[: 2 * options.most]
    embedder = embeddings.load()
    with tempfile.TemporaryDirectory() as temporary:
        make = Maker(Path(temporary), embedder)
        halves = (("choosing", rows[::2]), ("confirming", rows[1::2])) if rows else ()
        for name, half in halves:
            print(f"\n{name} half: {len(half)} articles")
            recognition(half, make, show=options.show)
        answers(load_beir(options.questions), options.asked, embedder, Path(temporary))


def recognition(rows: Sequence[tuple[str, str]], make: Maker, *, show: bool) -> None:
    """Shares of copies and forgeries recognised, and the articles that repeat others."""
    articles = [make(id, "original", text) for id, text in rows]
    made: dict[str, list[tuple[Article, Article]]] = {edit: [] for edit in EDITS}
    forgeries = []
    for i, ((id, text), article) in enumerate(zip(rows, articles, strict=True)):
        edit = list(EDITS)[i % len(EDITS)]
        other = _headline(rows[i - 1][0])
        made[edit].append((article, make(id, edit, edited(text, edit, other), text)))
        forgeries.append((article, make(id, "forged", forged(text), text)))
    print(f"{'':12}" + "".join(f"{edit:>14}" for edit in EDITS) + "   forged  natural")
    for shingle in SHINGLES:
        for threshold in THRESHOLDS:
            shares = []
            for pairs in made.values():
                hits = [
                    h for a, c in pairs for h, old, _ in recognised(a, c, shingle, threshold) if old
                ]
                shares.append(sum(hits) / max(1, len(hits)))
            taken = [
                h for a, c in forgeries for h, _, n in recognised(a, c, shingle, threshold) if n
            ]
            repeats = natural(articles, shingle, threshold)
            print(
                f"{shingle} words {threshold:.1f} "
                + "".join(f"{share:14.3f}" for share in shares)
                + f"{sum(taken) / max(1, len(taken)):9.3f}{len(repeats):9d}"
            )
            if show and (shingle, threshold) == (copies.SHINGLE, copies.CONTAINMENT):
                print("\n".join(f"    {line}" for line in repeats))
    _minhash(articles, made, forgeries)


def _minhash(
    articles: Sequence[Article],
    made: dict[str, list[tuple[Article, Article]]],
    forgeries: Sequence[tuple[Article, Article]],
) -> None:
    def of(article: Article) -> list[int]:
        return signature([term for terms in article.terms for term in terms], copies.SHINGLE)

    started = time.perf_counter()
    known = {article.document.id: of(article) for article in articles}
    each = (time.perf_counter() - started) * 1000 / max(1, len(articles))

    def alike(pairs: Sequence[tuple[Article, Article]], least: float) -> float:
        found = [
            sum(x == y for x, y in zip(known[a.document.id], of(c), strict=True)) >= least * HASHES
            for a, c in pairs
        ]
        return sum(found) / max(1, len(found))

    for least in (0.3, 0.5, 0.7):
        print(
            f"MinHash {least:.1f} "
            + "".join(f"{alike(pairs, least):14.3f}" for pairs in made.values())
            + f"{alike(forgeries[:100], least):9.3f}"
        )
    print(f"whole documents, {HASHES} hashes: {each:.1f} ms an article to sign")


def answers(dataset: Dataset, most: int, embedder: Embedder, folder: Path) -> None:
    """Ranking, confidence and time with each passage once and three times."""
    random_ = random.Random(7)
    questions = random_.sample([id for id in dataset.questions if dataset.qrels.get(id)], most)
    ids = {right for id in questions for right in dataset.qrels[id]}
    ids |= set(random_.sample(sorted(dataset.passages), min(3 * most, len(dataset.passages))))
    print(f"\n{most} questions, {len(ids)} passages")
    base: list[float] = []
    for name, edits in (("once", ()), ("three times", ("dateline", "words"))):
        place = folder / name.replace(" ", "-")
        with Corpus.open(place, embedder=embedder) as corpus:
            for id in sorted(ids):
                text = dataset.passages[id]
                parts = [span.of(text) for span in sentence_spans(text, "id")]
                copies_ = {edit: " ".join(EDITS[edit](parts, "")) for edit in edits}
                for edit, words in {"original": text, **copies_}.items():
                    document = Document(f"{id} {edit}", "", words, id, None, None, "id")
                    corpus.put(document, document.id)
        for kind in (Uncollapsed, Corpus):
            with kind.open(place, embedder=embedder) as corpus:
                asked(corpus, dataset, questions[:10])  # to warm up
                found = asked(corpus, dataset, questions)
            base = base or found.confidences
            moved = [abs(a - b) for a, b in zip(found.confidences, base, strict=True)]
            print(
                f"{name:12} {kind.__name__:12} nDCG@10 {found.ndcg:.4f}, "
                f"{found.stories:.2f} stories in six passages, "
                f"confidence {statistics.fmean(found.confidences):.4f} "
                f"(moved by {statistics.fmean(moved):.4f}), {found.milliseconds:.1f} ms"
            )


if __name__ == "__main__":
    main()

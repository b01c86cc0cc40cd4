"""What each choice of the retrieval is worth: ``python benchmarks/ablations.py DATA``.

Every row changes one thing and leaves the rest as shipped; ``--list`` names them.
Prints Markdown: nDCG@10 of each row on each set, by words alone, by vectors alone
or by both, on all questions and on the two halves (odd ones are for choosing, even
ones for confirming), the difference to the shipped setting over the same
questions, and the p of a paired randomisation test; at the end a table of all sets.

Sets are the folders of DATA/qa/dev, and ``articles``: the questions of
indosum_headline over whole articles that are cut anew, as a corpus cuts them.
``--distractors`` adds so many news passages. What the model makes of passages is
kept under ``.cache/ablations`` by content, so that only the first row waits for it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property, lru_cache, partial
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

import embeddings
from qa.answering.question import Question, understand
from qa.evaluation.datasets import Dataset, load_beir
from qa.evaluation.measures import ranking_scores
from qa.evaluation.statistics import compare_means
from qa.index.store import PassageTable, in_steps
from qa.ingest.passages import TARGET_TOKENS, segments
from qa.language.detection import detect
from qa.language.sentences import sentence_spans
from qa.language.tokens import fold, stem, stems, tokens
from qa.language.translation import Translations, translations, word_translations
from qa.retrieval import lexical
from qa.retrieval.fusion import SHIPPED, Weights, weighted_sum
from qa.retrieval.late import Words as WordVectors
from qa.retrieval.late import late_interaction, words_of
from qa.retrieval.lexical import LexicalScores, QueryWord
from qa.retrieval.retriever import (
    CANDIDATES,
    NEAREST_SENTENCE,
    WORD_BY_WORD,
    nearest_sentences,
)
from qa.types import Document, Embedder, QuestionVectors, Span, Vectors

SETS = (
    "squad_en_id", "squad_id_id", "tydiqa_id_dev", "idk_mrc_dev", "facqa_dev", "indosum_headline",
)  # fmt: skip
ARTICLES = "articles"
CACHE = Path(".cache/ablations")
LEGS = ("words", "vectors", "both")
BLOCK = 256  # passages encoded and kept together

Floats = npt.NDArray[np.float64]
Terms = Callable[[str, str], list[str]]  # of a text in a language
Words = Callable[[Question, tuple[str, ...]], list[QueryWord]]
Score = Callable[[Sequence[QueryWord], PassageTable, lexical.Postings], LexicalScores]


# The rows


@dataclass(frozen=True, slots=True)
class Cut:
    """How articles become passages: about *tokens* each, the last *overlap* sentences twice."""

    tokens: int = TARGET_TOKENS
    overlap: int = 0


@dataclass(frozen=True)
class Row:
    """One setting; what it does not name is as shipped.

    *constants*: of ``qa.retrieval.lexical``, by name. *weights*: of the vectors.
    *by_coverage*: instead, their weight if no passage holds any of the question's
    words and if one holds all, and in between by the largest coverage. *sentence*:
    the nearest sentence's share in the vectors, but for *late*, the share of words
    one by one. *alone*: sentences encoded one by one.
    *legs*: what is measured. *translated*: only for questions in another language
    than the passages (true) or in theirs (false). *units*: acronym and expansion as
    one term.
    """

    name: str
    legs: tuple[str, ...]
    constants: Mapping[str, object] = field(default_factory=dict)
    terms: Terms = stems
    words: Words = lambda asked, names: lexical.query_words(asked.text, asked.language, names)
    score: Score = lambda *given: lexical.score(*given)
    weights: Weights = SHIPPED
    by_coverage: tuple[float, float] | None = None
    sentence: float = NEAREST_SENTENCE
    late: float = WORD_BY_WORD
    title: bool = True
    alone: bool = False
    cut: Cut = Cut()
    translated: bool | None = None
    units: bool = False


_WORDS = ("words", "both")
_VECTORS = ("vectors", "both")


def whole_words(text: str, language: str) -> list[str]:
    """The words of *text* as they stand, in small letters."""
    return [fold(token.text) for token in tokens(text)]


def stems_and_words(text: str, language: str) -> list[str]:
    """Both; a word is marked, lest it be taken for a stem."""
    return [*stems(text, language), *(f"={word}" for word in whole_words(text, language))]


def joined_as_several(asked: Question, names: tuple[str, ...]) -> list[QueryWord]:
    """Each part of a joined word counts as much as any other word."""
    found = lexical.query_words(asked.text, asked.language, names)
    return [replace(word, share=1.0) for word in found]


def _asked(asked: Question, names: Sequence[str], terms: Terms) -> list[QueryWord]:
    """The content words of a question, each by its *terms* in every language."""
    words = dict.fromkeys(word.text for word in lexical.query_words(asked.text, asked.language, ()))
    return [
        QueryWord(
            word,
            {name: tuple(dict.fromkeys(terms(word, name), 1.0).items()) for name in names},
        )
        for word in words
    ]


def joined_as_one(asked: Question, names: tuple[str, ...]) -> list[QueryWord]:
    """The parts of a joined word are one word, of which the best part counts."""
    found: dict[str, QueryWord] = {}
    for word in lexical.query_words(asked.text, asked.language, names):
        before = found.get(word.text, QueryWord(word.text, {}))
        found[word.text] = QueryWord(
            word.text,
            {
                name: tuple({**dict(before.terms.get(name, ())), **dict(terms)}.items())
                for name, terms in word.terms.items()
            },
        )
    return list(found.values())


def within(name: str, terms: Terms) -> Row:
    """A row of other *terms*, for which there is no translation table."""
    return Row(
        name,
        _WORDS,
        terms=terms,
        words=lambda asked, names: _asked(asked, names, terms),
        translated=False,
    )


def across(
    name: str,
    *,
    words: Words = Row.words,
    score: Score = Row.score,
    constants: Mapping[str, object] = MappingProxyType({}),
) -> Row:
    """A row about the translation table."""
    return Row(name, _WORDS, constants, words=words, score=score, translated=True)


def _hyphened(change: Callable[[list[str], str], list[str]]) -> Terms:
    """``stems``, with another treatment of words with hyphens: of their parts, in a language."""

    def terms(text: str, language: str) -> list[str]:
        found: list[str] = []
        for token in tokens(text):
            parts = token.text.split("-")
            joined = len(parts) > 1 and all(part and not part[0].isdigit() for part in parts)
            found.extend(change(parts, language) if joined else stems(token.text, language))
        return found

    return terms


def _each_part(parts: list[str], language: str) -> list[str]:
    return [stem(part, language) for part in parts]


def _closed_up(parts: list[str], language: str) -> list[str]:
    return [stem("".join(parts), language)]


# "UU No. 27 Tahun 2022", "Peraturan Pemerintah Nomor 71/2019", "Law Number 11 of 2020"
_LAW = re.compile(
    r"\b(?:no|nomor|number|uu|law|perpu|perppu|pp|permen\w*)\b\.?\s*(\d{1,3})"
    r"\s*(?:/|tahun|of|year)\s*((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def stems_and_laws(text: str, language: str) -> list[str]:
    """Stems, and each number of a law as one more term."""
    return [*stems(text, language), *(f"§{m[1]}/{m[2]}" for m in _LAW.finditer(text))]


def _asked_with_laws(asked: Question, names: tuple[str, ...]) -> list[QueryWord]:
    laws = dict.fromkeys(f"§{m[1]}/{m[2]}" for m in _LAW.finditer(asked.text))
    return [
        *lexical.query_words(asked.text, asked.language, names),
        *(QueryWord(law, {name: ((law, 1.0),) for name in names}) for law in laws),
    ]


def summed(power: float, *, one_idf: bool = True) -> Score:
    """Probabilistic structured queries (Darwish & Oard 2003), probabilities to a *power*.

    A word has the weighted sum of its translations' frequencies, and one idf,
    from the weighted count of passages; without *one_idf* each
    translation keeps the idf of its own.
    """

    def score(
        words: Sequence[QueryWord], table: PassageTable, postings: lexical.Postings
    ) -> LexicalScores:
        count = len(table.numbers)
        norm = lexical.K1 * (1 - lexical.B + lexical.B * table.lengths / table.lengths.mean())
        scores = np.zeros(count)
        for word in words:
            tf, presence, idf_tf = np.zeros(count), np.zeros(count), np.zeros(count)
            for rows, counts, probability in _found(word, table, postings):
                weight = probability**power
                tf[rows] += weight * counts
                idf_tf[rows] += weight * counts * _idf(len(rows), count)
                presence[rows] += weight
            if one_idf:
                idf_tf = tf * _idf(float(np.minimum(presence, 1).sum()), count)
            scores += word.share * idf_tf * (lexical.K1 + 1) / (tf + norm)
        return LexicalScores(scores, scores, np.zeros(len(words)))

    return score


def best_with_one_idf(
    words: Sequence[QueryWord], table: PassageTable, postings: lexical.Postings
) -> LexicalScores:
    """The best translation of a word counts, with an idf that all of them share."""
    count = len(table.numbers)
    norm = lexical.K1 * (1 - lexical.B + lexical.B * table.lengths / table.lengths.mean())
    scores = np.zeros(count)
    for word in words:
        best, presence = np.zeros(count), np.zeros(count)
        for rows, counts, probability in _found(word, table, postings):
            weight = probability**lexical.FLATTENING
            best[rows] = np.maximum(best[rows], weight * counts / (counts + norm[rows]))
            presence[rows] = np.maximum(presence[rows], weight)
        idf = word.share * _idf(float(presence.sum()), count)
        scores += idf * (lexical.K1 + 1) * best
    return LexicalScores(scores, scores, np.zeros(len(words)))


def best_and(share: float) -> Score:
    """As shipped, and a *share* of what the other translations of a word would add.

    The tie breaker of a disjunction maximum, as in Lucene.
    """

    def score(
        words: Sequence[QueryWord], table: PassageTable, postings: lexical.Postings
    ) -> LexicalScores:
        count = len(table.numbers)
        norm = lexical.K1 * (1 - lexical.B + lexical.B * table.lengths / table.lengths.mean())
        scores = (1 - share) * lexical.score(words, table, postings).scores
        for word in words:
            for rows, counts, probability in _found(word, table, postings):
                weight = probability**lexical.FLATTENING * _idf(len(rows), count)
                scores[rows] += (
                    word.share * share * weight * counts * (lexical.K1 + 1) / (counts + norm[rows])
                )
        return LexicalScores(scores, scores, np.zeros(len(words)))

    return score


def _found(
    word: QueryWord, table: PassageTable, postings: lexical.Postings
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], float]]:
    """(passages, counts, probability) for each term of *word*."""
    for language, terms in word.terms.items():
        mine = table.languages == table.names.index(language)
        for term, probability in terms:
            numbers, counts = postings(term)
            keep = mine[table.rows(numbers)]
            yield table.rows(numbers)[keep], counts[keep], probability


def _idf(df: float, count: int) -> float:
    return float(np.log(1 + (count - df + 0.5) / (df + 0.5)))


Lookup = Callable[[str, str, str], Translations]


def most(number: int, rows: Lookup) -> Lookup:
    """*rows*, at most so many of each."""
    return lambda word, source, target: rows(word, source, target)[:number]


def none(_word: str, _source: str, _target: str) -> Translations:
    """No row for any word."""
    return ()


# Acronyms with their expansion as units

_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z]{1,7})\)")
_LONGEST_EXPANSION = 8  # words


def expansions(texts: Sequence[str]) -> dict[tuple[str, ...], str]:
    """Folded words to the acronym that a text gives for them: "Badan Pusat Statistik (BPS)".

    Each letter starts a word, and at most as many small words stand between.
    """
    found: dict[tuple[str, ...], str] = {}
    for text in texts:
        for match in _IN_BRACKETS.finditer(text):
            letters = match[1].casefold()
            before = whole_words(text[max(0, match.start() - 120) : match.start()], "id")
            for length in range(len(letters), min(_LONGEST_EXPANSION, 2 * len(letters)) + 1):
                words = tuple(before[-length:])
                initials = iter(word[0] for word in words)
                if (
                    len(words) == length
                    and words[0][0] == letters[0]
                    and all(letter in initials for letter in letters)
                ):
                    found.setdefault(words, fold(match[1]))
                    break
    return found


def units(text: str, known: Mapping[tuple[str, ...], str]) -> list[str]:
    """The acronyms of the expansions in *text*."""
    words = whole_words(text, "id")
    return [
        known[part]
        for start in range(len(words))
        for length in range(2, _LONGEST_EXPANSION + 1)
        if (part := tuple(words[start : start + length])) in known
    ]


def with_units(texts: Sequence[str]) -> tuple[Terms, Words]:
    """Passage and question by stems, with the acronym of every expansion that *texts* explain."""
    known = expansions(texts)

    def terms(text: str, language: str) -> list[str]:
        return [*stems(text, language), *units(text, known)]

    def words(asked: Question, names: tuple[str, ...]) -> list[QueryWord]:
        return [
            *lexical.query_words(asked.text, asked.language, names),
            *(
                QueryWord(unit, {name: ((unit, 1.0),) for name in names})
                for unit in dict.fromkeys(units(asked.text, known))
            ),
        ]

    return terms, words


# Passages, and what the model makes of them


@dataclass(frozen=True)
class Passages:
    """What is searched. *names*: what the qrels call each; several may share one.

    *sentences*: where they are known already.
    """

    names: list[str]
    titles: list[str]
    texts: list[str]
    languages: list[str]
    sentences: list[list[Span]] = field(default_factory=list)

    def __add__(self, other: Passages) -> Passages:
        return Passages(
            self.names + other.names,
            self.titles + other.titles,
            self.texts + other.texts,
            self.languages + other.languages,
        )

    def parts(self, block: slice) -> list[list[Span]]:
        """The sentences of each passage of *block*."""
        return self.sentences[block] or [
            sentence_spans(text, language) or [Span(0, len(text))]
            for text, language in zip(self.texts[block], self.languages[block], strict=True)
        ]


def _passages(rows: Sequence[tuple[str, str, str]]) -> Passages:
    """Of (name, title, text), one passage each."""
    names, titles, texts = ([row[i] for row in rows] for i in range(3))
    return Passages(names, titles, texts, [detect(text) for text in texts])


def of_dataset(dataset: Dataset) -> Passages:
    """One passage each; a title is not part of the text, as in a corpus."""
    return _passages(
        [
            (id, title, text[len(title) :].lstrip("\n") or text)
            for id, text in dataset.passages.items()
            for title in [dataset.titles.get(id, "")]
        ]
    )


def news(data: Path, most: int) -> Passages:
    """So many news passages that answer nothing."""
    with gzip.open(data / "distractors" / "news_passages.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, most)]
    return _passages([(row["_id"], "", row["text"]) for row in rows])


def cut_anew(dataset: Dataset, cut: Cut, embedder: Embedder) -> Passages:
    """Whole articles cut as a corpus cuts them; each passage goes by its article's name."""
    found = Passages([], [], [], [])
    for id, text in dataset.passages.items():
        document = Document(id, "", text, id, None, None, detect(text))
        before: list[Span] = []
        for segment in segments(document, embedder.count_tokens, target=cut.tokens):
            spans = [*(before[-cut.overlap :] if cut.overlap else []), *segment.sentences]
            before = list(segment.sentences)
            start, end = spans[0].start, spans[-1].end
            found.names.append(id)
            found.titles.append("")
            found.texts.append(text[start:end])
            found.languages.append(document.language)
            found.sentences.append([Span(s.start - start, s.end - start) for s in spans])
    return found


class Encoder:
    """A model whose vectors are kept on disk by content and version."""

    def __init__(self, embedder: Embedder, folder: Path = CACHE) -> None:
        self.embedder = embedder
        self._folder = folder

    def passages(
        self, passages: Passages, *, title: bool, alone: bool
    ) -> list[tuple[Vectors, Vectors, WordVectors]]:
        """For each passage its vector (1, dim), its sentences' and its words', as the store has."""
        found: list[tuple[Vectors, Vectors, WordVectors]] = []
        for start in range(0, len(passages.texts), BLOCK):
            block = slice(start, start + BLOCK)
            heads = [f"{t}\n" if t and title else "" for t in passages.titles[block]]
            texts = [h + text for h, text in zip(heads, passages.texts[block], strict=True)]
            spans = [
                [Span(len(head) + s.start, len(head) + s.end) for s in parts]
                for head, parts in zip(heads, passages.parts(block), strict=True)
            ]
            key = [
                "alone" if alone else "late",
                *texts,
                json.dumps([list(map(_pair, s)) for s in spans]),
            ]
            whole, flat, words = self._kept(key, partial(self._encode, texts, spans, alone))
            found.extend(
                (vector[None, :], parts, of_words)
                for vector, parts, of_words in zip(
                    whole,
                    _split(flat, spans),
                    _split(words, [words_of(text) for text in texts]),
                    strict=True,
                )
            )
        return found

    def questions(self, texts: Sequence[str]) -> list[QuestionVectors]:
        """What ranking needs of each question."""
        spans = [words_of(text) for text in texts]

        def make() -> list[Vectors]:
            whole, words = self.embedder.encode_words(texts, spans)
            return [whole, np.concatenate(words)]

        whole, words = self._kept(["question", *texts], make)
        return [
            QuestionVectors(vector, own)
            for vector, own in zip(whole, _split(words, spans), strict=True)
        ]

    def _encode(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], alone: bool
    ) -> list[npt.NDArray[np.generic]]:
        whole, parts, words = self.embedder.encode_passages(
            texts, spans, [words_of(text) for text in texts]
        )
        # As the store keeps them.
        short = in_steps(np.concatenate(words))
        if alone:
            flat = [span.of(text) for text, some in zip(texts, spans, strict=True) for span in some]
            return [whole, self.embedder.encode_document(flat), short]
        return [whole, np.concatenate(parts).astype(np.float16).astype(np.float32), short]

    def _kept(
        self, key: Sequence[str], make: Callable[[], Sequence[npt.NDArray[np.generic]]]
    ) -> list[Any]:
        digest = hashlib.sha256()
        for part in (self.embedder.name, self.embedder.version, *key):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
        path = self._folder / f"{digest.hexdigest()[:32]}.npz"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            made = make()
            partial = path.with_suffix(".partial.npz")
            np.savez(partial, *made)
            partial.replace(path)
        with np.load(path) as file:
            return [file[name] for name in file.files]


def _split(flat: npt.NDArray[Any], spans: Sequence[Sequence[Span]]) -> list[npt.NDArray[Any]]:
    """The rows of each text, one for each of its *spans*."""
    ends = np.cumsum([len(some) for some in spans])
    return np.split(flat, ends[:-1])


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


class Index:
    """The terms of passages in memory, as the store gives them."""

    def __init__(self, passages: Passages, terms: Terms) -> None:
        counted: dict[str, Counter[int]] = defaultdict(Counter)
        lengths = []
        for i, (text, language) in enumerate(zip(passages.texts, passages.languages, strict=True)):
            found = terms(text, language)
            lengths.append(len(found))
            for term in found:
                counted[term][i] += 1
        self._postings = {
            term: (np.array(list(rows), np.int64), np.array(list(rows.values()), np.int32))
            for term, rows in counted.items()
        }
        rows = np.arange(len(lengths))
        names = tuple(sorted(set(passages.languages)))
        languages = np.array([names.index(name) for name in passages.languages], np.int16)
        self.table = PassageTable(rows, np.array(lengths, np.int32), languages, names, rows)

    def postings(self, term: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """As ``Store.postings``."""
        nothing = (np.zeros(0, np.int64), np.zeros(0, np.int32))
        return self._postings.get(term, nothing)


class QuestionSet:
    """The questions of one set over its passages, and what rows need of them."""

    def __init__(
        self, name: str, data: Path, encoder: Encoder, *, distractors: int, most: int | None
    ) -> None:
        self.name = name
        folder = data / "qa" / "dev" / ("indosum_headline" if name == ARTICLES else name)
        self._dataset = load_beir(folder if folder.exists() else Path(name))
        self._encoder = encoder
        self._data, self._distractors = data, distractors
        asked = [id for id, right in self._dataset.qrels.items() if any(right.values())]
        asked = [id for id in asked if id in self._dataset.questions]
        if most is not None:
            drawn = np.random.default_rng(0).permutation(len(asked))[:most]
            asked = [asked[i] for i in sorted(drawn)]
        self.ids = asked
        self.questions = [understand(self._dataset.questions[id]) for id in asked]
        self.qrels = {id: self._dataset.qrels[id] for id in asked}
        self.passages = lru_cache(maxsize=2)(self._passages)
        self.index = lru_cache(maxsize=2)(self._index)
        self._shipped: dict[Cut, list[tuple[npt.NDArray[np.float32], float]]] = {}

    def fits(self, row: Row) -> bool:
        """Whether *row* says anything about this set."""
        if row.cut != Cut() and self.name != ARTICLES:
            return False
        if not row.title and not self._dataset.titles:
            return False
        return row.translated is None or row.translated == self._translated

    @cached_property
    def _translated(self) -> bool:
        """Whether most questions are in another language than most passages."""
        asked = Counter(question.language for question in self.questions).most_common(1)
        said = Counter(self.passages(Cut()).languages).most_common(1)
        return asked[0][0] != said[0][0]

    def _passages(self, cut: Cut) -> Passages:
        if self.name == ARTICLES:
            return cut_anew(self._dataset, cut, self._encoder.embedder)
        found = of_dataset(self._dataset)
        return found + news(self._data, self._distractors) if self._distractors else found

    def _index(self, terms: Terms, cut: Cut) -> Index:
        return Index(self.passages(cut), terms)

    @cached_property
    def vectors(self) -> list[QuestionVectors]:
        """Of the questions."""
        return self._encoder.questions([question.text for question in self.questions])

    def measure(self, row: Row, legs: Sequence[str]) -> dict[str, Floats]:
        """nDCG@10 of each question by each of *legs*."""
        passages = self.passages(row.cut)
        names = np.array(passages.names)
        lexical_scores = self._lexical(row) if {"words", "both"} & set(legs) else []
        dense = set(legs) != {"words"}
        encoded = (
            self._encoder.passages(passages, title=row.title, alone=row.alone) if dense else []
        )
        whole = np.concatenate([vector for vector, _, _ in encoded]) if dense else None
        runs: dict[str, dict[str, list[str]]] = {leg: {} for leg in legs}
        for i, (id, asked) in enumerate(zip(self.ids, self.questions, strict=True)):
            kept, covered = lexical_scores[i] if lexical_scores else (np.zeros(0, np.float32), 0.0)
            by_words = kept.astype(np.float64)
            best = _top(by_words)
            best = best[by_words[best] > 0]
            if "words" in legs:
                runs["words"][id] = _distinct(names[best])
            if whole is None:
                continue
            vectors = self.vectors[i]
            cosines = whole @ vectors.whole
            near = _top(cosines)
            for leg in set(legs) & {"vectors", "both"}:
                rows = near if leg == "vectors" else np.union1d(near, best)
                parts = [encoded[r][1] for r in rows]
                sentence = nearest_sentences(vectors.whole, parts, cosines[rows])
                late = late_interaction(vectors.words, [encoded[r][2] for r in rows])
                plain = (1 - row.sentence) * cosines[rows] + row.sentence * sentence
                scores = ((1 - row.late) * plain + row.late * late).astype(np.float64)
                if leg == "both":
                    weights = row.weights.of(asked.language, [passages.languages[r] for r in rows])
                    if row.by_coverage is not None:
                        weights = np.full(len(rows), np.interp(covered, (0, 1), row.by_coverage))
                    scores = weighted_sum(scores, by_words[rows], weights)
                order = np.argsort(-scores, kind="stable")
                runs[leg][id] = _distinct(names[rows[order]])
        return {
            leg: np.array([found[id]["nDCG@10"] for id in self.ids])
            for leg, run in runs.items()
            for found in [ranking_scores(self.qrels, run)]
        }

    def _lexical(self, row: Row) -> list[tuple[npt.NDArray[np.float32], float]]:
        """For each question the score of every passage by words, and the largest coverage.

        The shipped ones are kept.
        """
        plain = Row("", ())
        shipped = all(
            getattr(row, name) == getattr(plain, name)
            for name in ("constants", "terms", "words", "score", "units")
        )
        if shipped and row.cut in self._shipped:
            return self._shipped[row.cut]
        terms, words = row.terms, row.words
        if row.units:
            terms, words = with_units(self.passages(row.cut).texts)
        index = self.index(terms, row.cut)
        with constants(row.constants):
            scored = (
                row.score(words(asked, index.table.names), index.table, index.postings)
                for asked in self.questions
            )
            found = [(one.scores.astype(np.float32), float(one.coverage.max())) for one in scored]
        if shipped:
            self._shipped[row.cut] = found
        return found


def _top(scores: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """The rows of the best candidates of one leg."""
    return np.argsort(-scores, kind="stable")[:CANDIDATES]


def _distinct(names: npt.NDArray[np.str_]) -> list[str]:
    return list(dict.fromkeys(names.tolist()))


@contextmanager
def constants(values: Mapping[str, object]) -> Iterator[None]:
    """With these constants in ``qa.retrieval.lexical``."""
    before = {name: getattr(lexical, name) for name in values}
    try:
        for name, value in values.items():
            setattr(lexical, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(lexical, name, value)


NO_TABLE: Words = lambda asked, names: _asked(asked, names, stems)  # noqa: E731

ROWS: dict[str, list[Row]] = {
    "bm25": [
        *(Row(f"k1 {k1}", _WORDS, {"K1": k1}) for k1 in (0.6, 0.9, 1.5, 2.0)),
        *(Row(f"b {b}", _WORDS, {"B": b}) for b in (0.3, 0.5, 0.9)),
    ],
    "terms": [
        within("whole words", whole_words),
        within("stems and whole words", stems_and_words),
    ],
    "table": [
        across("no table", words=NO_TABLE),
        *(
            across(
                f"at most {n} translations",
                constants={
                    "translations": most(n, translations),
                    "word_translations": most(n, word_translations),
                },
            )
            for n in (1, 4, 10)
        ),
        across("translations of stems alone", constants={"word_translations": none}),
        *(
            across(f"probability at least {p}", constants={"LEAST_PROBABILITY": p})
            for p in (0.02, 0.05)
        ),
        *(
            across(f"probability to the power {power}", constants={"FLATTENING": power})
            for power in (0.15, 0.2, 0.5, 1.0)
        ),
        *(
            across(f"the word itself {p}", constants={"UNTRANSLATED": p})
            for p in (0.02, 0.25, 0.5, 1.0)
        ),
        across("best translation and a tenth of the others", score=best_and(0.1)),
        across("best translation, one idf for all", score=best_with_one_idf),
        across("summed, one idf (Darwish & Oard), root of probability", score=summed(0.5)),
        across("summed, one idf (Darwish & Oard), probability", score=summed(1.0)),
        across(
            "summed, an idf for each, root of probability",
            score=summed(0.5, one_idf=False),
        ),
    ],
    "compounds": [
        Row("each part of a joined word counts in full", _WORDS, words=joined_as_several),
        Row("joined words as one, by the best part", _WORDS, words=joined_as_one),
        within("doubled and joined words by their parts", _hyphened(_each_part)),
        within("doubled and joined words closed up", _hyphened(_closed_up)),
    ],
    "units": [
        Row("numbers of laws as units", _WORDS, terms=stems_and_laws, words=_asked_with_laws),
        Row("acronym and expansion as one", _WORDS, units=True),
    ],
    "fusion": [
        *(
            Row(f"vectors {w}", ("both",), weights=Weights({}, w))
            for w in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
        ),
        *(
            Row(f"vectors {none} to {full} by coverage", ("both",), by_coverage=(none, full))
            for none, full in ((0.7, 0.5), (0.8, 0.4), (0.9, 0.3))
        ),
        *(Row(f"nearest sentence {s}", _VECTORS, sentence=s) for s in (0.0, 0.25, 0.5, 1.0)),
        *(Row(f"word by word {w}", _VECTORS, late=w) for w in (0.0, 0.4, 0.6, 0.7, 0.9, 1.0)),
    ],
    "title": [Row("no title in the embedding", _VECTORS, title=False)],
    "passages": [
        *(
            Row(f"{size} tokens, overlap {overlap}", LEGS, cut=Cut(size, overlap))
            for size in (60, 110, 160, 220)
            for overlap in (0, 1)
            if (size, overlap) != (TARGET_TOKENS, 0)
        ),
    ],
    "sentences": [Row("sentences encoded one by one", _VECTORS, alone=True)],
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--sets", nargs="+", default=SETS, help="of DATA/qa/dev, articles, a folder"
    )
    parser.add_argument("--rows", nargs="+", default=list(ROWS), help="groups, or names with *")
    parser.add_argument("--distractors", type=int, default=0, metavar="PASSAGES")
    parser.add_argument("--questions", type=int, metavar="MOST", help="of each set")
    parser.add_argument("--legs", nargs="+", choices=LEGS, default=LEGS)
    parser.add_argument("--model", help="see kutip --model")
    parser.add_argument("--list", action="store_true", help="print the rows and stop")
    options = parser.parse_args()
    rows = [
        (group, row)
        for group, some in ROWS.items()
        for row in some
        if any(pattern == group or fnmatch(row.name, pattern) for pattern in options.rows)
    ]
    if options.list:
        print("\n".join(f"{group}: {row.name}" for group, row in rows))
        return
    encoder = Encoder(embeddings.load(options.model))
    cells: dict[str, dict[str, dict[str, str]]] = {leg: defaultdict(dict) for leg in LEGS}
    print("| set | what is changed | by | questions | nDCG@10 | odd | even | change | p |")
    print("|---|---|---|---:|---:|---:|---:|---:|---:|")
    for name in options.sets:
        # The distractors are the articles of this set.
        distractors = 0 if name in ("indosum_headline", ARTICLES) else options.distractors
        asked = QuestionSet(
            name, options.data, encoder, distractors=distractors, most=options.questions
        )
        called = f"{name} + {distractors}" if distractors else name
        plain = Row("**as shipped**", LEGS)
        shipped: dict[str, Floats] = {}
        for row in [plain, *(row for _, row in rows if asked.fits(row))]:
            legs = [leg for leg in LEGS if leg in options.legs and leg in row.legs]
            found = asked.measure(row, legs) if legs else {}
            shipped = shipped or found
            for leg, gains in found.items():
                compared = compare_means(shipped[leg], gains)
                change = "" if row is plain else f"{compared.difference:+.3f}"
                p = "" if row is plain else f"{compared.p:.4f}"
                print(
                    f"| {called} | {row.name} | {leg} | {len(gains)} | {gains.mean():.3f}"
                    f" | {gains[1::2].mean():.3f} | {gains[::2].mean():.3f} | {change} | {p} |",
                    flush=True,
                )
                sure = change and compared.p < 0.05
                cell = f"**{change}**" if sure else change or f"{gains.mean():.3f}"
                cells[leg][row.name][called] = cell
    for leg in options.legs:
        _print_together(leg, cells[leg])


def _print_together(leg: str, cells: Mapping[str, Mapping[str, str]]) -> None:
    """A table of all sets; changes with p below 0.05 are bold."""
    sets = list(dict.fromkeys(name for row in cells.values() for name in row))
    print(f"\n| by {leg} | " + " | ".join(sets) + " |\n|---|" + "---:|" * len(sets))
    for row, found in cells.items():
        print(f"| {row} | " + " | ".join(found.get(name, "") for name in sets) + " |")


if __name__ == "__main__":
    main()

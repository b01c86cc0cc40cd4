"""The reader: which sentences of the best passages answer the question.

Extractive only: it chooses sentences, it never writes any. Knows vectors,
words and statements; knows nothing about the store or the interface.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from qa.answering.question import Kind, Question, side_of
from qa.answering.short_answers import holds_answer
from qa.language.abbreviations import spelt_out
from qa.language.names import is_place, people, same_person
from qa.language.tokens import fold, stems, tokens
from qa.retrieval.lexical import STANDS_FOR, QueryWord
from qa.types import Passage, Span, Statement

# Weights of a sentence's features, halfway between those before late interaction and
# what ``benchmarks/reader.py`` fits on half of the development questions; docs/log.md
# has the figures, and why. "spoken" is set by hand.
WEIGHTS = (4.56, 1.63, 2.62, 0.83, 1.11, 2.28, 1.5, 0.45, 0.43)


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a sentence; see ``WEIGHTS`` for how much each counts.

    ``similarity``: cosine with the question. ``late``: mean cosine of the
    question's words, each with its nearest in the sentence. ``coverage``: share
    of the question's idf mass in the sentence; ``before``: the share that only
    the sentence before it holds (an answer often follows the sentence that
    names the subject). ``passage``: fused score of its passage. ``kind``: how surely it
    holds the kind of thing asked for and not named in the question, 0 to 1. ``spoken``:
    1 if the person asked about says it, or anybody named where it is asked who
    said something. ``news``: 1 if it holds a name or
    number that the question lacks. ``opening``: 1 for the first sentence of
    the document.
    """

    similarity: float
    late: float
    coverage: float
    before: float
    passage: float
    kind: float
    spoken: float
    news: float
    opening: float


@dataclass(frozen=True, slots=True)
class Picked:
    """A sentence to cite; *statement*: what somebody says in it."""

    document_id: str
    span: Span
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer; *statement*: what somebody says in it."""

    passage: Passage
    span: Span
    text: str
    features: Features
    score: float
    statement: Statement | None

    @property
    def picked(self) -> Picked:
        return Picked(self.passage.document_id, self.span, self.statement)


_NUMBER_WORDS = (
    r"satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|\w+ belas|puluh\w*"
    r"|ratus\w*|ribu\w*|juta\w*|setengah|separuh|sepertiga|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|hundreds?|thousands?"
    r"|millions?|billions?|half|third|quarter|dozens?"
)
_TIME_WORDS = (
    r"januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
    r"|january|february|march|may|june|july|august|october|december"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|abad|century"
)
_REASON_WORDS = (
    r"karena|sebab|lantaran|akibat|agar|supaya|guna|demi|sehingga|alasan\w*|gara-gara"
    r"|because|since|due to|so that|in order to|reason\w*|owing to|worried|therefore"
)
_HOLDS = {
    Kind.NUMBER: re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE),
    Kind.DATE: re.compile(rf"\b(?:1\d|20)\d\d\b|\d/\d|\b(?:{_TIME_WORDS})\b", re.IGNORECASE),
    Kind.REASON: re.compile(rf"\b(?:{_REASON_WORDS})\b", re.IGNORECASE),
}
CHECKED = frozenset([*_HOLDS, Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.EXPANSION])
"""Kinds of answer of which a sentence is asked whether it holds one."""

_WHERE = re.compile(
    r"\b(?:[Dd]i|[Kk]e|[Ii]n|[Aa]t|[Nn]ear|[Ii]nto)\s(?:the\s)?(?:[^\W\d_a-z][\w’'.-]*\s?)+"
)
_CAPITALISED = re.compile(r"(?<![.!?“\"”] )(?<!^)\b[^\W\d_a-z][\w’'-]+")
# Dates and years: numbers that do not answer "how many".
_CALENDAR = re.compile(r"\b(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{1,2}/\d{1,2}|(?:19|20)\d\d)\b")
_DIGITS = re.compile(r"\d[\d.,]*")


def numbers_missing(question: str, sentence: str) -> float:
    """The share of the numbers in *question* that *sentence* lacks, 0 to 1.

    "1,000" and "1.000" are one number.
    """
    asked, there = _numbers(question), _numbers(sentence)
    return len(asked - there) / len(asked) if asked else 0.0


def _numbers(text: str) -> set[str]:
    return {re.sub(r"[.,]", "", m.group()) for m in _DIGITS.finditer(text)}


def _plain(text: str) -> str:
    return " ".join(map(fold, text.split()))


def _new_things(question: str, sentence: str) -> tuple[bool, bool]:
    """Whether *sentence* has a name, and a number, that *question* lacks."""
    asked = _plain(question)
    name = any(fold(m.group()) not in asked for m in _CAPITALISED.finditer(sentence))
    number = any(m.group().strip(".,") not in asked for m in _DIGITS.finditer(sentence))
    return name, number


# Half of the development questions chose these, the other half confirms: docs/log.md.
_ANY_NAME = 0.25  # of a sentence with a name, but no person's, where a person is asked for
_ANY_NUMBER = 0.25  # of one with a figure that is a time, a name's or the question's own
_REASON = 0.5  # of a word of reason: "karena" may give the reason of something else


def _holds_kind(
    question: Question, sentence: str, new_name: bool, new_number: bool, speaker: str | None
) -> float:
    """How surely *sentence*, said by *speaker*, has what the question's kind asks for, 0 to 1."""
    if question.kind is Kind.PERSON:
        # A team may have won, a town has not: "di Teluk Bayanan" is nobody.
        told = _WHERE.sub(" ", sentence)
        # "katanya" is somebody as well, who is shown with the quote.
        if _new_person(question.text, told if speaker is None else f"{told}\n{speaker}"):
            return 1.0
        return _ANY_NAME * (new_name and _new_things(question.text, told)[0])
    if question.kind in (Kind.PLACE, Kind.ORGANISATION):
        return float(new_name)
    if question.kind is Kind.EXPANSION:
        return float(bool(spelt_out(question.text, sentence)))
    pattern = _HOLDS.get(question.kind)
    if pattern is None:
        return 0.0
    bare = _CALENDAR.sub(" ", sentence) if question.kind is Kind.NUMBER else sentence
    # A figure that the question itself names does not answer it.
    bare = _DIGITS.sub(lambda m: " " if m.group().strip(".,") in question.text else m.group(), bare)
    found = pattern.search(bare) is not None
    if question.kind is Kind.NUMBER and found and not question.several:
        return 1.0 if holds_answer(question, sentence) else _ANY_NUMBER
    return _REASON * found if question.kind is Kind.REASON else float(found)


def _new_person(question: str, sentence: str) -> bool:
    """Whether *sentence* names a person of whose name *question* lacks a part."""
    asked = _plain(question)
    return any(
        not is_place(mention.name) and not all(fold(word) in asked for word in mention.name.split())
        for mention in people(sentence)
    )


# Taking a stand is as good as saying so, when it is this person one asks about.
_STANDS = re.compile(
    r"^[^.!?]{0,60}?\b(?:mendukung|mengharapkan|menyadari|menolak|menyetujui|sepakat|meminta"
    r"|memuji|mengkritik|mengecam|menyambut|supports?|supported|hope[sd]?|agree[sd]?"
    r"|reject(?:s|ed)|ask(?:s|ed)|urge[sd]?|praise[sd]?|criticis?z?e[sd]|welcome[sd]?)\b",
    re.IGNORECASE,
)


def statement_in(
    span: Span, statements: Sequence[Statement], speaker: str | None
) -> Statement | None:
    """The statement that *span* holds, one by *speaker* before any other."""
    inside = [s for s in statements if s.span.overlaps(span)]
    theirs = (s for s in inside if speaker and s.speaker and same_person(s.speaker, speaker))
    return next(theirs, inside[0] if inside else None)


def _spoken_by(speaker: str | None, statement: Statement | None, sentence: str) -> bool:
    """Whether *speaker* says, or takes a stand, in *sentence*."""
    if speaker is None:
        return False
    if statement is not None and statement.speaker and same_person(statement.speaker, speaker):
        return True
    last = speaker.split()[-1]
    at = sentence.find(last)
    return at >= 0 and _STANDS.match(sentence, at + len(last)) is not None


def found_words(words: Sequence[QueryWord], text: str, language: str) -> npt.NDArray[np.bool_]:
    """Which of the *words* stand in *text*, as such or translated."""
    terms = set(stems(text, language))
    # Any one translation is enough to have found the word.
    return np.array(
        [
            any(
                term in terms
                for term, probability in word.terms.get(language, ())
                if probability >= STANDS_FOR
            )
            for word in words
        ],
        bool,
    )


def read(
    question: Question,
    *,
    passages: Sequence[Passage],
    passage_scores: Sequence[float],
    sentences: Sequence[Sequence[Span]],
    texts: Sequence[str],
    languages: Sequence[str],
    similarities: Sequence[npt.NDArray[np.float32]],
    late: Sequence[npt.NDArray[np.float32]],
    worth: npt.NDArray[np.float32],
    words: Sequence[QueryWord],
    weights: npt.NDArray[np.float64],
    statements: Sequence[Sequence[Statement]],
) -> list[Candidate]:
    """Every sentence of *passages*, best first.

    Arguments run parallel over passages (*texts* are whole document texts);
    *similarities* holds one cosine per sentence of each passage; *late*, shape
    (words, sentences), each question word's share in the sentence's score by
    late interaction; *worth*, shape (words,), the most that each of them can
    add; *weights* the idf of each word.
    """
    share = weights / max(1e-9, float(weights.sum()))
    named = np.array([word.text in (question.speaker or "").split() for word in words], bool)
    # The words of the name, among those that late interaction compares.
    asked = [token.text for token in tokens(question.text)]
    name = np.array([word in (question.speaker or "").split() for word in asked], bool)
    name = name if len(name) == len(worth) else np.zeros(len(worth), bool)
    found = []
    for i, passage in enumerate(passages):
        previous = np.zeros(len(words), bool)
        for span, similarity, nearest in zip(sentences[i], similarities[i], late[i].T, strict=True):
            text = span.of(texts[i])
            held = found_words(words, text, languages[i])
            new_name, new_number = _new_things(question.text, text)
            statement = statement_in(span, statements[i], question.speaker)
            spoken = _spoken_by(question.speaker, statement, text)
            if spoken:
                # One's own words seldom hold one's name.
                held = held | named
                nearest = np.where(name, worth, nearest)
            by = statement.speaker if statement else None
            holds = _holds_kind(question, text, new_name, new_number, by)
            if holds and question.kind is Kind.EXPANSION:
                # "The word is short for …": what spells it out need not repeat it.
                held = np.ones(len(words), bool)
            said = question.who_said and statement is not None and statement.speaker is not None
            if said and question.side is not None and statement is not None:
                said = side_of(statement.cue or "") == question.side
            features = Features(
                similarity=float(similarity),
                late=float(nearest.sum()),
                coverage=float(share @ held),
                before=float(share @ (previous & ~held)),
                passage=passage_scores[i],
                kind=1.0 if said else holds,
                spoken=float(spoken or said),
                news=float(new_name or new_number),
                opening=float(not texts[i][: span.start].strip()),
            )
            previous = held
            score = sum(w * f for w, f in zip(WEIGHTS, astuple(features), strict=True))
            found.append(Candidate(passage, span, text, features, score, statement))
    return sorted(found, key=lambda c: (-c.score, c.passage.document_id, c.span.start))


_PAIRS = {"“": "”", "‘": "’", "«": "»", '"': '"'}


def without_stray_marks(span: Span, text: str) -> Span:
    """*span* without a quotation mark at its edge whose partner is in another sentence.

    One sentence of a longer quotation keeps its words and loses the mark.
    """
    quote = span.of(text)
    for opening, closing in _PAIRS.items():
        same = opening == closing
        balanced = (
            quote.count(opening) % 2 == 0 if same else quote.count(opening) == quote.count(closing)
        )
        if balanced:
            continue
        if quote.startswith(opening) and (same or closing not in quote):
            return Span(span.start + 1, span.end)
        if quote.endswith(closing) and (same or opening not in quote):
            return Span(span.start, span.end - 1)
    return span


def choose(
    candidates: Sequence[Candidate], *, most: int = 3, margin: float = 1.5
) -> list[Candidate]:
    """The best sentence and up to *most* - 1 others nearly as good.

    A sentence that repeats one already chosen (a copied story) is passed over.
    """
    chosen: list[Candidate] = []
    seen: set[str] = set()
    for candidate in candidates:
        if len(chosen) == most or candidate.score < candidates[0].score - margin:
            break
        words = " ".join(fold(token.text) for token in tokens(candidate.text))
        if words not in seen:
            seen.add(words)
            chosen.append(candidate)
    return chosen


def margin(best: Candidate, candidates: Sequence[Candidate]) -> float:
    """How far *best* is ahead, in score, of the next that says something else.

    One that shares half of the words of the shorter tells the same story. Less than 0
    where it is not the best of *candidates*; 0 if there is no other.
    """
    said = _folded(best)
    for other in candidates:
        words = _folded(other)
        if len(said & words) < min(len(said), len(words)) / 2:
            return best.score - other.score
    return 0.0


def _folded(candidate: Candidate) -> set[str]:
    return {fold(token.text) for token in tokens(candidate.text)}

"""What a question names that the documents do not: a name, a year, a number, a law.

Only what can be looked up decides: a word stands somewhere or it does not. Whether
what stands there answers is not known here. Where a name may be there in another
form, it is not missing: a translation or inflection (``QueryWord``), another
spelling (``qa.language.spelling``), an alias, an office or body written short.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.answering.question import Kind, Question, is_common
from qa.ingest.dates import MONTHS, WEEKDAYS
from qa.language import names
from qa.language.abbreviations import may_shorten
from qa.language.offices import LEGAL_FORMS, office_key
from qa.language.spelling import spelt_alike
from qa.language.tokens import fold, stems, tokens, word_set
from qa.retrieval.lexical import STANDS_FOR, QueryWord
from qa.retrieval.presence import Presence
from qa.types import Document, Reason


@dataclass(frozen=True, slots=True)
class Lack:
    """Something asked for that is not there; *words* as the question writes it.

    *nowhere*: in nothing that was searched; else it is what comes nearest to the
    question that lacks it: a year (``years``), or, with a *kind* and no *words*, any
    number, date or person that could answer. *early*: that article is from before the year.
    """

    reason: Reason
    words: tuple[str, ...] = ()
    nowhere: bool = True
    kind: Kind | None = None
    early: bool = False


_POSSESSIVE = re.compile(r"['’]s?$")
_CALENDAR = MONTHS.keys() | WEEKDAYS.keys()
_OF_PEOPLE = names.HONORIFICS | names.ROLE_HEADS
_OF_MANY = _OF_PEOPLE | names.BODY_WORDS


LONGEST = 20_000  # characters; what is longer is no article, and tells of much
# Of a name in so many of the documents they are about that anyway: "Indonesia".
_EVERYWHERE = 0.25
# Passages of an article that names what it is about. What is shorter may be cut from one that
# does: docs/log.md has what it costs to judge that as well.
_WHOLE = 3


def names_missing(
    question: Question,
    words: Sequence[QueryWord],
    there: Presence,
    read: Sequence[str] = (),
    ignored: Collection[str] = (),
) -> tuple[str, ...]:
    """The names in *question*, as written, that are nowhere *there*, nor any part of them.

    *words*: those of the question; *read*: the texts nearest to it, in which what it
    names by its letters may be written out; *ignored*: folded words that are not looked
    for. One part is enough, since articles leave out first names; but "Gunung" is no part
    that tells, unless there is no other.
    """
    found = {fold(word.text): there.holds(word) for word in words}
    missing = []
    for run in _capitalised(question):
        parts = [part for part in run if fold(part) in found and _names_something(part)]
        parts = [part for part in parts if fold(part) not in ignored]
        telling = [part for part in parts if not _of_many(part, question.language)]
        # "Jerman" is a word of many names, and a name; who is "Presiden" may be called by his.
        telling = telling or [part for part in parts if fold(part) not in _OF_PEOPLE]
        if not telling or any(found[fold(part)] for part in telling):
            continue
        if sum(found[fold(part)] for part in parts) > len(parts) / 2:
            continue  # "Institut Teknologi Sepuluh Nopember Surabaya", without the town
        plain = [_POSSESSIVE.sub("", fold(part)) for part in telling]
        if question.language == "en":  # "How many Mirandas were sold?"
            plain += [part[:-1] for part in plain if part.endswith("s") and len(part) > 4]
        name = _POSSESSIVE.sub("", " ".join(run))
        if any(there.spelt(part) or there.synonymous(part) for part in plain):
            continue
        if not _known_otherwise(name, there, read):
            missing.append(name)
    return tuple(dict.fromkeys(missing))


def names_untold(
    question: Question, words: Sequence[QueryWord], there: Presence, number: int, document: Document
) -> tuple[str, ...]:
    """The names in *question* that *document*, *number* in the table, does not have.

    "How often did X play for Barcelona?" comes near to any article on X. Not looked for:
    whose words are asked for, who need not be named where he speaks; what is in very many
    documents, which those on it leave out; and words all in capitals, which are written
    out in too many ways. A document of one passage or two is not judged, nor a book.
    """
    passages = np.count_nonzero(there.table.documents == number)
    if passages < _WHOLE or len(document.text) > LONGEST:
        return ()
    speaker = fold(question.speaker or "").split()
    named = [word for word in words if fold(word.text) in question.names]
    ignored = {fold(word.text) for word in named if there.spread(word) >= _EVERYWHERE}
    ignored |= {fold(token.text) for token in tokens(question.text) if token.text.isupper()}
    here = there.in_document(number, document)
    missing = names_missing(question, words, here, [document.text], ignored.union(speaker))
    missing += tuple(competitions_missing(question, words, document))
    return tuple(dict.fromkeys([*missing, *models_missing(question.text, document)]))


_MODEL = re.compile(
    r"(?<![\w.,/-])(?=[\w-]*[A-Z])(?=[\w-]*\d)[A-Za-z\d]+(?:-[A-Za-z\d]+)?(?![\w/-])"
)
_PIECES = re.compile(r"[A-Za-z]+|\d+")
# Quarters, halves and degrees, which are written out; thousands.
_NO_MODEL = re.compile(r"[QH][1-4]|[SD][1-4]|\d+[KM]")


def models_missing(question: str, document: Document) -> Iterator[str]:
    """The names of a letter or two and figures in *question* that *document* does not have.

    An article on the Galaxy S8 does not tell of the S7; "U-19" may be written "U - 19", and
    COVID-19 a pandemic.
    """
    text = f"{document.title}\n{document.text}"
    for found in _MODEL.finditer(question):
        pieces = _PIECES.findall(found.group())
        named = any(piece.isalpha() and len(piece) > 2 for piece in pieces)
        if named or _NO_MODEL.fullmatch(found.group()):
            continue
        written = r"\s?[-–]?\s?".join(pieces)
        if not re.search(rf"(?<![^\W_]){written}(?![^\W_])", text, re.IGNORECASE):
            yield found.group()


# "The Australian Open" is no open tournament with an Australian in it.
# No championship, which is a cup in the other language, and no games, which have short names.
_COMPETITIONS = word_set("cup league open masters trophy piala liga terbuka copa")


def competitions_missing(
    question: Question, words: Sequence[QueryWord], document: Document
) -> Iterator[str]:
    """The competitions that *question* names and of which *document* nowhere has all words side by
    side, in any order or translation: "Piala Dunia" is the World Cup.
    """
    by_word = {_POSSESSIVE.sub("", fold(word.text)): word for word in words}
    for run in _capitalised(question):
        plain = [_POSSESSIVE.sub("", fold(part)) for part in run if not part.isupper()]
        parts = [by_word[part] for part in plain if part in by_word]
        if len(parts) > 1 and _COMPETITIONS.intersection(plain) and not _together(parts, document):
            yield " ".join(run)


def _together(parts: Sequence[QueryWord], document: Document) -> bool:
    said = tokens(f"{document.title}\n{document.text}")
    places: list[list[int]] = []
    for part in parts:
        likely = part.terms.get(document.language, ())
        terms = {term for term, probability in likely if probability >= STANDS_FOR}
        bare = _POSSESSIVE.sub("", fold(part.text))
        places.append(
            [
                place
                for place, token in enumerate(said)
                if terms.intersection(stems(token.text, document.language))
                or spelt_alike(bare, fold(token.text))
            ]
        )
    first, *others = places
    return any(
        all(any(abs(place - other) <= len(parts) for other in theirs) for theirs in others)
        for place in first
    )


def _capitalised(question: Question) -> list[list[str]]:
    """Stretches of words written like names and a space apart, "Rini “Rin” Astuti" too.

    Each once, however often it is named.
    """
    return list(map(list, dict.fromkeys(map(tuple, _stretches(question)))))


def _stretches(question: Question) -> Iterator[list[str]]:
    run: list[str] = []
    end = 0
    for token in tokens(question.text):
        if run and not _GAP.fullmatch(question.text, end, token.start):
            yield run
            run = []
        if fold(token.text) in question.names and token.text[:1].isupper():
            run.append(token.text)
        elif run:
            yield run
            run = []
        end = token.end
    if run:
        yield run


_GAP = re.compile(r"""\s["“'‘]?|["”'’]\s""")
_ROMAN = re.compile(r"[IVXLC]+")


def _names_something(word: str) -> bool:
    # Two letters are as often a term ("AI"), which each language shortens in its own way.
    bare = _POSSESSIVE.sub("", word)
    if len(bare) <= 2 or not bare.isalpha() or _ROMAN.fullmatch(bare):
        return False
    return fold(bare) not in _CALENDAR and not names.is_degree(bare)


def _of_many(word: str, language: str) -> bool:
    """True for a word that stands in the names of many: an office, a body, a thing."""
    return fold(word) in _OF_MANY or is_common(word, language)


def _known_otherwise(name: str, there: Presence, read: Sequence[str]) -> bool:
    """True if the documents have *name* under an alias, written out, shortened or in one word."""
    forms = [names.fold(name).split(), list(office_key(name))]
    parts = [part for part in name.split() if fold(part) not in LEGAL_FORMS]
    letters = "".join(part[0] for part in parts)
    if len(letters) > 2:
        forms.append([letters.upper()])
    if len(parts) > 1:
        forms.append(["".join(parts)])  # "Gunung Kidul", "Air Asia"
    plain = [fold(word) for word in name.split()]
    if any(form and form != plain and there.together(form) for form in forms):
        return True
    if there.blended([fold(part) for part in parts]):
        return True
    return any(may_shorten(part, text) for part in parts for text in read)


# Numbers

_LAW = re.compile(
    r"\b(?:UU|Undang-Undang|Perppu|Perpu|Perpres|Permen\w*|Pergub|Perda|PP|Law|Act|Regulation"
    r"|Peraturan(?:\s+[A-Z]\w+){0,3})\s+(?:No\.?|Nomor|Number)?\s*(\d+)"
    r"(?:\s*(?:/|Tahun|of|Year)\s*(\d{4}))?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w.,:/-])\d+(?:[.,]\d{3})*(?![\w:-]|[.,]\d)")
_LEAST_DIGITS = 3  # smaller numbers are as often written in words


def numbers_missing(question: str, there: Presence, years: Collection[int]) -> tuple[str, ...]:
    """The laws, years and numbers of three digits or more in *question* that are nowhere.

    *years*: in which the documents were published; an article of 2019 need not say so.
    """
    found = []
    rest = question
    for law in _LAW.finditer(question):
        rest = rest.replace(law.group(), " " * len(law.group()))
        if not there.together([number for number in law.groups() if number]):
            found.append(law.group().strip())
    for figure in _FIGURE.findall(rest):
        digits = re.sub(r"\D", "", figure)
        if len(digits) < _LEAST_DIGITS or int(digits) in years:
            continue
        if not any(there.together([form]) for form in _ways_to_write(figure, digits)):
            found.append(figure)
    return tuple(dict.fromkeys(found))


def _ways_to_write(figure: str, digits: str) -> list[str]:
    """ "7.380" and "7380"; of "20.000" also the "20" of "20 ribu"."""
    grouped = f"{int(digits):,}".replace(",", ".")
    return [figure, digits, grouped, re.sub(r"(?<=\d)(?:000)+$", "", digits)]

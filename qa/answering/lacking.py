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

from qa.answering.question import Kind, Question
from qa.ingest.dates import MONTHS, WEEKDAYS
from qa.language import names
from qa.language.offices import office_key
from qa.language.tokens import fold, tokens
from qa.retrieval.lexical import QueryWord
from qa.retrieval.presence import Presence
from qa.types import Reason


@dataclass(frozen=True, slots=True)
class Lack:
    """Something asked for that is not there; *words* as the question writes it.

    *nowhere*: in nothing that was searched; else it is what comes nearest to the
    question that lacks it. *kind*: there are no such *words*; what is missing is
    any number or date that could answer.
    """

    reason: Reason
    words: tuple[str, ...] = ()
    nowhere: bool = True
    kind: Kind | None = None


_POSSESSIVE = re.compile(r"['’]s?$")
_HELD_BY_ANYBODY = names.HONORIFICS | names.ROLE_HEADS | {"no", "nomor", "uu"}


def names_missing(
    question: Question, words: Sequence[QueryWord], there: Presence
) -> tuple[str, ...]:
    """The names in *question*, as written, or the parts of them that are nowhere *there*.

    *words*: those of the question. Words of the calendar, titles and offices are no names.
    """
    lacking = {
        fold(word.text)
        for word in words
        if fold(word.text) in question.names
        and _names_something(word.text)
        and not there.holds(word)
    }
    found = []
    for run in _runs(question.text, lacking):
        parts = [_POSSESSIVE.sub("", fold(part)) for part in run.split()]
        if not _known_otherwise(run, there) and not all(map(there.spelt, parts)):
            found.append(_whole(run, question.text))
    return tuple(dict.fromkeys(found))


def _names_something(word: str) -> bool:
    folded = fold(word)
    if folded in MONTHS or folded in WEEKDAYS or folded in _HELD_BY_ANYBODY:
        return False
    # Two letters are as often a term ("AI"), which each language shortens in its own way.
    return len(folded) > 2 and any(map(str.isalpha, folded))


def _whole(run: str, text: str) -> str:
    """The name in *text* that *run* is a part of: "World Cup" for "Cup"."""
    around = re.search(rf"(?:[A-Z][\w’'-]* )*{re.escape(run)}(?: [A-Z][\w’'-]*)*", text)
    whole = around.group() if around else run
    first, _, rest = whole.partition(" ")
    # Whatever begins a question has a capital letter.
    plain = rest if rest and text.startswith(whole) and not run.startswith(first) else whole
    return _POSSESSIVE.sub("", plain)


def _runs(text: str, wanted: set[str]) -> Iterator[str]:
    """The longest stretches of *text* made of *wanted* words, folded, a space apart."""
    start = end = -1
    for token in [*tokens(text), None]:
        if token is not None and fold(token.text) in wanted:
            if start >= 0 and text[end : token.start] != " ":
                yield text[start:end]
                start = -1
            start = token.start if start < 0 else start
            end = token.end
        elif start >= 0:
            yield text[start:end]
            start = -1


def _known_otherwise(name: str, there: Presence) -> bool:
    """True if the documents have *name* under an alias, written out, or by its initials."""
    forms = [names.fold(name).split(), list(office_key(name))]
    letters = "".join(word[0] for word in name.split())
    if len(letters) > 2:
        forms.append([letters.upper()])
    plain = [fold(word) for word in name.split()]
    return any(form and form != plain and there.together(form) for form in forms)


# Numbers

_LAW = re.compile(
    r"\b(?:UU|Undang-Undang|Perppu|Perpu|Perpres|Permen\w*|Pergub|Perda|PP|Law|Act|Regulation"
    r"|Peraturan(?:\s+[A-Z]\w+){0,3})\s+(?:No\.?|Nomor|Number)?\s*(\d+)"
    r"(?:\s*(?:/|Tahun|of|Year)\s*(\d{4}))?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w.,/-])\d[\d.,]*\d(?![\w-])")
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

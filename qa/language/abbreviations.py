"""What an abbreviation stands for: where a text says so, and where it only could.

"Bank Indonesia (BI)", "UMKM (Usaha Mikro, Kecil, dan Menengah)", "BI, singkatan dari
Bank Indonesia". Letters decide: those of the abbreviation are read off the words, in
order, the first of them at the start of a word (Schwartz and Hearst, "A simple
algorithm for identifying abbreviation definitions in biomedical text", PSB 2003).
Where nothing says that the words are shortened, only each initial ("GAM") or a piece of
each word ("Sumsel") will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.language.tokens import fold, is_function_word, tokens, word_set
from qa.types import Span

# Written out, a name has at most so many words more than its abbreviation has letters.
_MORE_WORDS = 5

_WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*")
# What stands between the words and the abbreviation after them, or before.
_LED_BY = re.compile(
    r"(?:\s?[(\[]|,\s|\s(?:atau|or)\s|[\s,(]+(?:yang\s)?(?:biasa\s|sering\s|lazim\s)?(?:disingkat"
    r"|dikenal (?:sebagai|dengan)|disebut|abbreviated(?: as| to)?|known as|shortened to|or simply)"
    r"\s(?:menjadi\s)?)[\"“'‘]?$",
    re.IGNORECASE,
)
_CUE = (
    r"(?:singkatan|kepanjangan|akronim|abbreviation|acronym|short(?:ened)?|initials)\s(?:dari|untuk"
    r"|of|for|from)|stands?\sfor|(?:ber)?kepanjangan"
)
_LEADS = re.compile(
    rf"[\"”'’]?(?:\s?[(\[]|\s(?:atau|or)\s|,?\s(?:[\w-]+\s){{0,3}}(?:{_CUE})\s)[\"“'‘]?",
    re.IGNORECASE,
)
# "Kata itu juga dijadikan singkatan dari …": the abbreviation stands in an earlier sentence.
_CUED = re.compile(rf"\b(?:{_CUE})\s[\"“'‘]?", re.IGNORECASE)
_BRACKETED = re.compile(r"\s?[(\[]([^\W\d_][\w-]{1,11})[)\]]")
_ENDS = re.compile(r"[()\[\].;:!?\n\"“”]")


def expansions(short: str, text: str) -> Iterator[Span]:
    """Where *text* has the words that the abbreviation *short* stands for.

    >>> [s.of("Bank Indonesia (BI) menolak.") for s in expansions("BI", "Bank Indonesia (BI) …")]
    ['Bank Indonesia']
    """
    letters = "".join(c for c in short.casefold() if c.isalnum())
    if len(letters) < 2:
        return
    found: set[Span] = set()
    for at in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", text, re.IGNORECASE):
        if led := _LED_BY.search(text, 0, at.start()):
            found |= _before(letters, text, led.start())
        if leads := _LEADS.match(text, at.end()):
            found |= _after(letters, text, leads.end())
    for cue in _CUED.finditer(text):
        found |= _after(letters, text, cue.end())
    yield from sorted(found)


_ASKS = word_set("""
    stand stands stood short acronym abbreviation full name form meaning written spelled out
    kepanjangan singkatan akronim arti artinya nama panjang lengkap sebenarnya berkepanjangan
    """)


def spelt_out(question: str, text: str) -> list[Span]:
    """Where *text* has what an abbreviation in *question* stands for, or shortens its words.

    Words in capitals are taken for the abbreviations, else any that could be one.
    """
    asked = [token.text for token in tokens(question)]
    asked = [w for w in asked if w.isupper() or not (is_function_word(w) or fold(w) in _ASKS)]
    asked = [word for word in asked if word.isupper() and len(word) > 1] or asked
    found = [span for word in asked for span in expansions(word, text)]
    return found or [short for short, words in _shortened(text) if words <= set(map(fold, asked))]


def _shortened(text: str) -> Iterator[tuple[Span, set[str]]]:
    """The abbreviations in brackets in *text*, each with the words, folded, that it stands for."""
    for at in _BRACKETED.finditer(text):
        letters = "".join(c for c in at[1].casefold() if c.isalnum())
        for span in _before(letters, text, at.start()):
            said = {fold(token.text) for token in tokens(span.of(text))}
            yield Span(*at.span(1)), {word for word in said if not is_function_word(word)}


def _before(letters: str, text: str, end: int) -> set[Span]:
    """The words that end at *end*, back to the one that the first letter begins."""
    limit = max((stop.end() for stop in _ENDS.finditer(text, 0, end)), default=0)
    spoken = list(_WORD.finditer(text, limit, end))[-(len(letters) + _MORE_WORDS) :]
    possible = [
        Span(first.start(), spoken[-1].end())
        for first in reversed(spoken)
        if first.group()[0].casefold() == letters[0]
    ]
    spelt = [span for span in possible if _spells(letters, span.of(text))]
    # "Konsil Kedokteran Indonesia" (KKI) rather than the last two words of it.
    return set([span for span in spelt if _initials(span.of(text)) == letters][:1] or spelt[:1])


def _after(letters: str, text: str, start: int) -> set[Span]:
    """The words from *start*: all in a bracket, else up to one that the last letter begins.

    Where none does, as for "Kemlu", up to the last with a capital.
    """
    stop = _ENDS.search(text, start)
    limit = stop.start() if stop else len(text)
    spoken = list(_WORD.finditer(text, start, limit))[: len(letters) + _MORE_WORDS]
    if not spoken or spoken[0].start() != start or text[start].casefold() != letters[0]:
        return set()
    if stop and stop.group() in ")]" and spoken[-1].end() == limit:
        ends = [limit]
    else:
        ends = [last.end() for last in spoken[1:] if _ends(last.group(), letters)]
        capitals = 0
        while capitals < len(spoken) and spoken[capitals].group()[0].isupper():
            capitals += 1
        ends += [spoken[capitals - 1].end()] if capitals > 1 else []
    for end in ends:
        if _spells(letters, text[start:end]):
            return {Span(start, end)}
    return set()


def _ends(word: str, letters: str) -> bool:
    return len(word) > 3 and word[0].casefold() == letters[-1]


def _initials(words: str) -> str:
    spoken = (word.group() for word in _WORD.finditer(words))
    return "".join(word[0].casefold() for word in spoken if not is_function_word(word))


def _spells(letters: str, words: str) -> bool:
    """Whether *letters* can be read off two or more *words*, and begin half of the longer ones.

    Else any long run of words would spell them; but "Kemtan" is "Kementerian Pertanian".
    """
    spoken = [word.group().casefold() for word in _WORD.finditer(words)]
    rest = iter("".join(c for word in spoken for c in word if c.isalnum()))
    if len(spoken) < 2 or not all(letter in rest for letter in letters):
        return False
    heads = [word[0] for word in spoken if len(word) > 3]
    return 2 * sum(head in letters for head in heads) >= len(heads)


_REST_OF_WORD = r"[\w’'.-]*\s+(?:(?:dan|and|of|the|untuk|for)\s+)?"


def may_shorten(short: str, text: str) -> bool:
    """ "GAM" where *text* has "Gerakan Aceh Merdeka", "Sumsel" where it has "Sumatera Selatan".

    Nothing has to say that it does, so the words must be names, and of three letters or more.
    """
    if len(short) < 3:
        return False
    if short.isupper():
        spelt = r"\b" + _REST_OF_WORD.join(map(re.escape, short))
        return re.search(spelt, text) is not None
    words = [token.text for token in tokens(text)]
    runs = (words[i : i + count] for count in (2, 3) for i in range(len(words) - count + 1))
    return any(
        blends(fold(short), [fold(word) for word in run])
        for run in runs
        if all(word[0].isupper() for word in run)
    )


def blends(word: str, parts: Sequence[str]) -> bool:
    """True when *word* joins a piece of each of *parts*, in order: "sumsel", "dephub".

    All folded. A piece is the first two letters or more, or three or more from within
    ("perhubungan").
    """
    if not parts:
        return not word
    first, rest = parts[0], parts[1:]
    return any(
        (first.startswith(word[:size]) or (size > 2 and word[:size] in first))
        and blends(word[size:], rest)
        for size in range(2, min(len(word), len(first) - 1) + 1)
    )

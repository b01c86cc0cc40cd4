"""Whether an article can tell of the year that a question names.

"Who won the 2013 final?" comes near to every final, and "who won the World Cup in 2018?"
to every qualifier before it. Of an article whose day is known that can be looked up: it
names the year, counts back or ahead to it, is of that year, or does not tell of it; and
it never tells how something came out that was still to come. Of an article without a date
only the quotes tell, where they name other years.

Knows one question and one article; decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from qa.answering.lacking import LONGEST, Lack
from qa.language.figures import figures
from qa.types import Document, Reason

# No part of a law's number, of a model's name or of a greater figure.
_YEAR = re.compile(
    r"(?<![\w.,:/-])(?<!no )(?<!no\. )(?<!nomor )(?:19|20)\d\d(?![\w:]|[.,/-]\d)", re.IGNORECASE
)
_SEASON = re.compile(r"(?<![\d/])((?:19|20)?\d\d)\s?[/–-]\s?((?:19|20)?\d\d)(?![\d/])")
_NAMED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_GROUPED = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_DECADE = re.compile(r"(?<!\d)((?:19|20)\d)0(?:-?an|['’]?s)\b")

# Of an article of 2017: 2016, 2018, 2012.
_LAST = re.compile(
    r"\b(?:(?:tahun|musim|edisi)\s+(?:lalu|kemarin|silam|sebelumnya)|setahun|(?:last|previous)"
    r"\s+(?:year|season|edition)|a\s+year\s+(?:ago|earlier|before)|(?:januari|februari|maret|april"
    r"|mei|juni|juli|agustus|september|oktober|november|desember)\s+(?:tahun\s+)?(?:lalu|silam)"
    r"|last\s+(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december))\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:(?:tahun|musim|edisi)\s+(?:depan|mendatang|berikutnya)|next\s+(?:year|season|edition))\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\s?(?P<unit>tahun|years?|dekade|dasawarsa|decades?)(?P<ago>\s+(?:yang\s+|sudah\s+)?"
    r"(?:lalu|silam|lampau|terakhir|sebelumnya|belakangan|ago|earlier|before))?\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\b(?:last|past)\s$", re.IGNORECASE)
_TENS = ("dek", "das", "dec")  # units of ten years begin so

# What is only known when it is over.
_OUTCOME = {
    "en": re.compile(
        r"\b(?:w[io]n|winners?|champions?|runners?-up|beat|defeat\w*|los[te]|scored?|finish\w*"
        r"|results?|elected|died|killed|happened|medals?|votes)\b",
        re.IGNORECASE,
    ),
    "id": re.compile(
        r"\b(?:pemenang\w*|juara\w*|(?:men)?juarai|menang|(?:me|di)menang(?:i|kan)|runner-?up"
        r"|peraih\w*|(?:me|di)raih|perolehan|memperoleh|merebut|terpilih|hasil(?:nya)?|skor\w*|tewas"
        r"|korban|meninggal|terjadi|kalah|(?:meng|di)alahkan|dikalahkan|(?:pen|men)cetak|suara|medali"
        r"|peringkat)\b",
        re.IGNORECASE,
    ),
}
# What can be told before.
_AHEAD = re.compile(
    r"\b(?:will|would|can|could|may|might|should|going\s+to|plan\w*|target\w*|aim\w*|expect\w*"
    r"|predict\w*|forecast\w*|want\w*|hop(?:e|ing)\w*|candidates?|favou?rites?|contenders?|chances?"
    r"|qualif\w*|said|says?|promise\w*|ready|eligible|regist\w*"
    r"|akan|bakal|bisa|dapat|mau|ingin|harus|rencana\w*|(?:me|di)rencanakan|\w*target\w*|\w*harap\w*"
    r"|\w*perkira\w*|\w*prediksi\w*|proyeksi\w*|calon\w*|kandidat\w*|favorit\w*|unggulan\w*"
    r"|kualifikasi|\w*peluang\w*|kata|menurut|mungkin|optimis\w*|yakin|siap|\w*janji\w*|\w*daftar\w*"
    r"|hak\s+suara)\b",
    re.IGNORECASE,
)


def asked(question: str) -> list[int]:
    """The years that *question* names, in order."""
    return list(dict.fromkeys(int(found.group()) for found in _YEAR.finditer(question)))


def told(document: Document) -> set[int] | None:
    """The years that *document* tells of; None where its date is not known, or it is a book."""
    if document.published is None or len(document.text) > LONGEST:
        return None
    text, published = f"{document.title}\n{document.text}", document.published
    found = _told_in(text, published) | {published.year}
    for decade in _DECADE.finditer(text):
        found |= set(range(int(decade[1]) * 10, int(decade[1]) * 10 + 10))
    if published.month <= 2:  # "in December"
        found.add(published.year - 1)
    if published.month >= 11:
        found.add(published.year + 1)
    return found


def _told_in(text: str, published: date | None) -> set[int]:
    """The years that *text* names or, of an article of that day, counts back or ahead to.

    "2.000" is one as well, which may be asked for.
    """
    found = set(map(int, _NAMED.findall(_GROUPED.sub("", text))))
    for season in _SEASON.finditer(text):
        first = int(season[1])
        if len(season[1]) < 4:
            first += 1900 if first > 50 else 2000
        if int(season[2]) % 100 == (first + 1) % 100:
            found |= {first, first + 1}
    if published is None:
        return found
    back, rest = _counted_back(text, published.year)
    if _LAST.search(rest):
        found.add(published.year - 1)
    if _NEXT.search(rest):
        found.add(published.year + 1)
    return found | back


def _counted_back(text: str, year: int) -> tuple[set[int], str]:
    """ "ten years ago", and a year on either side, since people round; and *text* without it."""
    found: set[int] = set()
    rest = list(text)
    for figure in figures(text):
        start, end = figure.span.start, figure.span.end
        ago = _AGO.match(text, end)
        if ago is None or len(figure.value) > 2 or not figure.value.isdecimal():
            continue
        if ago["ago"] or _WITHIN.search(text[max(0, start - 6) : start]):
            of = 10 if ago["unit"].casefold().startswith(_TENS) else 1
            then = year - int(figure.value) * of
            found |= set(range(then - of, then + of + 1))
            rest[start : ago.end()] = " " * (ago.end() - start)
    return found, "".join(rest)


def told_of_others(question: str, quotes: Sequence[str], document: Document) -> Lack | None:
    """The years of *question*, if the first of *quotes*, of *document*, names others instead.

    None where another quote names them, or the document is of that year.
    """
    wanted = asked(question)
    published = document.published
    if not wanted or (published is not None and published.year in wanted):
        return None
    there = [_told_in(quote, published) for quote in quotes]
    if not there[0] or set(wanted) & set().union(*there):
        return None
    return Lack(Reason.NUMBER_MISSING, _written(wanted), nowhere=False)


def untold(question: str, language: str, document: Document) -> Lack | None:
    """The years of *question*, in *language*, of which *document* does not or cannot tell."""
    wanted = asked(question)
    there = told(document) if wanted else None
    if there is None or document.published is None:
        return None
    early = [year for year in wanted if year > document.published.year]
    if early and _over(question, language):
        return Lack(Reason.NUMBER_MISSING, _written(early), nowhere=False, early=True)
    missing = [year for year in wanted if year not in there]
    return Lack(Reason.NUMBER_MISSING, _written(missing), nowhere=False) if missing else None


def _written(found: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(str, found))


def _over(question: str, language: str) -> bool:
    """Whether it is asked how something came out."""
    rest = _YEAR.sub(" ", question)
    return _OUTCOME[language].search(rest) is not None and _AHEAD.search(rest) is None

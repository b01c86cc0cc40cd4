"""Sentences: where each begins and ends in a text.

Owns the rules for line breaks and for full stops. It does not know documents,
passages or page furniture, and it never changes a text: a sentence is a span,
and everything between two spans is white space, so the text can be rebuilt.

Indonesian and English share one set of rules, because one article mixes
"PT. Telkom Tbk." with "Mr. Smith"; other languages are left to sentencex.
Two steps: lines become blocks (``_blocks``), and a block becomes sentences.
Every look behind or ahead is bounded, so time grows with length only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex  # type: ignore[import-untyped]

from qa.language.tokens import STOPWORDS, word_set
from qa.types import Span

# Malay, Javanese and Sundanese news follows Indonesian newspaper conventions.
_OWN_RULES = frozenset({"id", "en", "ms", "jv", "su"})


def sentence_spans(text: str, language: str) -> list[Span]:
    """The sentences of *text*, whose language is *language* (ISO 639-1), in order.

    Spans do not overlap, none is empty or begins or ends with white space, and
    only white space lies outside them. A blank line always ends a sentence. A
    single line break ends one too, unless the lines look hard-wrapped. A line
    without a word ("***") is a sentence of its own. Never raises.
    """
    split = _rules if language in _OWN_RULES else _sentencex
    spans: list[Span] = []
    for start, end in _blocks(text):
        cuts = [cut for cut in split(text, start, end, language) if start < cut < end]
        for begin, stop in zip([start, *cuts], [*cuts, end], strict=True):
            piece = text[begin:stop]
            lead = len(piece) - len(piece.lstrip())
            size = len(piece.strip())
            if size:
                spans.append(Span(begin + lead, begin + lead + size))
    return spans


_WINDOW = 10_000
_ANY_SPACE = re.compile(r"\s")


def _sentencex(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Offsets where sentencex would cut ``text[start:end]``.

    Its time grows with the square of the length on text full of quotation
    marks (25 s for 1 MB), so it sees one window at a time; the next window
    begins at the last cut, so that no sentence is cut by a window.
    """
    while start < end:
        stop = min(start + _WINDOW, end)
        # Each character keeps its place, so the offsets hold: lone surrogates
        # cannot cross into Rust, and a no-break space after an initial ("A.\xa0B")
        # makes sentencex 1.0.32 panic.
        window = text[start:stop].encode("utf-8", "replace").decode()
        window = _ANY_SPACE.sub(" ", window)
        try:
            found = sentencex.get_sentence_boundaries(language, window)
        except BaseException as error:
            # A Rust panic is not an Exception; it must not cost us the document.
            if type(error).__name__ != "PanicException":
                raise
            yield from _rules(text, start, end, language)
            return
        # Cutting at starts alone keeps every character, whatever it reports.
        cuts = sorted({start + int(sentence["start_index"]) for sentence in found} - {start})
        yield from cuts
        start = cuts[-1] if cuts and stop < end else stop


# --- lines -----------------------------------------------------------------

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|\n\f|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[-*•·▪◦‣●○■□➢✓]|\(?(?:\d{1,2}|[A-Za-z])[.)])\s")
_CLOSED = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
# A word that goes on with the sentence; names such as "e-KTP" or "iPhone" and
# addresses such as "kompas.com" may begin one in spite of the small letter.
_SMALL = re.compile(r"[\"'“‘(\[–—-]*(?![a-z]-?[A-Z])(?!\S{1,40}\.[a-z])([^\W\d_])")
_HEADING_SIZE = 20
_WRAP_WIDTHS = range(38, 131)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stripped stretches of *text* that no sentence may cross."""
    runs = list(_runs(text))
    # One setting for the whole text where there is one: a heading of two lines
    # is too short to tell. Pages that mix both kinds are judged run by run.
    overall = _wrap_width(text, runs)
    for run in runs:
        yield from _unwrapped(text, run, overall or _wrap_width(text, [run]))


def _runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Stripped lines with words or marks on them, grouped between blank lines."""
    run: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = start + len(line.strip())
        if start >= end:
            continue
        if run and len(_BREAK.findall(text, run[-1][1], start)) > 1:
            yield run
            run = []
        run.append((start, end))
    if run:
        yield run


def _wrap_width(text: str, runs: list[list[tuple[int, int]]]) -> int:
    """The width at which *runs* were hard-wrapped, in characters; 0 if they were not.

    Wrapped lines have a usual width and mostly break off in mid-sentence.
    Headings stacked on each other may be equally long, but they do not go on
    in small letters.
    """
    pairs = [pair for run in runs for pair in pairwise(run)]
    if not pairs:
        return 0
    sizes = sorted(end - start for (start, end), _ in pairs)
    width = sizes[-(-9 * (len(sizes) - 1) // 10)]
    if width not in _WRAP_WIDTHS:
        return 0
    open_ended = [
        (before, line)
        for before, line in pairs
        if 2 * (before[1] - before[0]) > width  # shorter ones are headings
        and _unfinished(text, *before)
        and not _BULLET.match(text, *line)
    ]
    going_on = sum(_continues(text, *line) for _, line in open_ended)
    full = sum(_full(text, before, line, width) for before, line in open_ended)
    if going_on and (
        2 * going_on >= len(open_ended)
        or (3 * going_on >= len(open_ended) and 4 * full >= 3 * len(open_ended))
    ):
        return width
    return 0


def _full(text: str, before: tuple[int, int], line: tuple[int, int], width: int) -> bool:
    """Whether the first word of *line* would have made the line before too long.

    A tenth is allowed for, because PDF lines vary with the letters in them.
    """
    word = text[line[0] : min(line[1], line[0] + 20)].split(None, 1)[0]
    return before[1] - before[0] + 1 + len(word) >= 0.9 * width


def _unwrapped(text: str, run: list[tuple[int, int]], width: int) -> Iterator[tuple[int, int]]:
    """*run* with its lines joined where a sentence may go on to the next line.

    At a known *width*, that is where the next word would have made the line
    too long; otherwise only where the next line plainly goes on.
    """
    start = run[0][0]
    for before, line in pairwise(run):
        size = before[1] - before[0]
        joined = False
        if width or size >= _HEADING_SIZE:
            joined = not _BULLET.match(text, *line) and (
                (width > 0 and _full(text, before, line, width))
                or (_continues(text, *line) and _unfinished(text, *before))
            )
        if not joined:
            yield start, before[1]
            start = line[0]
    yield start, run[-1][1]


def _unfinished(text: str, start: int, end: int) -> bool:
    """True when the line has words and does not end in closing punctuation."""
    tail = text[max(start, end - 8) : end]
    return not _CLOSED.search(tail) and any(c.isalnum() for c in tail)


def _continues(text: str, start: int, end: int) -> bool:
    """True when the line begins as if in mid-sentence.

    A single word without a full stop is more likely a button ("close").
    """
    first = _SMALL.match(text, start, end)
    if first is None or not first[1].islower():
        return False
    return " " in text[start : min(end, start + 40)] or not text[end - 1].isalnum()


# --- full stops ------------------------------------------------------------

_STOP = re.compile(r"[.!?…。！？]+")
_CLOSERS = re.compile(r"[\"'”’»)\]}›」』]*")
_LEAD = re.compile(r"\s+(?:[\"'“”‘«‹(\[{–—-]\s?){0,4}")
_STRAY = re.compile(r"[\s\"'“”’)]*$")
_SPACED_CLOSER = re.compile(r"\s?[\"”](?=\s|$)")
_LETTERS = re.compile(r"[^\W\d_]{1,30}")
_WORD_BEFORE = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_ENUMERATOR = re.compile(r"[\"'“‘(\[]*(?:\d{1,3}|[A-Za-z]|[ivx]{2,4}|[IVX]{2,4})$")
_BRAND = re.compile(r"[a-z]-?[A-Z]")
_ADDRESS = re.compile(r"://|www\.|@")
# The reporter's initials after the last sentence: "(p/mk)", "[rnd]".
_SIGNATURE = re.compile(r"\s*[(\[][\w./* -]{1,30}[)\]]$")
_SPEAKING_EN = re.compile(
    r"(?:[A-Z][\w.'’-]{0,30}\s+){1,4}"
    r"(?:said|says|asked|asks|added|adds|replied|wrote|told|shouted|exclaimed|recalled)\b"
)

_DOMAINS = word_set("com js co id net org go ac or sch tv io gov edu info news my sg uk us")

# Before a name or a further word; never the end of a sentence.
_BEFORE_NAME = word_set("""
    dr dra drs drg prof ir h hj kh tn ny nn sdr sdri bpk mr mrs ms messrs mx pt jl jln gg kab kec
    kel ds prov yth kpd yg dg dgn sbb tsb vs cf eg ie viz kompol akbp akp aiptu aipda bripka
    letkol mayjen brigjen letjen kombes lettu letda kapt jend bhs a.n u.b u.p d.a d/a s.d i.e
    e.g c.q c.f st ust rev hon lt sgt capt cmdr cpl supt
    """)
# The same, but an everyday word when written small ("lima sen", "every rep").
_BEFORE_NAME_CAPITAL = word_set("Gen Sen Rep Gov Col Kol Maj Adm Pres Mt Ft Mgr Pdt Pst Br Dok")
# Before a number, and only then.
_BEFORE_NUMBER = word_set("""
    no nos nomor hal hlm h tgl tg rp vol bab ps psl art pas telp tlp tel fax hp kav rt rw lt thn th
    p pp fig figs ch sec eq approx ca c ed jan feb mar apr jun jul agt ags aug sep sept okt oct nop
    nov des dec
    """)
# Lists trail off in these; a capital after them begins a new sentence.
_TRAILING = word_set("dll dsb dst dkk dlsb dsj etc al")
# After a name; a sentence ends here only if the next word is a likely opener.
_AFTER_NAME = word_set(
    "tbk cv ud inc ltd corp co llc plc jr sr bros esq bhd sdn pte alm almh dept assn"
)
# Degrees look like initials ("S.H. Mintardja" is an author), so the ones made
# of single letters are listed.
_DEGREE = re.compile(
    r"(?:S\.[HETSP]|M\.[MHATP]|B\.[AS]|M\.B\.A|M\.D|LL\.[BM]"
    r"|[SMBA]\.[A-Z][a-z]{1,3}|[SMA]\.[A-Z][a-z]{0,3}\.[A-Z][a-z]{0,3}|S\.I\.[KP]|Ph\.D)$"
)
_TIMES = frozenset({"a.m", "p.m"})
_DAYS = word_set("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
# Words that a single letter may follow at the end of a sentence: "vitamin C."
_LETTERED = word_set("""
    vitamin hepatitis triple kelas grup golongan tipe kategori rencana plan group class type seri
    huruf poin point opsi option bagian part gedung tim team kelompok generasi generation formula
    blok block model grade serie series liga pilihan nilai lampiran
    """)
# Capitalised, these begin a sentence; a name rarely begins with one.
_OPENERS = (
    STOPWORDS["id"]
    | STOPWORDS["en"]
    | word_set("""
        adapun berdasarkan begitu karenanya kini lebih mulai pemerintah pihaknya sebagaimana
        sebelumnya sebaliknya sedikitnya sekarang selanjutnya sesuai tahun tak terkait usai
        akibatnya artinya akhirnya hasilnya kedua pertama ketiga selama tetapi tiap turut menanggapi
        another according despite earlier later last many several still two three yet
        """)
)
_SPEAKING_ID = frozenset(
    verb + ending
    for verb in word_set("kata ujar ucap ungkap tutur tegas jelas papar imbuh sambung tukas")
    for ending in ("", "nya")
) - {"jelas", "tegas"}


def _rules(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Offsets at which a sentence of ``text[start:end]`` has ended."""
    begin = start
    counted, marks = start, 0
    for stop in _STOP.finditer(text, start, end):
        if stop.start() < begin:
            continue
        closed = _CLOSERS.match(text, stop.end(), end)
        cut = closed.end() if closed else stop.end()
        # Straight quotes look alike on both sides, and some papers use ” for
        # both; only counting tells whether a quotation is open.
        marks += text.count('"', counted, stop.end()) + text.count("”", counted, stop.end())
        marks += text.count("“", counted, stop.end())
        counted = stop.end()
        inside = marks % 2 == 1
        if cut == stop.end() + 1 and text[stop.end()] in '"”' and not inside:
            # kata."Dia: the mark opens the next quotation.
            if _LETTERS.match(text, cut, end):
                cut = stop.end()
        elif cut == stop.end() and inside and (spaced := _SPACED_CLOSER.match(text, cut, end)):
            cut = spaced.end()
        if _STRAY.match(text, cut, end):
            return
        if _is_end(text, begin, stop, cut, end) and not _in_aside(text, begin, cut, end):
            yield cut
            begin = cut


_LONGEST_ASIDE = 120  # characters that are left of it


def _in_aside(text: str, begin: int, cut: int, end: int) -> bool:
    """Whether a bracket opened in mid-sentence is still open at *cut*: "(lit. "White House")".

    What closes later belongs to the sentence around it, whatever short word the stop
    follows; a bracket that never closes is a slip and keeps nothing together.
    """
    opening = text.rfind("(", begin, cut)
    if opening < 0 or not text[begin:opening].strip() or ")" in text[opening:cut]:
        return False
    closing = text.find(")", cut, min(end, cut + _LONGEST_ASIDE))
    return closing >= 0 and "(" not in text[cut:closing]


def _is_end(text: str, begin: int, stop: re.Match[str], cut: int, end: int) -> bool:
    """Whether the sentence from *begin* ends at *cut*, closing marks included."""
    closers = text[stop.end() : cut]
    lead = _LEAD.match(text, cut, end)
    if lead is None:
        return _is_end_without_space(text, begin, stop, cut, end)
    at = lead.end()
    if at >= end:
        return True
    if not any(map(str.isalnum, text[begin : min(stop.start(), begin + 60)])) and not closers:
        return False  # "... dan" or "!" alone goes with what follows
    following = text[at]
    if following in ",;:.!?…":
        return False
    if following.islower() and not _BRAND.match(text, at, end):
        return _SIGNATURE.match(text, cut, end) is not None
    word = _LETTERS.match(text, at, end)
    next_word = word.group() if word else ""
    quoted = any(mark in closers for mark in "\"”’»'")
    if quoted and next_word.casefold() in _SPEAKING_ID:
        return False
    if quoted and _SPEAKING_EN.match(text, at, min(end, at + 120)):
        return False
    if stop.group() == "." and not quoted:
        return not _is_abbreviation(text, begin, stop.start(), lead.group(), at, next_word)
    return quoted or stop.group() != "!" or not text.endswith("Yahoo", begin, stop.start())


def _is_end_without_space(text: str, begin: int, stop: re.Match[str], cut: int, end: int) -> bool:
    """The typist left out the space ("sendiri.Hal ini"); addresses look alike."""
    if stop.group()[0] in "。！？":
        return True
    before = text[max(begin, stop.start() - 40) : stop.start()]
    word = _LETTERS.match(text, cut, end)
    if word is None:
        opening = text[cut] in '"“”‘(' and text[cut + 1 : cut + 2].isalnum()
        return opening and before[-3:].isalpha() and before[-2:].islower()
    next_word = word.group()
    if not (next_word[0].isupper() and len(next_word) > 1):
        return False
    if next_word.casefold() in _DOMAINS:
        return False
    if cut > stop.end():
        return True
    chunk = before.split()[-1] if before.split() else ""
    if _ADDRESS.search(chunk) or text[word.end() : word.end() + 1] == ".":
        return False
    last = _WORD_BEFORE.search(before)
    if last is not None and last.group().casefold() in _BEFORE_NAME | _BEFORE_NUMBER:
        return False
    if before[-2:].isdigit():
        return next_word[1:].islower()
    return before.endswith((")", '"', "”")) or (
        len(before) >= 3 and before[-3:].isalpha() and before[-3:].islower()
    )


def _is_abbreviation(text: str, begin: int, dot: int, lead: str, at: int, next_word: str) -> bool:
    """Whether the full stop at *dot* belongs to its word and ends nothing.

    *next_word* stands at *at*, after the white space and marks in *lead*; it
    is empty when something other than a letter stands there.
    """
    before = text[max(begin, dot - 40) : dot]
    if dot - begin < 12 and _ENUMERATOR.match(before.strip()):
        return True  # "1. Foo" at the start of a sentence
    found = _WORD_BEFORE.search(before)
    if found is None:
        return False
    word = found.group()
    small = word.casefold()
    ahead = before[: found.start()].rstrip()
    if before[: found.start()].endswith(("-", "/", "'", "’")):
        return False  # hepatitis-C, km/s, can't
    opener = next_word[:1].isupper() and next_word.casefold() in _OPENERS
    digit = text[at].isdigit()

    if small.isdigit():
        listed = ahead.endswith((":", ";")) and len(ahead) < found.start()
        return listed and len(small) < 3
    if small in _BEFORE_NUMBER and (digit or next_word in {"I", "II", "III", "IV", "V", "X"}):
        return True
    if small in _BEFORE_NAME and len(word) > 1:
        return True
    if word in _BEFORE_NAME_CAPITAL:
        return True
    if small in _TRAILING:
        return digit or "(" in lead
    if small in _TIMES:
        return digit or next_word.isupper() or next_word in _DAYS
    if small in _AFTER_NAME:
        return not opener
    if len(word) == 1:
        last = ahead.split()[-1] if ahead else ""
        if not word.isalpha() or last.casefold() in _LETTERED:
            return False
        if word == "I" and last.islower():
            return False  # "taller than I."
        return not opener
    if "." in word:
        parts = word.split(".")
        if any(map(str.isdigit, small)) or max(map(len, parts)) > 4:
            return False
        if small.rpartition(".")[2] in _DOMAINS and len(parts[0]) > 1:
            return False
        if _DEGREE.match(word) and ahead.endswith(","):
            return _DEGREE.match(text[at : at + 8].split(" ")[0].rstrip(".,")) is not None
        return not opener
    # Bpk., Kpts., Ny.: no vowel and not an acronym in capitals.
    if len(word) <= 5 and word.isalpha() and word[1:].islower() and not set(small) & set("aiueoy"):
        unit = ahead[-1:].isdigit()  # "5 km."
        return not unit and not opener
    return False

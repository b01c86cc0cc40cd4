"""Who said what: every statement of an article, with its speaker.

Owns: pairing of quotation marks, cue words ("kata", "menurut", "said"), the
patterns of direct and indirect speech, and the speaker of a statement within
the article. Does not know: storage, retrieval, or people beyond this article.

How it works, in one pass over the text, each step linear:

1. Furniture and datelines are blanked, quotation marks are paired, paragraphs and sentences are
   cut with every quotation counted as one unit.
2. Each sentence gives its attributions: a cue and the words that name the speaker.
3. A quotation takes the attribution after it, before it, or of the quotation that it
   continues; a sentence without one gives indirect speech when its cue governs a clause.
4. Pronouns, short names and offices are resolved from what came before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from qa.language.names import (
    Cast,
    Mention,
    is_degree,
    is_place,
    is_role_word,
    people,
    role_phrase,
    split_person,
    with_appositions,
)
from qa.language.sentences import sentence_spans
from qa.types import Document, Span, Statement

_LONGEST_QUOTE = 5000  # characters; a longer one is two that lost their marks
_LONGEST_SUBJECT = 400  # characters looked at for the speaker on either side of a cue
_TERM_WORDS = 4  # a quotation this short, unattributed, is a term and not a statement

# --- cue words ---------------------------------------------------------------------------


def _pattern(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Roots that stand after what was said: "…, kata X", "…, ujarnya".
_ROOT_CUES = _pattern(
    "kata ujar ucap tutur ungkap jelas tegas tambah lanjut sebut papar imbuh terang tandas tukas"
    " cetus tulis tanya jawab pungkas tutup kenang seru sambung ulas urai timpal beber keluh canda"
    " kelakar harap kilah klaim pesan pinta sergah cerita kisah tangkas tekan nilai bilang aku"
    " pangkas puji ajak imbau ingat"
)
# Roots that are common words: a cue only right after a quotation, or with -nya after a comma.
_WEAK_ROOTS = _set(
    "jelas tegas tambah lanjut terang tutup tekan nilai aku ingat pesan cerita kisah ajak puji"
    " harap jawab tanya seru pangkas tangkas tulis klaim kenang sebut sambung"
)
# Verbs with the speaker as subject, before what was said.
_VERB_CUES = _pattern(
    "mengatakan menyatakan menyampaikan menegaskan menjelaskan menambahkan menekankan menilai"
    " menyebut menyebutkan mengungkapkan mengungkap mengaku mengakui berharap meminta mencatat"
    " berpendapat berpandangan menuturkan memaparkan menerangkan mengemukakan mengutarakan"
    " mengingatkan mengimbau menghimbau mengklaim membantah membenarkan menyarankan mengusulkan"
    " mendesak menyerukan memastikan meyakini memperkirakan memprediksi mencontohkan menyayangkan mengeluhkan"
    " menceritakan mengisahkan mempertanyakan menanyakan menulis menuding menduga melaporkan"
    " mengumumkan menyimpulkan menggarisbawahi menyoroti menandaskan mengharapkan menginginkan"
    " menganggap memandang menyadari mengkhawatirkan mengucapkan membeberkan mengabarkan"
    " berkata berujar bertutur bercerita berucap berjanji berpesan berkomentar berpikir beranggapan"
    " berkeyakinan berargumen berdalih melanjutkan menampik menepis bilang"
)
_ENGLISH_CUES = _pattern(
    "said says say told tells added adds stressed stresses noted notes argued argues claimed claims"
    " explained explains warned warns insisted insists acknowledged acknowledges admitted admits"
    " stated states announced announces declared declares emphasized emphasised emphasizes"
    " emphasises wrote writes believed believes predicted predicts replied recalled remarked"
    " observed suggested suggests urged urges hoped hopes denied denies confirmed confirms asked"
    " asks commented continued concluded cautioned complained promised reported tweeted"
)
_FREE = r"(?<![\w-])"
_AFTER_CUE = re.compile(
    rf"(?P<gap>[\s,.]*)(?:(?P<nya>(?:{_ROOT_CUES}|menurut)nya)"
    rf"|(?P<root>{_ROOT_CUES}|menurut|demikian(?:lah)?(?:\s+(?:kata|ujar|disampaikan|dikatakan))?)"
    rf"|(?P<english>{_ENGLISH_CUES}|according\s+to))(?![\w-])",
    re.IGNORECASE,
)
_VERB = re.compile(rf"{_FREE}(?P<cue>{_VERB_CUES}|{_ENGLISH_CUES})(?:lah)?(?![\w-])")
# What a person thinks of something: a cue for indirect speech, when a person is the subject.
_STANCE_CUES = _pattern(
    "mendukung menolak menyetujui memuji mengkritik mengecam mengapresiasi menuntut"
    " supports supported welcomes welcomed praises praised criticises criticised criticizes"
    " criticized opposes opposed condemns condemned rejects rejected"
)
_VERB_OR_STANCE = re.compile(
    rf"{_FREE}(?P<cue>{_VERB_CUES}|{_ENGLISH_CUES}|(?P<stance>{_STANCE_CUES}|menyambut\s+baik))"
    r"(?:lah)?(?![\w-])"
)
_MENURUT = re.compile(rf"{_FREE}(?P<cue>[Mm]enurut|[Aa]ccording\s+to)\s+")
_MENURUTNYA = re.compile(rf"{_FREE}(?P<cue>[Mm]enurut)nya(?!\w)\s*,?\s*")
_INNER = re.compile(
    rf"(?:,\s*|^)(?P<cue>(?P<nya>(?:{_ROOT_CUES}|menurut)nya)|(?P<root>{_ROOT_CUES}|menurut)"
    rf"|(?P<english>{_ENGLISH_CUES}|according\s+to))(?![\w-])",
    re.IGNORECASE,
)
_NOT_A_CUE_AFTER = _set(
    "yang untuk tidak tak belum enggan bisa dapat harus agar supaya dengan sambil seraya tanpa"
    " jangan akan bukan guna dalam perlu hendak ingin mau usai seusai setelah saat ketika sebelum"
    " diminta not to never without by who which that will would could can should may might be"
    " was were is are been being of dan atau"
)
_NEGATIONS = _set("tidak tak belum bukan enggan")
_WILLING = _set("keberatan pernah sempat ingin mau akan bisa berani perlu")
_CONJUNCTIONS = _set("dan tetapi tapi serta namun lalu sekaligus sambil seraya and but")
_ADVERBS = _set(
    "juga pun sudah telah kemudian lalu kembali lebih lanjut turut sebelumnya bahkan hanya masih"
    " dahulu terlebih malah tetap sangat amat tentu pasti terus selalu sempat pernah sendiri itu ini tersebut lagi sendiri mulai ikut secara justru"
    " menjelaskan also later then earlier has have had further previously again repeatedly often"
    " recently reportedly himself herself themselves"
)
_PRONOUNS = _set("ia dia beliau pihaknya he she")
_PLURAL_PRONOUNS = _set("mereka kami kita saya aku anda they we i you it one")
_LETTER = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"\w+")

# --- quotation marks ---------------------------------------------------------------------

_DOUBLE = '“”"„‟«»″'
_SINGLE = "'‘’‚‹›"
_MARKS = re.compile(f"[{_DOUBLE}{_SINGLE}\n]")
_ALWAYS_OPENS = frozenset("“„«‘‚‹")
_CUE_NEXT = re.compile(
    rf"\s*(?:{_ROOT_CUES}|menurut|{_ENGLISH_CUES})(?:nya)?(?![\w-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Quote:
    """The words between two marks (``inner``) and the same with the marks (``outer``)."""

    inner: Span
    outer: Span
    continues: bool = False  # the last mark was missing: the next paragraph goes on


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-:/" + _DOUBLE + _SINGLE)


def _closes(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if before.isspace():
        # Typing slip `…, ”kata X`: the mark was meant to stand one place to the left.
        return text[max(0, at - 2)] in ",.?!" and _CUE_NEXT.match(text, at + 1) is not None
    return not after.isalnum() or _CUE_NEXT.match(text, at + 1) is not None


def _quotations(text: str) -> list[_Quote]:
    """Outermost quotations of *text*, in order and disjoint, in one pass.

    The same mark may open and close (Kompas prints ”…”), so its neighbours decide.
    A mark that cannot be paired is dropped; one that opens a paragraph and is never
    closed quotes the whole paragraph when the next opens with a mark, too.
    """
    found: list[_Quote] = []
    opened: list[int] = []
    single_end = 0  # inside single quotation marks up to here
    weak = False  # the open mark looked like a closing one: believe it only with a cue
    for hit in _MARKS.finditer(text):
        at, mark = hit.start(), hit.group()
        if mark == "\n":
            if not opened or not _paragraph_ends(text, at):
                continue
            if not weak:
                whole = _open_paragraph(text, opened[0], at)
                if whole is not None:
                    found.append(whole)
            opened, weak = [], False
            continue
        if opened and at - opened[0] > _LONGEST_QUOTE:
            opened, weak = [], False
        if at < single_end:
            continue
        if mark in _SINGLE:
            if not opened and mark not in "’›" and _opens(text, at):
                end = _close_of_single(text, at)
                if end is not None:
                    found.append(_quote(text, at, end))
                    single_end = end + 1
            continue
        opens, closes = _opens(text, at), _closes(text, at)
        if not opened:
            if closes and text[at - 1 : at].isspace():
                continue  # `…, ”kata X` whose opening mark is missing
            opened = [at]
            weak = closes and not opens and mark not in _ALWAYS_OPENS
            if weak and mark not in '”"':
                opened = []
        elif closes and not (opens and mark in _ALWAYS_OPENS):
            if len(opened) > 1 and not _CUE_NEXT.match(text, at + 1):
                opened.pop()
            elif not weak or _CUE_NEXT.match(text, at + 1):
                found.append(_quote(text, opened[0], at))
                opened, weak = [], False
            else:
                opened, weak = [at], True
        elif opens:
            if weak or len(opened) > 1:
                opened, weak = [at], False
            elif mark in _ALWAYS_OPENS or not _CUE_NEXT.search(text, max(opened[0], at - 120), at):
                opened.append(at)
            else:
                opened = [at]
    if opened and not weak:
        whole = _open_paragraph(text, opened[0], len(text))
        if whole is not None:
            found.append(whole)
    return found


def _quote(text: str, opening: int, closing: int) -> _Quote:
    start, end = opening + 1, closing
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return _Quote(Span(start, end), Span(opening, closing + 1))


def _paragraph_ends(text: str, at: int) -> bool:
    """True when the line end at *at* ends a paragraph and is no hard wrap."""
    following = text[at + 1 : at + 40].lstrip(" \t\r")
    return not following or following[0] == "\n" or following[0] in _DOUBLE


_SINGLE_WINDOW = 600  # characters in which a single mark must find its partner
_SINGLE_TRIES = 20  # marks that may be apostrophes before that
_SINGLE_ENDS = re.compile("['’›\n]")


def _close_of_single(text: str, opening: int) -> int | None:
    """Where a single-quoted stretch ends; apostrophes inside words do not end it."""
    candidates = _SINGLE_ENDS.finditer(text, opening + 2, opening + _SINGLE_WINDOW)
    for hit in islice(candidates, _SINGLE_TRIES):
        at = hit.start()
        if hit.group() == "\n":
            return None
        after = text[at + 1] if at + 1 < len(text) else " "
        if after.isalnum():
            continue
        if text[at - 1] in ",.?!…" or after in ",.;:!?)" + _DOUBLE:
            return at
        if len(_WORDS.findall(text, opening, at)) <= _TERM_WORDS:
            return at
    return None


def _open_paragraph(text: str, opening: int, end: int) -> _Quote | None:
    """The quotation of a paragraph whose closing mark is missing, if it can be told."""
    line_start = text.rfind("\n", max(0, opening - 3), opening) + 1
    at_start = not text[line_start:opening].strip() or opening < 3
    following = text[end : end + 8].lstrip()
    if at_start and following and following[0] in _DOUBLE:
        quote = _quote(text, opening, end)
        return _Quote(quote.inner, Span(opening, end), continues=True)
    window = text[opening + 1 : min(end, opening + _LONGEST_QUOTE)]
    tail = re.search(rf"[,.?!]\s+(?=(?:{_ROOT_CUES})(?:nya)?(?![\w-]))", window)
    if tail is None:
        return None
    stop = opening + 1 + tail.start() + 1
    return _Quote(Span(opening + 1, stop), Span(opening, stop))


# --- sentences with quotations kept whole -------------------------------------------------


def _blank(text: str, spans: Iterable[Span]) -> str:
    """*text* with each span turned to line ends: same length, so offsets hold."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        start = max(at, min(span.start, len(text)))
        stop = max(start, min(span.end, len(text)))
        pieces += [text[at:start], "\n" * (stop - start)]
        at = stop
    pieces.append(text[at:])
    return "".join(pieces)


def _mask(text: str, quotes: Sequence[_Quote]) -> str:
    """*text* with the words of each quotation as one capitalised unit, same length.

    So no sentence ends, and no cue stands, inside a quotation; its last stop is kept.
    """
    pieces: list[str] = []
    at = 0
    for quote in quotes:
        start, end = quote.inner.start, quote.inner.end
        if end - start < 2:
            continue
        opening = quote.outer.start
        tidy = start == opening + 1 and (opening == 0 or text[opening - 1].isspace())
        # A misplaced opening mark (`…itu.” Kami`) would end up in the sentence before.
        mark = text[opening:start] if tidy or opening < at else " " * (start - opening)
        last = text[end - 1]
        pieces += [text[at:opening], mark, "Q", "q" * (end - start - 2)]
        pieces.append(last if last in ",.?!" else "q")
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


# --- datelines ----------------------------------------------------------------------------

# What opens a news story: a place, a date, an outlet, and a dash. It is nobody's name.
_DATELINE = re.compile(
    r"^[ \t>*_]*(?P<head>[^\W_][^\n;:!?\"“”]{1,88}?)[*_]*"
    r"(?:\s+[-–—]{1,2}\s+|\s*(?:[–—]|--)\s*|(?<=\))-\s*)(?=\S)",
    re.MULTILINE,
)
_DATE_PART = re.compile(
    r"(?:(?:Senin|Selasa|Rabu|Kamis|Jum.?at|Sabtu|Minggu|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
    r"\s*)?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\d{1,2}\s+[A-Za-z]{3,9}\.?(?:\s+\d{4})?"
    r"|[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:\s+\d{4})?|\d{4})?",
)
_DOMAIN = re.compile(r"[\w-]+\.(?:co\.id|com|id|net|org|tv|news)", re.IGNORECASE)


def _datelines(text: str) -> list[Span]:
    """The dateline of each paragraph that has one, with its dash."""
    return [
        Span(hit.start(), hit.end())
        for hit in _DATELINE.finditer(text)
        if _is_dateline(hit.group("head"), text[hit.end() : hit.end() + 120])
    ]


def _is_dateline(head: str, ahead: str) -> bool:
    """True for places, dates and outlets alone, with one sign more than capital letters."""
    outlet = re.search(r"\([^\W\d_][^()]*\)$", head) is not None
    parts = [part.strip() for part in re.split(r"[,()/]", re.sub(r"[/-](?=\d)", ".", head))]
    parts = [part for part in parts if part]
    places: list[str] = []
    sure = outlet
    for part in parts:
        if _DATE_PART.fullmatch(part) or _DOMAIN.fullmatch(part):
            sure = True
        elif len(part.split()) <= 4 and all(word[0].isupper() for word in part.split()):
            places.append(part)
        else:
            return False
    if sure or not places:
        return sure
    if is_place(places[0]):
        return True
    # "BANYUMANIK - Warga …", but not "KPK – lembaga … – mengatakan".
    shouted = places[0].isupper() and len(places[0]) > 3
    return shouted and re.search(r"\s[-–—]\s", ahead) is None


# --- attributions ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Attribution:
    """A cue and the words that name its speaker, before they are resolved."""

    cue: str
    written: str | None
    kind: str  # "name", "role", "group" or "pronoun"
    at: int
    name: str | None = None


_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|Dr|Drs|Ir|Prof|Mr|Mrs|Ms|St|PT|CV|H|Hj|KH|Gen|Sen|Rep|Gov|Lt|Col|Jr|Sr"
    r"|Kol|Jend|Brig|Kap|Let|Kom|[A-Z](?:\.[A-Z])+)\.$"
)
_PHRASE_END = re.compile(r"[.;!?](?:\s|$)|[“”\"«»]|\n|\s[—–-]\s")


def _speaker_after(text: str, at: int, end: int) -> _Attribution | None:
    """The speaker in "kata **Menteri X Y** di Jakarta" given the offset after the cue."""
    limit = min(end, at + _LONGEST_SUBJECT)
    phrase = text[at:limit]
    offset = at + len(phrase) - len(phrase.lstrip(" \t,:"))
    phrase = text[offset:limit]
    for stop in _PHRASE_END.finditer(phrase):
        if stop.group()[0] == "." and _ABBREVIATION.search(phrase[: stop.start() + 1]):
            continue
        phrase = phrase[: stop.start()]
        break
    return _who(phrase, offset)


_LEADING = re.compile(r"\w+")
_CLAUSE_CUT = re.compile(
    r"(?<![\w-])(?:di|dari|dalam|saat|ketika|kepada|pada|yang|melalui|usai|seusai|sambil|seraya"
    r"|sebagaimana|seperti|lewat|untuk|dengan|terkait|mengenai|soal|tentang|setelah|sebelum|kala"
    r"|menanggapi|merujuk|mengutip|menjawab|di|ke|in|at|on|during|after|before|while|when|to|who"
    r"|which|from|as|through|about|with)(?![\w-])|[,(]"
)
_DAY = re.compile(
    r"^(?:pada\s+)?(?:hari\s+)?(?:Senin|Selasa|Rabu|Kamis|Jumat|Jum.at|Sabtu|Minggu|Ahad|Monday"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|kemarin|hari ini|tadi|lagi|yesterday"
    r"|today)\b",
    re.IGNORECASE,
)


_OWN_VIEW = re.compile(  # "menurut pengamatannya" is as good as "menurutnya"
    r"(?:hitungan|perhitungan|pengamatan|pengalaman|catatan|pendapat|penilaian|pandangan"
    r"|perkiraan|pengakuan|penuturan|keterangan|hemat)nya"
)


def _who(phrase: str, offset: int) -> _Attribution | None:
    """The speaker that a noun phrase names: pronoun, person, office or group."""
    first = _LEADING.search(phrase)
    if first is None:
        return None
    word = first.group().casefold()
    if word in _PRONOUNS or _OWN_VIEW.fullmatch(word):
        return _Attribution("", first.group(), "pronoun", offset)
    person = split_person(phrase)
    head = _CLAUSE_CUT.split(phrase, maxsplit=1)[0].strip()
    if person is not None and not _DAY.match(phrase[person.span.start :]):
        return _Attribution("", person.name, "name", offset + person.span.start, person.name)
    if not head or _DAY.match(head):
        return None
    role = role_phrase(head)
    words = head.split()
    if len(words) > 12:
        return None
    if role is not None and head.casefold().startswith(role.casefold()):
        return _Attribution("", head, "role", offset)
    if word in _PLURAL_PRONOUNS:
        return None
    return _Attribution("", head, "group", offset)


def _speaker_before(text: str, start: int, cue_at: int) -> _Attribution | None:
    """The subject of a cue verb at *cue_at*, in the sentence that starts at *start*.

    Walks back over asides ("…, di Jakarta, Senin (3/8/2020), mengatakan") to the first
    part that can be a subject; a relative clause is passed over to its head.
    """
    begin = max(start, cue_at - _LONGEST_SUBJECT)
    before = text[begin:cue_at]
    words = before.split()
    if not words or words[-1].casefold() in _NOT_A_CUE_AFTER:
        return None
    if len(words) > 1 and words[-2].casefold() in _NEGATIONS and words[-1] in _WILLING:
        return None  # "tidak keberatan meminta"
    parts: list[tuple[int, str]] = []
    at = begin
    for piece in before.split(","):
        parts.append((at, piece))
        at += len(piece) + 1
    fallback: _Attribution | None = None
    for place in range(len(parts) - 1, -1, -1):
        at, piece = parts[place]
        body = piece.lstrip()
        at += len(piece) - len(body)
        body, skipped = _without_opening(body)
        at += skipped
        if not body.strip() or _is_aside(body) or is_degree(body):
            continue
        if is_place(body) and place < len(parts) - 1:
            continue
        if body.strip().casefold() in _CONJUNCTIONS and place:
            continue  # "X mendukung usul itu, dan mengharapkan …": X
        found = _subject(body, at, adjacent=place == len(parts) - 1)
        if fallback is not None and (found is None or not _only_a_name(body, found)):
            break
        if found is None:
            if place < len(parts) - 2 or fallback is not None:
                break
            continue
        # "Galih Nugraha, analis Pusat Studi X, …", "Anna Lind, a lawyer at X, said": who is left.
        apposed = is_role_word(body.split()[0]) or (place < len(parts) - 1 and body[0].islower())
        if apposed and place and found.kind != "pronoun":
            left = _bearer(parts[:place])
            if left is not None:
                return left
        if found.kind in {"name", "pronoun"}:
            return found
        if fallback is None:
            fallback = found
        # "Direktur X, Budi Santoso" was tried from the right; a role before a comma may
        # still belong to a name to its left: "Budi Santoso, Direktur X, mengatakan".
        if found.kind == "role" and place > 0:
            continue
        break
    return fallback


def _bearer(parts: Sequence[tuple[int, str]]) -> _Attribution | None:
    """The name at the end of *parts* when it is all there is: the head of "X, analis Y Z, …"."""
    at, piece = parts[-1]
    body = piece.lstrip()
    at += len(piece) - len(body)
    if not body.strip() or _is_aside(body) or is_place(body) or is_degree(body):
        return None
    body, skipped = _without_opening(body)
    found = _subject(body, at + skipped, adjacent=False)
    if found is None or not _only_a_name(body, found) or not found.name:
        return None
    return found if " " in found.name or _AGE.search(body) else None


def _only_a_name(body: str, found: _Attribution) -> bool:
    """True when *body* is a name, with an age or degree at most: the head of an apposition."""
    rest = re.sub(r"\([^)]*\)", "", body).strip()
    return found.kind == "name" and len(rest.split()) <= len((found.written or "").split()) + 1


def _without_opening(body: str) -> tuple[str, int]:
    """*body* less words that open a sentence ("Sementara itu", "Namun", "Meanwhile")."""
    hit = _OPENING.match(body)
    return (body[hit.end() :], hit.end()) if hit else (body, 0)


_OPENING = re.compile(
    r"(?:(?:Sementara itu|Selain itu|Oleh karena itu|Karena itu|Untuk itu|Namun|Akan tetapi|Tetapi"
    r"|Meski demikian|Sementara|Adapun|Sedangkan|Meanwhile|However|But|And|Dan|Di sisi lain"
    r"|Senada|Bahkan|Juga|Lalu|Kemudian|Sebelumnya|Lebih lanjut|sementara|namun|karena itu|Saat itu"
    r"|Secara terpisah|Hal senada|Terpisah|Terlebih|(?:Pada|Dalam|Di)\s+\w+(?:nya|\s(?:itu|tersebut|yang sama))(?=\s[A-Z])|[Kk]arena|[Ss]ebab|kata|ujar)\s+)+",
)
_ASIDE = re.compile(
    r"(?:di|dari|dalam|saat|ketika|kepada|pada|yang|melalui|usai|seusai|sambil|seraya|lewat|untuk"
    r"|dengan|terkait|mengenai|soal|tentang|setelah|sebelum|kala|menanggapi|dihubungi|ditemui|oleh"
    r"|sebagai|sejak|hingga|selama|berdasarkan|jika|kalau|bila|meski|meskipun|karena|akibat|bersama"
    r"|secara|selain|seperti|antara lain|misalnya|in|at|on|during|after|before|while|when|as|from"
    r"|speaking|asked|through|although|if)\b",
    re.IGNORECASE,
)


def _is_aside(body: str) -> bool:
    return _ASIDE.match(body) is not None or _DAY.match(body) is not None or not body[:1].isalpha()


_SUBJECT_CUT = re.compile(
    r"(?<![\w-])(?:yang|dalam|saat|ketika|kepada|di|pada|melalui|usai|seusai|lewat|dengan|untuk"
    r"|terkait|sebagai|mengenai|soal|seperti|juga|pun|sendiri|kemudian|lalu|kembali|telah|sudah"
    r"|who|which|also|in|at|on|has|have|had|during|after|before|later|then|earlier|sempat|misalnya|turut"
    r"|lebih lanjut|hanya|masih|secara|selalu|pernah|bahkan|justru)(?![\w-])"
)
_VERBISH = re.compile(r"^(?:me[lmnrwy][a-z]{3,}|ber[a-z]+|di[a-z]{4,}|ter[a-z]{3,})$")


def _subject(body: str, offset: int, *, adjacent: bool) -> _Attribution | None:
    """The subject in *body*, a part between commas; *adjacent* when the cue follows directly."""
    head = _SUBJECT_CUT.split(body, maxsplit=1)[0].rstrip()
    words = [w for w in head.split() if w.casefold() not in _ADVERBS]
    if not words or len(words) > 14:
        return None
    # A verb in between means the cue governs something else: "X datang dan mengatakan" is
    # kept, for the subject is still X.
    cut = next((i for i, w in enumerate(head.split()) if i and _VERBISH.match(w)), None)
    if cut is not None:
        head = " ".join(head.split()[:cut])
        words = [w for w in head.split() if w.casefold() not in _ADVERBS]
        if not words:
            return None
    first = words[0].casefold().strip("()")
    if first in _PRONOUNS:
        return _Attribution("", words[0], "pronoun", offset)
    if first in _PLURAL_PRONOUNS:
        return None
    beside = _beside_verb(body) if adjacent and first != "the" else None
    if beside is not None:
        name, at = beside
        return _Attribution("", name, "name", offset + at, name)
    person = split_person(body) if split_person(head) is not None else None
    if person is not None and (
        _GROUP_NOUN.match(body, person.span.end)
        or (first == "the" and person.role is None and person.span.start == 4)
    ):
        person = None  # "Norwegian officials said", "The Courier said"
    if person is not None:
        return _Attribution("", person.name, "name", offset + person.span.start, person.name)
    if not head or not _LETTER.match(head) or first in {"serta", "dan", "atau", "and", "or"}:
        return None
    head = re.split(r"\s[–—-]\s", head, maxsplit=1)[0]
    words = [w for w in head.split() if w.casefold() not in _ADVERBS]
    if first == "the":
        head = head[4:].lstrip()
    role = role_phrase(head)
    if role is not None and head.casefold().startswith(role.casefold()):
        return _Attribution("", head, "role", offset)
    named = [w for w in words if w[:1].isupper()]
    if named and len(words) <= 8:
        return _Attribution("", " ".join(words), "group", offset)
    if len(words) <= 3:
        return _Attribution("", " ".join(words), "group", offset)
    return None


_GROUP_NOUN = re.compile(
    r"\s+(?:\w+\s+)?(?:officials|authorities|police|leaders|ministers|lawmakers|scientists"
    r"|researchers|residents|farmers|workers|experts|media|newspapers|investors|companies)\b"
)
_TRAILING_ADVERBS = re.compile(rf"(?:\s+(?:{'|'.join(sorted(_ADVERBS))}))+\s*$")
_GOVERNED = re.compile(
    r"(?<!\w)(?:di|dari|ke|pada|kepada|oleh|dengan|untuk|bersama|dan|atau|to|with|by|of|and|yang"
    r"|for|from|in|at|soal|tentang)\s+$",
    re.IGNORECASE,
)


_BODY_AFTER = re.compile(
    r"(?<!\w)(?:dari|di|pada|asal|of|from|at|with)\s+(?:the\s+)?(?:[A-Z][^\s,]*\s+)+$"
)


def _beside_verb(body: str) -> tuple[str, int] | None:
    """The name that ends *body*, right before the verb, with its offset.

    "Peneliti pada Lembaga X **Galih Nugraha** menyatakan" has its subject there; a name
    after a preposition ("Budi kepada **Ani** mengatakan") is not the subject.
    """
    trimmed = _TRAILING_ADVERBS.sub("", body).rstrip()
    found = people(trimmed)
    if not found or found[-1].span.end != len(trimmed):
        return None
    last = found[-1]
    lead = trimmed[: last.span.start]
    if _GOVERNED.search(lead) or _THE.search(lead):
        return None
    # "Ekonom Galih Nugraha dari Balai Riset X mengatakan": X ends the name of a body.
    body_of = _BODY_AFTER.search(lead)
    if body_of is not None and any(
        " " in m.name and (m.role is not None or not m.span.start)
        for m in found
        if m.span.end <= body_of.start()
    ):
        return None
    return last.name, last.span.start


# --- putting it together ------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """One article being read: what was blanked, masked, and who spoke last."""

    text: str
    masked: str
    cast: Cast
    mention_starts: list[int]
    evident: set[str]
    small: frozenset[str]  # the words that the article also writes with a small letter
    bodies: frozenset[str]  # the names that it uses as those of places and bodies
    introduced: set[str] = field(default_factory=set)  # who was a subject so far
    last: str | None = None

    def resolve(self, found: _Attribution | None, sentence: int) -> str | None:
        """The full name of the speaker, or the words used when nobody is named."""
        if found is None:
            return None
        if found.kind == "pronoun":
            return self.antecedent(sentence)
        if found.kind == "name" and found.name is not None:
            full = self.cast.full_name(found.name)
            if self._common(found, full, sentence):
                return None
            return full
        written = found.written or ""
        if found.kind == "role":
            named = self.cast.by_role(written, found.at)
            if named is None and _POINTING.search(written):
                named = self.last  # "perempuan itu", "pria asal Solo ini"
            return named or written
        if not _DOCUMENTS.isdisjoint(written.casefold().split()[:2]):
            return None
        # "Undang-undang tersebut" speaks in a manner of speaking; a body has a name.
        return written if any(map(str.isupper, written)) else None

    def _common(self, found: _Attribution, full: str, sentence: int) -> bool:
        """True for "Laporan", a word with a capital letter only because it opens a sentence."""
        if full.casefold() in _DOCUMENTS:
            return True
        return (
            found.at - sentence <= 2
            and full == found.name
            and " " not in full
            and full.casefold() in self.small
            and full.casefold() not in _COLLECTIVES
        )

    def antecedent(self, before: int) -> str | None:
        """Who "ia" is: the last speaker or the last person to open a sentence."""
        if self.last is not None:
            return self.last
        place = bisect_left(self.mention_starts, before)
        for mention in reversed(self.cast.mentions[max(0, place - 20) : place]):
            full = self.cast.full_name(mention.name)
            if mention.role is not None or full in self.evident:
                return full
        return None


_DOCUMENTS = _set(
    "laporan survei studi kajian riset penelitian dokumen surat putusan aturan data outlook report"
    " survey study document declaration agreement treaty pact statement"
)
_COLLECTIVES = _set("polisi aparat pemerintah penyidik police")
_SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_A-Z][^\W\d_]{2,}")
_POINTING = re.compile(r"\s(?:itu|ini|tersebut)$")


def find_statements(document: Document) -> list[Statement]:
    """Every statement of *document*, in order, with its speaker; none touches furniture."""
    text = _blank(document.text, document.furniture)
    text = _blank(text, _datelines(text))
    quotes = _quotations(text)
    masked = _mask(text, quotes)
    mentions = with_appositions(masked, people(masked))
    spoken = _spoken_names(masked)
    cast = Cast(mentions, spoken)
    evident = {cast.full_name(name) for name in spoken}
    starts_of = [m.span.start for m in cast.mentions]
    small = frozenset(_SMALL_WORD.findall(masked))
    reader = _Reader(text, masked, cast, starts_of, evident, small, _bodies(masked, mentions))
    found: list[Statement] = []
    starts = [q.inner.start for q in quotes]
    previous: tuple[int, _Attribution | None, str | None] | None = None
    pending: list[_Quote] = []
    for sentence in sentence_spans(masked, document.language):
        low = bisect_left(starts, sentence.start)
        high = bisect_left(starts, sentence.end)
        inside = [q for q in quotes[low:high] if q.outer.end <= sentence.end + 1]
        done, previous = _read_sentence(reader, document.id, sentence, inside, previous, pending)
        found += done
        _note_subject(reader, sentence)
    return _disjoint(found, document.furniture)


_BESIDE_CUE = re.compile(
    rf"(?<![\w-])(?:{_ROOT_CUES}|[Mm]enurut|according\s+to)\s+(?P<after>[A-Z][\w’'-]+)"
    rf"(?=[.,;]|\s+[a-z(]|\s*$)|(?:(?<=[.,”\"]\s)|(?<=\n))(?P<before>[A-Z][\w’'-]+)(?:\s(?:juga|pun|kembali))?,?\s"
    rf"(?:{_VERB_CUES}|{_ENGLISH_CUES})(?![\w-])"
)


def _spoken_names(masked: str) -> list[str]:
    """Single words that the article uses as a speaker: "kata Galih", "Galih mengatakan"."""
    found = (hit.group("after") or hit.group("before") for hit in _BESIDE_CUE.finditer(masked))
    return [name for name in found if not is_role_word(name)]


_FIRST_WORDS = 240  # characters of a sentence in which its subject is looked for


def _note_subject(reader: _Reader, sentence: Span) -> None:
    """Remember whom the sentence is about: a later "ia" means them."""
    masked = reader.masked
    limit = min(sentence.end, sentence.start + _FIRST_WORDS)
    place = bisect_left(reader.mention_starts, sentence.start)
    while place < len(reader.mention_starts) and reader.mention_starts[place] < limit:
        mention = reader.cast.mentions[place]
        place += 1
        full = reader.cast.full_name(mention.name)
        aged = _AGE.match(masked, mention.span.end) is not None
        lead = masked[sentence.start : mention.span.start]
        known = mention.role is not None or aged or full in reader.evident
        if not known and not _opens_as_subject(reader, mention, full, lead.rpartition(",")[2]):
            continue
        reader.introduced.add(full)
        if _PASSIVE.search(lead) or not _governed(lead.rpartition(",")[2]):
            reader.last = full
            return


_BODY_BEFORE = re.compile(
    r"(?<!\w)(?:di|ke|pada|PT|CV|maskapai|perusahaan|aplikasi|platform|lembaga)\s+$"
)


def _bodies(masked: str, mentions: Iterable[Mention]) -> frozenset[str]:
    """The names that stand where no person does: "di X", "PT X"."""
    return frozenset(
        mention.name
        for mention in mentions
        if _BODY_BEFORE.search(masked[max(0, mention.span.start - 14) : mention.span.start])
    )


def _opens_as_subject(reader: _Reader, mention: Mention, full: str, lead: str) -> bool:
    """True for a full name that a verb or an apposition follows: "Galih Nugraha merasa …"."""
    if " " not in full or _PREDICATE.match(reader.masked, mention.span.end) is None:
        return False
    if full in reader.bodies or mention.name in reader.bodies:
        return False
    own = mention.name.split()
    if own[-1].casefold() in _COMPANY_ENDS or (len(own[0]) > 1 and own[0].isupper()):
        return False  # "Lembayung Air", "PO Lembayung"
    if len(own) == 1:
        return full in reader.introduced
    if own[0].casefold() in reader.small:
        return False  # "Kolaborasi Desa"
    before = lead.split()
    if not before:
        return True
    # A capital letter right before is a body or a street, unless it is a place or a sentence.
    capital = before[-1][0].isupper() and len(before) > 1 and not is_place(before[-1])
    return not capital and _NO_PERSON.search(lead) is None


_COMPANY_ENDS = _set(
    "air airlines airways group grup tbk inc ltd corp motor motors store mall tv fc express online"
)
_NO_PERSON = re.compile(
    r"\d|(?<!\w)(?:[Tt]he|[Pp]asangan|[Pp]aslon|[Tt]im|[Gg]rup|[Kk]apal|[Jj]alan|[Pp]artai|of|from|with"
    r"|by|at|to|in)\s"
)


def _governed(lead: str) -> bool:
    """True when what stands before a name makes it no subject."""
    return _VERBISH_IN.search(lead) is not None or _PREPOSED.search(lead) is not None


_PASSIVE = re.compile(
    r"(?<!\w)(?:(?:disampaikan|dikatakan|diungkapkan|diutarakan|dikemukakan|dituturkan|ditegaskan"
    r"|disorot|disoroti|dirasakan|dialami|dijelaskan|disebutkan)(?:\s+oleh)?|[Bb]agi|[Ss]aid\s+by)\s+(?:[\w-]+\s+){0,6}$"
)
# After a name: a verb, or a comma and words on its bearer.
_PREDICATE = re.compile(
    r"(?:\s\(\d{1,3}\))?(?:"
    rf",\s+(?!(?:dan|serta|and|atau|or|menurut(?:nya)?|(?:{_ROOT_CUES})(?:nya)?)\b)[a-z]"
    r"|\s+(?:\w+\s+)?(?:me[a-z]{4,}|ber[a-z]{3,})"
    r"|\s+(?:of|is|was|has|had|[a-z]{2,}(?:ed|s))\b)"
)
_THE = re.compile(r"(?<!\w)[Tt]he\s$")
_AGE = re.compile(r"\s\(\d{1,3}\)")
_VERBISH_IN = re.compile(r"(?<!\w)(?:me[a-z]{4,}|ber[a-z]{3,}|di[a-z]{4,})(?!\w)")
_PREPOSED = re.compile(
    r"(?<!\w)(?:di|dari|ke|pada|kepada|oleh|dengan|untuk|bahwa|Di|Dari|Kepada)\s"
)


def _is_whole(reader: _Reader, quote: _Quote) -> bool:
    """True when the quotation reads as a sentence of its own, not as a term or a title."""
    inner = quote.inner.of(reader.text)
    return len(_WORDS.findall(inner[:200])) > _TERM_WORDS and inner[-1:] in ",.?!…"


def _is_term(reader: _Reader, quote: _Quote) -> bool:
    """True for a few quoted words: a name, a coinage, a scare quote."""
    inner = quote.inner.of(reader.text)
    return len(_WORDS.findall(inner[:200])) <= _TERM_WORDS and inner[-1:] not in ",.?!…"


def _read_sentence(
    reader: _Reader,
    document_id: str,
    sentence: Span,
    quotes: Sequence[_Quote],
    previous: tuple[int, _Attribution | None, str | None] | None,
    pending: list[_Quote],
) -> tuple[list[Statement], tuple[int, _Attribution | None, str | None] | None]:
    """The statements of one sentence, and the attribution that a next quotation may continue."""
    masked = reader.masked
    statements: list[Statement] = []
    carried = previous
    spoken = False
    for place, quote in enumerate(quotes):
        stop = quotes[place + 1].outer.start if place + 1 < len(quotes) else sentence.end
        begin = quotes[place - 1].outer.end if place else sentence.start
        found = _attribution_after(reader, quote, stop)
        if found is None and (_is_whole(reader, quote) or not _is_term(reader, quote)):
            found = _attribution_before(reader, quote, begin)
        if found is None and quote.continues:
            pending.append(quote)
            spoken = True
            continue
        if found is None and _is_whole(reader, quote):
            near = carried is not None and not masked[carried[0] : quote.outer.start].strip(" \n.,")
            if near and carried is not None and carried[1] is not None:
                found = carried[1]
                speaker = carried[2]
            elif _alone(masked, sentence, quote):
                statements.append(_direct(document_id, quote, reader.last, None, None))
                spoken = True
                continue
        else:
            speaker = reader.resolve(found, sentence.start)
        if found is None:
            continue
        spoken = True
        for earlier in pending:
            statements.append(_direct(document_id, earlier, speaker, found.written, found.cue))
        pending.clear()
        statements.append(_direct(document_id, quote, speaker, found.written, found.cue))
        if speaker is not None and found.kind != "group":
            reader.last = speaker
        carried = (max(quote.outer.end, sentence.end), found, speaker)
    if spoken:
        return statements, carried
    pending.clear()
    indirect = _indirect(reader, document_id, sentence)
    return ([indirect] if indirect else []), None


def _direct(
    document_id: str, quote: _Quote, speaker: str | None, written: str | None, cue: str | None
) -> Statement:
    return Statement(document_id, quote.inner, speaker, written, True, cue)


def _alone(masked: str, sentence: Span, quote: _Quote) -> bool:
    """True when the sentence is little more than the quotation."""
    around = masked[sentence.start : quote.outer.start] + masked[quote.outer.end : sentence.end]
    return len(around.strip(" .,")) < 3


def _attribution_after(reader: _Reader, quote: _Quote, stop: int) -> _Attribution | None:
    """`“…,” kata X`, `“…,” ujarnya`, `“…,” X said`, `“…,” X menegaskan`."""
    masked = reader.masked
    at = quote.outer.end
    hit = _AFTER_CUE.match(masked, at, stop)
    if hit is not None:
        if hit.group("nya"):
            return _Attribution(hit.group("nya"), hit.group("nya"), "pronoun", hit.start("nya"))
        group = "root" if hit.group("root") else "english"
        cue = hit.group(group)
        who = _speaker_after(masked, hit.end(), stop)
        if who is not None:
            return _Attribution(cue, who.written, who.kind, who.at, who.name)
        return _Attribution(cue, None, "pronoun", hit.start(group))
    limit = min(stop, at + _LONGEST_SUBJECT // 2)
    verb = _VERB.search(masked, at, limit)
    if verb is None or quote.inner.of(masked)[-1:] not in ",.?!…":
        return None
    between = masked[at : verb.start()].strip(" ,")
    if len(between.split()) > 10 or "." in between.rstrip("."):
        return None
    who = _speaker_before(masked, at, verb.start())
    if who is None or (who.kind == "group" and not _english(verb.group("cue"))):
        return None
    return _Attribution(verb.group("cue"), who.written, who.kind, who.at, who.name)


def _english(cue: str) -> bool:
    return re.fullmatch(_ENGLISH_CUES, cue) is not None


_LEAD_IN = re.compile(
    r"(?:\s+(?:bahwa|kepada|that|kembali|lagi|demikian|begini|dengan))*\s*[,:]?\s*$"
)


def _attribution_before(reader: _Reader, quote: _Quote, begin: int) -> _Attribution | None:
    """`X mengatakan, “…”`, `kata X, “…”`, `Menurut X, “…”`, `X: “…”`."""
    masked = reader.masked
    at = quote.outer.start
    start = max(begin, at - _LONGEST_SUBJECT)
    lead = masked[start:at]
    if len(lead.strip()) < 2:
        return None
    ends_open = lead.rstrip()[-1:] in ",:"
    verb = _last(_VERB.finditer(masked, start, at))
    if verb is not None:
        rest = masked[verb.end() : at]
        if _LEAD_IN.match(rest) or (ends_open and len(rest.split()) <= 12):
            who = _speaker_before(masked, start, verb.start())
            if who is not None:
                return _Attribution(verb.group("cue"), who.written, who.kind, who.at, who.name)
            if rest.strip(" ,:") in {"", "bahwa", "that"}:
                return _Attribution(verb.group("cue"), None, "pronoun", verb.start())
    if not ends_open:
        return None
    inner = _last(_INNER.finditer(masked, start, at))
    if inner is None:
        inner = _MENURUT.match(masked, start, at)
    if inner is not None:
        if "nya" in inner.groupdict() and inner.group("nya"):
            return _Attribution(inner.group("cue"), inner.group("cue"), "pronoun", inner.start())
        who = _speaker_after(masked, inner.end(), at)
        if who is not None:
            return _Attribution(inner.group("cue"), who.written, who.kind, who.at, who.name)
    if lead.rstrip()[-1:] == ":" and len(lead.split()) <= 8:
        who = _who(lead.rstrip(" :"), start)
        if who is not None and who.kind in {"name", "role"}:
            return _Attribution(":", who.written, who.kind, who.at, who.name)
    return None


# --- indirect speech ----------------------------------------------------------------------


def _last(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    return next(iter(deque(found, maxlen=1)), None)


_SHORTEST_CLAUSE = 3  # words
_OBJECT_LEAD = re.compile(
    r"[\s,]*(?:(?:bahwa|that|kalau|jika\s+bahwa)(?![\w-]))?[\s,:]*", re.IGNORECASE
)


def _indirect(reader: _Reader, document_id: str, sentence: Span) -> Statement | None:
    """The clause reported by a sentence without a spoken quotation, if it reports one."""
    for rule in (
        _reported_by_menurut,
        _reported_inside,
        _reported_before_tail,
        _reported_by_verb,
    ):
        hit = rule(reader, sentence)
        if hit is None:
            continue
        clause, found = hit
        clause = _tidy(reader.text, clause)
        if len(_WORDS.findall(clause.of(reader.text)[:400])) < _SHORTEST_CLAUSE:
            continue
        speaker = reader.resolve(found, sentence.start)
        if speaker is not None and found.kind in {"name", "pronoun", "role"}:
            reader.last = speaker
        return Statement(document_id, clause, speaker, found.written, False, found.cue)
    return None


def _tidy(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start] in " ,:;\n\t":
        start += 1
    while end > start and text[end - 1] in " ,:;\n\t.":
        end -= 1
    return Span(start, end)


def _reported_by_menurut(reader: _Reader, sentence: Span) -> tuple[Span, _Attribution] | None:
    """At the head of a sentence: `Menurut X, …`, `Menurutnya, …`."""
    masked = reader.masked
    own = _MENURUTNYA.match(masked, sentence.start, sentence.end)
    if own is not None:
        found = _Attribution(own.group("cue"), own.group().strip(" ,"), "pronoun", own.start())
        return Span(own.end(), sentence.end), found
    hit = _MENURUT.match(masked, sentence.start, sentence.end)
    if hit is None:
        return None
    who = _speaker_after(masked, hit.end(), sentence.end)
    if who is None:
        return None
    anchor = who.at + len(who.written or "")
    comma = masked.find(",", anchor, sentence.end)
    start = comma + 1 if comma >= 0 else anchor
    # Step over what else is said of the speaker: "Menurut X, peneliti Y, Senin, …".
    while comma >= 0 and _about_speaker(masked, start, sentence.end):
        comma = masked.find(",", start, sentence.end)
        if comma < 0:
            break
        start = comma + 1
    return Span(start, sentence.end), _Attribution(
        hit.group("cue"), who.written, who.kind, who.at, who.name
    )


def _about_speaker(masked: str, start: int, end: int) -> bool:
    """True when the words from *start* to the next comma describe who speaks, or when."""
    piece = masked[start : min(end, start + 160)].lstrip()
    body, comma, _ = piece.partition(",")
    if not comma or len(body.split()) > 10:
        return False
    if _is_aside(body) or re.match(r"(?:an?|the)\s", body):
        return True
    first = body.split()[0] if body.split() else ""
    return is_role_word(first) and not _VERB.search(body)


_TAIL = re.compile(rf",\s+(?P<who>[A-Z][^,\n]{{1,80}}?|he|she)\s+(?P<cue>{_ENGLISH_CUES})\s*\.?$")


def _reported_before_tail(reader: _Reader, sentence: Span) -> tuple[Span, _Attribution] | None:
    """English with the speaker last: `…, X said.`"""
    low = max(sentence.start, sentence.end - 120)
    hit = _TAIL.search(reader.masked[low : sentence.end])
    who = _who(hit.group("who"), low + hit.start("who")) if hit else None
    if hit is None or who is None:
        return None
    found = _Attribution(hit.group("cue"), who.written, who.kind, who.at, who.name)
    return Span(sentence.start, low + hit.start()), found


def _reported_inside(reader: _Reader, sentence: Span) -> tuple[Span, _Attribution] | None:
    """Within a sentence: `…, kata X.`, `…, katanya.`, `A, menurut X, B`."""
    masked = reader.masked
    for hit in _INNER.finditer(masked, sentence.start, sentence.end):
        found = _inner_speaker(masked, hit, sentence)
        if found is None:
            continue
        after = hit.end() if hit.group("nya") else found.at + len(found.written or "")
        comma = masked.find(",", after, min(sentence.end, after + 200))
        first = Span(sentence.start, hit.start())
        second = Span(sentence.end, sentence.end)
        if comma >= 0 and not _is_aside(masked[comma + 1 : comma + 41].lstrip()):
            second = Span(comma + 1, sentence.end)
        first_words, second_words = (
            len(_WORDS.findall(part.of(masked)[:200])) for part in (first, second)
        )
        goes_on = _GOES_ON.match(masked, second.start, second.end) is not None
        if second_words > 1 and (first_words > _TERM_WORDS or goes_on):
            return sentence, found
        if second_words > _TERM_WORDS:
            return second, found
        if first.end > first.start:
            return first, found
    return None


def _inner_speaker(masked: str, hit: re.Match[str], sentence: Span) -> _Attribution | None:
    """The attribution of a cue inside a sentence; None when the word is no cue there."""
    cue = hit.group("cue")
    if hit.group("nya"):
        return _Attribution(cue, cue, "pronoun", hit.start("cue"))
    weak = cue.casefold() in _WEAK_ROOTS
    if weak and hit.start("cue") == sentence.start:
        return None
    who = _speaker_after(masked, hit.end(), sentence.end)
    if who is None or (who.kind == "group" and (weak or not _group_like(masked, hit.end()))):
        return None
    if _english(cue) and masked[hit.end() : hit.end() + 6].lstrip().startswith("that"):
        return None
    return _Attribution(cue, who.written, who.kind, who.at, who.name)


# The second half cannot stand alone: "Langkah kedua, menurutnya, adalah …".
_GOES_ON = re.compile(r"\s*(?:adalah|merupakan|yakni|yaitu|ialah|is|are|was|were|will|has|have)\s")


def _group_like(masked: str, at: int) -> bool:
    """True for `kata panel tersebut`, which names a group; `kata kunci` does not."""
    ahead = masked[at : at + 60].lstrip()
    return (
        ahead[:1].isupper() or re.match(r"\w+(?:\s\w+)?\s(?:itu|tersebut|ini)\b", ahead) is not None
    )


_BAHWA = re.compile(r"(?<!\w)(?:bahwa|that)\s")
_LONGEST_LISTENER = 6  # words between the cue and "bahwa"


def _reported_by_verb(reader: _Reader, sentence: Span) -> tuple[Span, _Attribution] | None:
    """Subject and verb: `X mengatakan bahwa …`, `X menekankan pentingnya …`, `X said that …`."""
    masked = reader.masked
    for hit in _VERB_OR_STANCE.finditer(masked, sentence.start, sentence.end):
        if hit.start() - sentence.start > _LONGEST_SUBJECT:
            return None
        who = _speaker_before(masked, sentence.start, hit.start())
        if who is None:
            continue
        if hit.group("stance") and not _is_person(reader, who, sentence):
            continue
        start = hit.end()
        lead = _OBJECT_LEAD.match(masked, start, sentence.end)
        start = lead.end() if lead else start
        # "mengatakan kepada wartawan bahwa …": the listener is no part of what was said.
        bahwa = _BAHWA.search(masked, start, min(sentence.end, start + 80))
        heard = masked[hit.end() : bahwa.start()] if bahwa is not None else ","
        if hit.group("stance"):
            bahwa = None
        if bahwa is not None and "," not in heard and len(heard.split()) <= _LONGEST_LISTENER:
            start = bahwa.end()
        return Span(start, sentence.end), _Attribution(
            hit.group("cue"), who.written, who.kind, who.at, who.name
        )
    return None


def _is_person(reader: _Reader, who: _Attribution, sentence: Span) -> bool:
    """True when the subject is somebody whom the article introduces, not a body or a thing."""
    if who.kind == "pronoun":
        return reader.antecedent(sentence.start) is not None
    if who.kind != "name" or who.name is None:
        return False
    full = reader.cast.full_name(who.name)
    place = bisect_left(reader.mention_starts, who.at)
    mention = reader.cast.mentions[place] if place < len(reader.mention_starts) else None
    beside = mention is not None and mention.span.start == who.at and mention.role is not None
    return full in reader.evident or full == reader.last or beside


def _disjoint(found: Iterable[Statement], furniture: Sequence[Span]) -> list[Statement]:
    """In order, without overlaps among themselves or with *furniture*."""
    blocked = sorted(furniture)
    kept: list[Statement] = []
    at = 0
    place = 0
    for statement in sorted(found, key=lambda s: (s.span.start, s.span.end)):
        span = statement.span
        if span.start < at or span.end <= span.start:
            continue
        while place < len(blocked) and blocked[place].end <= span.start:
            place += 1
        if place < len(blocked) and blocked[place].overlaps(span):
            continue
        kept.append(statement)
        at = span.end
    return kept

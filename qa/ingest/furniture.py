"""Page furniture: what belongs to the page and not to the article.

Owns the wording and the shapes of Indonesian and English page furniture:
menus, adverts, "Baca juga", time stamps, bylines, comment forms and teaser
lists. Marks spans and never cuts: the text keeps every character, so every
offset holds. Knows nothing about files or formats.

Precision comes first. A furniture line left unmarked costs a poor passage; a
paragraph marked by mistake makes the article silent. So a pattern must match a
whole short line, and a teaser list ends where article prose goes on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.ingest.dates import dateline, find_dates
from qa.types import Span


class Kind(StrEnum):
    """What a marked span is; metadata is read from some of them."""

    TITLE = "title"
    STAMP = "stamp"
    BYLINE = "byline"
    SIGNATURE = "signature"
    COPYRIGHT = "copyright"
    CREDIT = "credit"
    LINK = "link"
    ADVERT = "advert"
    MENU = "menu"
    COUNTER = "counter"
    FORM = "form"
    TEASERS = "teasers"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Mark:
    """One span of furniture."""

    span: Span
    kind: Kind


_LONGEST = 300  # no furniture line is longer; everything above is left alone
_PROSE = 80  # a sentence shorter than this may be a teaser or a heading


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


_LABELS = _any(
    "pewarta(?: foto)?",
    "editor",
    "reporter",
    "reporters",
    "penulis(?: naskah)?",
    "wartawan",
    "redaktur(?: pelaksana)?",
    "kontributor",
    "penerjemah",
    "penyunting",
    "uploader",
    "fotografer",
    "laporan",
    "sumber",
    "source",
    "author",
    "written by",
    "reporting by",
    "editing by",
    "translated by",
    "edited by",
    "oleh",
    "by",
)
_MENU_LABELS = _any(
    "tentang kami",
    "hubungi kami",
    "kontak(?: kami)?",
    "pedoman (?:media|pemberitaan media) siber",
    "(?:ketentuan|kebijakan)(?: (?:&|dan) (?:ketentuan|kebijakan))? (?:privasi|layanan|penggunaan)",
    "kebijakan data pribadi",
    "kode etik(?: jurnalistik)?",
    "syarat (?:&|dan) ketentuan",
    "panduan komunitas",
    "peringkat penulis",
    "informasi kerja sama",
    "(?:info )?iklan",
    "karir",
    "bantuan",
    "redaksi",
    "disclaimer",
    "beranda",
    "home",
    "about us",
    "contact(?: us)?",
    "privacy policy",
    "terms(?: (?:of (?:use|service)|(?:&|and) conditions))",
    "advertise(?: with us)?",
    "careers",
    "sitemap",
    "skip to (?:main )?content",
    "langsung ke konten(?: utama)?",
    "log ?in",
    "masuk",
    "daftar",
    "sign in",
    "register",
    "search",
    "cari",
    "menu",
)
_SOCIAL = _any(
    "facebook",
    "twitter",
    "x",
    "whatsapp",
    "wa",
    "telegram",
    "line",
    "linkedin",
    "pinterest",
    "e-?mail",
    "instagram",
    "youtube",
    "tiktok",
    "threads",
    "simpan",
    "save",
    "copy link",
    "salin (?:link|tautan)",
    "print",
    "cetak",
    "share",
    "shares",
    "tweet",
    "bagikan",
    "pin it",
    "messenger",
)
_ADVERT = _any(
    "advertisement",
    "advertorial",
    "iklan",
    "sponsored(?: content)?",
    "scroll to (?:continue|resume)(?: (?:with content|reading))?",
    r"gulir (?:untuk|ke bawah untuk)[\w ]{0,40}",
    "lanjutkan membaca(?: artikel)?(?: di bawah(?: ini)?)?",
    "artikel berlanjut setelah[\\w ]{0,30}",
    "story continues below[\\w ]{0,30}",
    "article continues (?:after|below)[\\w ]{0,30}",
)
_TEASER_HEADING = _any(
    "(?:artikel|berita|kabar|tulisan|info|video) (?:terbaru|terkait|lainnya|terkini|populer"
    "|pilihan|menarik lainnya)",
    "(?:berita |artikel |paling )?(?:terpopuler|populer)(?: hari ini| pekan ini)?",
    "terkini",
    "terbaru",
    "baca lainnya",
    "rekomendasi(?: untuk anda)?",
    "pilihan (?:editor|redaksi|untukmu)",
    "jangan lewatkan",
    "trending(?: now| topics?)?",
    "most (?:read|popular|viewed|shared)",
    "related (?:stories|articles|news|posts|topics|content|coverage)",
    "more (?:stories|news|articles|on this (?:story|topic)|from [\\w ]{2,30})",
    "you (?:may|might) (?:also )?(?:like|be interested in)",
    "recommended(?: for you| stories)?",
    "latest (?:news|stories|posts|articles)",
    "recent (?:news|stories|posts|articles|comments)",
    "popular (?:news|stories|posts|articles|now)",
    "editors?['’]?s? (?:picks?|choice)",
    "don['’]?t miss",
    "(?:what to )?read next",
    "up next",
    "top stories",
)
_FORM_HEADING = _any(
    "tinggalkan (?:komentar|balasan)(?: anda)?",
    "(?:tulis|kirim|beri|berikan) komentar(?: anda)?",
    "leave a (?:comment|reply)",
    "post a comment",
    "add a comment",
    "join the (?:conversation|discussion)",
    r"\d+ (?:komentar|comments?)",
    "kolom komentar",
)
_FORM = _any(
    "silah?kan (?:isi|masukk?an|tulis)[\\w ]{0,40}(?:komentar|nama|email|e-mail)(?: (?:anda|kamu))?"
    "(?: di ?sini)?",
    "please enter your (?:comment|name|email)[\\w !]{0,40}",
    "batalkan (?:balasan|komentar)",
    "cancel reply",
    "alamat email anda tidak akan dipublikasikan.{0,60}",
    "your email address will not be published.{0,60}",
    "required fields are marked.{0,5}",
    "simpan nama, email,? dan situs web saya.{0,80}",
    "save my name, email,? and website.{0,80}",
    "komentar",
    "comments?",
    "close",
    "tutup",
)
_CALLS = _any(
    "sign up (?:for|to) [^.]{0,80}(?:newsletter|updates|briefing|e-?mail)s?.{0,120}",
    "subscribe (?:to|for|now)\\b.{0,100}",
    "get (?:our|the) [^.]{0,60}newsletters?.{0,80}",
    "share this(?: (?:article|story|post|page|on|via|with))?.{0,40}",
    "bagikan (?:artikel|berita|ini)(?: ini)?(?: (?:ke|di|via)\\b.{0,40})?",
    "follow us(?: on\\b.{0,60})?",
    "ikuti (?:kami|berita|update|saluran|terus|whatsapp|kabar)[^.]{0,80}"
    "(?:google news|whatsapp(?: channel)?|telegram|instagram|twitter|facebook|di sini)\\b.{0,80}",
    "(?:dapatkan|simak|cek|baca|yuk|mari|ayo)\\b[^.]{0,140}"
    "(?:google news|whatsapp channel|saluran whatsapp|grup telegram|newsletter)\\b.{0,120}",
    "(?:we|this (?:web)?site|our (?:web)?site|situs (?:web )?ini|kami) (?:also )?"
    "(?:uses?|menggunakan) cookies?\\b.{0,240}",
    "(?:accept|reject|allow|terima|tolak)(?: all| semua)?(?: cookies?)?",
    "(?:cookie|manage) (?:settings|preferences|consent)",
    "all rights reserved.{0,40}",
    "hak cipta dilindungi.{0,60}",
    "dilarang (?:keras )?(?:mengambil|menyalin|mengutip|memperbanyak|melakukan)\\b[^.]{0,160}"
    "(?:tanpa (?:se)?izin|situs (?:web )?ini).{0,100}",
)
_COUNTER = _any(
    r"[\d.,]+ ?[kmb]?(?:rb|jt)? (?:shares?|views?|likes?|reads?|suka|dibagikan|(?:kali )?"
    r"(?:dibaca|dilihat|tayangan))",
    r"(?:dibaca|dilihat|shares?|views?|viewed|hits)(?: sebanyak)? ?:? ?[\d.,]+ ?[kmb]?(?: kali)?",
    rf"(?:{_SOCIAL}|komentar|comments?|suka|likes?|bagikan artikel ini) ?[:(] ?[\d.,]+ ?[kmb]?\)?"
    r"(?: kali| times)?",
    r"(?:(?:waktu|estimasi|lama) baca|read(?:ing)? time) ?:? ?\d+ (?:menit|min(?:ute)?s?)",
    r"\d+[- ](?:menit|min(?:ute)?s?)(?: untuk)? (?:baca|membaca|read)",
    r"(?:version|versi|v)\.? ?\d+(?:\.\d+)+",
    r"(?:halaman|page|hal\.?) ?:? ?\d+(?: ?(?:of|dari|/) ?\d+)?",
)
_CREDIT = _any(
    r"\(?(?:foto|photo|gambar|image|ilustrasi|kredit|credit|photo credit|picture|sumber foto)"
    r"(?: (?:oleh|by))? ?[:/] ?\S.{0,140}",
    r"\(?(?:foto|photo)(?:/| )?dok\.? ?\S.{0,80}",
    r"\(?(?:antara foto|afp photo|ap photo|reuters|getty images|shutterstock|xinhua)"
    r"(?: ?[/|-] ?.{1,80})?\)?",
    r"\(?dok(?:umentasi|\.)? ?[:/] ?\S.{0,80}",
    r"[^.!?]{1,120}\((?:foto|photo|dok|gambar|istimewa|credit|kredit)\b[^()]{0,60}\)",
)
_COPYRIGHT = re.compile(
    r"(?:(?:copyrights?|hak cipta)\b.{0,20}(?:©|\(c\)|(?:19|20)\d\d)|©|\(c\) ?(?:19|20)\d\d"
    r"|(?:19|20)\d\d ?©).{0,120}",
    re.IGNORECASE,
)

_WHOLE_LINE = {
    Kind.ADVERT: rf"(?:{_ADVERT}[ \W]*)+|\[?gambas ?: ?[^\]]{{1,60}}\]?",
    Kind.MENU: rf"(?:{_MENU_LABELS}[ |•·/>»,-]*)+",
    Kind.COUNTER: rf"{_COUNTER}|(?:{_SOCIAL}[ |•·/,:-]*)+",
    Kind.FORM: rf"(?:{_FORM_HEADING}|{_FORM}|{_CALLS})[ !:.*]*",
    Kind.CREDIT: _CREDIT,
    Kind.LINK: r"(?:tags?|topik|label|kata kunci|keywords?|topics?) ?: ?.{1,200}",
}
_PATTERNS = {kind: re.compile(p, re.IGNORECASE) for kind, p in _WHOLE_LINE.items()}
_HEADINGS = re.compile(rf"(?P<teasers>{_TEASER_HEADING})|(?P<form>{_FORM_HEADING})", re.IGNORECASE)

_SEE_ALSO = re.compile(
    r"[\W_]*(?:(?:baca|simak|lihat|tonton|saksikan)(?:[ _]juga|(?= ?:))"
    r"|(?:read|see|watch)[ ]?(?:also|(?= ?:))|also read|baca selengkapnya|selengkapnya(?= ?:)"
    r"|(?:related|terkait|berita terkait|artikel terkait)(?= ?:)"
    r"|(?:read more|read full story)(?= ?:|$))(?P<mark> ?[:：–—>»])?\s*(?P<title>.*)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    rf"(?P<label>{_LABELS}) ?[:：] ?(?P<name>\S.{{0,100}})|(?P<by>by|oleh) (?P<who>\S.{{0,80}})",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(
    r"(?:[^\W\d_][\w.'’/@-]*|[A-Z]{2,}|[|,&-]|dan|and|bin|binti|van|de|al|der)$"
)
# Initials at the end of the story, after its last full stop: "(Ant/SU02)", "(p/mk)".
_SIGNATURE = re.compile(
    r"(?<=[.!?\"”’)])\s*(?P<name>\((?:[A-Za-z]{1,10}\d{0,4}(?:[/*-][A-Za-z]{1,12}\d{0,4}){1,4}"
    r"|\*{1,5}|(?i:antara|ant|afp|ap|reuters|xinhua|dpa|bbc|cnn))\)"
    r"|\[[A-Za-z]{2,5}(?:/[A-Za-z]{2,5})*\])\s*$"
)
_SIGNATURE_LINE = re.compile(r"\([A-Za-z]{1,10}\d{0,4}(?:[/*-][A-Za-z]{1,12}\d{0,4}){1,4}\)")
_LAST_SIGNATURE = re.compile(r"(?<=[.!?\"”’])\s*(?P<name>[\[(][a-z]{2,5}[\])])\s*$")
_INLINE = re.compile(
    r"\[(?i:gambas) ?:[^\]\n]{1,60}\]|\bSCROLL TO CONTINUE WITH CONTENT\b"
    r"|\((?i:foto|photo|dok)[:./][^()\n]{1,80}\)\s*$"
)

_GLUE = re.compile(r"[a-z][A-Z]")
_MENU_WORD = re.compile(_MENU_LABELS, re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*(?:\s*[\[(][^()\[\]]{1,20}[\])])?$")
_SENTENCE_INSIDE = re.compile(r"[a-z0-9)\"”][.!?][\"”’]?\s+[\"“‘]?[A-Z]")
_TIME = re.compile(
    r"\b\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?: ?[ap]\.?m\b\.?)?(?: ?(?:wib|wita|wit|gmt|utc|est|edt|sgt)"
    r"\b(?: ?[+-]\d{1,2}(?::?\d\d)?)?)?|\b\d{1,2} ?[ap]m\b|T(?=\d\d:)|Z\b",
    re.IGNORECASE,
)
_STAMP_LABEL = re.compile(
    r"(?:last )?(?:updated?|published|posted|modified)\b|di(?:terbitkan|publikasikan)\b|diperba",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b\d+ (?:detik|menit|jam|hari|minggu|bulan|tahun)(?: yang)? lalu\b"
    r"|\b\d+ (?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?) ago\b",
    re.IGNORECASE,
)
_STAMP_WORD = re.compile(
    r"\b(?:published|publish|posted|updated?|last|modified|diterbitkan|dipublikasikan|diperbar?ui"
    r"|diperbaharui|pembaruan|terakhir|tayang|terbit|dibuat|tanggal|date|time|on|pada|at|pukul|jam"
    r"|wib|wita|wit|gmt|utc|[\w-]+\.(?:com|co\.id|id|net|org|co))\b",
    re.IGNORECASE,
)


# Outlets that write their own name small.
_OUTLETS = {"detikcom", "detikNews", "detikFinance", "kumparan", "kumparanNEWS", "merdeka"}


@dataclass(frozen=True, slots=True)
class _Line:
    """``plain`` is the text without Markdown signs and with single blanks."""

    span: Span
    text: str
    plain: str

    @property
    def is_prose(self) -> bool:
        """A line that reads as a paragraph rather than as a heading or a label.

        A headline may hold a full stop or an exclamation mark but seldom ends
        with one; a paragraph that was cut short holds some and is long.
        """
        if len(self.text) < _PROSE:
            return False
        if _SENTENCE_END.search(self.text[-60:]):
            return True
        return len(self.text) > 200 and bool(_SENTENCE_INSIDE.search(self.text))


def marks(text: str, title: str | None = None, known: Sequence[Span] = ()) -> list[Mark]:
    """Every mark on *text* in order, outside what is *known* to be furniture already.

    *known* is sorted. *title* is the headline where the file itself states it.
    """
    starts = [span.start for span in known]
    lines = [
        line
        for line in _lines(text)
        if not (at := bisect_right(starts, line.span.start)) or known[at - 1].end <= line.span.start
    ]
    kinds: list[Kind | None] = [_kind(line.plain) for line in lines]
    _mark_linked_titles(lines, kinds)
    _mark_teasers(lines, kinds)
    _mark_stamps_and_names(lines, kinds)
    _mark_outlet(lines, kinds)
    _mark_title(lines, kinds, title)
    found = [Mark(line.span, kind) for line, kind in zip(lines, kinds, strict=True) if kind]
    plain = [line for line, kind in zip(lines, kinds, strict=True) if kind is None]
    for line in plain:
        found += _inside(line, last=line is plain[-1])
    return sorted(found, key=lambda mark: mark.span)


def merged(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """*spans* sorted, with those that touch across white space made one."""
    result: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        # Overlapping spans have nothing between them, so they merge too.
        if result and not text[result[-1].end : span.start].strip():
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def paragraphs(text: str, furniture: Sequence[Span]) -> list[Span]:
    """The lines of *text* outside *furniture*: the article."""
    result: list[Span] = []
    pending = iter(furniture)
    mark = next(pending, None)
    for line in _lines(text):
        start = line.span.start
        while mark and mark.end <= start:
            mark = next(pending, None)
        while mark and mark.start < line.span.end:
            if start < mark.start:
                result.append(Span(start, mark.start))
            start = max(start, mark.end)
            if mark.end > line.span.end:
                break
            mark = next(pending, None)
        if start < line.span.end:
            result.append(Span(start, line.span.end))
    return [span for span in result if span.of(text).strip()]


def _lines(text: str) -> list[_Line]:
    """The non-blank lines, without the white space around them."""
    result: list[_Line] = []
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            begin = start + len(raw) - len(raw.lstrip())
            plain = (
                " ".join(stripped.strip("*_# ").split()) if len(stripped) <= _LONGEST else stripped
            )
            result.append(_Line(Span(begin, begin + len(stripped)), stripped, plain))
        start += len(raw) + 1
    return result


def _kind(line: str) -> Kind | None:
    """What a line is by its own wording; position is judged later."""
    if len(line) > _LONGEST:
        return None
    if not any(character.isalnum() for character in line):
        return Kind.RULE
    if _COPYRIGHT.fullmatch(line) and not _prose_after_copyright(line):
        return Kind.COPYRIGHT
    for kind, pattern in _PATTERNS.items():
        if pattern.fullmatch(line):
            return kind
    if _is_see_also(line):
        return Kind.LINK
    parts = [part.strip() for part in re.split("[|•·]", line)]
    if len(parts) > 1 and all(0 < len(part) <= 40 for part in parts):
        return next((kind for kind in map(_kind, parts) if kind), None)
    if len(_GLUE.findall(line)) >= 3 and len(_MENU_WORD.findall(line)) >= 2:
        return None if _SENTENCE_END.search(line) else Kind.MENU
    return Kind.SIGNATURE if _SIGNATURE_LINE.fullmatch(line) else None


def _prose_after_copyright(line: str) -> bool:
    """ "Copyright law was revised in 2014 and …" is a sentence, not a notice."""
    return "©" not in line and bool(_SENTENCE_END.search(line)) and "reserved" not in line.lower()


def _is_see_also(line: str) -> bool:
    found = _SEE_ALSO.fullmatch(line)
    if not found:
        return False
    if found["mark"] or not found["title"]:
        return True
    # Without a colon it must look like a headline: a capital, no full stop.
    title = found["title"]
    return len(title) <= 140 and not title[0].islower() and not title.endswith((".", '."', ".”"))


def _mark_linked_titles(lines: Sequence[_Line], kinds: list[Kind | None]) -> None:
    """The headline under a bare "Baca juga:" belongs to it; so do bulleted ones."""
    for i, line in enumerate(lines):
        found = _SEE_ALSO.fullmatch(line.plain) if kinds[i] is Kind.LINK else None
        if found is None or found["title"]:
            continue
        for j in range(i + 1, min(i + 6, len(lines))):
            text = lines[j].text
            bulleted = text[0] in "-*•·–"
            if kinds[j] or len(text) > 160 or lines[j].is_prose or text.endswith("."):
                break
            if j > i + 1 and not bulleted:
                break
            kinds[j] = Kind.LINK


def _mark_teasers(lines: Sequence[_Line], kinds: list[Kind | None]) -> None:
    """Below a comment form or "Artikel terbaru", everything that is not article prose."""
    prose = [line.is_prose and not kind for line, kind in zip(lines, kinds, strict=True)]
    i = 0
    written = 0
    while i < len(lines):
        heading = _HEADINGS.fullmatch(lines[i].plain.rstrip(" :!"))
        if heading is None or written < _PROSE * 2:
            written += len(lines[i].text) if prose[i] else 0
            i += 1
            continue
        form = heading["form"] is not None
        kinds[i] = Kind.FORM if form else Kind.TEASERS
        end = _resumes(prose, i + 1, form)
        for j in range(i + 1, end):
            kinds[j] = Kind.TEASERS
        i = end


def _resumes(prose: Sequence[bool], start: int, form: bool) -> int:
    """The line from *start* on where the article goes on after a teaser list.

    Headlines and their summaries take turns in a teaser list; an article has
    paragraphs in a row (three, below a comment form, where readers write two).
    A single paragraph after headlines is the end of the article, unless a
    comment form has already closed it.
    """
    run = 3 if form else 2
    row = 0
    seen: list[int] = []
    for i in range(start, len(prose)):
        row = row + 1 if prose[i] else 0
        if row == run or (prose[i] and i == start and not form):
            return i - row + 1
        if prose[i]:
            seen.append(i)
    return seen[0] if len(seen) == 1 and not form else len(prose)


def _mark_stamps_and_names(lines: Sequence[_Line], kinds: list[Kind | None]) -> None:
    """Time stamps and bylines stand around the article; between its paragraphs,
    a date alone is a heading and "Editor: …" may be somebody in an interview."""
    prose = [i for i, line in enumerate(lines) if line.is_prose and kinds[i] is None]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    for i, line in enumerate(lines):
        around = i < first or i > last
        # A line that mixes things ("2 Oktober 2023 | waktu baca 2 menit") tells the date too.
        if kinds[i] in (None, Kind.COUNTER) and is_stamp(line.plain):
            if around or _STAMP_LABEL.match(line.plain):
                kinds[i] = Kind.STAMP
        elif kinds[i] is None and around and byline_name(line.plain):
            kinds[i] = Kind.BYLINE


def is_stamp(line: str) -> bool:
    """True for a line with a date or a time and hardly anything else."""
    if len(line) > 120 or not any(character.isdigit() for character in line):
        return False
    parts = [part.strip() for part in re.split("[|•·]", line)]
    if len(parts) > 1 and all(len(part) <= 60 for part in parts):
        others = [part for part in parts if not is_stamp(part)]
        if len(others) < len(parts) and all(_kind(p) or byline_name(p) for p in others):
            return True
    dates = find_dates(line)
    rest = line
    for mention in reversed(dates):
        rest = rest[: mention.span.start] + " " + rest[mention.span.end :]
    rest, times = _TIME.subn(" ", rest)
    rest, ages = _AGO.subn(" ", rest)
    if not (dates or times or ages):
        return False
    words = re.findall(r"[^\W_]+", _STAMP_WORD.sub(" ", rest))
    if not words:
        return True
    # "Tim detikcom - detikNews | Selasa, 16 Nov 2021 15:35 WIB", "Jakarta, 16 November 2021"
    before = line[: dates[0].span.start].rstrip() if dates else ""
    placed = times or (before.endswith((",", "|", "•", "·", "/", "-", "–", "—")) and dates[0].year)
    named = len(words) <= 6 and all(word[0].isupper() or word in _OUTLETS for word in words)
    return bool(dates and placed and named and not line.endswith((".", ":")))


def byline_name(line: str) -> str | None:
    """The name in a byline ("Pewarta: …", "By …"), or None for any other line."""
    if len(line) > _LONGEST:
        return None
    parts = re.split("[|•]", line)
    if len(parts) > 1:
        names = [byline_name(part.strip()) for part in parts]
        return names[0] if all(names) else None
    found = _BYLINE.fullmatch(line)
    if found is None:
        return None
    name = (found["name"] or found["who"]).strip()
    if re.match(r"sumber|source", line, re.IGNORECASE) and len(name) <= 60:
        return name
    words = name.split()
    capitals = sum(word[0].isupper() or word[0] == "@" for word in words)
    if len(words) > 12 or not all(_NAME_WORD.match(word) for word in words):
        return None
    if name.endswith(("?", "!")) or capitals * 2 < len(words):
        return None
    if found["who"] and (name.endswith(".") or capitals < 2 or len(words) > 8):
        return None
    return name


def _mark_title(lines: Sequence[_Line], kinds: list[Kind | None], title: str | None) -> None:
    """The headline: the first line that is not furniture, if it is no sentence."""
    stated = _squeezed(title or "")
    if stated:
        for i, line in enumerate(lines):
            shown = line.plain.casefold()
            # The page's own title may go on: "Headline - Outlet".
            if kinds[i] is None and (shown == stated or (len(shown) > 20 and shown in stated)):
                kinds[i] = Kind.TITLE
        return
    free = [i for i, kind in enumerate(kinds) if kind is None]
    above: list[int] = []
    for position, i in enumerate(free[:4]):
        line = lines[i]
        if line.is_prose or (dateline(line.text) and len(line.text) > _PROSE):
            break
        follows = any(lines[j].is_prose for j in free[position + 1 : position + 7])
        heading = line.text.startswith("#") and len(free) > position + 1
        if heading or (follows and _is_headline(line.plain)):
            above.append(i)
        if heading:
            break
    if not above:
        return
    # A masthead or a section may stand above the headline; it has fewer words.
    headline = next((i for i in above if len(lines[i].plain.split()) > 4), above[0])
    for i in above[: above.index(headline)]:
        kinds[i] = Kind.MENU
    for i in free:
        if lines[i].text == lines[headline].text:
            kinds[i] = Kind.TITLE


def _mark_outlet(lines: Sequence[_Line], kinds: list[Kind | None]) -> None:
    """A line that is only the name in the copyright line is the outlet's sign."""
    holders = [
        line.plain.casefold()
        for line, kind in zip(lines, kinds, strict=True)
        if kind is Kind.COPYRIGHT
    ][-5:]
    for i, line in enumerate(lines):
        name = line.plain.casefold()
        named = 4 <= len(name) <= 40 and any(name in holder for holder in holders)
        if kinds[i] is None and named:
            kinds[i] = Kind.MENU


def _is_headline(text: str) -> bool:
    """A line that could be a headline. A long line or a question may as well be
    the first sentence; capitals tell, since Indonesian headlines have them."""
    if not (text[0].isalnum() or text[0] in "\"'“‘") or text.endswith(
        (".", ",", ":", "-", "–", "—")
    ):
        return False
    words = [word for word in text.split() if len(word) > 3]
    capitals = sum(not word[0].islower() for word in words)
    if len(text) > 110 or text.endswith(("?", "!")):
        return len(text) <= 200 and capitals * 5 >= len(words) * 3
    return len(text.split()) >= 2


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()


def _inside(line: _Line, *, last: bool) -> list[Mark]:
    """Furniture within a line of the article: embedded videos, closing initials."""
    found = [
        Mark(Span(line.span.start + m.start(), line.span.start + m.end()), Kind.ADVERT)
        for m in _INLINE.finditer(line.text)
    ]
    tail = line.text[-80:]
    signature = _SIGNATURE.search(tail) or (_LAST_SIGNATURE.search(tail) if last else None)
    if signature:
        end = line.span.start + len(line.text) - len(tail)
        span = Span(end + signature.start("name"), end + signature.end("name"))
        found.append(Mark(span, Kind.SIGNATURE))
    return found

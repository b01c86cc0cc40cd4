"""Who wrote an article, which outlet ran it, when: questions about articles, not what they tell.

Owns how such questions are worded and what of an article answers them. Where a line of
the text says it, that line is the quote; where only the file's own data do, that is
said, and a line that shows which article it is takes its place. Knows documents; knows
nothing about ranking, vectors or the store.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.ingest.dates import find_dates
from qa.ingest.metadata import opening, shown
from qa.types import Document, Field, Span

# Reports, documents and texts are as often what an article tells of.
_ARTICLE = (
    r"(?:(?:(?:the|this|that|these|those|an?|any|all)\s+)?(?:news\s+)?(?:articles?|stor(?:y|ies)|piece"
    r"|coverage|news(?:\s+reports?)?)|this\s+document"
    r"|(?:artikel|berita|tulisan|liputan|pemberitaan)(?:-(?:artikel|berita|tulisan))?"
    r"(?:\s+(?:ini|itu|tersebut))?|dokumen\s+ini)"
)
_ON = (
    r"(?:about|on|of|regarding|concerning|covering|with\s+the\s+(?:title|headline)|(?:that\s+)?says?"
    r"(?:\s+that)?|saying(?:\s+that)?|titled|entitled|called|headlined|that\s+reports?"
    r"|tentang|soal|mengenai|terkait|perihal|ihwal|(?:yang\s+)?berjudul|dengan\s+judul"
    r"|yang\s+(?:membahas|memberitakan|menyebut(?:kan)?|mengulas|meliput|melaporkan)(?:\s+(?:bahwa"
    r"|soal|tentang))?)"
)
_MATTER = rf"(?:\s+(?:{_ON}\s+)?(?P<matter>.+?))?"
# "the article about nickel", "the nickel article"
_OBJECT = (
    rf"(?:{_ARTICLE}{_MATTER}"
    r"|(?:the|that|this)\s+(?P<before>(?!(?:articles?|stor(?:y|ies))\b)\S.*?)\s+(?:article|story|piece)s?)"
)
_WHO = r"(?:who|which\s+(?:journalist|reporter|writer|author|editor|correspondent)s?)"
_WRITER = r"(?:writers?|authors?|reporters?|journalists?|editors?|correspondents?|byline)"
_PENULIS = (
    r"(?:penulis|pewarta|wartawan|jurnalis|reporter|editor|penyunting|redaktur|peliput)(?:nya)?"
)
_NYA = r"(?:penulis|pewarta|wartawan|jurnalis|reporter|editor|penyunting)nya"
_PAPER = (
    r"(?:outlets?|newspapers?|papers?|media(?:\s+outlets?)?|news\s+(?:sites?|agenc(?:y|ies)|outlets?"
    r"|media)|publications?|magazines?|websites?)"
)
_RAN = (
    r"(?:reported|reports|published|publishes|ran|carried|covered|covers|broke|wrote|writes)"
    r"(?:\s+(?:about|on|that))?"
)
_MEDIA = r"(?:media(?:\s+massa)?|koran|surat\s+kabar|portal|situs|majalah|kantor\s+berita)"
_MEMUAT = (
    r"(?:(?:mem)?beritakan|memberitakan|melaporkan|mewartakan|menerbitkan|memuat|menulis(?:kan)?"
    r"|meliput|mengabarkan|menurunkan|menayangkan)(?:\s+(?:bahwa|soal|tentang|mengenai))?"
)
_TERBIT = (
    r"(?:(?:di)?terbit(?:kan)?|dipublikasikan|dimuat|ditulis|tayang|ditayangkan|diunggah|dirilis"
    r"|diberitakan)"
)
_APPEAR = r"(?:published|printed|posted|released|written|appear(?:ed)?|come\s+out|run)"

# Each with what it asks for; *matter*: what the article is about; *writer*: whose it is.
_FORMS = tuple(
    (fields, re.compile(rf"(?:{pattern})\s*[?.!]*", re.IGNORECASE))
    for fields, pattern in (
        # Who wrote the article about …?
        (
            (Field.BYLINE,),
            rf"{_WHO}\s+(?:wrote|authored|penned|edited|filed|covered|(?:is|are|was|were)\s+(?:credited\s+"
            rf"with|(?:the\s+)?{_WRITER}\s+"
            rf"(?:of|for|behind)))\s+{_OBJECT}",
        ),
        (
            (Field.BYLINE,),
            rf"(?:(?:(?:what|who)(?:\s+is|['’]s)|name|give)\s+)?(?:the\s+)?(?:name\s+of\s+the\s+)?{_WRITER}\s+"
            rf"(?:of|for|on)\s+{_OBJECT}",
        ),
        ((Field.BYLINE,), rf"by\s+whom\s+(?:was|is)\s+{_OBJECT}\s+written"),
        (
            (Field.BYLINE,),
            rf"siapa(?:kah)?\s+(?:saja\s+)?(?:nama\s+)?(?:(?:{_PENULIS}\s+)?yang\s+(?:menulis|nulis|meliput"
            rf"|menyunting)"
            rf"|{_PENULIS}(?:\s+(?:dari|untuk))?)\s+{_OBJECT}",
        ),
        (
            (Field.BYLINE,),
            rf"{_OBJECT}\s+(?:(?:itu|ini)\s+)?(?:(?:ditulis|disunting|karya|tulisan)\s+(?:oleh\s+)?siapa(?:kah)?"
            rf"|{_NYA}\s+siapa(?:kah)?|siapa(?:kah)?\s+(?:{_NYA}|yang\s+(?:me)?nulis(?:nya)?))"
            rf"|oleh\s+siapa(?:kah)?\s+{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<by>.+?))?\s+ditulis"
            rf"|(?:nama\s+)?{_PENULIS}\s+{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<of>.+?))?\s+siapa(?:kah)?",
        ),
        (
            (Field.BYLINE,),
            rf"who\s+(?:wrote|reported|authored)\s+(?:it|this|that)|siapa(?:kah)?\s+(?:(?:nama\s+)?{_NYA}"
            r"|yang\s+menulis(?:nya|\s+(?:itu|ini))?)",
        ),
        # Which outlet reported …? Who reported …?
        (
            (Field.OUTLET,),
            rf"(?:which|what)\s+{_PAPER}(?:\s+(?:is|was)\s+(?:it|this|that)(?:\s+(?:from|in))?"
            r"|\s+(?:reported|published|wrote)\s+(?:it|this|that))?"
            rf"|(?:(?:di|dari|oleh)\s+)?{_MEDIA}\s+(?:apa|mana)(?:kah)?(?:\s+(?:itu|ini))?"
            rf"(?:\s+(?:yang\s+)?(?:{_TERBIT}|{_MEMUAT})(?:nya)?)?",
        ),
        (
            (Field.PUBLISHED,),
            r"when\s+(?:was|were|did)\s+(?:it|this|that)\s+(?:published|printed|posted|reported)"
            r"|kapan(?:kah)?\s+(?:(?:itu|ini)\s+)?(?:terbitnya|terbit|diterbitkan|dimuat|dipublikasikan"
            r"|diberitakan)",
        ),
        (
            (Field.TITLE,),
            r"(?:which|what)\s+articles?(?:\s+are\s+(?:there|here))?"
            r"|(?:artikel|berita|tulisan)\s+(?:apa|mana)(?:\s+saja)?(?:\s+yang\s+ada)?",
        ),
        (
            (Field.OUTLET,),
            rf"(?:which|what)\s+{_PAPER}\s+(?:(?:has|have|first)\s+)*{_RAN}\s+"
            rf"(?:{_ARTICLE}\s+{_ON}\s+)?(?P<matter>.+?)",
        ),
        (
            (Field.OUTLET,),
            rf"(?:in\s+)?(?:which|what)\s+{_PAPER}\s+(?:was|were|did)\s+{_OBJECT}\s+{_APPEAR}"
            rf"(?:\s+in)?",
        ),
        (
            (Field.OUTLET,),
            rf"(?:which|what)\s+{_PAPER}\s+(?:is|are|was|were)\s+{_OBJECT}\s+(?:from|in)",
        ),
        ((Field.OUTLET,), rf"where\s+(?:was|were|did)\s+{_OBJECT}\s+{_APPEAR}"),
        (
            (Field.OUTLET, Field.BYLINE),
            rf"who\s+(?:first\s+)?(?:(?:reported|published|covered|broke|ran)\s+{_OBJECT}"
            r"|reported\s+(?:on|about|that)\s+(?P<by>.+?))",
        ),
        (
            (Field.OUTLET,),
            rf"(?:di\s+|dari\s+|oleh\s+)?{_MEDIA}\s+(?:apa|mana)(?:kah)?(?:\s+saja)?\s+(?:yang\s+)?"
            rf"(?:pernah\s+|pertama\s+)?{_MEMUAT}\s+(?:{_ARTICLE}\s+{_ON}\s+)?(?P<matter>.+?)",
        ),
        (
            (Field.OUTLET,),
            rf"(?:di|dari|oleh)\s+{_MEDIA}\s+(?:apa|mana)(?:kah)?\s+{_OBJECT}"
            rf"(?:\s+(?:itu\s+)?{_TERBIT})?"
            rf"|{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<by>.+?))?\s+(?:{_TERBIT}\s+)?(?:di|dari|oleh)\s+{_MEDIA}"
            rf"\s+(?:apa|mana)(?:kah)?",
        ),
        (
            (Field.OUTLET, Field.BYLINE),
            rf"siapa(?:kah)?\s+(?:saja\s+)?(?:yang\s+)?(?:pertama\s+|pernah\s+)?"
            rf"(?:(?:menerbitkan|memuat|menayangkan)\s+{_OBJECT}"
            r"|(?:memberitakan|mewartakan|meliput|melaporkan(?=\s+bahwa))(?:\s+(?:bahwa|soal|tentang"
            r"|mengenai))?\s+(?P<by>.+?))",
        ),
        (
            (Field.OUTLET,),
            rf"(?:what(?:\s+is|['’]s)|name)\s+the\s+source\s+of\s+{_OBJECT}"
            rf"|(?:apa\s+sumber|dari\s+mana)\s+{_ARTICLE}(?:\s+(?:{_ON}\s+)(?P<by>.+?))",
        ),
        # When was the article about … published?
        (
            (Field.PUBLISHED, Field.OUTLET),
            rf"(?:when\s+and\s+where|where\s+and\s+when)\s+(?:was|were|did)\s+{_OBJECT}\s+"
            rf"{_APPEAR}",
        ),
        (
            (Field.PUBLISHED,),
            rf"(?:when|(?:on\s+)?(?:what|which)\s+(?:date|day|year|month))\s+(?:was|were|did)\s+{_OBJECT}\s+"
            rf"{_APPEAR}",
        ),
        (
            (Field.PUBLISHED,),
            r"when\s+(?:did\s+)?(?:report|publish|run|cover|write)(?:\s+(?:about|on|that))?\s+"
            rf"(?:{_ARTICLE}\s+{_ON}\s+)?(?P<matter>.+?)",
        ),
        (
            (Field.PUBLISHED,),
            r"(?:(?:what(?:\s+is|['’]s)|give)\s+)?(?:the\s+)?(?:publication\s+|publishing\s+)?date\s+"
            rf"(?:of|on)\s+{_OBJECT}"
            rf"|how\s+old\s+is\s+{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<by>.+?))?",
        ),
        (
            (Field.PUBLISHED,),
            rf"kapan(?:kah)?\s+{_OBJECT}\s+(?:itu\s+)?{_TERBIT}"
            rf"|kapan(?:kah)?\s+{_TERBIT}(?:nya)?\s+{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<by>.+?))?"
            rf"|(?:(?:kapan|apa)\s+)?tanggal\s+(?:(?:berapa|terbit|publikasi|pemuatan)\s+)?(?:dari\s+)?"
            rf"{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<of>.+?))?(?:\s+{_TERBIT})?"
            rf"|{_ARTICLE}(?:\s+(?:{_ON}\s+)?(?P<at>.+?))?\s+{_TERBIT}\s+(?:kapan|(?:pada\s+)?tanggal\s+"
            r"berapa)(?:kah)?",
        ),
        # Which articles did … write about …? Which articles are about …?
        (
            (Field.TITLE,),
            rf"(?:which|what|how\s+many)\s+(?:news\s+)?(?:articles?|stories|pieces)\s+(?:did|has|have|does)\s+"
            rf"(?:(?P<writer>.+?)\s+)?(?:write|written|wrote|publish(?:ed)?|author(?:ed)?)"
            rf"(?:\s+{_ON}\s+(?P<matter>.+?))?",
        ),
        (
            (Field.TITLE,),
            rf"(?:(?:which|what)\s+(?:news\s+)?(?:articles?|stories)\s+(?:are|were)|(?:(?:list|show|find|name"
            rf"|give)(?:\s+me)?\s+)?(?:the\s+|all\s+)*(?:news\s+)?(?:articles?|stories|pieces))\s+"
            rf"(?:(?:written\s+)?by\s+(?P<writer>.+?)(?:\s+{_ON}\s+(?P<matter>.+?))?"
            rf"|{_ON}\s+(?P<of>.+?))",
        ),
        (
            (Field.TITLE,),
            r"(?:which|what)\s+(?:news\s+)?(?:articles?|stories)\s+(?:mention(?:s|ed)?"
            r"|discuss(?:es|ed)?|cover(?:s|ed)?|deals?\s+with|talks?\s+about|reports?\s+on|tells?\s+of"
            r"|(?:is|are)\s+about)\s+(?P<matter>.+?)",
        ),
        (
            (Field.TITLE,),
            r"(?:ada\s+)?(?:artikel|berita|tulisan|liputan)\s+(?:apa|mana)(?:kah)?(?:\s+saja)?\s+(?:yang\s+)?"
            r"(?:pernah\s+)?(?:(?:ditulis|dibuat|diliput|disunting)\s+(?:oleh\s+)?(?P<writer>.+?)"
            rf"(?:\s+{_ON}\s+(?P<matter>.+?))?|(?:membahas|menyebut(?:kan)?|memuat|mengulas"
            r"|memberitakan|berbicara\s+(?:tentang|soal)|ada\s+(?:tentang|soal)|tentang|soal)\s+"
            r"(?P<of>.+?))",
        ),
        (
            (Field.TITLE,),
            r"(?:apa\s+saja|sebutkan(?:\s+semua)?|tampilkan(?:\s+semua)?|daftar)\s+(?:artikel|berita"
            r"|tulisan|liputan)\s+(?:(?:yang\s+ditulis\s+(?:oleh\s+)?|karya\s+|oleh\s+)(?P<writer>.+?)"
            rf"(?:\s+{_ON}\s+(?P<matter>.+?))?|{_ON}\s+(?P<of>.+?))",
        ),
        (
            (Field.TITLE,),
            r"(?P<writer>[\w'’ -]+?)\s+(?:pernah\s+)?menulis\s+(?:artikel|berita|tulisan)\s+apa"
            rf"(?:\s+saja)?(?:\s+{_ON}\s+(?P<matter>.+?))?",
        ),
    )
)

# "… and when was it published?", "… dan siapa penulisnya?": one thing more of the same article.
_IT = r"(?:it|that|this|they|the\s+(?:article|story|report|piece))"
_MORE = tuple(
    (
        field,
        re.compile(
            rf"(?:,\s+(?:(?:and|dan|serta)\s+)?|\s+(?:and|dan|serta)\s+)(?:{pattern})\s*[?.!]*$",
            re.IGNORECASE,
        ),
    )
    for field, pattern in (
        (
            Field.PUBLISHED,
            rf"(?:when|on\s+(?:what|which)\s+(?:date|day))(?:\s+(?:(?:was|were|did)\s+{_IT}\s+{_APPEAR}|was\s+that))?"
            rf"|(?:pada\s+)?(?:kapan|tanggal\s+berapa)(?:kah)?(?:\s+(?:(?:itu|artikel(?:nya)?|berita(?:nya)?)"
            rf"\s+)?(?:(?:di)?terbit(?:kan|nya|kannya)?|dipublikasikan|dimuat|tanggalnya))?",
        ),
        (
            Field.OUTLET,
            rf"(?:(?:in|by)\s+)?(?:which|what)\s+{_PAPER}(?:\s+(?:was|did)\s+{_IT}\s+{_APPEAR}(?:\s+in)?)?"
            rf"|where(?:\s+(?:was|did)\s+{_IT}\s+{_APPEAR})?"
            rf"|(?:di|oleh|dari)\s+{_MEDIA}\s+(?:apa|mana)(?:kah)?|apa\s+medianya",
        ),
        (
            Field.BYLINE,
            rf"(?:by\s+whom|who\s+(?:wrote\s+{_IT}|(?:is|was)\s+(?:the|its)\s+{_WRITER}(?:\s+of\s+{_IT})?))"
            rf"|(?:oleh\s+siapa|siapa(?:kah)?\s+(?:{_PENULIS}|yang\s+menulis(?:nya)?))",
        ),
    )
)
_LONGEST = 300  # characters of a question that can be one of these
_EMPTY = re.compile(rf"\s*(?:{_ARTICLE}|it|that|this|(?:hal\s+)?(?:itu|ini))?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of articles, and of which: those on *matter*, those by *writer*.

    *matter*: "" where the question does not say.
    """

    fields: tuple[Field, ...]
    matter: str
    writer: str | None = None


def asked(text: str) -> Asked | None:
    """What *text* asks of articles; None where it asks for what they tell."""
    rest = " ".join(text.split()).rstrip(" ?.!")
    if len(rest) > _LONGEST:
        return None
    more: list[Field] = []
    while found := next(((f, hit) for f, way in _MORE if (hit := way.search(rest))), None):
        more.insert(0, found[0])
        rest = rest[: found[1].start()]
    for fields, form in _FORMS:
        if hit := form.fullmatch(rest):
            given = hit.groupdict()
            matter = next(
                (given[n] for n in ("matter", "before", "by", "of", "at") if given.get(n)), ""
            )
            if _EMPTY.fullmatch(matter):
                matter = ""
            wanted = tuple(dict.fromkeys((*fields, *more)))
            return Asked(wanted, matter.strip(" ,"), given.get("writer"))
    return None


_REPORTS = re.compile(
    r"[^\W\d_a-z][\w.'’-]*(?:\s+[\w.'’-]+){0,3}?\s+(?:(?:first|also|juga)\s+)?(?:reported"
    r"|reports|wrote|writes|published|broke|ran|melaporkan|memberitakan|mewartakan|menulis|memuat)\b"
    r"|\b(?:dilansir|dikutip|diberitakan|dilaporkan|reported\s+(?:by|in)|quoted\s+(?:by|in)|published\s+(?:by"
    r"|in)|according\s+to)\b"
)


def reports(sentence: str) -> bool:
    """Whether a sentence tells of somebody who reports: "The Courier wrote that …"."""
    return _REPORTS.search(sentence) is not None


def value(document: Document, field: Field) -> str | None:
    """What is known of *document*, as text; None where it does not say. Dates in ISO 8601."""
    if field is Field.PUBLISHED:
        return document.published.isoformat() if document.published else None
    known = {
        Field.TITLE: document.title,
        Field.BYLINE: document.byline,
        Field.OUTLET: document.outlet,
    }
    return known[field] or None


def within(document: Document, field: Field, span: Span) -> Span | None:
    """Where in the line at *span* the value stands, as offsets in the document."""
    text = span.of(document.text)
    if field is Field.PUBLISHED:
        dates = find_dates(text)
        found = dates[0].span if dates else None
    else:
        at = text.casefold().find((value(document, field) or "").casefold())
        found = Span(at, at + len(value(document, field) or "")) if at >= 0 else None
    if found is None or field is Field.TITLE or found.end > len(text):
        return None
    return Span(span.start + found.start, span.start + found.end)


def line(document: Document, field: Field) -> tuple[Span, Field | None, bool]:
    """The words to quote for *field*, the field they tell, and whether they say its value.

    If no line of the text does, those that show which article it is: its title where it
    stands, else its first sentence; for a date, the first sentences may name that day.
    """
    if value(document, field) is not None and (span := shown(document, field)):
        return span, field, True
    if field is Field.PUBLISHED and document.published:
        span = opening(document, document.published)
        if find_dates(span.of(document.text)):
            return span, None, False
    if span := shown(document, Field.TITLE):
        return span, Field.TITLE, False
    return opening(document), None, False

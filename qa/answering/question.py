"""What a question asks for: its language, whose words, and what must be there.

Rules over the question alone; of the corpus it is told the outlets, no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from qa.answering import filters, particulars, sources
from qa.answering.framing import asks_expansion, bare
from qa.language.detection import detect
from qa.language.names import HONORIFICS, ends_body, is_place, names_person, people, same_person
from qa.language.tokens import STOPWORDS, fold, is_acronym, stem, storable, tokens, word_set
from qa.language.translation import translations
from qa.types import Field, Filter, FilterKey

MAX_LENGTH = 2_000  # characters; longer is a pasted text, not a question

# "The report states that", "did Retno state"; but not "member states", "the head of state".
_STATES = (
    r"(?<!\bmember )(?<!\bunited )(?<!\bthe )(?<!\bthese )(?<!\bthose )(?<!\ball )states"
    r"(?=\s+(?:that|about|how|what|why|whether)\b)"
    r"|(?<!\bmember )(?<!\bof )(?<!\bthe )(?<!\ba )(?<!\beach )(?<!\bevery )(?<!\bany )state"
    r"(?=\s+(?:that|about|on|regarding)\b|\s*\?*$)"
)
# Words that ask for somebody's words.
SAYING = re.compile(
    rf"\b(?:say|said|says|stated|{_STATES}|claim(?:ed|s)?|told|tell|think|thought|opinion|view|comment"
    r"(?:ed|s)?|respon[ds]e?d?|stress(?:ed)?|emphasi[sz]ed?|warn(?:ed)?|according\s+to|call(?:ed)?"
    r"\s+for|argue[ds]?|propose[ds]?|urge[ds]?|mention(?:ed)?|describe[ds]?|explain(?:ed)?"
    r"|kata(?:nya)?|berkata|ucap(?:an|kan)?|ujar|tutur|ungkap(?:kan)?|pendapat|tanggapan"
    r"|pernyataan|pandangan|komentar|menurut|mengatakan|menyatakan|(?:di)?katakan|disampaikan"
    r"|menyampaikan|menegaskan|menekankan|menjelaskan|mengungkapkan|menyebut(?:kan)?|bilang)\b",
    re.IGNORECASE,
)

# Words for what one does, or holds, by speaking. That is as often done by those who are not quoted,
# so they ask for somebody's words only where somebody is; "to remind" is only a purpose.
PROPOSING = re.compile(
    r"(?<!\buntuk )(?<!\bto )\b(?:"
    r"di(?:usul|saran|ungkap|sebut|jelas|tegas|tekan|papar|tawar|umum|janji|anjur|seru|harap"
    r"|contoh|keluh|khawatir|nyata)kan|dikemukakan|diutarakan|diminta|diingatkan"
    r"|(?:mengusul|menyaran|menawar|mengumum|menjanji|menganjur|menyeru|memapar|mengharap|mencontoh"
    r"|mengeluh|mengkhawatir|mengemuka)kan|meminta|berharap|menilai|memandang|berjanji|mendorong"
    r"|mengajak|memperingatkan|mengingatkan|usul(?:an)?|saran|seruan|harapan"
    r"|sikap|posisi|reaksi|respons|kritik(?:an)?|dukungan|penolakan|bantahan|keberatan|kutipan|ucapan"
    r"|menolak|mendukung|membantah|mengkritik|mengecam|menentang|memuji|menyetujui|menyesalkan"
    r"|setuju|khawatir|cemas|ngomong(?:in)?|omongan|perkataan|kata-kata"
    r"|(?:ber)?bicara(?=\s+(?:soal|tentang|mengenai|terkait)\b)|berkomentar|menanggapi"
    r"|suggest(?:ed|s)?|recommend(?:ed|s)?|offer(?:ed|s)?|announce[ds]?|promise[ds]?|hope[ds]?"
    r"|expect(?:ed|s)?|want(?:ed|s)?|ask(?:ed|s)?|demand(?:ed|s)?|predict(?:ed|s)?|believe[ds]?"
    r"|point(?:ed|s)? out|remind(?:ed|s)?|complain(?:ed|s)?|fear(?:ed|s)?|advise[ds]?"
    r"|liken(?:ed|s)?|admit(?:s|ted)?|proposals?|demands|advice|warnings?"
    r"|position|stance|attitude|reactions?|views?|opinions?|statements?|remarks?|quotes?|quotations?"
    r"|oppose[ds]?|support(?:ed|s)?|reject(?:ed|s)?|den(?:y|ied|ies)|back(?:ed|s)?|critici[sz]e[ds]?"
    r"|condemn(?:ed|s)?|welcome[ds]?|(?:dis)?agree[ds]?"
    r"|take(?=\s+on\b)|words(?=\s+on\b)|in\s+favou?r\s+of|against|quoted|feel|anything\s+from"
    r"|see(?=\s+(?:the|this|it)\b)|(?:speak|spoken?|talk(?:ed|s)?)(?=\s+(?:about|on|of|out|against)\b))\b",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """The kind of answer that is asked for."""

    PERSON = "person"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    ORGANISATION = "organisation"
    EXPANSION = "expansion"
    REASON = "reason"
    YES_NO = "yes_no"
    OTHER = "other"


_PLACES_EN = (
    r"city|country|place|venue|town|province|region|district|regency|village|island|continent"
    r"|stadium|arena|circuit|track|airport|port|station|street|hotel|building|hospital|museum"
    r"|river|lake|mountain|beach"
)
_PLACES_ID = (
    r"kota|negara|provinsi|tempat|daerah|wilayah|kawasan|kabupaten|kecamatan|kelurahan|desa|kampung"
    r"|pulau|benua|stadion|gelanggang|sirkuit|lintasan|bandara|pelabuhan|stasiun|terminal|jalan"
    r"|hotel|gedung|rumah sakit|museum|masjid|gereja|sungai|danau|gunung|pantai"
)
# Of those that match at the same place the first decides; "how much time" asks
# for a number, "which year" for a date. "Apakah" alone may mean "what": only what follows it tells.
_KINDS = (
    (
        Kind.YES_NO,
        r"^(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|must)\b"
        r"|^apakah(?:\s+[\w'’-]+){1,3}?\s+(?:pernah|setuju|mendukung|menolak)\b"
        r"|^(?:apakah\s+(?:benar|betul|sudah|telah|pernah|bisa|dapat|boleh|harus|perlu|akan|masih"
        r"|mungkin|memang|ada)"
        r"|(?:benar|betul|sudah|telah|pernah|bisa|dapat|boleh|harus|perlu|akan|masih|mungkin|ada)"
        r"kah)\b",
    ),
    (
        Kind.DATE,
        r"\b(?:when|what (?:year|date|day|month)|which (?:year|date|day|month)|in what year"
        r"|(?:si|se)?kapan\w*|bilamana|(?:tahun|tanggal|bulan|hari) (?:berapa|apa)(?:kah)?)\b",
    ),
    (
        Kind.NUMBER,
        r"\b(?:how (?:many|much|long|large|big|high|far|old|fast|often)|(?:se)?berapa\w*"
        r"|(?:what|which)(?: [\w'’-]+){0,4}? (?:percentage|share|number|amount|price|cost|sum"
        r"|proportion|total|length|speed|height|size|rate|ceiling|limit|target|forecast|figure)"
        r"|(?:what|which)(?: (?:is|was|are|were)(?: the| its| his| her| their)(?: [\w'’-]+){0,2}?)?"
        r" (?:weight|score|scoreline|temperature|age|salary|budget|capacity|distance|depth|width"
        r"|population|bandwidth)|(?:what|which) level"
        r")\b",
    ),
    (
        Kind.REASON,
        r"\b(?:why|what (?:reason|caused)|for what reason|mengapa|kenapa|apa sebab\w*"
        r"|apa alasan\w*)\b",
    ),
    (Kind.PERSON, r"\b(?:who|whom|whose|siapa\w*)\b"),
    (
        Kind.PLACE,
        rf"\b(?:where|(?:in )?(?:what|which) (?:{_PLACES_EN})|(?:di|ke|dari) ?mana\w*"
        rf"|(?<!warga )(?:{_PLACES_ID})(?: [\w-]+)? (?:mana|apa)(?:kah)?)\b",
    ),
    (
        Kind.ORGANISATION,
        r"\b(?:(?:what|which)(?: [\w'’-]+){0,2}? (?:company|companies|organi[sz]ations?|agency"
        r"|agencies|institutions?|university|party|parties|team|club|bank|ministry|newspaper"
        r"|airline|firm|body|bodies)"
        r"|(?:perusahaan|organisasi|lembaga|institusi|badan|universitas|partai|kementerian|bank"
        r"|klub|tim|instansi|maskapai|media)(?: [\w-]+){0,2}? (?:apa|mana)(?:kah)?)\b",
    ),
)
# Several things are asked for: "apa saja", "name the steps", "what three demands".
_SEVERAL = re.compile(
    r"\b(?:apa|siapa|mana|kapan)(?:kah)?\s+saja(?:kah)?\b"
    r"|^(?:sebutkan|list|name|enumerate)\b"
    r"|\b(?:the|yang) (?:first|second|third|fourth|fifth|last|pertama|kedua|ketiga|keempat|kelima"
    r"|terakhir) (?:of the|dari) (?:two|three|four|five|six|seven|eight|nine|ten|dua|tiga|empat"
    r"|lima|enam|tujuh|delapan|sembilan|sepuluh|[2-9]) [^\W\d_]"
    r"|\b(?:what|which|name|list|apa|apakah)\s+(?:(?:are|were)\s+)?(?:the\s+)?(?:main\s+|key\s+)?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d"
    r"|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)\s+[^\W\d_]"
    r"|\b(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|[2-9]|1\d)\s+[\w-]+\s+apa\b"
    r"|\b(?:what|which)\s+(?:(?:are|were)\s+the\s+)?(?:[\w'’-]+\s+)?(?:steps|measures|reasons|ways"
    r"|factors|conditions|points|demands|proposals|goals|aims|principles|pillars|priorities"
    r"|examples|types|kinds|forms|parts|members|symptoms|effects|causes|benefits)\b",
    re.IGNORECASE,
)
_KIND_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)

# A word that translators leave as it is with this probability may be a name.
_STAYS = 0.1

_NAME = re.compile(r"^[^\W\d_a-z][\w'’-]*$")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what was understood of it.

    ``kind`` is the kind of answer asked for; ``speaker`` the person whose
    words are asked for; ``names`` are the words written like names, folded;
    ``who_said``: it is asked who said something, ``side``: who took that side in words (a key
    of ``SIDES``); ``several``: more than one
    thing is asked for ("apa saja", "which three steps"). ``filters`` are what was
    understood beyond that, and ``text`` is without the words of those that
    restrict and without those around the matter (``framing``); ``written`` is the
    whole question. ``own_words``: ``text`` is a topic, and asked for is what
    is said about it, see ``qa.answering.own_words``. ``fields``: it is asked who wrote the
    articles on this, or where and when they appeared (``particulars``).
    """

    text: str
    language: str
    kind: Kind
    speaker: str | None
    names: tuple[str, ...]
    who_said: bool = False
    filters: tuple[Filter, ...] = ()
    written: str = ""
    several: bool = False
    side: str | None = None
    fields: tuple[Field, ...] = ()
    own_words: bool = False

    @property
    def askable(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.fields) or self.searchable

    @property
    def searchable(self) -> bool:
        """Whether there are words to search for."""
        return any(map(str.isalnum, self.text))

    @property
    def limited_to(self) -> tuple[str, ...]:
        """Those to whose own words filters limit the answer."""
        return tuple(
            one.value for one in self.filters if one.key is FilterKey.SPEAKER and one.restricts
        )

    @property
    def topic(self) -> str:
        """What the speaker's words are asked about: "data protection"; empty if it is not said."""
        about = _ABOUT.search(self.text)
        if about is None or self.speaker is None:
            return ""
        topic = about["topic"]
        # "about data protection, according to Retno": whose words they are is no topic.
        for word in self.speaker.split():
            topic = re.sub(rf"\b{re.escape(word)}\b", " ", topic)
        return _WHOSE.sub(" ", topic).strip(" ,.")

    @property
    def claim(self) -> str:
        """What is asked of what the speaker says, where they are named as the source of it.

        "how many people died"; empty if they are not.
        """
        for one in self.filters:
            if one.key is FilterKey.SPEAKER and not one.restricts:
                names = dict.fromkeys((one.written, one.value))
                found = (sources.claim(self.text, name, self.language) for name in names)
                return next(filter(None, found), "")
        return ""


_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|(?:opinions?|views?|positions?|stances?|comments?|statements?)"
    r"\s+(?:of|on)|tentang|soal|mengenai|terkait|perihal"
    r"|(?:sikap|pendapat|tanggapan|pandangan|komentar|reaksi|pernyataan)\w*\s+(?:[^\W\d_]+\s+){0,4}?"
    r"(?:terhadap|atas)"
    r"|^(?:menurut|according\s+to)\s+[^,?]{2,60},\s*(?:bagaimana(?:kah)?|how\s+(?:is|are|was|were)))"
    r"\s+(?P<topic>[^?!]+)",
    re.IGNORECASE,
)
_WHOSE = re.compile(r",?\s*\b(?:according\s+to|menurut)\b\W*$", re.IGNORECASE)


def understand(text: str) -> Question:
    """Analyse one question; language is "id" or "en" (English when unsure).

    Takes it word for word; see ``interpret`` for filters.
    """
    text = " ".join(storable(text).split())
    detected = detect(text)
    language = "id" if detected in ("id", "ms", "jv", "su") else "en"
    speaker = None
    if _asks_for_words(text):
        speaker = _speaker(text, language)
    kind = _kind(text)
    who_said = WHO_SAID.search(text) is not None
    several = _SEVERAL.search(text) is not None
    names = _names(text, language)
    side = _side_asked(text) if who_said else None
    return Question(bare(text), language, kind, speaker, names, who_said, (), text, several, side)


def _asks_for_words(text: str) -> bool:
    return SAYING.search(sources.NOBODYS.sub(" ", text)) is not None


def _kind(text: str) -> Kind:
    """What the first question word of *text* asks for: "who ruled when …" asks who."""
    if asks_expansion(text):
        return Kind.EXPANSION
    found = [
        (hit.start(), rank, kind)
        for rank, (kind, pattern) in enumerate(_KIND_PATTERNS)
        if (hit := pattern.search(text))
    ]
    return min(found)[2] if found else Kind.OTHER


def interpret(
    text: str,
    *,
    outlets: Mapping[str, str],
    called: Callable[[str], Sequence[str]] = lambda name: (),
    wrote: Callable[[str], bool] = lambda name: False,
    without: Collection[FilterKey] = (),
    today: date | None = None,
) -> Question:
    """Analyse one question with its filters, typed and in plain words, but those *without*.

    *outlets*: names of those that there are, by ``outlet_key``; *called*: the
    people and bodies that speak and can be meant by a name or an office, by the
    longest form of their names; *wrote*: whether a byline has that name. *today* is what
    "last year" counts from. Raises ``BadFilter``.
    """
    written = " ".join(storable(text).split())
    rest, found = filters.typed(written)
    understood = list(filters.left(found, without))
    if outlet := filters.said_outlet(rest, outlets):
        # Left out, it is no speaker either: "menurut Kompas" goes with it.
        rest = outlet.rest
        if FilterKey.OUTLET not in without:
            understood.append(outlet.filter)
    if wanted := particulars.asked(rest) or particulars.asked(bare(rest)):
        return _of_articles(wanted, written, rest, understood, without, today)
    if writer := filters.said_writer(rest, wrote):
        rest = writer.rest
        if FilterKey.BYLINE not in without:
            understood.append(writer.filter)
    plain = understand(rest)
    name = plain.speaker
    if name is None and PROPOSING.search(rest) and (way := _speaker(rest, plain.language)):
        named = called(way)
        if len(named) == 1 or any(same_person(one, way) for one in named):
            name, plain = way, replace(plain, speaker=way)
    for way in filter(None, (plain.speaker, _unmarked_speaker(rest))):
        if meant := _meant(way, called(way)):
            if meant != way and names_person(way.title()) and not same_person(meant, way):
                # Spelt wrongly, it would find nothing.
                rest = rest.replace(way, meant)
                plain = understand(rest)
            name, plain = way, replace(plain, speaker=meant)
            break
    if FilterKey.DATE not in without:
        asked = plain.speaker is not None and FilterKey.SPEAKER not in without
        said = filters.said_date(rest, speaker=asked, today=today or date.today())
        if said is not None:
            understood.append(said.filter)
            plain = replace(understand(said.rest), speaker=plain.speaker)
    named = [one.value for one in understood if one.key is FilterKey.SPEAKER]
    if FilterKey.SPEAKER in without:
        plain = replace(plain, speaker=None)
    elif named:
        plain = replace(plain, speaker=named[0])
    elif plain.speaker is not None:
        one = Filter(FilterKey.SPEAKER, plain.speaker, name or plain.speaker, restricts=False)
        understood.insert(0, one)
    # What is left of a question may be too short to tell its language.
    language = plain.language if _tells(plain.text) else understand(written).language
    return replace(plain, language=language, filters=tuple(understood), written=written)


def _of_articles(
    wanted: particulars.Asked,
    written: str,
    rest: str,
    understood: Sequence[Filter],
    without: Collection[FilterKey],
    today: date | None,
) -> Question:
    """A question about articles: its text is what they are about, and dates are theirs."""
    found = list(understood)
    if wanted.writer and FilterKey.BYLINE not in without:
        found.append(Filter(FilterKey.BYLINE, wanted.writer, wanted.writer))
    matter = wanted.matter
    if FilterKey.DATE not in without and wanted.fields == (Field.TITLE,):
        said = filters.said_date(matter, speaker=True, today=today or date.today())
        if said is not None:
            found.append(said.filter)
            matter = said.rest
    # Titles are in the language of the article.
    plain = understand(rest.replace(wanted.matter, " ") if wanted.matter else rest)
    return replace(
        plain,
        text=matter,
        kind=Kind.OTHER,
        speaker=None,
        who_said=False,
        several=False,
        names=_names(f"- {matter}", plain.language),
        filters=tuple(found),
        written=written,
        fields=wanted.fields,
    )


# "apa kata jokowi soal data", "what did the foreign minister say".
_UNMARKED = re.compile(
    r"\b(?:(?:kata|menurut|pendapat|tanggapan|komentar|pernyataan|pandangan|sikap|reaksi|respons|kutipan"
    r"|ucapan|statements? by|quotes? (?:by|from|of)"
    r"|di(?:kata|usul|saran|ungkap|jelas|tegas|tekan|papar|umum|janji|seru|harap)kan|disampaikan"
    r"|dikemukakan|diminta|according to)\s+(?:the\s+)?([\w-]+(?:\s+[\w-]+){0,4}?)"
    r"(?=\s+(?:tentang|soal|mengenai|terkait|terhadap|atas|di|pada|dalam|saat|ketika|about|on|in|at"
    r"|during|when)"
    r"\b|\s*(?:[,?]|$))"
    r"|(?:did|does|has)\s+(?:the\s+)?([\w-]+(?:\s+[\w-]+){0,4}?)"
    r"(?=\s+(?:say|said|think|thought|call(?:ed)?|propose[d]?|warn(?:ed)?|want|ask|urge|suggest"
    r"|recommend|expect|hope|stress|emphasi[sz]e|demand|promise|announce)\b))",
    re.IGNORECASE,
)
# Offices of so many people that the one who speaks in a corpus need not be meant.
_ANYBODY = word_set("""
    ahli pakar pengamat peneliti analis ekonom dosen guru dokter aktivis tokoh anggota pengusaha
    penulis mantan warga petani pedagang nelayan mahasiswa pelajar siswa saksi korban tersangka
    sopir pegawai karyawan relawan jurnalis wartawan expert analyst economist researcher activist
    member doctor teacher resident farmer trader student witness victim driver lawyer scientist
    former
    """)


def _unmarked_speaker(text: str) -> str | None:
    """Whose words are asked for, where no capital letters or no name say that it is somebody."""
    hit = _UNMARKED.search(text)
    name = (hit[1] or hit[2]) if hit else None
    while name and (first := name.split())[0].casefold() in HONORIFICS and len(first) > 1:
        name = " ".join(first[1:])  # "pak jokowi"
    return None if name is None or is_place(name) or fold(name) in _ANYBODY else name


def _meant(name: str, called: Sequence[str]) -> str | None:
    """The speaker that *name* means: as written if it is a name, else the holder of the office.

    None if *called* has nobody, or several hold it.
    """
    if any(same_person(one, name) for one in called):
        return name
    return called[0] if len(called) == 1 else None


def _tells(text: str) -> bool:
    return len(text.split()) > 2


# Taking a side is done in words as well. "Who supported the king?" asks for no words, so that the
# present and the perfect alone are taken of those that may be deeds.
_AGAINST_EN = (
    r"(?:denie[ds]|denied|disputes?d?|reject(?:ed|s)|critici[sz]e[ds]|condemn(?:ed|s)|object(?:ed|s)"
    r"|disagree[ds]|agree[ds]|opposes|supports|backs|welcome[ds]|praise[ds]|contradict(?:ed|s)"
    r"|doubt(?:ed|s)|regret(?:ted|s)|question(?:ed|s))"
)
_AGAINST_ID = (
    r"(?:membantah|menolak|mendukung|mengkritik|mengkritisi|mengecam|menentang|menyangkal|memuji"
    r"|menyetujui|setuju|keberatan|meragukan|menyesalkan|menyayangkan|menyambut\s+baik"
    r"|mempertanyakan|menuding|mengeluh(?:kan)?|khawatir|cemas|resah)"
)
# The cues of statements that take a side, by their beginnings.
SIDES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "against": tuple(
            word_set("""
                membantah menolak mengkriti mengecam menentang menyangkal menampik menepis
                khawatir cemas resah meragukan menyayangkan menyesalkan mempertanyakan menuding
                keluh mengeluh keberatan sergah bantah deni deny disput reject critici condemn
                object disagree oppos contradict doubt regret question complain lament
                """)
        ),
        "for": tuple(
            word_set("""
                mendukung memuji menyetujui setuju menyambut membenarkan mengapresiasi puji
                support agree back welcom prais
                """)
        ),
    }
)


def side_of(word: str) -> str | None:
    """The side that a cue, or a verb of a question, takes."""
    plain = word.casefold()
    return next((side for side, begins in SIDES.items() if plain.startswith(begins)), None)


def _side_asked(text: str) -> str | None:
    said = WHO_SAID.search(text)
    words = said.group().split() if said else []
    return next((side for word in words if (side := side_of(word))), None)


# Somebody's name is asked for by what he said: that of the subject, not of the one told.
WHO_SAID = re.compile(
    rf"\bwho\s+(?:else\s+)?(?:(?:has|have|had|once|also|first|publicly)\s+)?{_AGAINST_EN}\b"
    r"|\b(?:has|have|did|does|is\s+there)\s+(?:any(?:one|body)|some(?:one|body))\s+(?:(?:ever|who|else)"
    rf"\s+)*(?:{_AGAINST_EN}|den(?:y|ied)|oppose[ds]?|reject|critici[sz]e|support(?:ed)?|say|said"
    r"|disagree|agree|object|question|welcome|condemn)\b"
    rf"|\bsiapa(?:kah)?(?:\s+(?:saja|lagi))?(?:\s+tokoh)?\s+yang\s+(?:pernah\s+|juga\s+)?{_AGAINST_ID}\b"
    r"|\b(?:adakah|(?:apakah\s+)?ada)\s+(?:(?:orang|tokoh|pihak|pejabat|ahli)\s+)?yang\s+(?:pernah\s+"
    rf"|juga\s+)?(?:{_AGAINST_ID}|mengatakan|menyatakan)\b"
    r"|"
    r"\b(?:who|which \w+)\s+(?:else\s+)?(?:(?:has|have|had|once|also|first|publicly)\s+)?"
    rf"(?:sa(?:id|ys)|stated|{_STATES}|claim(?:ed|s)|told|tells|thinks|thought|argue[ds]|warn(?:ed|s)"
    r"|stress(?:ed|es)|emphasi[sz]e[ds]|propose[ds]|urge[ds]|mention(?:ed|s)|describe[ds]"
    r"|explain(?:ed|s)|call(?:ed|s) for|criticis?z?e[ds]|believe[ds]|liken(?:ed|s)|admit(?:s|ted)"
    r"|predict(?:ed|s)|remark(?:ed|s)|complain(?:ed|s))\b"
    r"|\bsiapa(?:kah)?(?:\s+(?:saja|lagi))?(?:\s+tokoh)?\s+(?:yang\s+)?(?:pernah\s+|juga\s+)?"
    r"(?:mengatakan|menyatakan|berkata|bilang|berpendapat|menyebut(?:kan)?|menegaskan|menilai"
    r"|menjelaskan|mengungkapkan|menekankan|memperingatkan|mengingatkan|mengusulkan|menuturkan"
    r"|mengaku|mengeluhkan|mengkritik|menyampaikan|menyerukan|meyakini|meramalkan)\b",
    re.IGNORECASE,
)


# What follows is the topic: its names are spoken about.
_TOPIC = re.compile(
    r"\b(?:about|regarding|concerning|on|tentang|soal|mengenai|terkait|perihal|terhadap|atas"
    r"|kepada)\s+(?:the\s+)?(?:[\w-]+\s+)?$",
    re.IGNORECASE,
)


def _speaker(text: str, language: str) -> str | None:
    """The first person named who is not what the words are about, their source before others."""
    for mention in sorted(people(text), key=lambda one: not sources.names(text, one)):
        start = mention.span.start
        if is_place(mention.name) or (start == 0 and is_common(mention.name, language)):
            continue
        before = text[: start - len(mention.role or "") - 1] if mention.role else text[:start]
        if _TOPIC.search(before) or (mention.role is None and ends_body(before)):
            continue
        name = re.sub(r"['’]s$", "", mention.name)
        # "Did Jokowi say ...": a capital letter makes the first word look like a name.
        first, _, rest = name.partition(" ")
        return rest if rest and start == 0 and _opens_question(first, language) else name
    return None


def _opens_question(word: str, language: str) -> bool:
    """True for "Did", "Pernahkah", "Quote": no first word of a name."""
    plain = re.sub(r"['’]s$", "", fold(word)).removesuffix("kah")
    return plain in STOPWORDS[language] or PROPOSING.fullmatch(plain) is not None


def is_common(word: str, language: str) -> bool:
    """True for an ordinary word: one that translations seldom leave as it is.

    The first word of a question has a capital letter whether it is a name or not.
    The table may have other words for a name as well ("Mark", "Jokowi").
    """
    if fold(word) in STOPWORDS[language]:
        return True
    source, target = ("en", "id") if language == "en" else ("id", "en")
    found = dict(translations(stem(word, source), source, target))
    return bool(found) and found.get(stem(word, target), 0.0) < _STAYS


def _names(text: str, language: str) -> tuple[str, ...]:
    """Capitalised words after the first, which every question capitalises."""
    words = tokens(text)
    skip = STOPWORDS[language]
    found = [
        fold(word.text)
        for i, word in enumerate(words)
        if (i > 0 or word.text.isupper())
        and _NAME.match(word.text)
        and (fold(word.text) not in skip or is_acronym(word.text))
    ]
    return tuple(dict.fromkeys(found))

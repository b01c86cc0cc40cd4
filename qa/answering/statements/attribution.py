"""The words beside a cue that name the speaker: before it, after it, across asides.

Knows one phrase at a time; whom a pronoun or an office means is for ``resolution``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.statements.cues import (
    ADVERBS,
    CONJUNCTIONS,
    CUE_WORD,
    LETTER,
    NEGATIONS,
    NOBODY,
    NOT_A_CUE_AFTER,
    PLURAL_PRONOUNS,
    PRONOUNS,
    WILLING,
    word_set,
)
from qa.language.names import (
    HONORIFICS,
    is_degree,
    is_place,
    is_role_word,
    names_body,
    people,
    role_phrase,
    split_person,
)

LONGEST_SUBJECT = 400  # characters looked at for the speaker on either side of a cue
AGE = re.compile(r"\s\(\d{1,3}\)")
THE = re.compile(r"(?<!\w)[Tt]he\s$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A cue and the words that name its speaker, before they are resolved."""

    cue: str
    written: str | None
    kind: str  # "name", "role", "group", "pronoun" or "plural" ("mereka")
    at: int
    name: str | None = None
    pointing: bool = False  # "… itu": somebody who was named before
    issued: bool = False  # by way of a document: "a statement by the ministry"

    def under(self, cue: str) -> Attribution:
        """The same speaker with the words that report the speech."""
        return replace(self, cue=cue)


_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|Dr|Drs|Ir|Prof|Mr|Mrs|Ms|St|PT|CV|H|Hj|KH|Gen|Sen|Rep|Gov|Lt|Col|Jr|Sr"
    r"|Kol|Jend|Brig|Kap|Let|Kom|[A-Z](?:\.[A-Z])+)\.$"
)
_PHRASE_END = re.compile(r"[.;!?](?:\s|$)|[“”\"«»]|\n|\s[—–-]\s")


def speaker_after(text: str, at: int, end: int) -> Attribution | None:
    """The speaker in "kata **Menteri X Y** di Jakarta" given the offset after the cue."""
    limit = min(end, at + LONGEST_SUBJECT)
    phrase = text[at:limit]
    offset = at + len(phrase) - len(phrase.lstrip(" \t,:"))
    phrase = text[offset:limit]
    for stop in _PHRASE_END.finditer(phrase):
        if stop.group()[0] == "." and _ABBREVIATION.search(phrase[: stop.start() + 1]):
            continue
        phrase = phrase[: stop.start()]
        break
    return speaker_in(phrase, offset)


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


_SUBJECTIVE = {"him": "he", "her": "she"}
_OBJECTIVE = re.compile(r"(him|her)\s*(?:[,.;]|$)", re.IGNORECASE)
_OWN_VIEW = re.compile(  # "menurut pengamatannya" is as good as "menurutnya"
    r"(?:hitungan|perhitungan|pengamatan|pengalaman|catatan|pendapat|penilaian|pandangan"
    r"|perkiraan|pengakuan|penuturan|keterangan|hemat)nya"
)


def speaker_in(phrase: str, offset: int) -> Attribution | None:
    """The speaker that a noun phrase names: pronoun, person, office or group."""
    first = _LEADING.search(phrase)
    if first is None:
        return None
    word = first.group().casefold()
    if word in PRONOUNS or _OWN_VIEW.fullmatch(word):
        return Attribution("", first.group(), "pronoun", offset)
    if objective := _OBJECTIVE.match(phrase):  # "according to him", but not "to her lawyer"
        return Attribution("", _SUBJECTIVE[objective.group(1).casefold()], "pronoun", offset)
    if word in _THEY:
        return Attribution("", first.group(), "plural", offset)
    described = _described(phrase, offset)
    if described is not None:
        return described
    if issued := _ISSUED.match(phrase):
        issuer = speaker_in(phrase[issued.end() :], offset + issued.end())
        return replace(issuer, issued=True) if issuer else None
    head = _MADE_PUBLIC.sub("", _CLAUSE_CUT.split(phrase, maxsplit=1)[0].strip())
    if _is_rule(head):
        return None
    if names_body(head):
        return Attribution("", head, "group", offset)
    person = split_person(phrase)
    if person is not None and (
        (word == "the" and person.role is None) or _is_group_of(phrase, person.span.start)
    ):
        person = None  # "according to the Ministry of Water"
    if person is not None and not _DAY.match(phrase[person.span.start :]):
        return Attribution("", person.name, "name", offset + person.span.start, person.name)
    if not head or _DAY.match(head):
        return None
    role = role_phrase(head)
    words = head.split()
    if len(words) > 12:
        return None
    if role is not None and head.casefold().startswith(role.casefold()):
        return Attribution("", head, "role", offset)
    if word in PLURAL_PRONOUNS:
        return None
    return Attribution("", head, "group", offset)


_GROUPS = word_set("tim keluarga pihak kubu kelompok massa para")


def _is_group_of(phrase: str, name_at: int) -> bool:
    """True for "tim kuasa hukum Galih": the name tells whose, and does not speak."""
    first = _LEADING.search(phrase)
    return (
        first is not None
        and first.group().casefold() in _GROUPS
        and "," not in phrase[:name_at]
        and name_at > first.end()
    )


_THEY = frozenset({"mereka", "they"})
_PERSON_NOUNS = word_set(
    "pria perempuan wanita lelaki laki-laki ibu bapak ayah gadis pemuda pemudi remaja kakek nenek"
    " pesinetron selebgram penyerang gelandang bek kiper striker petinju pebalap pembalap petenis"
    " nenek kekasih tunangan pasangan personel jebolan pelantun"
    " pegolf perenang pelari bintang insan figur sosok alumnus lulusan janda duda purnawirawan man woman"
)
# "kata pria 38 tahun itu | saat ditemui di Jakarta"
_POINTED_THEN = re.compile(
    r"(.{3,80}?\s(?:itu|ini|tersebut))\s+(?=(?:lewat|saat|ketika|di|dalam|kepada|usai|seusai|melalui|pada"
    r"|sambil|seraya|sembari|dengan|setelah|sebelum|seperti|ketika)\b)"
)
_POINTED = re.compile(
    r"\s(?:itu|ini|tersebut)(?:\s(?:lirih|geram|singkat|tegas|mantap|santai))?\s*$"
)
# "mantan pelatih Persik Bahari ini": what follows names the team, and not who speaks.
_OF_A_TEAM = re.compile(
    r"(?:mantan|eks|bekas)\s+(?:pelatih|manajer|kapten|kiper|pemain|penyerang|gelandang|bek"
    r"|striker|bintang|aktor|aktris|penyanyi|vokalis|pebalap|pembalap|petenis)\s+[^\W\d_a-z]"
)


# "sang bintang Pulau Sunyi", "sang pelatih": somebody who was named before, and no other name.
_SANG = re.compile(
    r"[Ss]ang\s+(?:(?:bintang|pemeran|pelantun|pemilik|pencipta|penulis|sutradara|produser|pemain)(?!\w)"
    r"|[a-z-]+(?:\s+[a-z-]+)*\s*$)"
)
# Somebody new: "saksi yang tidak disebutkan namanya itu", "juru bicara bernama N. O. itu".
_NEW = re.compile(
    r"\b(?:bernama(?!\s+(?:asli|lengkap))|(?:tidak|tak|enggan)\b.*\b(?:nama|identitas)(?:nya)?)\b"
)
# "laporan Institut X", "a statement by the ministry": who issued it speaks.
_ISSUED = re.compile(
    r"(?:an?\s+|the\s+|its\s+)?(?:(?:new|joint|recent|written|official|latest|press|annual)\s+)*"
    r"(?:statement|report|letter|note|survey|study|release|paper|analysis|memo|data|figures)\s+"
    r"(?:issued\s+|published\s+|released\s+)?(?:by|from)\s+(?=\S)"
    r"|(?:(?:hasil|sebuah)\s+)?(?:laporan|survei|studi|kajian|riset|penelitian|data|keterangan|siaran"
    r"\s+pers|pernyataan)\s+(?:(?:terbaru|terkini|resmi|tertulis|tahunan|dari|milik|oleh|yang\s+dirilis"
    r"|yang\s+diterbitkan)\s+)*(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
_MADE_PUBLIC = re.compile(r"\s+(?:published|released|issued|dated|dirilis|diterbitkan)$")
_CAPITAL = re.compile(r"[^\W\d_a-z]")


def _described(phrase: str, offset: int) -> Attribution | None:
    """`Pria kelahiran Solo itu`: somebody who was named before, by what he or she is."""
    body, comma, rest = phrase.partition(",")
    if pointed := _POINTED_THEN.match(body):
        body = pointed[1]
    plain = _TRAILING_ADVERBS_BUT_POINTERS.sub("", body).rstrip()
    first = _LEADING.search(plain)
    if first is None:
        return None
    if _SANG.match(plain):
        if comma and _CAPITAL.match(rest.lstrip()):
            return None  # "sang istri, Maya N., …"
        return Attribution("", plain, "role", offset, pointing=True)
    if not _POINTED.search(plain):
        return None
    word = first.group().casefold()
    if word in _PERSON_NOUNS or _OF_A_TEAM.match(plain):
        return Attribution("", plain, "pronoun", offset, pointing=True)
    # "politikus Partai X itu": X names no speaker.
    known = body[:1].islower() and not _NEW.search(plain)
    if is_role_word(word) and known and len(plain.split()) > 2:
        return Attribution("", plain, "role", offset, pointing=True)
    return None


# What says something only in a manner of speaking, and nobody in particular says.
_RULES = word_set(
    "uu uud undang-undang pasal ayat peraturan perpres perppu perda permen permenkes permendag"
    " keppres inpres ruu raperda konstitusi kuhp kuhap kitab al-qur'an alquran jadwal agenda rencana"
    " kabar rumor isu legenda mitos kepercayaan tradisi prakiraan perkiraan aturan ketentuan hukum"
)
_ENGLISH_RULES = re.compile(
    r"(?<!\w)(?:act|law|laws|bill|code|constitution|treaty|regulations?|article|section|schedule"
    r"|plans?|rumou?rs?|legend|tradition|estimates?|forecasts?)(?:\s+\d+)?$",
    re.IGNORECASE,
)


def _is_rule(head: str) -> bool:
    """True for a law, a plan or a rumour: "menurut UU Nomor 5 …", "according to the Water Act"."""
    first = head.split()[:1]
    return bool(first) and (
        first[0].casefold() in _RULES or _ENGLISH_RULES.search(head) is not None
    )


def speaker_before(text: str, start: int, cue_at: int) -> Attribution | None:
    """The subject of a cue verb at *cue_at*, in the sentence that starts at *start*.

    Walks back over asides ("…, di Jakarta, Senin (3/8/2020), mengatakan") to the first
    part that can be a subject; a relative clause is passed over to its head.
    """
    begin = max(start, cue_at - LONGEST_SUBJECT)
    before = text[begin:cue_at]
    words = before.split()
    if not words or words[-1].casefold() in NOT_A_CUE_AFTER:
        return None
    if len(words) > 1 and words[-2].casefold() in NEGATIONS and words[-1] in WILLING:
        return None  # "tidak keberatan meminta"
    if NOBODY.search(before):
        return None
    beside = _pronoun_beside(before, begin)
    if beside is not None:
        return beside
    if listed := _BODY_WITH_COMMAS.search(before):
        return Attribution("", listed["name"], "group", begin + listed.start("name"))
    # "Kabar itu datang dari Galih Nugraha yang juga mengatakan …": he does.
    if relative := _WHO_ALSO.search(before):
        named = people(before[: relative.start()])
        if named and named[-1].span.end == relative.start():
            last = named[-1]
            return Attribution("", last.name, "name", begin + last.span.start, last.name)
    parts: list[tuple[int, str]] = []
    at = begin
    for piece in before.split(","):
        parts.append((at, piece))
        at += len(piece) + 1
    fallback: Attribution | None = None
    for place in range(len(parts) - 1, -1, -1):
        if through := _THROUGH.match(parts[place][1]):
            at, piece = parts[place]
            who = speaker_in(piece[through.end() :], at + through.end())
            if who is not None and who.kind == "name":
                return who  # "Presiden X, melalui juru bicaranya N. O., menyebut"
        at, piece = parts[place]
        body = piece.lstrip()
        at += len(piece) - len(body)
        body, skipped = _without_opening(body)
        at += skipped
        if not body.strip() or is_aside(body) or is_degree(body):
            continue
        if is_place(body) and place < len(parts) - 1:
            continue
        if body.strip().casefold() in CONJUNCTIONS and place:
            continue  # "X mendukung usul itu, dan mengharapkan …": X
        found = _subject(body, at, adjacent=place == len(parts) - 1)
        if fallback is not None and (found is None or not _only_a_name(body, found)):
            break
        if found is None:
            if place < len(parts) - 2 or fallback is not None:
                break
            continue
        # "Galih Nugraha, analis Pusat Studi X, …", "Anna Lind, a lawyer at X, said": who is left.
        apposed = any(map(is_role_word, body.split()[:3])) or (
            place < len(parts) - 1 and body[0].islower()
        )
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


# "Badan Meteorologi, Klimatologi, dan Geofisika (BMKG) memperkirakan …"
_BODY_WITH_COMMAS = re.compile(
    r"(?<!\w)(?P<name>(?:Badan|Kementerian|Dinas|Lembaga|Komisi|Dewan|Direktorat|Departemen|Biro|Balai"
    r"|Pusat|Ministry|Department|Office|Agency)(?:\s(?:for|of|the|[A-Z][\w-]*))*(?:,\s[A-Z][\w-]*(?:\s[A-Z]"
    r"[\w-]*)*)+,?\s(?:dan|and)\s[A-Z][\w-]*(?:\s[A-Z][\w-]*)*)(?:\s\([A-Z]\w+\))?\s*$"
)
_WHO_ALSO = re.compile(r"\s+(?:yang|who)(?:\s+(?:juga|turut|pun|kemudian|lantas|also|then))+\s*$")
_THROUGH = re.compile(
    r"\s*(?:melalui|lewat|lewat|through)\s+(?=(?:his|her|its|their|the|a)?\s*(?:juru bicara|jubir|kuasa hukum"
    r"|pengacara|sekretaris|asisten|spokes\w+|lawyer|attorney|aide)(?:nya)?\b)"
)


def _pronoun_beside(before: str, begin: int) -> Attribution | None:
    """The pronoun right before the verb, whatever opens the sentence: "Di forum itu ia menyebut"."""
    trimmed = _TRAILING_ADVERBS.sub("", before).rstrip()
    lead, _, last = trimmed.rpartition(" ")
    if last.casefold() not in PRONOUNS or _GOVERNED.search(lead + " "):
        return None
    if lead.split() and CUE_WORD.fullmatch(lead.split()[-1]):
        return None  # "kata dia"
    return Attribution("", last, "pronoun", begin + len(trimmed) - len(last))


def _bearer(parts: Sequence[tuple[int, str]]) -> Attribution | None:
    """The name at the end of *parts* when it is all there is: the head of "X, analis Y Z, …"."""
    while len(parts) > 1 and is_degree(parts[-1][1]):
        parts = parts[:-1]  # "Galih Nugraha, M.Sc., dosen …"
    at, piece = parts[-1]
    body = piece.lstrip()
    at += len(piece) - len(body)
    if not body.strip() or is_aside(body) or is_place(body) or is_degree(body):
        return None
    body, skipped = _without_opening(body)
    found = _subject(body, at + skipped, adjacent=False)
    if found is None or not _only_a_name(body, found) or not found.name:
        return None
    return found if " " in found.name or AGE.search(body) else None


_TITLES = re.compile(rf"^(?:(?:{'|'.join(sorted(HONORIFICS))})\.?\s+)+", re.IGNORECASE)


def _only_a_name(body: str, found: Attribution) -> bool:
    """True when *body* is a name, with an age or degree at most: the head of an apposition."""
    rest = _TITLES.sub("", re.sub(r"\([^)]*\)", "", body).strip())
    return found.kind == "name" and len(rest.split()) <= len((found.written or "").split()) + 1


def _without_opening(body: str) -> tuple[str, int]:
    """*body* less words that open a sentence ("Sementara itu", "Namun", "Meanwhile")."""
    hit = _OPENING.match(body)
    return (body[hit.end() :], hit.end()) if hit else (body, 0)


_OPENING = re.compile(
    r"(?:(?:Kendati|Meskipun|Meski|Walaupun|Walau|Although|While|Sementara itu|Selain itu|Oleh karena itu|Karena itu|Untuk itu|Namun|Akan tetapi|Tetapi"
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


def is_aside(body: str) -> bool:
    if _NAMED_YANG.match(body):
        return False
    return _ASIDE.match(body) is not None or _DAY.match(body) is not None or not body[:1].isalpha()


_NAMED_YANG = re.compile(r"Yang\s[A-Z]")  # "Yang Liwei"
_SUBJECT_CUT = re.compile(
    r"(?<![\w-])(?:yang|dalam|saat|ketika|kepada|di|pada|melalui|usai|seusai|lewat|dengan|untuk"
    r"|terkait|sebagai|mengenai|soal|seperti|juga|pun|sendiri|kemudian|lalu|kembali|telah|sudah"
    r"|who|which|also|in|at|on|has|have|had|during|after|before|later|then|earlier|sempat|misalnya|turut"
    r"|lebih lanjut|hanya|masih|secara|selalu|pernah|bahkan|justru|kini|kerap|sering"
    r"|(?:beberapa|berulang|berkali)\s+kali)(?![\w-])"
)
_VERBISH = re.compile(r"^(?:me[lmnrwy][a-z]{3,}|ber[a-z]+|di[a-z]{4,}|ter[a-z]{3,})$")


def _subject(body: str, offset: int, *, adjacent: bool) -> Attribution | None:
    """The subject in *body*, a part between commas; *adjacent* when the cue follows directly."""
    described = _described(body, offset)
    if described is not None:
        return described
    if (issued := _ISSUED.match(body)) and (who := speaker_in(body[issued.end() :], offset)):
        return replace(who, at=who.at + issued.end(), issued=True)
    if _PURPOSE.search(body):
        return None
    head = _SUBJECT_CUT.split(body, maxsplit=1)[0].rstrip()
    words = [w for w in head.split() if w.casefold() not in ADVERBS]
    if not words or len(words) > 14:
        return None
    # A verb in between means the cue governs something else: "X datang dan mengatakan" is
    # kept, for the subject is still X.
    cut = next((i for i, w in enumerate(head.split()) if i and _VERBISH.match(w)), None)
    if cut is not None:
        head = " ".join(head.split()[:cut])
        words = [w for w in head.split() if w.casefold() not in ADVERBS]
        if not words:
            return None
    first = words[0].casefold().strip("()")
    if first in PRONOUNS:
        return Attribution("", words[0], "pronoun", offset)
    if first in _THEY:
        return Attribution("", words[0], "plural", offset)
    if first in PLURAL_PRONOUNS:
        return None
    if adjacent and names_body(head):
        return Attribution("", head, "group", offset)
    beside = _beside_verb(body) if adjacent and first != "the" else None
    if beside is not None and not _is_group_of(body, beside[1]):
        name, at = beside
        return Attribution("", name, "name", offset + at, name)
    person = split_person(body) if split_person(head) is not None else None
    if person is not None and (
        _GROUP_NOUN.match(body, person.span.end)
        or _is_group_of(body, person.span.start)
        or _OWNED.match(body, person.span.end)
        or (first == "the" and person.role is None and person.span.start == 4)
    ):
        person = None  # "Norwegian officials said", "The Courier said"
    if person is not None:
        return Attribution("", person.name, "name", offset + person.span.start, person.name)
    if not head or not LETTER.match(head) or first in _JOINING:
        return None
    head = re.split(r"\s[–—-]\s", head, maxsplit=1)[0]
    words = [w for w in head.split() if w.casefold() not in ADVERBS]
    if first == "the" or (first in {"a", "an"} and len(words) > 1 and is_role_word(words[1])):
        head = head[len(first) :].lstrip()
    role = role_phrase(head)
    if role is not None and head.casefold().startswith(role.casefold()):
        pointing = _POINTED.search(_TRAILING_ADVERBS_BUT_POINTERS.sub("", body)) is not None
        return Attribution("", head, "role", offset, pointing=pointing)
    named = [w for w in words if w[:1].isupper()]
    if named and len(words) <= 8:
        return Attribution("", " ".join(words), "group", offset)
    if len(words) <= 3:
        return Attribution("", " ".join(words), "group", offset)
    return None


# "dimaksudkan untuk mencegah orang lain mengakui …": the subject of the cue is not the sentence's.
_PURPOSE = re.compile(r"(?<!\w)(?:untuk|agar|supaya|guna|demi)\s+(?:\w+\s+)?me\w+\s+\w")
_JOINING = frozenset({"serta", "dan", "atau", "yakni", "yaitu", "adalah", "and", "or", "namely"})
_OWNED = re.compile(r"['’]s\s+[\w-]+(?:\s+[\w-]+)?\s*$")
_GROUP_NOUN = re.compile(
    r"\s+(?:\w+\s+)?(?:officials|authorities|police|leaders|ministers|lawmakers|scientists"
    r"|researchers|residents|farmers|workers|experts|media|newspapers|investors|companies)\b"
)
_TRAILING_ADVERBS = re.compile(rf"(?:\s+(?:{'|'.join(sorted(ADVERBS))}))+\s*$")
_TRAILING_ADVERBS_BUT_POINTERS = re.compile(
    rf"(?:\s+(?:{'|'.join(sorted(ADVERBS - {'itu', 'ini', 'tersebut'}))}))+\s*$"
)
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
    if _GOVERNED.search(lead) or THE.search(lead):
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

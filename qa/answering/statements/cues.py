"""The words of reporting: cues, pronouns, and what makes a cue none, in both languages.

Owns the lists and the patterns made of them; knows nothing about articles.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator


def _pattern(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Roots that stand after what was said: "…, kata X", "…, ujarnya".
ROOT_CUES = _pattern(
    "kata ujar ucap tutur ungkap jelas tegas tambah lanjut sebut papar imbuh terang tandas tukas"
    " cetus tulis tanya jawab pungkas tutup kenang seru sambung ulas urai timpal beber keluh canda"
    " kelakar harap kilah klaim pesan pinta sergah cerita kisah tangkas tekan nilai bilang aku"
    " pangkas puji ajak imbau ingat teriak gumam bantah rinci cuit urai"
    " ketus celetuk seloroh sesal dalih protes kecam tuding desak pekik isak bisik sahut tantang usul"
)
# Roots that are common words: a cue only right after a quotation, or with -nya after a comma.
WEAK_ROOTS = word_set(
    "jelas tegas tambah lanjut terang tutup tekan nilai aku ingat pesan cerita kisah ajak puji"
    " sesal dalih protes kecam tuding desak bisik tantang usul"
    " harap jawab tanya seru pangkas tangkas tulis klaim kenang sebut sambung"
)
# Verbs with the speaker as subject, before what was said.
VERB_CUES = _pattern(
    "mengatakan menyatakan menyampaikan menegaskan menjelaskan menambahkan menekankan menilai"
    " menyebut menyebutkan mengungkapkan mengungkap mengaku mengakui berharap meminta mencatat"
    " berpendapat berpandangan menuturkan memaparkan menerangkan mengemukakan mengutarakan"
    " mengingatkan mengimbau menghimbau mengklaim membantah membenarkan menyarankan mengusulkan"
    " mendesak menyerukan memastikan meyakini memperkirakan memprediksi mencontohkan menyayangkan mengeluhkan"
    " menceritakan mengisahkan mempertanyakan menanyakan menulis menuding menduga melaporkan"
    " mengumumkan menyimpulkan menggarisbawahi menyoroti menandaskan mengharapkan menginginkan"
    " memperingatkan mencuit mengeluh mengonfirmasi mengkonfirmasi"
    " menganggap memandang menyadari mengkhawatirkan mengucapkan membeberkan mengabarkan"
    " berkata berujar bertutur bercerita berucap berjanji berpesan berkomentar berpikir beranggapan"
    " berkeyakinan berargumen berdalih melanjutkan menampik menepis bilang bertanya berteriak"
)
# Of cues in the very sentence: "…,” she said, adding that …".
PARTICIPLES = _pattern(
    "adding noting stressing warning explaining insisting arguing saying claiming stating"
    " menambahkan menegaskan menjelaskan mengingatkan menyebut mengatakan menekankan menyatakan"
)
ENGLISH_CUES = _pattern(
    "said says say told tells added adds stressed stresses noted notes argued argues claimed claims"
    " explained explains warned warns insisted insists acknowledged acknowledges admitted admits"
    " stated states announced announces declared declares emphasized emphasised emphasizes"
    " emphasises wrote writes believed believes predicted predicts replied recalled remarked"
    " observed suggested suggests urged urges hoped hopes denied denies confirmed confirms asked"
    " asks commented continued concluded cautioned complained promised reported tweeted shouted"
    " joked quipped conceded concedes lamented boasted testified pledged vowed mused cried yelled"
    " recounted reiterated countered argues contends contended maintains maintained"
)
ENGLISH_WORDS = frozenset(ENGLISH_CUES.split("|"))
# Verbs with the speaker as subject right before a quotation, and of something else elsewhere.
_ANSWERING_CUES = _pattern("menjawab menimpali menyahut membalas menyela replied answered")
_FREE = r"(?<![\w-])"
AFTER_CUE = re.compile(
    rf"(?P<gap>[\s,.]*)(?:(?P<nya>(?:{ROOT_CUES}|menurut)nya)"
    rf"|(?P<root>{ROOT_CUES}|menurut|demikian(?:lah)?(?:\s+(?:kata|ujar|tutur|ucap|disampaikan|dikatakan))?"
    rf"|begitu(?:lah)?\s+(?:{ROOT_CUES}))"
    rf"|(?P<english>{ENGLISH_CUES}|according\s+to))(?![\w-])",
    re.IGNORECASE,
)
VERB = re.compile(rf"{_FREE}(?P<cue>{VERB_CUES}|{ENGLISH_CUES})(?:lah)?(?![\w-])")
SPOKEN_VERB = re.compile(
    rf"{_FREE}(?P<cue>{VERB_CUES}|{_ANSWERING_CUES}|{ENGLISH_CUES})(?:lah)?(?![\w-])"
)
# What a person thinks of something: a cue for indirect speech, when a person is the subject.
_STANCE_CUES = _pattern(
    "mendukung menolak menyetujui memuji mengkritik mengecam mengapresiasi menuntut"
    " mengajak menjamin merasa optimistis optimis yakin called calls described describes dubbed supports supported welcomes welcomed praises praised criticises criticised criticizes"
    " criticized opposes opposed condemns condemned rejects rejected"
)
VERB_OR_STANCE = re.compile(
    rf"{_FREE}(?P<cue>{VERB_CUES}|{ENGLISH_CUES}|(?P<stance>{_STANCE_CUES}|menyambut\s+baik))"
    r"(?:lah)?(?![\w-])"
)
# "Kata Galih, ketiganya tidak datang." at the head of a sentence, as "Menurut Galih, …".
MENURUT = re.compile(
    rf"{_FREE}(?P<cue>[Mm]enurut|[Aa]ccording\s+to|(?:Kata|Ujar|Tutur|Ucap)(?=\s+(?:[A-Z]|dia|beliau)))"
    r"\s+"
)
MENURUTNYA = re.compile(rf"{_FREE}(?P<cue>[Mm]enurut)nya(?!\w)\s*,?\s*")
INNER = re.compile(
    rf"(?:,\s*|^|(?<=\w)\s(?=menurutnya(?!\w)))(?P<cue>(?P<nya>(?:{ROOT_CUES}|menurut)nya)"
    rf"|(?P<root>{ROOT_CUES}|menurut)"
    rf"|(?P<english>{ENGLISH_CUES}|according\s+to))(?![\w-])",
    re.IGNORECASE,
)
NOT_A_CUE_AFTER = word_set(
    "sembari yang boleh untuk tidak tak belum enggan bisa dapat harus agar supaya dengan sambil seraya tanpa"
    " jangan akan bukan guna dalam perlu hendak ingin mau usai seusai setelah saat ketika sebelum"
    " diminta not to never without by who which that will would could can should may might be"
    " was were is are been being of dan atau"
)
NEGATIONS = word_set("tidak tak belum bukan enggan")
CUE_WORD = re.compile(rf"(?:{ROOT_CUES}|menurut)", re.IGNORECASE)
# Nobody said it: "Neither X nor Y said", "tak seorang pun mengatakan".
NOBODY = re.compile(
    r"(?<!\w)(?:neither|nobody|no\s+one|none\s+of|(?:tak|tidak)(?:\s+ada)?\s+(?:se\w+|satu)\s+pun)(?!\w)",
    re.IGNORECASE,
)
WILLING = word_set("keberatan pernah sempat ingin mau akan bisa berani perlu")
CONJUNCTIONS = word_set("dan tetapi tapi serta namun lalu sekaligus sambil seraya and but")
ADVERBS = word_set(
    "juga pun sudah telah kemudian lalu kembali lebih lanjut turut sebelumnya bahkan hanya masih"
    " dahulu terlebih malah tetap sangat amat tentu pasti terus selalu sempat pernah sendiri itu ini tersebut lagi sendiri mulai ikut secara justru"
    " kini kerap sering berulang-ulang berkali-kali akhirnya also later then earlier has have had further previously again repeatedly often"
    " recently reportedly himself herself themselves"
)
PRONOUNS = word_set("ia dia beliau dirinya pihaknya he she")
PLURAL_PRONOUNS = word_set("mereka kami kita saya aku anda they we i you it one")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"\w+")


def last_match(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    return next(iter(deque(found, maxlen=1)), None)


def is_english(cue: str) -> bool:
    return re.fullmatch(ENGLISH_CUES, cue) is not None

"""Words around a question that are not of its matter.

"Could you please find out ...", "According to the article, ...", "Which of the
following ...": they speak of the asking and of the texts at large, occur in
passages by chance, and draw a search away (stop structures, Huston & Croft,
"Evaluating verbose query processing techniques", SIGIR 2010). docs/log.md says
what taking them off is worth.

Rules over the question alone. Whose words are asked for, and what kind of
answer, is understood from the whole question.
"""

from __future__ import annotations

import re

from qa.language.tokens import STOPWORDS, fold, tokens

# The texts at large, not a certain one: "the article", but not "the IMF report".
_TEXTS_EN = (
    r"(?:(?:the|this|that|these|those|your|my|all|above|given|following|provided)\s+)*"
    r"(?:passage|text|article|document|paragraph|excerpt|extract|stor(?:y|ie)|report|source|corpus)"
    r"s?(?:\s+(?:above|below))?"
)
_TEXTS_ID = (
    r"(?:(?:isi|semua|seluruh|para)\s+)?(?:bacaan|kutipan|teks|artikel|dokumen|paragraf|bagian"
    r"|wacana|cuplikan|tulisan|laporan|berita|sumber)(?:-\w+)?"
    r"(?:\s+(?:tersebut|ini|itu|di\s+atas|di\s+bawah|yang\s+(?:ada|diberikan|tersedia)))*"
)
_WITHIN_EN = (
    r"(?:(?:(?:the|any|all)\s+)?(?:information|facts|details|contents?|what)\s+"
    r"(?:(?:that\s+)?(?:is\s+|are\s+|was\s+)?"
    r"(?:given|provided|contained|found|presented|stated|available)\s+)?(?:in|of|from|by)\s+)?"
)
_WITHIN_ID = (
    r"(?:(?:informasi|keterangan|data|fakta|isi)\s+(?:yang\s+\w+\s+)?"
    r"(?:(?:di|dalam|pada|dari)\s+){0,2})?"
)
_TOLD_EN = (
    r"(?:stated|said|mentioned|described|reported|written|shown|noted|discussed|explained|listed"
    r"|given|cited|presented|outlined)"
)
_TOLD_ID = (
    r"(?:disebut(?:kan)?|dikatakan|dijelaskan|dinyatakan|ditulis(?:kan)?|tertulis|tercantum"
    r"|diuraikan|dibahas|digambarkan|diberikan|dipaparkan)"
)
_INSIDE_ID = r"(?:(?:di\s*)?dalam|di|pada|oleh)"
_ACCORDING = (
    rf"(?:according\s+to|(?:based|going|judging)\s+(?:up)?(?:on|by|from)|(?:as\s+)?per|given"
    rf"|as\s+{_TOLD_EN}\s+(?:in|by)|from|in)"
    rf"\s+{_WITHIN_EN}(?:what\s+)?{_TEXTS_EN}(?:\s+(?:says?|tells?))?"
    rf"|(?:menurut|berdasarkan|sesuai(?:\s+dengan)?|(?:kalau\s+|jika\s+)?(?:melihat|membaca)"
    rf"|(?:seperti|sebagaimana)\s+(?:yang\s+)?(?:telah\s+|sudah\s+)?{_TOLD_ID}\s+{_INSIDE_ID}"
    rf"|(?:di\s*)?dalam|dari|pada)\s+{_WITHIN_ID}{_TEXTS_ID}"
)
# "... is not mentioned in the passage as an advantage of ...", anywhere in a question.
_TOLD = re.compile(
    rf"(?:^|\s+)(?:(?:is|are|was|were)\s+)?(?:not\s+)?{_TOLD_EN}\s+(?:in|by)\s+{_TEXTS_EN}\b"
    r"(?!\s+(?:of|by|from|on|about|that)\b)"
    rf"|(?:^|\s+)(?:(?:yang|tidak|telah|sudah)\s+)*{_TOLD_ID}\s+{_INSIDE_ID}\s+{_TEXTS_ID}"
    r"(?=\s*(?:[,?.!]|sebagai\b|tentang\b|mengenai\b|soal\b|untuk\b|$))",
    re.IGNORECASE,
)

_CHOICES_EN = r"(?:statements?|sentences?|options?|answers?|choices?)"
_CHOICES_ID = r"(?:(?:pernyataan|kalimat|hal|pilihan|opsi|jawaban)(?:-\w+)?)"
_ASKING = (
    # English
    r"(?:(?:can|could|would|will)\s+you\s+)?(?:please\s+|kindly\s+)?"
    r"(?:(?:tell|show|give|inform|help)\s+(?:me|us)|let\s+(?:me|us)\s+know|find(?:\s+out)?"
    r"|look\s+up|explain(?:\s+to\s+(?:me|us))?|answer|say)(?:\s+(?:with|about)?\s*this(?:\s+one"
    r"|\s+question)?)?(?:\s+to\s+(?:find(?:\s+out)?|know|understand))?",
    r"(?:i|we)(?:['’](?:d|m|re)|\s+would|\s+am|\s+are)?\s+(?:like|want|need|wish|trying|curious|"
    r"interested|wondering|wonder|looking|searching)(?:\s+for)?(?:\s+to)?"
    r"(?:\s+(?:know|find(?:\s+out)?|understand|see|learn|hear))?"
    r"(?:\s+(?:an|the)\s+answer)?(?:\s+to\s+(?:this|the\s+following)\s+question)?",
    r"do\s+you\s+(?:happen\s+to\s+)?know",
    rf"what\s+do(?:es)?\s+{_TEXTS_EN}\s+(?:say|tell\s+us)\s+(?:about|on)(?:\s+this)?",
    rf"which(?:\s+one)?(?:\s+of\s+(?:the\s+following|these)(?:\s+{_CHOICES_EN})?"
    rf"|\s+{_CHOICES_EN}(?=\s+(?:best|most|is|are|was|were|would|does|do)\b))"
    r"(?:\s+(?:is|are|was|were|would|could|can|might|should|does|do|be))*(?:\s+not|n['’]t)?"
    r"(?:\s+be)?(?:\s+(?:best|most\s+\w+ly))?"
    r"(?:\s+(?:true|correct|false|accurate|considered|describes?|reflects?"
    r"|explains?|summari[sz]es?|represents?)\b)?",
    # Indonesian
    r"(?:tolong|mohon|harap|coba(?:lah)?|(?:bisa|dapat|mau|sudi)(?:kah)?\s+(?:anda|kamu|kau|kalian)"
    r"(?:\s+tolong)?|bantu)(?:\s+(?:saya|kami|aku))?"
    r"(?:\s+(?:untuk\s+)?(?:jelaskan|menjelaskan|carikan|mencari(?:kan)?|beri\s*tahu"
    r"|memberi\s*tahu(?:kan)?|beritahukan|katakan|tunjukkan|sebutkan|jawab|menjawab))?"
    r"(?:\s+(?:kepada\s+)?(?:saya|kami|aku))?(?:\s+(?:pertanyaan\s+)?ini)?",
    r"(?:saya|kami|aku)\s+(?:ingin|mau|perlu|butuh|sedang|hendak)"
    r"(?:\s+(?:tahu|mengetahui|mencari|bertanya|menanyakan|jawaban))*"
    r"(?:\s+atas)?(?:\s+(?:pertanyaan\s+)?(?:ini|berikut))*",
    r"apa(?:kah)?\s+(?:anda|kamu|kau|kalian)\s+(?:tahu|mengetahui)",
    rf"apa\s+(?:kata|isi)\s+{_TEXTS_ID}\s+(?:tentang|soal|mengenai)(?:\s+(?:hal\s+)?ini)?",
    rf"(?:yang\s+)?mana(?:kah)?\s+(?:(?:dari|di\s*antara)\s+(?:{_CHOICES_ID}\s+)?(?:berikut(?:\s+ini)?"
    rf"|ini)|{_CHOICES_ID}(?:\s+berikut(?:\s+ini)?)?(?=\s+yang\b))"
    r"(?:\s+(?:yang|bukan(?:lah)?|tidak|merupakan|akan|bisa|dapat|paling|benar|salah|akurat|tepat"
    r"|dianggap|termasuk|(?:meng|di)gambarkan|(?:men|di)jelaskan|(?:men|di)cerminkan))*",
)

# "In the report, who ...", but not "In the report of the auditors": there it is a certain one.
_QUESTION_NEXT = (
    r"\s*(?:[,:;?.!]|$|(?:what|who|whom|whose|when|where|which|why|how|is|are|was|were|did|does|do|apa"
    r"|siapa|kapan|mana|berapa|bagaimana|mengapa|kenapa|di\s*mana|ke\s*mana|dari\s*mana|adakah)\w*\b)"
)
_START = re.compile(
    rf"^\s*(?:(?:{_ACCORDING})(?={_QUESTION_NEXT})|{'|'.join(_ASKING)})(?![\w'’-])\s*[,:;.!-]*\s*",
    re.I,
)
_END = (
    re.compile(rf",?\s+(?:{_ACCORDING})\s*(?=[?.!]*\s*$)", re.I),
    # After the question: how to answer it.
    re.compile(
        r"(?<=\?)\s*(?:please\s+|tolong\s+|mohon\s+)?(?:answer|cite|quote|reply|respond|give|show"
        r"|include|add|name|thanks?|thank\s+you|jawab|jawablah|kutip|sertakan|sebutkan|beri(?:kan)?"
        r"|tunjukkan|terima\s+kasih)\b[^?\d]{0,60}$",
        re.I,
    ),
    re.compile(r",?\s+(?:please|tolong)\s*(?=[?.!]*\s*$)", re.I),
)

# What an abbreviation stands for is told by brackets, hardly ever in these words.
_LETTERS = r"(?:acronym|abbreviation|letters|initials|short\s+form)"
_SPELT_OUT = re.compile(
    rf"^what\s+(?:do(?:es)?|did)\s+(?:(?:the\s+)?{_LETTERS}\s+(?P<en>\S+)|the\s+(?P<the>\S+)\s+"
    rf"{_LETTERS}|(?P<bare>[\w.&/-]+))\s+stands?\s+for(?P<rest>.*)$"
    r"|^what\s+(?:is|are)\s+(?P<short>.+?)\s+(?:short\s+for|an?\s+(?:acronym|abbreviation)\s+(?:of|for)"
    r"|abbreviated\s+(?:as|to))\s*\?*$"
    r"|^apa(?:kah)?\s+(?:itu\s+)?(?:kepanjangan|singkatan|akronim)(?:nya)?\s+(?:dari\s+|untuk\s+)?"
    r"(?P<id>.+)$"
    r"|^(?P<last>.+?)\s+(?:itu\s+)?(?:adalah\s+|merupakan\s+)?(?:ber)?(?:kepanjangan|singkatan|akronim)"
    r"(?:nya)?\s+(?:dari\s+)?apa(?:kah)?\s*\?*$",
    re.IGNORECASE,
)


def asks_expansion(question: str) -> bool:
    """Whether *question* asks what an abbreviation stands for, or for the abbreviation."""
    return _SPELT_OUT.match(question.strip()) is not None


def bare(question: str) -> str:
    """*question* without the words around its matter; as it is if nothing would be left."""
    text, before = question, ""
    while text != before:
        before = text
        for pattern in (_START, *_END, _TOLD):
            text = pattern.sub("", text, count=1)
        if asked := _SPELT_OUT.match(text):
            text = "".join(filter(None, asked.groups()))
    said = (fold(token.text) for token in tokens(text))
    return text.strip() if any(map(_matters, said)) else question


def _matters(word: str) -> bool:
    return not any(word in words for words in STOPWORDS.values())

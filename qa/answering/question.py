"""What a question asks for: its language, whose words, and what must be there.

Rules over the question alone; knows nothing about the corpus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.language.detection import detect
from qa.language.names import people
from qa.language.tokens import STOPWORDS, fold, tokens

MAX_LENGTH = 2_000  # characters; longer is a pasted text, not a question

# Words that ask for somebody's words.
_SAYING = re.compile(
    r"\b(?:say|said|says|state[ds]?|claim(?:ed|s)?|told|tell|think|thought|opinion|view|comment"
    r"(?:ed|s)?|respon[ds]e?d?|stress(?:ed)?|emphasi[sz]ed?|warn(?:ed)?|according\s+to|call(?:ed)?"
    r"\s+for|argue[ds]?|propose[ds]?|urge[ds]?|mention(?:ed)?|describe[ds]?|explain(?:ed)?"
    r"|kata(?:nya)?|berkata|ucap(?:an|kan)?|ujar|tutur|ungkap(?:kan)?|pendapat|tanggapan"
    r"|pernyataan|pandangan|komentar|menurut|mengatakan|menyatakan|dikatakan|disampaikan"
    r"|menyampaikan|menegaskan|menekankan|menjelaskan|mengungkapkan|menyebut(?:kan)?|bilang)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\W\d_a-z][\w'’-]*$")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what was understood of it.

    ``speaker`` is the person whose words are asked for; ``names`` are the
    words written like names, as folded terms.
    """

    text: str
    language: str
    speaker: str | None
    names: tuple[str, ...]


def understand(text: str) -> Question:
    """Analyse one question; language is "id" or "en" (English when unsure)."""
    text = " ".join(text.split())
    detected = detect(text)
    language = "id" if detected in ("id", "ms", "jv", "su") else "en"
    speaker = None
    if _SAYING.search(text):
        speaker = next((mention.name for mention in people(text)), None)
    return Question(text, language, speaker, _names(text, language))


def _names(text: str, language: str) -> tuple[str, ...]:
    """Capitalised words after the first, which every question capitalises."""
    words = tokens(text)
    skip = STOPWORDS[language]
    found = [
        fold(word.text)
        for i, word in enumerate(words)
        if (i > 0 or word.text.isupper()) and _NAME.match(word.text) and fold(word.text) not in skip
    ]
    return tuple(dict.fromkeys(found))

"""Words of one language in another, as somebody would write them in a question.

The translation table knows stems ("pajak" is "tax", "korupsi" is "corrupt"); the vocabulary of
the bundled model has words of both languages, and its vectors tell which of those with that stem
means the same ("corruption"). What is not sure has no translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qa.language.tokens import stem
from qa.language.translation import translations, word_translations
from qa.types import Embedder

SURE = 0.4  # probability of the likeliest stem
BACK = 0.25  # that of the word's own stem, from there
ALIKE = 0.9  # cosine of a word and its translation
ALIKE_TWO = 0.94  # that of two words


class Words:
    """Translates between English and Indonesian with the vocabulary of *embedder*.

    With any embedder but the bundled one, nothing is translated.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._word = lru_cache(maxsize=1_000)(self._translated)

    def translated(self, words: Sequence[str], source: str, target: str) -> str | None:
        """One or two *words*, in small letters, of language *source* in *target*.

        None where that is not sure, or where a word is the same in both, as names are.
        """
        # "What is said about car?" is no English, nor are "prices growths".
        one = [self._word(w, source, target, target == "en" and w is words[0]) for w in words]
        found = [word for word in one if word is not None]
        if len(found) < len(words):
            return None
        # Indonesian describes a thing after it ("pertumbuhan ekonomi"), English before.
        name = " ".join(reversed(found))
        if len(words) > 1 and self._cosines(" ".join(words), [name])[0] < ALIKE_TWO:
            return None
        return name

    def _translated(self, word: str, source: str, target: str, plural: bool) -> str | None:
        own = stem(word, source)
        table = word_translations(word, source, target) or translations(own, source, target)
        if not table or table[0][1] < SURE:
            return None
        likeliest = table[0][0]
        if dict(translations(likeliest, target, source)).get(own, 0.0) < BACK:
            return None
        forms = self._forms(likeliest, target)
        if not forms or word in forms:
            return None
        cosines = dict(zip(forms, self._cosines(word, forms), strict=True))
        best = max(cosines, key=cosines.__getitem__)
        if cosines[best] < ALIKE:
            return None
        plurals = (best + "s", best + "es", best[:-1] + "ies") if plural else ()
        return next((form for form in plurals if cosines.get(form, 0.0) >= ALIKE), best)

    def _forms(self, wanted: str, language: str) -> list[str]:
        """The words of the vocabulary with that stem, which is nearly always as they begin."""
        from embeddings.bundled import BundledEmbedder  # slow to load, and by now there

        if not isinstance(self._embedder, BundledEmbedder):
            return []
        return [
            word
            for word in self._embedder.vocabulary
            if word.startswith(wanted[:3]) and stem(word, language) == wanted
        ]

    def _cosines(self, text: str, others: Sequence[str]) -> list[float]:
        wanted, *vectors = self._embedder.encode_query([text, *others])
        return [float(wanted @ vector) for vector in vectors]

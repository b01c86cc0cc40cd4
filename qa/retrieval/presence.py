"""Whether words stand anywhere in what was searched, in any form that the index knows.

For saying that something is nowhere, so it errs on the side of finding: a
translation, an inflection, another spelling of a name, a title count as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qa.index.store import PassageTable
from qa.language.abbreviations import blends
from qa.language.spelling import initials, spelt_alike
from qa.language.tokens import fold, stem, tokens
from qa.language.translation import translations
from qa.retrieval.adapted import Table
from qa.retrieval.lexical import STANDS_FOR, Postings, QueryWord, query_words
from qa.retrieval.restriction import Mask
from qa.types import Document


@dataclass(frozen=True, slots=True)
class Presence:
    """The words of the passages *within* (None: all of *table*).

    *language*: of the question; *extra*: see ``query_words``; *vocabulary*: the terms
    of the index that begin with a letter; *titles*: the folded words of titles and
    outlets, which may be no part of any passage.
    """

    table: PassageTable
    postings: Postings
    within: Mask | None
    language: str
    extra: Table
    vocabulary: Callable[[str], Sequence[str]]
    titles: Callable[[], frozenset[str]]

    def rows(self, word: QueryWord) -> npt.NDArray[np.int64]:
        """The rows of passages that hold *word* or a translation of it."""
        terms = {
            term
            for stands_for in word.terms.values()
            for term, probability in stands_for
            if probability >= STANDS_FOR
        }
        return self._rows(terms)

    def _rows(self, terms: set[str]) -> npt.NDArray[np.int64]:
        found = [self.postings(term)[0] for term in terms]
        rows = self.table.rows(np.unique(np.concatenate(found))) if found else _NONE
        return rows if self.within is None else rows[self.within[rows]]

    def holds(self, word: QueryWord) -> bool:
        """Whether some passage, or a title, has *word*."""
        return len(self.rows(word)) > 0 or fold(word.text) in self.titles()

    def in_document(self, number: int, document: Document) -> Presence:
        """The same of one *document*, *number* in the table."""
        named = f"{document.title} {document.outlet or ''} {document.byline or ''}"
        said = frozenset(fold(token.text) for token in tokens(named))
        return replace(self, within=self.table.documents == number, titles=lambda: said)

    def spread(self, word: QueryWord) -> float:
        """The share of the documents that have *word*, 0 to 1."""
        having = np.unique(self.table.documents[self.rows(word)])
        return len(having) / max(1, len(np.unique(self.table.documents)))

    def words(self, text: str) -> list[QueryWord]:
        """The content words of *text*, which is in the language of the question."""
        return query_words(text, self.language, self.table.names, extra=self.extra)

    def together(self, words: Sequence[str]) -> bool:
        """Whether some passage has all of *words*, or a title each of them."""
        if self.titles().issuperset(words):
            return True
        common: npt.NDArray[np.int64] | None = None
        for word in self.words(" ".join(words)):
            rows = self.rows(word)
            common = rows if common is None else np.intersect1d(common, rows)
        return common is not None and len(common) > 0

    def alike(self, word: QueryWord) -> npt.NDArray[np.int64]:
        """The rows of passages that hold *word*, a translation, or it in another spelling.

        "multilateralisme" for "multilateralism", which the translation table lacks.
        """
        rows = self.rows(word)
        return rows if len(rows) else self._spelt(fold(word.text))

    def synonymous(self, folded: str) -> bool:
        """Whether some passage has what translations of a word stand for as well.

        "Tiongkok" for "China", "surat kabar" for "koran".
        """
        terms = set()
        for other in OTHER[self.language]:
            for term, share in translations(stem(folded, self.language), self.language, other):
                if share >= STANDS_FOR:
                    terms.add(term)
                    back = translations(term, other, self.language)
                    terms |= {one for one, again in back if share * again >= STANDS_FOR}
        return len(self._rows(terms)) > 0

    def blended(self, parts: Sequence[str]) -> bool:
        """Whether some passage has a word made of pieces of all of *parts*, folded: "Sumsel"."""
        if len(parts) < 2:
            return False
        alike = {term for term in self.vocabulary(parts[0][:1]) if blends(term, parts)}
        return len(self._rows(alike)) > 0

    def spelt(self, folded: str) -> bool:
        """Whether some passage has a word that may be the same name in another spelling."""
        return len(self._spelt(folded)) > 0

    def _spelt(self, folded: str) -> npt.NDArray[np.int64]:
        # The index has stems, of names as well: "bayan" of "Bayanan".
        forms = {folded, *(stem(folded, language) for language in self.table.names)}
        alike = {
            term
            for form in forms
            for letter in initials(form)
            for term in self.vocabulary(letter)
            if spelt_alike(form, term)
        }
        return self._rows(alike)


_NONE = np.zeros(0, np.int64)
OTHER = {"id": ("en",), "en": ("id",)}  # the languages of the translation table

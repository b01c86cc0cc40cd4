"""English training questions and passages in Indonesian, for want of real ones.

There are twenty English questions for one Indonesian. A phrase table learnt
from the same parallel text (Koehn, Och & Marcu, "Statistical Phrase-Based
Translation", 2003) puts them into an Indonesian that no one would print, but
whose words and word order inside phrases are right often enough to train on.

Words are aligned by IBM Model 1 in both directions with a preference for the
diagonal, and the two directions are joined by growing their intersection.
Decoding keeps the order of the phrases and needs no language model: the
likeliest segmentation, each phrase by its best translation.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.training.alignment import ibm_model_1
from embeddings.training.data import Pair, QuestionSet
from qa.language.tokens import STOPWORDS

LONGEST = 4  # words of a phrase
DIAGONAL = 4.0  # preference for words at like places, as in fast_align (Dyer et al. 2013)
NOTHING = 0.3  # preference for no word at all, beside the 1 of the very diagonal
SMALLEST = 1e-4

_WORD = re.compile(r"\w+(?:['’.,:/-]\w+)*|[^\w\s]")


def words(text: str) -> list[str]:
    """Lower-case words and marks of punctuation; the encoder is uncased too."""
    return _WORD.findall(text.lower())


Phrases = dict[str, tuple[str, float]]


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """For each English phrase its best Indonesian one, with a log score."""

    best: Phrases

    def translate(self, text: str) -> str:
        """*text* in Indonesian words; what the table does not know stays as it is."""
        source = words(text)
        count = len(source)
        score = [0.0] + [-math.inf] * count
        back: list[tuple[int, str]] = [(0, "")] * (count + 1)
        for start in range(count):
            for end in range(start + 1, min(count, start + LONGEST) + 1):
                phrase = " ".join(source[start:end])
                unknown = -10.0 if end == start + 1 else -math.inf
                target, gain = self.best.get(phrase, (phrase, unknown))
                if score[start] + gain > score[end]:
                    score[end] = score[start] + gain
                    back[end] = (start, target)
        parts = []
        end = count
        while end:
            end, target = back[end][0], back[end][1]
            parts.append(target)
        return _sentence_case(" ".join(filter(None, reversed(parts))))


def _sentence_case(text: str) -> str:
    """A capital at the beginning of each sentence, so that sentences can be told apart."""
    return re.sub(r"(^|[.?!] )(\w)", lambda m: m.group(1) + m.group(2).upper(), text)


def write_translated(table: PhraseTable, asked: QuestionSet, path: Path) -> None:
    """Every question and passage of *asked* with its translation, as gzipped JSON lines."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for text in dict.fromkeys((*asked.questions, *asked.passages)):
            row = {"text": text, "translation": table.translate(text)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def phrase_table(pairs: Sequence[Pair]) -> PhraseTable:
    """Estimate the table from *pairs*; each counts by its weight."""
    english = [words(pair.english) for pair in pairs]
    indonesian = [words(pair.indonesian) for pair in pairs]
    en_rows, en_vocabulary = _coded(english)
    id_rows, id_vocabulary = _coded(indonesian)
    weights = [pair.weight for pair in pairs]
    forward = _Lexicon(en_rows, id_rows, weights, len(id_vocabulary))
    backward = _Lexicon(id_rows, en_rows, weights, len(en_vocabulary))
    joint: dict[tuple[str, str], float] = defaultdict(float)
    for i, pair in enumerate(pairs):
        if not 0 < len(english[i]) <= 60 or not 0 < len(indonesian[i]) <= 60:
            continue
        links = _grown(
            forward.probabilities(en_rows[i], id_rows[i]),
            backward.probabilities(id_rows[i], en_rows[i]).T,
        )
        free = [word in STOPWORDS["en"] for word in english[i]]
        for a, b, c, d in _consistent(links, free):
            joint[" ".join(english[i][a:b]), " ".join(indonesian[i][c:d])] += pair.weight
    return PhraseTable(_best(joint))


def _coded(rows: Sequence[Sequence[str]]) -> tuple[list[list[int]], dict[str, int]]:
    number: dict[str, int] = {}
    return [[number.setdefault(word, len(number)) for word in row] for row in rows], number


class _Lexicon:
    """t(target word | source word), looked up for whole sentences at once."""

    def __init__(
        self,
        sources: Sequence[Sequence[int]],
        targets: Sequence[Sequence[int]],
        weights: Sequence[float],
        width: int,
    ) -> None:
        # One more source word in every sentence: nothing.
        self.nothing = 1 + max(max(row, default=0) for row in sources)
        sources = [[*row, self.nothing] if row else [] for row in sources]
        aligned = ibm_model_1(sources, targets, weights=weights).above(SMALLEST)
        keys = aligned.source * width + aligned.target
        order = np.argsort(keys)
        self.keys, self.values, self.width = keys[order], aligned.probability[order], width

    def probabilities(
        self, source: Sequence[int], target: Sequence[int]
    ) -> npt.NDArray[np.float64]:
        """t for each (source, target) word of a sentence, times the diagonal
        preference; 0 where the target word more likely comes from nothing."""
        keys = np.add.outer(np.array([*source, self.nothing]) * self.width, np.asarray(target))
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = np.where(self.keys[places] == keys, self.values[places], 0.0)
        nothing, found = found[-1] * NOTHING, found[:-1]
        rows = (np.arange(len(source)) + 0.5) / len(source)
        columns = (np.arange(len(target)) + 0.5) / len(target)
        found *= np.exp(-DIAGONAL * np.abs(np.subtract.outer(rows, columns)))
        found[found < nothing] = 0.0
        return found


def _grown(
    forward: npt.NDArray[np.float64], backward: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Links between English (rows) and Indonesian (columns) words: the best
    source of each target in both directions, their intersection grown by
    neighbours that either direction proposes (grow-diag)."""
    ahead = np.zeros(forward.shape, bool)
    best = forward.argmax(0)
    columns = np.arange(forward.shape[1])
    ahead[best, columns] = forward[best, columns] > 0
    back = np.zeros(backward.shape, bool)
    best = backward.argmax(1)
    rows = np.arange(backward.shape[0])
    back[rows, best] = backward[rows, best] > 0
    links = ahead & back
    union = list(zip(*np.nonzero((ahead | back) & ~links), strict=True))
    changed = True
    while changed:
        changed = False
        for row, column in union:
            if links[row, column] or (links[row].any() and links[:, column].any()):
                continue
            if links[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].any():
                links[row, column] = changed = True
    return links


def _consistent(
    links: npt.NDArray[np.bool_], free: Sequence[bool]
) -> Iterable[tuple[int, int, int, int]]:
    """Spans (a, b) of rows and (c, d) of columns whose links stay inside.

    Only a *free* row (a function word) may go without a link; alone it stands
    for nothing, an empty span of columns.
    """
    rows, columns = links.shape
    by_row: list[list[int]] = [[] for _ in range(rows)]
    by_column: list[list[int]] = [[] for _ in range(columns)]
    for row, column in zip(*(axis.tolist() for axis in np.nonzero(links)), strict=True):
        by_row[row].append(column)
        by_column[column].append(row)
    for a in range(rows):
        if free[a] and not by_row[a]:
            yield a, a + 1, 0, 0
        low, high = columns, -1
        for b in range(a + 1, min(rows, a + LONGEST) + 1):
            linked = by_row[b - 1]
            if linked:
                low, high = min(low, linked[0]), max(high, linked[-1])
            elif not free[b - 1]:
                break
            if high < 0 or high - low > LONGEST:
                continue
            if all(a <= row < b for c in range(low, high + 1) for row in by_column[c]):
                yield a, b, low, high + 1


def _best(joint: Mapping[tuple[str, str], float]) -> Phrases:
    """The translation of each phrase with the best p(id|en) · p(en|id)^½."""
    of_english: dict[str, float] = defaultdict(float)
    of_indonesian: dict[str, float] = defaultdict(float)
    for (english, indonesian), count in joint.items():
        of_english[english] += count
        of_indonesian[indonesian] += count
    best: Phrases = {}
    for (english, indonesian), count in joint.items():
        # Half an occurrence is taken off, so that a phrase seen once is not certain.
        sure = max(count - 0.5, 0.1)
        score = math.log(sure / of_english[english]) + 0.5 * math.log(
            sure / of_indonesian[indonesian]
        )
        if score > best.get(english, ("", -math.inf))[1]:
            best[english] = (indonesian, score)
    return best

"""When to say that the documents do not say.

A logistic regression over a few plain signals gives the chance that the chosen
sentences answer the question; below a threshold Kutip abstains. The shipped
weights were fitted by ``benchmarks/abstention.py`` on questions whose answers
are in the documents and the same questions with their answers hidden; that
program prints them, with the error rates, and they are copied here unchanged.
A corpus may have its own, made in the same way (``qa.evaluation.calibration``).
"""

from __future__ import annotations

import json
import math
from dataclasses import astuple, dataclass, fields

from qa.errors import CorpusDamaged

# Where the person asked about makes no statement that Kutip found. It misses
# some, so a very good answer is still given. Also where the article has no word of
# what the person's words are asked about, and where a person is asked for and the quotes
# name nobody. Set by hand.
SILENT_THRESHOLD = 0.6
# Where a name in the question stands nowhere in the corpus. Chosen on half of the
# development questions, confirmed on the other half; docs/log.md has the figures. Also where
# the article that comes nearest does not have it, or does not tell of the year asked about
# and another does.
NAMELESS_THRESHOLD = 0.4
# Where no article that comes near tells of the year that the question names. Set by hand.
UNTOLD_THRESHOLD = 0.6

LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for an answer; every field lies about in 0 to 1.

    ``passage_similarity``, ``sentence_similarity``: cosines of the question
    with the best passage and sentence. ``passage_coverage``,
    ``sentence_coverage``: share of the question's words, by idf, found there.
    ``names_missing``: share of the names in the question that the document of
    the best sentence lacks; whoever speaks there need not be named there.
    ``kind_missing``: 1 if a number, date, person, place or reason is asked for
    and the best sentence has none.
    ``number_missing``: share of the numbers in the question that the best
    sentence lacks, the year of its document's date counting as there.
    ``figure_missing``: 1 if a law, a year or a large number of the question
    stands nowhere in what was searched. ``polarity_missing``: 1 if the question
    denies something and the best sentence does not, or has the opposite.
    ``lead``: how far the best passage stands out from the other candidates, in
    deviations over ten. ``margin``: the same of the best sentence and the next
    that says something else, in the reader's score over ten. ``fewness``: 1 up to
    three hundred passages searched and .5 less for every ten times as many, since of
    many one is always near.
    """

    passage_similarity: float
    sentence_similarity: float
    passage_coverage: float
    sentence_coverage: float
    names_missing: float
    kind_missing: float
    number_missing: float
    figure_missing: float
    polarity_missing: float
    lead: float
    margin: float
    fewness: float


NOTHING_FOUND = Signals(0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0)
SIGNALS = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How confidence follows from the signals, and how much of it an answer needs.

    *weights*: one for each signal, in their order. *threshold*: the least
    confidence, 0 to 1, that is answered. *questions*: it was fitted on so many
    of the user's; none: the shipped one. *lost*: the share of right answers it
    was to give up. *pipeline*: the model and the way of cutting passages with
    which it was measured; under another one it is not used.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    questions: int = 0
    lost: float = 0.05
    pipeline: str = ""

    def __str__(self) -> str:
        if not self.questions:
            return "as shipped"
        return f"calibrated on {self.questions} questions to lose {100 * self.lost:g} % of answers"

    def confidence(self, signals: Signals) -> float:
        """Estimated probability, 0 to 1, that the answer is right."""
        total = self.bias + sum(w * s for w, s in zip(self.weights, astuple(signals), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def dump(self) -> str:
        """As text, for ``load``."""
        return json.dumps(
            {
                "layout": LAYOUT,
                "pipeline": self.pipeline,
                "weights": dict(zip(SIGNALS, self.weights, strict=True)),
                "bias": self.bias,
                "threshold": self.threshold,
                "questions": self.questions,
                "lost": self.lost,
            }
        )

    @classmethod
    def load(cls, text: str) -> Calibration:
        """What ``dump`` wrote; raises ``CorpusDamaged`` for anything else.

        One over other signals than this program's fits no pipeline.
        """
        try:
            found = json.loads(text)
            if found["layout"] != LAYOUT:
                raise ValueError(f"it has layout {found['layout']}, this program knows {LAYOUT}")
            weights = {str(name): float(weight) for name, weight in found["weights"].items()}
            calibration = cls(
                tuple(weights.get(name, 0.0) for name in SIGNALS),
                float(found["bias"]),
                float(found["threshold"]),
                int(found["questions"]),
                float(found["lost"]),
                str(found["pipeline"]) if set(weights) == set(SIGNALS) else "",
            )
            numbers = (*calibration.weights, calibration.bias, calibration.threshold)
            if not all(map(math.isfinite, numbers)):
                raise ValueError("a number in it is none")
            return calibration
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise CorpusDamaged(
                f"what kutip eval --calibrate stored with the corpus cannot be read ({error}); "
                "forget it with kutip eval --calibrate --reset"
            ) from error


# As ``benchmarks/abstention.py`` prints it.
SHIPPED = Calibration(
    weights=(4.15, 3.55, 0.84, 0.00, -0.91, -0.68, -0.51, -1.16, -2.94, 0.41, 2.15, 1.62),
    bias=-6.55,
    threshold=0.18,
)

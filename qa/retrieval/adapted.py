"""What a corpus has learned about its own words: weights and translations.

A value: ``qa.adaptation`` makes it, the store keeps it as text, and ranking
takes it in place of the shipped figures. Nothing here knows how it was learned.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.errors import CorpusDamaged
from qa.language.translation import Translations
from qa.retrieval.fusion import SHIPPED, Weights

LAYOUT = 1

# (source language, target language) to stem to the stems that stand for it.
Table = Mapping[tuple[str, str], Mapping[str, Translations]]


@dataclass(frozen=True, slots=True)
class Adapted:
    """Fusion *weights*, and rows that take the place of rows of the shipped table.

    *pipeline*: the model and the way of cutting passages with which it was
    measured; under another one it is not used.
    """

    weights: Weights = SHIPPED
    translations: Table = field(default_factory=dict)
    pipeline: str = ""

    def __bool__(self) -> bool:
        return bool(self.own_weights) or any(self.translations.values())

    @property
    def own_weights(self) -> dict[tuple[str, str], float]:
        """The weights that differ from the shipped ones, by (question's, passage's) language."""
        found = {}
        for asked, said in sorted({*self.weights.pairs, *SHIPPED.pairs}):
            weight, shipped = (float(w.of(asked, [said])[0]) for w in (self.weights, SHIPPED))
            if weight != shipped:
                found[asked, said] = weight
        return found

    def dump(self) -> str:
        """As text, for ``load``."""
        return json.dumps(
            {
                "layout": LAYOUT,
                "pipeline": self.pipeline,
                # Only these: for every other pair a later version may ship another weight.
                "weights": [[*pair, weight] for pair, weight in self.own_weights.items()],
                "translations": [[*pair, rows] for pair, rows in sorted(self.translations.items())],
            },
            ensure_ascii=False,
        )

    @classmethod
    def load(cls, text: str) -> Adapted:
        """What ``dump`` wrote; raises ``CorpusDamaged`` for anything else."""
        try:
            found = json.loads(text)
            if found["layout"] != LAYOUT:
                raise ValueError(f"it has layout {found['layout']}, this program knows {LAYOUT}")
            own = {(asked, said): float(weight) for asked, said, weight in found["weights"]}
            return cls(
                Weights({**SHIPPED.pairs, **own}),
                {
                    (source, target): {
                        stem: tuple((str(word), float(share)) for word, share in row)
                        for stem, row in rows.items()
                    }
                    for source, target, rows in found["translations"]
                },
                str(found["pipeline"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorpusDamaged(
                f"what kutip adapt stored with the corpus cannot be read ({error}); "
                "forget it with kutip adapt --reset"
            ) from error


NOTHING = Adapted()

"""Figures that must be reached, for a script that stops where answers got worse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import DatasetError
from qa.evaluation.measures import BY_NAME, Measure
from qa.evaluation.statistics import Interval
from qa.evaluation.summary import shown


@dataclass(frozen=True, slots=True)
class Requirement:
    """*measure* must be *value*, 0 to 1, or better."""

    measure: Measure
    value: float

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """From ``nDCG@10=0.8`` or ``answer@any=60%``; raises ``DatasetError``."""
        name, _, value = (part.strip() for part in text.partition("="))
        measure = next((m for m in BY_NAME.values() if m.name.casefold() == name.casefold()), None)
        if measure is None:
            raise DatasetError(
                f"{text!r}: no figure of that name; there are {', '.join(BY_NAME)}, "
                "as in answer@any=60%"
            )
        number = re.fullmatch(r"(\d*\.?\d+)\s*(%?)", value)
        share = float(number[1]) / (100 if number[2] else 1) if number else 2.0
        if share > 1:
            raise DatasetError(f"{text!r}: {value!r} is no share; write 0.6 or 60%")
        return cls(measure, share)

    def met(self, value: float) -> bool:
        """Whether *value* is good enough; as good is."""
        gain = value - self.value
        # Figures are kept with four digits.
        return (gain if self.measure.higher_is_better else -gain) >= -5e-5


def unmet(required: Sequence[Requirement], found: Mapping[str, Interval]) -> Iterator[str]:
    """What to say of each requirement that *found* does not meet.

    Raises ``DatasetError`` for one about which the questions say nothing.
    """
    for one in required:
        name = one.measure.name
        if name not in found:
            raise DatasetError(f"{name}: these questions say nothing about it; require another")
        value = found[name].value
        if not one.met(value):
            most = "at least" if one.measure.higher_is_better else "at most"
            yield (
                f"{name} is {shown(value, one.measure)}, and {most} "
                f"{shown(one.value, one.measure)} is required"
            )

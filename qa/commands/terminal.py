"""What commands say: lines for people, JSON for programs, bars of progress."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.adding import UNDER_WAY, Stage, Step


def say(line: object) -> None:
    """Print for a person: a control character in a document or name stays inert."""
    from qa.output import inert

    print(inert(str(line)))


def complain(line: object) -> None:
    from qa.output import inert

    print(f"kutip: {inert(str(line))}", file=sys.stderr)


def complain_of(problems: Sequence[str], most: int = 20) -> None:
    for problem in problems[:most]:
        complain(problem)
    if len(problems) > most:
        complain(f"and {len(problems) - most} more questions like these; --json lists them")


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def in_line(path: str) -> str:
    """A file's name may hold a line break, which must not look like another document."""
    return path.translate({ord(c): "\N{REPLACEMENT CHARACTER}" for c in "\n\r"})


def short(text: str, width: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


class Bar:
    """A progress bar on a terminal; silent where the output is read by a program."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None

    def __call__(self, done: float, total: int, name: str) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=self._title, unit="file", leave=False)
        self._bar.n = round(done, 2)
        self._bar.set_postfix_str(Path(name).name[:40], refresh=False)
        self._bar.refresh()
        if done >= total:
            self._bar.close()


class AddingBar:
    """The bar of files being added, moving within a long file too, and what became of each."""

    def __init__(self) -> None:
        self._bar = Bar("adding")
        self._last: dict[str, Step] = {}  # of each file

    def so_far(self) -> None:
        """Say what became of the files before something stopped it all."""
        steps = [one for one in self._last.values() if one.stage not in UNDER_WAY]
        for step in steps:
            if step.problem:
                complain(step.problem)
        counts = Counter(str(step.stage) for step in steps)
        say(", ".join(f"{count} {stage}" for stage, count in counts.items()) or "0 added")
        for step in list(self._last.values())[-1:]:
            left = step.total - len(steps)
            complain(f"stopped at {step.source}; {left} of {step.total} files are not added")

    def __call__(self, step: Step) -> None:
        self._last[step.source] = step
        under_way = {Stage.READING: 0.0, Stage.ENCODING: step.share, Stage.STORING: 0.99}
        done = step.number - 1 + under_way.get(step.stage, 1.0)
        self._bar(done, step.total, step.source)


class Stages:
    """One progress bar after another."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar = Bar("")

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._bar = stage, Bar(stage)
        self._bar(done, total, "")

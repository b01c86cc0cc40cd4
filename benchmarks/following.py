"""Follow-up questions: ``python benchmarks/following.py [DATA] [--half develop|"held out"]``.

The dialogues of ``tests/follow_ups.jsonl`` are asked of the sample articles. Right:
the follow-up is written out with everything its dialogue wants in it, and nothing else
of the earlier question; or is left alone where it stands by itself. With DATA (question
sets that stand by themselves, ``qa/dev`` there): each set asked in sequence, every
question with the three before it as its conversation; how many are changed though each
stands by itself. ``--failures`` prints what went wrong.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.answering.following import REMEMBERED, Turn, resolve
from qa.corpus import Corpus
from qa.evaluation.retrieval import read_rows
from qa.types import FollowUp

ROOT = Path(__file__).resolve().parent.parent
DIALOGUES = ROOT / "tests" / "follow_ups.jsonl"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--half", choices=("develop", "held out"))
    parser.add_argument("--failures", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in DIALOGUES.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder, Corpus.open(folder) as corpus:
        corpus.add(ROOT / "seeds" / "articles")
        for half in [options.half] if options.half else ["develop", "held out"]:
            mine = [row for row in rows if row["half"] == half]
            found = [(row, *ask(row, corpus)) for row in mine]
            right = sum(not wrong for _, _, wrong in found)
            print(f"{half}: {right} of {len(mine)} right")
            for row, followed, wrong in found if options.failures else ():
                if wrong:
                    said = followed.resolved if followed else "left alone"
                    print(
                        f"  {row['id']} {row['turns'][-1]} | {row['follow_up']} -> {said}: {wrong}"
                    )
    dev = options.data / "qa" / "dev" if options.data else None
    for folder in sorted(dev.iterdir()) if dev else ():
        if folder.name.startswith("ntrex") or not (folder / "answers.jsonl.gz").exists():
            continue  # sentences and headlines, not questions
        rows = list(read_rows(folder / "queries.jsonl.gz", "_id"))
        changed = in_sequence([str(row["text"]) for row in rows])
        for half, keep in (("develop", 0), ("held out", 1)):
            if options.half in (None, half):
                mine = [found for found in changed if found[0] % 2 == keep]
                count = len(rows[keep::2])
                print(f"{folder.name:16} {half:9} {len(mine):3} of {count:5} changed")
                for _, question, followed in mine if options.failures else ():
                    print(f"    {question} -> {followed.resolved}")


def ask(row: dict[str, Any], corpus: Corpus) -> tuple[FollowUp | None, list[str]]:
    """How the follow-up of one dialogue is read, and what is wrong with that."""
    previous: list[Turn] = []
    for question in row["turns"]:
        previous.append(Turn.of(corpus.ask(question, previous=previous)))
    followed = corpus.follow(row["follow_up"], previous)
    if followed is None:
        return None, [] if row["resolved"] == row["follow_up"] else ["left alone"]
    if row["resolved"] == row["follow_up"]:
        return followed, ["stands by itself"]
    text = followed.resolved.lower()
    wrong = [f"lacks {words!r}" for words in row["has"] if words.lower() not in text]
    wrong += [f"has {words!r}" for words in row["lacks"] if words.lower() in text]
    speaker = corpus.understand(followed.resolved).speaker
    if row["speaker"] and speaker != row["speaker"]:
        wrong.append(f"speaker {speaker}")
    if followed.excludes != row["excludes"]:
        wrong.append("quotes shown")
    return followed, wrong


def in_sequence(questions: Sequence[str]) -> list[tuple[int, str, FollowUp]]:
    """The *questions*, and their places, that are changed when asked one after another.

    Everybody is taken to be a speaker.
    """
    changed = []
    for i, question in enumerate(questions):
        previous = [Turn(before) for before in questions[max(0, i - REMEMBERED) : i]]
        followed = resolve(question, previous, speaks=lambda name: True)
        if followed is not None:
            changed.append((i, question, followed))
    return changed


if __name__ == "__main__":
    main()

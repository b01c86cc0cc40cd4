"""``python -m embeddings.training STAGE``: one command a stage, or ``all``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from embeddings.training import pipeline

STAGES = (
    "initialise", "distil", "translate", "finetune", "words", "export", "table", "evaluate", "card",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m embeddings.training", description=__doc__)
    parser.add_argument("stage", choices=(*STAGES, "all"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument(
        "--work", type=Path, default=Path(".cache/training"), help="checkpoints and intermediates"
    )
    parser.add_argument(
        "--model", type=Path, help="folder to export, to evaluate, or to make words for"
    )
    parser.add_argument(
        "--steps", type=int, help="of distil (default 1000), finetune (2000) or words (500)"
    )
    parser.add_argument("--questions", type=int, default=1000, help="of each set in evaluate")
    parser.add_argument("--sets", nargs="+", help="development sets in evaluate (default: all)")
    options = parser.parse_args(arguments)
    stages = STAGES if options.stage == "all" else (options.stage,)
    for stage in stages:
        pipeline.run(
            stage,
            data=options.data,
            work=options.work,
            model=options.model,
            steps=options.steps,
            questions=options.questions,
            sets=options.sets,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""``python -m embeddings.training STAGE``: one command a stage, or ``all``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from embeddings.training import pipeline

STAGES = ("initialise", "distil", "finetune", "export", "table", "evaluate")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m embeddings.training", description=__doc__)
    parser.add_argument("stage", choices=(*STAGES, "all"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument(
        "--work", type=Path, default=Path(".cache/training"), help="checkpoints and intermediates"
    )
    parser.add_argument("--model", type=Path, help="folder to export or evaluate")
    parser.add_argument("--steps", type=int, default=2000, help="of distil or finetune")
    options = parser.parse_args(arguments)
    stages = STAGES if options.stage == "all" else (options.stage,)
    for stage in stages:
        pipeline.run(
            stage,
            data=options.data,
            work=options.work,
            model=options.model,
            steps=options.steps,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

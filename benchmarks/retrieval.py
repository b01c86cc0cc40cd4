"""Words, vectors and both: ``python benchmarks/retrieval.py FOLDER…``.

Each FOLDER is in the BEIR layout. Prints nDCG@10 with its 95 % interval for
the lexical leg alone, the weighted sum as shipped, and the vectors alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.evaluation.evaluator import Evaluator
from qa.evaluation.running import Setting, figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", help="see kutip --model")
    options = parser.parse_args()
    print(f"{'nDCG@10':16} questions  words                both                 vectors")
    for folder in options.folders:
        cells, questions = [], 0
        with Evaluator(folder, model=options.model, answers=False) as evaluator:
            for name in ("lexical", "hybrid", "dense"):
                outcomes = [o for o in evaluator.run(Setting.parse(name)).outcomes if o.right]
                figure, questions = figures(outcomes)["nDCG@10"], len(outcomes)
                cells.append(f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})")
        print(f"{folder.name:16} {questions:9d}  " + "  ".join(cells), flush=True)


if __name__ == "__main__":
    main()

"""Words, vectors and both: ``python benchmarks/retrieval.py FOLDER…``.

Each FOLDER is in the BEIR layout. Prints nDCG@10 with its 95 % interval for
the lexical leg alone, the weighted sum as shipped, and the vectors alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import embeddings
from qa.evaluation.retrieval import evaluate
from qa.retrieval.fusion import DENSE_WEIGHT


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", help="see kutip --model")
    options = parser.parse_args()
    embedder = embeddings.load(options.model)
    print(f"{'nDCG@10':16} questions  words                both                 vectors")
    for folder in options.folders:
        cells = []
        for weight in (0.0, DENSE_WEIGHT, 1.0):
            result = evaluate(folder, embedder, dense_weight=weight)
            figure = result.metrics["nDCG@10"]
            cells.append(f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})")
        print(f"{folder.name:16} {result.questions:9d}  " + "  ".join(cells), flush=True)


if __name__ == "__main__":
    main()

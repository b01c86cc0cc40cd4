"""Fit and measure the shipped refusal: ``python benchmarks/abstention.py DATA``.

DATA holds BEIR folders with answers (``squad_en_id`` and so on). Every
question is put as ``kutip eval --calibrate`` puts it (``qa.evaluation.calibration``),
in corpora of several sizes, because people's differ: with its passage there,
and with it hidden; questions that the set calls unanswerable once.

Prints ``SHIPPED`` for ``qa/answering/abstention.py``, and the error rates by
five-fold cross-validation over questions, also for other thresholds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import embeddings
from benchmarks.small_corpora import cases
from qa.answering.reader import choose
from qa.evaluation.calibration import LOST, NOTHING, Case, Kind, cross_validated, fit, refused
from qa.types import Passage

SETS = ("squad_en_id", "squad_id_id", "tydiqa_id_dev", "idk_mrc_dev", "facqa_dev", "tydiqa_en_dev")
SIZES = (6, 30, 300, None)  # passages of a corpus; None: all of the set, up to 4,654
CURVE = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15)


def main() -> None:
    """Print the fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of BEIR folders")
    parser.add_argument("--most", type=int, default=200, help="questions of each set")
    options = parser.parse_args()
    found: list[Case] = []
    names: list[str] = []
    numbers: dict[str, int] = {}  # a question of several corpora stays in one fold
    embedder = embeddings.load()
    for name in SETS:
        for size in SIZES:
            for case in cases(options.data / name, embedder, size=size, most=options.most):
                number = numbers.setdefault(case.question.text, len(numbers))
                evidence = case.corpus.evidence(case.question)
                quotes = choose(evidence.candidates)
                if not case.answers:
                    kind = Kind.UNANSWERABLE
                elif any(case.right(c.passage.document_id, c.text) for c in quotes):
                    kind = Kind.RIGHT
                else:
                    kind = Kind.WRONG
                found.append(Case.of(number, kind, evidence))
                if case.answers:

                    def home(passage: Passage, id: str = case.home) -> bool:
                        return passage.document_id == id

                    evidence = case.corpus.evidence(case.question, hidden=home)
                    # Another passage may answer as well; short answers stand there by chance.
                    if not any(case.says(c.text, least=4) for c in choose(evidence.candidates)):
                        found.append(Case.of(number, Kind.HIDDEN, evidence))
                names += [name if size else f"{name}, all"] * (len(found) - len(names))
    calibration = fit(found, prior=NOTHING, deviation=1, worth=0)
    weights = ", ".join(f"{w:.2f}" for w in calibration.weights)
    print("SHIPPED = Calibration(")
    print(f"    weights=({weights}),")
    print(f"    bias={calibration.bias:.2f},")
    print(f"    threshold={calibration.threshold:.2f},")
    print(")")
    which = np.array(names)
    kinds = np.array([case.kind for case in found])
    fitted = cross_validated(found, prior=NOTHING, deviation=1, worth=0)
    lost = refused(found, fitted)
    print(
        f"{'refused of':19} cases  right answers  " + "  ".join(f"{k:>12}" for k in list(Kind)[1:])
    )
    for name in (*dict.fromkeys(names), "all"):
        mine = (which == name) | (name == "all")
        print(f"{name:19} {mine.sum():5d}", end="")
        for kind in Kind:
            these = mine & (kinds == kind)
            print(f"  {lost[these].mean() if these.any() else np.nan:12.3f}", end="")
        print()
    print(f"to lose {LOST:.2f} of the right answers; every case judged by the other folds")
    print("to lose   refused: " + "  ".join(Kind) + ", and most of a set's right answers")
    for share in CURVE:
        judges = cross_validated(found, lost=share, prior=NOTHING, deviation=1, worth=0)
        gone = refused(found, judges)
        most = max(gone[(which == name) & (kinds == Kind.RIGHT)].mean() for name in set(names))
        rates = "  ".join(f"{gone[kinds == kind].mean():.3f}" for kind in Kind)
        print(f"{share:.2f}      {rates}  {most:.3f}")


if __name__ == "__main__":
    main()

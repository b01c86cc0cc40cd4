"""End to end on a question set: ``python benchmarks/answers.py FOLDER [QUESTIONS.jsonl]``.

FOLDER holds ``articles/`` and ``questions/`` (as ``seeds`` does), or is a folder
of articles with QUESTIONS.jsonl beside it: rows of ``question, lang, answers,
answerable``. Prints, by language: answer sentence in the first citation, in any
citation; unanswerable questions refused; answerable ones refused; citations
that differ from their source (must be 0); milliseconds per question.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from qa.corpus import Corpus
from qa.evaluation.retrieval import read_rows
from qa.types import Answer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--failures", action="store_true", help="print what went wrong")
    parser.add_argument("--model", help="see kutip --model")
    options = parser.parse_args()
    rows = list(_plain(options.questions) if options.questions else _beir(options.folder))
    articles = options.folder if options.questions else options.folder / "articles"
    with (
        tempfile.TemporaryDirectory() as temporary,
        Corpus.open(temporary, model=options.model) as corpus,
    ):
        corpus.add(articles)
        corpus.ask("warm up")
        results = [(row, corpus.ask(str(row["question"]))) for row in rows]
        altered = sum(
            corpus.document(c.document_id).text[c.start : c.end] != c.quote
            for _, answer in results
            for c in answer.citations
        )
    print(f"{'':4} {'n':>4} {'first':>6} {'any':>6} {'refused':>8} | unanswerable n, refused")
    for language in ("en", "id", "all"):
        mine = [(r, a) for r, a in results if language in (r["lang"], "all")]
        asked = [(r, a) for r, a in mine if r["answerable"]]
        void = [a for r, a in mine if not r["answerable"]]
        first = sum(_holds(r, a, 1) for r, a in asked) / len(asked)
        anywhere = sum(_holds(r, a, 3) for r, a in asked) / len(asked)
        refused = sum(a.abstained for _, a in asked) / len(asked)
        kept = sum(a.abstained for a in void) / max(1, len(void))
        print(
            f"{language:4} {len(asked):4d} {first:6.3f} {anywhere:6.3f} {refused:8.3f} |"
            f" {len(void):4d} {kept:6.3f}"
        )
    print("citations that differ from their source:", altered)
    print("median ms a question:", median(a.timings["total"] for _, a in results))
    for row, answer in results if options.failures else ():
        wrong = not _holds(row, answer, 3) if row["answerable"] else not answer.abstained
        if wrong:
            print(f"\n{row['question']}  [{answer.confidence:.2f} {answer.reason or 'answered'}]")
            print(f"   wanted: {row['answers'] or 'a refusal'}")
            for citation in answer.citations:
                print(f"   got: {citation.quote[:160]}")


def _holds(row: dict[str, object], answer: Answer, most: int) -> bool:
    """True if one of the first *most* citations holds, or lies in, an expected answer."""
    wanted = [_plainly(text) for text in row["answers"]]  # type: ignore[attr-defined]
    quotes = [_plainly(c.quote) for c in answer.citations[:most]]
    return any(w in q or q in w for w in wanted for q in quotes)


def _plainly(text: str) -> str:
    return " ".join(text.split()).strip("\"“”' ")


def _plain(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _beir(folder: Path) -> Iterator[dict[str, object]]:
    questions = {r["_id"]: r for r in read_rows(folder / "questions" / "queries.jsonl", "_id")}
    for row in read_rows(folder / "questions" / "answers.jsonl", "query_id"):
        asked = questions[row["query_id"]]
        yield {**row, "question": asked["text"], "lang": asked["lang"]}


if __name__ == "__main__":
    main()

"""What somebody says about something: ``python benchmarks/own_words.py ARTICLES``.

ARTICLES is a JSON-lines file of news articles (``_id`` of the form
name:number-headline, ``text``), as the distractors are. ``own_words.tsv`` beside this
program has questions written for them by hand: a speaker, a topic in Indonesian and in
English, and the article in which the one speaks about the other, or none where they
nowhere do. Each is put as "Apa kata X tentang Y?" and "What did X say about Y?".

Prints, by language and half, for questions with an article: refused; a statement of the
speaker's in that article quoted first, or at all (another article may answer as well);
somebody else's words quoted. For those without, and for those whose article is hidden
(others may still answer): refused. First as shipped, then with the question put to all
passages as it stands. Last, the slope of the logistic that ``STEEPNESS`` keeps.

--most N takes the articles of the questions and others up to N in all; --corpus keeps
the index in a folder.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from qa.answering.evidence import Asked, Evidence
from qa.answering.question import Question
from qa.answering.reader import choose
from qa.corpus import Corpus
from qa.evaluation.datasets import read_rows
from qa.types import Passage

WAYS = {"id": "Apa kata {} tentang {}?", "en": "What did {} say about {}?"}


@dataclass(frozen=True)
class Row:
    """A question; *article*: in which its speaker answers it, "" if none."""

    speaker: str
    text: str
    language: str
    half: str
    article: str


def read_questions() -> list[Row]:
    """Those of ``own_words.tsv``, in both languages."""
    with (Path(__file__).parent / "own_words.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Row(
            row["speaker"],
            WAYS[language].format(row["speaker"], row[column]),
            language,
            "odd" if number % 2 else "even",
            row["article"],
        )
        for number, row in enumerate(rows)
        for language, column in (("id", "indonesian"), ("en", "english"))
    ]


def write_articles(path: Path, folder: Path, wanted: set[str], most: int | None) -> None:
    """One text file an article, named after its headline, with headline and date above."""
    texts = {}
    for row in read_rows(path, "_id", "text"):
        number, headline = str(row["_id"]).split(":", 1)[1].split("-", 1)
        day = datetime.fromtimestamp(int(number), UTC)
        title = headline.replace("-", " ").capitalize()
        texts[headline] = f"{title}\n\n{day:%d/%m/%Y}\n\n{row['text']}\n"
    others = sorted(texts.keys() - wanted)
    random.Random(0).shuffle(others)
    for headline in [*sorted(wanted), *others][:most]:
        (folder / f"{headline}.txt").write_text(texts[headline], encoding="utf-8")


class Plain(Corpus):
    """Puts every question to all passages, as it stands."""

    def _ways(self, question: Question) -> list[Asked]:
        return super()._ways(question)[-1:]


def measure(corpus: Corpus, questions: list[Row]) -> list[tuple[float, bool]]:
    """Print the table; the score of the best statement above the least, and if it should be."""
    counts: Counter[tuple[str, str]] = Counter()
    scores = []
    documents = {Path(one.source).stem: one.id for one in corpus.documents()}
    for asked in questions:
        names = {one.speaker for one in corpus.statements(speaker=asked.speaker)}
        home = documents.get(asked.article, "")
        answer = corpus.ask(asked.text)
        groups = [
            f"{kind} {asked.language}{half}"
            for kind in ["answerable" if home else "never said"]
            for half in ("", f" {asked.half}")
        ]
        theirs = [citation.speaker in names for citation in answer.citations]
        there = [
            own and citation.document_id == home
            for own, citation in zip(theirs, answer.citations, strict=True)
        ]
        for group in groups:
            counts[group, "questions"] += 1
            counts[group, "refused"] += answer.abstained
            counts[group, "first"] += any(there[:1])
            counts[group, "any"] += any(there)
            counts[group, "others"] += not all(theirs)
        understood = corpus.understand(asked.text)
        whole = corpus.evidence(understood)
        scores.append((_above(whole), bool(home)))
        if home:

            def there_only(passage: Passage, home: str = home) -> bool:
                return passage.document_id == home

            hidden = corpus.evidence(understood, hidden=there_only)
            scores.append((_above(hidden), False))
            group = f"hidden {asked.language}"
            counts[group, "questions"] += 1
            counts[group, "refused"] += refused(corpus, hidden)
    columns = ("refused", "first", "any", "others")
    print(f"{'':22}    n  " + "  ".join(f"{column:>7}" for column in columns))
    for group in sorted({group for group, _ in counts}):
        n = counts[group, "questions"]
        shown = columns if group.startswith("answerable") else columns[:1]
        print(f"{group:22} {n:4d}  " + "  ".join(f"{counts[group, c] / n:7.3f}" for c in shown))
    return [pair for pair in scores if np.isfinite(pair[0])]


def refused(corpus: Corpus, evidence: Evidence) -> bool:
    """Whether *evidence* is not enough."""
    calibration = corpus.calibration()
    enough = evidence.certainty(calibration) >= evidence.enough(calibration)
    return not (enough and choose(evidence.candidates))


def _above(evidence: Evidence) -> float:
    """By how much the best statement is over the least score that is enough."""
    return evidence.uttered.above if evidence.uttered is not None else -np.inf


@contextmanager
def indexed(about: str | None, wanted: set[str]) -> Iterator[Path]:
    """The folder of a corpus of the articles that the command line names, *wanted* ones first."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--most", type=int, help="articles in all")
    parser.add_argument("--corpus", type=Path, help="where the index is kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.corpus or Path(temporary, "corpus")
        if not (folder / "kutip.db").exists():
            articles = Path(temporary, "articles")
            articles.mkdir()
            write_articles(options.articles, articles, wanted, options.most)
            with Corpus.open(folder) as corpus:
                corpus.add(articles)
        yield folder


def main() -> None:
    """Print both tables and the slope."""
    questions = read_questions()
    with indexed(__doc__, {asked.article for asked in questions if asked.article}) as folder:
        print("among the speaker's own words, as shipped")
        with Corpus.open(folder) as corpus:
            scores = measure(corpus, questions)
        print("the question put to all passages")
        with Plain.open(folder) as corpus:
            measure(corpus, questions)
    above, right = zip(*scores, strict=True)
    fit = LogisticRegression(C=1e6).fit(np.array(above)[:, None], right)
    print(f"STEEPNESS = {fit.coef_[0][0]:.1f}")


if __name__ == "__main__":
    main()

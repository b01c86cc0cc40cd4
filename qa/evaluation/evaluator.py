"""From what a user names - a BEIR folder, or questions over a corpus - to runs.

Wires reading, indexing, asking and comparing; the command ``kutip eval`` is a
thin layer over it. Owns none of their rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import embeddings
from qa.answering.question import understand
from qa.errors import DatasetError
from qa.evaluation.calibration import LOST, Report, calibrate
from qa.evaluation.datasets import Dataset, load_beir, looks_like_run, read_questions, read_run
from qa.evaluation.gold import Gold, Item, asked, of_dataset, of_rows
from qa.evaluation.indexing import cache_folder, copied, indexed
from qa.evaluation.measured import MeasuredCorpus, Remembering
from qa.evaluation.running import Run, Setting, load, measure, of_ranking, write_qrels

Progress = Callable[[int, int, str], None]


class Evaluator:
    """Runs over the questions in *target*.

    *target*: a BEIR folder, which brings its own corpus, or a file of
    questions over the corpus in the folder *corpus*, which is only read.
    *qrels*: another file of right passages than the folder's. *model*: see
    ``embeddings.load``. *cache*: False indexes in a temporary folder.
    *indexing* and *asking* are told of progress.
    """

    def __init__(
        self,
        target: Path,
        *,
        corpus: Path | None = None,
        qrels: Path | None = None,
        model: str | None = None,
        answers: bool = True,
        cache: bool = True,
        indexing: Progress | None = None,
        asking: Progress | None = None,
    ) -> None:
        self.target = target
        place = target.resolve()
        # Folders of questions are called "questions" or "test" more often than not.
        self.name = place.name if place.is_file() else f"{place.parent.name}/{place.name}"
        self._model = model
        self._answers = answers
        self._cache = cache_folder() if cache else None
        self._indexing, self._asking = indexing, asking
        self._opened: dict[str | None, tuple[Gold, MeasuredCorpus]] = {}
        self._stack = ExitStack()
        self._corpus = corpus
        self._dataset: Dataset | None = None
        if target.is_dir() or not target.exists():
            self._dataset = load_beir(target, qrels=qrels)
        elif qrels:
            raise DatasetError(
                f"{qrels}: right passages go with a BEIR folder; {target} says itself what is right"
            )
        elif corpus is None:
            raise DatasetError(f"{target}: no corpus; name one with --corpus")
        else:
            self._rows = read_questions(target)

    def __enter__(self) -> Evaluator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(self, setting: Setting | None = None) -> Run:
        """Ask every question in one setting, by default as shipped."""
        setting = setting or Setting()
        gold, corpus = self._open(setting.model or self._model)
        return measure(
            gold,
            corpus,
            dataset=self.name,
            setting=setting,
            answers=self._answers,
            progress=self._asking,
        )

    def calibrate(self, *, lost: float = LOST) -> Report:
        """Fit the refusal to the questions; see ``qa.evaluation.calibration``. Changes nothing."""
        gold, corpus = self._open(self._model)
        if isinstance(corpus.embedder, Remembering):
            corpus.embedder.learn([understand(item.text).text for item in gold.items])
        return calibrate(corpus, gold, lost=lost, progress=self._asking)

    def score(self, path: Path) -> Run:
        """Figures of a TREC run that was made elsewhere, over the same questions."""
        return of_ranking(self._items(), read_run(path), dataset=self.name, name=path.name)

    def write_qrels(self, path: Path) -> None:
        """What is right for each question, as TREC qrels for other tools."""
        write_qrels(self._items(), path)

    def _items(self) -> Sequence[Item]:
        return list(asked(self._dataset)) if self._dataset else self._open(self._model)[0].items

    def _open(self, model: str | None) -> tuple[Gold, MeasuredCorpus]:
        """The questions and the corpus to ask them of, opened once for each model."""
        if model not in self._opened:
            if self._dataset:
                embedder = Remembering(embeddings.load(model))
                folder = self._stack.enter_context(
                    indexed(self._dataset, embedder, cache=self._cache, progress=self._indexing)
                )
                corpus = MeasuredCorpus.open(folder, embedder=embedder)
                self._stack.callback(corpus.close)
                gold = of_dataset(self._dataset, corpus)
            else:
                assert self._corpus is not None
                folder = self._stack.enter_context(copied(self._corpus))
                corpus = MeasuredCorpus.open(folder, model=model, progress=self._indexing)
                self._stack.callback(corpus.close)
                corpus.embedder = Remembering(corpus.embedder)
                gold = of_rows(self.target, self._rows, corpus)
            if not gold.items:
                raise DatasetError(
                    "\n".join([*gold.problems[:10], f"{self.target}: no question is left to ask"])
                )
            self._opened[model] = gold, corpus
        return self._opened[model]


def resolve(named: str, evaluator: Evaluator | None) -> Run:
    """The run that *named* stands for: a saved run, a TREC run, or a setting to run now.

    *evaluator* is needed for the latter two.
    """
    path = Path(named)
    if path.is_file() and not looks_like_run(path):
        run = load(path)
        # Two runs kept before and after a change have the same setting.
        return replace(run, setting=f"{path.name}: {run.setting}")
    if not path.is_file():
        setting = Setting.parse(named)
    if evaluator is None:
        raise DatasetError(
            f"{named}: which questions? name a BEIR folder or a file of questions before --compare"
        )
    return evaluator.score(path) if path.is_file() else evaluator.run(setting)

"""``eval`` and ``adapt``: how good answers are, and how they get better."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from qa.commands.options import Verbs, a_path, a_percentage, corpus_folder, open_corpus
from qa.commands.terminal import Bar, Stages, complain_of, print_json, say
from qa.errors import DatasetError

if TYPE_CHECKING:
    from qa.evaluation.evaluator import Evaluator

NO_QUESTIONS = "no questions; name a BEIR folder or a file of questions"


def add_verbs(verbs: Verbs) -> None:
    """Declare the commands of this module."""
    verb = verbs.add_parser("eval", help="measure finding, quoting and refusing on questions")
    verb.add_argument(
        "questions",
        nargs="?",
        type=a_path,
        metavar="QUESTIONS",
        help="a BEIR folder, with its own corpus, or a CSV or JSON-lines file of questions about "
        "yours: question, expected source, expected text, answerable",
    )
    verb.add_argument(
        "--qrels", type=a_path, metavar="FILE", help="other right passages, BEIR or TREC"
    )
    verb.add_argument(
        "--with",
        dest="setting",
        default="hybrid",
        metavar="SETTING",
        help="hybrid (default), dense, lexical, weight=0 to 1, k=passages read, model=NAME, joined "
        "by commas; or a TREC run to measure",
    )
    verb.add_argument(
        "--compare", nargs=2, metavar=("A", "B"), help="two settings, saved runs or TREC runs"
    )
    verb.add_argument("--no-answers", action="store_true", help="measure the ranking alone")
    verb.add_argument("--no-cache", action="store_true", help="keep no index of a BEIR folder")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.add_argument("--report", type=a_path, metavar="FILE", help="write an HTML page to look at")
    verb.add_argument(
        "--table", type=a_path, metavar="FILE", help="write every question in a row, as CSV"
    )
    verb.add_argument("--run", dest="trec", type=a_path, metavar="FILE", help="write a TREC run")
    verb.add_argument(
        "--run-qrels",
        type=a_path,
        metavar="FILE",
        help="write the right passages as TREC qrels, for tools that read the run",
    )
    verb.add_argument("--save", type=a_path, metavar="FILE", help="keep the run, to compare later")
    verb.add_argument(
        "--require",
        action="append",
        default=[],
        metavar="FIGURE=VALUE",
        help="end with status 1 unless the figure is that good, as in answer@any=60%% (may be "
        "given again)",
    )
    verb.add_argument(
        "--calibrate",
        action="store_true",
        help="fit when to refuse on the questions, say how often it errs, and keep it with the "
        "corpus",
    )
    verb.add_argument(
        "--lose",
        type=a_percentage,
        metavar="PERCENT",
        help="with --calibrate: how many of 100 right answers may be refused (default 5)",
    )
    verb.add_argument(
        "--dry-run", action="store_true", help="with --calibrate: measure, and change nothing"
    )
    verb.add_argument(
        "--reset", action="store_true", help="with --calibrate: refuse as shipped again"
    )
    verb.set_defaults(run=_eval)

    verb = verbs.add_parser(
        "adapt", help="learn the corpus's own words and weights, and keep what measures better"
    )
    verb.add_argument(
        "questions",
        nargs="?",
        type=a_path,
        metavar="QUESTIONS",
        help="a CSV or JSON-lines file of saved questions (as for eval) or a BEIR folder; "
        "weights need at least ten, translations do without",
    )
    verb.add_argument("--dry-run", action="store_true", help="measure, and change nothing")
    verb.add_argument("--force", action="store_true", help="keep it all, better or not")
    verb.add_argument("--reset", action="store_true", help="forget what was learned")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.set_defaults(run=_adapt)


def _eval(options: argparse.Namespace) -> int:
    from qa.evaluation.evaluator import resolve
    from qa.evaluation.plots import require_matplotlib
    from qa.evaluation.required import Requirement, unmet
    from qa.evaluation.running import figures, save, write_trec

    if options.calibrate:
        return _calibrate(options)
    if options.lose is not None or options.dry_run or options.reset:
        raise DatasetError("--lose, --dry-run and --reset go with --calibrate")
    if options.questions is None and not options.compare:
        raise DatasetError(NO_QUESTIONS)
    of_one = (options.table, options.trec, options.run_qrels, options.save, options.require)
    if options.compare and any(of_one):
        raise DatasetError(
            "--table, --run, --run-qrels, --save and --require are of one run; leave out --compare"
        )
    required = [Requirement.parse(text) for text in options.require]
    _check_outputs(options)  # rather now than after a long run
    if options.report:
        require_matplotlib()
    if options.questions is None:
        return _eval_compared(options, None)
    with _evaluator(options) as evaluator:
        if options.compare:
            return _eval_compared(options, evaluator)
        run = resolve(options.setting, evaluator)
        if options.run_qrels:
            evaluator.write_qrels(options.run_qrels)
    complain_of(run.problems)
    if options.trec:
        write_trec(run, options.trec)
    if options.save:
        save(run, options.save)
    if options.table:
        from qa.evaluation.table import write_table

        write_table(run, options.table)
    if options.report:
        from qa.evaluation.report import write_report

        write_report(run, options.report)
    if options.json:
        from qa.output import run_json

        print_json(run_json(run))
    else:
        from qa.evaluation.summary import run_lines

        for line in run_lines(run):
            say(line)
    missed = list(unmet(required, figures(run.outcomes)))
    complain_of(missed)
    return int(bool(missed))


def _eval_compared(options: argparse.Namespace, evaluator: Evaluator | None) -> int:
    from qa.evaluation.comparison import compare
    from qa.evaluation.evaluator import resolve

    a, b = (resolve(named, evaluator) for named in options.compare)
    comparison = compare(a, b)
    complain_of(list(dict.fromkeys([*a.problems, *b.problems])))
    if options.report:
        from qa.evaluation.report import write_comparison

        write_comparison(comparison, options.report)
    if options.json:
        from qa.output import comparison_json

        print_json(comparison_json(comparison))
    else:
        from qa.evaluation.summary import comparison_lines

        for line in comparison_lines(comparison):
            say(line)
    return 0


def _check_outputs(options: argparse.Namespace) -> None:
    """Raise ``DatasetError`` unless the files can be written, over nothing that is read."""
    read = [options.questions, options.qrels, *map(Path, options.compare or [options.setting])]
    if options.questions and options.questions.is_dir():
        read += [*options.questions.glob("*.jsonl*"), *options.questions.glob("qrels/*")]
    read += corpus_folder(options).glob("*")  # the database, the vectors, saved questions
    read = [path.resolve() for path in read if path]
    outputs = (options.report, options.table, options.trec, options.run_qrels, options.save)
    for path in filter(None, outputs):
        if path.is_dir():
            raise DatasetError(f"{path}: it is a folder; name a file")
        if not path.parent.is_dir():
            raise DatasetError(f"{path}: there is no folder {path.parent}; make it first")
        if path.resolve() in read:
            raise DatasetError(f"{path}: it is read, or written, already; choose another name")
        read.append(path.resolve())


def _evaluator(options: argparse.Namespace) -> Evaluator:
    from qa.evaluation.evaluator import Evaluator

    if options.corpus and options.questions.is_dir():
        raise DatasetError(
            f"{options.questions}: a BEIR folder brings its own corpus; leave out --corpus"
        )
    return Evaluator(
        options.questions,
        corpus=corpus_folder(options),
        qrels=options.qrels,
        model=options.model,
        answers=not options.no_answers,
        cache=not options.no_cache,
        indexing=Bar("indexing"),
        asking=Bar("asking"),
    )


def _calibrate(options: argparse.Namespace) -> int:
    outputs = (options.report, options.table, options.trec, options.run_qrels, options.save)
    if (
        options.compare
        or options.require
        or any(outputs)
        or options.no_answers
        or options.setting != "hybrid"
    ):
        raise DatasetError("--calibrate goes with --lose, --dry-run, --json or --reset only")
    if options.reset:
        if options.questions or options.dry_run or options.json or options.lose is not None:
            raise DatasetError("--calibrate --reset goes alone; it forgets the calibration")
        with open_corpus(options) as corpus:
            corpus.calibrate_to(None)
        say("as shipped")
        return 0
    if options.questions is None:
        raise DatasetError(NO_QUESTIONS)
    from qa.evaluation.calibration import LOST
    from qa.evaluation.summary import calibration_lines
    from qa.output import calibration_json

    with _evaluator(options) as evaluator:
        report = evaluator.calibrate(lost=LOST if options.lose is None else options.lose)
    # A folder's passages are in a corpus of the folder's own, which nobody asks.
    stored = not options.dry_run and options.questions.is_file()
    if stored:
        with open_corpus(options) as corpus:
            corpus.calibrate_to(report.calibration)
    if options.json:
        print_json(calibration_json(report, stored=stored))
        return 0
    complain_of(report.problems)
    for line in calibration_lines(report):
        say(line)
    if stored:
        say("\nstored with the corpus; kutip eval --calibrate --reset forgets it")
    else:
        why = "--dry-run" if options.dry_run else "a BEIR folder brings its own corpus"
        say(f"\nnothing stored: {why}")
    return 0


def _adapt(options: argparse.Namespace) -> int:
    if options.reset:
        if options.questions or options.dry_run or options.force or options.json:
            raise DatasetError("--reset goes alone; it forgets what was learned")
        with open_corpus(options) as corpus:
            corpus.adapt_to(None)
        say("as shipped")
        return 0
    from qa.adaptation.adapting import adapt, saved_questions
    from qa.adaptation.summary import report_lines
    from qa.output import adaptation_json

    with open_corpus(options) as corpus:
        gold = saved_questions(options.questions, corpus) if options.questions else None
        report = adapt(corpus, gold, progress=Stages())
        found = report.learned if options.force else report.better
        stored = bool(found) and not options.dry_run
        if stored:
            corpus.adapt_to(found)
    if options.json:
        print_json(adaptation_json(report, found, stored=stored))
        return int(not found)
    complain_of(report.problems)
    for line in report_lines(report, found):
        say(line)
    if stored:
        say("\nstored with the corpus; kutip adapt --reset forgets it")
    else:
        if found:
            why = "--dry-run"
        elif any(step.figures for step in report.steps):
            why = "nothing measured better"
        else:
            why = "too little to learn from" if report.sentences else "too few documents"
        say(f"\nnothing stored: {why}; the corpus is as it was")
    return int(not found)

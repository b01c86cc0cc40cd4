"""The command ``kutip``: one function a verb, over ``Corpus``.

Turns arguments into calls and results into lines or JSON. Holds no rule about
documents, ranking or answers. Exit status: 0 done (``ask``: answered), 1
``ask`` abstained, ``check`` found something or ``adapt`` nothing better, 2 an error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qa
from qa.errors import DatasetError, DocumentNotFound, EndpointError, KutipError

if TYPE_CHECKING:
    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus
    from qa.evaluation.evaluator import Evaluator
    from qa.types import Answer

SAMPLES = Path(__file__).parent.parent / "seeds" / "articles"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # Documents hold any character; a terminal that cannot show one gets "?".
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return int(options.run(options))
    except KutipError as error:
        _complain(error)
        return 2
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        # 1 means "abstained"; a fault of the program must not look like that.
        traceback.print_exc()
        return 2
    except KeyboardInterrupt:
        print("kutip: stopped; what was added so far is kept", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kutip", description="Who said what, and where it is written."
    )
    parser.add_argument("--version", action="version", version=f"kutip {qa.__version__}")
    parser.add_argument(
        "--corpus",
        type=_path,
        default=None,
        metavar="PATH",
        help="folder of the corpus (default: $KUTIP_CORPUS, else one in your data directory)",
    )
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="embedding model: bundled, a folder, or a cached hub name (extra: models); "
        "the corpus is indexed again with it and keeps it",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    verb = verbs.add_parser("add", help="add files and folders (.txt .md .html .pdf .docx)")
    verb.add_argument("paths", nargs="+", metavar="PATH", type=_path)
    verb.set_defaults(run=_add)

    verb = verbs.add_parser("ask", help="answer a question with quotes")
    verb.add_argument("question")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    _add_llm_options(verb)
    verb.set_defaults(run=_ask)

    verb = verbs.add_parser("search", help="list the best passages for a query")
    verb.add_argument("query")
    verb.add_argument("-k", type=_positive, default=10, help="how many (default 10)")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_search)

    verb = verbs.add_parser("list", help="list the documents")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_list)

    verb = verbs.add_parser("remove", help="remove documents by id or path")
    verb.add_argument("documents", nargs="+", metavar="DOCUMENT")
    verb.set_defaults(run=_remove)

    verb = verbs.add_parser("quotes", help="list who said what")
    verb.add_argument("--speaker", metavar="NAME", help="only statements by this person")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_quotes)

    verb = verbs.add_parser("eval", help="measure finding, quoting and refusing on questions")
    verb.add_argument(
        "questions",
        nargs="?",
        type=_path,
        metavar="QUESTIONS",
        help="a BEIR folder, with its own corpus, or a CSV or JSON-lines file of questions about "
        "yours: question, expected source, expected text, answerable",
    )
    for option, metavar in (("--corpus", "PATH"), ("--model", "NAME")):
        verb.add_argument(
            option,
            type=_path if option == "--corpus" else str,
            default=argparse.SUPPRESS,
            metavar=metavar,
            help="as before the command",
        )
    verb.add_argument(
        "--qrels", type=_path, metavar="FILE", help="other right passages, BEIR or TREC"
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
    verb.add_argument("--report", type=_path, metavar="FILE", help="write an HTML page to look at")
    verb.add_argument("--run", dest="trec", type=_path, metavar="FILE", help="write a TREC run")
    verb.add_argument("--save", type=_path, metavar="FILE", help="keep the run, to compare later")
    verb.set_defaults(run=_eval)

    verb = verbs.add_parser(
        "adapt", help="learn the corpus's own words and weights, and keep what measures better"
    )
    verb.add_argument(
        "questions",
        nargs="?",
        type=_path,
        metavar="QUESTIONS",
        help="a CSV or JSON-lines file of saved questions (as for eval) or a BEIR folder; "
        "weights need at least ten, translations do without",
    )
    verb.add_argument("--dry-run", action="store_true", help="measure, and change nothing")
    verb.add_argument("--force", action="store_true", help="keep it all, better or not")
    verb.add_argument("--reset", action="store_true", help="forget what was learned")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.set_defaults(run=_adapt)

    verb = verbs.add_parser("check", help="check that the corpus is sound")
    verb.set_defaults(run=_check)

    verb = verbs.add_parser("serve", help="start the chat in the browser")
    verb.add_argument("--host", default="127.0.0.1")
    verb.add_argument("--port", type=int, default=7860)
    verb.add_argument(
        "--samples", action="store_true", help="add the sample articles to an empty corpus first"
    )
    _add_llm_options(verb)
    verb.set_defaults(run=_serve)
    return parser


def _add_llm_options(verb: argparse.ArgumentParser) -> None:
    group = verb.add_argument_group(
        "language model (off by default; docs/llm.md)",
        "A key, if it needs one, only in $KUTIP_LLM_API_KEY.",
    )
    group.add_argument(
        "--llm",
        metavar="URL",
        help="let the model there answer from the quotes, and check what it writes: any server "
        "with OpenAI's chat completions, as http://127.0.0.1:8080/v1 (default: $KUTIP_LLM_URL)",
    )
    group.add_argument(
        "--llm-model", metavar="NAME", help="which of its models (default: $KUTIP_LLM_MODEL)"
    )
    group.add_argument(
        "--llm-allow-host",
        action="append",
        metavar="HOST",
        help="send the quotes to this other machine (default: $KUTIP_LLM_ALLOW_HOST, else none)",
    )
    group.add_argument(
        "--llm-timeout",
        type=float,
        metavar="SECONDS",
        help="then the quotes alone (default 60)",
    )


def _endpoint(options: argparse.Namespace) -> Endpoint | None:
    """The language model to ask, if one was named."""
    url = os.environ.get("KUTIP_LLM_URL", "") if options.llm is None else options.llm
    if not url.strip():
        if options.llm_model or options.llm_allow_host or options.llm_timeout:
            raise EndpointError("which language model? name its address with --llm URL")
        return None
    from qa.answering.generation import SECONDS, Endpoint

    return Endpoint.of(
        url,
        model=options.llm_model or os.environ.get("KUTIP_LLM_MODEL"),
        allow_hosts=options.llm_allow_host or [os.environ.get("KUTIP_LLM_ALLOW_HOST", "")],
        key=os.environ.get("KUTIP_LLM_API_KEY"),
        seconds=SECONDS if options.llm_timeout is None else options.llm_timeout,
    )


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def _path(text: str) -> Path:
    # An unset shell variable must not stand for the folder one happens to be in.
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path; name a file or folder")
    return Path(text)


def _default_corpus() -> Path:
    if chosen := os.environ.get("KUTIP_CORPUS"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("kutip", appauthor=False) / "corpus"


def _open(options: argparse.Namespace) -> Corpus:
    from qa.corpus import Corpus

    return Corpus.open(
        options.corpus or _default_corpus(),
        model=options.model,
        progress=_Bar("indexing again: the model or the segmentation changed"),
    )


class _Bar:
    """A progress bar on a terminal; silent where the output is read by a program."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None

    def __call__(self, done: int, total: int, name: str) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=self._title, unit="file", leave=False)
        self._bar.n = done
        self._bar.set_postfix_str(Path(name).name[:40], refresh=False)
        self._bar.refresh()
        if done >= total:
            self._bar.close()


def _add(options: argparse.Namespace) -> int:
    with _open(options) as corpus:
        report = corpus.add(*options.paths, progress=_Bar("adding"))
    for error in report.failed:
        _complain(error)
    for source, other in report.copies:
        _complain(f"{source}: same text as {other}; not added twice")
    counts = {
        "added": len(report.added),
        "replaced": len(report.replaced),
        "unchanged": len(report.unchanged),
        "copies": len(report.copies),
        "failed": len(report.failed),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    _say(said or "nothing to add: no .txt .md .html .pdf .docx files there")
    return 2 if report.failed else 0


def _ask(options: argparse.Namespace) -> int:
    from qa.answering import texts
    from qa.output import answer_json

    endpoint = _endpoint(options)
    with _open(options) as corpus:
        answer = corpus.ask(options.question)
        if options.json:
            _print_json(answer_json(_generated(answer, corpus, endpoint)))
            return int(answer.abstained)
        _say(answer.text)
        if answer.citations:
            print()
        for citation in answer.citations:
            _say(citation)
            if citation.also:
                _say(f"    {texts.also(citation.also, answer.language)}")
        if answer.abstained and answer.nearest:
            _say("\n" + texts.nearest(answer.language))
            for hit in answer.nearest:
                document = corpus.document(hit.passage.document_id)
                _say(
                    f"  {document.title or document.source}: "
                    f"{_short(hit.passage.span.of(document.text))}"
                )
        _say("\n" + texts.coverage(answer.coverage, answer.language))
        # The quotes do not wait for the model.
        sys.stdout.flush()
        if made := _generated(answer, corpus, endpoint).generated:
            _say("\n" + texts.generated(made, answer.language))
            for sentence in made.sentences:
                why = texts.objections(sentence.objections, answer.language)
                _say(f"  ~~{sentence.text}~~ ({why})" if sentence.struck else f"  {sentence.text}")
        return int(answer.abstained)


def _generated(answer: Answer, corpus: Corpus, endpoint: Endpoint | None) -> Answer:
    if endpoint is None:
        return answer
    from qa.answering.generation import generate

    return generate(answer, corpus, endpoint)


def _search(options: argparse.Namespace) -> int:
    from qa.answering import texts
    from qa.language.detection import detect
    from qa.output import hit_json
    from qa.types import Place

    rows, elsewhere = [], []
    with _open(options) as corpus:
        for hit in corpus.search(options.query, options.k):
            also = [Place.of(corpus.document(p.document_id), p.start, p.end) for p in hit.also]
            rows.append(hit_json(hit, corpus.document(hit.passage.document_id), also))
            elsewhere.append(texts.also(also, detect(options.query)))
    if options.json:
        _print_json(rows)
        return 0
    for row, line in zip(rows, elsewhere, strict=True):
        _say(f"{row['rank']:3d}  {row['score']:6.3f}  {row['title'] or row['source']}")
        _say(f"             {_short(row['text'], 160)}")
        if line:
            _say(f"             {line}")
    return 0


def _list(options: argparse.Namespace) -> int:
    from qa.output import document_json

    with _open(options) as corpus:
        rows = [document_json(listed) for listed in corpus.documents()]
    if options.json:
        _print_json(rows)
    for row in [] if options.json else rows:
        _say(
            f"{row['id']}  {row['published'] or '-':10}  {row['language']}  "
            f"{row['passages']:4d}  {row['source']}  {_short(row['title'], 60)}"
        )
    return 0


def _remove(options: argparse.Namespace) -> int:
    failed = False
    with _open(options) as corpus:
        for name in options.documents:
            try:
                _say(f"removed {corpus.remove(name)}")
            except DocumentNotFound as error:
                _complain(error)
                failed = True
    return 2 if failed else 0


def _quotes(options: argparse.Namespace) -> int:
    from qa.output import statement_json

    with _open(options) as corpus:
        document = lru_cache(maxsize=2)(corpus.document)  # statements come by document
        rows = [
            statement_json(statement, document(statement.document_id))
            for statement in corpus.statements(speaker=options.speaker)
        ]
    if options.json:
        _print_json(rows)
    for row in [] if options.json else rows:
        _say(f"{row['speaker'] or '?'}: {_short(row['quote'], 200)}")
        _say(f"    {row['source']}:{row['start']}-{row['end']}")
    return 0


def _eval(options: argparse.Namespace) -> int:
    from qa.evaluation.evaluator import Evaluator, resolve
    from qa.evaluation.plots import require_matplotlib
    from qa.evaluation.running import save, write_trec

    if options.questions is None and not options.compare:
        raise DatasetError("no questions; name a BEIR folder or a file of questions")
    if options.compare and (options.trec or options.save):
        raise DatasetError("--run and --save keep one run; leave out --compare")
    for path in filter(None, (options.report, options.trec, options.save)):
        if not path.parent.is_dir():
            raise DatasetError(f"{path}: there is no folder {path.parent}; make it first")
    if options.report:
        require_matplotlib()  # rather now than after a long run
    if options.questions is None:
        return _eval_compared(options, None)
    if options.corpus and options.questions.is_dir():
        raise DatasetError(
            f"{options.questions}: a BEIR folder brings its own corpus; leave out --corpus"
        )
    with Evaluator(
        options.questions,
        corpus=options.corpus or _default_corpus(),
        qrels=options.qrels,
        model=options.model,
        answers=not options.no_answers,
        cache=not options.no_cache,
        indexing=_Bar("indexing"),
        asking=_Bar("asking"),
    ) as evaluator:
        if options.compare:
            return _eval_compared(options, evaluator)
        run = resolve(options.setting, evaluator)
    _complain_of(run.problems)
    if options.trec:
        write_trec(run, options.trec)
    if options.save:
        save(run, options.save)
    if options.report:
        from qa.evaluation.report import write_report

        write_report(run, options.report)
    if options.json:
        from qa.output import run_json

        _print_json(run_json(run))
    else:
        from qa.evaluation.summary import run_lines

        for line in run_lines(run):
            _say(line)
    return 0


def _complain_of(problems: Sequence[str], most: int = 20) -> None:
    for problem in problems[:most]:
        _complain(problem)
    if len(problems) > most:
        _complain(f"and {len(problems) - most} more questions like these; --json lists them")


def _eval_compared(options: argparse.Namespace, evaluator: Evaluator | None) -> int:
    from qa.evaluation.comparison import compare
    from qa.evaluation.evaluator import resolve

    a, b = (resolve(named, evaluator) for named in options.compare)
    comparison = compare(a, b)
    _complain_of(list(dict.fromkeys([*a.problems, *b.problems])))
    if options.report:
        from qa.evaluation.report import write_comparison

        write_comparison(comparison, options.report)
    if options.json:
        from qa.output import comparison_json

        _print_json(comparison_json(comparison))
    else:
        from qa.evaluation.summary import comparison_lines

        for line in comparison_lines(comparison):
            _say(line)
    return 0


def _adapt(options: argparse.Namespace) -> int:
    if options.reset:
        if options.questions or options.dry_run or options.force or options.json:
            raise DatasetError("--reset goes alone; it forgets what was learned")
        with _open(options) as corpus:
            corpus.adapt_to(None)
        _say("as shipped")
        return 0
    from qa.adaptation.adapting import adapt, saved_questions
    from qa.adaptation.summary import report_lines
    from qa.output import adaptation_json

    with _open(options) as corpus:
        gold = saved_questions(options.questions, corpus) if options.questions else None
        report = adapt(corpus, gold, progress=_Stages())
        found = report.learned if options.force else report.better
        stored = bool(found) and not options.dry_run
        if stored:
            corpus.adapt_to(found)
    if options.json:
        _print_json(adaptation_json(report, stored=stored))
        return int(not found)
    _complain_of(report.problems)
    for line in report_lines(report):
        _say(line)
    if stored:
        _say("\nstored with the corpus; kutip adapt --reset forgets it")
    else:
        why = "--dry-run" if found else "nothing measured better"
        _say(f"\nnothing stored: {why}; the corpus is as it was")
    return int(not found)


class _Stages:
    """One progress bar after another."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar = _Bar("")

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._bar = stage, _Bar(stage)
        self._bar(done, total, "")


def _check(options: argparse.Namespace) -> int:
    with _open(options) as corpus:
        problems = corpus.check()
    for problem in problems:
        _complain(problem)
    if not problems:
        _say("sound")
    return int(bool(problems))


def _serve(options: argparse.Namespace) -> int:
    from app import serve

    endpoint = _endpoint(options)
    with _open(options) as corpus:
        if options.samples and not corpus.documents():
            corpus.add(SAMPLES, progress=_Bar("adding the sample articles"))
        serve(corpus, host=options.host, port=options.port, endpoint=endpoint)
    return 0


def _say(line: object) -> None:
    """Print for a person: a control character in a document or name stays inert."""
    print(_inert(str(line)))


def _complain(line: object) -> None:
    print(f"kutip: {_inert(str(line))}", file=sys.stderr)


def _inert(text: str) -> str:
    """*text* with marks in place of control and direction characters."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\t"
        else c
        for c in text
    )


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _short(text: str, width: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


if __name__ == "__main__":
    sys.exit(main())

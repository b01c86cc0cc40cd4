"""The command ``kutip``: one function a verb, over ``Corpus``.

Turns arguments into calls and results into lines or JSON. Holds no rule about
documents, ranking or answers. Exit status: 0 done (``ask``: answered), 1
``ask`` abstained, ``check`` found something or ``adapt`` nothing better, 2 an error.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shlex
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import qa
from qa.adding import UNDER_WAY, Stage, Step
from qa.errors import AuthFileError, DatasetError, DocumentNotFound, EndpointError, KutipError

if TYPE_CHECKING:
    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus
    from qa.evaluation.evaluator import Evaluator
    from qa.ingest.dates import Period
    from qa.types import Answer, Filter

_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

NO_QUESTIONS = "no questions; name a BEIR folder or a file of questions"
SAMPLES = Path(__file__).parent.parent / "seeds" / "articles"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # Documents hold any character; a terminal that cannot show one gets "?".
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with _stopped_as_by_hand():
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
        kept = "; what was added so far is kept" if options.run is _add else ""
        print(f"kutip: stopped{kept}", file=sys.stderr)
        return 2


@contextmanager
def _stopped_as_by_hand() -> Iterator[None]:
    """SIGTERM does what Ctrl+C does: temporary copies of documents must not outlive the command."""
    try:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # not the main thread: somebody else's program
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kutip", description="Who said what, and where it is written."
    )
    parser.add_argument("--version", action="version", version=f"kutip {qa.__version__}")
    parser.set_defaults(corpus=None, model=None)
    _add_corpus_options(parser)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_reading_verbs(verbs)
    _add_measuring_verbs(verbs)
    _add_serving_verbs(verbs)
    for verb in verbs.choices.values():
        _add_corpus_options(verb)
    return parser


def _add_reading_verbs(verbs: _Verbs) -> None:
    """Documents, questions and what comes of them."""
    verb = verbs.add_parser(
        "add", help="add files, folders and zip archives (.txt .md .html .pdf .docx)"
    )
    verb.add_argument("paths", nargs="+", metavar="PATH", type=_path)
    verb.set_defaults(run=_add)

    verb = verbs.add_parser("ask", help="answer a question with quotes")
    verb.add_argument("question", nargs="+", help="with filters, if you like: docs/questions.md")
    _add_without(verb)
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.add_argument(
        "--export",
        action="append",
        default=[],
        type=_path,
        metavar="FILE",
        help="also write a dossier: .md, .html, .json, or the sources alone as .csl.json or .bib; "
        "may be repeated",
    )
    _add_llm_options(verb)
    verb.set_defaults(run=_ask)

    verb = verbs.add_parser(
        "chat", help="ask one question after another; follow-ups keep the subject"
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object a line")
    verb.set_defaults(run=_chat)

    verb = verbs.add_parser("search", help="list the best passages for a query")
    verb.add_argument("query", nargs="+", help="with filters, as for ask")
    _add_without(verb)
    verb.add_argument("-k", type=_positive, default=10, help="how many (default 10)")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_search)

    verb = verbs.add_parser("list", help="list the documents")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_list)

    verb = verbs.add_parser("remove", help="remove documents from the corpus; files are left alone")
    verb.add_argument(
        "documents",
        nargs="*",
        type=_named,
        metavar="DOCUMENT",
        help="an id or a path, as kutip list shows it, or a folder or archive: all that is from it",
    )
    verb.add_argument(
        "--gone",
        action="store_true",
        help="only those whose file is there no more, of all or of the folders named; "
        "kutip check lists them",
    )
    verb.set_defaults(run=_remove)

    verb = verbs.add_parser("quotes", help="list who said what")
    verb.add_argument("--speaker", metavar="NAME", help="only by this person, body or office")
    verb.add_argument("--about", metavar="TOPIC", help="only on this topic, best first")
    verb.add_argument(
        "--since", metavar="DATE", type=_first_day, help="only from this day, month or year on"
    )
    verb.add_argument(
        "--until", metavar="DATE", type=_last_day, help="only to this day, month or year"
    )
    verb.add_argument("--outlet", metavar="NAME", help="only from this outlet")
    verb.add_argument("--speakers", action="store_true", help="list who says them, and how often")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_quotes)


def _add_measuring_verbs(verbs: _Verbs) -> None:
    """How good it is, how it gets better, whether it is sound."""
    verb = verbs.add_parser("eval", help="measure finding, quoting and refusing on questions")
    verb.add_argument(
        "questions",
        nargs="?",
        type=_path,
        metavar="QUESTIONS",
        help="a BEIR folder, with its own corpus, or a CSV or JSON-lines file of questions about "
        "yours: question, expected source, expected text, answerable",
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
    verb.add_argument(
        "--run-qrels",
        type=_path,
        metavar="FILE",
        help="write the right passages as TREC qrels, for tools that read the run",
    )
    verb.add_argument("--save", type=_path, metavar="FILE", help="keep the run, to compare later")
    verb.add_argument(
        "--calibrate",
        action="store_true",
        help="fit when to refuse on the questions, say how often it errs, and keep it with the "
        "corpus",
    )
    verb.add_argument(
        "--lose",
        type=_percent,
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

    verb = verbs.add_parser("check", help="check the corpus and its files, or a dossier")
    verb.add_argument(
        "dossier",
        nargs="?",
        type=_path,
        metavar="DOSSIER",
        help="a dossier that ask --export FILE.json wrote: does each quote still stand?",
    )
    verb.set_defaults(run=_check)


def _add_serving_verbs(verbs: _Verbs) -> None:
    """The chat, and who may enter it."""
    verb = verbs.add_parser("serve", help="start the chat in the browser")
    verb.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1, this machine alone)",
    )
    verb.add_argument("--port", type=_port, default=7860, help="default: 7860")
    entry = verb.add_mutually_exclusive_group()
    entry.add_argument(
        "--auth",
        type=_path,
        metavar="FILE",
        help="let in only those in this file of users, made by kutip passwd; needed for --host "
        "beyond this machine",
    )
    entry.add_argument(
        "--no-auth", action="store_true", help="let in anybody, also from other machines"
    )
    verb.add_argument(
        "--mcp",
        action="store_true",
        help="serve the tools ask, search and quotes for assistants at /mcp (extra: mcp)",
    )
    verb.add_argument(
        "--samples", action="store_true", help="add the sample articles to an empty corpus first"
    )
    verb.add_argument(
        "--also",
        nargs="+",
        default=[],
        type=_path,
        metavar="PATH",
        help="other corpora to turn to in the page: their folders, or a folder of such folders",
    )
    _add_llm_options(verb)
    verb.set_defaults(run=_serve)

    verb = verbs.add_parser("passwd", help="let somebody into the chat: set a name and password")
    verb.add_argument("file", type=_path, metavar="FILE", help="for kutip serve --auth FILE")
    verb.add_argument("name", metavar="NAME", help="whose password is set, or changed")
    verb.set_defaults(run=_passwd)


def _add_corpus_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command, to be given before its name or after it."""
    group = parser.add_argument_group("corpus")
    # Suppressed: what is not given after the name must not undo what was given before it.
    group.add_argument(
        "--corpus",
        type=_path,
        default=argparse.SUPPRESS,
        metavar="PATH",
        help="folder of the corpus (default: $KUTIP_CORPUS, else one in your data directory)",
    )
    group.add_argument(
        "--model",
        default=argparse.SUPPRESS,
        metavar="NAME",
        help="embedding model: bundled, a folder, or a cached hub name (extra: models); "
        "the corpus is indexed again with it and keeps it; eval only measures it",
    )


def _add_without(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="KIND",
        help="leave out what was understood of the question of one kind: speaker, outlet, date, "
        "file, language, document or exact; may be repeated",
    )


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


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, a number from 1 to 65535")
    return int(text)


def _percent(text: str) -> float:
    """A percentage as a share; above a half, most right answers would be refused."""
    try:
        share = float(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = math.nan
    if not 0.001 <= share <= 0.5:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0.1 to 50")
    return share


def _first_day(text: str) -> date:
    return _period(text).first


def _last_day(text: str) -> date:
    return _period(text).last


def _period(text: str) -> Period:
    from qa.ingest.dates import read_period

    if period := read_period(text.strip()):
        return period
    raise argparse.ArgumentTypeError(f"{text!r} is no date; write 2019, 2019-09 or 2019-09-10")


def _path(text: str) -> Path:
    return Path(_named(text))


def _named(text: str) -> str:
    # An unset shell variable must not stand for the folder one happens to be in.
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path; name a file or folder")
    return text


def _default_corpus() -> Path:
    if chosen := os.environ.get("KUTIP_CORPUS"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("kutip", appauthor=False) / "corpus"


def _folder(options: argparse.Namespace) -> Path:
    return options.corpus or _default_corpus()


def _open(options: argparse.Namespace, *, make: bool = False) -> Corpus:
    from qa.corpus import Corpus

    # Only what fills a corpus makes one: a slip in its name must not leave a folder.
    return Corpus.open(
        _folder(options),
        make=make,
        model=options.model,
        progress=_Bar("indexing again: the model or the segmentation changed"),
    )


class _Bar:
    """A progress bar on a terminal; silent where the output is read by a program."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: Any = None

    def __call__(self, done: float, total: int, name: str) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=self._title, unit="file", leave=False)
        self._bar.n = round(done, 2)
        self._bar.set_postfix_str(Path(name).name[:40], refresh=False)
        self._bar.refresh()
        if done >= total:
            self._bar.close()


class _AddingBar:
    """The bar of files being added, moving within a long file too, and what became of each."""

    def __init__(self) -> None:
        self._bar = _Bar("adding")
        self._last: dict[str, Step] = {}  # of each file

    def so_far(self) -> None:
        """Say what became of the files before something stopped it all."""
        steps = [one for one in self._last.values() if one.stage not in UNDER_WAY]
        for step in steps:
            if step.problem:
                _complain(step.problem)
        counts = Counter(str(step.stage) for step in steps)
        _say(", ".join(f"{count} {stage}" for stage, count in counts.items()) or "0 added")
        for step in list(self._last.values())[-1:]:
            left = step.total - len(steps)
            _complain(f"stopped at {step.source}; {left} of {step.total} files are not added")

    def __call__(self, step: Step) -> None:
        self._last[step.source] = step
        under_way = {Stage.READING: 0.0, Stage.ENCODING: step.share, Stage.STORING: 0.99}
        done = step.number - 1 + under_way.get(step.stage, 1.0)
        self._bar(done, step.total, step.source)


def _add(options: argparse.Namespace) -> int:
    with _open(options, make=True) as corpus:
        bar = _AddingBar()
        try:
            report = corpus.add(*options.paths, watch=bar)
        except BaseException:
            bar.so_far()
            raise
        gone = corpus.gone(*options.paths)
    for error in report.failed:
        _complain(error)
    for source, other in report.copies:
        _complain(f"{source}: same text as {other}; not added twice")
    counts = {
        "added": len(report.added),
        "replaced": len(report.replaced),
        "unchanged": len(report.unchanged),
        "copy" if len(report.copies) == 1 else "copies": len(report.copies),
        "failed": len(report.failed),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    _say(said or "nothing to add: no .txt .md .html .pdf .docx files there")
    if report.passed_over:
        kinds = Counter(
            Path(path).suffix.lower() or "without ending" for path in report.passed_over
        )
        most = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5))
        archives = "; name a zip archive to add what is in it" if ".zip" in kinds else ""
        _complain(f"passed over, not a kind of file that is read: {most}{archives}")
    if gone:
        folders = shlex.join(map(str, options.paths))
        _complain(f"files that are gone: {len(gone)}; kutip remove --gone {folders} forgets them")
    return 2 if report.failed else 0


def _ask(options: argparse.Namespace) -> int:
    from qa.dossier import gather, writable, write
    from qa.output import answer_json

    for path in options.export:
        writable(path)  # rather now than after the answer
    endpoint = _endpoint(options)
    with _open(options) as corpus:
        answer = corpus.ask(" ".join(options.question), without=options.without)
        if options.json:
            _print_json(answer_json(_generated(answer, corpus, endpoint)))
        else:
            _say_answer(answer, corpus)
            # The quotes do not wait for the model.
            sys.stdout.flush()
            _say_generated(_generated(answer, corpus, endpoint))
        if options.export:
            dossier = gather([answer], corpus)
            for path in options.export:
                write(dossier, path)
    return int(answer.abstained)


def _chat(options: argparse.Namespace) -> int:
    """Questions line by line, each asked in the light of those before it.

    A line "!" asks the last follow-up again as it was typed, "!QUESTION" any
    question so. The end of the input ends it.
    """
    from qa.answering import texts
    from qa.answering.following import Turn
    from qa.output import answer_json
    from qa.types import Reason

    talk: list[Turn] = []
    last, before = "", 0  # the last question, and how many turns stood before it
    with _open(options) as corpus:
        for line in _lines():
            as_typed = line.startswith("!")
            question = line.removeprefix("!").strip()
            if as_typed and not question:
                question, talk = last, talk[:before]
            if not question:
                continue
            last, before = question, len(talk)
            try:
                answer = corpus.ask(question, previous=() if as_typed else talk)
            except KutipError as error:
                _complain(error)
                continue
            if answer.reason is not Reason.EMPTY_QUESTION:
                talk.append(Turn.of(answer))
            if options.json:
                print(json.dumps(answer_json(answer), ensure_ascii=False), flush=True)
                continue
            if answer.followed:
                _say(f"{texts.followed(answer.followed, answer.language)} (!)\n")
            _say_answer(answer, corpus, options=False)
            print(flush=True)
    return 0


def _lines() -> Iterator[str]:
    """What is typed, a line at a time; a terminal gets a prompt and a line editor."""
    if not sys.stdin.isatty():
        yield from (line.strip() for line in sys.stdin)
        return
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - importing it is what makes ``input`` an editor
    _say("Ask; follow-ups keep the subject. ! asks the last one as typed, Ctrl+D ends.")
    with contextlib.suppress(EOFError):
        while True:
            yield input("> ").strip()
    print()  # what follows must not stand behind the prompt


def _say_answer(answer: Answer, corpus: Corpus, *, options: bool = True) -> None:
    """*options*: also say which of them leaves out what was understood."""
    from qa.answering import texts

    _say(answer.text)
    if answer.citations:
        print()
    for citation in answer.citations:
        _say(citation)
        if citation.short_text:
            _say(f"    {texts.short(citation.short_text, answer.language)}")
        if citation.also:
            _say(f"    {texts.also(citation.also, answer.language)}")
        if note := texts.file_note(corpus.proof(citation.quote, citation), answer.language):
            _say(f"    {note}")
    for conflict in answer.conflicts:
        _say("\n" + texts.conflict(conflict, answer.citations, answer.language))
    if answer.abstained and answer.nearest:
        _say("\n" + texts.nearest(answer.language))
        for hit in answer.nearest:
            document = corpus.document(hit.passage.document_id)
            _say(
                f"  {document.title or document.source}: "
                f"{_short(hit.passage.span.of(document.text))}"
            )
    print()
    if options:
        _say_understood(answer.understood, answer.language)
    elif line := texts.understood(answer.understood, answer.language):
        _say(line)
    _say(texts.coverage(answer.coverage, answer.language))


def _say_understood(understood: Sequence[Filter], language: str) -> None:
    from qa.answering import texts

    if line := texts.understood(understood, language):
        kinds = dict.fromkeys(one.key.value for one in understood)
        _say(f"{line} ({' '.join(f'--without {kind}' for kind in kinds)})")


def _say_generated(answer: Answer) -> None:
    from qa.answering import texts

    if made := answer.generated:
        _say("\n" + texts.generated(made, answer.language))
        for sentence in made.sentences:
            why = texts.objections(sentence.objections, answer.language)
            _say(f"  ~~{sentence.text}~~ ({why})" if sentence.struck else f"  {sentence.text}")


def _generated(answer: Answer, corpus: Corpus, endpoint: Endpoint | None) -> Answer:
    if endpoint is None:
        return answer
    from qa.answering.generation import generate

    return generate(answer, corpus, endpoint)


def _search(options: argparse.Namespace) -> int:
    from qa.answering import texts
    from qa.output import hit_json
    from qa.types import Place

    rows, elsewhere = [], []
    query = " ".join(options.query)
    with _open(options) as corpus:
        asked = corpus.understand(query, without=options.without)
        for hit in corpus.search(query, options.k, without=options.without):
            also = [Place.of(corpus.document(p.document_id), p.start, p.end) for p in hit.also]
            rows.append(hit_json(hit, corpus.document(hit.passage.document_id), also))
            elsewhere.append(texts.also(also, asked.language))
        nothing = not corpus.coverage().documents
    if nothing:
        _complain_of_nothing(options)
    elif not rows:
        _complain("nothing found; a query has words, and passages that fit its filters")
    if options.json:
        _print_json(rows)
        return 0
    for row, line in zip(rows, elsewhere, strict=True):
        _say(f"{row['rank']:3d}  {row['score']:6.3f}  {row['title'] or row['source']}")
        _say(f"             {_short(row['text'], 160)}")
        if line:
            _say(f"             {line}")
    _say_understood(asked.filters, asked.language)
    return 0


def _list(options: argparse.Namespace) -> int:
    from qa.output import document_json

    with _open(options) as corpus:
        rows = [document_json(listed) for listed in corpus.documents()]
    if not rows:
        _complain_of_nothing(options)
    if options.json:
        _print_json(rows)
    for row in [] if options.json else rows:
        _say(
            f"{row['id']}  {row['published'] or '-':10}  {row['language']}  "
            f"{row['passages']:4d}  {_in_line(row['source'])}  {_short(row['title'], 60)}"
        )
    return 0


def _remove(options: argparse.Namespace) -> int:
    if not options.documents and not options.gone:
        raise DocumentNotFound("which documents? name them, or say --gone")
    failed = False
    with _open(options) as corpus:
        sources = {one.id: one.source for one in corpus.documents()}
        for id in _to_remove(options, corpus):
            try:
                removed = corpus.remove(id)
                _say(f"removed {removed}  {_in_line(sources.get(removed, ''))}")
            except DocumentNotFound as error:
                _complain(error)
                failed = True
    return 2 if failed else 0


def _to_remove(options: argparse.Namespace, corpus: Corpus) -> list[str]:
    """Ids of the documents meant, and as they are the names that mean none."""
    if options.gone:
        gone = corpus.gone(*options.documents)
        if not gone:
            _say("no file is gone; if a whole folder is, name it, without --gone")
        return [one.id for one in gone]
    meant = [
        id for name in options.documents for id in [d.id for d in corpus.below(name)] or [name]
    ]
    return list(dict.fromkeys(meant))


def _quotes(options: argparse.Namespace) -> int:
    from qa.output import speaker_json, statements_json

    with _open(options) as corpus:
        found = corpus.statements(
            speaker=options.speaker,
            about=options.about,
            since=options.since,
            until=options.until,
            outlet=options.outlet,
        )
        if options.speakers:
            rows = [speaker_json(speaker) for speaker in corpus.speakers(found)]
        else:
            rows = statements_json(found, corpus)
        nothing = not corpus.coverage().documents
    if nothing:
        _complain_of_nothing(options)
    elif not rows:
        _complain("no such statements were found")
    if options.json:
        _print_json(rows)
    for row in [] if options.json else rows:
        for line in [_speaker_line(row)] if options.speakers else _quote_lines(row):
            _say(line)
    return 0


def _quote_lines(row: dict[str, Any]) -> list[str]:
    office = ", ".join(filter(None, (row["role"], row["affiliation"])))
    who = (row["speaker"] or "?") + (f" ({office})" if office else "")
    where = f"{_in_line(row['source'])}:{row['start']}-{row['end']}"
    day = f"  {row['published']}" if row["published"] else ""
    quoted = _short(row["quote"], 200)
    return [f"{who}: {f'“{quoted}”' if row['direct'] else quoted}", f"    {where}{day}"]


def _speaker_line(row: dict[str, Any]) -> str:
    days = " to ".join(dict.fromkeys(filter(None, (row["first"], row["last"]))))
    forms = [form for form in row["forms"] if form != row["speaker"]]
    also = f"  also: {', '.join(forms)}" if forms else ""
    return f"{row['statements']:5d}  {row['speaker']}{also}{f'  {days}' if days else ''}"


def _eval(options: argparse.Namespace) -> int:
    from qa.evaluation.evaluator import resolve
    from qa.evaluation.plots import require_matplotlib
    from qa.evaluation.running import save, write_trec

    if options.calibrate:
        return _calibrate(options)
    if options.lose is not None or options.dry_run or options.reset:
        raise DatasetError("--lose, --dry-run and --reset go with --calibrate")
    if options.questions is None and not options.compare:
        raise DatasetError(NO_QUESTIONS)
    if options.compare and (options.trec or options.run_qrels or options.save):
        raise DatasetError("--run, --run-qrels and --save are of one run; leave out --compare")
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


def _check_outputs(options: argparse.Namespace) -> None:
    """Raise ``DatasetError`` unless the files can be written, over nothing that is read."""
    read = [options.questions, options.qrels, *map(Path, options.compare or [options.setting])]
    if options.questions and options.questions.is_dir():
        read += [*options.questions.glob("*.jsonl*"), *options.questions.glob("qrels/*")]
    read = [path.resolve() for path in read if path]
    outputs = (options.report, options.trec, options.run_qrels, options.save)
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
        corpus=_folder(options),
        qrels=options.qrels,
        model=options.model,
        answers=not options.no_answers,
        cache=not options.no_cache,
        indexing=_Bar("indexing"),
        asking=_Bar("asking"),
    )


def _calibrate(options: argparse.Namespace) -> int:
    given = (options.compare, options.report, options.trec, options.run_qrels, options.save)
    if any(given) or options.no_answers or options.setting != "hybrid":
        raise DatasetError("--calibrate goes with --lose, --dry-run, --json or --reset only")
    if options.reset:
        if options.questions or options.dry_run or options.json or options.lose is not None:
            raise DatasetError("--calibrate --reset goes alone; it forgets the calibration")
        with _open(options) as corpus:
            corpus.calibrate_to(None)
        _say("as shipped")
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
        with _open(options) as corpus:
            corpus.calibrate_to(report.calibration)
    if options.json:
        _print_json(calibration_json(report, stored=stored))
        return 0
    _complain_of(report.problems)
    for line in calibration_lines(report):
        _say(line)
    if stored:
        _say("\nstored with the corpus; kutip eval --calibrate --reset forgets it")
    else:
        why = "--dry-run" if options.dry_run else "a BEIR folder brings its own corpus"
        _say(f"\nnothing stored: {why}")
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
        _print_json(adaptation_json(report, found, stored=stored))
        return int(not found)
    _complain_of(report.problems)
    for line in report_lines(report, found):
        _say(line)
    if stored:
        _say("\nstored with the corpus; kutip adapt --reset forgets it")
    else:
        if found:
            why = "--dry-run"
        elif any(step.figures for step in report.steps):
            why = "nothing measured better"
        else:
            why = "too little to learn from" if report.sentences else "too few documents"
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


def _check_dossier(options: argparse.Namespace) -> int:
    from qa.answering import texts
    from qa.dossier.record import check, read

    record = read(options.dossier)
    with _open(options) as corpus:
        checked = list(check(record, corpus))
        changed = corpus.edition().generation != record.generation
    asked = ""
    for one in checked:
        if len(record.questions) > 1 and one.question != asked:
            _say(one.question)
            asked = one.question
        of = "also" if one.also else "quote"
        _say(f"[{one.n}] {of} in {one.place.source}:{one.place.start}-{one.place.end}")
        _say(f"    corpus: {one.proof.corpus}, file: {one.proof.file}")
        if note := texts.file_note(one.proof, one.language):
            _say(f"    {note}")
    found = sum(one.proof.found for one in checked)
    _say(f"{found} of {len(checked)} places found")
    if changed:
        _say("the corpus has changed since the dossier was made")
    return int(found < len(checked))


def _check(options: argparse.Namespace) -> int:
    if options.dossier:
        return _check_dossier(options)
    with _open(options) as corpus:
        problems = corpus.check()
        nothing = not corpus.coverage().documents
    if nothing:
        _complain_of_nothing(options)
    for problem in problems:
        _complain(problem)
    if not problems:
        _say("sound")
    return int(bool(problems))


def _serve(options: argparse.Namespace) -> int:
    from qa.server import access, limits, passwords

    endpoint, users = _endpoint(options), None
    if options.auth is not None:
        users = passwords.read(options.auth)
        if passwords.open_to_others(options.auth):
            _complain(f"warning: other users can read {options.auth}; chmod 600 {options.auth}")
    access.check(options.host, users, anyone=options.no_auth)  # rather now than after the start
    if users and not limits.is_loopback(options.host):
        _complain("warning: over http a password can be overheard; docs/server.md says what to do")
    from app import serve

    with _open(options, make=True) as corpus:
        if options.samples and not corpus.documents():
            corpus.add(SAMPLES, watch=_AddingBar())
        serve(
            corpus,
            options.also,
            host=options.host,
            port=options.port,
            endpoint=endpoint,
            users=users,
            anyone=options.no_auth,
            mcp=options.mcp,
        )
    return 0


def _passwd(options: argparse.Namespace) -> int:
    from getpass import getpass

    from qa.server import passwords

    passwords.check_name(options.name)
    if sys.stdin.isatty():
        password = getpass(f"Password for {options.name}: ")
        if getpass("Once more: ") != password:
            raise AuthFileError("the two passwords differ; nothing was changed")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    replaced = passwords.put(options.file, options.name, password)
    _say(f"{'changed' if replaced else 'added'} {options.name} in {options.file}")
    return 0


def _say(line: object) -> None:
    """Print for a person: a control character in a document or name stays inert."""
    from qa.output import inert

    print(inert(str(line)))


def _complain(line: object) -> None:
    from qa.output import inert

    print(f"kutip: {inert(str(line))}", file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _complain_of_nothing(options: argparse.Namespace) -> None:
    """An empty corpus is no error, but may be another folder than the one that was meant."""
    _complain(f"no documents in {_folder(options)}; add some: kutip add FILE_OR_FOLDER")


def _in_line(path: str) -> str:
    """A file's name may hold a line break, which must not look like another document."""
    return path.translate({ord(c): "\N{REPLACEMENT CHARACTER}" for c in "\n\r"})


def _short(text: str, width: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


if __name__ == "__main__":
    sys.exit(main())

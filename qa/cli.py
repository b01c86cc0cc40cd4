"""The command ``kutip``: one function a verb, over ``Corpus``.

Turns arguments into calls and results into lines or JSON. Holds no rule about
documents, ranking or answers. Exit status: 0 done (``ask``: answered), 1
``ask`` abstained or ``check`` found something, 2 an error.
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
from qa.errors import DocumentNotFound, KutipError

if TYPE_CHECKING:
    from qa.corpus import Corpus

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
        help="embedding model: bundled, a folder, or a hub name (extra: models); "
        "the corpus is indexed again with it and keeps it",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    verb = verbs.add_parser("add", help="add files and folders (.txt .md .html .pdf .docx)")
    verb.add_argument("paths", nargs="+", metavar="PATH", type=_path)
    verb.set_defaults(run=_add)

    verb = verbs.add_parser("ask", help="answer a question with quotes")
    verb.add_argument("question")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
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

    verb = verbs.add_parser("eval", help="measure retrieval on a folder in the BEIR layout")
    verb.add_argument("folder", type=Path, metavar="DIR")
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.set_defaults(run=_eval)

    verb = verbs.add_parser("check", help="check that the corpus is sound")
    verb.set_defaults(run=_check)

    verb = verbs.add_parser("serve", help="start the chat in the browser")
    verb.add_argument("--host", default="127.0.0.1")
    verb.add_argument("--port", type=int, default=7860)
    verb.add_argument(
        "--samples", action="store_true", help="add the sample articles to an empty corpus first"
    )
    verb.set_defaults(run=_serve)
    return parser


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

    with _open(options) as corpus:
        answer = corpus.ask(options.question)
        if options.json:
            _print_json(answer_json(answer))
            return int(answer.abstained)
        _say(answer.text)
        if answer.citations:
            print()
        for citation in answer.citations:
            _say(citation)
        if answer.abstained and answer.nearest:
            _say("\n" + texts.nearest(answer.language))
            for hit in answer.nearest:
                document = corpus.document(hit.passage.document_id)
                _say(
                    f"  {document.title or document.source}: "
                    f"{_short(hit.passage.span.of(document.text))}"
                )
        _say("\n" + texts.coverage(answer.coverage, answer.language))
        return int(answer.abstained)


def _search(options: argparse.Namespace) -> int:
    from qa.output import hit_json

    with _open(options) as corpus:
        rows = [
            hit_json(hit, corpus.document(hit.passage.document_id))
            for hit in corpus.search(options.query, options.k)
        ]
    if options.json:
        _print_json(rows)
    for row in [] if options.json else rows:
        _say(f"{row['rank']:3d}  {row['score']:6.3f}  {row['title'] or row['source']}")
        _say(f"             {_short(row['text'], 160)}")
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
    import embeddings
    from qa.evaluation.retrieval import evaluate
    from qa.output import metrics_json

    result = evaluate(options.folder, embeddings.load(options.model))
    if options.json:
        _print_json(metrics_json(result))
    for name, interval in ({} if options.json else result.metrics).items():
        _say(f"{name:10} {interval.value:.3f}  ({interval.low:.3f} to {interval.high:.3f})")
    return 0


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

    with _open(options) as corpus:
        if options.samples and not corpus.documents():
            corpus.add(SAMPLES, progress=_Bar("adding the sample articles"))
        serve(corpus, host=options.host, port=options.port)
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

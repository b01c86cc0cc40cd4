"""``add``, ``list``, ``remove``, ``check``: the documents of a corpus."""

from __future__ import annotations

import argparse
import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from qa.commands.options import Verbs, a_name, a_path, complain_of_nothing, open_corpus
from qa.commands.terminal import AddingBar, complain, in_line, print_json, say, short
from qa.errors import DocumentNotFound

if TYPE_CHECKING:
    from qa.corpus import Corpus


def add_verbs(verbs: Verbs) -> None:
    """Declare the commands of this module."""
    verb = verbs.add_parser(
        "add", help="add files, folders and zip archives (.txt .md .html .pdf .docx)"
    )
    verb.add_argument("paths", nargs="+", metavar="PATH", type=a_path)
    verb.set_defaults(run=_add, stopped="stopped; what was added so far is kept")

    verb = verbs.add_parser("list", help="list the documents")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_list)

    verb = verbs.add_parser("remove", help="remove documents from the corpus; files are left alone")
    verb.add_argument(
        "documents",
        nargs="*",
        type=a_name,
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

    verb = verbs.add_parser("check", help="check the corpus and its files, or a dossier")
    verb.add_argument(
        "dossier",
        nargs="?",
        type=a_path,
        metavar="DOSSIER",
        help="a dossier that ask --export FILE.json wrote: does each quote still stand?",
    )
    verb.set_defaults(run=_check)


def _add(options: argparse.Namespace) -> int:
    with open_corpus(options, make=True) as corpus:
        bar = AddingBar()
        try:
            report = corpus.add(*options.paths, watch=bar)
        except BaseException:
            bar.so_far()
            raise
        gone = corpus.gone(*options.paths)
    for error in report.failed:
        complain(error)
    for source, other in report.copies:
        complain(f"{source}: same text as {other}; not added twice")
    counts = {
        "added": len(report.added),
        "replaced": len(report.replaced),
        "unchanged": len(report.unchanged),
        "copy" if len(report.copies) == 1 else "copies": len(report.copies),
        "failed": len(report.failed),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    say(said or "nothing to add: no .txt .md .html .pdf .docx files there")
    if report.passed_over:
        kinds = Counter(
            Path(path).suffix.lower() or "without ending" for path in report.passed_over
        )
        most = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5))
        archives = "; name a zip archive to add what is in it" if ".zip" in kinds else ""
        complain(f"passed over, not a kind of file that is read: {most}{archives}")
    if gone:
        folders = shlex.join(map(str, options.paths))
        complain(f"files that are gone: {len(gone)}; kutip remove --gone {folders} forgets them")
    return 2 if report.failed else 0


def _list(options: argparse.Namespace) -> int:
    from qa.output import document_json

    with open_corpus(options) as corpus:
        rows = [document_json(listed) for listed in corpus.documents()]
    if not rows:
        complain_of_nothing(options)
    if options.json:
        print_json(rows)
    for row in [] if options.json else rows:
        say(
            f"{row['id']}  {row['published'] or '-':10}  {row['language']}  "
            f"{row['passages']:4d}  {in_line(row['source'])}  {short(row['title'], 60)}"
        )
    return 0


def _remove(options: argparse.Namespace) -> int:
    if not options.documents and not options.gone:
        raise DocumentNotFound("which documents? name them, or say --gone")
    failed = False
    with open_corpus(options) as corpus:
        sources = {one.id: one.source for one in corpus.documents()}
        for id in _to_remove(options, corpus):
            try:
                removed = corpus.remove(id)
                say(f"removed {removed}  {in_line(sources.get(removed, ''))}")
            except DocumentNotFound as error:
                complain(error)
                failed = True
    return 2 if failed else 0


def _to_remove(options: argparse.Namespace, corpus: Corpus) -> list[str]:
    """Ids of the documents meant, and as they are the names that mean none."""
    if options.gone:
        gone = corpus.gone(*options.documents)
        if not gone:
            say("no file is gone; if a whole folder is, name it, without --gone")
        return [one.id for one in gone]
    meant = [
        id for name in options.documents for id in [d.id for d in corpus.below(name)] or [name]
    ]
    return list(dict.fromkeys(meant))


def _check(options: argparse.Namespace) -> int:
    if options.dossier:
        return _check_dossier(options)
    with open_corpus(options) as corpus:
        problems = corpus.check()
        nothing = not corpus.coverage().documents
    if nothing:
        complain_of_nothing(options)
    for problem in problems:
        complain(problem)
    if not problems:
        say("sound")
    return int(bool(problems))


def _check_dossier(options: argparse.Namespace) -> int:
    from qa.answering import texts
    from qa.dossier.record import check, read

    record = read(options.dossier)
    with open_corpus(options) as corpus:
        checked = list(check(record, corpus))
        changed = corpus.edition().generation != record.generation
    asked = ""
    for one in checked:
        if len(record.questions) > 1 and one.question != asked:
            say(one.question)
            asked = one.question
        of = "also" if one.also else "quote"
        say(f"[{one.n}] {of} in {one.place.source}:{one.place.start}-{one.place.end}")
        say(f"    corpus: {one.proof.corpus}, file: {one.proof.file}")
        if note := texts.file_note(one.proof, one.language):
            say(f"    {note}")
    found = sum(one.proof.found for one in checked)
    say(f"{found} of {len(checked)} places found")
    if changed:
        say("the corpus has changed since the dossier was made")
    return int(found < len(checked))

"""The command ``kutip``: its parser, and what every command ends with.

The commands are in ``qa.commands``, each beside its options. They turn arguments into
calls of ``Corpus`` and results into lines or JSON, and hold no rule about documents,
ranking or answers. Exit status: 0 done (``ask``: answered), 1 ``ask`` abstained,
``check`` found something or ``adapt`` nothing better, 2 an error.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import qa
from qa.commands import asking, documents, measuring, serving
from qa.commands.options import add_corpus_options
from qa.commands.terminal import complain
from qa.errors import KutipError


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
        complain(error)
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
        complain(options.stopped)
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
    parser.set_defaults(corpus=None, model=None, stopped="stopped")
    add_corpus_options(parser)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    for commands in (documents, asking, measuring, serving):
        commands.add_verbs(verbs)
    for verb in verbs.choices.values():
        add_corpus_options(verb)
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""``serve`` and ``passwd``: the chat, and who may enter it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qa.commands.options import Verbs, a_path, a_port, add_llm_options, endpoint_of, open_corpus
from qa.commands.terminal import AddingBar, complain, say
from qa.errors import AuthFileError

SAMPLES = Path(__file__).parent.parent.parent / "seeds" / "articles"


def add_verbs(verbs: Verbs) -> None:
    """Declare the commands of this module."""
    verb = verbs.add_parser("serve", help="start the chat in the browser")
    verb.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1, this machine alone)",
    )
    verb.add_argument("--port", type=a_port, default=7860, help="default: 7860")
    entry = verb.add_mutually_exclusive_group()
    entry.add_argument(
        "--auth",
        type=a_path,
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
        type=a_path,
        metavar="PATH",
        help="other corpora to turn to in the page: their folders, or a folder of such folders",
    )
    add_llm_options(verb)
    verb.set_defaults(run=_serve)

    verb = verbs.add_parser("passwd", help="let somebody into the chat: set a name and password")
    verb.add_argument("file", type=a_path, metavar="FILE", help="for kutip serve --auth FILE")
    verb.add_argument("name", metavar="NAME", help="whose password is set, or changed")
    verb.set_defaults(run=_passwd)


def _serve(options: argparse.Namespace) -> int:
    from qa.server import access, limits, passwords

    endpoint, users = endpoint_of(options), None
    if options.auth is not None:
        users = passwords.read(options.auth)
        if passwords.open_to_others(options.auth):
            complain(f"warning: other users can read {options.auth}; chmod 600 {options.auth}")
    access.check(options.host, users, anyone=options.no_auth)  # rather now than after the start
    if users and not limits.is_loopback(options.host):
        complain("warning: over http a password can be overheard; docs/server.md says what to do")
    from app import serve

    with open_corpus(options, make=True) as corpus:
        if options.samples and not corpus.documents():
            corpus.add(SAMPLES, watch=AddingBar())
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
    say(f"{'changed' if replaced else 'added'} {options.name} in {options.file}")
    return 0

"""Options that several commands take, and what they mean: paths, days, the corpus, a model."""

from __future__ import annotations

import argparse
import math
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from qa.commands.terminal import Bar, complain
from qa.errors import EndpointError

if TYPE_CHECKING:
    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus
    from qa.ingest.dates import Period

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_corpus_options(parser: argparse.ArgumentParser) -> None:
    """The options of every command, to be given before its name or after it."""
    group = parser.add_argument_group("corpus")
    # Suppressed: what is not given after the name must not undo what was given before it.
    group.add_argument(
        "--corpus",
        type=a_path,
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


def default_corpus() -> Path:
    if chosen := os.environ.get("KUTIP_CORPUS"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("kutip", appauthor=False) / "corpus"


def corpus_folder(options: argparse.Namespace) -> Path:
    return options.corpus or default_corpus()


def open_corpus(options: argparse.Namespace, *, make: bool = False) -> Corpus:
    from qa.corpus import Corpus

    # Only what fills a corpus makes one: a slip in its name must not leave a folder.
    return Corpus.open(
        corpus_folder(options),
        make=make,
        model=options.model,
        progress=Bar("indexing again: the model or the segmentation changed"),
    )


def complain_of_nothing(options: argparse.Namespace) -> None:
    """An empty corpus is no error, but may be another folder than the one that was meant."""
    complain(f"no documents in {corpus_folder(options)}; add some: kutip add FILE_OR_FOLDER")


def add_without(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="KIND",
        help="leave out what was understood of the question of one kind: speaker, outlet, date, "
        "file, language, document, byline or exact; may be repeated",
    )


def add_llm_options(verb: argparse.ArgumentParser) -> None:
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


def endpoint_of(options: argparse.Namespace) -> Endpoint | None:
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


def a_count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def a_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, a number from 1 to 65535")
    return int(text)


def a_percentage(text: str) -> float:
    """A percentage as a share; above a half, most right answers would be refused."""
    try:
        share = float(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = math.nan
    if not 0.001 <= share <= 0.5:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0.1 to 50")
    return share


def a_first_day(text: str) -> date:
    return _period(text).first


def a_last_day(text: str) -> date:
    return _period(text).last


def _period(text: str) -> Period:
    from qa.ingest.dates import read_period

    if period := read_period(text.strip()):
        return period
    raise argparse.ArgumentTypeError(f"{text!r} is no date; write 2019, 2019-09 or 2019-09-10")


def a_path(text: str) -> Path:
    return Path(a_name(text))


def a_name(text: str) -> str:
    # An unset shell variable must not stand for the folder one happens to be in.
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path; name a file or folder")
    return text

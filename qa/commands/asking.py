"""``ask``, ``chat``, ``search``, ``quotes``: what the documents say."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qa.commands.options import (
    Verbs,
    a_count,
    a_first_day,
    a_last_day,
    a_path,
    add_llm_options,
    add_without,
    complain_of_nothing,
    endpoint_of,
    open_corpus,
)
from qa.commands.terminal import complain, in_line, print_json, say, short
from qa.errors import KutipError

if TYPE_CHECKING:
    from qa.answering.generation import Endpoint
    from qa.corpus import Corpus
    from qa.types import Answer, Filter


def add_verbs(verbs: Verbs) -> None:
    """Declare the commands of this module."""
    verb = verbs.add_parser("ask", help="answer a question with quotes")
    verb.add_argument("question", nargs="+", help="with filters, if you like: docs/questions.md")
    add_without(verb)
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.add_argument(
        "--export",
        action="append",
        default=[],
        type=a_path,
        metavar="FILE",
        help="also write a dossier: .md, .html, .json, or the sources alone as .csl.json or .bib; "
        "may be repeated",
    )
    add_llm_options(verb)
    verb.set_defaults(run=_ask)

    verb = verbs.add_parser(
        "chat", help="ask one question after another; follow-ups keep the subject"
    )
    verb.add_argument("--json", action="store_true", help="print one JSON object a line")
    verb.set_defaults(run=_chat)

    verb = verbs.add_parser("search", help="list the best passages for a query")
    verb.add_argument("query", nargs="+", help="with filters, as for ask")
    add_without(verb)
    verb.add_argument("-k", type=a_count, default=10, help="how many (default 10)")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_search)

    verb = verbs.add_parser("quotes", help="list who said what")
    verb.add_argument("--speaker", metavar="NAME", help="only by this person, body or office")
    verb.add_argument("--about", metavar="TOPIC", help="only on this topic, best first")
    verb.add_argument(
        "--since", metavar="DATE", type=a_first_day, help="only from this day, month or year on"
    )
    verb.add_argument(
        "--until", metavar="DATE", type=a_last_day, help="only to this day, month or year"
    )
    verb.add_argument("--outlet", metavar="NAME", help="only from this outlet")
    verb.add_argument("--speakers", action="store_true", help="list who says them, and how often")
    verb.add_argument("--json", action="store_true", help="print a JSON list")
    verb.set_defaults(run=_quotes)


def _ask(options: argparse.Namespace) -> int:
    from qa.output import answer_json

    if options.export:
        from qa.dossier import gather, writable, write

        for path in options.export:
            writable(path)  # rather now than after the answer
    endpoint = endpoint_of(options)
    with open_corpus(options) as corpus:
        answer = corpus.ask(" ".join(options.question), without=options.without)
        if options.json:
            print_json(answer_json(_generated(answer, corpus, endpoint)))
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


def _say_answer(answer: Answer, corpus: Corpus, *, options: bool = True) -> None:
    """*options*: also say which of them leaves out what was understood."""
    from qa.answering import texts

    say(answer.text)
    if answer.citations:
        print()
    for citation in answer.citations:
        say(citation)
        if citation.short_text:
            say(f"    {texts.short(citation.short_text, answer.language)}")
        if citation.also:
            say(f"    {texts.also(citation.also, answer.language, citation.outlet)}")
        if note := texts.file_note(corpus.proof(citation.quote, citation), answer.language):
            say(f"    {note}")
    for conflict in answer.conflicts:
        say("\n" + texts.conflict(conflict, answer.citations, answer.language))
    if answer.abstained and answer.nearest:
        say("\n" + texts.nearest(answer.language))
        for hit in answer.nearest:
            document = corpus.document(hit.passage.document_id)
            say(
                f"  {document.title or document.source}: "
                f"{short(hit.passage.span.of(document.text))}"
            )
    print()
    if options:
        _say_understood(answer.understood, answer.language)
    elif line := texts.understood(answer.understood, answer.language):
        say(line)
    say(texts.coverage(answer.coverage, answer.language))


def _say_understood(understood: Sequence[Filter], language: str) -> None:
    from qa.answering import texts

    if line := texts.understood(understood, language):
        kinds = dict.fromkeys(one.key.value for one in understood)
        say(f"{line} ({' '.join(f'--without {kind}' for kind in kinds)})")


def _generated(answer: Answer, corpus: Corpus, endpoint: Endpoint | None) -> Answer:
    if endpoint is None:
        return answer
    from qa.answering.generation import generate

    return generate(answer, corpus, endpoint)


def _say_generated(answer: Answer) -> None:
    from qa.answering import texts

    if made := answer.generated:
        say("\n" + texts.generated(made, answer.language))
        for sentence in texts.written(made):
            why = texts.objections(sentence.objections, answer.language)
            say(
                f"  ~~{texts.struck(sentence)}~~ ({why})"
                if sentence.struck
                else f"  {sentence.text}"
            )


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
    with open_corpus(options) as corpus:
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
                complain(error)
                continue
            if answer.reason is not Reason.EMPTY_QUESTION:
                talk.append(Turn.of(answer))
            if options.json:
                print(json.dumps(answer_json(answer), ensure_ascii=False), flush=True)
                continue
            if answer.followed:
                say(f"{texts.followed(answer.followed, answer.language)} (!)\n")
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
    say("Ask; follow-ups keep the subject. ! asks the last one as typed, Ctrl+D ends.")
    with contextlib.suppress(EOFError):
        while True:
            yield input("> ").strip()
    print()  # what follows must not stand behind the prompt


def _search(options: argparse.Namespace) -> int:
    from qa.answering import texts
    from qa.output import hit_json
    from qa.types import Place

    rows, elsewhere = [], []
    query = " ".join(options.query)
    with open_corpus(options) as corpus:
        asked = corpus.understand(query, without=options.without)
        for hit in corpus.search(query, options.k, without=options.without):
            document = corpus.document(hit.passage.document_id)
            also = [Place.of(corpus.document(p.document_id), p.start, p.end) for p in hit.also]
            rows.append(hit_json(hit, document, also))
            elsewhere.append(texts.also(also, asked.language, document.outlet))
        nothing = not corpus.coverage().documents
    if nothing:
        complain_of_nothing(options)
    elif not rows:
        complain("nothing found; a query has words, and passages that fit its filters")
    if options.json:
        print_json(rows)
        return 0
    for row, line in zip(rows, elsewhere, strict=True):
        say(f"{row['rank']:3d}  {row['score']:6.3f}  {row['title'] or row['source']}")
        say(f"             {short(row['text'], 160)}")
        if line:
            say(f"             {line}")
    _say_understood(asked.filters, asked.language)
    return 0


def _quotes(options: argparse.Namespace) -> int:
    from qa.output import speaker_json, statements_json

    with open_corpus(options) as corpus:
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
        complain_of_nothing(options)
    elif not rows:
        complain("no such statements were found")
    if options.json:
        print_json(rows)
    for row in [] if options.json else rows:
        for line in [_speaker_line(row)] if options.speakers else _quote_lines(row):
            say(line)
    return 0


def _quote_lines(row: dict[str, Any]) -> list[str]:
    office = ", ".join(filter(None, (row["role"], row["affiliation"])))
    who = (row["speaker"] or "?") + (f" ({office})" if office else "")
    where = f"{in_line(row['source'])}:{row['start']}-{row['end']}"
    day = f"  {row['published']}" if row["published"] else ""
    quoted = short(row["quote"], 200)
    return [f"{who}: {f'“{quoted}”' if row['direct'] else quoted}", f"    {where}{day}"]


def _speaker_line(row: dict[str, Any]) -> str:
    days = " to ".join(dict.fromkeys(filter(None, (row["first"], row["last"]))))
    forms = [form for form in row["forms"] if form != row["speaker"]]
    also = f"  also: {', '.join(forms)}" if forms else ""
    return f"{row['statements']:5d}  {row['speaker']}{also}{f'  {days}' if days else ''}"

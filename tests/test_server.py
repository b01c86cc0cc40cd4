"""Promises of the running server to programs and assistants: real processes, real protocols.

One open server and one with a password, both ``kutip serve --mcp`` on a copy of
the sample corpus.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.context import LocalContext
from gradio.state_holder import SessionState, StateHolder

from benchmarks import load
from benchmarks.serving import Served, serving
from qa.answering.following import Turn
from qa.corpus import Corpus
from qa.output import answer_json
from qa.server import passwords, sessions
from qa.server.sessions import CLOSED
from qa.server.streams import Page
from qa.types import FilterKey
from tests.helpers import ROOT, child_environment

pytestmark = [  # as in test_browser
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore:::gradio"),
    pytest.mark.usefixtures("collected"),
]
mcp = pytest.importorskip("mcp")
gradio_client = pytest.importorskip("gradio_client")

NAME, PASSWORD = "ana", "kapal-perintis-7"
QUESTION = "Apa kepanjangan Whoosh?"
FERRY = "Kapal perintis Sabuk Nusantara berlayar dari Ambon setiap Senin pukul tujuh pagi.\n"
SAILING = "Kapan kapal perintis Sabuk Nusantara berlayar?"
TALK = ["What did Jokowi say about data protection?", "And what about Retno?", "What else?"]
BASIC = "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()


@pytest.fixture(scope="module")
def folder(sample_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the sample corpus, another corpus, and a file of users."""
    import shutil

    made = tmp_path_factory.mktemp("served")
    shutil.copytree(sample_corpus.path, made / "corpus")
    (made / "ferry.txt").write_text(FERRY, "utf-8")
    with Corpus.open(made / "ferries") as other:
        other.add(made / "ferry.txt")
    passwords.put(made / "users", NAME, PASSWORD)
    yield made


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Served]:
    """Open to this machine, as it is by default."""
    with serving(folder / "corpus", "--mcp", "--also", str(folder / "ferries")) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(folder: Path) -> Iterator[Served]:
    """The same behind a password."""
    with serving(folder / "corpus", "--mcp", "--auth", str(folder / "users")) as running:
        yield running


def called(url: str, name: str, *values: Any, authorization: str = "", **named: Any) -> Any:
    """What the endpoint answers: its value, or the message of its error, as curl sees it.

    *values* go to the endpoint in order, *named* ones by name, which leaves out some.
    """
    headers = {"Content-Type": "application/json"}
    if authorization:
        headers["Authorization"] = authorization
    path, sent = f"{url}/gradio_api/call/{name}", json.dumps({"data": values})
    if named:
        path, sent = f"{url}/gradio_api/call/v2/{name}", json.dumps(named)
    call = urllib.request.Request(path, sent.encode(), headers)
    with urllib.request.urlopen(call, timeout=60) as reply:
        event = json.load(reply)["event_id"]
    stream = urllib.request.Request(f"{path}/{event}", headers=headers)
    with urllib.request.urlopen(stream, timeout=60) as reply:
        last = reply.read().decode().strip().rsplit("event: ", 1)[1]
    kind, _, data = last.partition("\ndata: ")
    found = json.loads(data)
    return found[0] if kind == "complete" else found["error"]


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings"}


# Programs


def test_ask_is_the_json_of_the_terminal(served: Served, sample_corpus: Corpus) -> None:
    """The same object, key for key, that ``kutip ask --json`` prints."""
    found = called(served.url, "ask", QUESTION)
    expected = json.loads(json.dumps(answer_json(sample_corpus.ask(QUESTION))))
    assert without_times(found) == without_times(expected)
    assert found["citations"]


def test_search_leaves_out_what_it_is_told_to(served: Served) -> None:
    """As ``kutip search --without date``."""
    query = "perlindungan data pribadi after:2024"
    limited, free = (called(served.url, "search", query, 100, kinds) for kinds in ([], ["date"]))
    assert {hit["document_id"] for hit in limited} < {hit["document_id"] for hit in free}


def test_search_and_quotes_are_lists_that_stand_in_the_documents(
    served: Served, sample_corpus: Corpus
) -> None:
    """As many as were asked for, each where it says."""
    hits = called(served.url, "search", query="perlindungan data pribadi", k=3)
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    named: dict[str, Any] = {
        "speaker": "Retno Marsudi",
        "since": "2019",
        "until": "2019",
        "limit": 2,
    }
    said = called(served.url, "quotes", **named)
    assert len(said) == 2
    assert {one["published"][:4] for one in said} == {"2019"}
    for one, key in [*((hit, "text") for hit in hits), *((one, "quote") for one in said)]:
        text = sample_corpus.document(one["document_id"]).text
        assert text[one["start"] : one["end"]] == one[key]
    layang = called(served.url, "quotes", outlet="Layang", limit=100)
    assert {one["outlet"].upper() for one in layang} == {"LAYANG"}
    assert layang and len(layang) < len(called(served.url, "quotes", limit=100))


def test_a_program_may_name_the_corpus(served: Served) -> None:
    """The first, if it names none; what another holds is found there alone."""
    there = called(served.url, "ask", question=SAILING, corpus="ferries")
    assert FERRY.startswith(there["citations"][0]["quote"])
    assert called(served.url, "ask", question=SAILING)["abstained"]
    assert called(served.url, "ask", question=QUESTION, corpus="corpus")["citations"]
    (hit,) = called(served.url, "search", query="kapal", corpus="ferries")
    assert hit["text"] == FERRY.strip()
    assert called(served.url, "quotes", corpus="ferries") == []


def test_a_program_may_go_on_with_a_conversation(served: Served, sample_corpus: Corpus) -> None:
    """As in the chat: what a question leans on is carried over, and what was shown left out."""
    said = called(served.url, "ask", question=TALK[-1], previous=TALK[:-1])
    turns: list[Turn] = []
    for question in TALK:
        answer = sample_corpus.ask(question, previous=turns)
        turns.append(Turn.of(answer))
    expected = json.loads(json.dumps(answer_json(answer)))
    assert without_times(said) == without_times(expected)
    assert said["followed"]["excludes"]
    assert "Retno" in said["followed"]["resolved"]


def test_the_last_values_may_be_left_out(served: Served) -> None:
    """Without names, too; but not all of them."""
    assert called(served.url, "quotes") == "no values; docs/server.md lists them"
    assert called(served.url, "ask", QUESTION, ["date"])["citations"]
    assert len(called(served.url, "search", "data pribadi", 2)) == 2
    assert len(called(served.url, "quotes", "Jokowi")) > 0


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("ask", {"question": "Siapa?", "corpus": "x"}, "x: no such corpus; there are corpus, fer"),
        ("ask", {"question": "Siapa?", "previous": ["Siapa?"] * 11}, "11 questions, more than 10"),
        ("ask", {"question": "Siapa?", "previous": [7]}, "7 is no text"),
        ("ask", {"question": "Siapa?", "previous": ["Siapa? after:lusa"]}, "lusa is no date"),
        ("ask", {"question": "a" * 2001}, "2001 characters, more than 2000"),
        ("ask", {"question": "Siapa? after:lusa"}, "lusa is no date"),
        ("ask", {"question": 7}, "7 is no text"),
        ("ask", {"question": "\ud800"}, "surrogate"),
        ("search", {"query": "data", "k": 0}, "k=0 is not a whole number from 1 to 100"),
        ("search", {"query": "data", "k": "many"}, "k='many'"),
        ("search", {"query": "data", "without": ["colour"]}, "colour: no kind of filter"),
        ("search", {"query": "data", "without": "date"}, "no list"),
        ("quotes", {"since": "kemarin"}, "since='kemarin' is no date"),
        ("quotes", {"limit": 1000}, "limit=1000"),
        ("quotes", {"since": "2021", "until": "2019"}, "exchange the two days"),
    ],
)
def test_what_was_wrong_is_said(
    served: Served, name: str, values: dict[str, Any], said: str
) -> None:
    """The error names the value and what is allowed."""
    assert said in called(served.url, name, **values)


@pytest.mark.parametrize(
    ("name", "values", "status", "said"),
    [
        ("answer", {}, 404, "no endpoint /answer; there are /ask, /search, /quotes"),
        ("ask", {"colour": "red"}, 400, "`colour` is not a valid key-word argument; docs/server"),
        ("search", {"k": 3}, 400, "No value provided for required argument: query"),
        ("answer", {"question": "Siapa?"}, 404, "no endpoint /answer; there are /ask, /search, /q"),
    ],
)
def test_a_name_that_is_wrong_is_said(
    served: Served, name: str, values: dict[str, Any], status: int, said: str
) -> None:
    """A value that an endpoint does not take or lacks, and an endpoint that is not there."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        called(served.url, name, **values)
    assert caught.value.code == status
    assert said in json.load(caught.value)["detail"]


def connected(url: str, auth: tuple[str, str] | None) -> Any:
    # The client asks its makers' host unless told not to, as docs/server.md says.
    return gradio_client.Client(url, auth=auth, verbose=False, analytics_enabled=False)


def test_gradios_own_client_works(
    served: Served, guarded: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As documented: with a password where there is one, and never without."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY", True)
    for where, auth in ((served, None), (guarded, (NAME, PASSWORD))):
        client = connected(where.url, auth)
        answer = client.predict(QUESTION, api_name="/ask")
        assert answer["citations"]
    with pytest.raises(Exception, match=r"(?i)auth|credential|401"):
        connected(guarded.url, (NAME, "wrong-password"))


# Behind a password


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=x", "/mcp",
     "/gradio_api/file=/etc/hostname", "/gradio_api/heartbeat/x", "/theme.css"],
)  # fmt: skip
def test_a_guarded_server_gives_nothing_away(guarded: Served, path: str) -> None:
    """Page, files, events and tools alike."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(guarded.url + path, timeout=60)
    assert caught.value.code == 401
    assert b"gradio" not in caught.value.read().lower()


def test_a_guarded_server_takes_no_upload_from_strangers(guarded: Served) -> None:
    """Nor from a wrong password; the right one uploads."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhi\r\n--x--'
    )
    for authorization, status in [("", 401), (BASIC[:-4] + "eA==", 401), (BASIC, 200)]:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        if authorization:
            headers["Authorization"] = authorization
        call = urllib.request.Request(f"{guarded.url}/gradio_api/upload", body, headers)
        try:
            with urllib.request.urlopen(call, timeout=60) as reply:
                got = reply.status
        except urllib.error.HTTPError as error:
            got = error.code
        assert got == status


def test_a_guarded_server_answers_who_has_the_password(guarded: Served) -> None:
    """As with ``curl -u``."""
    assert called(guarded.url, "ask", QUESTION, authorization=BASIC)["citations"]


# Assistants


def talking(url: str, talk: Callable[[Any], Awaitable[None]], authorization: str = "") -> None:
    """Run *talk* with a session of the official client over streamable HTTP."""
    import httpx2
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def run() -> None:
        headers = {"Authorization": authorization} if authorization else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as client,
            streamable_http_client(f"{url}/mcp", http_client=client) as (reading, writing),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            await talk(session)

    asyncio.run(run())


def test_an_assistant_finds_three_tools(served: Served) -> None:
    """Each says what to do with a quote, and that it changes nothing."""

    async def talk(session: Any) -> None:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        assert set(tools) == {"ask", "search", "quotes"}
        for tool in tools.values():
            assert "verbatim" in tool.description
            assert tool.annotations.read_only_hint
            assert tool.input_schema["additionalProperties"] is False
            assert tool.input_schema["properties"]["corpus"]["enum"] == ["corpus", "ferries"]
        for name in ("ask", "search"):
            kinds = tools[name].input_schema["properties"]["without"]["items"]["enum"]
            assert kinds == [key.value for key in FilterKey]

    talking(served.url, talk)


def test_an_assistant_quotes_from_the_archive(served: Served, sample_corpus: Corpus) -> None:
    """What the tools return is the JSON of the command, as text and as an object."""

    async def talk(session: Any) -> None:
        reply = await session.call_tool("ask", {"question": QUESTION})
        assert not reply.is_error
        answer = reply.structured_content
        assert json.loads(reply.content[0].text) == answer
        for citation in answer["citations"]:
            text = sample_corpus.document(citation["document_id"]).text
            assert text[citation["start"] : citation["end"]] == citation["quote"]
        asked = {"question": TALK[-1], "previous": TALK[:-1]}
        reply = await session.call_tool("ask", asked)
        assert "Retno" in reply.structured_content["followed"]["resolved"]
        reply = await session.call_tool("ask", {"question": SAILING, "corpus": "ferries"})
        assert reply.structured_content["citations"][0]["source"].endswith("ferry.txt")
        reply = await session.call_tool("search", {"query": "data pribadi", "k": 2})
        assert len(reply.structured_content["passages"]) == 2
        arguments = {"speaker": "Retno", "about": "digital diplomacy", "limit": 3}
        reply = await session.call_tool("quotes", arguments)
        said = reply.structured_content["statements"]
        assert said[0]["speaker"] == "Retno Marsudi"
        merkel = {"question": "What did Angela Merkel say about data protection?"}
        reply = await session.call_tool("ask", merkel)
        assert reply.structured_content["abstained"]

    talking(served.url, talk)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("ask", {}, "question is missing"),
        ("ask", {"question": "Siapa?", "colour": "red"}, "no such argument: colour"),
        ("ask", {"question": "Siapa? after:lusa"}, "lusa is no date"),
        ("ask", {"question": ["Siapa?"]}, "is no text"),
        ("search", {"query": "data", "k": 101}, "from 1 to 100"),
        ("quotes", {"until": "besok"}, "besok"),
        ("quotes", {"corpus": "x"}, "no such corpus"),
    ],
)
def test_an_assistant_hears_what_was_wrong(
    served: Served, name: str, arguments: dict[str, Any], said: str
) -> None:
    """As a failed call, for the model to read and do better."""

    async def talk(session: Any) -> None:
        reply = await session.call_tool(name, arguments)
        assert reply.is_error
        assert said in reply.content[0].text

    talking(served.url, talk)


def test_an_unknown_tool_is_an_error_of_the_protocol(served: Served) -> None:
    """Invalid parameters, and the names there are."""
    from mcp.shared.exceptions import MCPError

    async def talk(session: Any) -> None:
        with pytest.raises(MCPError, match="there are ask, search, quotes") as caught:
            await session.call_tool("delete_everything", {})
        assert caught.value.error.code == -32602

    talking(served.url, talk)


def test_an_assistant_needs_the_password_too(guarded: Served) -> None:
    """Without it not even the list of tools; with it everything."""

    async def talk(session: Any) -> None:
        reply = await session.call_tool("ask", {"question": QUESTION})
        assert reply.structured_content["citations"]

    talking(guarded.url, talk, authorization=BASIC)
    with pytest.raises(Exception, match=".*"):
        talking(guarded.url, talk)


def test_without_its_extra_mcp_says_what_to_install(folder: Path) -> None:
    """By name, before anything is served."""
    code = (
        "import sys\n"
        "sys.modules['mcp'] = sys.modules['mcp_types'] = None\n"
        "from qa.cli import main\n"
        f"sys.exit(main(['--corpus', {str(folder / 'corpus')!r}, 'serve', '--mcp']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=child_environment(),
        timeout=120,
    )
    assert done.returncode == 2
    assert 'pip install "kutip[mcp]"' in done.stderr


# Many at once


@pytest.fixture(scope="module")
def inside(sample_corpus: Corpus) -> Iterator[Any]:
    """A server in this process, to see what it keeps."""
    import app
    from benchmarks.serving import free_port

    page = app.start(sample_corpus, port=free_port())
    yield page
    page.close()


def test_programs_leave_no_session_behind(inside: Any) -> None:
    """Calls without a session would each leave something in memory."""
    for _ in range(3):
        assert called(inside.local_url.rstrip("/"), "ask", QUESTION)["citations"]
    assert len(inside.state_holder.session_data) == 0
    assert len(inside.state_holder.time_last_used) == 0


def test_gradio_is_inside_as_the_server_believes() -> None:
    """What is leant on and no part of Gradio's promises: with another Gradio, this says what.

    ``qa.server.sessions`` replaces the holder of sessions, ``app`` counts who waits, and
    ``qa.server.api`` fills in values.
    """
    page = gr.Blocks()
    insides: dict[str, tuple[object, tuple[str, ...]]] = {
        "StateHolder()": (
            StateHolder(),  # type: ignore[no-untyped-call]
            ("session_data", "time_last_used", "set_blocks", "update", "delete_all_expired_state"),
        ),
        "SessionState": (
            SessionState,
            ("__setitem__", "__getitem__", "_update_config", "_update_value_in_config"),
        ),
        "SessionState(page)": (
            SessionState(page),
            ("blocks_config", "config_values", "state_data", "is_closed"),
        ),
        "Blocks()": (page, ("default_config", "_queue", "validate_inputs", "state_holder")),
        "Blocks()._queue": (
            page._queue,
            ("pending_messages_per_session", "pending_event_ids_session", "__len__"),
        ),
        "gradio.events": (gr.events, ("api",)),
        "LocalContext": (LocalContext, ("request",)),
    }
    missing = [
        f"{owner}.{name}"
        for owner, (found, names) in insides.items()
        for name in names
        if not hasattr(found, name)
    ]
    assert not missing, f"Gradio {gr.__version__} has no {', '.join(missing)}"
    # A component that takes another's place gets a number of its own, hence ``Session``.
    with gr.Blocks() as page:
        box = gr.Textbox()
    known, ours = SessionState(page), sessions.Session(page)
    for state in (known, ours):
        state[box._id] = gr.Textbox()
    assert known[box._id]._id != box._id
    assert ours[box._id]._id == box._id


def test_a_page_holds_only_the_conversation(inside: Any) -> None:
    """What an answer was drawn with goes with the next one; of a closed page nothing stays."""
    open_pages = inside.state_holder

    async def ask(browser: load.Browser, times: int) -> int:
        for _ in range(times):
            await browser.ask(QUESTION)
        (page,) = open_pages.session_data.values()
        return len(page.blocks_config.blocks) + len(page.config_values)

    async def asking() -> tuple[int, int]:
        async with httpx.AsyncClient(base_url=inside.local_url, timeout=60) as client:
            browser = load.Browser(client, (await client.get("/config")).json())
            return await ask(browser, 2), await ask(browser, 3)

    early, late = asyncio.run(asking())
    assert early == late

    ((name, page),) = open_pages.session_data.items()
    page.is_closed = True
    open_pages.delete_all_expired_state()
    assert name in open_pages.session_data  # it may come back
    open_pages.time_last_used[name] -= CLOSED
    open_pages.delete_all_expired_state()
    assert not open_pages.session_data
    assert not open_pages.time_last_used
    assert name not in inside._queue.pending_event_ids_session
    assert name not in inside._queue.pending_messages_per_session


def test_people_who_ask_at_once_are_all_answered(served: Served) -> None:
    """The short form of benchmarks/load.py: page and API, every answer whole, no error."""
    found = asyncio.run(load.measure(served, people=8, seconds=3))
    assert found.errors == []
    assert min(len(took) for took in found.took.values()) >= 4


def test_a_step_that_waits_is_not_changed_by_the_next() -> None:
    """In the browser: an update goes out whole, and only a list as what differs."""
    steps: list[list[Any]] = [
        [gr.update(value="", visible=True), ["Apa?"]],
        [gr.skip(), ["Apa?", "Ini."]],
        [gr.skip(), ["Apa?", "Ini."]],
        [gr.update(visible=False), gr.skip()],
    ]
    with Page() as page:
        outputs: Any = SimpleNamespace(outputs=[None, None])
    sent = [
        page.handle_streaming_diffs(outputs, list(step), "s", "r", final=False) for step in steps
    ]
    assert sent[0] == steps[0]
    assert sent[1] == [[["replace", [], gr.skip()]], [["add", [1], "Ini."]]]
    assert sent[2] == [[], []]
    assert sent[3] == [[["replace", [], step]] for step in steps[3]]
    assert page.handle_streaming_diffs(outputs, [None, None], "s", "r", final=True) == steps[3]
    # A call that nobody can come back for gets every step as it is.
    assert page.handle_streaming_diffs(outputs, steps[0], "s", None, final=False) == steps[0]

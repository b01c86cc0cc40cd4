"""Promises of the gate and the limits: what is asked without a password, too often or too large."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from qa.chat.language import language_of
from qa.errors import KutipError
from qa.server import access
from qa.server.gate import FREE, LASTS, LONGEST_WAIT, Gate, Slowdown
from qa.server.limits import MAX_BODY, MAX_WAITING, Limits, OwnName, is_loopback
from qa.server.passwords import Users
from qa.server.spoken import Spoken

RIGHT = {"username": "ana", "password": "kapal-perintis-7"}
WRONG = RIGHT | {"password": "kapal-perintis-8"}


class Plain(Users):
    """Users whose passwords are compared as they are, to be quick; counts how often."""

    def __init__(self) -> None:
        super().__init__({})
        object.__setattr__(self, "asked", [])

    __slots__ = ("asked",)

    def accept(self, name: str, password: str) -> bool:
        self.asked.append(name)  # type: ignore[attr-defined]
        return {"username": name, "password": password} == RIGHT


class Clock:
    """A time that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def inside(scope: Any, receive: Any, send: Any) -> None:
    """What is behind the gate: says who came and how much was brought."""
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    body = f"{scope.get('kutip.user')} {scope['path']} {size}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def visiting(app: Any, visit: Callable[[httpx.AsyncClient], Awaitable[None]], **named: Any) -> None:
    """Run *visit* with a client of *app*, without a server."""

    async def run() -> None:
        transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 4711))
        base = named.pop("base_url", "http://127.0.0.1:7860")
        async with httpx.AsyncClient(transport=transport, base_url=base, **named) as client:
            await visit(client)

    asyncio.run(run())


def gate(clock: Clock | None = None) -> Gate:
    return Gate(inside, Plain(), clock or Clock())


EVERYTHING = [
    ("GET", "/"), ("GET", "/config"), ("GET", "/assets/index.js"), ("GET", "/theme.css"),
    ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/file=/etc/passwd"),
    ("POST", "/gradio_api/call/ask"), ("GET", "/gradio_api/queue/data"), ("POST", "/mcp"),
    ("GET", "/gradio_api/heartbeat/x"), ("POST", "/gradio_api/cancel"), ("PUT", "/anything"),
    ("GET", "/loginx"), ("GET", "/gradio_api/startup-events/"), ("GET", "//"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_nothing_is_served_without_a_password(method: str, path: str) -> None:
    """Whatever it is: 401, and what is behind is not called."""

    async def visit(client: httpx.AsyncClient) -> None:
        reply = await client.request(method, path)
        assert reply.status_code == 401
        assert "None" not in reply.text
        assert reply.headers["www-authenticate"].startswith("Basic ")

    visiting(gate(), visit)


def test_a_browser_gets_the_login_in_its_language() -> None:
    """With fields that a password manager knows, and no window of the browser's own."""

    async def visit(client: httpx.AsyncClient) -> None:
        headers = {"accept": "text/html", "accept-language": "id-ID,en", "sec-fetch-mode": "x"}
        reply = await client.get("/", headers=headers)
        assert reply.status_code == 401
        assert "www-authenticate" not in reply.headers
        assert '<html lang="id">' in reply.text
        assert "Kata sandi" in reply.text
        assert 'autocomplete="current-password"' in reply.text

    visiting(gate(), visit)


def test_a_login_lasts_until_it_ends() -> None:
    """The cookie opens everything, is out of reach of scripts, and is worth nothing afterwards."""
    clock = Clock()

    async def visit(client: httpx.AsyncClient) -> None:
        reply = await client.post("/login", data=RIGHT, headers={"accept": "text/html"})
        assert (reply.status_code, reply.headers["location"]) == (303, "/")
        kept = reply.headers["set-cookie"].lower()
        assert "httponly" in kept
        assert "samesite=lax" in kept
        assert "secure" not in kept  # over http the browser would not send it back
        assert (await client.get("/config")).text == "ana /config 0"
        (name,) = client.cookies
        token = client.cookies[name]
        await client.post("/logout")
        for old in (token, "made-up"):
            reply = await client.get("/config", headers={"cookie": f"{name}={old}"})
            assert reply.status_code == 401
        await client.post("/login", data=RIGHT)
        clock.now += LASTS + 1
        assert (await client.get("/config")).status_code == 401

    visiting(gate(clock), visit)


def test_over_https_the_cookie_stays_there() -> None:
    """It is never sent in the clear."""

    async def visit(client: httpx.AsyncClient) -> None:
        reply = await client.post("/login", data=RIGHT)
        assert "secure" in reply.headers["set-cookie"].lower()

    visiting(gate(), visit, base_url="https://kutip.example")


def test_a_program_sends_its_password_each_time() -> None:
    """Checked once, not each time; a changed one is checked anew."""
    door = gate()

    async def visit(client: httpx.AsyncClient) -> None:
        for _ in range(3):
            reply = await client.get(
                "/gradio_api/info", auth=(RIGHT["username"], RIGHT["password"])
            )
            assert reply.text == "ana /gradio_api/info 0"
        assert door.users.asked == ["ana"]  # type: ignore[attr-defined]
        reply = await client.get("/gradio_api/info", auth=(WRONG["username"], WRONG["password"]))
        assert reply.status_code == 401

    visiting(door, visit)


@pytest.mark.parametrize(
    "value",
    ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"ana").decode(), "Basic /w==", "Bearer x"],
)
def test_what_is_no_password_is_none(value: str) -> None:
    """A header that cannot be read is 401, not a fault."""

    async def visit(client: httpx.AsyncClient) -> None:
        reply = await client.get("/", headers={"authorization": value})
        assert reply.status_code == 401

    visiting(gate(), visit)


def test_guessing_gets_slower() -> None:
    """After some wrong passwords none is looked at for a while, not even the right one."""
    clock = Clock()
    door = gate(clock)

    async def visit(client: httpx.AsyncClient) -> None:
        replies = [await client.post("/login", data=WRONG) for _ in range(FREE)]
        assert [reply.status_code for reply in replies] == [401] * (FREE - 1) + [429]
        assert replies[-1].headers["retry-after"] == "1"
        assert (await client.post("/login", data=RIGHT)).status_code == 429
        assert (
            await client.get("/", auth=(RIGHT["username"], RIGHT["password"]))
        ).status_code == 429
        assert len(door.users.asked) == FREE  # type: ignore[attr-defined]
        html = await client.post("/login", data=RIGHT, headers={"accept": "text/html"})
        assert "Please try again in 1 second." in html.text
        clock.now += 1.1
        assert (await client.post("/login", data=WRONG)).headers["retry-after"] == "2"
        clock.now += 2.1
        assert (await client.post("/login", data=RIGHT)).status_code == 200
        assert (await client.post("/login", data=WRONG)).status_code == 401

    visiting(door, visit)


def test_many_guesses_at_once_are_no_way_round() -> None:
    """Tries that run at the same time count before they are checked."""
    door = gate()

    async def visit(client: httpx.AsyncClient) -> None:
        replies = await asyncio.gather(*(client.post("/login", data=WRONG) for _ in range(40)))
        assert len(door.users.asked) <= FREE  # type: ignore[attr-defined]
        assert {reply.status_code for reply in replies} <= {401, 429}

    visiting(door, visit)


def test_the_wait_has_an_end_and_is_ones_own() -> None:
    """It doubles up to a quarter of an hour, and another address does not feel it."""
    clock = Clock()
    slow = Slowdown(clock)
    waits = []
    for _ in range(40):
        slow.failed("192.0.2.1")
        waits.append(slow.wait("192.0.2.1"))
    assert waits[FREE - 2 : FREE + 3] == [0.0, 1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == LONGEST_WAIT
    assert slow.wait("192.0.2.2") == 0.0
    clock.now += 3 * LONGEST_WAIT
    slow.failed("192.0.2.1")
    assert slow.wait("192.0.2.1") == 0.0


def test_an_endless_login_is_not_read() -> None:
    """More than a form can hold is no login."""
    door = gate()

    async def visit(client: httpx.AsyncClient) -> None:
        reply = await client.post("/login", content=b"username=ana&password=" + b"x" * 100_000)
        assert reply.status_code == 401
        for content in (b'{"username": 3', b'{"a":' * 1600):
            assert (await client.post("/login", content=content)).status_code == 401

    visiting(door, visit)


def test_the_name_that_was_typed_is_escaped() -> None:
    """The login shows it again as text."""

    async def visit(client: httpx.AsyncClient) -> None:
        data = {"username": '"><script>alert(1)</script>', "password": "x"}
        reply = await client.post("/login", data=data, headers={"accept": "text/html"})
        assert "<script" not in reply.text
        assert "&lt;script&gt;" in reply.text
        half = rb'{"username": "\ud800", "password": "x"}'  # which no page can show
        reply = await client.post("/login", content=half, headers={"accept": "text/html"})
        assert reply.status_code == 401

    visiting(gate(), visit)


# Names and limits


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True), ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True),
        ("[::1]", True), ("LOCALHOST.", True), ("0.0.0.0", False), ("::", False),
        ("127.0.0.1.evil.example", False), ("localhost.evil.example", False), ("", False),
        ("127.evil", False),
    ],
)  # fmt: skip
def test_what_is_this_machine_alone(host: str, own: bool) -> None:
    """Names that only look like it are not."""
    assert is_loopback(host) is own


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:7860"}, 200),
        ({"host": "localhost"}, 200),
        ({"host": "[::1]:7860"}, 200),
        ({"host": "evil.example:7860"}, 421),
        ({"host": "[::1"}, 421),
        ({"host": "127.0.0.1:7860", "origin": "http://[x"}, 421),
        ({"host": "127.0.0.1:7860", "origin": "http://evil.example"}, 421),
        ({"host": "127.0.0.1:7860", "origin": "null"}, 421),
        ({"host": "127.0.0.1:7860", "origin": "http://localhost:7860"}, 200),
    ],
)
def test_another_name_for_this_machine_is_refused(headers: dict[str, str], status: int) -> None:
    """A page elsewhere whose name leads here cannot read the documents of an open server."""

    async def visit(client: httpx.AsyncClient) -> None:
        assert (await client.get("/", headers=headers)).status_code == status

    visiting(OwnName(inside), visit)


def test_what_is_too_large_is_not_read() -> None:
    """Said or not said beforehand; uploads have a limit of their own."""

    async def parts() -> Any:
        for _ in range(MAX_BODY // 2**16 + 2):
            yield b"x" * 2**16

    async def visit(client: httpx.AsyncClient) -> None:
        large = b"x" * (MAX_BODY + 1)
        assert (await client.post("/gradio_api/queue/join", content=large)).status_code == 413
        assert (await client.post("/mcp", content=large[1:])).status_code == 200
        assert (await client.post("/mcp", content=parts())).status_code == 413
        reply = await client.post("/gradio_api/upload", content=large)
        assert reply.text.endswith(str(MAX_BODY + 1))

    visiting(Limits(inside, lambda: 0), visit)


@pytest.mark.parametrize(("language", "word"), [("en", "Many people"), ("id", "Banyak")])
def test_a_full_queue_is_said_in_ones_language(language: str, word: str) -> None:
    """To the page, in a form that it shows; a program hears it from Gradio, as 503."""

    async def visit(client: httpx.AsyncClient) -> None:
        join = "/gradio_api/queue/join"
        headers = {"sec-fetch-mode": "cors", "accept-language": language}
        reply = await client.post(join, headers=headers)
        assert reply.status_code == 429
        assert reply.json()["detail"].startswith(word)
        assert (await client.post(join)).status_code == 200
        assert (await client.get("/", headers=headers)).status_code == 200

    visiting(Limits(inside, lambda: MAX_WAITING), visit)


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"accept-language": "id-ID,en;q=0.5"}, "id"),
        ({"accept-language": "id;q=0.9"}, "id"),
        ({"accept-language": "fr"}, "en"),
        ({"accept-language": "en", "cookie": "a=b; kutip-language=id"}, "id"),
        ({"accept-language": "id", "cookie": "kutip-language=en"}, "en"),
        ({"accept-language": "id", "cookie": "kutip-language=<b>"}, "id"),
        ({"cookie": 'other={"a": [1]}; kutip-language=id'}, "id"),
        ({}, "en"),
    ],
)
def test_the_switch_goes_before_the_browser(headers: dict[str, str], language: str) -> None:
    """What was chosen in the page, else the browser's first language, else English."""
    assert language_of(headers) == language


def test_a_page_says_its_language_before_its_scripts_run() -> None:
    """Gradio's script takes the browser's language as soon as it runs; other files stay as are."""
    page = b'<!doctype html>\n<html\n\tlang="en"\n><head><script src="x"></script></head>\xc3\xa9'

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/css"
        headers = [(b"content-type", kind), (b"content-length", str(len(page)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page[:50], "more_body": True})
        await send({"type": "http.response.body", "body": page[50:]})

    async def visit(client: httpx.AsyncClient) -> None:
        reply = await client.get("/", headers={"cookie": "kutip-language=id"})
        assert int(reply.headers["content-length"]) == len(reply.content)
        assert 'lang="id"' in reply.text
        assert reply.text.index('"language", "id"') < reply.text.index('src="x"')
        assert reply.content.endswith(b"</head>\xc3\xa9")
        assert (await client.get("/theme.css")).content == page

    visiting(Spoken(behind), visit)


def test_what_stands_before_the_page() -> None:
    """Users: the gate. Nobody named: this machine's own names, unless anyone may come."""

    def names(users: Users | None, anyone: bool) -> list[str]:
        stack, _ = access.guards(users, anyone=anyone, waiting=lambda: 0)
        return [one.cls.__name__ for one in stack]  # type: ignore[attr-defined]

    assert names(Plain(), False) == ["Gate", "Limits"]
    assert names(None, False) == ["OwnName", "Limits"]
    assert names(None, True) == ["Limits"]
    with pytest.raises(KutipError, match="--no-auth"):
        access.check("0.0.0.0", None, anyone=False)
    access.check("0.0.0.0", Plain(), anyone=False)
    access.check("0.0.0.0", None, anyone=True)
    access.check("127.0.0.1", None, anyone=False)

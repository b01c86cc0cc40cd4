"""A server that speaks OpenAI's chat completions, well or badly, as the path asks it to.

``python -m tests.chat_server FOLDER`` prints its port and serves on loopback until
it is ended. What it says is in FOLDER/reply.txt; each request is noted as a line of
FOLDER/requests.jsonl. The first part of the path names the behaviour, as in
http://127.0.0.1:PORT/stream/v1: see ``Chat.BEHAVIOURS``.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

FOLDER = Path(sys.argv[1]) if __name__ == "__main__" else Path()


def whole(text: str, reason: str = "stop") -> bytes:
    """A reply in one piece."""
    message = {"role": "assistant", "content": text}
    return json.dumps({"choices": [{"message": message, "finish_reason": reason}]}).encode()


def event(text: str | None, reason: str | None = None, **more: object) -> bytes:
    """One event of a stream, with all that llama.cpp's server puts into it."""
    delta = more if text is None else {"content": text, **more}
    reply = {
        "choices": [{"finish_reason": reason, "index": 0, "delta": delta}],
        "created": 1795393898,
        "id": "chatcmpl-LylBV6Z37YzDbRxvUOHZMezzJGhExT3t",
        "model": "tiny.gguf",
        "system_fingerprint": "b1-0c1e570",
        "object": "chat.completion.chunk",
    }
    return b"data: " + json.dumps(reply, ensure_ascii=False).encode() + b"\n\n"


def begin() -> bytes:
    """The first event: who speaks, and nothing yet."""
    return event(None, role="assistant", content=None)


class Chat(BaseHTTPRequestHandler):
    """One exchange."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.note(None)
        if "/listless/" in self.path:  # as transformers serve, where it has no cache to look into
            self.send(b"Internal Server Error", 500, "text/plain; charset=utf-8")
            return
        count = 2 if "/two/" in self.path else 1
        listed = [{"id": f"tiny-{n}", "object": "model"} for n in range(count)]
        self.send(json.dumps({"object": "list", "data": listed}).encode())

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.note(self.body)
        said = (FOLDER / "reply.txt").read_text("utf-8")
        with suppress(BrokenPipeError, ConnectionResetError):  # the other side has had enough
            self.BEHAVIOURS[self.path.split("/")[1]](self, said)
        self.close_connection = True

    def note(self, body: Any) -> None:
        line = {"path": self.path, "headers": dict(self.headers), "body": body}
        with (FOLDER / "requests.jsonl").open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(line) + "\n")

    # How to answer

    def send(
        self,
        data: bytes,
        status: int = 200,
        kind: str = "application/json",
        **headers: str,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def stream(self, parts: Iterator[bytes]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()

    def well(self, said: str) -> None:
        def parts() -> Iterator[bytes]:
            yield begin()
            for word in said.split(" "):
                yield event(f"{word} ")
            yield event(None, "stop")
            yield b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n'
            yield b"data: [DONE]\n\n"

        self.stream(parts())

    def thinking(self, said: str) -> None:
        """Thoughts apart from the text, as llama.cpp (reasoning_content) and Ollama tell them."""

        def parts() -> Iterator[bytes]:
            yield begin()
            yield event(None, reasoning_content="Prabowo? ")
            yield event(None, reasoning="99?")
            yield event(said)
            yield event(None, "stop")
            yield b"data: [DONE]\n\n"

        self.stream(parts())

    def only_thinking(self, said: str) -> None:
        """Thoughts up to the limit of tokens."""
        thoughts = [event(None, reasoning_content="Prabowo? ") for _ in range(9)]
        self.stream(iter([begin(), *thoughts, event(None, "length"), b"data: [DONE]\n\n"]))

    def without_done(self, said: str) -> None:
        """transformers serve ends with the reason, and says no [DONE]."""
        self.stream(iter([event(None, role="assistant"), event(said), event(None, "stop")]))

    def particular(self, said: str) -> None:
        """Refuses whatever it does not know, as stricter servers do."""
        for name in sorted(self.body.keys() - {"model", "messages", "stream"}):
            told = f"Unsupported parameter: '{name}'"
            self.send(json.dumps({"error": {"message": told}}).encode(), 400)
            return
        self.well(said)

    def dying(self, said: str) -> None:
        """Killed in mid-answer: a chunked body without its last chunk."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        part = begin() + event(said)
        self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.flush()
        self.connection.close()

    def in_bits(self, said: str) -> None:
        """Byte by byte, with comments and carriage returns, as the protocol allows."""

        def parts() -> Iterator[bytes]:
            text = b": hello\r\nevent: message\r\n" + event(said).replace(b"\n", b"\r\n")
            for byte in text + event(None, "stop"):
                yield bytes([byte])

        self.stream(parts())

    def breaking_off(self, said: str) -> None:
        self.stream(iter([event(said)]))

    def endless(self, said: str) -> None:
        def parts() -> Iterator[bytes]:
            while True:
                yield event("bla ")

        self.stream(parts())

    def endless_line(self, said: str) -> None:
        def parts() -> Iterator[bytes]:
            while True:
                yield b" " * 5000

        self.stream(parts())

    def keep_alive(self, said: str) -> None:
        def parts() -> Iterator[bytes]:
            while True:
                time.sleep(0.05)
                yield b": wait\n\n"

        self.stream(parts())

    def dripping(self, said: str) -> None:
        """A header that never ends, a byte at a time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            time.sleep(0.05)
            self.wfile.write(b"x")
            self.wfile.flush()

    def silent(self, said: str) -> None:
        time.sleep(60)

    def hanging_up(self, said: str) -> None:
        self.connection.close()

    def garbage(self, said: str) -> None:
        self.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")

    def bomb(self, said: str) -> None:
        self.send(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")

    def redirecting(self, said: str) -> None:
        self.send(b"", 307, Location="http://192.0.2.1/v1/chat/completions")

    BEHAVIOURS: ClassVar[dict[str, Callable[[Chat, str], None]]] = {
        "stream": well,
        "bits": in_bits,
        "two": well,
        "listless": well,
        "thinking": thinking,
        "only-thinking": only_thinking,
        "without-done": without_done,
        "particular": particular,
        "dying": dying,
        "overflow": lambda self, said: self.send(
            b'{"error":{"code":400,"message":"request (578 tokens) exceeds the available context'
            b' size (256 tokens), try increasing it","type":"exceed_context_size_error",'
            b'"n_prompt_tokens":578,"n_ctx":256}}',
            400,
        ),
        "loading": lambda self, said: self.send(
            b'{"error":{"message":"Loading model","type":"unavailable_error","code":503}}', 503
        ),
        "pinned": lambda self, said: self.send(
            b"{\"detail\":\"Server is pinned to 'tiny'; requested 'nosuch'.\"}", 400
        ),
        "whole": lambda self, said: self.send(whole(said)),
        "cut": lambda self, said: self.send(whole(said, "length")),
        "breaking-off": breaking_off,
        "endless": endless,
        "endless-line": endless_line,
        "keep-alive": keep_alive,
        "dripping": dripping,
        "silent": silent,
        "hanging-up": hanging_up,
        "garbage": garbage,
        "bomb": bomb,
        "redirecting": redirecting,
        "huge": lambda self, said: self.send(b'{"choices": "' + b"x" * 3_000_000 + b'"}'),
        "long": lambda self, said: self.send(whole("bla " * 10_000)),
        "500": lambda self, said: self.send(b'{"error": {"message": "out\\nof memory"}}', 500),
        "500-page": lambda self, said: self.send(b"<h1>no</h1>", 500, "text/html"),
        "error-event": lambda self, said: self.stream(
            iter([event("ab"), b'data: {"error": {"message": "out of memory"}}\n\n'])
        ),
        "not-json": lambda self, said: self.send(b"<!doctype html>"),
        "not-utf-8": lambda self, said: self.send(whole("x").replace(b'"x"', b'"\xff\xfe"')),
        "no-choices": lambda self, said: self.send(b'{"choices": []}'),
        "other-shape": lambda self, said: self.send(b'[{"choices": 3}]'),
        "other-choice": lambda self, said: self.send(b'{"choices": [{"message": {"content": 3}}]}'),
        "deep": lambda self, said: self.send(b"[" * 200_000),
        "nothing": lambda self, said: self.send(whole("  \n")),
        "event-not-json": lambda self, said: self.stream(iter([event("ab"), b"data: {{{\n\n"])),
    }


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

"""Many people asking at once: python benchmarks/load.py [CORPUS] [--people 20] [--seconds 60]

Starts a real ``kutip serve`` and lets people ask without a pause, each as soon
as the last answer is there: half as a browser does, through the queue and the
event stream of the page, in one conversation that grows; half as a program,
through ``/ask``. Every answer is looked at, and the memory of the server noted
every second. Exit status 1 if a limit is missed: an error, p95 over 2 s, or
memory that keeps growing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

from benchmarks.serving import Served, fill, serving

# Answered, refused and filtered ones, in both languages.
QUESTIONS = (
    "What did Jokowi say about data protection?",
    "Apa kepanjangan Whoosh?",
    "Apa tiga langkah diplomasi digital menurut Retno?",
    "How did Jokowi react to losing the nickel dispute?",
    "Sudahkah lembaga pengawas data pribadi berdiri?",
    "What did Angela Merkel say about data protection?",
    "Apa kata Jokowi tentang perlindungan data sejak 2019?",
    "How are the 20 billion dollars for energy divided?",
)
P95 = 2.0  # s
GROWTH = 1.15  # memory in the last sixth of the time, against the second


@dataclass(slots=True)
class Measured:
    """Seconds a question by the door it went through, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "ask": []})
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MiB, one a second
    worked: float = 0.0  # seconds of processor time of the server

    @property
    def all(self) -> list[float]:
        return self.took["page"] + self.took["ask"]

    @property
    def growth(self) -> float:
        """Memory at the end against that after the first sixth of the time."""
        part = max(1, len(self.memory) // 6)
        late, early = self.memory[-part:], self.memory[part : 2 * part] or self.memory[:part]
        return statistics.median(late) / statistics.median(early)


def percentile(values: list[float], share: float) -> float:
    """The value that *share* of *values* do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def events(client: httpx.AsyncClient, path: str, **named: Any) -> AsyncIterator[str]:
    """The data of each event of a stream, as text."""
    async with client.stream("GET", path, **named) as reply:
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            if line.startswith("data: "):
                yield line.removeprefix("data: ")


class Browser:
    """One person in front of the page: the calls that Gradio's own script makes."""

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self._client = client
        self._session = uuid.uuid4().hex[:12]
        box = next(
            one["id"] for one in config["components"] if one["props"].get("elem_id") == "question"
        )
        submit = next(
            one for one in config["dependencies"] if [box, "submit"] in map(list, one["targets"])
        )
        self._function, self._inputs, self._box = submit["id"], len(submit["inputs"]), box

    async def ask(self, question: str) -> None:
        """Raises ``RuntimeError`` where no whole answer comes."""
        joined = await self._client.post(
            "/gradio_api/queue/join",
            json={
                # What else the event takes is kept by the server.
                "data": [question, *[None] * (self._inputs - 1)],
                "fn_index": self._function,
                "session_hash": self._session,
                "trigger_id": self._box,
                "event_data": None,
            },
        )
        joined.raise_for_status()
        path, said = "/gradio_api/queue/data", ""
        async for data in events(self._client, path, params={"session_hash": self._session}):
            message = json.loads(data)
            said += data
            if message["msg"] == "process_completed":
                if not message["success"] or "kutip-answer" not in said:
                    raise RuntimeError(f"{question}: {data[:300]}")
                return
        raise RuntimeError(f"{question}: the stream ended without an answer")


async def through_ask(client: httpx.AsyncClient, question: str) -> None:
    """Raises ``RuntimeError`` where no whole answer comes."""
    called = await client.post("/gradio_api/call/ask", json={"data": [question]})
    called.raise_for_status()
    last = ""
    async for data in events(client, f"/gradio_api/call/ask/{called.json()['event_id']}"):
        last = data
    try:
        (answer,) = json.loads(last)
        whole = answer["question"] == question and (answer["citations"] or answer["abstained"])
    except (TypeError, ValueError, KeyError):
        whole = False
    if not whole:
        raise RuntimeError(f"{question}: {last[:300]}")


async def measure(served: Served, people: int, seconds: float) -> Measured:
    """Let *people* ask for *seconds*."""
    found = Measured()
    ends = time.perf_counter() + seconds

    async def person(number: int) -> None:
        door = ("page", "ask")[number % 2]
        questions: Iterator[str] = islice(cycle(QUESTIONS), number, None)
        async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
            browser = Browser(client, (await client.get("/config")).json())
            while time.perf_counter() < ends:
                question, started = next(questions), time.perf_counter()
                try:
                    if door == "page":
                        await browser.ask(question)
                    else:
                        await through_ask(client, question)
                except (httpx.HTTPError, RuntimeError) as error:
                    found.errors.append(f"{type(error).__name__}: {error}")
                    await asyncio.sleep(0.1)
                else:
                    found.took[door].append(time.perf_counter() - started)

    async def watch() -> None:
        while True:
            found.memory.append(served.resident())
            await asyncio.sleep(1)

    watching, before = asyncio.create_task(watch()), served.worked()
    await asyncio.gather(*(person(number) for number in range(people)))
    watching.cancel()
    found.worked = served.worked() - before
    return found


def missed(found: Measured) -> list[str]:
    """The limits that were not kept."""
    p95, missed = percentile(found.all, 0.95) if found.all else float("inf"), []
    if found.errors:
        missed.append(f"{len(found.errors)} errors, the first: {found.errors[0]}")
    if p95 > P95:
        missed.append(f"p95 {p95:.2f} s, more than {P95:.0f} s")
    if found.growth > GROWTH:
        missed.append(f"memory grew to {found.growth:.2f} of what it was")
    return missed


def main() -> int:
    """Print the figures; 1 if a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder)
        if options.corpus is None:
            fill(corpus)
        with serving(corpus) as served:
            found = asyncio.run(measure(served, options.people, options.seconds))
    print(
        "| through | questions | a second | p50, s | p95, s | most, s |\n|---|---|---|---|---|---|"
    )
    for door, took in (*found.took.items(), ("both", found.all)):
        if took:
            figures = [percentile(took, share) for share in (0.5, 0.95, 1.0)]
            rate = len(took) / options.seconds
            cells = " | ".join(f"{figure:.2f}" for figure in figures)
            print(f"| {door} | {len(took)} | {rate:.1f} | {cells} |")
    every = max(1, len(found.memory) // 12)
    print(f"errors: {len(found.errors)}")
    print(f"processor time a question: {1000 * found.worked / max(1, len(found.all)):.0f} ms")
    print("memory, MiB:", " ".join(f"{size:.0f}" for size in found.memory[::every]))
    for line in missed(found):
        print(f"missed: {line}")
    return int(bool(missed(found)))


if __name__ == "__main__":
    sys.exit(main())

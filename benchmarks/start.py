"""How soon the page is there, and the first answer: python benchmarks/start.py [CORPUS] [--times 5]

Starts ``kutip serve`` (on the sample articles, unless a corpus is named) again
and again, and asks one question through ``/ask``: at once, as a program would,
or a second after the page, as nobody can type faster.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.serving import fill, serving

QUESTIONS = ("Apa kepanjangan Whoosh?", "What did Jokowi say about data protection?")


def asked(url: str, question: str) -> float:
    """Milliseconds until the whole answer of ``/ask`` is there."""
    started = time.perf_counter()
    call = urllib.request.Request(
        f"{url}/gradio_api/call/ask",
        json.dumps({"data": [question]}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(call) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}/gradio_api/call/ask/{event}") as reply:
        stream = reply.read().decode()
    if "event: complete" not in stream:
        raise RuntimeError(stream)
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder)
        if options.corpus is None:
            fill(corpus)
        print("| pause | page, s | first question, ms | second, ms |\n|---|---|---|---|")
        for pause in (0.0, 1.0):
            rows = []
            for _ in range(options.times):
                with serving(corpus) as served:
                    time.sleep(pause)
                    first, second = (asked(served.url, question) for question in QUESTIONS)
                    rows.append((served.seconds, first, second))
            cells = [
                f"{statistics.median(column):.{digits}f} (most {max(column):.{digits}f})"
                for column, digits in zip(zip(*rows, strict=True), (2, 0, 0), strict=True)
            ]
            print(f"| {pause:.0f} s | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()

"""How fast and how large: ``python benchmarks/speed.py [--threads 1 2]``.

The bundled model as it ships against the same weights in other runtimes:
PyTorch (sentence-transformers on the bundled folder), ONNX in float32 and in
8 bits with one scale a matrix, OpenVINO in float32, bfloat16 and 8 bits (left
out, and said so, where it is not installed: ``pip install openvino``). Then
tokens a batch, what sentence-transformers makes of whole passages, the start
of a process, and the memory of a process that indexes.

Every round measures every runtime once, so that whatever else the machine does
falls on all alike; medians over the rounds, three by default (two to three
minutes on two idle cores; give a machine that is at work more).
``--architectures`` adds the time of other models' networks, with random
weights, which cost what trained ones cost.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

import embeddings
from embeddings import MODEL_FOLDER, bundled
from qa.evaluation.retrieval import read_rows

ROOT = Path(__file__).parent.parent
BASE = "PyTorch float32"
SHIPPED = "as it ships"

Inputs = dict[str, npt.NDArray[np.int64]]
Run = Callable[[Inputs], npt.NDArray[np.float32]]

# Networks of models in docs/models.md: layers, width, heads, inner width.
ARCHITECTURES = {
    "multilingual-e5-small, paraphrase-multilingual-MiniLM-L12-v2": (12, 384, 12, 1536),
    "multilingual-e5-base": (12, 768, 12, 3072),
    "multilingual-e5-large, bge-m3, snowflake-arctic-embed-l-v2.0": (24, 1024, 16, 4096),
}


def main() -> None:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[os.cpu_count() or 1])
    parser.add_argument("--lengths", type=int, nargs="+", default=[16, 64, 128, 256])
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cpu-time", action="store_true", help="on a busy machine, one thread")
    parser.add_argument("--onnx", nargs="*", default=[], metavar="NAME=FILE", help="others too")
    parser.add_argument("--articles", type=int, default=300, help="to index for the memory; or 0")
    parser.add_argument("--architectures", action="store_true", help="other models' networks")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # the exporters and quantisers are talkative
    warnings.simplefilter("ignore")
    clock = time.process_time if options.cpu_time else time.perf_counter
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        files = _export(Path(temporary))
        files |= {name: Path(file) for name, file in (pair.split("=", 1) for pair in options.onnx)}
        for threads in options.threads:
            runtimes = _runtimes(files, threads)
            cells = [(n, b) for n in options.lengths for b in options.batches]
            seconds = _measured(runtimes, cells, options.rounds, clock)
            _print_runtimes(seconds, cells, threads)
            if options.architectures:
                _print_architectures(threads, options.rounds, clock)
    _print_passages(options.rounds, clock)
    _print_start()
    if options.articles:
        _print_memory(options.articles)


# The runtimes


def _export(folder: Path) -> dict[str, Path]:
    """The bundled weights as ONNX files of other kinds, by name."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from embeddings.training.export import write_onnx
    from embeddings.training.student import load_student

    student, _ = load_student(MODEL_FOLDER)
    full, dynamic = folder / "float32.onnx", folder / "dynamic.onnx"
    write_onnx(student, full)
    quantize_dynamic(str(full), str(dynamic), weight_type=QuantType.QInt8, per_channel=True)
    return {"ONNX float32": full, "ONNX 8-bit, one scale a matrix": dynamic}


def _runtimes(files: Mapping[str, Path], threads: int) -> dict[str, Run]:
    """Everything that turns token numbers into sentence vectors, on *threads* cores."""
    import torch

    torch.set_num_threads(threads)
    runs = {BASE: _pytorch(), SHIPPED: _onnx(MODEL_FOLDER / "model.onnx", threads)}
    for name, file in files.items():
        runs[name] = _onnx(file, threads)
    try:
        openvino: Any = importlib.import_module("openvino")
    except ImportError:
        print("OpenVINO is not installed and left out: pip install openvino", flush=True)
        return runs
    static = _static(files["ONNX float32"])
    for name, file, precision in (
        ("OpenVINO float32", files["ONNX float32"], "f32"),
        ("OpenVINO bfloat16", files["ONNX float32"], "bf16"),
        ("OpenVINO 8-bit, calibrated", static, "f32"),
    ):
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": precision,
        }
        runs[name] = _openvino(openvino.Core().compile_model(str(file), "CPU", settings))
    return runs


def _pytorch() -> Run:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as quiet

    talkative: Any = quiet  # only partly typed
    talkative.set_verbosity_error()
    talkative.disable_progress_bar()
    model = SentenceTransformer(
        str(MODEL_FOLDER),
        device="cpu",
        local_files_only=True,
        model_kwargs={"dtype": "float32"},
    )

    def run(inputs: Inputs) -> npt.NDArray[np.float32]:
        with torch.inference_mode():
            out = model({name: torch.from_numpy(values) for name, values in inputs.items()})
        return np.asarray(out["sentence_embedding"])

    return run


def _onnx(file: Path, threads: int) -> Run:
    session = bundled.open_session(file, threads=threads)
    return lambda inputs: np.asarray(session.run(["sentence_embedding"], inputs)[0])


def _openvino(compiled: Any) -> Run:
    return lambda inputs: np.asarray(
        compiled([inputs["input_ids"], inputs["attention_mask"]])["sentence_embedding"]
    )


def _static(full: Path) -> Path:
    """Weights and activations in 8 bits, scales from sixteen sample passages."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

    class Passages(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self.rows = iter(_token_rows(128)[:16])

        def get_next(self) -> Inputs | None:
            row = next(self.rows, None)
            return None if row is None else _inputs([row])

    target = full.with_name("static.onnx")
    if not target.exists():
        quantize_static(
            str(full),
            str(target),
            Passages(),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            extra_options={"MatMulConstBOnly": True},
        )
    return target


# What is measured


def _passages() -> list[str]:
    rows = read_rows(ROOT / "seeds" / "questions" / "corpus.jsonl", "_id", "text")
    return [f"{row.get('title', '')}\n{row['text']}" for row in rows]


def _token_rows(length: int) -> list[list[int]]:
    """Rows of just *length* tokens of the sample passages, special tokens included."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    encoded = tokenizer.encode_batch(_passages(), add_special_tokens=False)
    ids = [number for row in encoded for number in row.ids]
    first, *_, last = tokenizer.encode("").ids  # the special tokens alone
    step = length - 2
    return [[first, *ids[i : i + step], last] for i in range(0, len(ids) - step, step)]


def _inputs(rows: Sequence[Sequence[int]]) -> Inputs:
    ids = np.array(rows, np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}


Cell = tuple[int, int]  # tokens of a text, texts of a batch


def _measured(
    runtimes: Mapping[str, Run],
    cells: Sequence[Cell],
    rounds: int,
    clock: Callable[[], float],
) -> dict[str, dict[Cell, float]]:
    """Median seconds of a batch, by runtime and cell."""
    seconds: dict[str, dict[Cell, list[float]]] = {
        name: {cell: [] for cell in cells} for name in runtimes
    }
    for cell in cells:
        length, batch = cell
        rows = _token_rows(length)
        inputs = _inputs([rows[i % len(rows)] for i in range(batch)])
        repeats = max(1, 256 // (length * batch))  # a single short text is over in a blink
        for round_ in range(rounds + 1):
            for name, run in runtimes.items():
                start = clock()
                for _ in range(repeats):
                    run(inputs)
                if round_:  # the first one warms up
                    seconds[name][cell].append((clock() - start) / repeats)
    return {name: {cell: median(of[cell]) for cell in cells} for name, of in seconds.items()}


def _print_runtimes(
    seconds: Mapping[str, Mapping[Cell, float]], cells: Sequence[Cell], threads: int
) -> None:
    single = [cell for cell in cells if cell[1] == min(batch for _, batch in cells)]

    def table(title: str, shown: Sequence[Cell], figure: Callable[[str, Cell], str]) -> None:
        heads = [f"{length} × {batch}" for length, batch in shown]
        rows = [[name, *(figure(name, cell) for cell in shown)] for name in seconds]
        _print_table(f"{title}, {threads} threads (tokens × texts)", ["", *heads], rows)

    table("Milliseconds a call", single, lambda n, c: f"{seconds[n][c] * 1e3:.1f}")
    table("Passages a second", cells, lambda n, c: f"{c[1] / seconds[n][c]:.0f}")
    table("Tokens a second", cells, lambda n, c: f"{c[0] * c[1] / seconds[n][c]:.0f}")
    table(f"Times {BASE}", cells, lambda n, c: f"{seconds[BASE][c] / seconds[n][c]:.2f}")


def _print_architectures(threads: int, rounds: int, clock: Callable[[], float]) -> None:
    """Other models' networks in PyTorch float32, next to the bundled model as it ships.

    Random weights and a small vocabulary: a look-up costs the same in a large one.
    """
    import torch
    from transformers import BertConfig, BertModel

    cells = [(16, 1), (128, 8)]
    shipped = {SHIPPED: _onnx(MODEL_FOLDER / "model.onnx", threads)}
    rows = []
    for name, (layers, width, attention, inner) in ARCHITECTURES.items():
        config = BertConfig(
            vocab_size=1000,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=attention,
            intermediate_size=inner,
        )
        model: Any = BertModel(config, add_pooling_layer=False)
        model.eval()

        def run(inputs: Inputs, model: Any = model) -> npt.NDArray[np.float32]:
            ids = torch.from_numpy(inputs["input_ids"] % 1000)
            with torch.inference_mode():
                hidden = model(ids, attention_mask=torch.from_numpy(inputs["attention_mask"]))
            return np.asarray(hidden.last_hidden_state.mean(1))

        seconds = _measured({name: run, **shipped}, cells, rounds, clock)
        here, ours = seconds[name], seconds[SHIPPED]
        rows.append(
            [
                name,
                f"{here[16, 1] * 1e3:.1f}",
                f"{8 / here[128, 8]:.1f}",
                f"{here[128, 8] / ours[128, 8]:.1f}",
            ]
        )
        del model
    heads = ["", "ms a question of 16 tokens", "passages of 128 tokens a second", "times as long"]
    _print_table(f"Other models' networks, {threads} threads", heads, rows)


def _print_passages(rounds: int, clock: Callable[[], float]) -> None:
    """The sample passages whole, tokeniser included, by tokens a batch and by library."""
    texts = _passages()
    ours = embeddings.load()
    theirs = embeddings.load(str(MODEL_FOLDER))
    tokens = sum(ours.count_tokens(texts))
    shipped = bundled.BATCH_TOKENS
    sizes = sorted({256, 1024, 2048, shipped})
    seconds: dict[str, list[float]] = {}
    for round_ in range(rounds + 1):
        for name, size, embedder in (
            *((f"as it ships, {size} tokens a batch", size, ours) for size in sizes),
            ("sentence-transformers, 32 texts a batch", shipped, theirs),
        ):
            bundled.BATCH_TOKENS = size
            start = clock()
            embedder.encode_document(texts)
            if round_:
                seconds.setdefault(name, []).append(clock() - start)
    bundled.BATCH_TOKENS = shipped
    rows = [
        [name, f"{len(texts) / median(of):.0f}", f"{tokens / median(of):.0f}"]
        for name, of in seconds.items()
    ]
    _print_table(
        f"{len(texts)} sample passages of {tokens / len(texts):.0f} tokens on average",
        ["", "passages a second", "tokens a second"],
        rows,
    )


# Whole processes

_START = """
import time
start = time.perf_counter()
import embeddings.bundled
imported = time.perf_counter()
embedder = embeddings.load()
loaded = time.perf_counter()
embedder.encode_query(["Siapa Sekretaris Jenderal ITU?"])
print(imported - start, loaded - imported, time.perf_counter() - loaded)
"""

# getrusage would count what this process held when it started the other.
_INDEX = """
import sys, time
from pathlib import Path
from qa.corpus import Corpus

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024

with Corpus.open(sys.argv[1] + "/corpus") as corpus:
    opened = peak()
    start = time.perf_counter()
    corpus.add(sys.argv[1] + "/articles")
    print(corpus.coverage().passages, time.perf_counter() - start, opened, peak())
"""


def _child(program: str, *arguments: str) -> list[float]:
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return [float(part) for part in result.stdout.split()]


def _print_start() -> None:
    """The bundled model in a process of its own, median of five."""
    columns = zip(*(_child(_START) for _ in range(5)), strict=True)
    imported, loaded, asked = (f"{median(column) * 1e3:.0f}" for column in columns)
    heads = ["imports, ms", "loading, ms", "first question, ms"]
    _print_table("A new process", heads, [[imported, loaded, asked]])


def _print_memory(articles: int) -> None:
    """Peak memory of a process that indexes *articles* made from the sample ones (Linux)."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "articles"
        folder.mkdir()
        for number, text in zip(range(articles), _articles(), strict=False):
            # Another first line makes another article, not a copy.
            (folder / f"{number}.txt").write_text(f"Salinan {number}\n\n{text}", "utf-8")
        passages, seconds, opened, peak = _child(_INDEX, temporary)
    heads = ["articles", "passages", "seconds", "MB before", "MB at the peak"]
    row = [str(articles), f"{passages:.0f}", f"{seconds:.1f}", f"{opened:.0f}", f"{peak:.0f}"]
    _print_table("A process that indexes", heads, [row])


def _articles() -> Iterator[str]:
    """The plain sample articles, over and over."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds/articles").rglob("*.txt"))]
    while True:
        yield from texts


def _print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}\n")
    print(f"| {' | '.join(heads)} |")
    print("|---" * len(heads) + "|")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()

"""Stage 7: the trained student as the files that ship.

Writes a folder that sentence-transformers loads (float16 safetensors) and, in
it, the ONNX model with int8 weights that Kutip runs.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from embeddings.training.student import (
    MAX_TOKENS,
    WORDS,
    Student,
    batch_of,
    save_student,
    write_json,
)

NAME = "kutip-minilm-id-en"

log = logging.getLogger("embeddings.training")

# 7 of the 8 bits of a weight: processors without VNNI add two products of
# 8 bits by 8 bits in 16 and would overflow.
TOP = 63


class Exported(torch.nn.Module):
    """The student with both outputs that Kutip uses.

    ``sentence_embedding``: unit vectors, (batch, dim). ``token_embeddings``:
    the last layer, (batch, length, dim), for pooling over parts of a passage.
    """

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.encoder = student.encoder

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1)
        norm = pooled.pow(2).sum(-1, keepdim=True).sqrt()
        return pooled / norm, hidden


def write_onnx(student: Student, target: Path) -> None:
    """The float32 ONNX model, batch and length free."""
    student.eval().cpu()
    student.encoder.config._attn_implementation = "eager"
    example = batch_of([[101, 2054, 2003, 102], [101, 2040, 102]], "cpu")
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Exported(student),
            example,
            str(target),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding", "token_embeddings"],
            dynamic_shapes={
                "input_ids": {0: batch, 1: length},
                "attention_mask": {0: batch, 1: length},
            },
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def quantise(source: Path, target: Path) -> None:
    """Eight-bit weights; activations rounded as they come, token by token.

    Matrices: one scale for the weights of an output, and at run time one scale
    for each token's inputs, so that neither a few large activations nor the
    other texts of a batch spoil a token's rounding (docs/log.md has the other
    ways that were tried). Embeddings: 8 bits with one scale.
    """
    model = onnx.load(str(source))
    _without_traces(model)
    _round_matrices(model.graph)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        half_way = Path(folder) / "matrices.onnx"
        onnx.save(model, str(half_way))
        quantize_dynamic(
            str(half_way),
            str(target),
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Gather"],
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def _without_traces(model: Any) -> None:
    """Drop the exporter's notes, which hold stack traces with paths of this machine."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""


def _round_matrices(graph: Any) -> None:
    """Every product with a constant matrix in 8 bits: ``x @ w`` by rows of x."""
    weights = {tensor.name: tensor for tensor in graph.initializer}
    constants: dict[str, Any] = {
        "round.top": np.float32(127),
        "round.tiny": np.float32(1e-9),
        "round.last": np.array([-1], np.int64),
        "round.one": np.float32(1),
        "round.zero": np.uint8(128),
    }
    nodes: list[Any] = []
    rounded: set[str] = set()

    def add(op: str, inputs: list[str], output: str, **attributes: Any) -> None:
        nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))

    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in weights:
            nodes.append(node)
            continue
        x, w, y = node.input[0], node.input[1], node.output[0]
        matrix = numpy_helper.to_array(weights.pop(w))
        rows, columns = matrix.shape
        if x not in rounded:  # query, key and value share theirs
            rounded.add(x)
            constants[f"round.by.{rows}"] = np.array([-1, rows], np.int64)
            add("ReduceMax", [x, "round.last"], f"{x}.max")
            add("ReduceMin", [x, "round.last"], f"{x}.min")
            add("Neg", [f"{x}.min"], f"{x}.neg")
            add("Max", [f"{x}.max", f"{x}.neg", "round.tiny"], f"{x}.abs")
            add("Div", [f"{x}.abs", "round.top"], f"{x}.scale")
            add("Reshape", [f"{x}.scale", "round.last"], f"{x}.scales")
            add("Shape", [f"{x}.scales"], f"{x}.count")
            add("Expand", ["round.zero", f"{x}.count"], f"{x}.zeros")
            add("Reshape", [x, f"round.by.{rows}"], f"{x}.rows")
            add("QuantizeLinear", [f"{x}.rows", f"{x}.scales", f"{x}.zeros"], f"{x}.int8", axis=0)
            add("Shape", [x], f"{x}.lead", end=-1)
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-9) / TOP
        constants[f"{w}.int8"] = np.round(matrix / scale).astype(np.int8)
        constants[f"{w}.scale"] = scale.astype(np.float32)
        constants[f"round.to.{columns}"] = np.array([columns], np.int64)
        add(
            "MatMulIntegerToFloat",
            [f"{x}.int8", f"{w}.int8", "round.one", f"{w}.scale", "round.zero"],
            f"{y}.rows",
            domain="com.microsoft",
        )
        add("Concat", [f"{x}.lead", f"round.to.{columns}"], f"{y}.shape", axis=0)
        add("Reshape", [f"{y}.rows", f"{y}.shape"], f"{y}.unscaled")
        add("Mul", [f"{y}.unscaled", f"{x}.scale"], y)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for name, tensor in weights.items() if name in used]
    new = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept + new)


def export(student: Student, tokens: Tokenizer, folder: Path) -> None:
    """Write everything a user of the model needs into *folder*."""
    save_student(student, tokens, folder, half=True)
    with tempfile.TemporaryDirectory() as temporary:
        full = Path(temporary) / "model.onnx"
        write_onnx(student, full)
        quantise(full, folder / "model.onnx")
    digest = hashlib.sha256((folder / "model.onnx").read_bytes())
    for name in ("tokenizer.json", WORDS):
        digest.update((folder / name).read_bytes())
    write_json(
        folder / "kutip.json",
        {
            "name": NAME,
            "version": digest.hexdigest()[:12],
            "dim": student.encoder.config.hidden_size,
            "max_tokens": MAX_TOKENS,
        },
    )
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            log.info("%8.2f MB  %s", path.stat().st_size / 1e6, path.relative_to(folder))

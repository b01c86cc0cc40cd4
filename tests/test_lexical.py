"""Promises of ``qa.retrieval.lexical``: BM25, and the same across languages."""

from __future__ import annotations

import gzip
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.index.store import Store
from qa.language.tokens import STOPWORDS, stems
from qa.language.translation import TABLE, translations
from qa.retrieval import lexical
from qa.retrieval.lexical import query_words, score
from tests.helpers import make_document, store_document


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "kutip.db")
    yield store
    store.close()


def fill(store: Store, texts: Sequence[tuple[str, str]]) -> None:
    """One passage for each (text, language)."""
    for i, (text, language) in enumerate(texts):
        document = make_document(f"d{i}", text, language=language)
        store_document(store, document, stems=[stems(text, language)])


def scored(store: Store, question: str, language: str) -> lexical.LexicalScores:
    table = store.passage_table()
    return score(query_words(question, language, table.names), table, store.postings)


def brute_force(texts: Sequence[str], question: str, language: str) -> list[float]:
    """BM25 (Robertson & Zaragoza 2009) as the formula reads, over lists of terms."""
    bags = [Counter(stems(text, language)) for text in texts]
    lengths = [sum(bag.values()) for bag in bags]
    average = sum(lengths) / len(lengths)
    words = [w for w in question.split() if w.casefold() not in STOPWORDS[language]]
    result = [0.0] * len(texts)
    for term in dict.fromkeys(stems(" ".join(words), language)):
        df = sum(term in bag for bag in bags)
        idf = math.log(1 + (len(bags) - df + 0.5) / (df + 0.5))
        for i, (bag, length) in enumerate(zip(bags, lengths, strict=True)):
            tf = bag[term]
            result[i] += idf * tf * (1.2 + 1) / (tf + 1.2 * (1 - 0.75 + 0.75 * length / average))
    return result


def test_bm25_by_hand(store: Store) -> None:
    """Three passages of 3, 6 and 3 terms, one word in two of them.

    idf = ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6 = 0.4700. Average length 4.
    First: tf 1, length 3: 2.2 / (1 + 1.2 * (0.25 + 0.75 * 0.75)) = 2.2 / 1.975.
    Second: tf 2, length 6: 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 1.5)) = 4.4 / 3.65.
    """
    texts = ["kapal tua karam", "kapal baru kapal besi biru panjang", "gempa kecil lagi"]
    fill(store, [(text, "id") for text in texts])
    found = scored(store, "kapal", "id")
    expected = [0.470004 * 2.2 / 1.975, 0.470004 * 4.4 / 3.65, 0.0]
    np.testing.assert_allclose(found.scores, expected, atol=1e-5)
    np.testing.assert_allclose(found.idf, [0.470004], atol=1e-5)
    assert found.coverage.tolist() == [1.0, 1.0, 0.0]


VOCABULARY = ["kapal", "beras", "gempa", "listrik", "pelabuhan", "menteri", "pribadinya", "2019"]


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.sampled_from([*VOCABULARY, "yang", "dan"]), min_size=1, max_size=5, unique=True),
)
def test_bm25_agrees_with_the_formula(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], question: list[str]
) -> None:
    """In one language the scores are those of BM25 written out term by term."""
    if all(word in ("yang", "dan") for word in question):
        question.append("kapal")
    store = Store(tmp_path_factory.mktemp("bm25") / "kutip.db")
    try:
        fill(store, [(text, "id") for text in texts])
        found = scored(store, " ".join(question), "id").scores
    finally:
        store.close()
    np.testing.assert_allclose(found, brute_force(texts, " ".join(question), "id"), atol=1e-9)


def test_translations_by_hand(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best translation in a passage counts alone, with the idf of its own.

    "boat" is "kapal" with 0.6 and "sampan" with 0.1; "rakit" at 0.001 is too
    unlikely. "kapal" is in one passage of three, "sampan" in two; their idf are
    ln(1 + 2.5 / 1.5) = ln(4 / 1.5) and ln(1 + 1.5 / 2.5) = ln 1.6. All passages
    are three terms long, so the norm is 1.2 and a term that is there once or
    twice has 2.2 / 2.2 or 4.4 / 3.2. Coverage is the probability of the likeliest
    term that is there; the word is expected in 0.6 + 0.1 = 0.7 passages.
    """
    table = {"boat": (("kapal", 0.6), ("sampan", 0.1), ("rakit", 0.001))}
    monkeypatch.setattr(lexical, "translations", lambda s, a, b: table.get(s, ()))
    fill(
        store, [("kapal sampan tua", "id"), ("sampan sampan baru", "id"), ("rakit itu lagi", "id")]
    )
    found = scored(store, "boat", "en")
    kapal, sampan = 0.6**0.3 * math.log(4 / 1.5), 0.1**0.3 * math.log(1.6)
    assert kapal > sampan
    np.testing.assert_allclose(found.scores, [kapal, sampan * 4.4 / 3.2, 0.0], rtol=1e-9)
    np.testing.assert_allclose(found.coverage, [0.6, 0.1, 0.0], rtol=1e-9)
    np.testing.assert_allclose(found.idf, [math.log(1 + 2.8 / 1.2)], rtol=1e-9)


def test_a_word_is_no_rarer_for_being_said_in_another_language(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One Indonesian passage among English ones: its common word does not put it first.

    "ship" is in three of four English passages and "kapal" in the only
    Indonesian one; both are the same common word. All are as long.
    """
    table = {"ship": (("kapal", 0.9),)}
    monkeypatch.setattr(lexical, "translations", lambda s, a, b: table.get(s, ()))
    english = ["old ship", "new ship", "big ship", "small harbour"]
    fill(store, [*((text, "en") for text in english), ("kapal tua", "id")])
    found = scored(store, "ship", "en").scores
    assert found[0] > found[4] > 0.85 * found[0]


def test_two_translations_of_one_word_are_not_two_words(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passage with both words of the question beats one with two translations of the first."""
    table = {"boat": (("kapal", 0.5), ("perahu", 0.4)), "old": (("tua", 0.9),)}
    monkeypatch.setattr(lexical, "translations", lambda s, a, b: table.get(s, ()))
    fill(store, [("kapal perahu besar", "id"), ("kapal tua besar", "id"), ("tua perahu", "id")])
    found = scored(store, "old boat", "en")
    assert found.scores[1] > found.scores[0]
    assert found.coverage[1] > found.coverage[0]


@pytest.mark.parametrize("word", ["Jacksonville's", "Jacksonville’s", "Jacksonville"])
def test_a_name_with_an_english_s_meets_the_bare_name(
    store: Store, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """Indonesian has no 's, and its stemmer would leave it on."""
    monkeypatch.setattr(lexical, "translations", lambda s, a, b: ())
    fill(store, [("Jacksonville kota besar", "id"), ("kapal tua karam", "id")])
    found = scored(store, word, "en")
    assert found.scores[0] > 0 == found.scores[1]


def test_an_unknown_plural_meets_its_singular(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A borrowed word is there as the stem that English gives it, too."""
    monkeypatch.setattr(lexical, "translations", lambda s, a, b: ())
    fill(store, [("sebuah fermion ringan", "id"), ("kapal tua karam", "id")])
    found = scored(store, "fermions", "en")
    assert found.scores[0] > 0 == found.scores[1]


def test_a_word_without_translation_stands_for_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names and numbers are the same in both languages."""
    monkeypatch.setattr(lexical, "translations", lambda s, a, b: ())
    fill(store, [("Guterres tiba pukul 9", "id"), ("Menteri tiba kemarin", "id")])
    found = scored(store, "Guterres 9", "en")
    assert found.scores[0] > 0 == found.scores[1]
    assert found.coverage.tolist() == [1.0, 0.0]


def test_each_passage_is_read_in_its_own_language(store: Store) -> None:
    """English stems for English passages, Indonesian ones for Indonesian, in one corpus."""
    fill(store, [("Ministers were meeting ships", "en"), ("Perkapalan dan kapal-kapal", "id")])
    english = scored(store, "ship", "en").scores
    assert english[0] > 0
    indonesian = scored(store, "kapal", "id").scores
    assert indonesian[1] > 0


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("data pribadi", "id", "Perlindungan data pribadinya dijamin."),
        ("organisation", "en", "Several organisations met."),
        ("27/2022", "id", "UU Nomor 27 Tahun 2022."),
        ("COVID-19", "id", "vaksin Covid-19"),
        ("gojek", "id", "pengemudi Go-Jek"),
    ],
)
def test_forms_of_a_word_meet(store: Store, question: str, language: str, text: str) -> None:
    """A suffix, a plural, a slash or a hyphen does not keep a question from its text."""
    fill(store, [(text, language), ("tentang hal lain sama sekali", language)])
    found = scored(store, question, language)
    assert found.scores[0] > found.scores[1]


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("earthquake", "Gempa mengguncang Palu.", "Beras dijual murah."),
        ("personal data", "Perlindungan data pribadi warga.", "Perlindungan hutan adat."),
        ("foreign minister", "Menteri luar negeri tiba.", "Wali kota tiba."),
        ("parliament", "DPR menunda rapat.", "Gempa menunda rapat."),
        ("ceasefire", "Gencatan senjata disepakati.", "Tarif baru disepakati."),
        ("import", "Impor dibatasi.", "Yang penting dibatasi."),
    ],
)
def test_the_shipped_table_translates(store: Store, question: str, text: str, other: str) -> None:
    """The bundled table leads from plain English words to their Indonesian passage."""
    fill(store, [(text, "id"), (other, "id")])
    found = scored(store, question, "en")
    assert found.scores[0] > found.scores[1]


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("kemiskinan", "Poverty fell last year.", "Rain fell last year."),
        ("mahkamah konstitusi", "The constitutional court ruled.", "The football club ruled."),
        ("gempa", "An earthquake shook the island.", "A concert shook the island."),
        ("petani", "Farmers left the island.", "Agriculture left the island."),
        ("pertanian", "Agriculture left the island.", "Farmers left the island."),
    ],
)
def test_the_shipped_table_translates_into_english(
    store: Store, question: str, text: str, other: str
) -> None:
    """And from plain Indonesian words to their English passage."""
    fill(store, [(text, "en"), (other, "en")])
    found = scored(store, question, "id")
    assert found.scores[0] > found.scores[1]


def test_every_row_of_the_shipped_table_can_be_looked_up() -> None:
    """By halving, which needs the rows in order; and what is between two rows is not found."""
    rows = gzip.decompress(TABLE.read_bytes()).decode("utf-8").splitlines()
    some = [rows[0], rows[-1], *rows[1:-1:97]]
    for head, _, rest in (row.partition("\t") for row in some):
        direction, _, stem = head.partition(" ")
        source, target = direction.split("-")
        first, share = rest.split()[:2]
        assert translations(stem, source, target)[0] == (first, float(share)), head
        assert translations(f"{stem}\u007f", source, target) == ()


def test_function_words_are_left_out() -> None:
    """They would match everything; only content words are looked up."""
    words = query_words("Apa yang dikatakan menteri tentang gempa itu?", "id", ("id",))
    said = [word.text for word in words]
    assert "gempa" in said
    assert "menteri" in said
    assert not {"yang", "itu"} & set(said)


def test_a_question_of_function_words_keeps_them() -> None:
    """With nothing else to look up, even those are better than nothing."""
    assert [word.text for word in query_words("yang itu", "id", ("id",))] == ["yang", "itu"]


def test_a_repeated_word_counts_once() -> None:
    """ "Kapal", "kapal-kapal" and "kapalnya" are one word of a question."""
    assert len(query_words("kapal Kapal kapal-kapal kapalnya", "id", ("id",))) == 1


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("Paris-Berlin", ["kereta Paris Berlin baru", "kereta Paris Paris Paris"]),
        ("27/2022", ["nomor 27 tahun 2022", "nomor 27 tahun 2019 27"]),
        ("Go-Jek", ["aplikasi Gojek baru", "aplikasi Go baru"]),
    ],
)
def test_each_part_of_a_joined_word_counts(store: Store, question: str, texts: list[str]) -> None:
    """A passage with both parts, apart or closed up, beats one with either; coverage says so."""
    fill(store, [(text, "id") for text in [*texts, "tentang hal lain sama sekali"]])
    found = scored(store, question, "id")
    assert found.scores[0] > found.scores[1] > found.scores[2] == 0
    assert found.coverage[0] == pytest.approx(1.0)
    assert found.coverage[1] < 1


def test_small_words_in_a_joined_word_do_not_count() -> None:
    """ "state-of-the-art" asks for two words; a doubled word is one, and so is "e-commerce"."""

    def texts(question: str) -> list[tuple[tuple[str, float], ...]]:
        return [word.terms["en"] for word in query_words(question, "en", ("en",))]

    assert [terms[0][0] for terms in texts("state-of-the-art")] == ["state", "art"]
    assert len(query_words("undang-undang", "id", ("id",))) == 1
    assert texts("e-commerce") == [(("commerc", 1.0), ("ecommerc", 1.0))]


def test_a_word_that_is_nowhere(store: Store) -> None:
    """An unknown word scores nothing, and lowers the coverage of the rest."""
    fill(store, [("kapal tua", "id"), ("gempa kecil", "id")])
    found = scored(store, "kapal zxqwv", "id")
    assert found.scores[0] > 0 == found.scores[1]
    assert 0 < found.coverage[0] < 0.5 + 1e-9


def test_an_empty_corpus_and_an_empty_question(store: Store) -> None:
    """Neither is an error."""
    assert len(scored(store, "kapal", "id").scores) == 0
    fill(store, [("kapal tua", "id")])
    table = store.passage_table()
    assert score([], table, store.postings).scores.tolist() == [0.0]


def test_removed_passages_do_not_count(store: Store) -> None:
    """Neither as hits nor in the document frequency."""
    fill(store, [("kapal tua", "id"), ("kapal baru", "id"), ("gempa kecil", "id")])
    store.remove("d1")
    found = scored(store, "kapal", "id")
    assert len(found.scores) == 2
    np.testing.assert_allclose(
        found.scores, brute_force(["kapal tua", "gempa kecil"], "kapal", "id")
    )

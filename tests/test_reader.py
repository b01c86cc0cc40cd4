"""Promises of the answering rooms: question, reader, abstention, verification, texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering import texts
from qa.answering.abstention import SHIPPED, SIGNALS, Calibration, Signals
from qa.answering.question import SAYING, Kind, understand
from qa.answering.reader import (
    Candidate,
    Features,
    choose,
    found_words,
    margin,
    numbers_missing,
    read,
    without_stray_marks,
)
from qa.answering.verification import proven
from qa.retrieval.lexical import QueryWord
from qa.types import Citation, Coverage, Filter, FilterKey, Passage, Reason, Span, Statement
from tests.helpers import make_document

# Question


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What did Jokowi say about data protection?", "en"),
        ("Apa kata Jokowi tentang perlindungan data pribadi?", "id"),
        ("Siapa Sekjen ITU?", "id"),
        ("Who signed RCEP?", "en"),
        ("Berapa dana JETP?", "id"),
        ("", "en"),
        ("???", "en"),
    ],
)
def test_the_language_of_a_question(text: str, language: str) -> None:
    """Short questions too; English when nothing tells."""
    assert understand(text).language == language


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("What did Jokowi say about data protection?", "jokowi"),
        ("Apa kata Retno Marsudi tentang diplomasi digital?", "retno marsudi"),
        ("Menurut Jack Ma, apa yang akan terjadi?", "jack ma"),
        ("According to Guterres, what must governments do?", "guterres"),
        ("Which megatrends did Retno say no nation can escape?", "retno"),
        ("How might it help, in Retno's view?", "retno"),
        ("What did Jokowi say about Prabowo?", "jokowi"),
        ("What is the opinion of Retno Marsudi on trade?", "retno marsudi"),
        ("Jokowi said what about data protection?", "jokowi"),
        ("Mark said what about the election?", "mark"),
        ("Surya bilang apa tentang gempa?", "surya"),
        ("Apa kata Sudirman Said tentang listrik?", "sudirman said"),
        ("Apa kata Retno soal asal kata itu?", "retno"),
        ("Menurut Retno, apa kata kunci perundingan itu?", "retno"),
    ],
)
def test_whose_words_are_asked_for(text: str, speaker: str) -> None:
    """A question about somebody's words names the speaker."""
    found = understand(text).speaker
    assert found is not None
    assert set(speaker.split()) <= set(found.casefold().split())


@pytest.mark.parametrize(
    "text",
    [
        "When did the earthquake hit Palu?",
        "Kapan Timor-Leste menjadi anggota ASEAN?",
        "How many schools does the satellite serve?",
        "What did the minister say?",
        "Jenis data apa yang harus dijaga lebih ketat menurut UU PDP?",
        "What was said about Virtual Reality?",
        "Who warned about Facebook data?",
        "Name the ministers who spoke, and what they said.",
        "List what was said about the budget.",
        "Farmers said what about rice?",
        "Experts warned of what?",
        "Menteri mengatakan apa tentang beras?",
        "Pelaku mengatakan apa di pengadilan?",
        "Apa tugas malaikat Israfil menurut Islam?",
        "According to the Bible, who was Goliath?",
        "Dari mana asal kata Halong?",
        "Apa arti dari kata Halong?",
        "Siapa yang menggantikan Sudirman Said?",
        "Which book did Edward Said write?",
        "Berapa penduduk Teluk Bayanan menurut sensus 2010?",
        "Siapa yang membangun Candi Halong menurut legenda?",
        "What does Rini Astuti owe the state according to the law?",
    ],
)
def test_nobody_in_particular(text: str) -> None:
    """Without a verb of saying, or without a name, no speaker is asked for."""
    assert understand(text).speaker is None


def test_names_in_a_question() -> None:
    """Words written like names, folded; the first word is capitalised in any question."""
    assert understand("Did Retno Marsudi visit Düsseldorf?").names == (
        "retno",
        "marsudi",
        "dusseldorf",
    )
    assert understand("Apakah pajak naik?").names == ()
    assert "asean" in understand("ASEAN bersepakat apa?").names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who signed RCEP?", Kind.PERSON),
        ("Siapa Sekjen ITU?", Kind.PERSON),
        ("How much time did the court allow?", Kind.NUMBER),
        ("Berapa dana JETP?", Kind.NUMBER),
        ("Which year did it start?", Kind.DATE),
        ("Kapan vaksinasi dimulai?", Kind.DATE),
        ("Tahun berapa Palapa Ring rampung?", Kind.DATE),
        ("Where was the summit?", Kind.PLACE),
        ("Di mana KTT itu digelar?", Kind.PLACE),
        ("Di stadion mana Persada mengalahkan Melati?", Kind.PLACE),
        ("Di rumah sakit mana korban dirawat?", Kind.PLACE),
        ("At which stadium did Persada play?", Kind.PLACE),
        ("Warga negara Inggris apa yang hadir?", Kind.OTHER),
        ("What was the final score?", Kind.NUMBER),
        ("At what level did the index close?", Kind.NUMBER),
        ("What is the average width of the river?", Kind.NUMBER),
        ("What causes weight gain?", Kind.OTHER),
        ("Why did India leave?", Kind.REASON),
        ("Mengapa India keluar?", Kind.REASON),
        ("What did Jokowi say about data protection?", Kind.OTHER),
        ("Apa isi undang-undang itu?", Kind.OTHER),
        ("Apa kepanjangan BPT?", Kind.EXPANSION),
        ("BPT singkatan dari apa?", Kind.EXPANSION),
        ("What does BPT stand for?", Kind.EXPANSION),
        ("Siapa yang membuat singkatan itu?", Kind.PERSON),
        ("What does the mayor stand for?", Kind.OTHER),
    ],
)
def test_the_kind_of_answer_asked_for(text: str, kind: Kind) -> None:
    """Person, number, date, place or reason, in both languages; else nothing in particular."""
    assert understand(text).kind is kind


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    """No input breaks the analysis; the text comes back with its white space put in order."""
    question = understand(text)
    assert question.text == " ".join(text.split())
    assert question.language in ("id", "en")


# Reader

WORDS = [
    QueryWord("ship", {"id": (("kapal", 0.6), ("sampan", 0.3)), "en": (("ship", 1.0),)}),
    QueryWord("Miangas", {"id": (("miangas", 1.0),), "en": (("mianga", 1.0),)}),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dua sampan tiba.", [True, False]),
        ("Kapal dan sampan di Miangas.", [True, True]),
        ("Gempa kecil.", [False, False]),
        ("", [False, False]),
    ],
)
def test_any_translation_finds_a_word(text: str, found: list[bool]) -> None:
    """Which words of the question a sentence holds, as such or translated."""
    assert found_words(WORDS, text, "id").tolist() == found


SENTENCES = ("Kapal tiba di Miangas.", "Gempa kecil terasa.", "“Kami siap,” kata Ratna.")
RATNA = Statement("d", Span(44, 54), "Ratna Wibisana", "Ratna", True, "kata")


def ask(
    question: str,
    similarities: Sequence[float],
    sentences: Sequence[str] = SENTENCES,
    *,
    late: Sequence[Sequence[float]] | None = None,
    speaker: str | None = None,
    words: Sequence[QueryWord] = WORDS,
    statements: Sequence[Statement] = (RATNA,),
) -> list[Candidate]:
    """Read one document of *sentences* for *question*; each word has weight 1."""
    text = " ".join(sentences)
    spans, end = [], 0
    for sentence in sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        spans.append(Span(start, end))
    return read(
        dataclasses.replace(understand(question), speaker=speaker),
        passages=[Passage("d", 0, len(text))],
        passage_scores=[1.0],
        sentences=[spans],
        texts=[text],
        languages=["id"],
        similarities=[np.array(similarities, np.float32)],
        late=[np.array(late or [[0.0] * len(spans)], np.float32)],
        worth=np.full(len(late or [0]), 1 / len(late or [0]), np.float32),
        words=words,
        weights=np.ones(len(words)),
        statements=[list(statements)],
    )


def best(found: list[Candidate]) -> str:
    return found[0].text


def test_the_nearer_sentence_comes_first() -> None:
    """Between sentences alike in everything else, similarity decides."""
    alike = ["Air naik.", "Air turun.", "Air jernih."]
    assert best(ask("apa itu", [0.0, 0.2, 0.9], alike, statements=[])) == "Air jernih."
    assert best(ask("apa itu", [0.0, 0.9, 0.2], alike, statements=[])) == "Air turun."


def test_words_by_their_vectors() -> None:
    """Shares of two words in three sentences: each sentence has their sum."""
    alike = ["Air naik.", "Air turun.", "Air jernih."]
    found = ask("apa itu", [0.0] * 3, alike, late=[[0.4, 0.1, 0.1], [0.0, 0.3, 0.1]], statements=[])
    features = {c.text: c.features for c in found}
    np.testing.assert_allclose([features[t].late for t in alike], [0.4, 0.4, 0.2], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What did Retno state?", True),
        ("Who states that the sea is calm?", True),
        ("What does the report state about tides?", True),
        ("Which member states signed?", False),
        ("Did the head of state sign?", False),
        ("How large are the United States?", False),
    ],
)
def test_states_are_no_statements(text: str, asks: bool) -> None:
    """To state is to say; a state is a country."""
    assert (SAYING.search(text) is not None) is asks


@pytest.mark.parametrize("question", ["Apa kepanjangan BPT?", "What does BPT stand for?"])
def test_what_spells_an_abbreviation_out_answers(question: str) -> None:
    """Before sentences that only use it, even where it stands in an earlier one."""
    bracketed = ["BPT menolak BPT.", "Badan Pelabuhan Tanjungsari (BPT) tutup.", "BPT sepi."]
    assert best(ask(question, [0.4, 0.0, 0.4], bracketed, statements=[])) == bracketed[1]
    earlier = ["Itulah BPT.", "Kata itu singkatan dari bijak, pandai, tangguh.", "BPT sepi."]
    assert best(ask(question, [0.4, 0.1, 0.2], earlier, statements=[])) == earlier[1]


def test_the_name_of_who_says_it_need_not_be_near() -> None:
    """In one's own words, one's name counts as found: the second of two words is worth .5."""
    found = ask(
        "kata Ratna",
        [0.0] * 3,
        late=[[0.1, 0.1, 0.1], [0.4, 0.0, 0.1]],
        speaker="Ratna Wibisana",
    )
    features = {c.text: c.features for c in found}
    got = [features[text].late for text in SENTENCES]
    np.testing.assert_allclose(got, [0.5, 0.1, 0.6], atol=1e-6)


def test_words_of_the_question_count() -> None:
    """With equal similarity, the sentence that holds the question's words comes first."""
    alike = ["Air jernih.", "Kapal ke miangas.", "Air turun."]
    found = ask("apa itu", [0.5, 0.5, 0.5], alike, statements=[])
    assert best(found) == "Kapal ke miangas."
    assert found[0].features.coverage == 1.0


def test_coverage_is_weighed_by_idf() -> None:
    """Weights 1 and 3: the first word alone is a quarter."""
    text = "Kapal tiba."
    (found,) = read(
        understand("apa itu"),
        passages=[Passage("d", 0, len(text))],
        passage_scores=[0.0],
        sentences=[[Span(0, len(text))]],
        texts=[text],
        languages=["id"],
        similarities=[np.array([0.0], np.float32)],
        late=[np.zeros((1, 1), np.float32)],
        worth=np.ones(1, np.float32),
        words=WORDS,
        weights=np.array([1.0, 3.0]),
        statements=[[]],
    )
    assert found.features.coverage == 0.25


def test_the_sentence_after_the_one_that_names_the_subject() -> None:
    """An answer often follows the sentence with the question's words; it knows what stood there."""
    found = ask("apa itu", [0.1, 0.1, 0.1], ["Kapal ke miangas.", "Air turun.", "Air jernih."])
    features = {c.text: c.features for c in found}
    assert features["Air turun."].before == 1.0
    assert features["Air turun."].coverage == 0.0
    assert features["Air jernih."].before == 0.0


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Berapa biayanya?", "Biayanya 466 triliun.", "Biayanya belum pasti."),
        ("Kapan rapat digelar?", "Rapat digelar pada Mei 2019.", "Rapat digelar dengan lancar."),
        ("Siapa yang datang?", "Hari itu datang Ratna Wibisana.", "Hari itu banyak yang datang."),
        ("Mengapa rapat ditunda?", "Rapat ditunda karena banjir.", "Rapat ditunda sampai pagi."),
        ("How many came?", "Eleven of them came.", "Some of them came."),
        # Not every name is a person's, nor every figure a number of things.
        ("Siapa yang datang?", "Hari itu datang Ratna Wibisana.", "Hari itu datang ke Surabaya."),
        ("Siapa yang datang?", "Datang pula Ratna Wibisana.", "Datang ke Teluk Bayanan."),
        ("Siapa pengganti O'Hara?", "Datang pula Ratna Wibisana.", "Datang pula O’Hara."),
        ("Berapa skornya?", "Skornya 2-1 untuk Melati.", "Skornya di pekan ke-12 memuaskan."),
        ("Berapa yang datang?", "Yang datang 84 orang.", "Yang datang pada pukul 15.00 WIB."),
        ("Berapa yang sembuh?", "Yang sembuh 84 orang.", "Yang sembuh dari COVID-19 pulang."),
    ],
)
def test_the_kind_of_thing_asked_for_counts(question: str, answer: str, other: str) -> None:
    """With all else alike, a sentence with a number, date, name or reason answers what asks so."""
    found = ask(question, [0.5, 0.5, 0.5], ["Pembuka.", other, answer], words=[], statements=[])
    assert best(found) == answer


def test_who_asks_for_somebody_who_is_only_called_she() -> None:
    """The quote is shown with her name, so it holds a person as well."""
    said = Statement("d", Span(23, 33), "Ratna Wibisana", "ia", True, "kata")
    found = ask(
        "Siapa yang siap?",
        [0.5, 0.5, 0.5],
        ["Pembuka.", "Siap semua.", "“Kami siap,” kata dia."],
        words=[],
        statements=[said],
    )
    assert best(found) == "“Kami siap,” kata dia."


def test_the_words_of_the_speaker_asked_for_count() -> None:
    """A statement by the person asked for is preferred to the same by somebody else."""
    similar = [0.5, 0.6, 0.6]

    def score(speaker: str) -> float:
        found = ask("apa itu", similar, speaker=speaker)
        return next(c.score for c in found if c.text == SENTENCES[2])

    assert score("Ratna Wibisana") > score("Budi Santoso")
    assert score("Ratna") > score("Budi Santoso")


def test_every_sentence_is_a_candidate_with_its_statement() -> None:
    """One candidate a sentence, best first; the one that reports speech knows whose."""
    found = ask("apa itu", [0.1, 0.2, 0.3])
    assert {c.text for c in found} == set(SENTENCES)
    assert {c.text: c.statement for c in found}[SENTENCES[2]] == RATNA
    assert {c.text: c.statement for c in found}[SENTENCES[0]] is None
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_similarities_must_match_sentences() -> None:
    """A cosine too few is an error, never a shifted answer."""
    with pytest.raises(ValueError, match="shorter"):
        ask("apa itu", [0.1, 0.2])


def test_a_question_without_words_is_read_all_the_same() -> None:
    """No words to look for: coverage is 0, and there is no division by nothing."""
    found = ask("apa itu", [0.1, 0.2, 0.3], words=[])
    assert [c.features.coverage for c in found] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("“Kami siap.", "Kami siap."),
        ("Kami siap.”", "Kami siap."),
        ("“Kami siap,” kata Ratna.", "“Kami siap,” kata Ratna."),
        ("“Kami siap.”", "“Kami siap.”"),
        ('"Kami siap.', "Kami siap."),
        ('Kami siap."', "Kami siap."),
        ("Kata “siap” itu.", "Kata “siap” itu."),
        ("Kami siap.", "Kami siap."),
        ("“Kata ‘siap’ itu.", "Kata ‘siap’ itu."),
    ],
)
def test_a_stray_quotation_mark_is_left_out(sentence: str, kept: str) -> None:
    """One sentence of a longer quotation is cited without the mark that has no partner."""
    text = f"Awal. {sentence} Akhir."
    assert without_stray_marks(Span(6, 6 + len(sentence)), text).of(text) == kept


@given(st.text('“”‘’«»"ab .', max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_leaving_out_a_mark_stays_inside(text: str, a: int, b: int) -> None:
    """For any text and span: the result lies within it and loses one mark at most."""
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    span = Span(start, end)
    found = without_stray_marks(span, text)
    assert start <= found.start <= found.end <= end
    assert len(found.of(text)) >= len(span.of(text)) - 1


def candidate(document: str, start: int, end: int, score: float, text: str = "") -> Candidate:
    count = len(dataclasses.fields(Features))
    return Candidate(
        passage=Passage(document, 0, 500),
        span=Span(start, end),
        text=text or f"Kalimat {document} {start}.",
        features=Features(*[0.0] * count),
        score=score,
        statement=None,
    )


def test_how_far_the_best_sentence_is_ahead() -> None:
    """Of the next that says something else: three outlets with one story are as sure as one.

    Behind, where a better one was passed over.
    """
    best = candidate("a", 0, 9, 3.0, "Bupati membuka pasar ikan.")
    told = candidate("b", 0, 9, 2.5, "Pasar ikan dibuka Bupati kemarin.")
    other = candidate("c", 0, 9, 1.0, "Kapal itu berlayar ke Halong.")
    assert margin(best, [best, told, other]) == margin(best, [best, other]) == pytest.approx(2.0)
    assert margin(best, [best, told]) == margin(best, [best]) == 0.0
    assert margin(other, [best, told, other]) == pytest.approx(-2.0)


def test_one_to_three_sentences_are_chosen() -> None:
    """The best, and others nearly as good, never more than three, best first."""
    close = [candidate("d", 10 * i, 10 * i + 5, 1.0 - i / 100) for i in range(6)]
    assert choose(close) == close[:3]
    assert choose(close, most=1) == close[:1]
    assert choose([]) == []


def test_a_much_worse_sentence_is_not_chosen() -> None:
    """Whoever is behind the best by more than the margin is left out."""
    first, far = candidate("d", 0, 5, 9.0), candidate("d", 10, 15, 0.2)
    assert choose([first, far]) == [first]
    assert choose([first, far], margin=10.0) == [first, far]


def test_a_repeated_sentence_is_passed_over() -> None:
    """The same words in another document, but for case and marks, are not chosen again."""
    first = candidate("a", 0, 20, 1.0, "Kapal tiba di Miangas.")
    copy = candidate("b", 7, 27, 0.99, "“KAPAL tiba di  Miangas”")
    other = candidate("c", 0, 20, 0.98, "Kapal tiba di Tahuna.")
    assert choose([first, copy, other]) == [first, other]


# What a passage lacks


@pytest.mark.parametrize(
    ("question", "sentence", "share"),
    [
        ("Apa yang terjadi pada 2021?", "Pada 2021 gempa terjadi.", 0.0),
        ("Apa yang terjadi pada 2021?", "Pada 2012 gempa terjadi.", 1.0),
        ("Who sold 1,000 of the 40 ships?", "Dari 1.000 kapal itu, dijual 30.", 0.5),
        ("Apa yang terjadi?", "Pada 2021 gempa terjadi.", 0.0),
    ],
)
def test_numbers_missing(question: str, sentence: str, share: float) -> None:
    """The share of the question's numbers; commas and points do not matter."""
    assert numbers_missing(question, sentence) == share


# Abstention

everywhere = st.floats(-2, 2, allow_nan=False)


@given(st.builds(Signals, *[everywhere] * len(SIGNALS)))
def test_confidence_is_a_probability(signals: Signals) -> None:
    """Between 0 and 1, whatever the signals."""
    assert 0.0 <= SHIPPED.confidence(signals) <= 1.0


def test_the_model_has_a_weight_for_each_signal() -> None:
    """And a threshold that can be met and missed."""
    assert len(SHIPPED.weights) == len(SIGNALS)
    assert 0.0 < SHIPPED.threshold < 1.0


def test_confidence_by_hand() -> None:
    """The logistic function of bias and weighted signals: 1 / (1 + e^-(−1 + 2·0.5 + 1·1))."""
    rest = len(SIGNALS) - 2
    calibration = Calibration((2.0, 1.0, *[0.0] * rest), -1.0, 0.5)
    assert calibration.confidence(Signals(0.5, 1.0, *[0.3] * rest)) == pytest.approx(0.7310586)


def test_good_signals_beat_bad_ones() -> None:
    """All signals good is above the threshold, all bad is below; 1 is bad for what is missing."""
    missing = {name for name in SIGNALS if name.endswith("_missing")}
    good = Signals(**{name: 0.0 if name in missing else 0.8 for name in SIGNALS})
    bad = Signals(**{name: 1.0 if name in missing else 0.02 for name in SIGNALS})
    assert SHIPPED.confidence(good) > SHIPPED.threshold > SHIPPED.confidence(bad)


# Verification

TEXT = " ".join(SENTENCES)


def cited(start: int, end: int, quote: str, document_id: str = "d") -> Citation:
    return Citation(1, document_id, "", "d.txt", None, None, start, end, quote, None)


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (cited(0, 22, "Kapal tiba di Miangas."), True),
        (cited(0, 21, "Kapal tiba di Miangas."), False),  # one character off
        (cited(1, 23, "Kapal tiba di Miangas."), False),
        (cited(0, 22, "Kapal tiba di miangas."), False),  # case
        (cited(0, 22, "Kapal tiba  di Miangas."), False),  # white space
        (cited(0, 22, "Kapal tiba di Miangas.", "other"), False),
        (cited(500, 522, "Kapal tiba di Miangas."), False),  # outside
        (cited(60, 990, TEXT[60:]), False),  # runs over the end
        (cited(22, 23, " "), False),  # says nothing
        (cited(5, 5, ""), False),
    ],
)
def test_only_the_very_words_at_the_very_place_are_proven(
    citation: Citation, expected: bool
) -> None:
    """Nothing fuzzy: characters and place must agree."""
    assert proven(citation, make_document("d", TEXT)) is expected


def test_a_quote_from_furniture_is_not_proven() -> None:
    """Neither wholly nor partly from what belongs to the page."""
    document = make_document("d", TEXT, furniture=(Span(20, 30),))
    assert not proven(cited(0, 22, TEXT[0:22]), document)
    assert not proven(cited(23, 29, TEXT[23:29]), document)
    assert proven(cited(0, 20, TEXT[0:20]), document)
    assert proven(cited(30, 40, TEXT[30:40]), document)


@given(
    st.text(min_size=1, max_size=30), st.integers(0, 30), st.integers(0, 30), st.text(max_size=9)
)
def test_proven_means_equal(text: str, a: int, b: int, quote: str) -> None:
    """For any text, place and quote: proven if and only if the slice is the quote."""
    start, end = sorted((a, b))
    document = make_document("d", text)
    for words in (quote, text[start:end]):
        equal = end <= len(text) and text[start:end] == words and bool(words.strip())
        assert proven(cited(start, end, words), document) is equal


# What Kutip says itself


@pytest.mark.parametrize("language", ["en", "id", "de"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_words(reason: Reason, language: str) -> None:
    """In both languages, English for any other; no placeholder is left open."""
    limit = Filter(FilterKey.OUTLET, "Layang", "menurut Layang")
    said = texts.abstention(reason, language, "Retno Marsudi", 27, [limit])
    assert said
    assert "{" not in said
    if reason is Reason.SPEAKER_SILENT:
        assert "Retno Marsudi" in said
        assert "27" in said
    if reason is Reason.FILTERED_OUT:
        assert "Layang" in said
        assert "27" in said
    if language == "de":
        assert said == texts.abstention(reason, "en", "Retno Marsudi", 27, [limit])


def test_the_two_languages_differ() -> None:
    """An abstention is in the asker's language."""
    for reason in Reason:
        assert texts.abstention(reason, "id", "X") != texts.abstention(reason, "en", "X")
    assert texts.nearest("id") != texts.nearest("en")


def test_articles_are_counted_as_the_language_writes_numbers() -> None:
    """A point between thousands in Indonesian, a comma in English."""
    for language, many in (("id", "3.463 artikel"), ("en", "3,463 articles")):
        said = texts.abstention(Reason.SPEAKER_SILENT, language, "Retno Marsudi", 3463)
        assert many in said


def test_dates_as_people_write_them() -> None:
    """Day, month in words, year."""
    assert texts.day(date(2019, 9, 10), "en") == "10 September 2019"
    assert texts.day(date(2022, 8, 1), "id") == "1 Agustus 2022"


def test_coverage_in_one_line() -> None:
    """How much was searched, and from when to when; one is one."""
    many = Coverage(24, 120, date(2017, 4, 6), date(2024, 10, 18))
    assert texts.coverage(many, "en") == (
        "Searched 24 documents, 120 passages (6 April 2017 – 18 October 2024)."
    )
    assert texts.coverage(many, "id") == (
        "Ditelusuri: 24 dokumen, 120 bagian (6 April 2017 – 18 Oktober 2024)."
    )
    assert texts.coverage(Coverage(1, 1, None, None), "en") == "Searched 1 document, 1 passage."
    dated = Coverage(2, 9, date(2019, 9, 1), date(2019, 9, 1), undated=3)
    assert texts.coverage(dated, "en") == (
        "Searched 2 documents, 9 passages (1 September 2019); 3 without a date left out."
    )
    assert texts.coverage(dated, "id") == (
        "Ditelusuri: 2 dokumen, 9 bagian (1 September 2019); 3 tanpa tanggal tidak ikut."
    )


def test_what_was_understood_in_one_line() -> None:
    """What restricts first, then what is preferred or only named; nothing gives no line."""
    filters = [
        Filter(FilterKey.SPEAKER, "Retno", "Retno", restricts=False),
        Filter(FilterKey.OUTLET, "Layang", "menurut Layang"),
        Filter(FilterKey.DATE, "2019", "before:2020", typed=True, until=date(2019, 12, 31)),
        Filter(FilterKey.DATE, "2018", "in 2018", restricts=False, since=date(2018, 1, 1)),
        Filter(FilterKey.EXACT, "data pribadi", '"data pribadi"', restricts=False),
    ]
    assert texts.understood(filters, "en") == (
        "Searched only: outlet Layang; published until 31 December 2019. "
        "Preferred: said by Retno. Named, not a limit: since 1 January 2018. "
        "Not in the documents, so not a limit: the words “data pribadi”."
    )
    assert texts.understood(filters[:3], "id") == (
        "Hanya ditelusuri: media Layang; terbit sampai 31 Desember 2019. "
        "Diutamakan: dikatakan Retno."
    )
    assert texts.understood([], "en") == ""

"""Promises of filters: what is understood of a question, and that it restricts exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering import filters
from qa.answering.question import Question, interpret
from qa.corpus import Corpus
from qa.errors import BadFilter
from qa.ingest.dates import find_periods, read_period
from qa.language.names import fold_role, same_person
from qa.retrieval.restriction import holds, outlet_key, outlets_of
from qa.types import Answer, Filter, FilterKey, Reason, Span
from tests.helpers import answering_from, article

TODAY = date(2024, 3, 13)  # a Wednesday
OUTLETS = {
    outlet_key(name): name
    for name in ("Kompas.com", "Warta Selasar", "The Monsoon Courier", "Tempo")
}


def asked(text: str, *without: FilterKey) -> Question:
    return interpret(text, outlets=OUTLETS, without=without, today=TODAY)


def one(text: str, key: FilterKey) -> Filter:
    """The one filter of that kind in *text*."""
    (found,) = [f for f in asked(text).filters if f.key is key]
    return found


# Periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("sejak 2019", "2019-01-01", "2019-12-31"),
        ("in September 2019", "2019-09-01", "2019-09-30"),
        ("pada Februari 2020", "2020-02-01", "2020-02-29"),
        ("2019-09", "2019-09-01", "2019-09-30"),
        ("10 September 2019", "2019-09-10", "2019-09-10"),
        ("10/9/2019", "2019-09-10", "2019-09-10"),
        ("between March and May 2020", "2020-03-01", "2020-05-31"),
        ("antara Desember dan Februari 2020", "2019-12-01", "2020-02-29"),
        ("Maret 2019 sampai Mei 2020", "2019-03-01", "2020-05-31"),
        ("dari 2018 hingga 2020", "2018-01-01", "2020-12-31"),
        ("10-12 September 2019", "2019-09-10", "2019-09-12"),
    ],
)
def test_periods(text: str, first: str, last: str) -> None:
    """Days, months, years and ranges of them, in both languages; the span holds the figures."""
    (period,) = find_periods(text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.span.end == len(text)


@pytest.mark.parametrize(
    "text", ["UU Nomor 27 Tahun 2022", "Law 27 of 2022", "September", "2.019 orang", "COVID-19"]
)
def test_no_periods(text: str) -> None:
    """Numbers of laws, figures and months without a year date nothing."""
    assert find_periods(text) == []


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_any_day_is_read_back(day: date) -> None:
    """As ISO and as people write it."""
    english = f"{day.day} {day:%B} {day.year}"
    for written in (day.isoformat(), english):
        period = read_period(written)
        assert period is not None
        assert (period.first, period.last) == (day, day)


# Typed


@pytest.mark.parametrize(
    ("text", "rest", "found"),
    [
        ("speaker:Jokowi data", "data", [("speaker", "Jokowi")]),
        ('SPEAKER:"Joko Widodo" data?', "data?", [("speaker", "Joko Widodo")]),
        ("apa itu data outlet:Kompas?", "apa itu data", [("outlet", "Kompas")]),
        ("tokoh:Retno media:“Tempo” x", "x", [("speaker", "Retno"), ("outlet", "Tempo")]),
        ("file:a/b*.txt x", "x", [("file", "a/b*.txt")]),
        ("language:id bahasa:Inggris x", "x", [("language", "id"), ("language", "en")]),
        ("language:DE x", "x", [("language", "de")]),
        ('exact:"data pribadi" x', "data pribadi x", [("exact", "data pribadi")]),
        ('apa itu "data  pribadi"?', 'apa itu "data pribadi"?', [("exact", "data pribadi")]),
        ("after:2019 before:2020-03 x", "x", [("date", "2019"), ("date", "2020-03")]),
    ],
)  # fmt: skip
def test_typed_filters(text: str, rest: str, found: list[tuple[str, str]]) -> None:
    """Key and value, quoted or not, with Indonesian keys too; the rest is the question."""
    question = asked(text)
    assert question.text == rest
    assert question.written == " ".join(text.split())
    assert [(f.key, f.value) for f in question.filters] == found
    assert all(f.restricts for f in question.filters)


def test_typed_dates() -> None:
    """after: takes its date in, before: leaves it out, so that two years in a row make one."""
    since, until = asked("after:2019 before:2020 x").filters
    assert (since.since, since.until) == (date(2019, 1, 1), None)
    assert (until.since, until.until) == (None, date(2019, 12, 31))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("speeker:Jokowi x", "did you mean speaker:"),
        ("after:kemarin x", "kemarin is no date"),
        ("before:2019-02-30 x", "2019-02-30 is no date"),
        ('speaker:"Joko x', "not closed"),
        ("speaker: Jokowi", "no value"),
        ("bahasa:apa-saja x", "write bahasa:en or bahasa:id"),
        ("language:xx data", "xx is not the code of a language"),
        ("language:eng data", "write language:en or language:id"),
        ('outlet:"" x', "no value"),
    ],
)
def test_filters_that_cannot_be_read(text: str, named: str) -> None:
    """The error names the filter and what to write."""
    with pytest.raises(BadFilter, match=re.escape(named)) as raised:
        asked(text)
    assert re.match(r"\w+:", str(raised.value))


@pytest.mark.parametrize(
    "text",
    [
        "What releases the MHC:antigen complex?",
        "see http://example.org/a and localhost:8080",
        "Before: what happened at 12:30?",
        "Apa isi Surat 3:16?",
        "A ruler of 5\" and one of 7\"",
        '""',
    ],
)  # fmt: skip
def test_a_colon_that_is_just_a_colon(text: str) -> None:
    """Ordinary questions with colons and marks of inches are questions."""
    question = asked(text)
    assert (question.text, question.filters) == (text, ())


@given(st.text(max_size=80))
def test_any_text_is_a_question_or_a_bad_filter(text: str) -> None:
    """Nothing else is raised; what is asked for is kept as written; filters come from the text."""
    try:
        question = asked(text)
    except BadFilter as error:
        assert ":" in str(error)
        return
    assert question.written == " ".join(text.split())
    assert all(f.written in question.written for f in question.filters)


@given(
    st.sampled_from(["speaker", "outlet", "file", "exact"]),
    st.text(st.characters(categories=["L", "Nd", "P"], exclude_characters='"“”'), max_size=12),
    st.integers(1, 3),
)
def test_a_filter_prints_as_it_is_typed(key: str, marks: str, times: int) -> None:
    """``str`` of a filter, typed, is the same filter."""
    made = Filter(FilterKey(key), " ".join([f"a{marks}"] * times), "")
    _, (found,) = filters.typed(f"{made} apa")
    assert (found.key, found.value) == (made.key, made.value)


# In plain words


@pytest.mark.parametrize(
    ("text", "outlet", "rest"),
    [
        ("Menurut Warta Selasar, berapa harga tiket?", "Warta Selasar", "berapa harga tiket?"),
        ("menurut kompas, apa itu JETP?", "Kompas.com", "apa itu JETP?"),
        ("What was said in the Monsoon Courier?", "The Monsoon Courier", "What was said?"),
        ("Apa yang ditulis Kompas tentang nikel?", "Kompas.com", "Apa yang ditulis tentang nikel?"),
        ("What did Tempo write about nickel?", "Tempo", "What did write about nickel?"),
    ],
)
def test_an_outlet_in_plain_words(text: str, outlet: str, rest: str) -> None:
    """One that the corpus has, after a word that makes it a source; it leaves the question."""
    found = one(text, FilterKey.OUTLET)
    assert (found.value, found.restricts, found.typed) == (outlet, True, False)
    assert asked(text).text == rest
    assert asked(text).speaker is None
    without = asked(text, FilterKey.OUTLET)
    assert (without.text, without.speaker, without.filters) == (rest, None, ())


@pytest.mark.parametrize(
    "text",
    ["Who owns Kompas?", "Did he arrive in tempo?", "Menurut Layang, apa itu?", "Apa itu kompas?"],
)
def test_no_outlet(text: str) -> None:
    """An outlet spoken about, a plain word or an outlet that the corpus lacks."""
    assert FilterKey.OUTLET not in [f.key for f in asked(text).filters]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("Apa isi artikel sejak 2019 tentang nikel?", "2019-01-01", None),
        ("Apa kata Jokowi tentang data sejak 2019?", "2019-01-01", None),
        ("What has Retno Marsudi said about trade after June 2019?", "2019-07-01", None),
        ("articles before September 2019 on nickel", None, "2019-08-31"),
        ("news published between March and May 2020", "2020-03-01", "2020-05-31"),
        ("artikel sejak Maret hingga Mei 2020 soal ekspor", "2020-03-01", "2020-05-31"),
        ("berita pada 10 September 2019 soal ekspor", "2019-09-10", "2019-09-10"),
        ("artikel hingga 2020 soal ekspor", None, "2020-12-31"),
        ("Apa isi berita tahun lalu soal ekspor?", "2023-01-01", "2023-12-31"),
        ("articles from last week about nickel", "2024-03-04", "2024-03-10"),
        ("artikel bulan lalu soal ekspor", "2024-02-01", "2024-02-29"),
        ("berita kemarin soal ekspor", "2024-03-12", "2024-03-12"),
    ],
)
def test_dates_that_restrict(text: str, since: str | None, until: str | None) -> None:
    """Dates of articles, and what somebody said since a date."""
    found = one(text, FilterKey.DATE)
    days = [day.isoformat() if day else None for day in (found.since, found.until)]
    assert (days, found.restricts) == ([since, until], True)
    assert found.written not in asked(text).text
    assert asked(text, FilterKey.DATE).text == text


@pytest.mark.parametrize(
    "text",
    [
        "Apa yang terjadi pada September 2019?",
        "What did Jokowi say in 2018 about data?",
        "Why was ore exported before 2020?",
        "Apa yang berubah sejak 2019?",
    ],
)
def test_dates_of_events_do_not_restrict(text: str) -> None:
    """Later articles tell of it too: the date is shown, and stays in the question."""
    assert one(text, FilterKey.DATE).restricts is False
    assert asked(text).text == text


@pytest.mark.parametrize(
    "text", ["What happened last year?", "target untuk 2030", "Apa target 2030?", "the 2018 summit"]
)
def test_dates_left_alone(text: str) -> None:
    """Days that count from today where nobody speaks of articles, and years in passing."""
    assert asked(text).filters == ()


def test_a_speaker_is_preferred_and_can_be_left_out() -> None:
    """Named in plain words it restricts nothing; typed it does; without it nobody is asked for."""
    text = "Apa tanggapan Retno Marsudi soal nikel?"
    assert one(text, FilterKey.SPEAKER).restricts is False
    assert asked(text).speaker == "Retno Marsudi"
    assert asked(text, FilterKey.SPEAKER).speaker is None
    assert asked("speaker:Jokowi data").speaker == "Jokowi"


def test_a_name_in_small_letters() -> None:
    """It counts where somebody of that name speaks."""

    def called(name: str) -> list[str]:
        return ["Joko Widodo"] if same_person("Joko Widodo", name) else []

    for text in ("apa kata jokowi soal data?", "what did joko widodo say about data?"):
        question = interpret(text, outlets={}, called=called)
        assert question.speaker in ("jokowi", "joko widodo")
    assert interpret("apa kata orang soal data?", outlets={}, called=called).speaker is None


@pytest.mark.parametrize(
    "text",
    [
        "What is Ratna Lestari's position on data?",
        "What was Ratna Lestari's reaction to the report?",
        "Why does Ratna Lestari oppose the law?",
        "Has Ratna Lestari ever spoken about data?",
        "Quote Ratna Lestari on data",
        "Give me quotes by Ratna Lestari about data",
        "Bagaimana sikap Ratna Lestari terhadap serangan itu?",
        "Kenapa Ratna Lestari menolak aturan itu?",
        "Pernahkah Ratna Lestari berbicara tentang data?",
        "Kutipan Ratna Lestari tentang data",
        "apa kata bu ratna lestari soal data",
    ],
)
def test_somebodys_stand_is_asked_for(text: str) -> None:
    """A position, a refusal or a reaction is in words, of whoever is quoted; else it is not."""

    def called(name: str) -> list[str]:
        return ["Ratna Lestari"] if same_person("Ratna Lestari", name) else []

    found = interpret(text, outlets={}, called=called).speaker
    assert found is not None
    assert same_person(found, "Ratna Lestari")
    if "kata" not in text:
        assert interpret(text, outlets={}).speaker is None


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Has anyone denied that the ban hurts miners?", "against"),
        ("Who criticised the law?", "against"),
        ("Did anybody object to it?", "against"),
        ("Adakah yang membantah larangan itu?", "against"),
        ("Siapa saja yang mengkritik aturan itu?", "against"),
        ("Siapa yang mendukung larangan itu?", "for"),
        ("Who said that it hurts miners?", None),
    ],
)
def test_who_took_a_side(text: str, side: str | None) -> None:
    """It is asked who said it, and on which side."""
    question = asked(text)
    assert question.who_said
    assert question.side == side


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("What did the union's secretary-general say about data?", None),
        ("What did the secretary-general say about data?", "Bram Hartono"),
        ("What does the secretary-general want for ASEAN?", "Bram Hartono"),
        ("Apa yang ditekankan Sekjen?", "Bram Hartono"),
        ("Where did the secretary-general go?", None),
        ("Where did Bram Hartono talk with Retno?", None),
    ],
)
def test_an_office_speaks_where_its_words_are_asked_for(text: str, speaker: str | None) -> None:
    """Not where its holder does something else: then no statement is looked for."""

    def called(name: str) -> list[str]:
        office = fold_role(name) in {("sekretaris-jenderal",), ("secretary-general",)}
        return ["Bram Hartono"] if office or same_person("Bram Hartono", name) else []

    assert interpret(text, outlets={}, called=called).speaker == speaker


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Who said that borders do not matter?", True),
        ("Who has warned about debt?", True),
        ("Siapa yang mengatakan bahwa data itu penting?", True),
        ("Siapa saja yang menilai aturan itu lemah?", True),
        ("Who signed RCEP?", False),
        ("Siapa yang meneken RCEP?", False),
        ("What did Jokowi say?", False),
    ],
)
def test_who_said_it(text: str, who: bool) -> None:
    """A question for the speaker of some words, in both languages."""
    assert asked(text).who_said is who


def test_without_names_a_kind() -> None:
    """By its name or a typed key; anything else is an error that lists the kinds."""
    assert filters.keys(["date", "media"]) == {FilterKey.DATE, FilterKey.OUTLET}
    assert filters.keys(["after"]) == {FilterKey.DATE}
    with pytest.raises(BadFilter, match="colour.*speaker"):
        filters.keys(["colour"])


# Matching


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Jakarta Post", "JAKARTAPOST.COM"),
        ("Telaga Ekonomi", "telagaekonomi.id"),
        ("Antara", "antara.co.id"),
    ],
)
def test_outlets_that_are_one(one: str, other: str) -> None:
    """Case, spaces, an article and the end of a domain do not count."""
    assert outlet_key(one) == outlet_key(other)
    assert outlet_key(one) != outlet_key("Tempo")


def test_an_outlet_is_counted_once(sample_corpus: Corpus) -> None:
    """However its articles write its name, in what is searched and in what filters leave."""
    names = ("WARTASELASAR.ID", "LAYANG", "Warta Selasar", "layang")
    assert list(outlets_of(names).values()) == ["Warta Selasar", "LAYANG"]
    everything = sample_corpus.coverage().outlets
    since = sample_corpus.ask("Siapa Retno? after:2018").coverage.outlets
    for outlets in (everything, since, tuple(sample_corpus.outlets())):
        assert len({outlet_key(name) for name in outlets}) == len(outlets)
        assert "Warta Selasar" in outlets and "WARTASELASAR.ID" not in outlets


def test_exact_words() -> None:
    """Whole words as written, whatever the case, the line break or the apostrophe."""
    assert holds("data pribadi")("tentang Data\nPribadi, katanya")
    assert not holds("data pribadi")("metadata pribadi")
    assert not holds("data pribadi")("data yang pribadi")
    assert holds("Jum'at")("pada Jum’at")
    assert holds("50%")("naik 50% lagi")


# In a corpus


@lru_cache
def kept(corpus: Corpus, document_id: str) -> tuple[str, str | None, date | None]:
    document = corpus.document(document_id)
    return document.source, document.outlet, document.published


CHOICES = {
    "speaker": ["Jokowi", "Retno", '"Jack Ma"', "Ferdian"],
    "outlet": ["LAYANG", '"monsoon courier"', "Pelita", "wartaselasar.id"],
    "after": ["2019", "2021-10", "2022-11-16"],
    "before": ["2019-09-10", "2022", "2024"],
    "file": ["asean", "*.html", "rcep"],
    "language": ["id", "English"],
    "exact": ['"data pribadi"', "ASEAN", '"personal data"', "di"],
}
typed_filters = st.lists(
    st.sampled_from([f"{key}:{value}" for key, values in CHOICES.items() for value in values]),
    min_size=1,
    max_size=3,
    unique_by=lambda written: written.partition(":")[0],
)


@settings(max_examples=80)
@given(
    typed_filters,
    st.sampled_from(
        ["Apa kata Jokowi tentang data?", "What did ASEAN agree on cyber norms?", "ekonomi digital"]
    ),
)
def test_nothing_is_cited_outside_the_filters(
    sample_corpus: Corpus, written: list[str], question: str
) -> None:
    """Every hit and citation passes every filter; coverage counts what passes, by hand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
        patch.setattr(sample_corpus._snapshots, "_last", None)  # it remembers the shipped one
        text = " ".join([*written, question])
        answer = sample_corpus.ask(text)
        understood = [f for f in answer.understood if f.restricts]
        own = [f for f in understood if not f.typed]  # asked is what Jokowi says: nothing else is
        assert {f.value for f in own} <= {"Jokowi"} and len(understood) == len(written) + len(own)
        hits = sample_corpus.search(" ".join(["speaker:Jokowi" for _ in own] + [text]), 500)
    places = [(h.passage.document_id, h.passage.span) for h in hits]
    cited = [(c.document_id, Span(c.start, c.end)) for c in answer.citations]
    for document_id, span in places + cited:
        assert all(_passes(sample_corpus, f, document_id, span) for f in understood)
    for citation in answer.citations:
        assert any(
            Span(citation.start, citation.end).overlaps(span) and id == citation.document_id
            for id, span in places
        )
    if answer.reason is Reason.FILTERED_OUT:
        assert not hits
    elif answer.reason is not Reason.SPEAKER_SILENT:
        assert answer.coverage.passages == len(hits)
        assert answer.coverage.documents == len({id for id, _ in places})


def test_a_language_and_a_document_leave_just_that(sample_corpus: Corpus) -> None:
    """Every document in the language and no other; the one document named by its id."""
    listed = sample_corpus.documents()
    for code in ("id", "en"):
        these = {d.id for d in listed if d.language == code}
        hits = sample_corpus.search(f"language:{code} ASEAN", 500)
        assert {hit.passage.document_id for hit in hits} == these != set()
    for one in listed[:3]:
        for hits in (
            sample_corpus.search(f"document:{one.id} ASEAN", 500),
            sample_corpus.search("ASEAN", 500, documents=[one.id]),
        ):
            assert {hit.passage.document_id for hit in hits} == {one.id}


def _passes(corpus: Corpus, limit: Filter, document_id: str, span: Span) -> bool:
    document = corpus.document(document_id)
    if limit.key is FilterKey.OUTLET:
        plain = limit.value.casefold().replace(" ", "").removesuffix(".id")
        return plain in (document.outlet or "").casefold().replace(" ", "")
    if limit.key is FilterKey.DATE:
        assert document.published is not None
        return (limit.since or date.min) <= document.published <= (limit.until or date.max)
    if limit.key is FilterKey.FILE:
        return limit.value.strip("*") in document.source
    if limit.key is FilterKey.LANGUAGE:
        return document.language == limit.value
    if limit.key is FilterKey.EXACT:
        # A citation is a sentence of a passage that holds the words.
        around = document.text[max(0, span.start - 1500) : span.end + 1500]
        return limit.value.casefold() in " ".join(around.split()).casefold()
    return any(
        s.document_id == document_id and s.span.overlaps(span)
        for s in corpus.statements(speaker=limit.value)
    )


@pytest.mark.parametrize("words", ["data pribadi", "ASEAN", "di", "Jakarta-Bandung", "tahun 2022"])
def test_exact_words_miss_no_passage(sample_corpus: Corpus, words: str) -> None:
    """The index narrows where to look and loses nothing: as many as a full comparison finds."""
    hits = sample_corpus.search(f'exact:"{words}" apa saja', 500)
    everything = sample_corpus.search("apa saja data ASEAN", 500)
    texts = [
        h.passage.span.of(sample_corpus.document(h.passage.document_id).text) for h in everything
    ]
    assert len(texts) == sample_corpus.coverage().passages
    assert len(hits) == sum(holds(words)(text) for text in texts) > 0


def test_three_of_many_are_found(
    open_corpus: Callable[..., Corpus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three documents far down every ranking are what a filter leaves, and it finds them."""
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    for n in range(150):
        (tmp_path / f"kapal{n}.txt").write_text(
            article("kapal", f"Kapal nomor {n} berlayar ke pulau dengan muatan."), encoding="utf-8"
        )
    for n in range(3):
        (tmp_path / f"hutan{n}.txt").write_text(
            article("hutan", f"Pos hutan {n} dijaga."), encoding="utf-8"
        )
    corpus = open_corpus()
    corpus.add(tmp_path)
    query = "kapal berlayar ke pulau"
    assert not any("hutan" in source(corpus, h.passage.document_id) for h in corpus.search(query))
    hits = corpus.search(f"file:hutan {query}")
    assert {source(corpus, h.passage.document_id) for h in hits} == {
        f"hutan{n}.txt" for n in range(3)
    }
    answer = corpus.ask(f"file:hutan {query}")
    assert answer.coverage.documents == 3
    assert np.all(["hutan" in Path(c.source).name for c in answer.citations])
    assert answer.citations


def source(corpus: Corpus, document_id: str) -> str:
    return Path(corpus.document(document_id).source).name


def test_a_date_leaves_out_what_has_none(
    open_corpus: Callable[..., Corpus], tmp_path: Path
) -> None:
    """And says how many: undated articles are in no span of time."""
    (tmp_path / "a.txt").write_text(
        "Kapal Baru Tiba\n\nSenin, 10 Juni 2019 15:35 WIB\n\n" + article("kapal"), encoding="utf-8"
    )
    (tmp_path / "b.txt").write_text(article("beras"), encoding="utf-8")
    corpus = open_corpus()
    corpus.add(tmp_path)
    coverage = corpus.ask("kapal beras after:2019").coverage
    assert (coverage.documents, coverage.undated) == (1, 1)
    assert coverage.published_from == coverage.published_to == date(2019, 6, 10)
    assert corpus.ask("kapal beras").coverage.undated == 0


def test_nothing_left(sample_corpus: Corpus) -> None:
    """In plain words, with what it was limited to and how much there is."""
    for text, language in (("before:2010 Apa sanksinya?", "id"), ("before:2010 Who signed?", "en")):
        answer = sample_corpus.ask(text)
        assert (answer.abstained, answer.reason) == (True, Reason.FILTERED_OUT)
        assert (answer.coverage.documents, answer.language) == (0, language)
        assert str(sample_corpus.coverage().documents) in answer.text
        assert "31 " in answer.text
        assert "2009" in answer.text


def _silent(answer: Answer, articles: int, name: str) -> bool:
    return (
        answer.reason is Reason.SPEAKER_SILENT
        and name in answer.text
        and f" {articles} " in answer.text
        and answer.coverage.documents == articles
        and bool(answer.nearest)
    )


def test_a_speaker_who_never_speaks(sample_corpus: Corpus) -> None:
    """Said with the number of articles looked through, and the nearest material offered."""
    everything = sample_corpus.coverage().documents
    for text in (
        "What did Wiranto say at the ASEAN plenary in Singapore?",
        "Apa kata Susi Pudjiastuti soal ASEAN?",
        'speaker:"Susi Pudjiastuti" ASEAN',
    ):
        name = "Wiranto" if "Wiranto" in text else "Susi Pudjiastuti"
        assert _silent(sample_corpus.ask(text), everything, name), text
    # Retno speaks, but not in the articles of this outlet.
    hers = sample_corpus.ask('speaker:Retno outlet:"Telaga Ekonomi" digital')
    count = sample_corpus.ask('outlet:"Telaga Ekonomi" digital').coverage.documents
    assert 0 < count < everything
    assert _silent(hers, count, "Retno")


def test_an_alias_is_no_stranger(sample_corpus: Corpus) -> None:
    """A name that no article writes counts where the person speaks under another."""
    statements = sample_corpus.statements(speaker="Jokowi")
    assert {s.speaker for s in statements} == {"Joko Widodo"}
    answer = sample_corpus.ask("speaker:Jokowi perlindungan data pribadi ASEAN")
    assert answer.citations
    assert {c.speaker for c in answer.citations} == {"Joko Widodo"}


@pytest.mark.parametrize(
    "question",
    [
        "Who said that a regulator's independence does not travel in a dictionary?",
        "Siapa yang mengatakan bahwa mereka lebih takut pada aturan yang kabur?",
    ],
)
def test_who_said_it_shows_who(sample_corpus: Corpus, question: str) -> None:
    """The first citation is a statement, and its speaker is named in the answer."""
    answer = sample_corpus.ask(question)
    speaker = answer.citations[0].speaker
    assert speaker in ("Lestari Handoyono", "Ferdian Lukmansyah")
    assert speaker in answer.text


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Apa kata Jokowi tentang perlindungan data sejak 2019?", "date"),
        ("Menurut Layang, apa yang diminta Jokowi soal perlindungan data pribadi warga?", "outlet"),
        ("outlet:Layang What did Jokowi ask of ASEAN's cyber framework?", "outlet"),
    ],
)
def test_asking_again_without(sample_corpus: Corpus, question: str, kind: str) -> None:
    """The article of 2018 is out of reach with the filter, and answers without it."""
    wanted = "jokowi-keamanan-siber-asean.txt"
    narrow = sample_corpus.ask(question)
    assert kind in [f.key for f in narrow.understood if f.restricts]
    assert wanted not in [Path(c.source).name for c in narrow.citations]
    wide = sample_corpus.ask(question, without=[kind])
    assert kind not in [f.key for f in wide.understood]
    assert wanted in [Path(c.source).name for c in wide.citations]
    assert narrow.coverage != wide.coverage


def test_quoted_words_restrict_where_they_occur(sample_corpus: Corpus) -> None:
    """Quotation marks in a question of the other language do not silence it."""
    held = sample_corpus.ask('Apa sanksi menyalahgunakan "data pribadi"?')
    (limit,) = [f for f in held.understood if f.key is FilterKey.EXACT]
    assert limit.restricts
    assert held.coverage.documents < sample_corpus.coverage().documents
    foreign = sample_corpus.ask('Which rules are there on "data shielding"?')
    (limit,) = [f for f in foreign.understood if f.key is FilterKey.EXACT]
    assert not limit.restricts
    assert foreign.coverage == sample_corpus.coverage()
    typed = sample_corpus.ask('exact:"data shielding" What did Jokowi say?')
    assert typed.reason is Reason.FILTERED_OUT

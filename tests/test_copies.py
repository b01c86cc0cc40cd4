"""Promises of ``qa.retrieval.copies`` and of all that is shown of it: a story counts once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import cli
from qa.answering import texts
from qa.answering.question import understand
from qa.answering.verification import elsewhere
from qa.chat import drawing
from qa.corpus import Corpus
from qa.evaluation.evaluator import Evaluator
from qa.evaluation.running import Setting
from qa.language.tokens import stems
from qa.retrieval.copies import repeated
from qa.retrieval.late import encode_questions
from qa.types import Answer, Place, Span
from tests.helpers import ARTICLES, FOREST, POWER, QUAKE, RICE, SCHOOL, SHIP, make_document

Open = Callable[..., Corpus]

# Recognition


def terms(*sentences: str) -> list[str]:
    return stems(" ".join(sentences), "id")


def test_the_same_words_repeat() -> None:
    """A passage whose every run of words stands above is a copy, wherever its borders are."""
    assert repeated([terms(SHIP), terms(SHIP)]) == [None, 0]
    assert repeated([terms(SHIP, RICE, QUAKE), terms(RICE)]) == [None, 0]
    assert repeated([terms(SHIP, RICE), terms(POWER), terms(QUAKE), terms(RICE, QUAKE)]) == [
        None, None, None, 0,
    ]  # fmt: skip


def test_the_share_by_hand() -> None:
    """Of twelve words (nine runs) the last is new: eight of nine runs stand above, enough.

    With the last three new it is six of nine, 0.67, and too few.
    """
    words = [
        "satu",
        "dua",
        "tiga",
        "empat",
        "lima",
        "enam",
        "tujuh",
        "delapan",
        "sepuluh",
        "seratus",
        "seribu",
        "sejuta",
    ]
    assert repeated([words, [*words[:-1], "baru"]]) == [None, 0]
    assert repeated([words, [*words[:-3], "kata", "yang", "baru"]]) == [None, None]


def test_new_text_is_never_dropped() -> None:
    """A sentence that stands nowhere above keeps its passage, however much is old beside it."""
    assert repeated([terms(SHIP, RICE), terms(SHIP, RICE, QUAKE)]) == [None, None]
    assert repeated([terms(SHIP), terms(RICE)]) == [None, None]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("menambah dua kapal", "menambah 2 kapal"),
        ("bulan depan", "bulan depan 2019"),
        ("menambah dua", "tidak menambah dua"),
    ],
)
def test_another_number_or_a_negation_is_another_statement(old: str, new: str) -> None:
    """Who corrects a figure or denies a story does not repeat it."""
    changed = SHIP.replace(old, new)
    assert changed != SHIP
    assert repeated([terms(SHIP, RICE, QUAKE), terms(changed, RICE, QUAKE)]) == [None, None]


def test_a_template_with_other_figures_is_no_copy() -> None:
    """Yesterday's closing prices are not today's."""
    closing = "IHSG ditutup naik {} poin ke level {} pada perdagangan di Bursa Efek Jakarta hari"
    days = [terms(closing.format(*figures)) for figures in (("12,3", "5.678"), ("8,1", "5.702"))]
    assert repeated(days) == [None, None]


def test_too_short_to_tell() -> None:
    """Without a single run of words nothing is recognised."""
    assert repeated([["kapal"], ["kapal"], [], []]) == [None] * 4


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=12), max_size=8))
def test_a_copy_points_above_itself_to_something_kept(passages: list[list[str]]) -> None:
    """For any passages: the first is kept, and whatever is repeated comes before and is kept."""
    found = repeated(passages)
    assert len(found) == len(passages)
    for place, home in enumerate(found):
        assert home is None or (home < place and found[home] is None)


# Where else a quote stands


def test_only_the_very_words_are_elsewhere() -> None:
    """Once a document, the oldest first; not with a letter changed, nor in furniture."""
    same = replace(make_document("b", f"Lain. {RICE} {RICE}"), published=date(2020, 5, 2))
    oldest = replace(make_document("c", RICE), published=date(2020, 5, 1))
    altered = make_document("d", RICE.replace("Bulog", "bulog"))
    furniture = make_document("e", RICE, furniture=(Span(3, 9),))
    undated = make_document("f", RICE)
    found = elsewhere(RICE, [same, undated, altered, furniture, oldest])
    assert [place.document_id for place in found] == ["c", "b", "f"]
    assert found[1] == Place.of(same, 6, 6 + len(RICE))


@given(st.text(min_size=1, max_size=6), st.text(max_size=30))
def test_elsewhere_is_proven(quote: str, text: str) -> None:
    """For any quote and text: what is found is the quote, and a quote in it is found."""
    found = elsewhere(quote, [make_document("d", text)])
    assert all(text[place.start : place.end] == quote for place in found)
    assert bool(found) == (bool(quote.strip()) and quote in text)


def test_also_in_words() -> None:
    """Outlets by name, files where the outlet is unknown; one is one; nowhere is nothing."""
    one = Place.of(replace(make_document("a", "x", source="x/a.txt"), outlet="Kabar"), 0, 1)
    other = Place.of(replace(make_document("b", "x"), outlet="Warta"), 0, 1)
    bare = Place.of(make_document("c", "x", source="x/c.txt"), 0, 1)
    assert texts.also([one, other, one], "en") == "also in 2 outlets: Kabar, Warta"
    assert texts.also([one], "en") == "also in 1 outlet: Kabar"
    assert texts.also([one, other], "id") == "juga di 2 media lain: Kabar, Warta"
    assert texts.also([one, bare], "id") == "juga di 2 dokumen lain: Kabar, c.txt"
    assert texts.also([], "en") == ""


def test_the_outlet_of_the_quote_is_no_other_outlet() -> None:
    """What one outlet prints twice stands in another document of it, and is named by its file."""
    article = make_document("a", "x", source="x/a.txt")
    one = Place.of(replace(article, outlet="Kabar"), 0, 1)
    two = Place.of(replace(article, id="b", source="x/b.txt", outlet="Kabar.com"), 0, 1)
    other = Place.of(replace(article, id="c", outlet="Warta"), 0, 1)
    again = Place.of(replace(article, id="d", outlet="Warta"), 0, 1)
    assert texts.also([one], "id", "KABAR") == "juga di 1 dokumen lain: a.txt"
    assert texts.also([one, two], "en", "Kabar") == "also in 2 documents: a.txt, b.txt"
    assert texts.also([one, other, again], "en", "Kabar") == "also in 3 documents: a.txt, Warta"
    assert texts.also([other, again], "en", "Kabar") == "also in 1 outlet: Warta"
    shouted = replace(again, outlet="WARTA.ID")
    assert texts.also([other, shouted], "en", "Kabar") == "also in 1 outlet: Warta"


# In a corpus, with the bundled model


STORY = ARTICLES / "dpr-sahkan-uu-perlindungan-data-pribadi.txt"
QUESTION = "Berapa bab dan pasal naskah UU Pelindungan Data Pribadi?"
ANSWER = "Naskah yang diketok terdiri atas 16 bab dan 76 pasal."


def outlets(folder: Path) -> list[Path]:
    """The story as three outlets print it: title, first line, byline and end are their own."""
    head, _, body = STORY.read_text("utf-8").partition("\n\nJakarta (LAYANG) - ")
    assert ANSWER in body
    paragraphs = body.split("\n\n")
    folder.mkdir()
    (folder / "asli.txt").write_text(f"{head}\n\nJakarta (LAYANG) - {body}", "utf-8")
    (folder / "salinan.txt").write_text(
        "Rapat Paripurna Setujui UU PDP\n\nRabu, 21 September 2022 08:10 WIB\n\n"
        "JAKARTA, KABARUJI.ID – Para wakil rakyat akhirnya menyetujui undang-undang itu.\n\n"
        + "\n\n".join(paragraphs[1:-2])
        + "\n\nBaca juga: Harga beras naik lagi\n",
        "utf-8",
    )
    (folder / "ubahan.txt").write_text(
        "UU PDP Disahkan\n\nKamis, 22 September 2022 11:00 WIB\n\n"
        + body.replace(ANSWER, "Isinya 16 bab dan 76 pasal."),
        "utf-8",
    )
    return [folder / name for name in ("asli.txt", "salinan.txt", "ubahan.txt")]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """The answer where the story stands once, among the sample articles."""
    folder = tmp_path_factory.mktemp("alone")
    with Corpus.open(folder / "corpus") as corpus:
        corpus.add(ARTICLES)
        return corpus.ask(QUESTION)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of the sample articles, one of them printed by two more outlets."""
    folder = tmp_path_factory.mktemp("copied")
    with Corpus.open(folder / "corpus") as corpus:
        corpus.add(*(path for path in ARTICLES.iterdir() if path != STORY))
        assert len(corpus.add(*outlets(folder / "news")).added) == 3
    return folder / "corpus"


def test_a_story_is_cited_once_and_its_copies_named(copied: Path, alone: Answer) -> None:
    """The copies with the very words are proven beside the citation; one with others is not."""
    with Corpus.open(copied) as corpus:
        answer = corpus.ask(QUESTION)
        (first, *rest) = answer.citations
        names = {Path(first.source).name, *(Path(place.source).name for place in first.also)}
        assert first.quote == ANSWER == alone.citations[0].quote
        assert names == {"asli.txt", "salinan.txt"}
        for place in first.also:
            document = corpus.document(place.document_id)
            assert document.text[place.start : place.end] == ANSWER
            assert (place.outlet, place.published) == (document.outlet, document.published)
        assert ANSWER not in [citation.quote for citation in rest]
        assert alone.citations[0].also == ()


def test_copies_do_not_sway_the_confidence(copied: Path, alone: Answer) -> None:
    """It stays close to what it is where the story stands once."""
    with Corpus.open(copied) as corpus:
        assert corpus.ask(QUESTION).confidence == pytest.approx(alone.confidence, abs=0.05)


def test_search_shows_a_copy_once(copied: Path) -> None:
    """Each hit adds text of its own; copies stand beside the hit, not below it."""
    with Corpus.open(copied) as corpus:
        hits = corpus.search(ANSWER, 10)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert len(hits) == 10
        passages = [
            stems(hit.passage.span.of(corpus.document(hit.passage.document_id).text), "id")
            for hit in hits
        ]
        assert repeated(passages) == [None] * len(hits)
        others = [(hit.passage.document_id, p.document_id) for hit in hits for p in hit.also]
        assert others
        assert all(mine != theirs for mine, theirs in others)


def test_a_removed_copy_leaves_no_trace(tmp_path: Path) -> None:
    """Whichever goes, the other answers alone."""
    original, copy, _ = outlets(tmp_path / "news")
    with Corpus.open(tmp_path / "corpus") as corpus:
        corpus.add(original, copy)
        cited = corpus.ask(QUESTION).citations[0]
        assert len(cited.also) == 1
        corpus.remove(cited.document_id)
        other = corpus.ask(QUESTION).citations[0]
        assert other.document_id == cited.also[0].document_id
        assert (other.quote, other.also) == (cited.quote, ())


def test_hidden_documents_reveal_their_copies(copied: Path) -> None:
    """As if the shown one were not here, a copy takes its place."""
    with Corpus.open(copied) as corpus:
        shown = corpus.ask(QUESTION).citations[0].document_id
        evidence = corpus.evidence(understand(QUESTION), hidden=lambda p: p.document_id == shown)
        found = evidence.candidates
        assert found[0].passage.document_id != shown
        assert "76 pasal" in found[0].text


def test_without_copies_nothing_changes(open_corpus: Open, tmp_path: Path) -> None:
    """Six different stories are ranked just as without the collapse."""
    (tmp_path / "news").mkdir()
    for i, text in enumerate((SHIP, RICE, QUAKE, POWER, SCHOOL, FOREST)):
        (tmp_path / "news" / f"{i}.txt").write_text(text, "utf-8")
    corpus = open_corpus()
    corpus.add(tmp_path / "news")
    question = understand("kapal beras")
    (vectors,) = encode_questions(corpus.embedder, [question.text])
    with corpus._store.reading():
        found = corpus._searcher.rank(question, vectors)
        assert corpus._searcher.distinct(found) is found


def test_the_terminal_and_its_json_name_the_copies(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``also`` has the same names in both; a line says it in the language of the question."""
    names = {"document_id", "title", "source", "outlet", "published", "start", "end"}
    for verb in ("ask", "search"):
        assert cli.main(["--corpus", str(copied), verb, QUESTION, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        rows = found["citations"] if verb == "ask" else found
        assert all("also" in row for row in rows)
        assert any(row["also"] for row in rows)
        assert all(set(place) == names for row in rows for place in row["also"])
        assert cli.main(["--corpus", str(copied), verb, QUESTION]) == 0
        assert "juga di 1 " in capsys.readouterr().out


def test_the_card_names_proven_copies_only(copied: Path) -> None:
    """Escaped, and without a place that no longer holds the words."""
    with Corpus.open(copied) as corpus:
        answer = corpus.ask(QUESTION)
        first = answer.citations[0]
        (place,) = first.also
        hostile = replace(place, outlet="<img src=x onerror=alert(1)>")
        moved = replace(place, outlet="Geser", start=place.start + 1, end=place.end + 1)
        gone = replace(place, outlet="Hilang", document_id="0" * 16)
        cited = replace(first, also=(hostile, moved, gone))
        panel = drawing.view(replace(answer, citations=(cited,)), corpus, 1).panel
    assert "<img" not in panel
    assert drawing.escape(texts.also((hostile,), "id")) in panel
    assert "Geser" not in panel
    assert "Hilang" not in panel


def test_evaluation_finds_a_story_by_any_of_its_names(tmp_path: Path) -> None:
    """The judgement knows one copy; showing the other is no worse."""
    folder = tmp_path / "set"
    (folder / "qrels").mkdir(parents=True)
    passages = {"p1": RICE, "p2": RICE, "p3": SHIP, "p4": QUAKE}
    lines = [json.dumps({"_id": id, "text": text}) for id, text in passages.items()]
    (folder / "corpus.jsonl").write_text("\n".join(lines), "utf-8")
    for right in ("p1", "p2"):
        question = {"_id": "q", "text": "Berapa ton beras di gudang Bulog?"}
        (folder / "queries.jsonl").write_text(json.dumps(question), "utf-8")
        (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\nq\t{right}\t1\n")
        with Evaluator(folder, cache=False) as evaluator:
            (outcome,) = evaluator.run(Setting()).outcomes
        assert outcome.ranks == [1]
        assert outcome.scores["nDCG@10"] == 1.0

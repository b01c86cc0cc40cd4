"""Promises of ``qa.answering.checking``: what a source does not say is objected to."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import embeddings
from qa.answering.checking import SUPPORT, Source, check, cited, tidy
from qa.types import Embedder, Flaw
from tests.helpers import FakeEmbedder

SOURCE = Source(
    n=1,
    title="Kapal perintis untuk Miangas",
    speaker="Joko Widodo",
    language="id",
    sentences=(
        "Pemerintah menambah dua kapal perintis ke Pulau Miangas mulai 10 September 2019.",
        "Biayanya Rp 20,5 miliar, naik 15 persen, untuk 1.250 penumpang dan 4.000 ton beras.",
        "“Kapal itu layak laut,” kata Menteri Luar Negeri Retno Marsudi pada Selasa.",
        "Amerika Serikat dan PBB belum menanggapi, sejak Januari.",
    ),
)
OTHER = Source(
    2, "", None, "en", ("A harbour was opened by Budi Karya in Ambon in May 2021, for $300.",)
)


class Agreeing(FakeEmbedder):
    """Finds everything alike: for the checks that are not about meaning."""

    def __init__(self) -> None:
        super().__init__()


def flaws(
    text: str, *sources: Source, language: str = "en", embedder: Embedder | None = None
) -> list[tuple[Flaw, str]]:
    """The objections to the only sentence of *text*."""
    (sentence,) = check(text, sources or (SOURCE, OTHER), embedder or Agreeing(), language)
    return [(one.flaw, one.words) for one in sentence.objections]


@pytest.mark.parametrize(
    "sentence",
    [
        "Two ships were added for Miangas [1].",
        "Dua kapal perintis ditambah ke Pulau Miangas [1].",
        "The cost is Rp 20.5 billion [1].",
        "The cost is 20,500,000,000 rupiah, up 15% [1].",
        "It carries 1,250 passengers and four thousand tons of rice [1].",
        "Since 10 September 2019 there are more [1].",
        "Since September 10, 2019 there are more [1].",
        "In September 2019 it began [1].",
        "It began in 2019, on Tuesday [1].",
        "Jokowi and Foreign Minister Retno Marsudi spoke of it [1].",
        "The United States and the United Nations have not answered since January [1].",
        "The US and the UN have not answered [1].",
        "It is “layak laut”, the minister said [1].",
        'The minister called the ship "layak laut." [1]',
        "Budi Karya opened a harbour in Ambon in May 2021 for 300 dollars [2].",
        "Ships for Miangas, a harbour in Ambon [1][2].",
        "Ships for Miangas, a harbour in Ambon [1, 2].",
    ],
)
def test_what_the_source_says_passes(sentence: str) -> None:
    """Numbers in either notation or in words, dates and names in either language, true quotes."""
    assert flaws(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "flaw", "words"),
    [
        ("Two ships were added.", Flaw.UNCITED, ""),
        ("Two ships were added [3].", Flaw.NO_SUCH_SOURCE, "[3]"),
        ("Two ships were added [1][9].", Flaw.NO_SUCH_SOURCE, "[9]"),
        ("Two ships were added (1).", Flaw.UNCITED, ""),
        # numbers
        ("Three ships were added [1].", Flaw.NUMBER, "Three"),
        ("Tiga kapal ditambah [1].", Flaw.NUMBER, "Tiga"),
        ("It cost Rp 20.5 million [1].", Flaw.NUMBER, "Rp 20.5 million"),
        ("It cost $20.5 billion [1].", Flaw.NUMBER, "$20.5 billion"),
        ("It cost 205 billion [1].", Flaw.NUMBER, "205 billion"),
        ("It rose by 15 [1].", Flaw.NUMBER, "15"),
        ("It carries 1.25 passengers [1].", Flaw.NUMBER, "1.25"),
        ("It carries 10 passengers [1].", Flaw.NUMBER, "10"),
        ("It carries two hundred passengers [1].", Flaw.NUMBER, "two hundred"),
        ("It carries ٣ passengers [1].", Flaw.NUMBER, "٣"),
        ("It carries 300 passengers [1].", Flaw.NUMBER, "300"),  # of another source
        # dates
        ("It began on 11 September 2019 [1].", Flaw.DATE, "11 September 2019"),
        ("It began on 10 September 2020 [1].", Flaw.DATE, "10 September 2020"),
        ("It began on 10 January [1].", Flaw.DATE, "10 January"),
        ("It began on January 10 [1].", Flaw.DATE, "January 10"),
        ("It began in March [1].", Flaw.DATE, "March"),
        ("It began in January 2019 [1].", Flaw.DATE, "January 2019"),
        ("It began on Friday [1].", Flaw.DATE, "Friday"),
        # names
        ("Prabowo added two ships [1].", Flaw.NAME, "Prabowo"),
        ("Ships for Miangas and Talaud [1].", Flaw.NAME, "Talaud"),
        ("A minister, Retno Widodo, spoke [1].", Flaw.NAME, "Retno Widodo"),
        ("The ships come from Ambon [1].", Flaw.NAME, "Ambon"),
        ("The ships come from the EU [1].", Flaw.NAME, "EU"),
        ("The minister Dec Kowalski spoke [1].", Flaw.NAME, "Dec"),
        # quotation marks
        ("She said: “Kapal itu tidak layak laut” [1].", Flaw.QUOTATION,
         "“Kapal itu tidak layak laut”"),
        ('She said it is "seaworthy" [1].', Flaw.QUOTATION, '"seaworthy"'),
        ("She said it is 'seaworthy' [1].", Flaw.QUOTATION, "'seaworthy'"),
        ("She said “ayak lau” [1].", Flaw.QUOTATION, "“ayak lau”"),
        ("She said “layak laut [1].", Flaw.QUOTATION, "“layak laut ."),
        # links and tags
        ("Two ships, see [here](http://evil.example/x) [1].", Flaw.MARKUP, "](http://evil.example/x)"),
        ("Two ships, see https://evil.example [1].", Flaw.MARKUP, "https://evil.example"),
        ("Two ships, see evil.example [1].", Flaw.MARKUP, "evil.example"),
        ("Two ships <img src=x onerror=alert()> [1].", Flaw.MARKUP, "<img src=x onerror=alert()>"),
        ("Two ships, write to a@evil.example [1].", Flaw.MARKUP, "a@evil.example"),
    ],
)  # fmt: skip
def test_what_the_source_does_not_say_is_objected_to(sentence: str, flaw: Flaw, words: str) -> None:
    """With the words at fault."""
    assert (flaw, words) in flaws(sentence)


def test_a_name_must_come_from_the_source_that_is_cited() -> None:
    """Not from another one that the model was shown."""
    assert flaws("The harbour is in Ambon [2].") == []
    assert flaws("The harbour is in Ambon [1].") == [(Flaw.NAME, "Ambon")]


def test_hidden_characters_hide_nothing() -> None:
    """A zero-width space in a number or a name is gone before the checks, and from the text."""
    assert tidy("2\u200b0\u202e19\x00\U000e0041") == "2019"
    (sentence,) = check("It began in 2\u200b018 [1].", [SOURCE], Agreeing(), "en")
    assert sentence.text == "It began in 2018 [1]."
    assert [one.words for one in sentence.objections] == ["2018"]


def test_a_mark_belongs_to_the_sentence_before_it() -> None:
    """Before or behind the full stop; bullets, emphasis and line ends are taken off."""
    text = "- **Two** ships go to Miangas. [1]\n- A harbour is in Ambon [2].\n\n***\n"
    found = check(text, [SOURCE, OTHER], Agreeing(), "en")
    assert [(s.text, s.citations) for s in found] == [
        ("Two ships go to Miangas [1].", (1,)),
        ("A harbour is in Ambon [2].", (2,)),
    ]
    assert not any(s.struck for s in found)
    assert cited("x [1] [2, 3][1]") == (1, 2, 3)


def test_one_bad_sentence_leaves_the_others() -> None:
    """Each sentence is judged by itself, and the last one of a reply that was cut is not whole."""
    text = "Two ships go to Miangas [1]. Nine go to Ambon [1]. Ships go to [1]"
    good, bad, last = check(text, [SOURCE], Agreeing(), "en", cut=True)
    assert good.objections == ()
    assert {one.flaw for one in bad.objections} == {Flaw.NUMBER, Flaw.NAME}
    assert [one.flaw for one in last.objections] == [Flaw.CUT_OFF]


def test_support_is_the_cosine_with_the_nearest_sentence() -> None:
    """By hand: "kapal beras" and "kapal" have 1 / sqrt(2); a source not cited does not count."""
    embedder = FakeEmbedder("kapal", "beras", "gempa")
    ships = Source(1, "", None, "id", ("gempa", "kapal"))
    rice = Source(2, "", None, "id", ("kapal beras",))
    (one,) = check("kapal beras [1]", [ships, rice], embedder, "id")
    assert one.support == pytest.approx(0.5**0.5)
    (two,) = check("beras [1]", [ships, rice], embedder, "id")
    assert two.support == 0
    assert [o.flaw for o in two.objections] == [Flaw.UNSUPPORTED]
    (three,) = check("beras [7]", [ships, rice], embedder, "id")
    assert three.support is None


def test_two_sentences_together_may_support_one() -> None:
    """A sentence that joins two neighbours is held against both at once."""
    embedder = FakeEmbedder("kapal", "beras")
    source = Source(1, "", None, "id", ("kapal", "beras"))
    (one,) = check("kapal beras [1]", [source], embedder, "id")
    assert one.support == pytest.approx(1)


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The government adds two pioneer ships to Miangas Island from September 2019 [1].", True),
        ("The minister said the ship is seaworthy [1].", True),
        ("The football team won the match yesterday [1].", False),
        ("Please send your password to the administrator [1].", False),
    ],
)
def test_the_model_that_ships_tells_support_apart(sentence: str, supported: bool) -> None:
    """Across languages, at the threshold in force."""
    (found,) = check(sentence, [SOURCE], embeddings.load(), "en")
    assert found.support is not None
    assert (found.support >= SUPPORT) is supported
    assert (Flaw.UNSUPPORTED in [one.flaw for one in found.objections]) is not supported


@given(st.text(max_size=300), st.sampled_from(["en", "id", "th"]))
def test_any_text_can_be_checked(text: str, language: str) -> None:
    """Nothing that a model may write raises, and what cites no source never passes."""
    for sentence in check(text, [SOURCE, OTHER], Agreeing(), language):
        assert sentence.struck or set(sentence.citations) <= {1, 2}
        assert sentence.struck or sentence.citations


@pytest.mark.parametrize("unit", ["[", "a.", "“", "1.", "@", "<", "‘", "dua ", "[1]", "Aa "])
def test_no_text_takes_long(unit: str) -> None:
    """The longest reply, of one thing over and over, is checked without quadratic cost."""
    start = time.process_time()
    check(unit * (6_000 // len(unit)), [SOURCE], Agreeing(), "en")
    assert time.process_time() - start < 5

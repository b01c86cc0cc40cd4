"""Promises of a conversation: it keeps its subject, says so, and touches nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.following import DIALOGUES, ask, in_sequence
from qa import cli
from qa.answering.following import Turn, resolve
from qa.corpus import Corpus
from qa.errors import BadFilter
from qa.types import Answer, Carried, FilterKey, FollowUp
from tests.helpers import QUESTIONS, json_lines

SPEAKERS = {"Jokowi", "Retno", "Retno Marsudi", "Damar"}


def follow(text: str, *before: str) -> FollowUp | None:
    """*text* after the questions *before* it."""
    return resolve(text, [Turn(question) for question in before], speaks=SPEAKERS.__contains__)


def read(text: str, *before: str) -> str:
    """How *text* is read after the questions *before* it."""
    found = follow(text, *before)
    return found.resolved if found else text


SAID = "What did Jokowi say about data protection?"
KATA = "Apa kata Jokowi tentang perlindungan data?"


@pytest.mark.parametrize(
    ("before", "text", "resolved"),
    [
        (SAID, "And what about Retno?", "What did Retno say about data protection?"),
        (SAID, "And what about nickel?", "What did Jokowi say about nickel?"),
        (SAID, "And in 2019?", "What did Jokowi say about data protection in 2019?"),
        (SAID, "What else did he say?", "What else did Jokowi say about data protection?"),
        (SAID, "When was that?", "When did Jokowi say that about data protection?"),
        (SAID, "Why?", "Why did Jokowi say that about data protection?"),
        (KATA, "Bagaimana dengan Retno?", "Apa kata Retno tentang perlindungan data?"),
        (KATA, "Lalu apa kata dia soal pajak?", "Apa kata Jokowi soal pajak?"),
        (KATA, "Kapan itu terjadi?", "Kapan itu (perlindungan data) terjadi?"),
        (KATA, "Apa lagi?", "Apa lagi kata Jokowi tentang perlindungan data?"),
        ("Kapan Palapa Ring diresmikan?", "di mana?", "Di mana Palapa Ring diresmikan?"),
        ("When did India leave RCEP?", "Why?", "Why did India leave RCEP?"),
        ("When did Timor-Leste apply?", "And Vietnam?", "When did Vietnam apply?"),
        # The language of the question that is kept, whatever that of the follow-up.
        ("When did India leave RCEP?", "Mengapa?", "Why did India leave RCEP?"),
        # The earlier question need not have a question word.
        ("Did India leave RCEP?", "Why?", "Why did India leave RCEP?"),
        ("Did India join RCEP?", "Why not?", "Why not (Did India join RCEP)?"),
        ("Tell me about the nickel ban", "Since when?", "Since when (the nickel ban)?"),
        ("Jelaskan larangan ekspor nikel", "Alasannya?", "Mengapa larangan ekspor nikel?"),
        ("Ekspor nikel dilarang?", "Kenapa?", "Kenapa ekspor nikel dilarang?"),
        # What stands beside it in a row.
        (
            "What is the second step of the plan?",
            "And the third?",
            "What is the third step of the plan?",
        ),
        ("Apa langkah kedua rencana itu?", "Yang terakhir?", "Apa langkah terakhir rencana itu?"),
        ("Apa langkah kedua rencana itu?", "The third one?", "Apa langkah ketiga rencana itu?"),
        ("How many came in 2018?", "The year before?", "How many came in 2017?"),
        ("Berapa yang datang pada 2018?", "Tahun berikutnya?", "Berapa yang datang pada 2019?"),
        (
            "Apa tiga langkah kota itu?",
            "Yang ketiga?",
            "Apa yang ketiga dari tiga langkah kota itu?",
        ),
        (
            "What are the three steps of the plan?",
            "And the last one?",
            "What are the last of the three steps of the plan?",
        ),
        # When, where and why something was said or done.
        ("Apa kata Retno?", "Kapan?", "Kapan Retno mengatakan itu?"),
        ("What did Retno propose?", "When?", "When did Retno propose that?"),
        ("When did Retno propose that?", "Where?", "Where did Retno propose that?"),
        (
            "Apa usulan Retno di Bali?",
            "Di mana?",
            "Di mana Retno mengatakan itu (usulan Retno di Bali)?",
        ),
        ("Siapa yang mendukung usul itu?", "Kapan?", "Kapan itu (siapa yang mendukung usul itu)?"),
        ("Who attended the summit?", "When?", "When was that (who attended the summit)?"),
        # Who says so.
        ("Berapa warga Nusantara?", "Kata siapa?", "Siapa yang mengatakan itu (warga Nusantara)?"),
        ("How large is Nusantara?", "Says who?", "Who said that (Nusantara)?"),
        # A thing, and nothing to say of what.
        ("Siapa yang datang ke Bali?", "Negara mana saja?", "Negara mana saja (Bali)?"),
        ("How large is Nusantara?", "How many people came?", "How many people came (Nusantara)?"),
        ("How large is Nusantara?", "How many inhabitants?", "How many inhabitants (Nusantara)?"),
        ("Kapan gempa Palu terjadi?", "Ada korban?", "Ada korban (Palu)?"),
    ],
)
def test_what_is_left_unsaid_is_written_out(before: str, text: str, resolved: str) -> None:
    """A part, a question word or a pronoun becomes a question that stands by itself."""
    assert read(text, before) == resolved


@pytest.mark.parametrize(
    "text",
    [
        "How long is the Palapa Ring cable?",
        "Who said that inflation would rise?",
        "When did Tesla say he would leave?",
        "Other than his inventions what was Tesla famous for?",
        "How long does it take to cross the strait?",
        "Apa itu likuefaksi?",
        "Kapan Timor-Leste melamar masuk ASEAN?",
        "Bagaimana sikap pemerintah terhadap putusan MK tentang Cipta Kerja?",
        "Apa yang biasanya dimakan orang Papua?",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(text: str) -> None:
    """Names of its own, a pronoun for what the question itself names, a word like "biasanya"."""
    assert follow(text, SAID) is None
    assert follow(text, KATA) is None


def test_sample_questions_in_sequence_are_left_alone() -> None:
    """132 questions that have nothing to do with each other, asked one after another."""
    questions = [row["text"] for row in json_lines(QUESTIONS / "queries.jsonl")]
    assert [question for _, question, _ in in_sequence(questions)] == []


def test_the_first_question_has_nothing_to_lean_on() -> None:
    """Without a conversation a follow-up is asked as it is."""
    assert follow("And what about Retno?") is None


def test_what_was_carried_over_is_said() -> None:
    """Speaker, topic and date, in the words of the earlier question."""
    found = follow("And Retno?", "What did Jokowi say about data since 2019?")
    assert found is not None
    assert found.typed == "And Retno?"
    assert found.resolved == "What did Retno say about data since 2019?"
    assert {one.key: one.value for one in found.carried} == {
        Carried.TOPIC: "data",
        Carried.DATE: "since 2019",
    }


def test_typed_filters_hold_for_the_follow_up() -> None:
    """Unless it brings one of the same kind; one that cannot be read is an error."""
    before = "What did Jokowi say about data? outlet:Kompas after:2019"
    assert read("Why?", before).endswith("outlet:Kompas after:2019")
    other = read("And Retno? outlet:Tempo", before)
    assert other == "What did Retno say about data? outlet:Tempo after:2019"
    with pytest.raises(BadFilter):
        follow("And Retno? after:lusa", before)


def test_a_pronoun_is_looked_up_further_back() -> None:
    """Where the last question names nobody, the one before it does."""
    assert read("What did he say about tax?", SAID, "How long is the cable?") == (
        "What did Jokowi say about tax?"
    )


questions = st.sampled_from(
    [*(row["follow_up"] for row in json_lines(DIALOGUES)), SAID, KATA, "?", "dan", 'dia "', "it it"]
)


@given(
    st.one_of(questions, st.text(max_size=60)),
    st.lists(st.one_of(questions, st.text(max_size=60)), max_size=3),
)
def test_nothing_typed_breaks_it(text: str, before: list[str]) -> None:
    """Any text after any conversation is left alone, or written out with what was typed kept."""
    try:
        found = follow(text, *before)
    except BadFilter:
        return
    if found is not None:
        assert found.typed == " ".join(text.split())
        assert found.resolved


def test_dialogues_are_read_right(sample_corpus: Corpus) -> None:
    """Of those that were written before the rules, at least nine of ten, in either language."""
    rows = json_lines(DIALOGUES)
    assert len(rows) >= 60
    for language in ("en", "id"):
        mine = [row for row in rows if row["id"].startswith(language)]
        wrong = [(row["follow_up"], w) for row in mine if (w := ask(row, sample_corpus)[1])]
        assert len(wrong) <= len(mine) / 10, wrong


def converse(corpus: Corpus, questions: Sequence[str]) -> list[Answer]:
    """The answers to *questions*, each with those before it as its conversation."""
    answers: list[Answer] = []
    for question in questions:
        previous = [Turn.of(answer) for answer in answers]
        answers.append(corpus.ask(question, previous=previous))
    return answers


def test_another_speaker_is_asked_about_the_same(sample_corpus: Corpus) -> None:
    """The answer to "And what about Retno?" is Retno's, and says how it was read."""
    first, second = converse(sample_corpus, [SAID, "And what about Retno?"])
    assert first.followed is None
    assert second.followed is not None
    assert second.question == "What did Retno say about data protection?"
    assert second.followed.typed == "And what about Retno?"
    assert second.citations[0].speaker == "Retno Marsudi"
    chip = next(one for one in second.understood if one.key is FilterKey.SPEAKER)
    assert chip.value == "Retno"


def test_what_else_leaves_out_what_was_shown(sample_corpus: Corpus) -> None:
    """No quote comes twice in a conversation that asks for more; asked anew, it does."""
    question = "Apa kata Jokowi tentang perlindungan data pribadi?"
    answers = converse(sample_corpus, [question, "Apa lagi?", "Apa lagi?"])
    shown = [(c.document_id, c.start) for answer in answers for c in answer.citations]
    assert len(answers[1].citations) > 0
    assert len(set(shown)) == len(shown)
    again = sample_corpus.ask(question)
    assert [c.quote for c in again.citations] == [c.quote for c in answers[0].citations]


def test_asked_as_typed_nothing_is_carried_over(sample_corpus: Corpus) -> None:
    """Without a conversation the answer is that to the words as they stand."""
    answer = sample_corpus.ask("And what about Retno?")
    assert answer.followed is None
    assert answer.question == "And what about Retno?"


def test_a_chat_on_the_terminal_keeps_the_subject(
    sample_corpus: Corpus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line by line; "!" asks the last one as typed, an error ends nothing."""
    typed = [SAID, "And what about Retno?", "!", "", "after:lusa", "!When was that?"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
    assert cli.main(["--corpus", str(sample_corpus.path), "chat", "--json"]) == 0
    out, err = capsys.readouterr()
    first, second, third, fourth = map(json.loads, out.splitlines())
    assert first["followed"] is None
    assert second["followed"] == {
        "typed": "And what about Retno?",
        "resolved": "What did Retno say about data protection?",
        "carried": [{"key": "topic", "value": "data protection"}],
        "excludes": False,
        "about": None,
    }
    assert (third["question"], third["followed"]) == ("And what about Retno?", None)
    assert (fourth["question"], fourth["followed"]) == ("When was that?", None)
    assert "lusa is no date" in err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KATA}\nBagaimana dengan Retno?\n"))
    assert cli.main(["--corpus", str(sample_corpus.path), "chat"]) == 0
    assert "Dibaca sebagai: Apa kata Retno tentang perlindungan data?" in capsys.readouterr().out

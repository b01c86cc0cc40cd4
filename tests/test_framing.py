"""Promises of ``qa.answering.framing``: what is taken off a question, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from qa.answering.framing import bare
from qa.answering.question import Kind, understand
from tests.test_language import ANY_TEXT


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("Could you please find out when the ferry sank?", "when the ferry sank?"),
        ("According to the article, who owns the mine?", "who owns the mine?"),
        ("Who owns the mine according to the documents?", "Who owns the mine?"),
        ("As mentioned in the text above, who owns the mine?", "who owns the mine?"),
        ("Which of the following is not true about the mine?", "about the mine?"),
        ("Who owns the mine? Please cite your sources.", "Who owns the mine?"),
        ("Tolong jelaskan mengapa feri itu tenggelam", "mengapa feri itu tenggelam"),
        ("Menurut artikel tersebut, siapa pemilik tambang?", "siapa pemilik tambang?"),
        ("Saya ingin tahu siapa pemilik tambang", "siapa pemilik tambang"),
        ("Apakah Anda tahu siapa pemilik tambang?", "siapa pemilik tambang?"),
        (
            "Manakah dari pernyataan berikut yang cocok dengan tambang itu?",
            "cocok dengan tambang itu?",
        ),
        ("Siapa pemilik tambang? Sertakan sumbernya.", "Siapa pemilik tambang?"),
        ("Given the information in the passage, who owns the mine?", "who owns the mine?"),
        (
            "What is not mentioned in the text as a cause of the leak?",
            "What as a cause of the leak?",
        ),
        ("Which of these would best describe the mine?", "the mine?"),
        ("Which statement best explains the leak?", "the leak?"),
        ("Seperti yang dijelaskan dalam teks, siapa pemilik tambang?", "siapa pemilik tambang?"),
        ("Sebagaimana ditulis di dalam teks, siapa pemilik tambang?", "siapa pemilik tambang?"),
        ("Apa yang tidak disebutkan dalam bacaan sebagai penyebab?", "Apa sebagai penyebab?"),
        ("Manakah pernyataan yang paling tepat menggambarkan tambang?", "tambang?"),
        # Brackets tell what letters stand for, not these words.
        ("What does the acronym BPT stand for?", "BPT?"),
        ("What is Bank of Sagita abbreviated to?", "Bank of Sagita"),
        ("Apakah kepanjangan dari BPT?", "BPT?"),
        ("BPT itu singkatan dari apa?", "BPT"),
    ],
)
def test_words_around_the_matter_go(question: str, matter: str) -> None:
    """Asking politely, or naming the texts at large, does not change what is searched for."""
    assert bare(question) == matter


@pytest.mark.parametrize(
    "question",
    [
        "What did the mayor say about the ferry?",
        "Menurut Retno, apa yang terjadi?",
        "Apa kata laporan Bank Dunia tentang kemiskinan?",
        "In the report of the auditors, who is named?",
        "Dari laporan keuangan Pertamina, berapa labanya?",
        "What is the source of the Nile?",
        "What was mentioned in the report of the auditors?",
        "Apa yang dibahas dalam laporan Bank Dunia?",
        "Which statement by Retno was withdrawn?",
        "In documents that leaked in 2013, what was said?",
        "Who owns the mine? And who paid for it in 2019?",
        "What does the mayor stand for reelection with?",
        "Siapa yang membuat singkatan BPT?",
        # Nothing would be left to search for.
        "According to the passage, which of the following statements is correct?",
        "Tell me",
        "Tolong",
        "",
        "?!",
    ],
)
def test_what_belongs_to_the_matter_stays(question: str) -> None:
    """A certain report, a person, a source of water; and a question that is nothing else."""
    assert bare(question) == question


def test_the_whole_question_says_who_and_what_kind() -> None:
    """The search is for the matter; speaker and kind are understood from all of it."""
    asked = understand("According to the article, when did Retno Marsudi say that the ferry sank?")
    assert asked.text == "when did Retno Marsudi say that the ferry sank?"
    assert asked.speaker == "Retno Marsudi"
    assert asked.kind is Kind.DATE
    assert asked.written.startswith("According to the article")


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_any_text(text: str) -> None:
    """Never fails, only takes off, and is done at once."""
    found = bare(text)
    letters = iter(text)
    assert all(letter in letters for letter in found)
    assert bare(found) == found


def test_a_long_text_costs_little() -> None:
    """No pattern runs away on text that almost matches it again and again."""
    import time

    start = time.thread_time()
    for text in ("according to the " * 120, "tolong saya " * 160, "the " * 500, "? " * 1000):
        bare(text[:2000])
    assert time.thread_time() - start < 1

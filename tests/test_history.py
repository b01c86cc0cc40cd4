"""Promises of conversations: kept whole, proven again, each visitor's own, exported whole."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from qa import cli
from qa.chat import drawing, export, history, talks, visitor
from qa.chat.asking import Desk
from qa.chat.conversation import Asked, Conversation, Turn
from qa.chat.history import Exchange, History, Kept
from qa.chat.wording import TEXTS
from qa.corpus import Corpus
from qa.errors import DossierError, HistoryError
from qa.types import (
    Answer,
    Citation,
    FilterKey,
    Flaw,
    Generated,
    Hit,
    Objection,
    Passage,
    Place,
    Reason,
    WrittenSentence,
)
from tests.helpers import AXES, write_articles
from tests.test_app import ANSWER, CITATION, DOCUMENT, HOSTILE, QUOTE, Tags, shelf, visible

ANA, BUDI = "key " + "a" * 32, "key " + "b" * 32
BEGUN = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
FULL = replace(
    ANSWER,
    citations=(replace(CITATION, also=(Place("d2", "Lain", "lain.txt", None, None, 3, 9),)),),
    nearest=(Hit(Passage("d1", 0, 12), 0.25, 1, (Passage("d2", 0, 4),)),),
    timings={"total": 12.5},
    reason=Reason.NOTHING_CLOSE,
    generated=Generated(
        "tiny", (WrittenSentence("Ombak [1].", (1,), (Objection(Flaw.DATE, "2019"),), 0.5),)
    ),
)


def kept(id: str = "0" * 16, *questions: str, answer: Answer = FULL) -> Kept:
    asked = questions or ("Bagaimana ombaknya?",)
    return Kept(id, BEGUN, tuple(Exchange(q, frozenset({FilterKey.DATE}), answer) for q in asked))


@pytest.fixture
def shelf_of(tmp_path: Path) -> History:
    return History(tmp_path / "conversations")


def files(history: History) -> list[Path]:
    return sorted(path for path in history._folder.rglob("*") if path.is_file())


# On disk


def test_a_conversation_comes_back_as_it_was(shelf_of: History) -> None:
    """Question, filters left out and every field of the answer; nothing of it is HTML."""
    shelf_of.save(ANA, kept())
    assert shelf_of.open(ANA, "0" * 16) == kept()
    (path,) = files(shelf_of)
    value = json.loads(path.read_text("ascii"))
    assert value["exchanges"][0]["answer"]["citations"][0]["quote"] == QUOTE
    assert "<" not in path.read_text("ascii").replace(json.dumps(DOCUMENT.title), "")
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("question", ["\ud800 apa?", "\u202eapa\x00?", "😀" * 500, HOSTILE])
def test_any_question_can_be_kept(question: str, shelf_of: History) -> None:
    """Whatever characters it is made of; its title in the list is short and in one line."""
    shelf_of.save(ANA, kept("0" * 16, question))
    assert shelf_of.open(ANA, "0" * 16).exchanges[0].question == question
    (line,) = shelf_of.listed(ANA)
    assert 0 < len(line.title) <= history.TITLE and "\n" not in line.title


def test_each_owner_has_a_shelf(shelf_of: History) -> None:
    """Nobody lists, opens or deletes what another has asked, even knowing its number."""
    shelf_of.save(ANA, kept())
    assert shelf_of.listed(BUDI) == []
    with pytest.raises(HistoryError, match="no such conversation"):
        shelf_of.open(BUDI, "0" * 16)
    shelf_of.remove(BUDI, "0" * 16)
    assert len(shelf_of.listed(ANA)) == 1
    shelf_of.remove(ANA, "0" * 16)
    assert shelf_of.listed(ANA) == [] and files(shelf_of) == []


@pytest.mark.parametrize(
    "id", ["", "..", "../../kutip", "0" * 15, "0" * 17, "G" * 16, "0" * 16 + "\n"]
)
def test_a_number_leads_nowhere_else(id: str, shelf_of: History) -> None:
    """Sixteen hexadecimal digits or an error, and no file is touched."""
    for act in (shelf_of.open, shelf_of.remove, lambda _, id: shelf_of.save(ANA, kept(id))):
        with pytest.raises(HistoryError, match="no such conversation"):
            act(ANA, id)
    assert files(shelf_of) == []


def test_an_owner_leads_nowhere_else(shelf_of: History) -> None:
    """A login name is any text: the folder is named after its hash."""
    shelf_of.save("name ../../etc", kept())
    (path,) = files(shelf_of)
    assert path.parent.parent == shelf_of._folder


def test_the_list_has_the_last_changed_first(shelf_of: History) -> None:
    """With the first question, how many there are, and when it was changed."""
    shelf_of.save(ANA, kept("1" * 16, "Satu?"))
    shelf_of.save(ANA, kept("2" * 16, "Dua?"))
    shelf_of.save(ANA, kept("1" * 16, "Satu?", "Lagi?"))
    assert [(line.title, line.questions) for line in shelf_of.listed(ANA)] == [
        ("Satu?", 2), ("Dua?", 1),
    ]  # fmt: skip
    assert (datetime.now(UTC) - shelf_of.listed(ANA)[0].changed).total_seconds() < 60


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"kutip_conversation": 2}',
        b'{"kutip_conversation": 1, "begun": "x", "changed": "x", "exchanges": []}',
    ],
)  # fmt: skip
def test_a_broken_file_is_left_out_and_left_alone(data: bytes, shelf_of: History) -> None:
    """The others are listed; opening it is an error that names it; it is not deleted."""
    shelf_of.save(ANA, kept("1" * 16))
    shelf_of.save(ANA, kept("2" * 16))
    broken = files(shelf_of)[0]
    broken.write_bytes(data)
    assert [line.id for line in shelf_of.listed(ANA)] == ["2" * 16]
    with pytest.raises(HistoryError, match=f"{broken.name}: not a conversation; delete it"):
        shelf_of.open(ANA, "1" * 16)
    assert broken.read_bytes() == data


def test_a_span_that_cannot_be_is_no_conversation(shelf_of: History) -> None:
    """Changed by hand into what no answer holds: an error, not a guess."""
    shelf_of.save(ANA, kept())
    (path,) = files(shelf_of)
    value = json.loads(path.read_text())
    value["exchanges"][0]["answer"]["citations"][0]["start"] = "x"
    path.write_text(json.dumps(value))
    with pytest.raises(HistoryError, match="not a conversation"):
        shelf_of.open(ANA, "0" * 16)


def test_a_full_disk_leaves_what_was_there(
    shelf_of: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file is whole, and no half of a new one is left."""
    shelf_of.save(ANA, kept("0" * 16, "Lama?"))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HistoryError, match="No space left on device; the conversation is not kept"):
        shelf_of.save(ANA, kept("0" * 16, "Baru?"))
    monkeypatch.undo()
    assert len(files(shelf_of)) == 1
    assert shelf_of.open(ANA, "0" * 16).exchanges[0].question == "Lama?"


def test_two_pages_do_not_overwrite_each_other(shelf_of: History) -> None:
    """Opened in a second page, a conversation goes on in the first under a number of its own."""
    shelf_of.save(ANA, kept("0" * 16, "Satu?"), "page 1")
    shelf_of.open(ANA, "0" * 16, "page 2")
    shelf_of.save(ANA, kept("0" * 16, "Satu?", "Dari halaman dua?"), "page 2")
    shelf_of.save(ANA, kept("0" * 16, "Satu?", "Dari halaman satu?"), "page 1")
    shelf_of.save(ANA, kept("0" * 16, "Satu?", "Dari halaman satu?", "Lagi?"), "page 1")
    lines = shelf_of.listed(ANA)
    assert sorted(line.questions for line in lines) == [2, 3]
    last = {shelf_of.open(ANA, line.id).exchanges[1].question for line in lines}
    assert last == {"Dari halaman dua?", "Dari halaman satu?"}


def test_many_at_once_lose_nothing(shelf_of: History) -> None:
    """Saved from several threads, every conversation is there and whole."""
    ids = [f"{n:016x}" for n in range(24)]
    threads = [threading.Thread(target=shelf_of.save, args=(ANA, kept(id))) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {line.id for line in shelf_of.listed(ANA)} == set(ids)
    assert all(path.suffix == ".json" for path in files(shelf_of))


# Whose


def request(key: str = "a" * 32, page: str = "p1", **named: Any) -> Any:
    headers = {"accept-language": "id", "cookie": f"x=1; {visitor.COOKIE}={key}"}
    return SimpleNamespace(headers=headers, session_hash=page, **named)


def test_a_login_name_comes_before_the_browser() -> None:
    """Two people at one browser are two; one person at two browsers is one."""
    assert visitor.owner(request()) == ANA
    assert visitor.owner(request("b" * 32)) == BUDI
    assert visitor.owner(request(username="ana")) == visitor.owner(
        request("b" * 32, username="ana")
    )
    assert visitor.owner(request(username="budi")) != visitor.owner(request(username="ana"))
    # A name cannot pass for a key.
    assert visitor.owner(request(username=ANA)) != ANA


@pytest.mark.parametrize("key", ["", "x", "A" * 32, "a" * 33, "../" * 8, "a" * 31 + ";"])
def test_what_is_no_key_is_nobody(key: str) -> None:
    """Made-up keys own nothing, and so does a browser without cookies."""
    assert visitor.owner(request(key)) is None
    assert visitor.owner(SimpleNamespace(headers={})) is None


def served(
    cookies: str, kind: str = "text/html; charset=utf-8", method: str = "GET"
) -> list[bytes]:
    """The cookies that a response sets, for a request with these *cookies*."""
    sent: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", kind.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "headers": [(b"cookie", cookies.encode())]}
    asyncio.run(visitor.Keys(inner)(scope, None, send))  # type: ignore[arg-type]
    return [value for name, value in sent[0]["headers"] if name == b"set-cookie"]


def test_a_browser_is_given_a_key_once() -> None:
    """With the first page; it keeps it; no script reads it, no other site sends it."""
    (first,) = served("")
    name, key = first.split(b";")[0].decode().split("=")
    assert name == visitor.COOKIE and len(key) == 32
    assert b"HttpOnly" in first and b"SameSite=Lax" in first
    assert served("")[0].split(b";")[0] != first.split(b";")[0]
    assert served(f"{visitor.COOKIE}={key}")[0].split(b";")[0] == first.split(b";")[0]
    assert served(f"{visitor.COOKIE}=kosong")[0].split(b";")[0] != b"kutip_visitor=kosong"
    assert served("", kind="application/json") == [] == served("", method="POST")


# In the chat


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    corpus = shelf(DOCUMENT)
    corpus.path = tmp_path
    return Desk(corpus)


def ask(desk: Desk, question: str, talk: Conversation | None = None, **named: Any) -> Any:
    """The conversation after a question, kept as the page does."""
    talk = list(desk.respond(question, talk or Conversation(), request(**named)))[-1][3]
    assert isinstance(talk, Conversation)
    desk.keep(talk, request(**named))
    return talk


def click(handler: Any, talk: Conversation, link: str, **named: Any) -> Any:
    return handler(talk, gr.EventData(None, link), request(**named))


def test_a_conversation_is_opened_again_as_it_was_drawn(desk: Desk) -> None:
    """After a restart: the same messages and sources; asked on, it stays one conversation."""
    talk = ask(desk, "Satu?")
    talk = ask(desk, "Dua?", talk)
    again = Desk(desk.corpus)
    link = f"#kutip-open-{talk.id}"
    assert link in again.bar(Conversation(), request())
    _, chat, sources, opened, bar = click(again.turn_to, Conversation(), link, page="p2")
    assert chat == talk.messages
    assert QUOTE in visible(sources)
    assert 'aria-current="true"' in bar
    ask(again, "Tiga?", opened, page="p2")
    (line,) = again.history.listed(ANA)
    assert (line.id, line.questions) == (talk.id, 3)


def test_a_quote_is_proven_again_when_a_conversation_is_opened(desk: Desk) -> None:
    """What no longer stands in its document is not shown, nor what a model wrote of it."""
    corpus: Any = desk.corpus
    made = Generated("tiny", (WrittenSentence("Ombak tenang [1].", (1,), (), 0.9),))
    corpus.answer = replace(ANSWER, generated=made)
    talk = ask(desk, "Satu?")
    open_it = f"#kutip-open-{talk.id}"
    assert "Ombak tenang" in visible(click(desk.turn_to, talk, open_it)[1][-1].content)
    for text in (DOCUMENT.text.replace("ombak", "badai"), None):
        corpus.held = {"d1": replace(DOCUMENT, text=text)} if text else {}
        _, chat, sources, _, _ = click(desk.turn_to, talk, open_it)
        drawn = visible("".join(message.content for message in chat) + sources)
        assert QUOTE not in drawn and "Ombak tenang" not in drawn
        assert TEXTS["en"]["unverified"] in drawn


def test_a_file_changed_by_hand_shows_no_false_quote(desk: Desk) -> None:
    """Made-up words with a card's number are dropped; made-up markup is shown as text."""
    talk = ask(desk, "Satu?")
    (path,) = files(desk.history)
    lie = "Ombak <b>selalu</b> tenang."
    value = json.loads(path.read_text())
    answer = value["exchanges"][0]["answer"]
    answer["citations"][0]["quote"] = lie
    answer["text"] = f"{lie} [1]"
    value["exchanges"][0]["question"] = HOSTILE
    path.write_text(json.dumps(value))
    _, chat, sources, _, bar = click(desk.turn_to, talk, f"#kutip-open-{talk.id}")
    drawn = "".join(message.content for message in chat) + sources
    assert "selalu" not in visible(drawn)
    tags = Tags()
    tags.feed(drawn + bar)
    expected = "a article details div h3 li p section small span summary ul"
    assert tags.names <= set(expected.split())


def test_visitors_see_their_own_conversations_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another browser's list is empty, and its links do nothing here."""
    talk = ask(desk, "Rahasia?")
    other: dict[str, Any] = {"key": "b" * 32}
    assert "Rahasia" not in desk.bar(Conversation(), request(**other))
    monkeypatch.setattr("gradio.Warning", lambda message, **_: None)
    for verb in ("open", "forget"):
        found = click(desk.turn_to, Conversation(), f"#kutip-{verb}-{talk.id}", **other)
        assert "Rahasia" not in str(found)
    assert len(desk.history.listed(ANA)) == 1
    nobody = list(desk.respond("Siapa?", Conversation(), request("")))[-1][3]
    assert "kutip-talks" not in desk.keep(nobody, request(""))
    assert len(files(desk.history)) == 1


def test_deleting_is_for_good(desk: Desk) -> None:
    """The file is gone; deleting the one at hand begins a new conversation, another does not."""
    first, second = ask(desk, "Satu?"), ask(desk, "Dua?")
    bar = click(desk.turn_to, second, f"#kutip-forget-{first.id}")[-1]
    assert "Satu" not in bar and "Dua" in bar
    found = click(desk.turn_to, second, f"#kutip-forget-{second.id}")
    assert found[1] == [] and found[3].turns == ()
    assert files(desk.history) == []


def test_a_new_conversation_leaves_the_old_one_kept(desk: Desk) -> None:
    """An empty chat and no sources; the earlier one is in the list."""
    talk = ask(desk, "Satu?")
    _, chat, sources, fresh, bar = desk.renew(request())
    assert chat == [] and "kutip-card" not in sources and fresh.turns == ()
    assert f"#kutip-open-{talk.id}" in bar
    assert ask(desk, "Dua?", fresh).id != talk.id
    assert len(desk.history.listed(ANA)) == 2


def test_a_page_loaded_again_goes_on_where_it_was(desk: Desk) -> None:
    """Only with a conversation that is there, of this browser; never over what was asked since."""
    talk = ask(desk, "Satu?")
    fresh = Conversation()

    def loaded(talk: Conversation, id: str, **named: Any) -> Any:
        return desk.resume(talk, request(page="p2", query_params={"talk": id}, **named))

    box, chat, sources, resumed, bar = loaded(fresh, talk.id)
    assert "value" not in box  # what was typed meanwhile stays
    assert resumed.id == talk.id and chat == resumed.messages and "kutip-1-1" in sources
    assert f'#kutip-open-{talk.id}" aria-current' in bar
    for given in (
        loaded(fresh, talk.id, key="b" * 32),
        loaded(fresh, "f" * 16),
        loaded(fresh, "../x"),
        loaded(fresh, ""),
        loaded(talk, talk.id),
    ):
        assert all("value" not in output for output in given[:-1])
    steps = desk.respond("Dua?", fresh, request(page="p2"))
    next(steps)
    assert all("value" not in output for output in loaded(fresh, talk.id)[:-1])


def test_a_conversation_that_cannot_be_kept_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visitor is told; the answer stays."""
    told: list[str] = []
    monkeypatch.setattr("gradio.Warning", lambda message, **_: told.append(message))
    (Path(desk.corpus.path) / "conversations").write_text("a file in the way")
    talk = ask(desk, "Satu?")
    assert told == [TEXTS["id"]["not_kept"]]
    assert QUOTE in visible(str(talk.messages[-1].content))


@pytest.mark.parametrize("link", [None, {}, "#kutip-open-x", "#kutip-open-../..", "#kutip-save-1"])
def test_a_link_that_there_is_not_does_nothing(link: Any, desk: Desk) -> None:
    """What a browser sends is not trusted."""
    talk = ask(desk, "Satu?")
    assert all("value" not in output for output in click(desk.turn_to, talk, link))
    assert click(desk.export, talk, link) is None


def test_an_answer_that_is_stopped_leaves_its_question(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat says so, the question is in the box, and nothing of it is kept."""
    talk = ask(desk, "Satu?")
    asked = desk.corpus.ask
    free = threading.Event()
    monkeypatch.setattr(
        desk.corpus, "ask", lambda *values, **named: free.wait(30) and asked(*values, **named)
    )
    monkeypatch.setattr("qa.chat.asking.PULSE", 0.01)
    for typed, left in (("", "Dua?"), ("Tiga?", None)):  # what is in the box by then stays in it
        steps = desk.respond("Dua?", talk, request())
        box, chat, _, stopped = next(steps)
        assert (box.submit_btn, box.stop_btn) == (False, True)
        assert chat[-1].metadata["status"] == "pending"
        desk.stop(typed, request())
        *_, (box, chat, _, last) = steps
        assert (box.submit_btn, box.stop_btn, box.value) == (True, False, left)
        assert visible(str(chat[-1].content)).startswith(TEXTS["id"]["stopped"])
        assert not any((message.metadata or {}).get("status") == "pending" for message in chat)
        # Had the page been closed instead, the conversation would be the same.
        assert [turn.messages for turn in stopped.turns] == [turn.messages for turn in last.turns]
    desk.keep(last, request())
    assert desk.history.listed(ANA)[0].questions == 1
    free.set()
    again = list(desk.retry(last, request()))[-1][3]
    assert [turn.asked.question for turn in again.turns] == ["Satu?", "Dua?"]
    assert all(turn.answer for turn in again.turns)


def test_one_answer_at_a_time_comes_to_a_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another begun meanwhile would lose one of them; with its end the page is free."""
    told: list[str] = []
    monkeypatch.setattr("gradio.Info", lambda message, **_: told.append(message))
    talk = ask(desk, "Satu?")
    steps = desk.respond("Dua?", talk, request())
    next(steps)
    (nothing,) = desk.retry(talk, request())
    assert all("value" not in output for output in nothing)
    assert told == [TEXTS["id"]["still_answering"]]
    other = list(desk.respond("Dua?", talk, request(page="other")))
    assert other[-1][3].answers
    *_, (_, _, _, done) = steps
    assert [turn.asked.question for turn in ask(desk, "Tiga?", done).turns] == [
        "Satu?",
        "Dua?",
        "Tiga?",
    ]
    # Of a page that was closed nothing stands in the way.
    steps = desk.respond("Empat?", done, request())
    next(steps)
    desk.leave(request().session_hash)
    assert ask(desk, "Lima?", done).answers
    assert len(told) == 1


def test_stopping_the_model_leaves_the_quotes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a language model is asked, the answer is there already, and is kept."""
    desk.endpoint = object()  # type: ignore[assignment]
    free = threading.Event()

    def slowly(answer: Answer) -> Answer:
        assert free.wait(30)
        return answer

    monkeypatch.setattr(desk, "generated", slowly)
    monkeypatch.setattr("qa.chat.asking.PULSE", 0.01)
    steps = desk.respond("Satu?", Conversation(), request())
    last = next(step for step in steps if isinstance(step[3], Conversation) and step[3].answers)
    assert last[1][-1].metadata["title"] == TEXTS["id"]["writing"]
    # While the model is waited for, there are steps to stop at.
    assert all("value" not in output for output in next(steps))
    desk.stop("", request())
    *_, (box, chat, _, talk) = steps
    free.set()
    assert QUOTE in visible(str(chat[-1].content))
    assert (box.stop_btn, box.value) == (False, None)
    desk.keep(talk, request())
    assert len(desk.history.listed(ANA)) == 1


# Exports


@pytest.fixture
def real(open_corpus: Callable[..., Corpus], tmp_path: Path) -> Desk:
    """A real corpus with two answers; the embedder is the one with exact scores."""
    corpus = open_corpus()
    corpus.add(write_articles(tmp_path / "articles"))
    return Desk(corpus)


def decoded(parcel: dict[str, str]) -> str:
    return base64.b64decode(parcel["data"]).decode()


def quoting(corpus: Corpus, topic: str, question: str) -> Answer:
    """An answer that quotes the article on *topic*, whole."""
    (listed,) = [one for one in corpus.documents() if Path(one.source).stem == topic]
    text = corpus.document(listed.id).text.strip()
    citation = Citation(
        1, listed.id, listed.title, listed.source, None, None, 0, len(text), text, None
    )
    return replace(
        ANSWER, question=question, language="id", citations=(citation,), text=f"{text} [1]"
    )


@pytest.mark.parametrize("form", list(export.FORMS))
def test_an_export_holds_every_answer_of_the_conversation(form: str, real: Desk) -> None:
    """In each form, under a name that says what it is; one answer alone as well."""
    answers = [quoting(real.corpus, topic, f"Apa kabar {topic}?") for topic in ("kapal", "gempa")]
    talk = Conversation()
    for answer in answers:
        talk = talk.plus(Turn(Asked(answer.question), (), None, answer))
    whole = click(real.export, talk, f"#kutip-save-all-{form}")
    second = click(real.export, talk, f"#kutip-save-2-{form}")
    assert whole["name"] == f"kutip-apa-kabar-kapal.{form}"
    assert second["name"] == f"kutip-apa-kabar-gempa.{form}"
    sources = [c.document_id[:8] for answer in answers for c in answer.citations]
    assert all(id in decoded(whole) for id in sources) or form in ("md", "html")
    if form not in export.SOURCES_ALONE:
        assert all(answer.question in decoded(whole) for answer in answers)
        assert answers[0].question not in decoded(second)


def test_an_exported_conversation_passes_its_check(
    real: Desk, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``kutip check`` finds every quote of the file that the browser saved."""
    corpus = real.corpus
    answers = [quoting(corpus, topic, f"Apa kabar {topic}?") for topic in ("kapal", "gempa")]
    path = tmp_path / "saved.json"
    path.write_text(decoded(export.parcel(answers, corpus, "json")), "utf-8")
    import embeddings
    from tests.helpers import FakeEmbedder

    monkeypatch.setattr(embeddings, "load", lambda name=None: FakeEmbedder(*AXES))
    assert cli.main(["--corpus", str(corpus.path), "check", str(path)]) == 0
    assert "2 of 2 places found" in capsys.readouterr().out


def test_what_cannot_be_exported_is_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No form of that name, no such turn, or a turn without an answer."""
    monkeypatch.setattr("gradio.Warning", lambda message, **_: None)
    talk = ask(desk, "Satu?")
    stopped = talk.plus(Turn(Asked("Dua?"), ()))
    for what in ("2-md", "3-md", "0-md", "all-exe", "1-csl", "999999-md"):
        assert click(desk.export, stopped, f"#kutip-save-{what}") is None
    with pytest.raises(DossierError, match="choose one of md, html"):
        export.parcel([ANSWER], desk.corpus, "exe")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Apa kata Jokowi?", "kutip-apa-kata-jokowi"),
        ("../../etc/passwd\x00", "kutip-etc-passwd"),
        ("日本", "kutip"),
        ("Café " + "a" * 300, "kutip-cafe"),
    ],
)
def test_a_file_name_is_plain(question: str, name: str) -> None:
    """Short, and of letters that every system takes."""
    assert export._slug(question) == name


def test_menus_offer_what_there_is() -> None:
    """No bibliography without sources; one answer's menu is told from the conversation's."""
    with_sources = export.links("3", "id", sources=True)
    assert with_sources.count("#kutip-save-3-") == 5
    assert "bib" not in export.links("all", "en", sources=False)
    assert talks.bar([], "", [], "en") == '<div class="kutip-bar"></div>'
    for link in ("#kutip-save-3-csl.json", "#kutip-save-all-md"):
        assert talks.wish(link)[0] == "save"


# A quote to paste


def test_a_citation_to_paste_says_who_and_where() -> None:
    """In one line, as far as it is known: quote, speaker, author, title, outlet, date and page."""
    document = replace(DOCUMENT, byline="Ratna Wulan")
    assert drawing.reference(CITATION, document, "id") == (
        f"“{QUOTE}” — Yosefa Latu. Ratna Wulan, “Ambon menunggu <ombak>”, Warta & Laut, "
        "16 November 2021, hlm. 3."
    )
    bare = replace(CITATION, speaker=None, outlet=None, published=None, page=None, title="")
    assert drawing.reference(bare, DOCUMENT, "en") == f"“{QUOTE}”. “ambon.txt”."


def test_a_citation_to_paste_is_inert() -> None:
    """On the card it is text of an attribute, and pasted it turns nothing around."""
    citation = replace(CITATION, title=HOSTILE + "\u202e", outlet='"><script>')
    drawn = drawing.card(citation, DOCUMENT, turn=1, language="en")
    tags = Tags()
    tags.feed(drawn)
    assert "script" not in tags.names and "img" not in tags.names
    assert "\u202e" not in drawing.reference(citation, DOCUMENT, "en")

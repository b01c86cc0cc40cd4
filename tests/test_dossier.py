"""Promises of dossiers: proven, whole, inert in every form, and to be checked again."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import embeddings
from qa import cli
from qa.chat.drawing import plain
from qa.corpus import Corpus
from qa.dossier import FORMATS, Dossier, gather, renderer
from qa.dossier.bibliography import to_bibtex, to_csl
from qa.dossier.markdown import escape as markdown
from qa.dossier.markdown import to_markdown
from qa.dossier.page import to_html
from qa.dossier.record import check, read, to_json
from qa.errors import DossierError
from qa.output import inert
from qa.types import Answer, Citation, Coverage, Document, Place, Reason
from tests.helpers import (
    ARTICLES,
    AXES,
    SHIP,
    FakeEmbedder,
    answering_from,
    make_document,
    write_articles,
)

QUESTION = "What did Jokowi say about data protection?"
HOSTILE = (
    "<script>alert(1)</script> [klik](javascript:alert(1)) ![x](http://e.example/x.png) "
    "`kode` *tebal* _miring_ <b onmouseover=x> &lt; $x^2$ ~~c~~ | a | "
    "http://e.example www.e.example "
    "\u202egnp.\u202c \\input{/etc/passwd} % } { # & @article{x, title={y}} \"kutip\" 'petik'"
)
STARTS = ["# satu", "- dua", "+ tiga", "1. empat", "1) lima", "> enam", "===", "---", "    kode"]
MADE = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A corpus of the sample articles, under the bundled model, as files of its own."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("jokowi-keamanan-siber-asean.txt", "asean-outlook-indo-pacific.md"):
        (folder / name).write_bytes((ARTICLES / name).read_bytes())
    with Corpus.open(tmp_path / "corpus") as corpus:
        corpus.add(folder)
    return tmp_path / "corpus"


def run(corpus: Path, *arguments: object) -> int:
    return cli.main(["--corpus", str(corpus), *map(str, arguments)])


def dossier_of(corpus: Corpus, *documents: Document, question: str = "Apa?") -> Dossier:
    """A dossier that quotes the whole text of each document."""
    citations = []
    for n, document in enumerate(documents, start=1):
        corpus.put(document, f"/nowhere/{document.id}")
        place = Place.of(document, 0, len(document.text))
        named = {name: getattr(place, name) for name in Place.__slots__}
        citations.append(Citation(n=n, quote=document.text, speaker=document.title, **named))
    answer = Answer(
        question, "id", "\n\n".join(f"{c.quote} [{c.n}]" for c in citations), tuple(citations),
        0.5, False, None, Coverage(len(documents), len(documents), None, None),
    )  # fmt: skip
    return gather([answer], corpus, made=MADE)


@pytest.fixture
def hostile(open_corpus: Callable[..., Corpus]) -> Dossier:
    """Every field that a document decides is hostile."""
    text = "\n".join([HOSTILE, *STARTS, "", HOSTILE])
    document = replace(
        make_document("d1", text, title=HOSTILE, source=HOSTILE), outlet=HOSTILE, byline=HOSTILE
    )
    return dossier_of(open_corpus(), document, question=HOSTILE)


# Whole and proven


def test_a_real_dossier_in_every_form(real: Path, tmp_path: Path, capsys: Any) -> None:
    """From one question: the quote, its place and the hash of its file in each form for people."""
    files = [tmp_path / f"dossier{ending}" for ending in FORMATS]
    assert run(real, "ask", QUESTION, *(a for f in files for a in ("--export", f))) == 0
    value = json.loads((tmp_path / "dossier.json").read_text("utf-8"))
    assert value["question"] == QUESTION
    assert value["corpus"]["model"] and len(value["corpus"]["generation"]) == 32
    assert set(value["settings"]) == {
        "passages_read", "candidates", "threshold", "silent_threshold",
    }  # fmt: skip
    assert value["coverage"]["documents"] == 1  # in which Jokowi speaks
    assert value["citations"]
    for citation in value["citations"]:
        data = Path(citation["source"]).read_bytes()
        assert data.decode()[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["file"]["sha256"] == hashlib.sha256(data).hexdigest()
        assert citation["proof"] == {"corpus": "found", "file": "found", "changed": False}
        for ending in (".md", ".html"):
            page = (tmp_path / f"dossier{ending}").read_text("utf-8")
            for fact in (citation["file"]["sha256"], citation["outlet"], "27 April 2018"):
                assert fact in page
            assert f"{citation['start']} to {citation['end']}" in page
            assert value["corpus"]["generation"] in page
            assert "Searched 1 document" in page
            assert "Searched only: said by Jokowi." in page
        assert citation["quote"] in (tmp_path / "dossier.md").read_text("utf-8")
        assert f'"id": "{citation["key"]}"' in (tmp_path / "dossier.csl.json").read_text("utf-8")
        assert f"{{{citation['key']}," in (tmp_path / "dossier.bib").read_text("utf-8")
    assert run(real, "check", tmp_path / "dossier.json") == 0


def test_a_quote_that_fell_is_in_no_form(open_corpus: Callable[..., Corpus]) -> None:
    """Withheld, with the text that leaned on it, and counted; what stands is shown."""
    corpus = open_corpus()
    whole = dossier_of(corpus, make_document("d1", "Kapal karam."), make_document("d2", SHIP))
    corpus.remove("d1")
    dossier = gather([whole.entries[0].answer], corpus)
    assert [c.quote for c in dossier.entries[0].answer.citations] == [SHIP]
    assert dossier.entries[0].withheld == 1
    for render in FORMATS.values():
        assert "karam" not in render(dossier)
    assert "1 kutipan tidak lagi ada dalam korpus" in to_markdown(dossier)
    corpus.remove("d2")
    (none,) = gather([whole.entries[0].answer], corpus).entries
    assert none.answer.text == "2 kutipan tidak lagi ada dalam korpus dan tidak ditampilkan."


def test_an_abstention_is_a_finding_too(real: Path, tmp_path: Path, capsys: Any) -> None:
    """It exports as such: why, and what was searched; no sources, and exit status 1."""
    files = [tmp_path / f"none{ending}" for ending in FORMATS]
    question = "Berapa harga cabai rawit di Pasar Minggu?"
    assert run(real, "ask", question, *(a for f in files for a in ("--export", f))) == 1
    assert "## Tidak ada jawaban" in (tmp_path / "none.md").read_text("utf-8")
    assert "Ditelusuri: 2 dokumen" in (tmp_path / "none.html").read_text("utf-8")
    assert json.loads((tmp_path / "none.csl.json").read_text("utf-8")) == []
    assert (tmp_path / "none.bib").read_text("utf-8") == ""
    assert json.loads((tmp_path / "none.json").read_text("utf-8"))["reason"] in set(Reason)
    assert run(real, "check", tmp_path / "none.json") == 0


@pytest.fixture
def conversation(real: Path) -> list[Answer]:
    """Two answers, and between them a question that was not answered."""
    with Corpus.open(real) as corpus:
        asked = (
            QUESTION,
            "Berapa harga cabai rawit di Pasar Minggu?",
            "Apa kata Jokowi soal data?",
        )
        answers = [corpus.ask(question) for question in asked]
    assert [answer.abstained for answer in answers] == [False, True, False]
    return answers


def test_several_answers_in_every_form(
    real: Path, conversation: list[Answer], tmp_path: Path, capsys: Any
) -> None:
    """Each question with its quotes, in order; a source once; each quote checked."""
    with Corpus.open(real) as corpus:
        dossier = gather(conversation, corpus, made=MADE)
    markdown, page = to_markdown(dossier), to_html(dossier)
    assert markdown.startswith("# 3 questions\n\n## What did Jokowi say")
    places = [markdown.index(f"## {answer.question}") for answer in conversation]
    assert places == sorted(places)
    assert "### Tidak ada jawaban" in markdown
    assert page.count("<h1>") == 1 and page.count('<h2 class="question">') == 3
    for answer in conversation:
        for citation in answer.citations:
            assert citation.quote in markdown and inert(citation.quote) in page
    keys = [item["id"] for item in json.loads(to_csl(dossier))]
    cited = {citation.document_id for answer in conversation for citation in answer.citations}
    assert len(keys) == len(set(keys)) == len(cited)
    assert [key for _, key, _ in bibtex(to_bibtex(dossier))] == keys
    path = tmp_path / "talk.json"
    path.write_text(to_json(dossier), "utf-8")
    assert run(real, "check", path) == 0
    said = capsys.readouterr().out
    count = sum(1 + len(c.also) for answer in conversation for c in answer.citations)
    assert f"{count} of {count} places found" in said
    assert said.index(conversation[0].question) < said.index(conversation[2].question)


def test_of_several_answers_the_one_that_fell_is_named(
    real: Path, conversation: list[Answer], tmp_path: Path, capsys: Any
) -> None:
    """A quote of the last answer made up by hand: exit status 1, under its question."""
    with Corpus.open(real) as corpus:
        value = json.loads(to_json(gather(conversation, corpus)))
    value["answers"][2]["citations"][0]["quote"] = "Data boleh dijual."
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(value), "utf-8")
    assert run(real, "check", path) == 1
    first, last = capsys.readouterr().out.split(conversation[2].question)
    assert "altered" not in first and "corpus: altered" in last
    value["answers"][2]["citations"][0]["start"] = -1
    path.write_text(json.dumps(value), "utf-8")
    with pytest.raises(DossierError, match="in citation 1 of answer 3; export it again"):
        read(path)


# Writing


@pytest.mark.parametrize("name", ["dossier", "dossier.pdf", "dossier.md.txt", ".md/dossier"])
def test_an_unknown_ending_is_an_error_that_lists_the_known(
    name: str, tmp_path: Path, capsys: Any
) -> None:
    """Before the corpus is even opened."""
    assert run(tmp_path / "corpus", "ask", "Apa?", "--export", tmp_path / name) == 2
    said = capsys.readouterr().err
    assert all(ending in said for ending in FORMATS) and Path(name).name in said
    assert not (tmp_path / "corpus").exists()


def test_endings_are_known_in_any_case() -> None:
    """And .csl.json is not taken for .json."""
    assert renderer("A.MD") is to_markdown
    assert renderer("a.Csl.Json") is to_csl
    assert renderer("a.b.json") is to_json


def test_a_dossier_is_never_written_over(tmp_path: Path, capsys: Any) -> None:
    """What is there stays, even a link that leads nowhere; the error says what to do."""
    there, link = tmp_path / "a.md", tmp_path / "b.md"
    there.write_text("catatan saya")
    link.symlink_to(tmp_path / "nowhere")
    for path in (there, link):
        assert run(tmp_path / "corpus", "ask", "Apa?", "--export", path) == 2
        assert "there already; choose another name" in capsys.readouterr().err
    assert there.read_text() == "catatan saya"
    assert not (tmp_path / "nowhere").exists()
    assert run(tmp_path / "corpus", "ask", "Apa?", "--export", tmp_path / "no" / "a.md") == 2
    assert "no folder" in capsys.readouterr().err


# Checking again


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of two articles that answers every question."""
    monkeypatch.setattr(embeddings, "load", lambda name=None: FakeEmbedder(*AXES))
    monkeypatch.setattr("qa.answering.snapshot.SHIPPED", answering_from(0.0))
    run(tmp_path / "corpus", "add", write_articles(tmp_path / "articles", ("kapal", "gempa")))
    return tmp_path / "corpus"


@pytest.fixture
def exported(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The dossier of one question, as JSON."""
    question = "Di mana kapal perintis berlayar?"
    assert run(corpus, "ask", question, "--export", tmp_path / "dossier.json") == 0
    capsys.readouterr()
    return tmp_path / "dossier.json"


def source_of(exported: Path) -> Path:
    return Path(json.loads(exported.read_text("utf-8"))["citations"][0]["source"])


def test_a_dossier_of_an_unchanged_corpus_is_found(
    corpus: Path, exported: Path, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every place, in the corpus and in the file, from any working directory."""
    monkeypatch.chdir(tmp_path)
    assert run(corpus, "check", exported) == 0
    said = capsys.readouterr().out
    assert "corpus: found, file: found" in said and "altered" not in said
    assert "has changed" not in said


def test_a_dossier_whose_file_changed_but_says_the_same(
    corpus: Path, exported: Path, capsys: Any
) -> None:
    """Found, with a note: the words stand in the new version too."""
    path = source_of(exported)
    path.write_text("Paragraf baru di atas berita.\n\n" + path.read_text("utf-8"), "utf-8")
    assert run(corpus, "check", exported) == 0
    assert "telah berubah sejak ditambahkan dan masih memuat kutipan ini" in capsys.readouterr().out


def test_a_dossier_whose_file_says_otherwise(corpus: Path, exported: Path, capsys: Any) -> None:
    """Altered in the file, found in the corpus, which holds the version that was added."""
    path = source_of(exported)
    quote = json.loads(exported.read_text("utf-8"))["citations"][0]["quote"]
    path.write_text(path.read_text("utf-8").replace(quote, quote[:-2] + "."), "utf-8")
    assert run(corpus, "check", exported) == 1
    said = capsys.readouterr().out
    assert "corpus: found, file: altered" in said and "tidak lagi memuat kutipan ini" in said
    run(corpus, "add", path)
    assert run(corpus, "check", exported) == 1
    said = capsys.readouterr().out
    assert "corpus: missing, file: altered" in said
    assert "the corpus has changed since the dossier was made" in said


def test_a_dossier_whose_source_is_gone(corpus: Path, exported: Path, capsys: Any) -> None:
    """Removed from the corpus, from the disk, or from both."""
    path = source_of(exported)
    run(corpus, "remove", path)
    assert run(corpus, "check", exported) == 1
    assert "corpus: missing, file: found" in capsys.readouterr().out
    path.unlink()
    assert run(corpus, "check", exported) == 1
    assert "corpus: missing, file: missing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quote": "Ia menolak agar kerangka kerja sama."}, "corpus: altered, file: altered"),
        ({"start": 0, "end": 4}, "corpus: altered, file: found"),
        ({"document_id": "feedfeedfeedfeed"}, "corpus: missing, file: found"),
        ({"quote": "  "}, "corpus: altered, file: altered"),
    ],
)
def test_a_dossier_changed_by_hand(
    corpus: Path, exported: Path, capsys: Any, change: dict[str, Any], said: str
) -> None:
    """Made-up words are found nowhere, wrong offsets not where they say."""
    value = json.loads(exported.read_text("utf-8"))
    value["citations"][0] |= change
    exported.write_text(json.dumps(value), "utf-8")
    assert run(corpus, "check", exported) == 1
    assert said in capsys.readouterr().out


def test_other_places_are_checked_as_well(open_corpus: Callable[..., Corpus]) -> None:
    """A place in ``also`` that fell is said by itself."""
    corpus = open_corpus()
    twin = make_document("d2", f"Judul lain.\n\n{SHIP}")
    corpus.put(twin, "/nowhere/d2")
    one = dossier_of(corpus, make_document("d1", SHIP))
    start = twin.text.index(SHIP)
    also = (Place.of(twin, start, start + len(SHIP)),)
    (entry,) = one.entries
    (citation,) = entry.answer.citations
    dossier = gather(
        [replace(entry.answer, citations=(replace(citation, also=also),))], corpus, made=MADE
    )
    assert dossier.entries[0].answer.citations[0].also == also
    path = corpus.path / "d.json"
    path.write_text(to_json(dossier), "utf-8")
    assert [str(c.proof.corpus) for c in check(read(path), corpus)] == ["found", "found"]
    corpus.remove("d2")
    checked = list(check(read(path), corpus))
    assert [(c.n, c.also, str(c.proof.corpus)) for c in checked] == [
        (1, False, "found"),
        (1, True, "missing"),
    ]
    (entry,) = gather([dossier.entries[0].answer], corpus).entries
    assert entry.answer.citations[0].also == ()


def sound() -> dict[str, Any]:
    return {
        "kutip_dossier": 1, "question": "Apa?", "language": "id", "corpus": {"generation": "x"},
        "citations": [
            {
                "n": 1, "document_id": "d", "title": "", "source": "a.txt", "outlet": None,
                "published": "2019-06-10", "start": 0, "end": 4, "quote": "Apa?", "also": [],
                "file": {
                    "sha256": "0" * 64, "size": 4, "modified": 1,
                    "added": "2026-05-03T00:00:00+00:00",
                },
            }
        ],
    }  # fmt: skip


def test_a_sound_dossier_is_read(tmp_path: Path) -> None:
    """What the tests of broken ones start from."""
    path = tmp_path / "d.json"
    path.write_text(json.dumps(sound()), "utf-8")
    ((claim,),) = [asked.claims for asked in read(path).questions]
    assert claim.citation.published == date(2019, 6, 10)
    assert claim.version is not None and claim.version.size == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", True), ("start", -1), ("start", 9), ("end", "4"), ("quote", None), ("n", 1.5),
        ("published", "kemarin"), ("also", [1]), ("also", None), ("file", []),
        ("file", {"sha256": "../../etc", "size": 1, "modified": 1, "added": "2026-05-03"}),
        ("source", ["a.txt"]), ("source", "\udcff"), ("document_id", "\ud800"),
    ],
)  # fmt: skip
def test_a_broken_dossier_is_an_error_that_says_where(
    name: str, value: object, tmp_path: Path
) -> None:
    """The file and the citation are named; nothing is guessed."""
    path = tmp_path / "d.json"
    broken = sound()
    broken["citations"][0][name] = value
    path.write_text(json.dumps(broken), "utf-8")
    with pytest.raises(DossierError, match=r"d\.json: .*in citation 1; export it again"):
        read(path)
    del broken["citations"][0][name]
    path.write_text(json.dumps(broken), "utf-8")
    with pytest.raises(DossierError, match=f"no '{name}' in citation 1"):
        read(path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"), (b"\xff\xfe", "not JSON"), (b"[" * 100_000, "not JSON"),
        (b"[]", "not a dossier"), (b"{}", "not a dossier"),
        (b'{"kutip_dossier": 3}', "newer version"), (b'{"kutip_dossier": 2}', "no 'answers'"),
        (b'{"kutip_dossier": 1}', "no 'citations'"),
    ],
)  # fmt: skip
def test_what_is_no_dossier_is_an_error(data: bytes, said: str, tmp_path: Path) -> None:
    """Each names the file and what to do."""
    path = tmp_path / "d.json"
    path.write_bytes(data)
    with pytest.raises(DossierError, match=said):
        read(path)
    with pytest.raises(DossierError, match="name a file"):
        read(tmp_path / "nowhere.json")
    with pytest.raises(DossierError, match="name a file"):
        read(tmp_path)


# Inert


def test_what_writing_needs_is_shown_and_what_hides_is_marked() -> None:
    """In every form and in the chat: joiners, soft hyphens and empty spaces stay; tags do not."""
    needed = "per\u00adlindungan\u200b 👩\u200d🚒 می\u200cخواهم \u06dd\tdua\nbaris\ufeff"
    hiding = "\u202e\u2066\u061c\U000e0041\x1b\x85\ud800"
    for shown in (inert, plain):
        assert shown(needed) == needed
        assert shown(hiding) == "\ufffd" * len(hiding)


def test_json_keeps_every_character_and_shows_none_that_acts(hostile: Dossier) -> None:
    """Direction marks are escapes in the file and themselves once parsed."""
    text = to_json(hostile)
    assert "\u202e" not in text and "\\u202e" in text
    (citation,) = json.loads(text)["citations"]
    assert citation["quote"] == hostile.entries[0].answer.citations[0].quote


@given(st.text(max_size=40))
def test_json_of_any_quote_parses_back(quote: str) -> None:
    """Whatever characters it is made of; a half pair too."""
    from qa.dossier.record import _safe

    assert json.loads(_safe(json.dumps([quote], ensure_ascii=False))) == [quote]


RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(text: str) -> str:
    """What CommonMark shows of a piece of Markdown, if it is text and nothing else."""
    tokens = RENDER.parse(text)
    kinds = {"paragraph_open", "inline", "paragraph_close"}
    assert {token.type for token in tokens} <= kinds, [t.type for t in tokens]
    children: list[Token] = [c for t in tokens for c in t.children or []]
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@given(st.text(max_size=60) | st.text(alphabet="#-+*_`>[]()<>!|~=:&;\\1. ax", max_size=30))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    """No text makes markup, in CommonMark with tables and strikethrough."""
    assert shown(markdown(text)) == " ".join(inert(text).split())


@pytest.mark.parametrize("start", [*STARTS, HOSTILE, "1.", "12)", "- [ ] x", "&copy;", "a\\"])
def test_markdown_of_what_starts_lists_and_headings(start: str) -> None:
    """The known ways to make markup, one by one."""
    assert shown(markdown(start)) == " ".join(inert(start).split())


def test_addresses_are_no_links_in_github_markdown() -> None:
    """Programs that turn addresses into links look for these, and do not find them."""
    escaped = markdown("http://e.example www.e.example WWW.x javascript:alert(1) mailto:a")
    assert not re.search(r"(?i)http:|www\.|javascript:|mailto:", escaped)


def test_a_hostile_dossier_as_markdown(hostile: Dossier) -> None:
    """Headings, a quote and lists of Kutip's own; no link, picture, code or HTML."""
    tokens = RENDER.parse(to_markdown(hostile))
    headings = [t for t in tokens if t.type == "heading_open"]
    assert [t.tag for t in headings] == ["h1", "h2", "h2", "h3"]
    kinds = {c.type for t in tokens for c in t.children or []}
    assert kinds <= {"text", "text_special", "hardbreak", "softbreak"}
    assert not {t.type for t in tokens} & {"html_block", "fence", "code_block", "table_open"}
    inside = [t for t in tokens if t.type == "blockquote_open"]
    assert len(inside) == 1
    assert "\u202e" not in to_markdown(hostile)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_hostile_dossier_as_html(hostile: Dossier) -> None:
    """Only Kutip's own tags, nothing that leads or loads anywhere; the quote as it stands."""
    page = to_html(hostile)
    tags = Tags()
    tags.feed(page)
    expected = "html head meta title style body main h1 h2 h3 section p article blockquote dl dt dd"
    assert tags.names == set(f"{expected} footer".split())
    assert tags.attributes == {"lang", "charset", "http-equiv", "content", "name", "class", "id"}
    assert inert(hostile.entries[0].answer.citations[0].quote) in tags.text
    assert "\u202e" not in page and "url(" not in page and "@import" not in page
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page


# Bibliographies


def source(id: str, **named: Any) -> Document:
    fields: dict[str, Any] = {
        "title": "Kapal Perintis Baru", "outlet": "KABARUJI.ID", "byline": "Sukarno",
        "published": date(2019, 6, 10),
    } | named  # fmt: skip
    return replace(make_document(id, f"{SHIP} {id}"), **fields)


SOURCES = [
    source("aaaa1111ffff"),
    source("aaaa1111eeee"),
    source("bbbb", byline="Rahmat Pulungkasih dan Nigel Ashgrove-Lim; Ant/SU02"),
    source("cccc", published=None),
    source("dddd", byline=None, outlet=None, title=""),
    source("eeee", byline="Editor: Hanum Prasasti", language="en"),
    source("ffff", outlet="日本", title=HOSTILE, byline=HOSTILE),
]


@pytest.fixture
def cited(open_corpus: Callable[..., Corpus]) -> Dossier:
    return dossier_of(open_corpus(), *SOURCES)


def test_csl_json(cited: Dossier) -> None:
    """As the schema of CSL-JSON has it: known names, literal names of people, dates in parts."""
    items = json.loads(to_csl(cited))
    assert len({item["id"] for item in items}) == len(items) == len(SOURCES)
    known = {
        "id", "type", "title", "container-title", "author", "editor", "issued", "language", "note",
    }  # fmt: skip
    for item in items:
        assert set(item) <= known
        assert item["type"] in {"article-newspaper", "document"}
        assert all(isinstance(item[name], str) and item[name] for name in ("id", "title", "note"))
        for person in item.get("author", []) + item.get("editor", []):
            assert set(person) == {"literal"} and person["literal"]
    first, _, several, undated, bare, edited, _ = items
    assert first["author"] == [{"literal": "Sukarno"}]
    assert first["issued"] == {"date-parts": [[2019, 6, 10]]}
    assert [p["literal"] for p in several["author"]] == [
        "Rahmat Pulungkasih", "Nigel Ashgrove-Lim", "Ant/SU02",
    ]  # fmt: skip
    assert "issued" not in undated
    assert bare["type"] == "document" and bare["title"] == "dddd.txt"
    assert "author" not in bare and "container-title" not in bare
    assert edited["editor"] == [{"literal": "Hanum Prasasti"}] and "author" not in edited


def bibtex(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Entries of a BibTeX file: kind, key and fields.

    Strict, and like BibTeX itself it counts every brace, one behind a backslash too.
    """
    entries = []
    at = 0
    while found := re.compile(r"\s*@(\w+)\{([!-z]+?),\s*").match(text, at):
        kind, key, at = found[1], found[2], found.end()
        fields: dict[str, str] = {}
        while text[at] != "}":
            name = re.compile(r"\s*(\w+) = ").match(text, at)
            assert name, text[at : at + 40]
            assert name[1] not in fields
            at = name.end()
            if text[at] == "{":
                end, depth = at, 0
                while True:
                    depth += {"{": 1, "}": -1}.get(text[end], 0)
                    end += 1
                    if depth == 0:
                        break
                fields[name[1]] = text[at + 1 : end - 1]
            else:
                macro = re.compile("[a-z]+").match(text, at)
                assert macro
                fields[name[1]], end = macro[0], macro.end()
            rest = re.compile(r"\s*,?\s*").match(text, end)
            assert rest
            at = rest.end()
        at += 1
        entries.append((kind, key, fields))
    assert not text[at:].strip(), text[at:]
    return entries


def test_bibtex(cited: Dossier) -> None:
    """Unique keys, required fields there, whole names, dates where they are known."""
    entries = bibtex(to_bibtex(cited))
    assert len({key.lower() for _, key, _ in entries}) == len(entries) == len(SOURCES)
    assert [key for _, key, _ in entries] == [item["id"] for item in json.loads(to_csl(cited))]
    for kind, key, fields in entries:
        assert re.fullmatch(r"[A-Za-z0-9-]+", key)
        assert kind in {"article", "misc"}
        if kind == "article":
            assert {"author", "title", "journal", "year"} <= set(fields)
    first, _, several, undated, bare, edited, foreign = (fields for _, _, fields in entries)
    assert first["author"] == "{Sukarno}"
    assert (first["year"], first["month"], first["day"]) == ("2019", "jun", "10")
    assert first["title"] == "{Kapal Perintis Baru}"
    assert several["author"] == "{Rahmat Pulungkasih} and {Nigel Ashgrove-Lim} and {Ant/SU02}"
    assert not {"year", "month", "day"} & set(undated)
    assert undated["howpublished"] == "KABARUJI.ID"
    assert "author" not in bare
    assert edited["editor"] == "{Hanum Prasasti}" and edited["language"] == "english"
    assert foreign["journal"] == "日本"
    assert "\\input" not in foreign["title"] and "\\textbackslash{}input" in foreign["title"]


@given(st.text(max_size=60) | st.text(alphabet='\\{}%#$&_~^<>|"@,= a\n', max_size=30))
def test_any_text_is_a_bibtex_value(text: str) -> None:
    """Braces are even, and every sign of TeX is a command that prints it."""
    from qa.dossier.bibliography import _tex

    value = _tex(text)
    ((_, _, fields),) = bibtex(f"@misc{{k,\n  title = {{{value}}}\n}}\n")
    assert fields["title"] == value
    for sign, command in {
        r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}",
        r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\textless{}": "<",
        r"\textgreater{}": ">", r"\textbar{}": "|",
    }.items():  # fmt: skip
        value = value.replace(sign, f"\0{ord(command)};")
    value = re.sub(r"\\([#$%&_])", r"\1", value)
    assert "\\" not in value
    back = re.sub("\0(\\d+);", lambda found: chr(int(found[1])), value)
    assert back == " ".join(inert(text).split())


def test_a_key_is_the_same_in_every_dossier(open_corpus: Callable[..., Corpus]) -> None:
    """Two dossiers that cite one article agree on its key."""
    corpus = open_corpus()
    together = dossier_of(corpus, source("bbbb2222"), source("aaaa1111"))
    alone = dossier_of(corpus, source("aaaa1111"))
    assert together.sources[1].key == alone.sources[0].key == "kabarujiid2019-aaaa1111"

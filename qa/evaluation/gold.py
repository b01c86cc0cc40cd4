"""What is right, in terms of an opened corpus: which passages, which words.

Finds the expected text of each question in the documents and says which
questions cannot be judged. Knows nothing about how a question is answered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from qa.corpus import Corpus
from qa.evaluation.datasets import Dataset, Row
from qa.evaluation.matching import Texts, find, folded, shared, words_alone
from qa.evaluation.measures import is_short
from qa.index.store import Listed
from qa.types import Document, Passage, Span

_Places = Mapping[str, tuple[Span, ...]]  # by document
# An expected text that stands in more documents than this tells nothing.
MANY = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One question, and what is right for it.

    *right*: names of the right passages and their grades. *places*: by
    document, where an answer stands; empty if that is not known. *elsewhere*: where
    the same words stand in documents that were not meant. *short*: the
    few words that a quote should hold; *exact*: those of them that were written
    down as the answer and nothing more, so that what is marked can be equal to them.
    """

    id: str
    text: str
    language: str | None
    answerable: bool
    texts: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    right: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def answered_by(self, document_id: str, span: Span) -> bool:
        """True if these words of a document are an answer, or most of one, or hold one."""
        return any(shared(span, place) for place in self.places.get(document_id, ()))


class Gold:
    """The questions of a set over one corpus.

    *problems* names every question that cannot be judged in full, and why;
    *left_out* of them are not among the *items*.
    *named_by_document*: a passage goes by its document's id, as in a BEIR
    folder; otherwise by source and offsets, and one that holds the expected
    text by the name of the expected text, so that each of several copies of a
    story counts as the one thing looked for.
    """

    def __init__(
        self,
        items: Sequence[Item],
        problems: Sequence[str],
        sources: Mapping[str, str],
        *,
        named_by_document: bool,
        left_out: int = 0,
    ) -> None:
        self.items = list(items)
        self.left_out = left_out
        self.problems = list(problems)
        self._sources = sources
        self._named_by_document = named_by_document

    def name(self, item: Item, passage: Passage) -> str:
        """What a hit is called in the run of *item*."""
        if self._named_by_document:
            return passage.document_id
        if item.right and item.answered_by(passage.document_id, passage.span):
            return next(iter(item.right))
        source = self._sources.get(passage.document_id, passage.document_id)
        return f"{source}:{passage.start}-{passage.end}"


def asked(dataset: Dataset) -> Iterator[Item]:
    """The questions of a BEIR folder that something is known about, without places."""
    for id, text in dataset.questions.items():
        right, expected = dataset.qrels.get(id, {}), dataset.expected.get(id)
        if not right and expected is None:
            continue
        short = _short(expected.texts, expected.short) if expected else ()
        yield Item(
            id,
            text,
            dataset.languages.get(id),
            answerable=bool(right) if expected is None else expected.answerable,
            texts=expected.texts if expected else (),
            short=short,
            exact=short,
            right=right,
        )


def of_dataset(dataset: Dataset, corpus: Corpus) -> Gold:
    """The questions of a BEIR folder whose passages are the documents of *corpus*."""
    items: list[Item] = []
    problems: list[str] = []
    strange = [id for id in {**dataset.qrels, **dataset.expected} if id not in dataset.questions]
    if strange:
        problems.append(
            f"question {strange[0]} is not in queries.jsonl"
            + (f", and {len(strange) - 1} more are not" if len(strange) > 1 else "")
            + "; what is right for it is left out"
        )
    everywhere: Texts | None = None
    ids = list(dataset.passages)
    for item in asked(dataset):
        missing = [id for id in item.right if id not in dataset.passages]
        if missing:
            problems.append(
                f"question {item.id}: its right passage {missing[0]} is not in corpus.jsonl; "
                "it counts as not found"
            )
        places: dict[str, tuple[Span, ...]] = {}
        right = [id for id in item.right if id in dataset.passages]
        if item.answerable and not item.texts:
            places = {id: (Span(0, len(dataset.passages[id])),) for id in right}
        elif item.answerable and right:
            found = {id: _spans(dataset.passages[id], item.texts) for id in right}
            places = {id: spans for id, spans in found.items() if spans}
        elif item.answerable and not item.right:
            everywhere = everywhere or Texts(list(dataset.passages.values()))
            places = {ids[i]: spans for i, spans in _everywhere(everywhere, item.texts).items()}
        if item.answerable and item.texts and not places:
            problems.append(
                f"question {item.id}: its answer {_start(item.texts[0])} stands in none of its "
                "right passages; only the ranking is measured"
            )
        items.append(replace(item, places=places))
    return Gold(items, problems, {}, named_by_document=True)


def of_rows(path: Path, rows: Sequence[Row], corpus: Corpus) -> Gold:
    """The questions of the easy form over the user's own corpus.

    A row whose expected text or source is not there, or of which nobody has said
    what is right, is left out of *items* and named, with its line, in *problems*.
    Rows of one question are one item, which any of what they expect answers.
    """
    listed = corpus.documents()
    documents = [corpus.document(one.id) for one in listed]
    named = Names(listed)
    texts = Texts([document.text for document in documents])
    items: dict[str, Item] = {}
    lines: dict[str, int] = {}
    problems = []
    left_out = 0
    for row in rows:
        expected = row.expected
        if not row.judged:
            problems.append(
                f"{path}:{row.line}: what is right has not been said; write down the expected "
                "text, or no under answerable; the question is left out"
            )
            left_out += 1
            continue
        item = Item(
            row.id,
            row.question,
            row.language,
            expected.answerable,
            expected.texts,
            _short(expected.texts, expected.short),
            expected.short,
        )
        asked = folded(row.question)
        before = items.get(asked)
        try:
            if before is not None and before.answerable != item.answerable:
                raise _NotThere(
                    f"line {lines[asked]} asks the same and says the opposite under answerable; "
                    "correct one of the two"
                )
            if expected.answerable:
                name, places, elsewhere = _locate(row, named, documents, texts)
                item = replace(item, right={name: 1}, places=places, elsewhere=elsewhere)
        except _NotThere as problem:
            problems.append(f"{path}:{row.line}: {problem}; the question is left out")
            left_out += 1
            continue
        if before is not None:
            problems.append(
                f"{path}:{row.line}: the same question as line {lines[asked]}; they count as one"
            )
            item = _together(before, item)
        items[asked] = item
        lines.setdefault(asked, row.line)
    sources = {document.id: document.source for document in documents}
    return Gold(list(items.values()), problems, sources, named_by_document=False, left_out=left_out)


def _together(one: Item, other: Item) -> Item:
    """One question that two rows ask; what either expects will do, and counts as one thing."""

    def both(a: _Places, b: _Places) -> _Places:
        spans = {id: {*a.get(id, ()), *b.get(id, ())} for id in [*a, *b]}
        return {id: tuple(sorted(some)) for id, some in spans.items()}

    return replace(
        one,
        texts=tuple(dict.fromkeys([*one.texts, *other.texts])),
        short=tuple(dict.fromkeys([*one.short, *other.short])),
        exact=tuple(dict.fromkeys([*one.exact, *other.exact])),
        places=both(one.places, other.places),
        elsewhere=both(one.elsewhere, other.elsewhere),
    )


class Names:
    """What people may call the documents *listed*: by path, file name or title."""

    def __init__(self, listed: Sequence[Listed]) -> None:
        self._paths: dict[str, set[int]] = {}
        self._titles: dict[str, set[int]] = {}
        for i, one in enumerate(listed):
            source = _path(one.source)
            file = PurePath(source)
            for name in (one.id, file.stem, *_endings(source)):
                self._paths.setdefault(name, set()).add(i)
            if title := words_alone(one.title):
                self._titles.setdefault(title, set()).add(i)

    def called(self, name: str) -> set[int]:
        """Positions of the documents that somebody means who writes *name*.

        Where none is called so, an address or a path of another machine is taken
        for the file it ends in.
        """
        path = _path(name)
        found = self._paths.get(path, set()) | self._titles.get(words_alone(name), set())
        file = re.split(r"[?#]", path)[0].rstrip("/ ").rpartition("/")[2]
        if found or not file or file == path:
            return found
        return self._paths.get(file, set()) | self._paths.get(PurePath(file).stem, set())


def _path(name: str) -> str:
    return name.replace("\\", "/").casefold().strip("/ ")


def _endings(path: str) -> Iterator[str]:
    """*path*, and what is left of it without its first folder, its first two, ..."""
    while path:
        yield path
        path = path.partition("/")[2]


class _NotThere(Exception):
    """Why a row cannot be judged over the corpus."""


def _locate(
    row: Row, named: Names, documents: Sequence[Document], texts: Texts
) -> tuple[str, _Places, _Places]:
    """The name of what is looked for, where it stands, and where else its words do."""
    source, wanted = row.expected.source, row.expected.texts
    chosen = set(range(len(documents)))
    if source:
        chosen = named.called(source)
        if not chosen:
            raise _NotThere(f"no document called {source!r} in the corpus; kutip list shows them")
    if not wanted:
        names = [documents[i].source for i in sorted(chosen)]
        whole = {documents[i].id: (Span(0, len(documents[i].text)),) for i in sorted(chosen)}
        return names[0], whole, {}
    everywhere = _everywhere(texts, wanted)
    found = {i: spans for i, spans in everywhere.items() if i in chosen}
    if not found and everywhere:
        other = documents[min(everywhere)].source
        raise _NotThere(
            f"the expected text {_start(wanted[0])} is not in {source} but in {other}; "
            "correct the expected source"
        )
    if not found:
        where = source or "the corpus"
        raise _NotThere(
            f"the expected text {_start(wanted[0])} is nowhere in {where}; "
            + _nearest(wanted[0], chosen, documents, texts)
        )
    if len(found) > MANY:
        raise _NotThere(
            f"the expected text {_start(wanted[0])} stands in {len(found)} documents; "
            "give more of it, or the expected source"
        )
    quotable = {
        i: tuple(s for s in spans if not any(s.overlaps(f) for f in documents[i].furniture))
        for i, spans in found.items()
    }
    quotable = {i: spans for i, spans in quotable.items() if spans}
    if not quotable:
        raise _NotThere(
            f"the expected text {_start(wanted[0])} stands only in page furniture, "
            "which is never quoted; choose a sentence of the article"
        )
    first = min(quotable)
    place = quotable[first][0]
    name = f"{documents[first].source}:{place.start}-{place.end}"
    elsewhere = {documents[i].id: spans for i, spans in everywhere.items() if i not in found}
    return name, {documents[i].id: spans for i, spans in quotable.items()}, elsewhere


def _nearest(
    wanted: str, chosen: Collection[int], documents: Sequence[Document], texts: Texts
) -> str:
    """What to do about a text that stands nowhere, by how much of its beginning does."""
    beginning, there = texts.beginning(wanted)
    there &= set(chosen)
    if there and len(there) <= MANY:
        document = documents[min(there)]
        place = find(document.text, beginning)[0]
        as_it_stands = document.text[place.start : place.end + 60]
        return f"{document.source} has {_start(as_it_stands, 120)}; copy it as it stands there"
    return "copy it from the document as it stands there"


def _everywhere(texts: Texts, wanted: Sequence[str]) -> dict[int, tuple[Span, ...]]:
    found: dict[int, list[Span]] = {}
    for one in wanted:
        for i, spans in texts.find(one).items():
            found.setdefault(i, []).extend(spans)
    return {i: tuple(sorted(spans)) for i, spans in sorted(found.items())}


def _spans(text: str, wanted: Sequence[str]) -> tuple[Span, ...]:
    return tuple(sorted(span for one in wanted for span in find(text, one)))


def _short(texts: Sequence[str], short: Sequence[str]) -> tuple[str, ...]:
    """The short answers that were written down, else the expected texts that are short."""
    return tuple(short) or tuple(text for text in texts if is_short(text))


def _start(text: str, width: int = 60) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= width else line[: width - 1].rstrip() + "…")

"""Questions with what should answer them, read from files.

Three forms: a folder in the layout of the BEIR benchmark, TREC qrels and runs,
and the easy form, a CSV or JSON-lines file with a question in each row. Every
error names file and line and says what to do. Knows nothing about corpora:
whether an expected text stands in one is found out elsewhere.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import DatasetError
from qa.language.tokens import storable

MOST_FAULTS = 10  # named in one message


@dataclass(frozen=True, slots=True)
class Expected:
    """What should answer a question.

    Any one of *texts* will do; *short* holds the few words that are enough,
    where somebody wrote them down. *source* names the document.
    """

    answerable: bool
    texts: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions over passages; *qrels* maps a question to its right passages.

    A passage's text starts with its title and a line break if *titles* has
    one. *languages* holds what the set says about a question's language,
    *expected* its answers; both may lack any question.
    """

    passages: dict[str, str]
    questions: dict[str, str]
    qrels: dict[str, dict[str, int]]
    titles: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the easy form, and the *line* of the file where it starts."""

    line: int
    id: str
    question: str
    language: str | None
    expected: Expected

    @property
    def judged(self) -> bool:
        """False: that somebody asked this is all that is known."""
        expected = self.expected
        return not expected.answerable or bool(expected.texts or expected.source)


Ranking = dict[str, list[tuple[str, float]]]  # question to hits and scores, best first


# BEIR


def load_beir(folder: Path, *, qrels: Path | None = None) -> Dataset:
    """Read *folder*, plain or ``.gz``; *qrels*: another file than its own.

    ``answers.jsonl`` may be missing. Raises ``DatasetError`` naming file and
    line.
    """
    if not folder.is_dir():
        problem = "not a folder" if folder.exists() else "no such file or folder"
        raise DatasetError(f"{folder}: {problem}; name a BEIR folder or a file of questions")
    passages, titles = {}, {}
    for _, id, text, row in _entries(folder / "corpus.jsonl"):
        title = str(row.get("title") or "")
        passages[id] = "\n".join(filter(None, (title, text)))
        if title:
            titles[id] = title
    questions, languages = {}, {}
    for number, id, text, row in _entries(folder / "queries.jsonl"):
        if not text.strip():
            raise DatasetError(
                f"{folder / 'queries.jsonl'}:{number}: an empty question; write it or remove it"
            )
        questions[id] = text
        if row.get("lang"):
            languages[id] = str(row["lang"])
    answers = folder / "answers.jsonl"
    expected = _beir_answers(answers) if _found(answers).exists() else {}
    path = qrels or folder / "qrels" / "test.tsv"
    right = read_qrels(path)
    if not any(question in questions for question in [*right, *expected]):
        raise DatasetError(f"{path}: none of its questions is in queries.jsonl")
    return Dataset(passages, questions, right, titles, languages, expected)


def _entries(path: Path) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Line, id, text and the whole row of each passage or question; no id twice."""
    lines: dict[str, int] = {}
    for number, row in _numbered_rows(path, "_id", "text"):
        id, text = row["_id"], row["text"]
        if not isinstance(id, (str, int)) or not isinstance(text, str):
            raise DatasetError(f"{path}:{number}: _id or text is not a text; correct the line")
        if (id := str(id)) in lines:
            raise DatasetError(
                f"{path}:{number}: the id {id!r} is taken by line {lines[id]}; change one"
            )
        lines[id] = number
        yield number, id, text, row


def _beir_answers(path: Path) -> dict[str, Expected]:
    found = {}
    for number, row in _numbered_rows(path, "query_id"):
        try:
            texts = _texts(row.get("answers"))
            short = _texts(row.get("short"))
            answerable = row.get("answerable")
            if answerable is not None and not isinstance(answerable, bool):
                raise ValueError("answerable is neither true nor false")
        except ValueError as error:
            raise DatasetError(f"{path}:{number}: {error}; correct the line") from error
        found[str(row["query_id"])] = Expected(
            bool(texts) if answerable is None else answerable, texts, short
        )
    return found


def _texts(value: object) -> tuple[str, ...]:
    """The texts in a JSON value: none, one or a list of them; without empty ones."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, (str, int, float, type(None))) for one in values):
        raise ValueError("an answer is a text or a list of texts")
    return tuple(text for one in values if one is not None and (text := str(one).strip()))


def read_rows(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file or its ``.gz``; each must have the keys *needed*.

    Raises ``DatasetError`` naming file and line.
    """
    return (row for _, row in _numbered_rows(path, *needed))


def _numbered_rows(path: Path, *needed: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path, "a BEIR folder has this file"):
        if not line.strip():
            continue
        try:
            row = _whole(json.loads(line))
            for key in needed:
                row[key]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise DatasetError(
                f"{path}:{number}: expected an object with {' and '.join(needed)}"
            ) from error
        yield number, row


def _whole(value: Any) -> Any:
    """*value*, read from JSON, with its texts ``storable``."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    return value


def _found(path: Path) -> Path:
    """*path*, or its packed form if only that is there."""
    packed = path.with_name(path.name + ".gz")
    return packed if packed.exists() and not path.exists() else path


def _lines(path: Path, remedy: str) -> Iterator[tuple[int, str]]:
    """Numbered lines of *path* or its ``.gz``; for a file that is not there, *remedy*."""
    found = _found(path)
    try:
        with (
            gzip.open(found, "rt", encoding="utf-8-sig")
            if found.suffix == ".gz"
            else found.open(encoding="utf-8-sig")
        ) as lines:
            yield from enumerate(lines, start=1)
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise DatasetError(f"{found}: damaged, or not UTF-8 ({error}); save it as UTF-8") from error
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; {remedy}") from error


# TREC


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Right passages of each question: BEIR's three columns or TREC's four, plain or ``.gz``.

    A passage judged 0 or less is not right. Raises ``DatasetError`` naming
    file and line.
    """
    qrels: dict[str, dict[str, int]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, line in _lines(path, "name the file of right passages with --qrels"):
        if not line.strip():
            continue
        parts = line.rstrip("\r\n").split("\t")
        if len(parts) == 1:
            parts = line.split()
        judged = parts[-1].strip()
        # Some programs write every number with a point.
        whole = re.fullmatch(r"[+-]?\d+(?:\.0*)?", judged) is not None
        if number == 1 and not whole:
            continue  # a header
        if len(parts) not in (3, 4) or not whole:
            raise DatasetError(
                f"{path}:{number}: expected question, passage, score, tab-separated; or the "
                "four columns of TREC: question, 0, passage, score"
            )
        question, passage, grade = parts[0].strip(), parts[-2].strip(), int(float(judged))
        if seen.setdefault((question, passage), grade) != grade:
            raise DatasetError(
                f"{path}:{number}: passage {passage} is judged twice for question {question}, "
                "and not alike; remove one of the lines"
            )
        if grade > 0:
            qrels.setdefault(question, {})[passage] = grade
    return qrels


def read_run(path: Path) -> Ranking:
    """A TREC run, six columns ``question Q0 passage rank score tag``: hits, best first.

    Order is by score, as trec_eval reads a run; the rank column decides
    between equal scores. Raises ``DatasetError`` naming file and line.
    """
    found: dict[str, dict[str, tuple[float, int]]] = {}
    for number, line in _lines(path, "name a TREC run"):
        parts = line.split()
        if not parts:
            continue
        try:
            question, _, passage, rank, score, _ = parts
            value, place = float(score), int(rank)
            if value != value:
                raise ValueError("not a number")
        except ValueError as error:
            raise DatasetError(
                f"{path}:{number}: expected the six columns of a TREC run: "
                "question Q0 passage rank score tag"
            ) from error
        if passage in found.setdefault(question, {}):
            raise DatasetError(
                f"{path}:{number}: passage {passage} stands twice for question {question}; "
                "remove one of the lines"
            )
        found[question][passage] = (value, place)
    if not found:
        raise DatasetError(f"{path}: an empty run; name a TREC run")
    return {
        question: [
            (passage, score)
            for passage, (score, _) in sorted(hits.items(), key=lambda h: (-h[1][0], h[1][1]))
        ]
        for question, hits in found.items()
    }


def looks_like_run(path: Path) -> bool:
    """True unless *path* is JSON, as a run that was saved is, or cannot be read at all."""
    try:
        return next(
            (not line.startswith("{") for _, line in _lines(path, "") if line.strip()), True
        )
    except DatasetError:
        return False


# The easy form

# What people call the columns, as ``_plain_name`` leaves it. Sets made for language
# models (Ragas, DeepEval) have a "user input" or "input".
_COLUMNS: Mapping[str, frozenset[str]] = {
    "id": frozenset({"id", "query id", "question id", "qid", "no", "nomor", "number", "nr"}),
    "question": frozenset(
        {"question", "questions", "question text", "query", "q", "user input", "input",
         "pertanyaan", "soal", "tanya"}
    ),
    "language": frozenset({"lang", "language", "bahasa"}),
    "source": frozenset(
        {"source", "sources", "source file", "sumber", "document", "doc", "document name",
         "document title", "dokumen", "nama dokumen", "judul dokumen", "file", "filename",
         "file name", "berkas", "nama berkas", "nama file", "article", "artikel"}
    ),
    "texts": frozenset(
        {"text", "texts", "teks", "answer", "answers", "answer text", "jawaban", "quote",
         "kutipan", "passage", "sentence", "kalimat", "isi"}
    ),
    "short": frozenset({"short", "short answer", "short answers", "jawaban singkat",
                        "jawaban pendek"}),
    "answerable": frozenset(
        {"answerable", "is answerable", "is it answerable", "can be answered", "has answer",
         "has an answer", "terjawab", "dapat dijawab", "bisa dijawab", "apakah bisa dijawab",
         "apakah dapat dijawab", "ada jawaban", "ada jawabannya"}
    ),
    # Of questions saved in the chat; nothing is measured by them.
    "wrong": frozenset({"wrong answer", "jawaban salah"}),
    "saved": frozenset({"saved", "disimpan"}),
}  # fmt: skip
# Taken where there is none of the above: the passages that answer before the answer in
# somebody's own words, which need not stand in any document; and a title where there is no
# text, since beside one it may be of anything.
_ALSO: Sequence[tuple[str, frozenset[str]]] = (
    ("texts", frozenset({"context", "contexts", "reference context", "reference contexts",
                         "konteks"})),
    ("texts", frozenset({"reference", "reference answer", "output", "ground truth",
                         "ground truths", "gold answer", "jawaban acuan"})),
)  # fmt: skip
_TITLES = frozenset({"title", "judul", "url", "link", "tautan"})
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "ya", "iya", "ada", "bisa", "dapat",
                  "benar", "betul"})  # fmt: skip
_NO = frozenset({"no", "n", "false", "f", "0", "tidak", "tdk", "tak", "bukan", "salah",
                 "tidak ada", "tidak bisa", "tidak dapat"})  # fmt: skip
UNJUDGED = "?"  # under answerable: nobody has said yet what is right


def read_questions(path: Path) -> list[Row]:
    """Rows of ``question, expected source, expected text, answerable`` from CSV or JSON lines.

    Column names may be in English or Indonesian, in any case and order; ``id``,
    ``language`` and ``short answer`` may be there too. CSV as spreadsheets
    write it: comma, semicolon or tab, with or without a byte-order mark. In
    JSON, an object a line or one array of them, ``expected text`` may be a list
    of which any will do. A row without
    ``answerable`` has an answer if it names a text or a source; with ``?`` there,
    it need name neither.

    Raises ``DatasetError`` naming file and lines.
    """
    data = _bytes(path)
    name = path.name.casefold().removesuffix(".gz")
    is_json = name.endswith((".jsonl", ".json", ".ndjson")) or data.lstrip()[:1] in (b"{", b"[")
    text = _decoded(path, data, strictly=is_json)
    rows = list(_json_cells(path, text) if is_json else _csv_cells(path, text))
    if not rows:
        raise DatasetError(f"{path}: no questions; write one in each row")
    faults: list[str] = []
    found: dict[str, Row] = {}
    for line, cells in rows:
        try:
            if isinstance(cells, str):
                raise ValueError(cells)
            row = _row(line, cells)
            if row.id in found:
                raise ValueError(
                    f"the id {row.id!r} is taken by line {found[row.id].line}; change one"
                )
        except ValueError as error:
            faults.append(f"{path}:{line}: {error}")
            continue
        found[row.id] = row
    if faults:
        faults = [*_unused(path, text, is_json=is_json), *faults]
        more = len(faults) - MOST_FAULTS
        raise DatasetError(
            "\n".join(faults[:MOST_FAULTS]) + (f"\nand {more} more" if more > 0 else "")
        )
    return list(found.values())


def _unused(path: Path, text: str, *, is_json: bool) -> Iterator[str]:
    """The columns of a table that nobody here knows, which may be why a row lacks something."""
    table = None if is_json else _table(path, text)
    if table is not None and not {"texts", "source"} <= set(table.columns.values()):
        names = [h for i, h in enumerate(table.headers) if i not in table.columns and h.strip()]
        if names:
            yield (
                f"{path}:1: not used: {', '.join(map(repr, names))}; the first row names the "
                "columns: question, expected source, expected text, answerable"
            )


def _row(line: int, cells: Mapping[str, object]) -> Row:
    """One row from its cells by column; ``ValueError`` says what is wrong with it."""

    def single(column: str) -> str:
        return " ".join(" ".join(_texts(cells.get(column))).split())

    question = single("question")
    if not question:
        raise ValueError("no question; fill in the question or remove the row")
    texts, source = _texts(cells.get("texts")), single("source") or None
    unjudged = str(cells.get("answerable") or "").strip() == UNJUDGED
    answerable = True if unjudged else truth(cells.get("answerable"))
    if answerable is None:
        answerable = bool(texts or source)
        if not answerable:
            raise ValueError(
                "neither an expected text nor an expected source; "
                "fill one in, or write no under answerable"
            )
    if answerable and not (texts or source or unjudged):
        raise ValueError(
            "answerable, but neither an expected text nor an expected source; fill one in"
        )
    if texts and not answerable:
        raise ValueError("an expected text, but not answerable; correct one of the two")
    return Row(
        line,
        single("id") or f"line-{line}",
        question,
        single("language").casefold() or None,
        Expected(answerable, texts, _texts(cells.get("short")), source),
    )


def truth(value: object) -> bool | None:
    """Whether a cell says yes or no; None: neither. Raises ``ValueError`` for other words."""
    if value is None or isinstance(value, bool):
        return value
    word = " ".join(str(value).casefold().split())
    if not word:
        return None
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{str(value)!r} under answerable; write yes or no")


def _plain_name(header: str) -> str:
    """A column's name without case, underscores, "expected" and the like."""
    name = re.sub(r"[\s_\-/.?:*]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", header)).casefold()
    name = re.sub(r"\b(?:expected|yang diharapkan|diharapkan|seharusnya|the)\b", " ", name)
    return " ".join(name.split())


def _columns(headers: Iterable[str]) -> dict[str, str]:
    """Our column for each of *headers* that is known; the first of two alike wins."""
    found: dict[str, str] = {}
    plain = [(header, _plain_name(header)) for header in headers]
    for column, names in (*_COLUMNS.items(), *_ALSO, ("source", _TITLES)):
        if column in found.values() or (names is _TITLES and "texts" in found.values()):
            continue
        if header := next((header for header, name in plain if name in names), None):
            found[header] = column
    return found


# How .xlsx and .ods start, and .xls.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        if data.startswith(_WORKBOOKS):
            raise DatasetError(f"{path}: a workbook; open it, and save the sheet as CSV UTF-8")
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, gzip.BadGzipFile) as error:
        raise DatasetError(f"{path}: damaged ({error}); save it again") from error
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}; name a file of questions") from error


def _decoded(path: Path, data: bytes, *, strictly: bool) -> str:
    """The text of a file; spreadsheets on Windows write UTF-16 or its own code page."""
    encodings = ["utf-8-sig"] if strictly else ["utf-8-sig", "cp1252"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            fault = error
    line = data[: fault.start].count(b"\n") + 1
    raise DatasetError(f"{path}:{line}: not UTF-8; save it as CSV UTF-8 or as JSON lines in UTF-8")


# The cells of a row by column, or what is wrong with it.
_Cells = dict[str, object] | str


def _json_cells(path: Path, text: str) -> Iterator[tuple[int, _Cells]]:
    array = text.lstrip().startswith("[")
    for place, (number, row) in enumerate(_json_values(path, text), start=1):
        if isinstance(row, ValueError):
            yield number, f"not JSON ({row}); one object a line"
        elif not isinstance(row, dict):
            yield number, "expected an object with question"
        elif "question" not in (columns := _columns(row)).values():
            yield number, "no question; name it question or pertanyaan"
        else:
            # Several rows of an array may stand on one line.
            own = {"id": f"row-{place}"} if array else {}
            yield number, own | {column: row[header] for header, column in columns.items()}


def _json_values(path: Path, text: str) -> Iterator[tuple[int, object]]:
    """What each line says, or each member of one array, with the line where it starts.

    A line that is no JSON gives the error instead; in an array nothing can be
    made of what follows one.
    """
    if not text.lstrip().startswith("["):
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    yield number, ValueError(str(error))
        return
    decoder = json.JSONDecoder()
    place = text.index("[") + 1
    while (place := _NOTHING.match(text, place).end()) < len(text):  # type: ignore[union-attr]
        if text[place] == "]":
            return
        number = text.count("\n", 0, place) + 1
        try:
            row, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise DatasetError(f"{path}:{number}: not JSON ({error}); one object a line") from error
        yield number, row


_NOTHING = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file as it stands: *headers*, and each row with the line where it starts.

    *columns* maps the position of a column that we know to our name for it.
    """

    headers: list[str]
    columns: dict[int, str]
    rows: list[tuple[int, list[str]]]


def read_table(path: Path) -> Table:
    """The cells of a CSV file in the easy form, whatever they say.

    Raises ``DatasetError`` naming file and line.
    """
    return _table(path, _decoded(path, _bytes(path), strictly=False))


def _csv_cells(path: Path, text: str) -> Iterator[tuple[int, _Cells]]:
    table = _table(path, text)
    width = len(table.headers)
    for line, cells in table.rows:
        if any(cell.strip() for cell in cells[width:]):
            yield (
                line,
                f"{len(cells)} cells where the first row has {width}; "
                "put a text with a separator in it between quotation marks",
            )
            continue
        yield (
            line,
            {table.columns[i]: from_cell(c) for i, c in enumerate(cells) if i in table.columns},
        )


def _table(path: Path, text: str) -> Table:
    skipped = 0
    if hint := re.match(r"(?i)sep=(.)\r?\n", text):  # Excel's own first line
        text, skipped = text[hint.end() :], 1
    delimiter, columns = _delimiter(path, text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 0
    try:
        headers = next(reader)
        line = reader.line_num
        for cells in reader:
            start, line = line + 1 + skipped, reader.line_num
            if any(cell.strip() for cell in cells):
                rows.append((start, cells))
    except csv.Error as error:
        raise DatasetError(
            f"{path}:{line + 1 + skipped}: {error}; save it again from a spreadsheet as CSV UTF-8"
        ) from error
    return Table(headers, columns, rows)


# What a spreadsheet would compute, also in its wide forms, were it not for an
# apostrophe, which says that a cell is text (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[\s']*[=+\-@\t\r＝＋－＠]")


def to_cell(text: str) -> str:
    """*text* as a cell that no spreadsheet computes; ``from_cell`` gives it back."""
    return "'" + text if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """The text of a cell, without the apostrophe of ``to_cell``."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell, 1) else cell


def _delimiter(path: Path, text: str) -> tuple[str, dict[int, str]]:
    """What separates the cells, and which of our columns stands where."""
    best: tuple[str, dict[int, str]] = ("", {})
    for delimiter in ",;\t":
        headers = _header(text, delimiter)
        columns = _columns(headers)
        placed = {headers.index(header): column for header, column in columns.items()}
        if "question" in columns.values() and len(placed) > len(best[1]):
            best = (delimiter, placed)
    if not best[1]:
        raise DatasetError(
            f"{path}:1: no column called question; the first row names the columns: "
            "question, expected source, expected text, answerable"
        )
    return best


def _header(text: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []

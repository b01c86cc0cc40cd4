"""File formats: bytes in, clean text and what the file states about it out.

Owns decoding, content sniffing and conversion of text, Markdown, HTML, PDF and
Word. The text it returns is what Kutip stores and quotes, so all tidying
(newlines, wrapped lines) happens here and nowhere later. Knows nothing about
news: titles and dates come from here only where the file itself states them.
Nothing is executed, and nothing is fetched.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.errors import EmptyFile, FileTooLarge, IngestError, UnreadableFile, UnsupportedFormat
from qa.ingest.dates import find_dates
from qa.ingest.metadata import Metadata
from qa.types import Span

_MAX_UNPACKED = 200_000_000  # bytes of XML that a Word file may unpack to
_MAX_PAGES = 10_000
_MAX_CHARACTERS = 50_000_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file and what the file states about it.

    ``furniture`` marks what the format itself shows to be furniture: front
    matter, running heads, page numbers. ``pages`` holds the start of each page.
    """

    text: str
    stated: Metadata = field(default_factory=Metadata)
    furniture: tuple[Span, ...] = ()
    pages: tuple[int, ...] = ()


def extract(data: bytes, suffix: str, name: str) -> Extracted:
    """Convert *data*; *suffix* says what it should be, the content what it is.

    *name* is the file as errors should name it. Raises ``UnsupportedFormat``,
    ``UnreadableFile``, ``EmptyFile`` or ``FileTooLarge``, and nothing else.
    """
    reader = _READERS.get(suffix.lower())
    if reader is None:
        raise UnsupportedFormat(
            name,
            f"Kutip does not read {suffix or 'files without a suffix'}",
            f"save it as one of {', '.join(sorted(_READERS))}",
        )
    if not data.strip():
        raise EmptyFile(name, "the file is empty", "add a file with text in it")
    try:
        extracted = _by_content(data, reader, name)(data, name)
    except IngestError:
        raise
    except Exception as error:  # whatever a parser throws at malformed input
        raise UnreadableFile(
            name,
            f"the file is damaged or not really {suffix} ({type(error).__name__})",
            "open it in the program that made it and save a fresh copy",
        ) from error
    if not any(character.isalnum() for character in extracted.text):
        raise EmptyFile(name, "no text found in the file", "add a file with text in it")
    return extracted


_Reader = Callable[[bytes, str], Extracted]

_BINARY = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a sound, film or image",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a database",
}


def _by_content(data: bytes, reader: _Reader, name: str) -> _Reader:
    """The reader that fits the content, which may contradict the suffix."""
    if b"%PDF-" in data[:1024]:
        return _read_pdf
    if data.startswith(b"PK\x03\x04"):
        return _read_docx
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            name,
            "an old Word file (.doc) or one protected by a password",
            "save it as .docx without a password",
        )
    for magic, what in _BINARY.items():
        if data.startswith(magic):
            raise UnreadableFile(name, f"the file is {what}, not text", "add the text itself")
    if reader in (_read_pdf, _read_docx):
        wanted = "a PDF" if reader is _read_pdf else "a Word document"
        raise UnreadableFile(name, f"the content is not {wanted}", "check that it opens elsewhere")
    if reader is _read_text and re.match(
        rb"\s*<(?:!doctype\s+html|html)\b", data[:1024], re.IGNORECASE
    ):
        return _read_html
    return reader


# --- text -------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The text of *data*, with newlines as ``\\n``.

    A byte order mark wins, then *declared*, then UTF-8, then the likeliest
    legacy encoding. A wrong guess costs wrong letters, never an error. Raises
    ``UnreadableFile`` when the bytes are not text.
    """
    text = _decoded(data, declared)
    # A stray control character is noise; many of them, or a NUL, mean binary.
    sample = text[:100_000]
    if "\x00" in text or len(_CONTROL.findall(sample)) * 100 > len(sample):
        raise UnreadableFile(name, "the file is binary, not text", "add the text itself")
    return _CONTROL.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, declared: str | None) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if wide := _utf16_without_mark(data):
        return data.decode(wide, errors="replace")
    for encoding in (declared or "utf-8", "utf-8"):
        with contextlib.suppress(LookupError, ValueError):
            return data.decode(encoding)
    repaired = data.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd")
    if 2 * broken < sum(not character.isascii() for character in repaired):
        return repaired
    # Mostly plain letters with a few high bytes: Windows text in a western
    # language. Detection is a lottery on so little evidence.
    if sum(byte > 127 for byte in data[:100_000]) * 10 < len(data[:100_000]):
        return _western(data)
    from charset_normalizer import from_bytes

    best = from_bytes(data[:1_000_000]).best()
    if best is not None:
        return data.decode(best.encoding, errors="replace")
    return _western(data)


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except ValueError:
        return data.decode("latin-1")


def _utf16_without_mark(data: bytes) -> str | None:
    """Latin text in UTF-16 has a zero in every second byte."""
    sample = data[:10_000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd * 4 > len(sample) and even * 50 < len(sample):
        return "utf-16-le"
    if even * 4 > len(sample) and odd * 50 < len(sample):
        return "utf-16-be"
    return None


def _read_text(data: bytes, name: str) -> Extracted:
    return Extracted(decode(data, name))


_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(?P<fields>.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL
)
_FIELD = re.compile(r"^(?P<key>[\w-]+)[ \t]*:[ \t]*(?P<value>\S.*)$", re.MULTILINE)


def _read_markdown(data: bytes, name: str) -> Extracted:
    text = decode(data, name)
    front = _FRONT_MATTER.match(text)
    if front is None:
        return Extracted(text)
    fields = {
        field["key"].lower(): field["value"].strip().strip("\"'")
        for field in _FIELD.finditer(front["fields"])
    }

    def first(*keys: str) -> str | None:
        return next((fields[key] for key in keys if fields.get(key)), None)

    stated = Metadata(
        title=first("title", "judul") or "",
        outlet=first("outlet", "publisher", "site", "media"),
        byline=first("author", "byline", "penulis", "oleh"),
        published=_stated_date(first("date", "published", "tanggal")),
    )
    return Extracted(text, stated, furniture=(Span(*front.span()),))


def _stated_date(value: str | None) -> date | None:
    return next((m.full for m in find_dates(value or "") if m.full), None)


# --- HTML -------------------------------------------------------------------

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# Only dates that the page states; the extensive search guesses from footers.
_DATE_OPTIONS = {
    "extensive_search": False,
    "original_date": True,
    "min_date": "1980-01-01",
    "max_date": "2200-01-01",
}


def _read_html(data: bytes, name: str) -> Extracted:
    import trafilatura

    # Its warnings about odd pages are of no use to a reader.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    declared = _META_CHARSET.search(data[:4096])
    page = _XML_DECLARATION.sub("", decode(data, name, _web_encoding(declared)))
    found = trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params=dict(_DATE_OPTIONS),
    )
    if not isinstance(found, trafilatura.settings.Document) or not (found.text or "").strip():
        return Extracted(_plain_html(page))
    stated = Metadata(
        title=_clean(found.title) or "",
        outlet=_clean(found.sitename),
        byline=_clean(found.author),
        published=_stated_date(found.date),
    )
    return Extracted(_printable(found.text or ""), stated)


# The codecs for text on the web. A page that could be read as far as this is in no UTF-16,
# whatever it says, and Python has codecs that are no encodings of text ("unicode_escape").
_ON_THE_WEB = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[ru]|mac-\w+|tis-620|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
    r"|iso2022_\w+"
)


def _web_encoding(declared: re.Match[bytes] | None) -> str | None:
    """The encoding a browser would use: pages that say Latin-1 mean Windows-1252."""
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared[1].decode("ascii", errors="replace")).name
    except LookupError:
        return None
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if _ON_THE_WEB.fullmatch(name) else None


def _plain_html(page: str) -> str:
    """All visible text, block by block, of a page that has no recognisable article."""
    import lxml.html  # type: ignore[import-untyped]

    root = lxml.html.document_fromstring(page)
    for hidden in root.xpath("//script | //style | //noscript | //template | //head | //comment()"):
        parent = hidden.getparent()
        if parent is not None:
            hidden.drop_tree()
    for block in root.iter("p", "div", "li", "br", "tr", "section", "h1", "h2", "h3", "h4"):
        block.tail = "\n" + (block.tail or "")
    lines = [" ".join(line.split()) for line in str(root.text_content()).split("\n")]
    return _printable("\n".join(line for line in lines if line))


def _clean(value: str | None) -> str | None:
    """A stated value on one line, or None; escaped markup can hide any character."""
    return " ".join(_printable(value or "").split()) or None


def _printable(text: str) -> str:
    """Without lone surrogates and control characters, which cannot be stored."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", text).encode("utf-8", errors="replace").decode("utf-8")


# --- PDF --------------------------------------------------------------------


def _read_pdf(data: bytes, name: str) -> Extracted:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(
                name, "the PDF is encrypted", "save a copy without a password"
            ) from error
        raise UnreadableFile(
            name, "the PDF is damaged", "open it in a PDF reader and save a fresh copy"
        ) from error
    try:
        if len(pdf) > _MAX_PAGES:
            raise FileTooLarge(name, f"more than {_MAX_PAGES:,} pages", "split the PDF")
        pages = list(_page_lines(pdf, name))
        properties = pdf.get_metadata_dict()
    finally:
        pdf.close()
    if not any(pages):
        raise EmptyFile(
            name, "the PDF holds pictures of pages and no text", "run text recognition (OCR) first"
        )
    text, furniture, starts = _joined_pages(pages)
    stated = Metadata(
        title=_shown(properties.get("Title"), text), byline=_author(properties.get("Author"))
    )
    return Extracted(text, stated, furniture, starts)


def _page_lines(pdf: object, name: str) -> Iterator[list[str]]:
    """The lines of each page, without those that are blank."""
    total = 0
    for page in pdf:  # type: ignore[attr-defined]
        textpage = page.get_textpage()
        raw = textpage.get_text_bounded()
        textpage.close()
        page.close()
        total += len(raw)
        if total > _MAX_CHARACTERS:
            raise FileTooLarge(name, f"more than {_MAX_CHARACTERS:,} characters", "split the PDF")
        # PDFium writes a hyphen and the line end after it as U+0002 or U+FFFE.
        raw = re.sub(r"[\ufffe\x02]\s*", "-\n", raw)
        yield [line.strip() for line in _printable(raw).split("\n") if line.strip()]


def _joined_pages(
    pages: Sequence[Sequence[str]],
) -> tuple[str, tuple[Span, ...], tuple[int, ...]]:
    """The text of all pages, its running heads, and where each page starts.

    A page is a hard boundary: paragraphs are joined within pages only, so that
    a quote always stands on one page.
    """
    running = _running_lines(pages)
    body = [
        [line for i, line in enumerate(p) if i not in r]
        for p, r in zip(pages, running, strict=True)
    ]
    words = Counter(word for page in body for line in page for word in re.findall(r"[\w-]+", line))
    longest = sorted(len(line) for page in body for line in page)
    width = longest[len(longest) * 9 // 10] if longest else 0

    parts: list[str] = []
    furniture: list[Span] = []
    starts: list[int] = []
    at = 0
    for page, heads in zip(pages, running, strict=True):
        starts.append(at)
        blocks: list[tuple[str, bool]] = []
        for i, line in enumerate(page):
            previous = page[i - 1] if i and i - 1 not in heads else None
            if i not in heads and previous and _continues(previous, line, width):
                blocks[-1] = (_join(blocks[-1][0], line, words), False)
            else:
                blocks.append((line, i in heads))
        for block, is_head in blocks:
            if is_head:
                furniture.append(Span(at, at + len(block)))
            parts.append(block + "\n")
            at += len(block) + 1
        parts.append("\n")
        at += 1
    return "".join(parts).rstrip("\n") + "\n", tuple(furniture), tuple(starts)


def _running_lines(pages: Sequence[Sequence[str]]) -> list[set[int]]:
    """On each page, the lines that are heads, feet or page numbers.

    They stand among the first or last two lines, and are numbers or return on
    more than half of the pages with nothing but their numbers changed.
    """

    def edges(page: Sequence[str]) -> list[int]:
        return sorted({i for i in (0, 1, len(page) - 2, len(page) - 1) if 0 <= i < len(page)})

    def shape(line: str) -> str:
        return re.sub(r"\d+", "#", line.casefold())

    seen = Counter(s for page in pages for s in {shape(page[i]) for i in edges(page)})
    number = re.compile(r"(?:halaman|page|hal\.?|p\.)?[ #]*[-–—]? ?# ?(?:(?:of|dari|/) ?#)?[ –—-]*")
    often = max(2, len(pages) // 2 + 1)
    return [
        {
            i
            for i in edges(page)
            if len(pages) > 1
            and (
                (seen[shape(page[i])] >= often and len(page[i]) <= 120)
                or number.fullmatch(shape(page[i]))
            )
        }
        for page in pages
    ]


def _continues(line: str, following: str, width: int) -> bool:
    """True when *following* goes on with the paragraph that *line* is in."""
    if following[0] in "•*·–-" or re.match(r"\d+[.)] ", following):
        return False
    if following[0].islower():
        return True
    ended = line[-1] in '.!?:"”’)'
    return len(line) >= width * (0.85 if ended else 0.6) and width >= 30


def _join(text: str, line: str, words: Counter[str]) -> str:
    """*text* and its next line; a word broken at the line end is made whole."""
    broken = re.search(r"([^\W\d_]+)-$", text[-60:])
    rest = re.match(r"[^\W\d_]+", line)
    if broken is None or rest is None or not rest.group()[0].islower():
        return f"{text} {line}"
    first, second = broken[1], rest.group()
    # "anak-anak" keeps its hyphen, and so does a word written so elsewhere.
    reduplicated = first.lower() == second.lower()
    if reduplicated or words[f"{first}-{second}"] > words[first + second]:
        return text + line
    return text[:-1] + line


def _shown(title: object, text: str) -> str:
    """A title from the file's properties, if the document opens with it too.

    Programs put file names and template titles there.
    """
    stated = _clean(title if isinstance(title, str) else None) or ""
    opening = " ".join(text[:2000].split()).casefold()
    return stated if stated.casefold() in opening else ""


def _author(value: object) -> str | None:
    """An author from the file's properties; a single word is an account or a program."""
    author = _clean(value if isinstance(value, str) else None)
    return author if author and " " in author else None


# --- Word -------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _read_docx(data: bytes, name: str) -> Extracted:
    _check_archive(data, name)
    import docx

    document = docx.Document(io.BytesIO(data))
    properties = document.core_properties
    text = _printable("\n\n".join(_word_blocks(document.element.body)))
    stated = Metadata(title=_shown(properties.title, text), byline=_author(properties.author))
    return Extracted(text, stated)


def _check_archive(data: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if "word/document.xml" not in archive.namelist():
            raise UnreadableFile(name, "an archive and not a Word document", "add the files in it")
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFile(name, "the file is encrypted", "save a copy without a password")
        if sum(entry.file_size for entry in entries) > _MAX_UNPACKED or len(entries) > 10_000:
            raise FileTooLarge(
                name,
                f"it unpacks to more than {_MAX_UNPACKED // 1_000_000} MB",
                "split the document",
            )


def _word_blocks(body: object) -> Iterator[str]:
    """Paragraphs and table rows in order.

    Walks the XML, since python-docx skips text inside tracked insertions,
    content controls and text boxes. Deleted text is left out.
    """
    row: object = None
    cells: list[str] = []
    for paragraph in body.iter(f"{_W}p"):  # type: ignore[attr-defined]
        ancestors = list(paragraph.iterancestors())
        if any(a.tag == _FALLBACK for a in ancestors):
            continue
        # A text box is a paragraph within a paragraph: each yields its own words.
        text = "".join(_word_text(paragraph)).strip()
        rows = [a for a in ancestors if a.tag == f"{_W}tr"]
        current = rows[-1] if rows else None
        if current is not row and cells:
            yield "\t".join(cells)
            cells = []
        row = current
        if not text:
            continue
        if current is None:
            yield text
        else:
            cells.append(text)
    if cells:
        yield "\t".join(cells)


def _word_text(paragraph: object) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):  # type: ignore[attr-defined]
        if next(node.iterancestors(f"{_W}p")) is not paragraph:
            continue
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.getparent().tag == f"{_W}r":
            yield "\n" if node.tag != f"{_W}tab" else "\t"


_READERS: dict[str, _Reader] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
}
SUFFIXES = frozenset(_READERS)

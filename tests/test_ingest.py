"""Promises of ``qa.ingest``: any file becomes a Document or one clear error.

Every file is made here; the wording of every article is our own.
"""

from __future__ import annotations

import errno
import json
import os
import zipfile
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import EmptyFile, FileTooLarge, IngestError, UnreadableFile, UnsupportedFormat
from qa.ingest import SUFFIXES, discover, formats, read
from qa.ingest.dates import dateline, find_dates, publication_date
from qa.ingest.furniture import Kind, marks, merged, paragraphs
from qa.types import Document, Span

pytestmark = pytest.mark.filterwarnings("error")

P1 = (
    "Wali Kota Ratna Wibisana meresmikan taman baca terapung di tepi Danau Kenanga, "
    "Rabu (12/2/2020), bersama ratusan siswa dari lima kecamatan."
)
P2 = (
    "“Perpustakaan harus mendatangi pembacanya, bukan sebaliknya,” kata Ratna seusai "
    "menggunting pita di dermaga kayu yang baru selesai dibangun warga."
)
P3 = (
    "Menurut dia, perahu pertama memuat dua ribu buku dan akan singgah di tujuh kampung "
    "setiap pekan selama musim kemarau berlangsung."
)
E1 = (
    "The harbour authority said on Tuesday that ferries between the two islands would run "
    "at night from next month, ending a ban of eleven years."
)
E2 = (
    "“Nobody should have to sleep on a pier to get to a hospital,” said Marta Lindqvist, who "
    "has led the campaign for night crossings since it began."
)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def article(document: Document) -> list[str]:
    """The paragraphs that may be quoted."""
    spans = paragraphs(document.text, document.furniture)
    return [span.of(document.text).strip() for span in spans]


def furniture_spans(text: str) -> tuple[Span, ...]:
    """What ``read`` would mark in *text* itself: sorted and disjoint."""
    return merged(text, [mark.span for mark in marks(text)])


def unmarked(text: str) -> list[str]:
    return [span.of(text).strip() for span in paragraphs(text, furniture_spans(text))]


def make_pdf(pages: list[list[str]], *, encrypted: bool = False) -> bytes:
    """A small PDF, one string per line of text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        shown = []
        for line in lines:
            escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            shown.append(f"({escaped}) Tj 0 -14 Td")
        stream = f"BT /F1 10 Tf 50 780 Td {' '.join(shown)} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    trailer = b"/Root 1 0 R"
    if encrypted:
        # No password opens this one: the check values are not those of any key.
        hexes = b"<" + b"41" * 32 + b">"
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >>" % (hexes, hexes))
        trailer += b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        trailer,
        table,
    )
    return bytes(out)


def make_docx(*blocks: str | list[list[str]], title: str = "") -> bytes:
    """A Word file of paragraphs (strings) and tables (lists of rows)."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "python-docx"
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            table = document.add_table(rows=0, cols=len(block[0]))
            for row in block:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = value
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# --- any file ---------------------------------------------------------------


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")),
        st.binary(max_size=200).map(lambda tail: b"%PDF-1.4\n" + tail),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.text(max_size=200).map(lambda text: f"<html><body><p>{text}".encode("utf-8", "replace")),
    ),
    st.sampled_from(sorted(SUFFIXES)),
)
def test_any_bytes_give_a_document_or_a_clear_error(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    """Whatever a file holds, reading it never ends in a traceback."""
    path = write(tmp_path, f"any{suffix}", content)
    try:
        document = read(path)
    except IngestError as error:
        assert str(path) in str(error)
        assert error.remedy
        assert "\n" not in str(error).replace(str(path), "")
        return
    assert document.text.encode("utf-8")
    assert document.title
    assert "\r" not in document.text and "\x00" not in document.text


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_pdf_and_word_files_give_a_document_or_a_clear_error(data: st.DataObject) -> None:
    """A file broken in transit never ends in a traceback either."""
    from qa.ingest.formats import extract

    suffix = data.draw(st.sampled_from([".pdf", ".docx"]))
    whole = make_pdf([[P3, "2"]]) if suffix == ".pdf" else make_docx(P1)
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.just(4)) :]
    try:
        extract(broken, suffix, "broken")
    except IngestError as error:
        assert str(error).startswith("broken: ")


LINES = st.sampled_from(
    [P1, P2, E1, "", "  ", "Baca juga:", "Baca juga: Perahu Baca Berlayar", "ADVERTISEMENT",
     "ARTIKEL TERBARU", "TINGGALKAN KOMENTAR", "12 Februari 2020", "Editor: Budi", "·",
     "Judul Kecil", "© 2020 Situs", "[Gambas:Video]", "Kalimat pendek. (rw/ks)"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.lists(LINES, max_size=20).map("\n".join), st.text(max_size=200)))
def test_furniture_is_sorted_disjoint_and_within_the_text(text: str) -> None:
    """Marks never overlap and never leave the text; with the article they cover it."""
    spans = furniture_spans(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end < b.start for a, b in pairwise(spans))
    rest = paragraphs(text, spans)
    assert not any(a.overlaps(b) for a in rest for b in spans)
    covered = {i for span in (*rest, *spans) for i in range(span.start, span.end)}
    assert all(character.isspace() for i, character in enumerate(text) if i not in covered)


# --- formats ----------------------------------------------------------------


def test_text_is_stored_verbatim_with_plain_newlines(tmp_path: Path) -> None:
    """Nothing but line ends changes on the way in."""
    path = write(tmp_path, "a.txt", f"Judul Kecil\r\n\r\n{P1}\r{P2}\u00a0 \r\n")
    document = read(path, source="folder/a.txt")
    assert document.text == f"Judul Kecil\n\n{P1}\n{P2}\u00a0 \n"
    assert document.source == "folder/a.txt"
    assert document.title == "Judul Kecil"
    assert document.pages == ()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    """Curly quotes survive every encoding that Indonesian and English files use."""
    path = write(tmp_path, "a.txt", f"{P1}\n{P2}".encode(encoding))
    assert read(path).text == f"{P1}\n{P2}"


def test_latin_1_letters_survive(tmp_path: Path) -> None:
    """A word or two with accents do not send the guess astray."""
    text = f"{P1} Kafé São Tomé dibuka kembali."
    assert read(write(tmp_path, "a.txt", text.encode("latin-1"))).text == text


def test_one_broken_byte_does_not_garble_the_rest(tmp_path: Path) -> None:
    """UTF-8 with a byte missing stays UTF-8."""
    content = P2.encode() + b"\xe2\x80 " + P2.encode()
    assert read(write(tmp_path, "a.txt", content)).text.count("“Perpustakaan") == 2


def test_a_legacy_encoding_of_another_script_is_still_read(tmp_path: Path) -> None:
    """Files in other encodings give their letters, not an error."""
    text = "Городской совет утвердил новый порядок работы библиотек на островах. " * 4
    assert "совет" in read(write(tmp_path, "a.txt", text.encode("cp1251"))).text


def test_id_depends_on_the_text_alone(tmp_path: Path) -> None:
    """The same text is the same document, wherever it lies."""
    one, two = write(tmp_path, "a.txt", P1), write(tmp_path, "b.txt", P1)
    assert read(one).id == read(two).id
    assert read(one).id != read(write(tmp_path, "c.txt", P2)).id
    assert len(read(one).id) == 16


def test_front_matter_is_metadata_and_furniture(tmp_path: Path) -> None:
    """Markdown front matter states title, date and author, and is never quoted."""
    front = (
        '---\ntitle: "Taman Baca"\ndate: 2020-02-13\nauthor: Sari Dewi\noutlet: Koran Danau\n---\n'
    )
    document = read(write(tmp_path, "a.md", f"{front}\n# Taman Baca\n\n{P1}\n"))
    assert document.text.startswith(front)
    assert document.title == "Taman Baca"
    assert document.published == date(2020, 2, 13)
    assert document.byline == "Sari Dewi"
    assert document.outlet == "Koran Danau"
    assert article(document) == [P1]


def test_a_rule_in_markdown_is_not_front_matter(tmp_path: Path) -> None:
    """Markdown without front matter keeps everything."""
    assert article(read(write(tmp_path, "a.md", f"{P1}\n\n---\n\n{P2}\n"))) == [P1, P2]


PAGE = f"""<!doctype html><html lang="id"><head><meta charset="utf-8">
<title>Taman Baca Terapung Dibuka - Koran Danau</title>
<meta property="og:site_name" content="Koran Danau">
<meta property="og:title" content="Taman Baca Terapung Dibuka">
<meta property="article:published_time" content="2020-02-13T08:00:00+07:00">
<meta name="author" content="Sari Dewi">
<script>document.write("tulisan dari skrip")</script></head>
<body><nav><a href="/">Beranda</a> <a href="/x">Politik</a></nav>
<article><h1>Taman Baca Terapung Dibuka</h1><p>{P1}</p><p>{P2}</p><p>{P3}</p></article>
<div id="comments"><p>Komentar pembaca yang tidak perlu ikut disimpan di sini.</p></div>
<footer>2026 © Koran Danau</footer></body></html>"""


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.txt"])
def test_html_gives_the_article_and_its_metadata(tmp_path: Path, name: str) -> None:
    """A saved web page becomes its article; what the page states is believed."""
    document = read(write(tmp_path, name, PAGE))
    assert article(document) == [P1, P2, P3]
    assert document.title == "Taman Baca Terapung Dibuka"
    assert document.outlet == "Koran Danau"
    assert document.byline == "Sari Dewi"
    assert document.published == date(2020, 2, 13)
    assert "skrip" not in document.text


def test_the_year_in_a_footer_is_not_the_publication_date(tmp_path: Path) -> None:
    """A page that states no date has none, however new its copyright line."""
    page = f"<html><body><article><p>{E1}</p><p>{E2}</p></article><footer>© 2026 X</footer>"
    assert read(write(tmp_path, "a.html", page)).published is None


@pytest.mark.parametrize("said", ["utf-16", "UTF-16LE", "unicode_escape", "utf-7", "rot13", "none"])
def test_a_page_that_is_wrong_about_its_charset_is_read(tmp_path: Path, said: str) -> None:
    """A page in UTF-8 that says UTF-16, or what is no encoding of pages, is what its bytes are."""
    right, wrong = (
        PAGE.replace('charset="utf-8"', f'charset="{name}"').replace(
            "Danau", r"Da\u006eau caf\xe9+ACI-"
        )
        for name in ("utf-8", said)
    )
    text = read(write(tmp_path, "a.html", wrong.encode())).text
    assert r"Da\u006eau caf\xe9+ACI-" in text
    assert text == read(write(tmp_path, "b.html", right.encode())).text


def test_html_charset_comes_from_the_page(tmp_path: Path) -> None:
    """A page in an old encoding is read as its meta tag says."""
    page = PAGE.replace('charset="utf-8"', 'charset="iso-8859-1"')
    assert P2 in read(write(tmp_path, "a.html", page.encode("cp1252"))).text


def test_html_without_an_article_gives_its_visible_text(tmp_path: Path) -> None:
    """A page too small for an article extractor still has its words, and no script."""
    page = "<html><body><div>Rapat besok</div><script>x=1</script><div>di aula</div></body></html>"
    text = read(write(tmp_path, "a.html", page)).text
    assert "Rapat besok" in text and "di aula" in text and "x=1" not in text


def test_deeply_nested_html_is_no_crash(tmp_path: Path) -> None:
    """A page that exhausts a parser gives a document or an error."""
    page = "<div>" * 50_000 + P1 + "</div>" * 50_000
    try:
        assert read(write(tmp_path, "a.html", page)).text
    except IngestError as error:
        assert "a.html" in str(error)


PDF_PAGES = [
    [
        "Laporan Danau Kenanga",
        "Taman Baca Terapung Dibuka",
        "Wali Kota Ratna Wibisana meresmikan taman baca terapung di tepi danau",
        "yang dibangun oleh warga lima kecamatan bersama para nelayan dan anak-",
        "anak sekolah dasar selama musim hujan tahun lalu dengan biaya perpusta-",
        "kaan daerah.",
        "Perahu pertama memuat dua ribu buku dan akan singgah di tujuh kampung",
        "setiap pekan.",
        "Halaman 1",
    ],
    [
        "Laporan Danau Kenanga",
        "Kapal kedua menyusul pada bulan Juni untuk kampung di seberang danau.",
        "Halaman 2",
    ],
]


def test_pdf_pages_are_hard_boundaries_and_lines_are_joined(tmp_path: Path) -> None:
    """Sentences wrapped over lines are whole again, and each page knows its start."""
    document = read(write(tmp_path, "a.pdf", make_pdf(PDF_PAGES)))
    assert len(document.pages) == 2
    assert document.text[document.pages[1] :].startswith("Laporan Danau")
    assert article(document) == [
        (
            "Wali Kota Ratna Wibisana meresmikan taman baca terapung di tepi danau yang dibangun "
            "oleh warga lima kecamatan bersama para nelayan dan anak-anak sekolah dasar selama "
            "musim hujan tahun lalu dengan biaya perpustakaan daerah."
        ),
        "Perahu pertama memuat dua ribu buku dan akan singgah di tujuh kampung setiap pekan.",
        "Kapal kedua menyusul pada bulan Juni untuk kampung di seberang danau.",
    ]
    assert document.title == "Taman Baca Terapung Dibuka"
    assert document.page_of(document.text.index("Kapal kedua")) == 2


def test_running_heads_are_marked_and_not_cut(tmp_path: Path) -> None:
    """Page heads and numbers stay in the text as furniture."""
    document = read(write(tmp_path, "a.pdf", make_pdf(PDF_PAGES)))
    marked = " ".join(span.of(document.text) for span in document.furniture)
    assert marked.count("Laporan Danau Kenanga") == 2
    assert "Halaman 1" in marked and "Halaman 2" in marked


def test_a_pdf_called_txt_is_read_as_what_it_is(tmp_path: Path) -> None:
    """The content decides, not the name."""
    assert "Kapal kedua" in read(write(tmp_path, "a.txt", make_pdf(PDF_PAGES))).text


def test_word_paragraphs_and_tables_come_in_order(tmp_path: Path) -> None:
    """Nothing of a Word file is lost or moved; its template's title is not believed."""
    content = make_docx(
        "Taman Baca Terapung Dibuka", P1, [["Kampung", "Buku"], ["Seruni", "300"]], P2,
        title="Word Document",
    )  # fmt: skip
    document = read(write(tmp_path, "a.docx", content))
    assert document.text.split("\n\n") == [
        "Taman Baca Terapung Dibuka",
        P1,
        "Kampung\tBuku",
        "Seruni\t300",
        P2,
    ]
    assert document.title == "Taman Baca Terapung Dibuka"
    assert document.byline is None
    assert document.published == date(2020, 2, 12)


def test_tracked_insertions_are_kept_and_deletions_are_not(tmp_path: Path) -> None:
    """A Word file reads as it shows on screen."""
    buffer = BytesIO(make_docx(f"AWAL {P1} AKHIR"))
    changed = BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                inserted = b"<w:ins w:id='1' w:author='x'><w:r><w:t> SISIPAN</w:t></w:r></w:ins>"
                inserted += (
                    b"<w:del w:id='2'><w:r><w:delText> HAPUS</w:delText></w:r></w:del></w:p>"
                )
                data = data.replace(b"</w:p>", inserted, 1)
            new.writestr(entry, data)
    text = read(write(tmp_path, "a.docx", changed.getvalue())).text
    assert "AKHIR SISIPAN" in text and "HAPUS" not in text


# --- errors -----------------------------------------------------------------


def zip_of(**members: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind", "says"),
    [
        ("a.txt", b"", EmptyFile, "empty"),
        ("a.txt", b" \n\t\n", EmptyFile, "empty"),
        ("a.txt", b"... --- ...", EmptyFile, "no text"),
        ("a.txt", b"ADVERTISEMENT\nBaca juga: Perahu\n", EmptyFile, "furniture"),
        ("a.html", b"<html><body></body></html>", EmptyFile, "no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(50), UnreadableFile, "PNG"),
        ("a.txt", bytes(range(256)) * 4, UnreadableFile, "binary"),
        ("a.pdf", make_pdf([["x"]], encrypted=True), UnreadableFile, "encrypted"),
        ("a.pdf", make_pdf([[], []]), EmptyFile, "OCR"),
        ("a.pdf", b"just words", UnreadableFile, "not a PDF"),
        ("a.pdf", b"%PDF-1.7 and nothing else", UnreadableFile, "damaged"),
        ("a.docx", b"just words", UnreadableFile, "not a Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), UnreadableFile, "password"),
        ("a.docx", make_docx("teks")[:300], UnreadableFile, "damaged"),
        ("a.docx", zip_of(a=b"1"), UnreadableFile, "archive"),
        ("a.docx", zip_of(word__document_xml=b"1"), UnreadableFile, "archive"),
        ("a.xlsx", b"anything", UnsupportedFormat, ".xlsx"),
        ("noname", b"anything", UnsupportedFormat, "suffix"),
    ],
)
def test_each_failure_names_the_file_and_the_remedy(
    tmp_path: Path, name: str, content: bytes, kind: type[IngestError], says: str
) -> None:
    """Every bad file gives one line: the file, what is wrong, what to do."""
    with pytest.raises(kind) as caught:
        read(write(tmp_path, name, content), source=f"shown/{name}")
    message = str(caught.value)
    assert message.startswith(f"shown/{name}: ")
    assert says in message
    assert caught.value.remedy and "\n" not in message


def test_files_above_the_limit_are_refused(tmp_path: Path) -> None:
    """The size limit holds to the byte, and the error names it."""
    path = write(tmp_path, "a.txt", P1)
    size = path.stat().st_size
    assert read(path, max_bytes=size).text == P1
    with pytest.raises(FileTooLarge, match="0.0001 MB"):
        read(path, max_bytes=100)


def test_a_word_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip bomb is turned away before it is unpacked."""
    monkeypatch.setattr("qa.ingest.formats._MAX_UNPACKED", 1_000_000)
    content = zip_of(**{"word/document.xml": b" " * 2_000_000})
    assert len(content) < 10_000
    with pytest.raises(FileTooLarge, match="unpacks"):
        read(write(tmp_path, "a.docx", content))


def test_missing_files_and_folders_are_errors(tmp_path: Path) -> None:
    """A wrong path is named, not raised as a traceback."""
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "gone.txt")
    with pytest.raises(UnreadableFile, match="folder"):
        read(tmp_path)
    with pytest.raises(UnreadableFile):
        read(Path("a\x00b.txt"))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """Special files never hang the reader."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableFile, match="regular"):
        read(tmp_path / "pipe.txt")
    assert discover([tmp_path]).files == []


def test_a_parser_that_overflows_is_an_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a library throws becomes one clear error."""

    def overflow(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", overflow)
    with pytest.raises(UnreadableFile, match="RecursionError"):
        read(write(tmp_path, "a.html", PAGE))


# --- discover ---------------------------------------------------------------


def test_discover_takes_supported_files_sorted_and_once(tmp_path: Path) -> None:
    """Folders give their readable files, and tell of others; named files are taken as they are."""
    (tmp_path / "sub" / ".git").mkdir(parents=True)
    for name in (
        "b.txt",
        "a.PDF",
        "c.xlsx",
        ".hidden.txt",
        "~$a.docx",
        "sub/d.md",
        "sub/f.eml",
        "sub/.git/e.txt",
    ):
        write(tmp_path, name, "x")
    named = [tmp_path / name for name in ("c.xlsx", "b.txt", "gone.txt")]
    found = discover([tmp_path, *named])
    names = [str(path.relative_to(tmp_path)) for path in found.files]
    assert names == ["a.PDF", "b.txt", "c.xlsx", "gone.txt", "sub/d.md"]
    assert found.others == [tmp_path / "sub" / "f.eml"]


def test_discover_survives_links_in_circles(tmp_path: Path) -> None:
    """A folder that links to itself is walked once."""
    write(tmp_path, "a.txt", "x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone")
    assert discover([tmp_path]).files == [tmp_path / "a.txt"]


def test_a_folder_that_may_not_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As such, and not as a folder where there should be a file; what is beside it is found."""
    write(tmp_path, "a.txt", "x")
    closed = tmp_path / "tertutup"
    closed.mkdir()
    scandir = os.scandir

    def refusing(path: Any) -> Any:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert discover([tmp_path]).files == [tmp_path / "a.txt", closed]
    with pytest.raises(UnreadableFile, match="tertutup: permission denied"):
        read(closed)


# --- dates ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pada Senin (10/6/2019) di", ["2019-06-10"]),
        ("Rabu, 12/02/2020", ["2020-02-12"]),
        ("16 November 2021 15:35 WIB", ["2021-11-16"]),
        ("Selasa (16/11) malam", ["-11-16"]),
        ("Jum'at (27/4)", ["-04-27"]),
        ("Kamis, 6 April 2017", ["2017-04-06"]),
        ("10-11 September 2019", ["2019-09-10", "2019-09-11"]),
        ("30 September hingga 2 Oktober 2019", ["2019-09-30", "2019-10-02"]),
        ("30 Desember - 2 Januari 2020", ["2019-12-30", "2020-01-02"]),
        ("2019-06-10T08:00:00+07:00", ["2019-06-10"]),
        ("2019/06/10", ["2019-06-10"]),
        ("September 10, 2019", ["2019-09-10"]),
        ("Sept. 10-12, 2019", ["2019-09-10", "2019-09-12"]),
        ("10 Sept 2019", ["2019-09-10"]),
        ("10th of June 2019", ["2019-06-10"]),
        ("5 Agt 2016, 1 Des 2016", ["2016-08-05", "2016-12-01"]),
        ("Monday, June 10", ["-06-10"]),
        ("Monday (6/10/2019)", ["2019-06-10"]),
        ("8/25/2020", ["2020-08-25"]),
        ("17 Agustus", ["-08-17"]),
        ("29 Februari 2020", ["2020-02-29"]),
        ("29 Februari 2019", []),
        ("31/4/2019", []),
        ("separuh (1/2) dari", []),
        ("nilai 1.250.2019 dan 3,5/6", []),
        ("pada September 10 orang tewas", []),
        ("tahun 2019", []),
        ("harga naik 10 mar", []),
    ],
)
def test_forms_of_dates(text: str, expected: list[str]) -> None:
    """Each way to write a date is read as a person would."""
    found = find_dates(text)
    assert [f"{m.year or ''}-{m.month:02}-{m.day:02}" for m in found] == expected
    assert all(m.span.of(text).strip() for m in found)


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    """A written date gives the same day, whatever the form."""
    english = day.strftime("%B")
    for form in (
        f"({day.day}/{day.month}/{day.year})" if day.day > 12 else day.isoformat(),
        f"{day.day} {english} {day.year}",
        f"{english} {day.day}, {day.year}",
        f"{day:%A} ({day.day}/{day.month}/{day.year})",
    ):
        assert [m.full for m in find_dates(f"x {form} y")] == [day], form


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_dates_lie_within_the_text(text: str) -> None:
    """Spans of dates are sorted, disjoint and within the text."""
    spans = [m.span for m in find_dates(text)]
    assert all(span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 12 February was a Wednesday in 2020 and in 2014; the text speaks of 2019.
        ("Danau itu dibuka Rabu (12/2). Sejak 2019 dan 2020 warga menunggu.", date(2020, 2, 12)),
        ("Danau itu dibuka Rabu (12/2). Tidak ada tahun.", None),
        ("Danau itu dibuka Rabu (12/2) sesuai UU Nomor 4 Tahun 2020.", None),
        ("Ia lahir pada 17 Agustus 1985 dan besar di kota itu.", None),
        ("Jakarta, 13 Februari 2020 – Danau itu dibuka.", date(2020, 2, 13)),
        ("Rapat Kamis (13/2/2020) membahas gempa Sabtu (26/12/2004).", date(2020, 2, 13)),
    ],
)
def test_the_publication_date_is_inferred_or_unknown(text: str, expected: date | None) -> None:
    """A date without its year needs a weekday and a year nearby; history is no news."""
    assert publication_date(text) == expected


def test_a_later_update_is_not_the_publication_date(tmp_path: Path) -> None:
    """The day in the article is believed before the day of a later change."""
    path = write(tmp_path, "a.txt", f"{P1}\n\nUpdated 20 June 2020\n\n{P2}")
    assert read(path).published == date(2020, 2, 12)
    path = write(tmp_path, "b.txt", f"{P2}\n\nUpdated 20 June 2020\n\n{P3}")
    assert read(path).published == date(2020, 6, 20)


def test_a_time_stamp_wins_over_the_article() -> None:
    """The line that says when a page appeared is believed before the story."""
    text = f"13 Februari 2020 09:15 WIB\n{P1}"
    assert publication_date(text, stamps=[Span(0, 26)]) == date(2020, 2, 13)


def test_an_imprint_year_helps_but_does_not_decide() -> None:
    """With the imprint of its year, a weekday in the lead picks the day of a range."""
    text = "Danau dibuka pada Rabu.\nPekan buku berlangsung 11-12 Februari 2020."
    body = [Span(0, 23), Span(24, len(text))]
    assert publication_date(text, body=body, imprint_year=2020) == date(2020, 2, 12)
    assert publication_date("Danau dibuka.", imprint_year=2020) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kota Danau (KABAR) - Perahu", "Kota Danau (KABAR) - "),
        ("SERUNI, KORANDANAU.CO.ID – Perahu", "SERUNI, KORANDANAU.CO.ID – "),
        ("korandanau.com - Perahu", "korandanau.com - "),
        ("SERUNI, KOMPAS — Perahu", "SERUNI, KOMPAS — "),
        ("WASHINGTON (AP) — The boat", "WASHINGTON (AP) — "),
        ("Baru - baru ini perahu", None),
        ("Wali kota itu - yang baru dilantik - datang", None),
        ("“Perahu,” katanya - lalu pergi", None),
    ],
)
def test_datelines(text: str, expected: str | None) -> None:
    """A dateline is told from a sentence with a dash in it."""
    assert dateline(text) == expected


# --- metadata ---------------------------------------------------------------


HEADLINE = "Taman Baca Terapung Dibuka"
LONG = "Taman Baca Terapung Pertama Dibuka di Danau Kenanga"
MASTHEAD = f"KORAN DANAU\nBeranda | Opini\n{LONG}\nKoran Danau\nKamis, 13/2/2020 | Oleh: Sari Dewi"
IMPRINT = "Pewarta: Sari Dewi\nEditor: Budi Hartono\nCopyright © KABAR 2020"
FIRST_WORDS = "Wali Kota Ratna Wibisana meresmikan taman baca terapung di tepi Danau Kenanga…"


@pytest.mark.parametrize(
    ("text", "title", "outlet", "byline"),
    [
        (f"{HEADLINE}\n\n{P1}\n\n{IMPRINT}", HEADLINE, "KABAR", "Sari Dewi"),
        (f"Kota Danau (KABAR) - {P1}\n{P2}", FIRST_WORDS, "KABAR", None),
        (f"SERUNI, KORANDANAU.CO.ID – {P1} (Kbr/SD01)", FIRST_WORDS, "KORANDANAU.CO.ID",
         "Kbr/SD01"),
        (f"Night ferries return\nBy Anna Berg\nJune 4, 2019\n\n{E1}\n{E2}",
         "Night ferries return", None, "Anna Berg"),
        (f"{MASTHEAD}\n{P1}\n{P2}\n© Koran Danau 2020", LONG, "Koran Danau", "Sari Dewi"),
        (f"SERUNI, KORAN DANAU – {P1}\n{P2}", FIRST_WORDS, "KORAN DANAU", None),
        (f"SERUNI, JAWA TIMUR – {P1}\n{P2}", FIRST_WORDS, None, None),
        (f"{HEADLINE}\nOleh: Sari Dewi\n{P1}\n{P2}", HEADLINE, None, "Sari Dewi"),
    ],
)  # fmt: skip
def test_title_outlet_and_byline(
    tmp_path: Path, text: str, title: str, outlet: str | None, byline: str | None
) -> None:
    """What the page shows about itself is read; nothing is made up."""
    document = read(write(tmp_path, "berkas.txt", text))
    assert (document.title, document.outlet, document.byline) == (title, outlet, byline)


def test_a_masthead_is_furniture() -> None:
    """The name of the outlet above and below the headline is not the article."""
    assert unmarked(f"{MASTHEAD}\n{P1}\n{P2}\n© Koran Danau 2020") == [P1, P2]


def test_a_title_in_the_first_words_has_no_ellipsis_when_short(tmp_path: Path) -> None:
    """A note of one line is its own title."""
    assert read(write(tmp_path, "a.txt", "Rapat besok di aula")).title == "Rapat besok di aula"


# --- furniture --------------------------------------------------------------

FURNITURE = [
    "Baca juga: Perahu Baca Berlayar ke Kampung Seruni",
    "Baca Juga Perahu Baca Berlayar ke Kampung Seruni",
    "(Baca juga: Perahu Baca Berlayar)",
    "Simak juga: Video Perahu Baca",
    "Lihat juga: Foto-Foto Danau",
    "Read also: Night ferries return",
    "ADVERTISEMENT",
    "Advertisement",
    "SCROLL TO CONTINUE WITH CONTENT",
    "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
    "[Gambas:Video 20detik]",
    "Beranda | Tentang Kami | Redaksi | Pedoman Media Siber",
    "Tentang KamiKode EtikPedoman Media SiberIklanKarir",
    "2026 © PT Koran Danau Sejahtera",
    "Copyright © KABAR 2020",
    "Version 2.14.0",
    "1.2K shares",
    "dibaca 1.204 kali",
    "waktu baca 3 menit",
    "3 min read",
    "Silahkan isi komentar anda",
    "close",
    "Foto: Sari Dewi/Koran Danau",
    "Foto/dok. Koran Danau",
    "Perahu baca di dermaga (Foto: Sari Dewi)",
    "Photo: Anna Berg",
    "Share this article",
    "Facebook Twitter WhatsApp",
    "Sign up for our newsletter and never miss a ferry",
    "We use cookies to improve your experience on this site.",
    "Tags: danau, buku, perahu",
    "Bagikan: 87 | Suka: 301",
    "Komentar (27) | Bagikan | Simpan",
    "Contact the newsroom | Corrections | About us",
    "*© Koran Danau 2020*",
    "**Baca juga:** [Perahu Baca Berlayar](#)",
    "Updated 20 June 2020",
    "·",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_between_paragraphs_is_marked(line: str) -> None:
    """Page furniture is found wherever it stands, and the article beside it is kept."""
    assert unmarked(f"{P1}\n{P2}\n{line}\n{P3}\n") == [P1, P2, P3]
    assert unmarked(f"{line}\n\n{P1}\n\n{P2}") == [P1, P2]


@pytest.mark.parametrize(
    "line",
    [
        "13 Februari 2020 15:35 WIB",
        "Kamis, 13/02/2020 09:15 WIB",
        "Diperbarui: 13 Februari 2020, 15.35",
        "Published June 4, 2019 at 3:35 pm",
        "3 jam lalu",
        "2 hours ago",
        "Jakarta, 13 Februari 2020",
        "Sari Dewi - KoranDanau | Kamis, 13 Feb 2020 09:15 WIB",
        "Pewarta: Sari Dewi",
        "Editor: Budi Hartono",
        "Reporter: Sari Dewi | Editor: Budi Hartono",
        "Oleh Sari Dewi",
        "Kamis (13/2/2020) | waktu baca 2 menit",
        "*Kamis, 13 Februari 2020 | Reporter: Sari Dewi*",
        "(sd/bh)",
        "By Anna Berg",
    ],
)
def test_stamps_and_bylines_around_the_article_are_marked(line: str) -> None:
    """Time stamps and bylines are furniture above and below the article."""
    assert unmarked(f"Taman Baca Terapung Dibuka\n{line}\n{P1}\n{P2}") == [P1, P2]
    assert unmarked(f"{P1}\n{P2}\n{line}") == [P1, P2]


PROSE = [
    "Editor majalah itu, Budi Hartono, mengatakan naskah akan terbit bulan depan di tiga kota.",
    "Ia menulis “baca juga: petunjuk keselamatan” di setiap dinding perahu yang berlayar hari itu.",
    "Baca juga bukan satu-satunya kegiatan di perahu itu, karena anak-anak boleh menggambar.",
    "Advertisement rates rose by a tenth last year, the publisher told investors on Monday.",
    "Copyright law was revised in 2014 and again in 2019, the lecturer told her students.",
    "Komentar itu disampaikan Ratna seusai rapat dengan para nelayan di balai kampung.",
    "Bantuan dari pusat belum datang.",
    "Tarif baru berlaku mulai 1 Maret.",
    "Reporter: Apakah perahu itu aman? Ratna: Tentu saja, kami sudah mengujinya tiga kali.",
    "Kecepatan perahu itu diukur dalam satuan panjang per waktu (km/jam)",
    "Home prices on both islands have doubled since the ban, according to the ministry.",
    "Share prices of the ferry operator jumped after the announcement, brokers said.",
    "Most read the notice only after the last boat had left.",
    "Foto itu menunjukkan perahu pertama yang berlayar dari dermaga pada pagi hari.",
    "By Tuesday the pier was full again, and nobody knew why the boats were late.",
    "Dibaca dari sudut mana pun, laporan itu tidak menguntungkan pemerintah kota.",
]


@pytest.mark.parametrize("line", PROSE)
def test_a_sentence_of_the_article_is_never_marked(line: str) -> None:
    """Words that furniture also uses do not silence an article."""
    assert unmarked(f"{P1}\n{line}\n{P2}") == [P1, line, P2]
    assert line in unmarked(f"{P1}\n{P2}\n{line}")


TEASERS = "\n".join(
    f"{title}\n{blurb}"
    for title, blurb in [
        ("Nelayan Seruni Panen Ikan Lebih Awal", P3),
        ("Harga Garam Naik Dua Kali Lipat", P2),
        ("Pasar Malam Kembali Dibuka", P1),
    ]
)


@pytest.mark.parametrize("heading", ["ARTIKEL TERBARU", "Berita Terkait", "Related stories"])
def test_a_teaser_list_below_the_article_is_marked(heading: str) -> None:
    """Headlines and summaries of other stories are not this story."""
    text = f"{P1}\n{P2}\n{P3}\n{heading}\n{TEASERS}\nclose"
    assert unmarked(text) == [P1, P2, P3]


@pytest.mark.parametrize("form", ["TINGGALKAN KOMENTAR", "Leave a comment", "12 Komentar"])
def test_everything_below_a_comment_form_is_marked(form: str) -> None:
    """Readers' comments and what follows them are not quoted as the article."""
    text = f"{P1}\n{P2}\n{form}\nNama\nSetuju sekali.\nTERPOPULER\n{TEASERS}"
    assert unmarked(text) == [P1, P2]
    assert unmarked(f"{form}\n{P1}\n{P2}") == [P1, P2]


def test_an_article_that_goes_on_after_a_teaser_box_is_kept() -> None:
    """A box of links in the middle does not swallow the rest of the story."""
    box = "BERITA TERKAIT\nNelayan Seruni Panen Ikan Lebih Awal\nHarga Garam Naik Dua Kali Lipat"
    assert unmarked(f"{P1}\n{P2}\n{box}\n{E1}\n{E2}") == [P1, P2, E1, E2]
    assert unmarked(f"{P1}\n{P2}\n{box}\n{E1}") == [P1, P2, E1]


def test_a_heading_that_furniture_also_uses_is_not_the_end(tmp_path: Path) -> None:
    """A section of a report called "Rekomendasi" keeps its text."""
    text = f"{P1}\n{P2}\nRekomendasi\n{E1}\nSubjudul Kedua\n{E2}"
    assert unmarked(text) == [P1, P2, E1, "Subjudul Kedua", E2]


def test_an_article_that_ends_with_a_list_is_kept() -> None:
    """Short lines after the last paragraph are part of the article."""
    items = ["1. Kampung Seruni", "2. Kampung Melati", "3. Kampung Kenanga"]
    assert unmarked("\n".join([P1, P2, *items])) == [P1, P2, *items]


def test_the_headline_below_a_bare_baca_juga_is_marked() -> None:
    """A link whose headline stands on the next line is one piece of furniture."""
    text = f"{P1}\nBaca juga:\nNelayan Seruni Panen Ikan Lebih Awal\n{P2}"
    assert unmarked(text) == [P1, P2]


def test_closing_initials_are_marked_and_their_sentence_is_kept() -> None:
    """Only the initials at the end of the story are furniture."""
    assert unmarked(f"{P1}\n{P3} (sd/bh)") == [P1, P3]
    assert [m.kind for m in marks(f"{P1}\n{P3} (sd/bh)")] == [Kind.SIGNATURE]


def test_a_question_that_opens_an_article_is_not_its_headline() -> None:
    """The first sentence is kept when it looks like one."""
    text = f"Siapa yang belum pernah naik perahu?\n{P1}\n{P2}"
    assert unmarked(text) == ["Siapa yang belum pernah naik perahu?", P1, P2]


def test_a_large_text_is_read_in_seconds(tmp_path: Path) -> None:
    """Headings that repeat without end do not make reading quadratic."""
    text = f"{P1}\n{P2}\n" + f"Terkini\n{P3}\nJudul Kecil\n" * 30_000
    assert read(write(tmp_path, "a.txt", text)).text == text


@pytest.mark.parametrize("start", ["a.", "Senin", "Jakarta", "Editor: Budi |", "(foto: x)", "10"])
def test_long_runs_of_blanks_are_read_in_seconds(tmp_path: Path, start: str) -> None:
    """No pattern takes time that grows with the square of a line."""
    text = f"{start}{' ' * 300_000}akhir"
    assert read(write(tmp_path, "a.txt", text)).text == text


def test_documents_can_be_written_as_json(tmp_path: Path) -> None:
    """No metadata holds a character that cannot be stored."""
    story = r'{"@type":"NewsArticle","headline":"Taman \ud800 Baca","author":{"name":"A\ud800 B"}}'
    script = f'<script type="application/ld+json">{story}</script></head>'
    page = PAGE.replace("</head>", script).replace("og:title", "x").replace('"author"', '"x"')
    document = read(write(tmp_path, "a.html", page))
    json.dumps([document.title, document.byline, document.outlet]).encode("utf-8")
    for value in (document.title, document.byline or "", document.outlet or ""):
        value.encode("utf-8")


def test_a_page_that_opens_with_a_figure_keeps_its_first_line() -> None:
    """Only a bare page number at a page's edge is furniture, not a line that starts with one."""
    page = ["Laporan Tahunan", "Kapal mendarat di Ambon.", "Nelayan menunggu.", "Pasar dibuka."]
    last = ["Laporan Tahunan", "120.000 nelayan menyambut kebijakan itu.", "Lalu pulang.", "- 3 -"]
    text, furniture, _ = formats._joined_pages([[*page, "1"], [*page, "2"], last])
    kept = [span.of(text) for span in furniture]
    assert "120.000 nelayan menyambut kebijakan itu." not in " ".join(kept)
    assert "- 3 -" in kept

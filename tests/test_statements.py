"""Who said what: each way of reporting speech, and what must hold for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.statements import find_statements
from qa.language.names import Cast, fold, fold_role, people, same_person, split_person
from qa.types import Document, Span, Statement


def read(text: str, *, language: str = "id", furniture: tuple[Span, ...] = ()) -> list[Statement]:
    document = Document(
        id="d",
        title="",
        text=text,
        source="d.txt",
        outlet=None,
        published=None,
        language=language,
        furniture=furniture,
    )
    return find_statements(document)


def said(text: str, *, language: str = "id") -> list[tuple[str, str | None]]:
    """What was said, and by whom."""
    return [(s.span.of(text), s.speaker) for s in read(text, language=language)]


@pytest.mark.parametrize("opening,closing", ["“”", "””", '""', "«»", "„“", "‘’", "''"])
def test_every_pair_of_marks_holds_a_direct_quote(opening: str, closing: str) -> None:
    """A quote is found between any pair of marks, without the marks, with its speaker."""
    text = f"{opening}Harga beras turun sejak pekan lalu,{closing} kata Bupati Wira Kusnadi."
    (found,) = read(text)
    assert found.span.of(text) == "Harga beras turun sejak pekan lalu,"
    assert (found.speaker, found.direct, found.cue) == ("Wira Kusnadi", True, "kata")


@pytest.mark.parametrize(
    "tail,written",
    [
        ("kata Sekretaris Daerah Lukas Tarigan.", "Lukas Tarigan"),
        ("ujar pemilik Kedai Lembayung, Lukas Tarigan (41), saat ditemui.", "Lukas Tarigan"),
        ("tutur Lukas Tarigan yang memimpin rapat itu.", "Lukas Tarigan"),
        ("Lukas Tarigan menegaskan.", "Lukas Tarigan"),
        ("kata Camat Lingga, Jakarta Utara, Lukas Tarigan.", "Lukas Tarigan"),
        ("kata Ketua Forum Petani Nusantara (FPN) Lukas Tarigan di Kendal.", "Lukas Tarigan"),
    ],
)
def test_speaker_after_the_quote_is_freed_of_office_and_place(tail: str, written: str) -> None:
    """The name is cut out of offices, bodies, places and ages that surround it."""
    (found,) = read(f"“Kami akan memperbaiki jembatan itu,” {tail}")
    assert (found.speaker, found.speaker_as_written) == (written, written)


def test_cue_before_the_quote() -> None:
    """A cue and its speaker may come first, with "bahwa", a comma or a colon."""
    for lead in (
        "Gubernur Dewi Anggara mengatakan, ",
        "Gubernur Dewi Anggara menyatakan bahwa ",
        "Menurut Gubernur Dewi Anggara, ",
        "Gubernur Dewi Anggara: ",
    ):
        text = lead + "“Sekolah dibuka lagi bulan depan.”"
        assert said(text) == [("Sekolah dibuka lagi bulan depan.", "Dewi Anggara")]


def test_pronoun_and_suffix_mean_the_last_speaker() -> None:
    """ "katanya", "ujar dia" and "Ia" are resolved; the written form is kept."""
    text = (
        "Direktur Hasan Basri menjelaskan bahwa pabrik ditutup sementara.\n\n"
        "“Mesinnya harus diganti seluruhnya,” katanya.\n\n"
        "“Kami menunggu suku cadang dari luar,” ujar dia.\n\n"
        "Ia berharap pekerjaan selesai pada akhir tahun."
    )
    found = read(text)
    assert [s.speaker for s in found] == ["Hasan Basri"] * 4
    assert [s.speaker_as_written for s in found] == ["Hasan Basri", "katanya", "dia", "Ia"]
    assert [s.direct for s in found] == [False, True, True, False]


def test_short_name_and_office_mean_the_full_name() -> None:
    """A surname, a first name and a bare office find the person introduced before."""
    text = (
        "Menteri Komunikasi dan Informatika Bagas Wirawan membuka pameran.\n\n"
        "“Jaringan kita makin luas,” kata Bagas.\n\n"
        "“Desa terpencil didahulukan tahun ini,” ucap Wirawan.\n\n"
        "“Anggarannya sudah tersedia sejak awal,” tutur Menkominfo."
    )
    assert [s.speaker for s in read(text)] == ["Bagas Wirawan"] * 3


def test_head_of_state_is_the_president() -> None:
    """ "Kepala Negara" is the president whom the article named."""
    text = (
        "Presiden Jokowi tiba di lokasi. “Bantuan segera dikirim besok pagi,” kata Kepala Negara."
    )
    (found,) = read(text)
    assert (found.speaker, found.speaker_as_written) == ("Jokowi", "Kepala Negara")


def test_quote_goes_on_after_its_attribution() -> None:
    """`“A,” kata X. “B.”` gives both to X."""
    text = "“Kami menang tipis hari ini,” kata Tono Prasetya. “Lawan bermain sangat rapi sekali.”"
    assert said(text) == [
        ("Kami menang tipis hari ini,", "Tono Prasetya"),
        ("Lawan bermain sangat rapi sekali.", "Tono Prasetya"),
    ]


def test_quote_over_several_paragraphs() -> None:
    """A paragraph without a closing mark belongs to the speaker named at the end."""
    text = "“The roof came first.\n\n“The walls came later,” said Anna Lindqvist."
    assert said(text, language="en") == [
        ("The roof came first.", "Anna Lindqvist"),
        ("The walls came later,", "Anna Lindqvist"),
    ]


def test_hard_wrapped_quote_stays_whole() -> None:
    """A line end inside a quotation does not end it."""
    text = "“Panen tahun ini lebih baik\ndaripada tahun lalu,” kata Sari Utami."
    assert said(text) == [("Panen tahun ini lebih baik\ndaripada tahun lalu,", "Sari Utami")]


def test_quoted_term_is_no_statement() -> None:
    """A quoted coinage is part of its sentence."""
    assert read("Istilah “ekonomi hijau” makin sering dipakai di kota ini.") == []
    text = "Rektor Nia Ramli menilai istilah “ekonomi hijau” belum dipahami warga."
    assert said(text) == [("istilah “ekonomi hijau” belum dipahami warga", "Nia Ramli")]


def test_nested_quotation_is_one_statement() -> None:
    """A quotation inside a quotation is not a statement of its own."""
    text = "“Ayah selalu bilang ‘jangan menyerah’ kepada kami semua,” kata Rudi Hartawan."
    assert said(text) == [
        ("Ayah selalu bilang ‘jangan menyerah’ kepada kami semua,", "Rudi Hartawan")
    ]


def test_missing_closing_mark_ends_at_the_cue() -> None:
    """An unclosed quotation ends where its attribution begins."""
    text = "“Air sudah surut sejak pagi tadi, kata Lurah Deni Saputra. Warga kembali ke rumah."
    assert said(text)[0] == ("Air sudah surut sejak pagi tadi,", "Deni Saputra")


@pytest.mark.parametrize(
    "text,clause",
    [
        ("Rini Astuti mengatakan bahwa harga cabai naik lagi.", "harga cabai naik lagi"),
        ("Rini Astuti mengatakan, harga cabai naik lagi.", "harga cabai naik lagi"),
        (
            "Rini Astuti, di Solo, Senin (3/8/2020), mengatakan, harga cabai naik.",
            "harga cabai naik",
        ),
        ("Menurut Rini Astuti, harga cabai naik lagi.", "harga cabai naik lagi"),
        ("Menurut Rini Astuti, peneliti pangan, harga cabai naik lagi.", "harga cabai naik lagi"),
        ("Rini Astuti menekankan pentingnya cadangan beras.", "pentingnya cadangan beras"),
        ("Harga cabai di pasar naik lagi, kata Rini Astuti.", "Harga cabai di pasar naik lagi"),
        ("Ke depan, kata Rini Astuti, harga cabai akan terus naik.", "harga cabai akan terus naik"),
    ],
)
def test_indirect_speech(text: str, clause: str) -> None:
    """Indirect speech is the clause said, without cue, "bahwa" and speaker."""
    (found,) = read(text)
    assert (found.span.of(text), found.speaker, found.direct) == (clause, "Rini Astuti", False)


def test_inserted_attribution_keeps_both_halves() -> None:
    """When both halves carry the statement, it is the whole sentence."""
    text = "Jumlah penumpang kereta naik tajam, menurut Rini Astuti, karena tarif baru diturunkan."
    (found,) = read(text)
    assert found.span.of(text).startswith("Jumlah penumpang")


@pytest.mark.parametrize(
    "text,clause,speaker",
    [
        (
            "Mayor Ellen Whitfield said that the bridge would reopen in May.",
            "the bridge would reopen in May",
            "Ellen Whitfield",
        ),
        (
            "According to Paul Okafor, an engineer at the port, the crane was safe.",
            "the crane was safe",
            "Paul Okafor",
        ),
        (
            "The crane was safe all along, Mr. Okafor argued.",
            "The crane was safe all along",
            "Okafor",
        ),
        (
            '"We will rebuild every house," Okafor told reporters.',
            "We will rebuild every house,",
            "Okafor",
        ),
    ],
)
def test_english(text: str, clause: str, speaker: str) -> None:
    """The same patterns hold in English."""
    assert said(text, language="en") == [(clause, speaker)]


def test_negated_or_wanted_speech_is_not_reported() -> None:
    """Who does not say something has said nothing."""
    assert read("Budi Laksono tidak mengatakan bahwa kantor itu ditutup.") == []
    assert read("Mereka datang untuk menyampaikan salam kepada warga.") == []


def test_furniture_is_silent() -> None:
    """No statement comes from page furniture, and furniture splits no sentence pairing."""
    menu = "Populer: “Saya mundur hari ini juga,” kata Tora Wijaya."
    text = "“Kami tetap bekerja seperti biasa,” kata Ayu Lestari.\n" + menu
    start = text.index(menu)
    (found,) = read(text, furniture=(Span(start, len(text)),))
    assert found.speaker == "Ayu Lestari"


MARKS = "“”\"'‘’«».,:;!? \n()"
PIECES = st.sampled_from(
    [
        *MARKS,
        "kata ",
        "Budi ",
        "Presiden ",
        "mengatakan ",
        "bahwa ",
        "katanya",
        "menurut ",
        "said ",
        "Jokowi ",
        "ia ",
        "rumah ",
        "itu ",
        "naik ",
        "Dr. ",
        "according to ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join)),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=4),
)
def test_any_text_gives_sound_spans(text: str, cuts: list[tuple[int, int]]) -> None:
    """On any text: no crash; spans in the text, in order, disjoint, and clear of furniture."""
    furniture = tuple(
        Span(start, min(start + size, len(text))) for start, size in cuts if start <= len(text)
    )
    at = 0
    for found in read(text, furniture=furniture):
        assert at <= found.span.start < found.span.end <= len(text)
        assert not any(found.span.overlaps(span) for span in furniture if span.end > span.start)
        at = found.span.end


@pytest.mark.parametrize(
    "piece",
    [
        "“",
        "”",
        '"',
        "'a ",
        "“\n",
        '"a ',
        "a” ",
        "“a, kata ",
        ", kata Budi",
        "Budi Santoso ",
        "mengatakan ",
        "menurut Ani, ",
        "Ketua, ",
        "( ",
        "A. ",
        "“Saya, ”kata ",
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    """20,000 unbalanced marks, or any cue without end, take less than two seconds."""
    text = piece * (20_000 if len(piece) < 4 else 60_000 // len(piece))
    begun = time.perf_counter()
    read(text)
    assert time.perf_counter() - begun < 2


def test_same_person() -> None:
    """Titles, short names, initials, apostrophes and aliases name one person; others do not."""
    assert same_person("Jokowi", "Presiden Joko Widodo")
    assert same_person("Menlu Retno", "Retno Marsudi")
    assert same_person("Ma’ruf Amin", "Wapres Ma'ruf Amin")
    assert same_person("B.J. Habibie", "Bacharuddin Jusuf Habibie")
    assert same_person("SBY", "Susilo Bambang Yudhoyono")
    assert not same_person("Joko Widodo", "Joko Tjandra")
    assert not same_person("", "Joko Widodo")


def test_fold() -> None:
    """A folded name has no title, accent, apostrophe or capital."""
    assert fold("Presiden Jokowi") == fold("Joko Widodo") == "joko widodo"
    assert fold("Dr. Zoë O’Hara") == "zoe ohara"
    assert fold_role("Sekjen PBB itu") == fold_role("Sekretaris Jenderal PBB")
    assert fold_role("Kepala Negara") == fold_role("Presiden")


def test_office_and_name_come_apart() -> None:
    """A list of portfolios belongs to the office, particles belong to the name."""
    found = split_person("Menteri Koordinator Bidang Politik, Hukum, dan Keamanan Surya Dinata")
    assert found is not None and found.name == "Surya Dinata"
    (mention,) = people("Prof. Ahmad bin Salim hadir.")
    assert mention.name == "Ahmad bin Salim"
    assert split_person("warga setempat") is None


def test_office_means_the_last_person_introduced_with_it() -> None:
    """A bare office never finds the deputy, nor somebody introduced later."""
    text = "Wakil Presiden Arif Budiman dan Presiden Sinta Wardhani. Ketua Doni Kurnia."
    cast = Cast(people(text))
    assert cast.by_role("Presiden", len(text)) == "Sinta Wardhani"
    assert cast.by_role("Wapres", len(text)) == "Arif Budiman"
    assert cast.by_role("Presiden", 10) is None

"""Who said what: each way of reporting speech, and what must hold for any text."""

from __future__ import annotations

import gc
import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.statements import find_statements
from qa.language.names import (
    Cast,
    fold,
    fold_role,
    people,
    same_person,
    split_office,
    split_person,
)
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


@pytest.mark.parametrize(
    "opening,closing",
    # The last three are typing errors that print has.
    ["“”", "””", '""', "«»", "»«", "„“", "„”", "‘’", "''", "‹›", "″″", '“"', '"”', "‟”"],
)
@pytest.mark.parametrize(
    "before,said,after,language",
    [
        ("", "Harga beras turun sejak pekan lalu,", " kata Bupati Wira Kusnadi.", "id"),
        ("Bupati Wira Kusnadi mengatakan, ", "Harga beras turun sejak pekan lalu.", "", "id"),
        ("", "The price of rice fell last week,", " said Mayor Wira Kusnadi.", "en"),
        ("Mayor Wira Kusnadi said: ", "The price of rice fell last week.", "", "en"),
    ],
)
def test_every_pair_of_marks_holds_a_direct_quote(
    opening: str, closing: str, before: str, said: str, after: str, language: str
) -> None:
    """A quote is found between any pair of marks, without the marks, with its speaker."""
    text = f"{before}{opening}{said}{closing}{after}"
    (found,) = read(text, language=language)
    assert found.span.of(text) == said
    assert (found.speaker, found.direct) == ("Wira Kusnadi", True)
    assert found.cue in ("kata", "mengatakan", "said")


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


def test_a_team_in_a_description_does_not_speak() -> None:
    """ "Mantan pelatih Persik Bahari ini" is whoever spoke before, not the team."""
    text = (
        "“Kami menang tipis hari ini,” kata pelatih Tono Prasetya.\n\n"
        "“Lawan bermain sangat rapi sekali,” ujar mantan kiper Persik Bahari ini."
    )
    assert [s.speaker for s in read(text)] == ["Tono Prasetya"] * 2


def test_words_of_nobody_yet_belong_to_who_goes_on() -> None:
    """A paragraph of quotation before one that names the speaker; not across other text."""
    first = "Sawah rusak.\n\n“Hujan turun terlalu lama di lereng ini sejak bulan lalu.”"
    second = "“Panen kami gagal lagi tahun ini,” kata Sari Utami."
    assert [s.speaker for s in read(f"{first}\n\n{second}")] == ["Sari Utami"] * 2
    apart = read(f"{first}\n\nSawah di lereng tergenang air.\n\n{second}")
    assert [s.speaker for s in apart] == [None, "Sari Utami"]


def test_a_trade_or_a_conjunction_is_no_part_of_a_name() -> None:
    """ "Seniman Galih Wirawan", "Seandainya Sari Utami"."""
    text = "Seandainya Sari Utami datang, Seniman Galih Wirawan hadir. “Saya ada,” kata {}."
    assert [s.speaker for s in read(text.format("Galih"))] == ["Galih Wirawan"]
    assert [s.speaker for s in read(text.format("Sari"))] == ["Sari Utami"]


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


@pytest.mark.parametrize(
    "dateline",
    [
        "BANDUNG - ",
        "Jakarta (LAYANG) - ",
        "NUSA DUA, PELITA RANTAU – ",
        "JAKARTA, 12 Maret 2023 - ",
        "Tanah Ampo, Senin (12/3/2023) -- ",
        "TEMPO.CO, Jakarta - ",
        "**KENDARI, KOMPAS** — ",
        "Layangnews - ",
    ],
)
def test_dateline_is_no_speaker(dateline: str) -> None:
    """Place, date and outlet before the dash are not part of the subject."""
    for subject, speaker in (
        ("Menteri Kelautan Rini Astuti", "Rini Astuti"),
        ("Mahkamah Konstitusi", "Mahkamah Konstitusi"),
    ):
        text = f"Judul berita\n\n{dateline}{subject} mengatakan kuota ikan dikurangi tahun ini."
        assert said(text) == [("kuota ikan dikurangi tahun ini", speaker)]


def test_dash_inside_a_subject_is_no_dateline() -> None:
    """An apposition between dashes stays where it is."""
    text = "Rini Astuti – ketua panitia – mengatakan acara dimulai pukul tujuh pagi."
    assert [speaker for _, speaker in said(text)] == ["Rini Astuti"]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # Half a word of the one who is introduced with an office ...
        ("Wakil Wali Kota Sandriana Umar hadir. “Kami siap,” kata Sandri.", ["Sandriana Umar"]),
        # ... not of who is merely named, nor of one of two, nor a word cut by one letter.
        ("Sandriana Umar hadir. “Kami siap,” kata Sandri.", ["Sandri"]),
        (
            "Wali Kota Sandriana Umar dan Bupati Sandriadi Lubis hadir. “Siap,” kata Sandri.",
            ["Sandri"],
        ),
        ("Wakil Wali Kota Sandrin Umar hadir. “Kami siap,” kata Sandri.", ["Sandri"]),
    ],
)
def test_a_name_cut_short(text: str, speakers: list[str]) -> None:
    """ "Sandri" is Sandriana where the article leaves no doubt of it."""
    assert [speaker for _, speaker in said(text)] == speakers


def test_what_somebody_does_is_no_part_of_a_name() -> None:
    """ "Keinginan X" is X's, and "Kekalahan" by itself says nothing in anybody's words."""
    text = (
        "Keinginan Rini Astuti untuk mundur sudah lama terdengar. “Saya lelah,” kata Rini.\n\n"
        "Kekalahan ini memastikan tim itu pulang lebih awal dari turnamen.\n\n"
        f"{'q' * 60} “Kami pulang,” kata Tora Wijaya."
    )
    assert [speaker for _, speaker in said(text) if speaker] == ["Rini Astuti", "Tora Wijaya"]


@pytest.mark.parametrize(
    "subject",
    [
        "Ekonom Rini Astuti dari Balai Riset Upah Layak",
        "Rini Astuti, analis Pusat Studi Selat Raya,",
        "Pengamat hukum Universitas Gadjah Mada Rini Astuti",
        "Kepala Dinas Tata Air Rini Astuti",
        "Kepala Polsek Sukamaju Inspektur Polisi Satu Rini Astuti",
        "Kapolda Brigjen Pol Rini Astuti",
        "Direktur Penyidikan Rini Astuti",
        "Rini Astuti (29), warga Grogol Petamburan, Jakarta Barat,",
        "Lurah Teluk Bayanan, Rini Astuti,",
        "Ketua Himpunan Toko Daring Sagita, Rini Astuti,",
    ],
)
def test_end_of_a_body_is_no_person(subject: str) -> None:
    """The name of a body or a place beside a person does not speak, nor does "ia" mean it."""
    text = f"{subject} menilai tarif baru terlalu tinggi. “Ini harus ditinjau ulang,” katanya."
    assert [speaker for _, speaker in said(text)] == ["Rini Astuti", "Rini Astuti"]


@pytest.mark.parametrize(
    "introduction",
    [
        "Hal itu disorot Rini Astuti, pegiat kelompok penumpang.",
        "Berbeda dengan Hasan, pengusaha mebel Jepara Rini Astuti merasa cemas.",
        "Tak jauh dari stasiun, Rini Astuti menata dagangan di kiosnya.",
        "Kepala Puskesmas Kaliwuni, Rini Astuti, punya catatan lain.",
    ],
)
def test_pronoun_means_the_nearest_person(introduction: str) -> None:
    """Who was introduced last, with an apposition or a verb, goes before who spoke last."""
    text = (
        "“Jalannya sudah bagus sekali,” kata Presiden Hasan Basri. Hasan lalu pulang.\n\n"
        f"{introduction} “Busnya jarang datang pada sore hari,” katanya."
    )
    assert said(text)[-1] == ("Busnya jarang datang pada sore hari,", "Rini Astuti")


def test_things_do_not_speak() -> None:
    """A report, or a word with a capital letter only at the head of a sentence, is no speaker."""
    text = (
        "Laporan panel itu menyimpulkan bahwa aturan baru melanggar perjanjian dagang.\n\n"
        "Pasien itu sembuh. Banyak kapal rusak. Kapal meminta tambahan waktu dua pekan lagi."
    )
    assert [speaker for _, speaker in said(text)] == [None, None]
    text = "The Outlook says that members should talk rather than compete."
    assert [speaker for _, speaker in said(text, language="en")] == [None]


def test_stance_of_a_person_is_a_statement() -> None:
    """ "mendukung" reports a person's view; of a thing or a body it reports nothing."""
    text = "Sekjen ITU Hasan Basri sangat mendukung usulan tarif baru, dan mengharapkan laporan."
    assert said(text) == [("usulan tarif baru, dan mengharapkan laporan", "Hasan Basri")]
    text = "Pada kesempatan yang sama Sekjen ITU Hasan Basri mendukung usulan tarif baru."
    assert said(text) == [("usulan tarif baru", "Hasan Basri")]
    assert read("Jalan baru itu mendukung kelancaran arus barang di pelabuhan.") == []


def test_negated_willingness_is_not_reported() -> None:
    """ "tidak keberatan meminta" asks for nothing; "tidak henti-hentinya" does not negate."""
    assert read("Rini Astuti tidak keberatan meminta izin kepada para pelanggan.") == []
    text = "Rini Astuti tidak henti-hentinya mengingatkan warga agar tidak bepergian."
    assert said(text) == [("warga agar tidak bepergian", "Rini Astuti")]


@pytest.mark.parametrize(
    "text,language",
    [
        ("Film “Panen Terakhir di Ladang Ayah” tayang Jumat depan.", "id"),
        ("He watched “The Long Harvest of Our Fathers” twice last week.", "en"),
        ("The so-called “green tax” was repealed.", "en"),
        ("Menurut UU Nomor 12 Tahun 2011, rancangan itu harus dibahas dahulu.", "id"),
        ("Menurut Pasal 5 ayat (1), pembeli berhak atas ganti rugi.", "id"),
        ("According to the 2019 Water Act, every dam must be inspected yearly.", "en"),
        ("Menurut rencana, jembatan itu dibuka bulan Mei.", "id"),
        ("Menurut kabar yang beredar, ia sudah mundur dari jabatannya.", "id"),
        ("Marta Kusuma tidak pernah mengatakan bahwa dana itu cair.", "id"),
        ("Ketika ditanya soal dana itu, Marta Kusuma enggan menjawab.", "id"),
        ("Quill did not say that the dam would hold.", "en"),
        ("Quill declined to say whether the dam would hold.", "en"),
        ("Neither Voss nor Quill said the dam was safe.", "en"),
        ("Kata kunci dari rapat itu adalah kerja sama antardaerah.", "id"),
        ("Ia diminta untuk menjelaskan masalah itu kepada polisi.", "id"),
        ("Industri film boleh berharap banyak dari karya baru itu.", "id"),
        ("Tanda itu dibuat untuk mencegah orang lain mengakui karya tersebut.", "id"),
    ],
)
def test_nobody_said_it(text: str, language: str) -> None:
    """Titles, coinages, laws, plans, rumours and denials of having spoken are no statements."""
    assert said(text, language=language) == []


@pytest.mark.parametrize(
    "text,clause,speaker",
    [
        ("“We had no warning at all,” Quill told reporters.", "We had no warning at all,", "Quill"),
        ("Marta Quill told the council the dam was safe.", "the dam was safe", "Marta Quill"),
        ("Voss said on Friday, after a meeting, that taxes may rise.", "taxes may rise", "Voss"),
        ("Quill added that inspections would double.", "inspections would double", "Quill"),
        (
            "The dam will hold through spring, according to Marta Quill, the chief engineer.",
            "The dam will hold through spring",
            "Marta Quill",
        ),
        (
            "According to the Ministry of Water, the dam will hold.",
            "the dam will hold",
            "the Ministry of Water",
        ),
        (
            "Harlan Voss, the mayor of Eastmere, said he had asked for more buses.",
            "he had asked for more buses",
            "Harlan Voss",
        ),
        ("Lorne’s office said the visit was short.", "the visit was short", "Lorne’s office"),
        ("It was, Harlan Voss conceded, a mistake.", None, "Harlan Voss"),
        ("“It is over,” a spokeswoman for the mayor said.", "It is over,", None),
        ("“Never again!” shouted Tom Abara.", "Never again!", "Tom Abara"),
        ("Quill asked whether the dam would hold.", "whether the dam would hold", "Quill"),
    ],
)
def test_english_reporting(text: str, clause: str | None, speaker: str | None) -> None:
    """Listeners, days, appositions and inverted order leave clause and speaker whole."""
    (found,) = read(text, language="en")
    assert clause is None or found.span.of(text) == clause
    assert speaker is None or found.speaker == speaker


@pytest.mark.parametrize(
    "text,clauses",
    [
        (
            '"Warga sudah pindah", kata Deni Saputra, "tetapi rumahnya belum jadi".',
            ["Warga sudah pindah", "tetapi rumahnya belum jadi"],
        ),
        (
            "“ Warga sudah pindah semua kemarin, ” ujar Deni Saputra.\n“ Rumahnya belum jadi. ”",
            ["Warga sudah pindah semua kemarin,"],
        ),
        ("“Sia-sia belaka,” begitu kata Deni Saputra.", ["Sia-sia belaka,"]),
        ("“Mari ikut kami,” teriak Deni Saputra.", ["Mari ikut kami,"]),
        ("Aturan itu menurut Deni Saputra hanya berlaku setahun saja.", []),
        ("Menurut Deni Saputra, bahwa warga sudah pindah.", ["warga sudah pindah"]),
    ],
)
def test_split_and_badly_set_quotations(text: str, clauses: list[str]) -> None:
    """Halves split by the cue, marks with blanks beside them, stops outside the marks."""
    found = read(text)
    assert [s.span.of(text) for s in found][: len(clauses)] == clauses
    assert {s.speaker for s in found} <= {"Deni Saputra"}


def test_data_of_a_body_are_its_words() -> None:
    """ "menurut data BPS" is said by BPS; a report of nobody in particular by nobody."""
    assert said("Menurut data BPS, inflasi Maret mencapai tiga persen.") == [
        ("inflasi Maret mencapai tiga persen", "BPS")
    ]
    assert said("Menurut laporan Bank Dunia, ekonomi tumbuh lima persen.")[0][1] == "Bank Dunia"


def test_headline_says_nothing_and_names_nobody() -> None:
    """What a headline quotes is said below; its capitals are no part of a name."""
    text = (
        "“Kami Rugi Besar,” Keluh Pedagang Cabai\n\n“Kami rugi besar,” keluh Sari Utami.\n"
        "Ingin Segera Pulang, Sari Utami Bawa Dua Koper\n“Hujan turun terus,” kata Sari."
    )
    assert said(text) == [("Kami rugi besar,", "Sari Utami"), ("Hujan turun terus,", "Sari Utami")]


@pytest.mark.parametrize(
    "subject",
    ["Pria kelahiran Solo itu", "Dirinya", "Di forum itu ia", "Perempuan 40 tahun tersebut"],
)
def test_somebody_named_before(subject: str) -> None:
    """ "Pria kelahiran Solo itu" and a pronoun far into the sentence mean who spoke last."""
    text = f"“Stok aman,” kata Rudi Hartawan. {subject} juga menyebut harga akan turun lagi."
    assert said(text)[-1] == ("harga akan turun lagi", "Rudi Hartawan")


def test_they_are_the_body_that_spoke() -> None:
    """ "Mereka" is the body that spoke last, and nobody where there is none."""
    text = "Lembaga Riset Upah Sagita menyebut upah naik tajam. Mereka menilai harga juga naik."
    assert {speaker for _, speaker in said(text)} == {"Lembaga Riset Upah Sagita"}
    assert said("Budi Laksono tiba. Mereka menilai harga beras naik.") == []


def test_a_team_is_not_the_person_it_works_for() -> None:
    """ "Tim kuasa hukum Miryam" is not Miryam."""
    text = "Rini Astuti hadir. Tim kuasa hukum Rini menilai hakim itu sangat keliru."
    assert [speaker for _, speaker in said(text)] == ["Tim kuasa hukum Rini"]


def test_words_without_a_cue_are_those_of_who_spoke() -> None:
    """A quotation by itself goes on for who spoke before, and is nobody's at the start."""
    alone = "“Kami menolak rencana itu dan akan terus melawan.”"
    assert said(alone)[0][1] is None
    text = f"“Stok aman,” kata Rudi Hartawan. Ia lalu pulang.\n\n{alone}"
    assert said(text)[-1][1] == "Rudi Hartawan"


@pytest.mark.parametrize(
    "text,role,affiliation",
    [
        (
            "“Stok aman,” kata Kepala Dinas Kesehatan Kota Kendal Rudi Hartawan.",
            "Kepala",
            "Dinas Kesehatan Kota Kendal",
        ),
        (
            "Rudi Hartawan, peneliti Pusat Studi Pangan, menilai stok beras aman.",
            "peneliti",
            "Pusat Studi Pangan",
        ),
        ("“Stok aman,” kata Wali Kota Kudus Rudi Hartawan.", "Wali Kota Kudus", None),
        (
            "Wakil Direktur Polda Sagita, Kombes Pol. Rudi Hartawan mengatakan situasi aman saja.",
            "Wakil Direktur",
            "Polda Sagita",
        ),
        ("“Stok aman,” kata Rudi Hartawan (45), pedagang beras di Kendal.", "pedagang beras", None),
        ("Menurut Rudi Hartawan, warga sudah pindah semua kemarin.", None, None),
    ],
)
def test_role_and_affiliation_as_written(
    text: str, role: str | None, affiliation: str | None
) -> None:
    """What the article says of a speaker is kept in its words, and nothing made up."""
    (found,) = read(text)
    assert (found.speaker, found.role, found.affiliation) == ("Rudi Hartawan", role, affiliation)


def _news(size: int) -> str:
    """Ordinary news text of about *size* characters with ever new people and offices."""
    names = [
        "".join(pair) for pair in itertools.product("BDGHKLMNPRSTW", "aeiou", "lmnrst", "aiou")
    ]
    pieces: list[str] = []
    for number in range(size // 420):
        first, last = names[number % 1009], names[number * 7 % 1201 % len(names)]
        pieces.append(
            f"Kepala Dinas {names[number % 53]} {first} {last}to mengatakan bahwa jalan dibuka.\n\n"
            f"“Pekerjaan selesai pekan depan,” kata {first} di kantor bupati, Senin (3/8/2020)."
            f" Menurut {last}to, warga sudah menunggu sejak lama. Ia berharap anggaran cukup.\n\n"
            f"“Kami mengawasi proyek itu setiap hari tanpa henti,” ujar Kepala Dinas"
            f" {names[number % 53]}. Warga dari desa tetangga ikut membantu pekerjaan tersebut.\n\n"
        )
    return "".join(pieces)


def test_long_text_takes_time_in_proportion() -> None:
    """1 MB of news takes less than 10 s, and four times the text at most 6 times the time."""

    def seconds(text: str) -> float:
        # As timeit does: what other tests left is not to be searched for garbage meanwhile.
        gc.collect()
        gc.disable()
        try:
            begun = time.process_time()
            read(text)
            return time.process_time() - begun
        finally:
            gc.enable()

    whole = _news(1_000_000)
    quarter = min(seconds(_news(250_000)) for _ in range(2))
    taken = seconds(whole)
    assert taken < 10
    assert taken <= 6 * quarter + 0.2


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
    """20,000 unbalanced marks, or any cue without end, take less than two seconds of work."""
    text = piece * (20_000 if len(piece) < 4 else 60_000 // len(piece))
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 2


def test_same_person() -> None:
    """Titles, short names, initials, apostrophes and aliases name one person; others do not."""
    assert same_person("Jokowi", "Presiden Joko Widodo")
    assert same_person("Menlu Retno", "Retno Marsudi")
    assert same_person("Ma’ruf Amin", "Wapres Ma'ruf Amin")
    assert same_person("B.J. Habibie", "Bacharuddin Jusuf Habibie")
    assert same_person("SBY", "Susilo Bambang Yudhoyono")
    assert not same_person("Joko Widodo", "Joko Tjandra")
    assert not same_person("", "Joko Widodo")


@pytest.mark.parametrize("unit", ["Dinas Kesehatan Kota ", "Menteri Hukum, ", "Budi bin "])
def test_a_table_of_offices_takes_no_time(unit: str) -> None:
    """A megabyte without a full stop takes a second, not minutes."""
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    people(text)
    assert time.process_time() - started < 20


def test_what_same_person_must_not_join() -> None:
    """An initial alone, an office of another country, a body and its branch are others."""
    assert same_person("A. Wirawan", "Anton Wirawan")
    assert not same_person("A. Wirawan", "Budi Wirawan")
    assert not same_person("S. Iswara", "Salim")
    assert not same_person("Presiden", "Presiden Prancis")
    assert same_person("Sekjen PBB", "Sekretaris Jenderal PBB")
    assert not same_person("Bank Indonesia", "Indonesia")
    assert same_person("retno", "Retno Marsudi")


@pytest.mark.parametrize(
    "office,role,affiliation",
    [
        ("Menteri Luar Negeri RI", "Menteri Luar Negeri RI", None),
        ("Juru Bicara KPK", "Juru Bicara", "KPK"),
        ("Direktur Operasional Toko Lembayung", "Direktur Operasional", "Toko Lembayung"),
        ("chief executive of Riverton Water", "chief executive", "Riverton Water"),
        ("pedagang cabai", "pedagang cabai", None),
    ],
)
def test_split_office(office: str, role: str, affiliation: str | None) -> None:
    """A role ends where the name of a body begins."""
    assert split_office(office) == (role, affiliation)


def test_fold() -> None:
    """A folded name has no title, accent, apostrophe or capital."""
    assert fold("Presiden Jokowi") == fold("Joko Widodo") == "joko widodo"
    assert fold("Dr. Zoë O’Hara") == "zoe ohara"
    assert fold_role("Sekjen PBB itu") == fold_role("Sekretaris Jenderal PBB")
    assert fold_role("Kepala Negara") == fold_role("Presiden")
    assert fold_role("the Head of State") == fold_role("President")


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


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # A club, a company or a place between an office and the name.
        (
            "Manajer Persada Merapi Jürgen Koppel memuji timnya.\n\n"
            "“Kami tidak pernah berhenti percaya,” kata Koppel.",
            {"Jürgen Koppel"},
        ),
        (
            "Gelandang Harimau Selatan Marco Pereira absen tiga pekan.\n\n"
            "Bos Harimau Selatan Didik Suhendra mengaku kecewa dengan jadwal padat.",
            {"Didik Suhendra"},
        ),
        (
            "Maskapai Garuda Timur membuka rute baru. “Permintaannya meningkat,” kata Direktur"
            " Niaga Garuda Timur Monika Tansil.",
            {"Monika Tansil"},
        ),
        ("Wakil Ketua Komisi V Sarwono Adi menolak. “Tidak bisa,” kata Sarwono.", {"Sarwono Adi"}),
        # Three words may be a name all the same.
        (
            "Pemain Galih Dimas Darmono cedera. “Saya akan kembali,” kata Galih.",
            {"Galih Dimas Darmono"},
        ),
        # By what somebody is, and not by the name within it.
        (
            "Ketua Komisi IX Nurlaila Hasanah meminta data dibuka. “Masyarakat berhak tahu,” kata"
            " politikus Partai Cahaya Bangsa itu.",
            {"Nurlaila Hasanah"},
        ),
        (
            "Penyanyi Kirana Puspita batal tampil. Menurut sang penyanyi, suaranya belum pulih"
            " sepenuhnya.",
            {"Kirana Puspita"},
        ),
        ("Band itu bubar. “Kami lelah,” kata sang gitaris Riko.", {"Riko"}),
        (
            "Galih Nugraha melihatnya. “Dia lari,” kata saksi yang tidak disebutkan namanya itu.",
            {"saksi"},
        ),
        # Titles, single names, a chain of degrees.
        (
            "Pemilik gudang, Haji Saefudin, menyerahkan kasus itu. “Saya ikhlas,” katanya.",
            {"Saefudin"},
        ),
        ("Bu Tatik, penjual nasi, ikut mendengarkan. “Adem,” katanya.", {"Tatik"}),
        (
            "Dr. Ir. Bambang Sutedja, M.Sc., dosen Universitas Kencana, menilai pesan itu tepat.",
            {"Bambang Sutedja"},
        ),
        (
            "Ketua Kelompok Tani Subur Jaya, Kasmin, mengeluh. “Kami rugi,” kata dia.",
            {"Kasmin"},
        ),
        ("Ia dirawat di RSUD Dr Soetomo. “Kondisinya stabil,” katanya.", {None}),
        # Through a spokesman; by a document.
        (
            "Presiden Rusia, melalui juru bicaranya Oleg Markov, menyebut pertemuan itu provokasi.",
            {"Oleg Markov"},
        ),
        (
            "Emisi naik 4 persen, menurut laporan Institut Iklim Khatulistiwa. Kenaikan terbesar"
            " berasal dari batu bara, lanjut laporan itu.",
            {"Institut Iklim Khatulistiwa"},
        ),
        # An office by the letters of its body; a name by which somebody is called.
        (
            "Wakil Ketua Majelis Permusyawaratan Rakyat (MPR) Mahyudin hadir. “Perlu kesadaran,”"
            " kata Wakil Ketua MPR.",
            {"Mahyudin"},
        ),
        (
            "Pelatih Wahyu Widayat Jati, yang akrab disapa Cacing, senang. “Siap,” kata Cacing.",
            {"Wahyu Widayat Jati"},
        ),
        ("Kapten Chelsea, Gary Cahill telah pergi. “Maaf,” ungkap kapten itu.", {"Gary Cahill"}),
        # Cues at the head of a sentence, after an invisible mark, and of who also says so.
        (
            "Tiga orang diperiksa Galih Nugraha. Kata Galih, ketiganya tidak datang lagi.",
            {"Galih Nugraha"},
        ),
        ("“Sedang dilacak polisi, ”\u200e kata Robert Manalu di Jayapura.", {"Robert Manalu"}),
        (
            "Kabar itu datang dari Galih Nugraha yang juga mengatakan bahwa harga sudah turun.",
            {"Galih Nugraha"},
        ),
        (
            "Kekasih Ani Lestari, Budi Raharjo, menunggu. “Lama,” kata kekasih Ani itu.",
            {"Budi Raharjo"},
        ),
        # Whose team; what stands after "itu"; commas within the name of a body.
        (
            "Pelatih Laskar Timur Fabio Moretti mengecam keputusan wasit itu. “Ini keterlaluan,”"
            " kata Moretti geram.",
            {"Fabio Moretti"},
        ),
        (
            "Film karya sutradara muda Bening Prameswari menang. “Saya belum percaya,” tutur"
            " perempuan 26 tahun itu lewat telepon.",
            {"Bening Prameswari"},
        ),
        (
            "Badan Meteorologi, Klimatologi, dan Geofisika (BMKG) memperkirakan hujan turun lagi.",
            {"Badan Meteorologi, Klimatologi, dan Geofisika"},
        ),
        # A verb only before a quotation.
        ("Dirut Felix Hartanto menjawab, “Sekitar Rp90 miliar, Pak.”", {"Felix Hartanto"}),
        ("Suaminya, aktor Reza Adhiyaksa, membalas. “Besok libur,” cuitnya.", {"Reza Adhiyaksa"}),
        # The first line is no title when somebody speaks in it.
        (
            "“Kalau jalan ini selesai,” kata Bupati Wira Kusnadi, “harga pasti turun.”\n\nLain.",
            {"Wira Kusnadi"},
        ),
    ],
)
def test_indonesian_speakers_in_the_manner_of_news(text: str, speakers: set[str | None]) -> None:
    """Whoever speaks, and nobody else, by the whole name."""
    assert {s.speaker for s in read(text)} == speakers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Transport minister David Akande rejected it. “There is nothing to hide,” the minister"
            " told lawmakers, adding that the delay was short.",
            [
                ("There is nothing to hide,", "David Akande"),
                ("the delay was short", "David Akande"),
            ],
        ),
        (
            "Mayor Judith Carver and her brother, Neil Carver, disagree. Neil Carver said it had"
            " been altered. The mayor declined to comment. “I have said enough,” she said.",
            [("it had been altered", "Neil Carver"), ("I have said enough,", "Judith Carver")],
        ),
        (
            "Fiona Galbraith ran the clinic. Her husband, Ewan Galbraith, drove the ambulance. “We"
            " had one thermometer,” she recalled. “Twice I dug it out,” he added.",
            [
                ("We had one thermometer,", "Fiona Galbraith"),
                ("Twice I dug it out,", "Ewan Galbraith"),
            ],
        ),
        (
            "A statement by the finance ministry said no money had been requested.",
            [("no money had been requested", "the finance ministry")],
        ),
        (
            "Stocks will fall, according to a report by the World Crop Observatory published on"
            " Monday. The report said drought had cut yields. “Prices will rise,” it added.",
            [
                ("Stocks will fall", "the World Crop Observatory"),
                ("drought had cut yields", "the World Crop Observatory"),
                ("Prices will rise,", "the World Crop Observatory"),
            ],
        ),
        (
            "“Not the silver,” Wendell Price added. “The photographs.”",
            [("Not the silver,", "Wendell Price"), ("The photographs.", "Wendell Price")],
        ),
        (
            "Leader Samuel Briggs was angry. According to him, trade had fallen by a third.",
            [("trade had fallen by a third", "Samuel Briggs")],
        ),
        (
            "Biologists in Tarn say they have found a coral that glows in the dark.",
            [("they have found a coral that glows in the dark", "Biologists")],
        ),
        (
            "Police spokesman Inspector Ravi Menon confirmed that one person was held.",
            [("one person was held", "Ravi Menon")],
        ),
    ],
)
def test_english_speakers_in_the_manner_of_news(
    text: str, found: list[tuple[str, str | None]]
) -> None:
    """Pronouns, offices and documents stand for whom the article names."""
    assert said(text, language="en") == found


def test_an_interview_in_questions_and_answers() -> None:
    """What follows "A:" are the words of whoever is interviewed, and the questions are nobody's."""
    text = (
        "The conductor Tomás Villareal left the orchestra. “I miss it,” he says.\n\n"
        "Q: Why did you leave?\n\nA: I wanted to hear silence.\n\n"
        "Q: Will you return?\n\nA: Never.\n"
    )
    assert said(text, language="en") == [
        ("I miss it,", "Tomás Villareal"),
        ("I wanted to hear silence.", "Tomás Villareal"),
        ("Never.", "Tomás Villareal"),
    ]
    # Without a question there is no interview: "A:" is the first of a list.
    assert said("Two ways.\n\nA: Walk to the sea.\n\nB: Take the bus.\n", language="en") == []


def test_answers_without_marks_or_cues() -> None:
    """Whoever is said to be interviewed speaks in the quotations that have no other speaker."""
    text = (
        "Berikut petikan wawancara dengan Direktur Utama PT Angkasa Biru, Ratna Kumalasari.\n\n"
        "Bagaimana tahun depan?\n\n“Persaingan makin ketat, tetapi pasarnya juga tumbuh.”\n"
    )
    assert [speaker for _, speaker in said(text)] == ["Ratna Kumalasari"]

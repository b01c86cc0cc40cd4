"""What is wrong with a file, or with a list of questions, in the language of the page.

``qa.ingest`` and ``qa.evaluation`` say it in English; here is the same in
Indonesian. What is not here is shown as it is.
"""

from __future__ import annotations

import re

from qa.errors import IngestError

# {} stands for what differs: a suffix, a number, a name.
INDONESIAN = {
    "Kutip does not read files without a suffix": "Kutip tidak membaca berkas tanpa akhiran",
    "Kutip does not read {}": "Kutip tidak membaca {}",
    "save it as one of {}": "simpan sebagai salah satu dari {}",
    "the file is empty": "berkasnya kosong",
    "add a file with text in it": "tambahkan berkas yang berisi teks",
    "the file is damaged or not really {} ({})": "berkasnya rusak atau sebenarnya bukan {} ({})",
    "open it in the program that made it and save a fresh copy": "buka dengan program yang "
    "membuatnya dan simpan salinan baru",
    "no text found in the file": "tidak ada teks di dalam berkas",
    "only page furniture, no article": "hanya perangkat halaman, tanpa artikel",
    "add the article itself": "tambahkan artikelnya sendiri",
    "an old Word file (.doc) or one protected by a password": "berkas Word lama (.doc) atau "
    "dilindungi kata sandi",
    "save it as .docx without a password": "simpan sebagai .docx tanpa kata sandi",
    "the file is binary, not text": "isinya biner, bukan teks",
    "the file is encrypted": "berkasnya terenkripsi",
    "the file is {}, not text": "isinya bukan teks ({})",
    "add the text itself": "tambahkan teksnya sendiri",
    "the content is not a PDF": "isinya bukan PDF",
    "the content is not a Word document": "isinya bukan dokumen Word",
    "check that it opens elsewhere": "periksa apakah bisa dibuka dengan program lain",
    "the PDF is encrypted": "PDF-nya terenkripsi",
    "save a copy without a password": "simpan salinan tanpa kata sandi",
    "the PDF is damaged": "PDF-nya rusak",
    "open it in a PDF reader and save a fresh copy": "buka dengan pembaca PDF dan simpan salinan "
    "baru",
    "the PDF holds pictures of pages and no text": "PDF ini berisi gambar halaman tanpa teks",
    "run text recognition (OCR) first": "jalankan pengenalan teks (OCR) lebih dulu",
    "more than {} pages": "lebih dari {} halaman",
    "more than {} characters": "lebih dari {} karakter",
    "more than {} files": "lebih dari {} berkas",
    "split the PDF": "bagi PDF-nya",
    "split the file": "bagi berkasnya",
    "split the document": "bagi dokumennya",
    "split the archive": "bagi arsipnya",
    "larger than the limit of {}": "lebih besar dari batas {}",
    "it unpacks to more than {}": "setelah dibuka lebih besar dari {}",
    "an archive and not a Word document": "sebuah arsip, bukan dokumen Word",
    "add the files in it": "tambahkan berkas-berkas di dalamnya",
    "an archive": "sebuah arsip",
    "add what is in it": "tambahkan isinya",
    "no such file": "berkasnya tidak ada",
    "check the path": "periksa lokasinya",
    "permission denied": "tidak ada izin untuk membacanya",
    "allow yourself to read it and add it again": "beri izin baca, lalu tambahkan lagi",
    "it cannot be opened ({})": "tidak dapat dibuka ({})",
    "it is a folder": "ini sebuah folder",
    "it is not a regular file": "ini bukan berkas biasa",
    "add the files themselves": "tambahkan berkas-berkasnya sendiri",
    "no documents in the archive ({})": "tidak ada dokumen di dalam arsip ({})",
    "add another one": "tambahkan arsip lain",
    "encrypted": "terenkripsi",
    "make the archive again without a password": "buat lagi arsipnya tanpa kata sandi",
    "it is damaged in the archive": "rusak di dalam arsip",
    "no zip archive, or a damaged one": "bukan arsip zip, atau arsipnya rusak",
    "make the archive again": "buat lagi arsipnya",
    "the archive has another file of this name": "di arsip ada berkas lain dengan nama ini",
    "rename one": "ganti nama salah satunya",
    "its name in the archive leads out of it ({})": "namanya di arsip menunjuk ke luar arsip ({})",
    "zip the folder itself": "buat zip dari foldernya sendiri",
    "a link and not a file": "sebuah tautan, bukan berkas",
    "put the file itself into the archive": "masukkan berkasnya sendiri ke dalam arsip",
    "an archive within an archive": "arsip di dalam arsip",
    "unpack it and add what is in it": "buka arsipnya dan tambahkan isinya",
    "packed in an unusual way": "dikemas dengan cara yang tidak biasa",
    "make an ordinary zip archive": "buat arsip zip biasa",
}


# Of lists of questions and settings of a measurement; before it may stand a file and a line.
INDONESIAN_LISTS = {
    "no questions; write one in each row": "tidak ada pertanyaan; tulis satu per baris",
    "no question; fill in the question or remove the row": "tidak ada pertanyaan; isi "
    "pertanyaannya atau hapus barisnya",
    "no question; name it question or pertanyaan": "tidak ada pertanyaan; beri nama question atau "
    "pertanyaan",
    "no column called question; the first row names the columns: question, expected source, "
    "expected text, answerable": "tidak ada kolom bernama pertanyaan; baris pertama memuat nama "
    "kolom: pertanyaan, sumber, teks, bisa dijawab",
    "not used: {}; the first row names the columns: question, expected source, expected text, "
    "answerable": "tidak dipakai: {}; baris pertama memuat nama kolom: pertanyaan, sumber, teks, "
    "bisa dijawab",
    "{} cells where the first row has {}; put a text with a separator in it between quotation "
    "marks": "{} sel, padahal baris pertama berisi {}; apit teks yang memuat pemisah dengan tanda "
    "petik",
    "neither an expected text nor an expected source; fill one in, or write no under answerable": (
        "tidak ada teks maupun sumber yang diharapkan; isi salah satunya, atau tulis “tidak” di "
        "kolom bisa dijawab"
    ),
    "answerable, but neither an expected text nor an expected source; fill one in": "bisa "
    "dijawab, tetapi tidak ada teks maupun sumber yang diharapkan; isi salah satunya",
    "an expected text, but not answerable; correct one of the two": "ada teks yang diharapkan, "
    "tetapi tidak bisa dijawab; perbaiki salah satunya",
    "{} under answerable; write yes or no": "{} di kolom bisa dijawab; tulis ya atau tidak",
    "the id {} is taken by line {}; change one": "id {} sudah dipakai baris {}; ubah salah satunya",
    "and {} more": "dan {} lagi",
    "a workbook; open it, and save the sheet as CSV UTF-8": "sebuah buku kerja; buka, lalu simpan "
    "lembarnya sebagai CSV UTF-8",
    "damaged ({}); save it again": "rusak ({}); simpan lagi",
    "not UTF-8; save it as CSV UTF-8 or as JSON lines in UTF-8": "bukan UTF-8; simpan sebagai CSV "
    "UTF-8 atau JSON lines dalam UTF-8",
    "{}; save it again from a spreadsheet as CSV UTF-8": "{}; simpan lagi dari lembar kerja "
    "sebagai CSV UTF-8",
    "not JSON ({}); one object a line": "bukan JSON ({}); satu objek per baris",
    "expected an object with question": "seharusnya objek dengan pertanyaan",
    "{}; name a file of questions": "{}; pilih berkas berisi pertanyaan",
    "somebody else is writing to it; try again in a moment": "sedang ditulis oleh orang lain; coba "
    "lagi sesaat lagi",
    "{}; the file is as it was": "{}; berkasnya tidak berubah",
    "no question is left to ask": "tidak ada pertanyaan yang bisa diajukan",
    "what is right has not been said; write down the expected text, or no under answerable; the "
    "question is left out": "jawaban yang benar belum disebut; tulis teks yang diharapkan, atau "
    "“tidak” di kolom bisa dijawab; pertanyaan ini tidak ikut",
    "no document called {} in the corpus; kutip list shows them; the question is left out": "tidak "
    "ada dokumen bernama {} dalam korpus; lihat tab Dokumen; pertanyaan ini tidak ikut",
    "the expected text {} is not in {} but in {}; correct the expected source; the question is "
    "left out": "teks {} tidak ada di {}, tetapi di {}; perbaiki sumbernya; pertanyaan ini tidak "
    "ikut",
    "the expected text {} is nowhere in the corpus; copy it from the document as it stands there; "
    "the question is left out": "teks {} tidak ada di korpus; salin dari dokumen persis seperti "
    "tertulis; pertanyaan ini tidak ikut",
    "the expected text {} is nowhere in {}; copy it from the document as it stands there; the "
    "question is left out": "teks {} tidak ada di {}; salin dari dokumen persis seperti tertulis; "
    "pertanyaan ini tidak ikut",
    "the expected text {} is nowhere in the corpus; {} has {}; copy it as it stands there; the "
    "question is left out": "teks {} tidak ada di korpus; di {} tertulis {}; salin persis seperti "
    "itu; pertanyaan ini tidak ikut",
    "the expected text {} is nowhere in {}; {} has {}; copy it as it stands there; the question "
    "is left out": "teks {} tidak ada di {}; di {} tertulis {}; salin persis seperti itu; "
    "pertanyaan ini tidak ikut",
    "line {} asks the same and says the opposite under answerable; correct one of the two; the "
    "question is left out": "baris {} menanyakan hal yang sama, tetapi isi kolom bisa dijawab "
    "berlawanan; perbaiki salah satunya; pertanyaan ini tidak ikut",
    "the same question as line {}; they count as one": "pertanyaannya sama dengan baris {}; "
    "keduanya dihitung satu",
    "the expected text {} stands in {} documents; give more of it, or the expected source; the "
    "question is left out": "teks {} ada di {} dokumen; tulis lebih panjang, atau sebut sumbernya; "
    "pertanyaan ini tidak ikut",
    "the expected text {} stands only in page furniture, which is never quoted; choose a sentence "
    "of the article; the question is left out": "teks {} hanya ada di perangkat halaman, yang "
    "tidak pernah dikutip; pilih kalimat dari artikelnya; pertanyaan ini tidak ikut",
    "neither a file nor a setting; settings are hybrid, dense, lexical, weight=0 to 1, k=1 to 100 "
    "and model=NAME, joined by commas": "bukan berkas dan bukan setelan; setelan: hybrid, dense, "
    "lexical, weight=0 sampai 1, k=1 sampai 100, dan model=NAMA, dipisah koma",
    "{} is set twice; leave one out": "{} disebut dua kali; hapus salah satunya",
    "an empty setting; say hybrid, dense, lexical, weight=, k= or model=": "setelan kosong; tulis "
    "hybrid, dense, lexical, weight=, k=, atau model=",
}


def in_words(error: IngestError, language: str) -> str:
    """What is wrong with a file, and what to do."""
    parts = (error.problem, error.remedy)
    return "; ".join(_indonesian(part) if language == "id" else part for part in parts)


def of_list(text: str, language: str) -> str:
    """What is wrong with a list of questions, line by line, each after its file and line."""
    if language != "id":
        return text
    return "\n".join(_of_line(line) for line in text.split("\n"))


LONGEST = 600  # characters; what somebody wrote into a list may be of any length


def _of_line(line: str) -> str:
    if len(line) > LONGEST:
        return line
    for english, indonesian in INDONESIAN_LISTS.items():
        if found := re.fullmatch(f"((?:.*?: )?){_pattern(english)}", line, re.DOTALL):
            where, *blanks = found.groups()
            return where + indonesian.format(*blanks)
    return line


def _indonesian(text: str) -> str:
    for english, indonesian in INDONESIAN.items():
        if found := re.fullmatch(_pattern(english), text, re.DOTALL):
            return indonesian.format(*found.groups())
    return text


def _pattern(english: str) -> str:
    return re.escape(english).replace(r"\{\}", "(.+)")

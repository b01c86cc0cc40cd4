"""Why a file could not be added, in the language of the page.

``qa.ingest`` says it in English; here is the same in Indonesian. What is not here
is shown as it is.
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


def in_words(error: IngestError, language: str) -> str:
    """What is wrong with a file, and what to do."""
    parts = (error.problem, error.remedy)
    return "; ".join(_indonesian(part) if language == "id" else part for part in parts)


def _indonesian(text: str) -> str:
    for english, indonesian in INDONESIAN.items():
        pattern = re.escape(english).replace(r"\{\}", "(.+)")
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return indonesian.format(*found.groups())
    return text

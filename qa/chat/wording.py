"""What the chat itself says, in English and Indonesian.

Only words of the page; quotes come from documents and are never translated.
``qa.answering.texts`` has the words that the command line says too.
"""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "tagline": "Who said what, and where it is written.",
        "holds": "{n} documents{dates}",
        "chat": "Ask",
        "documents": "Documents",
        "question": "Question",
        "placeholder": "Ask in English or Indonesian, e.g. What did Jokowi say about…",
        "send": "Ask",
        "welcome": "Ask your documents. Every answer is a quote you can check.",
        "sources": "Sources",
        "sources_empty": "The articles behind an answer appear here, with the quote highlighted.",
        "earlier": "Earlier answers",
        "searching": "Searching {n} documents…",
        "checking": "Checking every quote against its article…",
        "searched": "Searched {n} documents",
        "no_answer": "Not in the documents",
        "nearest": "Nearest passages — not an answer",
        "nearest_note": "The closest text found. It does not answer the question.",
        "speaker": "Speaker",
        "page": "p. {n}",
        "open": "Open the article",
        "cut": "(only the part around the quote is shown)",
        "back": "Back to the answer",
        "unverified": "A quote no longer matches its article and is not shown. "
        "Add the file again to refresh it.",
        "empty_question": "Please type a question.",
        "too_long": "The question has {n} characters; the limit is {limit}. Please shorten it.",
        "failed": "That did not work",
        "unexpected": "Something went wrong while searching. The terminal shows the details.",
        "upload": "Add files: drop them here or click",
        "add_report": "Added {added}, unchanged {unchanged}, failed {failed}.",
        "adding": "Reading {name}",
        "search_documents": "Documents in the corpus",
        "pick": "Click a document in the table to remove it.",
        "picked": "Selected:",
        "remove": "Remove from the corpus",
        "removed": "Removed: {title}",
        "col_title": "Title",
        "col_outlet": "Outlet",
        "col_date": "Date",
        "col_language": "Language",
        "col_passages": "Passages",
        "col_source": "File",
        "about": "What is written about “{title}”?",
        "no_documents": "No documents yet. Add some under Documents.",
    },
    "id": {
        "tagline": "Siapa berkata apa, dan di mana tertulis.",
        "holds": "{n} dokumen{dates}",
        "chat": "Tanya",
        "documents": "Dokumen",
        "question": "Pertanyaan",
        "placeholder": "Tanya dalam bahasa Indonesia atau Inggris, mis. Apa kata Jokowi tentang…",
        "send": "Tanya",
        "welcome": "Tanyai dokumen Anda. Setiap jawaban adalah kutipan yang bisa diperiksa.",
        "sources": "Sumber",
        "sources_empty": "Artikel di balik jawaban muncul di sini, dengan kutipan yang disorot.",
        "earlier": "Jawaban sebelumnya",
        "searching": "Menelusuri {n} dokumen…",
        "checking": "Mencocokkan setiap kutipan dengan artikelnya…",
        "searched": "{n} dokumen ditelusuri",
        "no_answer": "Tidak ada di dokumen",
        "nearest": "Bagian terdekat — bukan jawaban",
        "nearest_note": "Teks terdekat yang ditemukan. Teks ini tidak menjawab pertanyaan.",
        "speaker": "Penutur",
        "page": "hlm. {n}",
        "open": "Buka artikel",
        "cut": "(hanya bagian di sekitar kutipan yang ditampilkan)",
        "back": "Kembali ke jawaban",
        "unverified": "Sebuah kutipan tidak lagi sama dengan artikelnya dan tidak ditampilkan. "
        "Tambahkan lagi berkasnya untuk memperbarui.",
        "empty_question": "Silakan ketik pertanyaan.",
        "too_long": "Pertanyaan ini {n} karakter; batasnya {limit}. Mohon dipersingkat.",
        "failed": "Itu tidak berhasil",
        "unexpected": "Terjadi kesalahan saat menelusuri. Rinciannya ada di terminal.",
        "upload": "Tambah berkas: seret ke sini atau klik",
        "add_report": "Ditambahkan {added}, tidak berubah {unchanged}, gagal {failed}.",
        "adding": "Membaca {name}",
        "search_documents": "Dokumen dalam korpus",
        "pick": "Klik dokumen di tabel untuk menghapusnya.",
        "picked": "Dipilih:",
        "remove": "Hapus dari korpus",
        "removed": "Dihapus: {title}",
        "col_title": "Judul",
        "col_outlet": "Media",
        "col_date": "Tanggal",
        "col_language": "Bahasa",
        "col_passages": "Bagian",
        "col_source": "Berkas",
        "about": "Apa isi berita “{title}”?",
        "no_documents": "Belum ada dokumen. Tambahkan di tab Dokumen.",
    },
}

# Questions shown when the sample article (by file name) is in the corpus.
SAMPLE_QUESTIONS = {
    "jokowi-keamanan-siber-asean": "What did Jokowi say about data protection?",
    "tiga-langkah-retno-diplomasi-digital": "Apa tiga langkah diplomasi digital menurut Retno?",
    "larangan-ekspor-bijih-nikel": "How did Jokowi react to losing the nickel dispute?",
    "kereta-cepat-whoosh-jakarta-bandung": "Apa kepanjangan Whoosh?",
    "masa-transisi-uu-pdp-berakhir": "Sudahkah lembaga pengawas data pribadi berdiri?",
    "jetp-transisi-energi-20-miliar": "How are the 20 billion dollars for energy divided?",
}


def say(language: str, key: str, **values: object) -> str:
    """The text *key* in *language*, or in English where there is none."""
    return TEXTS.get(language, TEXTS["en"])[key].format(**values)

"""What Kutip itself says, in English and Indonesian.

Only sentences of the tool; quotes come from documents and are never
translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from qa.types import Coverage, Failure, Flaw, Generated, Objection, Place, Reason

_ABSTENTIONS = {
    "en": {
        Reason.NOTHING_CLOSE: "The documents do not say.",
        Reason.SPEAKER_SILENT: "No statement by {speaker} on this was found in the documents.",
        Reason.EMPTY_CORPUS: "There are no documents yet. Add some with: kutip add FILE_OR_FOLDER",
        Reason.EMPTY_QUESTION: "Please ask a question.",
    },
    "id": {
        Reason.NOTHING_CLOSE: "Dokumen-dokumen ini tidak menyebutkannya.",
        Reason.SPEAKER_SILENT: (
            "Tidak ditemukan pernyataan {speaker} tentang hal ini dalam dokumen."
        ),
        Reason.EMPTY_CORPUS: "Belum ada dokumen. Tambahkan dengan: kutip add BERKAS_ATAU_FOLDER",
        Reason.EMPTY_QUESTION: "Silakan ajukan pertanyaan.",
    },
}

_FLAWS = {
    "en": {
        Flaw.UNCITED: "cites no quote",
        Flaw.NO_SUCH_SOURCE: "there is no quote {words}",
        Flaw.MARKUP: "holds a link or markup: {words}",
        Flaw.QUOTATION: "not the words of the cited text: {words}",
        Flaw.DATE: "date not in the cited text: {words}",
        Flaw.NUMBER: "number not in the cited text: {words}",
        Flaw.NAME: "name not in the cited text: {words}",
        Flaw.UNSUPPORTED: "says something else than the cited text",
        Flaw.CUT_OFF: "breaks off",
    },
    "id": {
        Flaw.UNCITED: "tanpa rujukan ke kutipan",
        Flaw.NO_SUCH_SOURCE: "tidak ada kutipan {words}",
        Flaw.MARKUP: "memuat tautan atau markah: {words}",
        Flaw.QUOTATION: "bukan kata-kata teks yang dirujuk: {words}",
        Flaw.DATE: "tanggal tidak ada di teks yang dirujuk: {words}",
        Flaw.NUMBER: "angka tidak ada di teks yang dirujuk: {words}",
        Flaw.NAME: "nama tidak ada di teks yang dirujuk: {words}",
        Flaw.UNSUPPORTED: "isinya lain dari teks yang dirujuk",
        Flaw.CUT_OFF: "terpotong",
    },
}

_FAILURES = {
    "en": {
        Failure.NO_CONNECTION: "it cannot be reached",
        Failure.TOO_SLOW: "it took too long",
        Failure.TOO_LONG: "it did not stop talking",
        Failure.REDIRECT: "it points to another address, which is not followed",
        Failure.ERROR: "it reports an error",
        Failure.GARBLED: "its reply cannot be read",
        Failure.UNNAMED: "it has several models or none; name one with --llm-model",
        Failure.EMPTY: "its reply is empty",
        Failure.NO_ANSWER: "it found no answer in them",
    },
    "id": {
        Failure.NO_CONNECTION: "tidak dapat dihubungi",
        Failure.TOO_SLOW: "terlalu lama",
        Failure.TOO_LONG: "tidak berhenti bicara",
        Failure.REDIRECT: "menunjuk ke alamat lain, yang tidak diikuti",
        Failure.ERROR: "melaporkan kesalahan",
        Failure.GARBLED: "jawabannya tidak terbaca",
        Failure.UNNAMED: "punya beberapa model atau tidak ada; sebut satu dengan --llm-model",
        Failure.EMPTY: "jawabannya kosong",
        Failure.NO_ANSWER: "tidak menemukan jawaban di dalamnya",
    },
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
}


def day(value: date, language: str) -> str:
    """A date as people write it: "10 September 2019"."""
    return f"{value.day} {_MONTHS[_known(language)].split()[value.month - 1]} {value.year}"


def abstention(reason: Reason, language: str, speaker: str | None = None) -> str:
    """Why there is no answer."""
    return _ABSTENTIONS[_known(language)][reason].format(speaker=speaker or "")


def nearest(language: str) -> str:
    """The heading over the closest passages, shown with an abstention."""
    if _known(language) == "id":
        return "Bagian terdekat (bukan jawaban):"
    return "The nearest passages (not an answer):"


def also(places: Sequence[Place], language: str) -> str:
    """Where else a quote stands, in one line: by outlet, else by file; "" if nowhere."""
    names = list(dict.fromkeys(p.outlet or PurePath(p.source).name for p in places))
    if not names:
        return ""
    outlets = all(place.outlet for place in places)
    if _known(language) == "id":
        what = f"{len(names)} {'media' if outlets else 'dokumen'} lain"
        return f"juga di {what}: {', '.join(names)}"
    what = "outlet" if outlets else "document"
    return f"also in {len(names)} {what}{'s' if len(names) > 1 else ''}: {', '.join(names)}"


def generated(made: Generated, language: str) -> str:
    """The line over what a language model wrote, or, if nothing, why the quotes stand alone."""
    language = _known(language)
    name = f" ({made.model})" if made.model else ""
    if made.failure:
        why = _FAILURES[language][made.failure] + (f": {made.detail}" if made.detail else "")
        if language == "id":
            return f"Hanya kutipan; dari model bahasa{name} tidak ada jawaban: {why}."
        return f"Quotes only; nothing from the language model{name}: {why}."
    if language == "id":
        return f"Ditulis model bahasa{name} dari kutipan di atas, bukan kutipan:"
    return f"Written by a language model{name} from the quotes above, not quoted:"


def objections(found: Sequence[Objection], language: str) -> str:
    """Why a sentence is struck out, in one line."""
    return "; ".join(_FLAWS[_known(language)][one.flaw].format(words=one.words) for one in found)


def coverage(searched: Coverage, language: str) -> str:
    """What was searched, in one line."""
    language = _known(language)
    if language == "id":
        line = f"Ditelusuri: {searched.documents} dokumen, {searched.passages} bagian"
    else:
        documents = "document" if searched.documents == 1 else "documents"
        passages = "passage" if searched.passages == 1 else "passages"
        line = f"Searched {searched.documents} {documents}, {searched.passages} {passages}"
    if searched.published_from and searched.published_to:
        first = day(searched.published_from, language)
        last = day(searched.published_to, language)
        line += f" ({first})" if first == last else f" ({first} – {last})"
    return f"{line}."


def _known(language: str) -> str:
    return language if language in _ABSTENTIONS else "en"

"""What Kutip itself says, in English and Indonesian.

Only sentences of the tool; quotes come from documents and are never
translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from qa.types import Citation, Coverage, Place, Proof, Reason, Standing

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


def quotes(citations: Sequence[Citation]) -> str:
    """An answer made of quotes: each with the mark of its citation, and who speaks in it."""
    return "\n\n".join(
        f"{c.quote} [{c.n}]" + (f" ({c.speaker})" if c.speaker else "") for c in citations
    )


def unproven(count: int, language: str) -> str:
    """Of quotes that no longer stand in the corpus and are therefore not shown."""
    if _known(language) == "id":
        return f"{count} kutipan tidak lagi ada dalam korpus dan tidak ditampilkan."
    if count == 1:
        return "1 quote no longer stands in the corpus and is not shown."
    return f"{count} quotes no longer stand in the corpus and are not shown."


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


_FILES = {
    "en": {
        "gone": "the file is gone or cannot be read",
        "changed": "the file has changed since it was added",
        "holds": "the file has changed since it was added and still says this",
        "lacks": "the file has changed since it was added and no longer says this",
        "never": "the file does not say this",
        "version": "; the quote stands in the version of {day}",
    },
    "id": {
        "gone": "berkasnya sudah tidak ada atau tidak dapat dibaca",
        "changed": "berkasnya telah berubah sejak ditambahkan",
        "holds": "berkasnya telah berubah sejak ditambahkan dan masih memuat kutipan ini",
        "lacks": "berkasnya telah berubah sejak ditambahkan dan tidak lagi memuat kutipan ini",
        "never": "berkasnya tidak memuat kutipan ini",
        "version": "; kutipan ini ada dalam versi {day}",
    },
}


def file_note(proof: Proof, language: str) -> str:
    """What has become of the file behind a quote, in one line; "" if nothing has."""
    words = _FILES[_known(language)]
    if proof.file is Standing.MISSING:
        note = words["gone"]
    elif proof.changed and proof.file is None:
        note = words["changed"]
    elif proof.changed and proof.file is Standing.FOUND:
        return words["holds"]
    elif proof.file is Standing.ALTERED:
        note = words["lacks" if proof.changed else "never"]
    else:
        return ""
    if proof.corpus is Standing.FOUND and proof.version is not None:
        added = proof.version.added.astimezone().date()
        note += words["version"].format(day=day(added, language))
    return note


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

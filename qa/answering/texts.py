"""What Kutip itself says, in English and Indonesian.

Only sentences of the tool; quotes come from documents and are never
translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from qa.types import Coverage, Filter, FilterKey, Place, Reason

_ABSTENTIONS = {
    "en": {
        Reason.NOTHING_CLOSE: "The documents do not say.",
        Reason.SPEAKER_SILENT: "No statement by {speaker} in {documents}.",
        Reason.FILTERED_OUT: "Nothing in {documents} fits: {limits}.",
        Reason.EMPTY_CORPUS: "There are no documents yet. Add some with: kutip add FILE_OR_FOLDER",
        Reason.EMPTY_QUESTION: "Please ask a question.",
    },
    "id": {
        Reason.NOTHING_CLOSE: "Dokumen-dokumen ini tidak menyebutkannya.",
        Reason.SPEAKER_SILENT: "Tidak ada pernyataan {speaker} dalam {documents}.",
        Reason.FILTERED_OUT: "Tidak ada isi {documents} yang cocok: {limits}.",
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


def abstention(
    reason: Reason,
    language: str,
    speaker: str | None = None,
    documents: int = 0,
    understood: Sequence[Filter] = (),
) -> str:
    """Why there is no answer; *documents*: how many there are where it was looked for."""
    if _known(language) == "id":
        counted = f"{documents} artikel ini" if documents != 1 else "satu-satunya artikel di sini"
    else:
        counted = f"these {documents} articles" if documents != 1 else "the one article here"
    return _ABSTENTIONS[_known(language)][reason].format(
        speaker=speaker or "", documents=counted, limits=limits(understood, language)
    )


_LABELS = {
    "en": {
        FilterKey.SPEAKER: "said by {}",
        FilterKey.OUTLET: "outlet {}",
        FilterKey.FILE: "file {}",
        FilterKey.EXACT: "the words “{}”",
    },
    "id": {
        FilterKey.SPEAKER: "dikatakan {}",
        FilterKey.OUTLET: "media {}",
        FilterKey.FILE: "berkas {}",
        FilterKey.EXACT: "kata-kata “{}”",
    },
}


def label(one: Filter, language: str) -> str:
    """What one filter means, in a few words: "published since 1 January 2019"."""
    language = _known(language)
    if one.key is not FilterKey.DATE:
        return _LABELS[language][one.key].format(one.value)
    first, last = (day(d, language) if d else "" for d in (one.since, one.until))
    if first == last:
        span = first
    elif first and last:
        span = f"{first} – {last}"
    elif language == "id":
        span = f"sejak {first}" if first else f"sampai {last}"
    else:
        span = f"since {first}" if first else f"until {last}"
    if not one.restricts:
        return span
    return f"terbit {span}" if language == "id" else f"published {span}"


def limits(understood: Sequence[Filter], language: str) -> str:
    """Those of *understood* that restrict, one after another."""
    return "; ".join(label(one, language) for one in understood if one.restricts)


def understood(filters: Sequence[Filter], language: str) -> str:
    """What was understood of a question, in one line: what restricts first; "" for nothing."""
    said: dict[str, list[str]] = {}
    for one in sorted(filters, key=_rank):
        said.setdefault(effect(one, language), []).append(label(one, language))
    return " ".join(f"{what}: {'; '.join(labels)}." for what, labels in said.items())


_EFFECTS = {
    "en": {
        None: "Searched only",
        FilterKey.SPEAKER: "Preferred",
        FilterKey.DATE: "Named, not a limit",
        FilterKey.EXACT: "Not in the documents, so not a limit",
    },
    "id": {
        None: "Hanya ditelusuri",
        FilterKey.SPEAKER: "Diutamakan",
        FilterKey.DATE: "Disebut, tidak membatasi",
        FilterKey.EXACT: "Tidak ada dalam dokumen, jadi tidak membatasi",
    },
}


def effect(one: Filter, language: str) -> str:
    """What one filter did to the search: "Searched only", "Preferred"."""
    said = _EFFECTS[_known(language)]
    return said[None] if one.restricts else said.get(one.key, said[FilterKey.DATE])


def _rank(one: Filter) -> int:
    """What restricts comes first, then the rest by kind."""
    return -1 if one.restricts else list(FilterKey).index(one.key)


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
    if searched.undated:
        line += (
            f"; {searched.undated} tanpa tanggal tidak ikut"
            if language == "id"
            else f"; {searched.undated} without a date left out"
        )
    return f"{line}."


def _known(language: str) -> str:
    return language if language in _ABSTENTIONS else "en"

"""The words of a dossier that are Kutip's own, in English and Indonesian."""

from __future__ import annotations

from qa.answering import texts
from qa.dossier.contents import Dossier, Entry
from qa.types import Citation, Proof

_WORDS = {
    "en": {
        "answer": "Answer",
        "abstained": "No answer",
        "sources": "Sources",
        "questions": "{n} questions",
        "short": "Short answer",
        "speaker": "Speaker",
        "outlet": "Outlet",
        "date": "Date",
        "page": "Page",
        "place": "File",
        "characters": "{source}, characters {start} to {end}",
        "sha256": "SHA-256 of the file",
        "state": "State of the file",
        "same": "unchanged since it was added on {day}",
        "unknown": "not noted when the document was added",
        "made": "Made on {day} by {program}, model {model} ({model_version}).",
        "state_of": "State of the corpus: {generation}.",
        "settings": "Settings: {settings}.",
        "confidence": "Confidence: {value:.0%}.",
    },
    "id": {
        "answer": "Jawaban",
        "abstained": "Tidak ada jawaban",
        "sources": "Sumber",
        "questions": "{n} pertanyaan",
        "short": "Jawaban singkat",
        "speaker": "Penutur",
        "outlet": "Media",
        "date": "Tanggal",
        "page": "Halaman",
        "place": "Berkas",
        "characters": "{source}, karakter {start} sampai {end}",
        "sha256": "SHA-256 berkas",
        "state": "Keadaan berkas",
        "same": "tidak berubah sejak ditambahkan pada {day}",
        "unknown": "tidak dicatat ketika dokumen ditambahkan",
        "made": "Dibuat pada {day} oleh {program}, model {model} ({model_version}).",
        "state_of": "Keadaan korpus: {generation}.",
        "settings": "Pengaturan: {settings}.",
        "confidence": "Keyakinan: {value:.0%}.",
    },
}


def word(language: str, key: str, **values: object) -> str:
    """The text *key* in *language*, or in English where there is none."""
    return _WORDS.get(language, _WORDS["en"])[key].format(**values)


def facts(citation: Citation, proof: Proof, language: str) -> list[tuple[str, str]]:
    """What is known about a citation, as pairs of a name and a value, neither escaped."""
    version = proof.version
    state = texts.file_note(proof, language) or word(language, "unknown")
    if proof.found and not proof.changed and version:
        day = texts.day(version.added.astimezone().date(), language)
        state = word(language, "same", day=day)
    place = word(
        language, "characters", source=citation.source, start=citation.start, end=citation.end
    )
    rows = [
        ("short", citation.short_text),
        ("speaker", citation.speaker),
        ("outlet", citation.outlet),
        ("date", texts.day(citation.published, language) if citation.published else None),
        ("page", str(citation.page) if citation.page else None),
        ("place", place),
        ("sha256", version.sha256 if version else None),
        ("state", state),
    ]
    found = [(word(language, name), value) for name, value in rows if value]
    if also := texts.also(citation.also, language, citation.outlet):
        # "also in 2 outlets: A, B" is a row by itself.
        name, _, value = also.partition(": ")
        found.append((name[:1].upper() + name[1:], value))
    return found


def searched(entry: Entry) -> list[str]:
    """What was understood and searched for one answer, and how sure it is; not escaped."""
    answer = entry.answer
    understood = texts.understood(answer.understood, answer.language)
    return [
        *([understood] if understood else []),
        texts.coverage(answer.coverage, answer.language),
        word(answer.language, "confidence", value=answer.confidence),
    ]


def closing(dossier: Dossier) -> list[str]:
    """By what, when and with which settings it was made; a line each, not escaped."""
    language, edition = dossier.language, dossier.edition
    settings = (
        f"threshold {edition.threshold:g}, silent_threshold {edition.silent_threshold:g}, "
        f"passages_read {edition.passages_read}, candidates {edition.candidates}, "
        f"segmentation {edition.segmentation}, adapted {'yes' if edition.adapted else 'no'}"
    )
    return [
        word(
            language,
            "made",
            day=texts.day(dossier.made.astimezone().date(), language),
            program=dossier.program,
            model=edition.model,
            model_version=edition.model_version,
        ),
        word(language, "settings", settings=settings),
        word(language, "state_of", generation=edition.generation),
    ]

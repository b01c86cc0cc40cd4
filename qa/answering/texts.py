"""What Kutip itself says, in English and Indonesian.

Only sentences of the tool; quotes come from documents and are never
translated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from qa.answering.lacking import Lack
from qa.answering.question import Kind, Question
from qa.retrieval.restriction import outlet_key, outlets_of
from qa.types import (
    Citation,
    Conflict,
    Coverage,
    Difference,
    Failure,
    Field,
    Filter,
    FilterKey,
    Flaw,
    FollowUp,
    Generated,
    Objection,
    Particular,
    Place,
    Proof,
    Reason,
    Span,
    Standing,
    WrittenSentence,
)

_ABSTENTIONS = {
    "en": {
        Reason.NOTHING_CLOSE: "The documents do not say.",
        Reason.SPEAKER_SILENT: "No statement by {speaker} in {documents}.",
        Reason.SPEAKER_OFF_TOPIC: "{speaker} speaks in {documents}, but not about this.",
        Reason.NOTHING_MORE: "{speaker} says nothing more about this in {documents}.",
        Reason.NAME_MISSING: "{missing} is named nowhere in {documents}.",
        Reason.NUMBER_MISSING: "{missing} stands nowhere in {documents}.",
        Reason.FILTERED_OUT: "Nothing in {documents} fits: {limits}.",
        Reason.EMPTY_CORPUS: "There are no documents yet. Add some with: kutip add FILE_OR_FOLDER",
        Reason.EMPTY_QUESTION: "Please ask a question.",
        Reason.NOT_STATED: "The article does not say.",
        Reason.WHICH_ARTICLE: "Which article? Say what it is about, or ask after an answer.",
    },
    "id": {
        Reason.NOTHING_CLOSE: "Dokumen-dokumen ini tidak menyebutkannya.",
        Reason.SPEAKER_SILENT: "Tidak ada pernyataan {speaker} dalam {documents}.",
        Reason.NOTHING_MORE: "{speaker} tidak mengatakan hal lain lagi tentang ini dalam "
        "{documents}.",
        Reason.SPEAKER_OFF_TOPIC: "{speaker} berbicara dalam {documents}, tetapi tidak tentang "
        "hal ini.",
        Reason.NAME_MISSING: "{missing} tidak disebut di mana pun dalam {documents}.",
        Reason.NUMBER_MISSING: "{missing} tidak ada di mana pun dalam {documents}.",
        Reason.FILTERED_OUT: "Tidak ada isi {documents} yang cocok: {limits}.",
        Reason.EMPTY_CORPUS: "Belum ada dokumen. Tambahkan dengan: kutip add BERKAS_ATAU_FOLDER",
        Reason.EMPTY_QUESTION: "Silakan ajukan pertanyaan.",
        Reason.NOT_STATED: "Artikelnya tidak menyebutkan.",
        Reason.WHICH_ARTICLE: "Artikel yang mana? Sebutkan tentang apa, atau tanyakan setelah "
        "sebuah jawaban.",
    },
}

# Where a fact is asked for, and not what is said about a topic.
_UNSAID = {
    "en": "{speaker} speaks in {documents}, but does not say.",
    "id": "{speaker} berbicara dalam {documents}, tetapi tidak menyebutkannya.",
}

# Where what comes nearest to the question has nothing of the kind that is asked for.
_NO_SUCH_KIND = {
    "en": {
        Kind.NUMBER: "What comes nearest in {documents} gives no number.",
        Kind.DATE: "What comes nearest in {documents} gives no date.",
        Kind.PERSON: "What comes nearest in {documents} names nobody.",
    },
    "id": {
        Kind.NUMBER: "Bagian terdekat dalam {documents} tidak menyebut angka.",
        Kind.DATE: "Bagian terdekat dalam {documents} tidak menyebut tanggal.",
        Kind.PERSON: "Bagian terdekat dalam {documents} tidak menyebut siapa orangnya.",
    },
}

# Where it is not about somebody or something that the question names.
_UNNAMED = {
    "en": "What comes nearest in {documents} does not mention {missing}.",
    "id": "Bagian terdekat dalam {documents} tidak menyebut {missing}.",
}

# Where it tells of other years than what is asked for.
_OTHER_YEARS = {
    "en": "What comes nearest in {documents} tells of another year than {missing}.",
    "id": "Bagian terdekat dalam {documents} bercerita tentang tahun lain, bukan {missing}.",
}
_EARLY = {
    "en": "What comes nearest in {documents} was written before {missing}.",
    "id": "Bagian terdekat dalam {documents} ditulis sebelum {missing}.",
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
        Failure.BROKEN_OFF: "the connection broke off",
        Failure.TOO_SLOW: "it took too long",
        Failure.TOO_LONG: "it did not stop talking",
        Failure.REDIRECT: "it points to another address, which is not followed",
        Failure.ERROR: "it reports an error",
        Failure.GARBLED: "its reply cannot be read",
        Failure.UNNAMED: "it has several models or lists none; name one with --llm-model",
        Failure.EMPTY: "its reply is empty",
        Failure.THOUGHTS: "it only thought, and came to no answer",
        Failure.NO_ANSWER: "it found no answer in them",
    },
    "id": {
        Failure.NO_CONNECTION: "tidak dapat dihubungi",
        Failure.BROKEN_OFF: "sambungannya terputus",
        Failure.TOO_SLOW: "terlalu lama",
        Failure.TOO_LONG: "tidak berhenti bicara",
        Failure.REDIRECT: "menunjuk ke alamat lain, yang tidak diikuti",
        Failure.ERROR: "melaporkan kesalahan",
        Failure.GARBLED: "jawabannya tidak terbaca",
        Failure.UNNAMED: "punya beberapa model atau tidak menyebut satu pun; sebut satu dengan"
        " --llm-model",
        Failure.EMPTY: "jawabannya kosong",
        Failure.THOUGHTS: "hanya berpikir, tanpa sampai pada jawaban",
        Failure.NO_ANSWER: "tidak menemukan jawaban di dalamnya",
    },
}

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
}


def number(value: int, language: str) -> str:
    """*value* in groups of three digits: 3,463, in Indonesian 3.463."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if _known(language) == "id" else grouped


def day(value: date, language: str) -> str:
    """A date as people write it: "10 September 2019"."""
    return f"{value.day} {_MONTHS[_known(language)].split()[value.month - 1]} {value.year}"


def abstention(
    reason: Reason,
    language: str,
    speaker: str | None = None,
    documents: int = 0,
    understood: Sequence[Filter] = (),
    lack: Lack | None = None,
    on_topic: bool = True,
) -> str:
    """Why there is no answer; *documents*: how many there are where it was looked for.

    *on_topic*: it was asked what somebody says about a topic.
    """
    language = _known(language)
    many = number(documents, language)
    if language == "id":
        counted = f"{many} artikel ini" if documents != 1 else "satu-satunya artikel di sini"
    else:
        counted = f"these {many} articles" if documents != 1 else "the one article here"
    said = _ABSTENTIONS[language][reason]
    if reason is Reason.SPEAKER_OFF_TOPIC and not on_topic:
        said = _UNSAID[language]
    if lack is not None and not lack.nowhere and lack.reason is reason:
        if lack.kind is not None:
            said = _NO_SUCH_KIND[language][lack.kind]
        elif reason is Reason.NAME_MISSING:
            said = _UNNAMED[language]
        else:
            said = (_EARLY if lack.early else _OTHER_YEARS)[language]
    return said.format(
        speaker=speaker or "",
        documents=counted,
        limits=limits(understood, language),
        missing=_listed([f"“{words}”" for words in lack.words] if lack else [], language),
    )


def _listed(parts: Sequence[str], language: str) -> str:
    """ "a", "a or b", "a, b or c"."""
    if len(parts) < 2:
        return "".join(parts)
    joint = "atau" if language == "id" else "or"
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


_LABELS = {
    "en": {
        FilterKey.SPEAKER: "said by {}",
        FilterKey.OUTLET: "outlet {}",
        FilterKey.BYLINE: "written by {}",
        FilterKey.FILE: "file {}",
        FilterKey.LANGUAGE: "documents in {}",
        FilterKey.DOCUMENT: "the document “{}”",
        FilterKey.EXACT: "the words “{}”",
    },
    "id": {
        FilterKey.SPEAKER: "dikatakan {}",
        FilterKey.OUTLET: "media {}",
        FilterKey.BYLINE: "ditulis {}",
        FilterKey.FILE: "berkas {}",
        FilterKey.LANGUAGE: "dokumen berbahasa {}",
        FilterKey.DOCUMENT: "dokumen “{}”",
        FilterKey.EXACT: "kata-kata “{}”",
    },
}


_LANGUAGES = {
    "en": {"en": "English", "id": "Indonesian"},
    "id": {"en": "Inggris", "id": "Indonesia"},
}


def label(one: Filter, language: str) -> str:
    """What one filter means, in a few words: "published since 1 January 2019"."""
    language = _known(language)
    if one.key is FilterKey.LANGUAGE:
        name = _LANGUAGES[language].get(one.value, one.value)
        return _LABELS[language][one.key].format(name)
    if one.key is not FilterKey.DATE:
        # A document that was chosen from a list has its title there.
        named = one.key is FilterKey.DOCUMENT and not one.typed
        return _LABELS[language][one.key].format(one.written if named else one.value)
    first, last = (day(d, language) if d else "" for d in (one.since, one.until))
    if first == last:
        span = first
    elif one.since and one.until and _is_years(one.since, one.until):
        years = dict.fromkeys((one.since.year, one.until.year))
        span = " – ".join(map(str, years))
    elif first and last:
        span = f"{first} – {last}"
    elif language == "id":
        span = f"sejak {first}" if first else f"sampai {last}"
    else:
        span = f"since {first}" if first else f"until {last}"
    if not one.restricts:
        return span
    return f"terbit {span}" if language == "id" else f"published {span}"


def _is_years(since: date, until: date) -> bool:
    """Whether these are the first day of a year and the last of one."""
    return (since.month, since.day, until.month, until.day) == (1, 1, 12, 31)


MOST_NAMED = 3  # documents; more are counted


def labels(found: Sequence[Filter], language: str) -> str:
    """What several filters mean, one after another; of many documents only how many they are."""
    documents = sum(one.key is FilterKey.DOCUMENT for one in found)
    if documents <= MOST_NAMED:
        return "; ".join(label(one, language) for one in found)
    rest = [label(one, language) for one in found if one.key is not FilterKey.DOCUMENT]
    many = "{} dokumen pilihan" if _known(language) == "id" else "{} chosen documents"
    return "; ".join([many.format(documents), *rest])


def limits(understood: Sequence[Filter], language: str) -> str:
    """Those of *understood* that restrict, one after another."""
    return labels([one for one in understood if one.restricts], language)


# What articles say of themselves

_TOLD = {
    "en": {
        Field.TITLE: "{}",
        Field.BYLINE: "written by {}",
        Field.OUTLET: "in {}",
        Field.PUBLISHED: "published {}",
    },
    "id": {
        Field.TITLE: "{}",
        Field.BYLINE: "ditulis {}",
        Field.OUTLET: "dimuat {}",
        Field.PUBLISHED: "terbit {}",
    },
}
_UNTOLD = {
    "en": {
        Field.TITLE: "has no title",
        Field.BYLINE: "names no writer",
        Field.OUTLET: "names no outlet",
        Field.PUBLISHED: "gives no date",
    },
    "id": {
        Field.TITLE: "tidak berjudul",
        Field.BYLINE: "tidak menyebut penulis",
        Field.OUTLET: "tidak menyebut media",
        Field.PUBLISHED: "tidak menyebut tanggal",
    },
}
_NOT_IN_TEXT = {
    "en": {
        Field.PUBLISHED: "no line of it says when; this is the day the file or its first "
        "sentences give",
        None: "from the data of the file; its text does not say",
    },
    "id": {
        Field.PUBLISHED: "tidak ada baris yang menyebut tanggal terbit; ini tanggal menurut berkas "
        "atau kalimat pembukanya",
        None: "dari data berkas; teksnya tidak menyebutkan",
    },
}
_EDITED = re.compile(r"(?:editor|penyunting|redaktur)\s*:\s*", re.IGNORECASE)
_EDITED_BY = {"en": "edited by {}", "id": "disunting {}"}


def particulars(
    told: Sequence[Particular], citations: Sequence[Citation], language: str, more: int = 0
) -> str:
    """What articles say of themselves, an article a paragraph, then the lines that say it.

    *more*: how many further articles there are.
    """
    language = _known(language)
    by_number = {citation.n: citation for citation in citations}
    articles: dict[str, list[Particular]] = {}
    for one in told:
        articles.setdefault(by_number[one.n].document_id, []).append(one)
    paragraphs = []
    for found in articles.values():
        place = by_number[found[0].n]
        if [one.field for one in found] == [Field.TITLE]:
            said = f" ({origin(place, language)})" if place.outlet or place.published else ""
            quote = place.quote if found[0].in_text else f"“{found[0].value}”"
            paragraphs.append(f"{quote} [{place.n}]{said}")
            continue
        said = "; ".join(_particular(one, language) for one in found)
        paragraphs.append(f"“{place.title or PurePath(place.source).name}”: {said}.")
        lines = [by_number[n] for n in dict.fromkeys(one.n for one in found if one.in_text)]
        paragraphs += [f"{line.quote} [{line.n}]" for line in lines]
    if more:
        what = f"dan {more} artikel lain." if language == "id" else f"and {more} more articles."
        paragraphs.append(what)
    return "\n\n".join(paragraphs)


def _particular(one: Particular, language: str) -> str:
    """One of them in a few words: "written by Rina Wulandari [1]"."""
    if one.value is None:
        return f"{_UNTOLD[language][one.field]} [{one.n}]"
    way, value = _TOLD[language][one.field], one.value
    if one.field is Field.PUBLISHED:
        value = day(date.fromisoformat(value), language)
    elif one.field is Field.BYLINE and (edited := _EDITED.match(value)):
        way, value = _EDITED_BY[language], value[edited.end() :]
    note = (
        "" if one.in_text else _NOT_IN_TEXT[language].get(one.field, _NOT_IN_TEXT[language][None])
    )
    return way.format(value) + f" [{one.n}]" + (f" ({note})" if note else "")


def not_told_when(language: str) -> str:
    """That an article does not say when something was said in it, before the day it appeared."""
    if _known(language) == "id":
        return "Artikelnya tidak menyebut kapan hal itu dikatakan; artikelnya sendiri terbit:"
    return "The article does not say when this was said; the article itself appeared:"


def not_stated(titles: Sequence[str], question: Question) -> str:
    """That none of the articles with these *titles* says what *question* asks of it."""
    language = _known(question.language)
    lacking = [_UNTOLD[language][field] for field in question.fields]
    joint = " dan " if language == "id" else " and "
    if len(titles) == 1:
        return f"“{titles[0]}” {joint.join(lacking)}."
    if language == "id":
        return f"Tidak satu pun dari {len(titles)} artikel tentang itu menyebutkannya."
    return f"None of the {len(titles)} articles on this says so."


def understood(filters: Sequence[Filter], language: str) -> str:
    """What was understood of a question, in one line: what restricts first; "" for nothing."""
    said: dict[str, list[Filter]] = {}
    for one in sorted(filters, key=_rank):
        said.setdefault(effect(one, language), []).append(one)
    return " ".join(f"{what}: {labels(found, language)}." for what, found in said.items())


def followed(question: FollowUp, language: str) -> str:
    """How a follow-up was read, in one line."""
    if _known(language) == "id":
        line = f"Dibaca sebagai: {question.resolved}"
        return line + (" Tanpa kutipan yang sudah ditampilkan." if question.excludes else "")
    line = f"Read as: {question.resolved}"
    return line + (" Without the quotes already shown." if question.excludes else "")


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


def also(places: Sequence[Place], language: str, outlet: str | None = None) -> str:
    """Where else a quote from *outlet* stands, in one line; "" if nowhere.

    By the name of another outlet, else by that of the file.
    """
    others = outlets_of(place.outlet for place in places if place.outlet)
    others.pop(outlet_key(outlet or ""), None)
    known = [others.get(outlet_key(place.outlet or "")) for place in places]
    names = list(
        dict.fromkeys(
            name or PurePath(p.source).name for name, p in zip(known, places, strict=True)
        )
    )
    if not names:
        return ""
    outlets = None not in known
    count = len(names) if outlets else len({place.document_id for place in places})
    if _known(language) == "id":
        what = f"{count} {'media' if outlets else 'dokumen'} lain"
        return f"juga di {what}: {', '.join(names)}"
    what = "outlet" if outlets else "document"
    return f"also in {count} {what}{'s' if count > 1 else ''}: {', '.join(names)}"


_DIFFERENCES = {
    "en": {
        Difference.NUMBER: "The sources give different numbers:",
        Difference.DATE: "The sources give different dates:",
        Difference.POLARITY: "One source says so, another says no:",
    },
    "id": {
        Difference.NUMBER: "Sumber menyebut angka yang berbeda:",
        Difference.DATE: "Sumber menyebut tanggal yang berbeda:",
        Difference.POLARITY: "Satu sumber membenarkan, sumber lain menyangkal:",
    },
}
_UNDATED = {"en": "no date", "id": "tanpa tanggal"}
_SHORT = {"en": "In short: {}", "id": "Singkatnya: {}"}


def short(words: str, language: str) -> str:
    """The short answer in a line of its own, where a quote cannot be marked."""
    return _SHORT[_known(language)].format(words)


def difference(one: Difference, language: str) -> str:
    """The heading over two citations that contradict each other."""
    return _DIFFERENCES[_known(language)][one]


def differing(citation: Citation, span: Span) -> str:
    """The words of *citation* at *span* of its document and five either side, in one line."""
    start, end = span.start - citation.start, span.end - citation.start
    before, after = citation.quote[:start].split(" "), citation.quote[end:].split(" ")
    lead = ("…" if len(before) > 6 else "") + " ".join(before[-6:])
    rest = " ".join(after[:6]) + ("…" if len(after) > 6 else "")
    return " ".join(f"{lead}{citation.quote[start:end]}{rest}".split())


def origin(citation: Citation, language: str) -> str:
    """Who published a citation and when: "Kompas, 3 October 2018"."""
    language = _known(language)
    when = day(citation.published, language) if citation.published else _UNDATED[language]
    return f"{citation.outlet or citation.title or PurePath(citation.source).name}, {when}"


def conflict(one: Conflict, citations: Sequence[Citation], language: str) -> str:
    """Two citations that contradict each other, side by side in a few lines; "" if one is gone."""
    by_number = {citation.n: citation for citation in citations}
    if one.n not in by_number or one.other not in by_number:
        return ""
    lines = [difference(one.difference, language)]
    for n, span in ((one.n, one.here), (one.other, one.there)):
        citation = by_number[n]
        lines.append(f"  [{n}] {differing(citation, span)} ({origin(citation, language)})")
    return "\n".join(lines)


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


def generated(made: Generated, language: str) -> str:
    """The line over what a language model wrote, or, if nothing, why the quotes stand alone."""
    language = _known(language)
    name = f" ({made.model})" if made.model else ""
    if made.failure:
        why = _FAILURES[language][made.failure] + (f": {made.detail}" if made.detail else "")
        if language == "id":
            return f"Hanya kutipan; dari model bahasa{name} tidak ada jawaban: {why}."
        return f"Quotes only; nothing from the language model{name}: {why}."
    if all(sentence.struck for sentence in made.sentences):
        return _none_holds(len(made.sentences), name, language)
    if language == "id":
        return f"Ditulis model bahasa{name} dari kutipan di atas, bukan kutipan:"
    return f"Written by a language model{name} from the quotes above, not quoted:"


def _none_holds(count: int, name: str, language: str) -> str:
    if count == 1:
        if language == "id":
            return f"Satu-satunya kalimat dari model bahasa{name} tidak lolos pemeriksaan:"
        return f"The one sentence by a language model{name} did not pass the checks:"
    if language == "id":
        some = f"; {MOST_SENTENCES} yang pertama" if count > MOST_SENTENCES else ""
        return f"Dari {count} kalimat model bahasa{name} tidak satu pun lolos pemeriksaan{some}:"
    some = f"; the first {MOST_SENTENCES}" if count > MOST_SENTENCES else ""
    return f"Of {count} sentences by a language model{name} none passed the checks{some}:"


MOST_SENTENCES = 4  # shown where all are struck out: no more than were asked for
MOST_STRUCK = 240  # characters shown of a sentence that is struck out
MOST_AT_FAULT = 3  # parts named for one flaw


def written(made: Generated) -> Sequence[WrittenSentence]:
    """The sentences to show: all, but the first few of a model that only babbles."""
    if all(sentence.struck for sentence in made.sentences):
        return made.sentences[:MOST_SENTENCES]
    return made.sentences


def struck(sentence: WrittenSentence) -> str:
    """A sentence that is struck out, cut where a model babbles."""
    cut = sentence.text[:MOST_STRUCK].rstrip()
    return cut if cut == sentence.text else f"{cut} …"


def objections(found: Sequence[Objection], language: str) -> str:
    """Why a sentence is struck out, in one line."""
    at_fault: dict[Flaw, list[str]] = {}
    for one in found:
        at_fault.setdefault(one.flaw, []).append(one.words)
    told = []
    for flaw, parts in at_fault.items():
        named = ", ".join(part[:MOST_STRUCK] for part in parts[:MOST_AT_FAULT])
        more = ", …" if len(parts) > MOST_AT_FAULT else ""
        told.append(_FLAWS[_known(language)][flaw].format(words=named + more))
    return "; ".join(told)


MOST_OUTLETS = 3  # more are counted, not named


def coverage(searched: Coverage, language: str) -> str:
    """What was searched, in one line."""
    language = _known(language)
    held, cut = (number(n, language) for n in (searched.documents, searched.passages))
    if language == "id":
        line = f"Ditelusuri: {held} dokumen, {cut} bagian"
    else:
        documents = "document" if searched.documents == 1 else "documents"
        passages = "passage" if searched.passages == 1 else "passages"
        line = f"Searched {held} {documents}, {cut} {passages}"
    if len(searched.outlets) > MOST_OUTLETS:
        line += f", {len(searched.outlets)} {'media' if language == 'id' else 'outlets'}"
    elif searched.outlets:
        line += f", {'media' if language == 'id' else 'from'} {', '.join(searched.outlets)}"
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

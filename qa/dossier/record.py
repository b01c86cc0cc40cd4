"""A dossier as JSON: the form that can be checked again, months later.

Holds every quote character for character. Reading trusts nothing: a file that is
not a dossier, or one changed by hand into something that cannot be checked, is
an error that says where.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.dossier.contents import Dossier, Entry
from qa.errors import DossierError
from qa.output import acts, answer_json, citation_json
from qa.types import Citation, Field, FileVersion, Place, Proof, Span

if TYPE_CHECKING:
    from qa.corpus import Corpus

FORMAT = 1  # of one answer
SEVERAL = 2  # of the answers of a conversation, in a list
MAX_BYTES = 20_000_000


def to_json(dossier: Dossier) -> str:
    """The dossier as JSON; control and direction characters are written as escapes.

    One answer is the object itself, several are a list within it.
    """
    edition = asdict(dossier.edition)
    of_corpus = ("generation", "model", "model_version", "segmentation", "adapted")
    answers = [_answer_json(entry, dossier) for entry in dossier.entries]
    value = {
        "kutip_dossier": FORMAT if len(answers) == 1 else SEVERAL,
        "made": dossier.made.isoformat(timespec="seconds"),
        "program": dossier.program,
        **(answers[0] if len(answers) == 1 else {"answers": answers}),
        "corpus": {name: edition.pop(name) for name in of_corpus},
        "settings": edition,
    }
    return _safe(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _answer_json(entry: Entry, dossier: Dossier) -> dict[str, Any]:
    answer = answer_json(entry.answer)
    del answer["timings"]
    citations = [
        citation_json(citation)
        | {
            "key": dossier.source(citation.document_id).key,
            "file": _version_json(proof.version),
            "proof": {"corpus": proof.corpus, "file": proof.file, "changed": proof.changed},
        }
        for citation, proof in zip(entry.answer.citations, entry.proofs, strict=True)
    ]
    return answer | {"citations": citations, "withheld": entry.withheld}


def _safe(text: str) -> str:
    """JSON with escapes for the characters that act; they can stand only inside strings."""
    return "".join("".join(f"\\u{unit:04x}" for unit in _utf16(c)) if acts(c) else c for c in text)


def _utf16(character: str) -> list[int]:
    data = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[i : i + 2]) for i in range(0, len(data), 2)]


def _version_json(version: FileVersion | None) -> dict[str, Any] | None:
    return asdict(version) | {"added": version.added.isoformat()} if version else None


# Checking


@dataclass(frozen=True, slots=True)
class Claim:
    """A citation of a dossier, and the version of the file that held it."""

    citation: Citation
    version: FileVersion | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a dossier claims in answer to one question."""

    question: str
    language: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What a dossier claims. ``generation``: of the corpus when it was made."""

    generation: str
    questions: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What has become of citation *n* at *place*; ``also``: at one of its other places.

    ``question`` and its ``language``: the one that was answered with it.
    """

    question: str
    language: str
    n: int
    place: Citation | Place
    also: bool
    proof: Proof


def check(record: Record, corpus: Corpus) -> Iterator[Checked]:
    """Every place that *record* names, checked against *corpus* and the files themselves."""
    for claimed in record.questions:
        for claim in claimed.claims:
            citation = claim.citation
            found = partial(Checked, claimed.question, claimed.language, citation.n)
            proof = corpus.proof(citation.quote, citation, thorough=True, version=claim.version)
            yield found(citation, False, proof)
            for place in citation.also:
                proof = corpus.proof(citation.quote, place, thorough=True)
                yield found(place, True, proof)


def read(path: Path) -> Record:
    """The dossier in the file *path*; raises ``DossierError``."""
    remedy = "name a file that kutip ask --export FILE.json wrote"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise DossierError(f"{path}: larger than any dossier; {remedy}")
        value = json.loads(data.decode("utf-8"))
    except OSError as error:
        raise DossierError(f"{path}: {error.strerror or error}; {remedy}") from error
    except (ValueError, RecursionError) as error:
        raise DossierError(f"{path}: not a dossier, it is not JSON; {remedy}") from error
    if not isinstance(value, dict) or "kutip_dossier" not in value:
        raise DossierError(f"{path}: not a dossier; {remedy}")
    if value["kutip_dossier"] not in (FORMAT, SEVERAL):
        raise DossierError(
            f"{path}: a dossier of format {value['kutip_dossier']!r}, this program knows {FORMAT} "
            f"and {SEVERAL}; use a newer version of kutip"
        )
    several = value["kutip_dossier"] == SEVERAL
    at = ""
    try:
        questions = []
        answers = _get(value, "answers", list) if several else [value]
        for nth, answer in enumerate(answers, start=1):
            of = f" of answer {nth}" if several else ""
            claims = []
            for number, one in enumerate(_get(answer, "citations", list), start=1):
                at = f" in citation {number}{of}"
                claims.append(_claim(one))
            at = of
            asked, language = _get(answer, "question", str), _get(answer, "language", str)
            questions.append(Claimed(asked, language, tuple(claims)))
        at = ""
        generation = _get(_get(value, "corpus", dict), "generation", str)
        return Record(generation, tuple(questions))
    except (ValueError, OverflowError) as error:
        raise DossierError(f"{path}: not a sound dossier: {error}{at}; export it again") from error


def _claim(value: object) -> Claim:
    quote = _get(value, "quote", str)
    also = _get(value, "also", list)
    place = _place(value)
    citation = Citation(
        n=_get(value, "n", int),
        **{name: getattr(place, name) for name in Place.__slots__},
        quote=quote,
        speaker=None,
        also=tuple(map(_place, also)),
        field=Field(value["field"]) if value.get("field") else None,  # type: ignore[attr-defined,index]
    )
    file = _get(value, "file", dict, type(None))
    return Claim(citation, _version(file) if file is not None else None)


def _place(value: object) -> Place:
    published = _get(value, "published", str, type(None))
    span = Span(_get(value, "start", int), _get(value, "end", int))
    id, source = _get(value, "document_id", str), _get(value, "source", str)
    f"{id}{source}".encode()  # a lone surrogate, which no database looks for, is a ValueError
    return Place(
        document_id=id,
        title=_get(value, "title", str),
        source=source,
        outlet=_get(value, "outlet", str, type(None)),
        published=date.fromisoformat(published) if published else None,
        start=span.start,
        end=span.end,
    )


def _version(value: object) -> FileVersion:
    sha256 = _get(value, "sha256", str)
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError(f"sha256 is {sha256[:80]!r}")
    added = datetime.fromisoformat(_get(value, "added", str))
    return FileVersion(
        sha256,
        _get(value, "size", int),
        _get(value, "modified", int),
        added if added.tzinfo else added.replace(tzinfo=UTC),
    )


def _get(value: object, name: str, *kinds: type) -> Any:
    """``value[name]``, which must be of one of these types; raises ``ValueError``."""
    if not isinstance(value, dict) or name not in value:
        raise ValueError(f"no {name!r}")
    found = value[name]
    if type(found) not in kinds:  # True is no number
        raise ValueError(f"{name!r} is {str(found)[:80]!r}")
    return found

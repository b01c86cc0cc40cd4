"""Everything that Kutip raises on purpose.

::

    KutipError
    ├── IngestError          a file that cannot become a document
    │   ├── UnreadableFile   broken, encrypted, binary, not there
    │   ├── EmptyFile        nothing to quote from
    │   ├── FileTooLarge
    │   └── UnsupportedFormat
    ├── CorpusError          the corpus on disk cannot be used as asked
    │   ├── CorpusBusy       another process is writing
    │   ├── CorpusDamaged
    │   ├── CorpusReadOnly   nothing can be written where it is
    │   └── DocumentNotFound
    ├── Cancelled            the user wants no more of it
    ├── QuestionTooLong      a pasted text, not a question
    ├── BadFilter            a filter in a question that cannot be read
    ├── BadRequest           a value that cannot be used, from a program or an option
    ├── ModelError           an embedding model cannot be loaded
    ├── EndpointError        the address of a language model that may not be used
    ├── DatasetError         test questions that cannot be read
    ├── AuthFileError        users and passwords that cannot be read or written
    ├── DossierError         a dossier that cannot be written or read
    ├── HistoryError         a conversation that cannot be kept or opened again
    └── MissingExtra         an optional dependency is not installed

A message names the value or file and says what to do. "The documents do not
say" is an answer, not an error (see ``qa.types.Answer``).
"""

from __future__ import annotations

from pathlib import Path


class KutipError(Exception):
    """Base of every error raised on purpose; its text is fit for a user."""


class IngestError(KutipError):
    """A file that cannot become a document.

    The text reads ``FILE: what is wrong; what to do``.
    """

    def __init__(self, path: str | Path, problem: str, remedy: str) -> None:
        self.path = str(path)
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{self.path}: {problem}; {remedy}")


class UnreadableFile(IngestError):
    """Broken, encrypted, binary or missing."""


class EmptyFile(IngestError):
    """No text to quote from."""


class FileTooLarge(IngestError):
    """Above the size limit."""


class UnsupportedFormat(IngestError):
    """A kind of file that Kutip does not read."""


class CorpusError(KutipError):
    """The corpus on disk cannot be used as asked."""


class CorpusBusy(CorpusError):
    """Another process is writing to the corpus."""


class CorpusDamaged(CorpusError):
    """The corpus file is not a sound database."""


class CorpusReadOnly(CorpusError):
    """A change to a corpus that can only be read: a read-only disk, or no permission."""


class DocumentNotFound(CorpusError):
    """No document has that id or source."""


class Cancelled(KutipError):
    """The user ended something half-way; what was finished stays."""


class QuestionTooLong(KutipError):
    """More characters than a question needs."""


class BadFilter(KutipError):
    """``key:value`` in a question with an unknown key or a value that cannot be read."""


class BadRequest(KutipError):
    """A value that cannot be used, sent by a program or given as an option."""


class ModelError(KutipError):
    """An embedding model cannot be loaded."""


class EndpointError(KutipError):
    """The address of a language model that may not be used as given."""


class DatasetError(KutipError):
    """Test questions, qrels or runs that cannot be read."""


class DossierError(KutipError):
    """A dossier that cannot be written as asked, or a file that is none."""


class AuthFileError(KutipError):
    """A file of users and passwords that cannot be read or written, or a line of it."""


class HistoryError(KutipError):
    """A conversation that cannot be kept or opened again."""


class MissingExtra(KutipError):
    """An optional dependency is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f'{feature} needs the extra "{extra}": pip install "kutip[{extra}]"')

"""Kutip: who said what, and where it is written.

    >>> from qa.corpus import Corpus
    >>> with Corpus.open("my-corpus") as corpus:
    ...     corpus.add("articles/")
    ...     print(corpus.ask("Apa kata Jokowi tentang perlindungan data pribadi?").text)

Start reading at ``qa.types`` and ``qa.errors``; ``qa.corpus`` wires the rest.
"""

__version__ = "0.1.0"

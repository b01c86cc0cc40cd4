"""A dossier as Markdown (CommonMark) that nothing in a document can add markup to."""

from __future__ import annotations

import re

from qa.answering import texts
from qa.dossier.contents import Dossier, Entry
from qa.dossier.words import closing, facts, searched, word
from qa.output import inert

# The signs that mean something wherever they stand; the at sign, and a colon
# before anything but a space, because many programs turn addresses into links.
_SIGNS = re.compile(r"[\\`*_\[\]<>#|~&$^{}=@]|:(?! |$)")
# What means something at the start of a line: lists and rules.
_START = re.compile(r"^([-+])|^(\d+)([.)])")


def to_markdown(dossier: Dossier) -> str:
    """The dossier as Markdown. White space within a quote may be drawn differently."""
    several = len(dossier.entries) > 1
    parts = [f"# {word(dossier.language, 'questions', n=len(dossier.entries))}"] if several else []
    for entry in dossier.entries:
        parts += _entry(entry, "##" if several else "#")
    parts += ["---", "\\\n".join(escape(line) for line in closing(dossier))]
    return "\n\n".join(parts) + "\n"


def _entry(entry: Entry, level: str) -> list[str]:
    """One answer; *level*: the signs of its heading."""
    answer = entry.answer
    language = answer.language
    parts = [
        f"{level} {escape(answer.question)}",
        f"{level}# {word(language, 'abstained' if answer.abstained else 'answer')}",
        *(_lines(paragraph) for paragraph in re.split(r"\n\s*\n", answer.text)),
    ]
    for conflict in answer.conflicts:
        parts.append(_lines(texts.conflict(conflict, answer.citations, language)))
    if answer.citations:
        parts.append(f"{level}# {word(language, 'sources')}")
    for citation, proof in zip(answer.citations, entry.proofs, strict=True):
        quote = re.split(r"\n\s*\n", citation.quote)
        parts += [
            f"{level}## \\[{citation.n}\\] {escape(citation.title or citation.source)}",
            "\n>\n".join("> " + _lines(paragraph, "> ") for paragraph in quote),
            "\n".join(
                f"- {escape(name)}: {escape(value)}"
                for name, value in facts(citation, proof, language)
            ),
        ]
    parts.append("\\\n".join(escape(line) for line in searched(entry)))
    return parts


def _lines(paragraph: str, before: str = "") -> str:
    """The lines of a paragraph, each on its own when drawn."""
    lines = [escape(line) for line in paragraph.split("\n") if line.strip()]
    return f"\\\n{before}".join(lines)


def escape(text: str) -> str:
    """*text* in one line, as Markdown that shows it and does nothing else.

    By backslashes (CommonMark 0.31, section 2.4), as few as will do, so that the
    file reads well as it is.
    """
    line = _SIGNS.sub(lambda sign: "\\" + sign[0], " ".join(inert(text).split()))
    line = _START.sub(r"\2\\\1\3", line)
    return re.sub(r"(?i)\bwww\.", lambda found: found[0][:-1] + "\\.", line)

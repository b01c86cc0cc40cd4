"""A dossier as one HTML page to print: no scripts, no links, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

from qa.answering import texts
from qa.dossier.contents import Dossier, Entry
from qa.dossier.words import closing, facts, searched, word
from qa.output import inert


def to_html(dossier: Dossier) -> str:
    """The dossier as a page. A security policy forbids what escaping leaves to forbid."""
    style = Path(__file__).with_name("page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title, heading, level = escape(dossier.entries[0].answer.question), "", 1
    if len(dossier.entries) > 1:
        title = word(dossier.language, "questions", n=len(dossier.entries))
        heading, level = f"<h1>{title}</h1>", 2
    parts = [
        f'<!doctype html>\n<html lang="{escape(dossier.language)}">',
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>\n<style>{style}</style>\n</head>",
        f"<body>\n<main>{heading}",
    ]
    for number, entry in enumerate(dossier.entries, start=1):
        parts += _entry(entry, number, level, dossier)
    parts += [
        "<footer>",
        *(f"<p>{escape(line)}</p>" for line in closing(dossier)),
        "</footer>\n</main>\n</body>\n</html>\n",
    ]
    return _joined(parts)


def _entry(entry: Entry, number: int, level: int, dossier: Dossier) -> list[str]:
    """Answer *number* of the dossier, under a heading of that *level*."""
    answer = entry.answer
    language = answer.language
    cards = []
    for citation, proof in zip(answer.citations, entry.proofs, strict=True):
        rows = [
            f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
            for name, value in facts(citation, proof, language)
        ]
        spoken = escape(dossier.source(citation.document_id).document.language)
        title = f"[{citation.n}] {escape(citation.title or citation.source)}"
        cards.append(
            f'<article id="source-{number}-{citation.n}">\n<h{level + 2}>{title}</h{level + 2}>\n'
            f'<blockquote lang="{spoken}">{escape(citation.quote)}</blockquote>\n'
            f"<dl>\n{_joined(rows)}\n</dl>\n</article>"
        )
    heading = word(language, "abstained" if answer.abstained else "answer")
    sources = f'<h{level + 1} class="label">{word(language, "sources")}</h{level + 1}>'
    return [
        f'<section lang="{escape(language)}">',
        f'<h{level} class="question">{escape(answer.question)}</h{level}>',
        f'<h{level + 1} class="label">{heading}</h{level + 1}>',
        *(f'<p class="answer">{escape(part)}</p>' for part in re.split(r"\n\s*\n", answer.text)),
        *(
            f"<p>{'<br>'.join(map(escape, said.splitlines()))}</p>"
            for one in answer.conflicts
            if (said := texts.conflict(one, answer.citations, language))
        ),
        *([sources] if cards else []),
        *cards,
        *(f'<p class="searched">{escape(line)}</p>' for line in searched(entry)),
        "</section>",
    ]


def escape(text: str) -> str:
    """*text* as HTML that shows it and does nothing else, in text and in attributes."""
    return html.escape(inert(text))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines)

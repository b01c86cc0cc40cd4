"""A dossier as one HTML page to print: no scripts, no links, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

from qa.answering import texts
from qa.dossier.contents import Dossier
from qa.dossier.words import closing, facts, word
from qa.output import inert


def to_html(dossier: Dossier) -> str:
    """The dossier as a page. A security policy forbids what escaping leaves to forbid."""
    answer = dossier.answer
    language = answer.language
    style = Path(__file__).with_name("page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    paragraphs = [f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", answer.text)]
    paragraphs += [
        f"<p>{'<br>'.join(map(escape, said.splitlines()))}</p>"
        for one in answer.conflicts
        if (said := texts.conflict(one, answer.citations, language))
    ]
    cards = []
    for citation, proof in zip(answer.citations, dossier.proofs, strict=True):
        rows = [
            f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
            for name, value in facts(citation, proof, language)
        ]
        spoken = escape(dossier.source(citation.document_id).document.language)
        cards.append(
            f'<article id="source-{citation.n}">\n'
            f"<h3>[{citation.n}] {escape(citation.title or citation.source)}</h3>\n"
            f'<blockquote lang="{spoken}">{escape(citation.quote)}</blockquote>\n'
            f"<dl>\n{_joined(rows)}\n</dl>\n</article>"
        )
    heading = word(language, "abstained" if answer.abstained else "answer")
    return _joined(
        [
            f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(answer.question)}</title>\n<style>{style}</style>\n</head>",
            f"<body>\n<main>\n<h1>{escape(answer.question)}</h1>",
            f'<section class="answer">\n<h2>{heading}</h2>',
            *paragraphs,
            "</section>",
            *([f"<h2>{word(language, 'sources')}</h2>"] if cards else []),
            *cards,
            "<footer>",
            *(f"<p>{escape(line)}</p>" for line in closing(dossier)),
            "</footer>\n</main>\n</body>\n</html>\n",
        ]
    )


def escape(text: str) -> str:
    """*text* as HTML that shows it and does nothing else, in text and in attributes."""
    return html.escape(inert(text))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines)

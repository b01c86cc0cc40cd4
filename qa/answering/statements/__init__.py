"""Who said what: every statement of an article, with its speaker.

Owns: pairing of quotation marks, cue words ("kata", "menurut", "said"), the
patterns of direct and indirect speech, and the speaker of a statement within
the article. Does not know: storage, retrieval, or people beyond this article.

How it works, in one pass over the text, each step linear:

1. Furniture and datelines are blanked, quotation marks are paired, paragraphs and sentences are
   cut with every quotation counted as one unit.
2. Each sentence gives its attributions: a cue and the words that name the speaker.
3. A quotation takes the attribution after it, before it, or of the quotation that it
   continues; a sentence without one gives indirect speech when its cue governs a clause.
4. Pronouns, short names and offices are resolved from what came before.
"""

from __future__ import annotations

from qa.answering.statements.finding import find_statements

__all__ = ["find_statements"]

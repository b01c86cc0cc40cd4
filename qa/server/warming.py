"""Makes the first question as quick as the second."""

from __future__ import annotations

import threading
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.corpus import Corpus

# Finds something in any corpus, so that every step of answering is taken once.
QUESTION = "Siapa yang mengatakan apa, dan kapan?"


def warm_up(corpus: Corpus) -> threading.Thread:
    """Ask *corpus* in the background, so that what is loaded at the first use is loaded."""

    def ask() -> None:
        try:
            corpus.ask(QUESTION)
        except Exception:
            traceback.print_exc()  # the questions that follow will say so too

    thread = threading.Thread(target=ask, name="kutip-warm-up", daemon=True)
    thread.start()
    return thread

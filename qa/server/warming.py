"""Makes the first question as quick as the second, and every question quick beside others."""

from __future__ import annotations

import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from qa.corpus import Corpus

# In each language, for its stems, names and translations are loaded at their first use.
QUESTIONS = ("Siapa mengatakan apa tentang data?", "Who said what about data?")


def limit_threads() -> None:
    """From now on matrix products take one thread each.

    Questions are answered beside each other, and sharing out small ones costs half as
    much again (log). To be called before there are other threads: the libraries are
    looked through under a lock of the system's loader, with Python called back for each,
    and a thread that loads a module just then waits for the one and holds the other.
    """
    threadpool_limits(1, user_api="blas")


def warm_up(corpus: Corpus) -> threading.Thread:
    """Ask *corpus* in the background, so that what is loaded at the first use is loaded."""

    def ask() -> None:
        try:
            with suppress(ImportError):
                import matplotlib  # noqa: F401 - Gradio does, at the first event, where it is there
            for question in QUESTIONS:
                corpus.ask(question)
        except Exception:
            traceback.print_exc()  # the questions that follow will say so too

    thread = threading.Thread(target=ask, name="kutip-warm-up", daemon=True)
    thread.start()
    return thread

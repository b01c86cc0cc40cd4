"""Two spellings of one name: old and new, Indonesian and English, or a letter apart.

"Soeharto" and "Suharto", "Warsaw" and "Warsawa", "Mahasthavira" and "Mahasthawira".
For one question only: is a name that no document writes like this perhaps there
under another spelling? Knows folded words (``qa.language.tokens.fold``).
"""

from __future__ import annotations

import re
from string import ascii_lowercase

LEAST_LETTERS = 6  # from which one letter more, less or other is the same name

# In order: what stands on the left is written as on the right, nowadays or in Indonesian.
_SOUNDS = (
    ("oe", "u"),
    ("tsj", "c"),
    ("tj", "c"),
    ("dj", "j"),
    ("sj", "s"),
    ("sy", "s"),
    ("sh", "s"),
    ("nj", "ny"),
    ("kh", "k"),
    ("ch", "k"),
    ("ck", "k"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("bh", "b"),
    ("x", "ks"),
    ("q", "k"),
    ("c", "k"),
    ("v", "f"),
    ("z", "s"),
    ("y", "i"),
    ("j", "i"),
    ("o", "u"),
    ("e", "i"),
)
_DOUBLED = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """*word*, folded, with the letters that spellings differ in made one."""
    for written, plain in _SOUNDS:
        word = word.replace(written, plain)
    return _DOUBLED.sub(r"\1", word)


def spelt_alike(one: str, other: str) -> bool:
    """True when two folded words can be one name.

    They have the same sound, or all but one letter of it, or one begins with the other.
    """
    if not (one.isalpha() and other.isalpha()) or abs(len(one) - len(other)) > 3:
        return False
    first, second = sound(one), sound(other)
    if min(len(one), len(other)) >= LEAST_LETTERS and (
        first.startswith(second) or second.startswith(first)
    ):
        return True  # "Bulgar", "Bulgaria"
    if first == second:
        return len(first) > 2
    if min(len(first), len(second)) < LEAST_LETTERS - 1 or len(one) < LEAST_LETTERS:
        return False
    return _one_apart(first, second)


def _one_apart(one: str, other: str) -> bool:
    """True when one letter is other, or one more, in one of them."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    rest = short[same:] if len(short) < len(long) else short[same + 1 :]
    return long[same + 1 :] == rest


def slip_of(word: str, known: str) -> bool:
    """True when a folded *word* is *known* with a letter left out, doubled, added or exchanged.

    Stricter than ``spelt_alike``: another letter in the place of one makes another name.
    """
    if sound(word) == sound(known) or sorted(word) == sorted(known):
        return True
    short, long = sorted((word, known), key=len)
    if len(long) != len(short) + 1 or len(short) < LEAST_LETTERS - 1:
        return False
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def initials(word: str) -> tuple[str, ...]:
    """The letters with which another spelling of *word* may begin."""
    first = sound(word)[:1]
    two = {written[0] for written, _ in _SOUNDS if sound(written)[:1] == first}
    return tuple(sorted({word[:1], *two, *(c for c in ascii_lowercase if sound(c) == first)}))

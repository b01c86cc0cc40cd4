"""Which passages filters leave: exact, and decided before anything is ranked.

Filters of one kind widen each other (either outlet), save that dates and exact
words all hold at once; filters of different kinds narrow each other. What a
document lacks it cannot match: without a date it is outside every span of time.
State arrives as arguments; nothing here knows how a filter was understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import translate
from itertools import groupby

import numpy as np
import numpy.typing as npt

from qa.index.store import Catalogue, PassageTable, Store
from qa.language.tokens import fold, is_function_word, stems, tokens
from qa.retrieval.lexical import Postings
from qa.types import Coverage, Filter, FilterKey

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Restriction:
    """What *filters* leave: *keep* has one entry a row of the passage table.

    *filters* are those given, except that words in plain quotation marks that
    no passage holds restrict nothing.
    """

    filters: tuple[Filter, ...]
    keep: Mask
    coverage: Coverage


def restrict(
    filters: Sequence[Filter],
    *,
    table: PassageTable,
    catalogue: Catalogue,
    called: Callable[[str], Sequence[str]],
    postings: Postings,
    store: Store,
) -> Restriction:
    """Apply those of *filters* that restrict.

    *called*: the names under which whoever a name means makes statements.
    """
    active = [f for f in filters if f.restricts]
    undated = documents = np.ones(len(catalogue.numbers), bool)
    for key, group in groupby(sorted(active, key=_key), key=_key):
        if key in _DOCUMENTS:
            documents = documents & _DOCUMENTS[key](list(group), catalogue)
            if key is not FilterKey.DATE:
                undated = undated & documents
    homes = np.searchsorted(catalogue.numbers, table.documents)
    keep = documents[homes]
    if wanted := [f.value for f in active if f.key is FilterKey.SPEAKER]:
        names = [form for one in wanted for form in called(one)]
        keep = keep & np.isin(table.numbers, store.passages_spoken(names))
    settled = {}
    for one in active:
        if one.key is FilterKey.EXACT:
            holding = _holding(one.value, table, keep, postings, store)
            if one.typed or holding.any():
                keep = holding
            else:
                settled[one] = replace(one, restricts=False)
    dated = [f for f in active if f.key is FilterKey.DATE]
    left_out = int((undated & (catalogue.published == 0)).sum()) if dated else 0
    return Restriction(
        tuple(settled.get(f, f) for f in filters), keep, _coverage(keep, homes, catalogue, left_out)
    )


def outlet_key(name: str) -> str:
    """An outlet's name for matching: "The Jakarta Post", "JAKARTAPOST.COM" are one."""
    bare = _DOMAIN.sub("", name.strip())
    return "".join(c for c in _THE.sub("", fold_spaced(bare)) if c.isalnum())


def outlets_of(names: Iterable[str]) -> dict[str, str]:
    """Each outlet once, by its ``outlet_key``, in the order in which *names* has them.

    The name is the way it is written that reads best: "Warta Selasar", not
    "WARTASELASAR.ID".
    """
    ways: dict[str, set[str]] = {}
    for name in names:
        ways.setdefault(outlet_key(name) or name, set()).add(name)
    return {
        key: min(written, key=lambda name: (name.isupper() or name.islower(), "." in name, name))
        for key, written in ways.items()
    }


def in_order(outlets: Mapping[str, str]) -> tuple[str, ...]:
    """The names of *outlets*, in the order of the alphabet."""
    return tuple(sorted(outlets.values(), key=str.casefold))


def fold_spaced(text: str) -> str:
    """*text* folded word by word, its words one space apart."""
    return " ".join(fold(word) for word in text.split())


_DOMAIN = re.compile(r"(?:\.(?:co|or|go|ac))?\.(?:com|id|net|org|tv|news)$", re.IGNORECASE)
_THE = re.compile(r"^the ")


def _key(one: Filter) -> FilterKey:
    return one.key


def _by_outlet(filters: Sequence[Filter], catalogue: Catalogue) -> Mask:
    names = {name for name in catalogue.outlets if name is not None}
    kept = {name for name in names if any(is_outlet(f.value, name) for f in filters)}
    return np.array([name in kept for name in catalogue.outlets], bool)


def is_outlet(wanted: str, name: str) -> bool:
    """Whether *wanted* means the outlet *name*: it, or whole words of it, as "Jakarta Post"."""
    if outlet_key(wanted) == outlet_key(name):
        return True
    words = fold_spaced(wanted)
    return bool(words) and f" {words} " in f" {fold_spaced(name)} "


_JOINT = re.compile(r"\s*[,;/&|]\s*|\s+(?:dan|and|with|bersama)\s+", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?:editor|penyunting|redaktur)\s*:\s*", re.IGNORECASE)
_FROM = re.compile(r"\s+(?:in|di|dari|from)\s+[^\W\d_a-z].*$")  # "Clara Whitmoor in Brussels"


def writers(byline: str) -> list[str]:
    """The names in a byline, without what they are and where they wrote."""
    names = (_FROM.sub("", name) for name in _JOINT.split(_LABEL.sub("", byline)))
    return [name.strip() for name in names if name.strip()]


def is_writer(wanted: str, byline: str) -> bool:
    """Whether *wanted* names somebody in *byline*: whole words of the name, in their order."""
    words = fold_spaced(wanted).split()
    for name in writers(byline):
        held = iter(fold_spaced(name).split())
        if words and all(any(word == other for other in held) for word in words):
            return True
    return False


def _by_writer(filters: Sequence[Filter], catalogue: Catalogue) -> Mask:
    return np.array(
        [
            byline is not None and any(is_writer(f.value, byline) for f in filters)
            for byline in catalogue.bylines
        ],
        bool,
    )


def _by_date(filters: Sequence[Filter], catalogue: Catalogue) -> Mask:
    since = max((f.since for f in filters if f.since), default=date.min).toordinal()
    until = min((f.until for f in filters if f.until), default=date.max).toordinal()
    days = catalogue.published
    kept: Mask = (days > 0) & (days >= since) & (days <= until)
    return kept


def _by_file(filters: Sequence[Filter], catalogue: Catalogue) -> Mask:
    patterns = [_path_pattern(f.value) for f in filters]
    return np.array([any(p.search(source) for p in patterns) for source in catalogue.sources], bool)


def _by_language(filters: Sequence[Filter], catalogue: Catalogue) -> Mask:
    wanted = {f.value for f in filters}
    return np.array([language in wanted for language in catalogue.languages], bool)


def _path_pattern(wanted: str) -> re.Pattern[str]:
    """A part of the path; with * ? or [ ] a pattern for the end of it, from a slash."""
    if any(c in wanted for c in "*?["):
        return re.compile(r"(?:^|[\\/])" + translate(wanted), re.IGNORECASE)
    return re.compile(re.escape(wanted), re.IGNORECASE)


def _by_id(filters: Sequence[Filter], catalogue: Catalogue) -> Mask:
    wanted = {f.value.lower() for f in filters}
    return np.array([id in wanted for id in catalogue.ids], bool)


_DOCUMENTS: dict[FilterKey, Callable[[Sequence[Filter], Catalogue], Mask]] = {
    FilterKey.OUTLET: _by_outlet,
    FilterKey.DATE: _by_date,
    FilterKey.FILE: _by_file,
    FilterKey.LANGUAGE: _by_language,
    FilterKey.DOCUMENT: _by_id,
    FilterKey.BYLINE: _by_writer,
}


def holds(words: str) -> Callable[[str], bool]:
    """Whether a text has exactly *words*, as whole words; case and line breaks do not count."""
    parts = [re.sub("['’‘]", "['’‘]", re.escape(part)) for part in words.split()]
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    pattern = re.compile(before + r"\s+".join(parts) + after, re.IGNORECASE)
    return lambda text: pattern.search(text) is not None


def _holding(words: str, table: PassageTable, keep: Mask, postings: Postings, store: Store) -> Mask:
    """The passages of *keep* with exactly *words*; the index leaves few texts to look at."""
    within = np.zeros(len(keep), bool)
    for i, language in enumerate(table.names):
        mine = keep & (table.languages == i)
        for word in tokens(words):
            if is_function_word(word.text):
                continue  # in capitals it has another term (``is_acronym``)
            for term in stems(word.text, language):
                has = np.zeros(len(keep), bool)
                has[table.rows(postings(term)[0])] = True
                mine = mine & has
        within |= mine
    found = store.passages_where(table.numbers[within].tolist(), holds(words))
    result = np.zeros(len(keep), bool)
    result[table.rows(found)] = True
    return result


def _coverage(
    keep: Mask, homes: npt.NDArray[np.int64], catalogue: Catalogue, undated: int
) -> Coverage:
    documents = np.unique(homes[keep])
    days = catalogue.published[documents]
    days = days[days > 0]
    return Coverage(
        len(documents),
        int(keep.sum()),
        date.fromordinal(int(days.min())) if len(days) else None,
        date.fromordinal(int(days.max())) if len(days) else None,
        undated,
        in_order(outlets_of(outlet for i in documents if (outlet := catalogue.outlets[i]))),
    )

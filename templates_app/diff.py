"""What one wording changes in another, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from templates_app.lint import BODY_LIMIT

# Scripts that put no space between words are compared letter by letter.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"\s+|[{_UNSPACED}]|[^\s{_UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class DiffRun:
    """A run of text; `kind` is "same", "del" or "ins"."""

    kind: str
    text: str


def diff(old: str, new: str) -> tuple[DiffRun, ...]:
    """Return the runs that turn `old` into `new`; none when the texts are equal.

    Without the "ins" runs the texts join to `old`, without the "del" runs to `new`. Characters of
    `new` beyond BODY_LIMIT, which no text may have, are left out.
    """
    if old == new:
        return ()
    before, after = _WORDS.findall(old), _WORDS.findall(new[:BODY_LIMIT])
    return tuple(_runs(before, after))


def _runs(before: list[str], after: list[str]) -> Iterator[DiffRun]:
    # What a long text repeats over and over starts no match (autojunk), or 500 letters of two kinds
    # would take a second.
    matcher = SequenceMatcher(a=before, b=after)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield DiffRun("same", "".join(before[a:b]))
            continue
        if a < b:
            yield DiffRun("del", "".join(before[a:b]))
        if c < d:
            yield DiffRun("ins", "".join(after[c:d]))

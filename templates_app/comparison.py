"""What one wording changes in another, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Scripts that put no space between words are compared letter by letter.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"\s+|[{_UNSPACED}]|[^\s{_UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of text; `kind` is "same", "del" or "ins"."""

    kind: str
    text: str


def changes(old: str, new: str) -> tuple[Change, ...]:
    """Return how `new` comes of `old`.

    Without the "ins" runs the texts join to `old`, without the "del" runs to `new`.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    return tuple(_runs(before, after))


def _runs(before: list[str], after: list[str]) -> Iterator[Change]:
    # What a long text repeats over and over starts no match (autojunk), or 500 letters of two kinds
    # would take a second.
    matcher = SequenceMatcher(a=before, b=after)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Change("same", "".join(before[a:b]))
            continue
        if a < b:
            yield Change("del", "".join(before[a:b]))
        if c < d:
            yield Change("ins", "".join(after[c:d]))

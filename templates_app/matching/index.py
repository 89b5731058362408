"""Patterns by what their texts begin and end with: a text is compared with few of them.

Prefixes are sorted, and each knows the longest other one that it begins with: a trie in two lists.
The last that sorts before a text is the only place to look; from there all prefixes of the text
are found by going up. The same is done with what texts end with, read backwards.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from templates_app.matching.pattern import WordingPattern

T = TypeVar("T")
_WORD = re.compile(r"\w+")
_FEW = 8
"""So many patterns are looked at one by one."""


class _Ranked(NamedTuple):
    """A pattern where it belongs: the most fixed characters first, then the lowest id."""

    rank: tuple[int, int]
    longest: str
    pattern: WordingPattern


class _Beginnings(Generic[T]):
    """Things by a beginning of the texts they belong to."""

    def __init__(self, things: dict[str, T]) -> None:
        self._beginnings = sorted(things)
        self._things = [things[beginning] for beginning in self._beginnings]
        self._shorter: list[int] = []
        for place, beginning in enumerate(self._beginnings):
            self._shorter.append(self._up(place - 1, beginning))

    def _up(self, place: int, text: str) -> int:
        """Return the nearest place, going up from one, whose beginning the text has; or -1."""
        while place >= 0 and not text.startswith(self._beginnings[place]):
            place = self._shorter[place]
        return place

    def of(self, text: str) -> Iterator[T]:
        """Yield the things of all beginnings that a text has."""
        place = self._up(bisect_right(self._beginnings, text) - 1, text)
        while place >= 0:
            yield self._things[place]
            place = self._shorter[place]


class _Group:
    """Patterns whose texts begin and end alike: many are told apart by a word that they fix."""

    def __init__(self, ranked: Sequence[_Ranked]) -> None:
        words = [_inner_words(one.longest) for one in ranked]
        often = Counter(word for found in words for word in found)
        self._any: list[_Ranked] = []
        self._with: dict[str, list[_Ranked]] = defaultdict(list)
        for one, found in zip(ranked, words, strict=True):
            if found and len(ranked) > _FEW:
                self._with[min(found, key=lambda word: (often[word], word))].append(one)
            else:
                self._any.append(one)

    def of(self, text: str) -> Iterator[_Ranked]:
        """Yield the patterns whose longest inner literal a text has."""
        for one in self._any:
            if one.longest in text:
                yield one
        if self._with:
            for word in set(_WORD.findall(text)) & self._with.keys():
                for one in self._with[word]:
                    if one.longest in text:
                        yield one


def _inner_words(literal: str) -> set[str]:
    """Return the words of a literal that are words of its texts, too: none at its ends."""
    last = len(literal)
    return {
        found[0] for found in _WORD.finditer(literal) if found.start() > 0 and found.end() < last
    }


class Index:
    """Finds the patterns that a normalised text is of."""

    def __init__(self, patterns: Iterable[WordingPattern]) -> None:
        self._whole: dict[str, list[_Ranked]] = defaultdict(list)
        groups: dict[str, dict[str, list[_Ranked]]] = defaultdict(lambda: defaultdict(list))
        for pattern in patterns:
            ranked = _Ranked((-pattern.weight, pattern.id), pattern.longest, pattern)
            if pattern.variables:
                groups[pattern.literals[0]][pattern.literals[-1][::-1]].append(ranked)
            else:
                self._whole[pattern.literals[0]].append(ranked)
        self._by_prefix = _Beginnings(
            {
                prefix: _Beginnings({suffix: _Group(of) for suffix, of in by_suffix.items()})
                for prefix, by_suffix in groups.items()
            }
        )

    def candidates(self, text: str) -> Sequence[WordingPattern]:
        """Return the patterns that a text may be of, the one that others give way to first."""
        backwards = text[::-1]
        found = [*self._whole.get(text, ())]
        for by_suffix in self._by_prefix.of(text):
            for group in by_suffix.of(backwards):
                found += group.of(text)
        found.sort()
        return [one.pattern for one in found]

    def matches(self, text: str) -> Iterator[tuple[WordingPattern, tuple[str, ...]]]:
        """Yield all patterns that a text is of, with its values, the preferred one first."""
        for pattern in self.candidates(text):
            values = pattern.split(text)
            if values is not None:
                yield pattern, values

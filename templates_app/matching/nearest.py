"""The wordings that most resemble a text which is of none of them, at a cost that has a bound."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from heapq import nsmallest

from templates_app.matching.pattern import WordingPattern

MOST = 3
_LONGEST = 2_000
_WORDS_OF_A_TEXT = 64
_COUNTED = 1_000
"""Places of words in wordings that are counted, those of the rarest words first."""
# Scripts that put no space between words are compared letter by letter.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


class Nearest:
    """Patterns by the words they fix."""

    def __init__(self, patterns: Iterable[WordingPattern]) -> None:
        self._patterns = sorted(patterns, key=lambda one: one.id)
        self._lengths: list[int] = []
        self._with: dict[str, list[int]] = defaultdict(list)
        for place, pattern in enumerate(self._patterns):
            words = _words(" ".join(pattern.literals))
            self._lengths.append(sum(map(len, words)))
            for word in words:
                self._with[word].append(place)

    def of(self, text: str) -> list[WordingPattern]:
        """Return up to MOST patterns that share words with a text, the most alike first."""
        words = _words(text)
        shared: Counter[int] = Counter()
        left = _COUNTED
        for word in sorted(words, key=lambda word: len(self._with.get(word, ()))):
            places = self._with.get(word, ())[:left]
            left -= len(places)
            for place in places:
                shared[place] += len(word)
        length = sum(map(len, words))

        def likeness(place: int) -> float:
            # Dice's: what both have, of what each has.
            return 2 * shared[place] / (length + self._lengths[place])

        best = nsmallest(MOST, shared, key=lambda place: (-likeness(place), place))
        return [self._patterns[place] for place in best]


def _words(text: str) -> list[str]:
    """Return the first different words of a text, whatever their case."""
    found = _WORD.findall(text[:_LONGEST].casefold())
    return list(dict.fromkeys(found))[:_WORDS_OF_A_TEXT]

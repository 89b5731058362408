"""What texts of one wording have in common: whatever has a digit in it is a value.

Names of people cannot be told from words by one text; many texts tell (`clusters`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from templates_app import wording
from templates_app.matching.normal import normalise

VALUE = "\0"
"""Stands for a value in a skeleton."""
_TOKEN = re.compile(r"\w+|[^\w\s]|\s")
_WITHIN = frozenset(".,:/-+#")
_MOST_VARIABLES = 20
_COMPARED = 20
"""Clusters of one length that a skeleton is compared with."""
_ALIKE = 0.7
"""The share of its words that a text must have in common with its cluster."""


def without_digits(text: str) -> str:
    """Return a text as long as this one with 0 for every digit: no number or code is in it."""
    if text.isascii():
        return re.sub(r"[0-9]", "0", text)
    return "".join("0" if letter.isdecimal() else letter for letter in text)


def skeleton(text: str) -> str:
    """Return a normalised text with VALUE for each run that has a digit."""
    return "".join(_tokens(text))


def proposed(tokens: Sequence[str]) -> str:
    """Return a wording with numbered variables for the values of a skeleton's tokens."""
    body, number = "", 0
    for token in tokens:
        if token == VALUE and number < _MOST_VARIABLES:
            number += 1
            body += wording.placeholder(number)
        else:
            body += token.replace(VALUE, "0")
    return body


def proposal(text: str) -> str:
    """Return the wording that one text suggests."""
    return proposed(_tokens(text))


@dataclass(slots=True)
class Cluster:
    """Skeletons that differ in a few words: `keys` say which, `count` how many texts had them."""

    tokens: list[str]
    keys: list[int]
    count: int

    @property
    def wording(self) -> str:
        """Return the wording that they suggest."""
        return proposed(_merged(self.tokens))


def clusters(texts: Iterable[tuple[int, str, int]]) -> list[Cluster]:
    """Put texts, each with its key and how often it came, together; the most frequent first.

    Those of as many words that differ in less than a third of them are one wording, in which the
    words that differ are values. Each is compared with a bounded number of clusters.
    """
    by_length: dict[int, list[Cluster]] = defaultdict(list)
    for key, text, count in texts:
        tokens = _tokens(text)
        nearby = by_length[len(tokens)]
        for cluster in nearby[:_COMPARED]:
            if _is_alike(cluster.tokens, tokens):
                cluster.tokens = [
                    one if one == other else VALUE
                    for one, other in zip(cluster.tokens, tokens, strict=True)
                ]
                cluster.keys.append(key)
                cluster.count += count
                break
        else:
            nearby.append(Cluster(tokens, [key], count))
    found = [cluster for nearby in by_length.values() for cluster in nearby]
    return sorted(found, key=lambda cluster: (-cluster.count, cluster.keys[0]))


def _is_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether texts of as many tokens share enough words; blanks and values do not count."""
    words = sum(token != VALUE and not token.isspace() for token in one)
    others = 0
    for here, there in zip(one, other, strict=True):
        if here == there:
            continue
        # A value stays one; a blank that is none in the other makes them different.
        if here.isspace() or there.isspace():
            return False
        others += here != VALUE
        if others > (1 - _ALIKE) * words:
            return False
    return words > 0


def _tokens(text: str) -> list[str]:
    """Return words, blanks and signs; values that only a sign parts are one."""
    found = [
        VALUE if any(letter.isdecimal() for letter in token) else token
        for token in _TOKEN.findall(normalise(text).replace(VALUE, ""))
    ]
    return _merged(found)


def _merged(tokens: Sequence[str]) -> list[str]:
    """Return the tokens with values that touch, or that one sign parts, as one value."""
    merged: list[str] = []
    for token in tokens:
        if token == VALUE and merged and merged[-1] == VALUE:
            continue
        if token == VALUE and len(merged) > 1 and merged[-1] in _WITHIN and merged[-2] == VALUE:
            merged.pop()
            continue
        merged.append(token)
    return merged

"""What a whole text was made of: a signature, a wording, and values. The answer is always the same.

Of several wordings the one that fixes most characters is taken, then the one with the lowest id.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from templates_app.matching.index import Index
from templates_app.matching.nearest import Nearest
from templates_app.matching.normal import normalise
from templates_app.matching.pattern import WordingPattern

LONGEST = 4_000
"""Characters that are looked at; ten segments hold 1,530."""
_BRACKETS = {"[": "]", "【": "】"}
_CLOSING = {closing: opening for opening, closing in _BRACKETS.items()}


class Matched(NamedTuple):
    """A text is the pattern of this id with these values, below a signature (empty: none)."""

    id: int
    signature: str
    values: tuple[str, ...]


class SignedText(NamedTuple):
    """A text without the signature that it begins or ends with."""

    signature: str
    text: str


class Matcher:
    """The wordings of one organization, and its signatures."""

    def __init__(
        self, patterns: Iterable[WordingPattern], signatures: Collection[str] = ()
    ) -> None:
        self._patterns = tuple(patterns)
        self._index = Index(self._patterns)
        self._signatures = {normalise(signature): signature for signature in signatures}

    def match(self, text: str, signature: str = "", only: int = 0) -> Matched | None:
        """Return what a text was made of; None if of nothing known, or if it is too long.

        `signature` is one that was asked for beside the text, which need not repeat it. Where
        `only` is the id of a pattern, the text is that one or nothing.
        """
        if len(text) > LONGEST:
            return None
        for signed in self._readings(normalise(text), signature):
            for pattern, values in self._index.matches(signed.text):
                if only in {0, pattern.id}:
                    return Matched(pattern.id, signed.signature, values)
        return None

    def unapproved_signature(self, text: str) -> str:
        """Return the signature, not known here, without which a text would match; or nothing."""
        for signed in signed_readings(normalise(text[:LONGEST])):
            if any(self._index.matches(signed.text)):
                return signed.signature
        return ""

    def nearest(self, text: str) -> list[int]:
        """Return the ids of a few patterns that resemble a text of none, the most alike first."""
        return [pattern.id for pattern in self._nearest.of(text)]

    @cached_property
    def _nearest(self) -> Nearest:
        # Only where a text failed: most programs never need it.
        return Nearest(self._patterns)

    def _readings(self, text: str, asked: str) -> Iterator[SignedText]:
        """Yield the text without a signature of the organization, then as it is."""
        expected = {normalise(asked): asked} if asked else self._signatures
        for signed in signed_readings(text):
            if signed.signature in expected:
                yield SignedText(expected[signed.signature], signed.text)
        yield SignedText(asked, text)


def signed_readings(text: str) -> Iterator[SignedText]:
    """Yield a normalised text without what stands in brackets at its start, then at its end."""
    if text[:1] in _BRACKETS:
        content, found, rest = text[1:].partition(_BRACKETS[text[0]])
        if found:
            yield SignedText(content.strip(), rest.strip())
    if text[-1:] in _CLOSING:
        rest, found, content = text[:-1].rpartition(_CLOSING[text[-1]])
        if found:
            yield SignedText(content.strip(), rest.strip())

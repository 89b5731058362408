"""How alike two texts are, and marks by which similar ones are found. Knows no framework.

A text becomes its shingles: all runs of four characters of its normal form. Of those, minimal
hashes are taken (Broder, 1997); three of them together are a mark. Texts that share most of their
shingles share a mark nearly always, and others hardly ever.
"""

import hashlib
import re
import unicodedata

_PLACEHOLDER = re.compile(r"\{[1-9][0-9]?\}")
_DIGITS = re.compile(r"[0-9]+")
_LONGEST = 2_000
_SHINGLE = 4
MARKS = 8
_A_MARK = 3
_PRIME = (1 << 61) - 1
_VARIABLE = "\0"


def normal_form(text: str) -> str:
    """Return a text without what hides that it is the same: case, width, blanks, symbols, figures.

    Variables are one character, whichever their numbers, and so is each run of digits.
    """
    plain = _PLACEHOLDER.sub(_VARIABLE, text[:_LONGEST])
    plain = unicodedata.normalize("NFKC", plain).casefold()[:_LONGEST]
    kept = "".join(char for char in plain if char.isalnum() or char == _VARIABLE)
    return _DIGITS.sub("0", kept)


def digest(text: str) -> str:
    """Return 32 hexadecimal digits; texts of one normal form have the same."""
    return hashlib.sha256(normal_form(text).encode()).hexdigest()[:32]


def shingles(text: str) -> frozenset[str]:
    """Return all runs of four characters of the normal form; of a shorter one itself."""
    plain = normal_form(text)
    return frozenset(plain[at : at + _SHINGLE] for at in range(max(1, len(plain) - _SHINGLE + 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share of the shingles of two texts they have in common, from 0 to 1."""
    return len(one & other) / len(one | other)


def marks(text: str) -> list[int]:
    """Return eight marks of a text, whole numbers of 63 bits."""
    hashes = [_number(shingle.encode()) % _PRIME for shingle in shingles(text)]
    least = [min((a * x + b) % _PRIME for x in hashes) for a, b in _PERMUTATIONS]
    bands = zip(*[iter(least)] * _A_MARK, strict=True)
    return [_number(repr((place, band)).encode()) for place, band in enumerate(bands)]


def _number(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big") >> 1


# The same on every machine and in every year: marks are kept.
_PERMUTATIONS = [
    (_number(b"a%d" % number) % _PRIME | 1, _number(b"b%d" % number) % _PRIME)
    for number in range(MARKS * _A_MARK)
]

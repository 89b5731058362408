"""A regular expression on numbers as the prefixes it stands for, where it stands for some."""

import re

MOST_PREFIXES = 200
LONGEST_PATTERN = 500
# Whatever may follow a prefix says nothing about the way.
_TAIL = re.compile(r"(?:(?:\\d|\.|\[0-9\])(?:[*+?]|\{\d{1,2}(?:,\d{0,2})?\})?)*\$?")
_PLUS = re.compile(r"\^?(?:\\\+\??|\[\+\]\??|\(\\\+\)\?|\+\?)?")
_CLASS = re.compile(r"\[([0-9]|[0-9-]{1,30})\]")
_QUANTIFIER = "*+?{"


class NoPrefixes(ValueError):
    """An expression that asks for more than leading digits."""


def prefixes_of(pattern: str) -> list[str]:
    r"""Return the leading digits that `^852\d+`, `^(65|60)` or `8525[1-3]` ask for.

    [""] stands for every number. Expressions match from the first digit on, with or without a plus.
    Raise NoPrefixes.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise NoPrefixes("it is too long")
    found: list[str] = []
    for branch in _branches(pattern):
        start = _PLUS.match(branch)
        found += _read(branch[start.end() if start else 0 :], may_group=True)
    if len(found) > MOST_PREFIXES:
        raise NoPrefixes(f"it stands for more than {MOST_PREFIXES} prefixes")
    return sorted(set(found))


def _branches(pattern: str) -> list[str]:
    """Cut at every | that stands in no group."""
    branches, depth, begin = [], 0, 0
    for at, character in enumerate(pattern):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            branches.append(pattern[begin:at])
            begin = at + 1
    return [*branches, pattern[begin:]]


def _read(branch: str, *, may_group: bool) -> list[str]:
    """Return the prefixes of one branch, whose groups hold no groups."""
    prefixes = [""]
    while not _TAIL.fullmatch(branch):
        choices, length = _choices(branch, may_group=may_group)
        branch = branch[length:]
        if branch[:1] and branch[0] in _QUANTIFIER:
            raise NoPrefixes("a part of it may be missing or repeated")
        prefixes = [before + digit for before in prefixes for digit in choices]
        if len(prefixes) > MOST_PREFIXES:
            raise NoPrefixes(f"it stands for more than {MOST_PREFIXES} prefixes")
    return prefixes


def _choices(branch: str, *, may_group: bool) -> tuple[list[str], int]:
    """Return what may stand next, and how long its notation is."""
    if branch[0] in "0123456789":
        return [branch[0]], 1
    if digits := _CLASS.match(branch):
        return _digits(digits[1]), digits.end()
    end = branch.find(")")
    if branch[0] == "(" and may_group and end > 0:
        inner = branch[1:end].removeprefix("?:")
        choices = [each for part in _branches(inner) for each in _read(part, may_group=False)]
        if _is_open(inner) and not _TAIL.fullmatch(branch[end + 1 :]):
            raise NoPrefixes("a group of it may be of any length")
        return choices, end + 1
    raise NoPrefixes(f"“{branch[:20]}” is more than leading digits")


def _is_open(inner: str) -> bool:
    """Tell whether something other than plain digits stands in a group."""
    return any(character in r"\.*+?{$" for character in inner)


def _digits(written: str) -> list[str]:
    digits: list[str] = []
    parts = re.findall(r"(\d)-(\d)|(\d)", written)
    if "".join(f"{a}-{b}" if a else c for a, b, c in parts) != written:
        raise NoPrefixes(f"“[{written}]” is no list of digits")
    for first, last, single in parts:
        digits += [single] if single else list(map(str, range(int(first), int(last) + 1)))
    return digits

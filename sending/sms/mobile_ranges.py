"""Numbers that are certainly a mobile, decided by one regular expression each.

`phonenumbers` is the authority on numbering plans, and slow: it parses, classifies and formats in
three passes of Python. This module compiles its own metadata into one ordered expression per
calling code and length. What the expression accepts is exactly what `phonenumbers` accepts
unchanged; whatever it cannot decide is left to `phonenumbers`.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

NON_GEOGRAPHIC = "001"  # The region of +800, +881 and the like: no country, so no price either.
MAINLAND = "CN"
# Countries of which `phonenumbers` still takes old numbers: not decided here.
HAS_WITHDRAWN = frozenset({"GA"})
E164_MAX_DIGITS = 15

# `phonenumbers` asks these before fixed line and mobile, and the first that fits is the answer.
_ASKED_FIRST = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


class _Plan:
    """The numbers of one calling code and one length: where the national part starts, what fits."""

    __slots__ = ("match", "offset")

    def __init__(self, offset: int, pattern: re.Pattern[str]) -> None:
        self.offset = offset
        self.match = pattern.match


class _Plans(dict[tuple[str, int], _Plan | None]):
    """Plans by the first three digits and the number of digits, compiled when first asked for."""

    def __missing__(self, key: tuple[str, int]) -> _Plan | None:
        first, digits = key
        calling_code = _calling_code(first)
        plan = None
        if calling_code is not None:
            offset = len(str(calling_code))
            plan = self._of_calling_code(calling_code, offset, digits - offset)
        self[key] = plan
        return plan

    def _of_calling_code(self, calling_code: int, offset: int, length: int) -> _Plan | None:
        # +1 has 800 beginnings of three digits; they share one compiled plan.
        shared = (f"+{calling_code}", length)
        if shared not in self:
            self[shared] = _compile(calling_code, offset, length)
        return self[shared]


_PLANS = _Plans()


def country_of_mobile(digits: str) -> str | None:
    """ISO 3166 country of an E.164 number without `+` that certainly is a mobile; else None.

    `digits` holds ASCII digits only. None means undecided, not refused.
    """
    length = len(digits)
    if length > E164_MAX_DIGITS:
        return None
    plan = _PLANS[digits[:3], length]
    if plan is None:
        return None
    found = plan.match(digits[plan.offset :])
    return None if found is None else found.lastgroup


def is_no_number(digits: str) -> bool:
    """Tell whether `phonenumbers` certainly refuses an E.164 number without `+`.

    No such calling code, or no number there has that length. False means undecided.
    """
    calling_code = _calling_code(digits[:3])
    if calling_code is None:
        return True
    lengths = _lengths(calling_code)
    national = digits[len(str(calling_code)) :]
    if not lengths or len(national) in lengths:
        return False
    return not _strips(calling_code)(national)


@cache
def _lengths(calling_code: int) -> frozenset[int]:
    """Return how long national numbers are; none if that is unknown."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling_code]
    plans = [PhoneMetadata.metadata_for_region(region) for region in regions]
    lengths: set[int] = set()
    for plan in plans:
        possible = plan.general_desc.possible_length if plan and plan.general_desc else ()
        if not possible:
            return frozenset()
        lengths.update(possible)
    return frozenset(lengths)


@cache
def _strips(calling_code: int) -> Callable[[str], object]:
    """Return what finds a national prefix, with which `phonenumbers` may make another number."""
    region = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling_code][0]
    metadata = PhoneMetadata.metadata_for_region(region)
    prefix = metadata.national_prefix_for_parsing if metadata is not None else None
    if prefix and prefix.isdecimal():
        return lambda national: national.startswith(prefix)
    return re.compile(prefix or "(?!)").match


@cache
def mainland_mobile() -> re.Pattern[str]:
    """Return what mobile numbers of the Chinese mainland match in full, written without 86."""
    metadata = PhoneMetadata.metadata_for_region(MAINLAND)
    mobile = metadata.mobile if metadata is not None else None
    pattern = mobile.national_number_pattern if mobile is not None else None
    return re.compile(pattern or "(?!)")


@cache
def _calling_code(first: str) -> int | None:
    if not first or first[0] == "0":
        return None
    for length in (1, 2, 3):
        code = int(first[:length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return code
    return None


def _compile(calling_code: int, offset: int, length: int) -> _Plan | None:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling_code]
    if regions[0] in {NON_GEOGRAPHIC, MAINLAND, *HAS_WITHDRAWN}:
        return None
    alternatives: list[str] = []
    for region in regions:
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata is not None:
            alternatives += _alternatives(region, metadata, length, alone=len(regions) == 1)
    if not any(alternative.startswith("(?P<") for alternative in alternatives):
        return None
    pattern = _keeps_its_digits(regions[0]) + "(?:" + "|".join(alternatives) + ")"
    return _Plan(offset, re.compile(pattern))


def _keeps_its_digits(main_region: str) -> str:
    """A look-ahead that fails where `phonenumbers` might strip a national prefix."""
    metadata = PhoneMetadata.metadata_for_region(main_region)
    prefix = metadata.national_prefix_for_parsing if metadata is not None else None
    return f"(?!(?:{prefix})(?<=.))" if prefix else ""


def _alternatives(
    region: str, metadata: PhoneMetadata, length: int, *, alone: bool
) -> Iterator[str]:
    """The numbers of a region that are mobile (a group of its name), then all it lays claim to.

    Countries that share a calling code are asked in order and the first claim counts, so a
    number that is claimed but not mobile must not reach the next region.
    """
    general = _fits(metadata.general_desc, length)
    mobile = _mobile(metadata, length)
    leading = f"(?={metadata.leading_digits})" if metadata.leading_digits and not alone else ""
    if general and mobile:
        earlier = [_fits(getattr(metadata, name), length) for name in _ASKED_FIRST]
        refused = "|".join(pattern for pattern in earlier if pattern)
        unless = f"(?!(?:{refused})\\Z)" if refused else ""
        yield f"(?P<{region}>{leading}{unless}(?={general}\\Z)(?:{mobile})\\Z)"
    if leading:
        yield leading
    elif general and not alone:
        names = (*_ASKED_FIRST, "fixed_line", "mobile")
        kinds = [_fits(getattr(metadata, name), length) for name in names]
        claimed = "|".join(pattern for pattern in kinds if pattern)
        if claimed:
            yield f"(?={general}\\Z)(?:{claimed})\\Z"


def _mobile(metadata: PhoneMetadata, length: int) -> str | None:
    if metadata.same_mobile_and_fixed_line_pattern:
        return _fits(metadata.fixed_line, length)
    return _fits(metadata.mobile, length)


def _fits(description: PhoneNumberDesc | None, length: int) -> str | None:
    """The pattern of a kind of number, or None where it has no number of this length."""
    if description is None or not description.national_number_pattern:
        return None
    if description.possible_length and length not in description.possible_length:
        return None
    return f"(?:{description.national_number_pattern})"

"""Numbers as they were before their country changed its plan, and what they became.

Only where every old number became one new number, so that it can be offered: national plans as
published in the ITU's Operational Bulletin. What is offered is still asked of `phonenumbers`.
"""

import re
from collections.abc import Mapping

# Beginnings of mobiles in Vietnam: 162 to 169 became 32 to 39, the others as listed.
_VIETNAM = [
    *((f"16{digit}", f"3{digit}") for digit in range(2, 10)),
    *(("120", "70"), ("121", "79"), ("122", "77"), ("126", "76"), ("128", "78")),
    *(("123", "83"), ("124", "84"), ("125", "85"), ("127", "81"), ("129", "82")),
    *(("186", "56"), ("188", "58"), ("199", "59")),
]
# Calling code: old national numbers and the new ones.
_CHANGED: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    calling_code: tuple((re.compile(old), new) for old, new in rules)
    for calling_code, rules in {
        # Mexico, 3 August 2019: no 1 for mobiles, and no 01, 044 or 045 at home.
        "52": [(r"(?:1|01|044|045)([0-9]{10})", r"\1")],
        # Argentina: 15 behind the area code at home is 9 before it from abroad.
        "54": [
            (r"9?0?(11)15([0-9]{8})", r"9\1\2"),
            (r"9?0?([23][0-9]{2})15([0-9]{7})", r"9\1\2"),
            (r"9?0?([23][0-9]{3})15([0-9]{6})", r"9\1\2"),
            (r"90([1-3][0-9]{9})", r"9\1"),
        ],
        # Brazil, 2012 to 2016: a ninth digit for mobiles, state by state.
        "55": [(r"0?([1-9]{2})([6-9][0-9]{7})", r"\g<1>9\2")],
        # Vietnam, 15 September 2018: eleven digits at home became ten.
        "84": [(rf"0?{old}([0-9]{{7}})", rf"{new}\1") for old, new in _VIETNAM],
        # Côte d'Ivoire, 31 January 2021: ten digits, by operator.
        "225": [
            (r"([04-9][0-3][0-9]{6})", r"01\1"),
            (r"([04-9][4-6][0-9]{6})", r"05\1"),
            (r"([04-9][7-9][0-9]{6})", r"07\1"),
        ],
        # Chile, 2015: no 0 before the 9 of mobiles.
        "56": [(r"0(9[0-9]{8})", r"\1")],
        # Gabon, 11 October 2019: 6 or 7 for the 0 of mobiles.
        "241": [(r"0([256][0-9]{6})", r"6\1"), (r"0([47][0-9]{6})", r"7\1")],
        # Benin, 30 November 2024: 01 before all numbers.
        "229": [(r"([0-9]{8})", r"01\1")],
        # Cameroon, 21 November 2014: 6 before mobiles.
        "237": [(r"([5-9][0-9]{7})", r"6\1")],
        # Overseas departments, whose numbers are French at home only.
        "33": [
            (r"0?(69[01][0-9]{6})", r"+590\1"),
            (r"0?((?:69[23]|639)[0-9]{6})", r"+262\1"),
            (r"0?(694[0-9]{6})", r"+594\1"),
            (r"0?(69[67][0-9]{6})", r"+596\1"),
        ],
    }.items()
}

# What `phonenumbers` still takes for numbers of today: Gabon's before 2019.
_WITHDRAWN = re.compile(r"241(?:0[2-7][0-9]{6}|[2-7][0-9]{6})")


def withdrawn(digits: str) -> bool:
    """Tell whether a number (E.164 digits) no longer exists, whatever `phonenumbers` says."""
    return _WITHDRAWN.fullmatch(digits) is not None


def renumbered(digits: str) -> str | None:
    """Return the E.164 number (digits) that an old one became, or None."""
    for length in (2, 3):
        calling_code, national = digits[:length], digits[length:]
        for old, new in _CHANGED.get(calling_code, ()):
            found = old.fullmatch(national)
            if found is not None:
                written = found.expand(new)
                return written[1:] if written.startswith("+") else calling_code + written
    return None

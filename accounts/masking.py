"""Numbers as people see them who need not know whose they are."""

import re
from typing import Any

from accounts.roles import Permission

_FIRST, _LAST = 3, 2
# A number however it is written: seven digits or more, with what people put between them.
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/\u00a0]*\d){6,}")
_DATE = re.compile(r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b")


def masked(number: str) -> str:
    """Return a number of which the first three and the last two digits can be read.

    What stands between the digits stays: +44 7700 900123 becomes +44 7*** ****23.
    """
    digits = [at for at, character in enumerate(number) if character.isdigit()]
    hidden = set(digits[_FIRST:-_LAST])
    return "".join("*" if at in hidden else character for at, character in enumerate(number))


def shown_to(member: Any, number: str) -> str:
    """Return a number as a member sees it on every page."""
    return number if member.may(Permission.NUMBERS) else masked(number)


def mask_numbers(text: str) -> str:
    """Return a text in which every number of seven digits or more is masked; a date is none."""
    return _NUMBER.sub(lambda found: _masked_unless_date(found[0]), text)


def _masked_unless_date(found: str) -> str:
    return masked(found) if _NUMBER.search(_DATE.sub("", found)) else found

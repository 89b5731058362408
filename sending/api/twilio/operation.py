"""One operation of the API: its method, its path, its handler, and how often a key may ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sending.api.twilio.call import Handler

OFTEN, SELDOM = 100, 20
FASTEST = 3_000
"""As often as SendSms at the other door."""
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `is_once`: a repeat of it after an error of ours does nothing twice.

    `path` names its parts, such as /2010-04-01/Accounts/{AccountSid}.json; a part is anything
    without a slash. `per_second` is how often one key may ask.
    """

    name: str
    method: str
    path: str
    handler: Handler
    per_second: int = OFTEN
    is_once: bool = False

    def matched(self, path: str) -> Mapping[str, str] | None:
        """Return the parts of a path by name, or None where it is another one."""
        found = _pattern(self.path).fullmatch(path)
        return found.groupdict() if found else None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    # Literal and name take turns.
    parts = enumerate(re.split(_NAME, path))
    return re.compile(
        "".join(f"(?P<{part}>[^/]+?)" if place % 2 else re.escape(part) for place, part in parts)
    )

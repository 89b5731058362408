"""SIDs: 34 characters that name a row to programs, two letters and 32 hexadecimal digits. Pure.

The last 16 digits are the id of the row, the first 16 follow from letters and id: nothing is
stored, and what was copied wrongly is found without a query. A SID is a name, no secret.
"""

import hashlib
import re

ACCOUNT = "AC"
"""An application, to programs on SDKs that know accounts."""
MESSAGING_SERVICE = "MG"
"""The same application, as what chooses the sender."""
KEY = "SK"
CONTENT = "HX"
"""A text template."""
_LARGEST = 2**63 - 1
_SHAPE = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


def sid_of(letters: str, pk: int) -> str:
    """Return the SID of a row, such as AC and 32 digits."""
    said = hashlib.sha256(f"{letters}{pk}".encode()).hexdigest()[:16]
    return f"{letters}{said}{pk:016x}"


def id_in(letters: str, sid: str) -> int | None:
    """Return the id of the row that a SID names; None where it is no SID with these letters."""
    if not _SHAPE.fullmatch(sid):
        return None
    pk = int(sid[18:], 16)
    return pk if pk <= _LARGEST and sid == sid_of(letters, pk) else None

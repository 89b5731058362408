"""Codes that are nowhere: SECRET_KEY and the salt of a verification make the same one again.

What is stored of a code is an HMAC-SHA256 of it and the salt, under a key of its own derived from
SECRET_KEY. A copy of the database alone tells no code and lets nobody try one.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import NamedTuple

_SALT_BYTES = 16
MOST_DIGITS = 10
CUSTOM_CODE = re.compile(r"[0-9]{4,10}")


class Code(NamedTuple):
    """A code as it goes into a text, and what is stored of it."""

    digits: str
    salt: str
    code_hash: str
    is_custom: bool = False


def new_code(keys: Sequence[str], length: int) -> Code:
    """Return a code of so many digits; `keys` are SECRET_KEY and those before it."""
    salt = secrets.token_hex(_SALT_BYTES)
    digits = _digits(keys[0], salt, length)
    return Code(digits, salt, _hash(keys[0], salt, digits))


def custom_code(keys: Sequence[str], digits: str) -> Code:
    """Return the code that a program brought."""
    salt = secrets.token_hex(_SALT_BYTES)
    return Code(digits, salt, _hash(keys[0], salt, digits), is_custom=True)


def same_code(keys: Sequence[str], length: int, salt: str, code_hash: str) -> Code | None:
    """Return the code of `new_code` again; None if no key or length makes it any more."""
    for key in keys:
        digits = _digits(key, salt, length)
        if hmac.compare_digest(_hash(key, salt, digits), code_hash):
            return Code(digits, salt, code_hash)
    return None


def is_right(keys: Sequence[str], salt: str, code_hash: str, given: str) -> bool:
    """Tell whether a code is the right one, in the same time whatever it is."""
    found = [hmac.compare_digest(_hash(key, salt, given), code_hash) for key in keys]
    return any(found)


def _digits(key: str, salt: str, length: int) -> str:
    number = int.from_bytes(_hmac("verify code", key, salt), "big")
    return str(number % 10**length).zfill(length)


def _hash(key: str, salt: str, digits: str) -> str:
    return _hmac("verify hash", key, f"{salt} {digits}").hex()


def _hmac(purpose: str, key: str, text: str) -> bytes:
    own = hashlib.sha256(f"{purpose}:{key}".encode()).digest()
    return hmac.digest(own, text.encode("utf-8", "surrogatepass"), "sha256")

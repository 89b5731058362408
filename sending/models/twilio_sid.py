"""Ids as Twilio's programs know them: two letters that say of what, and 32 hexadecimal digits."""

import secrets

SID_CHARS = 34
_BYTES = 16


def verify_service_sid() -> str:
    """Return the id of a new Verify service."""
    return f"VA{secrets.token_hex(_BYTES)}"


def verification_sid() -> str:
    """Return the id of a new verification."""
    return f"VE{secrets.token_hex(_BYTES)}"


def verification_attempt_sid() -> str:
    """Return the id of a new attempt of a verification."""
    return f"VL{secrets.token_hex(_BYTES)}"

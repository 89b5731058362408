"""Where the calling code of a number ends."""

import phonenumbers


def cut(e164: str) -> tuple[str, str]:
    """Return the calling code, without plus, and the rest of a number; ("", "") of none.

    The rest is cut, not formatted: Italian numbers keep their zero.
    """
    digits = e164.removeprefix("+")
    for length in (1, 2, 3):
        # Calling codes are prefix-free (E.164, 6.1).
        code = digits[:length]
        if code.isdecimal() and int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return code, digits[length:]
    return "", digits

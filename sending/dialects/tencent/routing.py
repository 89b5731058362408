"""Which requests are for the API: it shares the root of the site with the console. No framework."""

from collections.abc import Iterable

LARGEST_BODY = 10 * 1024 * 1024
"""Octets; an image of 5 MB in base64 has 7 million."""
LONGEST_QUERY = 32 * 1024


def is_for_api(path: str, query: str, headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a request is one of a program, by its path, raw query, and headers.

    Names of headers may be in any case. The older signature (HmacSHA1) has all its fields in the
    address or the body; SDKs still send a header of ours with it.
    """
    if path != "/":
        return False
    for name, value in headers:
        lowered = name.lower()
        if lowered.startswith("x-tc-"):
            return True
        if lowered == "authorization" and value.lstrip().startswith("TC3-"):
            return True
    return any(part.startswith("Action=") for part in query[:LONGEST_QUERY].split("&"))

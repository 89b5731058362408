"""Which requests are for this API, by their path, and what they may bring. No framework."""

BASES = ("/2010-04-01/", "/v1/", "/v2/")
LARGEST_BODY = 256 * 1024
"""Octets; the longest text has 1,600 characters."""
LONGEST_QUERY = 32 * 1024
MOST_FIELDS = 200


def is_for_api(path: str) -> bool:
    """Tell whether a request is one of a program; the console has no such paths."""
    return path.startswith(BASES)

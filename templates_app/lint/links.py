"""Links in a text: what a handset would underline, and not the end of a sentence."""

import re
from collections.abc import Iterator

# Domains people write without a scheme: the usual generic ones, and any country's (two letters, but
# not the clock's am and pm) behind a name of two. "ready.Please", "v1.2" and "a.is" are no links.
_GENERIC = (
    "com|net|org|info|biz|edu|gov|mil|int|app|dev|xyz|top|site|online|shop|store|link|click|live|"
    "life|page|club|vip|pro|tech|cloud|mobi|name|asia|web|blog|news|bank|travel|example|test"
)
_COUNTRY = r"(?!am\b|pm\b)[a-z]{2}"
_LABELS = r"(?:[A-Za-z0-9\-]+\.)*[0-9\-]*[A-Za-z][A-Za-z0-9\-]*"
_LINK = re.compile(
    r"(?<![A-Za-z0-9@.\-])(?:"
    r"(?i:https?|ftp)://[!-~]+"
    r"|(?i:www)\.[!-~]+"
    r"|(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}/[!-~]*"
    rf"|(?:{_LABELS}\.(?:{_GENERIC}|{_GENERIC.upper()})|(?=[A-Za-z0-9\-]{{2}}){_LABELS}\.{_COUNTRY})"
    r"(?::[0-9]+)?(?:[?#][!-~]*)?(?![A-Za-z0-9\-])"
    r")"
)
_AFTER_A_LINK = ".,;:!?)'\""


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where links start and end, without the punctuation that follows them."""
    for found in _LINK.finditer(text):
        yield found.start(), found.start() + len(found[0].rstrip(_AFTER_A_LINK))


def may_hold_link(text: str) -> bool:
    """Tell whether the text may contain a link: every link has a dot or a scheme."""
    return "." in text or "://" in text


def first_link(text: str) -> str | None:
    """Return the first link of a text, if any."""
    if not may_hold_link(text):
        return None
    return next((text[start:end] for start, end in links(text)), None)

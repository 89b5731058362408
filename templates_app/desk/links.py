"""Links in a submitted text, as a reviewer can open them, compared with the organization's site."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from templates_app.lint.links import links, may_hold_link
from templates_app.wording import PLACEHOLDER

MOST_LINKS = 10


@dataclass(frozen=True, slots=True)
class TextLink:
    """One link: as written, the host it leads to, and its address if it can be opened safely."""

    written: str
    host: str
    address: str
    is_of_website: bool


def links_of(text: str, website: str) -> list[TextLink]:
    """Return the links of a text, each once; `website` is the organization's own, or empty."""
    if not may_hold_link(text):
        return []
    home = _host(website)
    written = dict.fromkeys(text[start:end] for start, end in links(text))
    return [_link(one, home) for one in list(written)[:MOST_LINKS]]


def _link(written: str, home: str) -> TextLink:
    host = _host(written)
    address = ""
    # A variable has no place in a link, and programs other than browsers are not started.
    if host and not PLACEHOLDER.search(written):
        scheme, found, _rest = written.partition("://")
        if not found:
            address = f"https://{written}"
        elif scheme.lower() in {"http", "https"}:
            address = written
    return TextLink(written, host, address, bool(home) and _is_within(host, home))


def _host(link: str) -> str:
    """Return the host as browsers look it up (punycode for other scripts), or nothing."""
    try:
        host = urlsplit(link if "://" in link else f"https://{link}").hostname or ""
        return host.encode("idna").decode("ascii").lower() if host else ""
    except (ValueError, UnicodeError):
        return ""


def _is_within(host: str, home: str) -> bool:
    """Tell whether a host is that of a website, or of a part of it."""
    home = home.removeprefix("www.")
    return host == home or host.endswith(f".{home}")

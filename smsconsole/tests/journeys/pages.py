"""What the walk needs of a page: where it leads, and what it is made of."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
# Attributes in which rows, people and moments differ; those that stay say how an element looks.
LOOKS = {"class", "type", "role", "disabled", "checked", "open", "hidden", "dir", "lang", "colspan"}
SIZES = re.compile(r"\d+")


class Anatomy(HTMLParser):
    """The paths of all links of a page, and which elements stand in its main part.

    Rows of a list are made of the same elements, so that they count once; so do two pages with
    other texts. Beside `main` every page of one reader is the same.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.elements: set[str] = set()
        self._within: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and, of a link, where it leads."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            address = urlsplit(given["href"])
            if not address.netloc and address.path.startswith("/"):
                self.links.append(address.path)
        looks = [tag, *(f"{name}={given[name]}" for name in sorted(LOOKS & set(given)))]
        # Labels and headings that are named by others: whether, not by which.
        looks += sorted(name for name in given if name.startswith("aria-"))
        described = (
            f"{self._within[-1][1] if self._within else ''} > {SIZES.sub('', ' '.join(looks))}"
        )
        if any(outer == "main" for outer, _ in self._within):
            self.elements.add(described)
        if tag not in VOID:
            self._within.append((tag, " ".join(looks[:2])))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those inside it that nothing closed."""
        for place in range(len(self._within) - 1, -1, -1):
            if self._within[place][0] == tag:
                del self._within[place:]
                return

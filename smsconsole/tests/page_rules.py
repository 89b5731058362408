"""What must hold for every page of the console, whoever reads it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

_EMAIL = re.compile(r"\b[Ee]mails?\b.{0,20}")
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
NAMING = ("aria-describedby", "aria-labelledby", "aria-controls", "popovertarget")


class _Page:
    """A page, its tags in order and by name: they are looked for once, not once a rule."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.tags = [each for each in soup.descendants if isinstance(each, Tag)]
        self._named = defaultdict(list)
        for tag in self.tags:
            self._named[tag.name].append(tag)

    def all(self, *names: str) -> list[Tag]:
        """Return the tags of these names."""
        return [tag for name in names for tag in self._named.get(name, ())]

    def those_with(self, attribute: str) -> list[Tag]:
        """Return the tags that have this attribute."""
        return [tag for tag in self.tags if attribute in tag.attrs]


def read(html: str | bytes) -> BeautifulSoup:
    """Read a page as it came."""
    return BeautifulSoup(html, "html.parser")


def faults(html: str | BeautifulSoup) -> list[str]:
    """Return a sentence for each rule that a page breaks."""
    page = _Page(read(html) if isinstance(html, str) else html)
    rules = (_head, _ids, _fields, _forms, _inline, _tables, _names, _spelling)
    return [fault for rule in rules for fault in rule(page)]


def _head(page: _Page) -> Iterator[str]:
    if not any(html.get("lang") for html in page.all("html")):
        yield "the page names no language"
    title = "".join(title.get_text(strip=True) for title in page.all("title")[:1])
    if not title or title.startswith("-") or "None" in title:
        yield f"the title is {title!r}"
    headings = [heading.get_text(" ", strip=True) for heading in page.all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"h1 once, not {headings}"
    if len(page.all("main")) != 1:
        yield "main once"


def _ids(page: _Page) -> Iterator[str]:
    counts = Counter(tag["id"] for tag in page.those_with("id"))
    yield from (f"id {name!r} {n} times" for name, n in counts.items() if n > 1)
    for attribute in NAMING:
        for tag in page.those_with(attribute):
            missing = [name for name in tag[attribute].split() if name not in counts]
            yield from (f"{attribute} names {name!r}, which is not there" for name in missing)


def _fields(page: _Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.get("type") in UNLABELLED:
            continue
        named = any(field.get(name) for name in ("aria-label", "aria-labelledby", "title"))
        if not named and field.get("id", "") not in labelled and not field.find_parent("label"):
            yield f"no label for {_start(field)}"


def _forms(page: _Page) -> Iterator[str]:
    tokens = [tag for tag in page.all("input") if tag.get("name") == "csrfmiddlewaretoken"]
    guarded = {id(form) for token in tokens for form in token.find_parents("form")}
    for form in page.all("form"):
        posts = (form.get("method") or "get").lower() == "post"
        if posts and id(form) not in guarded:
            yield f"no csrf token in {_start(form)}"
        if not posts and id(form) in guarded:
            yield f"the csrf token would stand in the address: {_start(form)}"
        if form.find_parent("form"):
            yield f"a form in a form: {_start(form)}"


def _inline(page: _Page) -> Iterator[str]:
    yield from (f"style attribute: {_start(tag)}" for tag in page.those_with("style"))
    yield from (f"inline style sheet: {_start(tag)}" for tag in page.all("style"))
    for script in page.all("script"):
        if not script.get("src") and script.get("type") != "application/json":
            yield f"inline script: {_start(script)}"
    for tag in page.tags:
        if any(name.startswith("on") for name in tag.attrs):
            yield f"inline handler: {_start(tag)}"


def _tables(page: _Page) -> Iterator[str]:
    for table in page.all("table"):
        if not table.find("th"):
            yield f"a table without headings: {_start(table)}"
    yield from (f"no scope: {_start(cell)}" for cell in page.all("th") if not cell.get("scope"))


def _names(page: _Page) -> Iterator[str]:
    yield from (f"no alt: {_start(image)}" for image in page.all("img") if "alt" not in image.attrs)
    for tag in page.all("a", "button", "summary"):
        words = tag.get_text(strip=True) or tag.get("aria-label") or tag.find("img", alt=True)
        if not words:
            yield f"nothing to read out: {_start(tag)}"
        if tag.name == "a" and not tag.get("href", "").removeprefix("#"):
            yield f"leads nowhere: {_start(tag)}"


def _spelling(page: _Page) -> Iterator[str]:
    """One thing, one word: e-mail, e-mail address."""
    words = " ".join(main.get_text(" ") for main in page.all("main"))
    yield from (f"say e-mail: {found[0]}" for found in _EMAIL.finditer(words))


def _start(tag: Tag) -> str:
    return str(tag).split(">")[0][:120] + ">"

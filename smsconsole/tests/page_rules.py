"""What must hold for every page of the console, whoever reads it."""

import re
from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

_EMAIL = re.compile(r"\b[Ee]mails?\b.{0,20}")
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


def faults(html: str) -> list[str]:
    """Return a sentence for each rule that a page breaks."""
    page = BeautifulSoup(html, "html.parser")
    rules = (_head, _ids, _fields, _forms, _inline, _tables, _names, _spelling)
    return [fault for rule in rules for fault in rule(page)]


def _head(page: BeautifulSoup) -> Iterator[str]:
    if page.html is None or not page.html.get("lang"):
        yield "the page names no language"
    title = page.title.get_text(strip=True) if page.title else ""
    if not title or title.startswith("-"):
        yield f"the title is {title!r}"
    headings = [heading.get_text(" ", strip=True) for heading in page.find_all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"h1 once, not {headings}"
    if len(page.find_all("main")) != 1:
        yield "main once"


def _ids(page: BeautifulSoup) -> Iterator[str]:
    counts = Counter(tag["id"] for tag in page.find_all(id=True))
    yield from (f"id {name!r} {n} times" for name, n in counts.items() if n > 1)
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "popovertarget"):
        for tag in page.find_all(attrs={attribute: True}):
            missing = [name for name in tag[attribute].split() if name not in counts]
            yield from (f"{attribute} names {name!r}, which is not there" for name in missing)


def _fields(page: BeautifulSoup) -> Iterator[str]:
    labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in UNLABELLED:
            continue
        named = any(field.get(name) for name in ("aria-label", "aria-labelledby", "title"))
        if not named and field.get("id") not in labelled and not field.find_parent("label"):
            yield f"no label for {_start(field)}"


def _forms(page: BeautifulSoup) -> Iterator[str]:
    for form in page.find_all("form"):
        posts = (form.get("method") or "get").lower() == "post"
        if posts and not form.find("input", attrs={"name": "csrfmiddlewaretoken"}):
            yield f"no csrf token in {_start(form)}"
        if not posts and form.find("input", attrs={"name": "csrfmiddlewaretoken"}):
            yield f"the csrf token would stand in the address: {_start(form)}"
        if form.find_parent("form"):
            yield f"a form in a form: {_start(form)}"


def _inline(page: BeautifulSoup) -> Iterator[str]:
    yield from (f"style attribute: {_start(tag)}" for tag in page.find_all(style=True))
    yield from (f"inline style sheet: {_start(tag)}" for tag in page.find_all("style"))
    for script in page.find_all("script"):
        if not script.get("src") and script.get("type") != "application/json":
            yield f"inline script: {_start(script)}"
    for tag in page.find_all(True):
        handlers = [name for name in tag.attrs if name.startswith("on")]
        if handlers:
            yield f"inline handler: {_start(tag)}"


def _tables(page: BeautifulSoup) -> Iterator[str]:
    for table in page.find_all("table"):
        if not table.find("th"):
            yield f"a table without headings: {_start(table)}"
        yield from (f"no scope: {_start(cell)}" for cell in table.find_all("th", scope=False))


def _names(page: BeautifulSoup) -> Iterator[str]:
    yield from (f"no alt: {_start(image)}" for image in page.find_all("img", alt=False))
    for tag in page.find_all(["a", "button", "summary"]):
        words = tag.get_text(strip=True) or tag.get("aria-label") or tag.find("img", alt=True)
        if not words:
            yield f"nothing to read out: {_start(tag)}"
        if tag.name == "a" and tag.get("href") in {"", "#"}:
            yield f"leads nowhere: {_start(tag)}"


def _spelling(page: BeautifulSoup) -> Iterator[str]:
    """One thing, one word: e-mail, e-mail address."""
    words = page.main.get_text(" ") if page.main else ""
    yield from (f"say e-mail: {found[0]}" for found in _EMAIL.finditer(words))


def _start(tag: Tag) -> str:
    return str(tag).split(">")[0][:120] + ">"

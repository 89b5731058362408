"""What was entered, back in the form of a page: HTML in, HTML out.

Our templates escape what they show, so that a tag ends at its first ">" outside quotes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape, unescape
from urllib.parse import urlsplit

_TAG = re.compile(
    r"<(/?)(form|input|select|option|textarea)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
# What a page never brings back, and what only its own answer may say.
_NEVER = frozenset({"password", "file", "submit", "button", "image", "reset"})
_CHECKED = frozenset({"checkbox", "radio"})


def refilled(html: str, page: str, action: str, fields: Iterable[tuple[str, str]]) -> str | None:
    """Return the page with the fields in the form that posts to `action`; None without that form.

    Hidden fields keep what the page says, and take what was sent where it says nothing.
    """
    sent = list(fields)
    for start, end in _forms(html, page, action):
        names = {_attributes(tag[3]).get("name") for tag in _TAG.finditer(html, start, end)}
        if not sent or names & {name for name, _value in sent}:
            return html[:start] + _Filling(sent).fill(html[start:end]) + html[end:]
    return None


def _forms(html: str, page: str, action: str) -> Iterator[tuple[int, int]]:
    """Yield where forms that post to a path begin and end."""
    start = -1
    for tag in _TAG.finditer(html):
        if tag[2].lower() != "form":
            continue
        if tag[1]:
            if start >= 0:
                yield start, tag.start()
            start = -1
            continue
        attributes = _attributes(tag[3])
        posts = attributes.get("method", "").lower() == "post"
        to = urlsplit(attributes.get("action", "")).path or page
        start = tag.end() if posts and to == action else -1


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(text)
    }


class _Filling:
    """One pass over the fields of a form; several of one name take their values in order."""

    def __init__(self, sent: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = defaultdict(list)
        for name, value in sent:
            self._values[name].append(value)
        self._next: dict[str, int] = defaultdict(int)
        self._select = ""

    def fill(self, html: str) -> str:
        """Return the inside of the form with its values."""
        out, at = [], 0
        for tag in _TAG.finditer(html):
            if tag.start() < at:
                continue
            out.append(html[at : tag.start()])
            at = tag.end()
            kind = tag[2].lower()
            if kind == "textarea" and not tag[1]:
                at = self._textarea(html, tag, out)
            else:
                out.append(self._replaced(tag, kind))
        return "".join([*out, html[at:]])

    def _replaced(self, tag: "re.Match[str]", kind: str) -> str:
        if kind == "select":
            self._select = "" if tag[1] else _attributes(tag[3]).get("name", "")
        elif kind == "option" and not tag[1] and self._select in self._values:
            value = _attributes(tag[3]).get("value", "")
            return _marked(tag, "selected", is_set=value in self._values[self._select])
        elif kind == "input":
            return self._input(tag)
        return tag[0]

    def _input(self, tag: "re.Match[str]") -> str:
        attributes = _attributes(tag[3])
        name, kind = attributes.get("name", ""), attributes.get("type", "text").lower()
        if not name or kind in _NEVER:
            return tag[0]
        if kind in _CHECKED:
            chosen = attributes.get("value", "on") in self._values.get(name, ())
            return _marked(tag, "checked", is_set=chosen)
        value = self._take(name)
        if value is None or (kind == "hidden" and attributes.get("value")):
            return tag[0]
        return _with(tag, "value", value)

    def _textarea(self, html: str, tag: "re.Match[str]", out: list[str]) -> int:
        """Replace the content; return where the rest begins."""
        end = html.find("</textarea", tag.end())
        value = self._take(_attributes(tag[3]).get("name", ""))
        if value is None or end < 0:
            out.append(tag[0])
            return tag.end()
        out.append(f"{tag[0]}\n{escape(value)}")
        return end

    def _take(self, name: str) -> str | None:
        values, at = self._values.get(name, []), self._next[name]
        self._next[name] += 1
        return values[at] if at < len(values) else None


def _without(tag: "re.Match[str]", name: str) -> str:
    kept = [found[0] for found in _ATTRIBUTE.finditer(tag[3]) if found[1].lower() != name]
    return " ".join([f"<{tag[2]}", *kept])


def _marked(tag: "re.Match[str]", name: str, *, is_set: bool) -> str:
    return f"{_without(tag, name)}{f' {name}' if is_set else ''}>"


def _with(tag: "re.Match[str]", name: str, value: str) -> str:
    return f'{_without(tag, name)} {name}="{escape(value)}">'

"""Finds pages of help by their words, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from sending.help.topics import TOPICS, Topic
from sending.help.words import words_of

LONGEST_SEARCH = 80
_AROUND = 70
"""Characters that an excerpt shows on either side of what was found."""


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic with the words around what was looked for; none where its title says it."""

    topic: Topic
    excerpt: str = ""


def search(looked_for: str) -> list[FoundTopic]:
    """Return the topics in which all words stand, those first that have them in their title."""
    wanted = looked_for[:LONGEST_SEARCH].casefold().split()
    if not wanted:
        return []
    return sorted(_matches(wanted), key=lambda found: bool(found.excerpt))


def _matches(wanted: list[str]) -> Iterator[FoundTopic]:
    for topic in TOPICS:
        head = f"{topic.title} {topic.summary}"
        text = " ".join(strip_tags(render_to_string(topic.template, words_of(topic))).split())
        whole = f"{head} {text}".casefold()
        if not all(word in whole for word in wanted):
            continue
        in_title = all(word in str(topic.title).casefold() for word in wanted)
        yield FoundTopic(topic, "" if in_title else _excerpt(text or head, wanted))


def _excerpt(text: str, wanted: list[str]) -> str:
    folded = text.casefold()
    place = next((at for word in wanted if (at := folded.find(word)) >= 0), 0)
    start = text.rfind(" ", 0, max(place - _AROUND, 0)) + 1
    stop = text.find(" ", place + _AROUND)
    end = len(text) if stop < 0 else stop
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"

"""Every page in Chinese: no English words are left on it but names, codes and what people wrote."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from bs4 import BeautifulSoup, Comment
from django.test import Client
from django.urls import reverse

from accounts.models import User
from smsconsole.tests.addresses import ADDRESSES, DESK
from smsconsole.tests.test_every_url import admin_requests, ask, assert_none, refusal, where
from smsconsole.tests.world import World
from smsconsole.translations.renewing import translated

# Read aloud or shown, though no text of an element.
_SPOKEN = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-copied",
    "data-label",
    "data-short",
    "content",
    "label",
)
# Three words in a row are a sentence, two may be a name.
_ENGLISH = re.compile(r"[A-Za-z][a-z’']+(?:[ ,]+[a-z][a-z’']*){2,}")
# What people of the test wrote, and an example of it.
# Programs, names of files and addresses are the same in every language.
_WRITTEN = re.compile(
    "Order notices to customers|Your verification code|For account safety, don't forw"
    "|Reply STOP to opt out|Half a thought|This is a test"
    r"|Receipts come late|We are looking into it\."
)
# Names that somebody gave, what was told in English, and the icon of Django's own search.
_NAMES = {"Default", "None", "This is a test", "Search"}
_SAME_EVERYWHERE = ["code", "pre", "script", "style", "textarea", "bdi", "time"]


def english_on(html: str) -> Iterator[str]:
    """Yield what a reader of Chinese could not read."""
    page = BeautifulSoup(html, "html.parser")
    for same in page.find_all(_SAME_EVERYWHERE):
        same.decompose()
    texts = [text for text in page.find_all(string=True) if not isinstance(text, Comment)]
    spoken = [tag.get(name, "") for tag in page.find_all(True) for name in _SPOKEN]
    for text in (" ".join(each.split()) for each in [*texts, *spoken]):
        if text in translated_words():
            yield text
        if not _WRITTEN.search(text):
            yield from (match[0] for match in _ENGLISH.finditer(text))


@cache
def translated_words() -> frozenset[str]:
    """Return the English of every short string that says something else in Chinese."""
    words = {
        texts[0]
        for texts, said in translated("zh_Hans").items()
        if texts[0] not in said and re.search("[A-Za-z]{2}", texts[0])
    }
    return frozenset(words - _NAMES)


@pytest.fixture
def world(world: World) -> World:
    """Everybody has chosen Chinese."""
    User.objects.update(language="zh-hans")
    return world


def addresses(world: World, reader: str) -> Iterator[tuple[str, str]]:
    """Yield (name, address) of all that a reader may open."""
    for name, address in ADDRESSES.items():
        if "GET" in address.methods and not refusal(reader, address):
            yield name, where(name, address, world.ours)
    if reader == "reviewer":
        for name, rows in DESK.items():
            kwargs = {argument: getattr(world.ours, row) for argument, row in rows.items()}
            kinds = {"kind": "template"} if name == "admin:review_item" else {}
            yield name, reverse(name, kwargs={**kwargs, **kinds})
    if reader == "operator":
        for model, verb, url, exists in admin_requests():
            if exists:
                yield f"admin:{model}_{verb}", url


@pytest.mark.parametrize("reader", ["owner", "operator", "reviewer", "anonymous"])
def test_no_english_is_left_on_a_page(world: World, reader: str) -> None:
    client: Client = world.readers[reader]
    found, seen = set(), 0
    for name, url in addresses(world, reader):
        # What a cache keeps of one language would show in the other.
        for language in ("en", "zh-hans") if reader == "owner" else ("zh-hans",):
            client.cookies["language"] = language
            User.objects.update(language=language)
            response = ask(client, "GET", url)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            html = response.content.decode()
            seen += 1
            assert 'lang="zh-hans"' in html, name
            found |= {f"{name}: {each}" for each in english_on(html)}
    assert_none(sorted(found))
    assert seen

"""Help is there for everybody who is signed in, and is found by its words."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import resolve, reverse

from accounts.roles import Permission, Role, may
from accounts.tests.factories import log_in, make_member
from sending.help.topics import TOPICS, topic_of
from sending.help.words import PERMISSION_WORDS
from sending.tests.factories import make_sender
from smsconsole.tests.page_rules import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    return log_in(client, make_member(Role.VIEWER))


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/help/[a-z-]+/">([^<]+)</a>', page)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_every_topic_reads_well_and_leads_to_pages_that_exist(reader: Client, topic) -> None:
    page = reader.get(reverse("help:topic", args=[topic.slug])).content.decode()
    assert faults(page) == []
    assert str(topic.summary) in page
    main = page.partition('id="main"')[2]
    for path in re.findall(r'href="(/[^"#?]*)"', main):
        resolve(path)


def test_all_topics_are_listed(reader: Client) -> None:
    page = reader.get("/help/").content.decode()
    assert titles(page) == [*(str(topic.title) for topic in TOPICS), "Codes of messages"]


def test_words_of_a_title_come_before_words_of_a_text(reader: Client) -> None:
    found = titles(reader.get("/help/", {"q": "Signature"}).content.decode())
    assert found[0] == "Choose a signature"
    assert len(found) > 1


def test_what_is_found_in_a_text_is_shown_with_the_words_around_it(reader: Client) -> None:
    page = reader.get("/help/", {"q": "8.52E+10"}).content.decode()
    assert titles(page) == ["Write mobile numbers"]
    assert "spreadsheet program shows as 8.52E+10 may have lost digits" in page


@pytest.mark.parametrize("looked_for", ["zebra crossing", "<script>", "%", "x" * 500])
def test_what_nobody_wrote_is_said_and_all_topics_stay(reader: Client, looked_for: str) -> None:
    page = reader.get("/help/", {"q": looked_for}).content.decode()
    assert "No page has all of these words" in page
    assert "Send your first message" in titles(page)
    assert "<script>&" not in page


def test_a_topic_that_is_not_there_is_not_found(reader: Client) -> None:
    assert reader.get("/help/no-such-topic/").status_code == 404


def test_people_without_an_organization_can_read_it(client: Client) -> None:
    member = make_member(Role.OWNER)
    user = member.user
    member.delete()
    client.force_login(user)
    for path in ("/help/", "/help/states/", "/help/codes/"):
        assert client.get(path).status_code == 200, path


def test_roles_may_what_the_code_lets_them(reader: Client) -> None:
    page = BeautifulSoup(reader.get("/help/people/").content, "html.parser")
    rows = {row.th.text: [cell.text for cell in row("td")] for row in page.tbody("tr")}
    assert rows == {
        str(words): ["Yes" if may(role, permission) else "No" for role in Role]
        for permission, words in PERMISSION_WORDS.items()
    }
    assert set(PERMISSION_WORDS) == set(Permission)


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("send_tasks:compose", "spreadsheet"),
        ("customers:list", "customers"),
        ("reports:statistics", "statistics"),
        ("inbox:list", "replies"),
        ("templates_app:template_create", "text-template"),
        ("templates_app:signature_list", "signature"),
        ("accounts:originators", "originators"),
        ("accounts:members", "people"),
        ("accounts:contacts", "notices"),
        ("accounts:notifications", "notices"),
        ("accounts:send_approval", "approval"),
    ],
)
def test_pages_lead_to_the_help_about_them(client: Client, name: str, topic: str) -> None:
    log_in(client, make_sender(Role.OWNER))
    page = BeautifulSoup(client.get(reverse(name)).content, "html.parser")
    link = page.main.find("a", href=reverse("help:topic", args=[topic]))
    assert str(topic_of(topic).title) in link.text

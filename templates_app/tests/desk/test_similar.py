"""Similar texts of any organization, found by few reads, and links compared with a website."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import log_in, make_reviewer, make_user
from templates_app.actions import appeal, decide, submit
from templates_app.desk.links import links_of
from templates_app.desk.queries import Item, item
from templates_app.desk.similar import IDENTICAL_READ, SHOWN, similar_texts
from templates_app.likeness import digest
from templates_app.models import TextMark, TextTemplateVersion
from templates_app.tests.factories import make_signature, make_text_template, pending_template

REASONS = [{"code": "LINK_INVALID", "field": "body", "advice": "Use your own."}]
OFFER = "Dear {1}, members get 15 percent off every lamp in the shop. Show this message."


def submitted(body: str = OFFER, **fields: Any) -> Item:
    version = make_text_template(body=body, sms_type="NOTIFICATION", **fields).versions.get()
    submit(version=version, submitter=make_user())
    found = item("template", version.pk)
    assert found is not None
    return found


@pytest.mark.django_db
def test_similar_texts_come_with_their_decisions() -> None:
    here = submitted()
    near = submitted(OFFER.replace("lamp", "chair"))
    decide(version=near.row, reviewer=make_reviewer(), approve=False, reasons=REASONS)
    same = submitted(OFFER.upper().replace("15", "20"))
    decide(version=same.row, reviewer=make_reviewer(), approve=True)
    own = submitted(OFFER + " Thank you.", organization=here.row.organization)
    submitted("Your parcel {1} is with the driver.")
    make_text_template(body=OFFER)
    found = similar_texts(here)
    assert [one.version.pk for one in found] == [same.row.pk, own.row.pk, near.row.pk]
    assert [one.has_same_words for one in found] == [True, False, False]
    assert [one.is_same_organization for one in found] == [False, True, False]
    assert [one.is_rejected for one in found] == [False, False, True]
    assert found[0].percent == 100 > found[1].percent > 60


@pytest.mark.django_db
def test_a_text_that_was_rejected_before_says_so_at_the_top(client: Client) -> None:
    before = submitted()
    decide(version=before.row, reviewer=make_reviewer(), approve=False, reasons=REASONS)
    again = submitted()
    log_in(client, make_reviewer())
    shown = " ".join(client.get(reverse("admin:review_item", args=again.key)).text.split())
    assert f"The same words from {before.row.organization} were rejected at" in shown
    assert "LINK_INVALID" in shown


@pytest.mark.django_db
def test_however_many_texts_there_are_few_rows_are_read() -> None:
    for _ in range(IDENTICAL_READ + 15):
        submitted()
    here = submitted()
    with CaptureQueriesContext(connection) as few:
        found = similar_texts(here)
    assert len(found) == SHOWN
    assert len(few) <= 12
    # PostgreSQL is asked for all marks at once.
    bounded = sum(query["sql"].count("LIMIT") for query in few)
    assert bounded == 9, "one look-up by the digest, and one a mark"


@pytest.mark.django_db
def test_signatures_are_compared_with_signatures() -> None:
    first, second = make_signature(), make_signature(content="HARBOUR line")
    for signature in (first, second):
        submit(version=signature.versions.get(), submitter=make_user())
    submitted("Harbourline says hello to {1}")
    found = item("signature", second.versions.get().pk)
    assert found is not None
    (same,) = similar_texts(found)
    assert (same.version.pk, same.has_same_words) == (first.versions.get().pk, True)


@pytest.mark.django_db
def test_a_text_is_marked_once_however_often_it_is_decided() -> None:
    here = submitted()
    marked = TextMark.objects.count()
    assert marked
    decide(version=here.row, reviewer=make_reviewer(), approve=False, reasons=REASONS)
    make_reviewer()
    appeal(version=here.row, submitter=make_user(), reason="It is ours.")
    assert TextMark.objects.count() == marked


@pytest.mark.parametrize(
    ("text", "website", "expected"),
    [
        (
            "Pay at https://shop.lumen.example/a?b=1.",
            "https://www.lumen.example/",
            ("shop.lumen.example", "https://shop.lumen.example/a?b=1", True),
        ),
        ("See lumen.com", "https://lumen.com", ("lumen.com", "https://lumen.com", True)),
        ("See notlumen.com", "https://lumen.com", ("notlumen.com", "https://notlumen.com", False)),
        ("See lumen.com.evil.net", "http://lumen.com", ("lumen.com.evil.net", ..., False)),
        ("See https://lumen.com@evil.net/", "http://lumen.com", ("evil.net", ..., False)),
        ("See lumen.com", "", ("lumen.com", ..., False)),
        ("See https://lumen.com/{1}", "http://lumen.com", ("lumen.com", "", True)),
        ("Open whatsapp://send", "", ("send", "", False)),
        ("Siehe https://bücher.de", "", ("xn--bcher-kva.de", "https://bücher.de", False)),
    ],
)
def test_links_show_where_they_lead(
    text: str, website: str, expected: tuple[str, Any, bool]
) -> None:
    (link,) = links_of(text, website)
    host, address, is_own = expected
    assert (link.host, link.is_of_website) == (host, is_own)
    assert address in (..., link.address)


def test_a_text_without_links_has_none() -> None:
    assert links_of("Hello {1}. How are you?", "https://lumen.com") == []


@pytest.mark.django_db
def test_a_link_tells_nobody_who_opens_it(client: Client) -> None:
    version = pending_template(body="See lumen.com today").versions.get()
    log_in(client, make_reviewer())
    shown = client.get(reverse("admin:review_item", args=["template", version.pk]))
    assert 'rel="noopener noreferrer nofollow external"' in shown.text
    assert 'referrerpolicy="no-referrer"' in shown.text
    assert "named no website" in shown.text
    assert shown["X-DNS-Prefetch-Control"] == "off"


@pytest.mark.django_db
def test_texts_of_before_there_were_marks_are_marked_by_the_migration() -> None:
    migration = import_module("templates_app.migrations.0008_mark_texts")
    here, near = submitted(), submitted(OFFER.replace("lamp", "chair"))
    marked = set(TextMark.objects.values_list("kind", "version_id", "mark"))
    TextMark.objects.all().delete()
    TextTemplateVersion.objects.update(digest="")
    draft = make_text_template(body=OFFER).versions.get()
    migration.mark_texts(apps, None)
    assert set(TextMark.objects.values_list("kind", "version_id", "mark")) == marked
    here.row.refresh_from_db()
    draft.refresh_from_db()
    assert (here.row.digest, draft.digest) == (digest(OFFER), "")
    assert [one.version.pk for one in similar_texts(here)] == [near.row.pk]

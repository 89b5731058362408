"""The form that sends one request: signed as a program's, answered by the door."""

import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, AuditEntry
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.api import callers
from sending.models import ApiMessage, ApiRequest, Message
from sending.tests.factories import a_number, make_sender
from sending.tests.send_tasks.reader import Reader, sound, words
from templates_app.models import TextTemplate

pytestmark = pytest.mark.django_db
URL = reverse("developers:try_it")
ONCE = "0" * 32


def reader_of(key: ApiKey, role: Role = Role.SENDER) -> Reader:
    return Reader(make_member(role, key.organization))


def fields(key: ApiKey, template: TextTemplate, **others: Any) -> dict[str, Any]:
    given = {
        "key": key.pk,
        "template": template.pk,
        "signature": "",
        "number": a_number(1),
        "values": "1234\n5",
        "mode": "DRY_RUN",
        "once": ONCE,
    }
    return given | others


def tried(reader: Reader, **data: Any) -> Any:
    response = reader.client.post(URL, data)
    assert response.status_code == 200
    return sound(response)


def blocks(page: Any) -> list[str]:
    return [block.text for block in page.select("pre.code-block")]


def test_a_dry_run_is_answered_and_changes_nothing(key, template):
    page = tried(reader_of(key, Role.VIEWER), **fields(key, template))
    answer = json.loads(blocks(page)[0])
    (status,) = answer["SendStatusSet"]
    assert (status["Code"], status["IsoCode"], status["SerialNo"]) == ("Ok", "HK", "")
    assert "It would be sent" in words(page)
    assert not Message.objects.exists()
    logged = ApiRequest.objects.get()
    assert (logged.is_dry_run, logged.request_id) == (True, answer["RequestId"])
    assert page.find("a", href=reverse("developers:request", args=[logged.pk]))
    assert not AuditEntry.objects.filter(action="api_key.tried").exists()


def test_a_message_is_sent_once_however_often_the_form_is(key, template):
    reader = reader_of(key)
    for _time in range(2):
        page = tried(reader, **fields(key, template, mode="IN_EARNEST"))
    message = Message.objects.get()
    assert (message.msisdn, message.application_id) == (a_number(1), key.application_id)
    assert ApiMessage.objects.get().api_key_id == key.pk
    assert page.find("a", href=reverse("developers:message", args=[message.pk]))
    entry = AuditEntry.objects.filter(action="api_key.tried").first()
    assert (entry.actor, entry.details["code"]) == (reader.member.user, "")


def test_the_secret_is_never_shown(key, template):
    page = tried(reader_of(key, Role.OWNER), **fields(key, template))
    assert key.secret_id in page.text
    assert key.secret_key not in str(page)


def test_what_is_shown_is_what_was_signed(key, template):
    page = tried(reader_of(key), **fields(key, template))
    _answer, request, canonical, to_sign = blocks(page)
    _headers, _empty, body = request.partition("\n\n")
    lines = canonical.splitlines()
    assert lines[-1] == hashlib.sha256(body.encode()).hexdigest()
    assert to_sign.splitlines()[-1] == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize("dry_run", ["true", "false", None])
def test_a_viewer_cannot_send_with_the_signature_that_is_shown(key, template, dry_run):
    page = tried(reader_of(key, Role.VIEWER), **fields(key, template))
    head, _empty, body = blocks(page)[1].partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    assert headers.pop("x-dry-run") == "true"
    if dry_run:
        headers["x-dry-run"] = dry_run
    content_type = headers.pop("content-type")
    response = Client().post("/", body, content_type=content_type, headers=headers)
    answer = response.json()["Response"]
    if dry_run == "true":
        assert answer["SendStatusSet"][0]["Code"] == "Ok"
    else:
        assert answer["Error"]["Code"] == "AuthFailure.SignatureFailure"
    assert not Message.objects.exists()


def test_who_may_not_send_is_not_offered_it(key, template):
    viewer = reader_of(key, Role.VIEWER)
    assert viewer.get(URL).find("option", {"value": "IN_EARNEST"}) is None
    tried(viewer, **fields(key, template, mode="IN_EARNEST"))
    assert not Message.objects.exists()
    assert reader_of(key).get(URL).find("option", {"value": "IN_EARNEST"})


def links_to(page, code):
    """Return the links that say a code, which may break at its dots."""
    return [link for link in page.find_all("a") if link.get_text(strip=True) == code]


def test_a_refusal_leads_to_its_code(key, template):
    page = tried(reader_of(key), **fields(key, template, number="12"))
    (link,) = links_to(page, "InvalidParameterValue.IncorrectPhoneNumber")
    assert link["href"].endswith("#invalidparametervalue-incorrectphonenumber")
    key.allowed_networks = ["203.0.113.0/24"]
    key.save()
    callers.forget()
    page = tried(reader_of(key), **fields(key, template))
    assert links_to(page, "UnauthorizedOperation.RequestIpNotInWhitelist")


def test_the_key_of_another_organization_cannot_be_chosen(key, template):
    stranger = Reader(make_sender())
    own = ApiKey.objects.create(
        organization=stranger.member.organization,
        application=stranger.member.organization.applications.get(),
    )
    page = tried(reader_of(key), **fields(own, template))
    assert not blocks(page)
    assert not ApiRequest.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"mode": "IN_EARNEST", "once": ""},
        {"once": "x" * 300},
        {"number": "\0"},
        {"template": "1" * 40},
    ],
)
def test_what_cannot_be_asked_is_said_at_the_form(key, template, wrong):
    page = tried(reader_of(key), **(fields(key, template) | wrong))
    assert page.find(id="error-summary")
    assert not ApiRequest.objects.exists()


def test_without_a_key_it_says_what_is_missing():
    page = Reader(make_sender()).get(URL)
    assert "Something is missing" in words(page)
    assert page.main.find("form") is None


def test_nobody_sends_while_the_organization_is_suspended(key, template):
    key.organization.suspended_at = timezone.now()
    key.organization.save()
    sender = reader_of(key)
    assert sender.get(URL).find("option", {"value": "IN_EARNEST"}) is None
    assert "UnauthorizedOperation" in tried(sender, **fields(key, template)).text

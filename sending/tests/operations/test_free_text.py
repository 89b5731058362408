"""Operators grant the right to free text, and take it back; the organization's trail says so."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from sending.models import FreeTextRight
from sending.tests.factories import make_sender

pytestmark = pytest.mark.django_db


def grant(operator: Client, url: str, **fields: str):
    given = {"kind": "always", "lane": "API", "reason": "Ticket 14"} | fields
    return operator.post(url, given)


def test_the_right_is_granted_replaced_and_taken_back(operator: Client) -> None:
    organization = make_sender().organization
    url = reverse("operations:free_text", args=[organization.pk])
    page = reverse("operations:organization", args=[organization.pk])
    with time_machine.travel(timezone.now(), tick=False):
        grant(operator, url, kind="learning", links_allowed="on")
        right = FreeTextRight.objects.get(pk=organization.pk)
        assert right.until == timezone.now() + timedelta(days=7)
    assert (right.is_learning, right.links_allowed, right.lane) == (True, True, "API")
    assert "learning mode until" in operator.get(page).content.decode()
    grant(operator, url, lane="OTP")
    right.refresh_from_db()
    assert (right.is_learning, right.until, right.lane) == (False, None, "OTP")
    assert "Ticket 14" in operator.get(url).content.decode()
    operator.post(url, {"end": "yes"})
    assert not FreeTextRight.objects.exists()
    operator.post(url, {"end": "yes"})
    trail = AuditEntry.objects.for_organization(organization).filter(
        action__startswith="organization.free_text"
    )
    assert [entry.action.rpartition("_")[2] for entry in trail.order_by("pk")] == [
        "granted",
        "granted",
        "withdrawn",
    ]
    assert trail.order_by("pk")[0].details["reason"] == "Ticket 14"


@pytest.mark.parametrize("missing", ["kind", "reason"])
def test_nothing_is_granted_without_a_time_and_a_reason(operator: Client, missing: str) -> None:
    organization = make_sender().organization
    response = grant(
        operator, reverse("operations:free_text", args=[organization.pk]), **{missing: ""}
    )
    assert response.status_code == 200
    assert not FreeTextRight.objects.exists()

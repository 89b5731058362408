"""Switching to another organization keeps people on a page that is there."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member, Organization
from accounts.roles import Role
from accounts.switching import page_after_switch
from accounts.tests.factories import log_in, make_member, make_organization
from smsconsole.tests.addresses import ADDRESSES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("shown", "role", "leads_to"),
    [
        ("/tasks/", Role.VIEWER, "/tasks/"),
        ("/tasks/?state=READY", Role.VIEWER, "/tasks/"),
        ("/tasks/12/messages/34/", Role.VIEWER, "/tasks/"),
        ("/tasks/12/check/", Role.VIEWER, "/tasks/"),
        ("/settings/members/", Role.VIEWER, "/settings/members/"),
        ("/settings/members/4/remove/", Role.VIEWER, "/settings/members/"),
        ("/settings/audit-trail/", Role.ADMIN, "/settings/audit-trail/"),
        ("/settings/audit-trail/", Role.VIEWER, "/settings/"),
        ("/send/", Role.SENDER, "/send/"),
        ("/send/", Role.VIEWER, "/"),
        ("/accounts/2fa/", Role.VIEWER, "/"),
        ("/nothing/here/", Role.VIEWER, "/"),
        ("https://bad.example/tasks/", Role.VIEWER, "/tasks/"),
        ("//bad.example", Role.VIEWER, "/"),
        ("", Role.VIEWER, "/"),
        ("tasks/", Role.VIEWER, "/"),
        ("/" + "a/" * 5_000, Role.VIEWER, "/"),
    ],
)
def test_the_nearest_page(shown, role, leads_to):
    member = make_member(role)
    assert page_after_switch(shown, member) == leads_to


def test_what_a_suspension_closes_is_not_led_to():
    member = make_member(Role.SENDER)
    now = {"suspended_at": timezone.now(), "suspension_reason": "Complaints."}
    Organization.objects.filter(pk=member.organization_id).update(**now)
    fresh = Member.objects.get(pk=member.pk)
    assert page_after_switch("/send/", fresh) == "/"


def test_every_page_leads_to_one_that_opens(client):
    there = make_member(Role.VIEWER)
    make_member(Role.OWNER, make_organization(), there.user)
    log_in(client, there)
    switch = reverse("accounts:switch", args=[there.organization_id])
    ids = {"token": "x", "key": "x", "uidb36": "x", "secret": "x"}
    reached = set()
    for name, address in ADDRESSES.items():
        if "GET" in address.methods:
            shown = reverse(name, kwargs={each: ids.get(each, 7) for each in address.rows})
            reached.add(client.post(switch, {"next": shown}).url)
    wrong = {url: client.get(url).status_code for url in reached}
    assert set(wrong.values()) == {200}, wrong
    assert {"/tasks/", "/settings/", "/content/templates/", "/"} <= reached

"""The groups of staff exist after migrate and cover what they must."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.staff import OPERATORS, PERMISSIONS, REVIEWERS, is_reviewer
from accounts.tests.factories import make_operator, make_reviewer, make_user
from smsconsole.management.commands.prepare import Command as Prepare

pytestmark = pytest.mark.django_db


def permissions_of(name):
    """The permissions of a group in the database."""
    rows = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_group_has_what_is_listed_and_nothing_else(name):
    assert permissions_of(name) == PERMISSIONS[name]


def test_no_group_touches_people():
    """Accounts, places in organizations, groups, second steps and sessions are for superusers."""
    apps = {"auth", "account", "mfa", "sessions", "contenttypes", "admin"}
    models = {"user", "member", "invitation", "auditentry", "serviceactivation"}
    for permission in PERMISSIONS[REVIEWERS] | PERMISSIONS[OPERATORS]:
        app, _dot, codename = permission.partition(".")
        verb, _, model = codename.partition("_")
        assert app not in apps
        assert verb in {"view", "review"} or model not in models, permission


def a_group_as_it_was():
    """Operators of an earlier release had every permission of our apps, and lacked newer ones."""
    ours = ["accounts", "templates_app", "auth"]
    Group.objects.get(name=OPERATORS).permissions.set(
        Permission.objects.filter(content_type__app_label__in=ours)
    )
    Group.objects.get(name=REVIEWERS).delete()


@pytest.mark.parametrize("command", ["migrate", "prepare"])
def test_an_upgrade_puts_groups_right_that_exist(command, monkeypatch):
    monkeypatch.setattr(Prepare, "collect", lambda self: None)
    a_group_as_it_was()
    for _ in range(2):
        call_command(command, verbosity=0)
        assert {name: permissions_of(name) for name in PERMISSIONS} == PERMISSIONS


def test_who_is_a_reviewer():
    assert is_reviewer(make_reviewer())
    assert not is_reviewer(make_operator())
    assert not is_reviewer(make_user(is_staff=True))
    former = make_reviewer()
    former.is_staff = False
    assert not is_reviewer(former)

"""The groups of staff exist after migrate and cover what they must."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.staff import is_reviewer
from accounts.tests.factories import make_operator, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def test_reviewers_may_review_and_nothing_else():
    group = Group.objects.get(name="Reviewers")
    assert [p.codename for p in group.permissions.all()] == ["review"]


def test_operators_may_do_everything_with_our_models():
    group = Group.objects.get(name="Operators")
    ours = Permission.objects.filter(
        content_type__app_label__in=["accounts", "templates_app", "sending"]
    )
    assert ours.filter(codename="change_gateway").exists()
    assert set(group.permissions.all()) == set(ours)


def test_each_migrate_puts_the_groups_right_again():
    Group.objects.get(name="Reviewers").permissions.clear()
    Group.objects.get(name="Operators").delete()
    call_command("migrate", verbosity=0)
    test_reviewers_may_review_and_nothing_else()
    test_operators_may_do_everything_with_our_models()


def test_who_is_a_reviewer():
    assert is_reviewer(make_reviewer())
    assert is_reviewer(make_operator())
    assert not is_reviewer(make_user(is_staff=True))
    former = make_reviewer()
    former.is_staff = False
    assert not is_reviewer(former)

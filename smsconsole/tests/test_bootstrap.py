"""`manage.py bootstrap`: the first operator, once, by a link."""

import re
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.tests.factories import make_operator, make_user

pytestmark = pytest.mark.django_db


def run(email="boss@example.com"):
    out = StringIO()
    call_command("bootstrap", email=email, stdout=out)
    return re.search(r"http://127.0.0.1:8000(/\S+)", out.getvalue()).group(1)


def test_the_link_lets_the_operator_choose_a_password_once(client):
    link = run("Boss@Example.com")
    form = client.get(link, follow=True)
    address = form.request["PATH_INFO"]
    new = {"password1": "correct horse battery", "password2": "correct horse battery"}
    client.post(address, new)
    boss = User.objects.get(email="boss@example.com")
    assert boss.is_superuser
    assert boss.check_password("correct horse battery")
    client.logout()
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_it_refuses_when_an_operator_exists():
    User.objects.create_superuser("first@example.com", "a long enough phrase")
    with pytest.raises(CommandError, match="operator already"):
        run()
    assert not User.objects.filter(email="boss@example.com").exists()


def test_a_lost_link_is_printed_again_for_the_same_address_only():
    with time_machine.travel(timezone.now(), tick=False):
        run()
        assert run() == run()
    with pytest.raises(CommandError, match=r"boss@example\.com"):
        run("other@example.com")
    assert User.objects.filter(is_superuser=True).count() == 1
    assert AuditEntry.objects.filter(action="operator.created").count() == 1


@pytest.mark.parametrize("email", ["nobody", ""])
def test_it_wants_an_address(email):
    with pytest.raises(CommandError):
        run(email)


def test_it_makes_no_operator_of_somebody_who_is_there():
    make_user(email="boss@example.com")
    with pytest.raises(CommandError):
        run()
    assert not User.objects.get(email="boss@example.com").is_superuser


def test_staff_in_the_group_operators_do_not_stop_it():
    make_operator()
    run()
    assert User.objects.filter(is_superuser=True).exists()

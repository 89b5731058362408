"""Pages for what went wrong: what happened and where to go, in the shell of the console."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import make_member

pytestmark = pytest.mark.django_db


def test_an_unknown_address_says_so(client: Client) -> None:
    client.force_login(make_member().user)

    response = client.get("/tasks/999999/")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_a_page_beyond_the_role_names_whom_to_ask(client: Client) -> None:
    client.force_login(make_member(Role.VIEWER).user)

    response = client.get(reverse("send_tasks:compose"))

    assert response.status_code == 403
    assert "Ask an owner" in response.content.decode()


def test_a_form_without_its_token_changes_nothing_and_says_so() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("theme"), {"theme": "dark"})

    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_the_page_for_our_own_faults_needs_nothing_that_may_be_broken() -> None:
    assert "Nothing that was accepted is lost" in render_to_string("500.html")

"""Operators are told when mails reach nobody."""

from typing import Any

from django.test import Client
from django.urls import reverse

WORDS = "This console sends no e-mail."


def page(operator: Client) -> str:
    return operator.get(reverse("operations:gateways"), secure=True).content.decode()


def test_production_without_a_mail_server_says_so(operator: Client, settings: Any) -> None:
    settings.MAILS_IN_FILES = True
    # At home mails are read in their folder.
    assert WORDS not in page(operator)
    settings.PRODUCTION = True
    assert WORDS in page(operator)
    settings.MAILS_IN_FILES = False
    assert WORDS not in page(operator)

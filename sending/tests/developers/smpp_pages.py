"""Reading and pressing pages of SMPP accounts."""

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import PASSWORD, log_in, make_member, make_user
from sending.developers.smpp.forms import initial_of
from sending.lifecycle import MessageState
from sending.tests.factories import a_number, move
from sending.tests.program_factories import make_program_messages
from sending.tests.smpp_factories import make_smpp_receipt


def member_of(organization, role):
    client = log_in(Client(), make_member(role, organization, make_user(password=PASSWORD)))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def shown(client, name, *args, **query):
    response = client.get(reverse(f"developers:{name}", args=args, query=query))
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(page):
    return page.get_text(" ", strip=True)


def press(client, page_name, /, *args, **fields):
    response = client.post(reverse(f"developers:{page_name}", args=args), fields, follow=True)
    assert response.status_code == 200
    return words(BeautifulSoup(response.content.decode(), "html.parser"))


def fields_of(account, **changes):
    given = {name: value for name, value in initial_of(account).items() if value is not False}
    return given | changes


def receipts_of(account, count=3, **fields):
    messages = make_program_messages(
        account.organization,
        [a_number(n) for n in range(count)],
        application=account.application,
    )
    move(messages, MessageState.DELIVERED)
    return [make_smpp_receipt(account, message, **fields) for message in messages]

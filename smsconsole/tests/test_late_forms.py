"""Forms that come too late: their session has ended, or another tab switched the organization.

Nothing of them is done, and nothing that was typed is lost.
"""

import time
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Contact, Member, Organization
from accounts.roles import Role
from accounts.tests.factories import PASSWORD, log_in, make_contact, make_member, make_user
from sending.lifecycle import TaskState
from sending.models import CustomerGroup, Draft, SendTask, Suppression
from sending.tests.factories import a_number, make_group, make_sender, make_task
from smsconsole.form_origin import FIELD, FormOrigin
from smsconsole.kept_forms import KEPT_SECONDS, MOST_CHARS, SESSION_KEY
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def owner() -> Member:
    """An owner with a password, in an organization with a row of what forms change."""
    member = make_sender(Role.OWNER)
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


# --- Forms of every kind: (page, its arguments, what is typed) ----------------------------------

FORMS: dict[str, Any] = {
    "settings": lambda m: ("accounts:organization_edit", [], {"name": "New name & co"}),
    "contact": lambda m: (
        "accounts:contact_edit",
        [make_contact(m.organization).pk],
        {"name": "Ann"},
    ),
    "contact, new": lambda m: ("accounts:contact_create", [], {"name": "Ben"}),
    "invitation": lambda m: ("accounts:member_invite", [], {"email": "new@example.com"}),
    "group": lambda m: ("groups:rename", [make_group(m.organization).pk], {"name": "Friends"}),
    "suppression": lambda m: ("groups:suppress", [], {"numbers": a_number(5)}),
    "template": lambda m: ("templates_app:template_create", [], {"body": "Hello there\nyou"}),
    "application": lambda m: ("applications:create", [], {"name": "Shop"}),
    "compose": lambda m: (
        "send_tasks:compose",
        [],
        {"name": "Monday", "numbers": f"{a_number(1)}\n{a_number(2)}", "source": "NUMBERS"},
    ),
}


def made(member: Member, form: str) -> tuple[str, dict[str, str]]:
    approved_template(member.organization, "Hello", SmsType.NOTIFICATION)
    name, args, typed = FORMS[form](member)
    return reverse(name, args=args), typed


def state() -> list[Any]:
    """What forms change."""
    models = (Organization, Contact, CustomerGroup, Suppression, TextTemplate, SendTask, Draft)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def fields_of(client: Client, url: str, action: str = "") -> dict[str, str]:
    """Return the hidden fields of the form on a page that posts to an address."""
    page = BeautifulSoup(client.get(url).content, "html.parser")
    forms = page.main.select("form[method=post]")
    # A fragment leads back to a part of the page and is never sent.
    form = next(
        each for each in forms if (each.get("action") or url).partition("#")[0] == (action or url)
    )
    hidden = form.select("input[type=hidden][name][value]")
    return {each["name"]: each["value"] for each in hidden}


def value_of(page: BeautifulSoup, name: str) -> str:
    field = page.main.select_one(f"[name={name}]")
    if field.name == "textarea":
        return field.text.removeprefix("\n").replace("\r\n", "\n")
    if field.get("type") == "radio":
        return page.main.select_one(f"[name={name}][checked]")["value"]
    return str(field["value"])


def end_session(client: Client) -> None:
    Session.objects.all().delete()
    client.cookies.pop("session", None)


def sign_in(client: Client, member: Member, to: str) -> Any:
    page = client.get(to)
    assert "Your session has ended" in page.content.decode()
    next_page = BeautifulSoup(page.content, "html.parser").select_one("[name=next]")["value"]
    data = {"login": member.user.email, "password": PASSWORD, "next": next_page}
    response = client.post(LOGIN, data)
    assert response.status_code == 302, response.content.decode()
    return client.get(response["Location"])


@pytest.mark.parametrize("form", FORMS)
def test_a_session_that_ends_loses_nothing(owner: Member, form: str):
    client = log_in(Client(), owner)
    url, typed = made(owner, form)
    fields = fields_of(client, url) | typed
    before = state()
    end_session(client)
    response = client.post(url, fields, headers={"referer": f"http://testserver{url}"})
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)
    page = sign_in(client, owner, response["Location"])
    assert page.status_code == 200
    html = BeautifulSoup(page.content, "html.parser")
    assert "What you entered is back. Nothing was saved or sent." in html.main.text
    assert {name: value_of(html, name) for name in typed} == typed
    assert state() == before
    # Shown once; from then on the browser has it.
    assert SESSION_KEY not in client.session
    assert "What you entered is back" not in client.get(url).content.decode()


def test_a_button_leads_back_to_its_page(owner: Member):
    client = log_in(Client(), owner)
    task = make_task(owner, numbers=[a_number(1)])
    page, action = (reverse(f"send_tasks:{name}", args=[task.pk]) for name in ("check", "send"))
    fields = fields_of(client, page, action)
    end_session(client)
    response = client.post(action, fields, headers={"referer": f"http://testserver{page}?row=2"})
    shown = sign_in(client, owner, response["Location"])
    assert shown.request["QUERY_STRING"] == "row=2"
    assert "Nothing was saved or sent." in shown.content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.READY


def test_one_lands_in_the_organization_of_the_form(owner: Member):
    other = make_member(Role.OWNER, user=owner.user)
    client = log_in(Client(), other)
    url = reverse("accounts:organization_edit")
    fields = fields_of(client, url) | {"name": "Theirs"}
    end_session(client)
    response = client.post(url, fields, headers={"referer": f"http://testserver{url}"})
    page = sign_in(client, owner, response["Location"])
    assert page.context["organization"] == other.organization
    assert value_of(BeautifulSoup(page.content, "html.parser"), "name") == "Theirs"


def test_files_and_secrets_are_never_kept(owner: Member):
    client = log_in(Client(), owner)
    url, typed = made(owner, "compose")
    fields = fields_of(client, url) | typed | {"password": "hush", "api_secret": "hush"}
    fields["file"] = SimpleUploadedFile("people.csv", b"hush" * 100_000)
    end_session(client)
    client.post(url, fields)
    kept = client.session[SESSION_KEY]
    assert "hush" not in str(kept)
    assert kept["had_file"]
    assert client.session.get_expiry_age() <= KEPT_SECONDS


def test_somebody_else_gets_nothing_of_it(owner: Member):
    client = log_in(Client(), owner)
    url, typed = made(owner, "contact, new")
    fields = fields_of(client, url) | typed
    end_session(client)
    response = client.post(url, fields)
    other = make_sender(Role.OWNER)
    other.user.set_password(PASSWORD)
    other.user.save()
    page = sign_in(client, other, response["Location"])
    assert "Ben" not in page.content.decode()
    assert SESSION_KEY not in client.session


def test_what_is_old_is_gone(owner: Member):
    client = log_in(Client(), owner)
    session = client.session
    session[SESSION_KEY] = {
        "user": owner.user.pk,
        "organization": 0,
        "page": "/",
        "action": "/",
        "fields": [],
        "at": int(time.time()) - KEPT_SECONDS - 1,
    }
    session.save()
    client.get("/")
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x"},
        {"name": "x", FIELD: "1:1~forged"},
        {"name": "x" * MOST_CHARS},
    ],
)
def test_forms_of_strangers_and_endless_ones_are_not_kept(owner: Member, fields: dict[str, str]):
    if len(fields["name"]) > 1:
        fields[FIELD] = FormOrigin(owner.user.pk, owner.organization.pk).token
    client = Client()
    response = client.post(reverse("accounts:contact_create"), fields)
    assert response.status_code == 302
    assert not client.cookies.get("session")


def test_signing_in_anew_in_another_tab_keeps_a_form(owner: Member):
    strict = Client(enforce_csrf_checks=True)
    strict = log_in(strict, owner)
    url = reverse("accounts:contact_create")
    fields = fields_of(strict, url) | {"name": "Ben", "csrfmiddlewaretoken": "x" * 64}
    response = strict.post(url, fields, headers={"referer": f"http://testserver{url}"})
    assert (response.status_code, response["Location"]) == (302, url)
    page = strict.get(url)
    assert value_of(BeautifulSoup(page.content, "html.parser"), "name") == "Ben"
    # Without a form of their own, everybody is refused as before.
    fields.pop(FIELD)
    assert strict.post(url, fields).status_code == 403
    fields[FIELD] = FormOrigin(make_user().pk, 0).token
    assert strict.post(url, fields).status_code == 403


def test_parts_of_pages_are_never_swapped_for_a_sign_in_page(owner: Member):
    task = make_task(owner, TaskState.SENDING, numbers=[a_number(1)])
    for name, args in (("detail", [task.pk]), ("compose", [])):
        url = reverse(f"send_tasks:{name}", args=args)
        response = Client().get(url, headers={"hx-request": "true"})
        assert (response.status_code, response.content) == (401, b"")
    preview = reverse("templates_app:template_preview")
    assert Client().post(preview, headers={"hx-request": "true"}).status_code == 401


# --- Another tab switched -------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_one_organization_never_saves_for_another(owner: Member, form: str):
    elsewhere = make_member(Role.OWNER, make_sender().organization, owner.user)
    client = log_in(Client(), owner)
    url, typed = made(owner, form)
    fields = fields_of(client, url) | typed
    client.post(reverse("accounts:switch", args=[elsewhere.organization.pk]))
    before = state()
    response = client.post(url, fields, headers={"referer": f"http://testserver{url}"})
    assert response.status_code == 409
    assert state() == before
    page = BeautifulSoup(response.content, "html.parser")
    said = " ".join(page.text.split())
    assert f"You opened it in {owner.organization} and are working in" in said
    back = page.main.select_one("form")
    assert back["action"] == reverse("accounts:switch", args=[owner.organization.pk])
    data = {each["name"]: each["value"] for each in back.select("input")}
    response = client.post(back["action"], data)
    assert response["Location"] == url
    html = BeautifulSoup(client.get(url).content, "html.parser")
    assert {name: value_of(html, name) for name in typed} == typed


def test_a_form_of_an_organization_one_has_left_is_refused(owner: Member):
    other = make_sender()
    client = log_in(Client(), owner)
    fields = {FIELD: FormOrigin(owner.user.pk, other.organization.pk).token, "name": "x"}
    response = client.post(reverse("accounts:contact_create"), fields)
    assert response.status_code == 409
    assert "no longer belong to" in response.content.decode()
    assert str(other.organization) not in response.content.decode()


def test_every_form_of_a_page_says_where_it_was_made(owner: Member):
    client = log_in(Client(), owner)
    task = make_task(owner, numbers=[a_number(1)])
    page = BeautifulSoup(
        client.get(reverse("send_tasks:check", args=[task.pk])).content, "html.parser"
    )
    forms = page.select("form[method=post]")
    assert len(forms) > 3
    for form in forms:
        token = form.select_one(f"input[name={FIELD}]")["value"]
        assert FormOrigin.read(token) == FormOrigin(owner.user.pk, owner.organization.pk)
    login = BeautifulSoup(Client().get(LOGIN).content, "html.parser")
    assert not login.select(f"input[name={FIELD}]")

"""What staff may change in the administration: every page and action, each group, and the docs."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.recorded import RecordedAdmin
from accounts.staff import OPERATORS, PERMISSIONS, REVIEWERS
from accounts.tests.factories import make_operator, make_reviewer
from sending.models import Circuit, Gateway, Message
from smsconsole.tests.address import OPERATE
from smsconsole.tests.addresses import ADDRESSES, ADMIN_MODELS, DESK
from smsconsole.tests.test_every_url import admin_requests, ask, assert_none, where
from smsconsole.tests.world import World

STAFF = {"reviewer": make_reviewer, "operator": make_operator}
WRITES = {"add": "add", "change": "change", "delete": "delete"}
PAGES = {model._meta.label_lower.replace(".", "_"): p for model, p in admin.site._registry.items()}


@pytest.mark.parametrize("reader", STAFF)
def test_a_form_is_taken_from_those_who_may(world: World, reader: str) -> None:
    wrong = {}
    for model, page, url, exists in admin_requests():
        if page not in WRITES:
            continue
        allowed = WRITES[page] in getattr(ADMIN_MODELS[model], reader)
        status = ask(world.readers[reader], "POST", url).status_code
        # Who may not look is not told whether there is such a row.
        expected = {200} if allowed and exists else {302, 403} if not exists else {403}
        if status not in expected:
            wrong[url] = status
    assert_none(wrong.items())


@pytest.mark.parametrize("reader", STAFF)
def test_nobody_of_staff_sets_a_password(world: World, reader: str) -> None:
    url = reverse("admin:auth_user_password_change", args=[world.ours.user])
    for method in ("GET", "POST"):
        assert ask(world.readers[reader], method, url).status_code == 403


def test_only_reviewers_decide(world: World) -> None:
    url = reverse("admin:review_item", args=["template", world.ours.pending_template_version])
    assert set(DESK) == {"admin:review_desk", "admin:review_item", "admin:review_evidence"}
    assert ask(world.readers["reviewer"], "POST", url).status_code == 200
    assert ask(world.readers["operator"], "POST", url).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("reader", STAFF)
def test_every_action_is_offered_to_those_who_may(reader: str) -> None:
    request = RequestFactory().get("/")
    request.user = STAFF[reader]()
    offered = {model: set(page.get_actions(request)) for model, page in PAGES.items()}
    expected = {
        model: set(row.actions if reader == "operator" else row.reviews)
        for model, row in ADMIN_MODELS.items()
    }
    assert offered == expected


def test_every_page_records_what_is_done_there() -> None:
    assert_none(name for name, page in PAGES.items() if not isinstance(page, RecordedAdmin))


def test_every_action_of_our_own_is_known() -> None:
    """A new one must record what it did (`log_change` and so on), and be tested for that."""
    own = {action for page in PAGES.values() for action in page.actions}
    assert own == {"copy_to_a_draft", "revoke", "withdraw"}


# --- The table for people -------------------------------------------------------------------------


def words(model: str, group: str) -> str:
    """What the table says that a group may do with a model."""
    app, name = model.rsplit("_", 1)
    verbs = {"view": "look", "add": "add", "change": "change", "delete": "delete"}
    may = [said for verb, said in verbs.items() if f"{app}.{verb}_{name}" in PERMISSIONS[group]]
    return ", ".join(may) or "–"


def test_the_table_in_the_docs_says_what_groups_may_do() -> None:
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = []
    for model in ADMIN_MODELS:
        title = str(apps.get_model(*model.rsplit("_", 1))._meta.verbose_name_plural)
        line = f"| {title} | {words(model, REVIEWERS)} | {words(model, OPERATORS)} |"
        if line not in text:
            missing.append(line)
    assert_none(missing)


# --- What operators do outside the administration -------------------------------------------------

STEERED = {
    "operations:gateway_mode": {"mode": "stopped"},
    "operations:gateway_probe": {},
    "operations:gateway_try": {},
    "operations:doubt": {"decision": "unknown"},
    "operations:doubts": {
        "decision": "unknown",
        "sure": "yes",
        "until": "2100-01-01T00:00:00+00:00",
    },
    "operations:support_begin": {"reason": "Ticket 12"},
    "operations:support_end": {},
    "operations:incident_create": {"title": "Down", "body": "All", "state": "INVESTIGATING"},
    "operations:incident": {"state": "RESOLVED", "body": "It is over."},
    "operations:prices_import": {
        "file": b"country,price\nHK,0.05\n",
        "currency": "USD",
    },
    "operations:costs_import": {
        "file": b"gateway,country,cost\n%b,HK,0.01\n",
        "currency": "USD",
    },
    "operations:revocation": {"reason": "Phishing"},
    "operations:task": {"do": "cancel", "reason": "Fraud"},
    "operations:application_suspension": {"reason": "Fraud", "queued": "wait"},
    "operations:organization_suspension": {"reason": "Fraud", "queued": "wait"},
    "operations:smpp_disconnect": {},
    "operations:free_text": {"kind": "always", "lane": "API", "reason": "Moves here"},
    # What a search leads to is the look that is written down.
    "operations:trace": {"number": "852 5123 0010"},
}


def as_file(form: dict[str, object], gateway: str) -> dict[str, object]:
    """The file of a form, with the name of the gateway in its place."""
    content = form.get("file")
    if not isinstance(content, bytes):
        return {}
    content = content % gateway.encode() if b"%b" in content else content
    return {"file": SimpleUploadedFile("table.csv", content)}


def test_every_button_of_operators_is_in_the_trail(world: World) -> None:
    buttons = {n: a for n, a in ADDRESSES.items() if a.needs == OPERATE and "POST" in a.methods}
    # It looks at routes and prices, and at nothing of anybody.
    del buttons["operations:routing"]
    # Ours is not empty, the console is not held, and what is refused is no act: their acts in the
    # trail are asserted in sending/tests/operations.
    del buttons["operations:organization_remove"], buttons["operations:held"]
    assert set(buttons) == set(STEERED)
    Circuit.objects.create(gateway_id=world.ours.gateway, state="OPEN")
    seen = {"attempt": Message.objects.get(pk=world.ours.message_in_doubt).attempt}
    gateway = Gateway.objects.get(pk=world.ours.gateway)
    silent = []
    for name, form in STEERED.items():
        before = AuditEntry.objects.count()
        url = where(name, buttons[name], world.ours)
        filled = form | seen | as_file(form, gateway.name)
        world.readers["operator"].post(url, filled, follow=True)
        entry = AuditEntry.objects.latest("pk")
        if AuditEntry.objects.count() == before or entry.actor is None:
            silent.append(name)
    assert_none(silent)

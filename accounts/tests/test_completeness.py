"""Every role, state and audit event has all that pages show of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from accounts.actions import decide_activation
from accounts.errors import Conflict
from accounts.forms import RoleForm, role_choices
from accounts.models import ActivationState, AuditEntry, ServiceActivation, User
from accounts.models.member import ROLE_LABELS
from accounts.models.service_activation import ACTIVATION_LABELS, ACTIVATION_STEPS
from accounts.models.stepping import sources_of
from accounts.other_acts import OTHER_ACTS
from accounts.roles import PERMISSIONS, Role
from accounts.templatetags.activations import ACTIVATION_LOOKS
from accounts.templatetags.audit import SENTENCES, audit_sentence
from accounts.tests.factories import (
    log_in,
    make_activation,
    make_member,
    make_organization,
    make_reviewer,
)
from accounts.trail_forms import NOUNS
from sending.models import ChangeKind
from sending.send_tasks.event_labels import EVENT_LABELS

REASONS = [{"code": "OTHER", "field": "purpose", "advice": "Say who receives it."}]
# Acts whose names are put together, with the words that can take the open place.
COMPOSED = {
    ("accounts/actions/activation.py", "service_activation."): ("approved", "rejected"),
    ("accounts/actions/organizations.py", "organization.second_step_"): ("required", "optional"),
    ("sending/pool/changes.py", "customers."): tuple(kind.value.lower() for kind in ChangeKind),
}


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_label_permissions_and_a_choice_that_explains_it(role: Role) -> None:
    assert str(ROLE_LABELS[role])
    assert PERMISSIONS[role]
    explained = dict(role_choices())[role.value]
    assert explained.startswith(f"{ROLE_LABELS[role]}: ")
    assert len(explained) > len(f"{ROLE_LABELS[role]}: ")
    assert RoleForm({"role": role.value}).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_every_role_is_named_on_the_page_of_members(client, role: Role) -> None:
    member = make_member(role)
    page = log_in(client, member).get("/settings/members/")
    assert page.status_code == 200
    assert str(ROLE_LABELS[role]) in page.text


@pytest.mark.parametrize("state", ActivationState)
def test_every_state_of_an_activation_has_a_label_and_its_steps(state: ActivationState) -> None:
    assert str(ACTIVATION_LABELS[state])
    assert ACTIVATION_STEPS[state] <= set(ActivationState)
    assert len(ACTIVATION_LOOKS[state]) == 2
    assert ServiceActivation(state=state.value).get_state_display() == str(ACTIVATION_LABELS[state])


@pytest.mark.django_db
@pytest.mark.parametrize("state", ActivationState)
def test_every_state_of_an_activation_has_a_page(client, state: ActivationState) -> None:
    member = make_member()
    make_activation(member.organization, state, reasons=REASONS)
    page = log_in(client, member).get("/settings/activation/")
    assert page.status_code == 200
    assert str(ACTIVATION_LABELS[state]) in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("to", ActivationState)
@pytest.mark.parametrize("state", ActivationState)
def test_an_activation_takes_only_its_steps(state: ActivationState, to: ActivationState) -> None:
    activation = make_activation(make_organization(), state)
    rows = ServiceActivation.objects.filter(pk=activation.pk)
    legal = state in sources_of(ACTIVATION_STEPS, to)
    assert rows.step(to, note="Stepped.") == int(legal)
    activation.refresh_from_db()
    assert activation.state == (to if legal else state)
    assert activation.note == ("Stepped." if legal else "")


@pytest.mark.django_db
def test_a_step_can_be_narrowed_to_the_state_it_leaves() -> None:
    activation = make_activation(make_organization())
    rows = ServiceActivation.objects.filter(pk=activation.pk)
    assert rows.step(ActivationState.APPROVED, only_from=ActivationState.REJECTED) == 0
    assert rows.step(ActivationState.APPROVED, only_from=ActivationState.PENDING) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("approve", [True, False])
@pytest.mark.parametrize("state", [s for s in ActivationState if s is not ActivationState.PENDING])
def test_only_a_pending_activation_is_decided(state: ActivationState, approve: bool) -> None:
    activation = make_activation(make_organization(), state)
    with pytest.raises(Conflict):
        decide_activation(
            activation=activation, reviewer=make_reviewer(), approve=approve, reasons=REASONS
        )
    activation.refresh_from_db()
    assert activation.state == state


# --- Audit events ---------------------------------------------------------------------------------


# Helpers that take the name of the act as an argument, and what they put before it.
HELPERS = {"_record": "", "record": "", "record_account_event": "account.", "_on": "account."}


def written_events() -> Iterator[str]:
    """Yield the names of all acts on its nouns that the console writes into the audit trail."""
    root = Path(settings.BASE_DIR)
    # Some rooms above have sentences of their own there.
    above = (
        *("customers", "developers", "exporting", "guard", "guard_pages", "pool", "reports"),
        *("smpp_accounts", "verify"),
    )
    rooms = (root / "accounts", *(root / "sending" / room for room in above))
    for path in sorted(path for room in rooms for path in room.rglob("*.py")):
        if "tests" in path.parts or path.name == "audit.py":
            continue
        place = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                start = str(node.values[0].value)
                yield from (start + word for word in COMPOSED.get((place, start), ()))
            elif isinstance(node, ast.Call):
                named = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
                helper = node.func.id if isinstance(node.func, ast.Name) else ""
                if helper in HELPERS:
                    named += node.args
                for value in named:
                    branches = (
                        [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                    )
                    words = [one.value for one in branches if isinstance(one, ast.Constant)]
                    names = [f"{HELPERS.get(helper, '')}{word}" for word in words if word]
                    yield from (name for name in names if "." in name)


def events_of_staff() -> Iterator[str]:
    """Yield the names of all acts that the administration of people and organizations records."""
    request = RequestFactory().get("/")
    request.user = User(is_active=True, is_staff=True, is_superuser=True)
    for model, page in admin.site._registry.items():
        if model._meta.app_label not in {"sending", "templates_app"}:
            may = {
                "added": page.has_add_permission(request),
                "changed": page.has_change_permission(request),
                "deleted": page.has_delete_permission(request),
            }
            yield from (f"{model._meta.model_name}.{verb}" for verb in may if may[verb])


def test_every_audit_event_has_a_sentence_and_every_sentence_an_event() -> None:
    of_tasks = {action for action in SENTENCES if action.startswith("send_task.")}
    own = {*written_events(), *events_of_staff()}
    assert own <= set(SENTENCES)
    assert set(SENTENCES) - of_tasks <= own | {*acts_elsewhere()}
    # What happens to a task stands in its history by the same name.
    assert {action.removeprefix("send_task.") for action in of_tasks} <= set(EVENT_LABELS)


@pytest.mark.parametrize("action", sorted(SENTENCES))
def test_the_audit_trail_says_what_was_done(action: str) -> None:
    details = {"before": "VIEWER", "after": "OWNER"} if action == "member.role_changed" else {}
    said = audit_sentence(AuditEntry(action=action, subject="x", details=details))
    assert said.startswith(str(SENTENCES[action]))
    assert "." not in said


def test_the_filter_of_the_trail_offers_every_noun_of_an_organization() -> None:
    of_the_console = {"account", "authenticator", "operator", "user"}
    of_the_console |= {"console", "gatewaycost", "incident", "priceversion"}
    nouns = {action.partition(".")[0] for action in SENTENCES}
    assert nouns - of_the_console <= set(NOUNS)


def test_an_act_of_an_app_above_is_readable() -> None:
    assert audit_sentence(AuditEntry(action="send_task.read_again")) == "Send task: read again"
    assert (
        engines["django"]
        .from_string("{% load audit %}{{ e|audit_sentence }}")
        .render({"e": AuditEntry(action="text_template.approved")})
        == "Text template: approved"
    )


# --- Acts of the apps above -----------------------------------------------------------------------


def acts_elsewhere() -> Iterator[str]:
    """Yield the names of acts that the apps above this one record, where they stand whole."""
    root = Path(settings.BASE_DIR)
    apps = ("sending", "templates_app", "smsconsole")
    for path in sorted(path for app in apps for path in (root / app).rglob("*.py")):
        if "tests" not in path.parts and "management" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from acts_of_call(node, path.parent.name)


def acts_of_call(call: ast.Call, room: str) -> Iterator[str]:
    for named in (keyword.value for keyword in call.keywords if keyword.arg == "action"):
        words = [str(one.value) for one in ast.walk(named) if isinstance(one, ast.Constant)]
        # The rest of a name may follow.
        yield from (word for word in words if re.fullmatch(r"[a-z_]+\.[a-z_]*[a-z]", word))
    helper = call.func.id if isinstance(call.func, ast.Name) else ""
    nouns = {"send_tasks": ["send_task"], "actions": ["signature", "text_template"]}.get(room, [])
    act = call.args[1] if len(call.args) > 1 else None
    if helper in {"_audit", "_note", "record"} and isinstance(act, ast.Constant):
        yield from (f"{noun}.{act.value}" for noun in nouns)


def test_every_act_has_words() -> None:
    # Those that a sentence stands for are tested above.
    missing = set()
    for act in {*acts_elsewhere()} - SENTENCES.keys():
        words = audit_sentence(AuditEntry(action=act, subject="x", details={}))
        if words not in OTHER_ACTS:
            missing.add(words)
    assert missing == set()
    with override("zh-hans"):
        said = audit_sentence(AuditEntry(action="suppression.added", details={}))
    assert said == "添加了屏蔽号码"

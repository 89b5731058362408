"""Every state, code, event, role and lane has all that pages need to show it."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from accounts.forms import role_choices
from accounts.models.member import ROLE_LABELS
from accounts.roles import Role
from sending.error_codes.reasons import Reason
from sending.error_codes.table import explain, table
from sending.gateways.registry import KINDS
from sending.lifecycle import (
    LANES_BY_PRIORITY,
    MESSAGE_STEPS,
    TASK_STEPS,
    Lane,
    MessageState,
    SaidBy,
    TaskState,
)
from sending.models import Gateway
from sending.models.choices import (
    LANE_LABELS,
    MESSAGE_STATE_LABELS,
    SAID_BY_LABELS,
    TASK_STATE_LABELS,
)
from sending.operations.forms.registry import GATEWAY_FORMS
from sending.send_tasks.event_labels import EVENT_LABELS
from sending.send_tasks.queries.progress import STATE_ORDER
from sending.send_tasks.state_descriptions import STATE_DESCRIPTIONS, TASK_STATE_DESCRIPTIONS
from sending.templatetags.sms import MESSAGE_LOOKS, SAID_BY_ICONS, TASK_LOOKS

SOURCES = Path(settings.BASE_DIR, "sending")
# table: what must have an entry in it
TABLES: Mapping[str, tuple[Mapping, type]] = {
    "TASK_STEPS": (TASK_STEPS, TaskState),
    "TASK_STATE_LABELS": (TASK_STATE_LABELS, TaskState),
    "TASK_LOOKS": (TASK_LOOKS, TaskState),
    "MESSAGE_STEPS": (MESSAGE_STEPS, MessageState),
    "MESSAGE_STATE_LABELS": (MESSAGE_STATE_LABELS, MessageState),
    "MESSAGE_LOOKS": (MESSAGE_LOOKS, MessageState),
    "STATE_DESCRIPTIONS": (STATE_DESCRIPTIONS, MessageState),
    "TASK_STATE_DESCRIPTIONS": (TASK_STATE_DESCRIPTIONS, TaskState),
    "STATE_ORDER": (dict.fromkeys(STATE_ORDER), MessageState),
    "SAID_BY_LABELS": (SAID_BY_LABELS, SaidBy),
    "SAID_BY_ICONS": (SAID_BY_ICONS, SaidBy),
    "LANE_LABELS": (LANE_LABELS, Lane),
    "LANES_BY_PRIORITY": (dict.fromkeys(LANES_BY_PRIORITY), Lane),
    "ROLE_LABELS": (ROLE_LABELS, Role),
    "role_choices": (dict(role_choices()), Role),
}
ICONS = [
    *((state, icon) for state, (_tone, icon) in [*TASK_LOOKS.items(), *MESSAGE_LOOKS.items()]),
    *SAID_BY_ICONS.items(),
    *((code, icon) for code, (_tone, icon, *_words) in EVENT_LABELS.items()),
]


def written_events() -> set[str]:
    """Return every code that the source writes into a TaskEvent."""
    codes: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        if not {"tests", "migrations"} & set(path.relative_to(SOURCES).parts):
            codes |= _events_of(ast.parse(path.read_text()))
    return codes


def _events_given(tree: ast.Module) -> set[str]:
    """Return what the `event` of pausing and cancelling is, given or by default."""
    values: list[ast.expr | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            values += [default for argument, default in named if argument.arg == "event"]
        if isinstance(node, ast.Call):
            values += [keyword.value for keyword in node.keywords if keyword.arg == "event"]
    return {value.value for value in values if isinstance(value, ast.Constant)}


def _events_of(tree: ast.Module) -> set[str]:
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = _events_given(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
        if called == "note":
            given = call.args[1:2]
        elif called != "TaskEvent.objects.create":
            continue
        for value in given:
            named = constants.get(value.id, value) if isinstance(value, ast.Name) else value
            if isinstance(named, ast.Constant):
                found.add(named.value)
    return found


@pytest.mark.parametrize(
    ("table", "member"),
    [(name, member) for name, (_table, members) in TABLES.items() for member in members],
    ids=str,
)
def test_every_table_has_every_member(table, member):
    assert member in TABLES[table][0], f"{table} has no {member}"


def test_no_state_is_listed_twice():
    assert len(STATE_ORDER) == len(set(STATE_ORDER))


def test_every_event_that_is_written_has_words_and_no_other():
    written = written_events()
    assert written - set(EVENT_LABELS) == set(), "an event without a line in EVENT_LABELS"
    assert set(EVENT_LABELS) - written == set(), "a line in EVENT_LABELS that nothing writes"


@pytest.mark.parametrize("code", Reason)
def test_every_code_of_ours_has_a_sentence_and_advice(code):
    meaning = explain(code)
    assert (meaning.code, meaning.source) == (code, "US"), f"the table has no {code}"
    assert meaning.what
    assert meaning.to_do


@pytest.mark.parametrize("meaning", list(table()), ids=lambda meaning: meaning.code)
def test_every_code_leads_to_a_state_in_sentences(meaning):
    assert meaning.state in MESSAGE_STATE_LABELS
    assert str(meaning.what).endswith((".", "?"))
    assert str(meaning.to_do).endswith((".", "?"))


@pytest.mark.parametrize(("of", "icon"), ICONS, ids=str)
def test_every_icon_is_in_the_sheet(of, icon):
    sheet = Path(finders.find("vendor/lucide/icons.svg")).read_text()
    assert f'id="i-{icon}"' in sheet, f"{of} shows icon {icon}, which the sheet lacks"


@pytest.mark.parametrize("kind", Gateway.Kind)
def test_every_kind_of_gateway_can_be_connected_and_configured(kind):
    assert kind in KINDS, f"sending/gateways/registry.py has no {kind}"
    assert kind in GATEWAY_FORMS, f"sending/operations/forms/registry.py has no {kind}"

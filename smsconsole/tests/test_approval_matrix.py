"""Who brings a task how far, by role, address and what the organization wants approved.

Every other address answers the same whatever is wanted: `test_every_url.py` sees that none of them
looks at the setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from sending.lifecycle import TaskState
from sending.models import SendTask
from smsconsole.tests.address import APPROVE, SEND, STOP
from smsconsole.tests.world import MEMBERS, Reader, World

# The task in question has four messages, the scheduled one has one.
APPROVAL = {"never": None, "above 4": 4, "above 3": 3, "always": 0}
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Act:
    """A filled-in form of an address, and the state its task has afterwards by setting.

    `otherwise` is the state for whoever may not, and where nothing comes of it.
    """

    name: str
    row: str
    needs: str
    otherwise: TaskState
    becomes: TaskState | Mapping[str, TaskState]
    body: Mapping[str, object]
    messages: int = 0

    def state(self, reader: Reader, setting: str) -> TaskState:
        """Return the state that is expected of the task after this reader's request."""
        most = reader.rights.get("most_messages", self.messages)
        if self.needs == NOBODY or not reader.may(self.needs) or most < self.messages:
            return self.otherwise
        if isinstance(self.becomes, TaskState):
            return self.becomes
        return self.becomes.get(setting, self.otherwise)


def by_setting(alone: TaskState, waits: TaskState) -> dict[str, TaskState]:
    return {"never": alone, "above 4": alone, "above 3": waits, "always": waits}


ACTS = {
    "send": Act(
        "send",
        "ready_task",
        SEND,
        TaskState.READY,
        by_setting(TaskState.SENDING, TaskState.WAITING),
        {"messages": 4},
        messages=4,
    ),
    "send later": Act(
        "send",
        "ready_task",
        SEND,
        TaskState.READY,
        by_setting(TaskState.SCHEDULED, TaskState.WAITING),
        {"messages": 4, "when": "later"},
        messages=4,
    ),
    "send what was not shown": Act(
        "send", "ready_task", SEND, TaskState.READY, TaskState.READY, {"messages": 3}
    ),
    # One message alone is below every number, but it is wanted together with the task it is of.
    "send now what was scheduled": Act(
        "send_now",
        "scheduled_task",
        SEND,
        TaskState.SCHEDULED,
        dict.fromkeys(["never", "above 4", "above 3"], TaskState.SENDING),
        {},
        messages=1,
    ),
    "approve": Act(
        "approve", "waiting_task", APPROVE, TaskState.WAITING, TaskState.SENDING, {}, messages=0
    ),
    "return": Act(
        "send_back", "waiting_task", APPROVE, TaskState.WAITING, TaskState.READY, {"note": "Why?"}
    ),
    # Somebody else asked.
    "withdraw": Act("withdraw", "waiting_task", NOBODY, TaskState.WAITING, TaskState.READY, {}),
    "unschedule": Act(
        "take_back", "scheduled_task", STOP, TaskState.SCHEDULED, TaskState.READY, {}
    ),
    "pause": Act("pause", "task", STOP, TaskState.SENDING, TaskState.PAUSED, {}),
    "cancel": Act("cancel", "waiting_task", STOP, TaskState.WAITING, TaskState.CANCELLED, {}),
}


def after(world: World, client: Client, act: Act) -> str:
    """Return the state of the task after a request, which is undone."""
    pk = getattr(world.ours, act.row)
    task = SendTask.objects.get(pk=pk)
    waits = task.approvals.order_by("-pk").first()
    later = (timezone.now() + timedelta(hours=2)).astimezone(task.organization.zone)
    at = {"day": f"{later:%Y-%m-%d}", "time": f"{later:%H:%M}"}
    body = {**at, **act.body, "approval": waits.pk if waits else ""}
    with transaction.atomic():
        client.post(reverse(f"send_tasks:{act.name}", args=[pk]), body)
        state = SendTask.objects.get(pk=pk).state
        transaction.set_rollback(True)
    return str(state)


@pytest.mark.parametrize("setting", APPROVAL)
def test_how_far_a_task_comes(world: World, setting: str) -> None:
    Organization.objects.update(approval_above=APPROVAL[setting])
    wrong = []
    for who, reader in MEMBERS.items():
        for what, act in ACTS.items():
            state, expected = after(world, world.readers[who], act), act.state(reader, setting)
            if state != expected:
                wrong.append(f"{who}, {what}: {state}, not {expected.value}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("setting", APPROVAL)
def test_the_first_part_asks_as_the_whole_task(world: World, setting: str) -> None:
    Organization.objects.update(approval_above=APPROVAL[setting])
    url = reverse("send_tasks:send_first", args=[world.ours.ready_task])
    alone = setting in {"never", "above 4"}
    wrong = []
    for who, reader in MEMBERS.items():
        with transaction.atomic():
            world.readers[who].post(url, {"first": 2})
            parts = SendTask.objects.filter(rests=world.ours.ready_task)
            sent = [str(part.state) for part in parts]
            transaction.set_rollback(True)
        may = reader.may(SEND) and reader.rights.get("most_messages", 4) >= 4
        if sent != (["SENDING"] if may and alone else []):
            wrong.append(f"{who}: {sent}")
    assert not wrong, "\n".join(wrong)

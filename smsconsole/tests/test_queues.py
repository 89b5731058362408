"""Who takes from which queue: a file that stalls holds up neither mail nor the sweep."""

import re
from pathlib import Path

from celery import current_app
from django.conf import settings

import accounts.tasks
import sending.tasks
from smsconsole.supervising.programs import programs

TASKS = (accounts.tasks, sending.tasks)
PROMPT = (
    *("accounts.mail", "sending.sweep", "sending.tidy", "sending.cancel", "sending.submit"),
    *("accounts.deliver_notices", "sending.deliver_notices"),
)


def queue_of(name: str) -> str:
    return settings.CELERY_TASK_ROUTES.get(name, {}).get(
        "queue", settings.CELERY_TASK_DEFAULT_QUEUE
    )


def on_one_machine() -> list[str]:
    listed = programs(Path("/v"), host="127.0.0.1", port=8000, simulator_port=None)
    return sorted(
        each.command[each.command.index("-Q") + 1] for each in listed if "-Q" in each.command
    )


def in_containers() -> list[str]:
    text = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    return sorted(re.findall(r'"-Q", "(\w+)"', text))


def test_files_are_read_apart_from_what_must_be_prompt() -> None:
    assert all(TASKS)
    assert {*PROMPT, "sending.read_file"} <= set(current_app.tasks)
    assert queue_of("sending.read_file") not in {queue_of(name) for name in PROMPT}


def test_every_queue_has_its_worker() -> None:
    queues = sorted({queue_of(name) for name in current_app.tasks if "celery." not in name})
    assert on_one_machine() == in_containers() == queues

"""What pages of help say of the installation: its limits, its states, as they are."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from sending.help.topics import Topic
from sending.lifecycle import TaskState
from sending.send_tasks.queries.progress import STATE_ORDER
from sending.send_tasks.state_descriptions import TASK_STATE_DESCRIPTIONS, state_description
from sending.spreadsheets.limits import Limits


def words_of(topic: Topic) -> Mapping[str, Any]:
    """Return what the template of a topic needs."""
    return _WORDS.get(topic.slug, dict)()


def _states() -> Mapping[str, Any]:
    return {
        "task_states": [(state, TASK_STATE_DESCRIPTIONS[state]) for state in TaskState],
        "message_states": [(state, *state_description(state)) for state in STATE_ORDER],
    }


def _spreadsheet() -> Mapping[str, Any]:
    return {
        "largest": settings.UPLOAD_MAX_BYTES,
        "most_rows": Limits().rows,
        "days": settings.KEEP_UPLOADS_DAYS,
    }


_WORDS = {"states": _states, "spreadsheet": _spreadsheet}

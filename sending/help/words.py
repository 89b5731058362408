"""What pages of help say of the installation: its limits, its states, as they are."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models.member import ROLE_LABELS
from accounts.notice_forms import WHEN
from accounts.notice_kinds import CONTACT_CHOICES, NOTICE_LABELS, PERSON_CHOICES
from accounts.roles import Permission, may
from sending.guard.rules.names import CHOSEN_RULES
from sending.guard.words import RULES
from sending.help.topics import Topic
from sending.lifecycle import TaskState
from sending.models.customer import MOST_FIELDS
from sending.send_tasks.queries.progress import STATE_ORDER
from sending.send_tasks.state_descriptions import TASK_STATE_DESCRIPTIONS, state_description
from sending.spreadsheets.limits import Limits

PERMISSION_WORDS: Mapping[Permission, Promise] = {
    Permission.VIEW: _("See tasks, messages, texts, customers and statistics"),
    Permission.NUMBERS: _("See whole mobile numbers, and search and export by them"),
    Permission.SEND: _("Compose, check, send and schedule tasks"),
    Permission.APPROVE: _("Approve or return tasks of others"),
    Permission.CONTENT: _("Write and submit signatures and text templates"),
    Permission.CUSTOMERS: _("Add, import and change customers and groups"),
    Permission.STOP: _("Pause and cancel tasks, and suppress numbers"),
    Permission.MANAGE: _("Members, contacts, applications, originators and settings"),
    Permission.OWN: _("Decide which tasks need approval, and who is an owner"),
}
"""What each permission lets people do."""


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


def _schedule() -> Mapping[str, Any]:
    return {"most_days": settings.SCHEDULE_MOST_DAYS, "grace": settings.SCHEDULE_GRACE_MINUTES}


def _customers() -> Mapping[str, Any]:
    return {"most_columns": MOST_FIELDS}


def _statistics() -> Mapping[str, Any]:
    return {"days": settings.KEEP_EXPORTS_DAYS}


def _people() -> Mapping[str, Any]:
    return {
        "roles": list(ROLE_LABELS.values()),
        "permissions": [
            (words, [(label, may(role, permission)) for role, label in ROLE_LABELS.items()])
            for permission, words in PERMISSION_WORDS.items()
        ],
    }


def _guard() -> Mapping[str, Any]:
    return {"rules": [RULES[rule] for rule in CHOSEN_RULES]}


def _notices() -> Mapping[str, Any]:
    return {
        "of_people": [(NOTICE_LABELS[kind], WHEN.get(kind, "")) for kind in PERSON_CHOICES],
        "of_contacts": [(NOTICE_LABELS[kind], WHEN.get(kind, "")) for kind in CONTACT_CHOICES],
    }


_WORDS = {
    "states": _states,
    "spreadsheet": _spreadsheet,
    "schedule": _schedule,
    "customers": _customers,
    "statistics": _statistics,
    "people": _people,
    "notices": _notices,
    "guard": _guard,
}

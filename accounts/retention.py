"""What is kept of people's sessions."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from accounts import shared_time

ENTERED = ("searches", "test_number", "kept_form")
"""The keys under which sessions keep what people have entered."""


def erase_due() -> None:
    """Delete sessions that are over."""
    SessionStore.clear_expired()


def forget_entered(is_meant: Callable[[Any], bool]) -> int:
    """Take what people have entered out of sessions where it is meant; return out of how many."""
    forgotten = 0
    for session in Session.objects.filter(expire_date__gt=shared_time.now()).iterator(500):
        kept = session.get_decoded()
        meant = [key for key in ENTERED if key in kept and is_meant(kept[key])]
        if meant:
            left = {key: value for key, value in kept.items() if key not in meant}
            session.session_data = SessionStore().encode(left)
            session.save(update_fields=["session_data"])
            forgotten += 1
    return forgotten

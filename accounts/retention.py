"""What is kept of people's sessions."""

from django.contrib.sessions.backends.db import SessionStore


def erase_due() -> None:
    """Delete sessions that are over."""
    SessionStore.clear_expired()

"""What every test of these pages stands on."""

import pytest


@pytest.fixture(autouse=True)
def rows_of_migrations(request):
    """Put back what migrations wrote: tests with real commits empty every table."""
    if not request.node.get_closest_marker("django_db"):
        return
    from django.contrib.auth.models import Group

    from sending.models import MessageSequence

    for name in ("Reviewers", "Operators"):
        Group.objects.get_or_create(name=name)
    MessageSequence.objects.get_or_create(pk=1)


@pytest.fixture
def bell(monkeypatch) -> list[int]:
    """Hear the bell that tells senders of due batches."""
    from sending import tasks

    rung: list[int] = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: rung.append(1))
    monkeypatch.setattr(tasks.cancel, "delay", lambda **_: None)
    return rung


@pytest.fixture
def sender(db):
    """A sender where each task needs approval, and an owner who can give it."""
    from accounts.roles import Role
    from accounts.tests.factories import make_member
    from sending.tests.factories import make_sender
    from sending.tests.send_tasks.asking import want_approval

    member = make_sender()
    want_approval(member.organization, 0)
    make_member(Role.OWNER, member.organization)
    return member

"""Operators learn by mail that the console is held, once each time."""

import pytest

from accounts import held, shared_time, tasks
from accounts.models.standing import HeldBecause, Standing
from accounts.tasks import deliver_notices
from accounts.tests.factories import make_operator, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def test_operators_and_superusers_are_told_once_each_time(
    django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[dict] = []
    monkeypatch.setattr(tasks.mail, "delay", lambda **mail: queued.append(mail))

    def told() -> list[str]:
        queued.clear()
        with django_capture_on_commit_callbacks(execute=True):
            deliver_notices()
            deliver_notices()
        return sorted(one["to"] for one in queued)

    operator, chief = make_operator(), make_user(is_staff=True, is_superuser=True)
    gone = make_operator()
    gone.is_active = False
    gone.save()
    make_reviewer()
    make_user()
    assert told() == []
    held.hold(HeldBecause.COPIED)
    assert told() == sorted([operator.email, chief.email])
    text = queued[0]["text"]
    assert "The database is a copy" in text
    assert "/operations/held/" in text
    Standing.objects.update(held_since=None)
    assert told() == []
    Standing.objects.update(held_since=shared_time.now(), held_because=HeldBecause.RESTORED)
    assert len(told()) == 2

"""What only reviewers read is deleted in time; what was decided stays."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts.tests.factories import make_reviewer
from templates_app.desk import retention
from templates_app.desk.actions import give
from templates_app.desk.queries import item
from templates_app.models import DecisionState, DeskDecision, PrivateNote, Review
from templates_app.tasks import forget_old
from templates_app.tests.factories import pending_template

pytestmark = pytest.mark.django_db


def decided() -> DeskDecision:
    about = item("template", pending_template().versions.get().pk)
    assert about is not None
    PrivateNote.objects.create(
        organization=about.row.organization, thing="x", text="Look twice", author=make_reviewer()
    )
    return give(item=about, reviewer=make_reviewer(), approve=True)


def test_old_notes_and_decisions_go(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 1)
    settings.KEEP_DESK_DAYS = 100
    old, older, new = decided(), decided(), decided()
    long_ago = timezone.now() - timedelta(days=101)
    DeskDecision.objects.filter(pk__in=[old.pk, older.pk]).update(given_at=long_ago)
    PrivateNote.objects.filter(organization__in=[old.organization, older.organization]).update(
        at=long_ago
    )
    forget_old()
    assert list(DeskDecision.objects.values_list("pk", flat=True)) == [new.pk]
    assert PrivateNote.objects.get().organization == new.organization
    assert Review.objects.count() == 3


def test_what_may_still_take_effect_stays(settings: LazySettings) -> None:
    settings.REVIEW_UNDO_SECONDS = 30
    settings.KEEP_DESK_DAYS = 1
    held = decided()
    assert held.state == DecisionState.HELD
    DeskDecision.objects.update(given_at=timezone.now() - timedelta(days=9))
    assert retention.forget_old() == 0
    assert DeskDecision.objects.count() == 1

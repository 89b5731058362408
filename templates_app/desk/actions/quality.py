"""The quality sample: some approvals go to a second reviewer, who says whether they are right."""

import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, User
from accounts.queries import may_review
from accounts.staff import is_reviewer
from templates_app.models import DeskDecision, QualityCheck, QualityState


def sample(decision: DeskDecision) -> None:
    """Put an approval into the sample, by chance."""
    if secrets.randbelow(100) < settings.REVIEW_SAMPLE_PERCENT:
        QualityCheck.objects.create(organization=decision.organization, decision=decision)


@transaction.atomic
def say_quality(*, check: QualityCheck, reviewer: User, agrees: bool) -> None:
    """Say whether an approval is right; what was approved stays so.

    Raises NotAllowed for who decided, or may not decide about it, and Conflict when it is said.
    """
    allowed = is_reviewer(reviewer) and may_review(reviewer, check.organization)[0]
    if not allowed or check.decision.reviewer_id == reviewer.pk:
        raise NotAllowed(_("Another reviewer says whether this approval is right."))
    rows = QualityCheck.objects.for_organization(check.organization).filter(pk=check.pk)
    to = QualityState.AGREED if agrees else QualityState.DISAGREED
    if not rows.step(to, checked_by=reviewer, checked_at=shared_time.now()):
        raise Conflict(_("Someone has already checked this approval."))
    AuditEntry.record(
        action="quality_check.agreed" if agrees else "quality_check.disagreed",
        subject=check.decision.thing,
        organization=None,
        actor=reviewer,
        decision_id=check.decision_id,
    )

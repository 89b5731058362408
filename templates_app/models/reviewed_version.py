"""What signature versions and template versions share: a frozen text and the decision about it."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, StepQuerySet
from accounts.models.moment import MomentField
from templates_app.review import STEPS, ReviewState

STATE_LABELS = {
    ReviewState.DRAFT: _("Draft"),
    ReviewState.PENDING: _("Pending review"),
    ReviewState.APPROVED: _("Approved"),
    ReviewState.REJECTED: _("Rejected"),
    ReviewState.WITHDRAWN: _("Withdrawn"),
    ReviewState.REPLACED: _("Replaced"),
}


def state_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(state.value, label) for state, label in STATE_LABELS.items()]


class ReviewedVersionQuerySet(StepQuerySet):
    """Versions of signatures or text templates."""

    steps = STEPS

    def pending(self) -> "ReviewedVersionQuerySet":
        """Return what waits for a reviewer, the most urgent first."""
        return self.filter(state=ReviewState.PENDING.value).order_by("due_at", "id")


class ReviewedVersion(models.Model):
    """One version. Its text never changes once submitted; a decision belongs to it alone."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=9, choices=state_choices, default=ReviewState.DRAFT.value
    )
    remarks = models.TextField(_("remarks for the reviewer"), blank=True, max_length=1000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("created at"), default=shared_time.now)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Once a version: its rejection was appealed, so that another reviewer looks at it.
    appealed_at = models.DateTimeField(_("appealed at"), null=True, blank=True)
    appeal = models.TextField(_("why the decision is wrong"), max_length=1000, blank=True)
    # Since when a reviewer waits for an answer of the submitter; the due time stands still.
    asked_at = models.DateTimeField(_("waiting for an answer since"), null=True, blank=True)
    # An operator took back its approval: nothing of it goes out any more.
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revocation_reason = models.CharField(
        _("why it was revoked"), max_length=500, blank=True, default="", db_default=""
    )

    # Of a submitted text: equal where its words are (templates_app/likeness.py).
    digest = models.CharField(max_length=32, blank=True, db_index=True, editable=False)

    objects = ReviewedVersionQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """Return what people call it: the text of a signature, the name of a text template."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """Return the words that are reviewed."""
        raise NotImplementedError

    @property
    def thing(self) -> Any:
        """Return what it is a version of, a signature or a text template."""
        raise NotImplementedError

    @property
    def may_be_sent(self) -> bool:
        """Tell whether messages may be made of it: approved, and nobody has deleted it since."""
        return self.state == ReviewState.APPROVED.value and self.thing.deleted_at is None

    @property
    def fingerprint(self) -> str:
        """Return eight hexadecimal digits by which people tell that a text is the same."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        return f"{digest[:4]} {digest[4:8]}"

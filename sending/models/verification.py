"""Whether somebody has a number: a code goes there, and comes back through a program."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import StepQuerySet
from accounts.models.moment import MomentField
from accounts.models.stepping import Steps
from accounts.sids import id_in, sid_of
from sending.models.msisdn_field import MsisdnField
from sending.models.number_digest import number_digests
from sending.models.verify_service import VerifyService

SID = "VE"
PREFIX_DIGITS = 6
"""So many digits of a number are kept, for figures by range; never the last four."""
_NEVER_KEPT = 4


class VerificationState(StrEnum):
    """Where a verification is; all but the first are ends."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    CANCELED = "CANCELED"
    MAX_ATTEMPTS_REACHED = "MAX_ATTEMPTS_REACHED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"
    DELETED = "DELETED"


VERIFICATION_STEPS: Mapping[VerificationState, frozenset[VerificationState]] = {
    VerificationState.PENDING: frozenset(VerificationState) - {VerificationState.PENDING},
    **{state: frozenset() for state in VerificationState if state is not VerificationState.PENDING},
}
VERIFICATION_LABELS = {
    VerificationState.PENDING: _("Waiting for the code"),
    VerificationState.APPROVED: _("Approved"),
    VerificationState.CANCELED: _("Cancelled"),
    VerificationState.MAX_ATTEMPTS_REACHED: _("Too many wrong codes"),
    VerificationState.EXPIRED: _("Expired"),
    VerificationState.FAILED: _("Not sent"),
    VerificationState.DELETED: _("Service deleted"),
}


def verification_state_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(state.value, label) for state, label in VERIFICATION_LABELS.items()]


def prefix_of(msisdn: str) -> str:
    """Return how a number begins, with its plus: enough for its range, not to call it."""
    return msisdn[: min(PREFIX_DIGITS + 1, max(len(msisdn) - _NEVER_KEPT, 2))]


class VerificationQuerySet(StepQuerySet):
    """Verifications of organizations."""

    steps: ClassVar[Steps] = VERIFICATION_STEPS

    def of_number(self, msisdn: str, organization_id: int) -> Self:
        """Return those of a number, whether it was erased or not."""
        digests = number_digests(msisdn, organization_id)
        return self.filter(organization_id=organization_id, number_digest__in=digests)

    def with_sid(self, sid: str) -> Self:
        """Return the one that a SID names, or none."""
        return self.filter(pk=id_in(SID, sid))

    def open_at(self, at: datetime) -> Self:
        """Return those whose code still counts."""
        return self.filter(state=VerificationState.PENDING.value, expires_at__gt=at)


class Verification(models.Model):
    """One number that is checked. Its code is nowhere: `salt` and SECRET_KEY make it again.

    `code_hash` is an HMAC of the code under SECRET_KEY and `salt`, in hexadecimal digits. The
    number is kept while it waits, and then as a digest.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    service = models.ForeignKey(
        VerifyService, models.CASCADE, related_name="verifications", db_index=False
    )
    msisdn = MsisdnField(_("mobile number"), blank=True)
    number_digest = models.CharField(max_length=16)
    country = models.CharField(max_length=2)
    prefix = models.CharField(max_length=PREFIX_DIGITS + 1)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=verification_state_choices,
        default=VerificationState.PENDING.value,
    )
    salt = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64)
    # The program brought the code, so only it can say whether it was right.
    has_custom_code = models.BooleanField(default=False)
    sends = models.PositiveSmallIntegerField(_("codes sent"), default=0)
    checks = models.PositiveSmallIntegerField(_("codes checked"), default=0)
    created_at = MomentField(_("created at"), default=shared_time.now)
    updated_at = MomentField(_("changed at"), default=shared_time.now)
    expires_at = models.DateTimeField(_("valid until"))

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "number_digest"],
                condition=Q(state=VerificationState.PENDING.value),
                name="verification_one_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "-created_at"], name="verification_newest"),
            models.Index(fields=["service", "number_digest"], name="verification_of_number"),
            models.Index(fields=["created_at"], name="verification_created"),
            # What is to be erased: few, because it soon is.
            models.Index(fields=["msisdn"], condition=~Q(msisdn=""), name="verification_number"),
        ]

    def __str__(self) -> str:
        return self.sid

    @property
    def sid(self) -> str:
        """Return its id, as programs know it."""
        return sid_of(SID, self.pk)

    def state_at(self, at: datetime) -> VerificationState:
        """Return where it is: nobody has to write down that a code is too old."""
        state = VerificationState(self.state)
        if state is VerificationState.PENDING and self.expires_at <= at:
            return VerificationState.EXPIRED
        return state

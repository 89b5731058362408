"""A one-time password that the guard let out or holds: what its rules count, and what replays."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.guard_digest import NOBODY


class GuardEvent(models.Model):
    """What the guard remembers of a message: no number, no address, no text."""

    message_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    at = models.DateTimeField(_("at"))
    number_digest = models.BigIntegerField()
    # The digits of the number without its last three, as a number.
    block = models.BigIntegerField()
    # The next digit: which hundred of the block.
    hundred = models.PositiveSmallIntegerField(default=0)
    country = models.CharField(_("country"), max_length=2)
    address_digest = models.BigIntegerField(default=NOBODY)
    api_key_id = models.BigIntegerField()
    cost_micro = models.BigIntegerField()
    # It waits, and counts only once it is released.
    is_held = models.BooleanField(_("held"), default=False)
    converted_at = models.DateTimeField(_("converted at"), null=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of the guard")
        verbose_name_plural = _("events of the guard")
        indexes = [
            models.Index(fields=["organization_id", "number_digest", "at"], name="guard_number"),
            models.Index(fields=["organization_id", "block", "at"], name="guard_block"),
            models.Index(
                fields=["organization_id", "address_digest", "at"],
                condition=~Q(address_digest=NOBODY),
                name="guard_address",
            ),
            models.Index(fields=["at"], name="guard_event_at"),
        ]

    def __str__(self) -> str:
        return str(self.message_id)

"""What the guard decided about a message, with everything that explains it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.guard_digest import NOBODY


class GuardDecision(models.Model):
    """One rule that spoke against one message, as it is shown to customers and operators alike."""

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    api_key_id = models.BigIntegerField()
    # Of a message that is held, or went out because the rule only records; none of one refused.
    message_id = models.BigIntegerField(null=True)
    # F1 to F11, and what it does: BLOCK, HOLD, CHALLENGE (guard.rules.names).
    rule = models.CharField(_("rule"), max_length=4)
    action = models.CharField(_("action"), max_length=9)
    # False where the rule only records, so that the message went out.
    is_enforced = models.BooleanField(_("enforced"), default=True)
    # What it is about, as people read it: a masked number, a block, a country, an address, a key.
    subject = models.CharField(_("subject"), max_length=64)
    counted = models.BigIntegerField(_("counted"))
    threshold = models.BigIntegerField(_("threshold"))
    # Seconds in which it was counted; 0 where nothing is counted.
    window_seconds = models.PositiveIntegerField(_("window, seconds"))
    expires_at = models.DateTimeField(_("until"), null=True)
    at = models.DateTimeField(_("at"))
    # Whom it met; erased with the number.
    number_digest = models.BigIntegerField(default=NOBODY)
    number_shown = models.CharField(_("mobile number"), max_length=20, blank=True)
    # The digits of the number without its last three, and the next one; for replays.
    block = models.BigIntegerField(default=0)
    hundred = models.PositiveSmallIntegerField(default=0)
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Of the person who asked, where the program tells; erased with the number.
    client_ip = models.CharField(_("address"), max_length=45, blank=True)
    cost_micro = models.BigIntegerField(_("cost, millionths"), default=0)
    incident_id = models.BigIntegerField(null=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of the guard")
        verbose_name_plural = _("decisions of the guard")
        indexes = [
            models.Index(fields=["organization_id", "-at"], name="guard_decision_newest"),
            models.Index(
                fields=["organization_id", "number_digest"],
                condition=~Q(number_digest=NOBODY),
                name="guard_decision_number",
            ),
            models.Index(
                fields=["message_id"], condition=Q(message_id__gt=0), name="guard_decision_message"
            ),
            models.Index(fields=["at"], name="guard_decision_at"),
            # What the incidents have not seen yet.
            models.Index(
                fields=["id"],
                condition=Q(incident_id=None, is_enforced=True),
                name="guard_decision_new",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.action} {self.pk}"

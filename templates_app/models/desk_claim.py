"""Who works on an item of the review desk, and until when."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time

CLAIM_TIME = timedelta(minutes=10)


class DeskClaim(models.Model):
    """One reviewer holds one item for a while; afterwards anybody may take it.

    An item is a kind of the desk and the id of its row, whichever app it belongs to.
    """

    kind = models.CharField(max_length=10)
    item_id = models.BigIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [models.UniqueConstraint(fields=["kind", "item_id"], name="claim_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"

    @property
    def is_over(self) -> bool:
        """Tell whether somebody else may take the item."""
        return self.until <= shared_time.now()

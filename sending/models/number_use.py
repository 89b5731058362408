"""How often an application sent to one number lately, without keeping the number."""

from django.db import models
from django.utils.translation import gettext_lazy as _

WHATEVER_TEXT = 0


class NumberUse(models.Model):
    """What the frequency limits of an application ask: of a number, or of a text to a number.

    Number and text are keyed digests of 63 bits (SECRET_KEY), so that nothing here can be read; a
    row of the past day is deleted by retention.
    """

    application_id = models.BigIntegerField()
    number_digest = models.BigIntegerField()
    text_digest = models.BigIntegerField(default=WHATEVER_TEXT)
    # The organization's local hour of the last message, yyyymmddhh, and how many came in it and in
    # its day.
    hour = models.PositiveIntegerField()
    in_hour = models.PositiveIntegerField(default=0)
    in_day = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("use of a number")
        verbose_name_plural = _("use of numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["application_id", "number_digest", "text_digest"], name="number_use_once"
            ),
        ]
        indexes = [models.Index(fields=["last_at"], name="number_use_at")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.last_at}"

"""How often sign-in failed lately: one counter an address, a person at an address, or a device."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoginThrottle(models.Model):
    """A counter. Its key is a hash, so that the table names neither people nor addresses."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("login throttle")
        verbose_name_plural = _("login throttles")

"""Folders of journals: whoever sends has one, and it proves what was sent from there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SendHost(models.Model):
    """A folder of journals that a send worker has used, by the id that lies in it.

    While the console is held, `report` is what the journals of the folder prove
    (`sending/delivery/held/reading.py`), read for the hold that began at `reported_for`.
    """

    id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(_("host"), max_length=80)
    seen_at = models.DateTimeField(_("last seen"))
    reported_for = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("send host")
        verbose_name_plural = _("send hosts")

    def __str__(self) -> str:
        return self.name

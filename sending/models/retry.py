"""Temporary failures that were put into another task."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sending.models.send_task import SendTask


class Retry(models.Model):
    """One failed message, and the task that sends to its number again: no failure is in two."""

    message_id = models.BigIntegerField(primary_key=True)
    task = models.ForeignKey(SendTask, models.CASCADE, related_name="retries")

    class Meta:
        verbose_name = _("retry")
        verbose_name_plural = _("retries")

    def __str__(self) -> str:
        return f"{self.message_id} in {self.task_id}"

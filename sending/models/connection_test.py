"""Test the connection to a gateway: what an operator asked for, and what the send worker found."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from sending.models.gateway import Gateway

# For a worker to take it up, beside the response timeout of each step.
_PATIENCE = timedelta(seconds=30)
_STEPS = 6


class ConnectionTest(models.Model):
    """The newest test of a gateway. `ended_at` is empty until a send worker has made it."""

    gateway = models.OneToOneField(
        Gateway, models.CASCADE, primary_key=True, related_name="connection_test"
    )
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Why it failed, as `CODE` or `CODE: detail`; empty when it went well.
    trouble = models.CharField(max_length=200, blank=True)
    # Milliseconds of each step that was reached.
    connected_ms = models.PositiveIntegerField(null=True)
    bound_ms = models.PositiveIntegerField(null=True)
    answered_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("connection test")
        verbose_name_plural = _("connection tests")

    def __str__(self) -> str:
        return f"{self.gateway} {self.asked_at:%Y-%m-%d %H:%M}"

    def is_under_way(self, now: datetime) -> bool:
        """Tell whether an answer may still come."""
        longest = timedelta(seconds=self.gateway.response_timeout * _STEPS)
        return self.ended_at is None and now - self.asked_at < _PATIENCE + longest

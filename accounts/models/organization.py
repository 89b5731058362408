"""The tenant: everything people send, write or save belongs to one."""

import zoneinfo
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.moment import MomentField
from accounts.models.suspendable import Suspendable
from accounts.names import validate_name


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Choose one such as Asia/Hong_Kong."),
            code="time_zone",
            params={"name": name},
        )


class Organization(Suspendable):
    """An organization that uses the console."""

    name = models.CharField(_("name"), max_length=120, validators=[validate_name])
    country = models.CharField(_("country"), max_length=2, default="", blank=True)
    website = models.URLField(_("website"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    # The day in which the zone was changed is counted to its end in the zone in which it began.
    day_zone = models.CharField(max_length=64, default="", blank=True, editable=False)
    day_zone_until = models.DateTimeField(null=True, editable=False)
    daily_segment_limit = models.PositiveIntegerField(
        _("segments a day"), default=1000, help_text=_("Counted in the organization's own day.")
    )
    # ISO 3166 codes that may be sent to; empty allows all.
    allowed_countries = models.JSONField(_("allowed countries"), default=list, blank=True)
    needs_second_step = models.BooleanField(_("second step required for members"), default=False)
    # With the former: only a passkey counts, and it must have been used to sign in.
    needs_passkey = models.BooleanField(
        _("passkey required for members"), default=False, db_default=False
    )
    # Tasks of more messages wait for a second person; 0 asks for each, empty for none.
    approval_above = models.PositiveIntegerField(
        _("approval of tasks above, messages"), null=True, blank=True
    )
    # Empty keeps them as long as the installation does; see KEEP_MESSAGES_DAYS.
    keep_messages_days = models.PositiveSmallIntegerField(
        _("numbers and texts are kept, days"), null=True, blank=True
    )
    # The console's own, which pays for what it tells people. It has no members.
    is_system = models.BooleanField(_("the console's own"), default=False, editable=False)
    created_at = MomentField(_("created at"), auto_now_add=True)
    # Of an empty one that staff took out of the lists; its trail stays, so the row does.
    removed_at = MomentField(_("removed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.UniqueConstraint(
                fields=["is_system"], condition=Q(is_system=True), name="organization_one_system"
            ),
        ]
        permissions = [
            ("suspend", "Can suspend organizations and applications"),
            ("support_view", "Can look at an organization as its members see it"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Return the time zone that times are shown in."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def local_hour(self, at: datetime) -> int:
        """Return the hour of `at` as yyyymmddhh, in the zone in which the organization counts.

        That is its own; after a change, the one before until its day is over, so that nobody wins
        a second allowance by moving.
        """
        return int(f"{at.astimezone(self._counting_zone(at)):%Y%m%d%H}")

    def local_day(self, at: datetime) -> date:
        """Return the day of `at` by which the organization counts."""
        return at.astimezone(self._counting_zone(at)).date()

    def _counting_zone(self, at: datetime) -> zoneinfo.ZoneInfo:
        if self.day_zone_until is not None and at < self.day_zone_until:
            return zoneinfo.ZoneInfo(self.day_zone)
        return self.zone

    def move_to(self, time_zone: str, at: datetime) -> list[str]:
        """Change the time zone, and return the fields to save."""
        before = self._counting_zone(at)
        midnight = datetime.combine(
            at.astimezone(before).date() + timedelta(days=1), time(), tzinfo=before
        )
        self.time_zone, self.day_zone, self.day_zone_until = time_zone, before.key, midnight
        return ["time_zone", "day_zone", "day_zone_until"]

    @property
    def initials(self) -> str:
        """Return one or two letters for the avatar."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()

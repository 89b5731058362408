"""How the guard treats an organization: since when, its countries, its caps, and each rule."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField


class GuardSettings(models.Model):
    """The guard of an organization. Without a row every rule only records, as before the guard."""

    organization = models.OneToOneField(
        Organization, models.CASCADE, primary_key=True, related_name="guard_settings"
    )
    # What has no row of its own behaves as for a new organization from then on.
    since = MomentField(_("since"), auto_now_add=True)
    # ISO 3166 codes; empty: those it allows, or else its own country.
    home_countries = models.JSONField(_("home countries"), default=list, blank=True)
    # What one-time passwords may cost, in millionths; empty means no cap.
    hour_micro = models.PositiveBigIntegerField(_("cost an hour"), null=True, blank=True)
    day_micro = models.PositiveBigIntegerField(_("cost a day"), null=True, blank=True)
    # Of each country, and of each API key or other credential.
    country_hour_micro = models.PositiveBigIntegerField(
        _("cost an hour, each country"), null=True, blank=True
    )
    country_day_micro = models.PositiveBigIntegerField(
        _("cost a day, each country"), null=True, blank=True
    )
    key_hour_micro = models.PositiveBigIntegerField(
        _("cost an hour, each key"), null=True, blank=True
    )
    key_day_micro = models.PositiveBigIntegerField(_("cost a day, each key"), null=True, blank=True)

    # Of the cap of a day: the day since 1970 in which somebody was told of which per cent.
    told_day = models.PositiveIntegerField(default=0, editable=False)
    told_share = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("guard of an organization")
        verbose_name_plural = _("guards of organizations")

    def __str__(self) -> str:
        return str(self.organization_id)


class GuardRuleSetting(models.Model):
    """What an organization chose for one rule; without a row its default holds."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="guard_rules")
    # F0 to F11 (guard.rules.names).
    rule = models.CharField(_("rule"), max_length=4)
    # OFF, MONITOR or ENFORCE.
    mode = models.CharField(_("mode"), max_length=8)
    # {name of the threshold: number}; what is not named has its default.
    thresholds = models.JSONField(_("thresholds"), default=dict, blank=True)
    changed_at = MomentField(_("changed at"), default=shared_time.now)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("setting of a guard rule")
        verbose_name_plural = _("settings of guard rules")
        constraints = [
            models.UniqueConstraint(fields=["organization", "rule"], name="guard_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.mode}"

"""Changing which countries an application may send to; none means all of its organization's."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.application_limits import CountryLimits
from accounts.countries import country_name
from accounts.errors import Conflict
from accounts.models import ApplicationCountry, AuditEntry, SmsApplication, User


@transaction.atomic
def set_country(
    *, application: SmsApplication, actor: User, country: str, daily_segment_limit: int | None
) -> None:
    """Put a country into the list, or give it another limit a day (None for none)."""
    listed = _listed(application)
    _replace(application, actor, listed, {**listed, country: daily_segment_limit})


@transaction.atomic
def set_countries(*, application: SmsApplication, actor: User, limits: CountryLimits) -> None:
    """Let the application send to these countries only."""
    _replace(application, actor, _listed(application), limits)


@transaction.atomic
def remove_country(*, application: SmsApplication, actor: User, country: str) -> None:
    """Take a country off the list; raises Conflict at the last: an empty list allows them all."""
    listed = _listed(application)
    if listed.keys() == {country}:
        raise Conflict(
            _("%(country)s is the only country left. Without it, all would be allowed.")
            % {"country": country_name(country)}
        )
    _replace(application, actor, listed, {c: n for c, n in listed.items() if c != country})


@transaction.atomic
def allow_all_countries(*, application: SmsApplication, actor: User) -> None:
    """Empty the list: the application may send wherever its organization may."""
    _replace(application, actor, _listed(application), {})


def _listed(application: SmsApplication) -> dict[str, int | None]:
    """Return the list, locked: changes of one application come one after the other."""
    locked = SmsApplication.objects.for_organization(application.organization)
    locked.select_for_update(no_key=True).get(pk=application.pk)
    return dict(application.countries.values_list("country", "daily_segment_limit"))


def _replace(
    application: SmsApplication, actor: User, before: CountryLimits, after: CountryLimits
) -> None:
    """Store the difference between two lists, and write it down if there is one."""
    gone = before.keys() - after.keys()
    changed = [
        ApplicationCountry(application=application, country=code, daily_segment_limit=limit)
        for code, limit in after.items()
        if code not in before or before[code] != limit
    ]
    if not gone and not changed:
        return
    application.countries.filter(country__in=gone).delete()
    ApplicationCountry.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["application", "country"],
        update_fields=["daily_segment_limit"],
    )
    AuditEntry.record(
        action="smsapplication.countries_changed",
        subject=application,
        organization=application.organization,
        actor=actor,
        application_id=application.pk,
        before=dict(before),
        after=dict(after),
    )

"""What operators changed lately, from the audit trail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from sending.models import Gateway
from sending.operations.queries.failovers import CIRCUIT

DAY = timedelta(days=1)
SHOWN = 10
_NOUNS = ("gateway.", "httpgateway.", "route.", "priceversion.", "console.")


@dataclass(frozen=True, slots=True)
class Change:
    """One act: what was changed, how, and by whom."""

    entry: AuditEntry
    sentence: str


def changes(now: datetime) -> list[Change]:
    """Return the newest acts of the last day on gateways, routes and prices.

    Index audit_by_time (organization, at): those of the console itself have no organization.
    """
    acts = AuditEntry.objects.filter(organization=None, at__gte=now - DAY)
    begins = [Q(action__startswith=noun) for noun in _NOUNS]
    wanted = acts.filter(reduce(or_, begins)).exclude(action__startswith=CIRCUIT)
    newest = wanted.select_related("actor").order_by("-at", "-pk")[:SHOWN]
    return [Change(entry, _sentence(entry)) for entry in newest]


def _sentence(entry: AuditEntry) -> str:
    if entry.action == "gateway.mode_changed":
        labels = dict(Gateway.Mode.choices)
        return _("from %(before)s to %(after)s") % {
            "before": str(labels.get(entry.details.get("before", ""), "")).split(":")[0].lower(),
            "after": str(labels.get(entry.details.get("after", ""), "")).split(":")[0].lower(),
        }
    if entry.action == "gateway.probed":
        return _("its circuit is tried now")
    if entry.action == "gateway.tried":
        return _("its connection was tried")
    if entry.action == "console.held":
        return _("the console is held, nothing leaves")
    if entry.action == "console.released":
        return _("the console was released")
    noun, _dot, verb = entry.action.removeprefix("http").partition(".")
    return f"{noun} {verb}"

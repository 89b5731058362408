"""SendStatusStatistics and CallbackStatusStatistics: sums of counters, by hour of acceptance."""

from collections import Counter as Tally
from typing import Any

from django.db.models import Count, F, Q

from sending.api.repeating import Keep
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.periods import Hours, hours
from sending.api.tencent.reasons import Bucket, bucket_of
from sending.lifecycle import FAILED_STATES
from sending.models import ApiMessage, Attention, Counter
from sending.models.counter import WHOLE_DAY
from sending.models.figures import Figures, together
from sending.models.message import first_id_at


def send_status_statistics(call: ApiCall, _keep: Keep) -> Answer:
    """Count what the application had accepted, and what gateways took of it."""
    figures = _figures(call, hours(call))
    return {
        "SendStatusStatistics": {
            "FeeCount": figures.segments,
            "RequestCount": figures.total,
            "RequestSuccessCount": figures.handed_over,
        }
    }


def callback_status_statistics(call: ApiCall, _keep: Keep) -> Answer:
    """Count what became of it."""
    period = hours(call)
    figures = _figures(call, period)
    reasons = _reasons(call, period)
    return {
        "CallbackStatusStatistics": {
            "CallbackCount": figures.delivered + figures.failed,
            "RequestSuccessCount": figures.handed_over,
            "CallbackFailCount": figures.failed,
            "CallbackSuccessCount": figures.delivered,
            **{bucket.value: reasons[bucket] for bucket in Bucket},
        }
    }


def _figures(call: ApiCall, period: Hours) -> Figures:
    """Return the figures of the application.

    Archived counters know their day alone, and count where the whole day is asked for.
    """
    days = [int(f"{day:%Y%m%d}") * 100 + WHOLE_DAY for day in period.whole_days]
    counters = Counter.objects.for_organization(call.organization)
    rows = counters.filter(
        Q(hour__gte=period.first, hour__lte=period.last) | Q(hour__in=days),
        application_id=call.caller.application_id,
    )
    # A row of a whole day has 24 as its hour, which no hour of another day is between.
    rows = rows.annotate(hh=F("hour") % 100).filter(Q(hh__lt=WHOLE_DAY) | Q(hour__in=days))
    return together(rows.figures_by("application_id", Figures).values())


def _reasons(call: ApiCall, period: Hours) -> Tally[Bucket]:
    """Return how many messages of programs failed for which reason.

    Their ids hold the moment of acceptance, and failures are a table of their own.
    """
    organization = call.organization
    first, after = (first_id_at(moment) for moment in period.moments(organization.zone))
    own = ApiMessage.objects.for_organization(organization).filter(
        application_id=call.caller.application_id, message_id__gte=first, message_id__lt=after
    )
    failed: Any = Attention.objects.for_organization(organization).filter(
        message_id__in=own.values("message_id"),
        message_id__gte=first,
        message_id__lt=after,
        state__in=[state.value for state in FAILED_STATES],
    )
    found: Tally[Bucket] = Tally()
    for code, count in failed.order_by().values_list("code").annotate(n=Count("pk")):
        found[bucket_of(code)] += count
    return found

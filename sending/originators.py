"""Which originator a task shows, by country and gateway: what pages say and Send asks."""

from accounts.chosen_originators import OriginatorNotApproved, Originators, originators_of
from accounts.models import SmsApplication
from sending.models import Batch, Gateway, Message, SendTask


def shared_by_default() -> str:
    """Return what the first gateway in use shows for organizations without an own originator."""
    gateway = Gateway.objects.filter(mode=Gateway.Mode.ACTIVE).order_by("pk").first()
    return gateway.shared_originator if gateway else ""


def originator_of(application: SmsApplication | None, country: str = "") -> str:
    """Return what handsets show of an application's messages; empty where they may show nothing."""
    return originators_of(application).of(country, shared=shared_by_default())


def pinned(application: SmsApplication) -> tuple[str, dict[str, str]]:
    """Return what a task that is composed now shows: everywhere, and by country where it differs.

    Nothing is pinned where only the gateway's own will do: which one that is depends on the way.
    """
    own = originators_of(application)
    return own.of(), by_country(own)


def by_country(own: Originators) -> dict[str, str]:
    """Return what is shown where it is another one than everywhere else."""
    everywhere = own.of()
    shown = {country: own.of(country) for country in own.chosen or {} if country}
    return {country: one for country, one in shown.items() if one and one != everywhere}


def shown_originators(task: SendTask) -> dict[str, list[str]]:
    """Return what handsets will show of a checked task: the originators, each with its countries.

    What is no longer approved, and what is missing, is not among them: see `without`.
    """
    own, shared = originators_of(task.application), shared_by_default()
    shown: dict[str, list[str]] = {}
    for country in task.countries.order_by("country").values_list("country", flat=True):
        try:
            found = own.of(country, named=task.named_originator(country), shared=shared)
        except OriginatorNotApproved:
            continue
        if found:
            shown.setdefault(found, []).append(country)
    return shown


def without(task: SendTask) -> tuple[list[str], str]:
    """Return the countries in which a checked task could show nothing, and a refused originator."""
    own = originators_of(task.application)
    gateway_ids = Batch.objects.for_organization(task.organization).filter(task_id=task.pk)
    gateways = list(Gateway.objects.filter(pk__in=gateway_ids.values("gateway_id")))
    missing: dict[str, None] = {}
    for country in task.countries.order_by("country").values_list("country", flat=True):
        for gateway in gateways:
            named = task.named_originator(country)
            try:
                shown = own.of(country, named=named, shared=gateway.shared_originator)
            except OriginatorNotApproved:
                if _goes_through(task, country, gateway):
                    return [], named
                continue
            if not shown and _goes_through(task, country, gateway):
                missing[country] = None
    return list(missing), ""


def _goes_through(task: SendTask, country: str, gateway: Gateway) -> bool:
    messages = Message.objects.filter(task_id=task.pk, country=country, gateway_id=gateway.pk)
    return messages.exists()

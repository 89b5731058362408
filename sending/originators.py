"""Which originator a task shows, by country and gateway: what pages say and Send asks."""

import phonenumbers

from accounts.chosen_originators import OriginatorNotApproved, Originators, originators_of
from accounts.models import SmsApplication
from sending.models import Gateway, Message, SendTask
from sending.models.routing import RouteTable


def shared_by_default(country: str = "") -> str:
    """Return what is shown for organizations without an own originator, of messages sent now.

    That is the shared one of the gateway that new messages to the country are given to; without
    a country, of the gateway for most numbers. Where it is known by which gateway a message
    leaves, ask `shared_at`.
    """
    table = RouteTable.load()
    chosen = table.for_new()
    calling_code = phonenumbers.country_code_for_region(country) if country else ""
    key = table.key_of(f"+{calling_code}", country)
    return shared_at(chosen.get(key) if key else next(iter(chosen.values()), None))


def shared_at(gateway_id: int | None) -> str:
    """Return what a gateway shows for organizations without an own originator."""
    gateway = Gateway.objects.filter(pk=gateway_id or 0).first()
    return gateway.shared_originator if gateway else ""


def originator_of(application: SmsApplication | None, message: Message) -> str:
    """Return what handsets show of a message without a task; empty where they may show nothing."""
    shared = shared_at(message.gateway_id)
    return originators_of(application).of(message.country, shared=shared)


def originator_of_task(task: SendTask, country: str = "") -> str:
    """Return what handsets show of a task in a country, by the gateways that it was given to."""
    if named := task.named_originator(country):
        return named
    own = originators_of(task.application)
    shown = _shared_of(task, country)
    return own.of(country, shared=shown[0] if shown else "")


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
    own = originators_of(task.application)
    shown: dict[str, list[str]] = {}
    for country in task.countries.order_by("country").values_list("country", flat=True):
        named = task.named_originator(country)
        for shared in _shared_of(task, country):
            try:
                found = own.of(country, named=named, shared=shared)
            except OriginatorNotApproved:
                continue
            if found and country not in shown.setdefault(found, []):
                shown[found].append(country)
    return shown


def _shared_of(task: SendTask, country: str) -> list[str]:
    """Return what the gateways of a task show in a country for who has no originator, each once."""
    shared = list(dict.fromkeys(gateway.shared_originator for gateway in task.gateways))
    if not shared:
        return [shared_by_default(country)]
    if len(shared) > 1 and country:
        taken = [each for each in task.gateways if _goes_through(task, country, each)]
        shared = list(dict.fromkeys(gateway.shared_originator for gateway in taken)) or shared
    return shared


def without(task: SendTask) -> tuple[list[str], str]:
    """Return the countries in which a checked task could show nothing, and a refused originator."""
    own = originators_of(task.application)
    missing: dict[str, None] = {}
    for country in task.countries.order_by("country").values_list("country", flat=True):
        for gateway in task.gateways:
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

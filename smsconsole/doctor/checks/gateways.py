"""Can messages leave?"""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from sending.operations.queries.gateways import GatewayView, gateway_views
from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well

_LOOK = "Operations, in the top bar, says more; press Test the connection there."


@check("gateways")
def gateways() -> Iterator[Diagnosis]:
    """Look at each gateway as Operations shows it."""
    try:
        views = gateway_views(timezone.now())
    except InvalidToken:
        yield problem(
            "gateways",
            "The password of a gateway was encrypted under a key that is not here.",
            "Put the earlier SECRET_KEY into SECRET_KEY_FALLBACKS, then run rotate_secrets.",
        )
        return
    if not views:
        yield problem(
            "gateways",
            "There is no gateway, so nothing can be sent.",
            "Run ./console manage bootstrap with --gateway, or add one in the administration.",
        )
    for view in views:
        yield of(view)
        if settings.PRODUCTION and view.gateway.is_simulator:
            yield warning(
                view.gateway.name,
                "It is a simulator: what goes there reaches nobody.",
                "Add your carrier's gateway, and put it into the routes instead.",
            )
        if view.expiry:
            yield warning(view.gateway.name, view.expiry, "docs/operations.md, Certificates expire")
        if view.receipts:
            yield warning(view.gateway.name, *view.receipts)


def of(view: GatewayView) -> Diagnosis:
    """Return how one gateway is."""
    name = view.gateway.name
    if view.condition in {"bound", "draining"}:
        return well(name, f"{view.bound} of {view.gateway.bind_slots} connections stand.")
    if view.condition == "stopped":
        return warning(name, "It is stopped by hand.", "Activate it under Operations.")
    if view.condition == "partly":
        sentence = f"{view.bound} of {view.gateway.bind_slots} connections stand. {view.trouble}"
        return warning(name, sentence, _LOOK)
    if view.condition == "silent":
        sentence = "No sender tries to connect."
        return problem(name, sentence, "Start a `send` worker; its log says why it cannot.")
    if view.condition in {"open", "probing"}:
        return problem(name, f"Its circuit is {view.condition}: {view.circuit_cause}", _LOOK)
    return problem(name, f"No connection is up. {view.trouble}", _LOOK)

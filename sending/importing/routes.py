"""Routes by expressions become routes by prefix, where they can."""

from collections.abc import Iterable, Iterator

from accounts.models import AuditEntry
from sending.importing.foreign import ForeignRoute
from sending.importing.gateways import faults
from sending.importing.number_prefixes import NoPrefixes, prefixes_of
from sending.importing.report import Report
from sending.models import Gateway, Route
from sending.operations.forms.routes import RouteForm


def bring_routes(routes: Iterable[ForeignRoute], report: Report) -> None:
    """Make the routes that are not there.

    There the highest order wins, here the longest prefix. So a route that no number could reach
    before, as all of its numbers were taken by a higher one, is left out.
    """
    taken: set[str] = set()
    for route in sorted(routes, key=lambda route: -route.order):
        for prefix in _prefixes(route, report):
            if any(prefix[:length] in taken for length in range(len(prefix) + 1)):
                report.remarks.append(
                    f"route {prefix or '*'} ({route.place}) was never reached there; it is left out"
                )
                continue
            taken.add(prefix)
            _bring(prefix, route, report)
        if route.shares:
            report.remarks.append(
                f"{route.place}: it shared messages among its connectors; here the first one that"
                " works takes all"
            )
        if route.rate:
            report.remarks.append(
                f"{route.place}: its rate was {route.rate:g}; enter prices under Prices"
            )


def _prefixes(route: ForeignRoute, report: Report) -> Iterator[str]:
    if route.others:
        report.complain(
            route.place,
            f"it asks for {', '.join(route.others)[:200]}; routes here ask for numbers only",
        )
        return
    if len(set(route.patterns)) > 1:
        report.complain(route.place, "it asks for two expressions at once; enter it by hand")
        return
    try:
        yield from prefixes_of(route.patterns[0]) if route.patterns else [""]
    except NoPrefixes as error:
        report.complain(route.place, f"“{route.patterns[0][:80]}” cannot become prefixes: {error}")


def _bring(prefix: str, route: ForeignRoute, report: Report) -> None:
    for order, name in enumerate(route.connectors, 1):
        gateway = Gateway.objects.filter(name=name).first()
        if gateway is None:
            report.complain(route.place, f"there is no gateway {name}, so nothing leads to it")
            continue
        shown = f"route {prefix or '*'} → {name}, order {order}"
        there = Route.objects.filter(prefix=prefix, country="", order=order).first()
        if there is not None and there.gateway_id == gateway.pk:
            report.there.append(shown)
        elif there is not None:
            report.complain(route.place, f"{shown}: that place is taken by “{there}”")
        else:
            _make(RouteForm(_data(prefix, gateway, order)), shown, route, report)


def _data(prefix: str, gateway: Gateway, order: int) -> dict[str, object]:
    return {"prefix": prefix, "country": "", "gateway": gateway.pk, "order": order}


def _make(form: RouteForm, shown: str, route: ForeignRoute, report: Report) -> None:
    if not form.is_valid():
        report.complain(route.place, f"{shown}: {faults(form)}")
        return
    made = form.save()
    AuditEntry.record(action="route.added", subject=made, organization=None)
    report.made.append(shown)

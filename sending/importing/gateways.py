"""Connectors become SMPP gateways, stopped until an operator has tested them."""

from collections.abc import Iterable

from django.forms import BaseForm
from django.forms.models import model_to_dict

from accounts.models import AuditEntry
from sending.importing.foreign import ForeignConnector
from sending.importing.report import Report
from sending.models import Gateway
from sending.operations.forms.smpp_gateway import SmppGatewayForm


def bring_gateways(connectors: Iterable[ForeignConnector], report: Report) -> None:
    """Make those that are not there, by the same form as in the administration."""
    for connector in connectors:
        if Gateway.objects.filter(name=connector.name).exists():
            report.there.append(f"gateway {connector.name}")
            continue
        _bring(connector, report)


def _bring(connector: ForeignConnector, report: Report) -> None:
    row = Gateway(kind=Gateway.Kind.SMPP)
    given = {"name": connector.name, "mode": Gateway.Mode.STOPPED}
    data = {**model_to_dict(row), **connector.settings, **given}
    form = SmppGatewayForm(data | {"new_password": connector.password}, instance=row)
    if not form.is_valid():
        report.complain(connector.place, f"gateway {connector.name}: {faults(form)}")
        return
    made = form.save()
    AuditEntry.record(action="gateway.added", subject=made, organization=None)
    way = "TLS" if made.tls else "no TLS"
    report.made.append(f"gateway {made} to {made.host}:{made.port} ({way}), stopped")
    report.remarks += [f"gateway {made}: {remark}" for remark in connector.remarks]
    report.remarks.append(f"gateway {made}: test the connection, then activate it (Operations)")


def faults(form: BaseForm) -> str:
    """Return what a form found wrong, field by field."""
    return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in form.errors.items())

"""The first gateway and the routes that lead to it, by the same forms as in the administration."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.management.base import CommandError
from django.db import transaction
from django.forms import BaseForm, ChoiceField, ModelForm
from django.forms.models import model_to_dict

from accounts.models import AuditEntry
from sending.models import Gateway
from sending.operations.forms.registry import GATEWAY_FORMS
from sending.operations.forms.routes import RouteForm

EVERYWHERE = "*"
SIMULATOR = {
    "system_id": "console",
    "is_simulator": True,
    "originator": "SMS",
    "originator_is_shared": True,
    "window": 50,
}
# What the simulator is told when nobody says a password: it takes any.
_SIMULATOR_PASSWORD = "trial"  # noqa: S105
_SECRETS: Mapping[str, str] = {Gateway.Kind.SMPP: "new_password", Gateway.Kind.HTTP: "new_secret"}


def simulator() -> dict[str, Any]:
    """Return the settings of a gateway to this machine's simulator."""
    return {**SIMULATOR, "host": settings.SIMULATOR_HOST, "port": settings.SIMULATOR_PORT}


@transaction.atomic
def gateway(name: str, kind: str, given: Mapping[str, Any], secret: str) -> list[str]:
    """Make a gateway of what is `given` (fields of its form) and of defaults."""
    if Gateway.objects.filter(name=name).exists():
        return [f"The gateway {name} is there already; change it in the administration."]
    form_class = GATEWAY_FORMS[kind]
    row = form_class._meta.model(kind=kind)
    data = {**_initial(form_class, row), **given, "name": name}
    if given.get("is_simulator") and not secret:
        secret = _SIMULATOR_PASSWORD
    form = form_class(data | {_SECRETS[kind]: secret}, instance=row)
    _refuse_errors(form, "gateway")
    made = form.save()
    AuditEntry.record(action=f"{made._meta.model_name}.added", subject=made, organization=None)
    return [f"Made the gateway {made} ({made.get_kind_display()}) to {made.host}:{made.port}."]


def _initial(form_class: type[ModelForm], row: Gateway) -> dict[str, Any]:
    """Return what the empty form shows."""
    shown = {name: _first(field) for name, field in form_class.base_fields.items()}
    own = {name: value for name, value in shown.items() if value}
    return {**model_to_dict(row), **own}


def _first(field: Any) -> Any:
    """Return what a field shows first: of a list the first choice, as a browser does."""
    if field.initial or not isinstance(field, ChoiceField):
        return field.initial
    choices: Any = field.choices
    return next(iter(choices))[0]


@transaction.atomic
def routes(ways: Iterable[str], name: str) -> list[str]:
    """Lead numbers to a gateway: a prefix (8525), a country (HK), or `*` for all."""
    target = Gateway.objects.filter(name=name).first()
    if target is None:
        raise CommandError(f"There is no gateway called {name}, so no route can lead to it.")
    return [_route(way.strip(), target) for way in ways]


def _route(way: str, target: Gateway) -> str:
    is_prefix = way.lstrip("+")[:1].isdigit()
    data = {
        "prefix": way if is_prefix else "",
        "country": "" if is_prefix or way == EVERYWHERE else way,
        "gateway": target.pk,
        "order": 1,
    }
    form = RouteForm(data)
    if form.has_error(NON_FIELD_ERRORS, "unique_together") or form.has_error(
        NON_FIELD_ERRORS, "unique"
    ):
        return f"A route for {way} is there already."
    _refuse_errors(form, f"--route {way}")
    made = form.save()
    AuditEntry.record(action="route.added", subject=made, organization=None)
    return f"Made the route {made}."


def _refuse_errors(form: BaseForm, about: str) -> None:
    """Raise CommandError with what the form says, field by field."""
    if form.errors:
        lines = [
            f"--{name.removeprefix('new_').replace('_', '-')}: {' '.join(map(str, texts))}"
            for name, texts in form.errors.items()
        ]
        raise CommandError(f"{about}: " + "\n  ".join(["cannot be made of this.", *lines]))

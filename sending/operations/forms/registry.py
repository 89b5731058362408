"""Which form and which page of the administration each kind of gateway has."""

from collections.abc import Mapping

from django.urls import reverse

from sending.models import Gateway
from sending.operations.forms.http_gateway import HttpGatewayForm
from sending.operations.forms.smpp_gateway import SmppGatewayForm
from sending.operations.forms.tls import TlsForm

GATEWAY_FORMS: Mapping[str, type[TlsForm]] = {
    Gateway.Kind.SMPP: SmppGatewayForm,
    Gateway.Kind.HTTP: HttpGatewayForm,
}


def form_url(gateway: Gateway) -> str:
    """Return the address of the page that changes a gateway."""
    model = GATEWAY_FORMS[gateway.kind]._meta.model
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return reverse(page, args=[gateway.pk])

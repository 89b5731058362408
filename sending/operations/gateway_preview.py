"""What an HTTP gateway would be sent, written out for its operator."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from sending.gateways.base import GatewayConfig, SubmitRequest
from sending.gateways.http.call import to_call
from sending.gateways.http.settings import SettingsError, request_settings
from sending.models import HttpGateway
from sending.operations.setting_error_texts import setting_error_text

HIDDEN = "********"


def preview(gateway: HttpGateway) -> str:
    """Return a sample request as it would go out, secrets hidden, or what keeps it from going."""
    try:
        settings = request_settings(gateway.http_settings)
        call = to_call(_sample(gateway), settings, _config(gateway))
    except SettingsError as error:
        return setting_error_text(error)
    except ValueError as error:
        return _("The sample does not fit into this pattern: %s.") % error
    body = call.body.decode()
    origin = f"{settings.origin.scheme}://{settings.origin.authority}"
    lines = [f"{call.method} {origin}{call.target}"]
    lines += [f"{name}: {value}" for name, value in call.headers]
    return "\n".join([*lines, "", body] if body else lines)


def _config(gateway: HttpGateway) -> GatewayConfig:
    """Return the gateway without anything that must not be seen."""
    address = urlsplit(gateway.receipt_url)
    return GatewayConfig(
        host=gateway.host,
        port=gateway.port,
        system_id="",
        password=HIDDEN,
        settings=gateway.http_settings,
        receipt_url=f"{address.scheme}://{address.netloc}/…",
    )


def _sample(gateway: HttpGateway) -> SubmitRequest:
    """Return a message whose text has what is hard to write: quotes, an ampersand, an emoji."""
    return SubmitRequest(
        message_id=1_234_567_890_123,
        segment=1,
        segments=1,
        attempt=1,
        destination="+85251230001",
        source_addr=gateway.originator,
        source_ton=5,
        source_npi=0,
        data_coding=8,
        esm_class=0,
        short_message=b"",
        validity_seconds=86_400,
        text='“Tea & cake” "at 3" <today> 100 % ☕',
    )

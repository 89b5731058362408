"""Why a gateway has no connection, in sentences: what happened and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.gateways import connection_errors

_SENTENCES: Mapping[str, Promise] = {
    connection_errors.NAME_UNKNOWN: gettext_lazy(
        "The host name cannot be found. Check its spelling and this machine's DNS settings."
    ),
    connection_errors.ADDRESS_REFUSED: gettext_lazy(
        "The host leads into a network that gateways may not connect to. Check the host. If it is "
        "right, have its network allowed: docs/deploy.md says how."
    ),
    connection_errors.PORT_CLOSED: gettext_lazy(
        "The host answered, but nothing is listening on this port. Check the port, or ask the "
        "carrier whether its service is down."
    ),
    connection_errors.NO_CONNECTION_IN_TIME: gettext_lazy(
        "The host did not answer in time. Usually a firewall blocks the connection, or the carrier "
        "has not allowed this machine's IP address."
    ),
    connection_errors.CONNECTION_CUT: gettext_lazy(
        "The carrier closed the connection at once. Usually it has not allowed this machine's IP "
        "address, or it requires TLS."
    ),
    connection_errors.NETWORK: gettext_lazy("This machine's network reported an error."),
    connection_errors.TLS_EXPIRED: gettext_lazy(
        "The carrier's TLS certificate has expired. Tell the carrier. Nothing is sent until it is "
        "renewed."
    ),
    connection_errors.TLS_OTHER_NAME: gettext_lazy(
        "The carrier's TLS certificate is for another name. Check the host, or enter the name in "
        "the certificate."
    ),
    connection_errors.TLS_UNTRUSTED: gettext_lazy(
        "The carrier's TLS certificate is not trusted. Paste the certificate of the carrier's "
        "certificate authority into the gateway's form."
    ),
    connection_errors.TLS_REFUSED_US: gettext_lazy(
        "The carrier refused our TLS certificate, or expects one and got none. Paste the one it "
        "issued and its key, or ask for a new one."
    ),
    connection_errors.TLS_NOT_SPOKEN: gettext_lazy(
        "This port does not use TLS. Check the port, or turn TLS off."
    ),
    connection_errors.TLS_CUT: gettext_lazy(
        "The carrier closed the connection when TLS started. Usually it requires a client "
        "certificate, or has not allowed this machine's IP address."
    ),
    connection_errors.TLS_SILENT: gettext_lazy(
        "The host accepted the connection but did not answer the TLS handshake. Usually this port "
        "does not use TLS: check the port, or turn TLS off."
    ),
    connection_errors.TLS_FAILED: gettext_lazy("TLS with the carrier failed."),
    connection_errors.TLS_SETTINGS: gettext_lazy(
        "The certificates in the gateway's form cannot be used. Paste them again."
    ),
    connection_errors.SETTINGS: gettext_lazy(
        "The gateway's settings cannot be used. Save its form again."
    ),
    connection_errors.BIND_UNANSWERED: gettext_lazy(
        "The connection was made, but the bind was not answered. Check that this port is for SMPP, "
        "and that the carrier has allowed this machine's IP address."
    ),
    connection_errors.HTTP_SPOKEN: gettext_lazy(
        "A web server answered: this port speaks HTTP, not SMPP. Check the port, or set up an HTTP "
        "gateway."
    ),
    connection_errors.SMTP_SPOKEN: gettext_lazy(
        "A mail server answered: this port speaks SMTP, not SMPP. Check the host and port."
    ),
    connection_errors.TLS_SPOKEN: gettext_lazy(
        "This port expects TLS. Turn TLS on, or ask the carrier for its port without TLS."
    ),
    connection_errors.NOT_SMPP: gettext_lazy(
        "Something answered that is not SMPP. Check the host and port: another service listens "
        "there."
    ),
    connection_errors.ENQUIRY_UNANSWERED: gettext_lazy(
        "The bind was accepted, but an enquire_link was not answered. Tell the carrier."
    ),
    connection_errors.CONNECTION_LOST: gettext_lazy(
        "The connection was lost. We are reconnecting automatically."
    ),
}
_OF_BINDS: Mapping[str, Promise] = {
    "ESME_RBINDFAIL": gettext_lazy(
        "The carrier refused the bind. Usually the system_id or password is wrong, or there are "
        "too many connections."
    ),
    "ESME_RINVPASWD": gettext_lazy("The carrier refused the password. Enter it again."),
    "ESME_RINVSYSID": gettext_lazy("The carrier does not know this system_id. Check it."),
    "ESME_RINVSYSTYP": gettext_lazy("The carrier refused the system_type. Check it."),
    "ESME_RALYBND": gettext_lazy(
        "The carrier says this login is already bound. Lower the number of bind slots, or wait "
        "until the carrier drops the old connection."
    ),
    "ESME_RINVCMDID": gettext_lazy(
        "The carrier does not support this kind of bind. Choose transmitter and receiver."
    ),
    "ESME_RINVBNDSTS": gettext_lazy(
        "The carrier does not allow this kind of bind. Choose the other one."
    ),
    "ESME_RTHROTTLED": gettext_lazy("The carrier says we tried to bind too often."),
    "ESME_RSYSERR": gettext_lazy(
        "The carrier has a system error. We will try again automatically."
    ),
}


def connection_error_text(trouble: str) -> str:
    """Return a stored `CODE` or `CODE: detail` as a sentence; the code stays for the carrier."""
    code, _colon, detail = trouble.partition(": ")
    if sentence := _SENTENCES.get(code):
        return f"{sentence} ({detail or code})"
    if sentence := _OF_BINDS.get(code):
        return f"{sentence} ({code})"
    if code.startswith(("ESME_", "VENDOR_", "RESERVED_")):
        return _("The carrier refused the bind with %(code)s. Ask it what that means.") % {
            "code": code
        }
    return trouble

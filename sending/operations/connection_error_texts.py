"""Why a gateway has no connection, in sentences: what happened and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.gateways import connection_errors

_SENTENCES: Mapping[str, Promise] = {
    connection_errors.NAME_UNKNOWN: gettext_lazy(
        "The host's name is unknown. Check its spelling, or the name server of this machine."
    ),
    connection_errors.PORT_CLOSED: gettext_lazy(
        "The host was reached, and nobody listens at this port. Check the port, or the carrier is "
        "down."
    ),
    connection_errors.NO_CONNECTION_IN_TIME: gettext_lazy(
        "The host did not answer in time. Mostly a firewall on the way, or the carrier does not "
        "know this machine's IP address."
    ),
    connection_errors.CONNECTION_CUT: gettext_lazy(
        "The carrier cut the connection at once. Mostly it does not know this machine's IP "
        "address, or wants TLS."
    ),
    connection_errors.NETWORK: gettext_lazy("The network of this machine gave an error."),
    connection_errors.TLS_EXPIRED: gettext_lazy(
        "The TLS certificate of the carrier has expired. Tell the carrier; nothing is sent until "
        "it is renewed."
    ),
    connection_errors.TLS_OTHER_NAME: gettext_lazy(
        "The TLS certificate of the carrier is for another name. Check the host, or enter the name "
        "in its certificate."
    ),
    connection_errors.TLS_UNTRUSTED: gettext_lazy(
        "The TLS certificate of the carrier is not trusted. Paste the certificate of the authority "
        "that the carrier names into the gateway's form."
    ),
    connection_errors.TLS_REFUSED_US: gettext_lazy(
        "The carrier refused our TLS certificate, or misses one. Paste the one it gave us and its "
        "key, or ask for a new one."
    ),
    connection_errors.TLS_NOT_SPOKEN: gettext_lazy(
        "No TLS is spoken at this port. Check the port, or turn TLS off."
    ),
    connection_errors.TLS_CUT: gettext_lazy(
        "The carrier cut the connection when TLS began. Mostly it wants a client certificate, or "
        "does not know this machine's IP address."
    ),
    connection_errors.TLS_FAILED: gettext_lazy("TLS with the carrier failed."),
    connection_errors.TLS_SETTINGS: gettext_lazy(
        "The certificates of the gateway's form cannot be used. Paste them again."
    ),
    connection_errors.SETTINGS: gettext_lazy(
        "The gateway's settings cannot be used. Save its form again."
    ),
    connection_errors.BIND_UNANSWERED: gettext_lazy(
        "The connection stood, and the bind was not answered. Check that SMPP is spoken at this "
        "port, and that the carrier knows this machine's IP address."
    ),
    connection_errors.ENQUIRY_UNANSWERED: gettext_lazy(
        "The bind was accepted, and an enquire_link was not answered. Tell the carrier."
    ),
    connection_errors.CONNECTION_LOST: gettext_lazy(
        "The connection was lost. It is made again by itself."
    ),
}
_OF_BINDS: Mapping[str, Promise] = {
    "ESME_RBINDFAIL": gettext_lazy(
        "The carrier refused the bind: mostly a wrong system_id or password, or too many "
        "connections."
    ),
    "ESME_RINVPASWD": gettext_lazy("The carrier refused the password. Enter it again."),
    "ESME_RINVSYSID": gettext_lazy("The carrier does not know this system_id. Check it."),
    "ESME_RINVSYSTYP": gettext_lazy("The carrier refused the system_type. Check it."),
    "ESME_RALYBND": gettext_lazy(
        "The carrier counts this login as bound already. Lower the bind slots, or wait until it "
        "has noticed that an old connection is gone."
    ),
    "ESME_RINVCMDID": gettext_lazy(
        "The carrier does not know this kind of bind. Choose transmitter and receiver."
    ),
    "ESME_RINVBNDSTS": gettext_lazy(
        "The carrier does not allow this kind of bind. Choose the other one."
    ),
    "ESME_RTHROTTLED": gettext_lazy("The carrier asks for patience: we bound too often."),
    "ESME_RSYSERR": gettext_lazy("The carrier has a fault. It is tried again by itself."),
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

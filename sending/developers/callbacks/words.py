"""What the log of callbacks says: states of events, and errors in sentences."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.callbacks import delivery, giving_up, post
from sending.gateways import connection_errors
from sending.models import CallbackEvent, CallbackKind

KIND_LABELS: Mapping[str, Promise] = {
    CallbackKind.STATUS.value: gettext_lazy("Delivery reports"),
    CallbackKind.REPLY.value: gettext_lazy("Replies"),
    CallbackKind.NAMED.value: gettext_lazy("Delivery reports to URLs of messages"),
}
WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
STATE_LABELS: Mapping[str, Promise] = {
    WAITING: gettext_lazy("Waiting"),
    DELIVERED: gettext_lazy("Called back"),
    DEAD: gettext_lazy("Given up"),
}
_NOT_CALLED_BACK = gettext_lazy("Not called back")
# (tone, icon), as of states of messages.
_LOOKS = {
    WAITING: ("busy", "queued"),
    DELIVERED: ("ok", "delivered"),
    DEAD: ("bad", "failed"),
    "": ("idle", "cancelled"),
}
_NO_PUBLIC_ADDRESS = gettext_lazy(
    "The host in the URL has no address that may be called back. Check its spelling, use a public "
    "address, or ask the operator to allow its network."
)
_SENTENCES: Mapping[str, Promise] = {
    # One sentence: nobody shall find out which names the operator's own network has.
    connection_errors.NAME_UNKNOWN: _NO_PUBLIC_ADDRESS,
    connection_errors.ADDRESS_REFUSED: _NO_PUBLIC_ADDRESS,
    connection_errors.PORT_CLOSED: gettext_lazy(
        "The host answered, but nothing is listening on this port. Start your program, or check "
        "the port."
    ),
    connection_errors.NO_CONNECTION_IN_TIME: gettext_lazy(
        "The host did not answer in time. Usually a firewall blocks the connection."
    ),
    connection_errors.CONNECTION_CUT: gettext_lazy("The host closed the connection at once."),
    connection_errors.NETWORK: gettext_lazy("The network reported an error."),
    connection_errors.TLS_EXPIRED: gettext_lazy("Your TLS certificate has expired. Renew it."),
    connection_errors.TLS_OTHER_NAME: gettext_lazy(
        "Your TLS certificate is for another name than the URL's."
    ),
    connection_errors.TLS_UNTRUSTED: gettext_lazy(
        "Your TLS certificate is not trusted. Use one of a public authority, with its chain."
    ),
    connection_errors.TLS_REFUSED_US: gettext_lazy(
        "Your server wants a TLS certificate from us. We have none: turn that off."
    ),
    connection_errors.TLS_NOT_SPOKEN: gettext_lazy(
        "This port does not use TLS. Check the port, or write http: in the URL."
    ),
    connection_errors.TLS_CUT: gettext_lazy("Your server closed the connection when TLS started."),
    connection_errors.TLS_FAILED: gettext_lazy("TLS with your server failed."),
    "CONNECTION_LOST": gettext_lazy("The connection ended before there was a whole answer."),
    "NOT_CONNECTED": gettext_lazy("The connection ended before there was a whole answer."),
    "RESPONSE_UNREADABLE": gettext_lazy("The answer was not HTTP, or its head was too long."),
    "RESPONSE_TOO_LONG": gettext_lazy("The answer was longer than 64 KB. Answer with a few words."),
    post.NO_ANSWER_IN_TIME: gettext_lazy(
        "There was no whole answer within 10 seconds. Answer first, then work."
    ),
    post.FAILED: gettext_lazy("The callback failed for a reason that we do not know."),
    delivery.BAD_URL: gettext_lazy(
        "The URL cannot be called back. Write http or https, a host, and port 80, 443 or one above "
        "1023; no user name."
    ),
    delivery.SECRET_UNREADABLE: gettext_lazy(
        "The secret of callbacks cannot be read any more. Ask the operator for the earlier key, or "
        "make a new secret on the page of the application."
    ),
    delivery.TOKEN_MISSING: gettext_lazy(
        "The application has no auth token, and forms of Twilio are signed with it. Make the token "
        "on the page of the application."
    ),
    giving_up.URL_REMOVED: gettext_lazy("The URL was removed."),
}


def state_of(event: CallbackEvent) -> str:
    """Return WAITING, DELIVERED or DEAD; empty for an event that nobody wanted to be told of."""
    if event.due_at:
        return WAITING
    if event.delivered_at:
        return DELIVERED
    return DEAD if event.dead_at else ""


def look_of(state: str) -> tuple[str, str, str]:
    """Return tone, icon and word of a state."""
    return (*_LOOKS[state], str(STATE_LABELS.get(state, _NOT_CALLED_BACK)))


def error_sentence(error: str) -> str:
    """Return what went wrong; empty for an empty error."""
    if not error:
        return ""
    if error.startswith("HTTP_3"):
        return _("Your server sent us elsewhere (%(status)s). Redirects are not followed.") % {
            "status": error.removeprefix("HTTP_")
        }
    if error.startswith("HTTP_"):
        return _("Your server answered with status %(status)s.") % {
            "status": error.removeprefix("HTTP_")
        }
    if error.startswith(post.RESULT):
        result = error.removeprefix(post.RESULT).removeprefix("_")
        if result:
            return _("Your program answered with result %(result)s.") % {"result": result}
        return _("Your program answered with a result that is not 0.")
    return str(_SENTENCES.get(error, _SENTENCES[post.FAILED]))

"""Clients that bind with an SMPP account and send one text, its settings filled in."""

from sending.developers.examples import Example, programs
from sending.developers.smpp.bind_settings import BindSettings
from sending.models import SmppAccount

# (name of the file, what people call the client)
_CLIENTS = (("kannel.conf", "Kannel"), ("send.py", "Python"))
SMPP_ENVIRONMENT = "export SMPP_PASSWORD=…\n"


def smpp_examples(
    account: SmppAccount, bind: BindSettings, number: str, text: str
) -> list[Example]:
    """Return the programs; none without an open port and a text. They prefer TLS to none."""
    if not (bind.is_open and text):
        return []
    context = {
        "bind": bind,
        "port": bind.tls_port or bind.port,
        "uses_tls": bool(bind.tls_port),
        "window": account.window,
        "digits": number.removeprefix("+"),
        "text": text,
    }
    return programs("smpp/", _CLIENTS, context)

"""Message ids of gateways, written the same way whether they came with the answer or a receipt."""

from sending.models.gateway import Gateway

MAX_LENGTH = 65


def normalise_submitted(id_format: str, identifier: str) -> str:
    """Return the id of a submit_sm_resp in the form that receipts are looked up by."""
    if id_format == Gateway.IdFormat.HEX_TO_DECIMAL:
        return _number(identifier, 16)
    if id_format == Gateway.IdFormat.DECIMAL:
        return _number(identifier, 10)
    return _plain(identifier)


def normalise_receipted(id_format: str, identifier: str) -> str:
    """Return the id of a receipt in the same form; a receipt is decimal where the forms differ."""
    if id_format == Gateway.IdFormat.AS_IS:
        return _plain(identifier)
    return _number(identifier, 10)


def _plain(identifier: str) -> str:
    return identifier.strip().replace("\x00", "")[:MAX_LENGTH]


def _number(identifier: str, base: int) -> str:
    """Return a number without leading zeros; what is no number stays as it is."""
    text = _plain(identifier)
    try:
        return str(int(text, base)) if text.isascii() else text
    except ValueError:
        return text

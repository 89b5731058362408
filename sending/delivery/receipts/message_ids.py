"""Message ids of gateways, written the same way whether they came with the answer or a receipt."""

from collections.abc import Mapping

from sending.models.gateway import Gateway

MAX_LENGTH = 65


_Format = Gateway.IdFormat
# The base of numbers in answers and in receipts; where there is none, ids stay as they are.
_BASES: Mapping[str, tuple[int, int]] = {
    _Format.DECIMAL: (10, 10),
    _Format.HEXADECIMAL: (16, 16),
    _Format.HEX_TO_DECIMAL: (16, 10),
    _Format.DECIMAL_TO_HEX: (10, 16),
}


def normalise_submitted(id_format: str, identifier: str) -> str:
    """Return the id of a submit_sm_resp in the form that receipts are looked up by."""
    bases = _BASES.get(id_format)
    return _number(identifier, bases[0]) if bases else _plain(identifier)


def normalise_receipted(id_format: str, identifier: str) -> str:
    """Return the id of a receipt in the same form."""
    bases = _BASES.get(id_format)
    return _number(identifier, bases[1]) if bases else _plain(identifier)


def _plain(identifier: str) -> str:
    return identifier.strip().replace("\x00", "")[:MAX_LENGTH]


def _number(identifier: str, base: int) -> str:
    """Return a number without leading zeros; what is no number stays as it is."""
    text = _plain(identifier)
    try:
        return str(int(text, base)) if text.isascii() else text
    except ValueError:
        return text

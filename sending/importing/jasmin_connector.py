"""A connector of Jasmin as the form of SMPP gateways has it, whichever way it was written down."""

from collections.abc import Mapping
from typing import Any

from sending.importing.foreign import ForeignConnector, Place

# Names as the store has them, and as `smppccm -s` shows them.
SHOWN_AS = {
    "cid": "id", "host": "host", "port": "port", "username": "username", "password": "password",
    "systype": "systemType", "ssl": "useSSL", "bind": "bindOperation",
    "elink_interval": "enquireLinkTimerSecs", "res_to": "responseTimerSecs",
    "submit_throughput": "submit_sm_throughput", "dlr_msgid": "dlr_msg_id_bases",
    "src_ton": "source_addr_ton", "src_npi": "source_addr_npi",
    "dst_ton": "dest_addr_ton", "dst_npi": "dest_addr_npi",
}  # fmt: skip
# The kind of a route that shares messages among its connectors.
SHARING = "RandomRoundrobinMTRoute"
# Which id is written in which base: 0 alike, 1 hexadecimal in the answer, 2 in the receipt.
_ID_FORMATS = {"0": "as_is", "1": "hex_to_decimal", "2": "decimal_to_hex"}
_TONS = frozenset(map(str, range(7)))
_NPIS = frozenset({"0", "1", "3", "4", "6", "8", "9", "10", "14", "18"})
# Jasmin's defaults, which say less than the kind of an originator does.
_USUAL_SOURCE = ("2", "1")
_FASTEST = 1_000
_LONGEST = 200


def connector(values: Mapping[str, Any], place: Place) -> ForeignConnector:
    """Return a connector of its settings by the names of the store, values as texts."""
    said = {name: str(value).strip()[:_LONGEST] for name, value in values.items()}
    bind, remark = _bind(said.get("bindOperation", ""))
    settings: dict[str, object] = {
        "host": said.get("host", ""),
        "port": said.get("port", ""),
        "system_id": said.get("username", ""),
        "system_type": _unless_none(said.get("systemType", "")),
        "tls": said.get("useSSL", "").lower() in {"true", "yes", "1"},
        "bind_mode": bind,
        "rate": _rate(said.get("submit_sm_throughput", "")),
        "id_format": _ID_FORMATS.get(said.get("dlr_msg_id_bases", ""), "as_is"),
        **_seconds(said),
        **_addresses(said),
    }
    remarks = (remark,) if remark else ()
    return ForeignConnector(
        said.get("id", ""), place, _unless_none(said.get("password", "")), settings, remarks
    )


def _unless_none(text: str) -> str:
    return "" if text == "None" else text


def _bind(operation: str) -> tuple[str, str]:
    if operation.endswith("transmitter"):
        return "pair", (
            "it was bound as a transmitter only; here transmitter and receiver are a pair, so that"
            " receipts come back"
        )
    return "transceiver", ""


def _rate(written: str) -> int:
    """Return messages a second; 0 was “no limit” there."""
    try:
        rate = float(written)
    except ValueError:
        return 1
    return _FASTEST if rate <= 0 else max(1, min(_FASTEST, int(rate)))


def _seconds(said: Mapping[str, str]) -> dict[str, object]:
    fields = {"enquire_interval": "enquireLinkTimerSecs", "response_timeout": "responseTimerSecs"}
    return {ours: said[theirs] for ours, theirs in fields.items() if said.get(theirs, "").isdigit()}


def _addresses(said: Mapping[str, str]) -> dict[str, object]:
    """Return TON and NPI as they go over the wire (SMPP 3.4, 5.2.5 and 5.2.6)."""
    source = said.get("source_addr_ton", ""), said.get("source_addr_npi", "")
    wanted = {"dest_ton": said.get("dest_addr_ton", ""), "dest_npi": said.get("dest_addr_npi", "")}
    if source != _USUAL_SOURCE:
        wanted |= {"source_ton": source[0], "source_npi": source[1]}
    known = {"ton": _TONS, "npi": _NPIS}
    return {name: value for name, value in wanted.items() if value in known[name[-3:]]}

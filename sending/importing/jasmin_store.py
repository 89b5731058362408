"""Reads a file of Jasmin's store (`/etc/jasmin/store/`): a line of text, then a pickle."""

from collections.abc import Iterator
from typing import Any

from sending.importing.foreign import Findings, ForeignRoute, ForeignUser, Place
from sending.importing.inert_pickle import NotInert, Record, read
from sending.importing.jasmin_connector import SHARING, SHOWN_AS, connector

HEADER = b"Persisted on "
MOST_ENTRIES = 20_000
_LONGEST = 200
# Members of its library's enumerations in their order, from 1 on, and what is on the wire.
_ON_THE_WIRE = {
    "ton": {
        "UNKNOWN": 0, "INTERNATIONAL": 1, "NATIONAL": 2, "NETWORK_SPECIFIC": 3,
        "SUBSCRIBER_NUMBER": 4, "ALPHANUMERIC": 5, "ABBREVIATED": 6,
    },
    "npi": {
        "UNKNOWN": 0, "ISDN": 1, "DATA": 3, "TELEX": 4, "LAND_MOBILE": 6, "NATIONAL": 8,
        "PRIVATE": 9, "ERMES": 10, "INTERNET": 14, "WAP_CLIENT_ID": 18,
    },
}  # fmt: skip


def is_store(octets: bytes) -> bool:
    """Tell whether a file is one of the store."""
    return octets.startswith(HEADER)


def read_store(file: str, octets: bytes, found: Findings) -> None:
    """Add what a file says to `found`; what is no user, connector or route is passed over."""
    _header, _end, pickled = octets.partition(b"\n")
    try:
        value = read(pickled)
    except NotInert as error:
        found.complain(Place(file), f"it cannot be read: {error}")
        return
    if isinstance(value, Record) and value.name == "MTRoutingTable":
        _take(_routes, file, value.get("table"), found)
    elif isinstance(value, list):
        _take(_entry, file, value, found)


def _take(take: Any, file: str, entries: Any, found: Findings) -> None:
    if not isinstance(entries, list):
        return
    if len(entries) > MOST_ENTRIES:
        found.complain(Place(file), f"only its first {MOST_ENTRIES} entries are read")
    for number, entry in enumerate(entries[:MOST_ENTRIES], 1):
        take(entry, Place(file, f"entry {number}"), found)


def _entry(entry: Any, place: Place, found: Findings) -> None:
    if isinstance(entry, Record) and entry.name == "User":
        found.users.append(_user(entry, place))
    elif isinstance(entry, dict) and isinstance(entry.get("config"), Record):
        values = entry["config"].state
        if "host" not in values:
            found.complain(place, "this connector has no host")
            return
        names = SHOWN_AS.values()
        found.connectors.append(
            connector({name: _shown(name, values.get(name)) for name in names}, place)
        )


def _user(record: Record, place: Place) -> ForeignUser:
    group = record.get("group")
    messaging, smpp = record.get("mt_credential"), record.get("smpps_credential")
    speeds = [_quota(messaging, name) for name in ("http_throughput", "smpps_throughput")]
    binds = _quota(smpp, "max_bindings")
    return ForeignUser(
        name=_text(record.get("username")) or _text(record.get("uid")),
        place=place,
        group=_text(group.get("gid")) if isinstance(group, Record) else "",
        is_enabled=_enabled(record) and _enabled(group),
        uses_http=_allowed(messaging, "http_send"),
        uses_smpp=_allowed(messaging, "smpps_send") and _allowed(smpp, "bind"),
        most_binds=int(binds) if binds is not None else None,
        rate=max((speed for speed in speeds if speed is not None), default=None),
        sender=_text(_within(messaging, "defaults", "source_address")),
    )


def _routes(entry: Any, place: Place, found: Findings) -> None:
    if not isinstance(entry, dict):
        return
    for order, route in entry.items():
        if isinstance(order, int) and isinstance(route, Record):
            found.routes.append(_route(order, route, place))


def _route(order: int, record: Record, place: Place) -> ForeignRoute:
    connectors = record.get("connector")
    listed = connectors if isinstance(connectors, list) else [connectors]
    filters = record.get("filters", [])
    asked = list(_asked(filters if isinstance(filters, list) else []))
    rate = record.get("rate", 0.0)
    return ForeignRoute(
        order=order,
        place=place,
        connectors=tuple(_text(one.get("cid")) for one in listed if isinstance(one, Record)),
        patterns=tuple(pattern for kind, pattern in asked if kind == "pattern"),
        others=tuple(what for kind, what in asked if kind == "other"),
        shares=record.name == SHARING,
        rate=rate if isinstance(rate, float) else 0.0,
    )


def _asked(filters: list[Any]) -> Iterator[tuple[str, str]]:
    for one in filters:
        if not isinstance(one, Record) or one.name == "TransparentFilter":
            continue
        if one.name == "DestinationAddrFilter":
            yield "pattern", _pattern(one.get("destination_addr"))
        else:
            yield "other", _text(one.get("_repr")) or one.name


def _pattern(compiled: Any) -> str:
    """Return the text of a compiled expression, which is pickled as the call that compiles it."""
    if isinstance(compiled, Record) and compiled.arguments:
        return _text(compiled.arguments[0])
    return _text(compiled)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, Record) and value.kind == "_codecs.encode" and value.arguments:
        value = value.arguments[0]
    return str(value)[:_LONGEST] if isinstance(value, str | int) else ""


def _shown(name: str, value: Any) -> str:
    """Return a setting as `smppccm -s` shows it: TON and NPI as on the wire."""
    if members := _ON_THE_WIRE.get(name[-3:]):
        member = _member(value)
        if isinstance(member, int) and 0 < member <= len(members):
            member = list(members)[member - 1]
        return str(members.get(_text(member), ""))
    return str(value)[:_LONGEST] if isinstance(value, float) else _text(value)


def _member(value: Any) -> Any:
    """Return the number of a member of an enumeration, or its name.

    Until jcli changes it, most Pythons write `AddrTon(3)`; the first ones of 3.11, which Debian 12
    has, write `getattr(AddrTon, "NATIONAL")`. After that it is the name alone.
    """
    if not isinstance(value, Record):
        return value
    return value.arguments[-1] if value.arguments else None


def _within(record: Any, part: str, key: str) -> Any:
    inside = record.get(part) if isinstance(record, Record) else None
    return inside.get(key) if isinstance(inside, dict) else None


def _allowed(record: Any, what: str) -> bool:
    """Tell whether something is allowed; what an old release does not say is."""
    return _within(record, "authorizations", what) is not False


def _enabled(record: Any) -> bool:
    return not isinstance(record, Record) or record.get("enabled", True) is not False


def _quota(record: Any, what: str) -> float | None:
    value = _within(record, "quotas", what)
    return float(value) if isinstance(value, int | float) and value >= 0 else None

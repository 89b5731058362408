"""Reads what `jcli` prints: `user -l`, `mtrouter -l`, `smppccm -l` and `smppccm -s`."""

import re
from collections.abc import Iterator

from sending.importing.foreign import Findings, ForeignRoute, ForeignUser, Place
from sending.importing.jasmin_connector import SHARING, SHOWN_AS, connector

LONGEST_LINE = 4_000
_ROUTE_TYPES = frozenset(
    {"DefaultRoute", "StaticMTRoute", "FailoverMTRoute", "BestQualityMTRoute", SHARING}
)
_CONNECTOR = re.compile(r"\w{1,20}\(([\w-]{1,40})\),?")
_DESTINATION = re.compile(r"<(?:DA|DestinationAddrFilter) \((?:dst_addr|destination_addr)=(.*)\)>")
_SPEED = re.compile(r"(?:ND|[\d.]{1,12})/(?:ND|[\d.]{1,12})")
_SERVICE = ("started", "stopped")
_TRANSPARENT = ("<T>", "<TransparentFilter>")


def read_listing(file: str, lines: Iterator[tuple[int, str]], found: Findings) -> None:
    """Add what a recorded session of jcli says to `found`; other lines are passed over."""
    block: dict[str, str] = {}
    listed: dict[str, Place] = {}
    began = 0
    for number, line in lines:
        said = line[:LONGEST_LINE].strip()
        name, _space, value = said.partition(" ")
        if name in SHOWN_AS and not line.startswith("#"):
            began = began or number
            block[SHOWN_AS[name]] = value.strip()
            continue
        if not said or said.startswith("jcli"):
            block, began = _end(file, block, began, found), 0
        elif said.startswith("#"):
            _row(said[1:], Place(file, f"line {number}"), found, listed)
    _end(file, block, began, found)
    known = {one.name for one in found.connectors}
    for name, place in listed.items():
        if name not in known:
            found.complain(
                place,
                f"the list does not say where {name} connects to: add what `smppccm -s {name}`"
                " prints to the file",
            )


def _end(file: str, block: dict[str, str], began: int, found: Findings) -> dict[str, str]:
    """Take a connector whose settings were all read."""
    if "id" in block and "host" in block:
        found.connectors.append(connector(block, Place(file, f"line {began}")))
    return {}


def _row(said: str, place: Place, found: Findings, listed: dict[str, Place]) -> None:
    words = said.split()
    if len(words) < 3:
        return
    if words[0].isdigit() and words[1] in _ROUTE_TYPES:
        found.routes.append(_route(words, place))
    elif _SPEED.fullmatch(words[-1]) and len(words) >= 6:
        found.users.append(_user(words, place))
    elif words[1] in _SERVICE and len(words) >= 5:
        listed[words[0]] = place


def _user(words: list[str], place: Place) -> ForeignUser:
    user, group, name = words[:3]
    speeds = [float(each) for each in words[-1].split("/") if re.fullmatch(r"\d+(\.\d+)?", each)]
    return ForeignUser(
        name=name,
        place=place,
        group=group.removeprefix("!"),
        is_enabled=not user.startswith("!") and not group.startswith("!"),
        rate=max(speeds, default=None),
    )


def _route(words: list[str], place: Place) -> ForeignRoute:
    order, kind, rate, *rest = words
    if rest[:1] == ["(!)"]:
        rest = rest[1:]
    connectors = []
    while rest and (one := _CONNECTOR.fullmatch(rest[0])):
        connectors.append(one[1])
        rest = rest[1:]
    patterns, others = [], []
    for written in " ".join(rest).split(">, "):
        asked = written if not written or written.endswith(">") else f"{written}>"
        if destination := _DESTINATION.fullmatch(asked):
            patterns.append(destination[1])
        elif asked and asked not in _TRANSPARENT:
            others.append(asked)
    return ForeignRoute(
        order=int(order[:9]),
        place=place,
        connectors=tuple(connectors),
        patterns=tuple(patterns),
        others=tuple(others),
        shares=kind == SHARING,
        rate=float(rate) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", rate) else 0.0,
    )

"""Parameters of an address: lists flattened as `A.0=…`, lists of objects as `A.0.B=…`."""

from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from sending.dialects.tencent.fields import TencentError

_MOST_PARAMETERS = 5_000
_DEEPEST = 5


def unflatten(query: str) -> dict[str, Any]:
    """Return the parameters as JSON would have them, all values text; raise TencentError."""
    try:
        pairs = parse_qsl(
            query,
            keep_blank_values=True,
            strict_parsing=bool(query),
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        raise TencentError(
            "InvalidParameter", _("The address cannot be read: encode its parameters as a form.")
        ) from error
    root: dict[str, Any] = {}
    for name, value in pairs:
        _put(root, name.split(".")[: _DEEPEST + 1], value, name)
    return {name: _as_lists(value) for name, value in root.items()}


def _put(node: dict[str, Any], path: list[str], value: str, name: str) -> None:
    *parents, last = path
    for part in parents:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            raise _twice(name)
    if last in node:
        raise _twice(name)
    node[last] = value


def _twice(name: str) -> TencentError:
    return TencentError(
        "InvalidParameter", _("“%(name)s” stands twice in the address.") % {"name": name[:60]}
    )


def _as_lists(node: Any) -> Any:
    """Return nodes whose names are 0, 1, 2 … as lists, in that order."""
    if not isinstance(node, dict):
        return node
    items = {name: _as_lists(value) for name, value in node.items()}
    names = [str(place) for place in range(len(items))]
    if set(items) == set(names):
        return [items[name] for name in names]
    return items

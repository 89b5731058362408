"""Parameters and fields of answers as lines of a table, for pages and for docs/api.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.lists import listed
from sending.dialects.tencent.fields import INTEGER_MAX, ApiField, JsonKind


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of a table of parameters or of an answer; `name` says where it stands."""

    name: str
    kind: str
    bounds: str
    doc: str | Promise
    is_required: bool


def field_rows(fields: Sequence[ApiField], place: str = "") -> Iterator[FieldRow]:
    """Yield a line for each field, and those of its own fields below it."""
    for field in fields:
        name = place + field.name
        yield FieldRow(name, _kind(field), _bounds(field), field.doc, field.is_required)
        yield from field_rows(field.fields, f"{name}[]." if field.is_list else f"{name}.")


def _kind(field: ApiField) -> str:
    names = {
        JsonKind.STRING: (_("string"), _("list of strings")),
        JsonKind.INTEGER: (_("integer"), _("list of integers")),
        JsonKind.OBJECT: (_("object"), _("list of objects")),
    }
    name = names[field.kind][field.is_list]
    return _("%(type)s or null") % {"type": name} if field.is_null else name


def _bounds(field: ApiField) -> str:
    """Return what a value must keep to, in words; empty where there is nothing to say."""
    said = []
    if field.most_items:
        said.append(_("up to %(n)s items") % {"n": field.most_items})
    if field.choices:
        said.append(_("one of %(values)s") % {"values": ", ".join(map(str, field.choices))})
    elif field.kind is JsonKind.INTEGER and field.most < INTEGER_MAX:
        said.append(_("%(least)s to %(most)s") % {"least": field.least, "most": field.most})
    elif field.kind is JsonKind.INTEGER and field.least:
        said.append(_("at least %(least)s") % {"least": field.least})
    if field.kind is JsonKind.STRING and field.most_bytes:
        said.append(_("up to %(n)s bytes") % {"n": f"{field.most_bytes:,}"})
    elif field.kind is JsonKind.STRING and field.most < INTEGER_MAX:
        said.append(_("up to %(n)s characters") % {"n": f"{field.most:,}"})
    return listed(said)

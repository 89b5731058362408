"""What programs asked for with their messages: who they come from, from when and until when."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sending.models import ApiMessage


class ProgramTerms(NamedTuple):
    """An originator, empty for that of the application, and two moments where they were said."""

    originator: str = ""
    due_at: datetime | None = None
    valid_until: datetime | None = None


NOTHING = ProgramTerms()


def terms_of(message_ids: Iterable[int]) -> Mapping[int, ProgramTerms]:
    """Return what was asked for with messages of programs, of those where something was."""
    ids = list(message_ids)
    if not ids:
        return {}
    rows = ApiMessage.objects.filter(message_id__among=ids)
    said = rows.exclude(originator="", due_at=None, valid_until=None)
    return {
        pk: ProgramTerms(*asked)
        for pk, *asked in said.values_list("message_id", *ProgramTerms._fields)
    }

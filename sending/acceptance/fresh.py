"""What the transaction that accepts asks the database anew, in one statement with few answers.

Nearly always nothing speaks against anything: only where something does, details are read.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.statements import Rows, Statement
from sending.models import NumberErasure, Suppression
from sending.models.bulk import texts
from sending.models.daily_use import ALL_APPLICATIONS, ALL_COUNTRIES
from sending.models.number_digest import MARK

_AMONG = {
    "postgresql": "= ANY(%s::text[])",
    "sqlite": "IN (SELECT value FROM json_each(%s))",
}
_TAKEN = (
    "(SELECT segments FROM sending_dailyuse"
    " WHERE organization_id = %s AND day = %s AND application_id = %s AND country = %s)"
)
_ASK = (
    "SELECT EXISTS (SELECT 1 FROM sending_suppression"  # noqa: S608 - our own constants.
    " WHERE organization_id = %s AND (msisdn {among}"
    f"  OR msisdn >= '{MARK}' AND msisdn < '{chr(ord(MARK) + 1)}')),"
    " EXISTS (SELECT 1 FROM sending_numbererasure WHERE finished_at IS NULL"
    "  AND (organization_id = %s OR organization_id IS NULL)),"
    f" {_TAKEN}, {_TAKEN}"
)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Numbers that must get nothing, and {application: segments taken today} of two limits."""

    suppressed: Collection[str]
    erased: Collection[str]
    taken: dict[int, int]


def question(
    organization_id: int, application_id: int, day: int, numbers: Collection[str]
) -> Statement:
    """Return what asks about numbers, and about two limits of a day."""
    among: Any = texts(numbers) if connection.vendor == "postgresql" else json.dumps([*numbers])
    limits = [
        (organization_id, day, pk, ALL_COUNTRIES) for pk in (ALL_APPLICATIONS, application_id)
    ]
    return Statement(
        _ASK.format(among=_AMONG[connection.vendor]),
        [organization_id, among, organization_id, *limits[0], *limits[1]],
    )


def answer(
    rows: Rows, organization_id: int, application_id: int, numbers: Collection[str]
) -> Fresh:
    """Return what the rows of the question say, and the details where there are any."""
    ((some_suppressed, some_erased, *taken),) = rows
    applications = (ALL_APPLICATIONS, application_id)
    return Fresh(
        suppressed=(
            Suppression.objects.suppressed(organization_id, numbers) if some_suppressed else ()
        ),
        erased=_erased(organization_id) if some_erased else (),
        taken={pk: segments or 0 for pk, segments in zip(applications, taken, strict=True)},
    )


def _erased(organization_id: int) -> set[str]:
    waiting = NumberErasure.objects.waiting(organization_id)
    return set(waiting.values_list("msisdn", flat=True))

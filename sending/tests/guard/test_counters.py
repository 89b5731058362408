"""Counters are the same whichever way messages come: one at a time, or many at once."""

import pytest

from accounts.statements import run_together
from sending.guard.counters import addition
from sending.guard.rules.facts import Subject
from sending.guard.rules.ranges import Ranges, ranges_of
from sending.models import GuardCounter
from sending.tests.acceptance.program import AT
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db
ALONE, TOGETHER = 1, 2
NOW = AT.timestamp()
SUBJECTS = [
    Subject(NOW, 7, ranges_of(a_number(0)), "HK", 3, 48_000),
    Subject(NOW + 90_000, 8, ranges_of(a_number(40_000)), "HK", 3, 48_000),
    Subject(NOW, 9, ranges_of(a_number(0, "GB")), "GB", 4, 39_500),
    # Its blocks are too large for the country.
    Subject(NOW, 10, Ranges(0, 4, 0, 0), "FO", 4, 0),
]


def counted(organization_id: int) -> list[tuple]:
    rows = GuardCounter.objects.filter(organization_id=organization_id)
    names = ("dimension", "bucket", "minute", "sent", "verified", "cost_micro")
    return sorted(rows.values_list(*names))


def test_alone_and_together():
    for verified in (0, 1):
        for subject in SUBJECTS:
            run_together([addition(ALONE, [subject], verified=verified)])
        run_together([addition(TOGETHER, SUBJECTS, verified=verified)])
    assert counted(ALONE) == counted(TOGETHER)
    assert ("OD", "", int(NOW // 86_400) * 1440, 3, 3, 87_500) in counted(ALONE)
    assert [row[:2] for row in counted(ALONE) if "FO" in row[1]] == [
        (dimension, "FO") for dimension in ("C", "CD", "CH")
    ]
    assert not [row for row in counted(ALONE) if row[1] in {"0", None}]

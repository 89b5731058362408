"""Numbers that begin alike are found, whatever the locale of the database."""

import pytest
from django.db import connection

from sending.models import MessageNumber, Suppression
from sending.tests import factories

NUMBERS = ("+4916999999999", "+4917", "+491700000000", "+491799999999999", "+4918", "+85251230001")


@pytest.mark.parametrize("beginning", ["+", "+4", "+4917", "+491799999999999", "+9", "+49179:"])
def test_a_beginning_finds_the_numbers_that_begin_so(db, beginning):
    member = factories.make_sender()
    Suppression.objects.bulk_create(
        Suppression(organization=member.organization, msisdn=number) for number in NUMBERS
    )
    found = Suppression.objects.for_organization(member.organization).filter(
        msisdn__begins=beginning
    )
    assert sorted(found.values_list("msisdn", flat=True)) == [
        number for number in NUMBERS if number.startswith(beginning)
    ]


def test_a_beginning_is_looked_up_in_the_key(db):
    query = MessageNumber.objects.filter(organization_id=1, msisdn__begins="+4917")
    if connection.vendor == "postgresql":
        # It would rather read a small table from end to end.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = query.explain()
    assert "msisdn" in plan.partition("Filter")[0]
    assert "Index Cond" in plan or "PRIMARY KEY" in plan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compares octets anyway")
def test_every_column_of_numbers_compares_octets(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, collation_name FROM information_schema.columns"
            " WHERE column_name = 'msisdn' AND table_schema = current_schema()"
        )
        collations = dict(cursor.fetchall())
    indexed = ("message", "messagenumber", "customer", "suppression")
    assert {collations[f"sending_{name}"] for name in indexed} == {"C"}

"""Two workers apply receipts of one long message at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from sending.delivery.receipts import inbox
from sending.tests.delivery.fakes import receipt
from sending.tests.delivery.receipts.submitted import a_long_task, states, submit
from sending.tests.factories import make_gateway

SECONDS = 20


def apply_one():
    try:
        return inbox.apply_due(limit=1)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_second_sees_the_receipts_of_both(monkeypatch):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite has one writer at a time")
    gateway = make_gateway(rate=1000)
    a_long_task()
    submit(gateway, [["id-1", "id-2"]])
    inbox.store(gateway, [receipt("id-1"), receipt("id-2")])
    both_have_stored, keep = threading.Barrier(2), inbox._keep

    def keep_and_meet(matches):
        keep(matches)
        both_have_stored.wait(SECONDS)

    monkeypatch.setattr(inbox, "_keep", keep_and_meet)
    with ThreadPoolExecutor(2) as pool:
        applied = [pool.submit(apply_one) for _ in range(2)]
        assert [each.result(SECONDS) for each in applied] == [1, 1]
    assert states() == ["DELIVERED"]

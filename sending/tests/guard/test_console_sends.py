"""One-time passwords that a person sends: held to home countries and caps of money."""

import pytest

from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.send_task import accept
from sending.lifecycle import Lane, TaskState
from sending.models import GuardCounter, GuardSettings, RecipientSource, SendTask
from sending.tests.acceptance.program import AT
from sending.tests.factories import a_number, make_sender, make_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]
COST = 2 * 48_000 + 39_500


def a_task(source: RecipientSource = RecipientSource.NUMBERS, **organization: object) -> SendTask:
    task = make_task(
        make_sender(**organization),
        TaskState.READY,
        numbers=NUMBERS,
        values=[("482913", "5")] * 3,
        lane=Lane.OTP.value,
    )
    SendTask.objects.filter(pk=task.pk).update(source=source.value)
    task.refresh_from_db()
    return task


def spent() -> list[int]:
    return list(
        GuardCounter.objects.filter(dimension__in=("OH", "OD")).values_list("cost_micro", flat=True)
    )


def test_what_it_costs_is_counted():
    accept(a_task(), AT)
    assert spent() == [COST, COST]


def test_a_cap_stops_it():
    task = a_task()
    GuardSettings.objects.filter(organization=task.organization).update(day_micro=COST - 1)
    with pytest.raises(NotAccepted) as stop:
        accept(task, AT)
    assert stop.value.code == "GUARD_MONEY"
    assert "cap on money" in str(stop.value)


def test_a_country_that_is_not_home_stops_it():
    with pytest.raises(NotAccepted) as stop:
        accept(a_task(country="HK"), AT)
    assert stop.value.code == "GUARD_COUNTRIES"
    assert "GB" in str(stop.value)


def test_what_goes_to_a_customer_group_is_never_judged():
    task = a_task(RecipientSource.GROUP, country="HK")
    GuardSettings.objects.filter(organization=task.organization).update(day_micro=1)
    accept(task, AT)
    assert spent() == []


def test_what_is_no_one_time_password_is_never_judged():
    task = make_task(make_sender(country="HK"), TaskState.READY, numbers=NUMBERS)
    accept(task, AT)
    assert spent() == []

"""Send was pressed: what is checked again, counted, and released."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from accounts.models import SmsApplication
from accounts.models.application import ApplicationCountry
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.send_task import accept
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Counter, DailyUse, PriceVersion, SendTask
from sending.tests.factories import a_number, make_prices, make_sender, make_task
from sending.tests.waiting import wait_until
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState

pytestmark = pytest.mark.django_db
NUMBERS = [a_number(0), a_number(1), a_number(0, "GB")]


def a_task(**organization: object) -> SendTask:
    return make_task(make_sender(**organization), TaskState.READY, numbers=NUMBERS)


def test_it_counts_every_message_as_queued_and_makes_the_batches_due():
    task = a_task(time_zone="Asia/Hong_Kong")
    at = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    accept(task, at)
    counted = Counter.objects.for_organization(task.organization).sums("task_id")
    assert list(counted) == [(task.pk, "QUEUED", False, 3, 3, 48_000 * 2 + 39_500)]
    task.refresh_from_db()
    assert task.accepted_hour == 2026112301, "the organization's own hour"
    assert set(Batch.objects.values_list("due_at", flat=True)) == {at}


def not_active(task: SendTask) -> None:
    task.organization.activations.all().delete()


def application_off(task: SendTask) -> None:
    SmsApplication.objects.update(is_enabled=False)


def template_withdrawn(task: SendTask) -> None:
    assert TextTemplateVersion.objects.all().step(ReviewState.WITHDRAWN)


def template_deleted(task: SendTask) -> None:
    TextTemplate.objects.update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))


def price_changed(task: SendTask) -> None:
    make_prices()


def price_gone(task: SendTask) -> None:
    PriceVersion.objects.update(valid_from=datetime(2200, 1, 1, tzinfo=UTC))


def limit_small(task: SendTask) -> None:
    task.organization.daily_segment_limit = 2
    task.organization.save()


def application_limit_small(task: SendTask) -> None:
    SmsApplication.objects.update(daily_segment_limit=2)


def other_countries(task: SendTask) -> None:
    ApplicationCountry.objects.create(application=task.application, country="HK")


def country_limit_small(task: SendTask) -> None:
    for country, limit in (("HK", 1), ("GB", None)):
        ApplicationCountry.objects.create(
            application=task.application, country=country, daily_segment_limit=limit
        )


def nothing_held(task: SendTask) -> None:
    Batch.objects.all().delete()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (not_active, "SERVICE_NOT_ACTIVE"),
        (application_off, "APPLICATION_DISABLED"),
        (template_withdrawn, "TEMPLATE_NOT_APPROVED"),
        (template_deleted, "TEMPLATE_NOT_APPROVED"),
        (price_changed, "PRICE_CHANGED"),
        (price_gone, "PRICE_CHANGED"),
        (limit_small, "DAILY_LIMIT"),
        (application_limit_small, "APPLICATION_DAILY_LIMIT"),
        (other_countries, "APPLICATION_COUNTRY"),
        (country_limit_small, "APPLICATION_COUNTRY_DAILY_LIMIT"),
        (nothing_held, "NOTHING_TO_SEND"),
    ],
)
def test_it_refuses_what_has_changed_since_the_check(change, code):
    task = a_task()
    change(task)
    with pytest.raises(NotAccepted) as refused, transaction.atomic():
        accept(SendTask.objects.get(pk=task.pk))
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert not Counter.objects.exists()
    assert not DailyUse.objects.exists()
    assert not Batch.objects.exclude(due_at=None).exists()


def test_the_daily_limit_counts_what_was_accepted_before():
    member = make_sender(daily_segment_limit=5)
    first = make_task(member, TaskState.SENDING, numbers=NUMBERS)
    second = make_task(member, TaskState.READY, numbers=NUMBERS)
    with pytest.raises(NotAccepted, match="2 of the 5"):
        accept(second, first.sent_at)


def test_what_was_cancelled_does_not_use_up_the_daily_limit():
    member = make_sender(daily_segment_limit=5)
    first = make_task(member, TaskState.SENDING, numbers=NUMBERS)
    from sending.models.stepping import step
    from sending.tests.factories import make_messages

    step(MessageState.CANCELLED, [message.pk for message in make_messages(first)])
    accept(make_task(member, TaskState.READY, numbers=NUMBERS), first.sent_at)


def waits_for_another(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [backend])
        return bool(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway")
@pytest.mark.django_db(transaction=True)
def test_two_tasks_sent_at_the_same_moment_do_not_both_take_what_is_left():
    member = make_sender(daily_segment_limit=5)
    first, second = (make_task(member, TaskState.READY, numbers=NUMBERS) for _ in range(2))
    begun = threading.Event()
    backends: list[int] = []

    def send_second() -> str:
        try:
            with transaction.atomic():
                task = SendTask.objects.get(pk=second.pk)
                backends.append(connection.connection.info.backend_pid)
                begun.set()
                accept(task)
        except NotAccepted as refused:
            return refused.code
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            accept(first)
            other = pool.submit(send_second)
            assert begun.wait(timeout=20)
            wait_until(lambda: other.done() or waits_for_another(backends[0]))
        assert other.result(timeout=20) == "DAILY_LIMIT"
    assert Counter.objects.for_organization(member.organization).segments_taken() == 3

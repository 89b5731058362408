"""Alarm contacts are told once a day at the alarm, and once when the day is used up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection

from accounts.models import Notice, SmsApplication
from accounts.tests.factories import (
    make_active_organization,
    make_application,
    make_contact,
)
from sending import tasks
from sending.acceptance import alarms
from sending.models import DailyUse

pytestmark = pytest.mark.django_db
# 01:30 of the next day in Hong Kong.
NOW = datetime(2026, 11, 29, 17, 30, tzinfo=UTC)
TODAY = 20261130


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


class Sent:
    """The notices that are written, in their order."""

    def __iter__(self):
        return iter(Notice.objects.order_by("pk"))

    def __len__(self):
        return Notice.objects.count()

    def __getitem__(self, place):
        return list(self)[place]


@pytest.fixture
def sent():
    return Sent()


def watched(**fields) -> SmsApplication:
    """Make an application with an alarm at 80 of 100 segments, and one person who is told."""
    organization = make_active_organization(
        name="Harbourline", time_zone="Asia/Hong_Kong", daily_segment_limit=fields.pop("most", 1000)
    )
    defaults = {"name": "Shop", "daily_segment_limit": 100, "daily_alarm_segments": 80}
    application = make_application(organization, **{**defaults, **fields})
    application.alarm_contacts.add(make_contact(organization, email="boss@example.com"))
    return application


def use(application: SmsApplication, segments: int, day: int = TODAY, everybody: int = 0) -> None:
    rows = ((application.pk, segments), (0, everybody or segments))
    for application_id, taken in rows:
        DailyUse.objects.update_or_create(
            organization_id=application.organization_id,
            application_id=application_id,
            day=day,
            country="",
            defaults={"segments": taken},
        )


@pytest.mark.parametrize(
    ("segments", "subject"),
    [
        (79, None),
        (80, "Shop has passed its alarm for today"),
        (99, "Shop has passed its alarm for today"),
        (100, "Shop has used up its segments for today"),
        (101, "Shop has used up its segments for today"),
    ],
)
def test_what_is_told_at_which_figure(sent, segments, subject):
    use(watched(), segments)
    alarms.tell_due()
    assert [mail.subject for mail in sent] == ([subject] if subject else [])


def test_each_kind_is_told_once_a_day(sent, clock):
    application = watched()
    for segments in (80, 85, 100, 100):
        use(application, segments)
        alarms.tell_due()
    assert [mail.subject.split()[1:3] for mail in sent] == [["has", "passed"], ["has", "used"]]
    use(application, 90, day=TODAY + 1 + 70)
    clock.move_to(datetime(2026, 12, 1, 5, 0, tzinfo=UTC))
    use(application, 90, day=20261201)
    alarms.tell_due()
    assert len(sent) == 3


def test_the_day_is_the_organizations_own(sent):
    application = watched()
    use(application, 100, day=20261129)
    alarms.tell_due()
    assert not list(sent)


def test_use_of_others_is_no_alarm(sent):
    application, other = watched(), watched(name="Other")
    use(other, 79)
    DailyUse.objects.create(
        organization_id=application.organization_id,
        application_id=application.pk,
        day=TODAY,
        country="HK",
        segments=90,
    )
    DailyUse.objects.create(
        organization_id=other.organization_id, application_id=application.pk, day=TODAY, segments=90
    )
    alarms.tell_due()
    assert not list(sent)


def test_the_limit_of_the_organization_stops_an_application_too(sent):
    application = watched(daily_segment_limit=None, daily_alarm_segments=None)
    use(application, 400, everybody=1000)
    alarms.tell_due()
    assert "Harbourline has used 1,000 of its 1,000 segments for today" in sent[0].text


def test_an_organization_that_may_send_nothing_has_used_nothing_up(sent):
    use(watched(most=0, daily_segment_limit=None, daily_alarm_segments=None), 0)
    alarms.tell_due()
    assert not list(sent)


def test_each_address_is_told_once(sent):
    application = watched()
    organization = application.organization
    application.alarm_contacts.add(
        make_contact(organization, email="boss@example.com"),
        make_contact(organization, email="", msisdn="+85261234567"),
        make_contact(organization, email="night@example.com"),
    )
    make_contact(organization, email="not-chosen@example.com")
    use(application, 80)
    alarms.tell_due()
    # By mobile, too, unless the contact chose otherwise.
    told = ["boss@example.com", "+85261234567", "night@example.com"]
    assert [notice.to for notice in sent] == told


def test_many_applications_take_few_questions(sent, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(alarms, "_AT_ONCE", 4)
    for _ in range(10):
        use(watched(), 10)
    with django_assert_max_num_queries(8):
        alarms.tell_due()
    use(SmsApplication.objects.filter(name="Shop").latest("pk"), 80)
    assert alarms.tell_due() == 1


def test_the_task_mails(
    send_mail_at_once,
    django_capture_on_commit_callbacks,
):
    use(watched(), 80)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.tell_alarms(of_a_newer_console=1)
    assert [mail.to for mail in outbox.outbox] == [["boss@example.com"]]
    body = outbox.outbox[0].body
    assert "“Shop” of Harbourline has sent 80 segments today" in body
    assert "at 80. Its limit is 100." in body


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_tell_once(sent, monkeypatch):
    """Each has read that nobody is told yet before any of them writes that it has."""
    use(watched(), 80)
    workers = 2 if connection.vendor == "sqlite" else 4
    ready = threading.Barrier(workers, timeout=60)
    read = alarms._days_of

    def read_together(applications):
        days = read(applications)
        ready.wait()
        return days

    monkeypatch.setattr(alarms, "_days_of", read_together)

    def work(_number: int) -> int:
        try:
            return alarms.tell_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        told = list(pool.map(work, range(workers)))
    assert sum(told) == 1
    assert len(sent) == 1


def test_a_secret_that_no_key_reads_keeps_no_alarm_back(sent):
    """Secrets of callbacks have nothing to do with it."""
    use(watched(), 80)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_smsapplication SET callback_secret = 'gAAAA-of-a-lost-key'")
    assert alarms.tell_due() == 1
    assert len(sent) == 1

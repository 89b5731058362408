"""Messages of programs: filtered, paged, told one by one, exported."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_application, make_member
from sending.developers.queries import messages as queries
from sending.lifecycle import MessageState, SaidBy
from sending.models import ApiMessage, CallbackEvent, Message
from sending.models.api_message import NO_KEY
from sending.models.callback_event import CallbackKind
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move
from sending.tests.program_factories import make_program_messages, make_request
from sending.tests.send_tasks.reader import Reader, words
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL, EXPORT = reverse("developers:messages"), reverse("developers:messages_export")


def numbers_of(page) -> list[str]:
    return [cell.text.replace(" ", "") for cell in page.select("tbody th .msisdn")]


def sent(member: Member) -> list[Message]:
    """Of the default application: HK delivered, HK undeliverable, GB queued, GB in doubt."""
    numbers = [a_number(1), a_number(2), a_number(1, "GB"), a_number(2, "GB")]
    messages = make_program_messages(member.organization, numbers, request_id="request-of-four")
    move(messages[:1], MessageState.DELIVERED, code="000", said_by=SaidBy.HANDSET)
    move(messages[1:2], MessageState.UNDELIVERABLE, code="001")
    move(messages[3:], MessageState.IN_DOUBT, code="NO_ANSWER", said_by=SaidBy.US)
    return messages


def test_the_newest_come_first_and_messages_of_tasks_are_elsewhere():
    member = make_sender()
    sent(member)
    make_task(member, numbers=[a_number(7)])
    page = Reader(member).get(URL)
    assert numbers_of(page) == [
        a_number(2, "GB"),
        a_number(1, "GB"),
        a_number(2),
        a_number(1),
    ]
    assert "Undeliverable" in words(page)


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({"state": "DELIVERED"}, [a_number(1)]),
        ({"state": "UNDELIVERABLE"}, [a_number(2)]),
        ({"state": "ATTENTION"}, [a_number(2, "GB"), a_number(2)]),
        ({"state": "ATTENTION", "country": "HK"}, [a_number(2)]),
        ({"country": "GB"}, [a_number(2, "GB"), a_number(1, "GB")]),
        ({"number": "44"}, [a_number(2, "GB"), a_number(1, "GB")]),
        ({"number": "00852 5123 0001"}, [a_number(1)]),
        ({"number": "44", "state": "IN_DOUBT"}, [a_number(2, "GB")]),
        ({"request_id": "request-of-four", "country": "HK"}, [a_number(2), a_number(1)]),
        ({"request_id": "another"}, []),
        ({"state": "EXPIRED"}, []),
        ({"day": "2001-01-01"}, []),
    ],
)
def test_filters_find_messages(filters: dict[str, str], numbers: list[str]):
    member = make_sender()
    sent(member)
    assert numbers_of(Reader(member).search(URL, **filters)) == numbers


def test_what_makes_no_sense_in_an_address_is_as_if_it_was_not_there():
    member = make_sender()
    sent(member)
    wrong = {"state": "no", "application": "9", "template": "x", "day": "9999-99-99", "after": "y"}
    assert len(numbers_of(Reader(member).get(URL, **wrong, country="zz"))) == 4


def test_application_and_template_are_filters():
    member = make_sender()
    sent(member)
    shop = make_application(member.organization, name="Shop")
    template = approved_template(member.organization, name="Parcel")
    (parcel,) = make_program_messages(
        member.organization, [a_number(9)], application=shop, template=template
    )
    reader = Reader(member)
    assert numbers_of(reader.get(URL, application=shop.pk)) == [parcel.msisdn]
    assert numbers_of(reader.get(URL, template=template.pk)) == [parcel.msisdn]
    assert numbers_of(reader.get(URL, application=shop.pk, state="ATTENTION")) == []
    move([parcel], MessageState.REJECTED, code="ESME_RINVDSTADR")
    assert numbers_of(reader.get(URL, application=shop.pk, state="ATTENTION")) == [parcel.msisdn]


def test_a_day_is_one_of_the_organization():
    member = make_sender(time_zone="Asia/Hong_Kong")
    with time_machine.travel(datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), tick=False):
        (before,) = make_program_messages(member.organization, [a_number(1)])
    with time_machine.travel(datetime(2026, 11, 20, 16, 0, 1, tzinfo=UTC), tick=False):
        (after,) = make_program_messages(member.organization, [a_number(2)])
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        reader = Reader(member)
        assert numbers_of(reader.get(URL, day="2026-11-20")) == [before.msisdn]
        assert numbers_of(reader.get(URL, day="2026-11-21")) == [after.msisdn]


def test_pages_follow_each_other_whatever_the_filter(monkeypatch):
    monkeypatch.setattr(queries, "MESSAGES_A_PAGE", 3)
    monkeypatch.setattr(queries, "PIECE", 4)
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 8)
    member = make_sender()
    messages = make_program_messages(member.organization, [a_number(n) for n in range(20)])
    move(messages[::3], MessageState.UNDELIVERABLE, code="001")
    move(messages[1::6], MessageState.REJECTED, code="001")
    expected = {
        "": messages,
        "UNDELIVERABLE": messages[::3],
        "QUEUED": [m for n, m in enumerate(messages) if n % 3 and n % 6 != 1],
        "ATTENTION": [m for n, m in enumerate(messages) if not n % 3 or n % 6 == 1],
    }
    for state, wanted in expected.items():
        found, before, pages = [], None, 0
        while True:
            asked = queries.ProgramMessageFilter(state=state)
            page = queries.message_page(member.organization, asked, before)
            found += [message.pk for message in page.rows]
            pages += 1
            if not page.next:
                break
            assert before is None or int(page.next) < before
            before = int(page.next)
        assert found == sorted((message.pk for message in wanted), reverse=True), state
        assert pages > 1


def test_a_page_without_a_match_leads_further(monkeypatch):
    monkeypatch.setattr(queries, "PIECE", 2)
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 2)
    member = make_sender()
    old, *_others = make_program_messages(
        member.organization, [a_number(1, "GB"), *(a_number(n) for n in range(4))]
    )
    reader = Reader(member)
    page = reader.get(URL, country="GB")
    for _page in range(2):
        link = page.find("a", string="Look further")
        page = reader.get(URL + link["href"])
    assert numbers_of(page) == [old.msisdn]


def test_a_page_is_few_queries_however_many_messages_there_are():
    member = make_sender()
    make_program_messages(member.organization, [a_number(1)])
    reader = Reader(member)
    reader.get(URL)
    with CaptureQueriesContext(connection) as few:
        reader.get(URL)
    make_program_messages(member.organization, [a_number(n) for n in range(2, 40)])
    with CaptureQueriesContext(connection) as many:
        reader.get(URL)
    assert len(many) <= len(few)


def test_a_confirmation_is_no_message_of_a_program():
    """It has no task either, and needs attention when it fails."""
    member = make_sender()
    asked, answer = make_program_messages(member.organization, [a_number(1), a_number(2)])
    ApiMessage.objects.filter(pk=answer.pk).update(api_key_id=NO_KEY)
    move([asked, answer], MessageState.UNDELIVERABLE, code="001")
    for filters in ({}, {"state": "ATTENTION"}):
        assert numbers_of(Reader(member).get(URL, **filters)) == [asked.msisdn]


# --- One message ----------------------------------------------------------------------------------


def test_one_message_tells_its_whole_story():
    member = make_sender()
    message = sent(member)[1]
    logged = make_request(member.organization, request_id="request-of-four")
    event = CallbackEvent.objects.get(subject_id=message.pk, kind=CallbackKind.STATUS.value)
    CallbackEvent.objects.filter(pk=event.pk).update(delivered_at=timezone.now(), attempts=3)
    page = Reader(member).get(reverse("developers:message", args=[message.pk]))
    text = words(page)
    assert "Undeliverable" in text
    assert "Variables erased" in text
    assert "Asked for by the application “Default”, request request-of-four" in text
    assert "after 3 attempts" in text
    assert page.find("a", string="request-of-four")["href"] == reverse(
        "developers:request", args=[logged.pk]
    )


def test_the_exact_text_is_shown_while_it_is_known():
    member = make_sender()
    message = sent(member)[2]
    page = Reader(member).get(reverse("developers:message", args=[message.pk]))
    assert "Your verification code is 1234" in words(page)


def test_a_viewer_sees_stars_and_no_code():
    member = make_sender()
    message = sent(member)[2]
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    page = viewer.get(reverse("developers:message", args=[message.pk]))
    assert "1234" not in words(page)
    assert "+44 7*** ****01" in words(page)
    assert "+44 7*** ****01" in words(viewer.get(URL))
    # Nor do they find numbers out digit by digit.
    assert len(numbers_of(viewer.search(URL, number="44"))) == 4


def test_a_message_of_a_task_has_its_own_page():
    member = make_sender()
    task = make_task(member, numbers=[a_number(1)])
    url = reverse("developers:message", args=[make_messages(task)[0].pk])
    Reader(member).get(url, status=404)


# --- Export ---------------------------------------------------------------------------------------


def exported(reader: Reader, **filters: str) -> list[list[str]]:
    response = reader.client.get(EXPORT, filters)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_export_is_filtered_as_the_list_is():
    member = make_sender()
    messages = sent(member)
    heading, *rows = exported(Reader(member), state="UNDELIVERABLE")
    assert heading[:4] == ["SerialNo", "Mobile number", "Country", "State"]
    assert [row[:6] for row in rows] == [
        [f"id {messages[1].pk}", a_number(2)[1:], "HK", "Undeliverable", "Network", "001"]
    ]
    assert len(exported(Reader(member))) == 5


def test_the_export_of_a_viewer_has_stars():
    member = make_sender()
    sent(member)
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    assert [row[1] for row in exported(viewer, state="DELIVERED")][1:] == ["852******01"]


def test_an_export_whose_search_has_ended_exports_nothing():
    member = make_sender()
    sent(member)
    response = Reader(member).client.get(EXPORT, {"search": "of-another"})
    assert response.url.startswith(URL)

"""From a stored source of recipients to messages that can be sent, or to a code and nothing."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from sending.intake import row_storage, task_check
from sending.intake.lease import STALE_AFTER, LeaseLost, waiting_checks
from sending.intake.task_check import check_task, discard_unsent
from sending.lifecycle import MessageState, TaskState
from sending.models import (
    Batch,
    Gateway,
    Message,
    Price,
    Problem,
    RecipientSource,
    Route,
    SendTask,
    TaskCountry,
)
from sending.models.routing import RouteTable
from sending.models.stepping import step_task
from sending.tests.factories import (
    PLAIN_BODY,
    make_gateway,
    make_group,
    make_sender,
    make_task,
)
from sending.tests.spreadsheets.books import xlsx

HEADINGS = "Recipient's Mobile Number,SMS Content Variable 1,SMS Content Variable 2,Notes\n"
GOOD = "85261234567,1234,5,x\n447400123456,5678,10,y\n"


def problems(task):
    """Return [(kind, row, cell, code)] by row."""
    rows = Problem.objects.filter(task=task).order_by("row")
    return list(rows.values_list("kind", "row", "cell", "code"))


def messages(task):
    """Return the messages by row."""
    return list(Message.objects.filter(task_id=task.pk).order_by("row"))


def test_good_rows_become_queued_messages(checked):
    task = checked((HEADINGS + GOOD).encode())
    first, second = messages(task)
    assert task.state == TaskState.READY
    assert (first.row, first.msisdn, first.country, first.segments) == (2, "+85261234567", "HK", 1)
    assert json.loads(first.variables) == ["1234", "5"]
    assert first.state == MessageState.QUEUED
    assert first.organization_id == task.organization_id
    assert first.application_id == task.application_id
    assert first.text_template_version_id == task.text_template_version_id
    assert first.price_version_id == task.price_version_id
    assert (first.cost_micro, second.cost_micro) == (48_000, 39_500)
    assert first.id < second.id
    assert first.attempt == 0
    assert first.lane == task.lane
    assert first.created_at <= timezone.now()


def test_the_figures_of_the_check(checked):
    bad = "8613800138000,1,2,\n85261234567,1,2,\nSample,,,\n"
    task = checked((HEADINGS + GOOD + bad).encode())
    assert (task.rows_read, task.accepted, task.refused) == (5, 2, 2)
    assert (task.duplicates, task.skipped) == (1, 0)
    assert (task.segments, task.cost_micro, task.currency) == (2, 87_500, "USD")
    assert task.facts["problem_codes"] == {
        "MSISDN_MAINLAND": 1,
        "DUPLICATE": 1,
        "MSISDN_INVALID": 1,
    }
    assert task.facts["ignored_columns"] == ["Notes"]
    assert task.facts["first_row"] == 2
    assert task.facts["encoding"] == "utf-8"
    countries = TaskCountry.objects.filter(task=task).order_by("country")
    assert list(countries.values_list("country", "messages", "segments", "cost_micro")) == [
        ("GB", 1, 1, 39_500),
        ("HK", 1, 1, 48_000),
    ]


def test_batches_are_held_until_send_is_pressed(checked):
    rows = "".join(f"8526{n:07},1,2,\n" for n in range(1_000_000, 1_001_200))
    task = checked((HEADINGS + rows).encode())
    batches = list(Batch.objects.filter(task_id=task.pk).order_by("pk"))
    assert [len(batch.ids) for batch in batches][:2] == [500, 500]
    assert sum(len(batch.ids) for batch in batches) == task.accepted
    assert all(batch.due_at is None and not batch.owner for batch in batches)
    held = sorted(pk for batch in batches for pk in batch.ids)
    assert held == [message.pk for message in messages(task)]


def test_each_message_takes_the_gateway_of_its_route(waiting):
    task = waiting((HEADINGS + GOOD + "6581234567,1,2,\n").encode())
    british, prefixed = make_gateway(), make_gateway()
    Route.objects.create(country="GB", gateway=british, order=1)
    Route.objects.create(prefix="65812", gateway=prefixed, order=1)
    check_task(task.pk)
    found = {message.country: message.gateway_id for message in messages(task)}
    default = Route.objects.get(prefix="", country="").gateway_id
    assert found == {"HK": default, "GB": british.pk, "SG": prefixed.pk}
    batches = Batch.objects.filter(task_id=task.pk)
    assert {batch.gateway_id: len(batch.ids) for batch in batches} == dict.fromkeys(
        found.values(), 1
    )


def test_a_route_by_prefix_and_country_takes_only_numbers_of_both(waiting):
    task = waiting((HEADINGS + GOOD + "447400123001,1,2,\n12025550123,1,2,\n").encode())
    default = Route.objects.get(prefix="", country="").gateway_id
    canadian, british, anywhere = make_gateway(), make_gateway(), make_gateway()
    Route.objects.create(prefix="1", country="CA", gateway=canadian, order=1)
    Route.objects.create(prefix="44", country="GB", gateway=british, order=1)
    Route.objects.create(prefix="44", gateway=anywhere, order=1)
    check_task(task.pk)
    found = {message.country: message.gateway_id for message in messages(task)}
    assert found == {"HK": default, "US": default, "GB": british.pk}
    table = RouteTable.load()
    assert all(
        table.first_for(message.msisdn, message.country) == message.gateway_id
        for message in messages(task)
    )


def test_a_draining_gateway_takes_nothing_new(waiting):
    task = waiting((HEADINGS + GOOD).encode())
    other = make_gateway()
    Route.objects.create(gateway=other, order=2)
    Gateway.objects.exclude(pk=other.pk).update(mode=Gateway.Mode.DRAINING)
    check_task(task.pk)
    assert {message.gateway_id for message in messages(task)} == {other.pk}


def test_rows_nobody_can_carry_or_price_are_refused(waiting):
    task = waiting((HEADINGS + GOOD).encode())
    Price.objects.filter(country__in=["", "HK"]).delete()
    Route.objects.update(country="HK")
    check_task(task.pk)
    assert problems(task) == [
        ("REFUSED", 2, "A2", "NO_PRICE"),
        ("REFUSED", 3, "A3", "NO_ROUTE"),
    ]


def test_problems_name_row_cell_and_code(checked, tmp_path):
    rows = [
        ["Template Description", "Recipient's Mobile Number", "{1}", "{2}"],
        ["Sample", "8526666xxxx", "1234", "5"],
        ["Instructions", "Please enter …", "", ""],
        [],
        [None, "+85 2555 0012", "1", "2"],
        [None, 1.23e20, "1", "2"],
        [None, "8613800138000", "1", "2"],
        [None, "85261234567", "1", None],
        [None, "85261234567", "1", "2"],
        [None, "852 6123 4567", "3", "4"],
        [None, None, "1", "2"],
        [None, "447400123456", "https://example.com", "2"],
    ]
    path = xlsx(tmp_path / "a.xlsx", rows)
    task = checked(path.read_bytes(), name="a.xlsx")
    assert problems(task) == [
        ("SKIPPED", 2, "B2", "SAMPLE_ROW"),
        ("SKIPPED", 3, "B3", "INSTRUCTIONS_ROW"),
        ("REFUSED", 5, "B5", "MSISDN_INVALID"),
        ("REFUSED", 6, "B6", "MSISDN_DIGITS_LOST"),
        ("REFUSED", 7, "B7", "MSISDN_MAINLAND"),
        ("REFUSED", 8, "D8", "VARIABLE_MISSING"),
        ("DUPLICATE", 10, "B10", "DUPLICATE"),
        ("REFUSED", 11, "B11", "MSISDN_MISSING"),
        ("REFUSED", 12, "C12", Problem.objects.get(row=12).code),
    ]
    assert [message.row for message in messages(task)] == [9]
    assert Problem.objects.get(row=10).params == {"first": 9}
    assert Problem.objects.get(row=8).params == {"variable": 2, "needed": 2}
    assert Problem.objects.get(row=7).cells == ["", "8613800138000", "1", "2"]
    assert Problem.objects.get(row=12).code.startswith("VALUE_")
    assert (task.rows_read, task.accepted, task.skipped) == (10, 1, 2)


def test_an_earlier_refused_row_does_not_make_a_duplicate(checked):
    task = checked((HEADINGS + "85261234567,,5,\n85261234567,1,5,\n").encode())
    assert [message.row for message in messages(task)] == [3]
    assert problems(task) == [("REFUSED", 2, "B2", "VARIABLE_MISSING")]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "FILE_EMPTY"),
        (b"%PDF-1.4", "a.xlsx", "FILE_TYPE"),
        (b"name,city\nAnn,Bath\n", "a.csv", "NO_NUMBER_COLUMN"),
        (b"mobile,{1}\n85261234567,5\n", "a.csv", "VARIABLE_COLUMN_MISSING"),
        (b"mobile,{1},{2}\n", "a.csv", "NO_ROWS"),
        (b"PK\x03\x04 broken", "a.xlsx", "FILE_BROKEN"),
    ],
)
def test_a_refused_file_leaves_nothing_but_its_code(checked, content, name, code):
    task = checked(content, name=name)
    assert (task.state, task.failure_code) == (TaskState.REJECTED, code)
    assert not messages(task)
    assert not problems(task)


def test_a_file_that_turns_out_broken_after_many_rows_leaves_nothing(checked):
    rows = "".join(f"8526{n:07},1,2,\n" for n in range(1_000_000, 1_005_000))
    task = checked((HEADINGS + rows + '"85261234567,1,2,\n').encode())
    assert (task.state, task.failure_code) == (TaskState.REJECTED, "FILE_QUOTES")
    assert task.failure_params == {"row": 5_002}
    assert not messages(task)
    assert not Batch.objects.filter(task_id=task.pk).exists()


def test_a_stored_file_that_is_gone(waiting):
    task = waiting((HEADINGS + GOOD).encode())
    task.upload.file.storage.delete(task.upload.file.name)
    check_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.failure_code) == (TaskState.REJECTED, "UPLOAD_GONE")


def test_pasted_numbers_keep_their_lines(checked_numbers):
    task = checked_numbers("85261234567\n\n447400123456\r\n85261234567\nnonsense\n")
    assert [(m.row, m.msisdn) for m in messages(task)] == [
        (1, "+85261234567"),
        (3, "+447400123456"),
    ]
    assert problems(task) == [
        ("DUPLICATE", 4, "", "DUPLICATE"),
        ("REFUSED", 5, "", "MSISDN_INVALID"),
    ]


def test_a_customer_group_of_the_organization(db):
    member = make_sender()
    make_gateway()
    group = make_group(member.organization, ["+85261234567", "+447400123456"])
    task = make_task(member, TaskState.CHECKING, source=RecipientSource.GROUP.value, group=group)
    check_task(task.pk)
    assert [(m.row, m.msisdn) for m in messages(task)] == [
        (1, "+85261234567"),
        (2, "+447400123456"),
    ]


def test_another_organizations_group_gives_nobody(db):
    group = make_group(make_sender().organization, ["+85261234567"])
    make_gateway()
    task = make_task(
        make_sender(), TaskState.CHECKING, source=RecipientSource.GROUP.value, group=group
    )
    check_task(task.pk)
    task.refresh_from_db()
    assert (task.state, task.failure_code) == (TaskState.REJECTED, "NO_ROWS")


def test_replacements_in_values_are_opt_in_and_costly_characters_are_counted(waiting):
    body = PLAIN_BODY + " " + "x" * 50 + " {1}"
    content = "mobile,1\n85261234567,5–10\n447400123456,7\n".encode()
    task = waiting(content, body=body)
    check_task(task.pk)
    task.refresh_from_db()
    assert [m.segments for m in messages(task)] == [3, 1]
    assert task.facts["costly"] == {"–": [1, 2]}
    assert (task.facts["ucs2_rows"], task.facts["multi_segment_rows"]) == (1, 1)
    again = waiting(content, body=body, replace=True)
    check_task(again.pk)
    assert json.loads(messages(again)[0].variables) == ["5-10"]
    assert [m.segments for m in messages(again)] == [1, 1]


@pytest.mark.parametrize(
    "value", ['a"b\\c', "{2} %s %(x)s", "'; DROP TABLE x; --", "王 🎉", "\\N", "\\u0041", "1,234"]
)
def test_values_of_every_kind_survive_the_way_into_the_database(checked, value):
    row = f'85261234567,"{value.replace(chr(34), chr(34) * 2)}"\n'
    task = checked(f"mobile,1\n{row}".encode(), body="Hello {1}, welcome to the shop.")
    assert json.loads(messages(task)[0].variables) == [value]


def test_a_check_runs_once(waiting):
    task = waiting((HEADINGS + GOOD).encode())
    assert check_task(task.pk) is True
    assert check_task(task.pk) is False
    assert len(messages(task)) == 2


def test_a_check_that_another_worker_does_is_left_alone(waiting):
    task = waiting((HEADINGS + GOOD).encode())
    SendTask.objects.filter(pk=task.pk).update(check_beat_at=timezone.now())
    assert check_task(task.pk) is False
    assert not messages(task)
    assert not waiting_checks().exists()


def test_a_check_whose_worker_died_begins_again_from_the_start(waiting, monkeypatch):
    rows = "".join(f"8526{n:07},1,2,\n" for n in range(1_000_000, 1_004_500))
    task = waiting((HEADINGS + rows + "x,,,\n").encode())
    add, calls = row_storage.MessageStore.add, []
    monkeypatch.setattr(row_storage, "block_rows", lambda **_scattered: 1_000)

    def die(self, rows):
        calls.append(rows.stored)
        if len(calls) == 2:
            raise KeyboardInterrupt
        add(self, rows)

    monkeypatch.setattr(row_storage.MessageStore, "add", die)
    with pytest.raises(KeyboardInterrupt):
        check_task(task.pk)
    assert len(messages(task)) == calls[0] > 0
    task.refresh_from_db()
    assert task.state == TaskState.CHECKING
    assert check_task(task.pk) is False
    SendTask.objects.filter(pk=task.pk).update(
        check_beat_at=timezone.now() - STALE_AFTER - timedelta(seconds=1)
    )
    assert waiting_checks().get() == task
    assert check_task(task.pk) is True
    task.refresh_from_db()
    assert task.accepted == len(messages(task)) == len({m.msisdn for m in messages(task)})
    assert sum(len(batch.ids) for batch in Batch.objects.filter(task_id=task.pk)) == task.accepted
    assert len(problems(task)) == task.refused


def test_a_cancelled_check_stops_and_leaves_nothing(waiting, monkeypatch):
    rows = "".join(f"8526{n:07},1,2,\n" for n in range(1_000_000, 1_004_500))
    task = waiting((HEADINGS + rows).encode())
    add = row_storage.MessageStore.add
    monkeypatch.setattr(row_storage, "block_rows", lambda **_scattered: 1_000)

    def cancel_then_add(self, rows):
        add(self, rows)
        step_task(TaskState.CANCELLED, task.pk)

    monkeypatch.setattr(row_storage.MessageStore, "add", cancel_then_add)
    assert check_task(task.pk) is False
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    assert not messages(task)
    assert not Batch.objects.filter(task_id=task.pk).exists()


@pytest.mark.parametrize("onward", [TaskState.CANCELLED, TaskState.DRAFT])
def test_a_checked_task_that_is_given_up_keeps_its_problems_only(checked, onward):
    task = checked((HEADINGS + GOOD + "x,,,\n").encode())
    assert discard_unsent(task.pk) is False
    step_task(onward, task.pk)
    assert discard_unsent(task.pk) is True
    assert not messages(task)
    assert not Batch.objects.filter(task_id=task.pk).exists()
    assert [code for *_, code in problems(task)] == ["MSISDN_INVALID"]


def test_a_task_read_again_has_the_rows_of_the_second_reading_only(checked):
    task = checked((HEADINGS + GOOD + "x,,,\n").encode())
    step_task(TaskState.DRAFT, task.pk)
    step_task(TaskState.CHECKING, task.pk, check_beat_at=None)
    assert check_task(task.pk) is True
    assert len(messages(task)) == 2
    assert len(problems(task)) == 1
    assert TaskCountry.objects.filter(task=task).count() == 2


def test_a_worker_that_lost_its_lease_stores_nothing_more(waiting, monkeypatch):
    task = waiting((HEADINGS + GOOD).encode())
    begin = task_check._Check._begin

    def overtaken(self, head):
        begin(self, head)
        SendTask.objects.filter(pk=task.pk).update(check_beat_at=timezone.now())
        with pytest.raises(LeaseLost):
            self._lease.beat()

    monkeypatch.setattr(task_check._Check, "_begin", overtaken)
    assert check_task(task.pk) is False
    task.refresh_from_db()
    assert task.state == TaskState.CHECKING
    assert not messages(task)

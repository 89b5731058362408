"""Fill a database with messages as they lie after months; print pages as one JSON line.

Run in a process of its own with VAR_DIR and DATABASE_URL. A tenth of the messages belongs to a
task that is being sent, a tenth to one that waits for Send, a tenth to one that is over and failed
often, the rest to 200 tasks of four organizations, sent evenly over the last 13 months. A database
that has as many is used again.
"""

import json
import os
import sys
from typing import Any

import django

OTHER_TASKS = 200
DAYS = 390
PROBLEMS = 60_000
# Transactions of archiving between two of compaction, which looks at the newest counters.
_ARCHIVED_AT_ONCE = 20
# The worst places for a list in the order of the sheet: the last rows.
LAST_ROWS = 30
FIRST_OF_QUARTER = 1_000_000_000_000
BODY = "Dear {1}, your order total is {2}. Please collect it within 7 days."
SENT, READY, OVER = "A million, sent", "A million, ready", "A million, over"

_MESSAGES = """
INSERT INTO sending_message (id, organization_id, application_id, task_id, row, msisdn, country,
    lane, text_template_version_id, price_version_id, variables, data_coding, segments, cost_micro,
    state, from_state, said_by, code, attempt, gateway_id, created_at, state_at)
SELECT %(first)s + g, %(organization)s, %(application)s, %(task)s, g + 1,
    CASE country WHEN 'HK' THEN '+8525' || (1000000 + (g::bigint * 7919 + %(task)s) %% 8999999)
                 WHEN 'GB' THEN '+4474' || (10000000 + (g::bigint * 7919 + %(task)s) %% 89999999)
                 ELSE '+658' || (1000000 + g) END,
    country, 'BULK', %(version)s, %(prices)s, '["Ms Tan", "HKD 1,204.50"]', 0, 1, 48000,
    state, '', CASE state WHEN 'DELIVERED' THEN 'NETWORK' ELSE 'US' END,
    CASE WHEN state = 'UNDELIVERABLE' THEN CASE WHEN %(over)s THEN '006' ELSE '001' END
         WHEN state = 'REJECTED' THEN 'ESME_RINVDSTADR' ELSE '' END,
    1, %(gateway)s, now(), now()
FROM (SELECT g,
    CASE WHEN g > %(rows)s - %(last)s THEN 'SG' WHEN g %% 10 > 7 THEN 'GB' ELSE 'HK' END AS country,
    CASE WHEN NOT %(sent)s THEN 'QUEUED'
         WHEN %(over)s AND g %% 10 = 7 THEN 'UNDELIVERABLE'
         WHEN g > %(rows)s - %(last)s THEN 'SUBMITTED'
         WHEN g %% 100 = 7 THEN 'UNDELIVERABLE' WHEN g %% 1000 = 3 THEN 'REJECTED'
         WHEN g %% 20000 = 5 THEN 'IN_DOUBT' ELSE 'DELIVERED' END AS state
    FROM generate_series(1, %(rows)s) AS g) AS made
"""
# What intake and the engine keep beside the messages of all tasks.
_BESIDE = (
    """
    INSERT INTO sending_attention (message_id, organization_id, task_id, state, code, at)
    SELECT id, organization_id, task_id, state, code, state_at FROM sending_message
    WHERE state IN ('UNDELIVERABLE', 'REJECTED', 'IN_DOUBT')
    """,
    """
    INSERT INTO sending_counter (organization_id, application_id, task_id, hour, country, state,
        messages, segments, cost_micro)
    SELECT m.organization_id, m.application_id, task_id, t.accepted_hour, country, m.state,
        count(*), sum(m.segments), sum(m.cost_micro)
    FROM sending_message m JOIN sending_sendtask t ON t.id = task_id
    WHERE t.accepted_hour IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
    """,
    """
    INSERT INTO sending_taskcountry (task_id, country, messages, segments, unit_micro, cost_micro)
    SELECT task_id, country, count(*), sum(segments), 48000, sum(cost_micro) FROM sending_message
    GROUP BY 1, 2
    """,
)
# What a minute of sending adds before it is compacted.
_DELTAS = """
INSERT INTO sending_counter (organization_id, application_id, task_id, hour, country, state,
    messages, segments, cost_micro)
SELECT %(organization)s, %(application)s, %(task)s, %(hour)s, 'HK', state, n, n, n * 48000
FROM generate_series(1, 300), (VALUES ('SUBMITTED', 250), ('SUBMITTED', -250)) AS v(state, n)
"""
# A busy quarter before today: 24 tasks a day, to 40 countries; their messages are gone.
_QUARTER = """
INSERT INTO sending_counter (organization_id, application_id, task_id, hour, country, state,
    messages, segments, cost_micro)
SELECT %(organization)s, %(application)s, %(first)s + day * 24 + hour,
    to_char(%(today)s::date - day, 'YYYYMMDD')::int * 100 + hour, country, state, n, n, n * 48000
FROM generate_series(1, 90) AS day, generate_series(0, 23) AS hour,
    unnest(%(countries)s::text[]) AS country,
    (VALUES ('DELIVERED', 940), ('UNDELIVERABLE', 50), ('SUBMITTED', 10)) AS v(state, n)
"""
# Why messages failed and how long others took in that quarter.
_TALLIES = """
INSERT INTO sending_daytally (organization_id, application_id, day, country, kind, subject,
    messages)
SELECT %(organization)s, %(application)s,
    to_char(%(today)s::date - day, 'YYYYMMDD')::int, country, kind,
    CASE kind WHEN 'CODE' THEN lpad(n::text, 3, '0') ELSE (20 + n)::text END, 10 * n
FROM generate_series(0, 89) AS day, generate_series(1, 12) AS n,
    unnest(%(countries)s::text[]) AS country, (VALUES ('CODE'), ('DELAY')) AS v(kind)
"""
_BATCHES = """
INSERT INTO sending_batch (organization_id, task_id, gateway_id, lane, owner, ids)
SELECT %(organization)s, %(task)s, %(gateway)s, 'BULK', '', jsonb_agg(id ORDER BY id)
FROM sending_message WHERE task_id = %(task)s GROUP BY row / 500
"""
_PROBLEMS = """
INSERT INTO sending_problem (organization_id, task_id, kind, row, cell, code, value, params,
    suggestion, cells)
SELECT %(organization)s, %(task)s, 'REFUSED', %(rows)s + g, 'A' || %(rows)s + g,
    CASE WHEN g %% 3 = 0 THEN 'MSISDN_MAINLAND' WHEN g > %(problems)s - 20 THEN 'VARIABLE_MISSING'
         ELSE 'MSISDN_INVALID' END,
    '+85 2555 0012', '{"variable": 1, "needed": 2}', '', '["+85 2555 0012", "Ms Tan", "HKD 8"]'
FROM generate_series(1, %(problems)s) AS g
"""


def main(rows: int, customers: int) -> dict[str, Any]:
    """Make the rows, or find them, and return {"cookie": …, "pages": {name: address}}."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Member
    from benchmarks._pages_customers import customer_pages
    from sending.models import Batch, SendTask

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    # The batches come last.
    if not (Batch.objects.exists() and SendTask.objects.filter(accepted=rows // 10).exists()):
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
            _make(cursor, rows)
    sent, ready, over = (SendTask.objects.get(name=name) for name in (SENT, READY, OVER))
    _accepted_now(sent)
    _quarter(sent)
    reader = Member.objects.get(organization=sent.organization)
    pages, searches = _pages(sent, ready, over, rows // 10), _searches(rows // 10)
    pages |= customer_pages(sent.organization, customers)
    return {"cookie": _cookie(reader, searches), "pages": pages}


def _make(cursor: Any, rows: int) -> None:
    """Fill an empty database; the indexes of messages come after the messages."""
    from datetime import timedelta

    from django.utils import timezone

    from benchmarks import _months
    from sending.lifecycle import TaskState
    from sending.models.message import first_id_at
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    members = [factories.make_sender(daily_segment_limit=50_000_000) for _number in range(4)]
    gateway, prices = factories.make_gateway(), factories.make_prices()
    versions = [approved_template(m.organization, BODY, "MARKETING").approved for m in members]
    each, big = rows * 7 // 10 // OTHER_TASKS, rows // 10
    plan = [
        *((at % len(members), f"Task {at}", TaskState.FINISHED, each) for at in range(OTHER_TASKS)),
        (0, OVER, TaskState.FINISHED, big),
        (0, SENT, TaskState.SENDING, big),
        (0, READY, TaskState.READY, big),
    ]
    now = timezone.now()
    _months.lay_out(cursor, now - timedelta(days=DAYS), now)
    indexes = _months.without_indexes(cursor)
    for place, (at, name, state, size) in enumerate(plan):
        pinned = {"template_version": versions[at], "price_version": prices}
        task = factories.make_task(members[at], state, name=name, **pinned)
        ago = timedelta(days=DAYS * (len(plan) - place) / (len(plan) + 1))
        _fill(cursor, task, gateway, size, first_id_at(now - ago))
    _months.build(cursor, indexes)
    cursor.execute("ANALYZE")
    _months.fill_numbers(cursor)
    for statement in _BESIDE:
        cursor.execute(statement)
    # `task` is the last one, which waits for Send.
    cursor.execute(_BATCHES, _owner(task) | {"gateway": gateway.pk})
    cursor.execute("VACUUM ANALYZE")


def _fill(cursor: Any, task: Any, gateway: Any, rows: int, first: int) -> None:
    """Give a task its messages, and what belongs to it alone."""
    from sending.models import SendTask

    waits = task.name == READY
    values = _owner(task) | {
        "first": first,
        "version": task.text_template_version_id,
        "prices": task.price_version_id,
        "gateway": gateway.pk,
        "rows": rows,
        "last": LAST_ROWS,
        "sent": not waits,
        "over": task.name == OVER,
        "problems": PROBLEMS,
    }
    cursor.execute(_MESSAGES, values)
    if waits:
        cursor.execute(_PROBLEMS, values)
    if task.name == SENT:
        cursor.execute(_DELTAS, values)
    third = PROBLEMS // 3
    codes = {"MSISDN_INVALID": PROBLEMS - third - 13, "MSISDN_MAINLAND": third}
    SendTask.objects.filter(pk=task.pk).update(
        rows_read=rows,
        accepted=rows,
        segments=rows,
        cost_micro=rows * 48_000,
        refused=PROBLEMS if waits else 0,
        facts={"first_row": 2, "problem_codes": codes | {"VARIABLE_MISSING": 13} if waits else {}},
    )


def _first_id(task: Any) -> int:
    """Return the id before that of the first message of a task."""
    from sending.models import Message

    ids = Message.objects.filter(task_id=task.pk).order_by("row").values_list("pk", flat=True)
    return int(ids[0]) - 1


def _accepted_now(task: Any) -> None:
    """Let all have been accepted in this hour, however old the database is, but those long past."""
    from django.utils import timezone

    from sending.models import Counter, SendTask

    hour = task.organization.local_hour(timezone.now())
    Counter.objects.filter(task_id__lt=FIRST_OF_QUARTER).update(hour=hour)
    own = SendTask.objects.exclude(accepted_hour=None)
    own.filter(pk__lt=FIRST_OF_QUARTER).update(accepted_hour=hour)


def _quarter(task: Any) -> None:
    """Write the counters of the ninety days before today as they lie after they were parted."""
    import phonenumbers
    from django.db import connection
    from django.utils import timezone

    from sending.delivery.counters import archiving, compaction
    from sending.models import Counter

    today = timezone.localdate(timezone=task.organization.zone)
    # Those of an older run have other days, and those that count for a day have no task.
    own = Counter.objects.for_organization(task.organization)
    own.filter(task_id__gte=FIRST_OF_QUARTER).delete()
    own.filter(task_id=None).delete()
    countries = sorted(phonenumbers.SUPPORTED_REGIONS - {"CN"})[::6][:39]
    values = {"first": FIRST_OF_QUARTER, "today": today, "countries": [*countries, "HK"]}
    with connection.cursor() as cursor:
        cursor.execute(_QUARTER, _owner(task) | values)
        cursor.execute("DELETE FROM sending_daytally")
        cursor.execute(_TALLIES, _owner(task) | values)
        # In turns, as the beat does: archiving alone leaves several rows of each figure.
        while archiving.archive(_ARCHIVED_AT_ONCE):
            compaction.compact()
        _past_tasks(task, today)
        for table in ("counter", "daytally", "sendtask"):
            cursor.execute(f"VACUUM ANALYZE sending_{table}")


def _past_tasks(task: Any, today: Any) -> None:
    """Write the tasks that the counters of the quarter are of."""
    from datetime import timedelta

    from sending.lifecycle import TaskState
    from sending.models import SendTask

    SendTask.objects.filter(pk__gte=FIRST_OF_QUARTER).delete()
    fields = SendTask._meta.concrete_fields
    given = {field.attname: getattr(task, field.attname) for field in fields}
    SendTask.objects.bulk_create(
        SendTask(
            **given
            | {
                "id": FIRST_OF_QUARTER + day * 24 + hour,
                "name": f"Past {day} {hour}",
                "state": TaskState.FINISHED.value,
                "finished_at": task.sent_at,
                "accepted_hour": int(f"{today - timedelta(day):%Y%m%d}{hour:02}"),
            }
        )
        for day in range(1, 91)
        for hour in range(24)
    )


def _owner(task: Any) -> dict[str, int]:
    return {
        "organization": task.organization_id,
        "application": task.application_id,
        "task": task.pk,
        "hour": task.accepted_hour or 0,
    }


def _searches(rows: int) -> dict[str, str]:
    """Return what a session remembers of searches; addresses name only the keys."""
    return {
        "common": "852",
        "some": "852512",
        "whole": f"65{81_000_000 + rows}",
        "none": "999",
        "gb": "447",
        "last": "7919",
        "home": "07410007919",
        "name": "name 77",
        "nobody": "Nobody is called so",
        "city": "\nCity 77",
        "one": "\nValue 77",
    }


def _cookie(member: Any, searches: dict[str, str]) -> str:
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import log_in
    from sending.searches import SESSION_KEY

    name = settings.SESSION_COOKIE_NAME
    client = log_in(Client(), member)
    session = client.session
    session[SESSION_KEY] = searches
    session.save()
    return f"{name}={client.cookies[name].value}"


def _pages(sent: Any, ready: Any, over: Any, rows: int) -> dict[str, str]:
    pages = {
        "overview": "/",
        "task list": "/tasks/",
        "task list, second page": f"/tasks/?after={sent.pk - 80}",
        "task list, one state": "/tasks/?state=FINISHED",
        "task list, a name of none": "/tasks/?name=nowhere",
        "task list, a number": "/tasks/?search=whole",
        "task list, a person and a period": f"/tasks/?person={sent.sent_by_id}&last=2020-01-01",
        "report": f"/tasks/{sent.pk}/report/",
        "report of a task that is over": f"/tasks/{over.pk}/report/",
        "exports": "/exports/",
        "statistics in detail, 7 days": "/statistics/breakdown/",
        "statistics in detail, 90 days": "/statistics/breakdown/?days=90",
        "task": f"/tasks/{sent.pk}/",
        "task that is over": f"/tasks/{over.pk}/",
        "statistics, 7 days": "/statistics/",
        "statistics, 30 days": "/statistics/?days=30",
        "statistics, 90 days": "/statistics/?days=90",
        "statistics, 30 days of one country": "/statistics/?days=30&country=HK",
        "check": f"/tasks/{ready.pk}/check/",
        "check, a row in the middle": f"/tasks/{ready.pk}/check/?row={rows // 2}",
    }
    for code in ("", "MSISDN_INVALID", "MSISDN_MAINLAND", "VARIABLE_MISSING"):
        for place, row in _places(rows, rows + PROBLEMS):
            query = f"code={code}&after={row}.0" if row else f"code={code}"
            pages[f"problems, {code or 'all'}, {place}"] = f"/tasks/{ready.pk}/check/?{query}"
    lists = {
        "all": "",
        "a common state": "state=DELIVERED",
        "a state of the last rows": "state=SUBMITTED",
        "a state of none": "state=QUEUED",
        "a rare state": "state=UNDELIVERABLE",
        "a rare state and country": "state=UNDELIVERABLE&country=SG",
        "a common prefix": "search=common",
        "a prefix of some": "search=some",
        "a whole number": "search=whole",
        "a prefix of none": "search=none",
        "a common country": "country=HK",
        "a country of the last rows": "country=SG",
        "country, state and prefix": "country=GB&state=REJECTED&search=gb",
    }
    first = _first_id(sent)
    for name, query in lists.items():
        for place, row in _places(0, rows):
            # In a rare state the list is in the order of message ids, which is the same order.
            after = row + first if query.startswith("state=UNDELIVERABLE") and row else row
            address = f"/tasks/{sent.pk}/messages/?{query}" + (f"&after={after}" if row else "")
            pages[f"messages, {name}, {place}"] = address
    return pages


def _places(start: int, end: int) -> list[tuple[str, int]]:
    return [("first", 0), ("middle", (start + end) // 2), ("last", end - 20)]


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
    django.setup()
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))

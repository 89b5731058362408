"""Fill an empty database with messages as they lie after months; print pages as one JSON line.

Run in a process of its own with VAR_DIR and DATABASE_URL. A tenth of the messages belongs to a task
that was sent, a tenth to one that waits for Send, the rest to 200 tasks of four organizations.
"""

import json
import os
import sys
from typing import Any

import django

OTHER_TASKS = 200
PROBLEMS = 60_000
# The worst places for a list in the order of the sheet: the last rows.
LAST_ROWS = 30
BODY = "Dear {1}, your order total is {2}. Please collect it within 7 days."

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
    CASE state WHEN 'UNDELIVERABLE' THEN '001' WHEN 'REJECTED' THEN 'ESME_RINVDSTADR' ELSE '' END,
    1, %(gateway)s, now(), now()
FROM (SELECT g,
    CASE WHEN g > %(rows)s - %(last)s THEN 'SG' WHEN g %% 10 > 7 THEN 'GB' ELSE 'HK' END AS country,
    CASE WHEN NOT %(sent)s THEN 'QUEUED'
         WHEN g > %(rows)s - %(last)s THEN 'SUBMITTED'
         WHEN g %% 100 = 7 THEN 'UNDELIVERABLE' WHEN g %% 1000 = 3 THEN 'REJECTED'
         WHEN g %% 20000 = 5 THEN 'IN_DOUBT' ELSE 'DELIVERED' END AS state
    FROM generate_series(1, %(rows)s) AS g) AS made
"""
_ATTENTION = """
INSERT INTO sending_attention (message_id, organization_id, task_id, state, code, at)
SELECT id, organization_id, task_id, state, code, state_at FROM sending_message
WHERE task_id = %(task)s AND state IN ('UNDELIVERABLE', 'REJECTED', 'IN_DOUBT')
"""
_COUNTERS = """
INSERT INTO sending_counter (organization_id, application_id, task_id, hour, country, state,
    messages, segments, cost_micro)
SELECT organization_id, application_id, task_id, %(hour)s, country, state,
    count(*), sum(segments), sum(cost_micro) FROM sending_message
WHERE task_id = %(task)s GROUP BY 1, 2, 3, 5, 6
"""
# What a minute of sending adds before it is squashed.
_DELTAS = """
INSERT INTO sending_counter (organization_id, application_id, task_id, hour, country, state,
    messages, segments, cost_micro)
SELECT %(organization)s, %(application)s, %(task)s, %(hour)s, 'HK', state, n, n, n * 48000
FROM generate_series(1, 300), (VALUES ('SUBMITTED', 250), ('SUBMITTED', -250)) AS v(state, n)
"""
_COUNTRIES = """
INSERT INTO sending_taskcountry (task_id, country, messages, segments, unit_micro, cost_micro)
SELECT task_id, country, count(*), sum(segments), 48000, sum(cost_micro) FROM sending_message
WHERE task_id = %(task)s GROUP BY 1, 2
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


def main(rows: int) -> dict[str, Any]:
    """Make the rows and return {"cookie": …, "pages": {name: address}}."""
    from django.core.management import call_command

    from sending.lifecycle import TaskState
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    members = [factories.make_sender(daily_segment_limit=50_000_000) for _number in range(4)]
    gateway, prices = factories.make_gateway(), factories.make_prices()
    versions = [approved_template(m.organization, BODY, "MARKETING").approved for m in members]
    with _cursor() as cursor:
        for number in range(OTHER_TASKS):
            at = number % len(members)
            task = factories.make_task(
                members[at], TaskState.FINISHED, template_version=versions[at], price_version=prices
            )
            _fill(cursor, task, gateway, rows * 8 // 10 // OTHER_TASKS, sent=True)
        reader = members[0]
        common = {"template_version": versions[0], "price_version": prices}
        sent = factories.make_task(reader, TaskState.SENDING, name="A million, sent", **common)
        ready = factories.make_task(reader, TaskState.READY, name="A million, ready", **common)
        _fill(cursor, sent, gateway, rows // 10, sent=True)
        cursor.execute(_DELTAS, _owner(sent))
        _fill(cursor, ready, gateway, rows // 10, sent=False)
        cursor.execute("VACUUM ANALYZE")
    return {"cookie": _cookie(reader), "pages": _pages(sent, ready, rows // 10)}


def _cursor() -> Any:
    from django.db import connection

    cursor = connection.cursor()
    cursor.execute("SET synchronous_commit = off")
    return cursor


def _fill(cursor: Any, task: Any, gateway: Any, rows: int, *, sent: bool) -> None:
    """Give a task its messages, and all that the engine keeps beside them."""
    from sending.models import SendTask

    values = _owner(task) | {
        "first": (1 << 50) + task.pk * (1 << 21),
        "version": task.text_template_version_id,
        "prices": task.price_version_id,
        "gateway": gateway.pk,
        "rows": rows,
        "last": LAST_ROWS,
        "sent": sent,
        "problems": PROBLEMS,
    }
    beside = [_ATTENTION, _COUNTERS] if sent else [_BATCHES, _PROBLEMS]
    for statement in [_MESSAGES, _COUNTRIES, *beside]:
        cursor.execute(statement, values)
    third = PROBLEMS // 3
    codes = {"MSISDN_INVALID": PROBLEMS - third - 13, "MSISDN_MAINLAND": third}
    SendTask.objects.filter(pk=task.pk).update(
        rows_read=rows,
        accepted=rows,
        segments=rows,
        cost_micro=rows * 48_000,
        refused=0 if sent else PROBLEMS,
        facts={"first_row": 2, "problem_codes": {} if sent else codes | {"VARIABLE_MISSING": 13}},
    )


def _owner(task: Any) -> dict[str, int]:
    return {
        "organization": task.organization_id,
        "application": task.application_id,
        "task": task.pk,
        "hour": task.accepted_hour or 0,
    }


def _cookie(member: Any) -> str:
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import log_in

    name = settings.SESSION_COOKIE_NAME
    return f"{name}={log_in(Client(), member).cookies[name].value}"


def _pages(sent: Any, ready: Any, rows: int) -> dict[str, str]:
    pages = {
        "overview": "/",
        "task list": "/tasks/",
        "task list, second page": f"/tasks/?before={sent.pk - 80}",
        "task list, one state": "/tasks/?state=FINISHED",
        "task": f"/tasks/{sent.pk}/",
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
        "a common prefix": "number=852",
        "a prefix of some": "number=852512",
        "a whole number": f"number=65{81_000_000 + rows}",
        "a prefix of none": "number=999",
        "a common country": "country=HK",
        "a country of the last rows": "country=SG",
        "country, state and prefix": "country=GB&state=REJECTED&number=447",
    }
    first = (1 << 50) + sent.pk * (1 << 21)
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
    print(json.dumps(main(int(sys.argv[1]))))

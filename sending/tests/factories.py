"""Rows of sending as they really come about: every state through the steps that lead to it."""

import itertools
import json
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Member, Organization, SmsApplication
from accounts.roles import Role
from accounts.tests.factories import make_active_organization, make_application, make_member
from sending.lifecycle import MESSAGE_STEPS, TASK_STEPS, MessageState, SaidBy, TaskState
from sending.models import (
    Batch,
    Counter,
    CustomerGroup,
    Gateway,
    InboundMessage,
    Message,
    Price,
    PriceVersion,
    Problem,
    ProblemKind,
    RecipientSource,
    Route,
    SendApproval,
    SendTask,
    TaskCountry,
    Upload,
)
from sending.models.batch import BATCH_SIZE
from sending.models.customer import Customer, GroupMembership
from sending.models.figures import Figures, together
from sending.models.message import reserve_ids
from sending.models.queued import count_queued
from sending.models.stepping import MessageChange, step, step_task
from sending.sms import msisdn, segments
from sending.sms.keywords import Keyword, keyword_of
from templates_app import wording
from templates_app.models import SmsType, TextTemplateVersion
from templates_app.tests.factories import approved_template

PLAIN_BODY = "Harbourline stores close at 16:00 on Thursday and open again on Friday at 09:00."
CODE_BODY = "Your verification code is {1} (valid for {2} minutes)."
PRICES = {"HK": 48_000, "GB": 39_500, "SG": 36_200, "": 90_000}
_numbers = itertools.count(1)


def make_gateway(**fields: Any) -> Gateway:
    """A simulator's login with a route for every number."""
    number = next(_numbers)
    given = {
        "name": f"gateway-{number}",
        "host": "127.0.0.1",
        "system_id": "console",
        "password": "secret",
        "is_simulator": True,
        "originator": "Harbourline",
    }
    gateway = Gateway.objects.create(**given | fields)
    Route.objects.get_or_create(prefix="", country="", order=1, defaults={"gateway": gateway})
    return gateway


def make_prices(prices: dict[str, int] | None = None, currency: str = "USD") -> PriceVersion:
    """A price list in force: {country: millionths a segment}, "" for all others."""
    version = PriceVersion.objects.create(currency=currency)
    Price.objects.bulk_create(
        Price(version=version, country=country, micro=micro)
        for country, micro in (PRICES if prices is None else prices).items()
    )
    return version


def counted(**only: Any) -> dict[str, int]:
    """{state: messages} of the counters, or of those with such fields."""
    parts = Counter.objects.filter(**only).figures_by("task_id", Figures).values()
    return {state: n for state, n in together(parts).messages.items() if n}


def make_sender(role: Role = Role.SENDER, **fields: Any) -> Member:
    """A member of an organization that may send."""
    return make_member(role, make_active_organization(**fields))


def default_application(organization: Organization) -> SmsApplication:
    """The application that activation made; a new one where there was no activation."""
    existing = SmsApplication.objects.filter(organization=organization).order_by("id").first()
    return existing or make_application(organization)


def make_group(
    organization: Organization, numbers: Iterable[str] = (), **fields: Any
) -> CustomerGroup:
    """A customer group with these E.164 numbers in it."""
    given = {"name": f"Group {next(_numbers)}"} | fields
    group = CustomerGroup.objects.create(organization=organization, **given)
    for number in numbers:
        customer, _ = Customer.objects.get_or_create(
            organization=organization,
            msisdn=number,
            defaults={"country": msisdn.parse(number).country},
        )
        GroupMembership.objects.create(group=group, customer=customer)
    CustomerGroup.objects.filter(pk=group.pk).update(size=group.memberships.count())
    group.refresh_from_db()
    return group


def make_upload(
    member: Member, content: bytes = b"mobile\n85251230001\n", name: str = "recipients.csv"
) -> Upload:
    """A stored spreadsheet."""
    upload = Upload(
        organization=member.organization, name=name, size=len(content), uploaded_by=member.user
    )
    upload.file.save(name, ContentFile(content), save=True)
    return upload


def a_number(index: int, country: str = "HK") -> str:
    """An E.164 mobile number of Hong Kong, the United Kingdom or Singapore; each index its own."""
    start = {"HK": 85_251_230_000, "GB": 447_400_123_000, "SG": 6_581_234_000}[country]
    return f"+{start + index}"


def make_task(
    member: Member | None = None,
    state: TaskState = TaskState.READY,
    *,
    numbers: Sequence[str] = (),
    values: Sequence[Sequence[str]] = (),
    template_version: TextTemplateVersion | None = None,
    gateway: Gateway | None = None,
    **fields: Any,
) -> SendTask:
    """A task that went through every state before `state`, with a message for each number.

    `values` are the variables of each number; the rows are 2, 3, … as under a heading.
    """
    member = member or make_sender()
    body, kind = (CODE_BODY, SmsType.OTP) if values else (PLAIN_BODY, SmsType.NOTIFICATION)
    given = {
        "name": f"Task {next(_numbers)}",
        "application": default_application(member.organization),
        "text_template_version": template_version
        or approved_template(member.organization, body, kind).approved,
        "price_version": PriceVersion.current() or make_prices(),
        "originator": "Harbourline",
        "source": RecipientSource.NUMBERS.value,
        "created_by": member.user,
        "numbers": "\n".join(numbers),
    }
    task = SendTask.objects.create(organization=member.organization, **given | fields)
    for onward in _path(TASK_STEPS, TaskState.DRAFT, state):
        figures = _figures(task, onward, numbers, values, gateway)
        assert step_task(onward, task.pk, **figures)
        task.refresh_from_db()
        if onward is TaskState.SENDING:
            _open_counters(task)
    return task


def make_waiting_task(member: Member, numbers: Sequence[str] = (), **fields: Any) -> SendTask:
    """A task that a member composed and asked to be approved."""
    numbers = numbers or [a_number(n) for n in range(30, 34)]
    task = make_task(member, TaskState.READY, numbers=numbers, **fields)
    assert step_task(TaskState.WAITING, task.pk)
    SendApproval.objects.create(
        organization=task.organization,
        task=task,
        asked_by=member.user,
        messages=task.accepted,
        segments=task.segments,
        cost_micro=task.cost_micro,
        currency=task.currency,
    )
    task.refresh_from_db()
    return task


def make_messages(task: SendTask) -> list[Message]:
    """The messages of a task, by row."""
    return list(Message.objects.filter(task_id=task.pk).order_by("row"))


def move(
    messages: Iterable[Message],
    to: MessageState,
    *,
    code: str = "",
    said_by: SaidBy = SaidBy.NETWORK,
) -> None:
    """Lead queued messages through the usual steps to `to`; the code explains the last one."""
    ids = [message.pk for message in messages]
    path = _path(MESSAGE_STEPS, MessageState.QUEUED, to)
    for onward in path:
        last = onward is to
        changes = [MessageChange(pk, code if last else "") for pk in ids]
        assert len(step(onward, changes, said_by=said_by if last else SaidBy.US)) == len(ids)


def make_reply(message: Message, text: str = "Yes please", **fields: Any) -> InboundMessage:
    """What the number of a message answered; STOP and the like are not obeyed."""
    of_organization = InboundMessage.objects.filter(organization_id=message.organization_id)
    of_organization.filter(msisdn=message.msisdn).update(is_newest=False)
    keyword = keyword_of(text, message.country)
    given = {
        "organization_id": message.organization_id,
        "application_id": message.application_id,
        "gateway_id": message.gateway_id or 0,
        "msisdn": message.msisdn,
        "country": message.country,
        "originator": "Harbourline",
        "text": text,
        "answers_message_id": message.pk,
        "keyword": keyword.value if keyword else "",
        "said_stop": keyword is Keyword.STOP,
        "is_newest": True,
        "received_at": timezone.now(),
    }
    return InboundMessage.objects.create(**given | fields)


def make_problem(task: SendTask, row: int = 17, **fields: Any) -> Problem:
    """A refused row."""
    given = {
        "kind": ProblemKind.REFUSED,
        "cell": f"A{row}",
        "code": msisdn.MSISDN_INVALID,
        "value": "+85 2555 0012",
        "cells": ["+85 2555 0012"],
    }
    return Problem.objects.create(
        organization=task.organization, task=task, row=row, **given | fields
    )


def _path(steps: Any, start: Any, end: Any) -> list[Any]:
    """The fewest legal steps from `start` to `end`, without `start`."""
    paths = [[start]]
    for path in paths:
        if path[-1] is end:
            return path[1:]
        paths += [[*path, onward] for onward in sorted(steps[path[-1]]) if onward not in path]
    raise AssertionError(f"no way from {start} to {end}")


def _figures(
    task: SendTask,
    onward: TaskState,
    numbers: Sequence[str],
    values: Sequence[Sequence[str]],
    gateway: Gateway | None,
) -> dict[str, Any]:
    """What is written together with a step."""
    now = timezone.now()
    if onward is TaskState.READY:
        return {"checked_at": now, **_store(task, numbers, values, gateway)}
    if onward is TaskState.SENDING and task.sent_at is None:
        hour = int(now.astimezone(task.organization.zone).strftime("%Y%m%d%H"))
        return {"sent_at": now, "sent_by": task.created_by, "accepted_hour": hour}
    if onward is TaskState.FINISHED:
        return {"finished_at": now}
    return {}


def _store(
    task: SendTask,
    numbers: Sequence[str],
    values: Sequence[Sequence[str]],
    gateway: Gateway | None,
) -> dict[str, Any]:
    """Write messages, held batches and countries; return the figures of the check."""
    prices = dict(task.price_version.prices.values_list("country", "micro"))
    template = wording.parse(task.text_template_version.body)
    signature = task.signature_version.content if task.signature_version else None
    messages = []
    for index, (pk, number) in enumerate(zip(_ids(len(numbers)), numbers, strict=True)):
        variables = list(values[index]) if values else []
        text = wording.complete(signature, template.render(variables))
        coding, count = segments.count(text)
        country = msisdn.parse(number).country
        messages.append(
            Message(
                id=pk,
                organization_id=task.organization_id,
                application_id=task.application_id,
                task_id=task.pk,
                row=index + 2,
                msisdn=number,
                country=country,
                lane=task.lane,
                text_template_version_id=task.text_template_version_id,
                signature_version_id=task.signature_version_id,
                price_version_id=task.price_version_id,
                variables=json.dumps(variables),
                data_coding=int(coding),
                segments=count,
                cost_micro=count * prices.get(country, prices.get("", 0)),
            )
        )
    Message.objects.bulk_create(messages)
    _hold(task, [message.pk for message in messages], gateway)
    _count_countries(task, messages, prices)
    return {
        "rows_read": len(messages),
        "accepted": len(messages),
        "segments": sum(message.segments for message in messages),
        "cost_micro": sum(message.cost_micro for message in messages),
        "currency": task.price_version.currency,
        "facts": {"seconds": 0.1, "first_row": 2, "ucs2_rows": 0, "multi_segment_rows": 0},
    }


def _ids(count: int) -> Iterable[int]:
    return reserve_ids(count) if count else ()


def _hold(task: SendTask, ids: list[int], gateway: Gateway | None) -> None:
    if not ids:
        return
    gateway = gateway or Gateway.objects.first() or make_gateway()
    Message.objects.filter(pk__in=ids).update(gateway_id=gateway.pk)
    Batch.objects.bulk_create(
        Batch(
            organization_id=task.organization_id,
            task_id=task.pk,
            gateway=gateway,
            lane=task.lane,
            ids=chunk,
        )
        for chunk in (ids[at : at + BATCH_SIZE] for at in range(0, len(ids), BATCH_SIZE))
    )


def _count_countries(task: SendTask, messages: list[Message], prices: dict[str, int]) -> None:
    numbers = Tally(message.country for message in messages)
    for country, count in numbers.items():
        own = [message for message in messages if message.country == country]
        TaskCountry.objects.create(
            task=task,
            country=country,
            messages=count,
            segments=sum(message.segments for message in own),
            unit_micro=prices.get(country, prices.get("", 0)),
            cost_micro=sum(message.cost_micro for message in own),
        )


def _open_counters(task: SendTask) -> None:
    """What acceptance writes: every message is queued."""
    if Counter.objects.filter(task_id=task.pk).exists():
        return
    count_queued(task, task.accepted_hour)
    Batch.objects.filter(task_id=task.pk).update(due_at=task.sent_at)

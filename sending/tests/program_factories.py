"""Messages that programs asked for, and the log of their requests."""

import itertools
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, SmsApplication
from sending.lifecycle import Lane
from sending.models import (
    ApiMessage,
    ApiRequest,
    Counter,
    Message,
    PriceVersion,
    UnmatchedText,
)
from sending.models.message import reserve_ids
from sending.sms import msisdn, segments
from sending.tests.factories import CODE_BODY, default_application, make_prices
from templates_app import wording
from templates_app.models import SmsType, TextTemplate
from templates_app.tests.factories import approved_template

_numbers = itertools.count(1)


def make_program_messages(
    organization: Organization,
    numbers: Sequence[str],
    *,
    template: TextTemplate | None = None,
    values: Sequence[str] = ("1234", "5"),
    application: SmsApplication | None = None,
    **asked: Any,
) -> list[Message]:
    """Queued messages that a program asked for in one request, as acceptance stores them."""
    template = template or approved_template(organization, CODE_BODY, SmsType.OTP)
    application = application or default_application(organization)
    prices = PriceVersion.current() or make_prices()
    micro = dict(prices.prices.values_list("country", "micro"))
    text = wording.parse(template.approved.body).render(list(values))
    coding, count = segments.count(text)
    hour = int(timezone.now().astimezone(organization.zone).strftime("%Y%m%d%H"))
    messages = []
    for pk, number in zip(reserve_ids(len(numbers)), numbers, strict=True):
        country = msisdn.parse(number).country
        messages.append(
            Message(
                id=pk,
                organization_id=organization.pk,
                application_id=application.pk,
                msisdn=number,
                country=country,
                lane=Lane.OTP.value
                if template.approved.sms_type == SmsType.OTP
                else Lane.API.value,
                text_template_version_id=template.approved_id,
                price_version_id=prices.pk,
                variables=json.dumps(list(values)),
                data_coding=coding,
                segments=count,
                cost_micro=count * micro.get(country, micro.get("", 0)),
                accepted_hour=hour,
            )
        )
    with transaction.atomic():
        Message.objects.bulk_create(messages)
    given = {"api_key_id": 1, "request_id": f"request-{next(_numbers)}"} | asked
    ApiMessage.objects.bulk_create(
        ApiMessage(
            message_id=message.pk,
            organization_id=organization.pk,
            application_id=application.pk,
            **given,
        )
        for message in messages
    )
    Counter.objects.bulk_create(
        Counter(
            organization_id=organization.pk,
            application_id=application.pk,
            hour=hour,
            country=message.country,
            state=message.state,
            messages=1,
            segments=message.segments,
            cost_micro=message.cost_micro,
        )
        for message in messages
    )
    return messages


def make_request(organization: Organization, **fields: Any) -> ApiRequest:
    """A line of the request log."""
    number = next(_numbers)
    given = {
        "application_id": default_application(organization).pk,
        "api_key_id": 1,
        "request_id": f"request-{number}",
        "action": "SendSms",
        "items": 1,
        "at": timezone.now(),
    }
    return ApiRequest.objects.create(organization_id=organization.pk, **given | fields)


def make_unmatched(organization: Organization, sample: str, **fields: Any) -> UnmatchedText:
    """A text that matched no text template."""
    now = timezone.now()
    given = {"digest": str(next(_numbers)), "count": 1, "door": "SMPP"}
    given |= {"first_at": now, "last_at": now}
    return UnmatchedText.objects.create(organization=organization, sample=sample, **given | fields)

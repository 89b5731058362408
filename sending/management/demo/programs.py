"""The demo's API key, the same on every machine, and what a program has asked for with it.

So `examples/send.py` needs no setting up, and no page of the developers is empty.
"""

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http.request import validate_host

from accounts.models import ApiKey, Organization
from accounts.roles import Role
from sending.acceptance import unmatched_texts
from sending.acceptance.request import Door
from sending.acceptance.unmatched_texts import Unmatched
from sending.api.tencent.in_process import answered
from sending.dialects.tencent.actions import VERSION
from sending.dialects.tencent.signing import SignedRequest, authorization_for
from sending.lifecycle import DoorName
from sending.management.demo.content import MARKETING, OTP
from sending.management.demo.numbers import magic_number, mobile_numbers
from sending.models import CallbackEvent
from sending.models.api_message import NO_KEY
from templates_app.models import TextTemplate

SDK_APP_ID = "2400000001"
SECRET_ID = "AKIDdemoKeyOnlyForThisMachine0000000"  # noqa: S105 - no secret: it stands here.
SECRET_KEY = "demoSecretOnlyForThisMachine0000"  # noqa: S105 - the same.
# Everybody knows it, so it works from this machine only, wherever the demo listens.
NETWORKS = ["127.0.0.0/8", "::1/128"]
CLIENT = "SDK_PYTHON_3.1.153"
_JSON = "application/json"


def load_key(organization: Organization, logins: Path) -> None:
    """Make the key, and write it down beside the passwords."""
    application = organization.applications.get()
    ApiKey.objects.create(
        organization=organization,
        application=application,
        name="examples/send.py",
        secret_id=SECRET_ID,
        secret_key=SECRET_KEY,
        allowed_networks=NETWORKS,
        created_by=organization.members.get(role=Role.OWNER.value).user,
    )
    template = _template(organization, OTP.name)
    lines = (
        "\nFor programs on this machine, as in examples/send.py:\n",
        f"{'SdkAppId':<26} {application.sdk_app_id}",
        f"{'SecretId':<26} {SECRET_ID}",
        f"{'SecretKey':<26} {SECRET_KEY}",
        f"{'TemplateId':<26} {template.pk} ({template.name})",
    )
    with logins.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def load_callbacks(organization: Organization) -> None:
    """Say that the replies were called back, all but the newest, while there was a URL."""
    events = CallbackEvent.objects.for_organization(organization).order_by("-pk")
    newest = events.values_list("pk", flat=True)[:1].get()
    told = {"attempts": 1, "answer_status": 200, "answer_ms": 31}
    events.exclude(pk=newest).update(delivered_at=F("at") + timedelta(seconds=1), **told)
    lost = {**told, "attempts": 14, "answer_status": 503, "error": "HTTP_503"}
    events.filter(pk=newest).update(dead_at=F("at") + timedelta(minutes=20), **lost)


def send_requests(organization: Organization) -> None:
    """Ask the door as a program would; the demo sends what it accepts once it runs."""
    code = {"TemplateId": str(_template(organization, OTP.name).pk)}
    offer = {"TemplateId": str(_template(organization, MARKETING.name).pk)}
    code["SignName"] = offer["SignName"] = "Harbourline"
    members = mobile_numbers(3, seed=7)
    absent, mainland = magic_number("9901"), "+8613800138000"
    _ask("DescribePhoneNumberInfo", PhoneNumberSet=members)
    _send(code, [members[0]], ["305917", "5"])
    _send(offer, [*members, absent, mainland], ["Chan"], SessionContext="offer-12")
    _send({**code, "TemplateId": "999999"}, [members[1]], ["771204", "5"])
    _send(code, [members[1]], ["771204", "5"])


def load_unmatched(organization: Organization) -> None:
    """Let an older program send whole texts that nobody has approved."""
    application = organization.applications.get()
    door = Door(organization.pk, application.pk, NO_KEY, "demo", DoorName.SMPP)
    unmatched_texts.note(
        door,
        Unmatched(
            {
                "Dear Ms Chan, your parcel HL48213 is at the counter until 19:30.": 41,
                "Dear Mr Wong, your parcel HL48377 is at the counter until 20:00.": 12,
                "Reminder: your appointment at Harbourline is on 3 December at 10:15.": 7,
            }
        ),
    )


def _template(organization: Organization, name: str) -> TextTemplate:
    templates = TextTemplate.objects.for_organization(organization)
    template: TextTemplate = templates.get(name=name)
    return template


def _send(content: dict[str, str], numbers: list[str], values: list[str], **more: str) -> None:
    to = {"SmsSdkAppId": SDK_APP_ID, "PhoneNumberSet": numbers, "TemplateParamSet": values}
    _ask("SendSms", **content, **to, **more)


def _host() -> str:
    """Return a host that programs may name; the first one may be a star."""
    here = "localhost"
    return here if validate_host(here, settings.API_HOSTS) else settings.API_HOSTS[0].lstrip(".")


def _ask(action: str, **parameters: Any) -> None:
    """Sign one request with the demo's key and hand it to the door."""
    body = json.dumps(parameters).encode()
    timestamp = int(time.time())
    signed = {"content-type": _JSON, "host": _host()}
    headers = {
        **signed,
        "x-tc-action": action,
        "x-tc-requestclient": CLIENT,
        "x-tc-timestamp": str(timestamp),
        "x-tc-version": VERSION,
        "authorization": authorization_for(
            secret_id=SECRET_ID,
            secret_key=SECRET_KEY,
            request=SignedRequest("POST", "", signed, body, timestamp),
        ),
    }
    answered("http", "127.0.0.1", headers, body)

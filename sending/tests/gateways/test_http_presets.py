"""Presets of aggregators: what they send, and what answers and receipts of the manuals mean."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import log_in, make_user
from sending.gateways.base import InboundIn, SubmitRefused, SubmitResult, Unanswered
from sending.gateways.http.answer import HttpAnswer, read_answer
from sending.gateways.http.call import to_call
from sending.gateways.http.preset_files import presets
from sending.gateways.http.receipts import read_receipts
from sending.gateways.http.settings import (
    SettingsError,
    answer_settings,
    receipt_settings,
    request_settings,
)
from sending.models import HttpGateway
from sending.operations.forms.http_gateway import HttpGatewayForm
from sending.tests.gateways.http_peer import REQUEST, config

RECORDED = Path(__file__).parent / "recorded"
CASES = {path.stem: json.loads(path.read_text()) for path in sorted(RECORDED.glob("*.json"))}


def filled(settings: dict[str, str]) -> dict[str, str]:
    """Return settings with what stands in <…> replaced, and a user name."""
    url = re.sub(r"<[^>]*>", "xyz.example", settings["url"])
    return settings | {"url": url, "username": "harbour"}


def each(part: str) -> list:
    return [
        pytest.param(name, *case, id=f"{name} {number}")
        for name, recorded in CASES.items()
        for number, case in enumerate(recorded[part])
    ]


def test_every_preset_has_recorded_payloads() -> None:
    assert set(CASES) == set(presets())


@pytest.mark.parametrize("name", CASES)
def test_a_preset_names_settings_of_the_form_only(name: str) -> None:
    assert set(presets()[name].settings) <= set(HttpGatewayForm.SETTINGS)


@pytest.mark.parametrize("name", CASES)
def test_a_preset_cannot_be_saved_while_something_is_left_to_fill_in(name: str) -> None:
    settings = presets()[name].settings
    if "<" in settings["url"]:
        with pytest.raises(SettingsError):
            request_settings(settings)
    else:
        assert request_settings(settings)


@pytest.mark.parametrize("name", CASES)
def test_a_message_becomes_the_request_of_the_manual(name: str) -> None:
    settings = filled(presets()[name].settings)
    made = to_call(
        REQUEST,
        request_settings(settings),
        config(settings, receipt_url="https://sms.example.com/r/"),
    )
    wanted = CASES[name]["request"]
    written = made.body.decode()
    body = json.loads(written) if wanted["json"] else parse_qs(written, strict_parsing=True)
    headers = dict(made.headers)
    assert (f"{made.method} {headers['Host']}{made.target}", body) == (
        wanted["line"],
        wanted["body"],
    )
    assert wanted["headers"].items() <= headers.items()


def heard(settings: dict[str, str], status: int, body: object) -> list[str]:
    octets = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    try:
        answer = HttpAnswer(status, octets)
        result: SubmitResult = read_answer(answer_settings(settings), answer, "77-3")
    except SubmitRefused as refusal:
        kind = "slower" if refusal.throttled else "later" if refusal.temporary else "no"
        return [kind, refusal.code]
    except Unanswered as unanswered:
        return ["doubt", unanswered.code]
    return ["yes", result.gateway_message_id]


@pytest.mark.parametrize(("name", "status", "body", "expected"), each("answers"))
def test_answers(name: str, status: int, body: object, expected: list[str]) -> None:
    assert heard(presets()[name].settings, status, body) == expected


def brought(settings: dict[str, str], body: object) -> list[list[str]]:
    octets = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    rules = receipt_settings(settings)
    assert rules is not None
    found, _others = read_receipts(rules, octets)
    return [
        ["reply", one.source, one.text]
        if isinstance(one, InboundIn)
        else [one.gateway_message_id, one.message_state, one.error, one.msisdn or ""]
        for one in found
    ]


@pytest.mark.parametrize(("name", "body", "expected"), each("receipts"))
def test_receipts_and_replies(name: str, body: object, expected: list) -> None:
    assert brought(presets()[name].settings, body) == expected


@pytest.mark.parametrize("name", CASES)
def test_only_the_phone_reports_parts_under_one_id(name: str) -> None:
    gateway = HttpGateway(kind="http", http_settings=presets()[name].settings)
    assert gateway.parts_share_id is (name == "sms-gate")


@pytest.mark.django_db
def test_an_operator_starts_from_a_preset(client: Client) -> None:
    log_in(client, make_user(is_staff=True, is_superuser=True))
    add = reverse("admin:sending_httpgateway_add")
    page = client.get(add)
    for preset in presets().values():
        assert f'href="?preset={preset.name}"' in page.content.decode()
    shown = client.get(add, {"preset": "telnyx"}).context["adminform"].form.initial
    assert shown["url"] == "https://api.telnyx.com/v2/messages"
    assert (shown["name"], shown["mode"]) == ("telnyx", "stopped")
    form = {key: value for key, value in shown.items() if value is not None}
    answer = client.post(
        add, form | {"new_secret": "KEY", "originator": "Harbour", "id_format": "as_is",
                     "rate": 10, "window": 5, "bind_slots": 1, "response_timeout": 20},
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["errors"]
    gateway = HttpGateway.objects.get()
    assert gateway.http_settings["message_id_rule"] == "data.id"
    assert gateway.mode == "stopped"


@pytest.mark.django_db
def test_a_preset_that_nobody_wrote_leaves_the_form_as_it_is(client: Client) -> None:
    log_in(client, make_user(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:sending_httpgateway_add"), {"preset": "../../etc/passwd"})
    assert page.status_code == 200
    assert "url" not in page.context["adminform"].form.initial


@pytest.mark.django_db
def test_a_stored_gateway_offers_no_presets(client: Client) -> None:
    log_in(client, make_user(is_staff=True, is_superuser=True))
    gateway = HttpGateway.objects.create(name="one", kind="http", receipts_per_segment=False)
    page = client.get(reverse("admin:sending_httpgateway_change", args=[gateway.pk]))
    assert "?preset=" not in page.content.decode()

"""Clients that name the text template they mean, and what refused ones are told in words."""

import pytest

from sending.models import Message, SmppAccount
from sending.smpp.tlv import Tag
from sending.tests.factories import PLAIN_BODY
from sending.tests.smpp_server.running import Client
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
TEMPLATE = 0x1401


@pytest.fixture
def naming(server, account):
    """A client of an account that names text templates."""
    SmppAccount.objects.update(names_templates=True, tells_reasons=True)
    with Client(server.port) as client:
        client.bind()
        yield client


@pytest.fixture
def alike(program):
    """Two text templates that make the same texts; without a name the one that fixes more wins."""
    own = program.organization
    texts = [approved_template(own, body, SmsType.NOTIFICATION) for body in ("Hi {1}!", "Hi A{1}!")]
    return [text.pk for text in texts]


def text_template_of(message):
    return message.text_template_version.template_id


@pytest.mark.parametrize("place", [0, 1])
def test_a_text_is_of_the_template_that_its_prefix_or_a_tlv_names(naming, alike, place, program):
    program.limit(repeat_seconds=0)
    named = alike[place]
    for given in (
        {"text": f"{{tpl:{named}}} Hi Ann!".encode("ascii"), "data_coding": 1},
        {"text": "Hi Ann!", "tlvs": {TEMPLATE: f"{named}\0".encode()}},
    ):
        assert naming.submit(**given).command_status == 0
    values = ['["Ann"]', '["nn"]'][place]
    assert list(Message.objects.values_list("variables", flat=True)) == [values] * 2


@pytest.mark.parametrize(
    ("text", "tlv", "reason"),
    [
        ("{tpl:987654}" + PLAIN_BODY, b"", b"has no text template 987654"),
        ("{tpl:0}" + PLAIN_BODY, b"", b"is none of your organization's approved"),
        (PLAIN_BODY, b"1207161", b"has no text template 1207161"),
        (PLAIN_BODY, b"PE-1", b"The TLV 0x1401 is no number of a text template."),
    ],
)
def test_a_template_that_is_none_is_refused_with_a_reason(naming, text, tlv, reason):
    answer = naming.submit(text.encode(), data_coding=1, tlvs={TEMPLATE: tlv} if tlv else {})
    assert answer.command_status == 0x402
    assert reason in answer.body.tlvs[Tag.additional_status_info_text]


def test_a_text_that_its_template_does_not_make_is_refused(naming, alike):
    answer = naming.submit("Hi Bob!", tlvs={TEMPLATE: str(alike[1]).encode()})
    assert answer.command_status == 0x402


def test_accounts_that_name_none_mean_what_they_write(client, alike):
    answer = client.submit("Hi Ann!", tlvs={TEMPLATE: b"1207161"})
    assert answer.command_status == 0
    assert client.submit(b"{tpl:1} Hi Ann!", data_coding=1).command_status == 0x402


@pytest.mark.parametrize(
    ("changes", "version", "is_told"),
    [
        ({"tells_reasons": True}, 0x34, True),
        ({"tells_reasons": True}, 0x33, False),
        ({}, 0x34, False),
    ],
)
def test_reasons_are_for_clients_that_want_and_know_tlvs(
    server, account, changes, version, is_told
):
    SmppAccount.objects.update(**changes)
    with Client(server.port) as client:
        client.bind(interface_version=version)
        answer = client.submit("Nobody “approved” this – 好".encode("utf-16-be"), data_coding=8)
        tlvs = answer.body.tlvs
    assert (Tag.additional_status_info_text in tlvs) is is_told
    if is_told:
        octets = tlvs[Tag.additional_status_info_text]
        assert octets.startswith(b"This text is none of your organization's approved")
        assert octets.endswith(b"\0")
        assert len(octets) <= 255
        assert octets.isascii()


def test_a_pdu_that_cannot_be_read_is_refused_with_a_reason_too(naming):
    answer = naming.submit(PLAIN_BODY, data_coding=4)
    assert answer.command_status == 0x45
    assert b"data_coding 0, 1, 3 and 8" in answer.body.tlvs[Tag.additional_status_info_text]

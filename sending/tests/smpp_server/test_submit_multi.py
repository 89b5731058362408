"""submit_multi: one text to many destinations, each of which is accepted or not by itself."""

import pytest

from sending.models import Message, SmppAccount, SmppPart, SmppRefusal
from sending.smpp.multi import DistributionList, SmeAddress, SubmitMulti, UnsuccessSme
from sending.smpp.operations import CancelSm, QuerySm, ReplaceSm
from sending.smpp.tlv import Tag
from sending.sms.udh import Concatenation, encode
from sending.tests.factories import PLAIN_BODY
from sending.tests.smpp_server.ends import end
from sending.tests.smpp_server.running import Client
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
PLAIN = PLAIN_BODY.encode()
NUMBERS = [f"8526123{n:04}" for n in range(3)]


def to(*numbers):
    return [SmeAddress(number, 1, 1) for number in numbers]


def multi(destinations, text=PLAIN, **fields):
    given = {"registered_delivery": 1, "source_addr": ""}
    return SubmitMulti(destinations=destinations, short_message=text, **given | fields)


def test_each_destination_gets_the_text_and_has_a_receipt_with_the_id_of_all(client):
    answer = client.ask(multi(to(*NUMBERS)))
    assert (answer.command_status, list(answer.body.unsuccess)) == (0, [])
    messages = dict(Message.objects.values_list("msisdn", "pk"))
    assert set(messages) == {f"+{number}" for number in NUMBERS}
    assert int(answer.body.message_id) not in messages.values()
    end(messages.values())
    found = client.wait_for(3)
    assert {one.source_addr for one in found} == set(NUMBERS)
    ids = {one.tlvs[Tag.receipted_message_id].rstrip(b"\0").decode() for one in found}
    assert ids == {answer.body.message_id}


def test_those_that_get_nothing_are_named_with_their_status(client, server, program):
    answer = client.ask(
        multi([*to(NUMBERS[0]), SmeAddress("12"), DistributionList("friends"), *to(NUMBERS[1])])
    )
    assert answer.command_status == 0
    assert set(answer.body.unsuccess) == {
        UnsuccessSme(SmeAddress("12"), 0x0B),
        UnsuccessSme(SmeAddress("friends"), 0x34),
    }
    assert Message.objects.count() == 2
    server.loop.run(server.server._housekeeping.last())
    codes = set(SmppRefusal.objects.values_list("code", flat=True))
    assert codes == {"MSISDN_INVALID", "DISTRIBUTION_LIST"}


@pytest.mark.parametrize(
    ("destinations", "text", "status"),
    [
        (to(*NUMBERS), b"Nobody approved this.", 0x402),
        ([DistributionList("friends")], PLAIN, 0x34),
        ([SmeAddress("12"), DistributionList("friends")], PLAIN, 0x45),
    ],
)
def test_where_none_is_accepted_there_is_no_id(client, destinations, text, status):
    answer = client.ask(multi(destinations, text))
    assert (answer.command_status, answer.body.message_id) == (status, "")
    assert len(answer.body.unsuccess) == len(destinations)
    assert not SmppPart.objects.exists()


def test_as_many_as_there_can_be(client):
    numbers = [f"8526123{n:04}" for n in range(254)]
    answer = client.ask(multi(to(*numbers)))
    assert (answer.command_status, list(answer.body.unsuccess)) == (0, [])
    assert set(SmppPart.objects.values_list("multi_id", flat=True)) == {int(answer.body.message_id)}
    assert Message.objects.count() == 254


def test_each_destination_counts_for_the_rate(server, account):
    SmppAccount.objects.update(rate=5)
    with Client(server.port) as client:
        client.bind()
        answers = client.ask_all([multi(to(*NUMBERS * 3)), multi(to(*NUMBERS))])
    assert [answer.command_status for answer in answers] == [0, 0x58]


def test_by_the_id_of_all_they_are_asked_for_and_cancelled_together(client):
    message_id = client.ask(multi(to(*NUMBERS))).body.message_id
    first, *others = Message.objects.order_by("pk").values_list("pk", flat=True)
    assert client.ask(QuerySm(str(first))).command_status == 0x67
    end([first])
    assert client.ask(QuerySm(message_id)).body.message_state == 1
    assert client.ask(CancelSm(message_id)).command_status == 0
    assert client.ask(QuerySm(message_id)).body.message_state == 4
    assert client.ask(CancelSm(message_id)).command_status == 0x11
    assert client.ask(ReplaceSm(message_id, "", PLAIN)).command_status == 0x13
    cancelled = Message.objects.filter(state="CANCELLED")
    assert set(cancelled.values_list("pk", flat=True)) == set(others)


def test_segments_to_many_are_a_text_to_each(client, program):
    long = "Stores close early on Friday. " * 14
    approved_template(program.organization, long, SmsType.NOTIFICATION)
    pieces = [long[at : at + 150].encode() for at in range(0, len(long), 150)]
    ids = set()
    for place, piece in enumerate(pieces, 1):
        octets = encode(Concatenation(7, len(pieces), place)) + piece
        answer = client.ask(multi(to(*NUMBERS[:2]), octets, esm_class=0x40, data_coding=1))
        assert answer.command_status == 0
        ids.add(answer.body.message_id)
    assert Message.objects.count() == 2
    end(Message.objects.values_list("pk", flat=True))
    found = client.wait_for(2 * len(pieces))
    told = [one.tlvs[Tag.receipted_message_id].rstrip(b"\0").decode() for one in found]
    assert sorted(told) == sorted([*ids, *ids])

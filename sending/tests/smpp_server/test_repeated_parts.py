"""Segments that come again after a server was killed, or after its answers were lost."""

from datetime import timedelta

import pytest

from accounts import shared_time
from sending.lifecycle import MessageState
from sending.models import Message, SmppAccount, SmppPart, SmppReceipt
from sending.smpp.tlv import Tag
from sending.smpp_server import housekeeping, parts, repeating
from sending.smpp_server.reading import read
from sending.tests.smpp_server.ends import end
from sending.tests.smpp_server.test_parts import by_udh8, cut
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Stores close early on Friday. " * 14
PDUS = by_udh8(cut(LONG.encode(), 150), data_coding=1)


@pytest.fixture(autouse=True)
def long_text(program):
    program.limit(repeat_seconds=0)
    return approved_template(program.organization, LONG, SmsType.NOTIFICATION)


def killed_before_acceptance(account, pdus):
    """What a server leaves that was killed after it stored the last segment of a text."""
    read_pdus = [read(pdu, default_coding=0, now=shared_time.now()) for pdu in pdus]
    kept = parts.store(account, list(enumerate(read_pdus)), lambda _kept: None)
    assert len(kept.whole) == 1


def ids_of(answers):
    assert {answer.command_status for answer in answers} == {0}
    return [int(answer.body.message_id) for answer in answers]


def a_while_passes():
    SmppPart.objects.waiting().update(at=shared_time.now() - repeating.QUIET - timedelta(seconds=1))
    housekeeping.clear()


def told(client, count):
    """Return what receipts say, by the id of the part."""
    return {
        int(one.tlvs[Tag.receipted_message_id].rstrip(b"\0")): one.tlvs[Tag.message_state][0]
        for one in client.wait_for(count)
    }


def test_all_segments_again_in_one_window_are_the_stored_ones(client, account):
    killed_before_acceptance(account, PDUS)
    ids = ids_of(client.ask_all(PDUS))
    assert set(ids) == set(SmppPart.objects.values_list("pk", flat=True))
    end([Message.objects.get().pk])
    assert told(client, 3) == dict.fromkeys(ids, 2)


@pytest.mark.parametrize("has_ended", [False, True])
def test_all_segments_again_one_by_one_get_the_receipts_of_their_text(client, account, has_ended):
    killed_before_acceptance(account, PDUS)
    ids = ids_of([client.ask(pdu) for pdu in PDUS])
    message = Message.objects.get()
    if has_ended:
        end([message.pk], MessageState.UNDELIVERABLE, "11")
    a_while_passes()
    if not has_ended:
        end([message.pk], MessageState.UNDELIVERABLE, "11")
    joined = SmppPart.objects.filter(pk__in=ids)
    assert set(joined.values_list("state", "message_id")) == {("ACCEPTED", message.pk)}
    states = told(client, SmppPart.objects.count())
    assert {states[pk] for pk in ids} == {5}
    assert all(b"err:011" in one.short_message for one in client.delivered)
    assert not SmppPart.objects.exclude(octets=b"").exists()


def test_the_last_segment_again_because_its_answer_was_lost(client):
    first_ids = ids_of(client.ask_all(PDUS))
    end([Message.objects.get().pk])
    client.wait_for(len(PDUS))
    (again,) = ids_of([client.ask(PDUS[-1])])
    assert again not in first_ids
    a_while_passes()
    assert told(client, len(PDUS) + 1)[again] == 2
    assert Message.objects.count() == 1


def test_a_whole_text_again_is_sent_once(client):
    ids_of(client.ask_all(PDUS))
    end([Message.objects.get().pk])
    again = ids_of(client.ask_all(PDUS))
    states = told(client, 2 * len(PDUS))
    assert [states[pk] for pk in again] == [2] * len(PDUS)
    assert Message.objects.count() == 1


def test_an_account_that_wants_the_last_receipt_gets_it_of_the_last_segment_again(client):
    SmppAccount.objects.update(receipts_of="LAST_PART")
    ids_of(client.ask_all(PDUS))
    end([Message.objects.get().pk])
    again = ids_of([client.ask(PDUS[0]), client.ask(PDUS[-1])])
    a_while_passes()
    assert again[-1] in told(client, 2)
    assert again[0] not in SmppReceipt.objects.values_list("subject_id", flat=True)


def test_another_text_that_begins_alike_with_the_same_reference_is_sent(client, program):
    other = LONG[:150] + "Stores open late on Sunday. " * 8
    approved_template(program.organization, other, SmsType.NOTIFICATION)
    ids_of(client.ask_all(PDUS))
    for pdu in by_udh8(cut(other.encode(), 150), data_coding=1):
        ids_of([client.ask(pdu)])
        a_while_passes() if pdu.short_message[5] == 2 else None
    assert Message.objects.count() == 2


def test_texts_in_one_window_with_the_same_reference_are_both_sent(client, program):
    other = "Stores open late on Sunday. " * 14
    approved_template(program.organization, other, SmsType.NOTIFICATION)
    ids_of([client.ask(PDUS[0])])
    others = by_udh8(cut(other.encode(), 150), data_coding=1)
    ids = ids_of(client.ask_all([*PDUS[1:], *others]))
    assert len(set(ids)) == len(ids)
    assert Message.objects.count() == 2
    assert set(SmppPart.objects.values_list("state", flat=True)) == {"ACCEPTED"}


def test_a_segment_is_known_again_for_ten_minutes(client):
    ids_of(client.ask_all(PDUS))
    SmppPart.objects.update(at=shared_time.now() - repeating.KNOWN_FOR - timedelta(seconds=1))
    ids_of(client.ask_all(PDUS))
    assert Message.objects.count() == 2


def test_another_user_message_reference_is_another_text(client):
    ids_of(client.ask_all(PDUS))
    tlvs = {Tag.user_message_reference: b"\0\7"}
    ids_of(client.ask_all(by_udh8(cut(LONG.encode(), 150), data_coding=1, tlvs=tlvs)))
    assert Message.objects.count() == 2


def test_a_segment_that_comes_again_before_the_next_text_is_not_failed(client, program):
    other = "Stores open late on Sunday. " * 14
    approved_template(program.organization, other, SmsType.NOTIFICATION)
    ids_of(client.ask_all(PDUS))
    (again,) = ids_of([client.ask(PDUS[0])])
    ids_of(client.ask_all(by_udh8(cut(other.encode(), 150), data_coding=1)))
    first = Message.objects.earliest("pk")
    assert SmppPart.objects.get(pk=again).message_id == first.pk
    assert Message.objects.count() == 2

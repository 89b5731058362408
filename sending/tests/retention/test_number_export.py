"""All that is known about one number, told to whoever may ask."""

import pytest

from sending.models import Customer, CustomerField, Message, Suppression
from sending.retention.number_export import export
from sending.tests.factories import (
    make_group,
    make_messages,
    make_problem,
    make_reply,
    make_sender,
)
from sending.tests.retention.numbers import NUMBER, erase, over

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_export_tells_all_that_is_known(member):
    group = make_group(member.organization, [NUMBER], name="Staff")
    CustomerField.objects.create(organization=member.organization, key="c1", label="City")
    kept = {"language": "fr", "fields": {"c1": "Lyon"}, "consent": "By form"}
    Customer.objects.update(name="Mr Chan", source="IMPORT", source_name="may.xlsx", **kept)
    Suppression.objects.create(organization=member.organization, msisdn=NUMBER, reason="Stop")
    task = over(member, values=[["1234", "5"]] * 2, lane="BULK")
    make_problem(task, value="07400 987123")
    over(make_sender())
    known = export(NUMBER, member.organization)
    (customer,) = known["customers"]
    assert customer["groups"] == [group.name]
    assert (customer["language"], customer["columns"]) == ("fr", {"City": "Lyon"})
    assert (customer["consent"], customer["source_name"]) == ("By form", "may.xlsx")
    assert known["suppressions"][0]["reason"] == "Stop"
    assert known["quoted_in"]["rows_not_sent"][0]["value"] == "07400 987123"
    (message,) = known["messages"]
    assert message["text"].endswith("code is 1234 (valid for 5 minutes).")
    assert message["submissions"][0]["command_status"] == "ESME_ROK"
    assert "from_gateways" not in known
    assert len(export(NUMBER, None)["messages"]) == 2


def test_after_an_erasure_nothing_is_known(member):
    over(member)
    make_group(member.organization, [NUMBER])
    erase()
    known = export(NUMBER, None)
    assert known["messages"] == known["customers"] == known["contacts"] == []
    assert not any(known["quoted_in"].values())


def test_a_text_that_cannot_be_written_is_left_out(member):
    task = over(member, values=[["1234", "5"]] * 2, lane="BULK")
    Message.objects.filter(pk=make_messages(task)[0].pk).update(variables='["only one"]')
    assert export(NUMBER, member.organization)["messages"][0]["text"] == ""


def test_replies_are_told_to_those_who_got_them(member):
    reply = make_reply(make_messages(over(member))[0], "STOP now")
    make_reply(make_messages(over(make_sender()))[0], "Not yours")
    (told,) = export(NUMBER, member.organization)["replies"]
    assert (told["id"], told["text"], told["keyword"]) == (reply.pk, "STOP now", "STOP")
    assert len(export(NUMBER, None)["replies"]) == 2

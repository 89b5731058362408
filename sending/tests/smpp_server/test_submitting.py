"""What clients submit becomes messages, or is refused with a status that says why."""

import pytest

from sending.models import ApiMessage, Message, SmppPart, SmppRefusal
from sending.tests.factories import PLAIN_BODY

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_text_is_accepted_and_its_id_is_that_of_its_message(client, account):
    answer = client.submit(PLAIN_BODY)
    assert answer.command_status == 0
    message = Message.objects.get()
    assert answer.body.message_id == str(message.pk)
    assert message.msisdn == "+85261234567"
    asked = ApiMessage.objects.get()
    assert (asked.door, asked.api_key_id) == ("SMPP", account.pk)
    part = SmppPart.objects.get()
    assert (part.pk, part.message_id, part.state) == (message.pk, message.pk, "ACCEPTED")

"""What a program may say beside number and text: its price, its characters, its time, its URL."""

import json

import pytest

from accounts.models import CallbackDialect
from accounts.sids import id_in, sid_of
from sending.api.twilio import callback_rows, messages
from sending.models import CallbackEvent, Message
from sending.tests.api.twilio.program import create, in_
from sending.tests.factories import a_number
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
URL = "https://shop.example/sms"


@pytest.fixture(autouse=True)
def nothing_remembered():
    callback_rows.forget()


def test_a_message_that_costs_more_than_its_price_is_not_sent(program, wish):
    for price in ("0.001", "-1"):
        refused = program.refused("POST", "@/Messages.json", wish | {"MaxPrice": price})
        assert refused == (400, 30010)
    assert not Message.objects.exists()
    assert create(program, wish | {"MaxPrice": "0.048"})["status"] == "queued"
    assert Message.objects.get().cost_micro == 48_000


@pytest.fixture
def dear(program, wish):
    """Ask for a text with a value, as Body or as ContentVariables."""

    def ask(text, value, *, as_body, **fields):
        template = approved_template(
            program.application.organization, text, SmsType.NOTIFICATION, name=text
        )
        content = {"ContentSid": sid_of("HX", template.pk), "Body": ""}
        content |= {"ContentVariables": json.dumps({"1": value})}
        said = {"Body": text.replace("{1}", value)} if as_body else content
        return create(program, wish | said | fields)

    return ask


@pytest.mark.parametrize("as_body", [True, False])
@pytest.mark.parametrize(
    ("text", "value", "sent"),
    [
        ("Dear {1}, we open at nine.", "Ada’s “mum”", 'Ada\'s "mum"'),
        # Nothing is saved, and reviewed wording stays as it is.
        ("Dear {1}, we open at nine.", "Ada’s 妈妈", "Ada’s 妈妈"),
        ("Dear {1} – we open at nine.", "Ada’s mum", "Ada’s mum"),
    ],
)
def test_values_are_encoded_smartly(dear, as_body, text, value, sent):
    made = dear(text, value, as_body=as_body, SmartEncoded="true")
    assert made["body"] == text.replace("{1}", sent)
    assert Message.objects.get().data_coding == (0 if made["body"].isascii() else 8)


def test_nothing_is_encoded_otherwise_unasked(dear):
    made = dear("Dear {1}, we open at nine.", "Ada’s mum", as_body=True, SmartEncoded="false")
    assert made["body"] == "Dear Ada’s mum, we open at nine."


def test_too_many_scheduled_messages_are_refused(program, wish, monkeypatch):
    monkeypatch.setattr(messages, "MOST_SCHEDULED", 2)
    wish |= {"ScheduleType": "fixed", "SendAt": in_(hours=1)}
    for number in range(2):
        create(program, wish | {"To": a_number(number)})
    third = wish | {"To": a_number(2)}
    assert program.refused("POST", "@/Messages.json", third) == (400, 35125)
    create(program, {**third, "ScheduleType": "", "SendAt": ""})


def told():
    rows = CallbackEvent.objects.filter(due_at__isnull=False).order_by("pk")
    return list(rows.values_list("kind", "state", "is_pullable"))


def test_a_message_that_names_a_url_is_told_as_queued_at_once(program, wish):
    made = create(program, wish | {"StatusCallback": URL})
    assert told() == [("NAMED", "QUEUED", False)]
    assert CallbackEvent.objects.get().subject_id == id_in("SM", made["sid"])


@pytest.mark.parametrize(
    ("dialect", "events"),
    [(CallbackDialect.TWILIO, [("STATUS", "QUEUED", False)]), (CallbackDialect.TENCENT, [])],
)
def test_an_application_is_told_in_forms_alone(program, wish, dialect, events):
    application = program.application
    application.callback_url, application.callback_dialect = URL, dialect.value
    application.save()
    create(program, wish)
    assert told() == events


def test_what_is_scheduled_tells_nothing_yet(program, wish):
    scheduled = {"ScheduleType": "fixed", "SendAt": in_(hours=1), "StatusCallback": URL}
    create(program, wish | scheduled)
    assert told() == []

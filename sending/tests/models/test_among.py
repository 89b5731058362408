"""Looking many values up with one parameter."""

import pytest

from sending.tests.factories import make_messages, make_task

pytestmark = pytest.mark.django_db
ODD = ["plain", 'a "quoted" one', "back\\slash", "{brace,comma}", "NULL", "", "'; --"]


def test_it_finds_what_in_finds():
    messages = make_messages(make_task(numbers=["+85251230001", "+85251230002"]))
    model = type(messages[0])
    assert set(model.objects.filter(pk__among={messages[0].pk, 7})) == {messages[0]}
    assert set(model.objects.filter(msisdn__among=["+85251230002", "x"])) == {messages[1]}
    assert not model.objects.filter(pk__among=[]).exists()
    assert not model.objects.filter(msisdn__among=set()).exists()


@pytest.mark.parametrize("value", ODD)
def test_any_text_is_one_value(value):
    task = make_task(numbers=["+85251230001"])
    type(task).objects.filter(pk=task.pk).update(name=value)
    others = [odd for odd in ODD if odd != value]
    assert type(task).objects.filter(name__among=[*others, value]).exists()
    assert not type(task).objects.filter(name__among=others).exists()

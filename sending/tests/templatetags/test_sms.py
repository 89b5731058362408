"""How states and codes of messages look."""

import pytest
from django.template import Context, Template

from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.templatetags import sms


def shown(template: str, **context: object) -> str:
    return Template("{% load sms %}" + template).render(Context(context))


@pytest.mark.parametrize("state", list(MessageState))
def test_every_state_of_a_message_has_icon_and_word(state: MessageState):
    html = shown("{% message_state state %}", state=state.value)
    assert "<svg" in html
    assert sms.message_label(state) in html
    assert f"tone-{sms.message_tone(state)}" in html


@pytest.mark.parametrize("state", list(TaskState))
def test_every_state_of_a_task_has_icon_and_word(state: TaskState):
    html = shown("{% task_state state %}", state=state.value)
    assert "<svg" in html


@pytest.mark.parametrize("who", list(SaidBy))
def test_everybody_who_vouches_has_icon_and_word(who: SaidBy):
    assert sms.said_by(who)
    assert sms.said_by_icon(who)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "about 1 s"),
        (89, "about 89 s"),
        (90, "about 2 min"),
        (392, "about 7 min"),
        (5_400, "about 2 h"),
    ],
)
def test_a_duration_is_told_in_the_unit_people_would_choose(seconds: float | None, words: str):
    assert sms.about_seconds(seconds) == words

"""How states, codes and texts of messages look."""

import pytest
from django.template import Context, Template

from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.sms.data_coding import DataCoding
from sending.sms.preview import preview
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


def test_the_bubble_adds_no_white_space_and_escapes():
    text = "<b>&\n  two  spaces" + "x" * 160
    html = shown("{% handset 'Harbourline' preview %}", preview=preview([(text, None)]))
    assert '<p class="bubble">&lt;b&gt;&amp;\n  two  spaces' in html
    assert "2 segments, GSM 7-bit" in html
    assert "Alphanumeric originator, no replies" in html


def test_a_costly_character_names_its_code_point():
    html = str(sms.bubble(preview([("5–10", 2)])))
    assert html == (
        '<span class="var">5<mark class="costs" title="U+2013: not in GSM 03.38">–</mark>10</span>'
    )


def test_every_second_segment_is_shaded():
    html = str(sms.bubble(preview([("a" * 400, None)])))
    assert html.count("seg-cut") == 2
    assert html.count('<span class="seg-2">') == 1
    assert "begins here: segment 3" in html


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Harbourline", "Alphanumeric originator, no replies"),
        ("12345", "Short code"),
        ("+85251230001", "Mobile number, replies reach it"),
        ("", "The gateway&#x27;s own originator"),
    ],
)
def test_an_originator_says_whether_it_can_be_answered(text: str, kind: str):
    assert shown("{{ text|originator_kind }}", text=text) == kind


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


def test_alphabets_have_the_names_people_use():
    assert sms.alphabet_name(DataCoding.UCS2) == "UCS-2"
    assert sms.alphabet_name(0) == "GSM 7-bit"

"""A text as a handset shows it."""

import pytest
from django.template import Context, Template

from sending.sms.data_coding import DataCoding
from sending.sms.preview import preview
from smsconsole.templatetags import handset


def shown(template: str, **context: object) -> str:
    return Template("{% load handset %}" + template).render(Context(context))


def test_the_bubble_adds_no_white_space_and_escapes():
    text = "<b>&\n  two  spaces" + "x" * 160
    html = shown("{% handset 'Harbourline' preview %}", preview=preview([(text, None)]))
    assert '<p class="bubble" dir="auto">&lt;b&gt;&amp;\n  two  spaces' in html
    assert "2 segments, GSM 7-bit" in html
    assert "Alphanumeric originator, no replies" in html


def test_a_costly_character_names_its_code_point():
    html = str(handset.bubble(preview([("5–10", 2)])))
    assert html == (
        '<span class="var">5<mark class="costs" title="U+2013: not in GSM 03.38">–</mark>10</span>'
    )


def test_every_second_segment_is_shaded():
    html = str(handset.bubble(preview([("a" * 400, None)])))
    assert html.count("seg-cut") == 2
    assert html.count('<span class="seg-2">') == 1
    assert "begins here: segment 3" in html


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Harbourline", "Alphanumeric originator, no replies"),
        ("12345", "Short code"),
        ("+85251230001", "Mobile number, replies reach it"),
    ],
)
def test_an_originator_says_whether_it_can_be_answered(text: str, kind: str):
    assert shown("{{ text|originator_kind }}", text=text) == kind


def test_without_text_or_originator_it_says_what_will_be_there():
    html = shown("{% handset '' preview %}", preview=preview([]))
    assert "Your text appears here." in html
    assert "Originator of the gateway" in html


def test_alphabets_have_the_names_people_use():
    assert handset.alphabet_name(DataCoding.UCS2) == "UCS-2"
    assert handset.alphabet_name(0) == "GSM 7-bit"

"""The words of notices by SMS: short, whatever people called their things."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.notice_kinds import CONTACT_CHOICES, NoticeKind
from sending.notices import texts
from sending.sms import segments
from templates_app import wording
from templates_app.lint import lint_values

KINDS = sorted(texts.TEXTS["en"])
anything = st.text(max_size=400)
latin = st.text(st.sampled_from("abc XYZ09.,:/@-€[]{}“”…éü"), max_size=400)


def rendered(kind, language, name, headline):
    values = texts.values_of(kind, language, name, headline)
    return values, wording.parse(texts.body_of(kind, language)).render(values)


def test_every_language_has_all_that_contacts_are_told():
    for kinds in texts.TEXTS.values():
        assert set(kinds) == {*CONTACT_CHOICES, NoticeKind.TEST}
    assert {code for code, _name in settings.LANGUAGES} <= set(texts.TEXTS)
    assert texts.language_of("fr") == "en"


@given(st.sampled_from(KINDS), st.sampled_from(sorted(texts.TEXTS)), anything, anything)
def test_whatever_is_told_is_short_and_can_be_accepted(kind, language, name, headline):
    values, text = rendered(kind, language, name, headline)
    coding, count = segments.count(text)
    assert count <= texts.MOST_SEGMENTS[coding]
    assert all(values)
    assert not lint_values(texts.SMS_TYPE, values)


@given(st.sampled_from(KINDS), latin, latin)
def test_what_gsm_can_write_is_one_segment(kind, name, headline):
    assert segments.count(rendered(kind, "en", name, headline)[1])[1] == 1


@pytest.mark.parametrize(
    ("name", "headline", "text"),
    [
        (
            "Harbourline Ltd",
            "“Winter offer”, version 2, was approved",
            'for Harbourline Ltd: "Winter offer", version 2, was approved.',
        ),
        (
            "Booking.com",
            "“www.evil.example/x”, version 1, was rejected",
            'for Booking com: "www evil example x", version 1, was rejected.',
        ),
        ("A\nB\u202eC", "", "for A B C: ...."),
    ],
)
def test_examples(name, headline, text):
    whole = rendered(NoticeKind.REVIEW, "en", name, headline)[1]
    assert whole == f"SMS Console, review result {text}"

"""What separates things on a page, in the language of the page."""

import pytest
from django.template import engines
from django.utils import translation

WRITTEN = """{% load ui %}<p>{{ a }}{% comma %}
  {{ b }}{% if c %}{% comma %}
  {{ c }}{% endif %}</p>"""
LOOPED = """{% load ui %}{% for x in many %}{{ x }}{% if not forloop.last %}{% comma %}{% endif %}
{% endfor %}"""


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "<p>1, 2, 3</p>"), ("zh-hans", "<p>1、2、3</p>")]
)
def test_no_line_break_of_the_template_follows_what_separates(language: str, expected: str) -> None:
    page = engines["django"].from_string(WRITTEN)
    with translation.override(language):
        assert page.render({"a": 1, "b": 2, "c": 3}) == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "1, 2, 3"), ("zh-hans", "1、2、3")])
def test_nor_in_a_loop(language: str, expected: str) -> None:
    page = engines["django"].from_string(LOOPED)
    with translation.override(language):
        assert page.render({"many": [1, 2, 3]}).strip() == expected

"""JSON that cannot be read is the field's error, and is shown again as it was written."""

import pytest
from django import forms

from accounts.json_field import ForgivingJsonField


class JsonForm(forms.Form):
    value = ForgivingJsonField()


@pytest.mark.parametrize(
    "written",
    ["9" * 5_000, "[" * 100_000, "{", "[1,]", '"\ud800', '"\\ud800"', '"\\u0000"', "NaN", "1e999"],
)
def test_what_cannot_be_read_is_an_error(written):
    form = JsonForm({"value": written})
    assert form.errors["value"]
    assert form["value"].value() == written


def test_what_can_be_read_is_taken():
    form = JsonForm({"value": '["HK", 12345678901234567890]'})
    assert form.is_valid()
    assert form.cleaned_data["value"] == ["HK", 12345678901234567890]

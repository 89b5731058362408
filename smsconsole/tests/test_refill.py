"""What was entered, back in the form of a page."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from smsconsole.refill import refilled

PAGE = """<main><form method="post" action="/other/"><input name="name"></form>
<form method="get"><input name="name" value="search"></form>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<input type="hidden" name="upload"><input type="hidden" name="messages" value="7">
<input name="name" value="old &amp; wise" class="x">
<input type="password" name="password"><input type="file" name="file">
<input type="radio" name="way" value="A" checked><input type="radio" name="way" value="B">
<input type="checkbox" name="yes" checked>
<select name="kind"><option value="">-</option><option value="1" selected>One</option>
<option value="2">Two</option></select>
<textarea name="text">
old</textarea><input name="sample" value="1"><input name="sample" value="2">
<button name="save" value="draft">Save</button></form></main>"""


def form(fields: list[tuple[str, str]], page: str = PAGE) -> BeautifulSoup:
    html = refilled(page, "/here/", "/here/", fields)
    assert html is not None
    return BeautifulSoup(html, "html.parser").find_all("form")[2]


def test_every_kind_of_field_takes_what_was_entered():
    found = form(
        [
            ("name", 'New "name" <b>'),
            ("way", "B"),
            ("kind", "2"),
            ("text", "line\n</textarea><script>x</script>"),
            ("sample", "a"),
            ("sample", "b"),
            ("upload", "5"),
        ]
    )
    assert found.select_one("[name=name]")["value"] == 'New "name" <b>'
    assert found.select_one("[name=name]")["class"] == ["x"]
    assert [each["value"] for each in found.select("[name=way][checked]")] == ["B"]
    assert not found.select("[name=yes][checked]")
    assert [each["value"] for each in found.select("option[selected]")] == ["2"]
    assert found.select_one("textarea").text.strip("\n") == "line\n</textarea><script>x</script>"
    assert [each["value"] for each in found.select("[name=sample]")] == ["a", "b"]
    assert found.select_one("[name=upload]")["value"] == "5"


def test_what_only_the_page_may_say_stays():
    sent = [("csrfmiddlewaretoken", "old"), ("messages", "3"), ("password", "x"), ("file", "y")]
    found = form(sent)
    assert found.select_one("[name=csrfmiddlewaretoken]")["value"] == "new"
    assert found.select_one("[name=messages]")["value"] == "7"
    assert not found.select_one("[name=password]").has_attr("value")
    assert not found.select_one("[name=file]").has_attr("value")


def test_other_forms_stay_as_they_are():
    html = refilled(PAGE, "/here/", "/other/", [("name", "x")])
    first, second, third = BeautifulSoup(html, "html.parser").find_all("form")
    assert first.select_one("input")["value"] == "x"
    assert second.select_one("input")["value"] == "search"
    assert third.select_one("[name=name]")["value"] == "old & wise"
    assert refilled(PAGE, "/here/", "/nowhere/", [("name", "x")]) is None
    assert refilled(PAGE, "/here/", "/here/", [("unknown", "x")]) is None


@given(st.text(), st.text())
def test_whatever_was_entered_is_a_value_and_no_markup(name: str, text: str):
    found = form([("name", name), ("text", text)])
    plain = name.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    shown = found.select_one("[name=name]")["value"]
    assert shown.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "") == plain
    assert len(found.find_all(True)) == len(
        BeautifulSoup(PAGE, "html.parser").select("form")[2].find_all(True)
    )


@pytest.mark.parametrize("size", [20_000, 40_000])
def test_a_long_page_costs_linear_time(size: int):
    page = PAGE + "<input " * size + "<form" * size
    assert refilled(page, "/here/", "/here/", [("name", "x")])

"""The rules of pages catch what they should."""

import pytest

from smsconsole.tests.page_rules import faults

GOOD = """<html lang="en"><title>Tasks - SMS console</title><main><h1>Tasks</h1>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<label for="a">Name</label><input id="a" aria-describedby="b"><p id="b">Hint</p>
<label>Sure <input type="checkbox"></label><button>Save</button></form>
<table><tr><th scope="col">Row</th></tr></table><a href="/">Back</a></main></html>"""


def test_a_good_page_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (' lang="en"', "", "the page names no language"),
        ("Tasks - SMS", " - SMS", "the title is '- SMS console'"),
        ("<h1>Tasks</h1>", "", "h1 once, not []"),
        ("<h1>Tasks</h1>", "<h1>Tasks</h1><h1>More</h1>", "h1 once, not ['Tasks', 'More']"),
        ('<p id="b">', '<p id="a">', "id 'a' 2 times"),
        ('<p id="b">', "<p>", "aria-describedby names 'b', which is not there"),
        ('<label for="a">', "<label>", 'no label for <input aria-describedby="b" id="a"/>'),
        ('name="csrfmiddlewaretoken"', "", 'no csrf token in <form method="post">'),
        ('method="post"', "", "the csrf token would stand in the address: <form>"),
        ("<h1>", '<h1 style="color:red">', 'style attribute: <h1 style="color:red">'),
        ("<main>", "<main><style>p {}</style>", "inline style sheet: <style>"),
        ("<main>", "<main><script>go()</script>", "inline script: <script>"),
        ("<button>", '<button onclick="go()">', 'inline handler: <button onclick="go()">'),
        (' scope="col"', "", "no scope: <th>"),
        ('<th scope="col">Row</th>', "<td>1</td>", "a table without headings: <table>"),
        ("Save</button>", "</button>", "nothing to read out: <button>"),
        ('href="/"', 'href="#"', 'leads nowhere: <a href="#">'),
        ("<main>", '<main><img src="/a.png">', 'no alt: <img src="/a.png"/>'),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    assert fault in faults(GOOD.replace(old, new, 1))

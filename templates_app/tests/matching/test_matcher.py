"""Whole texts find the wording, the signature and the values that they were made of."""

import unicodedata
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from templates_app import wording
from templates_app.lint import lint_values
from templates_app.matching import (
    LONGEST,
    Matched,
    Matcher,
    WordingPattern,
    compiled,
    normalise,
)

NOTIFICATION, OTP = "NOTIFICATION", "OTP"


def matcher(*bodies: str, sms_type: str = NOTIFICATION, signatures: Any = ()) -> Matcher:
    """Number the wordings from 1."""
    patterns = [compiled(number, sms_type, body) for number, body in enumerate(bodies, 1)]
    return Matcher([one for one in patterns if one], signatures)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Hello \t there\r\nBob \r\n", "Hello there\nBob"),
        ("a\u00a0\u3000b", "a b"),
        ("one\rtwo\u2028three", "one\ntwo\nthree"),
        ("e\u0301tude", "\u00e9tude"),
        ("ＡＢＣ Straße", "ＡＢＣ Straße"),
        ("two\n\nlines", "two\n\nlines"),
    ],
)
def test_normal_form(written, normal):
    assert normalise(written) == normal


@given(st.text(max_size=60))
def test_normal_form_is_normal(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("body", "text", "values"),
    [
        ("Your order {1} is ready.", "Your order 17 is ready.", ("17",)),
        ("Your order {1} is ready.", "Your order  17 is\tready. ", ("17",)),
        ("Your order {1} is ready.", "your order 17 is ready.", None),
        ("Your order {1} is ready.", "Your order is ready.", None),
        ("Your order {1} is ready.", "Your order  is ready.", None),
        ("Your order {1} is ready.", "Your order 17 is ready!", None),
        ("{1}, your order {2} is ready.", "Ann, your order 17 is ready.", ("Ann", "17")),
        ("{2} for {1}", "tea for two", ("two", "tea")),
        # Earlier variables are the shortest that they can be.
        ("{1} and {2}", "a and b and c", ("a", "b and c")),
        ("{1}{2}!", "abc!", ("a", "bc")),
        # Values that no review would have seen.
        ("See {1}", "See http://evil.example/x", None),
        ("See {1}", "See a\u202eb", None),
        ("No variable", "No variable", ()),
        ("No variable", "No variable.", None),
        # Said twice, it is the same twice.
        ("{1} or {1}", "a or a", ("a",)),
        ("{1} or {1}", "a or b", None),
        ("{1} or {1}", "a or b or a or b", ("a or b",)),
        ("{1}, {2} or {1}", "a, b or a", ("a", "b")),
        # Blanks of the wording do not matter either.
        (" Hello  {1} ,\r\nbye ", "Hello Ann ,\nbye", ("Ann",)),
        ("100% of {1}", "100% of %s {1}", ("%s {1}",)),
    ],
)
def test_values_are_found(body, text, values):
    found = matcher(body).match(text)
    assert found == (None if values is None else Matched(1, "", values))


@pytest.mark.parametrize(
    ("body", "text", "values"),
    [
        ("Your code is {1}.", "Your code is 482913.", ("482913",)),
        ("Your code is {1}.", "Your code is 4829131.", None),
        ("Your code is {1}.", "Your code is a.", None),
        ("Code {1} for {2}.", "Code 12 for 5 minutes.", ("12", "5 minutes")),
        ("Code {1} for {2}.", "Code 12 for more than 12 letters.", None),
        ("Code {2} {1}", "Code 12 34", ("34", "12")),
        # The first place of what follows would leave the next variable too much.
        ("Code {1} {2} {3}", "Code 1 a b c d e f g", ("1", "a", "b c d e f g")),
        ("Code {1} {2} {3}", "Code 1 a bc de fg hi jk lm", ("1", "a bc de", "fg hi jk lm")),
        ("Code {1}{2}", "Code 1234567890", ("1", "234567890")),
        ("Code {1}{2}", "Code " + "1" * 18, ("1" * 6, "1" * 12)),
        ("Code {1}{2}", "Code " + "1" * 19, None),
        ("{1} is it.\n@a.example #{1}", "482913 is it.\n@a.example #482913", ("482913",)),
        ("{1} is it.\n@a.example #{1}", "482913 is it.\n@a.example #482914", None),
    ],
)
def test_values_of_one_time_passwords_are_short(body, text, values):
    found = matcher(body, sms_type=OTP).match(text)
    assert found == (None if values is None else Matched(1, "", values))


READY = "Café {1}: ready."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # What programs do by themselves.
        ("Café 17: ready.", "17"),
        ("Cafe\u0301 17: ready.", "17"),
        ("\ufeffCafé 17: ready.", None),
        ("\r\n Café\u00a017:\u2003ready. \r\n\r\n", "17"),
        ("Café\r\n17: ready.", None),
        ("Café 17 :ready.", None),
        ("Café\u200b 17: ready.", None),
        ("Café 1\u200b7: ready.", None),
        ("Café 1\u00ad7: ready.", None),
        ("Café 17\x00: ready.", None),
        ("CAFÉ 17: ready.", None),
        ("Café 17: READY.", None),
        ("Cafe 17: ready.", None),
        ("Café 17：ready.", None),
        ("Ｃafé 17: ready.", None),
        # The long s becomes s, and the kelvin sign K, only where case is folded.
        ("Café \u212a: ready.", "K"),
        ("Café ſ: ready.", "ſ"),
        ("Café １７: ready.", "１７"),
        ("Café : ready.", None),
        ("Café  : ready.", None),
        ("Café \u3000: ready.", None),
        ("Café 1: ready.: ready.", "1: ready."),
        ("Café {1}: ready.", "{1}"),
        ("Café " + "9" * 900 + ": ready.", "9" * 900),
        ("Café 17: ready", None),
        ("Café 17: ready..", None),
        ("[Café 17: ready.", None),
    ],
)
def test_what_carriers_compare_counts_and_nothing_else(text, value):
    found = matcher(READY).match(text)
    assert (found and found.values) == (None if value is None else (value,))


@pytest.mark.parametrize(
    "code", ["", " ", "１２３４", "٤٢", "12 34", "1\u200b2", "1" * 7, "1" * 900]
)
def test_a_code_is_one_to_six_digits(code):
    known = matcher("{1} is your code, {2}.", sms_type=OTP)
    assert known.match(f"{code} is your code, Ann.") is None
    assert known.match("123456 is your code, Ann.") is not None


@pytest.mark.parametrize(
    ("bodies", "text", "taken"),
    [
        # Most fixed characters, whichever was first.
        (["{1}", "Hello {1}", "Hello {1}, bye"], "Hello Ann, bye", 3),
        (["{1} bye", "Hello {1}"], "Hello Ann bye", 2),
        (["Hello Ann", "Hello {1}"], "Hello Ann", 1),
        # As many: the lowest id.
        (["Hello {1}!", "Hello {1}!"], "Hello Ann!", 1),
        (["ab{1}", "{1}cd"], "abxcd", 1),
        # One is not lawful here, so the other is taken.
        (["Hello {1}", "{1} www.shop.example"], "Hello www.shop.example", 2),
    ],
)
def test_ties(bodies, text, taken):
    found = matcher(*bodies).match(text)
    assert found is not None
    assert found.id == taken


@pytest.mark.parametrize(
    ("text", "asked", "signature"),
    [
        ("Hello Ann", "", ""),
        ("[Lumen] Hello Ann", "", "Lumen"),
        ("[Lumen]Hello Ann", "", "Lumen"),
        ("【Lumen】Hello Ann", "", "Lumen"),
        ("Hello Ann [Lumen]", "", "Lumen"),
        ("Hello Ann", "Lumen", "Lumen"),
        ("[Lumen] Hello Ann", "Lumen", "Lumen"),
        ("[Other] Hello Ann", "", None),
        ("[Lumen] [Lumen] Hello Ann", "", None),
        ("[Lumen Hello Ann", "", None),
        ("[Other] Hello Ann", "Lumen", None),
    ],
)
def test_signatures(text, asked, signature):
    found = matcher("Hello {1}", signatures=["Lumen"]).match(text, asked)
    # An ending in brackets that is no signature is part of a value.
    assert (found and found.signature) == signature


def test_a_signature_that_is_not_approved_is_named():
    known = matcher("Hello {1}", signatures=["Lumen"])
    assert known.unapproved_signature("[Other] Hello Ann") == "Other"
    assert known.unapproved_signature("[Other] Good morning") == ""


def test_the_nearest():
    known = matcher("Your parcel {1} is late", "Your order {1} is ready", "Good bye, {1}")
    assert known.nearest("Your order 17 is ready!") == [2, 1]
    assert known.nearest("") == []


def test_a_text_beyond_all_bounds_is_of_nothing():
    assert matcher("{1}").match("x" * LONGEST) is not None
    assert matcher("{1}").match("x" * (LONGEST + 1)) is None


def test_a_wording_with_a_gap_matches_nothing():
    assert compiled(1, NOTIFICATION, "Hello {1} and {3}") is None


LETTERS = st.text(st.sampled_from("ab ,é한\n"), min_size=1, max_size=8)
VALUES = st.text(st.sampled_from("abc12 é字,"), min_size=1, max_size=10).filter(
    lambda value: value == normalise(value)
)


@st.composite
def made_texts(draw):
    """Some wordings, one of them, and values for it."""
    sms_type = draw(st.sampled_from([NOTIFICATION, OTP]))
    bodies = []
    for _body in range(draw(st.integers(1, 4))):
        pieces = draw(st.lists(st.booleans(), min_size=1, max_size=7))
        numbers = iter(range(1, 9))
        bodies.append(
            "".join(f"{{{next(numbers)}}}" if piece else draw(LETTERS) for piece in pieces)
        )
    chosen = draw(st.integers(0, len(bodies) - 1))
    count = wording.parse(bodies[chosen]).variables
    values = draw(st.lists(VALUES, min_size=count, max_size=count))
    if sms_type == OTP and values:
        values[0] = draw(st.from_regex(r"[0-9]{1,6}", fullmatch=True))
    return sms_type, bodies, chosen, values


@given(made_texts())
def test_what_was_made_of_a_wording_matches_it_or_one_that_is_preferred(made):
    sms_type, bodies, chosen, values = made
    assume(not lint_values(sms_type, values))
    text = normalise(wording.parse(bodies[chosen]).render(values))
    assume(text)
    found = matcher(*bodies, sms_type=sms_type).match(text)
    assert found is not None
    patterns = [compiled(n, sms_type, body) for n, body in enumerate(bodies, 1)]
    made_of, taken = patterns[chosen], patterns[found.id - 1]
    assert made_of is not None
    assert taken is not None
    assert (-taken.weight, taken.id) <= (-made_of.weight, made_of.id)
    # What was found makes the same text again.
    again = wording.parse(bodies[found.id - 1]).render(found.values)
    assert normalise(again) == text
    assert not lint_values(sms_type, found.values)


BLANKS = st.text(st.sampled_from(" \t\u00a0\u2003\u3000"), min_size=1, max_size=3)


@given(made_texts(), st.sampled_from(["NFC", "NFD"]), st.data())
def test_a_text_is_the_same_in_whatever_form_it_is_written(made, form, data):
    sms_type, bodies, chosen, values = made
    assume(not lint_values(sms_type, values))
    text = normalise(wording.parse(bodies[chosen]).render(values))
    known = matcher(*bodies, sms_type=sms_type)
    noisy = unicodedata.normalize(form, data.draw(BLANKS) + text + data.draw(BLANKS))
    noisy = noisy.replace(" ", data.draw(BLANKS))
    noisy = noisy.replace("\n", data.draw(st.sampled_from(["\r\n", "\r", " \n\t", "\u2028"])))
    assert known.match(noisy) == known.match(text)


@given(made_texts(), st.text(st.sampled_from("ab12 é,"), max_size=30))
def test_whatever_matches_makes_the_text_again(made, text):
    sms_type, bodies, _chosen, _values = made
    found = matcher(*bodies, sms_type=sms_type).match(text)
    if found:
        again = wording.parse(bodies[found.id - 1]).render(found.values)
        assert normalise(again) == normalise(text)


class Counting(str):
    """A text that counts how many of its characters are looked at."""

    looks = 0

    def find(self, what, start=0, end=None):
        found = super().find(what, start, len(self) if end is None else end)
        type(self).looks += (found if found >= 0 else len(self)) - start + len(what)
        return found

    def startswith(self, what, start=0):
        type(self).looks += 1
        return super().startswith(what, start)

    def __getitem__(self, place):
        type(self).looks += 1
        return super().__getitem__(place)


@pytest.mark.parametrize("length", [400, 800, 1600])
@pytest.mark.parametrize("sms_type", [NOTIFICATION, OTP])
@pytest.mark.parametrize(
    ("literal", "unit"),
    [("a", "a"), ("ab", "ab"), ("", "1"), ("1", "1"), (" 1", "1 "), ("aa", "a")],
)
def test_hostile_texts_cost_linear_work(length, sms_type, literal, unit):
    variables = 60
    body = literal.join(f"{{{n}}}" for n in range(1, variables + 1)) + "b"
    pattern = compiled(1, sms_type, body)
    assert pattern is not None
    text = Counting((unit * length)[:length] + ("b" if length % 800 else ""))
    Counting.looks = 0
    pattern.split(text)
    assert Counting.looks <= 4 * length * variables


def test_a_combining_letter_at_a_border_is_no_match_and_no_error():
    body, value = "Caf{1}", "\u0301 noir"
    text = wording.parse(body + "e{2}").render(["x", value])
    assert unicodedata.normalize("NFC", text) != text
    assert matcher(body + "e{2}").match(text) is None


def test_many_wordings_that_begin_and_end_alike_are_told_apart():
    bodies = [f"{{1}} has parcel p{n} at the shop {{2}}" for n in range(30)]
    bodies += ["{1} has ap7 {2}", "{1}p8{2}"]
    known = matcher(*bodies)
    for number in range(30):
        found = known.match(f"Ann has parcel p{number} at the shop now")
        assert found == Matched(number + 1, "", ("Ann", "now"))
    assert known.match("Ann has ap7 now") == Matched(31, "", ("Ann", "now"))
    assert known.match("up8down") == Matched(32, "", ("u", "down"))
    assert known.match("Ann has parcel p30 at the shop now") is None


@pytest.mark.parametrize(
    "body",
    [
        "{{1}}, parcel number {n} of yours is at the shop until {{2}}.",
        # Told apart by no word: each is looked at once, for a literal that it has not.
        "{{1}}no{n}x{{2}}",
        "Parcel {n}: {{1}}",
        "{{1}} is parcel {n}",
    ],
)
def test_a_thousand_wordings_that_differ_in_a_number_are_told_apart(body, monkeypatch):
    count = 1_000
    values = ("Ann", "noon")[: body.count("{{")]

    def text(number):
        return wording.parse(body.format(n=number)).render(values)

    known = matcher(*(body.format(n=n) for n in range(count)))
    split, tried = WordingPattern.split, []
    monkeypatch.setattr(
        WordingPattern, "split", lambda self, text: tried.append(self.id) or split(self, text)
    )
    for number in (0, 1, 10, 100, 999):
        assert known.match(text(number)) == Matched(number + 1, "", values)
    assert known.match(text(count)) is None
    # What could also be meant begins, ends and is worded alike: parcel 1 of parcel 10.
    assert len(tried) <= 20

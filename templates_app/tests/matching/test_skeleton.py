"""Texts without a wording: what they have in common, and what wording they suggest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.matching import normalise
from templates_app.matching.overlap import Overlap, overlaps
from templates_app.matching.pattern import compiled
from templates_app.matching.skeleton import clusters, proposal, skeleton, without_digits

NOTIFICATION, OTP = "NOTIFICATION", "OTP"


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("Your code is 482913.", "Your code is {1}."),
        ("Order AB12-34 of 3.50 EUR", "Order {1} of {2} EUR"),
        ("At 10:30 on 2026-11-30, call +852 5123 4567", "At {1} on {2}, call +{3} {4} {5}"),
        ("No value here", "No value here"),
        ("您的验证码是 482913，请勿泄露", "您的验证码是 {1}，请勿泄露"),
        ("Code ٤٨٢", "Code {1}"),
        ("", ""),
    ],
)
def test_what_one_text_suggests(text, wording):
    assert proposal(text) == wording


@given(st.text(max_size=80))
def test_no_digit_is_kept(text):
    kept = without_digits(text)
    assert len(kept) == len(text)
    assert not any(letter.isdecimal() and letter != "0" for letter in kept)
    assert skeleton(kept) == skeleton(text)


@given(st.text(st.sampled_from("a1 .-é\n"), max_size=40))
def test_a_skeleton_is_of_the_normalised_text(text):
    assert skeleton(text) == skeleton(normalise(text))


def test_words_that_differ_between_texts_are_values():
    texts = [
        (1, "Dear Ann, your parcel 17 is at the shop", 5),
        (2, "Dear Bob, your parcel 9 is at the shop", 3),
        (3, "Good bye", 4),
        (4, "Dear Eve, your parcel 2 is at the kiosk", 1),
    ]
    found = clusters(texts)
    assert [(one.wording, one.keys, one.count) for one in found] == [
        ("Dear {1}, your parcel {2} is at the {3}", [1, 2, 4], 9),
        ("Good bye", [3], 4),
    ]


def test_texts_that_share_too_little_stay_apart():
    texts = [(1, "Your parcel is late", 1), (2, "My cat was early", 1)]
    assert [one.keys for one in clusters(texts)] == [[1], [2]]


@pytest.mark.parametrize(
    ("body", "other", "found"),
    [
        ("Hello {1}!", "Hello {1}!", [Overlap(2, is_tie=True)]),
        ("Hello {1}!", "Hello  {1}!", [Overlap(2, is_tie=True)]),
        ("Hello {1} {2}", "Hello {2} {1}", [Overlap(2, is_tie=True)]),
        # One is more general: the other is preferred wherever both match.
        ("Hello {1}", "Hello {1}, bye", [Overlap(2, is_tie=False)]),
        ("Hello {1}, bye", "Hello {1}", [Overlap(2, is_tie=False)]),
        ("Hello {1}", "Bye {1}", []),
        ("Hello", "Hello", [Overlap(2, is_tie=True)]),
        # Only a text made up for it would be of both.
        ("Your code is {1}", "{1} is your code", []),
    ],
)
def test_wordings_that_match_the_same_texts(body, other, found):
    one = compiled(1, NOTIFICATION, body)
    two = compiled(2, NOTIFICATION, other)
    assert one is not None
    assert two is not None
    assert overlaps(one, [one, two]) == found


def test_types_make_no_difference_to_whoever_sends():
    one = compiled(1, OTP, "Code {1} for {2}")
    two = compiled(2, NOTIFICATION, "Code {1} for {2}")
    assert one is not None
    assert two is not None
    assert overlaps(one, [two]) == [Overlap(2, is_tie=True)]
    assert overlaps(two, [one]) == [Overlap(1, is_tie=True)]

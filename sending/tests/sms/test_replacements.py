"""Typographic characters and what to write instead."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import alphabet, replacements


@pytest.mark.parametrize(
    ("text", "suggested", "applied"),
    [
        ("don't", {}, "don't"),
        ("don’t", {"’": "'"}, "don't"),
        ("“5–10”…", {"“": '"', "–": "-", "”": '"', "…": "..."}, '"5-10"...'),
        ("5\u00a0minutes\u200b", {"\u00a0": " ", "\u200b": ""}, "5 minutes"),
        ("a\tb", {"\t": " "}, "a b"),
        (
            "❝ﬁne❞ ∙ it\u02bbs",
            {"❝": '"', "ﬁ": "fi", "❞": '"', "∙": ".", "\u02bb": "'"},
            '"fine" . it\'s',
        ),
        ("a\u1680b\u0085c", {"\u1680": " ", "\u0085": "\n"}, "a b\nc"),
        # The same letters with their accents apart (NFD).
        ("Cafe\u0301 – N\u0303", {"e\u0301": "é", "–": "-", "N\u0303": "Ñ"}, "Café - Ñ"),
        (
            "A\u030angstro\u0308m \u212b",
            {"A\u030a": "Å", "o\u0308": "ö", "\u212b": "Å"},
            "Ångström Å",
        ),
        # Not in GSM 7-bit with its accent: joined it is UCS-2 still, with one unit less.
        ("c\u0327a", {}, "ça"),
        ("e\u0301 c\u0327", {}, "é ç"),
        # Nothing to gain: another character forces UCS-2 anyway.
        ("don’t 验", {}, "don't 验"),
        ("ç’", {}, "ç'"),
        # Joiners make one emoji of several, and words of Persian.
        ("👨\u200d👩", {}, "👨\u200d👩"),
    ],
)
def test_texts(text, suggested, applied):
    assert replacements.suggest(text) == suggested
    assert replacements.apply(text) == applied


def test_every_replacement_is_gsm_and_replaces_what_is_not():
    for character, replacement in replacements.REPLACEMENTS.items():
        assert alphabet.forces_ucs2(character) == [character]
        assert alphabet.forces_ucs2(replacement) == []


@given(st.text(st.sampled_from("ae’–…\u00a0é€中\u0301\u0327\u212b")))
def test_what_is_suggested_makes_the_text_gsm(text):
    applied = replacements.apply(text)
    if replacements.suggest(text):
        assert alphabet.forces_ucs2(applied) == []
    assert replacements.apply(applied) == applied


@given(st.text(st.sampled_from("ae’–…\u00a0é€中\u0301\u0327\u212b")))
def test_only_where_one_applies_is_anything_suggested_or_changed(text):
    if not replacements.applies_to(text):
        assert replacements.suggest(text) == {}
        assert replacements.apply(text) == text


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("e\u0302\u0301 \u0438\u0306 \u03b1\u0301 \u304b\u3099", "ế й ά が"),
        # Unicode has no one character for the letter, or none that stays one.
        ("x\u0301", "x\u0301"),
        ("\u0958", "\u0958"),
        # The same sign of another width or form is another one.
        ("ｶﾞ ﬁ ①", "ｶﾞ ﬁ ①"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_letters_in_parts_are_joined(text, joined):
    assert replacements.joined(text) == joined


@given(st.text())
def test_joining_never_changes_what_a_text_says(text):
    joined = replacements.joined(text)
    assert len(joined) <= len(text)
    assert unicodedata.normalize("NFC", joined) == unicodedata.normalize("NFC", text)

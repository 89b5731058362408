"""Which language somebody gets, and what people write for a language."""

import pytest

from templates_app.language_names import aliases_of, language_choices, language_name
from templates_app.languages import negotiated, tag_of


@pytest.mark.parametrize(
    ("wanted", "available", "gets"),
    [
        ("fr", {"en", "fr"}, "fr"),
        ("fr-ca", {"en", "fr"}, "fr"),
        ("pt", {"pt-br"}, "pt-br"),
        ("pt-br", {"pt", "pt-br"}, "pt-br"),
        ("en-gb", {"en-au", "fr"}, "en-au"),
        ("zh-tw", {"zh-hans", "zh-hant"}, "zh-hant"),
        ("zh-cn", {"zh-hans", "zh-hant"}, "zh-hans"),
        ("zh", {"zh-hans", "zh-hant"}, "zh-hans"),
        # Who reads one way of writing Chinese is not given the other.
        ("zh-hk", {"zh-hans"}, ""),
        ("de", {"en", "fr"}, ""),
        ("", {"en"}, ""),
        ("x" * 500, {"en"}, ""),
    ],
)
def test_who_gets_which_language(wanted, available, gets):
    assert negotiated(wanted, available) == gets


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        (" FR ", "fr"),
        ("fr_CA", "fr-ca"),
        ("French", "fr"),
        ("français", "fr"),
        ("繁體中文", "zh-hant"),
        ("klingon", "klingon"),
    ],
)
def test_a_language_is_read_as_people_write_it(written, tag):
    assert tag_of(written, aliases_of(["fr", "zh-hant"])) == tag


def test_languages_have_names():
    assert language_name("fr") == "French"
    assert language_name("tlh") == "tlh"
    assert ("zh-hans", "Simplified Chinese") in language_choices()

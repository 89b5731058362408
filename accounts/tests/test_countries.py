"""Countries have names, and the names cost little memory."""

import subprocess
import sys

from django.utils.translation import override

from accounts.countries import country_choices, country_name


def test_a_country_is_named_in_the_readers_language():
    assert country_name("HK") == "Hong Kong"
    with override("fr"):
        assert country_name("DE") == "Allemagne"


def test_the_star_of_a_shared_name_is_followed():
    assert country_name("AD") == "Andorra"


def test_an_unknown_code_stands_for_itself():
    assert country_name("ZZ") == "ZZ"


def test_choices_begin_with_none_and_are_sorted_by_name():
    choices = country_choices()
    assert choices[0] == ("", "")
    names = [name for _code, name in choices[1:]]
    assert names == sorted(names)
    assert ("GB", "United Kingdom") in choices


def test_no_process_loads_the_towns_of_the_world():
    code = (
        "import django, sys; django.setup(); from accounts.countries import country_name;"
        " assert country_name('GB'); print('phonenumbers.geodata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"

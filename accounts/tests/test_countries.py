"""Countries have names, and the names cost little memory."""

import subprocess
import sys

import pytest
from django.utils.translation import override

from accounts.countries import country_choices, country_name, reachable_regions


def test_a_country_is_named_in_the_readers_language():
    assert country_name("HK") == "Hong Kong"
    with override("fr"):
        assert country_name("DE") == "Allemagne"


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("SZ", "Eswatini", "斯威士兰"),
        ("MK", "North Macedonia", "北马其顿"),
        ("MO", "Macao", "澳门"),
        ("MM", "Myanmar", "缅甸"),
        ("XK", "Kosovo", "科索沃"),
    ],
)
def test_names_are_those_of_today(code, english, chinese):
    assert country_name(code) == english
    with override("zh-hans"):
        assert country_name(code) == chinese


@pytest.mark.parametrize("code", ["ZZ", "001", "EU", ""])
def test_an_unknown_code_stands_for_itself(code):
    assert country_name(code) == code


def test_choices_begin_with_none_and_are_sorted_by_name():
    choices = country_choices()
    assert choices[0] == ("", "")
    names = [name for _code, name in choices[1:]]
    plain = [name for name in names if name.isascii()]
    assert plain == sorted(plain, key=str.casefold)
    assert ("GB", "United Kingdom") in choices
    # Where people look for it, not behind Z.
    assert names.index("Åland Islands") < names.index("Albania")


def test_chinese_names_are_sorted_by_pinyin():
    with override("zh-hans"):
        names = [name for _code, name in country_choices()[1:]]
    wanted = ["阿尔巴尼亚", "德国", "法国", "梵蒂冈", "菲律宾", "瑙鲁", "香港", "新加坡", "中国"]
    assert [name for name in names if name in wanted] == wanted


def test_every_country_but_the_mainland_stands_in_one_region():
    regions = reachable_regions()
    names = ["Africa", "Americas", "Asia", "Europe", "Oceania"]
    assert [region.name for region in regions] == names
    codes = [country.code for region in regions for country in region.countries]
    assert sorted(codes) == sorted({code for code, _name in country_choices()[1:]} - {"CN"})
    europe = {country.code: country.calling_code for country in regions[3].countries}
    assert europe["DE"] == "+49"


def test_no_process_loads_the_towns_of_the_world():
    code = (
        "import django, sys; django.setup(); from accounts.countries import country_name;"
        " assert country_name('GB'); print('phonenumbers.geodata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"

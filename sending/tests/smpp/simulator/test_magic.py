"""The magic numbers are those that the page for people lists."""

import re
from pathlib import Path

import pytest

from sending.smpp.simulator.magic import DELIVERED, MAGIC_NUMBERS, outcome_of
from sending.sms.msisdn import parse

PAGE = Path(__file__).parents[4] / "docs" / "simulator.md"


def test_the_page_lists_every_magic_number():
    rows = re.findall(r"^\| (\d{4}) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [ending for ending, _ in rows] == list(MAGIC_NUMBERS)


@pytest.mark.parametrize("beginning", ["8526666", "44770090", "6591239", "1202555", "4917139"])
def test_the_ending_counts_in_any_country(beginning):
    for ending, outcome in MAGIC_NUMBERS.items():
        assert outcome_of(beginning + ending) is outcome
        assert outcome_of(ending + beginning) is DELIVERED


@pytest.mark.parametrize("beginning", ["8526123", "44740012", "659123", "491511233", "3361234"])
@pytest.mark.parametrize("ending", MAGIC_NUMBERS)
def test_numbers_with_such_an_ending_are_valid(beginning, ending):
    assert parse(beginning + ending).e164 == f"+{beginning}{ending}"

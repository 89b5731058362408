"""A number is cut, not formatted."""

import pytest

from sending.sms.calling_code import cut


@pytest.mark.parametrize(
    ("e164", "parts"),
    [
        ("+12025550123", ("1", "2025550123")),
        ("+85251230001", ("852", "51230001")),
        ("+390612345678", ("39", "0612345678")),
        ("", ("", "")),
    ],
)
def test_a_number_is_cut_after_its_calling_code(e164, parts):
    assert cut(e164) == parts

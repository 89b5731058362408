"""What data_coding 1 means, which clients write who mean GSM 7-bit."""

import pytest

from accounts import shared_time
from sending.smpp_server.reading import read, text_of
from sending.tests.smpp_server.running import submit_sm


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"Plain words, line one\nline two", "Plain words, line one\nline two"),
        (b"$5 @ home_1 [a] {b}", "$5 @ home_1 [a] {b}"),
        # As node-smpp writes it unless it is told otherwise.
        (b"\x1be5 \x00 \x1b<4\x1b>", "€5 @ [4]"),
        (b"caf\x05", "café"),
    ],
)
def test_octets_that_no_ascii_has_are_gsm(octets, text):
    found = read(submit_sm(octets, data_coding=1), default_coding=0, now=shared_time.now())
    assert text_of([(found.coding, found.octets)]) == text

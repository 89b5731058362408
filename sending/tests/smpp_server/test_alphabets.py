"""What each data_coding means; 1 is written by clients, too, who mean GSM 7-bit."""

import pytest

from accounts import shared_time
from sending.smpp_server.reading import read, text_of
from sending.sms import alphabet
from sending.tests.smpp_server.running import submit_sm

EXTENSION = "Costs 5€ [net]: {a} ~ ^ | \\"


@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (0, alphabet.encode(EXTENSION), EXTENSION),
        (3, "Über à la carte".encode("latin-1"), "Über à la carte"),
        (8, "你好 👋 ok".encode("utf-16-be"), "你好 👋 ok"),
        (0xF1, alphabet.encode("class €1"), "class €1"),
        (1, b"Plain words, line one\nline two", "Plain words, line one\nline two"),
        (1, b"$5 @ home_1 [a] {b}", "$5 @ home_1 [a] {b}"),
        # As node-smpp writes it unless it is told otherwise.
        (1, b"\x1be5 \x00 \x1b<4\x1b>", "€5 @ [4]"),
        (1, b"caf\x05", "café"),
    ],
)
def test_octets_are_read_as_they_were_meant(coding, octets, text):
    found = read(submit_sm(octets, data_coding=coding), default_coding=0, now=shared_time.now())
    assert text_of([(found.coding, found.octets)]) == text

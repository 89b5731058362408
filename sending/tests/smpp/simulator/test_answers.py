"""Handsets of the simulator that answer."""

from sending.gateways.smpp.inbound import read_inbound
from sending.smpp.pdu import SubmitSm
from sending.smpp.simulator.answers import answers_to
from sending.smpp.simulator.magic import LONG_ANSWER, MAGIC_NUMBERS
from sending.sms import udh
from sending.sms.reassembly import gather, text_of
from sending.sms.udh import ESM_CLASS_UDHI, Concatenation

ENDINGS = {ending: outcome for ending, outcome in MAGIC_NUMBERS.items() if outcome.answer}


def heard(submit_sm: SubmitSm, text: str) -> str:
    brought = [read_inbound(deliver_sm) for deliver_sm in answers_to(submit_sm, text)]
    assert {one.destination for one in brought} == {"Brand"}
    assert {one.source for one in brought} == {"85266669916"}
    segments = brought[0].segments
    assert len(brought) == segments
    (gathered,) = gather(brought, segments)
    return text_of(gathered.parts, segments)


def test_what_it_answers_can_be_read():
    submit_sm = SubmitSm("Brand", "85266669916", b"hello")
    for outcome in ENDINGS.values():
        assert heard(submit_sm, outcome.answer) == outcome.answer


def test_the_long_answer_comes_in_three_segments_the_last_first():
    deliver_sms = list(answers_to(SubmitSm("Brand", "85266669916", b"hello"), LONG_ANSWER))
    assert [read_inbound(each).segment for each in deliver_sms] == [3, 2, 1]


def test_of_a_long_message_the_last_segment_is_answered():
    def part(number: int) -> SubmitSm:
        header = udh.encode(Concatenation(1, 2, number))
        return SubmitSm("Brand", "85266669914", header + b"x", esm_class=ESM_CLASS_UDHI)

    assert list(answers_to(part(1), "STOP")) == []
    assert len(list(answers_to(part(2), "STOP"))) == 1

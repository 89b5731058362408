"""Our SMPP server with clients of other people: node-smpp, smpplib and aiosmpplib.

Every library plays every case that it can; what only the server decides is played once by one.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from sending.lifecycle import MessageState
from sending.models import Message, SmppBind, SmppReceipt
from sending.models.stepping import step
from sending.tests.factories import a_number
from sending.tests.gateways.authority import Authority
from sending.tests.peers.served import Served, ServedByProcess
from sending.tests.peers.smpp_clients import KINDS, SmppProgram
from sending.tests.waiting import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
NODE, SMPPLIB, AIOSMPPLIB = KINDS
EXTENSION = "Table [4] {a} ~b^ |c\\ for €5"
EMOJI = "您好 👋🏽 Ann"
LONG = "".join(f"{n:03} words of a long text. " for n in range(16))[:398]
DELIVERED, UNDELIVERABLE = MessageState.DELIVERED, MessageState.UNDELIVERABLE
RTHROTTLED, RBINDFAIL, RINVPASWD, RCANCELFAIL = 0x58, 0x0D, 0x0E, 0x11
SECONDS = 60


@pytest.fixture
def served():
    served = Served()
    yield served
    served.stop()


# Programs end before the server does: some answer no unbind, and it would wait for them.
@pytest.fixture(params=KINDS)
def peer(request, served):
    with SmppProgram(request.param) as program:
        yield program


@pytest.fixture(params=[NODE, SMPPLIB])
def free_peer(request, served):
    """One of those that write any PDU."""
    with SmppProgram(request.param) as program:
        yield program


@pytest.fixture
def node():
    with SmppProgram(NODE) as program:
        yield program


def bind(peer, served, name="one", kind="transceiver", **changes):
    given = {"port": served.port, "tls": False, **served.login} | changes
    return peer("bind", name=name, kind=kind, **given)


def message(nth=0, **fields):
    number = a_number(nth).removeprefix("+")
    # Brand is alphanumeric (TON 5); the number is international.
    addresses = {"source_addr": "", "destination_addr": number}
    types = {"source_addr_ton": 0, "source_addr_npi": 0, "dest_addr_ton": 1, "dest_addr_npi": 1}
    return addresses | types | {"registered_delivery": 1} | fields


def submit(peer, *messages, name="one"):
    return peer("submit", name=name, messages=list(messages))["answers"]


def receipts(peer, count, seconds=SECONDS):
    return peer("receipts", count=count, seconds=seconds)["receipts"]


# --- Binds ----------------------------------------------------------------------------------------


def test_each_type_of_bind_is_taken_and_listed(peer, served):
    for kind, letters in [("transmitter", "TX"), ("receiver", "RX"), ("transceiver", "TRX")]:
        said = bind(peer, served, name=kind, kind=kind)
        assert said["status"] == 0
        assert said.get("version", 0x34) == 0x34
        row = SmppBind.objects.get()
        assert (row.bind_type, row.address, row.is_tls) == (letters, "127.0.0.1", False)
        peer("ask", name=kind, command="unbind", fields={})
        wait_until(lambda: not SmppBind.objects.exists())


def test_a_wrong_password_and_one_that_is_longer_are_refused(node, served):
    right = served.login["password"]
    for nth, password in enumerate(["Abcd1235", right + "5", right[:7], ""]):
        assert bind(node, served, name=str(nth), password=password)["status"] == RINVPASWD
        # They are guesses: the fourth in a row is looked at a moment later.
    assert bind(node, served, system_id="nobody")["status"] == RINVPASWD


def test_who_may_not_bind_is_told_so(peer, served):
    for name, changes in {
        "from elsewhere": {"allowed_networks": ["192.0.2.0/24"]},
        "without anything": {"allowed_networks": []},
        "without TLS": {"allowed_networks": ["127.0.0.0/8"], "requires_tls": True},
        "switched off": {"requires_tls": False, "is_enabled": False},
    }.items():
        served.change(**changes)
        assert bind(peer, served, name=name)["status"] == RBINDFAIL
    served.change(is_enabled=True, most_binds=1, most_transmitters=1)
    assert bind(peer, served)["status"] == 0


def test_no_more_binds_than_the_account_has(node, served):
    served.change(most_binds=3, most_transmitters=2)
    kinds = ["transceiver", "transmitter", "transceiver", "receiver", "receiver"]
    said = [bind(node, served, name=str(n), kind=kind)["status"] for n, kind in enumerate(kinds)]
    assert said == [0, 0, RBINDFAIL, 0, RBINDFAIL]


# --- Texts ----------------------------------------------------------------------------------------


def test_a_text_is_read_as_the_library_meant_it(peer, served):
    bind(peer, served)
    texts = [EXTENSION, EMOJI, "A" * 160, "é" * 70]
    answers = submit(peer, *(message(nth, text=text) for nth, text in enumerate(texts)))
    assert [status for status, _id in answers] == [0] * len(texts)
    told = dict(Message.objects.values_list("pk", "msisdn"))
    assert [told[int(pk)] for _status, pk in answers] == [a_number(n) for n in range(len(texts))]
    assert sorted(served.texts()) == sorted(texts)


def in_parts(text, nth=0, *, way="udh8"):
    """Three submit_sm of 153 characters at most, as a client cuts them by hand."""
    cut = [text[at : at + 150] for at in range(0, len(text), 150)]
    for place, part in enumerate(cut, 1):
        octets = part.encode("ascii")
        if way == "sar":
            tlvs = {
                "sar_msg_ref_num": 7,
                "sar_total_segments": len(cut),
                "sar_segment_seqnum": place,
            }
            yield message(nth, hex=octets.hex(), **tlvs)
        else:
            header = (
                bytes([6, 8, 4, 1, 7, len(cut), place])
                if way == "udh16"
                else bytes([5, 0, 3, 7, len(cut), place])
            )
            yield message(nth, hex=(header + octets).hex(), esm_class=0x40)


def test_a_text_in_three_parts_is_one_message_with_a_receipt_each(free_peer, served):
    bind(free_peer, served)
    ways = ["udh8", "udh16", "sar"]
    parts = [one for nth, way in enumerate(ways) for one in in_parts(LONG, nth, way=way)]
    answers = submit(free_peer, *parts)
    assert [status for status, _id in answers] == [0] * len(parts)
    ids = {message_id for _status, message_id in answers}
    assert len(ids) == len(parts)
    assert served.texts() == [LONG] * len(ways)
    served.end()
    assert {one["id"] for one in receipts(free_peer, len(parts))} == ids


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        # It cuts between the two octets of a character.
        (SMPPLIB, [LONG, "€" + "[x]" * 60, EMOJI * 12]),
        (AIOSMPPLIB, [LONG, EMOJI * 12]),
    ],
)
def test_long_texts_as_the_library_cuts_them(served, kind, texts):
    with SmppProgram(kind) as peer:
        bind(peer, served)
        # aiosmpplib cuts by UDH where it is told so.
        esm_class = 0x40 if kind == AIOSMPPLIB else 0
        for nth, text in enumerate(texts):
            answers = submit(peer, message(nth, text=text, esm_class=esm_class))
            assert all(status == 0 for status, _id in answers)
        assert served.texts() == texts


def test_a_long_text_as_payload(peer, served):
    bind(peer, served)
    ((status, _id),) = submit(peer, message(payload=LONG))
    assert status == 0
    assert served.texts() == [LONG]


def test_parts_may_come_by_two_binds_and_in_any_order(node, served):
    for name in ("one", "two"):
        bind(node, served, name=name)
    first, second, third = in_parts(LONG)
    assert submit(node, third, name="two")[0][0] == 0
    assert submit(node, first, name="one")[0][0] == 0
    assert served.texts() == []
    assert submit(node, second, name="two")[0][0] == 0
    assert served.texts() == [LONG]


def test_a_text_nobody_approved_is_refused_with_a_status_of_ours_or_a_plain_one(peer, served):
    served.right.delete()
    # The two others cannot read a reason.
    served.change(uses_plain_statuses=peer.kind == AIOSMPPLIB, tells_reasons=peer.kind == NODE)
    bind(peer, served)
    ((status, _id),) = submit(peer, message(text="Nobody approved this."))
    # aiosmpplib ends the connection at statuses that it does not know.
    assert status == (0x45 if peer.kind == AIOSMPPLIB else 0x402)
    assert not Message.objects.exists()


def test_a_text_to_many_has_one_id_and_names_who_gets_nothing(node, served):
    bind(node, served)
    to = [{"dest_addr_ton": 1, "destination_addr": a_number(nth)[1:]} for nth in range(3)]
    bad = [{"dest_addr_ton": 1, "destination_addr": "12"}, {"dl_name": "friends"}]
    fields = {"dest_address": to + bad, "short_message": "Ready.", "registered_delivery": 1}
    said = node("ask", name="one", command="submit_multi", fields=fields)
    assert (said["status"], sorted(said["unsuccess"])) == (0, [["12", 0x0B], ["friends", 0x34]])
    assert served.texts() == ["Ready."] * 3
    served.end()
    found = receipts(node, 3)
    assert {one["id"] for one in found} == {said["id"]}
    assert {one["from"] for one in found} == {one["destination_addr"] for one in to}


# --- Receipts -------------------------------------------------------------------------------------


def test_a_receipt_is_understood(peer, served):
    bind(peer, served)
    answers = submit(peer, *(message(n, text=f"Number {n} is ready.") for n in range(2)))
    served.end(DELIVERED, UNDELIVERABLE)
    found = {one["id"]: one for one in receipts(peer, 2)}
    ids = [message_id for _status, message_id in answers]
    assert set(found) == set(ids)
    assert [found[one]["state"] for one in ids] == [2, 5]
    assert {one["esm_class"] for one in found.values()} == {4}
    assert [found[one]["from"] for one in ids] == [a_number(n)[1:] for n in range(2)]
    assert "dlvrd:001" in found[ids[0]]["text"]
    assert "stat:DELIVRD err:000 text:Number 0 is ready." in found[ids[0]]["text"]
    assert "dlvrd:000" in found[ids[1]]["text"]
    assert "stat:UNDELIV" in found[ids[1]]["text"]
    wait_until(lambda: not SmppReceipt.objects.exists())


def test_a_receipt_comes_to_whom_it_was_promised(peer, served):
    ends = [(asked, end) for asked in (0, 1, 2) for end in (DELIVERED, UNDELIVERABLE)]
    bind(peer, served)
    answers = submit(
        peer,
        *(
            message(nth, text="Ready.", registered_delivery=asked)
            for nth, (asked, _end) in enumerate(ends)
        ),
    )
    served.end(*[end for _asked, end in ends])
    promised = {
        message_id
        for (asked, end), (_status, message_id) in zip(ends, answers, strict=True)
        if asked == 1 or (asked == 2 and end is UNDELIVERABLE)
    }
    assert {one["id"] for one in receipts(peer, len(promised))} == promised
    wait_until(lambda: not SmppReceipt.objects.exists())
    assert receipts(peer, 0, 0) == []


def test_fifty_that_a_killed_client_had_not_answered_all_arrive(node, served):
    bind(node, served)
    answers = submit(node, *(message(n, text=f"Number {n}.") for n in range(50)))
    node("answer_receipts", yes=False)
    served.end()
    assert len(receipts(node, 50)) == 50
    assert SmppReceipt.objects.count() == 50
    node("drop", name="one")
    node("answer_receipts", yes=True)
    bind(node, served, name="again", kind="receiver")
    found = receipts(node, 50)
    assert {one["id"] for one in found} == {message_id for _status, message_id in answers}
    wait_until(lambda: not SmppReceipt.objects.exists())


@pytest.mark.parametrize("kind", [SMPPLIB, AIOSMPPLIB])
def test_what_came_about_while_the_client_was_away_arrives(served, kind):
    with SmppProgram(kind) as peer:
        bind(peer, served, kind="transmitter")
        answers = submit(peer, *(message(n, text=f"Number {n}.") for n in range(20)))
        peer("drop", name="one")
        served.end()
        bind(peer, served, name="again")
        assert {one["id"] for one in receipts(peer, 20)} == {one for _status, one in answers}


# --- Limits, questions, ends ----------------------------------------------------------------------


def test_too_many_a_second_are_refused_at_once(node, served):
    served.change(rate=10)
    bind(node, served)
    answers = submit(node, *(message(n, text=f"Number {n}.") for n in range(40)))
    statuses = [status for status, _id in answers]
    assert statuses.count(0) == Message.objects.count()
    assert 10 <= statuses.count(0) < 40
    assert set(statuses) == {0, RTHROTTLED}


def test_a_message_is_asked_for_and_enquiries_and_an_unbind_are_answered(free_peer, served):
    bind(free_peer, served)
    ((_status, message_id),) = submit(free_peer, message(text="Ready.", registered_delivery=0))
    about = {"source_addr": "", "source_addr_ton": 0, "source_addr_npi": 0}
    ask = {"name": "one", "command": "query_sm", "fields": about | {"message_id": message_id}}
    said = free_peer("ask", **ask)
    assert (said["status"], said["state"]) == (0, 1)
    step(MessageState.CANCELLED, [int(message_id)])
    assert free_peer("ask", **ask)["state"] == 4
    unknown = ask | {"fields": about | {"message_id": "1"}}
    assert free_peer("ask", **unknown)["status"] == 0x67
    for command in ("enquire_link", "unbind"):
        assert free_peer("ask", name="one", command=command, fields={})["status"] == 0


def test_a_message_that_waits_is_cancelled_once(node, served):
    bind(node, served)
    later = (timezone.now() + timedelta(hours=2)).strftime("%y%m%d%H%M%S000+")
    ((_status, message_id),) = submit(node, message(text="Ready.", schedule_delivery_time=later))
    about = {"message_id": message_id, "source_addr": ""} | {
        "destination_addr": a_number(0).removeprefix("+")
    }
    ask = {"name": "one", "command": "cancel_sm", "fields": about}
    assert node("ask", **ask)["status"] == 0
    assert Message.objects.get().state == MessageState.CANCELLED.value
    (receipt,) = receipts(node, 1)
    assert receipt["state"] == 4
    assert node("ask", **ask)["status"] == RCANCELFAIL


def test_a_server_that_stops_unbinds_and_a_new_one_goes_on(node, tmp_path):
    served = ServedByProcess(tmp_path)
    bind(node, served)
    wish = [message(n, text=f"Number {n}.") for n in range(40)]
    before = submit(node, *wish)
    assert served.stop() == 0
    node("closed", name="one")
    assert not SmppBind.objects.exists()
    served.start()
    bind(node, served, name="again")
    after = submit(node, *(message(n, text=f"Number {n}.") for n in range(40, 60)), name="again")
    ids = [message_id for _status, message_id in [*before, *after]]
    assert len(set(ids)) == 60 == Message.objects.count()
    served.end()
    assert {one["id"] for one in receipts(node, 60)} == set(ids)
    assert served.stop() == 0


def test_a_client_over_tls_binds_where_one_without_may_not(node, tmp_path):
    issued = Authority().issue("console")
    certificate, key = tmp_path / "console.pem", tmp_path / "console.key"
    certificate.write_text(issued.certificate)
    key.write_text(issued.key)
    served = ServedByProcess(
        tmp_path, SMPP_SERVER_TLS_CERT=str(certificate), SMPP_SERVER_TLS_KEY=str(key)
    )
    served.change(requires_tls=True, allowed_networks=[])
    with SmppProgram(SMPPLIB) as smpplib:
        for peer in (node, smpplib):
            assert bind(peer, served, name="plain")["status"] == RBINDFAIL
            assert bind(peer, served, name="tls", port=served.tls_port, tls=True)["status"] == 0
        assert set(SmppBind.objects.values_list("is_tls", flat=True)) == {True}
        ((status, _id),) = submit(node, message(text="Ready."), name="tls")
        assert status == 0
    assert served.stop() == 0

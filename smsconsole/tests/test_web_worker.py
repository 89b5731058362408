"""Whoever sends slowly, or nothing, holds up nobody: against the gunicorn that is shipped."""

import contextlib
import http.client
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from sending.tests.processes import Process, make_var, worker_environment
from sending.tests.waiting import wait_until
from smsconsole import gunicorn_conf
from smsconsole.supervising.programs import programs
from smsconsole.tests.ports import free_port
from smsconsole.web_connections import (
    BODY_SECONDS,
    HEAD_OCTETS,
    HEAD_SECONDS,
    AnsweringSocket,
    IncomingRequest,
    UnsentAnswer,
)

# Pages that refuse look into the database, as all pages do.
pytestmark = pytest.mark.django_db
PATIENCE = 30.0
"""Seconds; the server's own limits are 10 for a head and 20 for a body."""
HEAD = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n"
FORM = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"
# Of an answer: more than the system keeps for a client that does not read.
LARGE_OCTETS = 6_000_000
LARGE = b"GET /static/large.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
MORE_THAN_THREADS = 3 * gunicorn_conf.threads


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The web program as `./console` starts it, on the database of the tests."""
    var: Path = make_var(tmp_path_factory.mktemp("web"))
    (var / "static").mkdir()
    (var / "static" / "large.txt").write_bytes(bytes(LARGE_OCTETS))
    port = free_port()
    (web, *_others) = programs(var, host="127.0.0.1", port=port, simulator_port=None)
    assert web.command[0] == sys.executable
    process = Process(list(web.command), worker_environment(var), var / "web.out")
    try:
        wait_until(lambda: process.says("Booting worker"), PATIENCE)
        assert healthz(port) == 200
        yield port
        assert process.alive, process.last_words()
    finally:
        process.stop()


def healthz(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with closing(connection):
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status


def test_a_program_may_have_32_kb_of_parameters_in_the_address(port: int) -> None:
    """The API answers it in its own words, also where it is a little too long."""
    for octets, code in ((32_000, "AuthFailure.InvalidAuthorization"), (33_000, "RequestSize")):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        with closing(connection):
            query = "Action=SendSms&".ljust(octets, "x")
            connection.request("GET", f"/?{query}", headers={"Host": "localhost"})
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
            assert json.loads(answer.read())["Response"]["Error"]["Code"].startswith(code)


def dialled(port: int, sent: bytes = b"") -> socket.socket:
    connection = socket.socket()
    connection.settimeout(PATIENCE)
    # So little that an answer nobody reads stays with the server.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(sent)
    return connection


def answered(connection: socket.socket) -> bytes:
    """Read to the end, as a client does that was told `Connection: close`."""
    answer = bytearray()
    while piece := connection.recv(65_536):
        answer += piece
    return bytes(answer)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /healthz HT",
        HEAD,
        FORM + b"Content-Length: 1000\r\n\r\nlogin=",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\nlogin=",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        LARGE,
    ],
    ids=["silence", "half a line", "half a head", "half a body", "half a chunk", "open", "unread"],
)
def test_unfinished_requests_take_no_thread(port: int, sent: bytes) -> None:
    with ExitStack() as stack:
        for _number in range(MORE_THAN_THREADS):
            stack.enter_context(dialled(port, sent))
        assert [healthz(port) for _again in range(3)] == [200] * 3


def test_more_silent_sockets_than_the_server_holds_do_not_shut_others_out(port: int) -> None:
    with ExitStack() as stack:
        for _number in range(gunicorn_conf.worker_connections + 50):
            stack.enter_context(dialled(port, b"GET "))
        assert healthz(port) == 200


def test_silence_is_ended(port: int) -> None:
    with dialled(port, b"GET ") as connection:
        assert answered(connection) == b""


def test_a_request_may_come_octet_by_octet(port: int) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with dialled(port) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in request:
            connection.sendall(bytes([octet]))
        assert answered(connection).startswith(b"HTTP/1.1 200 OK")


def test_requests_may_follow_each_other_at_once(port: int) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with dialled(port, one + one + last) as connection:
        assert answered(connection).count(b"HTTP/1.1 200 OK") == 3


def test_who_asks_before_sending_a_body_is_told_to(port: int) -> None:
    asks = FORM + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n"
    with dialled(port, asks) as connection:
        assert connection.recv(1_000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"login=a")
        assert answered(connection).startswith(b"HTTP/1.1 403")


def test_a_body_that_is_too_large_is_answered_before_it_is_there(port: int) -> None:
    length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    with dialled(port, FORM + b"Content-Length: %d\r\n\r\nlogin=" % length) as connection:
        answer = answered(connection)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"This is too large" in answer


def test_who_sends_a_body_that_is_too_large_can_read_why(port: int) -> None:
    """Closed at once, the connection would be reset under a client that still sends."""
    length = settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 4
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/accounts/login/", body=b"a" * length, headers=headers)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_large_answer_comes_whole(port: int) -> None:
    with dialled(port, LARGE) as connection:
        head, _, body = answered(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert len(body) == LARGE_OCTETS


def test_an_answer_that_breaks_off_takes_nothing_with_it(tmp_path: Path) -> None:
    """Whatever a page does half-way through a download."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "smsconsole.tests.breaking_off:application"]
    options = ["--config", "python:smsconsole.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
    process = Process([*command, *options], dict(os.environ), tmp_path / "web.out")
    try:
        wait_until(lambda: process.says("Booting worker"), PATIENCE)
        for _number in range(MORE_THAN_THREADS):
            with dialled(port, b"GET /break HTTP/1.1\r\nHost: h\r\n\r\n") as connection:
                assert b"begun" in answered(connection)
        assert healthz(port) == 200
        assert process.output.read_text().count("Booting worker") == 1
    finally:
        process.stop()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        FORM + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        FORM + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nno number\r\n",
        HEAD + b"X: " + b"x" * (2 * HEAD_OCTETS) + b"\r\n\r\n",
        b"GET /" + b"9" * (2 * HEAD_OCTETS) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["tls", "version", "digits", "two lengths", "chunk", "long head", "endless address"],
)
def test_what_is_no_request_is_refused(port: int, sent: bytes) -> None:
    with dialled(port, sent) as connection:
        answer = answered(connection)
    # Of a head that is cut off in a line gunicorn reads none.
    cut_off = len(sent) > HEAD_OCTETS and answer == b""
    assert cut_off or answer[9:12] in {b"400", b"403", b"431", b"501", b"505"}
    assert healthz(port) == 200


def test_a_long_address_is_answered_like_any_other(port: int) -> None:
    """Programs may have 32 KB of parameters in theirs; only the whole head has a bound."""
    sent = b"GET /" + b"9" * 5_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with dialled(port, sent) as connection:
        assert answered(connection)[9:12] == b"404"


def test_a_client_does_not_say_where_the_console_is_mounted(port: int) -> None:
    sent = b"GET /here/ HTTP/1.0\r\nHost: localhost\r\nSCRIPT_NAME: /here\r\n\r\n"
    with dialled(port, sent) as connection:
        assert b" 404 " in answered(connection).splitlines()[0]


WHOLE = {
    "no body": b"GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n",
    "length": b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde",
    "chunks": b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;x=y\r\nabc\r\n5\r\n0\r\n\r\n\r\n0\r\nTrailer: t\r\n\r\n",
}


@given(
    kind=st.sampled_from(sorted(WHOLE)),
    cuts=st.lists(st.integers(1, 200), max_size=8),
    following=st.sampled_from([b"", b"GET /next"]),
)
def test_a_request_is_whole_exactly_when_its_last_octet_is_there(
    kind: str, cuts: list[int], following: bytes
) -> None:
    whole = WHOLE[kind]
    places = [0, *sorted({cut for cut in cuts if cut < len(whole)}), len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(places)]
    request = IncomingRequest(1, lambda path, query, headers: {"/a": 100}[path])

    taken = [request.take(piece) for piece in [*pieces[:-1], pieces[-1] + following]]

    assert taken == [False] * (len(pieces) - 1) + [True]
    assert b"".join(request.pieces()) == whole
    assert (request.following, request.is_cut) == (following, False)
    request.close()


def test_a_body_has_the_time_that_a_slow_line_needs() -> None:
    request = IncomingRequest(5, lambda path, query, headers: 31_000_000)
    now = request._began
    assert (request.is_late(now + 4), request.is_late(now + 6)) == (False, True)

    request.take(b"POST /send/ HTTP/1.1\r\n")
    now = request._began
    assert request.is_late(now + HEAD_SECONDS + 1)

    request.take(b"Host: h\r\nContent-Length: 31000000\r\n\r\n" + bytes(1_000_000))
    assert not request.is_late(now + BODY_SECONDS + 99)
    assert request.is_late(now + BODY_SECONDS + 102)
    request.close()


@given(pieces=st.lists(st.binary(max_size=200_000), max_size=12))
def test_what_a_client_does_not_take_is_kept_in_order(pieces: list[bytes]) -> None:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    connection, taken = AnsweringSocket(ours), bytearray()
    for piece in pieces:
        connection.sendall(piece)
    assert connection.held + connection.sent == sum(map(len, pieces))
    while not connection.flush():
        taken += theirs.recv(65_536)
    connection.shutdown(socket.SHUT_WR)
    while piece := theirs.recv(65_536):
        taken += piece
    assert bytes(taken) == b"".join(pieces)
    connection.close()
    theirs.close()


def test_an_answer_has_the_time_that_a_slow_line_needs() -> None:
    ours, theirs = socket.socketpair()
    connection = AnsweringSocket(ours)
    answer = UnsentAnswer(connection, lambda: None)
    connection.sendall(bytes(1_000_000))
    allowed = BODY_SECONDS + connection.sent / 10_000
    assert connection.held
    assert not answer.is_late(answer._began + allowed - 1)
    assert answer.is_late(answer._began + allowed + 1)
    connection.close()
    theirs.close()


@pytest.mark.parametrize("megabytes", [9, 11, 29])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_program_is_answered_in_its_envelope_however_much_it_brings(
    port: int, megabytes: int, is_chunked: bool
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    octets = bytes(megabytes * 1_000_000)
    body = iter([octets[:500_000], octets[500_000:]]) if is_chunked else octets
    form = "application/x-www-form-urlencoded"
    headers = {"X-TC-TraceId": "1", "Content-Type": form}
    with closing(connection):
        # The server may answer, and stop reading, before all of it is sent.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", "/", body, headers, encode_chunked=is_chunked)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
        code = json.loads(answer.read())["Response"]["Error"]["Code"]
    if megabytes < 10:
        assert code == "AuthFailure.InvalidAuthorization"
    else:
        assert code in {"RequestSizeLimitExceeded", "InvalidRequest"}

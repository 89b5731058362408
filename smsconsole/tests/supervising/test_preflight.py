"""What must hold before the console starts."""

import socket
from pathlib import Path

import pytest

from smsconsole.supervising import preflight
from smsconsole.supervising.preflight import CannotStart


def listening() -> socket.socket:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server


def test_a_taken_port_is_named_with_the_next_step() -> None:
    with listening() as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} .* is taken .*--port {port + 1}"):
            preflight.require_free_port("127.0.0.1", port)


def test_a_port_is_free_again_once_its_owner_is_gone() -> None:
    with listening() as server:
        port = server.getsockname()[1]
    preflight.require_free_port("127.0.0.1", port)


def test_a_name_that_nobody_knows_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CannotStart, match=r"does not know the address 'sms.lan'.*--host"):
        preflight.require_free_port("sms.lan", 8000)


@pytest.mark.parametrize("host", ["192.0.2.7", "a..b"])
def test_an_address_that_is_not_this_machines_is_explained(host: str) -> None:
    with pytest.raises(CannotStart, match="--host"):
        preflight.require_free_port(host, 8000)


def test_the_simulator_takes_the_next_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as server:
        taken = server.getsockname()[1]
        monkeypatch.setattr(preflight, "FIRST_SMPP_PORT", taken)
        # Of two demos that are starting, each gets one of its own.
        with preflight.simulator_port() as first, preflight.simulator_port() as second:
            assert taken < first < second < taken + 100
        with preflight.smpp_server_port() as server_port, preflight.simulator_port() as second:
            assert (server_port, second > server_port) == (first, True)
        with preflight.simulator_port() as again:
            assert again == first


def test_only_one_console_runs_on_a_folder(tmp_path: Path) -> None:
    with (
        preflight.lock(tmp_path, "http://127.0.0.1:8000"),
        pytest.raises(CannotStart, match=r"already runs .*http://127\.0\.0\.1:8000"),
    ):
        preflight.lock(tmp_path, "http://127.0.0.1:8001")
    with preflight.lock(tmp_path, "http://127.0.0.1:8001") as file:
        file.seek(0)
        assert file.read().endswith("http://127.0.0.1:8001")


def test_folders_are_made(tmp_path: Path) -> None:
    preflight.make_folders(tmp_path / "var")
    assert (tmp_path / "var" / "log").is_dir()
    assert not list((tmp_path / "var").glob(".writable*"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    # A file in the way refuses everybody, root too.
    (tmp_path / "var").touch()
    with pytest.raises(CannotStart, match=r"cannot write to .*var"):
        preflight.make_folders(tmp_path / "var")

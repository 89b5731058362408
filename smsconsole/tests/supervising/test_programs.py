"""Which programs run, and what they are told."""

from pathlib import Path

import pytest

from smsconsole.supervising.programs import (
    child_environment,
    local_address,
    programs,
    serves_smpp,
    var_dir,
)

DEMO = {"SMSCONSOLE_MODE": "demo"}


def names(simulator_port: int | None) -> list[str]:
    listed = programs(Path("/v"), host="127.0.0.1", port=8000, simulator_port=simulator_port)
    return [program.name for program in listed]


def test_the_simulator_runs_only_where_it_has_a_port() -> None:
    assert names(2775) == ["web", "send", "check", "callbacks", "work", "simulator"]
    assert names(None) == ["web", "send", "check", "callbacks", "work"]


def test_the_smpp_server_runs_where_its_settings_say_where() -> None:
    listed = programs(Path("/v"), host="127.0.0.1", port=8000, simulator_port=None, smpp=True)
    assert listed[-1].command[1:] == ("manage.py", "smpp_server")
    assert not serves_smpp({"SMSCONSOLE_MODE": "production"})
    assert not serves_smpp({"SMPP_SERVER_PORT": "0"})
    assert serves_smpp({"SMPP_SERVER_TLS_CERT": "/etc/smpp.pem"})
    seen = child_environment(DEMO, host="127.0.0.1", port=8000, simulator_port=2776, smpp_port=2775)
    assert serves_smpp(seen)
    assert (seen["SMPP_SERVER_PORT"], seen["SIMULATOR_PORT"]) == ("2775", "2776")


def test_only_the_simulator_outlives_the_others() -> None:
    listed = programs(Path("/v"), host="127.0.0.1", port=8000, simulator_port=2775)
    assert [program.name for program in listed if program.last] == ["simulator"]


def test_the_simulator_port_reaches_the_simulator_and_everybody_else() -> None:
    listed = programs(Path("/v"), host="127.0.0.1", port=8000, simulator_port=2790)
    assert "2790" in listed[-1].command
    seen = child_environment(DEMO, host="127.0.0.1", port=8000, simulator_port=2790)
    assert seen["SIMULATOR_PORT"] == "2790"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),
        ("::", "http://[::1]:8001"),
        ("sms.lan", "http://sms.lan:8001"),
    ],
)
def test_the_address_is_one_that_this_machine_reaches(host: str, address: str) -> None:
    assert local_address(host, 8001) == address


def test_a_demo_answers_under_the_host_it_was_given() -> None:
    seen = child_environment(DEMO, host="sms.lan", port=8001, simulator_port=None)
    assert seen["PUBLIC_URL"] == "http://sms.lan:8001"
    assert "sms.lan" in seen["ALLOWED_HOSTS"].split(",")


def test_what_the_operator_set_stays() -> None:
    own = {**DEMO, "ALLOWED_HOSTS": "a.example", "PUBLIC_URL": "http://a.example"}
    seen = child_environment(own, host="0.0.0.0", port=8001, simulator_port=None)
    assert (seen["ALLOWED_HOSTS"], seen["PUBLIC_URL"]) == ("a.example", "http://a.example")


def test_production_is_told_nothing_about_its_address() -> None:
    seen = child_environment(
        {"SMSCONSOLE_MODE": "production"}, host="0.0.0.0", port=8001, simulator_port=None
    )
    assert not {"ALLOWED_HOSTS", "PUBLIC_URL", "SIMULATOR_PORT"} & set(seen)


def test_var_is_where_the_settings_keep_it(settings) -> None:
    assert var_dir({"VAR_DIR": "/srv/sms"}) == Path("/srv/sms")
    assert var_dir({"VAR_DIR": ""}) == settings.BASE_DIR / "var"

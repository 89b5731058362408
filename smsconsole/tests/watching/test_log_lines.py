"""Log lines: which ids they carry, and what they never say."""

import io
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from structlog.contextvars import bound_contextvars

from smsconsole import gunicorn_conf
from smsconsole.watching.log_lines import LineFormatter

NUMBER = "+85251234567"


@pytest.fixture
def log() -> logging.Logger:
    """A logger nobody else listens to."""
    logger = logging.Logger("sending.somewhere")  # noqa: LOG001 - nobody may find it by name.
    logger.addHandler(logging.StreamHandler(io.StringIO()))
    return logger


@pytest.fixture
def written(log: logging.Logger) -> Callable[[], str]:
    handler = log.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setFormatter(LineFormatter(json=True))
    return lambda: str(handler.stream.getvalue())


def line(text: str) -> dict[str, Any]:
    """Return the one line that was written."""
    assert text.count("\n") == 1
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_line_names_what_it_belongs_to(log: logging.Logger, written: Callable[[], str]) -> None:
    with bound_contextvars(request_id="abc", organization_id=4):
        log.warning("message %s of task %d waits: %s", 2**60, 7, "busy")
    found = line(written())
    assert found.pop("at").endswith("Z")
    assert found == {
        "level": "warning",
        "logger": "sending.somewhere",
        "event": f"message {2**60} of task 7 waits: busy",
        "message_id": 2**60,
        "task_id": 7,
        "request_id": "abc",
        "organization_id": 4,
    }


@pytest.mark.parametrize(
    ("template", "arguments"),
    [
        ("to %s", (NUMBER,)),
        ("to %r", (NUMBER,)),
        ("to %s", (ValueError(f"{NUMBER} is taken"),)),
        ("to %(who)s", ({"who": NUMBER},)),
        (f"to {NUMBER}", ()),
        ("message %s", (NUMBER,)),
    ],
)
def test_a_number_is_masked_wherever_it_comes_from(
    log: logging.Logger, written: Callable[[], str], template: str, arguments: tuple[Any, ...]
) -> None:
    log.error(template, *arguments)
    assert "1234567" not in written()
    assert "+852******67" in written()


def test_the_id_of_a_celery_task_is_no_number(
    log: logging.Logger, written: Callable[[], str]
) -> None:
    task_id = "30360ab5-49bd-4e5b-a34d-011234567053"
    log.info("Task %(name)s[%(id)s] received", {"name": "sending.sweep", "id": task_id})
    assert line(written())["event"] == f"Task sending.sweep[{task_id}] received"


def test_of_an_exception_only_the_first_line_is_said(
    log: logging.Logger, written: Callable[[], str]
) -> None:
    def fail() -> None:
        raise ValueError(f"{NUMBER} twice\nDETAIL: Failing row contains (Your code is 4821)")

    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError("rows are not stored") from error
    except RuntimeError as error:
        log.exception("task %s failed: %s", 12, error.__cause__)
    found = line(written())
    assert "4821" not in str(found)
    assert "1234567" not in str(found)
    assert found["task_id"] == 12
    last = found["exception"].splitlines()[-1]
    assert last == "RuntimeError: rows are not stored"
    assert "ValueError: +852******67 twice (its cause)" in found["exception"]
    assert f"{__file__}:" in found["exception"]


def test_what_celery_quotes_of_a_task_that_failed_is_left_out(
    log: logging.Logger, written: Callable[[], str]
) -> None:
    words = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    said = {"name": "sending.sweep", "id": "a-b", "description": "raised", "exc": "Your code: 4821"}
    log.error(words, said)
    assert line(written())["event"] == "Task sending.sweep[a-b] raised: …"


def test_no_value_ends_a_line_or_moves_a_cursor(
    log: logging.Logger, written: Callable[[], str]
) -> None:
    log.error("said %s", "a\n\x1b[2J\u2028b")
    log.error("said %s", "\x1b[2J\u2028b")
    assert written().isascii()
    assert written().count("\n") == 2
    assert "\x1b" not in written()


def test_the_record_stays_as_it_was_for_other_handlers(log: logging.Logger) -> None:
    record = log.makeRecord("x", logging.ERROR, __file__, 1, "to %s", (NUMBER,), None)
    assert NUMBER not in LineFormatter(json=True).format(record)
    assert record.getMessage() == f"to {NUMBER}"


def test_people_read_lines_without_braces() -> None:
    record = logging.makeLogRecord({"name": "a.b", "levelname": "ERROR", "levelno": 40})
    record.msg, record.args = "task %s waits", (3,)
    text = LineFormatter(json=False).format(record)
    assert text.endswith(" ERROR a.b task 3 waits [task_id=3]")


def test_gunicorn_writes_such_lines_and_no_addresses(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    config = Config()
    config.set("logger_class", gunicorn_conf.logger_class)
    logger = config.logger_class(config)
    logger.info("Listening at: %s", "127.0.0.1")
    request = SimpleNamespace(method="GET", uri="/reset/a-token/", headers=[], version=(1, 1))
    answer = SimpleNamespace(status="200 OK", sent=2, headers=[])
    logger.access(answer, request, {}, timedelta(seconds=1))
    assert line(capfd.readouterr().err)["event"] == "Listening at: 127.0.0.1"
    logger.close_on_exec()
    logging.getLogger("gunicorn.error").handlers.clear()

"""Traces and errors: off unless asked for, and what they say when they are on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from accounts import tracing
from accounts.tracing import span, traced
from smsconsole.tests.test_settings import PRODUCTION, printed_by
from smsconsole.watching import carrying
from smsconsole.watching.errors import before_send
from smsconsole.watching.traces import OpenTelemetryTracer

LOADED = (
    "import django; django.setup(); import sys; "
    "print([name for name in ('sentry_sdk', 'opentelemetry') if name in sys.modules])"
)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Traces that are on, and kept here."""
    exporter = InMemorySpanExporter()
    tracing.switch(OpenTelemetryTracer(SimpleSpanProcessor(exporter)))
    yield exporter
    tracing.switch(None)


def test_nothing_is_loaded_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert printed_by(LOADED, tmp_path, **PRODUCTION) == "[]\n"
    on = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "SENTRY_DSN": "http://key@127.0.0.1:9/1",
    }
    found = printed_by(LOADED, tmp_path, **PRODUCTION, **on)
    assert found == "['sentry_sdk', 'opentelemetry']\n"


def test_a_request_and_the_task_it_starts_are_one_trace(
    client: Client, spans: InMemorySpanExporter
) -> None:
    client.get("/healthz")
    (request,) = spans.get_finished_spans()
    assert request.name == "request"
    assert dict(request.attributes or {}) == {"method": "GET", "status": 200, "view": "healthz"}
    spans.clear()
    with span("request"):
        headers = carrying.outgoing()
    with span("sending.sweep", carried=headers, task_id=3):
        pass
    first, second = spans.get_finished_spans()
    assert second.parent is not None
    assert second.parent.span_id == first.context.span_id
    assert second.context.trace_id == first.context.trace_id


def test_of_what_was_raised_a_span_keeps_the_type_alone(spans: InMemorySpanExporter) -> None:
    @traced("claim")
    def fail() -> None:
        raise ValueError("Your code is 4821")

    with pytest.raises(ValueError, match="4821"):
        fail()
    (found,) = spans.get_finished_spans()
    assert found.status.description == "ValueError"
    assert "4821" not in found.to_json()


def test_without_a_tracer_nothing_goes_along() -> None:
    with span("request"):
        assert carrying.outgoing() == {}


def test_an_event_says_where_and_nothing_else() -> None:
    event: dict[str, Any] = {
        "event_id": "a",
        "level": "error",
        "logger": "sending.tasks",
        "message": "Your code is 4821",
        "logentry": {"message": "message %s failed", "params": ["+85251234567"]},
        "exception": {"values": [{
            "type": "DataError",
            "value": "+85251234567 does not fit\nDETAIL: (Your code is 4821)",
            "stacktrace": {"frames": [{
                "function": "send", "lineno": 3, "filename": "a.py",
                "vars": {"text": "Your code is 4821"}, "context_line": "send('4821')",
            }]},
        }]},
        "request": {"url": "https://x/?number=85251234567", "cookies": {"session": "4821"}},
        "user": {"email": "mei@example.com"},
        "extra": {"sys.argv": ["4821"]},
        "breadcrumbs": {"values": [{"message": "4821"}]},
        "modules": {"django": "5.2"},
        "contexts": {"runtime": {"name": "CPython"}, "celery-job": {"kwargs": "4821"}},
    }  # fmt: skip
    found = before_send(event, {})
    for secret in ("4821", "1234567", "mei@example.com"):
        assert secret not in str(found)
    (error,) = found["exception"]["values"]
    assert error["value"] == "+852******67 does not fit"
    assert error["stacktrace"]["frames"][0]["function"] == "send"
    assert found["logentry"] == {"message": "message %s failed"}


def test_the_library_sends_what_was_scrubbed(tmp_path: Path) -> None:
    """In a process of its own: the library cannot be switched off again."""
    code = """
import json, logging, sys
import sentry_sdk.transport as transport
sent = []
class Kept(transport.Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items if item.payload.json)
import sentry_sdk
start = sentry_sdk.init
sentry_sdk.init = lambda **options: start(**options, transport=Kept)
import django; django.setup()
secret = 'Your code is 4821'
try:
    raise ValueError('+85251234567\\n' + secret)
except ValueError:
    logging.getLogger('sending.tasks').exception('message %s: %s', 12, secret)
print(json.dumps(sent))
"""
    printed = printed_by(code, tmp_path, **PRODUCTION, SENTRY_DSN="http://key@127.0.0.1:9/1")
    assert "ValueError" in printed
    assert "sending.tasks" in printed
    assert "4821" not in printed
    assert "1234567" not in printed

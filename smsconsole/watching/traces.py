"""Traces by OpenTelemetry, when OTEL_EXPORTER_OTLP_ENDPOINT says where to; else nothing is loaded.

The other variables of OpenTelemetry count too, such as OTEL_TRACES_SAMPLER and
OTEL_EXPORTER_OTLP_HEADERS.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any

from accounts import tracing
from accounts.tracing import Fact

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_SERVICE = "smsconsole"


def start(endpoint: str) -> None:
    """Write spans to a collector from now on, if there is one."""
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # The environment is that of .env and of the unit; the exporter reads it itself.
    os.environ.setdefault(ENDPOINT, endpoint)
    tracing.switch(OpenTelemetryTracer(BatchSpanProcessor(OTLPSpanExporter())))


class OpenTelemetryTracer:
    """Begins and ends spans with the SDK of OpenTelemetry."""

    def __init__(self, processor: Any) -> None:
        """`processor` gets every span that ended."""
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        service = {
            "service.name": os.environ.get("OTEL_SERVICE_NAME", _SERVICE),
            "process.command": " ".join(sys.argv[:1])[-100:],
        }
        self._provider = TracerProvider(resource=Resource.create(service))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(_SERVICE)
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, name: str, facts: Mapping[str, Fact], carried: Mapping[str, str]) -> Any:
        """Begin a span, and make it the one that runs."""
        from opentelemetry import context, trace

        above = None
        if given := carried.get("traceparent"):
            above = self._propagator.extract({"traceparent": given})
        begun = self._tracer.start_span(name, context=above, attributes=_attributes(facts))
        token = context.attach(trace.set_span_in_context(begun))
        return begun, token

    def note(self, begun: Any, facts: Mapping[str, Fact]) -> None:
        """Add facts to a span."""
        begun[0].set_attributes(_attributes(facts))

    def end(self, begun: Any, error: str) -> None:
        """End a span; of what was raised its type alone is kept."""
        from opentelemetry import context
        from opentelemetry.trace import Status, StatusCode

        one, token = begun
        if error:
            one.set_status(Status(StatusCode.ERROR, error))
        one.end()
        context.detach(token)

    def outgoing(self) -> dict[str, str]:
        """Return the traceparent of the span that runs."""
        headers: dict[str, str] = {}
        self._propagator.inject(headers)
        return headers


def _attributes(facts: Mapping[str, Fact]) -> dict[str, str | int | float | bool]:
    return {name: value for name, value in facts.items() if value is not None}

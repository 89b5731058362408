"""Errors to a Sentry, when SENTRY_DSN names one; else its library is not even loaded.

An event says where in the code something failed. It holds no text, number, argument, variable,
header, cookie, user or query: `scrubbed` takes out what the library would add.
"""

from typing import Any

from accounts.masking import mask_numbers
from smsconsole.watching.log_lines import LONGEST_QUOTE

_KEPT = frozenset({
    "contexts", "environment", "event_id", "exception", "level", "logentry", "logger", "platform",
    "release", "sdk", "server_name", "tags", "timestamp", "transaction",
})  # fmt: skip
_CONTEXTS = frozenset({"runtime", "trace"})
_OF_FRAMES = frozenset({
    "abs_path", "filename", "function", "in_app", "lineno", "module",
})  # fmt: skip


def start(dsn: str, *, release: str = "", environment: str = "") -> None:
    """Send errors from now on, if a DSN is set."""
    if not dsn:
        return
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        environment=environment or None,
        # What fails is logged: by Django, by Celery and by us. Nothing else looks into requests.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None)],
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        send_default_pii=False,
        before_send=before_send,
    )


def before_send(event: Any, _hint: Any) -> Any:
    """Return what may leave of an event."""
    return scrubbed(event)


def scrubbed(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event with nothing in it but where, what kind, and which ids."""
    from structlog.contextvars import get_contextvars

    kept = {name: value for name, value in event.items() if name in _KEPT}
    contexts = kept.get("contexts") or {}
    kept["contexts"] = {name: value for name, value in contexts.items() if name in _CONTEXTS}
    if entry := kept.get("logentry"):
        # What stood in the code; the arguments stay here.
        kept["logentry"] = {"message": _cut(entry.get("message"))}
    for value in (kept.get("exception") or {}).get("values", ()):
        value["value"] = _cut(value.get("value"))
        value.pop("mechanism", None)
        trace = value.get("stacktrace") or {}
        trace["frames"] = [
            {name: part for name, part in frame.items() if name in _OF_FRAMES}
            for frame in trace.get("frames", ())
        ]
    kept["tags"] = {name: str(value) for name, value in get_contextvars().items()}
    return kept


def _cut(words: object) -> str:
    """Return the first line, masked: databases quote whole rows below it."""
    lines = str(words or "").strip().splitlines()
    return mask_numbers(lines[0][:LONGEST_QUOTE]) if lines else ""

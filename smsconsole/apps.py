"""Loads the Celery application in every Django process, so that tasks find their broker."""

from django.apps import AppConfig


class SmsConsoleConfig(AppConfig):
    """The project itself as an app: it owns `prepare` and the shared templates."""

    name = "smsconsole"

    def ready(self) -> None:
        """Make our Celery application the current one, translate names of fields, and watch."""
        from django.conf import settings

        from smsconsole.celery import app
        from smsconsole.translations import borrowed
        from smsconsole.watching import context, errors, traces

        app.set_default()
        borrowed.name_fields()
        context.follow_tasks()
        errors.start(settings.SENTRY_DSN, environment=settings.MODE)
        traces.start(settings.OTEL_EXPORTER_OTLP_ENDPOINT)

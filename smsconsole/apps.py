"""Loads the Celery application in every Django process, so that tasks find their broker."""

from django.apps import AppConfig


class SmsConsoleConfig(AppConfig):
    """The project itself as an app: it owns `prepare` and the shared templates."""

    name = "smsconsole"

    def ready(self) -> None:
        """Make our Celery application the current one, and let names of fields be translated."""
        from smsconsole.celery import app
        from smsconsole.translations import borrowed

        app.set_default()
        borrowed.name_fields()

"""Celery: lets decisions of the review desk take effect once they can no longer be taken back."""

from typing import Any

from celery import current_app, shared_task


@shared_task(name="templates_app.apply_decisions", acks_late=True)
def apply_decisions(**_later: Any) -> None:
    """Apply the decisions that are due."""
    from templates_app.desk.actions import apply_due

    apply_due()


current_app.add_periodic_task(
    5.0,
    current_app.signature("templates_app.apply_decisions"),
    name="templates_app.apply_decisions",
    expires=5,
)

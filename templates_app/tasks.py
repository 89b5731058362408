"""Celery: lets final decisions of the review desk take effect, and forgets old ones."""

from typing import Any

from celery import current_app, shared_task


@shared_task(name="templates_app.apply_decisions", acks_late=True)
def apply_decisions(**_later: Any) -> None:
    """Apply the decisions that are due."""
    from templates_app.desk.actions import apply_due

    apply_due()


@shared_task(name="templates_app.forget_old", acks_late=True)
def forget_old(**_later: Any) -> None:
    """Delete what the desk keeps no longer."""
    from templates_app.desk import retention

    retention.forget_old()


current_app.add_periodic_task(
    3600.0, current_app.signature("templates_app.forget_old"), name="templates_app.forget_old"
)
current_app.add_periodic_task(
    5.0,
    current_app.signature("templates_app.apply_decisions"),
    name="templates_app.apply_decisions",
    expires=5,
)

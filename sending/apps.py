"""The sending app: to whom, how, and what came back."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class SendingConfig(AppConfig):
    """Rules of SMS, gateways, the engine, and the pages about sending."""

    name = "sending"
    verbose_name = _("sending")

    def ready(self) -> None:
        """Tell previews what gateways show for organizations without an originator."""
        from accounts.chosen_originators import provide_shared
        from sending.originators import shared_by_default

        provide_shared(shared_by_default)
        post_save.connect(_guard_new_organization, sender="accounts.Organization")
        post_migrate.connect(_make_partitions, sender=self)


def _guard_new_organization(*, instance: Any, created: bool, raw: bool, **_signal: object) -> None:
    """Let the guard of a new organization stop from its first message on what is certain."""
    from sending.models import GuardSettings

    if created and not raw:
        GuardSettings.objects.create(organization=instance)


def _make_partitions(**_signal: object) -> None:
    """Let the first message after a migration find the table of its month."""
    from sending.partitions.making import make_ahead

    make_ahead()

"""The accounts app: who people are and what their organization may use."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Organizations, members, service activation, applications, audit trail."""

    name = "accounts"
    verbose_name = _("organizations and people")

    def ready(self) -> None:
        """Keep the groups of staff as accounts/staff.py describes them."""
        from accounts.staff import sync_after_migrate

        # Django handles `auth` after our apps, whose permissions exist by then.
        post_migrate.connect(
            sync_after_migrate,
            sender=apps.get_app_config("auth"),
            dispatch_uid="accounts.sync_groups",
        )

"""The accounts app: who people are and what their organization may use."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Organizations, members, service activation, applications, audit trail."""

    name = "accounts"
    verbose_name = _("organizations and people")

    def ready(self) -> None:
        """Keep the groups of staff as they should be, see to sign-ins, guard the trail."""
        from accounts import account_events, sign_in_changes
        from accounts.append_only import make_triggers
        from accounts.staff import sync_after_migrate

        account_events.connect()
        sign_in_changes.connect()
        post_migrate.connect(make_triggers, sender=self, dispatch_uid="accounts.make_triggers")
        # Django handles `auth` after our apps, whose permissions exist by then.
        post_migrate.connect(
            sync_after_migrate,
            sender=apps.get_app_config("auth"),
            dispatch_uid="accounts.sync_groups",
        )

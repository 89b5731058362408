"""The templates_app app: what may be said."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TemplatesAppConfig(AppConfig):
    """Signatures, text templates, their reviews and the review desk."""

    name = "templates_app"
    verbose_name = _("signatures and text templates")

    def ready(self) -> None:
        """Offer reviewers the reasons that come with the console."""
        from templates_app.reason_catalogue import fill_catalogue

        post_migrate.connect(
            fill_catalogue, sender=self, dispatch_uid="templates_app.fill_catalogue"
        )

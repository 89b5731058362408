"""The templates_app app: what may be said."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TemplatesAppConfig(AppConfig):
    """Signatures, text templates, their reviews and the review desk."""

    name = "templates_app"
    verbose_name = _("signatures and text templates")

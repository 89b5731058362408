"""Strings that the administration shows, and that nobody has marked.

Django's own catalogue lacks some, and it names a field after its attribute where a model does not.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy, gettext_noop

OF_DJANGO = [gettext_noop("Change or view list link")]
# The fields without a name of their own that pages of the administration show.
FIELD_NAMES = [
    gettext_noop("application"),
    gettext_noop("approved"),
    gettext_noop("created by"),
    gettext_noop("decided by"),
    gettext_noop("gateway"),
    gettext_noop("number"),
    gettext_noop("organization"),
    gettext_noop("owner"),
    gettext_noop("person"),
    gettext_noop("submitted by"),
    gettext_noop("text template version"),
    gettext_noop("user"),
]


def name_fields() -> None:
    """Let the names that fields have from their attributes be translated when they are shown."""
    for config in apps.get_app_configs():
        if config.name in {"accounts", "sending", "templates_app"}:
            for model in config.get_models():
                for field in model._meta.concrete_fields:
                    if isinstance(field.verbose_name, str):
                        field.verbose_name = gettext_lazy(field.verbose_name)

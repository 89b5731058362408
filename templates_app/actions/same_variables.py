"""What every language of a text has in common: the variables, and so the values it takes."""

from django.utils.translation import gettext as _

from accounts.errors import Refusal
from templates_app import wording
from templates_app.models import TextTemplateVersion


class OtherVariables(Refusal):
    """A wording in another language has as many variables as the text it stands for."""

    field = "body"


def check_variables(version: TextTemplateVersion) -> None:
    """Refuse a wording in another language that takes other values; raises OtherVariables."""
    first = version.text_template.variant_of
    if first is None:
        return
    shown = first.approved or first.versions.latest("number")
    needed = wording.parse(shown.body).variables
    given = wording.parse(version.body).variables
    if needed != given:
        raise OtherVariables(
            _(
                "This text has variables up to {%(given)s}, but “%(name)s” has them up to "
                "{%(needed)s}. Use the same variables in every language."
            )
            % {"given": given, "name": first.name, "needed": needed}
        )

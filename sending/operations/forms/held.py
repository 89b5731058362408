"""What an operator decides to release a console that is held."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm
from accounts.models import Rest


class ReleaseForm(CrispyForm):
    """What becomes of queued messages that may have left."""

    rest = forms.ChoiceField(
        label=_("Messages that were in the queue before the hold"),
        choices=[
            (
                Rest.DOUBT.value,
                _("They may have left: put them in doubt. The console sends nothing twice"),
            ),
            (Rest.QUEUED.value, _("They have not left: send them")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to do with the messages in the queue.")},
    )

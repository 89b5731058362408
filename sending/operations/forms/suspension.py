"""What an operator says to suspend an organization or an application."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm


class SuspensionForm(CrispyForm):
    """Why, and what becomes of messages that are queued."""

    WAIT, CANCEL = "wait", "cancel"

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The organization sees it on every page and gets it by e-mail."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    queued = forms.ChoiceField(
        label=_("Queued messages"),
        choices=[
            (WAIT, _("Let them wait: tasks are paused, and people can resume them afterwards")),
            (CANCEL, _("Cancel them, also those of paused tasks: this cannot be undone")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether queued messages wait or are cancelled.")},
    )

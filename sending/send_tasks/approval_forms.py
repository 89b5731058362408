"""Fields of what an approver says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sending.models import SendApproval


class SendBackForm(forms.Form):
    """Why a task is returned, and what should be changed."""

    note = forms.CharField(
        label=_("What should be changed"),
        max_length=SendApproval.NOTE_CHARS,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        error_messages={"required": _("Say what should be changed before the task is sent.")},
    )

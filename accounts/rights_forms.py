"""Fields of the pages on which people say what they, or others, may do; and who they are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm
from accounts.models import Member, Organization
from accounts.names import validate_name


class SendApprovalForm(CrispyForm):
    """Which tasks wait for a second person."""

    NEVER, ABOVE, ALWAYS = "never", "above", "always"

    when = forms.ChoiceField(
        label=_("Tasks that someone else must approve"),
        choices=[
            (NEVER, _("None")),
            (ABOVE, _("Tasks of more messages than this number")),
            (ALWAYS, _("Every task")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which tasks must be approved.")},
    )
    above = forms.IntegerField(
        label=_("More messages than"),
        min_value=1,
        max_value=10_000_000,
        required=False,
        help_text=_("Fill this in only if large tasks need approval."),
    )
    conditional = ("above",)

    @classmethod
    def now(cls, organization: Organization) -> dict[str, Any]:
        """Return the choice that the organization has made, as initial values."""
        above = organization.approval_above
        when = cls.NEVER if above is None else cls.ABOVE if above else cls.ALWAYS
        return {"when": when, "above": above or None}

    def clean(self) -> dict[str, Any]:
        """Require the number where it decides."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("when") == self.ABOVE and cleaned.get("above", 0) is None:
            self.add_error("above", _("Enter a number of messages, such as 500."))
        return cleaned

    def wanted(self) -> int | None:
        """Return the number above which tasks wait; 0 for all, None for none."""
        when = self.cleaned_data["when"]
        return {self.NEVER: None, self.ALWAYS: 0}.get(when, self.cleaned_data["above"])


class MemberRightsForm(CrispyForm):
    """What is agreed with one member beside the role."""

    ROLE, WHOLE, MASKED = "role", "whole", "masked"

    most_messages = forms.IntegerField(
        label=_("Most messages in one task"),
        min_value=1,
        max_value=10_000_000,
        required=False,
        help_text=_("If empty, as many as the organization can send."),
    )
    numbers = forms.ChoiceField(
        label=_("Mobile numbers"),
        choices=[
            (ROLE, _("As the role says")),
            (WHOLE, _("Sees them whole")),
            (MASKED, _("Sees them masked, such as +852******01")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how this person sees mobile numbers.")},
    )

    @classmethod
    def now(cls, member: Member) -> dict[str, Any]:
        """Return what is agreed now, as initial values."""
        seen = {None: cls.ROLE, True: cls.WHOLE, False: cls.MASKED}[member.sees_numbers]
        return {"most_messages": member.most_messages, "numbers": seen}

    def wanted(self) -> dict[str, Any]:
        """Return the values as change_rights takes them."""
        seen = {self.ROLE: None, self.WHOLE: True, self.MASKED: False}
        given = self.cleaned_data
        numbers = seen[given["numbers"]]
        return {"most_messages": given["most_messages"], "sees_numbers": numbers}


class ProfileForm(CrispyForm):
    """What a person says about themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[validate_name],
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("Members of your organizations see it next to what you do."),
    )

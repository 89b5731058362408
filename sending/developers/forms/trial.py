"""What a request is tried with."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey
from templates_app.models import Signature, TextTemplate

DRY_RUN, IN_EARNEST = "DRY_RUN", "IN_EARNEST"
_ONCE = re.compile("[0-9a-f]{32}")


class TrialForm(forms.Form):
    """SendSms to one number; what its values are worth is the API's to say."""

    key = forms.ChoiceField(
        label=_("API key"),
        help_text=_("It signs the request, and says which application sends."),
    )
    template = forms.ChoiceField(label=_("Template"))
    signature = forms.ChoiceField(label=_("Signature"), required=False)
    number = forms.CharField(
        label=_("Mobile number"),
        help_text=_("With + and its country code, such as +852 5123 0001."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    values = forms.CharField(
        label=_("Values"),
        help_text=_(
            "One a line, in the order of the variables of the template. "
            "Leave it empty if the template has none."
        ),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    mode = forms.ChoiceField(label=_("What it does"), initial=DRY_RUN)
    # Under this name it is done once, however often the form is sent.
    once = forms.RegexField(_ONCE, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        keys: Sequence[ApiKey],
        templates: Sequence[TextTemplate],
        signatures: Sequence[Signature],
        may_send: bool,
        **kwargs: Any,
    ) -> None:
        """Offer what the organization has; who may not send is offered the dry run alone."""
        super().__init__(*args, **kwargs)
        self._keys = {str(each.pk): each for each in keys}
        self._signatures = {str(each.pk): each for each in signatures}
        self.is_possible = bool(keys and templates)
        self._offer("key", [(pk, _named(key)) for pk, key in self._keys.items()])
        self._offer("template", [(str(each.pk), each.name) for each in templates])
        signed = [(pk, str(each)) for pk, each in self._signatures.items()]
        self._offer("signature", [("", _("None")), *signed])
        modes = [(DRY_RUN, _("Dry run: it is checked and priced, and nothing is sent"))]
        modes += [(IN_EARNEST, _("Send the message"))] if may_send else []
        self._offer("mode", modes)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen_key(self) -> ApiKey:
        """Return the key that a valid form signs with."""
        return self._keys[self.cleaned_data["key"]]

    def sent_once(self) -> str:
        """Return the name under which it is sent, empty for a dry run."""
        data = self.cleaned_data
        return str(data["once"]) if data["mode"] == IN_EARNEST else ""

    def clean(self) -> None:
        """Refuse to send without a name under which it is sent once."""
        data = self.cleaned_data
        if data.get("mode") == IN_EARNEST and not data.get("once"):
            self.add_error(None, _("The form is not complete. Open this page again."))

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the request of a valid form."""
        data = self.cleaned_data
        asked: dict[str, Any] = {
            "PhoneNumberSet": [data["number"].replace(" ", "")],
            "SmsSdkAppId": self.chosen_key().application.sdk_app_id,
            "TemplateId": data["template"],
            "TemplateParamSet": data["values"].splitlines(),
        }
        if data["signature"]:
            asked["SignName"] = str(self._signatures[data["signature"]])
        return asked


def _named(key: ApiKey) -> str:
    called = f"{key.name}, " if key.name else ""
    return f"{key.application.name}: {called}{key.secret_id[:8]}…"

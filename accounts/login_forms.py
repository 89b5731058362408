"""allauth's forms with the labels and hints of the console."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.json_field import ForgivingJsonField
from accounts.mail import send_reset_link_later
from accounts.names import validate_name

PASSKEY_NAME = 60
PASSWORD_RULE = _("At least 12 characters. A few unrelated words are easy to remember.")


class RelabelledForm:
    """Gives fields our labels and hints, and no placeholders: a placeholder is not a label."""

    labels: ClassVar[Mapping[str, Any]] = {}
    hints: ClassVar[Mapping[str, Any]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class LoginForm(RelabelledForm, account.LoginForm):
    """Address and password."""

    labels = {"login": _("E-mail address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        # The page draws this field itself, with the way out beside its label.
        self.fields["password"].widget.attrs["class"] = "form-control"


class SignupForm(RelabelledForm, account.SignupForm):
    """A new person, where sign-up is open."""

    name = forms.CharField(
        max_length=120,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2")
    labels = {
        "name": _("Your name"),
        "email": _("E-mail address"),
        "password1": _("Password"),
        "password2": _("Confirm password"),
    }
    hints = {"password1": PASSWORD_RULE}


class ChangePasswordForm(RelabelledForm, account.ChangePasswordForm):
    """The old password, and the new one twice."""

    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("Confirm new password"),
    }
    hints = {"password1": PASSWORD_RULE}


class SetPasswordForm(RelabelledForm, account.SetPasswordForm):
    """A first password."""

    labels = {"password1": _("Password"), "password2": _("Confirm password")}
    hints = {"password1": PASSWORD_RULE}


class ResetPasswordForm(RelabelledForm, account.ResetPasswordForm):
    """Where the link goes. Whether it is somebody's address is found out away from the page."""

    labels = {"email": _("E-mail address")}

    def clean_email(self) -> str:
        """Return the address; who it belongs to must not show in how long the answer takes."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **options: Any) -> str:
        """Queue the mail: for an unknown address the same is done here as for a known one."""
        del request, options
        email: str = self.cleaned_data["email"]
        send_reset_link_later(email)
        return email


class ResetPasswordKeyForm(RelabelledForm, account.ResetPasswordKeyForm):
    """The new password behind the link."""

    labels = {"password1": _("New password"), "password2": _("Confirm new password")}
    hints = {"password1": PASSWORD_RULE}


class ReauthenticateForm(RelabelledForm, account.ReauthenticateForm):
    """The password once more."""

    labels = {"password": _("Password")}


class ChangeEmailForm(RelabelledForm, account.AddEmailForm):
    """Another address. The one in use stays until the new one is confirmed."""

    labels = {"email": _("New e-mail address")}
    hints = {"email": _("We will send a link to this address. Open it to confirm the change.")}

    def save(self, request: HttpRequest) -> EmailAddress:
        """Keep the new address beside the old one, and mail the link."""
        # Of people whom staff have made allauth knows no address, and would drop the one in use.
        own = EmailAddress.objects.filter(user=self.user, email=self.user.email)
        own.update(primary=True, verified=True)
        return super().save(request)


class CodeForm(RelabelledForm, mfa.AuthenticateForm):
    """The second step."""

    labels = {"code": pgettext_lazy("second step", "Code")}
    hints = {"code": _("Enter the 6 digits from your authenticator app, or a recovery code.")}


class ReauthenticateCodeForm(RelabelledForm, mfa.ReauthenticateForm):
    """The second step once more."""

    labels = CodeForm.labels
    hints = CodeForm.hints


class PasskeyAnswerForm(forms.Form):
    """What a browser says of a passkey, or what anybody else has written instead of it."""

    credential = ForgivingJsonField(widget=forms.HiddenInput)

    def full_clean(self) -> None:
        """Clean; the library that reads the answer raises many errors of its own."""
        try:
            super().full_clean()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            self.add_error("credential", get_adapter().error_messages["incorrect_code"])


class PasskeyLoginForm(PasskeyAnswerForm, webauthn.LoginWebAuthnForm):
    """A passkey instead of a password."""


class PasskeyStepForm(PasskeyAnswerForm, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class ReauthenticatePasskeyForm(PasskeyAnswerForm, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more."""


class AddPasskeyForm(RelabelledForm, PasskeyAnswerForm, webauthn.AddWebAuthnForm):
    """A passkey, with a name to tell it by."""

    name = forms.CharField(max_length=PASSKEY_NAME, required=False)
    passwordless = forms.BooleanField(required=False, initial=True)
    labels = {"name": _("Name"), "passwordless": _("Sign in with it alone, without the password")}
    hints = {
        "name": _("For example the device that keeps it."),
        "passwordless": _("It then asks for a fingerprint, a face or a PIN."),
    }


class RenamePasskeyForm(RelabelledForm, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(max_length=PASSKEY_NAME)
    labels = {"name": _("Name")}


class ActivateAppForm(RelabelledForm, totp.ActivateTOTPForm):
    """Proof that the app has the secret."""

    labels = {"code": _("Code from the app")}

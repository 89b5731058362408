"""The rules run on a stored version: the same for its author and for the reviewer."""

from accounts.chosen_originators import shown_by_default
from accounts.models import Organization
from accounts.queries import default_application
from templates_app.lint import Finding, lint, lint_signature
from templates_app.models import SignatureVersion, TextTemplateVersion


def findings_of(version: SignatureVersion | TextTemplateVersion) -> list[Finding]:
    """Return what is wrong with the text of a version, the most serious first."""
    if isinstance(version, SignatureVersion):
        return lint_signature(version.content)
    return lint(
        version.body,
        version.sms_type,
        version.samples,
        accepts_replies=accepts_replies(version.organization),
    )


def originator(organization: Organization) -> str:
    """Return what handsets show as sender; empty where there is nothing they may show."""
    return shown_by_default(default_application(organization))


def accepts_replies(organization: Organization) -> bool | None:
    """Tell whether recipients can reply; None when that is not known."""
    return takes_replies(originator(organization))


def takes_replies(shown: str) -> bool | None:
    """Tell the same of what handsets show as sender.

    An alphanumeric originator takes no replies. A number may, if replies to it are read.
    """
    return False if any(letter.isalpha() for letter in shown) else None

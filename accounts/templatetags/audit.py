"""Says in words what an audit entry is about."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.lists import listed
from accounts.models import AuditEntry
from accounts.models.member import ROLE_LABELS
from accounts.roles import Role

register = template.Library()

SENTENCES = {
    "account.created": gettext_noop("Account created"),
    "account.email_change_requested": gettext_noop("Change of e-mail address requested"),
    "account.email_changed": gettext_noop("E-mail address changed"),
    "account.name_changed": gettext_noop("Name changed"),
    "account.password_changed": gettext_noop("Password changed"),
    "account.password_reset": gettext_noop("Password set by a link"),
    "account.password_reset_requested": gettext_noop("Link for a new password requested"),
    "account.password_set": gettext_noop("Password set"),
    "account.second_step_added": gettext_noop("Second step added"),
    "account.second_step_failed": gettext_noop("Wrong code at the second step"),
    "account.second_step_removed": gettext_noop("Second step removed"),
    "account.second_step_renewed": gettext_noop("Recovery codes made anew"),
    "account.sign_in_failed": gettext_noop("Wrong password at sign-in"),
    "account.signed_in": gettext_noop("Signed in"),
    "account.signed_out": gettext_noop("Signed out"),
    "smsapplication.suspended": gettext_noop("Application suspended"),
    "smsapplication.suspension_ended": gettext_noop("Suspension of the application ended"),
    "account.sessions_ended": gettext_noop("Signed out elsewhere"),
    "api_key.created": gettext_noop("API key made"),
    "api_key.edited": gettext_noop("API key changed"),
    "api_key.revoked": gettext_noop("API key revoked"),
    "api_key.rotated": gettext_noop("API key replaced"),
    "api_key.second_token_made": gettext_noop("Second auth token made"),
    "api_key.token_promoted": gettext_noop("Second auth token promoted"),
    "api_key.tried": gettext_noop("Message sent from the page Try it"),
    "audit_trail.exported": gettext_noop("Audit trail exported"),
    "authenticator.deleted": gettext_noop("Second step removed"),
    "contact.changed": gettext_noop("Contact changed"),
    "contact.created": gettext_noop("Contact added"),
    "contact.deleted": gettext_noop("Contact removed"),
    "contact.tested": gettext_noop("Test sent to a contact"),
    "export.deleted": gettext_noop("Exported file deleted"),
    "export.requested": gettext_noop("Export requested"),
    "guard.allow_ended": gettext_noop("Exception from the guard ended"),
    "guard.allowed": gettext_noop("Exception from the guard made"),
    "guard.block_ended": gettext_noop("Block of the guard ended"),
    "guard.released": gettext_noop("Held messages released"),
    "guard.settings_changed": gettext_noop("Settings of the guard changed"),
    "guard.stopped": gettext_noop("Stopped by hand in the guard"),
    "invitation.revoked": gettext_noop("Invitation withdrawn"),
    "member.invited": gettext_noop("Member invited"),
    "member.joined": gettext_noop("Invitation accepted"),
    "member.left": gettext_noop("Member left"),
    "member.removed": gettext_noop("Member removed"),
    "member.rights_changed": gettext_noop("Rights of a member changed"),
    "member.role_changed": gettext_noop("Role changed"),
    "operator.created": gettext_noop("Operator created"),
    "organization.added": gettext_noop("Organization added"),
    "organization.approval_changed": gettext_noop("Approval of tasks changed"),
    "organization.changed": gettext_noop("Settings changed"),
    "organization.countries_changed": gettext_noop("Allowed countries changed"),
    "organization.created": gettext_noop("Organization created"),
    "organization.passkey_required": gettext_noop("Passkey required for members"),
    "organization.second_step_optional": gettext_noop("Second step no longer required"),
    "organization.second_step_required": gettext_noop("Second step required for members"),
    "organization.suspended": gettext_noop("Sending suspended"),
    "organization.suspension_ended": gettext_noop("Suspension ended"),
    "originator.approved": gettext_noop("Originator approved"),
    "originator.rejected": gettext_noop("Originator rejected"),
    "originator.submitted": gettext_noop("Originator submitted"),
    "originator.withdrawn": gettext_noop("Originator withdrawn"),
    "service_activation.approved": gettext_noop("Activation approved"),
    "service_activation.rejected": gettext_noop("Activation rejected"),
    "service_activation.submitted": gettext_noop("Activation requested"),
    "smsapplication.added": gettext_noop("Application added"),
    "smsapplication.callback_secret_renewed": gettext_noop("Callback secret made anew"),
    "customer_columns.added": gettext_noop("Column of customers added"),
    "customer_columns.removed": gettext_noop("Column of customers removed with its values"),
    "customer_columns.renamed": gettext_noop("Column of customers renamed"),
    "customers.add": gettext_noop("Customers added to a group"),
    "customers.added": gettext_noop("Customer entered"),
    "customers.delete": gettext_noop("Customers deleted"),
    "customers.edited": gettext_noop("Customer changed"),
    "customers.exported": gettext_noop("Customers exported"),
    "customers.moved_in": gettext_noop("Customers brought over from other software"),
    "customers.forget": gettext_noop("Values of a removed column deleted"),
    "customers.import_started": gettext_noop("Import of customers started"),
    "customers.move": gettext_noop("Customers moved to another group"),
    "customers.remove": gettext_noop("Customers taken out of a group"),
    "customers.suppress": gettext_noop("Numbers of customers suppressed"),
    "smsapplication.callbacks_changed": gettext_noop("Callback URLs changed"),
    "smsapplication.changed": gettext_noop("Application changed"),
    "smppaccount.binds_ended": gettext_noop("Binds of an SMPP account ended"),
    "smppaccount.changed": gettext_noop("SMPP account changed"),
    "smppaccount.created": gettext_noop("SMPP account made"),
    "smppaccount.disabled": gettext_noop("SMPP account switched off"),
    "smppaccount.enabled": gettext_noop("SMPP account switched on"),
    "smppaccount.password_renewed": gettext_noop("New password of an SMPP account"),
    "smppaccount.sent_again": gettext_noop("Receipts for an SMPP client sent again"),
    "smsapplication.told_again": gettext_noop("Callbacks sent again"),
    "smsapplication.countries_changed": gettext_noop("Countries of the application changed"),
    "smsapplication.created": gettext_noop("Application made"),
    "smsapplication.disabled": gettext_noop("Application switched off"),
    "smsapplication.edited": gettext_noop("Application renamed or described anew"),
    "smsapplication.enabled": gettext_noop("Application switched on"),
    "smsapplication.originator_chosen": gettext_noop("Originator for a country chosen"),
    "smsapplication.limits_changed": gettext_noop("Limits of the application changed"),
    "verifyservice.changed": gettext_noop("Verify service changed"),
    "verifyservice.created": gettext_noop("Verify service made"),
    "verifyservice.deleted": gettext_noop("Verify service deleted"),
    "console.held": gettext_noop("Console held: nothing leaves"),
    "console.released": gettext_noop("Console released after a comparison"),
    "message.settled_in_bulk": gettext_noop("Messages in doubt settled in bulk"),
    "organization.removed": gettext_noop("Organization removed"),
    "organization.support_view_began": gettext_noop("Support started looking at the organization"),
    "organization.support_view_ended": gettext_noop("Support stopped looking at the organization"),
    "priceversion.imported": gettext_noop("Price list imported"),
    "signature.revoked": gettext_noop("Signature revoked by an operator"),
    "text_template.revoked": gettext_noop("Text template revoked by an operator"),
    "send_task.resumed_by_operator": gettext_noop("Task resumed by an operator"),
    "send_task.paused_by_operator": gettext_noop("Task paused by an operator"),
    "send_task.cancelled_by_operator": gettext_noop("Task cancelled by an operator"),
    "send_task.approval_asked": gettext_noop("Approval of a task requested"),
    "send_task.approved": gettext_noop("Task approved"),
    "send_task.returned": gettext_noop("Task returned by an approver"),
    "send_task.withdrawn": gettext_noop("Request for approval withdrawn"),
    "send_task.first_sent": gettext_noop("First part of a task sent"),
    "send_task.not_sent": gettext_noop("Scheduled task not sent when it was due"),
    "send_task.rescheduled": gettext_noop("Time of a scheduled task changed"),
    "send_task.scheduled": gettext_noop("Task scheduled"),
    "send_task.sent_late": gettext_noop("Scheduled task sent late"),
    "send_task.sent_on_time": gettext_noop("Scheduled task sent"),
    "send_task.taken_back": gettext_noop("Scheduled task unscheduled"),
    "user.added": gettext_noop("Account created by staff"),
    "user.changed": gettext_noop("Account changed"),
}

SECOND_STEPS = {
    "recovery_codes": gettext_noop("recovery codes"),
    "totp": gettext_noop("authenticator app"),
    "webauthn": gettext_noop("passkey"),
}


# Names of models that are no words.
_SPELLED = {
    "cataloguereason": "Reason for a rejection",
    "gatewaycost": "Cost of a gateway",
    "httpgateway": "HTTP gateway",
    "priceversion": "Price list",
    "smppaccount": "SMPP account",
    "smpplockout": "SMPP lock-out",
}


@register.filter
def audit_sentence(entry: AuditEntry) -> str:
    """Return what was done; without a sentence its name is readable ("Send task: sent")."""
    noun, _dot, verb = entry.action.replace("_", " ").partition(".")
    if sentence := SENTENCES.get(entry.action):
        text = _(sentence)
    else:
        words = _SPELLED.get(noun, noun.capitalize()) + (f": {verb}" if verb else "")
        text = _(words)
    return f"{text} ({details})" if (details := _details(entry)) else text


@register.filter
def audit_actor(entry: AuditEntry) -> str:
    """Return who did it: a person, a program by its API key, or nobody."""
    if entry.actor:
        return str(entry.actor)
    if key := entry.details.get("api_key"):
        return _("A program, API key %(id)s") % {"id": key}
    return _("The console itself")


def _details(entry: AuditEntry) -> str:
    """Return the one detail people look for in a list, or nothing."""
    if entry.action == "member.role_changed":
        labels = [ROLE_LABELS[Role(entry.details[key])] for key in ("before", "after")]
        return _("from %(before)s to %(after)s") % {"before": labels[0], "after": labels[1]}
    if entry.action.endswith(".suspended"):
        return _suspension(entry)
    if fields := entry.details.get("fields") or entry.details.get("reason"):
        return listed([fields] if isinstance(fields, str) else fields)
    if entry.details.get("by_own_organization"):
        return _("by a member of the organization")
    if "mfa" in entry.details.get("steps", ()):
        return _("with the second step")
    second_step = SECOND_STEPS.get(entry.details.get("type"))
    return _(second_step) if second_step else ""


def _suspension(entry: AuditEntry) -> str:
    cancelled = entry.details.get("queued") == "cancelled"
    queued = _("queued messages were cancelled") if cancelled else _("queued messages wait")
    return f"{queued}: {entry.details.get('reason', '')}"

"""The account, which is an application here, and its balance."""

from accounts.models import SmsApplication
from sending.acceptance import memory
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import PageAsked, page_of_2010
from sending.dialects.twilio.dates import rfc2822


def fetch(call: TwilioCall) -> Reply:
    """Return the account."""
    return Reply(_account(call))


def list_(call: TwilioCall) -> Reply:
    """Return the accounts of a key: its own."""
    asked = PageAsked.read(call.query, "AC")
    return Reply(page_of_2010(call, asked, "accounts", [_account(call)], None))


def balance(call: TwilioCall) -> Reply:
    """Return the currency; nothing is paid ahead here, so there is no balance."""
    currency = memory.prices(call.caller.organization_id).currency
    return Reply(
        {
            "account_sid": call.caller.account_sid,
            "balance": None,
            "currency": currency or None,
        }
    )


def _account(call: TwilioCall) -> Body:
    own = SmsApplication.objects.for_organization(call.organization)
    application = own.get(pk=call.caller.application_id)
    sid = application.account_sid
    address = f"/2010-04-01/Accounts/{sid}"
    is_active = application.is_enabled and not application.is_suspended
    made = rfc2822(application.created_at)
    return {
        "sid": sid,
        "owner_account_sid": sid,
        "friendly_name": application.name,
        "status": "active" if is_active else "suspended",
        "type": "Full",
        # It is shown once, to people.
        "auth_token": None,
        "date_created": made,
        "date_updated": made,
        "uri": f"{address}.json",
        "subresource_uris": {
            "messages": f"{address}/Messages.json",
            "balance": f"{address}/Balance.json",
        },
    }

"""The account, which is an application here, and its balance."""

from django.db.models import QuerySet

from accounts.models import SmsApplication
from accounts.sids import ACCOUNT
from sending.acceptance import memory
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_2010
from sending.api.twilio.pages import PageAsked
from sending.dialects.twilio.dates import rfc2822


def fetch(call: TwilioCall) -> Reply:
    """Return the account."""
    return Reply(_shape(_own(call).get()))


def list_(call: TwilioCall) -> Reply:
    """Return the accounts of a key: its own, if the filters mean it."""
    asked = PageAsked.read(call.query, ACCOUNT)
    own = _own(call)
    if name := call.query.get("FriendlyName"):
        own = own.filter(name=name)
    page = asked.of(own)
    records = [
        record
        for record in map(_shape, page.rows)
        if call.query.get("Status") in {"", record["status"]}
    ]
    return Reply(page_of_2010(call, asked, "accounts", records, page))


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


def _own(call: TwilioCall) -> QuerySet[SmsApplication]:
    own = SmsApplication.objects.for_organization(call.organization)
    return own.filter(pk=call.caller.application_id)


def _shape(application: SmsApplication) -> Body:
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

"""Lookup v2: what the numbering plan and our guard know of a number. No network is asked."""

from datetime import timedelta

from accounts import shared_time
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.dialects.twilio.dates import iso8601
from sending.guard import looking_up
from sending.guard.rules.names import GuardAction
from sending.sms.number_lookup import NumberLookup, carrier_of, look_up

_LONGEST = 200
_LINE_TYPE = "line_type_intelligence"
_RISK = "sms_pumping_risk"
_LATELY = timedelta(days=90)
# Packages that are not here: the key is there, with null.
_ABSENT = (
    *("caller_name", "sim_swap", "call_forwarding", "line_status", "identity_match"),
    *("reassigned_number", "phone_number_quality_score", "pre_fill"),
)


def fetch(call: TwilioCall) -> Reply:
    """Return a number; one that cannot be is answered too, with valid false."""
    written = call.path["PhoneNumber"]
    found = look_up(written, call.query.text("CountryCode", 2))
    number = found.e164 or written
    asked = call.query.text("Fields", _LONGEST).replace(" ", "").split(",")
    return Reply(
        {
            "calling_country_code": found.calling_code or None,
            "country_code": found.country or None,
            "phone_number": number,
            "national_format": found.national or None,
            "valid": found.is_valid,
            "validation_errors": list(found.errors),
            **dict.fromkeys(_ABSENT),
            _LINE_TYPE: _line_type(found) if _LINE_TYPE in asked else None,
            _RISK: _risk(call, found) if _RISK in asked and found.is_valid else None,
            "url": f"{call.origin}/v2/PhoneNumbers/{number}",
        }
    )


def _line_type(found: NumberLookup) -> Body:
    """Return the kind of a number and who got its range; nobody is asked where it is now."""
    return {
        "type": found.kind or None,
        "carrier_name": carrier_of(found.e164) or None,
        "mobile_country_code": None,
        "mobile_network_code": None,
        "error_code": None,
    }


def _risk(call: TwilioCall, found: NumberLookup) -> Body:
    """Return whether the guard stops codes to a number; 0 for one that entered a code lately.

    The guard has no score, so there is none in between.
    """
    now = shared_time.now()
    known = looking_up.look_up(call.organization, found.e164, found.country)
    of_number = known.decisions.filter(is_enforced=True, at__gt=now - _LATELY)
    newest = of_number.exclude(action=GuardAction.CHALLENGE.value).first()
    stops = [one for one in known.blocks if one.action != GuardAction.CHALLENGE.value]
    moments = [one.started_at for one in stops] + ([newest.at] if newest else [])
    is_stopped = bool(stops) or bool(newest and newest.expires_at and newest.expires_at > now)
    return {
        "carrier_risk_category": None,
        "number_blocked": is_stopped,
        "number_blocked_date": iso8601(max(moments, default=None)),
        "number_blocked_last_3_months": bool(moments),
        "sms_pumping_risk_score": 100 if is_stopped else 0 if known.trusted_until else None,
        "error_code": None,
    }

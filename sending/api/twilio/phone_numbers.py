"""Lookup v2: what the numbering plan says of a number. Nothing is asked of networks."""

from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.sms.number_lookup import NumberLookup, look_up

_LONGEST = 200
_LINE_TYPE = "line_type_intelligence"
# Packages that are not here: the key is there, with null.
_ABSENT = (
    *("caller_name", "sim_swap", "call_forwarding", "line_status", "identity_match"),
    *("reassigned_number", "sms_pumping_risk", "phone_number_quality_score", "pre_fill"),
)


def fetch(call: TwilioCall) -> Reply:
    """Return a number; one that cannot be is answered too, with valid false."""
    written = call.path["PhoneNumber"]
    found = look_up(written, call.query.text("CountryCode", 2))
    number = found.e164 or written
    wanted = call.query.text("Fields", _LONGEST).replace(" ", "").split(",")
    return Reply(
        {
            "calling_country_code": found.calling_code or None,
            "country_code": found.country or None,
            "phone_number": number,
            "national_format": found.national or None,
            "valid": found.is_valid,
            "validation_errors": list(found.errors),
            **dict.fromkeys(_ABSENT),
            _LINE_TYPE: _line_type(found) if _LINE_TYPE in wanted else None,
            "url": f"{call.origin}/v2/PhoneNumbers/{number}",
        }
    )


def _line_type(found: NumberLookup) -> Body:
    """Return the kind of a number by its plan; which network it is in now nobody is asked."""
    return {
        "type": found.kind or None,
        "carrier_name": None,
        "mobile_country_code": None,
        "mobile_network_code": None,
        "error_code": None,
    }

"""GeoPermissions: to which countries an application may send, as people have chosen."""

from django.utils.translation import gettext as _

from accounts.countries import MAINLAND, country_choices
from sending.acceptance import memory
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import INVALID

_LONGEST = 2


def fetch(call: TwilioCall) -> Reply:
    """Return one country, or all of them. Only people change them, in the console."""
    wanted = call.query.text("CountryCode", _LONGEST).upper()
    countries = sorted(code for code, _name in country_choices() if code)
    if wanted and wanted not in countries:
        raise TwilioError(INVALID, _("CountryCode must be a country such as HK (ISO 3166-1)."))
    return Reply({"permissions": _permissions(call, [wanted] if wanted else countries)})


def _permissions(call: TwilioCall, countries: list[str]) -> list[Body]:
    caller = call.caller
    terms = memory.terms((caller.organization_id, caller.application_id))
    prices = memory.prices(caller.organization_id)
    return [
        {
            "country_code": country,
            "type": "country",
            "enabled": (
                country != MAINLAND
                and country in (terms.allowed_countries or {country})
                and country in (terms.countries or {country})
                and prices.of(country) is not None
            ),
            "error_code": 0,
            "error_messages": [],
        }
        for country in countries
    ]

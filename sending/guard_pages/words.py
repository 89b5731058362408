"""What pages call the parts of the guard, beside `guard.words`, which every decision is told in."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.guard.rules.names import AllowKind, GuardAction

# The names of fields of GuardSettings and of the policy.
THRESHOLD_LABELS: Mapping[str, Promise] = {
    "number_hour": _("Codes to one number in an hour"),
    "number_day": _("Codes to one number in 24 hours"),
    "thousand_numbers": _("Numbers of a block of 1,000 in an hour"),
    "ten_codes": _("Codes to a block of 10,000 in 6 hours"),
    "hundred_codes": _("Codes to a block of 100,000 in 6 hours"),
    "country_unverified": _("Codes not entered in an hour"),
    "country_codes": _("Codes to a country in an hour"),
    "address_numbers": _("Numbers for one address in an hour"),
    "address_countries": _("Countries for one address in 24 hours"),
    "new_key_share": _("Percent of the caps for a key’s first day"),
    "jump_times": _("Times the busiest hour of 14 days"),
}
CAP_LABELS: Mapping[str, Promise] = {
    "hour_micro": _("Organization, in an hour"),
    "day_micro": _("Organization, in a day"),
    "country_hour_micro": _("Each country, in an hour"),
    "country_day_micro": _("Each country, in a day"),
    "key_hour_micro": _("Each key, in an hour"),
    "key_day_micro": _("Each key, in a day"),
}
ALLOW_LABELS: Mapping[AllowKind, Promise] = {
    AllowKind.NUMBER: _("One mobile number"),
    AllowKind.RANGE: _("The block of 1,000 around a number"),
    AllowKind.COUNTRY: _("A country"),
    AllowKind.NETWORK: _("An IP address or network"),
    AllowKind.KEY: _("An API key"),
}
TONES: Mapping[GuardAction, tuple[str, str]] = {
    GuardAction.BLOCK: ("bad", "x"),
    GuardAction.HOLD: ("warn", "pause"),
    GuardAction.CHALLENGE: ("warn", "user"),
}
RECORDED_TONE = ("idle", "eye")

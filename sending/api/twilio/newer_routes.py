"""Addresses of the APIs v1 and v2: Verify, Lookup, Messaging services, countries."""

from sending.api.twilio import geo_permissions, messaging_services, phone_numbers
from sending.api.twilio.call import Handler
from sending.api.twilio.verify import (
    attempts,
    rate_limits,
    templates,
    verifications,
    verify_services,
)

_SERVICE = "/v2/Services/{ServiceSid}"
_LIMITS = f"{_SERVICE}/RateLimits"
_BUCKETS = f"{_LIMITS}/{{RateLimitSid}}/Buckets"
_OFTEN, _SELDOM = 100, 20
_ONCE = True

# What `routes.Operation` is made of: name, method, path, handler, how often a second, whether once.
NEWER_ROUTES: tuple[tuple[str, str, str, Handler, int, bool], ...] = (
    ("VerifyService.create", "POST", "/v2/Services", verify_services.create, _SELDOM, False),
    ("VerifyService.list", "GET", "/v2/Services", verify_services.list_, _OFTEN, False),
    ("VerifyService.fetch", "GET", "/v2/Services/{Sid}", verify_services.fetch, _OFTEN, False),
    ("VerifyService.update", "POST", "/v2/Services/{Sid}", verify_services.change, _SELDOM, False),
    (
        *("VerifyService.delete", "DELETE", "/v2/Services/{Sid}"),
        *(verify_services.delete, _SELDOM, False),
    ),
    (
        *("Verification.create", "POST", f"{_SERVICE}/Verifications"),
        *(verifications.create, _OFTEN, _ONCE),
    ),
    (
        *("Verification.fetch", "GET", f"{_SERVICE}/Verifications/{{To}}"),
        *(verifications.fetch, _OFTEN, False),
    ),
    (
        *("Verification.update", "POST", f"{_SERVICE}/Verifications/{{To}}"),
        *(verifications.change, _OFTEN, False),
    ),
    (
        *("VerificationCheck.create", "POST", f"{_SERVICE}/VerificationCheck"),
        *(verifications.check_code, _OFTEN, False),
    ),
    ("RateLimit.create", "POST", _LIMITS, rate_limits.create, _SELDOM, False),
    ("RateLimit.list", "GET", _LIMITS, rate_limits.list_, _OFTEN, False),
    ("RateLimit.fetch", "GET", f"{_LIMITS}/{{Sid}}", rate_limits.fetch, _OFTEN, False),
    ("RateLimit.update", "POST", f"{_LIMITS}/{{Sid}}", rate_limits.change, _SELDOM, False),
    ("RateLimit.delete", "DELETE", f"{_LIMITS}/{{Sid}}", rate_limits.delete, _SELDOM, False),
    ("Bucket.create", "POST", _BUCKETS, rate_limits.create_bucket, _SELDOM, False),
    ("Bucket.list", "GET", _BUCKETS, rate_limits.list_buckets, _OFTEN, False),
    ("Bucket.fetch", "GET", f"{_BUCKETS}/{{Sid}}", rate_limits.fetch_bucket, _OFTEN, False),
    ("Bucket.update", "POST", f"{_BUCKETS}/{{Sid}}", rate_limits.change_bucket, _SELDOM, False),
    ("Bucket.delete", "DELETE", f"{_BUCKETS}/{{Sid}}", rate_limits.delete_bucket, _SELDOM, False),
    ("Attempts.summary", "GET", "/v2/Attempts/Summary", attempts.summary, _SELDOM, False),
    ("Attempt.list", "GET", "/v2/Attempts", attempts.list_, _SELDOM, False),
    ("Attempt.fetch", "GET", "/v2/Attempts/{Sid}", attempts.fetch, _OFTEN, False),
    ("VerifyTemplate.list", "GET", "/v2/Templates", templates.list_, _SELDOM, False),
    (
        *("PhoneNumber.fetch", "GET", "/v2/PhoneNumbers/{PhoneNumber}"),
        *(phone_numbers.fetch, _OFTEN, False),
    ),
    (
        *("GeoPermissions.fetch", "GET", "/v1/Messaging/GeoPermissions"),
        *(geo_permissions.fetch, _SELDOM, False),
    ),
    ("MessagingService.list", "GET", "/v1/Services", messaging_services.list_, _OFTEN, False),
    (
        *("MessagingService.fetch", "GET", "/v1/Services/{Sid}"),
        *(messaging_services.fetch, _OFTEN, False),
    ),
)

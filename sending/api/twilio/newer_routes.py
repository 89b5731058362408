"""Addresses of the APIs v1 and v2: Verify, Lookup, Messaging services, countries."""

from sending.api.twilio import geo_permissions, messaging_services, phone_numbers
from sending.api.twilio.operation import SELDOM, Operation
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

NEWER_ROUTES: tuple[Operation, ...] = (
    Operation("VerifyService.create", "POST", "/v2/Services", verify_services.create, SELDOM),
    Operation("VerifyService.list", "GET", "/v2/Services", verify_services.list_),
    Operation("VerifyService.fetch", "GET", "/v2/Services/{Sid}", verify_services.fetch),
    Operation("VerifyService.update", "POST", "/v2/Services/{Sid}", verify_services.change, SELDOM),
    Operation(
        "VerifyService.delete", "DELETE", "/v2/Services/{Sid}", verify_services.delete, SELDOM
    ),
    Operation(
        "Verification.create",
        "POST",
        f"{_SERVICE}/Verifications",
        verifications.create,
        is_once=True,
    ),
    Operation("Verification.fetch", "GET", f"{_SERVICE}/Verifications/{{To}}", verifications.fetch),
    Operation(
        "Verification.update", "POST", f"{_SERVICE}/Verifications/{{To}}", verifications.change
    ),
    Operation(
        "VerificationCheck.create",
        "POST",
        f"{_SERVICE}/VerificationCheck",
        verifications.check_code,
    ),
    Operation("RateLimit.create", "POST", _LIMITS, rate_limits.create, SELDOM),
    Operation("RateLimit.list", "GET", _LIMITS, rate_limits.list_),
    Operation("RateLimit.fetch", "GET", f"{_LIMITS}/{{Sid}}", rate_limits.fetch),
    Operation("RateLimit.update", "POST", f"{_LIMITS}/{{Sid}}", rate_limits.change, SELDOM),
    Operation("RateLimit.delete", "DELETE", f"{_LIMITS}/{{Sid}}", rate_limits.delete, SELDOM),
    Operation("Bucket.create", "POST", _BUCKETS, rate_limits.create_bucket, SELDOM),
    Operation("Bucket.list", "GET", _BUCKETS, rate_limits.list_buckets),
    Operation("Bucket.fetch", "GET", f"{_BUCKETS}/{{Sid}}", rate_limits.fetch_bucket),
    Operation("Bucket.update", "POST", f"{_BUCKETS}/{{Sid}}", rate_limits.change_bucket, SELDOM),
    Operation("Bucket.delete", "DELETE", f"{_BUCKETS}/{{Sid}}", rate_limits.delete_bucket, SELDOM),
    Operation("Attempts.summary", "GET", "/v2/Attempts/Summary", attempts.summary, SELDOM),
    Operation("Attempt.list", "GET", "/v2/Attempts", attempts.list_, SELDOM),
    Operation("Attempt.fetch", "GET", "/v2/Attempts/{Sid}", attempts.fetch),
    Operation("VerifyTemplate.list", "GET", "/v2/Templates", templates.list_, SELDOM),
    Operation("PhoneNumber.fetch", "GET", "/v2/PhoneNumbers/{PhoneNumber}", phone_numbers.fetch),
    Operation(
        "GeoPermissions.fetch", "GET", "/v1/Messaging/GeoPermissions", geo_permissions.fetch, SELDOM
    ),
    Operation("MessagingService.list", "GET", "/v1/Services", messaging_services.list_),
    Operation("MessagingService.fetch", "GET", "/v1/Services/{Sid}", messaging_services.fetch),
)

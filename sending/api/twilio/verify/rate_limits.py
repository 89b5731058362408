"""Rate limits of Verify services, and their buckets."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.sids import id_in
from sending.api.twilio.call import Body, Reply, TwilioCall
from sending.api.twilio.envelope import page_of_newer
from sending.api.twilio.pages import PageAsked
from sending.api.twilio.verify.asked import bad, not_found, refusing, service_of, url_of
from sending.dialects.twilio.dates import iso8601
from sending.dialects.twilio.verify_codes import PARAMETER
from sending.models import VerifyBucket, VerifyRateLimit
from sending.models.verify_rate_limit import (
    BUCKET_SID,
    DESCRIPTION_CHARS,
    LIMIT_SID,
    LONGEST_INTERVAL,
    MOST_MAX,
    UNIQUE_NAME_CHARS,
)
from sending.verify import rate_limits


@refusing
def create(call: TwilioCall) -> Reply:
    """Add a rate limit."""
    service = service_of(call)
    name = call.form.text("UniqueName", UNIQUE_NAME_CHARS)
    if not rate_limits.UNIQUE_NAME.fullmatch(name):
        raise bad("UniqueName", _("use letters, digits, hyphens, underscores and dots."))
    description = call.form.text("Description", DESCRIPTION_CHARS)
    made = rate_limits.create_limit(service, name, description)
    return Reply(_limit_shape(call, made), 201)


@refusing
def fetch(call: TwilioCall) -> Reply:
    """Return a rate limit."""
    return Reply(_limit_shape(call, _limit(call, "Sid")))


@refusing
def change(call: TwilioCall) -> Reply:
    """Change the description."""
    limit = _limit(call, "Sid")
    if "Description" in call.form:
        limit.description = call.form.text("Description", DESCRIPTION_CHARS)
        limit.updated_at = shared_time.now()
        limit.save(update_fields=["description", "updated_at"])
    return Reply(_limit_shape(call, limit))


@refusing
def delete(call: TwilioCall) -> Reply:
    """Delete a rate limit with its buckets."""
    _limit(call, "Sid").delete()
    return Reply(None, 204)


@refusing
def list_(call: TwilioCall) -> Reply:
    """List the rate limits of a service."""
    rows = rate_limits.of_service(service_of(call))
    return _page(call, LIMIT_SID, "rate_limits", rows, _limit_shape)


@refusing
def create_bucket(call: TwilioCall) -> Reply:
    """Add a bucket to a rate limit."""
    limit = _limit(call, "RateLimitSid")
    for name in ("Max", "Interval"):
        if not call.form.get(name):
            raise bad(name, _("it is missing."))
    made = rate_limits.create_bucket(limit, *_size(call, 0, 0))
    return Reply(_bucket_shape(call, made), 201)


@refusing
def fetch_bucket(call: TwilioCall) -> Reply:
    """Return a bucket."""
    return Reply(_bucket_shape(call, _bucket(call)))


@refusing
def change_bucket(call: TwilioCall) -> Reply:
    """Change how many codes a bucket lets through, or in how many seconds."""
    bucket = _bucket(call)
    changed = rate_limits.change_bucket(bucket, *_size(call, bucket.most, bucket.seconds))
    return Reply(_bucket_shape(call, changed))


@refusing
def delete_bucket(call: TwilioCall) -> Reply:
    """Delete a bucket."""
    _bucket(call).delete()
    return Reply(None, 204)


@refusing
def list_buckets(call: TwilioCall) -> Reply:
    """List the buckets of a rate limit."""
    rows = _limit(call, "RateLimitSid").buckets.all()
    return _page(call, BUCKET_SID, "buckets", rows, _bucket_shape)


def _page(
    call: TwilioCall, letters: str, key: str, rows: Any, shape: Callable[[TwilioCall, Any], Body]
) -> Reply:
    asked = PageAsked.read(call.query, letters)
    page = asked.of(rows)
    return Reply(page_of_newer(call, asked, key, [shape(call, row) for row in page.rows], page))


def _limit(call: TwilioCall, part: str) -> VerifyRateLimit:
    own = rate_limits.of_service(service_of(call))
    found = own.filter(pk=id_in(LIMIT_SID, call.path[part]) or 0).first()
    if found is None:
        raise not_found("rate limit")
    return found


def _bucket(call: TwilioCall) -> VerifyBucket:
    own = VerifyBucket.objects.filter(rate_limit=_limit(call, "RateLimitSid"))
    found = own.filter(pk=id_in(BUCKET_SID, call.path["Sid"]) or 0).first()
    if found is None:
        raise not_found("bucket")
    return found


def _size(call: TwilioCall, most: int, seconds: int) -> tuple[int, int]:
    form = call.form
    return (
        form.whole("Max", most, 1, MOST_MAX, PARAMETER),
        form.whole("Interval", seconds, 1, LONGEST_INTERVAL, PARAMETER),
    )


def _limit_shape(call: TwilioCall, limit: VerifyRateLimit) -> Body:
    service_sid = call.path["ServiceSid"]
    url = url_of(call, "Services", service_sid, "RateLimits", limit.sid)
    return {
        "sid": limit.sid,
        "service_sid": service_sid,
        "account_sid": call.caller.account_sid,
        "unique_name": limit.unique_name,
        "description": limit.description or None,
        "date_created": iso8601(limit.created_at),
        "date_updated": iso8601(limit.updated_at),
        "url": url,
        "links": {"buckets": f"{url}/Buckets"},
    }


def _bucket_shape(call: TwilioCall, bucket: VerifyBucket) -> Body:
    service_sid, limit_sid = call.path["ServiceSid"], call.path["RateLimitSid"]
    parts = ("Services", service_sid, "RateLimits", limit_sid, "Buckets", bucket.sid)
    return {
        "sid": bucket.sid,
        "rate_limit_sid": limit_sid,
        "service_sid": service_sid,
        "account_sid": call.caller.account_sid,
        "max": bucket.most,
        "interval": bucket.seconds,
        "date_created": iso8601(bucket.created_at),
        "date_updated": iso8601(bucket.updated_at),
        "url": url_of(call, *parts),
    }

"""Rate limits of a service: how many codes go out for one value that the program tells.

Counted in the transaction that accepts the code, in one statement for each bucket, so that two
requests at the same moment never pass a limit together. What is refused is not counted.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts import shared_time
from accounts.statements import Statement, run_together
from sending.models import VerifyBucket, VerifyRateLimit, VerifyService
from sending.verify.refusals import VerifyCode, VerifyRefused

UNIQUE_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,50}")
MOST_LIMITS = 10
MOST_BUCKETS = 5
_TAKE = (
    "INSERT INTO sending_verifyrateuse AS u (bucket_id, value_digest, ends_at, codes)"
    " VALUES (%s, %s, %s, 1)"
    " ON CONFLICT (bucket_id, value_digest) DO UPDATE SET"
    " codes = CASE WHEN u.ends_at = excluded.ends_at THEN u.codes + 1 ELSE 1 END,"
    " ends_at = excluded.ends_at"
    " WHERE u.ends_at <> excluded.ends_at OR u.codes < %s"
    " RETURNING 1"
)


def of_service(service: VerifyService) -> QuerySet[VerifyRateLimit]:
    """Return the rate limits of a service."""
    return VerifyRateLimit.objects.filter(service=service)


def take(service: VerifyService, values: Mapping[str, str], now: datetime) -> None:
    """Count a code for each value by the name of its limit; raise VerifyRefused.

    In the caller's transaction, which must be undone if this raises.
    """
    if not values:
        return
    if not all(map(UNIQUE_NAME.fullmatch, values)):
        raise VerifyRefused(VerifyCode.RATE_LIMIT_UNKNOWN)
    limits = of_service(service).filter(unique_name__in=values).prefetch_related("buckets")
    named = {limit.unique_name: limit for limit in limits}
    if set(values) - set(named):
        raise VerifyRefused(VerifyCode.RATE_LIMIT_UNKNOWN)
    # In one order, so that nobody waits in a circle.
    for name in sorted(values):
        for bucket in sorted(named[name].buckets.all(), key=lambda one: one.pk):
            _take(bucket, values[name], now)


def _take(bucket: VerifyBucket, value: str, now: datetime) -> None:
    ends_at = _end(bucket.seconds, now)
    moment = connection.ops.adapt_datetimefield_value(ends_at)
    parameters = (bucket.pk, _digest(f"{bucket.pk} {value}"), moment, bucket.most)
    (rows,) = run_together([Statement(_TAKE, parameters)])
    if not rows:
        left = int((ends_at - now).total_seconds()) + 1
        raise VerifyRefused(VerifyCode.RATE_LIMIT, retry_after=left)


def _end(seconds: int, now: datetime) -> datetime:
    """Return when the time ends that this moment is in; all begin at multiples since 1970."""
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


def _digest(text: str) -> int:
    octets = hmac.digest(_key(settings.SECRET_KEY), text.encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(octets[:8], "big") >> 1


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"verify rate:" + secret.encode()).digest()


def create_limit(service: VerifyService, unique_name: str, description: str) -> VerifyRateLimit:
    """Add a rate limit; raise VerifyRefused."""
    with transaction.atomic():
        VerifyService.objects.select_for_update().get(pk=service.pk)
        _refuse_full(of_service(service).count(), MOST_LIMITS)
        if of_service(service).filter(unique_name=unique_name).exists():
            raise VerifyRefused(VerifyCode.ALREADY_THERE)
        made: VerifyRateLimit = VerifyRateLimit.objects.create(
            service=service, unique_name=unique_name, description=description
        )
    return made


def create_bucket(rate_limit: VerifyRateLimit, most: int, seconds: int) -> VerifyBucket:
    """Add a bucket to a rate limit; raise VerifyRefused."""
    with transaction.atomic():
        VerifyRateLimit.objects.select_for_update().get(pk=rate_limit.pk)
        _refuse_full(rate_limit.buckets.count(), MOST_BUCKETS)
        if rate_limit.buckets.filter(seconds=seconds).exists():
            raise VerifyRefused(VerifyCode.ALREADY_THERE)
        made: VerifyBucket = rate_limit.buckets.create(most=most, seconds=seconds)
    return made


def change_bucket(bucket: VerifyBucket, most: int, seconds: int) -> VerifyBucket:
    """Change a bucket; raise VerifyRefused."""
    with transaction.atomic():
        VerifyRateLimit.objects.select_for_update().get(pk=bucket.rate_limit_id)
        others = VerifyBucket.objects.filter(rate_limit=bucket.rate_limit_id, seconds=seconds)
        if others.exclude(pk=bucket.pk).exists():
            raise VerifyRefused(VerifyCode.ALREADY_THERE)
        bucket.most, bucket.seconds, bucket.updated_at = most, seconds, shared_time.now()
        bucket.save(update_fields=["most", "seconds", "updated_at"])
    return bucket


def described(service: VerifyService) -> Sequence[VerifyRateLimit]:
    """Return the rate limits of a service with their buckets, as pages show them."""
    return list(of_service(service).prefetch_related("buckets").order_by("unique_name"))


def _refuse_full(count: int, most: int) -> None:
    if count >= most:
        raise VerifyRefused(VerifyCode.TOO_MANY_HERE)

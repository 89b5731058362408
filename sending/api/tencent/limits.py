"""How often a key may ask for an action.

Each web process counts for itself, in memory, so that a request costs no round trip: with N web
processes up to N times as many are let through. Within one process the count is exact.
"""

import math
import threading
import time
from collections import OrderedDict

from django.utils.translation import gettext as _

from sending.api.tencent.call import Caller
from sending.dialects.tencent.actions import Action
from sending.dialects.tencent.fields import TencentError

_MOST_BUCKETS = 20_000
_lock = threading.Lock()
# What is left of each bucket, and when it was; a bucket holds what one second allows.
_buckets: OrderedDict[tuple[int, str], tuple[float, float]] = OrderedDict()


def take(caller: Caller, action: Action) -> None:
    """Count one request; raise TencentError when there were too many."""
    now, most = time.monotonic(), float(action.per_second)
    key = (caller.api_key_id, action.name)
    with _lock:
        left, at = _buckets.get(key, (most, now))
        left = min(most, left + (now - at) * most)
        is_allowed = left >= 1.0
        _buckets[key] = (left - 1.0 if is_allowed else left, now)
        _buckets.move_to_end(key)
        while len(_buckets) > _MOST_BUCKETS:
            _buckets.popitem(last=False)
    if not is_allowed:
        milliseconds = math.ceil((1.0 - left) / most * 1000)
        raise TencentError(
            "RequestLimitExceeded",
            _(
                "%(action)s may be asked for %(most)s times a second by one API key. "
                "Send the same request again in %(milliseconds)s ms."
            )
            % {
                "action": action.name,
                "most": action.per_second,
                "milliseconds": milliseconds,
            },
        )


def forget() -> None:
    """Fill all buckets."""
    with _lock:
        _buckets.clear()

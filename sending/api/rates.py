"""How often a key may ask for one thing.

Each web process counts for itself, in memory, so that a request costs no round trip: with N web
processes up to N times as many are let through. Within one process the count is exact.
"""

import threading
import time
from collections import OrderedDict

_MOST_BUCKETS = 20_000
_lock = threading.Lock()
# What is left of each bucket, and when it was; a bucket holds what one second allows.
_buckets: OrderedDict[tuple[int, str], tuple[float, float]] = OrderedDict()


def seconds_to_wait(api_key_id: int, name: str, per_second: int) -> float:
    """Count one request; return 0, or how long to wait where there were too many."""
    now, most = time.monotonic(), float(per_second)
    key = (api_key_id, name)
    with _lock:
        left, at = _buckets.get(key, (most, now))
        left = min(most, left + (now - at) * most)
        is_allowed = left >= 1.0
        _buckets[key] = (left - 1.0 if is_allowed else left, now)
        _buckets.move_to_end(key)
        while len(_buckets) > _MOST_BUCKETS:
            _buckets.popitem(last=False)
    return 0.0 if is_allowed else (1.0 - left) / most


def forget() -> None:
    """Fill all buckets."""
    with _lock:
        _buckets.clear()

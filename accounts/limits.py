"""How often one person may ask for what costs the console much."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError

from accounts import shared_time
from accounts.decorators import View

log = logging.getLogger(__name__)

# A cache of files cannot count by itself; where it is used, there is one web process.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in so many seconds for one person, over all pages that share the name."""

    name: str
    most: int
    seconds: int
    methods: frozenset[str] = frozenset({"GET", "POST"})


_POST = frozenset({"POST"})
# Each is about five times what the busiest person needs.
PREVIEWS = Limit("previews", 240, 60)
FILES = Limit("files", 60, 600, _POST)
DOWNLOADS = Limit("downloads", 30, 600)
# A filtered list of a million messages looks further by itself, a stretch a request.
SEARCHES = Limit("searches", 600, 60)
# Each may send a message for real.
TRIALS = Limit("trials", 60, 600, _POST)
INVITATIONS = Limit("invitations", 50, 3600, _POST)
CALLBACKS = Limit("callbacks", 60, 600, _POST)
SECRETS = Limit("secrets", 50, 3600, _POST)
ORGANIZATIONS = Limit("organizations", 10, 3600, _POST)


def limited(limit: Limit) -> Callable[[View], View]:
    """Answer 429 to a person who asks more often; stands below what asks who it is."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in limit.methods and (wait := _seconds_to_wait(request, limit)):
                log.warning("user %s: too many requests (%s)", request.user.pk, limit.name)
                response = render(request, "429.html", {"seconds": wait}, status=429)
                response["Retry-After"] = str(wait)
                return response
            return view(request, *args, **kwargs)

        counted.limit = limit  # type: ignore[attr-defined]
        return counted

    return decorate


def _seconds_to_wait(request: HttpRequest, limit: Limit) -> int:
    """Count this request; return how long its person has to wait, 0 for not at all."""
    window, gone = divmod(int(shared_time.now().timestamp()), limit.seconds)
    key = f"limit:{limit.name}:{request.user.pk}:{window}"
    try:
        with _one_at_a_time:
            cache.add(key, 0, limit.seconds)
            count = cache.incr(key)
    except (RedisError, ValueError):
        # Without its cache the console works on, uncounted.
        log.exception("requests are not counted")
        return 0
    return limit.seconds - gone if count > limit.most else 0

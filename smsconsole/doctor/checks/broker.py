"""Does the broker answer that wakes workers up?"""

from collections.abc import Iterator

import redis
from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well


@check("broker", needs_database=False)
def broker() -> Iterator[Diagnosis]:
    """Ask Redis, or say that files do its work."""
    if not settings.REDIS_URL:
        if connection.vendor == "sqlite":
            yield well("REDIS_URL", "Files under VAR_DIR wake the workers, all on one machine.")
        else:
            yield warning(
                "REDIS_URL",
                "Files under VAR_DIR wake the workers, so all of them must run on this machine, "
                "and limits of requests are counted in files.",
                "Install Redis and set REDIS_URL, such as redis://127.0.0.1:6379/0.",
            )
        return
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3
        )
        client.ping()
    except (RedisError, ValueError) as error:
        yield problem(
            "REDIS_URL",
            # Redis says what it lacks, such as room for its snapshot; never a password.
            f"Redis does not answer as it should ({type(error).__name__}): {str(error)[:120]}",
            "Check REDIS_URL (redis://host:port/number), and whether Redis runs and lets us in.",
        )
        return
    yield well("REDIS_URL", "Redis answers.")

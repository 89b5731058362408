"""How often a key may ask for an action, in the words of the dialect."""

import math

from django.utils.translation import gettext as _

from sending.api import rates
from sending.api.callers import Caller
from sending.dialects.tencent.actions import Action
from sending.dialects.tencent.fields import TencentError


def take(caller: Caller, action: Action) -> None:
    """Count one request; raise TencentError when there were too many."""
    seconds = rates.seconds_to_wait(caller.api_key_id, action.name, action.per_second)
    if seconds:
        raise TencentError(
            "RequestLimitExceeded",
            _(
                "%(action)s may be asked for %(most)s times a second by one API key. "
                "Send the same request again in %(milliseconds)s ms."
            )
            % {
                "action": action.name,
                "most": action.per_second,
                "milliseconds": math.ceil(seconds * 1000),
            },
        )

"""What is done on developers' pages."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import ApiKey, AuditEntry, User
from sending.developers.endpoint import Endpoint
from sending.developers.trial import Trial, send_trial


def send_in_earnest(
    key: ApiKey,
    endpoint: Endpoint,
    parameters: Mapping[str, Any],
    *,
    address: str,
    once: str,
    actor: User,
) -> Trial:
    """Send as a program would, once under that name, and say in the audit trail who did."""
    trial = send_trial(key, endpoint, parameters, address=address, once=once)
    with transaction.atomic():
        AuditEntry.record(
            action="api_key.tried",
            subject=key,
            organization=key.organization,
            actor=actor,
            request_id=trial.request_id,
            code=trial.error,
        )
    return trial

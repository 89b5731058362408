"""What is done on developers' pages."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import ApiKey, AuditEntry, User
from sending.developers.trial import Place, Trial, send_trial


def send_in_earnest(
    key: ApiKey, place: Place, parameters: Mapping[str, Any], *, once: str, actor: User
) -> Trial:
    """Send as a program would, once under that name, and say in the audit trail who did."""
    trial = send_trial(key, place, parameters, once=once)
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

"""Refused submissions as rows, for whoever looks after a client; written a second's worth at once.

What a flood refuses is not all written: nobody reads it, and it must not fill the disk.
"""

from collections import Counter as Tally
from typing import Any

from django.db import connection

from accounts import shared_time
from accounts.masking import mask_numbers, masked
from accounts.statements import run_together
from sending.models import SmppAccount, SmppRefusal
from sending.models.bulk import insertion
from sending.smpp_server.statuses import PduRefusal

_MOST_OF_AN_ACCOUNT = 100
_COLUMNS = (
    *("organization_id", "account_id", "status", "code", "sentence", "masked_number", "at"),
)


class RefusalLog:
    """The rows of this process that are not written yet."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []
        self._of_account: Tally[int] = Tally()

    def add(self, account: SmppAccount, refusal: PduRefusal, number: str) -> None:
        """Note a refusal; what an account has too many of is not."""
        if self._of_account[account.pk] >= _MOST_OF_AN_ACCOUNT:
            return
        self._of_account[account.pk] += 1
        now = str(connection.ops.adapt_datetimefield_value(shared_time.now()))
        self._rows.append(
            (
                account.organization_id,
                account.pk,
                refusal.status,
                refusal.code[:80],
                mask_numbers(refusal.sentence)[:500],
                masked(number)[:21],
                now,
            )
        )

    def take(self) -> list[tuple[Any, ...]]:
        """Return the rows that are noted, and begin anew."""
        rows, self._rows = self._rows, []
        self._of_account.clear()
        return rows


def write(rows: list[tuple[Any, ...]]) -> None:
    """Write rows of the log."""
    run_together([insertion(SmppRefusal, {}, _COLUMNS, rows)])

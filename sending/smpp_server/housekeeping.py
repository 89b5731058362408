"""What a server does every few seconds: shows its binds, hears of changes, and clears up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from django.db.models import QuerySet

from accounts import shared_time
from sending.models import PartState, SmppAccount, SmppBind, SmppPart, SmppRefusal
from sending.models.bulk import update_rows
from sending.models.message import first_id_at
from sending.smpp_server import binding, outbox, parts, refusal_log, repeating
from sending.smpp_server.connection import ClientConnection
from sending.smpp_server.desk import Desk
from sending.smpp_server.refusal_log import RefusalLog

logger = logging.getLogger(__name__)

BEAT = 5.0
"""Seconds between two looks; `smpp_bind.LIVE` is a few of them."""
_CLEAR_EVERY = 6
_AT_ONCE = 5_000
# The longest that an account may keep anything, see SmppAccount.keep_days.
_PARTS_KEPT = timedelta(days=31)
_REFUSALS_KEPT = timedelta(days=7)
_COLUMNS = (
    *("seen_at", "heard_at", "rate", "in_window", "submitted", "refused", "throttled"),
    *("delivered", "undelivered"),
)


class ServedDesks(Protocol):
    """What is looked after."""

    desks: dict[int, Desk]
    connections: set[ClientConnection]

    async def in_database(self, work: Callable[[], Any]) -> Any:
        """Run something in a thread for the database."""
        ...


class Housekeeping:
    """The regular work of one server."""

    def __init__(self, server: ServedDesks, refusals: RefusalLog) -> None:
        self._server = server
        self._refusals = refusals
        # What each bind had submitted at the last look.
        self._before: dict[int, int] = {}

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        beats = 0
        while True:
            await asyncio.sleep(BEAT)
            beats += 1
            try:
                await self._beat()
                if beats % _CLEAR_EVERY == 0:
                    await self._server.in_database(clear)
            except Exception:
                logger.exception("the binds cannot be shown")

    async def last(self) -> None:
        """Write what is noted of refusals."""
        if rows := self._refusals.take():
            await self._server.in_database(partial(refusal_log.write, rows))

    async def _beat(self) -> None:
        await self.last()
        bound = [one for one in self._server.connections if one.bound]
        rows = [self._figures(one, one.bind.pk) for one in bound if one.bind]
        self._before = {one.bind.pk: one.figures.submitted for one in bound if one.bind}
        listed, by_id = await self._server.in_database(
            partial(show, list(self._server.desks), rows)
        )
        for pk, desk in list(self._server.desks.items()):
            if pk in by_id:
                desk.set_account(by_id[pk])
        for connection in bound:
            self._end_unwanted(connection, listed, by_id)

    def _end_unwanted(
        self,
        connection: ClientConnection,
        listed: Set[int],
        accounts: Mapping[int, SmppAccount],
    ) -> None:
        """Unbind a connection whose account was switched off, or whose row was taken away."""
        bind, account = connection.bind, connection.account
        if bind is None or account is None or not connection.bound:
            return
        now = accounts.get(account.pk)
        if bind.pk not in listed or now is None or not now.is_enabled:
            logger.info("smpp client %s is unbound", account.system_id)
            task = asyncio.ensure_future(connection.unbind())
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _figures(self, connection: ClientConnection, pk: int) -> tuple[Any, ...]:
        """Return what the page of binds shows of a connection."""
        figures = connection.figures
        rate = round((figures.submitted - self._before.get(pk, 0)) / BEAT)
        now = shared_time.now()
        silent = asyncio.get_running_loop().time() - connection.last_heard
        heard = now - timedelta(seconds=silent)
        return (
            *(pk, now, heard, rate, connection.unanswered, figures.submitted, figures.refused),
            *(figures.throttled, figures.delivered, connection.in_window),
        )


def show(
    account_ids: Sequence[int], rows: Sequence[tuple[Any, ...]]
) -> tuple[set[int], dict[int, SmppAccount]]:
    """Show binds that live; return which are still listed, and the accounts as they are now."""
    update_rows(SmppBind, _COLUMNS, rows)
    listed = SmppBind.objects.filter(pk__among=[row[0] for row in rows])
    return set(listed.values_list("pk", flat=True)), SmppAccount.objects.in_bulk(account_ids)


def clear() -> None:
    """Settle segments whose text does not come, and delete what is kept no longer."""
    now = shared_time.now()
    repeating.join_quiet()
    while parts.fail_overdue():
        pass
    binding.forget()
    for account in SmppAccount.objects.all():
        outbox.forget(account, now)
    failed = SmppPart.objects.filter(state=PartState.FAILED.value)
    _delete(failed.filter(pk__lt=first_id_at(now - _REFUSALS_KEPT)))
    _delete(SmppPart.objects.filter(pk__lt=first_id_at(now - _PARTS_KEPT)))
    _delete(SmppRefusal.objects.filter(at__lt=now - _REFUSALS_KEPT))


def _delete(rows: QuerySet[Any]) -> None:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    rows.model._default_manager.filter(pk__among=ids).delete()

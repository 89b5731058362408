"""A client on aiosmpplib that does what it is told; see smpp_clients.py for the wishes."""

import asyncio
import json
import sys
from typing import Any

from aiosmpplib import (
    ESME,
    NPI,
    TON,
    AbstractHook,
    BindMode,
    DeliverSm,
    PhoneNumber,
    SubmitSm,
    SubmitSmResp,
)

_KINDS = {
    "receiver": BindMode.RECEIVER,
    "transmitter": BindMode.TRANSMITTER,
    "transceiver": BindMode.TRANSCEIVER,
}
_BIND_RESPS = {0x80000001, 0x80000002, 0x80000009}


class Session(AbstractHook):
    """One ESME, and what it heard."""

    def __init__(self, kind: str, port: int, system_id: str, password: str) -> None:
        self.bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.answers: dict[str, asyncio.Future[list[Any]]] = {}
        self.receipts: list[dict[str, Any]] = []
        self.esme = ESME(
            "127.0.0.1",
            port,
            system_id,
            password,
            bind_mode=_KINDS[kind],
            hook=self,
            log_level="CRITICAL",
        )
        self.task = asyncio.create_task(self.esme.start())

    async def sending(self, smpp_message: Any, pdu: bytes, client_id: str) -> None:
        """Nothing to note."""

    async def send_error(self, smpp_message: Any, error: Exception, client_id: str) -> None:
        """Say what it could not send."""
        sys.stderr.write(f"{smpp_message}: {error}\n")

    async def received(self, smpp_message: Any, pdu: bytes, client_id: str) -> None:
        """Note answers to a bind and to messages, and receipts."""
        if int.from_bytes(pdu[4:8], "big") in _BIND_RESPS and not self.bound.done():
            self.bound.set_result(int.from_bytes(pdu[8:12], "big"))
        elif isinstance(smpp_message, SubmitSmResp):
            said = [int(smpp_message.command_status), smpp_message.message_id]
            self.answers[smpp_message.log_id].set_result(said)
        elif isinstance(smpp_message, DeliverSm):
            self.receipts.append(_receipt(smpp_message))


def _receipt(pdu: DeliverSm) -> dict[str, Any]:
    """Return a receipt as the library has read it."""
    tlvs = {param.tag: param.value for param in pdu.optional_params or ()}
    return {
        "id": pdu.parse_receipt()["id"],
        "state": tlvs.get(0x0427),
        "from": pdu.source.number,
        "to": pdu.destination.number,
        "esm_class": pdu.esm_class,
        "text": pdu.short_message,
    }


class Program:
    """All sessions, and the wishes."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._number = 0

    async def bind(
        self, *, name: str, kind: str, port: int, tls: bool, system_id: str, password: str
    ) -> dict[str, Any]:
        self._sessions[name] = session = Session(kind, port, system_id, password)
        status = await session.bound
        if status:
            session.task.cancel()
        return {"status": status}

    async def submit(self, name: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        session = self._sessions[name]
        waiting = []
        for message in messages:
            self._number += 1
            log_id = str(self._number)
            session.answers[log_id] = asyncio.get_running_loop().create_future()
            waiting.append(session.answers[log_id])
            await session.esme.broker.enqueue(_submit_sm(log_id, **message))
        async with asyncio.timeout(20):
            return {"answers": await asyncio.gather(*waiting)}

    async def receipts(self, count: int, seconds: float) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        found: list[dict[str, Any]] = []
        while len(found) < count and loop.time() < until:
            for session in self._sessions.values():
                found += session.receipts
                session.receipts.clear()
            await asyncio.sleep(0.02)
        return {"receipts": found}

    async def ask(self, name: str, command: str, fields: dict[str, Any]) -> dict[str, Any]:
        assert command == "unbind", "it has no other command of its own"
        await self._sessions[name].esme.stop()
        return {"status": 0}

    async def drop(self, name: str) -> dict[str, Any]:
        session = self._sessions.pop(name)
        session.esme._writer.transport.abort()
        session.task.cancel()
        return {}


def _submit_sm(log_id: str, text: str = "", payload: str = "", **fields: Any) -> SubmitSm:
    """Return a message; the library encodes and cuts its text."""
    return SubmitSm(
        short_message=text,
        message_payload=payload,
        source=PhoneNumber(fields["source_addr"], TON.ALPHANUMERIC, NPI.UNKNOWN),
        destination=PhoneNumber(fields["destination_addr"], TON.INTERNATIONAL, NPI.ISDN),
        registered_delivery=fields.get("registered_delivery", 1),
        esm_class=fields.get("esm_class", 0),
        auto_message_payload=not fields.get("esm_class", 0),
        log_id=log_id,
    )


async def main() -> None:
    """Do what each line says."""
    program, loop = Program(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wish = json.loads(line)
        said = await getattr(program, wish.pop("wish"))(**wish)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())

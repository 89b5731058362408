"""A client on smpplib that does what it is told; see smpp_clients.py for the wishes."""

import json
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from smpplib import consts, gsm
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as Lost
from smpplib.exceptions import PDUError

_PATIENCE = 10.0


class Session:
    """One bind, and what came over it."""

    def __init__(self, port: int, *, tls: bool) -> None:
        context = ssl._create_unverified_context() if tls else None
        self.client = Client(
            "127.0.0.1", port, ssl_context=context, allow_unknown_opt_params=True, timeout=0.2
        )
        self.said: dict[int, Any] = {}
        self.answers_receipts = True
        self.receipts: list[dict[str, Any]] = []
        self.client.set_message_sent_handler(self._note)
        self.client.set_query_resp_handler(self._note)
        self.client.set_error_pdu_handler(self._note)
        self.client.set_message_received_handler(self._receive)

    def bind(self, kind: str, system_id: str, password: str) -> dict[str, Any]:
        """Connect, bind, and tell status and version."""
        self.client.connect()
        self.client.timeout = _PATIENCE
        self.client._socket.settimeout(_PATIENCE)
        try:
            bind = getattr(self.client, f"bind_{kind}")
            answer = bind(system_id=system_id, password=password)
        except PDUError as refused:
            return {"status": refused.args[1], "version": None}
        finally:
            self.client._socket.settimeout(0.2)
        return {"status": answer.status, "version": answer.sc_interface_version}

    def listen_until(self, done: Callable[[], object], seconds: float = _PATIENCE) -> bool:
        """Read what comes until it is so."""
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                return False
            try:
                self.client.read_once(auto_send_enquire_link=False)
            except TimeoutError:
                continue
            except Lost:
                return False
        return True

    def _note(self, pdu: Any) -> None:
        self.said[pdu.sequence] = pdu

    def _receive(self, pdu: Any) -> int:
        self.receipts.append(
            {
                "id": (pdu.receipted_message_id or b"").decode().rstrip("\0"),
                "state": pdu.message_state,
                "from": pdu.source_addr.decode(),
                "to": pdu.destination_addr.decode(),
                "esm_class": pdu.esm_class,
                "text": pdu.short_message.decode(),
            }
        )
        return int(consts.SMPP_ESME_ROK)


class Program:
    """All sessions, and the wishes."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def bind(
        self, *, name: str, kind: str, port: int, tls: bool, system_id: str, password: str
    ) -> dict[str, Any]:
        self._sessions[name] = session = Session(port, tls=tls)
        return session.bind(kind, system_id, password)

    def submit(self, name: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        session = self._sessions[name]
        sent = [
            session.client.send_message(**fields).sequence
            for message in messages
            for fields in _parts(**message)
        ]
        session.listen_until(lambda: session.said.keys() >= set(sent))
        return {"answers": [_told(session.said.get(sequence)) for sequence in sent]}

    def receipts(self, count: int, seconds: float) -> dict[str, Any]:
        found: list[dict[str, Any]] = []
        until = time.monotonic() + seconds
        while len(found) < count and time.monotonic() < until:
            for session in self._sessions.values():
                if session.client._socket is not None:
                    session.listen_until(lambda one=session: one.receipts, 0.3)
                found += session.receipts
                session.receipts = []
        return {"receipts": found}

    def ask(self, name: str, command: str, fields: dict[str, Any]) -> dict[str, Any]:
        session = self._sessions[name]
        if command == "unbind":
            return {"status": session.client.unbind().status, "state": None}
        if command == "enquire_link":
            from smpplib import smpp

            session.client.send_pdu(smpp.make_pdu("enquire_link", client=session.client))
            session.client._socket.settimeout(_PATIENCE)
            return {"status": session.client.read_pdu().status, "state": None}
        sequence = session.client.query_message(
            source_addr_ton=fields["source_addr_ton"],
            source_addr_npi=fields["source_addr_npi"],
            source_addr=fields["source_addr"],
            message_id=fields["message_id"],
        ).sequence
        session.listen_until(lambda: sequence in session.said)
        answer = session.said[sequence]
        return {"status": answer.status, "state": getattr(answer, "message_state", None)}

    def closed(self, name: str) -> dict[str, Any]:
        self._sessions[name].listen_until(lambda: False)
        return {}

    def drop(self, name: str) -> dict[str, Any]:
        session = self._sessions.pop(name)
        session.client.state = consts.SMPP_CLIENT_STATE_OPEN
        session.client.disconnect()
        return {}


def _parts(
    text: str | None = None, payload: str | None = None, **fields: Any
) -> Iterator[dict[str, Any]]:
    """Yield what submit_sm is made of; a text is encoded and cut by the library."""
    if octets := fields.pop("hex", None):
        yield {"short_message": bytes.fromhex(octets), **fields}
    elif payload is not None:
        yield {"short_message": b"", "message_payload": payload.encode("ascii"), **fields}
    else:
        parts, data_coding, esm_class = gsm.make_parts(text)
        for part in parts:
            yield {
                **fields,
                "short_message": part,
                "data_coding": data_coding,
                "esm_class": esm_class,
            }


def _told(pdu: Any) -> list[Any] | None:
    if pdu is None:
        return None
    return [pdu.status, (pdu.message_id or b"").decode() if not pdu.status else ""]


def main() -> None:
    """Do what each line says."""
    program = Program()
    for line in sys.stdin:
        wish = json.loads(line)
        said = getattr(program, wish.pop("wish"))(**wish)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

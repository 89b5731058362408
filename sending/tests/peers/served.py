"""Our SMPP server as a process of its own, on the database of the running test."""

import json
import sys
from pathlib import Path

from accounts.tests.factories import make_operator, make_originator
from sending.lifecycle import MessageState
from sending.models import FreeTextRight, Message, SmppAccount
from sending.tests.acceptance.program import Program
from sending.tests.factories import move
from sending.tests.processes import Process, make_var, worker_environment
from sending.tests.smpp_factories import SMPP_PASSWORD, make_smpp_account
from sending.tests.smpp_server.running import Running
from sending.tests.waiting import wait_until
from smsconsole.tests.ports import free_port
from templates_app.actions import free_text_version


class SmppServerProcess(Process):
    """The server as it is shipped; `environment` names its certificate."""

    def __init__(self, var: Path, port: int, tls_port: int, **environment: str) -> None:
        command = [sys.executable, "manage.py", "smpp_server", "--port", str(port)]
        super().__init__(
            [*command, "--tls-port", str(tls_port)],
            worker_environment(var) | environment,
            var / "smpp.out",
        )


class AccountServed:
    """An account that may send whatever it writes, and what became of that."""

    def __init__(self) -> None:
        self.program = Program()
        operator = make_operator()
        organization = self.program.organization
        version = free_text_version(organization=organization, author=operator)
        self.right = FreeTextRight.objects.create(
            organization=organization, version=version, granted_by=operator
        )
        make_originator(organization, "Brand")
        self.account: SmppAccount = make_smpp_account(
            self.program.application, rate=1_000, window=50, most_transmitters=4
        )

    @property
    def login(self) -> dict[str, str]:
        """What a client is configured with."""
        return {"system_id": self.account.system_id, "password": SMPP_PASSWORD}

    def change(self, **fields: object) -> None:
        """Change the account."""
        SmppAccount.objects.filter(pk=self.account.pk).update(**fields)

    def texts(self) -> list[str]:
        """The texts that were accepted, in their order."""
        rows = Message.objects.order_by("pk").values_list("variables", flat=True)
        return ["".join(json.loads(variables)) for variables in rows]

    def end(self, *states: MessageState) -> None:
        """Let messages come to these ends, in their order; to DELIVERED where none is given."""
        queued = list(Message.objects.filter(state=MessageState.QUEUED.value).order_by("pk"))
        if not states:
            move(queued, MessageState.DELIVERED)
        for message, to in zip(queued, states, strict=False):
            move([message], to)


class Served(AccountServed):
    """A server in this process."""

    def __init__(self) -> None:
        super().__init__()
        self._running = Running()
        self.port = self._running.port

    def stop(self) -> None:
        """End as SIGTERM does."""
        self._running.stop()


class ServedByProcess(AccountServed):
    """A server of its own process; it is started again on the same ports."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__()
        self.port, self.tls_port = free_port(), free_port()
        self._environment = environment
        self._var = make_var(folder)
        self._starts = 0
        self.start()

    def start(self) -> None:
        """Start the server, and return when it listens."""
        self._starts += 1
        self.process = SmppServerProcess(self._var, self.port, self.tls_port, **self._environment)
        wait_until(lambda: self.process.output.read_text().count("listens on") == self._starts)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        return self.process.stop()

"""A gateway with a task half sent, and an operator who looks at it.

Models are imported where they are used: pytest reads this file before Django is set up.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from sending.models import Gateway, Message
    from sending.models.send_task import SendTask


@pytest.fixture
def gateway(db: None) -> "Gateway":
    from sending.tests.factories import make_gateway

    return make_gateway(name="hk-direct-1", window=10, rate=50)


@pytest.fixture
def task(gateway: "Gateway") -> "SendTask":
    """Five messages that are due at the gateway."""
    from sending.lifecycle import TaskState
    from sending.tests.factories import a_number, make_task

    numbers = [a_number(n) for n in range(5)]
    return make_task(state=TaskState.SENDING, numbers=numbers, gateway=gateway)


@pytest.fixture
def messages(task: "SendTask") -> "list[Message]":
    from sending.tests.factories import make_messages

    return make_messages(task)


@pytest.fixture
def operator(client: "Client", db: None) -> "Client":
    from accounts.tests.factories import log_in, make_operator

    return log_in(client, make_operator())

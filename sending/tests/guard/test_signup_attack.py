"""A script attacks a sign-up form that asks the console as any customer does."""

import threading

import pytest

from examples.signup import SignUp
from sending.tests.guard.signup_attack import PRICES, Visitors, attacks, prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(live_server, monkeypatch):
    """The example's server, asking a live console."""
    from sending import tasks
    from sending.api import callers
    from sending.models import MessageSequence
    from sending.tests.factories import make_gateway, make_prices, make_sender

    callers.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices(PRICES)
    console = prepared(make_sender().organization)
    server = SignUp(("127.0.0.1", 0), {**console, "CONSOLE_URL": live_server.url})
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_attacks_cost_less_than_their_bounds_and_stop_nobody_else(form):
    visitors, left = Visitors(form), {}
    for attack in attacks(11):
        outcome = visitors.play(attack, people=1)
        assert outcome.spent_micro <= outcome.bound_micro, outcome
        assert (outcome.honest, outcome.honest_blocked) == (1, 0), outcome
        left[attack.name] = outcome.left
    assert left["numbers in a row"] == 5
    assert left["an expensive country"] == 0
    assert left["one address, many numbers"] == 10

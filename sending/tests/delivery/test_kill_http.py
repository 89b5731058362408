"""kill -9 with an aggregator over HTTP: nothing twice by ourselves, nothing lost, doubts shown."""

import json
import threading
from collections import Counter as Tally
from contextlib import ExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sending.lifecycle import MessageState, TaskState
from sending.models import Attention, Batch, Message, SendTask, Submission
from sending.tests.delivery.fakes import press_send
from sending.tests.factories import a_number, make_gateway, make_sender, make_task
from sending.tests.processes import SendWorker, ended, make_var
from sending.tests.waiting import wait_until

MESSAGES = 900
RATE = 150
WINDOW = 15
KILL_AT = (150, 350, 550)
LATENCY_SECONDS = 0.04


class Aggregator(ThreadingHTTPServer):
    """Takes every message, thinks for a while, and answers with an id."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken = []
        self._thread = threading.Thread(target=self.serve_forever)

    def __enter__(self):
        self._thread.start()
        return super().__enter__()

    def __exit__(self, *problem):
        self.shutdown()
        self._thread.join()
        super().__exit__(*problem)

    def handle_error(self, request, client_address):
        """A killed client cuts its connections: that is what the test is about."""


class Taking(BaseHTTPRequestHandler):
    """One connection of the console."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """From the moment it was read the message counts as taken, answered or not."""
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append(said["to"])
        threading.Event().wait(LATENCY_SECONDS)
        body = json.dumps({"id": f"m-{said['ref']}"}).encode()
        self.send_response(202)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """Say nothing."""


def states():
    return Tally(Message.objects.values_list("state", flat=True))


@pytest.mark.slow
@pytest.mark.once  # test_kill.py is repeated; gateways over HTTP have the same journal and steps.
@pytest.mark.django_db(transaction=True)
def test_an_aggregator_gets_nothing_twice_from_workers_that_are_killed(tmp_path):
    var = make_var(tmp_path)
    with ExitStack() as stack:
        aggregator = stack.enter_context(Aggregator())
        rules = {
            "url": f"http://127.0.0.1:{aggregator.server_port}/messages",
            "body_kind": "json",
            "body": '{"to": "{destination}", "ref": "{reference}", "text": "{text}"}',
            "message_id_rule": "id",
        }
        gateway = make_gateway(
            kind="http", receipts_per_segment=False, http_settings=rules, rate=RATE, window=WINDOW
        )
        numbers = [a_number(index) for index in range(MESSAGES)]
        member = make_sender(daily_segment_limit=10_000)
        task = press_send(make_task(member, TaskState.READY, numbers=numbers, gateway=gateway))

        for number, taken in enumerate(KILL_AT):
            worker = SendWorker(var, number)
            stack.enter_context(ended(worker))
            wait_until(partial(worker.says, "is bound"))
            wait_until(lambda at=taken: len(aggregator.taken) >= at, timeout=40)
            worker.kill()
        assert len(aggregator.taken) < MESSAGES, "every kill came in mid-task"

        worker = SendWorker(var, len(KILL_AT))
        stack.enter_context(ended(worker))
        wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED, timeout=60)
        assert worker.stop() == 0

    sent = Tally(aggregator.taken)
    assert not [number for number, times in sent.items() if times > 1], "sent twice"
    assert not sent.keys() - set(numbers), "not ours"
    assert states().keys() <= {MessageState.SUBMITTED, MessageState.IN_DOUBT}
    in_doubt = Message.objects.filter(state=MessageState.IN_DOUBT)
    doubted = set(in_doubt.values_list("msisdn", flat=True))
    assert not set(numbers) - sent.keys() - doubted, "lost"
    assert 0 < len(doubted) <= WINDOW * len(KILL_AT)
    shown = Attention.objects.filter(state=MessageState.IN_DOUBT)
    assert set(shown.values_list("message_id", flat=True)) == set(
        in_doubt.values_list("pk", flat=True)
    )
    assert Submission.objects.count() == MESSAGES - len(doubted)
    assert not Batch.objects.exists()
    assert not list((var / "journal").glob("*.journal")), "the database covers every journal"

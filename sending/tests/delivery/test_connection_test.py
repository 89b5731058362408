"""What a send worker stores of the trial that an operator asked for."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sending import tasks
from sending.delivery import connection_test
from sending.models import ConnectionTest
from sending.tests.delivery.serving import served
from sending.tests.factories import make_gateway
from sending.tests.gateways.test_smpp_gateway import Centre

pytestmark = pytest.mark.django_db


def ask_for(gateway):
    with transaction.atomic():
        return connection_test.request(gateway)


def test_a_trial_is_made_once_for_each_time_it_was_asked_for():
    with served(Centre()) as centre:
        gateway = make_gateway(port=centre.port, system_id="me", password="right")
        assert ask_for(gateway)
        assert not ask_for(gateway), "one is under way"
        tasks.test_connection(gateway_id=gateway.pk)
        tasks.test_connection(gateway_id=gateway.pk)
        assert len(centre.sessions) == 1
        trial = ConnectionTest.objects.get()
        assert (trial.trouble, trial.bound_ms is None) == ("", False)
        assert ask_for(gateway)
        assert ConnectionTest.objects.get().bound_ms is None, "the old result is not the new one"


def test_a_trial_that_failed_says_why():
    with served(Centre(password="other")) as centre:
        gateway = make_gateway(port=centre.port, system_id="me")
        ask_for(gateway)
        tasks.test_connection(gateway_id=gateway.pk)
    assert ConnectionTest.objects.get().trouble == "ESME_RINVPASWD"


def test_a_trial_that_no_worker_took_up_can_be_asked_for_again():
    gateway = make_gateway()
    ask_for(gateway)
    ConnectionTest.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert ask_for(gateway)


def test_it_runs_where_messages_are_sent_from():
    assert settings.CELERY_TASK_ROUTES["sending.test_connection"] == {"queue": tasks.SEND_QUEUE}

"""Whatever programs do in whatever order: the promises of a verification hold."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sending.models import (
    GuardSettings,
    Message,
    Verification,
    VerificationAttempt,
    VerificationState,
)
from sending.tests.verify.asking import Verifying, sent_codes, wrong
from sending.verify import ending, service_settings
from sending.verify.refusals import VerifyRefused

LIFE, MOST = timedelta(minutes=10), 5


class Ways(RuleBasedStateMachine):
    """One number of one service, beside what must be true of it.

    `began` is None while no verification of the number counts.
    """

    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel(datetime(2026, 11, 29, 9, tzinfo=UTC), tick=False)
        self.now = self.clock.start()
        self.program = Verifying()
        # The guard only records: how often a number may be asked for is its own promise.
        GuardSettings.objects.filter(organization=self.program.organization).delete()
        self.began = None
        self.forget()

    def forget(self):
        self.state, self.sends, self.checks, self.code = "", 0, 0, ""

    def teardown(self):
        if hasattr(self, "undo"):
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @property
    def is_alive(self):
        return self.began is not None and datetime.now(UTC) < self.began + LIFE

    @property
    def waits(self):
        return self.is_alive and self.state == "PENDING"

    def says(self, call, *args, **fields):
        try:
            found = call(*args, **fields)
        except VerifyRefused as refusal:
            return refusal.code
        return getattr(found, "state", found)

    @rule(custom=st.sampled_from(["", "", "4711"]))
    def send(self, custom):
        said = self.says(self.program.start, custom_code=custom)
        if custom and not self.program.service.custom_code_enabled:
            assert said == "CUSTOM_CODE_NOT_ALLOWED"
            return
        if self.is_alive and self.state == "MAX_ATTEMPTS_REACHED":
            assert said == "MAX_CHECKS"
            return
        if self.waits and self.sends == MOST:
            assert said == "MAX_SENDS"
            return
        assert said == "PENDING"
        newest = sent_codes()[-1]
        if self.waits and not custom and self.code != "4711":
            assert newest == self.code
        if not self.waits:
            self.forget()
            self.began = datetime.now(UTC)
        self.state, self.code, self.sends = "PENDING", newest, self.sends + 1

    @rule()
    def allow_custom_codes(self):
        service_settings.change(self.program.service, custom_code_enabled=True)

    @rule()
    def enter_the_code(self):
        said = self.says(self.program.check, self.code or "123456")
        if self.waits:
            assert said == "APPROVED"
            self.state, self.checks = said, self.checks + 1
        else:
            self.must_refuse(said)

    @rule()
    def enter_another_code(self):
        said = self.says(self.program.check, wrong(self.code or "123456"))
        if not self.waits:
            self.must_refuse(said)
            return
        self.checks += 1
        self.state = "MAX_ATTEMPTS_REACHED" if self.checks == MOST else "PENDING"
        assert said == self.state

    def must_refuse(self, said):
        is_used_up = self.is_alive and self.state == "MAX_ATTEMPTS_REACHED"
        assert said == ("MAX_CHECKS" if is_used_up else "NOT_PENDING")

    @rule()
    def cancel(self):
        row = Verification.objects.order_by("-pk").first()
        if row is None:
            return
        said = self.says(ending.cancel, row)
        assert said == ("CANCELED" if self.waits else "NOT_PENDING")
        if self.waits:
            self.state = said

    @rule(seconds=st.sampled_from([1, 299, 600]))
    def wait(self, seconds):
        self.now.shift(timedelta(seconds=seconds))

    @invariant()
    def rows_say_the_same(self):
        if not hasattr(self, "program"):
            return
        rows = Verification.objects.all()
        waiting = [row for row in rows if row.state == VerificationState.PENDING.value]
        assert len(waiting) <= 1
        assert all(row.sends <= MOST and row.checks <= MOST for row in rows)
        sent = sum(row.sends for row in rows)
        assert sent == Message.objects.count() == VerificationAttempt.objects.count()
        converted = VerificationAttempt.objects.exclude(converted_at=None)
        approved = rows.filter(state=VerificationState.APPROVED.value)
        assert set(converted.values_list("verification", flat=True)) == set(
            approved.values_list("pk", flat=True)
        )


@pytest.mark.django_db
def test_every_way():
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Ways,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Mail waits for the commit and never breaks the page that caused it."""

import logging
from types import SimpleNamespace

import pytest
from django.core import mail as outbox

from accounts import tasks
from accounts.mail import Mail, render, send_later

MAIL = Mail("mei@example.com", "Hello", "Text")


@pytest.mark.django_db
def test_nothing_leaves_before_the_commit(send_mail_at_once, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send_later([MAIL])
        assert outbox.outbox == []
    assert [(m.to, m.subject, m.body) for m in outbox.outbox] == [
        (["mei@example.com"], "Hello", "Text")
    ]


@pytest.mark.django_db
def test_a_broker_that_is_away_is_logged_and_breaks_nothing(
    django_capture_on_commit_callbacks, monkeypatch, caplog
):
    def away(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr("accounts.mail.tasks", SimpleNamespace(mail=SimpleNamespace(delay=away)))
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        send_later([MAIL])
    assert "no broker" in caplog.text


def test_a_line_break_in_a_name_starts_no_header():
    mail = render("account/email/base_message.txt", "a@b.example", "Hello\r\nBcc: x@y.example")
    assert mail.subject == "Hello Bcc: x@y.example"


def test_arguments_of_a_newer_console_do_not_stop_an_older_worker(mailoutbox):
    tasks.mail(to="a@b.example", subject="s", text="t", priority="high")
    assert mailoutbox[0].to == ["a@b.example"]

"""What was asked for with a message that has no task; messages of tasks have no such row."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.choices import door_choices

SESSION_CONTEXT_BYTES = 512
STATUS_CALLBACK_CHARS = 500
NO_KEY = 0
"""Of a message that no program asked for: the confirmation of STOP or START, and a notice."""
NOTICE = "notice-"
"""How the request of a notice of the console begins."""
ANSWER = "twiml-"
"""How the request of an answer begins that a program gave to a reply in TwiML; an event follows."""
TEST = -1
"""Of a message that a person sent to a number of their own, to see a row of a task arrive."""


class ApiMessageQuerySet(OrganizationQuerySet):
    """What was asked for with messages of organizations."""

    def of_programs(self) -> Self:
        """Return those that programs asked for: no confirmations, no tests."""
        return self.filter(api_key_id__gt=NO_KEY)


class ApiMessage(models.Model):
    """A message without a task: of a program, a confirmation, a notice, or a test.

    Written with the message itself. It is what lists of such messages read: they are few enough
    for an index each, and messages of tasks need none of it.
    """

    message_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    api_key_id = models.BigIntegerField()
    # The RequestId of the answer in which it was accepted.
    request_id = models.CharField(max_length=36)
    # What the program wants to be told again with every report; erased with the number.
    session_context = models.CharField(max_length=SESSION_CONTEXT_BYTES, blank=True)
    # What the program asked to be shown as sender; empty means the application's.
    originator = models.CharField(_("originator"), max_length=20, blank=True)
    # The way in that it came by; empty of those from before that was kept.
    door = models.CharField(_("door"), max_length=8, choices=door_choices, blank=True, default="")
    # Where the program said so: not to be sent before then, and not after.
    due_at = models.DateTimeField(_("due"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    # Where the program wants to be told what becomes of it, instead of the application's URL.
    status_callback = models.CharField(
        max_length=STATUS_CALLBACK_CHARS, blank=True, default="", db_default=""
    )
    # Its program deleted it: text gone, and no longer shown to programs.
    hidden_at = models.DateTimeField(_("deleted by its program at"), null=True)
    # When the recipient did what the message was for, as the program reported.
    converted_at = models.DateTimeField(_("converted at"), null=True)

    objects = ApiMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a program")
        verbose_name_plural = _("messages of programs")
        indexes = [
            models.Index(fields=["organization_id", "-message_id"], name="api_message_newest"),
            models.Index(fields=["application_id", "-message_id"], name="api_message_application"),
            models.Index(fields=["request_id"], name="api_message_request"),
            models.Index(
                fields=["application_id", "due_at"],
                condition=Q(due_at__isnull=False),
                name="api_message_scheduled",
            ),
        ]

    def __str__(self) -> str:
        return str(self.message_id)

    @property
    def confirms_reply(self) -> bool:
        """Tell whether the console sent it itself, to confirm STOP or START."""
        return bool(self.api_key_id == NO_KEY) and not self.is_notice

    @property
    def answers_reply(self) -> bool:
        """Tell whether a program gave it as the answer to a reply."""
        return self.request_id.startswith(ANSWER)

    @property
    def is_notice(self) -> bool:
        """Tell whether it is a notice of the console."""
        return self.request_id.startswith(NOTICE)

    @property
    def is_test(self) -> bool:
        """Tell whether a person sent it to see a row of a task arrive."""
        return bool(self.api_key_id == TEST)

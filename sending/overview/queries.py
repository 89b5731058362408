"""What the overview shows: the guide, today's figures, running tasks, items in review."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.models import ActivationState, Organization
from accounts.queries import current_activation
from sending.lifecycle import HANDED_OVER_STATES, MessageState, TaskState
from sending.models import Counter, SendTask
from sending.models.counter import NEVER_LEAVE
from sending.models.price import PriceVersion
from templates_app.models import (
    ReviewedVersion,
    Signature,
    SignatureVersion,
    TextTemplate,
    TextTemplateVersion,
)
from templates_app.review import ReviewState

OPEN_TASK_STATES = (
    TaskState.CHECKING,
    TaskState.READY,
    TaskState.SCHEDULED,
    TaskState.SENDING,
    TaskState.PAUSED,
)
FAILED_STATES = (MessageState.UNDELIVERABLE, MessageState.EXPIRED, MessageState.REJECTED)
WAITING_STATES = (MessageState.QUEUED, MessageState.SUBMITTING, MessageState.IN_DOUBT)
SHOWN = 10
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Guide:
    """How far an organization is, step by step; each is the thing itself, or None."""

    activation: Any
    activated: bool
    signature: Signature | None
    text_template: TextTemplate | None
    waiting_template: bool
    own_tasks: bool
    # At most MOST_COUNTED.
    tasks: int

    @property
    def done(self) -> int:
        """Return how many of the four steps are done."""
        steps = (self.activated, self.signature, self.text_template, self.own_tasks)
        return sum(bool(step) for step in steps)

    @property
    def needed(self) -> bool:
        """Tell whether the guide still helps: somebody must have sent once."""
        return not (self.activated and self.text_template and self.own_tasks)


def guide(organization: Organization, user: Any) -> Guide:
    """Return the checklist of a new user, live."""
    activation = current_activation(organization)
    signatures = Signature.objects.for_organization(organization).filter(deleted_at=None)
    templates = TextTemplate.objects.for_organization(organization).filter(deleted_at=None)
    versions = TextTemplateVersion.objects.for_organization(organization)
    sent = SendTask.objects.for_organization(organization).exclude(sent_at=None)
    approved = templates.exclude(approved=None).select_related("approved").first()
    return Guide(
        activation=activation,
        activated=bool(activation and activation.state == ActivationState.APPROVED),
        signature=signatures.exclude(approved=None).select_related("approved").first(),
        text_template=approved,
        waiting_template=not approved and versions.filter(state=ReviewState.PENDING.value).exists(),
        own_tasks=sent.filter(sent_by=user).exists(),
        tasks=sent[:MOST_COUNTED].count(),
    )


@dataclass(frozen=True)
class Today:
    """The figures of the organization's own day, from counters alone."""

    states: dict[str, dict[str, int]]
    limit: int
    currency: str

    def _sum(self, figure: str, states: Any) -> int:
        return sum(self.states.get(state.value, {}).get(figure, 0) for state in states)

    @property
    def sent(self) -> int:
        """Return messages that gateways took."""
        return self._sum("messages", HANDED_OVER_STATES)

    @property
    def segments(self) -> int:
        """Return segments that gateways took."""
        return self._sum("segments", HANDED_OVER_STATES)

    @property
    def delivered(self) -> int:
        """Return messages that a receipt confirmed."""
        return self._sum("messages", [MessageState.DELIVERED])

    @property
    def waiting(self) -> int:
        """Return messages whose receipt has not come."""
        return self._sum("messages", [MessageState.SUBMITTED])

    @property
    def failed(self) -> int:
        """Return messages that will not arrive."""
        return self._sum("messages", FAILED_STATES)

    @property
    def in_doubt(self) -> int:
        """Return messages that were written and never answered."""
        return self._sum("messages", [MessageState.IN_DOUBT])

    @property
    def unknown(self) -> int:
        """Return messages without a receipt in time."""
        return self._sum("messages", [MessageState.UNKNOWN])

    @property
    def not_known(self) -> int:
        """Return messages of which nobody knows where they are."""
        return self.in_doubt + self.unknown

    @property
    def cost_micro(self) -> int:
        """Return what the segments that were handed over cost, by our prices."""
        return self._sum("cost_micro", HANDED_OVER_STATES)

    @property
    def queued_segments(self) -> int:
        """Return segments that are accepted and not yet known to be with a gateway."""
        return self._sum("segments", WAITING_STATES)

    @property
    def segments_taken(self) -> int:
        """Return segments that count against the limit."""
        return sum(n["segments"] for state, n in self.states.items() if state not in NEVER_LEAVE)

    @property
    def segments_used(self) -> int:
        """Return segments that count against the limit and wait no more, refused ones too."""
        return self.segments_taken - self.queued_segments

    @property
    def segments_left(self) -> int:
        """Return how many segments may still be accepted today."""
        return max(0, self.limit - self.segments_taken)


def today(organization: Organization) -> Today:
    """Return the figures since midnight of the organization's own day."""
    now = timezone.now()
    counters = Counter.objects.for_organization(organization).of_day(organization.local_hour(now))
    prices = PriceVersion.current()
    return Today(
        states=counters.by_state(),
        limit=organization.daily_segment_limit,
        currency=prices.currency if prices else "",
    )


@dataclass(frozen=True)
class RunningTask:
    """An open task and how many of its messages are in which state."""

    task: SendTask
    states: dict[str, int]

    def _messages(self, *states: MessageState) -> int:
        return sum(self.states.get(state.value, 0) for state in states)

    @property
    def delivered(self) -> int:
        """Return confirmed messages."""
        return self._messages(MessageState.DELIVERED)

    @property
    def failed(self) -> int:
        """Return messages that will not arrive."""
        return self._messages(*FAILED_STATES)

    @property
    def submitted(self) -> int:
        """Return messages whose receipt has not come."""
        return self._messages(MessageState.SUBMITTED)

    @property
    def handed_over(self) -> int:
        """Return messages that gateways took."""
        return self._messages(*HANDED_OVER_STATES)


def running_tasks(organization: Organization) -> list[RunningTask]:
    """Return the newest open tasks with their figures."""
    tasks = SendTask.objects.for_organization(organization).filter(
        state__in=[state.value for state in OPEN_TASK_STATES]
    )
    newest = list(
        tasks.select_related("text_template_version__text_template").order_by("-id")[:SHOWN]
    )
    counters = Counter.objects.for_organization(organization)
    rows = counters.filter(task_id__in=[task.pk for task in newest]).values_list("task_id", "state")
    figures: dict[int, dict[str, int]] = {task.pk: {} for task in newest}
    for task_id, state, messages in rows.annotate(n=Sum("messages")).order_by():
        figures[task_id][state] = messages
    return [RunningTask(task, figures[task.pk]) for task in newest]


def in_review(organization: Organization) -> list[ReviewedVersion]:
    """Return versions that wait for a decision, the most urgent first."""
    signatures = SignatureVersion.objects.for_organization(organization).pending()
    templates = TextTemplateVersion.objects.for_organization(organization).pending()
    waiting = [
        *signatures.select_related("signature")[:SHOWN],
        *templates.select_related("text_template")[:SHOWN],
    ]
    return sorted(waiting, key=lambda version: (version.due_at, version.pk))[:SHOWN]

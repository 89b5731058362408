"""What the overview shows: the guide, today's figures, running tasks, items in review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Case, Exists, Max, OuterRef, QuerySet, When

from accounts import shared_time
from accounts.models import Member, Organization
from accounts.queries import current_activation
from accounts.roles import Permission
from sending.lifecycle import WITHOUT_GATEWAY_STATES, MessageState, TaskState
from sending.models import Counter, Draft, Incident, SendApproval, SendTask
from sending.models.counter import NEVER_LEAVE
from sending.models.country_routes import CountryRoutes
from sending.models.figures import Figures, add_up
from sending.models.price import PriceVersion
from templates_app.models import (
    ReviewedVersion,
    Signature,
    SignatureVersion,
    TextTemplate,
    TextTemplateVersion,
)
from templates_app.review import ReviewState

# The most urgent first.
RUNNING_TASK_STATES = (
    TaskState.SENDING,
    TaskState.PAUSED,
    TaskState.CHECKING,
    TaskState.SCHEDULED,
)
WAITING_TASK_STATES = (TaskState.WAITING, TaskState.READY)
# A refused file is shown until a task of its name follows, and no longer than this.
REFUSED_FILES_DAYS = 14
WAITING_STATES = WITHOUT_GATEWAY_STATES | {MessageState.IN_DOUBT}
SHOWN = 10
MOST_COUNTED = 1_000
# Of a file that is tried many times only the newest try is shown.
MOST_REFUSED = 100


@dataclass(frozen=True)
class Guide:
    """How far an organization is, step by step; each is the thing itself, or None."""

    activation: Any
    activated: bool
    signature: Signature | None
    text_template: TextTemplate | None
    waiting_template: bool
    waiting_signature: bool
    # Whether this person sends, and has; whoever does not is done when colleagues have.
    sends: bool
    own_tasks: bool
    # At most MOST_COUNTED.
    tasks: int

    @property
    def done(self) -> int:
        """Return how many of the four steps are done."""
        steps = (self.activated, self.signature, self.text_template, self.has_sent)
        return sum(bool(step) for step in steps)

    @property
    def has_sent(self) -> bool:
        """Tell whether the last step is done."""
        return self.own_tasks if self.sends else bool(self.tasks)

    @property
    def needed(self) -> bool:
        """Tell whether the guide still helps: someone must have sent once."""
        return not (self.activated and self.text_template and self.has_sent)


def guide(member: Member) -> Guide:
    """Return the checklist of a new user, live."""
    organization = member.organization
    activation = current_activation(organization)
    signatures = Signature.objects.for_organization(organization).filter(deleted_at=None)
    templates = TextTemplate.objects.for_organization(organization).filter(deleted_at=None)
    versions = TextTemplateVersion.objects.for_organization(organization)
    sent = SendTask.objects.for_organization(organization).exclude(sent_at=None)
    signature_versions = SignatureVersion.objects.for_organization(organization)
    approved = templates.exclude(approved=None).select_related("approved").first()
    signed = signatures.exclude(approved=None).select_related("approved").first()
    return Guide(
        activation=activation,
        activated=bool(activation and activation.is_approved),
        signature=signed,
        waiting_signature=not signed and signature_versions.pending().exists(),
        text_template=approved,
        waiting_template=not approved and versions.filter(state=ReviewState.PENDING.value).exists(),
        sends=member.may(Permission.SEND),
        own_tasks=sent.filter(sent_by=member.user).exists(),
        tasks=sent[:MOST_COUNTED].count(),
    )


@dataclass(frozen=True, slots=True)
class Today(Figures):
    """The figures of the organization's own day, from counters alone."""

    # Those of every state, which the limit needs.
    segments_by_state: Mapping[str, int] = field(default_factory=dict)
    limit: int = 0
    currency: str = ""

    @property
    def queued_segments(self) -> int:
        """Return segments that are accepted and not yet known to be with a gateway."""
        return sum(self.segments_by_state.get(state, 0) for state in WAITING_STATES)

    @property
    def segments_taken(self) -> int:
        """Return segments that count against the limit."""
        return sum(n for state, n in self.segments_by_state.items() if state not in NEVER_LEAVE)

    @property
    def segments_used(self) -> int:
        """Return segments that count against the limit and wait no more, refused ones too."""
        return self.segments_taken - self.queued_segments

    @property
    def segments_refused(self) -> int:
        """Return segments of the limit that no gateway took: refused, or too late."""
        return self.segments_used - self.segments

    @property
    def segments_left(self) -> int:
        """Return how many segments may still be accepted today."""
        return max(0, self.limit - self.segments_taken)


def today(organization: Organization) -> Today:
    """Return the figures since midnight of the organization's own day."""
    now = shared_time.now()
    counters = Counter.objects.for_organization(organization).of_day(organization.local_hour(now))
    rows = list(counters.sums("organization_id"))
    figures = add_up(rows, Figures).get(organization.pk, Figures())
    by_state: dict[str, int] = {}
    for _id, state, _later, _n, segments, _cost in rows:
        by_state[state] = by_state.get(state, 0) + segments
    prices = PriceVersion.current(organization.pk)
    return Today(
        messages=figures.messages,
        segments=figures.segments,
        cost_micro=figures.cost_micro,
        handed_over=figures.handed_over,
        segments_by_state=by_state,
        limit=organization.daily_segment_limit,
        currency=prices.currency if prices else "",
    )


def running_tasks(organization: Organization) -> list[tuple[SendTask, Figures]]:
    """Return tasks under way, those that are being sent first, each with its figures."""
    tasks = SendTask.objects.for_organization(organization).filter(
        state__in=[state.value for state in RUNNING_TASK_STATES]
    )
    urgent = Case(*(When(state=s.value, then=n) for n, s in enumerate(RUNNING_TASK_STATES)))
    in_order = tasks.select_related("text_template_version__text_template").order_by(urgent, "-id")
    newest = list(in_order[:SHOWN])
    counters = Counter.objects.for_organization(organization)
    of_newest = counters.filter(task_id__in=[task.pk for task in newest])
    figures = of_newest.figures_by("task_id", Figures)
    return [(task, figures.get(task.pk, Figures())) for task in newest]


@dataclass(frozen=True, slots=True)
class Needed:
    """What waits for a person of the organization."""

    tasks: list[SendTask]
    versions: list[ReviewedVersion]


def needed(organization: Organization) -> Needed:
    """Return what somebody has to act on; it stays until that is done."""
    tasks = SendTask.objects.for_organization(organization).select_related("created_by")
    waiting = tasks.filter(state__in=[state.value for state in WAITING_TASK_STATES])
    return Needed(
        tasks=[
            # The approval of others comes before one's own Send.
            *sorted(waiting.order_by("-pk")[:SHOWN], key=lambda task: task.state, reverse=True),
            *_refused(tasks),
        ],
        versions=[
            *_rejected(SignatureVersion, "signature", organization),
            *_rejected(TextTemplateVersion, "text_template", organization),
        ],
    )


def _refused(tasks: QuerySet[SendTask]) -> list[SendTask]:
    """Return tasks whose files were refused lately and after which none of the name follows."""
    since = shared_time.now() - timedelta(days=REFUSED_FILES_DAYS)
    refused = tasks.filter(state=TaskState.REJECTED.value, created_at__gte=since)
    newest = list(refused.order_by("-pk")[:MOST_REFUSED])
    if not newest:
        return []
    # Names have no index; ids have, and these days have few tasks.
    later = tasks.filter(pk__gt=newest[-1].pk, name__in={task.name for task in newest})
    last = dict(later.order_by().values_list("name").annotate(last=Max("pk")))
    return [task for task in newest if last.get(task.name, 0) <= task.pk][:SHOWN]


def _rejected(
    kind: type[ReviewedVersion], thing: str, organization: Organization
) -> list[ReviewedVersion]:
    """Return rejected versions after which none was written, of what is not deleted."""
    later = kind.objects.filter(**{thing: OuterRef(thing)}, number__gt=OuterRef("number"))
    rejected = kind.objects.for_organization(organization).filter(
        ~Exists(later), state=ReviewState.REJECTED.value, **{f"{thing}__deleted_at": None}
    )
    return list(rejected.select_related(thing).order_by("-decided_at")[:SHOWN])


def open_incidents(organization: Organization) -> list[Incident]:
    """Return the incidents that are not over and concern the organization; mostly none."""
    rows = Incident.objects.open()
    if not rows.exists():
        return []
    gateways = CountryRoutes.load().to_any(organization.allowed_countries)
    return list(rows.concerning(gateways)[:SHOWN])


def has_drafts(organization: Organization) -> bool:
    """Tell whether there are drafts, which are a list of their own."""
    return bool(Draft.objects.for_organization(organization).exists())


def waiting_for(member: Member) -> list[SendApproval]:
    """Return what the member may approve or return, the oldest first."""
    if not member.may(Permission.APPROVE):
        return []
    own = SendApproval.objects.for_organization(member.organization).waiting_for(member.user)
    return list(own.select_related("task", "asked_by").order_by("pk")[:SHOWN])


def in_review(organization: Organization) -> list[ReviewedVersion]:
    """Return versions that wait for a decision, the most urgent first."""
    signatures = SignatureVersion.objects.for_organization(organization).pending()
    templates = TextTemplateVersion.objects.for_organization(organization).pending()
    waiting = [
        *signatures.select_related("signature")[:SHOWN],
        *templates.select_related("text_template")[:SHOWN],
    ]
    return sorted(waiting, key=lambda version: (version.due_at, version.pk))[:SHOWN]

"""Tasks, and what can be composed into one."""

from datetime import datetime

from django.core.cache import cache
from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.lifecycle import TaskState
from sending.models import Circuit, Counter, CustomerGroup, Gateway, SendTask, TaskEvent
from sending.originators import originator_of_task
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState

# A rate is measured over the newest seconds; older samples of it are forgotten.
PACE_SECONDS = 20


def tasks(organization: Organization) -> QuerySet[SendTask]:
    """Return the tasks of an organization with what their pages show."""
    return SendTask.objects.for_organization(organization).select_related(
        "organization",
        "application",
        "created_by",
        "sent_by",
        "group",
        "upload",
        "text_template_version__text_template",
        "signature_version",
        "price_version",
        "corrects",
    )


def correctable(organization: Organization) -> QuerySet[SendTask]:
    """Return the tasks whose refused rows can still be corrected in another one."""
    over = [TaskState.CANCELLED.value, TaskState.REJECTED.value]
    return SendTask.objects.for_organization(organization).exclude(state__in=over)


def corrections_of(task: SendTask) -> list[SendTask]:
    """Return the tasks that have corrected rows of this one, but for those taken back."""
    over = [TaskState.CANCELLED.value, TaskState.REJECTED.value]
    return list(task.corrections.exclude(state__in=over).order_by("pk")[:5])


def history(task: SendTask) -> list[TaskEvent]:
    """Return what happened to a task, the oldest first."""
    return list(task.events.select_related("actor").order_by("at", "pk"))


def sendable_templates(organization: Organization) -> QuerySet[TextTemplate]:
    """Return the text templates that have an approved version, by name."""
    templates = TextTemplate.objects.for_organization(organization)
    return (
        templates.filter(deleted_at=None, approved__isnull=False, variant_of=None)
        .select_related("approved")
        .order_by("name")
    )


def templates_in_review(organization: Organization) -> int:
    """Return how many versions of text templates wait for a reviewer."""
    versions = TextTemplateVersion.objects.for_organization(organization)
    return versions.filter(state=ReviewState.PENDING.value, text_template__deleted_at=None).count()


def groups(organization: Organization) -> QuerySet[CustomerGroup]:
    """Return the customer groups by name."""
    return CustomerGroup.objects.for_organization(organization).order_by("name")


def shown_originator(task: SendTask, country: str = "") -> str:
    """Return what handsets show as sender of a task, in a country."""
    return originator_of_task(task, country)


def segments_left_today(organization: Organization, at: datetime | None = None) -> int:
    """Return how many segments the organization may still send in its own day."""
    hour = organization.local_hour(at or shared_time.now())
    taken = Counter.objects.for_organization(organization).of_day(hour).segments_taken()
    return max(organization.daily_segment_limit - taken, 0)


def allowed_rate(task: SendTask) -> int:
    """Return how many messages a second the gateways of a task take; 0 when none works."""
    return sum(gateway.rate for gateway in task.gateways if _works(gateway))


def none_works(task: SendTask) -> bool:
    """Tell whether the task has gateways, and all of them are stopped or their circuits open."""
    return bool(task.gateways) and not any(map(_works, task.gateways))


def _works(gateway: Gateway) -> bool:
    circuit: Circuit | None = getattr(gateway, "circuit", None)
    is_open = circuit is not None and circuit.state == Circuit.State.OPEN
    return gateway.mode != Gateway.Mode.STOPPED and not is_open


def pace(task: SendTask, handed_over: int, at: datetime | None = None) -> float | None:
    """Return messages handed over a second just now, or None before two looks at the task.

    Looks are kept in the cache: losing them loses a figure of a page, nothing else.
    """
    now = (at or shared_time.now()).timestamp()
    key = f"pace:{task.pk}"
    looks: list[tuple[float, int]] = [
        look for look in cache.get(key, []) if now - look[0] <= PACE_SECONDS
    ]
    cache.set(key, [*looks, (now, handed_over)], PACE_SECONDS)
    if not looks or now - looks[0][0] < 1:
        return None
    return max(handed_over - looks[0][1], 0) / (now - looks[0][0])

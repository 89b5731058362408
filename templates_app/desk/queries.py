"""What the review desk asks: open items of all organizations, and what a reviewer must know."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts import shared_time
from accounts.models import (
    Organization,
    Originator,
    ServiceActivation,
    User,
)
from accounts.queries import ReviewerPlaces, reviewer_places
from templates_app.actions.questions import ASKED_ABOUT
from templates_app.desk.waiting import listed_rows, what_waits
from templates_app.models import (
    DecisionState,
    DeskClaim,
    DeskDecision,
    PrivateNote,
    QualityCheck,
    QualityState,
    SignatureVersion,
    TextTemplateVersion,
)
from templates_app.review import ReviewState

ReviewedRow = ServiceActivation | Originator | SignatureVersion | TextTemplateVersion
MODELS: dict[str, type[Any]] = {
    "activation": ServiceActivation,
    "originator": Originator,
    "signature": SignatureVersion,
    "template": TextTemplateVersion,
}
# Kinds whose rejection can be appealed, which is decided by somebody else.
DECIDED_BY_ANOTHER = frozenset({"signature", "template"})
QUEUE_READ = 100
QUEUE_SHOWN = 15
HELD_SHOWN = 3
VOID_SHOWN = 10
Claims = dict[tuple[str, int], DeskClaim]
VOID_FOR = timedelta(days=7)
"""How long a reviewer is told of decisions that did not take effect."""
NOTES_SHOWN = 10
CHECKS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """What is known of an item that no page lists, far behind in the queue."""

    pk: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the desk; `kind` is a key of MODELS, `claim` who works on it."""

    kind: str
    row: Any
    claim: DeskClaim | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, int]:
        """Return what claims and decisions call it."""
        return self.kind, self.row.pk

    @property
    def title(self) -> str:
        """Return what people call it."""
        if isinstance(self.row, ServiceActivation):
            return self.row.legal_name
        return str(self.row)

    @property
    def submitter(self) -> User | None:
        """Return who submitted it; nobody for an originator of before they were reviewed."""
        if isinstance(self.row, ServiceActivation | Originator):
            return self.row.submitted_by
        created_by: User = self.row.created_by
        return created_by

    def is_free_for(self, reviewer: User) -> bool:
        """Tell whether nobody else works on it."""
        return self.claim is None or self.claim.is_over or self.claim.reviewer_id == reviewer.pk

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for a decision."""
        return bool(self.row.state == ReviewState.PENDING.value)

    @property
    def is_overdue(self) -> bool:
        """Tell whether it should have been decided by now."""
        return bool(self.is_open and not self.is_asked and self.row.due_at < shared_time.now())

    @property
    def is_asked(self) -> bool:
        """Tell whether it waits for an answer of who submitted it."""
        if isinstance(self.row, UnreadRow):
            return self.row.is_asked
        return getattr(self.row, "asked_at", None) is not None

    @property
    def is_appeal(self) -> bool:
        """Tell whether a rejection was appealed."""
        return getattr(self.row, "appealed_at", None) is not None

    @property
    def may_be_asked_about(self) -> bool:
        """Tell whether a reviewer can ask who submitted it."""
        return bool(self.row.state in ASKED_ABOUT)


@dataclass(frozen=True, slots=True)
class Queue:
    """Open items by due time; `own` counts those of the reader's own organizations, left out.

    `claims` says who works on what, also on items that are not listed. `places` are the reader's.
    """

    items: list[Item]
    total: int
    own: int
    claims: Claims
    places: ReviewerPlaces

    @property
    def shown(self) -> list[Item]:
        """Return those that pages list."""
        return self.items[:QUEUE_SHOWN]

    @property
    def more(self) -> int:
        """Return how many there are besides."""
        return self.total - len(self.shown)

    def beside(self, item: Item, reviewer: User) -> tuple[Item | None, Item | None]:
        """Return the items before and after one, without those somebody else works on."""
        free = [one for one in self.items if one.key == item.key or one.is_free_for(reviewer)]
        keys = [one.key for one in free]
        if item.key not in keys:
            return None, next(iter(free), None)
        at = keys.index(item.key)
        return free[at - 1] if at else None, free[at + 1] if at + 1 < len(free) else None


def _pending(kind: str) -> Any:
    return _with_relations(MODELS[kind].objects.filter(state=ReviewState.PENDING.value))


def _with_relations(rows: Any) -> Any:
    """Fetch with rows what the desk shows of them."""
    if rows.model is SignatureVersion:
        return rows.select_related("organization", "created_by", "signature")
    if rows.model is TextTemplateVersion:
        return rows.select_related("organization", "created_by", "text_template")
    return rows.select_related("organization", "submitted_by")


def queue(reviewer: User, places: ReviewerPlaces | None = None) -> Queue:
    """Return what `reviewer` may decide, the most urgent first, and last what waits for answers.

    The rows have what a list shows of them, if it does; `item` reads one whole. `places` spares
    a read.
    """
    places = places or reviewer_places(reviewer)
    found = what_waits(MODELS, reviewer, places.refused, QUEUE_READ)
    shown = [(kind, pk) for kind, pk, _is_asked in found.items[:QUEUE_SHOWN]]
    rows = listed_rows(MODELS, shown)
    claims = _claims()
    items = [Item(key[0], rows[key], claims.get(key)) for key in shown if key in rows]
    items += [
        Item(kind, UnreadRow(pk, is_asked), claims.get((kind, pk)))
        for kind, pk, is_asked in found.items[QUEUE_SHOWN:]
    ]
    own = sum(
        _pending(kind).filter(organization_id__in=places.refused).count()
        for kind in (MODELS if places.refused else ())
    )
    return Queue(items, found.total, own, claims, places)


def pending_items(kind: str, rows: Any, *, most: int) -> list[Item]:
    """Return the first of `rows`, of one kind, that wait for a decision."""
    waiting = _with_relations(rows.filter(state=ReviewState.PENDING.value))
    found = list(waiting[:most])
    claims = _claims() if found else {}
    return [Item(kind, row, claims.get((kind, row.pk))) for row in found]


def _claims() -> Claims:
    """Return who works on what."""
    claims = DeskClaim.objects.filter(until__gt=shared_time.now()).select_related("reviewer")
    listed = claims.only("kind", "item_id", "until", "reviewer__email", "reviewer__name")
    return {(claim.kind, claim.item_id): claim for claim in listed}


def items_before(due: datetime | None = None) -> int:
    """Return how many open items are due before `due`; without it, all open items."""
    limit = {"due_at__lt": due} if due else {}
    return sum(_pending(kind).filter(**limit).count() for kind in MODELS)


def overdue_items() -> int:
    """Return how many items should have been decided by now."""
    late = {kind: _pending(kind).filter(due_at__lt=shared_time.now()) for kind in MODELS}
    for kind in DECIDED_BY_ANOTHER:
        late[kind] = late[kind].filter(asked_at=None)
    return sum(rows.count() for rows in late.values())


def item(kind: str, pk: int) -> Item | None:
    """Return one thing that was submitted, or None; who works on it, the queue says."""
    model = MODELS.get(kind)
    if model is None:
        return None
    row = _with_relations(model.objects.filter(pk=pk).exclude(submitted_at=None)).first()
    return Item(kind, row) if row else None


def held_decisions(reviewer: User) -> list[DeskDecision]:
    """Return the decisions of a reviewer that can still be taken back, the newest first."""
    # Any organization: one's own decisions.
    own = DeskDecision.objects.filter(
        reviewer=reviewer,
        state=DecisionState.HELD.value,
        final_at__gt=shared_time.now(),
        given_with=None,
    )
    return list(own.order_by("-pk")[:HELD_SHOWN])


def void_decisions(reviewer: User) -> list[DeskDecision]:
    """Return the decisions of a reviewer that lately did not take effect, the newest first."""
    # Any organization: one's own decisions.
    own = DeskDecision.objects.filter(
        reviewer=reviewer,
        state=DecisionState.VOID.value,
        given_at__gt=shared_time.now() - VOID_FOR,
    )
    return list(own.order_by("-given_at")[:VOID_SHOWN])


def open_decision(item: Item) -> DeskDecision | None:
    """Return the decision about an item that has not taken effect: a held one, or the first."""
    rows = DeskDecision.objects.for_organization(item.row.organization).open()
    found: DeskDecision | None = (
        rows.filter(kind=item.kind, item_id=item.row.pk)
        .select_related("reviewer")
        .order_by("-pk")
        .first()
    )
    return found


def private_notes(organization: Organization) -> list[PrivateNote]:
    """Return the newest private notes about an organization."""
    notes = PrivateNote.objects.for_organization(organization).select_related("author")
    return list(notes.order_by("-pk")[:NOTES_SHOWN])


def quality_checks(reviewer: User) -> list[QualityCheck]:
    """Return approvals of others that a reviewer can look at again, the oldest first."""
    # Any organization: but for those whose items the reviewer may not decide.
    waiting = QualityCheck.objects.filter(state=QualityState.OPEN.value)
    others = waiting.exclude(decision__reviewer=reviewer)
    others = others.exclude(organization_id__in=reviewer_places(reviewer).refused)
    return list(others.select_related("decision", "organization").order_by("pk")[:CHECKS_SHOWN])


def quality_check_of(item: Item, reviewer: User) -> QualityCheck | None:
    """Return the sampled approval of an item if `reviewer` can say whether it is right."""
    rows = QualityCheck.objects.for_organization(item.row.organization)
    waiting = rows.filter(
        state=QualityState.OPEN.value, decision__kind=item.kind, decision__item_id=item.row.pk
    )
    found: QualityCheck | None = (
        waiting.exclude(decision__reviewer=reviewer).select_related("decision").first()
    )
    return found

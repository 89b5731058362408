"""Unmatched texts of an organization: what they have in common, and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts import shared_time
from accounts.models import Organization
from sending.acceptance import memory
from sending.models import FreeTextRight, UnmatchedText
from sending.models.choices import DOOR_LABELS
from sending.models.unmatched_text import MOST_OF_AN_ORGANIZATION
from templates_app.diff import DiffRun, diff
from templates_app.lint import BODY_LIMIT
from templates_app.matching import normalise
from templates_app.matching.skeleton import Cluster, clusters

CLUSTERS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class UnmatchedGroup:
    """Texts that one wording would match, the newest first; `wording` is that wording."""

    wording: str
    count: int
    rows: Sequence[UnmatchedText]

    @property
    def row(self) -> UnmatchedText:
        """Return the newest."""
        return self.rows[0]

    @property
    def first_at(self) -> datetime:
        """Return when the first of them came."""
        return min(row.first_at for row in self.rows)

    @property
    def doors(self) -> list[str]:
        """Return the doors they came by."""
        labels = {door.value: str(label) for door, label in DOOR_LABELS.items()}
        return sorted({labels.get(row.door, row.door) for row in self.rows})

    @property
    def fits(self) -> bool:
        """Tell whether the wording is short enough for a text template."""
        return len(self.wording) <= BODY_LIMIT


@dataclass(frozen=True, slots=True)
class NearText:
    """A text template that resembles a text, and what the text has otherwise."""

    id: int
    name: str
    changes: tuple[DiffRun, ...]


def groups_of(organization: Organization) -> list[UnmatchedGroup]:
    """Return the unmatched texts of an organization, the most frequent first."""
    own = UnmatchedText.objects.for_organization(organization).order_by("-last_at", "-pk")
    rows = {row.pk: row for row in own[:MOST_OF_AN_ORGANIZATION]}
    found = clusters((row.pk, row.sample, row.count) for row in rows.values())
    return [_group(cluster, rows) for cluster in found]


def group_with(organization: Organization, pk: int) -> UnmatchedGroup | None:
    """Return the group that an unmatched text of the organization is in."""
    groups = groups_of(organization)
    return next((one for one in groups if any(row.pk == pk for row in one.rows)), None)


def nearest(organization: Organization, text: str) -> list[NearText]:
    """Return the approved text templates that most resemble a text, the most alike first."""
    known = memory.wordings(organization.pk)
    return [
        NearText(pk, text_.name, diff(normalise(text_.body), normalise(text)))
        for pk in known.matcher.nearest(text)
        for text_ in [known.texts[pk]]
    ]


def right_of(organization: Organization) -> FreeTextRight | None:
    """Return the right to free text that is in force."""
    right: FreeTextRight | None = FreeTextRight.objects.for_organization(organization).first()
    return right if right is not None and right.holds(shared_time.now()) else None


def _group(cluster: Cluster, rows: dict[int, UnmatchedText]) -> UnmatchedGroup:
    return UnmatchedGroup(cluster.wording, cluster.count, [rows[key] for key in cluster.keys])

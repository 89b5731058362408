"""What the pages of Verify services show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from accounts import shared_time
from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.models import Verification, VerificationState, VerifyService
from sending.verify.figures import CodeFigures, by_country
from sending.verify.texts import Texts, fits
from templates_app.models import TextTemplate

PAGE_SIZE = 50
FIGURE_DAYS = 30


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """The last days of a service: how verifications ended, and codes by country."""

    begun: int
    by_state: Mapping[str, int]
    countries: Sequence[CodeFigures]
    all: CodeFigures

    @property
    def approved(self) -> int:
        """Return the verifications that a right code ended."""
        return self.by_state.get(VerificationState.APPROVED.value, 0)


def services_page(organization: Organization, after: int | None) -> Page[VerifyService]:
    """Return the services of all applications, the oldest first."""
    rows = VerifyService.objects.for_organization(organization).kept()
    if after:
        rows = rows.filter(pk__gt=after)
    rows = rows.select_related("application", "text_template").order_by("pk")
    return page_of(rows, PAGE_SIZE, lambda row: row.pk)


def figures_of(organization: Organization, service: VerifyService) -> ServiceFigures:
    """Return the figures of the last FIGURE_DAYS days."""
    since = shared_time.now() - timedelta(days=FIGURE_DAYS)
    own = Verification.objects.for_organization(organization)
    own = own.filter(service=service, created_at__gte=since)
    ends = own.values("state").annotate(n=Count("pk")).order_by()
    by_state = {row["state"]: row["n"] for row in ends}
    countries = by_country(organization, service, since)
    return ServiceFigures(
        sum(by_state.values()),
        by_state,
        countries,
        CodeFigures(
            sum(row.attempts for row in countries), sum(row.converted for row in countries)
        ),
    )


def text_in_use(service: VerifyService) -> TextTemplate | None:
    """Return the text template that codes go out with now; None if there is none."""
    return Texts(service).own


def own_text_is_out_of_use(service: VerifyService) -> bool:
    """Tell whether the text template that was chosen cannot be sent any more."""
    chosen = service.text_template
    return chosen is not None and (chosen.deleted_at is not None or not fits(chosen))

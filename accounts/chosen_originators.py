"""Which originator a message shows: the one answer for previews, checks, programs and the wire."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accounts.models import ApplicationOriginator, Originator, SmsApplication


class OriginatorNotApproved(ValueError):
    """An originator was named that is not one of the organization's, or not in this country."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass(frozen=True, slots=True)
class Originators:
    """The approved originators of an organization, and what one of its applications chose of them.

    `approved` are (address, country), `chosen` address by country; "" means every country.
    """

    approved: frozenset[tuple[str, str]] = frozenset()
    chosen: Mapping[str, str] | None = None

    def of(self, country: str = "", *, named: str = "", shared: str = "") -> str:
        """Return what handsets in a country show; empty if there is nothing they may show.

        `named` is what a program asks for, or what a task was checked with; `shared` what the
        gateway shows for organizations without an originator of their own, empty unless its
        operator says that it is nobody's. Raise OriginatorNotApproved for a `named` one that is
        neither of them.
        """
        if named:
            if self.may_show(named, country) or named == shared:
                return named
            raise OriginatorNotApproved(named)
        chosen = self.chosen or {}
        for address in (chosen.get(country, ""), chosen.get("", "")):
            if address and self.may_show(address, country):
                return address
        return shared

    def may_show(self, address: str, country: str) -> bool:
        """Tell whether an originator is approved for a country, or for all."""
        return (address, "") in self.approved or (address, country) in self.approved


def read_originators(application_ids: Iterable[int]) -> dict[int, Originators]:
    """Return what each of the applications may show, as it is now, by application."""
    rows = SmsApplication.objects.filter(pk__in=sorted(set(application_ids))).values_list(
        "pk", "organization_id", "originator"
    )
    return _read({pk: (organization_id, own) for pk, organization_id, own in rows})


def _read(applications: Mapping[int, tuple[int, str]]) -> dict[int, Originators]:
    """Return what applications may show; each comes with its organization and its originator."""
    organization_ids = {organization_id for organization_id, _own in applications.values()}
    approved: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = Originator.objects.filter(organization_id__in=organization_ids).approved()
    for organization_id, address, country in rows.values_list(
        "organization_id", "address", "country"
    ):
        approved[organization_id].add((address, country))
    by_country: dict[int, dict[str, str]] = defaultdict(dict)
    choices = ApplicationOriginator.objects.filter(application_id__in=sorted(applications))
    for pk, country, address in choices.values_list(
        "application_id", "country", "originator__address"
    ):
        by_country[pk][country] = address
    return {
        pk: Originators(frozenset(approved[organization_id]), {"": own, **by_country[pk]})
        for pk, (organization_id, own) in applications.items()
    }


def originators_of(application: SmsApplication | None) -> Originators:
    """Return what an application may show; nothing without one."""
    return read_originators([application.pk])[application.pk] if application else Originators()


_shared: list[Callable[[], str]] = []


def provide_shared(ask: Callable[[], str]) -> None:
    """Say who knows what gateways show for organizations without an originator of their own."""
    _shared[:] = [ask]


def shown_by_default(application: SmsApplication | None) -> str:
    """Return what previews show before it is known where a message goes.

    `application` has just been read; gateways are asked only where it shows nothing of its own.
    """
    own = ""
    if application is not None:
        chosen = (application.organization_id, application.originator)
        own = _read({application.pk: chosen})[application.pk].of()
    return own or (_shared[0]() if _shared else "")

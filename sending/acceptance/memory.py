"""What a process remembers for a moment, so that a request of a program asks the database little.

Remembered are wordings, prices, routes, limits and countries: whoever changes one of them may be
too late for messages of the next ACCEPTANCE_MEMORY_SECONDS, as if they had come before. Never
remembered are suspension, activation and switches, suppressed and erased numbers, and what was
taken of limits: the transaction that accepts asks for those.
"""

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from django.conf import settings
from django.db.models import F

from accounts.chosen_originators import Originators, originators_of
from accounts.models import Organization, SmsApplication
from sending.lifecycle import Lane
from sending.models import FreeTextRight, Gateway, PriceVersion
from sending.models.routing import RouteTable
from sending.sms.routes import Key, RouteKeys
from templates_app import wording
from templates_app.matching import Matcher, compiled
from templates_app.models import SignatureVersion, SmsType, TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.wording import Wording

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
# Keys that programs make up must not fill the memory.
_MOST = 2_000
MOST_WORDINGS = 5_000
"""Text templates of one organization that whole texts are compared with."""


class Memory(Generic[K, V]):
    """Answers of a question by key, each kept for a moment."""

    def __init__(self, ask: Callable[[K], V]) -> None:
        self._ask = ask
        self._known: dict[K, tuple[float, V]] = {}

    def __call__(self, key: K) -> V:
        """Return the answer, asking for it where none is fresh enough."""
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[0] > now:
            return known[1]
        answer = self._ask(key)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now + settings.ACCEPTANCE_MEMORY_SECONDS, answer)
        return answer


@dataclass(frozen=True, slots=True)
class ApplicationTerms:
    """An organization and its application, with their limits.

    `countries` are those of the application with their segments a day; empty means all of the
    organization's.
    """

    organization: Organization
    application: SmsApplication
    allowed_countries: frozenset[str]
    countries: Mapping[str, int | None]
    originators: Originators

    @property
    def country_limits(self) -> dict[str, int]:
        """Return the countries that have a limit of their own."""
        return {code: limit for code, limit in self.countries.items() if limit is not None}


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of a segment in millionths; "" is for all other countries."""

    version_id: int | None
    currency: str
    by_country: Mapping[str, int]

    def of(self, country: str) -> int | None:
        """Return the price for a country; None if it has none."""
        return self.by_country.get(country, self.by_country.get(""))


class Routes:
    """The gateway that new messages are given to."""

    def __init__(self, gateways: Mapping[Key, int], shared_originators: Mapping[int, str]) -> None:
        self.shared_originators = shared_originators
        self._gateways = gateways
        self._keys = RouteKeys(gateways)

    def gateway_for(self, msisdn: str, country: str) -> int | None:
        """Return the gateway for an E.164 number with plus; None if no route fits."""
        key = self._keys.key_of(msisdn[1:], country)
        return self._gateways[key] if key is not None else None


@dataclass(frozen=True, slots=True)
class ApprovedText:
    """The version of a text template that is in use."""

    version_id: int
    name: str
    sms_type: str
    body: str
    wording: Wording

    @property
    def lane(self) -> Lane:
        """Return how urgent its messages are."""
        return Lane.OTP if self.sms_type == SmsType.OTP.value else Lane.API


@dataclass(frozen=True, slots=True)
class ApprovedSignature:
    """The version of a signature that is in use; without a version there is no signature."""

    version_id: int | None
    content: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """All approved wordings of an organization, by the ids of their text templates, compiled."""

    matcher: Matcher
    texts: Mapping[int, ApprovedText]
    signatures: Mapping[str, ApprovedSignature]


@dataclass(frozen=True, slots=True)
class NotInUse:
    """There is such a text template or signature, and it may not be sent."""

    name: str


def read_terms(key: tuple[int, int]) -> ApplicationTerms:
    """Read an application of an organization; raise SmsApplication.DoesNotExist."""
    organization_id, application_id = key
    applications = SmsApplication.objects.select_related("organization")
    application = applications.get(pk=application_id, organization_id=organization_id)
    organization = application.organization
    return ApplicationTerms(
        organization,
        application,
        frozenset(organization.allowed_countries),
        dict(application.countries.values_list("country", "daily_segment_limit")),
        originators_of(application),
    )


def _prices(organization_id: int) -> PriceList:
    current = PriceVersion.current(organization_id)
    if current is None:
        return PriceList(None, "", {})
    return PriceList(current.pk, current.currency, current.by_country())


def _routes(_all: None) -> Routes:
    shared = {gateway.pk: gateway.shared_originator for gateway in Gateway.objects.all()}
    return Routes(RouteTable.load().for_new(), shared)


def _text(key: tuple[int, int]) -> ApprovedText | NotInUse | None:
    organization_id, text_template_id = key
    templates = TextTemplate.objects.filter(organization_id=organization_id, deleted_at=None)
    template = templates.filter(pk=text_template_id).select_related("approved").first()
    if template is None:
        return None
    version = template.approved
    if version is None or not version.may_be_sent:
        return NotInUse(template.name)
    return _approved_text(template.name, version)


def _approved_text(name: str, version: TextTemplateVersion) -> ApprovedText:
    parsed = wording.parse(version.body)
    return ApprovedText(version.pk, name, version.sms_type, version.body, parsed)


def _signature(key: tuple[int, str]) -> ApprovedSignature | NotInUse | None:
    organization_id, content = key
    versions = SignatureVersion.objects.filter(
        organization_id=organization_id, content=content, signature__deleted_at=None
    )
    in_use = versions.filter(signature__approved=F("pk")).select_related("signature")
    found = next((version for version in in_use.order_by("-pk") if version.may_be_sent), None)
    if found is not None:
        return ApprovedSignature(found.pk, content)
    return NotInUse(content) if versions.exists() else None


def _wordings(organization_id: int) -> Wordings:
    """Read what texts can be made of: MOST_WORDINGS text templates, the oldest first."""
    templates = (
        TextTemplate.objects.filter(organization_id=organization_id, deleted_at=None)
        .filter(approved__state=ReviewState.APPROVED.value)
        .order_by("pk")
        .values_list("pk", "approved_id", "name")[:MOST_WORDINGS]
    )
    signatures = (
        SignatureVersion.objects.filter(
            organization_id=organization_id,
            signature__deleted_at=None,
            signature__approved=F("pk"),
            state=ReviewState.APPROVED.value,
        )
        .order_by("pk")
        .values_list("pk", "content")[:MOST_WORDINGS]
    )
    return _compiled(tuple(templates), tuple(signatures))


@lru_cache(maxsize=256)
def _compiled(
    templates: tuple[tuple[int, int, str], ...], signatures: tuple[tuple[int, str], ...]
) -> Wordings:
    """Compile wordings once: a thousand take longer than to see that they are still the same.

    `templates` are (id, version, name) and `signatures` (version, content); versions never change.
    """
    wanted = [version_id for _pk, version_id, _name in templates]
    versions = TextTemplateVersion.objects.filter(pk__among=wanted).in_bulk()
    texts = {
        pk: _approved_text(name, versions[version_id])
        for pk, version_id, name in templates
        if version_id in versions
    }
    patterns = (compiled(pk, text.sms_type, text.body) for pk, text in texts.items())
    signed = {content: ApprovedSignature(pk, content) for pk, content in signatures}
    return Wordings(Matcher((one for one in patterns if one), signed), texts, signed)


def _free_text(organization_id: int) -> FreeTextRight | None:
    # Its wording can be revoked like any other.
    rights = FreeTextRight.objects.filter(version__state=ReviewState.APPROVED.value)
    return rights.filter(organization_id=organization_id).first()


# (organization, application), organization, nothing, (organization, text template),
# (organization, content of a signature), and organization twice.
terms = Memory(read_terms)
prices = Memory(_prices)
routes = Memory(_routes)
text = Memory(_text)
signature = Memory(_signature)
wordings = Memory(_wordings)
free_text = Memory(_free_text)

"""What one message must be, whatever was sent before: its number, its text, its way."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from accounts import shared_time
from accounts.chosen_originators import OriginatorNotApproved
from sending.acceptance import memory
from sending.acceptance.content import (
    Content,
    TemplateAndValues,
    TextAndTemplate,
    content_as_it_is,
    content_of,
    content_of_text,
    unmatched,
)
from sending.acceptance.memory import ApplicationTerms
from sending.acceptance.refusals import Refused
from sending.acceptance.request import (
    AcceptedMessage,
    RefusalCode,
    RefusedMessage,
    WantedMessage,
)
from sending.acceptance.unmatched_texts import Unmatched
from sending.intake.child.plus_one import has_prefix
from sending.sms import msisdn, originator
from sending.sms.mobile_ranges import mainland_mobile
from sending.spreadsheets.problems import FileCode, RowCode

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Checked:
    """A message that nothing about itself speaks against."""

    msisdn: str
    country: str
    content: Content
    originator: str
    session_context: str
    cost_micro: int
    gateway_id: int
    due_at: datetime | None = None
    valid_until: datetime | None = None
    client_ip: str = ""
    has_proved: bool = False
    # Accepted, and not to leave unless the guard releases it.
    held_until: datetime | None = None

    def accepted(self, message_id: int, currency: str) -> AcceptedMessage:
        """Return the answer."""
        content = self.content
        return AcceptedMessage(
            message_id,
            self.msisdn,
            self.country,
            content.segments,
            self.cost_micro,
            currency,
            content.data_coding,
            content.lane.value,
        )

    def refused(self, refusal: Refused) -> RefusedMessage:
        """Return the answer where something else speaks against it."""
        return refusal.message(self.msisdn, self.country)


Answer = Checked | RefusedMessage


class Checks:
    """Checks the messages of one request, which mostly share their text."""

    def __init__(self, terms: ApplicationTerms) -> None:
        self._terms = terms
        self._organization_id: int = terms.organization.pk
        self._prices = memory.prices(self._organization_id)
        self._routes = memory.routes(None)
        self._contents: dict[TemplateAndValues, Content | Refused] = {}
        self._texts: dict[TextAndTemplate, Content | Refused] = {}
        self.unmatched = Unmatched()
        self._originators: dict[str, str | Refused] = {"": ""}
        self._seen: set[tuple[str, str]] = set()

    @property
    def price_version_id(self) -> int | None:
        """Return the price list that costs are of."""
        return self._prices.version_id

    @property
    def currency(self) -> str:
        """Return the currency of costs."""
        return self._prices.currency

    def check(self, wanted: WantedMessage) -> Answer:
        """Check one message; the first thing found is the answer."""
        try:
            to = _number(wanted.number)
        except (msisdn.MsisdnError, Refused) as error:
            return Refused(error.code, **getattr(error, "params", {})).message()
        try:
            return self._checked(wanted, to)
        except Refused as refused:
            return refused.message(to.e164, to.country)

    def _checked(self, wanted: WantedMessage, to: msisdn.Msisdn) -> Checked:
        content = self._content(wanted)
        named = self._named_originator(wanted.originator)
        price, gateway_id = self._way(to)
        source = self._originator(named, to.country, gateway_id)
        once = (to.e164, content.text)
        if once in self._seen:
            raise Refused(RefusalCode.REPEATED_IN_REQUEST)
        self._seen.add(once)
        return Checked(
            to.e164,
            to.country,
            content,
            source,
            wanted.session_context,
            price * content.segments,
            gateway_id,
            wanted.due_at,
            wanted.valid_until,
            wanted.client_ip,
            wanted.has_proved,
        )

    def _content(self, wanted: WantedMessage) -> Content:
        organization_id = self._organization_id
        if wanted.text:
            named = wanted.signature, wanted.text_template_id
            return self._content_of_text(TextAndTemplate(wanted.text, *named))
        key = TemplateAndValues(
            wanted.text_template_id, wanted.signature, wanted.values, wanted.code_digits
        )
        return _once(self._contents, key, lambda: content_of(organization_id, key))

    def _content_of_text(self, whole: TextAndTemplate) -> Content:
        try:
            return _once(self._texts, whole, lambda: self._found(whole))
        finally:
            self.unmatched.count(whole.text)

    def _found(self, asked: TextAndTemplate) -> Content:
        """Return what a text was made of, or itself where that may be; raise Refused."""
        content = content_of_text(self._organization_id, asked)
        if content is not None:
            return content
        whole = asked.text
        right = memory.free_text(self._organization_id)
        if right is None or not right.holds(shared_time.now()):
            self.unmatched.add(whole)
            raise unmatched(self._organization_id, whole)
        if right.is_learning:
            self.unmatched.add(whole)
        free = content_as_it_is(right, whole, asked.signature)
        self.unmatched.were_sent = right.is_learning
        return free

    def _originator(self, named: str, country: str, gateway_id: int) -> str:
        """Return what the handset will show, empty where only the gateway's own will do.

        Which one that is depends on the gateway that it leaves by in the end.
        """
        own = self._terms.originators
        shared = self._routes.shared_originators.get(gateway_id, "")
        try:
            shown = own.of(country, named=named, shared=shared)
        except OriginatorNotApproved as error:
            raise Refused(RefusalCode.ORIGINATOR_NOT_APPROVED, name=error.address) from None
        if not shown:
            raise Refused(originator.ORIGINATOR_MISSING)
        return shown if own.may_show(shown, country) else ""

    def _named_originator(self, text: str) -> str:
        found = self._originators.get(text)
        if found is None:
            found = self._originators[text] = _originator_of(text)
        if isinstance(found, Refused):
            raise found
        return found

    def _way(self, to: msisdn.Msisdn) -> tuple[int, int]:
        """Return the price of a segment, and the gateway."""
        country = to.country
        allowed = self._terms.allowed_countries
        if allowed and country not in allowed:
            raise Refused(RowCode.COUNTRY_NOT_ALLOWED, country=country)
        countries = self._terms.countries
        if countries and country not in countries:
            name = self._terms.application.name
            raise Refused(RefusalCode.APPLICATION_COUNTRY, application=name, country=country)
        price = self._prices.of(country)
        if price is None:
            raise Refused(RowCode.NO_PRICE, country=country)
        gateway_id = self._routes.gateway_for(to.e164, country)
        if gateway_id is None:
            raise Refused(RowCode.NO_ROUTE, country=country)
        return price, gateway_id


def _number(written: str) -> msisdn.Msisdn:
    """Read a number; raise MsisdnError, or Refused where nobody can tell whose it is."""
    to = msisdn.parse(written)
    digits = to.e164[1:]
    if digits[0] == "1" and not has_prefix(written) and mainland_mobile().fullmatch(digits):
        raise Refused(FileCode.COUNTRY_CODE_UNCLEAR)
    return to


def _originator_of(text: str) -> str | Refused:
    try:
        return originator.parse(text).address
    except originator.OriginatorError as error:
        limit = originator.ALPHANUMERIC_MAX
        return Refused(error.code, limit=limit, characters=error.characters)


def _once(known: dict[K, Content | Refused], key: K, ask: Callable[[], Content]) -> Content:
    """Return what is known, asking for it the first time; raise what that raised."""
    found = known.get(key)
    if found is None:
        try:
            found = ask()
        except Refused as refused:
            found = refused
        known[key] = found
    if isinstance(found, Refused):
        raise found
    return found

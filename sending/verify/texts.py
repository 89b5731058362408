"""Which text a code goes out with: an approved OTP text template, in the language asked for."""

from dataclasses import dataclass
from functools import cached_property

from accounts.models import Organization
from sending.models import VerifyService
from sending.verify.refusals import VerifyCode, VerifyRefused
from templates_app import wording
from templates_app.languages import negotiated, tag_of
from templates_app.models import SmsType, TextTemplate
from templates_app.review import ReviewState

# {1} is the code, {2} the minutes: nothing else is known here.
_MOST_VARIABLES = 2
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class ChosenText:
    """A text template and how many values it takes."""

    text_template_id: int
    variables: int

    def values(self, code: str, minutes: int) -> tuple[str, ...]:
        """Return the values of its variables."""
        return (code, str(minutes))[: self.variables]


def fits(text_template: TextTemplate) -> bool:
    """Tell whether a code can go out with a text template."""
    version = text_template.approved
    if version is None or version.sms_type != SmsType.OTP.value or not version.may_be_sent:
        return False
    text = wording.parse(version.body)
    return 1 in text.used and text.variables <= _MOST_VARIABLES


def suitable_texts(organization: Organization) -> list[TextTemplate]:
    """Return the text templates that codes can go out with, the oldest first; no variants."""
    own = TextTemplate.objects.for_organization(organization).filter(
        deleted_at=None,
        variant_of=None,
        approved__sms_type=SmsType.OTP.value,
        approved__state=ReviewState.APPROVED.value,
    )
    rows = own.select_related("approved").order_by("pk")[:MOST_LISTED]
    return [row for row in rows if fits(row)]


class Texts:
    """The texts of a service."""

    def __init__(self, service: VerifyService) -> None:
        self._service = service

    def chosen(self, locale: str = "", text_template_id: int = 0) -> ChosenText:
        """Return the text for one code; raise VerifyRefused where there is none."""
        first = self._named(text_template_id) if text_template_id else self.own
        if first is None or not fits(first):
            code = VerifyCode.TEXT_UNKNOWN if text_template_id else VerifyCode.TEXT_MISSING
            raise VerifyRefused(code)
        text_template = _in_language(first, locale)
        assert text_template.approved is not None
        return ChosenText(text_template.pk, wording.parse(text_template.approved.body).variables)

    @cached_property
    def own(self) -> TextTemplate | None:
        """Return what is sent unless a request names another; None if there is nothing."""
        chosen = self._service.text_template_id
        if chosen and (found := self._named(chosen)) and fits(found):
            return found
        return next(iter(suitable_texts(self._service.organization)), None)

    def _named(self, text_template_id: int) -> TextTemplate | None:
        own = TextTemplate.objects.for_organization(self._service.organization)
        own = own.filter(pk=text_template_id, deleted_at=None)
        found: TextTemplate | None = own.select_related("approved").first()
        return found


def _in_language(first: TextTemplate, locale: str) -> TextTemplate:
    """Return the variant in the language that is asked for; the first one if there is none."""
    if not locale:
        return first
    by_language = {tag: one for tag, one in languages_of(first).items() if tag}
    return by_language.get(negotiated(tag_of(locale, {}), by_language.keys()), first)


def languages_of(first: TextTemplate) -> dict[str, TextTemplate]:
    """Return a text template and its variants that codes can go out with, by language."""
    variants = first.variants.filter(deleted_at=None).select_related("approved")
    return {**{one.language: one for one in variants if fits(one)}, first.language: first}

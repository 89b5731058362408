"""Which language people read: that of the page, and that of what is sent to them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import Contact, Organization, User

if TYPE_CHECKING:
    from accounts.mail import Mail


class LanguageMiddleware:
    """Answers people in the language that they chose, whatever cookie or browser say.

    Django's LocaleMiddleware has looked at those two before anybody knew who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the person's language; LocaleMiddleware begins anew with the next request."""
        chosen = request.user.language if request.user.is_authenticated else ""
        if is_spoken(chosen):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)


def is_spoken(language: str) -> bool:
    """Tell whether the console speaks a language."""
    return language in dict(settings.LANGUAGES)


def language_of(
    address: str, organization: Organization | None = None, otherwise: str = settings.LANGUAGE_CODE
) -> str:
    """Return the language of whoever has an e-mail address: a person, or a contact."""
    people = User.objects.filter(email=address.lower())
    chosen = people.values_list("language", flat=True).first()
    if not chosen and organization is not None:
        contacts = Contact.objects.for_organization(organization).filter(email__iexact=address)
        chosen = contacts.exclude(language="").values_list("language", flat=True).first()
    return chosen if chosen and is_spoken(chosen) else otherwise


@contextmanager
def read_by(
    address: str, organization: Organization | None = None, otherwise: str = settings.LANGUAGE_CODE
) -> Iterator[None]:
    """Speak the language of whoever has an e-mail address."""
    with translation.override(language_of(address, organization, otherwise)):
        yield


def to_each(
    addresses: Iterable[str], organization: Organization | None, write: Callable[[str], "Mail"]
) -> list["Mail"]:
    """Return the mail to each address, written in the language of its reader."""
    mails = []
    for address in addresses:
        with read_by(address, organization):
            mails.append(write(address))
    return mails

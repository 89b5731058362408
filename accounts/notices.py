"""Tells members and contacts what happened, each in their language: `tell`, for every room."""

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.mail import Mail, send_later
from accounts.models import Contact, Organization, User
from accounts.names import in_mail


class NoticeKind(StrEnum):
    """What people can be told. Its words are the template `notices/<kind in lower case>.txt`."""

    REVIEW = "REVIEW"
    LIMIT = "LIMIT"
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    TASK_WAITING = "TASK_WAITING"
    TASK_ENDED = "TASK_ENDED"
    TASK_FAILED = "TASK_FAILED"
    QUESTION = "QUESTION"


NOTICE_LABELS: dict[NoticeKind, Promise] = {
    NoticeKind.REVIEW: _("Review results"),
    NoticeKind.LIMIT: _("Alarms and limits"),
    NoticeKind.IMPORT: _("Finished imports"),
    NoticeKind.EXPORT: _("Finished exports"),
    NoticeKind.TASK_WAITING: _("Tasks that wait for someone"),
    NoticeKind.TASK_ENDED: _("Tasks that have ended"),
    NoticeKind.TASK_FAILED: _("Tasks that could not be sent"),
    NoticeKind.QUESTION: _("Questions about a review"),
}


def tell(
    kind: NoticeKind,
    organization: Organization,
    *,
    people: Iterable[User] = (),
    contacts: bool = False,
    path: str = "",
    **params: object,
) -> None:
    """Tell `people`, and the organization's contacts if `contacts`, once the transaction commits.

    The template gets `params` (plain values that JSON can hold), `organization` (its name) and
    `link` (the whole address of `path`, a path on this console). Its first line is the subject.
    Nobody is told twice of the same thing, by whichever way their address is known.
    """
    readers = [(person.email, person.language) for person in people]
    if contacts:
        rows = Contact.objects.for_organization(organization).exclude(email="").order_by("pk")
        readers += rows.values_list("email", "language")
    once = {email.lower(): (email, language) for email, language in reversed(readers)}
    context = {
        **params,
        "organization": in_mail(organization),
        "link": settings.PUBLIC_URL + path if path else "",
    }
    send_later(_mail(kind, email, language, context) for email, language in once.values())


def _mail(kind: NoticeKind, to: str, language: str, context: dict[str, object]) -> Mail:
    with translation.override(language or settings.LANGUAGE_CODE):
        words = render_to_string(f"notices/{kind.value.lower()}.txt", context).strip()
    subject, _end, text = words.partition("\n")
    return Mail(to, " ".join(subject.split()), text.strip() + "\n")

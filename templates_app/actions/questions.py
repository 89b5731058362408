"""Questions and answers about a review, between who submitted a version and who decides."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict, NotAllowed
from accounts.models import User
from accounts.names import in_mail
from accounts.notices import NoticeKind, tell
from accounts.queries import may_review
from accounts.review_clock import due_after_answer
from accounts.staff import is_reviewer
from templates_app.actions.versions import Version, lock, noun, record, rows_of
from templates_app.models import ReviewQuestion, SignatureVersion
from templates_app.review import ReviewState

MOST_QUESTIONS = 50
"""Lines of one thread."""
ASKED_ABOUT = (ReviewState.PENDING.value, ReviewState.REJECTED.value)


@transaction.atomic
def ask_submitter(*, version: Version, reviewer: User, text: str) -> ReviewQuestion:
    """Ask who submitted a version; while the answer is awaited its due time stands still.

    Raises NotAllowed for whoever may not decide about it, and Conflict as `_add` does.
    """
    if not is_reviewer(reviewer) or not may_review(reviewer, version.organization)[0]:
        raise NotAllowed(_("Only reviewers of other organizations can ask."))
    question = _add(version, reviewer, text, by_reviewer=True)
    pending = rows_of(version).filter(state=ReviewState.PENDING.value, asked_at=None)
    pending.update(asked_at=question.at)
    page = reverse(f"templates_app:{_kind(version)}_questions", args=[version.pk])
    _tell(version, [version.created_by], page)
    return question


@transaction.atomic
def ask_reviewer(*, version: Version, author: User, text: str) -> ReviewQuestion:
    """Ask, or answer, whoever reviews a version; what was due is due later by what was waited.

    Raises Conflict as `_add` does.
    """
    question = _add(version, author, text, by_reviewer=False)
    locked = rows_of(version).select_for_update().get()
    if locked.asked_at and locked.due_at:
        due_at = due_after_answer(locked.due_at, locked.asked_at, question.at)
        rows_of(version).update(due_at=due_at, asked_at=None)
    page = reverse("admin:review_item", args=[_kind(version), version.pk])
    _tell(version, _who_reviewed(version), page)
    return question


def _add(version: Version, author: User, text: str, *, by_reviewer: bool) -> ReviewQuestion:
    """Add a line to the thread; raises Conflict when the version is over, or the thread is full."""
    lock(version.thing)
    if not rows_of(version).filter(state__in=ASKED_ABOUT).exists():
        raise Conflict(
            _("Version %(number)s is no longer in review, so nothing can be asked about it.")
            % {"number": version.number}
        )
    if version.questions.count() >= MOST_QUESTIONS:
        raise Conflict(
            _(
                "You cannot ask or answer any more here. Withdraw the version, or wait "
                "for the decision."
            )
        )
    question = ReviewQuestion.objects.create(
        organization=version.organization,
        text=text,
        author=author,
        by_reviewer=by_reviewer,
        at=shared_time.now(),
        **{f"{noun(type(version))}_version": version},
    )
    record(version, "asked" if by_reviewer else "answered", author)
    return question


def _kind(version: Version) -> str:
    """Return what pages call it."""
    return "signature" if isinstance(version, SignatureVersion) else "template"


def _who_reviewed(version: Version) -> list[User]:
    asked = version.questions.filter(by_reviewer=True).values("author")
    decided = version.reviews.values("reviewer")
    people = User.objects.filter(pk__in=asked) | User.objects.filter(pk__in=decided)
    return [person for person in people.distinct() if is_reviewer(person)]


def _tell(version: Version, people: Iterable[User], path: str) -> None:
    tell(
        NoticeKind.QUESTION,
        version.organization,
        people=people,
        path=path,
        name=in_mail(version.name),
        number=version.number,
    )

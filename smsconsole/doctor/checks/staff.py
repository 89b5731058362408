"""Are there people who can operate and review, and are they who they say?"""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.models import Member, Organization, User
from accounts.second_step import has_second_step
from accounts.staff import is_reviewer, reviews_by_own_organization
from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well


@check("staff")
def staff() -> Iterator[Diagnosis]:
    """Look at operators and reviewers."""
    people = list(User.objects.filter(is_staff=True, is_active=True).order_by("pk"))
    supers = [person for person in people if person.is_superuser]
    if not any(person.has_usable_password() for person in supers):
        yield problem(
            "operators",
            "No superuser has chosen a password." if supers else "There is no superuser.",
            "Run ./console manage bootstrap --email ADDRESS and open the link it prints.",
        )
    without = [p for p in people if p.has_usable_password() and not has_second_step(p)]
    if without and settings.STAFF_NEED_SECOND_STEP:
        yield warning(
            "operators",
            f"{len(without)} of the staff have no second step, and see nothing before.",
            "They set one up when they sign in: Account, Two-step sign-in.",
        )
    elif supers:
        yield well("operators", f"{len(people)} people are staff.")
    yield from _reviewers(people)


def _reviewers(people: list[User]) -> Iterator[Diagnosis]:
    own = Organization.objects.filter(is_system=False)
    reviewers = [person for person in people if is_reviewer(person)]
    foreign = reviewers
    if not reviews_by_own_organization(own.count()):
        # Any organization: whose members the reviewers are is what is asked.
        places = Member.objects.filter(user=OuterRef("pk"))
        free = User.objects.filter(~Exists(places), pk__in=[one.pk for one in reviewers])
        foreign = list(free)
    if foreign:
        yield well("reviewers", f"{len(foreign)} people can review for every organization.")
    else:
        yield warning(
            "reviewers",
            "No reviewer can review every organization, so texts of some wait for ever.",
            "Add somebody without an organization to the group Reviewers: Administration, People, "
            "or bootstrap --reviewer ADDRESS.",
        )

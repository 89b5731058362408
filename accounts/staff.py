"""The two groups of staff and what each may do in the administration."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings

REVIEWERS = "Reviewers"
OPERATORS = "Operators"
REVIEW = "accounts.review"
SUSPEND = "accounts.suspend"
# Whose models operators look after.
OPERATED_APPS = ("accounts", "templates_app", "sending")


def sync_groups(sender: AppConfig, using: str, **_: Any) -> None:
    """Give both groups their permissions; run after each migrate, so that new models are covered.

    It must come after the permissions of our own apps are made, hence `sender` is an app that
    Django handles after them (see AccountsConfig.ready).
    """
    from django.contrib.auth.models import Group, Permission

    del sender
    permissions = Permission.objects.using(using)
    app_label, codename = REVIEW.split(".")
    reviewers, _created = Group.objects.using(using).get_or_create(name=REVIEWERS)
    reviewers.permissions.set(
        permissions.filter(content_type__app_label=app_label, codename=codename)
    )
    operators, _created = Group.objects.using(using).get_or_create(name=OPERATORS)
    operators.permissions.set(permissions.filter(content_type__app_label__in=OPERATED_APPS))


def is_reviewer(user: Any) -> bool:
    """Tell whether `user` may work on the review desk."""
    return bool(user.is_active and user.is_staff and user.has_perm(REVIEW))


def may_suspend(user: Any) -> bool:
    """Tell whether `user` may suspend organizations and applications, and end it."""
    return bool(user.is_active and user.is_staff and user.has_perm(SUSPEND))


def reviews_by_own_organization(organizations: int) -> bool:
    """Tell whether people may decide on their own organization's items.

    `organizations` is how many exist: without a setting the answer is yes only while there is
    nobody else to ask.
    """
    allowed: bool | None = settings.REVIEW_BY_OWN_ORGANIZATION
    return organizations <= 1 if allowed is None else allowed

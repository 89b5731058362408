"""The two groups of staff, and each permission they have in the administration and outside it.

Whatever is not listed is for superusers: people, their passwords, addresses, groups and second
steps first of all. docs/operations.md says the same in a table.
"""

from typing import Any

from django.apps import AppConfig
from django.conf import settings

REVIEWERS = "Reviewers"
OPERATORS = "Operators"
REVIEW = "accounts.review"
OPERATE = "sending.change_gateway"
SUSPEND = "accounts.suspend"
WITHDRAW_ORIGINATOR = "accounts.withdraw_originator"
REVOKE = "accounts.revoke_apikey"
SUPPORT_VIEW = "accounts.support_view"
REVOKE_TEXT = "templates_app.revoke"

PERMISSIONS: dict[str, frozenset[str]] = {
    REVIEWERS: frozenset({
        REVIEW,
        WITHDRAW_ORIGINATOR,
        "accounts.view_originator",
        "templates_app.add_cataloguereason",
        "templates_app.change_cataloguereason",
        "templates_app.view_cataloguereason",
        "templates_app.view_review",
        "templates_app.view_signature",
        "templates_app.view_signatureversion",
        "templates_app.view_texttemplate",
        "templates_app.view_texttemplateversion",
    }),
    OPERATORS: frozenset({
        OPERATE,
        REVOKE,
        REVOKE_TEXT,
        SUPPORT_VIEW,
        SUSPEND,
        WITHDRAW_ORIGINATOR,
        "accounts.add_applicationcountry",
        "accounts.add_organization",
        "accounts.add_smsapplication",
        "accounts.change_applicationcountry",
        "accounts.change_organization",
        "accounts.change_smsapplication",
        "accounts.delete_applicationcountry",
        "accounts.view_apikey",
        "accounts.view_applicationcountry",
        "accounts.view_auditentry",
        "accounts.view_contact",
        "accounts.view_member",
        "accounts.view_organization",
        "accounts.view_originator",
        "accounts.view_serviceactivation",
        "accounts.view_smsapplication",
        "accounts.view_user",
        "sending.add_gateway",
        "sending.add_gatewaycost",
        "sending.add_httpgateway",
        "sending.add_price",
        "sending.add_priceversion",
        "sending.add_route",
        "sending.change_gatewaycost",
        "sending.change_httpgateway",
        "sending.change_price",
        "sending.change_priceversion",
        "sending.change_route",
        "sending.change_smppaccount",
        "sending.delete_gateway",
        "sending.delete_gatewaycost",
        "sending.delete_httpgateway",
        "sending.delete_price",
        "sending.delete_priceversion",
        "sending.delete_route",
        "sending.delete_smpplockout",
        "sending.view_bindslot",
        "sending.view_gateway",
        "sending.view_gatewaycost",
        "sending.view_httpgateway",
        "sending.view_price",
        "sending.view_priceversion",
        "sending.view_route",
        "sending.view_smppaccount",
        "sending.view_smpplockout",
        "templates_app.view_review",
        "templates_app.view_signature",
        "templates_app.view_signatureversion",
        "templates_app.view_texttemplate",
        "templates_app.view_texttemplateversion",
    }),
}  # fmt: skip


def sync_groups(using: str = "default") -> None:
    """Give both groups exactly their permissions, whatever they had before."""
    from django.contrib.auth.models import Group, Permission

    rows = Permission.objects.using(using).select_related("content_type")
    ids = {f"{row.content_type.app_label}.{row.codename}": row.pk for row in rows}
    for name, permissions in PERMISSIONS.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        # While migrations run backwards, some models are not there.
        group.permissions.set(ids[permission] for permission in permissions & ids.keys())


def sync_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Sync after each migrate (post_migrate), so that new permissions are given at once.

    It must come after the permissions of our own apps are made, hence `sender` is an app that
    Django handles after them (see AccountsConfig.ready).
    """
    del sender
    sync_groups(using)


def is_reviewer(user: Any) -> bool:
    """Tell whether `user` may work on the review desk."""
    return bool(user.is_active and user.is_staff and user.has_perm(REVIEW))


def may_suspend(user: Any) -> bool:
    """Tell whether `user` may suspend organizations and applications, and end it."""
    return bool(user.is_active and user.is_staff and user.has_perm(SUSPEND))


def may_look_as_support(user: Any) -> bool:
    """Tell whether `user` may look at an organization as its members see it."""
    return bool(user.is_active and user.is_staff and user.has_perm(SUPPORT_VIEW))


def may_revoke_texts(user: Any) -> bool:
    """Tell whether `user` may take back the approval of a text or signature."""
    return bool(user.is_active and user.is_staff and user.has_perm(REVOKE_TEXT))


def reviews_by_own_organization(organizations: int) -> bool:
    """Tell whether people may decide on their own organization's items.

    `organizations` is how many exist: without a setting the answer is yes only while there is
    nobody else to ask.
    """
    allowed: bool | None = settings.REVIEW_BY_OWN_ORGANIZATION
    return organizations <= 1 if allowed is None else allowed

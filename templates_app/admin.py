"""The review desk, and signatures and text templates to look at: decided on the desk alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from accounts.recorded import RecordedAdmin
from accounts.staff import is_reviewer, may_revoke_texts
from templates_app.desk import views
from templates_app.models import (
    CatalogueReason,
    Review,
    Signature,
    SignatureVersion,
    TextTemplate,
    TextTemplateVersion,
)


class SignatureVersionInline(ReadOnlyInline):
    """The versions of a signature."""

    model = SignatureVersion
    fk_name = "signature"
    fields = ("number", "state", "content", "kind", "created_by", "submitted_at", "decided_at")
    ordering = ("-number",)


class RevocableAdmin(ReadOnlyAdmin):
    """A list with a link to the page where what is in use is revoked, for who may revoke.

    `noun` is what that page calls the kind.
    """

    noun = ""

    def get_list_display(self, request: HttpRequest) -> Any:
        """Add the column of links."""
        columns = super().get_list_display(request)
        return (*columns, "revocation") if may_revoke_texts(request.user) else columns

    @admin.display(description=_("Revoke"))
    def revocation(self, row: Any) -> str:
        """Link to the page of the version in use, which asks for a reason."""
        if row.approved is None:
            return "–"
        address = reverse("operations:revocation", args=[self.noun, row.approved.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Revoke “%s”") % row.approved)


@admin.register(Signature)
class SignatureAdmin(RevocableAdmin):
    """Signatures of all organizations."""

    noun = "signature"

    list_display = ("__str__", "organization", "created_at", "deleted_at")
    list_select_related = ("organization", "approved")
    search_fields = ("versions__content", "organization__name")
    inlines = (SignatureVersionInline,)


class TextTemplateVersionInline(ReadOnlyInline):
    """The versions of a text template."""

    model = TextTemplateVersion
    fk_name = "text_template"
    fields = ("number", "state", "sms_type", "body", "created_by", "submitted_at", "decided_at")
    ordering = ("-number",)


@admin.register(TextTemplate)
class TextTemplateAdmin(RevocableAdmin):
    """Text templates of all organizations."""

    noun = "text"

    list_display = ("name", "organization", "approved", "created_at", "deleted_at")
    list_select_related = ("organization", "approved__text_template")
    search_fields = ("name", "organization__name")
    inlines = (TextTemplateVersionInline,)


@admin.register(CatalogueReason)
class CatalogueReasonAdmin(RecordedAdmin):
    """The reasons that reviewers choose from; one that is no longer offered stays as history."""

    list_display = ("code", "kind", "title_en", "title_zh", "field", "place", "is_offered")
    list_filter = ("kind", "is_offered")
    search_fields = ("code", "title_en", "title_zh")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep kind and code as they are: decisions name them."""
        return ("kind", "code") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: the console would add its own again."""
        return False


def parts_say_no(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a part of a page to who may not see it: a sign-in page has no place in the desk."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request") and not is_reviewer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def for_reviewers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only reviewers in; other staff have nothing to decide."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_reviewer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Decisions that were made; the desk where they are made lies in front."""

    list_display = ("__str__", "organization", "approved", "reviewer", "by_own_organization", "at")
    list_filter = ("approved", "by_own_organization")
    list_select_related = (
        "organization",
        "reviewer",
        "signature_version",
        "text_template_version__text_template",
    )
    date_hierarchy = "at"

    def get_urls(self) -> list[URLPattern]:
        """Put the pages of the desk before Django's own."""

        def desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return parts_say_no(self.admin_site.admin_view(for_reviewers(view)))

        return [
            path("desk/", desk(views.review_desk), name="review_desk"),
            path("desk/<str:kind>/<int:pk>/", desk(views.review_item), name="review_item"),
            path(
                "desk/signature/<int:pk>/evidence/",
                desk(views.review_evidence),
                name="review_evidence",
            ),
            *super().get_urls(),
        ]

"""Pages of text templates: list, editor with its live part, one text template."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import PREVIEWS, limited
from accounts.requests import MemberRequest, whole_number
from templates_app import queries
from templates_app.actions import (
    add_language,
    create_text_template,
    duplicate,
    save_text_template,
)
from templates_app.diff import diff
from templates_app.equal_texts import equal_texts
from templates_app.forms import LanguageForm, TextTemplateForm
from templates_app.language_names import language_choices
from templates_app.lint import BODY_LIMIT, Finding
from templates_app.lint_report import text_template_report
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.models.text_template import SMS_TYPE_LABELS
from templates_app.preview import preview
from templates_app.replacement import replaced
from templates_app.version_findings import accepts_replies
from templates_app.views import editor, reviews

PAGES = "templates_app:template"


def _text_template(request: MemberRequest, pk: int) -> TextTemplate:
    rows = TextTemplate.objects.for_organization(request.organization).filter(deleted_at=None)
    return get_object_or_404(rows.select_related("approved"), pk=pk)


def _version(request: MemberRequest, pk: int) -> TextTemplateVersion:
    rows = TextTemplateVersion.objects.for_organization(request.organization)
    rows = rows.filter(text_template__deleted_at=None)
    version: TextTemplateVersion = get_object_or_404(rows.select_related("text_template"), pk=pk)
    return version


@needs("view")
def template_list(request: MemberRequest) -> HttpResponse:
    """List text templates; state and type are filtered in the address."""
    state, sms_type = request.GET.get("state", ""), request.GET.get("type", "")
    language, search = request.GET.get("language", ""), request.GET.get("search", "")
    things = queries.text_templates(
        request.organization, state=state, sms_type=sms_type, language=language, search=search
    )
    context = editor.list_context(request, things, PAGES) | {
        "language": language,
        "languages": language_choices()[1:],
        "sms_type": sms_type,
        "sms_types": [(kind.value, label) for kind, label in SMS_TYPE_LABELS.items()],
    }
    return render(request, "templates_app/template_list.html", context)


@needs("content")
@limited(PREVIEWS)
def template_create(request: MemberRequest) -> HttpResponse:
    """Write a new text template."""
    form = TextTemplateForm(_posted(request))
    save = partial(create_text_template, organization=request.organization)
    if version := editor.saved(request, form, save):
        return editor.after_saving(request, version, PAGES)
    return render(request, "templates_app/template_create.html", _editor(request, form, None))


@needs("content")
@limited(PREVIEWS)
def template_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the draft of a text template."""
    version = editor.draft_of(_text_template(request, pk))
    if version is None:
        return redirect("templates_app:template_detail", pk)
    names = ("name", "sms_type", "body", "samples", "remarks", "validity_minutes")
    initial = {name: getattr(version, name) for name in names}
    initial["language"] = version.text_template.language
    form = TextTemplateForm(_posted(request), initial=initial, variant=_variant(version))
    if editor.saved(request, form, partial(save_text_template, version=version)):
        return editor.after_saving(request, version, PAGES)
    return render(request, "templates_app/template_edit.html", _editor(request, form, version))


@needs("content")
@require_POST
@limited(PREVIEWS)
def template_preview(request: MemberRequest) -> HttpResponse:
    """Answer the editor's live part: checks, figures and preview of what is in the form."""
    number = whole_number(request.POST.get("version"))
    version = _version(request, number) if number is not None else None
    form = TextTemplateForm(request.POST, variant=_variant(version))
    context = _editor(request, form, version)
    context["with_samples"] = len(request.POST.getlist("sample")) != len(form.shown_samples)
    return render(request, "templates_app/template_preview.html", context)


@needs("view")
def template_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a text template: one version (the newest, or `?version=`), and all of them."""
    context = editor.detail_context(request, _text_template(request, pk), PAGES)
    version: TextTemplateVersion = context["version"]
    earlier = queries.compared_version(version)
    replies = accepts_replies(request.organization)
    context |= {
        "languages": queries.languages_of(version.text_template),
        "preview": preview(version.body, version.samples),
        "check": text_template_report(
            version.body,
            version.sms_type,
            version.samples,
            accepts_replies=replies,
            beside=_beside(request, version.body, version.sms_type, version),
        ),
        "earlier": earlier,
        "changes": diff(earlier.text, version.text) if earlier else (),
    }
    return render(request, "templates_app/template_detail.html", context)


@needs("content")
@require_POST
def template_new_version(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin the next version as a copy of the version `pk`."""
    return editor.begin_version(request, _version(request, pk), PAGES)


@needs("content")
@require_POST
def template_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw the version `pk` from review, or discard it if it is a draft."""
    return editor.discard_or_withdraw(request, _version(request, pk), PAGES)


@needs("content")
def template_appeal(request: MemberRequest, pk: int) -> HttpResponse:
    """Appeal the rejection of the version `pk`."""
    return reviews.appeal_page(request, _version(request, pk), PAGES)


@needs("content")
def template_questions(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask about the review of the version `pk`, and answer."""
    return reviews.questions_page(request, _version(request, pk), PAGES)


@needs("content")
@require_POST
def template_duplicate(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin a new text template as a copy of the version `pk`."""
    try:
        copy = duplicate(version=_version(request, pk), author=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("templates_app:template_list")
    messages.success(request, _("This is a copy. Change its name and text, then submit it."))
    return redirect("templates_app:template_edit", copy.text_template_id)


@needs("content")
def template_add_language(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin the text template `pk` in another language."""
    text_template = _text_template(request, pk)
    form = LanguageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = add_language(
                text_template=text_template, author=request.user, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("language", str(refusal))
        else:
            return redirect("templates_app:template_edit", version.text_template_id)
    about = {"form": form, "thing": text_template}
    return render(request, "templates_app/template_add_language.html", about)


@needs("content")
@require_POST
def template_submit(request: MemberRequest) -> HttpResponse:
    """Submit the drafts that were chosen in the list."""
    return editor.submit_chosen(request, TextTemplate, PAGES)


@needs("content")
@require_POST
def template_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a text template."""
    return editor.remove(request, _text_template(request, pk), PAGES)


def _variant(version: TextTemplateVersion | None) -> TextTemplateVersion | None:
    """Return the version if it is of a further language."""
    return version if version and version.text_template.variant_of_id else None


def _posted(request: MemberRequest) -> Any:
    """Return what was posted, with the character replaced whose button was pressed."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if "replace" in data:
        data["body"] = replaced(str(data.get("body", "")), str(data["replace"]))
    return data


def _beside(
    request: MemberRequest, body: str, sms_type: str, version: TextTemplateVersion | None
) -> list[Finding]:
    """Return which other text templates match the same texts."""
    of = version.text_template_id if version else None
    return equal_texts(request.organization, body[:BODY_LIMIT], sms_type, of=of)


def _editor(
    request: MemberRequest, form: TextTemplateForm, version: TextTemplateVersion | None
) -> dict[str, Any]:
    body, samples = form.shown_body, form.shown_samples
    signatures = queries.sendable_signatures(request.organization)
    chosen = request.POST.get("signature", "")
    signature = next((one for one in signatures if str(one.pk) == chosen), None)
    prefix = signature.approved.content if signature and signature.approved else None
    earlier: Any = queries.compared_version(version) if version else None
    check = None
    # An empty page has nothing wrong yet.
    if body or form.is_bound:
        replies = accepts_replies(request.organization)
        beside = _beside(request, body, form.shown_type, version)
        check = text_template_report(
            body, form.shown_type, samples, accepts_replies=replies, beside=beside
        )
    return {
        **editor.editor_context(request, form, version, PAGES),
        "samples": samples,
        "signatures": signatures,
        "signature": signature,
        "check": check,
        "characters": len(body),
        "preview": preview(body, samples, prefix),
        "earlier": earlier,
        "earlier_preview": preview(earlier.body, earlier.samples) if earlier else None,
        "changes": diff(earlier.text, body) if earlier else (),
    }

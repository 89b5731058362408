"""Compose a task: what is said, and to whom."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import needs, takes_files
from accounts.errors import MayNotSend, Refusal
from accounts.limits import DOWNLOADS, FILES, limited
from accounts.models import Organization, SmsApplication
from accounts.queries import check_may_send, current_activation, default_application
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.models import RecipientSource, SendTask, Upload
from sending.send_tasks import actions, draft_actions
from sending.send_tasks.forms import COLUMN, ComposeForm
from sending.send_tasks.queries import drafts, tasks
from sending.send_tasks.queries.compose import ComposePage, initial_copy, initial_like
from sending.spreadsheets.sample import sample_workbook
from sending.spreadsheets.writer import XLSX
from templates_app import wording

# Of all fields of a draft together.
_MOST_CHARS = 100_000


@takes_files
@needs("send")
@require_http_methods(["GET", "POST"])
@limited(FILES)
def compose(request: MemberRequest) -> HttpResponse:
    """Compose a task; on POST store the recipients and begin their check."""
    organization = request.organization
    application = default_application(organization)
    try:
        check_may_send(organization, application)
    except MayNotSend as error:
        return _closed(request, application, error)
    if request.method == "GET" or "show" in request.POST:
        return _page(request, application, _prefilled(request))
    form = ComposeForm(request.POST, request.FILES, organization=organization)
    valid = form.is_valid()
    upload = _stored(request, form)
    if "save" in request.POST:
        return _save(request, application, form, upload)
    refusal = ""
    if valid:
        try:
            task = _compose(request, form, upload)
            return redirect("send_tasks:check", pk=task.pk)
        except Refusal as error:
            refusal = str(error)
    return _page(request, application, _again(request, form, upload, refusal))


def _closed(
    request: MemberRequest, application: SmsApplication | None, refusal: MayNotSend
) -> HttpResponse:
    """Say why nothing can be sent, and what to do."""
    context = {
        "activation": current_activation(request.organization),
        "application": application,
        "refusal": refusal,
    }
    return render(request, "sending/send_tasks/not_active.html", context)


def _save(
    request: MemberRequest,
    application: SmsApplication | None,
    form: ComposeForm,
    upload: Upload | None,
) -> HttpResponse:
    """Put everything aside as it is; only a file that is no spreadsheet is refused."""
    entered = form.entered
    if sum(map(len, entered.values())) > _MOST_CHARS:
        refusal = _("That is too much for a draft. Upload the numbers as a spreadsheet.")
        return _page(request, application, _again(request, form, upload, refusal))
    # That no file was chosen yet is no reason to refuse.
    if "file" in form.errors and form.files:
        return _page(request, application, _again(request, form, upload, ""))
    draft = draft_actions.save_draft(
        organization=request.organization,
        user=request.user,
        fields=entered,
        upload=upload,
        draft=form.chosen("draft"),
    )
    messages.success(request, _("The draft is saved. Nothing was checked or sent."))
    return redirect(f"{reverse('send_tasks:compose')}?draft={draft.pk}")


def _stored(request: MemberRequest, form: ComposeForm) -> Upload | None:
    """Keep a good file, even if something else is wrong: a browser cannot fill it in again."""
    file = form.cleaned_data.get("file")
    if file and form.data.get("source") == RecipientSource.UPLOAD:
        return Upload.keep(organization=request.organization, user=request.user, file=file)
    return form.cleaned_data.get("upload")


def _compose(request: MemberRequest, form: ComposeForm, upload: Upload | None) -> SendTask:
    """Make the task that a valid form asks for."""
    data = form.cleaned_data
    return actions.compose_task(
        organization=request.organization,
        user=request.user,
        name=data["name"],
        text_template=data["template"],
        signature=data["signature"],
        source=RecipientSource(data["source"]),
        upload=upload,
        group=data["group"],
        numbers=data["numbers"],
        variable_columns=form.variable_columns,
        corrects=data["corrects"],
        replaces=form.replaces,
        draft=data["draft"],
    )


def _again(
    request: MemberRequest, form: ComposeForm, upload: Upload | None, refusal: str
) -> ComposeForm:
    """Return the form with all that was entered, the file included, and what is wrong."""
    if upload is not None:
        data = request.POST.copy()
        data["upload"] = str(upload.pk)
        form = ComposeForm(data, organization=request.organization)
    if refusal:
        # A form takes errors only after it was cleaned.
        form.full_clean()
        form.add_error(None, refusal)
    return form


def _prefilled(request: MemberRequest) -> ComposeForm:
    """Return an unbound form: what the address chooses, or what was filled in so far."""
    organization = request.organization
    given = request.POST if request.method == "POST" else request.GET
    initial: dict[str, Any] = {
        name: given[name] for name in ComposeForm.base_fields if name in given
    }
    initial |= {name: given[name] for name in given if COLUMN.fullmatch(name)}
    hides_numbers = not request.member.may(Permission.NUMBERS)
    begun = (
        _begun(organization, given, hides_numbers=hides_numbers) if request.method == "GET" else {}
    )
    if not begun and initial.get("group") and "source" not in initial:
        initial["source"] = RecipientSource.GROUP.value
    return ComposeForm(initial=begun | initial, organization=organization)


def _begun(organization: Organization, given: QueryDict, *, hides_numbers: bool) -> dict[str, Any]:
    """Return what the page begins with: a draft, a task to duplicate, or one to correct."""
    like, copy, draft = (whole_number(given.get(name)) for name in ("like", "copy", "draft"))
    if draft and (kept := drafts.drafts(organization).filter(pk=draft).first()):
        return {**kept.initial, "draft": kept.pk}
    task = tasks.tasks(organization).filter(pk=copy or like or 0).first()
    if task is None:
        return {}
    begin = initial_copy if copy else initial_like
    return begin(task, hides_numbers=hides_numbers)


def _page(
    request: MemberRequest, application: SmsApplication | None, form: ComposeForm
) -> HttpResponse:
    """Show the form with what its choices mean: preview, originator and example rows."""
    page = ComposePage.of(application, form.chosen("template"), form.chosen("signature"))
    context = {
        "form": form,
        "templates_in_review": form.templates_in_review,
        "kept": form.chosen("upload"),
        "draft": form.chosen("draft"),
        "keep_drafts_days": settings.KEEP_DRAFTS_DAYS,
        "source": form["source"].value(),
        **vars(page),
    }
    return render(request, "sending/send_tasks/compose.html", context)


@needs("send")
@require_GET
@limited(DOWNLOADS)
def sample(request: MemberRequest, pk: int) -> HttpResponse:
    """Download a spreadsheet made for a text template: headings, a sample and instructions."""
    template = get_object_or_404(tasks.sendable_templates(request.organization), pk=pk)
    version = template.approved
    assert version is not None
    content = sample_workbook(
        wording.parse(version.body).variables,
        version.samples,
        number_instruction=_(
            "Country code and number without +, for example 85251230001. One recipient per row."
        ),
        variable_instruction=_("What replaces {{number}} in the text."),
    )
    response = HttpResponse(content, content_type=XLSX)
    name = slugify(template.name) or f"template-{template.pk}"
    response["Content-Disposition"] = f'attachment; filename="{name}-sample.xlsx"'
    return response

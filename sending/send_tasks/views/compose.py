"""Compose a task: what is said, and to whom."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.queries import current_activation, may_send
from accounts.requests import MemberRequest
from sending.models import RecipientSource, SendTask, Upload
from sending.models.paging import whole_number
from sending.send_tasks import actions
from sending.send_tasks.forms import ComposeForm, variables_refusal
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.check import text_with
from sending.spreadsheets.columns import NUMBER_HEADING, VARIABLE_HEADING
from sending.spreadsheets.sample import sample_workbook
from sending.spreadsheets.writer import XLSX
from templates_app import wording
from templates_app.models import Signature, TextTemplate
from templates_app.queries import sendable_signatures

# Two rows of an example table: numbers that nobody has.
EXAMPLE_NUMBERS = ("85251230001", "447400123001")


@needs("send")
@require_http_methods(["GET", "POST"])
def compose(request: MemberRequest) -> HttpResponse:
    """Compose a task; on POST store the recipients and begin their check."""
    organization = request.organization
    if not may_send(organization):
        context = {"activation": current_activation(organization)}
        return render(request, "sending/send_tasks/not_active.html", context)
    if request.method == "GET" or "show" in request.POST:
        return _page(request, _prefilled(request))
    form = ComposeForm(request.POST, request.FILES, organization=organization)
    valid = form.is_valid()
    upload = _stored(request, form)
    refusal = ""
    if valid:
        try:
            task = _compose(request, form, upload)
            return redirect("send_tasks:check", pk=task.pk)
        except Refusal as error:
            refusal = str(error)
    return _page(request, _again(request, form, upload, refusal))


def _stored(request: MemberRequest, form: ComposeForm) -> Upload | None:
    """Keep a good file, even if something else is wrong: a browser cannot fill it in again."""
    file = form.cleaned_data.get("file")
    if file and form.cleaned_data.get("source") == RecipientSource.UPLOAD:
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
        instead_of=data["instead_of"],
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
    like = whole_number(given.get("like"))
    if like and (task := tasks.tasks(organization).filter(pk=like).first()):
        initial = _like(task) | initial
    elif initial.get("group") and "source" not in initial:
        initial["source"] = RecipientSource.GROUP.value
    return ComposeForm(initial=initial, organization=organization)


def _like(task: SendTask) -> dict[str, Any]:
    """Return what a corrected task begins with: everything but the file."""
    return {
        "name": task.name,
        "template": task.text_template_version.text_template_id,
        "signature": task.signature_version and task.signature_version.signature_id,
        "source": task.source,
        "group": task.group_id,
        "numbers": task.numbers,
        "instead_of": task.pk,
    }


def _page(request: MemberRequest, form: ComposeForm) -> HttpResponse:
    organization = request.organization
    template = _chosen(form, "template", tasks.sendable_templates(organization))
    signature = _chosen(form, "signature", sendable_signatures(organization))
    context = {
        "form": form,
        "chosen": template,
        "templates_in_review": tasks.templates_in_review(organization),
        "originator": tasks.composing_originator(organization),
        "refusal": variables_refusal(template),
        "kept": _chosen(form, "upload", Upload.objects.for_organization(organization)),
        "source": form["source"].value(),
        **_preview(template, signature),
    }
    return render(request, "sending/send_tasks/compose.html", context)


def _chosen(form: ComposeForm, name: str, among: Any) -> Any:
    """Return the row that a field of the form names now, valid or not."""
    value = form[name].value()
    pk = whole_number(str(value)) if value else None
    return among.filter(pk=pk).first() if pk else None


def _preview(template: TextTemplate | None, signature: Signature | None) -> dict[str, Any]:
    """Return the text with its sample values, and what a sheet for it looks like."""
    version = template.approved if template else None
    if version is None:
        return {"preview": None, "headings": [NUMBER_HEADING], "examples": []}
    count = wording.parse(version.body).variables
    samples = [*version.samples, *[""] * count][:count]
    numbers = range(1, count + 1)
    return {
        "preview": text_with(version, signature.approved if signature else None, samples),
        "samples": get_text_list([sample for sample in samples if sample], _("and")),
        "headings": [NUMBER_HEADING, *(VARIABLE_HEADING.format(number=n) for n in numbers)],
        "examples": [[number, *samples] for number in EXAMPLE_NUMBERS],
    }


@needs("send")
@require_GET
def sample(request: MemberRequest, pk: int) -> HttpResponse:
    """Download a spreadsheet made for a text template: headings, a sample and instructions."""
    template = get_object_or_404(tasks.sendable_templates(request.organization), pk=pk)
    version = template.approved
    assert version is not None
    content = sample_workbook(
        wording.parse(version.body).variables,
        version.samples,
        number_instruction=_(
            "Country code and number without +, for example 85251230001. One recipient a row."
        ),
        variable_instruction=_("What replaces {{number}} in the text."),
    )
    response = HttpResponse(content, content_type=XLSX)
    name = slugify(template.name) or f"template-{template.pk}"
    response["Content-Disposition"] = f'attachment; filename="{name}-sample.xlsx"'
    return response

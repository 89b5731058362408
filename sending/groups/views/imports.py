"""Pages that bring numbers into a group: enter, import, and what came of it."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs, takes_files
from accounts.downloads import download
from accounts.errors import Refusal
from accounts.limits import DOWNLOADS, FILES, limited
from accounts.requests import MemberRequest
from sending.groups import actions, queries
from sending.groups.forms import CustomersFileForm, ImportForm, NumbersForm
from sending.groups.reading import ImportReadingForm, can_be_read_otherwise
from sending.groups.views.groups import group_or_404
from sending.intake import sentences
from sending.models import CustomerGroup, GroupImport, ImportState, Problem
from sending.models.problem import problem_page
from sending.spreadsheets.writer import stream_csv


def import_or_404(request: MemberRequest, pk: int) -> GroupImport:
    """Return an import of the reader's organization."""
    imports = GroupImport.objects.for_organization(request.organization)
    found: GroupImport = get_object_or_404(imports.select_related("group", "upload"), pk=pk)
    return found


def begun(
    request: MemberRequest,
    group: CustomerGroup | None,
    form: NumbersForm | ImportForm,
    *,
    suppresses: bool = False,
) -> HttpResponse | None:
    """Begin to import what was entered, and lead to its page; None: the form is to be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    started = actions.start_import(
        organization=request.organization,
        group=group,
        user=request.user,
        suppresses=suppresses,
        **form.cleaned_data,
    )
    return redirect("groups:import_result", pk=started.pk)


@needs("customers")
@limited(FILES)
def enter(request: MemberRequest, pk: int) -> HttpResponse:
    """Enter up to a hundred numbers."""
    group = group_or_404(request, pk)
    form = NumbersForm(request.POST or None)
    context = {"group": group, "form": form}
    return begun(request, group, form) or render(request, "sending/groups/enter.html", context)


@takes_files
@needs("customers")
@limited(FILES)
def import_file(request: MemberRequest, pk: int) -> HttpResponse:
    """Upload a spreadsheet of customers."""
    group = group_or_404(request, pk)
    form = CustomersFileForm(request.POST or None, request.FILES or None)
    context = {"group": group, "form": form}
    page = "sending/groups/import_file.html"
    return begun(request, group, form) or render(request, page, context)


@require_GET
@needs("view")
def import_result(request: MemberRequest, pk: int) -> HttpResponse:
    """Show how far an import is, and in the end what became of every row."""
    group_import = import_or_404(request, pk)
    readable = can_be_read_otherwise(group_import) or group_import.state == ImportState.COLUMNS
    reading = ImportReadingForm(group_import=group_import) if readable else None
    return _result_page(request, group_import, reading)


def _result_page(
    request: MemberRequest, group_import: GroupImport, reading: ImportReadingForm | None
) -> HttpResponse:
    page = problem_page(queries.problems_of(group_import), request.GET.get("after", ""))
    context = {
        "import": group_import,
        "running": group_import.state in (ImportState.WAITING, ImportState.RUNNING),
        "page": page,
        "problems": [(problem, sentence_of(problem)) for problem in page.rows],
        "failure": sentences.file_sentence(group_import.failure_code, group_import.failure_params)
        if group_import.state == ImportState.REJECTED
        else None,
        "notes": [
            sentences.note_sentence(code, params)
            for code, params in group_import.facts.get("notes", [])
        ],
        "reading": reading,
        "asks": group_import.state == ImportState.COLUMNS,
    }
    return render(request, "sending/groups/import_result.html", context)


@needs("customers")
@require_POST
@limited(FILES)
def import_read_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Import the stored file once more, with the sheet, encoding or columns people chose."""
    group_import = import_or_404(request, pk)
    form = ImportReadingForm(request.POST, group_import=group_import)
    if can_be_read_otherwise(group_import) and not form.is_valid():
        return _result_page(request, group_import, form)
    try:
        group_import = actions.read_import_again(
            group_import=group_import,
            user=request.user,
            **(form.reading() if form.is_valid() else {}),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("groups:import_result", pk=group_import.pk)


@needs("customers")
@require_POST
@limited(FILES)
def import_columns(request: MemberRequest, pk: int) -> HttpResponse:
    """Go on with an import whose columns somebody has looked at, or look at others."""
    group_import = import_or_404(request, pk)
    if group_import.state == ImportState.COLUMNS:
        form = ImportReadingForm(request.POST, group_import=group_import)
        if not form.is_valid():
            return _result_page(request, group_import, form)
        actions.confirm_columns(
            group_import=group_import, reading=form.reading(), asks_again=form.is_cut_anew
        )
    return redirect("groups:import_result", pk=pk)


@require_GET
@needs("numbers")
@limited(DOWNLOADS)
def import_problems(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    """Download the refused rows with their reasons."""
    group_import = import_or_404(request, pk)
    headings = [_("Row"), _("Cell"), _("Value"), _("Problem"), _("What to do"), _("Code")]
    return download(f"refused-{pk}.csv", stream_csv(headings, _reasons(group_import)))


def _reasons(group_import: GroupImport) -> Iterator[Sequence[str | int]]:
    """Yield one line for each refused row."""
    for row in queries.problems_of(group_import).iterator():
        said = sentence_of(row)
        yield [row.row, row.cell, row.value, said.what, said.to_do, row.code]


def sentence_of(problem: Problem) -> sentences.Sentence:
    """Return why a row was refused, and what to do."""
    return sentences.row_sentence(problem.code, problem.params, problem.value, problem.suggestion)

"""Tasks of all organizations, one of them with the buttons that stop it, and revoked texts."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Refusal
from accounts.limits import SEARCHES, limited
from accounts.requests import PersonRequest, whole_number
from sending.delivery.pausing import operators_pause
from sending.delivery.revocation import open_tasks
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.operations import task_actions
from sending.operations.access import operators_only, who_may_revoke
from sending.operations.forms.tasks import AllTasksForm, StopReasonForm
from sending.operations.queries import tasks as queries
from templates_app.models import SignatureVersion, TextTemplateVersion
from templates_app.review import ReviewState

_KINDS = {"signature": SignatureVersion, "text": TextTemplateVersion}
_TOLD = gettext_lazy("Done. Whoever sent it is told why.")
_DONE = {"pause": _TOLD, "cancel": _TOLD, "resume": gettext_lazy("The task goes on.")}
_OVER = frozenset({TaskState.FINISHED, TaskState.CANCELLED, TaskState.REJECTED})


@require_GET
@limited(SEARCHES)
@operators_only
def tasks(request: PersonRequest) -> HttpResponse:
    """List tasks of all organizations, the newest first."""
    form = AllTasksForm(request.GET)
    wanted, after = form.asked(), whole_number(request.GET.get("after"))
    page = queries.all_tasks(wanted, after)
    context = {"form": form, "wanted": wanted, "page": page}
    return render(request, "sending/operations/tasks.html", context)


@require_http_methods(["GET", "POST"])
@operators_only
def task(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a task without its numbers and texts; pause, resume or cancel it."""
    found = get_object_or_404(
        SendTask.objects.select_related(
            *("organization", "application", "created_by", "sent_by", "signature_version"),
            "text_template_version__text_template",
        ),
        pk=pk,
    )
    form = StopReasonForm(request.POST or None)
    if form.is_valid():
        return _stopped(request, found, form.cleaned_data["reason"])
    context = {
        "task": found,
        "figures": queries.figures_of(found),
        "gateways": queries.gateways_of(found),
        "form": form,
        "is_over": found.state in _OVER,
        "held_by": operators_pause(found.pk) if found.state == TaskState.PAUSED else None,
    }
    return render(request, "sending/operations/task.html", context)


def _stopped(request: PersonRequest, found: SendTask, reason: str) -> HttpResponse:
    acts = {
        "pause": task_actions.pause_task,
        "resume": task_actions.resume_task,
        "cancel": task_actions.cancel_task,
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        messages.error(request, _("Choose whether to pause, resume or cancel it."))
        return redirect(request.path)
    try:
        act(actor=request.user, task=found, reason=reason)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _DONE[request.POST["do"]])
    return redirect(request.path)


@require_http_methods(["GET", "POST"])
@who_may_revoke
def revocation(request: PersonRequest, kind: str, pk: int) -> HttpResponse:
    """Revoke an approved version of a text template or signature."""
    if kind not in _KINDS:
        raise Http404
    version = get_object_or_404(_KINDS[kind].objects.select_related("organization"), pk=pk)
    form = StopReasonForm(request.POST or None)
    if form.is_valid():
        try:
            stopped = task_actions.revoke_text(
                actor=request.user, version=version, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = ngettext(
                "Revoked. %(n)s task was stopped.", "Revoked. %(n)s tasks were stopped.", stopped
            )
            messages.success(request, said % {"n": stopped})
        return redirect(request.path)
    context = {
        "version": version,
        "form": form,
        "is_approved": version.state == ReviewState.APPROVED,
        "tasks": open_tasks(version),
    }
    return render(request, "sending/operations/revocation.html", context)

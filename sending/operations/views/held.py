"""A console that is held: what is known, and its release."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Refusal
from accounts.models import Rest
from accounts.requests import PersonRequest
from sending.delivery.held.comparison import HeldComparison, compare
from sending.delivery.held.words import sentences
from sending.operations import actions
from sending.operations.access import operators_only
from sending.operations.forms.held import ReleaseForm


@require_http_methods(["GET", "POST"])
@operators_only
def held(request: PersonRequest) -> HttpResponse:
    """Say what is known while nothing leaves, and take the decision that releases the console."""
    known = compare()
    posted = request.POST if request.method == "POST" else None
    form = ReleaseForm(posted, initial=_proposed(known))
    if form.is_valid():
        return _released(request, Rest(form.cleaned_data["rest"]))
    context = {"known": known, "form": form, "sentences": sentences(known) if known else []}
    return render(request, "sending/operations/held.html", context)


def _proposed(known: HeldComparison | None) -> dict[str, str]:
    proven = known is not None and known.is_complete
    return {"rest": (Rest.QUEUED if proven else Rest.DOUBT).value}


def _released(request: PersonRequest, rest: Rest) -> HttpResponse:
    try:
        actions.release_console(actor=request.user, rest=rest)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The console is being released. This page says when it is."))
    return redirect("operations:held")

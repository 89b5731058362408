"""A form that sends one request as a program would, and shows all of it."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.limits import TRIALS, limited
from accounts.requests import MemberRequest
from accounts.roles import Permission
from sending.developers.actions import send_in_earnest
from sending.developers.endpoint import endpoint_of
from sending.developers.forms.trial import TrialForm
from sending.developers.queries import choices
from sending.developers.queries.requests import request_named
from sending.developers.trial import send_trial


@needs("view")
@require_http_methods(["GET", "POST"])
@limited(TRIALS)
def try_it(request: MemberRequest) -> HttpResponse:
    """Show the form, and after it was sent the signed request and its answer."""
    organization = request.organization
    templates = choices.templates(organization)
    samples = choices.samples_of(templates[0]) if templates else []
    form = TrialForm(
        request.POST if request.method == "POST" else None,
        keys=choices.keys(organization),
        templates=templates,
        signatures=choices.signatures(organization),
        may_send=request.member.may(Permission.SEND) and not organization.is_suspended,
        # Those of the template that stands first in the list.
        initial={"once": secrets.token_hex(16), "values": "\n".join(samples)},
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context |= _tried(request, form)
    return render(request, "sending/developers/try_it.html", context)


def _tried(request: MemberRequest, form: TrialForm) -> dict[str, Any]:
    asked = (form.chosen_key(), endpoint_of(request), form.parameters())
    address, once = str(request.META.get("REMOTE_ADDR", "")), form.sent_once()
    if once:
        trial = send_in_earnest(*asked, address=address, once=once, actor=request.user)
    else:
        trial = send_trial(*asked, address=address)
    return {
        "trial": trial,
        "is_dry_run": not once,
        "logged": request_named(request.organization, trial.request_id),
    }

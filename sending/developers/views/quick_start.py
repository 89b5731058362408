"""How to begin: what is needed, and programs with the reader's own ids filled in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.developers.endpoint import endpoint_of
from sending.developers.examples import ExampleValues, environment_of, examples_of
from sending.developers.forms.filters import ExampleForm
from sending.developers.queries import choices

# As the page that composes a task has it.
EXAMPLE_NUMBER = "+85251230001"


@needs("view")
@require_GET
def start(request: MemberRequest) -> HttpResponse:
    """Show the ways for programs to send, and where each begins."""
    return render(request, "sending/developers/start.html")


@needs("view")
@require_GET
def quick_start(request: MemberRequest) -> HttpResponse:
    """Show programs that send, for the application and the template that are chosen."""
    form = ExampleForm(
        request.GET,
        applications=choices.applications(request.organization),
        templates=choices.templates(request.organization),
        signatures=choices.signatures(request.organization),
    )
    application, template, signature = form.selected()
    endpoint = endpoint_of(request)
    key = next(
        (
            key
            for key in choices.keys(request.organization)
            if application and key.application_id == application.pk
        ),
        None,
    )
    context: dict[str, Any] = {
        "form": form,
        "application": application,
        "template": template,
        "endpoint": endpoint,
        "number": EXAMPLE_NUMBER,
        "key": key,
        "environment": environment_of(key.secret_id if key else ""),
    }
    if application and template:
        context["examples"] = examples_of(
            ExampleValues(
                endpoint=endpoint,
                sdk_app_id=application.sdk_app_id,
                template_id=str(template.pk),
                number=EXAMPLE_NUMBER,
                values=choices.samples_of(template),
                signature=str(signature) if signature else "",
            )
        )
    return render(request, "sending/developers/quick_start.html", context)

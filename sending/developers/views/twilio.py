"""What programs on the SDKs of Twilio need: how they begin, and every code they are answered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.developers.endpoint import endpoint_of
from sending.developers.queries import choices
from sending.developers.twilio_examples import twilio_environment, twilio_examples
from sending.developers.views.quick_start import EXAMPLE_NUMBER
from sending.dialects.twilio.errors import CODES


@needs("view")
@require_GET
def twilio(request: MemberRequest) -> HttpResponse:
    """Show programs that send with the first application and the newest approved template."""
    application = next(iter(choices.applications(request.organization)), None)
    template = next(iter(choices.templates(request.organization)), None)
    endpoint = endpoint_of(request)
    context: dict[str, Any] = {
        "application": application,
        "template": template,
        "endpoint": endpoint,
        "number": EXAMPLE_NUMBER,
    }
    if application and template:
        context["environment"] = twilio_environment(application.account_sid)
        context["examples"] = twilio_examples(
            endpoint,
            service_sid=application.service_sid,
            content_sid=template.content_sid,
            number=EXAMPLE_NUMBER,
            values=choices.samples_of(template),
        )
    return render(request, "sending/developers/twilio.html", context)


@needs("view")
@require_GET
def twilio_errors(request: MemberRequest) -> HttpResponse:
    """List every code; answers of the API lead to its row."""
    context = {"codes": CODES.values()}
    return render(request, "sending/developers/twilio_errors.html", context)

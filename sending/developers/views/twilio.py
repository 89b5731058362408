"""What programs on the SDKs of Twilio need: how they begin, and every code they are answered."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.dialects.twilio.errors import CODES


@needs("view")
@require_GET
def twilio_errors(request: MemberRequest) -> HttpResponse:
    """List every code; answers of the API lead to its row."""
    context = {"codes": CODES.values()}
    return render(request, "sending/developers/twilio_errors.html", context)

"""Gives requests of programs to the API before anything of the console sees them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sending.api.twilio.answering import answer
from sending.dialects.twilio.routing import is_for_api


class TwilioApiMiddleware:
    """Stands before sessions, CSRF, redirects and policies of pages: they are for browsers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a program, or go on to the console."""
        if is_for_api(request.path_info):
            return answer(request)
        return self.get_response(request)

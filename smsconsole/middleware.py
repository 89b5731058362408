"""What holds for every answer of the console."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NoStoreMiddleware:
    """Keeps answers out of caches and of the disks of browsers; static files never come here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say that nobody may keep it."""
        response = self.get_response(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response

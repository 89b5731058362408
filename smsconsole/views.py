"""The few pages that belong to no app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import choose_language
from accounts.languages import is_spoken
from smsconsole.context import THEME_COOKIE
from smsconsole.uploads import FilesNotTaken


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process serves; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark, and go back to the page."""
    response = _back(request)
    chosen = "dark" if request.POST.get("theme") == "dark" else "light"
    response.set_cookie(
        THEME_COOKIE,
        chosen,
        max_age=31_536_000,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember a language with the person and in the browser, and go back to the page."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if not is_spoken(chosen):
        return response
    if request.user.is_authenticated:
        choose_language(user=request.user, language=chosen)
    # Pages before the sign-in are then in the same language.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Lead back to the page that the form names, if it is one of ours."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    return HttpResponseRedirect(back)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what about a request could not be read."""
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return render(request, "413.html", {"most": most}, status=413)
    brings_file = isinstance(exception, FilesNotTaken)
    return render(request, "400.html", {"brings_file": brings_file}, status=400)

"""The few pages that belong to no app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import csrf
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import choose_language
from accounts.languages import is_spoken
from smsconsole.context import THEME_COOKIE
from smsconsole.form_origin import FIELD, FormOrigin
from smsconsole.kept_forms import keep, refuse_late_form
from smsconsole.uploads import FilesNotTaken, NoRoom, no_room


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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Bring back a form that its own person sends after signing in anew; refuse all others."""
    own = FormOrigin.of(request)
    origin = FormOrigin.read(request.POST.get(FIELD)) if own else None
    if own is None or origin is None or origin.user_id != own.user_id:
        return csrf.csrf_failure(request, reason)
    if origin.organization_id not in {0, own.organization_id}:
        return refuse_late_form(request, origin)
    page = keep(request, origin)
    return redirect(page) if page else csrf.csrf_failure(request, reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what about a request could not be read, or stored."""
    if isinstance(exception, NoRoom):
        return no_room(request)
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return render(request, "413.html", {"most": most}, status=413)
    brings_file = isinstance(exception, FilesNotTaken)
    return render(request, "400.html", {"brings_file": brings_file}, status=400)

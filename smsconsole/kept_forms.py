"""A form that comes when it cannot be taken: what was entered is kept for its person for a while.

Either the session has ended, or another tab has switched to another organization. Nothing is done
of what the form asks; its fields go into the session, without files and passwords, and back into
the form when the same person opens its page.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts.middleware import SESSION_KEY as ORGANIZATION_KEY
from smsconsole.form_origin import FIELD, FormOrigin
from smsconsole.refill import refilled
from smsconsole.uploads import largest_body

SESSION_KEY = "kept_form"
KEPT_SECONDS = 30 * 60
"""So long somebody may take to sign in."""
MOST_CHARS = 100_000
_NOT_OURS = ("account_", "mfa_", "usersessions_", "admin:")
_SECRET = re.compile(r"passw|secret|credential|token|\bkey\b|^form_origin$|^once$", re.IGNORECASE)


class _WithoutFiles(FileUploadHandler):
    """Lets files pass by: none of them is stored."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> None:
        """Raise SkipFile."""
        raise SkipFile

    def receive_data_chunk(self, _raw_data: bytes, _start: int) -> None:
        """Never called."""

    def file_complete(self, _file_size: int) -> None:
        """Never called."""


class KeptFormMiddleware:
    """Keeps the fields of a form whose session has ended, and brings them back after signing in.

    Parts of pages that ask for themselves (htmx) get a 401, which swaps nothing: the page stays as
    it is, and says that it is no longer renewed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer; what was kept shows on the page of its form."""
        kept = _kept(request)
        shown = kept if kept and _is_page_of(request, kept) else None
        request.kept_form = shown
        response = self.get_response(request)
        if not request.user.is_authenticated:
            return _asked_to_sign_in(request, response)
        if shown and response.status_code == 200 and not response.streaming:
            del request.session[SESSION_KEY]
            _refill(request, response, shown)
        return response


def _kept(request: Any) -> dict[str, Any] | None:
    """Return what is kept for the reader; what is anybody else's, or old, goes."""
    if not request.user.is_authenticated or SESSION_KEY not in request.session:
        return None
    kept: dict[str, Any] = request.session[SESSION_KEY]
    if request.session.get("_session_expiry") == KEPT_SECONDS:
        # A passkey keeps the short life of the session before.
        request.session.set_expiry(None)
    if kept["user"] != request.user.pk or time.time() - kept["at"] > KEPT_SECONDS:
        del request.session[SESSION_KEY]
        return None
    # Signing in has forgotten which organization the person worked in.
    if kept["organization"] and kept.pop("ended", False):
        request.session[ORGANIZATION_KEY] = kept["organization"]
        request.session.modified = True
    return kept


def _is_page_of(request: Any, kept: dict[str, Any]) -> bool:
    opens = request.method == "GET" and not request.headers.get("HX-Request")
    return opens and bool(request.path == kept["page"].partition("?")[0])


def _asked_to_sign_in(request: Any, response: HttpResponse) -> HttpResponse:
    """Change an answer that leads to the sign-in page: for parts, and for forms."""
    sign_in = resolve_url(settings.LOGIN_URL)
    location = response.headers.get("Location", "")
    if response.status_code != 302 or location.partition("?")[0] != sign_in:
        return response
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    if request.method == "POST" and _may_be_kept(request.path):
        origin = _read(request)
        if origin is not None and (page := keep(request, origin, ended=True)):
            # Nobody is signed in yet: what is not taken up soon is deleted.
            request.session.set_expiry(KEPT_SECONDS)
            response["Location"] = f"{sign_in}?{urlencode({'next': page})}"
    return response


def _read(request: Any) -> FormOrigin | None:
    """Read the form of somebody who has to sign in, within bounds; None if it is none of ours."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or int(length[:20]) > largest_body(request.path):
        return None
    if not hasattr(request, "_post"):
        request.upload_handlers = [_WithoutFiles(request)]
    try:
        return FormOrigin.read(request.POST.get(FIELD))
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return None


def keep(request: Any, origin: FormOrigin, *, ended: bool = False) -> str:
    """Keep the fields of a form in the session; return the page of the form, empty if not kept."""
    fields = [
        (field, value)
        for field, values in request.POST.lists()
        for value in values
        if field != "csrfmiddlewaretoken" and not _SECRET.search(field)
    ]
    size = sum(len(field) + len(value) for field, value in fields)
    if not _may_be_kept(request.path) or size > MOST_CHARS:
        return ""
    page = _page_of(request)
    request.session[SESSION_KEY] = {
        "user": origin.user_id,
        "organization": origin.organization_id,
        "page": page,
        "action": request.path,
        "fields": fields,
        "at": int(time.time()),
        "ended": ended,
        "had_file": request.content_type == "multipart/form-data",
    }
    return page


def _page_of(request: Any) -> str:
    """Return the page on which the form stood, as the browser says; else where it posts to."""
    referer = request.headers.get("Referer", "")
    if len(referer) <= 2_000 and url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        path = "/" + referer.partition("://")[2].partition("/")[2]
        if _view_name(path.partition("?")[0]):
            return str(path)
    return str(request.get_full_path())


def _may_be_kept(path: str) -> bool:
    """Tell whether a path is of a page of ours, not of signing in or of the administration."""
    name = _view_name(path)
    return bool(name) and not name.startswith(_NOT_OURS)


def _view_name(path: str) -> str:
    try:
        return str(resolve(path).view_name)
    except Resolver404:
        return ""


def _refill(request: Any, response: HttpResponse, kept: dict[str, Any]) -> None:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    html = response.content.decode(response.charset)
    filled = refilled(html, request.path, kept["action"], map(tuple, kept["fields"]))
    if filled is not None:
        response.content = filled


def refuse_late_form(request: Any, origin: FormOrigin) -> HttpResponse:
    """Say that a form belongs to an organization that the reader has left, and offer to go back."""
    places = {place.organization_id: place.organization for place in request.memberships}
    context = {
        "form_of": places.get(origin.organization_id),
        "page": keep(request, origin) or _page_of(request),
    }
    return render(request, "late_form.html", context, status=409)


class FormOriginMiddleware:
    """Refuses a form that was made in another organization than the one the reader works in now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; `process_view` has the say."""
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, *_arguments: object) -> HttpResponse | None:
        """Look at forms of pages that belong to organizations."""
        if request.method != "POST" or not hasattr(view, "needs") or request.organization is None:
            return None
        origin = FormOrigin.read(request.POST.get(FIELD))
        if origin is None or origin.organization_id in {0, request.organization.pk}:
            return None
        return refuse_late_form(request, origin)

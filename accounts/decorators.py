"""What a page asks of its reader before it answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.roles import FOR_SENDING, Permission

View = Callable[..., HttpResponseBase]


def needs(permission: Permission | str) -> Callable[[View], View]:
    """Let only members with `permission` in the current organization see the page.

    A page that sends, or prepares it, is closed while the organization is suspended.
    """
    wanted = Permission(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            member = request.member  # type: ignore[attr-defined]
            if member is None:
                return redirect("accounts:organization_create")
            if not member.may(wanted):
                raise PermissionDenied(wanted.value)
            if wanted in FOR_SENDING and member.organization.is_suspended:
                return render(request, "accounts/suspended.html", status=403)
            return view(request, *args, **kwargs)

        checked.needs = wanted  # type: ignore[attr-defined]
        return checked

    return decorate

"""Who is an operator: staff with the permission to change gateways."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.staff import OPERATE

View = Callable[..., HttpResponse]


def is_operator(user: Any) -> bool:
    """Tell whether `user` may see and steer all gateways, and trace numbers."""
    return bool(user.is_active and user.is_staff and user.has_perm(OPERATE))


def operators_only(view: View) -> View:
    """Let only operators see the page."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request.user):
            raise PermissionDenied(OPERATE)
        return view(request, *args, **kwargs)

    return checked

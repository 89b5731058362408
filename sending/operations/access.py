"""Who is an operator: staff with the permission to change gateways; and who may suspend."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.staff import OPERATE, may_look_as_support, may_revoke_texts, may_suspend

View = Callable[..., HttpResponseBase]


def is_operator(user: Any) -> bool:
    """Tell whether `user` may see and steer all gateways, and trace numbers."""
    return bool(user.is_active and user.is_staff and user.has_perm(OPERATE))


def _only(allowed: Callable[[Any], bool]) -> Callable[[View], View]:
    """Return a decorator that lets only these people see a page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allowed(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


operators_only = _only(is_operator)
who_may_suspend = _only(may_suspend)
who_may_look_as_support = _only(may_look_as_support)
who_may_revoke = _only(may_revoke_texts)

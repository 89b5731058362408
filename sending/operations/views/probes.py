"""What machines ask: is the console ready, and how is it doing."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from sending.operations import metrics as figures
from sending.operations.access import is_operator
from sending.operations.readiness import checks


@login_not_required
@never_cache
@require_GET
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether the whole console does its work: 200, or 503 and what is wrong."""
    found = checks()
    ready = all(check.ok for check in found)
    body = {
        "ready": ready,
        "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in found},
    }
    return JsonResponse(body, status=200 if ready else 503)


@login_not_required
@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to operators and to who knows the token; 404 where no token is set."""
    if not is_operator(request.user):
        token = settings.METRICS_TOKEN
        if not token:
            raise Http404
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return HttpResponse(
                "The token is missing or wrong.\n",
                status=401,
                content_type="text/plain; charset=utf-8",
                headers={"WWW-Authenticate": "Bearer"},
            )
    return HttpResponse(figures.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

"""Pages of the log of callbacks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import shared_time
from accounts.decorators import needs
from accounts.limits import CALLBACKS, limited
from accounts.models import SmsApplication
from accounts.requests import MemberRequest, whole_number
from accounts.views.applications import application_or_404
from sending.developers.callbacks import actions, queries, words
from sending.developers.callbacks.forms import ToldAgainForm, kind_of, state_of
from sending.models import CallbackEvent

_NO_URL = gettext_lazy(
    "There is no URL to call back. Enter one on the page of the application first."
)


@require_GET
@needs("view")
def callbacks(request: MemberRequest) -> HttpResponse:
    """List the applications that are called back, and how that goes."""
    page = queries.applications_page(request.organization, whole_number(request.GET.get("after")))
    context = {"page": page, "now": shared_time.now()}
    return render(request, "sending/developers/callbacks.html", context)


@require_GET
@needs("view")
def callback_log(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the events of an application, the newest first, and its endpoints."""
    return _log(request, application_or_404(request, pk))


@require_POST
@needs("manage")
@limited(CALLBACKS)
def callback_test(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a test event to an endpoint, after what waits there already."""
    application, kind = application_or_404(request, pk), kind_of(request.POST.get("kind"))
    try:
        actions.send_test(application=application, kind=kind)
    except actions.NoUrl:
        messages.error(request, _NO_URL)
    else:
        messages.success(request, _("A test event is on its way. Its answer is shown below."))
    return redirect(_address(application, kind))


@require_POST
@needs("manage")
@limited(CALLBACKS)
def callback_now(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask an endpoint at once."""
    application, kind = application_or_404(request, pk), kind_of(request.POST.get("kind"))
    try:
        actions.ask_now(application=application, kind=kind)
    except actions.NoUrl:
        messages.error(request, _NO_URL)
    else:
        messages.success(request, _("What waits is sent now. The answer is shown below."))
    return redirect(_address(application, kind))


@require_POST
@needs("manage")
@limited(CALLBACKS)
def callback_again(request: MemberRequest, pk: int, event_pk: int) -> HttpResponse:
    """Tell one event again."""
    application = application_or_404(request, pk)
    own = CallbackEvent.objects.for_organization(request.organization)
    event = get_object_or_404(own, pk=event_pk, application_id=application.pk)
    try:
        told = actions.tell_again(application=application, event=event, user=request.user)
    except actions.NoUrl:
        messages.error(request, _NO_URL)
    else:
        if told:
            messages.success(request, _("The event is sent again."))
        else:
            messages.info(request, _("The event is waiting already."))
    return redirect(_address(application, event.kind))


@require_POST
@needs("manage")
@limited(CALLBACKS)
def callbacks_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Tell again what was given up within some days."""
    application, kind = application_or_404(request, pk), kind_of(request.POST.get("kind"))
    form = ToldAgainForm(request.POST, organization=request.organization)
    if not form.is_valid():
        return _log(request, application, form)
    try:
        count = actions.tell_dead_again(
            application=application, kind=kind, user=request.user, **form.cleaned_data
        )
    except actions.NoUrl:
        messages.error(request, _NO_URL)
    else:
        messages.success(request, _told_again(count))
    return redirect(_address(application, kind))


def _told_again(count: int) -> str:
    if not count:
        return _("No event was given up on these days.")
    told = ngettext("%(n)s event is sent again.", "%(n)s events are sent again.", count)
    more = _("There may be more: press again.") if count == actions.MOST_AGAIN else ""
    return f"{told % {'n': count}} {more}".strip()


def _address(application: SmsApplication, kind: str) -> str:
    return f"{reverse('developers:callback_log', args=[application.pk])}?kind={kind}"


def _log(
    request: MemberRequest, application: SmsApplication, form: ToldAgainForm | None = None
) -> HttpResponse:
    given = request.POST if form else request.GET
    kind, state = kind_of(given.get("kind")), state_of(given.get("state"))
    after = whole_number(given.get("after"))
    healths = queries.healths(application)
    context = {
        "application": application,
        "healths": healths,
        "kind": kind,
        "state": state,
        "states": words.STATE_LABELS.items(),
        "has_url": any(health.url for health in healths if health.kind == kind),
        "page": queries.events_page(application, kind, state, after),
        "form": form or ToldAgainForm(organization=request.organization),
        "now": shared_time.now(),
    }
    return render(request, "sending/developers/callback_log.html", context)

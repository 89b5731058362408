"""Messages of programs: the list with its filters, one message, and the export."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.masking import masked
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.developers.forms.filters import ProgramMessageForm
from sending.developers.queries import messages as queries
from sending.developers.queries.messages import ProgramMessageFilter
from sending.developers.queries.requests import request_named
from sending.message_history import histories_of
from sending.message_text import text_of
from sending.models.choices import MESSAGE_STATE_LABELS, SAID_BY_LABELS
from sending.searches import number_prefix_of, redirect_to_search, search_of
from sending.sms.pricing import MICRO
from sending.spreadsheets.writer import stream_csv

_FILTERS = ("state", "application", "template", "country", "day", "request_id")


def _form(request: MemberRequest) -> ProgramMessageForm:
    return ProgramMessageForm(
        request.GET,
        organization=request.organization,
        applications=queries.applications_of(request.organization).values(),
        templates=queries.templates_of(request.organization),
    )


@needs("view")
@require_http_methods(["GET", "POST"])
@limited(SEARCHES)
def messages(request: MemberRequest) -> HttpResponse:
    """Show what programs sent, the newest first, or search it."""
    if request.method == "POST":
        filters = {name: request.POST.get(name, "")[:40] for name in _FILTERS}
        return redirect_to_search(request, request.POST.get("number", "")[:40], **filters)
    form, search = _form(request), search_of(request)
    wanted = form.asked(number_prefix_of(request))
    page = queries.message_page(
        request.organization, wanted, whole_number(request.GET.get("after"))
    )
    versions = {message.text_template_version_id for message in page.rows}
    context = {
        "form": form,
        "page": page,
        "wanted": wanted,
        "search": search,
        "query": _query(request, with_search=bool(wanted.number)),
        "after": request.GET.get("after"),
        "applications": queries.applications_of(request.organization),
        "templates": queries.template_names(versions, request.organization),
    }
    return render(request, "sending/developers/messages.html", context)


def _query(request: MemberRequest, *, with_search: bool) -> str:
    """Return the filters of the address, without the page."""
    names = (*_FILTERS, "search") if with_search else _FILTERS
    asked = {name: request.GET.get(name, "")[:40] for name in names}
    return urlencode({name: value for name, value in asked.items() if value})


@needs("view")
@require_GET
def message(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one message: its state and why, what happened, the exact text, who asked for it."""
    known = queries.message_of(request.organization, pk)
    if known is None:
        raise Http404
    (history,) = histories_of([known.message])
    hides_codes = not request.member.may(Permission.NUMBERS)
    context = {
        "known": known,
        "message": known.message,
        "explanation": history.meaning,
        "lines": history.lines,
        "preview": text_of(known.message, known.version, known.signature, hides_codes=hides_codes),
        "originator": known.originator,
        "logged": request_named(request.organization, known.asked.request_id),
    }
    return render(request, "sending/developers/message.html", context)


@needs("view")
@require_GET
@limited(DOWNLOADS)
def messages_export(request: MemberRequest) -> HttpResponseBase:
    """Download messages of programs as csv, filtered as the list is."""
    if search_of(request).has_ended:
        # The list says that the search has ended, rather than export all messages.
        return redirect(f"{reverse('developers:messages')}?{request.GET.urlencode()}")
    wanted = _form(request).asked(number_prefix_of(request))
    return download("messages.csv", stream_csv(export_headings(), export_rows(request, wanted)))


def export_headings() -> list[str]:
    """Return the headings of the export."""
    return [
        "SerialNo",
        _("Mobile number"),
        _("Country"),
        _("State"),
        _("Who said so"),
        _("Code"),
        _("Segments"),
        _("Cost, estimated"),
        _("Accepted"),
        _("Last change"),
        "SdkAppId",
        _("Template"),
    ]


def export_rows(request: MemberRequest, wanted: ProgramMessageFilter) -> Iterator[list[Any]]:
    """Yield the cells under `export_headings` as their reader may see them."""
    organization = request.organization
    whole_numbers = request.member.may(Permission.NUMBERS)
    zone, erased = organization.zone, _("Erased")
    states = {state.value: str(label) for state, label in MESSAGE_STATE_LABELS.items()}
    sayers = {who.value: str(label) for who, label in SAID_BY_LABELS.items()}
    applications = queries.applications_of(organization)
    names: dict[int, str] = {}
    for row in queries.all_messages(organization, wanted):
        pk, msisdn, country, state, who, code, segments, micro, *rest = row
        accepted, changed, application, version = rest
        if version not in names:
            names |= queries.template_names({version}, organization)
        yield [
            # Longer than the 15 digits that spreadsheet programs keep of a number.
            f"id {pk}",
            # Without the plus a spreadsheet program takes it for no formula.
            (msisdn if whole_numbers else masked(msisdn)).removeprefix("+") or erased,
            country,
            states[state],
            sayers[who],
            code,
            segments,
            micro / MICRO,
            accepted.astimezone(zone).isoformat(timespec="seconds"),
            changed.astimezone(zone).isoformat(timespec="seconds"),
            applications[application].sdk_app_id if application in applications else "",
            names.get(version, ""),
        ]

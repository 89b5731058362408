"""What every code means, for everybody who sends."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from sending.error_codes.table import Source, table

_HEADINGS = {
    Source.US: (_("Said by this console"), _("What we decided, or could not find out.")),
    Source.GATEWAY: (
        _("Said by a gateway when it was submitted"),
        _("The command_status of SMPP 3.4, clause 5.1.3."),
    ),
    Source.NETWORK: (
        _("Said by the network in a receipt"),
        _(
            "The numbers of mobile networks (3GPP TS 29.002). A gateway may use numbers of its own;"
            " its documentation then counts."
        ),
    ),
}


@require_GET
def codes(request: PersonRequest) -> HttpResponse:
    """List all codes by who says them."""
    groups = [
        (source.value.lower(), *_HEADINGS[source], list(rows))
        for source, rows in groupby(table(), key=lambda meaning: meaning.source)
    ]
    return render(request, "sending/help/codes.html", {"groups": groups})

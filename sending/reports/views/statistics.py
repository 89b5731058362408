"""HTTP of the reports: the statistics page and its export."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.requests import MemberRequest
from sending.exporting.sources import figure_cells, figure_headings
from sending.reports import queries
from sending.reports.chart import OUTCOMES, chart_of, rows_of
from sending.reports.comparison import comparison
from sending.reports.forms import PRESETS, StatisticsForm
from sending.reports.programs import MOST_MESSAGES, program_statistics
from sending.reports.queries import StatisticsFilter
from sending.spreadsheets.writer import stream_csv

# A longer table of the chart is opened by who wants it.
_SHORT_TABLE = 8


@needs("view")
@require_GET
@limited(SEARCHES)
def statistics(request: MemberRequest) -> HttpResponse:
    """Show what became of the messages of some days; a wrong period is answered at its field."""
    form = StatisticsForm(request.GET, organization=request.organization)
    context: dict[str, Any] = {"form": form, "presets": PRESETS}
    if form.is_valid():
        asked = form.asked()
        found = queries.statistics(request.organization, asked)
        form.offer([code for code, _figures in found.countries])
        context |= {"asked": asked, "found": found, "wider": _wider(asked)}
        if found.whole.total:
            context["compared"] = comparison(request.organization, asked, found.whole)
        context |= {
            "application": form.applications.get(asked.application or 0),
            "applications": form.applications,
        }
        if found.whole.total:
            context |= _drawn(found, asked)
    else:
        form.offer([])
    return render(request, "sending/reports/statistics.html", context)


@needs("view")
@require_GET
@limited(SEARCHES)
def programs(request: MemberRequest) -> HttpResponse:
    """Show what became of programs' messages by application, template, country and code."""
    form = StatisticsForm(request.GET, organization=request.organization)
    context: dict[str, Any] = {"form": form, "presets": PRESETS}
    if form.is_valid():
        asked = form.asked()
        found = program_statistics(request.organization, asked)
        form.offer([code for code, _figures in found.countries])
        context |= {
            "asked": asked,
            "found": found,
            "most": MOST_MESSAGES,
            "applications": form.applications,
        }
    else:
        form.offer([])
    return render(request, "sending/reports/programs.html", context)


def _drawn(found: queries.Statistics, asked: StatisticsFilter) -> dict[str, Any]:
    """Return the chart and its table, the newest day first."""
    rows = rows_of(found, asked)
    return {
        "chart": chart_of(found, asked),
        "outcomes": OUTCOMES,
        "rows": rows,
        "short": len(rows) <= _SHORT_TABLE,
    }


def _wider(asked: StatisticsFilter) -> int | None:
    """Return the preset to try next, for a period in which there is nothing."""
    if asked.preset is None:
        return PRESETS[-1]
    return next((days for days in PRESETS if days > asked.preset), None)


@needs("view")
@require_GET
@limited(DOWNLOADS)
def statistics_export(request: MemberRequest) -> HttpResponseBase:
    """Download the figures of each day and country, filtered as the page is."""
    form = StatisticsForm(request.GET, organization=request.organization)
    if not form.is_valid():
        # The page says what is wrong.
        return redirect(f"{reverse('reports:statistics')}?{request.GET.urlencode()}")
    asked = form.asked()
    currencies = queries.currencies(request.organization, asked)
    headings = figure_headings(" / ".join(currencies) or "–")
    found = queries.by_day_and_country(request.organization, asked)
    is_money = len(currencies) == 1
    rows = (figure_cells(*row, is_money=is_money) for row in found)
    name = f"statistics-{asked.first.isoformat()}-{asked.last.isoformat()}"
    name += f"-{asked.country}" if asked.country else ""
    if asked.application:
        name += f"-{form.applications[asked.application].sdk_app_id}"
    return download(f"{name}.csv", stream_csv(headings, rows))

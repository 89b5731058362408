"""Addresses of the reports."""

from django.urls import path

from sending.reports.views import breakdown, exports, statistics

app_name = "reports"
urlpatterns = [
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/breakdown/", breakdown.breakdown, name="breakdown"),
    path("statistics/programs/", statistics.programs, name="programs"),
    path("statistics/export/", statistics.statistics_export, name="statistics_export"),
    path("exports/", exports.exports, name="exports"),
    path("exports/new/", exports.export_create, name="export_create"),
    path("exports/<int:pk>/", exports.export_download, name="export_download"),
    path("exports/<int:pk>/delete/", exports.export_delete, name="export_delete"),
]

"""Addresses of the reports."""

from django.urls import path

from sending.reports import views

app_name = "reports"
urlpatterns = [
    path("statistics/", views.statistics, name="statistics"),
    path("statistics/programs/", views.programs, name="programs"),
    path("statistics/export/", views.statistics_export, name="statistics_export"),
]

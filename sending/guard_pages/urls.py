"""Addresses under /developers/guard/."""

from django.urls import path

from sending.guard_pages.views import decisions, exceptions, overview, settings

app_name = "guard"
urlpatterns = [
    path("", overview.guard, name="guard"),
    path("blocks/<int:pk>/end/", overview.block_end, name="block_end"),
    path("release/", overview.release, name="release"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions/<int:pk>/end/", exceptions.exception_end, name="exception_end"),
    path("stop/", exceptions.stop, name="stop"),
    path("settings/", settings.settings, name="settings"),
]

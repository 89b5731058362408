"""Addresses of the pages about sending."""

from django.urls import URLResolver, include, path

urlpatterns: list[URLResolver] = [
    path("", include("sending.overview.urls")),
    path("", include("sending.send_tasks.urls")),
    path("", include("sending.reports.urls")),
    path("developers/", include("sending.developers.urls")),
    path("developers/guard/", include("sending.guard_pages.urls")),
    path("api/", include("sending.api.urls")),
    path("inbox/", include("sending.inbox.urls")),
    path("settings/contacts/", include("sending.told.urls")),
    path("customers/", include("sending.customers.urls")),
    path("customers/", include("sending.groups.urls")),
    path("status/", include("sending.status.urls")),
    path("help/", include("sending.help.urls")),
    path("", include("sending.operations.urls")),
]

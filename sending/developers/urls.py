"""Addresses of the developers' pages."""

from django.urls import include, path

app_name = "developers"
urlpatterns = [
    path("callbacks/", include("sending.developers.callbacks.urls")),
]

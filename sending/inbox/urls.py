"""Addresses under /inbox/: a conversation is named by one of its replies, not by its number."""

from django.urls import path

from sending.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.list_, name="list"),
    path("settings/", views.settings, name="settings"),
    path("<int:pk>/", views.conversation, name="conversation"),
    path("<int:pk>/mark/", views.mark, name="mark"),
    path("<int:pk>/suppress/", views.suppress, name="suppress"),
    path("<int:pk>/unsuppress/", views.unsuppress, name="unsuppress"),
]

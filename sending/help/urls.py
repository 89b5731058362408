"""Addresses under /help/."""

from django.urls import path

from sending.help import codes, views

app_name = "help"
urlpatterns = [
    path("", views.index, name="index"),
    path("codes/", codes.codes, name="codes"),
    path("<slug:slug>/", views.topic, name="topic"),
]

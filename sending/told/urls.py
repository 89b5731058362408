"""Addresses under /settings/contacts/, beside those of the contacts themselves."""

from django.urls import path

from sending.told import views

app_name = "told"
urlpatterns = [
    path("told/", views.list_, name="list"),
    path("<int:pk>/test/", views.test, name="test"),
]

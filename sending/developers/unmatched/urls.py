"""Addresses under /developers/unmatched/."""

from django.urls import path

from sending.developers.unmatched import views

urlpatterns = [
    path("", views.unmatched, name="unmatched"),
    path("<int:pk>/", views.unmatched_text, name="unmatched_text"),
    path("<int:pk>/template/", views.unmatched_template, name="unmatched_template"),
    path("<int:pk>/remove/", views.unmatched_remove, name="unmatched_remove"),
]

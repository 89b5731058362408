"""Addresses under /developers/verify/."""

from django.urls import path

from sending.developers.verify import views

urlpatterns = [
    path("", views.verify_services, name="verify_services"),
    path("new/", views.verify_create, name="verify_create"),
    path("<int:pk>/", views.verify_service, name="verify_service"),
    path("<int:pk>/change/", views.verify_change, name="verify_change"),
    path("<int:pk>/delete/", views.verify_delete, name="verify_delete"),
]

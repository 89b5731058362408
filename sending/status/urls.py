"""Address of the status page."""

from django.urls import path

from sending.status import views

app_name = "status"
urlpatterns = [path("", views.status, name="status")]

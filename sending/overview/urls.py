"""Address of the overview."""

from django.urls import path

from sending.overview import views

app_name = "overview"
urlpatterns = [path("", views.overview, name="overview")]

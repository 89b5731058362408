"""All addresses of the console."""

from django.contrib import admin
from django.urls import include, path

from sending.operations.views import probes
from smsconsole import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
    path("accounts/", include("allauth.urls")),
    path("settings/", include("accounts.urls")),
    path("developers/applications/", include("accounts.application_urls")),
    path("content/", include("templates_app.urls")),
    path("admin/", admin.site.urls),
    path("", include("sending.urls")),
]

handler400 = "smsconsole.views.bad_request"

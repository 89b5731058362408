"""Addresses of the developers' pages."""

from django.urls import include, path

from sending.developers.views import messages, quick_start, reference, requests, try_it, twilio

app_name = "developers"
urlpatterns = [
    path("", quick_start.start, name="start"),
    path("quick-start/", quick_start.quick_start, name="quick_start"),
    path("messages/", messages.messages, name="messages"),
    path("messages.csv", messages.messages_export, name="messages_export"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/", requests.request_, name="request"),
    path("try/", try_it.try_it, name="try_it"),
    path("reference/", reference.reference, name="reference"),
    path("openapi.json", reference.openapi, name="openapi"),
    path("codes/", reference.codes, name="codes"),
    path("twilio/", twilio.twilio, name="twilio"),
    path("twilio/errors/", twilio.twilio_errors, name="twilio_errors"),
    path("unmatched/", include("sending.developers.unmatched.urls")),
    path("callbacks/", include("sending.developers.callbacks.urls")),
    path("smpp/", include("sending.developers.smpp.urls")),
    path("verify/", include("sending.developers.verify.urls")),
]

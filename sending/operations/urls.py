"""Addresses of operators' pages."""

from django.urls import path

from sending.operations.views import (
    gateways,
    held,
    in_doubt,
    routing,
    suspension,
    trace,
    unassigned,
)

app_name = "operations"
urlpatterns = [
    path("operations/", gateways.gateways, name="gateways"),
    path("operations/gateways/<int:pk>/mode/", gateways.gateway_mode, name="gateway_mode"),
    path("operations/gateways/<int:pk>/probe/", gateways.gateway_probe, name="gateway_probe"),
    path("operations/gateways/<int:pk>/try/", gateways.gateway_try, name="gateway_try"),
    path("operations/held/", held.held, name="held"),
    path("operations/doubt/", in_doubt.messages_in_doubt, name="doubts"),
    path("operations/doubt/<int:pk>/", in_doubt.message_in_doubt, name="doubt"),
    path(
        "operations/organizations/<int:pk>/suspension/",
        suspension.organization_suspension,
        name="organization_suspension",
    ),
    path(
        "operations/applications/<int:pk>/suspension/",
        suspension.application_suspension,
        name="application_suspension",
    ),
    path("operations/replies/", unassigned.unassigned, name="unassigned"),
    path("operations/routing/", routing.routing, name="routing"),
    path("operations/trace/", trace.trace, name="trace"),
]

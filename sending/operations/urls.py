"""Addresses of operators' pages."""

from django.urls import path

from sending.operations.views import (
    free_text,
    gateways,
    held,
    in_doubt,
    incidents,
    organizations,
    prices,
    routing,
    smpp,
    suspension,
    tasks,
    trace,
    unassigned,
)

_ORGANIZATION = "operations/organizations/<int:pk>/"

app_name = "operations"
urlpatterns = [
    path("operations/", gateways.gateways, name="gateways"),
    path("operations/gateways/<int:pk>/mode/", gateways.gateway_mode, name="gateway_mode"),
    path("operations/gateways/<int:pk>/probe/", gateways.gateway_probe, name="gateway_probe"),
    path("operations/gateways/<int:pk>/try/", gateways.gateway_try, name="gateway_try"),
    path("operations/tasks/", tasks.tasks, name="tasks"),
    path("operations/tasks/<int:pk>/", tasks.task, name="task"),
    path("operations/texts/<slug:kind>/<int:pk>/", tasks.revocation, name="revocation"),
    path("operations/held/", held.held, name="held"),
    path("operations/doubt/", in_doubt.messages_in_doubt, name="doubts"),
    path("operations/doubt/<int:pk>/", in_doubt.message_in_doubt, name="doubt"),
    path(_ORGANIZATION, organizations.organization, name="organization"),
    path(f"{_ORGANIZATION}usage/", organizations.organization_usage, name="organization_usage"),
    path(f"{_ORGANIZATION}remove/", organizations.organization_remove, name="organization_remove"),
    path(f"{_ORGANIZATION}free-text/", free_text.free_text, name="free_text"),
    path(f"{_ORGANIZATION}support/", organizations.support_begin, name="support_begin"),
    path(
        f"{_ORGANIZATION}suspension/",
        suspension.organization_suspension,
        name="organization_suspension",
    ),
    path("operations/support/end/", organizations.support_end, name="support_end"),
    path(
        "operations/applications/<int:pk>/suspension/",
        suspension.application_suspension,
        name="application_suspension",
    ),
    path("operations/usage/", organizations.usage, name="usage"),
    path("operations/usage/export/", organizations.usage_export, name="usage_export"),
    path("operations/prices/", prices.prices, name="prices"),
    path("operations/prices/compare/", prices.price_differences, name="price_differences"),
    path("operations/prices/import/", prices.prices_import, name="prices_import"),
    path("operations/prices/<int:pk>/export/", prices.prices_export, name="prices_export"),
    path("operations/margins/", prices.margins, name="margins"),
    path("operations/costs/import/", prices.costs_import, name="costs_import"),
    path("operations/costs/export/", prices.costs_export, name="costs_export"),
    path("operations/incidents/", incidents.incidents, name="incidents"),
    path("operations/incidents/new/", incidents.incident_create, name="incident_create"),
    path("operations/incidents/<int:pk>/", incidents.incident, name="incident"),
    path("operations/replies/", unassigned.unassigned, name="unassigned"),
    path("operations/smpp/", smpp.smpp_binds, name="smpp_binds"),
    path("operations/smpp/<int:pk>/disconnect/", smpp.smpp_disconnect, name="smpp_disconnect"),
    path("operations/routing/", routing.routing, name="routing"),
    path("operations/trace/", trace.trace, name="trace"),
]

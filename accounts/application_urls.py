"""Addresses under /developers/applications/."""

from django.urls import path

from accounts.views import (
    api_keys,
    application_limits,
    applications,
    auth_tokens,
    callbacks,
    originators,
)

app_name = "applications"
urlpatterns = [
    path("", applications.list_, name="list"),
    path("new/", applications.create, name="create"),
    path("<int:pk>/", applications.detail, name="detail"),
    path("<int:pk>/edit/", applications.edit, name="edit"),
    path("<int:pk>/enable/", applications.enable, name="enable"),
    path("<int:pk>/disable/", applications.disable, name="disable"),
    path("<int:pk>/limits/", application_limits.limits, name="limits"),
    path("<int:pk>/countries/", application_limits.countries, name="countries"),
    path("<int:pk>/countries/list/", application_limits.country_list, name="country_list"),
    path("<int:pk>/countries/all/", application_limits.all_countries, name="all_countries"),
    path(
        "<int:pk>/countries/<int:country_pk>/remove/",
        application_limits.country_remove,
        name="country_remove",
    ),
    path("<int:pk>/originators/", originators.country_originators, name="country_originators"),
    path(
        "<int:pk>/originators/<int:choice_pk>/remove/",
        originators.country_originator_remove,
        name="country_originator_remove",
    ),
    path("<int:pk>/callbacks/", callbacks.callbacks, name="callbacks"),
    path("<int:pk>/callbacks/secret/", callbacks.callback_secret, name="callback_secret"),
    path("<int:pk>/token/", auth_tokens.token, name="token"),
    path("<int:pk>/token/new/", auth_tokens.token_new, name="token_new"),
    path("<int:pk>/token/promote/", auth_tokens.token_promote, name="token_promote"),
    path("<int:pk>/keys/new/", api_keys.key_create, name="key_create"),
    path("<int:pk>/keys/<int:key_pk>/", api_keys.key_edit, name="key_edit"),
    path("<int:pk>/keys/<int:key_pk>/replace/", api_keys.key_rotate, name="key_rotate"),
    path("<int:pk>/keys/<int:key_pk>/revoke/", api_keys.key_revoke, name="key_revoke"),
]

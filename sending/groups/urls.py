"""Addresses under /customers/."""

from django.urls import path

from sending.groups.views import groups, imports, numbers, suppressions

app_name = "groups"
urlpatterns = [
    path("", groups.list_, name="list"),
    path("new/", groups.create, name="create"),
    path("<int:pk>/", groups.detail, name="detail"),
    path("<int:pk>/rename/", groups.rename, name="rename"),
    path("<int:pk>/delete/", groups.delete, name="delete"),
    path("<int:pk>/export.csv", groups.export, name="export"),
    path("<int:pk>/remove/<int:customer_pk>/", groups.remove, name="remove"),
    path("<int:pk>/enter/", imports.enter, name="enter"),
    path("<int:pk>/import/", imports.import_file, name="import_file"),
    path("suppressed/", suppressions.suppressions, name="suppressions"),
    path("suppressed/new/", suppressions.suppress, name="suppress"),
    path("suppressed/import/", suppressions.suppress_file, name="suppress_file"),
    path("suppressed/<int:pk>/remove/", suppressions.unsuppress, name="unsuppress"),
    path("suppressed/export.csv", suppressions.suppressions_export, name="suppressions_export"),
    path("number/", numbers.number, name="number"),
    path("number/export/", numbers.number_export, name="number_export"),
    path("number/erase/", numbers.number_erase, name="number_erase"),
    path("imports/<int:pk>/", imports.import_result, name="import_result"),
    path("imports/<int:pk>/read-again/", imports.import_read_again, name="import_read_again"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/refused.csv", imports.import_problems, name="import_problems"),
]

"""Addresses under /customers/ that are about people, not groups; none of them holds a number."""

from django.urls import path

from sending.customers.views import columns, customer, finding, pool

app_name = "customers"
urlpatterns = [
    path("all/", pool.list_, name="list"),
    path("all/new/", customer.create, name="create"),
    path("all/import/", pool.import_file, name="import_file"),
    path("all/change/", pool.change, name="change"),
    path("all/customers.csv", pool.export, name="export"),
    path("all/customers.xlsx", pool.export_xlsx, name="export_xlsx"),
    path("all/<int:pk>/", customer.detail, name="detail"),
    path("all/<int:pk>/edit/", customer.edit, name="edit"),
    path("changes/<int:pk>/", pool.change_result, name="change_result"),
    path("columns/", columns.fields, name="fields"),
    path("columns/<int:pk>/rename/", columns.field_rename, name="field_rename"),
    path("columns/<int:pk>/move/", columns.field_move, name="field_move"),
    path("columns/<int:pk>/remove/", columns.field_remove, name="field_remove"),
    path("<int:pk>/merge/", pool.merge, name="merge"),
    path("find/", finding.find, name="find"),
    path("about/", finding.number, name="number"),
]

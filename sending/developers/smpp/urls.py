"""Addresses under /developers/smpp/."""

from django.urls import path

from sending.developers.smpp import receipt_views, views

urlpatterns = [
    path("", views.smpp_accounts, name="smpp_accounts"),
    path("new/", views.smpp_create, name="smpp_create"),
    path("statuses/", views.smpp_statuses, name="smpp_statuses"),
    path("<int:pk>/", views.smpp_account, name="smpp_account"),
    path("<int:pk>/edit/", views.smpp_edit, name="smpp_edit"),
    path("<int:pk>/password/", views.smpp_password, name="smpp_password"),
    path("<int:pk>/disable/", views.smpp_disable, name="smpp_disable"),
    path("<int:pk>/enable/", views.smpp_enable, name="smpp_enable"),
    path("<int:pk>/receipts/", receipt_views.smpp_receipts, name="smpp_receipts"),
    path("<int:pk>/receipts/again/", receipt_views.smpp_receipts_again, name="smpp_receipts_again"),
    path(
        "<int:pk>/receipts/<int:receipt_pk>/again/",
        receipt_views.smpp_receipt_again,
        name="smpp_receipt_again",
    ),
]

"""Addresses that programs call."""

from django.urls import path

from sending.api import receipts

app_name = "api"
urlpatterns = [
    path("receipts/<str:secret>/", receipts.receipts, name="receipts"),
]

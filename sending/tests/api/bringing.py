"""Gateways that bring receipts to their address, and what was stored of them."""

import json

from django.urls import reverse

from sending.models import ReceiptInbox
from sending.tests.factories import make_gateway
from sending.tests.gateways.http_peer import LARKSPUR

ONE = {"reports": [{"id": "m-1", "to": "85251230001", "status": {"name": "delivered"}}]}
JSON = "application/json"


def a_gateway(settings=LARKSPUR, **fields):
    return make_gateway(kind="http", receipts_per_segment=False, http_settings=settings, **fields)


def address(gateway):
    return reverse("api:receipts", args=[gateway.receipt_secret])


def post(client, gateway, body, kind=JSON, **headers):
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(address(gateway), octets, content_type=kind, headers=headers)


def stored():
    fields = ("gateway_message_id", "message_state", "error", "msisdn")
    return list(ReceiptInbox.objects.order_by("pk").values_list(*fields))

"""The floor of `bench api`: a Django view that checks nothing and inserts one row."""

from typing import Any
from uuid import uuid4

from django.http import JsonResponse
from django.urls import path
from django.utils import timezone

from sending.models import ApiRequest


def insert(_request: Any) -> JsonResponse:
    """Insert one row and say so."""
    row = ApiRequest.objects.create(
        organization_id=1,
        application_id=1,
        api_key_id=1,
        request_id=str(uuid4()),
        action="SendSms",
        at=timezone.now(),
    )
    answer = JsonResponse({"Response": {"RequestId": row.request_id}})
    answer["Content-Length"] = len(answer.content)
    return answer


urlpatterns = [path("", insert)]

"""The response with evidence; the caller has checked who may see it."""

from pathlib import PurePath

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from templates_app.evidence import CONTENT_TYPES
from templates_app.models import SignatureVersion


def evidence_response(version: SignatureVersion) -> HttpResponse:
    """Return the certificate as a download that no browser takes for anything but an image."""
    try:
        with version.evidence.open("rb") as file:
            content = file.read()
    except (ValueError, FileNotFoundError) as missing:
        raise Http404 from missing
    extension = PurePath(version.evidence.name or "").suffix.removeprefix(".")
    name = version.evidence_name or f"certificate.{extension}"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES.get(extension, "application/octet-stream"),
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
            "X-Content-Type-Options": "nosniff",
        },
    )

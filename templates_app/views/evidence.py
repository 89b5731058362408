"""The response with evidence; the caller has checked who may see it."""

from pathlib import PurePath

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from templates_app.evidence import CONTENT_TYPES
from templates_app.models import SignatureVersion
from templates_app.redrawing import redrawn


def evidence_response(version: SignatureVersion) -> HttpResponse:
    """Return the certificate as a download that no browser takes for anything but an image."""
    return _response(version, _content(version), as_attachment=True)


def evidence_image(version: SignatureVersion) -> HttpResponse:
    """Return the certificate drawn anew, as nothing but an image, where that is safe.

    Opened by itself it is a page that may do nothing.
    """
    content = redrawn(_content(version))
    if content is None:
        raise Http404
    response = _response(version, content, as_attachment=False)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _content(version: SignatureVersion) -> bytes:
    try:
        with version.evidence.open("rb") as file:
            return bytes(file.read())
    except (ValueError, FileNotFoundError) as missing:
        raise Http404 from missing


def _response(version: SignatureVersion, content: bytes, *, as_attachment: bool) -> HttpResponse:
    extension = PurePath(version.evidence.name or "").suffix.removeprefix(".")
    name = version.evidence_name or f"certificate.{extension}"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES.get(extension, "application/octet-stream"),
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=as_attachment, filename=name
            )
            or "inline",
            "X-Content-Type-Options": "nosniff",
        },
    )

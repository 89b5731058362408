"""Files that people take away."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse


def download(
    name: str, content: Iterable[bytes], content_type: str = "text/csv; charset=utf-8"
) -> StreamingHttpResponse:
    """Return a file that is made while it is read."""
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

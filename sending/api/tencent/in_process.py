"""The door without a connection: a request runs through its code in this process."""

from collections.abc import Mapping
from io import BytesIO

from django.core.handlers.wsgi import WSGIRequest

from sending.api.request_log import REQUEST_LOG
from sending.api.tencent.answering import answer


def answered(scheme: str, address: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the octets of the answer, as the web server would hand them out.

    `headers` have lower-case names, `host` among them, and are signed as those of any request;
    `address` is where it comes from. The line of the request log is written on return.
    """
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    request = WSGIRequest(
        {
            **named,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": named.pop("HTTP_CONTENT_TYPE"),
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "REMOTE_ADDR": address,
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "SERVER_NAME": headers["host"].partition(":")[0],
            "SERVER_PORT": "443" if scheme == "https" else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": scheme,
        }
    )
    response = answer(request)
    try:
        return bytes(response.content)
    finally:
        response.follow_up()
        REQUEST_LOG.flush()

"""Receipts and replies in: an HTTP gateway brings them to an address that only it knows."""

import base64
import codecs
import hashlib
import hmac
import json
import logging
from io import BytesIO
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sending.api.bodies import BodyRefused, octets_of
from sending.delivery.receipts import inbox
from sending.gateways.base import InboundIn, ReceiptIn
from sending.gateways.http.encoding import BodyTooLong, inflated
from sending.gateways.http.receipts import names_in, read_receipts
from sending.gateways.http.rules import DocumentUnreadable
from sending.gateways.http.settings import ReceiptSettings, SettingsError, receipt_settings
from sending.models import HttpGateway

log = logging.getLogger(__name__)

MAX_BYTES = 1_000_000
# On SQLite a write transaction stays short.
_STORED_AT_ONCE = 500
_COME_AGAIN_SECONDS = 30


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def receipts(request: HttpRequest, secret: str) -> HttpResponse:
    """Commit the receipts in a request, then answer 200; on 503 the gateway shall come again."""
    try:
        gateway = _gateway(secret)
        if gateway is None:
            return _answer(404, "There is nothing here.")
        return _take(gateway, request)
    except (DatabaseError, InterfaceError):
        log.exception("receipts cannot be stored")
        response = _answer(503, "Receipts cannot be stored now. Send them again.")
        response.headers["Retry-After"] = str(_COME_AGAIN_SECONDS)
        return response


# Room for what is refused here in words that programs of carriers show.
receipts.largest_body = 2 * MAX_BYTES  # type: ignore[attr-defined]


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")


def _gateway(secret: str) -> HttpGateway | None:
    """Return the gateway whose secret this is; a stopped one still gets its receipts.

    All are compared, each in constant time, so that the time taken tells nothing.
    """
    given = secret.encode()
    found = None
    for gateway in HttpGateway.objects.all():
        if hmac.compare_digest(gateway.receipt_secret.encode(), given):
            found = gateway
    return found


def _take(gateway: HttpGateway, request: HttpRequest) -> HttpResponse:
    """Read and store; say in words what was wrong."""
    try:
        settings = receipt_settings(gateway.http_settings)
    except SettingsError:
        log.exception("gateway %s: its settings for receipts cannot be used", gateway.pk)
        settings = None
    if settings is None:
        return _answer(404, "This gateway is not set up for receipts.")
    try:
        body = octets_of(request, MAX_BYTES)
    except BodyRefused as refusal:
        return _answer(refusal.status, str(refusal))
    if not _is_signed(gateway, settings, request, body):
        log.warning("gateway %s: a receipt came without a valid signature", gateway.pk)
        return _answer(403, "The signature does not fit.")
    try:
        document = _document(settings, request, body)
    except BodyRefused as refusal:
        return _answer(refusal.status, str(refusal))
    return _store(gateway, settings, document)


def _is_signed(
    gateway: HttpGateway, settings: ReceiptSettings, request: HttpRequest, body: bytes
) -> bool:
    """Tell whether the HMAC-SHA256 of the body is right, in hex or base64; true if none is set.

    Where a time is signed too, it stands behind the body. Its age is not judged: what comes from a
    device whose clock is wrong must not be lost.
    """
    key = gateway.receipt_signature_key
    if not settings.signature_header or not key:
        return True
    given = request.headers.get(settings.signature_header, "").strip().removeprefix("sha256=")
    signed_at = request.headers.get(settings.timestamp_header, "")
    digest = hmac.new(key.encode(), body + signed_at.encode(), hashlib.sha256).digest()
    written = (digest.hex(), base64.b64encode(digest).decode())
    fits = [hmac.compare_digest(one.encode(), given.encode()) for one in written]
    return any(fits)


def _document(settings: ReceiptSettings, request: HttpRequest, body: bytes) -> bytes:
    """Return what the rules are for: fields may come in the address, the body, or both.

    A signature covers the body only. Raises BodyRefused.
    """
    try:
        body = inflated(body, request.headers.get("Content-Encoding", ""), MAX_BYTES)
    except BodyTooLong as error:
        raise BodyRefused(413, f"At most {MAX_BYTES} bytes at a time.") from error
    query = b"" if settings.signature_header else request.META.get("QUERY_STRING", "").encode()
    if settings.format == "form":
        return b"&".join(part for part in (query, _form(request, body)) if part)
    if body.strip() or not query:
        return body
    # Called by GET, although the rules are for a body: the names of fields are mostly the same.
    if settings.format == "text":
        return query
    fields = parse_qsl(query.decode("utf-8", errors="replace"), keep_blank_values=True)
    return json.dumps(dict(fields)).encode()


def _form(request: HttpRequest, body: bytes) -> bytes:
    """Return the fields of a form as an address would hold them; raise BodyRefused."""
    if request.content_type != "multipart/form-data":
        return body.removeprefix(codecs.BOM_UTF8)
    meta = request.META | {"CONTENT_LENGTH": len(body)}
    try:
        fields, _ = MultiPartParser(meta, BytesIO(body), []).parse()
    except (MultiPartParserError, BadRequest, SuspiciousOperation) as error:
        raise BodyRefused(400, "This form cannot be read.") from error
    return urlencode(list(fields.items())).encode()


def _store(gateway: HttpGateway, settings: ReceiptSettings, document: bytes) -> HttpResponse:
    """Commit all receipts of a document before saying yes."""
    if not document.strip():
        # Some gateways try an address before they use it.
        return _answer(200, "Stored 0 receipts.")
    try:
        received, others = read_receipts(settings, document)
    except DocumentUnreadable as error:
        names = names_in(settings, document)
        log.warning("gateway %s: %s; fields that came: %s", gateway.pk, error, names)
        return _answer(400, f"This cannot be read: {error}.")
    if others:
        names = names_in(settings, document)
        log.warning("gateway %s: %s items are no receipts; fields: %s", gateway.pk, others, names)
    if others and not received:
        return _answer(400, "No receipt was found in this: neither a message id nor a status.")
    for chunk in _chunks(received):
        inbox.store(gateway, chunk)
    kind = "receipts and replies" if settings.reply else "receipts"
    return _answer(200, f"Stored {len(received)} {kind}.")


def _chunks(received: list[ReceiptIn | InboundIn]) -> list[list[ReceiptIn | InboundIn]]:
    starts = range(0, len(received), _STORED_AT_ONCE)
    return [received[at : at + _STORED_AT_ONCE] for at in starts]

"""What a request of HTTP asks for in the words of the dialect, before anybody is proved."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sending.api.bodies import BodyRefused, octets_of
from sending.api.hosts import host_of, is_answered
from sending.dialects.tencent.fields import TencentError
from sending.dialects.tencent.routing import LARGEST_BODY, LONGEST_QUERY
from sending.dialects.tencent.signing import SignedRequest

_FORM = "application/x-www-form-urlencoded"
_CODE_OF_STATUS = {413: "RequestSizeLimitExceeded"}


@dataclass(frozen=True)
class AskedRequest:
    """A request as it came; values of headers are the octets, read as Latin-1."""

    http: HttpRequest

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """Return headers by lower-case name."""
        return {name.lower(): value for name, value in self.http.headers.items()}

    def header(self, name: str) -> str:
        """Return the trimmed value of a header, empty where it is missing."""
        return self.headers.get(name, "").strip()

    @property
    def query(self) -> str:
        """Return the raw query."""
        return str(self.http.META.get("QUERY_STRING", ""))

    @property
    def address(self) -> str:
        """Return who asks; the first middleware has corrected it behind proxies."""
        return str(self.http.META.get("REMOTE_ADDR", ""))

    @cached_property
    def body(self) -> bytes:
        """Return the whole body; raise TencentError."""
        try:
            return octets_of(self.http, LARGEST_BODY)
        except BodyRefused as refused:
            code = _CODE_OF_STATUS.get(refused.status, "InvalidRequest")
            raise TencentError(code, str(refused)) from refused

    @property
    def timestamp(self) -> int | None:
        """Return X-TC-Timestamp, or None where it is no number of seconds."""
        text = self.header("x-tc-timestamp")
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 12 else None

    def signed(self, timestamp: int) -> SignedRequest:
        """Return what the signature covers."""
        return SignedRequest(self.http.method or "", self.query, self.headers, self.body, timestamp)

    def check_form(self) -> None:
        """Raise TencentError unless this can be a request of the dialect at all."""
        if self.http.method not in {"GET", "POST"}:
            raise TencentError("InvalidRequest", _("Send POST, or GET with all in the address."))
        self._check_host()
        if settings.SECURE_SSL_REDIRECT and not self.http.is_secure():
            raise TencentError("UnsupportedProtocol", _("Set the protocol of the client to https."))
        if len(self.query) > LONGEST_QUERY:
            raise TencentError(
                "RequestSizeLimitExceeded", _("The address is longer than 32 KB. Send POST.")
            )

    def _check_host(self) -> None:
        if not is_answered(self.http):
            raise TencentError(
                "InvalidRequest",
                _(
                    "This console does not answer for the host “%(host)s”. Set the endpoint to its "
                    "host name and port alone, or have its operator add the name to API_HOSTS."
                )
                % {"host": host_of(self.http)[:100]},
            )

    def check_content_type(self) -> None:
        """Raise TencentError unless the parameters come as the method has them."""
        is_get = self.http.method == "GET"
        kind = self.header("content-type").partition(";")[0].strip().lower()
        if is_get and kind != _FORM:
            raise TencentError("InvalidRequest", _("Send GET with the content type of a form."))
        if not is_get and kind != "application/json":
            raise TencentError(
                "InvalidRequest", _("Send the parameters as JSON, content type application/json.")
            )

    def is_of_version_1(self) -> bool:
        """Tell whether it is signed by the older method, in the address or the form."""
        if "SignatureMethod=" in self.query:
            return True
        is_form = self.header("content-type").lower().startswith(_FORM)
        return is_form and self.http.method == "POST" and b"SignatureMethod=" in self.body[:65_536]

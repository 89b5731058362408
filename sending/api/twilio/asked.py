"""What a request of HTTP asks for, before anybody is proved."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sending.api.bodies import BodyRefused, octets_of
from sending.api.hosts import host_of, is_answered
from sending.api.twilio.fields import Fields
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import INVALID
from sending.dialects.twilio.routing import LARGEST_BODY, LONGEST_QUERY

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class TwilioRequest:
    """A request as it came."""

    http: HttpRequest

    @property
    def method(self) -> str:
        """Return the method in capitals."""
        return str(self.http.method or "")

    @property
    def path(self) -> str:
        """Return the path, decoded."""
        return self.http.path_info

    @property
    def raw_query(self) -> str:
        """Return the query as it was sent."""
        return str(self.http.META.get("QUERY_STRING", ""))

    @property
    def origin(self) -> str:
        """Return scheme, host and port by which the program reached us."""
        return f"{self.http.scheme}://{host_of(self.http)}"

    @property
    def address(self) -> str:
        """Return who asks; the first middleware has corrected it behind proxies."""
        return str(self.http.META.get("REMOTE_ADDR", ""))

    def header(self, name: str) -> str:
        """Return the trimmed value of a header, empty where it is missing."""
        return str(self.http.headers.get(name, "")).strip()

    def check_form(self) -> None:
        """Raise TwilioError unless this can be a request of the dialect at all."""
        if not is_answered(self.http):
            raise TwilioError(
                INVALID,
                _(
                    "This console does not answer for the host “%(host)s”. Unset TWILIO_REGION and "
                    "TWILIO_EDGE, which change the host, or have the operator of the console add "
                    "the name to API_HOSTS."
                )
                % {"host": host_of(self.http)[:100]},
            )
        if settings.SECURE_SSL_REDIRECT and not self.http.is_secure():
            raise TwilioError(INVALID, _("Let the address of the client begin with https://."))
        if len(self.raw_query) > LONGEST_QUERY:
            raise TwilioError(21658, _("The address is longer than 32 KB."))

    @cached_property
    def query(self) -> Fields:
        """Return the fields of the address; raise TwilioError."""
        return Fields.read(self.raw_query)

    @cached_property
    def form(self) -> Fields:
        """Return the fields of the body; raise TwilioError. GET and DELETE have none."""
        return self._read_form()

    def _read_form(self) -> Fields:
        if self.method != "POST":
            return Fields()
        body = self._body()
        kind = self.header("content-type").partition(";")[0].strip().lower()
        if body and kind != _FORM:
            raise TwilioError(
                INVALID,
                _("Send the parameters as a form, content type %(kind)s.") % {"kind": _FORM},
            )
        try:
            return Fields.read(body.decode("ascii"))
        except UnicodeDecodeError as error:
            raise TwilioError(INVALID, _("The form is not percent-encoded UTF-8.")) from error

    def _body(self) -> bytes:
        try:
            return octets_of(self.http, LARGEST_BODY)
        except BodyRefused as refused:
            raise TwilioError(INVALID, str(refused), refused.status) from refused

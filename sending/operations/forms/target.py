"""Where a gateway's form leads to: an address we may reach, and the secret that is meant for it."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sending.delivery.gateway_config import networks_of
from sending.gateways.addresses import literal, may_connect
from sending.operations.forms.tls import TlsForm


class TargetForm(TlsForm):
    """Sends a stored secret nowhere but where it was entered for.

    `TARGET` names the fields that say whom a connection reaches, `ASKED_AGAIN` the secret's own.
    Our own certificate is not among them: it says who we are.
    """

    TARGET: ClassVar[tuple[str, ...]] = ()
    ASKED_AGAIN: ClassVar[str] = ""

    @property
    def keeps_secret(self) -> bool:
        """Whether a secret is stored, and the gateway still is the one it was entered for."""
        return bool(self.instance.password) and not any(map(self._differs, self.TARGET))

    def _differs(self, name: str) -> bool:
        """Compare by words: browsers write the line breaks of a certificate in another way."""
        before, after = self.initial.get(name), self.cleaned_data.get(name)
        return str(before or "").split() != str(after or "").split()

    def check_secret(self) -> None:
        """Ask again for a stored secret that would go to another place."""
        entered = self.cleaned_data.get(self.ASKED_AGAIN)
        if self.instance.password and not (entered or self.keeps_secret):
            self.add_error(
                self.ASKED_AGAIN,
                _("You changed where this gateway connects to, or how that is verified. Enter this "
                  "again: what is stored is never sent to another place."),
            )  # fmt: skip

    def check_address(self, field: str, host: str, kind: str) -> None:
        """Refuse an address that no gateway may connect to; names are looked up by senders."""
        address = literal(host)
        if address and not may_connect(address, networks_of(kind)):
            self.add_error(
                field,
                _("Gateways may not connect to this address: it is not public. If it is right, "
                  "have its network allowed: docs/deploy.md says how."),
            )  # fmt: skip

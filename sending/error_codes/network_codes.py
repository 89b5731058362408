"""What networks say in receipts: the errors of 3GPP TS 29.002, 17.6.6, by their decimal numbers.

Most gateways write them into `err` (SMPP 3.4, appendix B leaves the field to the network).
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.error_codes.command_statuses import ASK_OPERATOR, CHECK_NUMBER

SEND_LATER = _("Send it again later if it is still useful.")
_ANOTHER_WAY = _("Reach this person another way.")

# Whether it is temporary, what happened, what to do.
NETWORK_CODE_SENTENCES: Mapping[str, tuple[bool, str | Promise, str | Promise]] = {
    "001": (False, _("Unknown subscriber: the number is not in use."), CHECK_NUMBER),
    "003": (True, _("Unknown MSC: the network lost track of the handset."), SEND_LATER),
    "005": (
        False,
        _("Unidentified subscriber: the network does not know this number."),
        CHECK_NUMBER,
    ),
    "006": (True, _("The handset was off or out of reach for text messages."), SEND_LATER),
    "007": (False, _("Unknown equipment: the network does not know this handset."), _ANOTHER_WAY),
    "008": (
        False,
        _("Roaming not allowed: the handset is in a network that does not serve it."),
        SEND_LATER,
    ),
    "009": (False, _("Illegal subscriber: the network does not serve this number."), CHECK_NUMBER),
    "010": (False, _("The subscriber's plan does not include this bearer service."), _ANOTHER_WAY),
    "011": (False, _("The subscriber's plan does not include text messages."), _ANOTHER_WAY),
    "012": (False, _("Illegal equipment: the network has blocked this handset."), _ANOTHER_WAY),
    "013": (
        False,
        _("Call barred: the subscriber or the network does not accept these messages."),
        _("Do not send to this number again without asking."),
    ),
    "015": (False, _("The subscriber belongs to a closed user group."), _ANOTHER_WAY),
    "021": (
        False,
        _("The network of the subscriber does not support text messages."),
        _ANOTHER_WAY,
    ),
    "027": (True, _("Absent subscriber: the handset was off or out of reach."), SEND_LATER),
    "028": (
        False,
        _("Incompatible terminal: the handset does not support this kind of message."),
        _ANOTHER_WAY,
    ),
    "031": (True, _("The handset was busy with another text message."), SEND_LATER),
    "032": (True, _("The handset could not store it: its memory may be full."), SEND_LATER),
    "033": (True, _("Too many messages are already waiting for this handset."), SEND_LATER),
    "034": (True, _("The network had an internal error."), SEND_LATER),
    "035": (False, _("The network says data was missing from the message."), ASK_OPERATOR),
    "036": (False, _("The network did not expect one of the values in the message."), ASK_OPERATOR),
    "044": (False, _("The subscriber has changed number."), CHECK_NUMBER),
    "045": (True, _("The subscriber was busy."), SEND_LATER),
    "051": (True, _("The network had no capacity at that moment."), SEND_LATER),
}

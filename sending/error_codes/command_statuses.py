"""What each command_status says of a submit_sm (SMPP 3.4 table 5-2), and what to do about it.

`sending/smpp/command_status.py` says whether it is temporary.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = tuple[str | Promise, str | Promise]

WAIT = _("Do nothing: it is sent again automatically.")
ASK_OPERATOR = _("Tell the operator of this console: the gateway's settings are wrong.")
CHECK_NUMBER = _("Check the number with your customer, and remove it if it is no longer used.")

_TYPED = _(
    "Tell the operator of this console: the carrier wants a different TON or NPI. The gateway's "
    "form has both."
)
_NOT_OURS = _(
    "Tell the operator of this console: the carrier answered an operation we never requested."
)
_OTHER_OPERATION = _("This code belongs to an operation that this console does not use.")
_REPORT = _(
    "Tell the operator of this console the time and the number. Either the carrier or this console "
    "is at fault."
)

COMMAND_STATUS_SENTENCES: Mapping[str, Words] = {
    "ESME_RINVMSGLEN": (_("The gateway says the text is too long."), ASK_OPERATOR),
    "ESME_RINVCMDLEN": (_("The gateway says the length of our submit_sm is wrong."), _REPORT),
    "ESME_RINVCMDID": (
        _("The gateway does not accept submit_sm on this connection."),
        ASK_OPERATOR,
    ),
    "ESME_RINVBNDSTS": (_("The gateway says we are not bound."), WAIT),
    "ESME_RALYBND": (_("The gateway says we are already bound."), WAIT),
    "ESME_RINVPRTFLG": (_("The gateway does not allow this priority."), ASK_OPERATOR),
    "ESME_RINVREGDLVFLG": (
        _("The gateway does not accept requests for delivery receipts."),
        _(
            "Tell the operator of this console: the gateway's form can turn receipts off. No "
            "message is shown as delivered then."
        ),
    ),
    "ESME_RSYSERR": (_("The gateway had an internal error."), WAIT),
    "ESME_RINVSRCADR": (
        _("The gateway does not allow this originator."),
        _("Use an originator that is registered for this country, or ask the operator."),
    ),
    "ESME_RINVDSTADR": (
        _("The gateway says this number is wrong, or does not serve it."),
        CHECK_NUMBER,
    ),
    "ESME_RINVMSGID": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RBINDFAIL": (_("The gateway refused the connection."), WAIT),
    "ESME_RINVPASWD": (_("The gateway refused the password."), ASK_OPERATOR),
    "ESME_RINVSYSID": (_("The gateway does not know our system_id."), ASK_OPERATOR),
    "ESME_RCANCELFAIL": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RREPLACEFAIL": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RMSGQFUL": (_("The gateway's queue is full."), WAIT),
    "ESME_RINVSERTYP": (
        _("The gateway does not allow this service_type."),
        _("Tell the operator of this console: the service_type is set in the gateway's form."),
    ),
    "ESME_RINVNUMDESTS": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RINVDLNAME": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RINVDESTFLAG": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RINVSUBREP": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RINVESMCLASS": (
        _(
            "The gateway does not allow this esm_class. Most often it does not take texts of more "
            "than one segment."
        ),
        _("Shorten the text to one segment, or ask the operator for another route."),
    ),
    "ESME_RCNTSUBDL": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RSUBMITFAIL": (
        _("The gateway could not take the message and did not say why."),
        _("Ask the operator to ask the carrier, with the time and the number."),
    ),
    "ESME_RINVSRCTON": (_("The gateway does not allow the TON of the originator."), _TYPED),
    "ESME_RINVSRCNPI": (_("The gateway does not allow the NPI of the originator."), _TYPED),
    "ESME_RINVDSTTON": (_("The gateway does not allow the TON of the number."), _TYPED),
    "ESME_RINVDSTNPI": (_("The gateway does not allow the NPI of the number."), _TYPED),
    "ESME_RINVSYSTYP": (_("The gateway does not allow our system_type."), ASK_OPERATOR),
    "ESME_RINVREPFLAG": (_("The gateway does not allow replace_if_present_flag."), _REPORT),
    "ESME_RINVNUMMSGS": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RTHROTTLED": (_("It was sent faster than the gateway allows."), WAIT),
    "ESME_RINVSCHED": (_("The gateway does not accept a scheduled delivery time."), _REPORT),
    "ESME_RINVEXPIRY": (
        _("The gateway does not accept this validity period."),
        _("Choose another validity period, or ask the operator what the carrier allows."),
    ),
    "ESME_RINVDFTMSGID": (
        _("The gateway could not find the predefined message we named."),
        _REPORT,
    ),
    "ESME_RX_T_APPN": (_("The gateway asks to try again later."), WAIT),
    "ESME_RX_P_APPN": (_("The gateway refused it permanently."), ASK_OPERATOR),
    "ESME_RX_R_APPN": (_("The gateway rejected the message."), ASK_OPERATOR),
    "ESME_RQUERYFAIL": (_OTHER_OPERATION, _NOT_OURS),
    "ESME_RINVOPTPARSTREAM": (_("The gateway could not read an optional field."), _REPORT),
    "ESME_ROPTPARNOTALLWD": (_("The gateway does not allow an optional field."), _REPORT),
    "ESME_RINVPARLEN": (_("The gateway says a field has the wrong length."), _REPORT),
    "ESME_RMISSINGOPTPARAM": (
        _("The gateway requires a field that was missing."),
        _("Tell the operator of this console: the carrier requires an optional field."),
    ),
    "ESME_RINVOPTPARAMVAL": (_("The gateway does not accept the value of a field."), _REPORT),
    "ESME_RDELIVERYFAILURE": (
        _("The gateway could not deliver it."),
        _("Send it again later if it is still useful. Tell the operator if this happens often."),
    ),
    "ESME_RUNKNOWNERR": (
        _("The gateway refused it and did not say why."),
        _("Ask the operator to ask the carrier, with the time and the number."),
    ),
    # The answer to a PDU whose header could not be read (clause 4.3).
    "GENERIC_NACK": (_("The gateway could not read our submit_sm."), _REPORT),
}

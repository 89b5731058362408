"""Codes of messages: those that refuse one, and those that say why one was not delivered."""

from django.utils.translation import gettext_lazy as _

from sending.dialects.twilio.error import TwilioCode

_LEAD = _("Read the message and change the parameter it names.")
_SENDER = _("Use an approved originator of the organization, or the messaging service SID.")
_LATER = _("Look at the message in the console: its history says what the gateway answered.")

_REFUSALS = (
    (21211, _("To is not a valid number."), _("Write + , the country code and the number.")),
    (21212, _("From cannot be shown by handsets."), _SENDER),
    (
        21408,
        _("Messages to the country of To are not allowed or have no price."),
        _("Allow the country in the organization or the application, or ask the operator."),
    ),
    (21481, _("The page token is not one of this list."), _("Begin with the first page.")),
    (
        21603,
        _("From and MessagingServiceSid are both missing."),
        _("Give the messaging service SID of the application, or an approved originator as From."),
    ),
    (21604, _("To is missing."), _("Give the number of the recipient as To.")),
    (21606, _("From is a number that is no approved originator for this country."), _SENDER),
    (
        21609,
        _("StatusCallback is no URL that can be called."),
        _("Give a URL with https or http, without name, password or fragment."),
    ),
    (
        21610,
        _("The recipient does not want messages, or the number is being erased."),
        _("Do not send to it. The recipient can take a STOP back by answering START."),
    ),
    (
        21612,
        _("There is no route to the number."),
        _("Ask the operator of the console for a gateway to this country."),
    ),
    (21614, _("To is not a mobile number."), _("Ask the recipient for a mobile number.")),
    (
        21617,
        _("The text has more than 1,600 characters, or more segments than a message may have."),
        _("Shorten the text."),
    ),
    (
        21618,
        _("The text is not one of your approved text templates."),
        _(
            "Submit it as a text template and wait for the review, or send a ContentSid. The "
            "details name the nearest templates."
        ),
    ),
    (21602, _("Body and ContentSid are both missing."), _("Give one of them.")),
    (
        21620,
        _("MediaUrl is set, and there are no multimedia messages here."),
        _("Send the link in the text, if a text template has it."),
    ),
    (21624, _("ValidityPeriod is not a number of seconds from 1 to 36,000."), _LEAD),
    (21627, _("MaxPrice is not a number."), _LEAD),
    (
        21654,
        _("There are ContentVariables and no ContentSid."),
        _("Give the ContentSid of the text template that they are for."),
    ),
    (
        21655,
        _("ContentSid names no approved text template of the organization."),
        _("Copy the SID from the page of the text template, and wait until it is approved."),
    ),
    (
        21656,
        _("ContentVariables are no JSON object, or do not fit the text template."),
        _('Give an object with a text for each variable, such as {"1": "4711"}.'),
    ),
    (
        21658,
        _("A parameter is too long."),
        _("Shorten the parameter that the message names."),
    ),
    (
        21701,
        _("MessagingServiceSid names no application of the account."),
        _("Copy the messaging service SID from the page of the application."),
    ),
    (
        21703,
        _("There is no originator for this country."),
        _("Request one under Settings, then choose it in the application."),
    ),
    (
        21709,
        _("From is a name that is no approved originator of the organization for this country."),
        _SENDER,
    ),
    (
        30010,
        _("The message costs more than MaxPrice."),
        _("Raise MaxPrice, which is in the currency of the account, or shorten the text."),
    ),
    (
        30409,
        _("The message can no longer be cancelled."),
        _("Nothing: it was sent, or it is over. Only messages that wait can be cancelled."),
    ),
    (
        35111,
        _("ScheduleType is set, and SendAt is missing."),
        _("Give SendAt, such as 2026-12-24T18:00:00Z."),
    ),
    (
        35114,
        _("SendAt is not between 15 minutes and 35 days from now."),
        _("Choose a time within these bounds."),
    ),
    (
        35125,
        _("The application has as many scheduled messages as it may."),
        _("Wait until some of their times have come."),
    ),
    (
        35118,
        _("A message with SendAt needs MessagingServiceSid."),
        _("Give the messaging service SID of the application."),
    ),
    (35126, _("ScheduleType is not fixed, or missing beside SendAt."), _LEAD),
)
_ENDS = (
    (30001, _("The queue of the gateway was full.")),
    (30002, _("Sending was suspended before the message left.")),
    (30003, _("The handset could not be reached.")),
    (30004, _("The message was blocked: the recipient does not want it.")),
    (30005, _("The number is not in use.")),
    (30006, _("The network of the number cannot be reached, or it is a landline.")),
    (30007, _("The network has filtered the message.")),
    (30008, _("The network gave no reason that is known.")),
    (30018, _("The sender must be registered in this country.")),
    (30036, _("Its validity was over before it could be delivered.")),
    (30410, _("The gateway did not answer in time.")),
)

MESSAGE_CODES = (
    *(TwilioCode(code, 400, cause, fix) for code, cause, fix in _REFUSALS),
    *(TwilioCode(code, 0, cause, _LATER) for code, cause in _ENDS),
    TwilioCode(
        30450,
        403,
        _("A rule against fraud has stopped the message."),
        _("Look at the decision in the console. An owner can trust the number or the application."),
    ),
)

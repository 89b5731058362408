"""Actions about signatures and text templates."""

from django.utils.translation import gettext_lazy as _

from sending.dialects.tencent.declaring import (
    INTERNATIONAL,
    LIST_AT_ONCE,
    LIST_LIMIT,
    LIST_OFFSET,
    REPEAT_CODES,
    Action,
)
from sending.dialects.tencent.fields import (
    ApiField,
    ShownAs,
    an_object,
    integer,
    integers,
    objects,
    text,
)

# Base64 of 5 MB, with line ends.
_IMAGE_CHARS = 7_500_000
_MAY_NOT = "UnauthorizedOperation.RequestPermissionDeny"
# Of each signature type, the kinds of document that prove it.
DOCUMENTS_OF_TYPE = {
    0: (0, 1),
    1: (0, 1, 2, 3, 4),
    2: (0, 1, 2, 3, 5),
    3: (0, 1, 2, 3, 8),
    4: (7,),
    5: (2, 3),
    6: (0, 1, 2, 3, 6),
}

_SIGN_ID = integer("SignId", _("The id of the signature."), is_required=True, example=7)
_TEMPLATE_ID = integer(
    "TemplateId", _("The id of the text template."), is_required=True, example=1110
)
_REMARK = text(
    "Remark", _("Remarks for the reviewer."), most=1_000, shown=ShownAs.LENGTH, example=""
)
_SIGNATURE: tuple[ApiField, ...] = (
    text(
        "SignName",
        _("The signature, 2 to 15 characters, without brackets."),
        most=60,
        least=1,
        is_required=True,
        value_code="InvalidParameterValue.SignNameLengthTooLong",
        example="Harbourline",
    ),
    integer(
        "SignType",
        _(
            "0 company, 1 app, 2 website, 3 official account, 4 trademark, 5 government or other,"
            " 6 mini program."
        ),
        choices=tuple(DOCUMENTS_OF_TYPE),
        is_required=True,
        example=0,
    ),
    integer(
        "DocumentType",
        _(
            "What the image shows: 0 three-in-one licence, 1 business licence, 2 organization code,"
            " 3 social credit code, 4 app, 5 website, 6 mini program, 7 trademark,"
            " 8 official account."
        ),
        choices=tuple(range(9)),
        value_code="InvalidParameterValue.InvalidDocumentType",
        is_required=True,
        example=1,
    ),
    INTERNATIONAL,
    integer(
        "SignPurpose",
        _("0 for your own name, 1 for the name of another organization."),
        choices=(0, 1),
        value_code="InvalidParameterValue.InvalidSignPurpose",
        is_required=True,
        example=0,
    ),
    text(
        "ProofImage",
        _("The certificate: a JPG or PNG up to 5 MB in base64, without a prefix. May be left out."),
        most=_IMAGE_CHARS,
        value_code="InvalidParameterValue.ImageInvalid",
        shown=ShownAs.LENGTH,
    ),
    text(
        "CommissionImage",
        _(
            "The power of attorney, likewise; it takes the place of ProofImage when SignPurpose is"
            " 1 and both are given."
        ),
        most=_IMAGE_CHARS,
        value_code="InvalidParameterValue.ImageInvalid",
        shown=ShownAs.LENGTH,
    ),
    _REMARK,
)
_TEXT_TEMPLATE: tuple[ApiField, ...] = (
    text(
        "TemplateName",
        _("Its name; each once."),
        most=60,
        least=1,
        is_required=True,
        example="Login code",
    ),
    text(
        "TemplateContent",
        _("The text, up to 500 characters, with {1}, {2} … for the values."),
        most=500,
        least=1,
        is_required=True,
        value_code="InvalidParameterValue.InvalidTemplateFormat",
        shown=ShownAs.LENGTH,
        example="Your code is {1}. It is valid for {2} minutes.",
    ),
    integer(
        "SmsType",
        _("1 marketing, 2 notification, 3 OTP."),
        choices=(1, 2, 3),
        value_code="InvalidParameterValue.InvalidSmsType",
        is_required=True,
        example=3,
    ),
    INTERNATIONAL,
    _REMARK,
)
_DELETED = (
    text("DeleteStatus", _("Always “return successfully!”.")),
    integer("DeleteTime", _("When, in Unix seconds.")),
)
_REVIEW = (
    integer("International", _("Always 1.")),
    integer("StatusCode", _("0 approved and in use, 1 in review, -1 rejected or withdrawn.")),
    text("ReviewReply", _("Why it was rejected; else empty.")),
)
_SIGNATURE_CODES = (
    _MAY_NOT,
    "InvalidParameterValue.InvalidInternational",
    "InvalidParameterValue.InvalidDocumentType",
    "InvalidParameterValue.InvalidSignPurpose",
    "InvalidParameterValue.ImageInvalid",
    "InvalidParameterValue.SignNameLengthTooLong",
    "InvalidParameterValue.InvalidTemplateFormat",
    "InvalidParameterValue.SignExistAndUnapproved",
    "FailedOperation.OtherError",
    *REPEAT_CODES,
)
_TEMPLATE_CODES = (
    _MAY_NOT,
    "InvalidParameterValue.InvalidInternational",
    "InvalidParameterValue.InvalidSmsType",
    "InvalidParameterValue.InvalidTemplateFormat",
    "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe",
    "FailedOperation.OtherError",
    *REPEAT_CODES,
)
_LIST_CODES = (
    "InvalidParameterValue.InvalidInternational",
    "InvalidParameterValue.LimitVerifyFail",
    "InvalidParameterValue.OffsetVerifyFail",
)

CONTENT_ACTIONS = (
    Action(
        "AddSmsSign",
        _("Submits a new signature for review."),
        _SIGNATURE,
        (an_object("AddSignStatus", _("The new signature."), (integer("SignId", _("Its id.")),)),),
        per_second=1,
        codes=(*_SIGNATURE_CODES, "FailedOperation.SignNumberLimit"),
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "ModifySmsSign",
        _("Submits a signature anew that was rejected or withdrawn, or is still in review."),
        (_SIGN_ID, *_SIGNATURE),
        (an_object("ModifySignStatus", _("The signature."), (integer("SignId", _("Its id.")),)),),
        per_second=1,
        codes=(
            *_SIGNATURE_CODES,
            "FailedOperation.MissingSignatureToModify",
            "InvalidParameterValue.SignAlreadyPassedCheck",
        ),
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "DeleteSmsSign",
        _("Deletes a signature. What was sent with it keeps it."),
        (_SIGN_ID,),
        (an_object("DeleteSignStatus", _("What was done."), _DELETED),),
        per_second=1,
        codes=("FailedOperation.SignIdNotExist", _MAY_NOT, *REPEAT_CODES),
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "DescribeSmsSignList",
        _("Lists signatures with the state of their review, the newest first."),
        (
            INTERNATIONAL,
            integers("SignIdSet", _("Ids to ask for."), most_items=LIST_AT_ONCE, example=[]),
            LIST_LIMIT,
            LIST_OFFSET,
        ),
        (
            objects(
                "DescribeSignListStatusSet",
                _("Signatures. Ids that are not there are left out."),
                (
                    integer("SignId", _("The id of the signature.")),
                    *_REVIEW,
                    text("SignName", _("The signature.")),
                    integer("CreateTime", _("When it was submitted, in Unix seconds.")),
                ),
            ),
        ),
        per_second=20,
        codes=_LIST_CODES,
    ),
    Action(
        "AddSmsTemplate",
        _("Submits a new text template for review."),
        _TEXT_TEMPLATE,
        (
            an_object(
                "AddTemplateStatus",
                _("The new text template."),
                (text("TemplateId", _("Its id, as a string.")),),
            ),
        ),
        per_second=2,
        codes=(*_TEMPLATE_CODES, "FailedOperation.TemplateNumberLimit"),
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "ModifySmsTemplate",
        _("Submits a text template anew that was rejected or withdrawn, or is still in review."),
        (_TEMPLATE_ID, *_TEXT_TEMPLATE),
        (
            an_object(
                "ModifyTemplateStatus",
                _("The text template."),
                (integer("TemplateId", _("Its id.")),),
            ),
        ),
        per_second=20,
        codes=(
            *_TEMPLATE_CODES,
            "FailedOperation.MissingTemplateToModify",
            "FailedOperation.TemplateAlreadyPassedCheck",
        ),
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "DeleteSmsTemplate",
        _("Deletes a text template. What was sent with it keeps it."),
        (_TEMPLATE_ID,),
        (an_object("DeleteTemplateStatus", _("What was done."), _DELETED),),
        per_second=1,
        codes=("FailedOperation.TemplateIdNotExist", _MAY_NOT, *REPEAT_CODES),
        is_repeatable=True,
        is_for_sending=True,
    ),
    Action(
        "DescribeSmsTemplateList",
        _("Lists text templates with the state of their review, the newest first."),
        (
            INTERNATIONAL,
            integers("TemplateIdSet", _("Ids to ask for."), most_items=LIST_AT_ONCE, example=[]),
            LIST_LIMIT,
            LIST_OFFSET,
        ),
        (
            objects(
                "DescribeTemplateStatusSet",
                _("Text templates. Ids that are not there are left out."),
                (
                    integer("TemplateId", _("The id of the text template.")),
                    *_REVIEW,
                    text("TemplateName", _("Its name.")),
                    integer("CreateTime", _("When it was submitted, in Unix seconds.")),
                    text("TemplateContent", _("The text.")),
                ),
            ),
        ),
        per_second=20,
        codes=_LIST_CODES,
    ),
)

"""AddSmsSign, ModifySmsSign, DeleteSmsSign, DescribeSmsSignList: the same actions as the pages'."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import Conflict, Refusal
from sending.api.repeating import Keep
from sending.api.tencent import content
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.images import image
from sending.dialects.tencent.content_actions import DOCUMENTS_OF_TYPE
from sending.dialects.tencent.fields import TencentError
from templates_app import actions
from templates_app.actions.signatures import EvidenceRefused
from templates_app.lint import lint_signature
from templates_app.models import Signature
from templates_app.models.signature import SignatureType

_TYPES = {
    0: SignatureType.COMPANY,
    1: SignatureType.APP,
    2: SignatureType.WEBSITE,
    3: SignatureType.OFFICIAL_ACCOUNT,
    4: SignatureType.TRADEMARK,
    5: SignatureType.GOVERNMENT,
    6: SignatureType.OFFICIAL_ACCOUNT,
}
_IMAGE = "InvalidParameterValue.ImageInvalid"
_TWIN = "InvalidParameterValue.SignExistAndUnapproved"


def add_sign(call: ApiCall, keep: Keep) -> Answer:
    """Submit a new signature."""
    fields = _fields(call)

    def draft(author: Any) -> Any:
        try:
            return actions.create_signature(organization=call.organization, author=author, **fields)
        except Refusal as refusal:
            codes = {EvidenceRefused: _IMAGE, Conflict: "FailedOperation.SignNumberLimit"}
            raise content.refused(refusal, codes) from refusal

    return _submitted(call, keep, draft, "AddSignStatus")


def modify_sign(call: ApiCall, keep: Keep) -> Answer:
    """Submit a signature anew."""
    fields = _fields(call)
    signature = _own(call, "FailedOperation.MissingSignatureToModify")

    def draft(author: Any) -> Any:
        approved = "InvalidParameterValue.SignAlreadyPassedCheck"
        version: Any = content.editable(signature, author, approved)
        try:
            return actions.save_signature(version=version, author=author, **fields)
        except Refusal as refusal:
            raise content.refused(refusal, {EvidenceRefused: _IMAGE}) from refusal

    return _submitted(call, keep, draft, "ModifySignStatus")


def delete_sign(call: ApiCall, keep: Keep) -> Answer:
    """Delete a signature."""
    signature = _own(call, "FailedOperation.SignIdNotExist")
    return content.deleted(call, keep, signature, "DeleteSignStatus")


def describe_signs(call: ApiCall, _keep: Keep) -> Answer:
    """List signatures with the state of their review."""
    own = Signature.objects.for_organization(call.organization)
    return {
        "DescribeSignListStatusSet": [
            {
                "SignId": signature.pk,
                "SignName": version.text,
                **content.told(call, version),
            }
            for signature, version in content.listed(call, own, "SignIdSet")
        ]
    }


def _submitted(call: ApiCall, keep: Keep, draft: Any, name: str) -> Answer:
    try:
        return content.submitted(
            call, keep, draft, lambda version: {name: {"SignId": version.thing.pk}}
        )
    except Conflict as conflict:
        raise content.refused(conflict, {Conflict: _TWIN}) from conflict


def _own(call: ApiCall, code: str) -> Signature:
    own = Signature.objects.for_organization(call.organization).filter(deleted_at=None)
    signature: Signature | None = own.filter(pk=call.values["SignId"]).first()
    if signature is None:
        raise TencentError(
            code,
            _("Your organization has no signature %(id)s.") % {"id": call.values["SignId"]},
        )
    return signature


def _fields(call: ApiCall) -> dict[str, Any]:
    values = call.values
    kind, document = values["SignType"], values["DocumentType"]
    if document not in DOCUMENTS_OF_TYPE[kind]:
        raise TencentError(
            "InvalidParameterValue.InvalidDocumentType",
            _("With SignType %(type)s, DocumentType must be one of: %(documents)s.")
            % {"type": kind, "documents": ", ".join(map(str, DOCUMENTS_OF_TYPE[kind]))},
        )
    # Its column is no longer than a signature may be.
    content.refuse_findings(lint_signature(values["SignName"].strip()))
    proof = image(values.get("ProofImage", ""))
    commission = image(values.get("CommissionImage", ""))
    is_for_others = values["SignPurpose"] == 1
    return {
        "content": values["SignName"].strip(),
        "kind": _TYPES[kind].value,
        "for_others": is_for_others,
        "remarks": values.get("Remark", "").strip(),
        "evidence": (commission if is_for_others else None) or proof,
    }

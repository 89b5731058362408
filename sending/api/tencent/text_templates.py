"""AddSmsTemplate, ModifySmsTemplate, DeleteSmsTemplate, DescribeSmsTemplateList."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import Conflict, Refusal
from sending.api.repeating import Keep
from sending.api.tencent import content
from sending.api.tencent.call import Answer, ApiCall
from sending.dialects.tencent.fields import TencentError
from sending.dialects.tencent.refusals import OTHER
from templates_app import actions, wording
from templates_app.actions.text_templates import NameTaken
from templates_app.models import SmsType, TextTemplate

_TYPES = {1: SmsType.MARKETING, 2: SmsType.NOTIFICATION, 3: SmsType.OTP}


def add_template(call: ApiCall, keep: Keep) -> Answer:
    """Submit a new text template."""

    def draft(author: Any) -> Any:
        try:
            return actions.create_text_template(
                organization=call.organization, author=author, **_fields(call)
            )
        except Refusal as refusal:
            codes = {NameTaken: OTHER, Conflict: "FailedOperation.TemplateNumberLimit"}
            raise content.refused(refusal, codes) from refusal

    return _submitted(
        call,
        keep,
        draft,
        # In this answer alone the id is a string.
        lambda version: {"AddTemplateStatus": {"TemplateId": str(version.thing.pk)}},
    )


def modify_template(call: ApiCall, keep: Keep) -> Answer:
    """Submit a text template anew."""
    template = _own(call, "FailedOperation.MissingTemplateToModify")

    def draft(author: Any) -> Any:
        approved = "FailedOperation.TemplateAlreadyPassedCheck"
        version: Any = content.editable(template, author, approved)
        try:
            return actions.save_text_template(version=version, author=author, **_fields(call))
        except Refusal as refusal:
            raise content.refused(refusal, {}) from refusal

    return _submitted(
        call,
        keep,
        draft,
        lambda version: {"ModifyTemplateStatus": {"TemplateId": version.thing.pk}},
    )


def delete_template(call: ApiCall, keep: Keep) -> Answer:
    """Delete a text template."""
    template = _own(call, "FailedOperation.TemplateIdNotExist")
    return content.deleted(call, keep, template, "DeleteTemplateStatus")


def describe_templates(call: ApiCall, _keep: Keep) -> Answer:
    """List text templates with the state of their review."""
    own = TextTemplate.objects.for_organization(call.organization)
    return {
        "DescribeTemplateStatusSet": [
            {
                "TemplateId": template.pk,
                "TemplateName": template.name,
                "TemplateContent": version.text,
                **content.told(call, version),
            }
            for template, version in content.listed(call, own, "TemplateIdSet")
        ]
    }


def _submitted(call: ApiCall, keep: Keep, draft: Any, answer: Any) -> Answer:
    try:
        return content.submitted(call, keep, draft, answer)
    except Conflict as conflict:
        raise content.refused(conflict, {}) from conflict


def _own(call: ApiCall, code: str) -> TextTemplate:
    own = TextTemplate.objects.for_organization(call.organization).filter(deleted_at=None)
    template: TextTemplate | None = own.filter(pk=call.values["TemplateId"]).first()
    if template is None:
        raise TencentError(
            code,
            _("Your organization has no text template %(id)s.") % {"id": call.values["TemplateId"]},
        )
    return template


def _fields(call: ApiCall) -> dict[str, Any]:
    values = call.values
    body = values["TemplateContent"].replace("\r\n", "\n").strip()
    return {
        "name": values["TemplateName"].strip(),
        "sms_type": _TYPES[values["SmsType"]].value,
        "body": body,
        "samples": [""] * wording.parse(body).variables,
        "remarks": values.get("Remark", "").strip(),
    }

"""What a request asks for by headers of ours, and by what all actions share."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import SmsApplication
from accounts.queries import check_not_suspended
from sending.api.tencent.asked import AskedRequest
from sending.api.tencent.call import ApiCall
from sending.dialects.tencent.fields import TencentError

LONGEST_KEY = 255


def read_options(call: ApiCall, asked: AskedRequest) -> None:
    """Read the headers Idempotency-Key and X-Dry-Run, and check SmsSdkAppId; raise TencentError."""
    _read_dry_run(call, asked.header("x-dry-run").lower())
    _read_key(call, asked.header("idempotency-key"))
    if "SmsSdkAppId" in call.values:
        _check_sdk_app_id(call, call.values["SmsSdkAppId"])


def _read_dry_run(call: ApiCall, wish: str) -> None:
    if wish not in {"", "true", "false"}:
        raise TencentError("InvalidParameterValue", _("X-Dry-Run must be true or false."))
    if wish == "true":
        if not call.action.has_dry_run:
            raise TencentError(
                "UnsupportedOperation",
                _("Only SendSms and SendMultiGlobalSms have a dry run. Remove X-Dry-Run."),
            )
        call.is_dry_run = True


def _read_key(call: ApiCall, key: str) -> None:
    if not key:
        return
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise TencentError(
            "InvalidParameterValue",
            _("Idempotency-Key must have 1 to %(most)s visible ASCII characters.")
            % {"most": LONGEST_KEY},
        )
    if call.action.is_repeatable and not call.is_dry_run:
        call.idempotency_key = key


def _check_sdk_app_id(call: ApiCall, sdk_app_id: str) -> None:
    if sdk_app_id == call.caller.sdk_app_id:
        return
    others: Any = SmsApplication.objects.for_organization(call.organization)
    if others.filter(sdk_app_id=sdk_app_id).exists():
        raise TencentError(
            "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
            _(
                "SmsSdkAppId is %(given)s, and the API key belongs to the application %(own)s. "
                "Use a key of the other application, or send the SdkAppId of the key."
            )
            % {"own": call.caller.sdk_app_id, "given": sdk_app_id},
        )
    raise TencentError(
        "InvalidParameterValue.SdkAppIdNotExist",
        _("Your organization has no application %(given)s. The API key belongs to %(own)s.")
        % {"own": call.caller.sdk_app_id, "given": sdk_app_id},
    )


def check_sending(call: ApiCall) -> None:
    """Raise MayNotSend where pages are closed too: nothing new while the organization is suspended.

    Whether it may send is asked by acceptance once more, in its transaction.
    """
    if call.action.is_for_sending and not call.action.has_dry_run:
        check_not_suspended(call.organization)

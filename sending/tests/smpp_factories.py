"""SMPP accounts with what is bound, what waits for clients, and what was refused."""

import itertools
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import SmsApplication
from sending.models import (
    BindType,
    Message,
    SmppAccount,
    SmppBind,
    SmppLockOut,
    SmppPart,
    SmppReceipt,
    SmppRefusal,
)

SMPP_PASSWORD = "Abcd1234"
_numbers = itertools.count(1)


def make_smpp_account(application: SmsApplication, **fields: Any) -> SmppAccount:
    """An account that binds from this machine with SMPP_PASSWORD."""
    given = {
        "system_id": f"client-{next(_numbers)}",
        "name": "Kannel",
        "password": make_password(SMPP_PASSWORD),
        "allowed_networks": ["127.0.0.0/8", "::1/128"],
    }
    return SmppAccount.objects.create(
        organization=application.organization, application=application, **given | fields
    )


def make_smpp_bind(account: SmppAccount, kind: BindType, **fields: Any) -> SmppBind:
    """A bind that its server has just shown."""
    given = {"instance": "server", "address": "192.0.2.7", "in_window": 3, "rate": 7}
    return SmppBind.objects.create(
        organization_id=account.organization_id,
        account=account,
        bind_type=kind.value,
        **given | fields,
    )


def make_smpp_receipt(
    account: SmppAccount, message: Message, *, dead: bool = False, **fields: Any
) -> SmppReceipt:
    """A receipt of a message of one PDU, which waits or was given up."""
    now = timezone.now()
    SmppPart.objects.create(
        id=message.pk,
        organization_id=account.organization_id,
        account_id=account.pk,
        message_id=message.pk,
        destination_addr=message.msisdn.removeprefix("+"),
        registered_delivery=1,
        at=now,
    )
    given = {
        "subject_id": message.pk,
        "message_id": message.pk,
        "state": message.state,
        "at": now,
        "due_at": now,
        **({"dead_at": now, "attempts": 3, "error": "0x00000065"} if dead else {}),
    }
    return SmppReceipt.objects.create(
        organization_id=account.organization_id, account_id=account.pk, **given | fields
    )


def make_smpp_refusal(account: SmppAccount, **fields: Any) -> SmppRefusal:
    """A submit_sm that was refused."""
    given = {"status": 0x402, "code": "TEXT_UNMATCHED", "masked_number": "+852****05"}
    return SmppRefusal.objects.create(
        organization_id=account.organization_id,
        account_id=account.pk,
        at=timezone.now(),
        **given | fields,
    )


def make_smpp_lock_out(account: SmppAccount, **fields: Any) -> SmppLockOut:
    """An address from which binds failed."""
    now = timezone.now()
    given = {
        "address": "198.51.100.9",
        "system_id": account.system_id,
        "failures": 3,
        "reason": "PASSWORD",
        "failed_at": now,
        "locked_until": now + timedelta(minutes=1),
    }
    return SmppLockOut.objects.create(
        organization_id=account.organization_id, account=account, **given | fields
    )


def make_bound_client(message: Message) -> SmppAccount:
    """An account whose client is bound, takes no receipts, and was refused something."""
    account = make_smpp_account(SmsApplication.objects.get(pk=message.application_id))
    make_smpp_bind(account, BindType.TRANSMITTER)
    make_smpp_receipt(account, message)
    make_smpp_refusal(account)
    make_smpp_lock_out(account)
    return account

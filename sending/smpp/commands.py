"""The command_id of each operation (SMPP 3.4 clause 5.1.2.1)."""

from __future__ import annotations

from enum import IntEnum

RESPONSE_BIT = 0x80000000


class CommandId(IntEnum):
    """The operations this codec speaks."""

    generic_nack = 0x80000000
    bind_receiver = 0x00000001
    bind_receiver_resp = 0x80000001
    bind_transmitter = 0x00000002
    bind_transmitter_resp = 0x80000002
    query_sm = 0x00000003
    query_sm_resp = 0x80000003
    submit_sm = 0x00000004
    submit_sm_resp = 0x80000004
    submit_multi = 0x00000021
    submit_multi_resp = 0x80000021
    deliver_sm = 0x00000005
    deliver_sm_resp = 0x80000005
    unbind = 0x00000006
    unbind_resp = 0x80000006
    replace_sm = 0x00000007
    replace_sm_resp = 0x80000007
    cancel_sm = 0x00000008
    cancel_sm_resp = 0x80000008
    bind_transceiver = 0x00000009
    bind_transceiver_resp = 0x80000009
    enquire_link = 0x00000015
    enquire_link_resp = 0x80000015
    data_sm = 0x00000103
    data_sm_resp = 0x80000103


COMMAND_IDS: dict[int, CommandId] = {int(command): command for command in CommandId}

BINDS = frozenset({CommandId.bind_receiver, CommandId.bind_transmitter, CommandId.bind_transceiver})
BIND_RESPS = frozenset(CommandId(command | RESPONSE_BIT) for command in BINDS)


_RESPONSES = {
    command: COMMAND_IDS[command | RESPONSE_BIT]
    for command in CommandId
    if command | RESPONSE_BIT in COMMAND_IDS
}


def response_to(command: CommandId) -> CommandId:
    """The command_id that answers this request."""
    return _RESPONSES[command]

"""Any PDU that the specification allows."""

from hypothesis import strategies as st

from sending.smpp.commands import BIND_RESPS, BINDS, CommandId
from sending.smpp.pdu import (
    Bind,
    BindResp,
    DeliverSm,
    DeliverSmResp,
    Empty,
    SubmitSm,
    SubmitSmResp,
)

octet = st.integers(0, 255)
sequence_numbers = st.integers(1, 0x7FFFFFFF)
statuses = st.integers(0, 0xFFFFFFFF)
tlvs = st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=40), max_size=4)


def words(size: int, most: int = 255):
    """Text for a C-octet string field of this size."""
    letters = st.characters(min_codepoint=1, max_codepoint=most)
    return st.text(letters, max_size=size - 1)


def short_messages(kind, *, most: int = 255, options=tlvs):
    return st.builds(
        kind,
        source_addr=words(21, most),
        destination_addr=words(21, most),
        short_message=st.binary(max_size=254),
        source_addr_ton=octet,
        source_addr_npi=octet,
        dest_addr_ton=octet,
        dest_addr_npi=octet,
        esm_class=octet,
        data_coding=octet,
        registered_delivery=octet,
        service_type=words(6, most),
        protocol_id=octet,
        priority_flag=octet,
        schedule_delivery_time=words(17, most),
        validity_period=words(17, most),
        replace_if_present_flag=octet,
        sm_default_msg_id=octet,
        tlvs=options,
    )


binds = st.builds(
    Bind,
    command_id=st.sampled_from(sorted(BINDS)),
    system_id=words(16),
    password=words(65),
    system_type=words(13),
    interface_version=octet,
    addr_ton=octet,
    addr_npi=octet,
    address_range=words(41),
)
bind_resps = st.builds(
    BindResp, command_id=st.sampled_from(sorted(BIND_RESPS)), system_id=words(16), tlvs=tlvs
)
empties = st.builds(
    Empty,
    st.sampled_from(
        [
            CommandId.generic_nack,
            CommandId.unbind,
            CommandId.unbind_resp,
            CommandId.enquire_link,
            CommandId.enquire_link_resp,
        ]
    ),
)
bodies = st.one_of(
    binds,
    bind_resps,
    empties,
    short_messages(SubmitSm),
    short_messages(DeliverSm),
    st.builds(SubmitSmResp, message_id=words(65), tlvs=tlvs),
    st.just(DeliverSmResp()),
)

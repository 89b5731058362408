"""One noun a file; `stepping` holds the only SQL that changes a state."""

from sending.models.api_message import ApiMessage
from sending.models.api_request import ApiRequest
from sending.models.attention import Attention
from sending.models.batch import Batch
from sending.models.bulk import Among
from sending.models.callback_endpoint import CallbackEndpoint
from sending.models.callback_event import CallbackEvent, CallbackKind
from sending.models.circuit import Circuit, CircuitCount, FailoverRecord
from sending.models.connection_test import ConnectionTest
from sending.models.counter import Counter
from sending.models.customer import (
    Customer,
    CustomerField,
    CustomerGroup,
    CustomerSource,
    GroupMembership,
)
from sending.models.customer_change import ChangeKind, ChangeState, CustomerChange
from sending.models.daily_use import DailyUse
from sending.models.day_tally import DayTally, TallyKind
from sending.models.draft import Draft
from sending.models.export import Export, ExportKind, ExportState
from sending.models.free_text_right import FreeTextRight
from sending.models.gateway import BindSlot, Gateway, HttpGateway, Route
from sending.models.group_import import GroupImport, ImportMode, ImportState
from sending.models.guard_block import GuardBlock, GuardHold
from sending.models.guard_counter import GuardCounter
from sending.models.guard_decision import GuardDecision
from sending.models.guard_event import GuardEvent
from sending.models.guard_incident import GuardIncident
from sending.models.guard_settings import GuardRuleSetting, GuardSettings
from sending.models.guard_trust import GuardAllow, GuardTrust
from sending.models.idempotent_request import IdempotentRequest
from sending.models.inbound import InboundSegment
from sending.models.inbound_message import AssignedBy, InboundMessage
from sending.models.incident import Incident, IncidentState, IncidentUpdate
from sending.models.intake_turn import IntakeTurn
from sending.models.live_worker import LiveWorker, WorkerKind
from sending.models.message import Message, MessageSequence
from sending.models.message_number import MessageNumber
from sending.models.number_erasure import NumberErasure
from sending.models.number_use import NumberUse
from sending.models.price import GatewayCost, Price, PriceVersion
from sending.models.problem import Problem, ProblemKind
from sending.models.receipt import DeliveryReceipt, ReceiptInbox
from sending.models.reply_settings import ReplyConfirmation, ReplySettings
from sending.models.retry import Retry
from sending.models.send_approval import ApprovalOutcome, SendApproval
from sending.models.send_host import SendHost
from sending.models.send_task import RecipientSource, SendTask, TaskCountry, TaskEvent
from sending.models.smpp_account import DefaultCoding, ReceiptsOf, SmppAccount
from sending.models.smpp_bind import BindType, SmppBind, SmppLockOut
from sending.models.smpp_part import PartState, SmppPart, SmppRefusal
from sending.models.smpp_receipt import OutboxKind, SmppReceipt
from sending.models.submission import Submission
from sending.models.suppression import Suppression
from sending.models.unmatched_text import UnmatchedText
from sending.models.upload import Upload
from sending.models.verification import Verification, VerificationState
from sending.models.verification_attempt import VerificationAttempt
from sending.models.verify_rate_limit import VerifyBucket, VerifyRateLimit, VerifyRateUse
from sending.models.verify_service import VerifyService

__all__ = [
    "Among",
    "ApiMessage",
    "ApiRequest",
    "ApprovalOutcome",
    "AssignedBy",
    "Attention",
    "Batch",
    "BindSlot",
    "BindType",
    "CallbackEndpoint",
    "CallbackEvent",
    "CallbackKind",
    "ChangeKind",
    "ChangeState",
    "Circuit",
    "CircuitCount",
    "ConnectionTest",
    "Counter",
    "Customer",
    "CustomerChange",
    "CustomerField",
    "CustomerGroup",
    "CustomerSource",
    "DailyUse",
    "DayTally",
    "DefaultCoding",
    "DeliveryReceipt",
    "Draft",
    "Export",
    "ExportKind",
    "ExportState",
    "FailoverRecord",
    "FreeTextRight",
    "Gateway",
    "GatewayCost",
    "GroupImport",
    "GroupMembership",
    "GuardAllow",
    "GuardBlock",
    "GuardCounter",
    "GuardDecision",
    "GuardEvent",
    "GuardHold",
    "GuardIncident",
    "GuardRuleSetting",
    "GuardSettings",
    "GuardTrust",
    "HttpGateway",
    "IdempotentRequest",
    "ImportMode",
    "ImportState",
    "InboundMessage",
    "InboundSegment",
    "Incident",
    "IncidentState",
    "IncidentUpdate",
    "IntakeTurn",
    "LiveWorker",
    "Message",
    "MessageNumber",
    "MessageSequence",
    "NumberErasure",
    "NumberUse",
    "OutboxKind",
    "PartState",
    "Price",
    "PriceVersion",
    "Problem",
    "ProblemKind",
    "ReceiptInbox",
    "ReceiptsOf",
    "RecipientSource",
    "ReplyConfirmation",
    "ReplySettings",
    "Retry",
    "Route",
    "SendApproval",
    "SendHost",
    "SendTask",
    "SmppAccount",
    "SmppBind",
    "SmppLockOut",
    "SmppPart",
    "SmppReceipt",
    "SmppRefusal",
    "Submission",
    "Suppression",
    "TallyKind",
    "TaskCountry",
    "TaskEvent",
    "UnmatchedText",
    "Upload",
    "Verification",
    "VerificationAttempt",
    "VerificationState",
    "VerifyBucket",
    "VerifyRateLimit",
    "VerifyRateUse",
    "VerifyService",
    "WorkerKind",
]

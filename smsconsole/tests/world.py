"""Two organizations with a row of everything, and a reader of every kind."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts.actions import invite
from accounts.models import Contact, Member, Organization, User
from accounts.notices import NoticeKind, tell
from accounts.roles import Role, may
from accounts.sessions import BEGAN, SEEN
from accounts.tests.factories import (
    PASSWORD,
    log_in,
    make_active_organization,
    make_api_key,
    make_contact,
    make_member,
    make_operator,
    make_originator,
    make_reviewer,
    make_user,
)
from sending.exporting.writing import path_of
from sending.lifecycle import MessageState, TaskState
from sending.models import (
    BindSlot,
    CustomerChange,
    CustomerField,
    Draft,
    Export,
    ExportKind,
    ExportState,
    Gateway,
    GatewayCost,
    GroupImport,
    Incident,
    Suppression,
)
from sending.tests.callbacks.outbox import make_told_event
from sending.tests.factories import (
    CODE_BODY,
    a_number,
    make_gateway,
    make_group,
    make_messages,
    make_problem,
    make_reply,
    make_task,
    make_upload,
    make_waiting_task,
    move,
)
from sending.tests.guard_factories import make_guard
from sending.tests.program_factories import make_program_messages, make_request, make_unmatched
from sending.tests.smpp_factories import make_bound_client, make_smpp_receipt
from sending.verify.service_settings import create
from smsconsole.tests.address import NUMBERS
from smsconsole.tests.sign_in_rows import make_passkey, make_session
from templates_app.models import TextTemplate
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    PNG,
    approved_signature,
    approved_template,
    make_signature,
    make_text_template,
    pending_signature,
    pending_template,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """One of everything that belongs to an organization: what fills the arguments of addresses."""

    organization: int
    application: int
    application_country: int
    application_originator: int
    originator: int
    api_key: int
    member: int
    user: int
    invitation: int
    invitation_token: str
    contact: int
    text_template: int
    template_version: int
    draft_template: int
    pending_template_version: int
    signature: int
    signature_version: int
    draft_signature: int
    pending_signature_version: int
    task: int
    message: int
    message_in_doubt: int
    gateway: int
    ready_task: int
    waiting_task: int
    scheduled_task: int
    task_draft: int
    group: int
    customer: int
    customer_field: int
    customer_change: int
    group_import: int
    suppression: int
    reply: int
    callback_event: int
    smpp_account: int
    smpp_receipt: int
    verify_service: int
    guard_block: int
    guard_allow: int
    export: int
    deletable_export: int
    program_message: int
    unmatched_text: int
    removable_unmatched_text: int
    request: int
    passkey: int
    session: int
    reset_uid: str
    reset_key: str
    price_version: int
    incident: int
    unknown_key: str = "no-such-key"
    text_kind: str = "text"
    help_topic: str = "states"


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of our organization: the role, and what was agreed beside it."""

    role: Role
    rights: dict[str, Any] = field(default_factory=dict)

    def may(self, permission: str) -> bool:
        """Tell what is expected of them."""
        if permission == NUMBERS and "sees_numbers" in self.rights:
            return bool(self.rights["sees_numbers"])
        return may(self.role, permission)


# Every role, and every right that a member can be given beside it.
MEMBERS: dict[str, Reader] = {
    **{role.value.lower(): Reader(role) for role in Role},
    "admin who sees stars": Reader(Role.ADMIN, {"sees_numbers": False}),
    "approver who sees numbers": Reader(Role.APPROVER, {"sees_numbers": True}),
    "sender of one message": Reader(Role.SENDER, {"most_messages": 1}),
}


@dataclass(frozen=True, slots=True)
class World:
    """Ours and theirs; `readers` by the name a table of expectations gives them."""

    ours: Rows
    theirs: Rows
    readers: dict[str, Client]
    stranger: Client
    """The owner of the other organization."""
    neighbour: Client
    """A member of both organizations who works in the other one just now."""


def make_rows(owner: Member) -> Rows:
    """Make one of everything for the organization of `owner`."""
    organization = owner.organization
    invitation, token = invite(actor=owner, email=f"new{owner.pk}@example.com", role=Role.VIEWER)
    approved = approved_template(organization, CODE_BODY)
    waiting = pending_template(organization)
    signature = approved_signature(organization)
    evidence = _with_evidence(pending_signature(organization, "Lamp House"))
    task, ready = _tasks(owner, approved)
    group = make_group(organization, [a_number(1), a_number(2, "GB")], name="Staff")
    upload = make_upload(owner)
    suppression = Suppression.objects.create(organization=organization, msisdn=a_number(9))
    group_import = GroupImport.objects.create(
        organization=organization, group=group, upload=upload, started_by=owner.user
    )
    asked = make_program_messages(organization, [a_number(5), a_number(6)], template=approved)
    move(asked[1:], MessageState.UNDELIVERABLE, code="001")
    request = make_request(organization, items=2, summary={"PhoneNumberSet": ["+852****05"]})
    guard = make_guard(organization)
    return Rows(
        organization=organization.pk,
        application=(application := organization.applications.get()).pk,
        application_country=application.countries.create(country="HK").pk,
        originator=(originator := make_originator(organization, f"Shop {owner.pk}")).pk,
        application_originator=application.country_originators.create(
            country="HK", originator=originator
        ).pk,
        api_key=make_api_key(application).pk,
        member=(member := make_member(Role.SENDER, organization)).pk,
        user=member.user_id,
        invitation=invitation.pk,
        invitation_token=token,
        contact=_contact(organization).pk,
        text_template=approved.pk,
        template_version=approved.approved.pk,
        draft_template=make_text_template(organization, ReviewState.DRAFT).pk,
        pending_template_version=waiting.versions.get().pk,
        signature=signature.pk,
        signature_version=signature.approved.pk,
        draft_signature=make_signature(organization, ReviewState.DRAFT, content="Corner").pk,
        pending_signature_version=evidence,
        task=task.pk,
        message=make_messages(task)[0].pk,
        message_in_doubt=make_messages(task)[2].pk,
        gateway=make_messages(task)[0].gateway_id,
        ready_task=ready.pk,
        waiting_task=make_waiting_task(owner, **_wording(approved)).pk,
        scheduled_task=_scheduled(owner, approved),
        task_draft=_draft(owner, upload).pk,
        group=group.pk,
        customer=group.memberships.first().customer_id,
        customer_field=CustomerField.objects.create(
            organization=organization, key="c1", label="City"
        ).pk,
        customer_change=CustomerChange.objects.create(
            organization=organization, kind="ADD", target=group, until=0, started_by=owner.user
        ).pk,
        group_import=group_import.pk,
        suppression=suppression.pk,
        reply=make_reply(make_messages(task)[0], "Thank you").pk,
        callback_event=make_told_event(ready).pk,
        smpp_account=(smpp_account := make_bound_client(asked[0])).pk,
        smpp_receipt=make_smpp_receipt(smpp_account, asked[1], dead=True).pk,
        verify_service=create(application=application, friendly_name="Sign-up").pk,
        guard_block=guard.block,
        guard_allow=guard.allow,
        export=_export(owner),
        deletable_export=_export(owner),
        program_message=asked[0].pk,
        unmatched_text=make_unmatched(organization, "Your parcel 00 is at the shop").pk,
        removable_unmatched_text=make_unmatched(organization, "Good morning, Ann").pk,
        request=request.pk,
        passkey=make_passkey(member.user).pk,
        session=make_session(member.user).pk,
        price_version=task.price_version_id,
        incident=_incident(task),
        reset_uid=user_pk_to_url_str(owner.user),
        reset_key=default_token_generator.make_token(owner.user),
    )


def _contact(organization: Organization) -> Contact:
    """Make a contact who was told something in both ways."""
    contact = make_contact(organization, msisdn=a_number(7))
    tell(NoticeKind.TEST, organization, contacts=[contact], person="Mei")
    return contact


def _export(owner: Member) -> int:
    """Make a file that is ready, without whole numbers."""
    export = Export.objects.create(
        organization=owner.organization,
        created_by=owner.user,
        kind=ExportKind.STATISTICS.value,
        asked={"first": "2026-11-01", "last": "2026-11-02"},
        name="statistics.csv",
        state=ExportState.READY.value,
        file=f"exports/{uuid.uuid4().hex}",
    )
    path_of(export).parent.mkdir(parents=True, exist_ok=True)
    path_of(export).write_bytes(b"Day\r\n")
    return int(export.pk)


def _incident(task: Any) -> int:
    """Make an incident at the gateway of a task, and a cost of that gateway."""
    gateway = Gateway.objects.get(pk=make_messages(task)[0].gateway_id)
    GatewayCost.objects.get_or_create(gateway=gateway, country="HK", defaults={"micro": 99_000})
    incident = Incident.objects.create(title="Receipts come late", started_at=timezone.now())
    incident.gateways.add(gateway)
    incident.updates.create(
        state=incident.state, body="We are looking into it.", author=task.created_by
    )
    return int(incident.pk)


def _with_evidence(signature: Any) -> int:
    """Give a signature's version a certificate; return the version's id."""
    from django.core.files.base import ContentFile

    version = signature.versions.get()
    version.evidence_name = "certificate.png"
    version.evidence.save("certificate.png", ContentFile(PNG))
    return version.pk


def _tasks(owner: Member, template: TextTemplate) -> tuple[Any, Any]:
    """Make a task with messages in several states, and one that waits for Send."""
    common = _wording(template)
    sent = make_task(
        owner, TaskState.SENDING, numbers=[a_number(n) for n in range(10, 14)], **common
    )
    outcomes = [MessageState.DELIVERED, MessageState.UNDELIVERABLE, MessageState.IN_DOUBT]
    for message, state in zip(make_messages(sent), outcomes, strict=False):
        move([message], state)
    ready = make_task(
        owner, TaskState.READY, numbers=[a_number(n) for n in range(20, 24)], **common
    )
    make_problem(ready)
    return sent, ready


def _wording(template: TextTemplate) -> dict[str, Any]:
    return {"template_version": template.approved, "values": [["1234", "5"]] * 4}


def _scheduled(owner: Member, template: TextTemplate) -> int:
    """Make a task that is sent tomorrow."""
    task = make_task(
        owner,
        TaskState.SCHEDULED,
        template_version=template.approved,
        numbers=[a_number(30)],
        values=[["1234", "5"]],
        scheduled_at=timezone.now() + timedelta(hours=20),
        scheduled_by=owner.user,
    )
    return int(task.pk)


def _draft(owner: Member, upload: Any) -> Draft:
    """Make a draft with a file."""
    return Draft.objects.create(
        organization=owner.organization,
        name="Half a thought",
        fields={"source": "UPLOAD"},
        upload=upload,
        created_by=owner.user,
        saved_at=timezone.now(),
    )


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def give_password(user: User) -> None:
    """Give a person a password: who has none is never asked for it again."""
    user.password = _hashed()
    user.save(update_fields=["password"])


def _seen(person: Member | User) -> Client:
    """Sign a person in whose sign of life is noted: a request that is undone would note it anew."""
    client = log_in(Client(), person)
    session, now = client.session, int(timezone.now().timestamp())
    # Ahead, so that it lasts for the whole of a walk.
    session.update({BEGAN: now, SEEN: now + 3_600})
    session.save()
    return client


def make_world() -> World:
    """Make both organizations and every reader."""
    gateway = make_gateway()
    BindSlot.objects.create(gateway=gateway, number=1)
    owner = make_member(Role.OWNER, make_active_organization(name="Harbourline Ltd"))
    other = make_member(Role.OWNER, make_active_organization(name="Lumen and Oak Ltd"))
    ours, theirs = make_rows(owner), make_rows(other)
    people: dict[str, Member | User] = {
        "newcomer": make_user(),
        **{
            name: make_member(member.role, owner.organization, **member.rights)
            for name, member in MEMBERS.items()
        },
        "reviewer": make_reviewer(),
        "operator": make_operator(),
    }
    for person in people.values():
        give_password(person.user if isinstance(person, Member) else person)
    both = make_user()
    make_member(Role.OWNER, owner.organization, both)
    working_there = make_member(Role.OWNER, other.organization, both)
    return World(
        ours=ours,
        theirs=theirs,
        readers={"anonymous": Client(), **{name: _seen(who) for name, who in people.items()}},
        stranger=_seen(other),
        neighbour=_seen(working_there),
    )

"""Every address of the console: who may ask for it, how, and what its arguments name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import get_resolver

from smsconsole.tests.admin_addresses import (
    ADMIN_MODELS,
    ADMIN_PAGES,
    ADMIN_VERBS,
    DESK,
    NAMELESS,
)

PUBLIC = "public"
PERSON = "person"
"""Anybody who is logged in, with an organization or without."""
OPERATE = "operate"
"""Operators only, whose pages show every organization's rows."""
VIEW, SEND, CONTENT, CUSTOMERS, MANAGE = "view", "send", "content", "customers", "manage"
APPROVE, OWN = "approve", "own"
NUMBERS = "numbers"
STOP = "stop"
"""What ends sending: possible also while the organization is suspended."""
CLOSED_BY_SUSPENSION = frozenset({SEND, CONTENT, CUSTOMERS})
READ, WRITE = frozenset({"GET"}), frozenset({"POST"})
BOTH = READ | WRITE


@dataclass(frozen=True, slots=True)
class Address:
    """What is expected of one URL.

    `needs` is PUBLIC, PERSON or a permission. `rows` says which attribute of `world.Rows` fills
    each argument. `shows` are the statuses of a GET by somebody who may, `takes` those of a POST
    of an empty form.
    """

    needs: str
    methods: frozenset[str]
    rows: dict[str, str] = field(default_factory=dict)
    shows: frozenset[int] = frozenset({200})
    takes: frozenset[int] = frozenset({200, 302})


def page(needs: str, **rows: str) -> Address:
    """Something to read: a page or a download."""
    return Address(needs, READ, rows)


def form(needs: str, **rows: str) -> Address:
    """A page with a form that posts to itself."""
    return Address(needs, BOTH, rows)


def action(needs: str, **rows: str) -> Address:
    """Something that only a button asks for."""
    return Address(needs, WRITE, rows)


def leads_on(needs: str, **rows: str) -> Address:
    """A page that, in this situation, only leads to another one."""
    return Address(needs, BOTH, rows, shows=frozenset({302}))


ADDRESSES: dict[str, Address] = {
    "healthz": page(PUBLIC),
    "readyz": Address(PUBLIC, READ, shows=frozenset({503})),
    "metrics": Address(PUBLIC, READ, shows=frozenset({200, 404})),
    "theme": action(PUBLIC),
    "language": action(PUBLIC),
    # Programs: gateways bring receipts, each to an address of its own.
    "api:receipts": Address(
        PUBLIC,
        BOTH,
        {"secret": "unknown_key"},
        shows=frozenset({404}),
        takes=frozenset({404}),
    ),
    # Signing in and out (allauth). Readers without a reason to be there are led on.
    "account_login": Address(PUBLIC, BOTH, shows=frozenset({200, 302})),
    "account_logout": Address(PUBLIC, BOTH, shows=frozenset({200, 302})),
    "account_inactive": page(PUBLIC),
    "account_signup": Address(PUBLIC, BOTH, shows=frozenset({200, 302})),
    "account_reset_password": form(PUBLIC),
    "account_reset_password_done": page(PUBLIC),
    # A good key moves to the session at once, so that no address carries it on.
    "account_reset_password_from_key": leads_on(PUBLIC, uidb36="reset_uid", key="reset_key"),
    "account_reset_password_from_key_done": page(PUBLIC),
    "account_confirm_email": Address(PUBLIC, BOTH, {"key": "unknown_key"}, takes=frozenset({404})),
    "account_email_verification_sent": page(PUBLIC),
    "account_confirm_login_code": leads_on(PUBLIC),
    "mfa_login_webauthn": leads_on(PUBLIC),
    "mfa_authenticate": leads_on(PUBLIC),
    # One's own login.
    "account_reauthenticate": form(PERSON),
    "account_email": form(PERSON),
    "account_change_password": Address(PERSON, BOTH, shows=frozenset({200, 302})),
    "account_set_password": Address(PERSON, BOTH, shows=frozenset({200, 302})),
    "mfa_index": page(PERSON),
    "mfa_reauthenticate": Address(PERSON, BOTH, shows=frozenset({200, 302})),
    "mfa_activate_totp": Address(PERSON, BOTH, shows=frozenset({200, 302})),
    "mfa_deactivate_totp": Address(
        PERSON, BOTH, shows=frozenset({302, 404}), takes=frozenset({302, 404})
    ),
    "mfa_view_recovery_codes": Address(PERSON, READ, shows=frozenset({302, 404})),
    "mfa_generate_recovery_codes": Address(PERSON, BOTH, shows=frozenset({302, 404})),
    "mfa_download_recovery_codes": Address(PERSON, READ, shows=frozenset({302, 404})),
    "mfa_list_webauthn": page(PERSON),
    "mfa_add_webauthn": Address(PERSON, BOTH, shows=frozenset({200, 302})),
    "mfa_reauthenticate_webauthn": leads_on(PERSON),
    # Somebody else's: they are not there, and asked for only after one's own password.
    "mfa_edit_webauthn": Address(
        PERSON, BOTH, {"pk": "passkey"}, shows=frozenset({302, 404}), takes=frozenset({302, 404})
    ),
    "mfa_remove_webauthn": Address(
        PERSON, BOTH, {"pk": "passkey"}, shows=frozenset({302, 404}), takes=frozenset({302, 404})
    ),
    "usersessions_list": form(PERSON),
    "accounts:session_end": Address(PERSON, WRITE, {"pk": "session"}, takes=frozenset({404})),
    # Settings.
    "accounts:settings": page(VIEW),
    "accounts:organization_edit": form(MANAGE),
    "accounts:allowed_countries": form(MANAGE),
    "accounts:second_step": form(MANAGE),
    "accounts:send_approval": form(OWN),
    "accounts:profile": form(PERSON),
    "accounts:organization_create": form(PERSON),
    "accounts:switch": action(PERSON, pk="organization"),
    "accounts:audit_trail": page(MANAGE),
    "accounts:audit_trail_export": page(MANAGE),
    "accounts:security_events": page(PERSON),
    "accounts:activation": page(VIEW),
    "accounts:activation_apply": leads_on(MANAGE),
    "accounts:members": page(VIEW),
    "accounts:member_role": action(MANAGE, pk="member"),
    "accounts:member_rights": form(MANAGE, pk="member"),
    "accounts:member_remove": form(MANAGE, pk="member"),
    "accounts:member_invite": form(MANAGE),
    "accounts:invitation_revoke": action(MANAGE, pk="invitation"),
    "accounts:invitation": form(PUBLIC, token="invitation_token"),
    "accounts:originators": page(VIEW),
    "accounts:originator_request": form(MANAGE),
    "accounts:originator_withdraw": action(MANAGE, pk="originator"),
    "accounts:contacts": page(VIEW),
    "accounts:contact_create": form(MANAGE),
    "accounts:contact_edit": form(MANAGE, pk="contact"),
    "accounts:contact_delete": action(MANAGE, pk="contact"),
    "accounts:notifications": form(PERSON),
    "told:list": page(VIEW),
    "told:test": action(MANAGE, pk="contact"),
    # Applications of programs.
    "applications:list": page(VIEW),
    "applications:create": form(MANAGE),
    "applications:detail": page(VIEW, pk="application"),
    "applications:edit": form(MANAGE, pk="application"),
    "applications:enable": action(MANAGE, pk="application"),
    "applications:disable": form(MANAGE, pk="application"),
    "applications:limits": form(MANAGE, pk="application"),
    "applications:countries": form(MANAGE, pk="application"),
    "applications:country_list": form(MANAGE, pk="application"),
    "applications:all_countries": action(MANAGE, pk="application"),
    "applications:country_remove": action(
        MANAGE, pk="application", country_pk="application_country"
    ),
    "applications:country_originators": form(MANAGE, pk="application"),
    "applications:country_originator_remove": action(
        MANAGE, pk="application", choice_pk="application_originator"
    ),
    "applications:callbacks": form(MANAGE, pk="application"),
    "applications:callback_secret": action(MANAGE, pk="application"),
    "applications:token": page(MANAGE, pk="application"),
    "applications:token_new": action(MANAGE, pk="application"),
    "applications:token_promote": action(MANAGE, pk="application"),
    "applications:key_create": form(MANAGE, pk="application"),
    "applications:key_edit": form(MANAGE, pk="application", key_pk="api_key"),
    "applications:key_rotate": form(MANAGE, pk="application", key_pk="api_key"),
    "applications:key_revoke": form(MANAGE, pk="application", key_pk="api_key"),
    # Signatures and text templates.
    "templates_app:template_list": page(VIEW),
    "templates_app:template_create": form(CONTENT),
    "templates_app:template_preview": action(CONTENT),
    "templates_app:template_submit": action(CONTENT),
    "templates_app:template_add_language": form(CONTENT, pk="text_template"),
    "templates_app:template_duplicate": action(CONTENT, pk="template_version"),
    "templates_app:template_detail": page(VIEW, pk="text_template"),
    "templates_app:template_edit": form(CONTENT, pk="draft_template"),
    "templates_app:template_delete": action(CONTENT, pk="text_template"),
    "templates_app:template_new_version": action(CONTENT, pk="template_version"),
    "templates_app:template_appeal": form(CONTENT, pk="template_version"),
    "templates_app:template_questions": form(CONTENT, pk="pending_template_version"),
    "templates_app:template_withdraw": action(CONTENT, pk="pending_template_version"),
    "templates_app:signature_list": page(VIEW),
    "templates_app:signature_create": form(CONTENT),
    "templates_app:signature_preview": action(CONTENT),
    "templates_app:signature_submit": action(CONTENT),
    "templates_app:signature_detail": page(VIEW, pk="signature"),
    "templates_app:signature_edit": form(CONTENT, pk="draft_signature"),
    "templates_app:signature_delete": action(CONTENT, pk="signature"),
    "templates_app:signature_new_version": action(CONTENT, pk="signature_version"),
    "templates_app:signature_appeal": form(CONTENT, pk="signature_version"),
    "templates_app:signature_questions": form(CONTENT, pk="pending_signature_version"),
    "templates_app:signature_withdraw": action(CONTENT, pk="pending_signature_version"),
    "templates_app:signature_evidence": page(VIEW, pk="pending_signature_version"),
    # Work.
    "overview:overview": page(VIEW),
    "send_tasks:compose": form(SEND),
    "send_tasks:sample": page(SEND, pk="text_template"),
    "send_tasks:drafts": page(SEND),
    "send_tasks:draft_delete": action(SEND, pk="task_draft"),
    "send_tasks:try_row": form(SEND, pk="ready_task"),
    "send_tasks:list": form(VIEW),
    "send_tasks:detail": page(VIEW, pk="task"),
    "send_tasks:check": page(VIEW, pk="ready_task"),
    "send_tasks:problems": page(NUMBERS, pk="ready_task"),
    "send_tasks:read_again": action(SEND, pk="ready_task"),
    "send_tasks:send": action(SEND, pk="ready_task"),
    "send_tasks:approve": action(APPROVE, pk="waiting_task"),
    "send_tasks:send_back": action(APPROVE, pk="waiting_task"),
    "send_tasks:withdraw": action(STOP, pk="waiting_task"),
    "send_tasks:send_first": action(SEND, pk="ready_task"),
    "send_tasks:change_time": action(SEND, pk="scheduled_task"),
    "send_tasks:send_now": action(SEND, pk="scheduled_task"),
    "send_tasks:take_back": action(STOP, pk="scheduled_task"),
    "send_tasks:pause": action(STOP, pk="task"),
    "send_tasks:resume": action(SEND, pk="task"),
    "send_tasks:cancel": form(STOP, pk="task"),
    # A task that is still being sent leads back to its page.
    "send_tasks:retry": leads_on(SEND, pk="task"),
    "send_tasks:messages": form(VIEW, pk="task"),
    "send_tasks:export": page(VIEW, pk="task"),
    "send_tasks:export_xlsx": page(VIEW, pk="task"),
    "send_tasks:report": page(VIEW, pk="task"),
    "send_tasks:report_xlsx": page(VIEW, pk="task"),
    "send_tasks:message": page(VIEW, pk="task", message_id="message"),
    "inbox:list": form(VIEW),
    "inbox:settings": form(MANAGE),
    "inbox:conversation": page(VIEW, pk="reply"),
    "inbox:mark": action(NUMBERS, pk="reply"),
    "inbox:suppress": action(STOP, pk="reply"),
    "inbox:unsuppress": action(CUSTOMERS, pk="reply"),
    "reports:statistics": page(VIEW),
    "reports:breakdown": page(VIEW),
    "reports:exports": page(VIEW),
    "reports:export_create": action(VIEW),
    "reports:export_download": page(VIEW, pk="export"),
    "reports:export_delete": action(VIEW, pk="deletable_export"),
    "reports:programs": page(VIEW),
    "reports:statistics_export": page(VIEW),
    # Callbacks of programs.
    "developers:callbacks": page(VIEW),
    "developers:callback_log": page(VIEW, pk="application"),
    "developers:callback_test": action(MANAGE, pk="application"),
    "developers:callback_now": action(MANAGE, pk="application"),
    "developers:callbacks_again": action(MANAGE, pk="application"),
    "developers:callback_again": action(MANAGE, pk="application", event_pk="callback_event"),
    "developers:unmatched": page(VIEW),
    "developers:unmatched_text": page(VIEW, pk="unmatched_text"),
    "developers:unmatched_template": action(CONTENT, pk="unmatched_text"),
    "developers:unmatched_remove": action(CONTENT, pk="removable_unmatched_text"),
    # Programs.
    "developers:smpp_accounts": page(VIEW),
    "developers:smpp_create": form(MANAGE),
    "developers:smpp_statuses": page(VIEW),
    "developers:smpp_account": page(VIEW, pk="smpp_account"),
    "developers:smpp_edit": form(MANAGE, pk="smpp_account"),
    "developers:smpp_password": form(MANAGE, pk="smpp_account"),
    "developers:smpp_disable": form(MANAGE, pk="smpp_account"),
    "developers:smpp_enable": action(MANAGE, pk="smpp_account"),
    "developers:smpp_receipts": page(VIEW, pk="smpp_account"),
    "developers:smpp_receipts_again": action(MANAGE, pk="smpp_account"),
    "developers:smpp_receipt_again": action(MANAGE, pk="smpp_account", receipt_pk="smpp_receipt"),
    "developers:quick_start": page(VIEW),
    "developers:messages": form(VIEW),
    "developers:messages_export": page(VIEW),
    "developers:message": page(VIEW, pk="program_message"),
    "developers:requests": page(VIEW),
    "developers:request": page(VIEW, pk="request"),
    "developers:try_it": form(VIEW),
    "developers:reference": page(VIEW),
    "developers:openapi": page(VIEW),
    "developers:codes": page(VIEW),
    "developers:twilio": page(VIEW),
    "developers:twilio_errors": page(VIEW),
    # Operators.
    "operations:gateways": page(OPERATE),
    "operations:gateway_mode": action(OPERATE, pk="gateway"),
    "operations:gateway_probe": action(OPERATE, pk="gateway"),
    "operations:gateway_try": action(OPERATE, pk="gateway"),
    "operations:tasks": page(OPERATE),
    "operations:task": form(OPERATE, pk="task"),
    "operations:revocation": form(OPERATE, kind="text_kind", pk="template_version"),
    "operations:organization": page(OPERATE, pk="organization"),
    "operations:organization_usage": page(OPERATE, pk="organization"),
    "operations:organization_remove": action(OPERATE, pk="organization"),
    "operations:free_text": form(OPERATE, pk="organization"),
    "operations:support_begin": form(OPERATE, pk="organization"),
    "operations:support_end": action(OPERATE),
    "operations:usage": page(OPERATE),
    "operations:usage_export": page(OPERATE),
    "operations:prices": page(OPERATE),
    "operations:price_differences": page(OPERATE),
    "operations:prices_import": form(OPERATE),
    "operations:prices_export": page(OPERATE, pk="price_version"),
    "operations:margins": page(OPERATE),
    "operations:costs_import": form(OPERATE),
    "operations:costs_export": page(OPERATE),
    "operations:incidents": page(OPERATE),
    "operations:incident_create": form(OPERATE),
    "operations:incident": form(OPERATE, pk="incident"),
    "operations:doubts": form(OPERATE),
    "operations:held": form(OPERATE),
    "operations:doubt": form(OPERATE, pk="message_in_doubt"),
    "operations:organization_suspension": form(OPERATE, pk="organization"),
    "operations:application_suspension": form(OPERATE, pk="application"),
    "operations:unassigned": page(OPERATE),
    "operations:smpp_binds": page(OPERATE),
    "operations:smpp_disconnect": action(OPERATE, pk="smpp_account"),
    "operations:routing": form(OPERATE),
    "operations:trace": form(OPERATE),
    "status:status": page(PERSON),
    "help:index": page(PERSON),
    "help:topic": page(PERSON, slug="help_topic"),
    "help:codes": page(PERSON),
    # Customers.
    "customers:list": form(VIEW),
    "customers:create": form(CUSTOMERS),
    "customers:import_file": form(CUSTOMERS),
    "customers:change": action(CUSTOMERS),
    "customers:change_result": page(VIEW, pk="customer_change"),
    "customers:export": page(NUMBERS),
    "customers:export_xlsx": page(NUMBERS),
    "customers:detail": page(VIEW, pk="customer"),
    "customers:edit": form(CUSTOMERS, pk="customer"),
    "customers:fields": form(CUSTOMERS),
    "customers:field_rename": form(CUSTOMERS, pk="customer_field"),
    "customers:field_move": action(CUSTOMERS, pk="customer_field"),
    "customers:field_remove": form(CUSTOMERS, pk="customer_field"),
    "customers:merge": form(CUSTOMERS, pk="group"),
    "customers:find": form(NUMBERS),
    "customers:number": Address(NUMBERS, BOTH, shows=frozenset({302})),
    "groups:list": page(VIEW),
    "groups:create": form(CUSTOMERS),
    "groups:detail": form(VIEW, pk="group"),
    "groups:rename": form(CUSTOMERS, pk="group"),
    "groups:delete": form(CUSTOMERS, pk="group"),
    "groups:export": page(NUMBERS, pk="group"),
    "groups:remove": action(CUSTOMERS, pk="group", customer_pk="customer"),
    "groups:enter": form(CUSTOMERS, pk="group"),
    "groups:import_file": form(CUSTOMERS, pk="group"),
    "groups:import_result": page(VIEW, pk="group_import"),
    "groups:import_read_again": action(CUSTOMERS, pk="group_import"),
    "groups:import_columns": action(CUSTOMERS, pk="group_import"),
    "groups:import_problems": page(NUMBERS, pk="group_import"),
    "groups:suppressions": form(VIEW),
    "groups:suppress": form(STOP),
    "groups:suppress_file": form(STOP),
    "groups:unsuppress": action(CUSTOMERS, pk="suppression"),
    "groups:suppressions_export": page(NUMBERS),
    "groups:number": form(MANAGE),
    "groups:number_export": action(MANAGE),
    "groups:number_erase": action(MANAGE),
}

# What a person without a second step, who must have one, may still see: the way to it, and away.
WITHOUT_SECOND_STEP = frozenset(
    name
    for name, address in ADDRESSES.items()
    if name.startswith(("account_", "mfa_", "usersessions_"))
) | {
    "healthz",
    "readyz",
    "theme",
    "language",
    "accounts:invitation",
    "accounts:session_end",
    "accounts:switch",
}


def walk(
    resolver: object = None, namespaces: tuple[str, ...] = (), before: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield (name with namespaces, pattern) of every address the resolver lists."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry, inner, pattern)
        else:
            yield ":".join([*namespaces, entry.name or ""]), pattern


def is_known(name: str, pattern: str) -> bool:
    """Tell whether a table above says what to expect of an address."""
    if not name.startswith("admin:"):
        return name in ADDRESSES
    if name in ADMIN_PAGES or name in DESK:
        return True
    word = name.removeprefix("admin:")
    if not word:
        model = pattern.removeprefix("admin/").removesuffix("/<path:object_id>/").replace("/", "_")
        return pattern in NAMELESS or model in ADMIN_MODELS
    model, _, verb = word.rpartition("_")
    return model in ADMIN_MODELS and verb in ADMIN_VERBS

"""Every page of the administration: who may do what with each model, and what its arguments are."""

from dataclasses import dataclass

LOOK, NOTHING = frozenset({"look"}), frozenset()
CHANGE, EDIT = LOOK | {"change"}, LOOK | {"add", "change"}
ALL = EDIT | {"delete"}


@dataclass(frozen=True, slots=True)
class AdminModel:
    """What operators and reviewers may do with the rows of one model.

    `actions` are those of its list: of operators, and `reviews` those of reviewers.
    """

    operator: frozenset[str]
    reviewer: frozenset[str] = NOTHING
    actions: frozenset[str] = NOTHING
    reviews: frozenset[str] = NOTHING


DELETE, WITHDRAW = frozenset({"delete_selected"}), frozenset({"withdraw"})
ADMIN_MODELS: dict[str, AdminModel] = {
    "accounts_user": AdminModel(LOOK),
    "accounts_organization": AdminModel(EDIT),
    "accounts_smsapplication": AdminModel(EDIT),
    "accounts_apikey": AdminModel(LOOK, actions=frozenset({"revoke"})),
    "accounts_member": AdminModel(LOOK),
    "accounts_contact": AdminModel(LOOK),
    "accounts_serviceactivation": AdminModel(LOOK),
    "accounts_auditentry": AdminModel(LOOK),
    "accounts_originator": AdminModel(LOOK, LOOK, WITHDRAW, WITHDRAW),
    "templates_app_signature": AdminModel(LOOK, LOOK),
    "templates_app_texttemplate": AdminModel(LOOK, LOOK),
    "templates_app_review": AdminModel(LOOK, LOOK),
    "templates_app_cataloguereason": AdminModel(NOTHING, EDIT),
    "sending_gateway": AdminModel(ALL, actions=DELETE),
    "sending_httpgateway": AdminModel(ALL, actions=DELETE),
    "sending_route": AdminModel(ALL, actions=DELETE),
    "sending_gatewaycost": AdminModel(ALL, actions=DELETE),
    "sending_bindslot": AdminModel(LOOK),
    "sending_smppaccount": AdminModel(CHANGE),
    "sending_smpplockout": AdminModel(LOOK | {"delete"}, actions=DELETE),
    # The price list of the walk is in use, so nobody changes or deletes it.
    "sending_priceversion": AdminModel(LOOK | {"add"}, actions=DELETE | {"copy_to_a_draft"}),
    # A second step of somebody's login is the business of superusers.
    "mfa_authenticator": AdminModel(NOTHING),
}
# The review desk: what fills its arguments. Only reviewers work there.
DESK: dict[str, dict[str, str]] = {
    "admin:review_desk": {},
    "admin:review_item": {"pk": "pending_template_version"},
    "admin:review_evidence": {"pk": "pending_signature_version"},
}
ADMIN_VERBS = {
    "changelist": "look",
    "add": "add",
    "change": "look",
    "history": "look",
    "delete": "delete",
}
# Django's own pages around the models; `view_on_site` and the rest lead on or need arguments of
# Django's scripts.
ADMIN_PAGES: dict[str, frozenset[int]] = {
    "admin:index": frozenset({200}),
    "admin:login": frozenset({200, 302}),
    "admin:logout": frozenset({405}),
    "admin:password_change": frozenset({302}),
    "admin:password_change_done": frozenset({200, 302}),
    "admin:autocomplete": frozenset({403}),
    "admin:jsi18n": frozenset({200}),
    "admin:view_on_site": frozenset({404}),
    "admin:app_list": frozenset({200}),
    # Who sets a password can sign in with it.
    "admin:auth_user_password_change": frozenset({403}),
}
# Nameless addresses: old forms of an object's address, and the catch-all of the administration.
NAMELESS = {"admin/(?P<url>.*)$"}

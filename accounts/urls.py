"""Addresses under /settings/."""

from django.urls import path

from accounts.views import (
    activation,
    approval,
    contacts,
    invitations,
    members,
    notifications,
    organizations,
    people,
    sessions,
    trail,
)

app_name = "accounts"
urlpatterns = [
    path("", organizations.settings, name="settings"),
    path("edit/", organizations.organization_edit, name="organization_edit"),
    path("countries/", organizations.allowed_countries, name="allowed_countries"),
    path("second-step/", organizations.second_step, name="second_step"),
    path("send-approval/", approval.send_approval, name="send_approval"),
    path("profile/", people.profile, name="profile"),
    path("sessions/<int:pk>/end/", sessions.session_end, name="session_end"),
    path("organizations/new/", organizations.organization_create, name="organization_create"),
    path("organizations/<int:pk>/switch/", organizations.switch, name="switch"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("audit-trail/", trail.audit_trail, name="audit_trail"),
    path("audit-trail/export.csv", trail.audit_trail_export, name="audit_trail_export"),
    path("security-events/", trail.security_events, name="security_events"),
    path("activation/", activation.activation, name="activation"),
    path("activation/apply/", activation.activation_apply, name="activation_apply"),
    path("members/", members.members, name="members"),
    path("members/<int:pk>/role/", members.member_role, name="member_role"),
    path("members/<int:pk>/rights/", members.member_rights, name="member_rights"),
    path("members/<int:pk>/remove/", members.member_remove, name="member_remove"),
    path("members/invite/", invitations.member_invite, name="member_invite"),
    path(
        "members/invitations/<int:pk>/revoke/",
        invitations.invitation_revoke,
        name="invitation_revoke",
    ),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.contact_create, name="contact_create"),
    path("contacts/<int:pk>/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/delete/", contacts.contact_delete, name="contact_delete"),
]

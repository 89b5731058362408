"""What somebody is told, as checkboxes: of a contact by kind and channel, of a person by kind."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, User
from accounts.notice_kinds import (
    CHANNEL_LABELS,
    CONTACT_CHOICES,
    NOTICE_LABELS,
    PERSON_CHOICES,
    NoticeChannel,
    NoticeKind,
)

WHEN = {
    NoticeKind.LIMIT: _("For applications that name this contact for alarms"),
    NoticeKind.TASK_FAILED: _("Also when a suspension has paused one"),
    NoticeKind.TASK_ENDED: _("If it was scheduled, or sending took 10 minutes or longer"),
}
"""When that is, where the name of a kind does not say all."""


_BY = {NoticeChannel.EMAIL: _("%(kind)s by e-mail"), NoticeChannel.SMS: _("%(kind)s by SMS")}


def _value(kind: NoticeKind, channel: NoticeChannel) -> str:
    return f"{kind.value}-{channel.value}"


def _contact_choices() -> list[tuple[str, Any]]:
    return [
        (_value(kind, channel), f"{NOTICE_LABELS[kind]}, {CHANNEL_LABELS[channel]}")
        for kind in CONTACT_CHOICES
        for channel in NoticeChannel
    ]


class ContactNoticesField(forms.MultipleChoiceField):
    """By which ways a contact is told of which kinds: {kind: [channel, ..]}."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("What they are told, and how"),
            choices=_contact_choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def clean(self, value: Any) -> dict[str, list[str]]:
        """Return every kind with the ways that were chosen, perhaps none."""
        chosen = set(super().clean(value))
        return {
            kind.value: [
                channel.value for channel in NoticeChannel if _value(kind, channel) in chosen
            ]
            for kind in CONTACT_CHOICES
        }


def chosen_by(contact: Contact) -> list[str]:
    """Return what is checked for a contact."""
    return [
        _value(kind, channel) for kind, channels in contact.choices.items() for channel in channels
    ]


def contact_rows(checked: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of the table: a kind, when that is, and a checkbox a channel."""
    checked = set(checked)
    return [
        {
            "label": NOTICE_LABELS[kind],
            "when": WHEN.get(kind, ""),
            "boxes": [
                {
                    "value": (value := _value(kind, channel)),
                    "channel": CHANNEL_LABELS[channel],
                    "label": _BY[channel] % {"kind": NOTICE_LABELS[kind]},
                    "checked": value in checked,
                }
                for channel in NoticeChannel
            ],
        }
        for kind in CONTACT_CHOICES
    ]


class NotificationsForm(forms.Form):
    """What a person is told by e-mail."""

    kinds = forms.MultipleChoiceField(
        label=_("E-mail me about"),
        choices=lambda: [(kind.value, NOTICE_LABELS[kind]) for kind in PERSON_CHOICES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unwanted = set(person.unwanted_notices)
        wanted = [kind.value for kind in PERSON_CHOICES if kind.value not in unwanted]
        self.initial["kinds"] = wanted

    @property
    def unwanted(self) -> list[str]:
        """Return the kinds that were not chosen."""
        return [kind.value for kind in PERSON_CHOICES if kind not in self.cleaned_data["kinds"]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return a line for each kind: its name, when that is, and whether it is chosen."""
        chosen = set(self["kinds"].value())
        return [
            {
                "value": kind.value,
                "label": NOTICE_LABELS[kind],
                "when": WHEN.get(kind, ""),
                "checked": kind.value in chosen,
            }
            for kind in PERSON_CHOICES
        ]

"""What there is help about, in the order in which people need it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of help; its words are the template `sending/help/topics/<slug>.html`."""

    slug: str
    title: Promise
    summary: Promise

    @property
    def template(self) -> str:
        """Return the template with its words."""
        return f"sending/help/topics/{self.slug}.html"


TOPICS = (
    Topic(
        "first-message",
        _("Send your first message"),
        _("From the application for the service to the first delivery receipt, step by step."),
    ),
    Topic(
        "spreadsheet",
        _("Send a spreadsheet"),
        _("Which columns it needs, how values reach the text, and what happens to bad rows."),
    ),
    Topic(
        "customers",
        _("Customers, columns and groups"),
        _("What you can keep about customers, how to import and change them, and send to a group."),
    ),
    Topic(
        "numbers",
        _("Write mobile numbers"),
        _("Country code and number, without a plus; and what is refused."),
    ),
    Topic(
        "text-template",
        _("Write a text template that passes review"),
        _("Types, variables, opt-outs, links, and why texts are rejected."),
    ),
    Topic(
        "signature",
        _("Choose a signature"),
        _("The brand name before the text: what it may be, and what proves it."),
    ),
    Topic(
        "originators",
        _("What handsets show as the sender"),
        _("Request an originator, choose it for an application, and who can reply to it."),
    ),
    Topic(
        "segments",
        _("Segments and cost"),
        _("How the length and the characters of a text decide what it costs."),
    ),
    Topic(
        "check",
        _("Check a task before you send it"),
        _("What the figures on the check page mean, and what you can still change."),
    ),
    Topic(
        "schedule",
        _("Send at a time"),
        _("Choose a day and time, for how long messages are useful, and how fast they go out."),
    ),
    Topic(
        "approval",
        _("Have a second person approve"),
        _("Which tasks wait for another member, who may approve, and what happens then."),
    ),
    Topic(
        "states",
        _("What the states mean"),
        _("The states of tasks and messages, who vouches for each, and what happens next."),
    ),
    Topic(
        "limits",
        _("Daily limits"),
        _("What counts, when a day begins, and what to do at the limit."),
    ),
    Topic(
        "replies",
        _("Replies and opt-outs"),
        _("Where replies arrive, what STOP does, and who is never sent to."),
    ),
    Topic(
        "twilio",
        _("Use programs on Twilio’s SDKs"),
        _("What to change in the program, and what Twilio’s words mean here."),
    ),
    Topic(
        "smpp",
        _("Connect an SMPP client"),
        _("Accounts, binds, receipts and replies, and what to do when something is refused."),
    ),
    Topic(
        "whole-texts",
        _("Whole texts, and those that match nothing"),
        _("How a text finds its text template, and how to make one of what was refused."),
    ),
    Topic(
        "verify",
        _("Verify numbers with codes"),
        _("Have the console make, send and check codes for your program."),
    ),
    Topic(
        "guard",
        _("Protect codes against SMS pumping"),
        _("What the guard looks at and stops, and what to do when a real person got no code."),
    ),
    Topic(
        "statistics",
        _("Read the statistics"),
        _("What each figure counts, what you find in detail, and how to export it."),
    ),
    Topic(
        "people",
        _("Who may do what"),
        _("Roles, what each may do, and what can be agreed with one member."),
    ),
    Topic(
        "notices",
        _("Who is told what"),
        _("What members and contacts are told by e-mail and SMS, and where to change it."),
    ),
)
_BY_SLUG = {topic.slug: topic for topic in TOPICS}


def topic_of(slug: str) -> Topic | None:
    """Return the topic of an address, or None."""
    return _BY_SLUG.get(slug)

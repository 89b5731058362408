"""The notices of an organization with what became of them."""

from dataclasses import dataclass
from datetime import timedelta

from accounts import shared_time
from accounts.models import Notice, Organization
from accounts.notice_kinds import NoticeChannel, NoticeState
from accounts.paging import Page, page_of
from sending.error_codes.table import explain
from sending.lifecycle import MessageState
from sending.models import Message
from sending.told.reasons import NoticeReason, reason_of

PAGE = 50
_SOON = timedelta(minutes=5)
_OPEN = frozenset({MessageState.QUEUED, MessageState.SUBMITTING, MessageState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Told:
    """One notice, and the message that it became if it went by SMS."""

    notice: Notice
    message: Message | None

    @property
    def by_sms(self) -> bool:
        """Tell whether it goes by SMS."""
        return self.notice.channel == NoticeChannel.SMS.value

    @property
    def name(self) -> str:
        """Return whom it goes to; empty when nobody knows that any more."""
        return str(self.notice.contact or self.notice.person or "")

    @property
    def is_waiting(self) -> bool:
        """Tell whether it has not left yet."""
        return self.notice.state == NoticeState.WAITING.value

    @property
    def has_failed(self) -> bool:
        """Tell whether it was given up."""
        return self.notice.state == NoticeState.FAILED.value

    @property
    def may_change_soon(self) -> bool:
        """Tell whether it is so new that a reader may wait for what becomes of it."""
        is_open = self.message.state in _OPEN if self.message else self.is_waiting
        return is_open and shared_time.now() - self.notice.created_at < _SOON

    @property
    def reason(self) -> NoticeReason | None:
        """Return why it has not arrived, and what to do; None where nothing is wrong."""
        if self.notice.code:
            return reason_of(self.notice.code, is_final=self.has_failed)
        if self.message and self.message.code and self.message.state != MessageState.DELIVERED:
            meaning = explain(self.message.code, self.message.state)
            return NoticeReason(meaning.what, meaning.to_do)
        return None


def told_page(organization: Organization, after: int | None) -> Page[Told]:
    """Return notices, the newest first, that come after notice `after`; index notice_newest."""
    notices = Notice.objects.for_organization(organization).select_related("contact", "person")
    if after:
        notices = notices.filter(pk__lt=after)
    page = page_of(notices.order_by("-pk"), PAGE, lambda notice: notice.pk)
    ids = [notice.message_id for notice in page.rows if notice.message_id]
    messages = _messages(ids)
    return Page([Told(one, messages.get(one.message_id)) for one in page.rows], page.next)


def _messages(ids: list[int]) -> dict[int, Message]:
    """Return messages of the console's own organization."""
    console = Organization.objects.filter(is_system=True).first()
    return Message.objects.for_organization(console).in_bulk(ids) if console and ids else {}

"""What is known while the console is held, in sentences: for the page, the command and `doctor`."""

from collections.abc import Iterator

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sending.delivery.held.comparison import HeldComparison
from sending.delivery.held.settling import DOUBT, LOST, REFUSED, SENT, UNSENT


def sentences(known: HeldComparison) -> list[str]:
    """Return what is known, the most important first."""
    return [*_proven(known), *_not_proven(known), *_comes_again(known)]


def _proven(known: HeldComparison) -> Iterator[str]:
    figures = known.figures
    if not any(host.has_reported for host in known.hosts):
        yield _("No journal has been compared yet.")
        return
    yield _(
        "The journals prove that %(sent)s messages have been sent since, %(refused)s were refused "
        "and %(doubt)s were sent without an answer. The database already says so."
    ) % {
        "sent": intcomma(figures.get(SENT, 0)),
        "refused": intcomma(figures.get(REFUSED, 0)),
        "doubt": intcomma(figures.get(DOUBT, 0)),
    }
    if unsent := figures.get(UNSENT, 0):
        yield _("%(count)s were refused temporarily and stay in the queue.") % {
            "count": intcomma(unsent)
        }
    if lost := figures.get(LOST, 0):
        yield _(
            "%(count)s more messages were sent that are not in this database: they were accepted "
            "after the backup was made."
        ) % {"count": intcomma(lost)}


def _not_proven(known: HeldComparison) -> Iterator[str]:
    waiting = intcomma(known.waiting)
    if known.is_complete:
        yield _(
            "The journals account for every claim. The %(count)s messages in the queue have not "
            "left."
        ) % {"count": waiting}
        return
    for host in known.hosts:
        if not host.has_reported:
            yield _(
                "Nothing is known about the journals of %(host)s. Start its send worker, or "
                "compare a copy of its folder: ./console manage held --compare --journals FOLDER"
            ) % {"host": host.name}
    if known.gaps:
        yield ngettext(
            "No journal accounts for %(count)s claim.",
            "No journal accounts for %(count)s claims.",
            known.missing_claims,
        ) % {"count": intcomma(known.missing_claims)}
    if not known.hosts:
        yield _("This database names no send host, so no journal can be expected.")
    if known.waiting:
        yield _("Any of the %(count)s messages in the queue may have left.") % {"count": waiting}
    else:
        yield _("No message is in the queue.")


def _comes_again(known: HeldComparison) -> Iterator[str]:
    if known.receipts:
        yield _("%(count)s receipts are waiting that match no message yet.") % {
            "count": intcomma(known.receipts)
        }
    if known.not_started:
        yield _(
            "According to this database, %(count)s tasks have not started. The scheduled time of "
            "%(due)s of them has passed."
        ) % {"count": intcomma(known.not_started), "due": intcomma(known.due)}
    if known.callbacks:
        yield _(
            "%(count)s callbacks are waiting. Programs may be told again what they already know."
        ) % {"count": intcomma(known.callbacks)}

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
        "What the journals prove is in the database already: %(sent)s sent, %(refused)s refused, "
        "%(doubt)s without an answer."
    ) % {
        "sent": intcomma(figures.get(SENT, 0)),
        "refused": intcomma(figures.get(REFUSED, 0)),
        "doubt": intcomma(figures.get(DOUBT, 0)),
    }
    if unsent := figures.get(UNSENT, 0):
        yield _("Refused temporarily, so still in the queue: %(count)s.") % {
            "count": intcomma(unsent)
        }
    if lost := figures.get(LOST, 0):
        yield _(
            "Sent, but not in this database, because they were accepted after the backup was "
            "made: %(count)s."
        ) % {"count": intcomma(lost)}


def _not_proven(known: HeldComparison) -> Iterator[str]:
    waiting = intcomma(known.waiting)
    if known.is_complete:
        yield _(
            "The journals account for every claim. Messages in the queue, none of which has left: "
            "%(count)s."
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
        yield _("Messages in the queue, any of which may have left: %(count)s.") % {
            "count": waiting
        }
    else:
        yield _("No message is in the queue.")


def _comes_again(known: HeldComparison) -> Iterator[str]:
    if known.receipts:
        yield _("Receipts that match no message yet: %(count)s.") % {
            "count": intcomma(known.receipts)
        }
    if known.not_started:
        yield _(
            "Tasks that have not started, according to this database: %(count)s. Of these, past "
            "their scheduled time: %(due)s."
        ) % {"count": intcomma(known.not_started), "due": intcomma(known.due)}
    if known.callbacks:
        yield _(
            "Callbacks waiting: %(count)s. Programs may be told again what they already know."
        ) % {"count": intcomma(known.callbacks)}

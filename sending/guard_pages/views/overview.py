"""What the guard stops now, what waits, and what rules that only record would have stopped."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.guard import permitting
from sending.guard.rules.names import GuardAction, Rule
from sending.guard.words import ACTIONS, RULES
from sending.guard_pages import actions, queries
from sending.models import GuardBlock


@require_GET
@needs("view")
def guard(request: MemberRequest) -> HttpResponse:
    """Show incidents, what is stopped and held, money, and what was only recorded."""
    organization = request.organization
    context = {
        "incidents": [(one, RULES[Rule(one.rule)]) for one in queries.incidents(organization)],
        "blocks": [
            (block, RULES[Rule(block.rule)].name, ACTIONS[GuardAction(block.action)])
            for block in queries.blocks(organization)
        ],
        "held": queries.held(organization),
        "spent": queries.spent(organization),
        "recorded": queries.recorded(organization),
        "days": queries.RECORDED_DAYS,
        "currency": queries.currency_of(organization),
    }
    return render(request, "sending/guard/guard.html", context)


@require_POST
@needs("manage")
def block_end(request: MemberRequest, pk: int) -> HttpResponse:
    """End what the guard or a person stopped."""
    own = GuardBlock.objects.for_organization(request.organization)
    block = get_object_or_404(own, pk=pk)
    permitting.end_block(block, request.organization, actor=request.user)
    if block.rule == Rule.MONEY:
        told = _("Codes go again with the next hour or day (UTC), or at once if you raise the cap.")
    else:
        told = _("%(what)s is not stopped any more.") % {"what": block.shown}
    messages.success(request, told)
    return redirect("guard:guard")


@require_POST
@needs("manage")
def release(request: MemberRequest) -> HttpResponse:
    """Send what one rule holds."""
    named = request.POST.get("rule", "")
    rule = Rule(named) if named in set(Rule) else None
    count = actions.release(request.organization, rule, actor=request.user) if rule else 0
    if not count:
        messages.info(request, _("Nothing is waiting any more."))
        return redirect("guard:guard")
    told = ngettext("%(n)s message is sent now.", "%(n)s messages are sent now.", count)
    more = _("There may be more: press again.") if count == actions.MOST_RELEASED else ""
    messages.success(request, f"{told % {'n': count}} {more}".strip())
    return redirect("guard:guard")

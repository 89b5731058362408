"""Modes, thresholds, home countries and caps; what they would have done in the last 14 days."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.decorators import needs
from accounts.limits import DOWNLOADS, limited
from accounts.requests import MemberRequest
from sending.guard.replay import replay
from sending.guard.rules.names import Rule
from sending.guard.terms import read_policy
from sending.guard.words import RULES
from sending.guard_pages import actions, queries
from sending.guard_pages.forms.settings import GuardSettingsForm
from sending.models import GuardSettings


@needs("manage")
@limited(DOWNLOADS)
def settings(request: MemberRequest) -> HttpResponse:
    """Show and save the settings, or only try them against what was sent."""
    organization = request.organization
    chosen = GuardSettings.objects.for_organization(organization).first()
    form = GuardSettingsForm(
        request.POST or None,
        policy=read_policy(organization.pk),
        home=chosen.home_countries if chosen else [],
    )
    context = {"form": form, "currency": queries.currency_of(organization)}
    if request.method == "POST" and form.is_valid():
        if "try" not in request.POST:
            actions.save_settings(
                organization,
                modes=form.modes(),
                thresholds=form.thresholds(),
                home_countries=form.cleaned_data["home_countries"],
                caps=form.caps(),
                actor=request.user,
            )
            messages.success(request, _("The guard works by the new settings."))
            return redirect("guard:guard")
        found = replay(organization.pk, form.policy())
        by_rule = [(RULES[Rule(rule)].name, count) for rule, count in found.stopped_by.items()]
        context |= {"found": found, "by_rule": by_rule}
    return render(request, "sending/guard/settings.html", context)

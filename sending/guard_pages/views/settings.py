"""Modes, thresholds, home countries and caps; what they would have done in the last 14 days."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.countries import reachable_regions, sorted_names
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
    policy, regions = read_policy(organization.pk), reachable_regions()
    form = GuardSettingsForm(
        request.POST or None, policy=policy, home=chosen.home_countries if chosen else []
    )
    context = {
        "form": form,
        "currency": queries.currency_of(organization),
        "home": sorted_names(policy.home),
        "regions": regions,
        "offered": sum(len(region.countries) for region in regions),
    }
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
            messages.success(request, _("The guard now uses the new settings."))
            return redirect("guard:guard")
        found = replay(organization.pk, form.policy())
        by_rule = [(RULES[Rule(rule)].name, count) for rule, count in found.stopped_by.items()]
        context |= {"found": found, "by_rule": by_rule}
    return render(request, "sending/guard/settings.html", context)

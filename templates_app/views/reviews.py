"""What submitters do about a review: appeal a rejection, ask and answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.requests import MemberRequest
from templates_app.actions import appeal, ask_reviewer
from templates_app.forms import AppealForm, QuestionForm
from templates_app.queries import thread


def appeal_page(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
    """Take the reason of an appeal."""
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal(version=version, submitter=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Another reviewer will look at it."))
            return redirect(f"{pages}_detail", version.thing.pk)
    about = {"form": form, "version": version, "thing": version.thing, "pages": pages}
    return render(request, "templates_app/appeal.html", about)


def questions_page(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
    """Show the thread about a version, and add to it."""
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_reviewer(version=version, author=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Sent to the reviewer."))
            return redirect(f"{pages}_questions", version.pk)
    about = {"form": form, "version": version, "thing": version.thing, "pages": pages}
    return render(request, "templates_app/questions.html", {**about, "thread": thread(version)})

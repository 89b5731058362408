"""Pages of help, for everybody who is signed in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.limits import SEARCHES, limited
from accounts.requests import PersonRequest
from sending.help.queries import LONGEST_SEARCH, search
from sending.help.topics import TOPICS, topic_of
from sending.help.words import words_of


@require_GET
@limited(SEARCHES)
def index(request: PersonRequest) -> HttpResponse:
    """List all topics, or those in which some words stand."""
    looked_for = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    context = {"topics": TOPICS, "looked_for": looked_for, "found": search(looked_for)}
    return render(request, "sending/help/index.html", context)


@require_GET
def topic(request: PersonRequest, slug: str) -> HttpResponse:
    """Show one topic, and the one after it."""
    found = topic_of(slug)
    if found is None:
        raise Http404
    after = TOPICS[TOPICS.index(found) + 1 :]
    context = {"topic": found, "next": after[0] if after else None, **words_of(found)}
    return render(request, "sending/help/topic.html", context)

"""The list of tasks, with its filters."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.requests import MemberRequest, whole_number
from sending.searches import number_prefix_of, redirect_to_search, search_of
from sending.send_tasks.filters import TaskFilterForm
from sending.send_tasks.queries.progress import Progress, progress_of_many
from sending.send_tasks.queries.task_list import TaskPage, task_page

_FILTERS = ("state", "first", "last", "template", "person", "source", "application", "signature")
# Shorter ones begin too many numbers.
_FEWEST_DIGITS = 5


@needs("view")
@require_http_methods(["GET", "POST"])
@limited(SEARCHES)
def list_(request: MemberRequest) -> HttpResponse:
    """Show tasks, the newest first, each with its state and how far it is, or search them."""
    if request.method == "POST":
        return _search(request)
    form = TaskFilterForm(request.GET, organization=request.organization)
    wanted, search = form.asked(), search_of(request)
    after = whole_number(request.GET.get("after"))
    number = number_prefix_of(request)
    # Who may not see numbers finds none by them.
    nothing = bool(search.key) and not number
    page = TaskPage([]) if nothing else task_page(request.organization, wanted, number, after)
    progress = progress_of_many(request.organization, [task.pk for task in page.rows])
    filtered = bool(wanted.query or search.key)
    context = {
        "form": form,
        "rows": [(task, progress.get(task.pk, Progress())) for task in page.rows],
        "page": page,
        "search": search,
        "wanted": wanted,
        "filtered": filtered,
        "after": after,
        # Only then is the number of rows the number of tasks.
        "all_shown": not (after or page.next),
    }
    return render(request, "sending/send_tasks/list.html", context)


def _search(request: MemberRequest) -> HttpResponse:
    """Lead to the tasks by a name, or by a number, which stays out of the address."""
    text = request.POST.get("q", "")[:80].strip().replace("\0", "")
    filters = {name: request.POST.get(name, "")[:40] for name in _FILTERS}
    if _is_number(text):
        return redirect_to_search(request, text, **filters)
    query = urlencode({k: v for k, v in {**filters, "name": text}.items() if v})
    return redirect(f"{request.path}?{query}" if query else request.path)


def _is_number(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits >= _FEWEST_DIGITS and not text.strip("+0123456789 ()-./")

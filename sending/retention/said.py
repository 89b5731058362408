"""What people wrote to each other: notes on tasks, questions about reviews, appeals.

It may quote numbers and texts, and is kept as long as messages are. What was decided stays.
"""

from accounts.models import Organization
from sending.models import SendApproval, TaskEvent
from sending.retention import periods
from templates_app.models import ReviewQuestion, SignatureVersion, TextTemplateVersion
from templates_app.review import ReviewState

_PENDING = ReviewState.PENDING.value


def erase_of_task(task_id: int) -> None:
    """Erase the notes with which a task was returned."""
    SendApproval.objects.filter(task_id=task_id).exclude(note="").update(note="")
    for event in TaskEvent.objects.filter(task_id=task_id, code="returned"):
        event.params = {**event.params, "note": "…"}
        event.save(update_fields=["params"])


def erase_of_reviews(organization: Organization) -> int:
    """Delete old questions, and erase old appeals, of what nobody reviews now; return how many."""
    before = periods.messages_before(organization)
    questions = ReviewQuestion.objects.for_organization(organization).filter(at__lt=before)
    erased = 0
    for about in ("signature_version", "text_template_version"):
        over = questions.exclude(**{about: None}).exclude(**{f"{about}__state": _PENDING})
        erased += over.delete()[0]
    for model in (SignatureVersion, TextTemplateVersion):
        appealed = model.objects.for_organization(organization).filter(appealed_at__lt=before)
        erased += appealed.exclude(state=_PENDING).exclude(appeal="").update(appeal="")
    return erased

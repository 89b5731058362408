"""The tasks that were one before its first messages were sent apart."""

from sending.models.send_task import SendTask


def parts_of(task: SendTask) -> list[int]:
    """Return the ids of all parts of what was one task, this one among them, as they are now.

    The rest knows the part that was sent last, and each part the one before it.
    """
    own = SendTask.objects.for_organization(task.organization)
    ids = [task.pk]
    while before := own.filter(pk=ids[-1]).values_list("first_part_id", flat=True).first():
        ids.append(before)
    after = task.pk
    while later := own.filter(first_part_id=after).values_list("pk", flat=True).first():
        ids.append(later)
        after = later
    return ids

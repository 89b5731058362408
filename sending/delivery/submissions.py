"""What gateways have accepted so far of messages."""

from collections.abc import Collection, Sequence

from django.db.models import Count, Max, Q

from sending.models import Submission

# The command_status of an accepted submit_sm (SMPP 3.4, 5.1.3).
OK = "ESME_ROK"


def accepted_segments(message_ids: Sequence[int]) -> dict[int, int]:
    """Return how many segments of each message a gateway has accepted: they go out in order."""
    accepted = Submission.objects.filter(
        ~Q(gateway_message_id="") | Q(command_status=OK), message_id__in=message_ids
    )
    return dict(accepted.values_list("message_id").annotate(Max("segment")))


def parts_with_ids(message_ids: Collection[int]) -> dict[int, int]:
    """Return how many ids a gateway that cuts texts itself gave each message: one for each part."""
    named = Submission.objects.filter(~Q(gateway_message_id=""), message_id__in=message_ids)
    return dict(named.values_list("message_id").annotate(Count("segment", distinct=True)))

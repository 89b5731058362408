"""Who the messages of a claim come from, asked anew by each: what was withdrawn is not shown."""

from collections.abc import Mapping, Sequence

from accounts.chosen_originators import Originators, read_originators
from sending.delivery.queue import rendering
from sending.models import ApiMessage, Batch, Gateway, SendTask


class Sources:
    """The source addresses of claimed messages."""

    def __init__(
        self, gateway: Gateway, batches: Sequence[Batch], tasks: Mapping[int, SendTask]
    ) -> None:
        self._gateway = gateway
        self._tasks = tasks
        self._named = _originators_of_programs(batches)
        # Of most claims there is one application.
        self._originators: dict[int, Originators] = {}
        self._known: dict[tuple[str, str, int], rendering.SourceAddress] = {}

    def of(
        self, message_id: int, task_id: int | None, country: str, application_id: int
    ) -> rendering.SourceAddress:
        """Return who a message comes from; raise OriginatorError or OriginatorNotApproved."""
        task = self._tasks.get(task_id or 0)
        named = task.named_originator(country) if task else self._named.get(message_id, "")
        key = (named, country, application_id)
        if key not in self._known:
            self._known[key] = rendering.source_address_of(self._shown(*key))
        return self._known[key]

    def _shown(self, named: str, country: str, application_id: int) -> str:
        if application_id not in self._originators:
            self._originators |= read_originators({application_id})
        own = self._originators[application_id]
        return own.of(country, named=named, shared=self._gateway.shared_originator)


def _originators_of_programs(batches: Sequence[Batch]) -> dict[int, str]:
    """Return what programs asked to be shown as sender, by message."""
    ids = [pk for batch in batches if batch.task_id is None for pk in batch.ids]
    if not ids:
        return {}
    named = ApiMessage.objects.filter(message_id__among=ids).exclude(originator="")
    return dict(named.values_list("message_id", "originator"))

"""Who the messages of a claim come from, asked anew by each: what was withdrawn is not shown."""

from collections.abc import Mapping

from accounts.chosen_originators import Originators, read_originators
from sending.delivery.queue import rendering
from sending.delivery.queue.program_terms import NOTHING, ProgramTerms
from sending.models import Gateway, SendTask


class Sources:
    """The source addresses of claimed messages."""

    def __init__(
        self, gateway: Gateway, tasks: Mapping[int, SendTask], asked: Mapping[int, ProgramTerms]
    ) -> None:
        self._gateway = gateway
        self._tasks = tasks
        self._asked = asked
        # Of most claims there is one application.
        self._originators: dict[int, Originators] = {}
        self._known: dict[tuple[str, str, int], rendering.SourceAddress] = {}

    def of(
        self, message_id: int, task_id: int | None, country: str, application_id: int
    ) -> rendering.SourceAddress:
        """Return who a message comes from; raise OriginatorError or OriginatorNotApproved."""
        task = self._tasks.get(task_id or 0)
        asked = self._asked.get(message_id, NOTHING)
        named = task.named_originator(country) if task else asked.originator
        key = (named, country, application_id)
        if key not in self._known:
            self._known[key] = rendering.source_address_of(self._shown(*key))
        return self._known[key]

    def _shown(self, named: str, country: str, application_id: int) -> str:
        if application_id not in self._originators:
            self._originators |= read_originators({application_id})
        own = self._originators[application_id]
        return own.of(country, named=named, shared=self._gateway.shared_originator)

"""The dice of the simulator: how long things take, and which receipts go astray."""

from __future__ import annotations

import math
import random

from sending.smpp.simulator.magic import MagicOutcome
from sending.smpp.simulator.settings import SimulatorSettings

_SPREAD = 0.4


class Chance:
    """Throws the dice as the settings say; with a seed always the same way."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self._settings = settings
        # The dice of a simulation; nothing secret comes from them.
        self._dice = random.Random(settings.seed)  # noqa: S311

    def latency(self) -> float:
        """Seconds until a submit_sm is answered."""
        return self._about(self._settings.latency)

    def receipt_delays(self, outcome: MagicOutcome) -> list[float]:
        """Seconds from the answer to each receipt; none when the receipt is lost."""
        settings, copies = self._settings, outcome.receipts
        if self._happens(settings.lost_receipts):
            return []
        if self._happens(settings.repeated_receipts):
            copies += 1
        late = outcome.late or self._happens(settings.late_receipts)
        extra = settings.late_delay if late else 0.0
        return [self._about(settings.receipt_delay) + extra for _ in range(copies)]

    def _happens(self, share: float) -> bool:
        return share > 0 and self._dice.random() < share

    def _about(self, middle: float) -> float:
        # Log-normal, because networks are mostly quick and sometimes slow.
        return self._dice.lognormvariate(math.log(middle), _SPREAD) if middle > 0 else 0.0

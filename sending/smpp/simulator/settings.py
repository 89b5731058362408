"""How the simulator is told to behave."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """How the simulator behaves; times in seconds, shares from 0 to 1, ``rate`` per second."""

    system_id: str | None = None
    password: str | None = field(default=None, repr=False)
    rate: float | None = None
    latency: float = 0.0
    receipt_delay: float = 0.0
    late_delay: float = 30.0
    lost_receipts: float = 0.0
    repeated_receipts: float = 0.0
    late_receipts: float = 0.0
    magic: bool = True
    seed: int | None = None

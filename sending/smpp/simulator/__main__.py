"""The simulator's own process: ``python -m sending.smpp.simulator``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sending.smpp.simulator.accepted_log import AcceptedLog
from sending.smpp.simulator.service import SimulatorService
from sending.smpp.simulator.settings import SimulatorSettings

logger = logging.getLogger("sending.smpp.simulator")


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m sending.smpp.simulator",
        description="An SMPP 3.4 message centre that delivers to nobody.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=2775, help="port to listen on, 0 for a free one (%(default)s)")
    add("--log", type=Path, required=True, help="file to append what was accepted to")
    add("--system-id", help="the only system_id that may bind (default: any)")
    add("--password", help="the only password that may bind (default: any)")
    add("--rate", type=_positive, help="messages a second; above, ESME_RTHROTTLED")
    add("--latency-ms", type=_not_negative, default=8.0, help="to an answer (%(default)s)")
    add(
        "--receipt-delay",
        type=_not_negative,
        default=1.0,
        help="seconds to a receipt (%(default)s)",
    )
    add("--late-delay", type=_not_negative, default=30.0, help="more for a late one (%(default)s)")
    add("--lost-receipts", type=_share, default=0.0, help="share never sent, 0 to 1")
    add("--repeated-receipts", type=_share, default=0.0, help="share sent twice, 0 to 1")
    add("--late-receipts", type=_share, default=0.0, help="share sent late, 0 to 1")
    add("--outage-seconds", type=_positive, default=3.0, help="length of an outage on SIGUSR1")
    add("--no-magic", action="store_true", help="treat magic numbers like any other")
    add("--seed", type=int, help="make chance repeatable")
    return parser.parse_args(words)


def _positive(text: str) -> float:
    number = _not_negative(text)
    if number == 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def _not_negative(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def _share(text: str) -> float:
    number = _not_negative(text)
    if number > 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return number


def settings_from(options: argparse.Namespace) -> SimulatorSettings:
    """The settings that the command line asks for."""
    return SimulatorSettings(
        system_id=options.system_id,
        password=options.password,
        rate=options.rate,
        latency=options.latency_ms / 1000,
        receipt_delay=options.receipt_delay,
        late_delay=options.late_delay,
        lost_receipts=options.lost_receipts,
        repeated_receipts=options.repeated_receipts,
        late_receipts=options.late_receipts,
        magic=not options.no_magic,
        seed=options.seed,
    )


async def serve(options: argparse.Namespace, log: AcceptedLog) -> None:
    """Run until SIGTERM or SIGINT; SIGUSR1 makes an outage."""
    loop = asyncio.get_running_loop()
    service = SimulatorService(settings_from(options), log, options.host, options.port)
    await service.start()
    stop = asyncio.Event()
    outages: set[asyncio.Task[None]] = set()

    def break_down() -> None:
        if not outages:
            task = loop.create_task(service.outage(options.outage_seconds))
            outages.add(task)
            task.add_done_callback(outages.discard)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, break_down)
    sys.stdout.write(f"listening on {service.host}:{service.port}\n")
    sys.stdout.flush()
    await stop.wait()
    for task in outages:
        task.cancel()
    await service.stop()
    simulator = service.simulator
    logger.info("accepted %d, receipts %d", simulator.accepted, simulator.receipts_delivered)


def main(words: Sequence[str] | None = None) -> int:
    """Run the process; the exit code is 1 when the address cannot be had."""
    options = arguments(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        with AcceptedLog(options.log) as log:
            asyncio.run(serve(options, log))
    except OSError as error:
        sys.stderr.write(f"The simulator cannot start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Do the workers run, and beat that wakes them?"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from celery import current_app
from kombu.exceptions import OperationalError

from accounts import shared_time
from sending.models import LiveWorker, WorkerKind
from sending.operations.readiness import SILENT
from smsconsole.doctor.registry import Diagnosis, check, problem, well

WORKERS: Mapping[str, str] = {
    "send": "nothing is sent",
    "check": "no spreadsheet is read",
    "callbacks": "programs are not called back",
    "work": "no mail goes out, and nothing is swept up or erased",
}
_ANSWER_SECONDS = 1.5


@check("workers")
def workers() -> Iterator[Diagnosis]:
    """Call all workers, and look at when beat's last wake-up was obeyed."""
    try:
        answers = current_app.control.ping(timeout=_ANSWER_SECONDS) or []
    except (OSError, OperationalError) as error:
        yield problem(
            "workers",
            f"They cannot be called, since the broker does not answer ({type(error).__name__}).",
            "See REDIS_URL above.",
        )
        return
    names = [name for answer in answers for name in answer]
    yield from missing(names)
    at = LiveWorker.objects.last_seen().get(WorkerKind.WORK)
    answers_at_work = any(name.startswith("work@") for name in names)
    yield beat(at, shared_time.now(), work_answers=answers_at_work)


def missing(names: list[str]) -> Iterator[Diagnosis]:
    """Yield a finding for each kind of worker; `names` are those that answered."""
    for kind, consequence in WORKERS.items():
        count = sum(name.partition("@")[0].startswith(kind) for name in names)
        if count:
            yield well(kind, f"{count} of these workers answer.")
        else:
            yield problem(
                kind,
                f"No `{kind}` worker answers: {consequence}.",
                f"Start it: systemctl start smsconsole, or docker compose up -d {kind}.",
            )


def beat(at: datetime | None, now: datetime, *, work_answers: bool) -> Diagnosis:
    """Return whether what beat asks for every five seconds was done lately."""
    if at is not None and now - at <= SILENT:
        return well("beat", f"The last sweep was {max(0, int((now - at).total_seconds()))} s ago.")
    seconds = None if at is None else int((now - at).total_seconds())
    last = "There was no sweep yet" if seconds is None else f"The last sweep was {seconds} s ago"
    if work_answers:
        return problem(
            "beat",
            f"{last}, although `work` answers: beat does not wake it.",
            "Start beat, exactly one; or the queue is so long that the sweep waits: see `work`.",
        )
    return problem("beat", f"{last}.", "Start `work` and beat.")

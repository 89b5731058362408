"""One-time passwords that a person sends as a task: their countries, and the caps of money.

A person has uploaded or pasted the numbers and sees the cost, so no rule about strangers is asked.
What goes to customers of a group is none of the guard's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.statements import run_together
from sending.guard.counters import Key, money_addition
from sending.guard.questions import minute_of
from sending.guard.rules.names import Dimension, Rule
from sending.guard.storing import pass_a_cap
from sending.guard.terms import read_policy
from sending.lifecycle import Lane
from sending.models import RecipientSource, SendTask

COUNTRIES, MONEY = "GUARD_COUNTRIES", "GUARD_MONEY"


@dataclass(frozen=True, slots=True)
class TaskStop:
    """Why a task is not sent; `countries` are those that are not home."""

    code: str
    countries: tuple[str, ...] = ()


def take(task: SendTask, at: datetime) -> TaskStop | None:
    """Count what a task costs, and return why it may not be sent: undo everything then.

    Call it in the transaction that accepts the task, before the limits of the day are locked.
    """
    if task.lane != Lane.OTP.value or task.source == RecipientSource.GROUP:
        return None
    policy = read_policy(task.organization_id)
    costs = dict(task.countries.values_list("country", "cost_micro"))
    abroad = tuple(sorted(code for code in costs if policy.home and code not in policy.home))
    if abroad and policy.stops(Rule.COUNTRY):
        return TaskStop(COUNTRIES, abroad)
    (rows,) = run_together([money_addition(task.organization_id, _rows(costs, at))])
    if pass_a_cap(rows, policy):
        return TaskStop(MONEY)
    return None


def _rows(costs: Mapping[str, int], at: datetime) -> dict[Key, int]:
    now, total = at.timestamp(), sum(costs.values())
    rows = {
        (dimension, "", minute_of(dimension, now)): total
        for dimension in (Dimension.ORGANIZATION_HOUR, Dimension.ORGANIZATION_DAY)
    }
    for country, cost in costs.items():
        for dimension in (Dimension.COUNTRY_HOUR, Dimension.COUNTRY_DAY):
            rows[dimension, country, minute_of(dimension, now)] = cost
    return rows

"""What is expected of one URL of the console, and how tables of them say it."""

from dataclasses import dataclass, field

PUBLIC = "public"
PERSON = "person"
"""Anybody who is logged in, with an organization or without."""
OPERATE = "operate"
"""Operators only, whose pages show every organization's rows."""
VIEW, SEND, CONTENT, CUSTOMERS, MANAGE = "view", "send", "content", "customers", "manage"
APPROVE, OWN = "approve", "own"
NUMBERS = "numbers"
STOP = "stop"
"""What ends sending: possible also while the organization is suspended."""
CLOSED_BY_SUSPENSION = frozenset({SEND, CONTENT, CUSTOMERS})
READ, WRITE = frozenset({"GET"}), frozenset({"POST"})
BOTH = READ | WRITE


@dataclass(frozen=True, slots=True)
class Address:
    """What is expected of one URL.

    `needs` is PUBLIC, PERSON or a permission. `rows` says which attribute of `world.Rows` fills
    each argument. `shows` are the statuses of a GET by somebody who may, `takes` those of a POST
    of an empty form.
    """

    needs: str
    methods: frozenset[str]
    rows: dict[str, str] = field(default_factory=dict)
    shows: frozenset[int] = frozenset({200})
    takes: frozenset[int] = frozenset({200, 302})


def page(needs: str, **rows: str) -> Address:
    """Something to read: a page or a download."""
    return Address(needs, READ, rows)


def form(needs: str, **rows: str) -> Address:
    """A page with a form that posts to itself."""
    return Address(needs, BOTH, rows)


def action(needs: str, **rows: str) -> Address:
    """Something that only a button asks for."""
    return Address(needs, WRITE, rows)


def leads_on(needs: str, **rows: str) -> Address:
    """A page that, in this situation, only leads to another one."""
    return Address(needs, BOTH, rows, shows=frozenset({302}))

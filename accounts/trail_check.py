"""Proves the audit trail from its seals, in constant memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import CONSOLE_CHAIN, AuditChain, AuditEntry
from accounts.sealing import NOTHING_BEFORE, is_sealed

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry as somebody else remembers it: a place in a chain and the seal there."""

    chain: int
    position: int
    seal: str


class Broken(Exception):
    """The trail is not what was recorded; the text says where."""


def verify(anchors: Iterable[Anchor] = ()) -> list[Anchor]:
    """Return the end of each chain; raise Broken at the first entry that does not fit.

    Entries cut off the end of a chain together with its row of AuditChain are missed only with
    an anchor behind the cut.
    """
    wanted = {(each.chain, each.position): each.seal for each in anchors}
    ends = [_verify_chain(pk, wanted) for pk in _chains()]
    if wanted:
        chain, position = min(wanted)
        raise Broken(f"Entry {position} of {_named(chain)} is missing.")
    return ends


def _chains() -> list[int]:
    """Return the chains that have entries, or should have."""
    # Any organization: the whole trail is proved.
    used = AuditEntry.objects.order_by("organization_id").values_list("organization_id", flat=True)
    known = AuditChain.objects.values_list("pk", flat=True)
    return sorted({pk or CONSOLE_CHAIN for pk in used.distinct()} | set(known))


def _verify_chain(pk: int, wanted: dict[tuple[int, int], str]) -> Anchor:
    # Read first: acts go on meanwhile, and may add entries but take none away.
    end = AuditChain.objects.filter(pk=pk).first()
    position, before = 0, NOTHING_BEFORE
    for entry in _entries(pk):
        position += 1
        if entry.position != position:
            raise Broken(f"Entry {position} of {_named(pk)} is missing.")
        if not is_sealed(entry.sealed_facts(), before, entry.seal):
            raise Broken(
                f"Entry {position} of {_named(pk)} (id {entry.pk}) is not what was recorded. Or it "
                "was sealed with a SECRET_KEY that SECRET_KEY_FALLBACKS does not name."
            )
        before = entry.seal
        if wanted.pop((pk, position), before) != before:
            raise Broken(f"Entry {position} of {_named(pk)} (id {entry.pk}) is not the anchor's.")
        if end and position == end.length and before != end.seal:
            raise Broken(f"The end of {_named(pk)} is not what was recorded.")
    if end is None or position < end.length:
        raise Broken(f"The end of {_named(pk)} is missing, after entry {position}.")
    return Anchor(pk, position, before)


def _entries(pk: int) -> Iterator[AuditEntry]:
    """Yield a chain in its order, piece by piece: no transaction stays open."""
    chains = AuditEntry.objects
    own = (
        chains.filter(organization=None)
        if pk == CONSOLE_CHAIN
        else chains.filter(organization_id=pk)
    )
    last = 0
    while chunk := list(own.filter(position__gt=last).order_by("position")[:CHUNK]):
        yield from chunk
        last = chunk[-1].position


def _named(chain: int) -> str:
    return "the console's chain" if chain == CONSOLE_CHAIN else f"the chain of organization {chain}"

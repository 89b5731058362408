"""What people change about themselves; address, password and second step are allauth's."""

from django.db import transaction

from accounts.account_events import record_account_event
from accounts.models import User


@transaction.atomic
def change_name(*, person: User, name: str) -> None:
    """Give a person another name, by which everything they did is shown from now on."""
    before = person.name
    if before == name:
        return
    person.name = name
    person.save(update_fields=["name"])
    record_account_event("name_changed", person, person, before=before, after=name)

"""What people have entered stays in no session once its number is erased."""

import pytest
from django.contrib.sessions.backends.db import SessionStore

from accounts.retention import ENTERED
from sending import searches
from sending.send_tasks.views import try_row
from sending.tests.retention.numbers import NUMBER, OTHER, erase
from smsconsole import kept_forms

pytestmark = pytest.mark.django_db(transaction=True)


def test_sessions_forget_what_was_entered_and_nothing_else(member):
    assert set(ENTERED) == {searches.SESSION_KEY, try_row.SESSION_KEY, kept_forms.SESSION_KEY}
    entered = {
        "searches": {"a": NUMBER[1:6] + " " + NUMBER[6:]},
        "test_number": NUMBER,
        "kept_form": {"fields": [["numbers", f"{OTHER}\n{NUMBER}"]]},
    }
    stores = []
    for text in (entered, {"searches": {"a": OTHER}}):
        store = SessionStore()
        store.update({"seen_at": int(NUMBER[1:]), **text})
        store.save()
        stores.append(store.session_key)
    assert erase(member.organization).counts["sessions"] == 1
    left = [set(SessionStore(key).load()) for key in stores]
    assert left == [{"seen_at"}, {"seen_at", "searches"}]

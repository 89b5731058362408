"""Values in which letters are written in parts (NFD), and what joining them saves."""

import json
import unicodedata

from sending.intake.task_check import check_task
from sending.models import Message


def test_letters_in_parts_are_counted_and_joined_when_people_ask(waiting):
    body, name = "안녕하세요 {1}", "한글"
    content = f"mobile,1\n85261234567,{unicodedata.normalize('NFD', name * 15)}\n".encode()
    first = waiting(content, body=body)
    check_task(first.pk)
    first.refresh_from_db()
    # 6 and 90 units need two segments; 6 and 30 are one.
    assert first.facts["in_parts"] == [1, 1]
    assert first.facts["costly"] == {}
    again = waiting(content, body=body, replace=True)
    check_task(again.pk)
    again.refresh_from_db()
    assert again.facts["in_parts"] == [0, 0]
    stored = Message.objects.get(task_id=again.pk)
    assert (json.loads(stored.variables), stored.segments) == ([name * 15], 1)

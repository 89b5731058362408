"""The table of all actions, and those of the original that are not here."""

from collections.abc import Mapping

from sending.dialects.tencent.content_actions import CONTENT_ACTIONS
from sending.dialects.tencent.declaring import VERSION, Action
from sending.dialects.tencent.report_actions import REPORT_ACTIONS
from sending.dialects.tencent.send_actions import SEND_ACTIONS

__all__ = ["ACTIONS", "ELSEWHERE", "VERSION", "Action"]

ACTIONS: Mapping[str, Action] = {
    action.name: action for action in (*SEND_ACTIONS, *CONTENT_ACTIONS, *REPORT_ACTIONS)
}
# They exist in the original, for packages that are bought there.
ELSEWHERE = frozenset({"SmsPackagesStatistics"})
